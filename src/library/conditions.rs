//! Queries as SQL: the same stories as [`Query::matches`] takes, found by the database's indexes.

use std::panic::{AssertUnwindSafe, RefUnwindSafe};

use jiff::{ZonedDateTime, civil::Date, tz::TimeZone};
use rusqlite::{Connection, functions::FunctionFlags, types::Value};

use super::{
    catalogue,
    facets::{self, FacetKind},
    feeds,
    store::late,
};
use crate::story::{
    self,
    fold::Folding,
    link::shown,
    query::{Dates, Expr, Flag, NumberField, Numbers, Part, TextField},
};

/// The function in SQL that asks one of the tests of a query of a text.
const TEST: &str = "recto_test";

/// What holds of every story. Not a bare 1: where it is negated, SQLite would see that nothing can be
/// found, and refuse to use the index that a list names.
const ALWAYS: &str = "story.words >= 0";

/// Something that is asked of a text.
type Test = Box<dyn Fn(&str) -> bool + Send + RefUnwindSafe>;

/// A condition in SQL, over the table `story`.
pub(super) struct Conditions<'a> {
    connection: &'a Connection,
    collection: i64,
    now: &'a ZonedDateTime,
    tests: Vec<Test>,
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
            values: Vec::new(),
        }
    }

    /// The condition for `expr`. Its values are added to `values`; [`Conditions::arm`] must be called
    /// before it is asked.
    pub(super) fn sql(&mut self, expr: &Expr) -> rusqlite::Result<String> {
        Ok(match expr {
            Expr::All => ALWAYS.to_owned(),
            Expr::And(exprs) => self.joined(exprs, " AND ")?,
            Expr::Or(exprs) => self.joined(exprs, " OR ")?,
            Expr::Not(expr) => format!("NOT {}", self.sql(expr)?),
            Expr::Word(words) | Expr::Phrase(words) => {
                let folding = Folding::as_typed(words);
                let words = folding.apply(words);
                self.test(
                    "title",
                    Box::new(move |title| folding.apply(title).contains(&words)),
                )
            }
            Expr::Regex(field, pattern) => {
                let regex = AssertUnwindSafe(pattern.regex().clone());
                self.text(*field, move |text| regex.is_match(text))?
            }
            Expr::Text {
                field,
                value,
                whole,
            } => {
                let (field, whole) = (*field, *whole);
                let values = field.forms(value, whole);
                self.text(field, move |text| {
                    let text = Folding::ALL.apply(text);
                    let mut values = values.iter();
                    values.any(|value| field.has_value(&text, value, whole))
                })?
            }
            Expr::Is(Flag::Book) => self.filed(FacetKind::Kind, &|name| name == facets::BOOK)?,
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
                let text = context
                    .get_raw(1)
                    .as_str_or_null()
                    .ok()
                    .flatten()
                    .unwrap_or_default();
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

    /// That one of a field's texts holds.
    fn text(
        &mut self,
        field: TextField,
        holds: impl Fn(&str) -> bool + Send + RefUnwindSafe + 'static,
    ) -> rusqlite::Result<String> {
        Ok(match field {
            TextField::Title => self.test("title", Box::new(holds)),
            TextField::Url => self.test("url", Box::new(holds)),
            TextField::Language => self.test("language", Box::new(holds)),
            TextField::Author => self.filed(FacetKind::Author, &holds)?,
            TextField::Category => self.filed(FacetKind::Category, &holds)?,
            TextField::Tag => self.filed(FacetKind::Tag, &holds)?,
            TextField::Folder => self.filed(FacetKind::Folder, &holds)?,
            TextField::Source => self.of_source(&holds)?,
        })
    }

    /// The stories of a folder or a feed with a name that holds, the reader's or its own title, or an address: where
    /// the feed is, or where it was before it moved.
    fn of_source(&self, holds: &dyn Fn(&str) -> bool) -> rusqlite::Result<String> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT facet.id, {}, feed.title, feed.url, feed.key FROM feed JOIN facet \
             ON facet.collection = ?1 AND facet.kind = ?2 AND facet.name = CAST(feed.id AS TEXT)",
            feeds::NAME
        ))?;
        let mut rows = statement.query((self.collection, FacetKind::Feed as i64))?;
        let mut feeds = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |column| -> rusqlite::Result<&str> { Ok(row.get_ref(column)?.as_str()?) };
            let names = [text(1)?, text(2)?];
            let addresses = [text(3)?, text(4)?];
            let mut names = names.into_iter().filter(|it| !it.is_empty());
            if names.any(holds) || addresses.iter().any(|it| holds(it) || holds(&shown(it))) {
                feeds.push(row.get::<_, i64>(0)?);
            }
        }
        let folders = self.filed(FacetKind::Folder, holds)?;
        let feeds = self.filed_under(&feeds)?;
        Ok(format!("({folders} OR {feeds})"))
    }

    /// The stories that are filed under a name that holds.
    fn filed(&self, kind: FacetKind, holds: &dyn Fn(&str) -> bool) -> rusqlite::Result<String> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name FROM facet WHERE collection = ?1 AND kind = ?2")?;
        let mut rows = statement.query((self.collection, kind as i64))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            if holds(name) {
                found.push(row.get::<_, i64>(0)?);
            }
        }
        self.filed_under(&found)
    }

    /// The stories that are filed under any of these facets.
    fn filed_under(&self, facets: &[i64]) -> rusqlite::Result<String> {
        let found: Vec<String> = facets.iter().map(i64::to_string).collect();
        let found = found.join(", ");
        Ok(if late::is_there(self.connection, late::FILED)? {
            format!("story.id IN (SELECT story FROM filed WHERE facet IN ({found}))")
        } else {
            format!("EXISTS (SELECT 1 FROM json_each(story.facets) WHERE value IN ({found}))")
        })
    }

    fn has(&self, part: Part) -> String {
        let filed = |kind: FacetKind| {
            format!(
                "EXISTS (SELECT 1 FROM json_each(story.facets) JOIN facet ON facet.id = value \
                 WHERE facet.kind = {})",
                kind as i64
            )
        };
        match part {
            Part::Author => "story.author_key <> ''".to_owned(),
            Part::Category => filed(FacetKind::Category),
            Part::Tags => filed(FacetKind::Tag),
            // A file that names none has its own.
            Part::Date => ALWAYS.to_owned(),
            Part::Link => "coalesce(story.url, '') <> ''".to_owned(),
            Part::Picture => "story.picture = 1".to_owned(),
            Part::Comments => "story.comments > 0".to_owned(),
        }
    }

    /// A day without a time is that day everywhere; a moment falls on the day that its reader has.
    fn date(&self, dates: Dates) -> String {
        let (first, last) = dates.bounds(self.now.date());
        let zone = self.now.time_zone();
        let bound = |day: Option<Date>, sign: &str| match day {
            None => ALWAYS.to_owned(),
            Some(day) => {
                let (day, moment) = (seconds(day, &TimeZone::UTC), seconds(day, zone));
                format!(
                    "story.age {sign} CASE story.is_day WHEN 1 THEN {} ELSE {} END",
                    -day, -moment
                )
            }
        };
        let after_last = match last {
            Some(last) => match last.tomorrow() {
                Ok(next) => bound(Some(next), ">"),
                Err(_) => ALWAYS.to_owned(),
            },
            None => ALWAYS.to_owned(),
        };
        format!("({} AND {after_last})", bound(first, "<="))
    }

    fn number(&mut self, field: NumberField, numbers: Numbers) -> String {
        let least = i64::from(numbers.least);
        let (column, least, greatest) = match field {
            // Minutes are words rounded up; no story takes less than one.
            NumberField::Minutes => {
                let words = |minutes: i64| minutes * story::WORDS_PER_MINUTE as i64;
                let least = if least <= 1 { 0 } else { words(least - 1) + 1 };
                let greatest = numbers.greatest.map(|it| match it {
                    0 => -1,
                    it => words(i64::from(it)),
                });
                ("words", least, greatest)
            }
            NumberField::Words => ("words", least, numbers.greatest.map(i64::from)),
            NumberField::Comments => ("comments", least, numbers.greatest.map(i64::from)),
        };
        self.values.push(least.into());
        match greatest {
            Some(greatest) => {
                self.values.push(greatest.into());
                format!("story.{column} BETWEEN ? AND ?")
            }
            None => format!("story.{column} >= ?"),
        }
    }
}

/// Seconds from 1970 to the beginning of a day.
fn seconds(day: Date, zone: &TimeZone) -> i64 {
    day.to_zoned_datetime(zone.clone())
        .map_or(0, |at| at.timestamp().as_second())
}

fn flag_sql(flag: Flag) -> &'static str {
    match flag {
        Flag::Unread => "story.read = 0",
        Flag::Read => "story.read = 1",
        Flag::Starred => "story.starred = 1",
        Flag::Later => "story.later = 1",
        Flag::Noted => "story.noted = 1",
        Flag::Removed => "story.removed = 1",
        Flag::Unreadable => "story.trouble IS NOT NULL",
        Flag::Updated => catalogue::UPDATED,
        // Asked of what it is filed under.
        Flag::Book => ALWAYS,
    }
}
