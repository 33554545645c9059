//! Tables of a settings file, whose every value knows where it stands.

use std::{cell::RefCell, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{ConfigError, Origin};
use crate::story::{clean, nearest};

/// Errors that are told: who named another file by mistake has read enough.
const MOST: usize = 100;

/// A value and where it stands.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// The text of a file, with what was found wrong in it.
pub(super) struct Source<'a> {
    pub text: &'a str,
    pub origin: &'a Origin<'a>,
    errors: RefCell<Vec<ConfigError>>,
    /// Where its lines end.
    ends: Vec<usize>,
    /// The lines that are no TOML: nothing else is said of them.
    broken: RefCell<Vec<usize>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str, origin: &'a Origin<'a>) -> Self {
        Source {
            text,
            origin,
            ends: text.match_indices('\n').map(|(at, _)| at).collect(),
            errors: RefCell::default(),
            broken: RefCell::default(),
        }
    }

    pub(super) fn line(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end < at) + 1
    }

    /// Remembers what is wrong with what begins at `at`.
    pub(super) fn wrong(&self, at: usize, problem: impl AsRef<str>) {
        let position = (self.line(at), column(self.text, at));
        self.remember(position, problem.as_ref());
    }

    /// Remembers what is no TOML at a byte of `text`, the file as it was or is.
    pub(super) fn no_toml(&self, text: &str, at: usize, problem: &str) {
        let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
        let line = before.iter().filter(|it| **it == b'\n').count() + 1;
        self.remember((line, column(text, at)), problem);
        self.broken.borrow_mut().push(line);
    }

    fn remember(&self, (line, column): (usize, usize), problem: &str) {
        let enough = self.errors.borrow().len() >= MOST;
        if !enough && !self.broken.borrow().contains(&line) {
            self.errors.borrow_mut().push(ConfigError {
                file: self.origin.file.to_owned(),
                line,
                column,
                problem: clean::line(problem),
            });
        }
    }

    /// All that was found wrong, in the order of the file.
    pub(super) fn into_errors(self) -> Vec<ConfigError> {
        let mut errors = self.errors.into_inner();
        errors.sort_by_key(|it| (it.line, it.column));
        errors
    }
}

/// The column of a byte, in characters.
fn column(text: &str, at: usize) -> usize {
    let before = text.get(..text.floor_char_boundary(at)).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    before.get(line..).unwrap_or_default().chars().count() + 1
}

/// A table whose keys are known.
pub(super) struct Table<'s, 't> {
    source: &'s Source<'s>,
    table: &'t DeTable<'t>,
    /// Where it begins.
    pub at: usize,
}

impl<'s, 't> Table<'s, 't> {
    /// A table in which these keys may stand. All others are complained of.
    pub(super) fn new(
        source: &'s Source<'s>,
        table: &'t DeTable<'t>,
        span: Range<usize>,
        known: &[&str],
    ) -> Self {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                source.wrong(key.span().start, unknown(name, known));
            }
        }
        Table {
            source,
            table,
            at: span.start,
        }
    }

    /// The value of a key, read by `as_what`; none where it is not there or wrong.
    pub(super) fn get<T>(
        &self,
        key: &str,
        as_what: impl FnOnce(&'t Value<'t>) -> Result<T, String>,
    ) -> Option<T> {
        self.try_get(key, as_what).and_then(Result::ok)
    }

    /// The same, what is there and wrong told apart from what is not there.
    pub(super) fn try_get<T>(
        &self,
        key: &str,
        as_what: impl FnOnce(&'t Value<'t>) -> Result<T, String>,
    ) -> Option<Result<T, ()>> {
        let value = self.table.get(key)?;
        let read = as_what(value).map_err(|problem| {
            self.source
                .wrong(value.span().start, format!("{key}: {problem}"));
        });
        Some(read)
    }

    /// The value of a key that must be there.
    pub(super) fn must<T>(
        &self,
        key: &str,
        example: &str,
        as_what: impl FnOnce(&'t Value<'t>) -> Result<T, String>,
    ) -> Option<T> {
        if !self.has(key) {
            self.wrong(format!("{key} is missing here; write {example}"));
        }
        self.get(key, as_what)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether a key is there that is none, and was rather meant as this one.
    pub(super) fn is_missed(&self, key: &str) -> bool {
        let mut keys = self.table.keys();
        keys.any(|it| it.get_ref() != key && nearest(it.get_ref(), [key]).is_some())
    }

    /// The value of a key as it stands.
    pub(super) fn value(&self, key: &str) -> Option<&'t Value<'t>> {
        self.table.get(key)
    }

    /// Remembers what is wrong with the whole table.
    pub(super) fn wrong(&self, problem: impl AsRef<str>) {
        self.source.wrong(self.at, problem);
    }

    /// Remembers what is wrong with the key of this name.
    pub(super) fn wrong_at(&self, key: &str, problem: impl AsRef<str>) {
        let at = self.table.get(key).map_or(self.at, |it| it.span().start);
        self.source.wrong(at, problem);
    }
}

fn unknown(name: &str, known: &[&str]) -> String {
    if name == "password" && known.contains(&"password_command") {
        return "no password stands in the settings; write password_command = [\"pass\", \"show\", \"feed\"] \
                or password_env = \"NAME\""
            .to_owned();
    }
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("there is no setting “{name}”; did you mean “{near}”?"),
        None => format!(
            "there is no setting “{name}” here; those that may stand here are {}",
            known.join(", ")
        ),
    }
}
