//! What may be typed next in a query.

use std::ops::Range;

use super::{
    Flag, Part, Sort, TextField, dates,
    display::value_text,
    fields::{Field, Named},
    lexer::{self, Kind},
};
use crate::story::fold::fold;

/// Texts that are offered at most.
const MOST: usize = 100;

/// What may stand where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// The bytes of the text that are replaced: from the beginning of the field's name or value up to
    /// the cursor.
    pub range: Range<usize>,
    /// What may stand there instead, as it is to be written; the likeliest first.
    pub options: Vec<String>,
}

/// Values that only the library knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Values {
    /// Those of a text field: the authors that there are.
    Of(TextField),
    /// The names of saved queries.
    Saved,
}

/// What `Tab` offers in the query `text` with the cursor before its byte `cursor`: fields by their
/// names, then their values, and saved queries behind `@`. `values` gives the values that the library
/// knows, in the order in which they are offered; those that begin with what is typed come first.
pub fn complete(text: &str, cursor: usize, values: &dyn Fn(Values) -> Vec<String>) -> Completion {
    let cursor = text.floor_char_boundary(cursor.min(text.len()));
    let nothing = Completion {
        range: cursor..cursor,
        options: Vec::new(),
    };
    let Some(text) = text
        .get(..cursor)
        .filter(|it| it.len() <= super::parser::LONGEST)
    else {
        return nothing;
    };
    let last = lexer::tokens(text, false).pop();
    let Some(token) = last.filter(|token| token.span.end == cursor) else {
        return names(cursor..cursor, "");
    };
    let start = token.span.start;
    match token.kind {
        Kind::Word(word) => names(start..cursor, word),
        Kind::Or(_) | Kind::And | Kind::Not => {
            let word = text.get(token.span).unwrap_or_default();
            names(start..cursor, word)
        }
        Kind::Open | Kind::Minus => names(cursor..cursor, ""),
        Kind::Saved(name) => {
            let known = values(Values::Saved).into_iter();
            Completion {
                range: start + 1..cursor,
                options: choose(known, &name.text),
            }
        }
        Kind::Field { name, value } => {
            let Some(field) = Field::find(name) else {
                return nothing;
            };
            let equals = usize::from(value.whole);
            Completion {
                range: start + name.len() + 1 + equals..cursor,
                options: choose(known(field, values).into_iter(), &value.text.text),
            }
        }
        Kind::Close | Kind::Phrase(_) | Kind::Regex { .. } => nothing,
    }
}

/// Names of fields that begin with `typed`; a name that is only understood where no other does.
fn names(range: Range<usize>, typed: &str) -> Completion {
    let typed = typed.to_ascii_lowercase();
    let begins = |name: &&str| name.starts_with(&typed);
    let printed = Field::printed().filter(begins);
    let mut options: Vec<String> = printed.map(|name| format!("{name}:")).collect();
    if options.is_empty() {
        let understood = Field::names().filter(begins);
        options = understood.map(|name| format!("{name}:")).collect();
    }
    Completion { range, options }
}

/// The values that a field may have.
fn known(field: Field, values: &dyn Fn(Values) -> Vec<String>) -> Vec<String> {
    fn words<T: Named>() -> Vec<String> {
        T::words().map(str::to_owned).collect()
    }
    match field {
        Field::Text(TextField::Title | TextField::Url) | Field::Number(_) | Field::Limit => {
            Vec::new()
        }
        Field::Text(field) => values(Values::Of(field)),
        Field::Is => words::<Flag>(),
        Field::Has => words::<Part>(),
        Field::Sort => words::<Sort>(),
        Field::Date(_) => dates::offers().map(str::to_owned).collect(),
    }
}

/// Those of `known` that begin with `typed`, then those that have it elsewhere, as they are written.
fn choose(known: impl Iterator<Item = String>, typed: &str) -> Vec<String> {
    let typed = fold(typed.trim());
    let mut begin = Vec::new();
    let mut within = Vec::new();
    for value in known.filter(|it| !it.trim().is_empty()) {
        match fold(&value).find(&typed) {
            Some(0) => begin.push(value),
            // To know a hundred that have it within is enough.
            Some(_) if within.len() < MOST => within.push(value),
            _ => {}
        }
        if begin.len() == MOST {
            break;
        }
    }
    let all = begin.into_iter().chain(within).take(MOST);
    all.map(|value| value_text(&value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(of: Values) -> Vec<String> {
        let names: &[&str] = match of {
            Values::Of(TextField::Author) => &["Ann Élan", "Jamison Liang", "Elan", ""],
            Values::Saved => &["evening", "long reads"],
            Values::Of(_) => &[],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// The text before what is replaced, and what it is replaced with.
    fn offered(text: &str) -> (&str, Vec<String>) {
        let completion = complete(text, text.len(), &values);
        assert_eq!(completion.range.end, text.len());
        (&text[..completion.range.start], completion.options)
    }

    #[test]
    fn names_then_values_are_offered() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("au", "", &["author:"]),
            ("x -(au", "x -(", &["author:"]),
            ("AUTH", "", &["author:"]),
            ("by", "", &["by:"]),
            ("or", "", &["order:"]),
            ("zzz", "", &[]),
            (
                "author:l",
                "author:",
                &["\"Ann Élan\"", "\"Jamison Liang\"", "Elan"],
            ),
            ("author:el", "author:", &["Elan", "\"Ann Élan\""]),
            ("by:=\"Jam", "by:=", &["\"Jamison Liang\""]),
            ("is:un", "is:", &["unread", "unreadable"]),
            (
                "sort:o",
                "sort:",
                &["oldest", "author", "source", "shortest", "longest"],
            ),
            ("after:y", "after:", &["yesterday", "year", "today", "1y"]),
            ("@", "@", &["evening", "\"long reads\""]),
            ("-@ev", "-@", &["evening"]),
            ("minutes:<", "minutes:", &[]),
            ("\"au", "\"au", &[]),
            ("auther:x", "auther:x", &[]),
        ];
        for (text, before, options) in cases {
            let (start, offered) = offered(text);
            assert_eq!(start, *before, "{text}");
            assert_eq!(offered, *options, "{text}");
        }
        assert!(offered("").1.contains(&"before:".to_owned()));
        assert!(offered("word ").1.contains(&"is:".to_owned()));
    }

    #[test]
    fn what_is_behind_the_cursor_stays() {
        let completion = complete("au é is:x", 2, &values);
        assert_eq!(completion.range, 0..2);
        assert_eq!(completion.options, ["author:"]);
        // Within a character, and behind the end.
        assert_eq!(complete("é", 1, &values).range, 0..0);
        assert_eq!(complete("au", 9, &values).range, 0..2);
    }
}
