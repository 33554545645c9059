//! What is typed, as an expression of FTS5. Nothing that can be typed is wrong.

use super::terms::{has_term, indexed, is_unspaced, terms};

/// Words or phrases that one search looks for at most: the rest is passed over.
const MOST: usize = 32;

/// Letters that a word begun has at least: what begins with fewer stands nearly everywhere.
const BEGUN: usize = 3;

/// One or several words that stand side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Its words, folded.
    pub words: Vec<String>,
    /// Whether the last one may go on.
    pub begun: bool,
}

impl Phrase {
    fn new(text: &str, begun: bool) -> Option<Self> {
        if !has_term(text) {
            return None;
        }
        let spaced = indexed(text);
        let words: Vec<String> = terms(&spaced)
            .map(|term| term.text.to_ascii_lowercase())
            .collect();
        let last = words.last()?;
        let begun = begun && last.chars().count() >= BEGUN && !last.contains(is_unspaced);
        Some(Phrase { words, begun })
    }

    fn write(&self, sql: &mut String) {
        // Words hold letters and digits only, so no quotation mark.
        sql.push('"');
        sql.push_str(&self.words.join(" "));
        sql.push_str(if self.begun { "\" * " } else { "\" " });
    }
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Query {
    /// What must stand in a story.
    pub all: Vec<Phrase>,
    /// What must not.
    pub none: Vec<Phrase>,
}

impl Query {
    /// Reads what was typed: words, of which the last may go on unless a space follows, and others
    /// where a star does (`harb*`); `"phrases"`; and `-word` or `-"phrase"` for what must not be there.
    pub(super) fn new(typed: &str) -> Self {
        let mut query = Query::default();
        let mut rest = typed.trim_start();
        while !rest.is_empty() && query.all.len() + query.none.len() < MOST {
            let not = rest.len() > 1 && rest.starts_with('-');
            rest = &rest[usize::from(not)..];
            let (piece, begun, after) = match rest.strip_prefix('"') {
                // A phrase that was not closed is still being typed.
                Some(quoted) => match quoted.split_once('"') {
                    Some((phrase, after)) => (phrase, false, after),
                    None => (quoted, true, ""),
                },
                None => {
                    let end = rest
                        .find(|c: char| c.is_whitespace() || c == '"')
                        .unwrap_or(rest.len());
                    let piece = &rest[..end];
                    let begun = end == rest.len() || piece.ends_with('*');
                    (piece, begun, &rest[end..])
                }
            };
            let to = if not { &mut query.none } else { &mut query.all };
            // What must not be there is meant as it is: half a word would take too much away.
            to.extend(Phrase::new(piece, begun && !not));
            rest = after.trim_start();
        }
        query
    }

    /// The expression; none where nothing is looked for.
    pub(super) fn expression(&self) -> Option<String> {
        if self.all.is_empty() {
            return None;
        }
        let mut sql = String::new();
        for phrase in &self.all {
            phrase.write(&mut sql);
        }
        if let [first, rest @ ..] = &self.none[..] {
            sql.push_str("NOT (");
            first.write(&mut sql);
            for phrase in rest {
                sql.push_str("OR ");
                phrase.write(&mut sql);
            }
            sql.push(')');
        }
        Some(sql)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rusqlite::Connection;

    fn expression(typed: &str) -> String {
        Query::new(typed).expression().unwrap_or_default()
    }

    #[test]
    fn what_is_typed_becomes_an_expression() {
        for (typed, want) in [
            ("", ""),
            (" \t", ""),
            ("sea", r#""sea" * "#),
            ("sea ", r#""sea" "#),
            ("se", r#""se" "#),
            ("Sea of", r#""sea" "of" "#),
            (r#""the sea" salt"#, r#""the sea" "salt" * "#),
            (r#""the sea"#, r#""the sea" * "#),
            ("salt -sea", r#""salt" NOT ("sea" )"#),
            (
                r#"salt -sea -"the wind" x"#,
                r#""salt" "x" NOT ("sea" OR "the wind" )"#,
            ),
            ("-sea", ""),
            ("- sea", r#""sea" * "#),
            ("été", r#""ete" * "#),
            ("harb* sea ", r#""harb" * "sea" "#),
            ("東京", r#""東 京" "#),
            ("東京tower", r#""東 京 tower" * "#),
            ("NEAR(a b) OR title:x*", r#""near a" "b" "or" "title x" "#),
            (r#"a"b"c"#, r#""a" "b" "c" "#),
            ("— ! *", ""),
        ] {
            assert_eq!(expression(typed), want, "{typed}");
        }
    }

    /// An index with nothing in it.
    fn empty() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(include_str!("../schema/0002.sql"))
            .unwrap();
        connection
    }

    fn hits(connection: &Connection, typed: &str) -> rusqlite::Result<usize> {
        let Some(expression) = Query::new(typed).expression() else {
            return Ok(0);
        };
        connection
            .prepare("SELECT rowid, rank FROM story_text WHERE story_text MATCH ?1")?
            .query_map([expression], |row| row.get::<_, i64>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()
            .map(|hits| hits.len())
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_is_wrong(typed in "(?s).{0,60}") {
            hits(&empty(), &typed).unwrap();
        }

        #[test]
        fn no_sign_is_wrong(typed in r#"[a-c"'*+:^(){} \-一\x00]{0,40}"#) {
            hits(&empty(), &typed).unwrap();
        }

        #[test]
        fn a_text_is_found_by_its_words(
            text in "[a-zA-Z0-9 ,.'“–À-ɏΑ-ωА-яא-תء-ي一-龥가-힣ก-ฮअ-ह\u{301}]{1,30}"
        ) {
            let connection = empty();
            connection
                .execute(
                    "INSERT INTO story_text (rowid, title, byline, body) VALUES (1, '', '', ?1)",
                    [indexed(&text)],
                )
                .unwrap();
            let typed: Vec<String> = terms(&text).map(|term| term.text.to_owned()).collect();
            prop_assume!(!typed.is_empty());
            for word in &typed {
                prop_assert_eq!(hits(&connection, &format!("{word} ")).unwrap(), 1, "{}", word);
            }
        }
    }

    #[test]
    fn more_than_can_be_looked_for_is_passed_over() {
        let typed = "word -not ".repeat(400);
        assert_eq!(hits(&empty(), &typed).unwrap(), 0);
    }
}
