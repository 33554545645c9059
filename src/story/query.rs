//! The language of queries: what is typed to search, kept under a name, or written in a rule.
//!
//! ```text
//! slav case                    stories whose titles have both words (a prompt takes their letters)
//! "slavery case"               these words together
//! /slav(e|ery)\b/              a regular expression in the title; \/ for a slash
//! author:/^j.*n$/              the same of a field that is text, but for url: and folder:
//! -word  -author:liang         not this (or NOT word)
//! a or b c                     a, or both b and c; (a or b) c groups them
//! author:liang  by:"jane doe"  a text field has this in it, whatever case and accents
//! author:="Jane Doe"           it is this and nothing else
//! is:unread  is:book           what was done with it, what it is
//! has:picture                  what it has
//! before:2019  after:2018-06   its date; also until:, date:2019-02, on:2019-02-28, date:2018..2019
//! after:7d  date:week          of late: 2w, 3m, 1y, today, yesterday, month, year
//! minutes:<20  words:>3000     numbers: <=, >=, 5..20, 5
//! sort:oldest  limit:20        for the whole query
//! @evening                     a query that is saved under this name
//! ```
//!
//! Words, phrases and regular expressions take capitals as they are typed (smart case). `after:` a
//! time begins with its first day and `before:` ends before it, so that each story with a date is
//! either before a time or after it.
//!
//! [`Query::parse`] is the only parser: the prompt, the command line, saved queries and rules all
//! mean the same. [`Query::matches`] says what a query means; whatever finds stories faster (an index
//! of titles, a database) must find the same.

mod complete;
mod dates;
mod display;
mod error;
mod expr;
mod fields;
mod lexer;
mod matches;
mod numbers;
mod parser;
mod pattern;
mod refiled;
#[cfg(test)]
mod tests;

pub use complete::{Completion, Values, complete};
pub use dates::{Dates, Unit, When};
pub use display::value_text;
pub use error::{Problem, QueryError};
pub use expr::Expr;
pub use fields::{Flag, NumberField, Part, Sort, TextField};
pub use matches::Subject;
pub use numbers::Numbers;
pub use pattern::Pattern;
pub use refiled::refiled;

/// Which stories are wanted, in which order and how many.
///
/// Printed, it is a text that [`Query::parse`] reads as the same query; saved queries stand in it
/// written out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// What must hold of a story.
    pub expr: Expr,
    /// Their order; the list's own if it is not given.
    pub sort: Option<Sort>,
    /// How many at most.
    pub limit: Option<usize>,
}

/// What is typed so far, read as a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The query, without what is not finished.
    pub query: Query,
    /// What is missing at the end, or wrong with the last word, as long as it is the last. Nothing to
    /// trouble a reader with before the words are sent off.
    pub unfinished: Option<QueryError>,
}

impl Query {
    /// Reads a query. `saved` gives the text of a query that is kept under a name.
    ///
    /// # Errors
    ///
    /// What is wrong, where, and what to do.
    pub fn parse(text: &str, saved: &dyn Fn(&str) -> Option<String>) -> Result<Query, QueryError> {
        parser::parse(text, saved)
    }

    /// Reads a query that is being typed: the last word may be unfinished (`author:`, `"abc`,
    /// `minutes:<`), parentheses may be open, the other side of an `or` may be missing. Every
    /// beginning of a query that [`Query::parse`] reads is read.
    ///
    /// # Errors
    ///
    /// What is wrong before the last word.
    pub fn parse_typed(
        text: &str,
        saved: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Typed, QueryError> {
        parser::parse_typed(text, saved)
    }

    /// The words that every story must have in its title, in the order in which they stand. A title
    /// index may look for these, and take letters in between (fuzzy), and ask the rest of the query
    /// ([`Query::without_title_words`]) of what it finds.
    pub fn title_words(&self) -> Vec<&str> {
        let members = self.members().iter();
        members
            .filter_map(|expr| match expr {
                Expr::Word(word) => Some(word.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The same query with its words taken as they are written: a title in which other letters stand
    /// between theirs does not have them.
    #[must_use]
    pub fn as_written(self) -> Query {
        let written = |expr| match expr {
            Expr::Word(word) => Expr::Phrase(word),
            other => other,
        };
        let expr = match self.expr {
            Expr::And(exprs) => Expr::and(exprs.into_iter().map(written)),
            one => written(one),
        };
        Query { expr, ..self }
    }

    /// The conditions without the words that [`Query::title_words`] gives.
    pub fn without_title_words(&self) -> Expr {
        let others = self.members().iter();
        Expr::and(others.filter(|it| !matches!(it, Expr::Word(_))).cloned())
    }

    /// Whether it asks of a story, in whatever way, if it has this flag. A list leaves out removed
    /// stories unless its query speaks of them.
    pub fn mentions(&self, flag: Flag) -> bool {
        self.expr.any(&mut |expr| *expr == Expr::Is(flag))
    }

    /// The conditions that all must hold.
    fn members(&self) -> &[Expr] {
        match &self.expr {
            Expr::And(exprs) => exprs,
            one => std::slice::from_ref(one),
        }
    }
}
