//! The words of a query, as an expression of FTS5.

use super::terms::{has_term, indexed, is_unspaced, terms};
use crate::story::query::{Expr, Query};

/// Words or phrases that one search looks for at most: the rest is passed over.
const MOST: usize = 32;

/// How deep alternatives may stand in each other: FTS5's own parser has its limits.
const DEEPEST: usize = 16;

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
}

/// What is to stand in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Phrase(Phrase),
    All(Vec<Wanted>),
    Any(Vec<Wanted>),
}

/// The words of a query: those that must stand in a story, and those that must not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::library) struct Wording {
    all: Vec<Wanted>,
    none: Vec<Wanted>,
}

/// Reads conditions of a query that was typed like this.
struct Reader<'a> {
    typed: &'a str,
    phrases: usize,
}

impl Wording {
    /// Takes a query apart: its words, and the conditions that are none. The last word of what was
    /// `typed` may go on, unless a space follows; others may where a star follows (`harb*`).
    pub(in crate::library) fn of(expr: &Expr, typed: &str) -> (Self, Expr) {
        let mut reader = Reader { typed, phrases: 0 };
        let mut wording = Wording::default();
        let mut rest = Vec::new();
        let members = match expr {
            Expr::And(members) => members,
            one => std::slice::from_ref(one),
        };
        for member in members {
            let read = match member {
                Expr::Not(inner) => (reader.read(inner, false, 0), &mut wording.none),
                other => (reader.read(other, true, 0), &mut wording.all),
            };
            match read {
                (Some(wanted), to) => to.extend(wanted),
                (None, _) => rest.push(member.clone()),
            }
        }
        (wording, Expr::and(rest))
    }

    /// Whether no word is looked for, and none must be missing.
    pub(in crate::library) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.none.is_empty()
    }

    /// The same with words as they are typed, where one of them may go on; else none.
    pub(super) fn as_typed(&self) -> Option<Self> {
        let mut typed = self.clone();
        let mut ended = false;
        typed.all.iter_mut().for_each(|it| ended |= it.end());
        ended.then_some(typed)
    }

    /// The expression of what must be there; none where nothing must.
    pub(super) fn expression(&self) -> Option<String> {
        Some(self.without(joined(&self.all, " AND ")?))
    }

    /// The same, but all must stand in the title.
    pub(super) fn titles(&self) -> Option<String> {
        let wanted = joined(&self.all, " AND ")?;
        Some(self.without(format!("({{title}} : {wanted})")))
    }

    fn without(&self, mut sql: String) -> String {
        if let Some(none) = self.exclusion() {
            sql.push_str(" NOT ");
            sql.push_str(&none);
        }
        sql
    }

    /// The expression of what must not be there.
    pub(super) fn exclusion(&self) -> Option<String> {
        joined(&self.none, " OR ")
    }

    /// The phrases that a passage shows.
    pub(super) fn phrases(&self) -> Vec<&Phrase> {
        let mut phrases = Vec::new();
        for wanted in &self.all {
            wanted.gather(&mut phrases);
        }
        phrases
    }
}

impl Reader<'_> {
    /// What a condition looks for in a text, which may be nothing; none if it asks something else.
    fn read(&mut self, expr: &Expr, may_go_on: bool, depth: usize) -> Option<Option<Wanted>> {
        match expr {
            Expr::Word(text) | Expr::Phrase(text) => {
                let (text, star) = match text.strip_suffix('*') {
                    Some(text) => (text, true),
                    None => (text.as_str(), false),
                };
                self.phrases += 1;
                if self.phrases > MOST {
                    return Some(None);
                }
                let begun = star || may_go_on && self.ends_with(text);
                Some(Phrase::new(text, begun).map(Wanted::Phrase))
            }
            Expr::And(members) | Expr::Or(members) if depth < DEEPEST => {
                let read: Option<Vec<_>> = members
                    .iter()
                    .map(|it| self.read(it, may_go_on, depth + 1))
                    .collect();
                let wanted: Vec<Wanted> = read?.into_iter().flatten().collect();
                Some((!wanted.is_empty()).then_some(match expr {
                    Expr::And(_) => Wanted::All(wanted),
                    _ => Wanted::Any(wanted),
                }))
            }
            _ => None,
        }
    }

    /// Whether this is what was typed last, and nothing behind it.
    fn ends_with(&self, text: &str) -> bool {
        let before = self.typed.strip_suffix(text);
        before.is_some_and(|it| !it.ends_with(char::is_alphanumeric))
    }
}

impl Wanted {
    fn sql(&self) -> Option<String> {
        match self {
            // Words hold letters and digits only, so no quotation mark.
            Wanted::Phrase(phrase) => {
                let star = if phrase.begun { " *" } else { "" };
                Some(format!("\"{}\"{star}", phrase.words.join(" ")))
            }
            Wanted::All(members) => joined(members, " AND "),
            Wanted::Any(members) => joined(members, " OR "),
        }
    }

