//! What may be wrong with a query, in words that say what to do.

use std::{fmt, ops::Range};

use crate::story::clean;

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct QueryError {
    /// The bytes of the query's text that it is about; both ends lie between characters.
    pub span: Range<usize>,
    /// What it is.
    pub problem: Problem,
}

/// What may be wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The words say what the fields are.
pub enum Problem {
    /// The text is longer than any that a person writes.
    #[error("the query is too long: {limit} bytes are the most")]
    TooLong { limit: usize },
    /// Groups or negations lie in each other too deep.
    #[error("too many parentheses within each other: {limit} are the most")]
    TooDeep { limit: usize },
    /// The saved queries that it names name others, and so on, beyond all measure.
    #[error("the saved queries that this one names are too long together")]
    TooMuchSaved,
    /// More regular expressions than are worth their memory.
    #[error("too many /regular expressions/: {limit} are the most")]
    TooManyPatterns { limit: usize },
    /// A quotation mark, a parenthesis or the slash of a regular expression has no other half.
    #[error("{opened} is not closed: a {wanted} is wanted behind it")]
    NotClosed {
        opened: &'static str,
        wanted: &'static str,
    },
    /// A closing parenthesis where none is open.
    #[error("nothing is open that this ) closes; put it in \"quotes\" to search for it")]
    NothingToClose,
    /// A group, a phrase or a regular expression without content.
    #[error("{signs} has nothing in it")]
    Empty { signs: &'static str },
    /// `or` without a side.
    #[error("{word} wants something on both sides; put it in \"quotes\" to search for it")]
    OneSided { word: &'static str },
    /// `-` or `NOT` before something that cannot be negated, or before nothing.
    #[error("a condition is wanted behind {sign}, as in -word or -author:liang")]
    NothingNegated { sign: &'static str },
    /// `sort:` or `limit:` within a negation.
    #[error("{field}: holds for the whole query and cannot be negated")]
    NoCondition { field: &'static str },
    /// No field has this name.
    #[error("{}", unknown_field(name, *near))]
    UnknownField {
        name: String,
        near: Option<&'static str>,
    },
    /// A field without its value.
    #[error("{}: wants a value, as in {example}", Shown(field))]
    ValueWanted {
        field: String,
        example: &'static str,
    },
    /// A value that is none of the few that the field takes.
    #[error("{field}:{} is none of {known}", Shown(value))]
    UnknownValue {
        field: &'static str,
        value: String,
        known: String,
    },
    /// A value that is no number.
    #[error("{}: a number is wanted, as in {example}", Shown(term))]
    NumberWanted { term: String, example: &'static str },
    /// Numbers or dates from greater to smaller, or below nothing.
    #[error("{}: nothing lies in that range", Shown(term))]
    EmptyRange { term: String },
    /// A value that is no date.
    #[error(
        "{}: a date is wanted, as in {example}; also 7d, 2w, 3m, 1y, today, yesterday, week",
        Shown(term)
    )]
    DateWanted { term: String, example: &'static str },
    /// A regular expression that is none, or whose program would be too large.
    #[error("the regular expression cannot be used: {why}")]
    Pattern { why: String },
    /// Something directly behind a regular expression.
    #[error("a space is wanted behind the closing /; write \\/ for a slash within /…/")]
    BehindPattern,
    /// `@` without a name.
    #[error("@ wants the name of a saved query, as in @evening")]
    NameWanted,
    /// No query is saved under this name.
    #[error(
        "no query is kept as @{0}; recto list QUERY --save {0} keeps one",
        Shown(name)
    )]
    UnknownSaved { name: String },
    /// What is saved cannot be read.
    #[error(
        "the database is damaged, and what is kept as @{} cannot be read; start recto again: it keeps what \
         you did",
        Shown(name)
    )]
    UnreadSaved { name: String },
    /// A saved query that leads back to itself.
    #[error("@{} leads back to itself", Shown(name))]
    Circle { name: String },
    /// The text of a saved query is wrong itself.
    #[error("in @{}: {problem}", Shown(name))]
    InSaved { name: String, problem: Box<Problem> },
}

impl QueryError {
    /// Whether a saved query leads back to itself.
    pub fn is_circle(&self) -> bool {
        let mut problem = &self.problem;
        while let Problem::InSaved { problem: inner, .. } = problem {
            problem = inner;
        }
        matches!(problem, Problem::Circle { .. })
    }
}

fn unknown_field(name: &str, near: Option<&'static str>) -> String {
    let name = Shown(name);
    match near {
        Some(near) => format!(
            "no field is called {name}, but one is called {near}; put \"{name}:…\" in quotes to search for it"
        ),
        None => {
            format!("no field is called {name}; put \"{name}:…\" in quotes to search for it")
        }
    }
}

/// A piece of a query as it may be shown: on one line, without anything that moves the cursor, and
/// not at any length.
struct Shown<'a, T: AsRef<str> + ?Sized>(&'a T);

impl<T: AsRef<str> + ?Sized> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Characters that are enough to know it again.
        const LONGEST: usize = 40;
        let text = clean::line(self.0.as_ref());
        match text.char_indices().nth(LONGEST) {
            Some((at, _)) => write!(f, "{}…", text.get(..at).unwrap_or_default()),
            None => f.write_str(&text),
        }
    }
}
