//! Queries as SQL: the same stories as [`Query::matches`] takes, found by the database's indexes.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, RefUnwindSafe},
    sync::Arc,
};

use jiff::{Timestamp, ZonedDateTime, civil::Date, tz::TimeZone};
use rusqlite::{Connection, functions::FunctionFlags, types::Value};

use super::facets::FacetKind;
use crate::story::{
    fold::Folding,
    query::{Dates, Expr, Flag, NumberField, Numbers, Part, TextField},
};

/// The function in SQL that asks one of the tests of a query of a text.
const TEST: &str = "recto_test";

/// Something that is asked of a text.
type Test = Box<dyn Fn(&str) -> bool + Send + RefUnwindSafe>;

/// A condition in SQL, over the table `story`.
pub(super) struct Conditions<'a> {
    connection: &'a Connection,
    collection: i64,
    now: &'a ZonedDateTime,
    tests: Vec<Test>,
    /// Facets that were looked through, by kind: their ids and folded names.
    names: HashMap<i64, Arc<[(i64, String)]>>,
    /// Values of the `?` in the text.
    pub values: Vec<Value>,
}

impl<'a> Conditions<'a> {
    pub(super) fn new(connection: &'a Connection, collection: i64, now: &'a ZonedDateTime) -> Self {
        Conditions {
            connection,
            collection,
            now,
            tests: Vec::new(),
            names: HashMap::new(),
            values: Vec::new(),
        }
    }

    /// The condition for `expr`. Its values are added to `values`; [`Conditions::arm`] must be called
    /// before it is asked.
    pub(super) fn sql(&mut self, expr: &Expr) -> rusqlite::Result<String> {
        Ok(match expr {
            Expr::All => "1".to_owned(),
            Expr::And(exprs) => self.joined(exprs, " AND ")?,
            Expr::Or(exprs) => self.joined(exprs, " OR ")?,
            Expr::Not(expr) => format!("NOT {}", self.sql(expr)?),
            Expr::Word(words) | Expr::Phrase(words) => {
                let folding = Folding::as_typed(words);
                let words = folding.apply(words);
                self.test("title", Box::new(move |title| folding.apply(title).contains(&words)))
            }
            Expr::Regex(pattern) => {
                let regex = AssertUnwindSafe(pattern.regex().clone());
                self.test("title", Box::new(move |title| regex.is_match(title)))
            }
            Expr::Text {
                field,
                value,
                whole,
            } => self.text(*field, value, *whole)?,
            Expr::Is(flag) => flag_sql(*flag).to_owned(),
            Expr::Has(part) => self.has(*part),
            Expr::Date(dates) => self.date(*dates),
            Expr::Number(field, numbers) => self.number(*field, *numbers),
        })
    }

    /// Makes the tests of the conditions known to the connection.
    pub(super) fn arm(&mut self) -> rusqlite::Result<()> {
        let tests = std::mem::take(&mut self.tests);
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        self.connection
            .create_scalar_function(TEST, 2, flags, move |context| {
                let number: usize = context.get(0)?;
                let text = context.get_raw(1).as_str_or_null()?.unwrap_or_default();
                Ok(tests.get(number).is_some_and(|test| test(text)))
            })
    }

    fn joined(&mut self, exprs: &[Expr], sign: &str) -> rusqlite::Result<String> {
        let parts: rusqlite::Result<Vec<String>> = exprs.iter().map(|it| self.sql(it)).collect();
        Ok(format!("({})", parts?.join(sign)))
    }

    fn test(&mut self, column: &str, test: Test) -> String {
        self.tests.push(test);
        format!("{TEST}({}, story.{column})", self.tests.len() - 1)
    }

    fn text(&mut self, field: TextField, value: &str, whole: bool) -> rusqlite::Result<String> {
        let value = Folding::ALL.apply(value);
        let holds = move |text: &str| {
            let text = Folding::ALL.apply(text);
            if whole { text == value } else { text.contains(&value) }
        };
        Ok(match field {
            TextField::Title => self.test("title", Box::new(holds)),
            TextField::Url => self.test("url", Box::new(holds)),
            TextField::Language => {
                let expr = Expr::Text {
                    field,
                    value: holds_value(&holds),
                    whole,
                };
                let _ = expr;
                self.test("language", Box::new(holds))
            }
            TextField::Author => self.filed(FacetKind::Author, &holds)?,
            TextField::Category => self.filed(FacetKind::Category, &holds)?,
            TextField::Tag => self.filed(FacetKind::Tag, &holds)?,
            TextField::Folder | TextField::Source => self.filed(FacetKind::Folder, &holds)?,
        })
    }
}