    /// Has no word go on; says whether one might have.
    fn end(&mut self) -> bool {
        match self {
            Wanted::Phrase(phrase) => std::mem::take(&mut phrase.begun),
            Wanted::All(members) | Wanted::Any(members) => {
                let mut ended = false;
                members.iter_mut().for_each(|it| ended |= it.end());
                ended
            }
        }
    }

    fn gather<'a>(&'a self, phrases: &mut Vec<&'a Phrase>) {
        match self {
            Wanted::Phrase(phrase) => phrases.push(phrase),
            Wanted::All(members) | Wanted::Any(members) => {
                for member in members {
                    member.gather(phrases);
                }
            }
        }
    }
}

/// Whether a query names something to be looked for in whole texts, but no word: signs alone are not
/// in the index.
pub fn seeks_nothing(query: &Query) -> bool {
    let (wording, rest) = Wording::of(&query.expr, "");
    wording.is_empty() && rest == Expr::All && query.expr != Expr::All
}

/// In parentheses, so that no sign around them matters.
fn joined(members: &[Wanted], sign: &str) -> Option<String> {
    let members: Vec<String> = members.iter().filter_map(Wanted::sql).collect();
    (!members.is_empty()).then(|| format!("({})", members.join(sign)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rusqlite::Connection;

    fn wording(typed: &str) -> (Wording, Expr) {
        let query = Query::parse_typed(typed, &|_| None);
        let expr = query.map(|it| it.query.expr).unwrap_or_default();
        Wording::of(&expr, typed)
    }

    #[test]
    fn what_is_typed_becomes_an_expression() {
        for (typed, want) in [
            ("", ""),
            (" \t", ""),
            ("sea", r#"("sea" *)"#),
            ("sea ", r#"("sea")"#),
            ("se", r#"("se")"#),
            ("sea chelsea", r#"("sea" AND "chelsea" *)"#),
            ("Sea of", r#"("sea" AND "of")"#),
            (r#""the sea" salt"#, r#"("the sea" AND "salt" *)"#),
            (r#""the sea"#, r#"("the sea" *)"#),
            ("salt -sea", r#"("salt") NOT ("sea")"#),
            (
                r#"salt -sea -"the wind" x"#,
                r#"("salt" AND "x") NOT ("sea" OR "the wind")"#,
            ),
            ("a or b c ", r#"(("a" OR ("b" AND "c")))"#),
            ("(a or b) -(c d)", r#"(("a" OR "b")) NOT (("c" AND "d"))"#),
            ("-sea", ""),
            ("été", r#"("ete" *)"#),
            ("harb* sea ", r#"("harb" * AND "sea")"#),
            ("東京", r#"("東 京")"#),
            ("東京tower", r#"("東 京 tower" *)"#),
            ("isn't ", r#"("isn t")"#),
            ("— ! ", ""),
        ] {
            let (wording, rest) = wording(typed);
            assert_eq!(wording.expression().unwrap_or_default(), want, "{typed}");
            assert_eq!(rest, Expr::All, "{typed}");
        }
    }

    #[test]
    fn what_is_no_word_is_asked_elsewhere() {
        let (words, rest) = wording("is:unread sea /x/ -author:liang (wind or minutes:<3) ");
        assert_eq!(words.expression().as_deref(), Some(r#"("sea")"#));
        assert!(matches!(rest, Expr::And(members) if members.len() == 4));
        assert!(wording("is:unread").0.is_empty());
        assert_eq!(wording("-sea").0.exclusion().as_deref(), Some(r#"("sea")"#));
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
        let (wording, _) = wording(typed);
        let mut count = 0;
        let expressions = [wording.exclusion(), wording.titles(), wording.expression()];
        for expression in expressions.into_iter().flatten() {
            count = connection
                .prepare("SELECT rowid, rank FROM story_text WHERE story_text MATCH ?1")?
                .query_map([expression], |row| row.get::<_, i64>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()?
                .len();
        }
        Ok(count)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_that_is_typed_is_wrong(typed in "(?s).{0,60}") {
            hits(&empty(), &typed).unwrap();
        }

        #[test]
        fn no_sign_is_wrong(typed in r#"([a-c"'*+:^(){} \-一\x00]|or |-|NOT |AND ){0,40}"#) {
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
            for word in terms(&text) {
                let typed = format!("\"{}\" ", word.text);
                prop_assert_eq!(hits(&connection, &typed).unwrap(), 1, "{}", word.text);
            }
        }
    }

    #[test]
    fn more_than_can_be_looked_for_is_passed_over() {
        for typed in [
            "word -not ".repeat(400),
            "(a or (b ".repeat(200),
            "a or ".repeat(300),
        ] {
            assert_eq!(hits(&empty(), &typed).unwrap(), 0);
        }
    }
}
