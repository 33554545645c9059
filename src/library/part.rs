//! Parts of the library as SQL: which rows belong to a source, and the orders they are listed in.
//!
//! Every order is ascending over two columns and the row's id, and has its index: a window is found
//! by the place of a row in the index (keyset), never by counting rows from the top.

use jiff::{ToSpan, ZonedDateTime, civil::Weekday};
use rusqlite::{Connection, OptionalExtension, types::Value};

use super::{
    facets::{self, FacetKind},
    store::late,
};
use crate::story::{Listing, Sort, Source};

/// Of a part with fewer stories than this all are sorted, whatever the order; the index of an order
/// is only worth following where a good share of its rows belongs to the part.
const FEW: usize = 4000;

/// An order: two columns, then the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub columns: [&'static str; 2],
    /// Whether the last row of the index comes first.
    pub backwards: bool,
    index: &'static str,
}

impl Order {
    pub(super) fn of(sort: Sort) -> Self {
        let (columns, backwards, index) = match sort {
            Sort::Newest | Sort::Best => (["age", "tie"], false, "story_by_date"),
            Sort::Oldest => (["age", "tie"], true, "story_by_date"),
            Sort::Title => (["title_key", "age"], false, "story_by_title"),
            Sort::Author => (["author_key", "age"], false, "story_by_author"),
            Sort::Source => (["source_key", "age"], false, "story_by_source"),
            Sort::Shortest => (["words", "age"], false, "story_by_length"),
            Sort::Longest => (["words", "age"], true, "story_by_length"),
            Sort::Recent => (["recency", "age"], false, "story_by_use"),
        };
        Order {
            columns,
            backwards,
            index,
        }
    }
}

/// A part of a collection, ready to be asked for.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Tables, with the index that gives the order.
    pub from: String,
    /// Conditions.
    pub condition: String,
    /// Values of the `?` in the conditions.
    pub values: Vec<Value>,
    pub order: Order,
    /// The table that the order's columns are of.
    pub keys: &'static str,
    /// Stories in it.
    pub total: usize,
}

/// Counts of a whole collection.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub total: usize,
    pub unread: usize,
    pub later: usize,
    pub starred: usize,
    pub noted: usize,
    pub removed: usize,
}

impl Totals {
    pub(super) fn of(connection: &Connection, collection: i64) -> rusqlite::Result<Self> {
        connection
            .prepare_cached(
                "SELECT total, unread, later, starred, removed, noted FROM collection WHERE id = ?1",
            )?
            .query_row([collection], |row| {
                Ok(Totals {
                    total: row.get(0)?,
                    unread: row.get(1)?,
                    later: row.get(2)?,
                    starred: row.get(3)?,
                    removed: row.get(4)?,
                    noted: row.get(5)?,
                })
            })
    }
}

impl Part {
    /// A source in an order. `unread` leaves only unread stories.
    pub(super) fn new(
        connection: &Connection,
        collection: i64,
        source: &Source,
        unread: bool,
        sort: Sort,
        now: &ZonedDateTime,
    ) -> rusqlite::Result<Part> {
        let totals = Totals::of(connection, collection)?;
        let order = Order::of(sort);
        let by_date = matches!(sort, Sort::Newest | Sort::Oldest);
        let mut part = Part {
            from: match late::is_there(connection, order.index)? {
                true => format!("story INDEXED BY {}", order.index),
                false => "story".to_owned(),
            },
            condition: "collection = ? AND removed = 0".to_owned(),
            values: vec![collection.into()],
            order,
            keys: "story",
            total: totals.total,
        };
        let narrow = |part: &mut Part, condition: &str, index: &str, total: usize| {
            part.condition.push_str(condition);
            part.total = total;
            if by_date || total < FEW {
                part.from = format!("story INDEXED BY {index}");
            }
        };
        match source {
            Source::All | Source::Saved(_) => {}
            Source::Unread => {}
            Source::Later => narrow(&mut part, " AND later = 1", "story_later", totals.later),
            Source::Starred => narrow(
                &mut part,
                " AND starred = 1",
                "story_starred",
                totals.starred,
            ),
            Source::Noted => narrow(&mut part, " AND noted = 1", "story_noted", totals.noted),
            Source::Removed => {
                part.from = "story INDEXED BY story_removed".to_owned();
                part.condition = "collection = ? AND removed = 1".to_owned();
                part.total = totals.removed;
            }
            Source::ThisWeek => {
                let oldest = -week_begins(now);
                part.values.push(oldest.into());
                let count = "SELECT count(*) FROM story INDEXED BY story_by_date \
                             WHERE collection = ?1 AND removed = 0 AND age <= ?2";
                let total = connection
                    .prepare_cached(count)?
                    .query_row([collection, oldest], |row| row.get(0))?;
                narrow(&mut part, " AND age <= ?", "story_by_date", total);
            }
            Source::Folder(name) => part.facet(connection, collection, FacetKind::Folder, name)?,
            Source::Category(name) => {
                part.facet(connection, collection, FacetKind::Category, name)?;
            }
            Source::Author(name) => part.facet(connection, collection, FacetKind::Author, name)?,
            Source::Tag(name) => part.facet(connection, collection, FacetKind::Tag, name)?,
            Source::Books => part.facet(connection, collection, FacetKind::Kind, facets::BOOK)?,
            Source::Feed(feed) => {
                let name = feed.id.0.to_string();
                part.facet(connection, collection, FacetKind::Feed, &name)?;
            }
        }
        if unread || *source == Source::Unread {
            part.only_unread(connection, collection, source, by_date, totals.unread)?;
        }
        Ok(part)
    }

    /// A list that is no search.
    pub(super) fn of(
        connection: &Connection,
        collection: i64,
        listing: &Listing,
        now: &ZonedDateTime,
    ) -> rusqlite::Result<Part> {
        let Listing {
            source,
            unread,
            sort,
            ..
        } = listing;
        Part::new(connection, collection, source, *unread, *sort, now)
    }

    fn facet(
        &mut self,
        connection: &Connection,
        collection: i64,
        kind: FacetKind,
        name: &str,
    ) -> rusqlite::Result<()> {
        let found = connection
            .prepare_cached(
                "SELECT id, total FROM facet WHERE collection = ?1 AND kind = ?2 AND name = ?3",
            )?
            .query_row((collection, kind as i64, name), |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, usize>(1)?))
            })
            .optional()?;
        let (facet, total) = found.unwrap_or((-1, 0));
        self.total = total;
        if !late::is_there(connection, late::FILED)? {
            self.condition
                .push_str(" AND EXISTS (SELECT 1 FROM json_each(story.facets) WHERE value = ?)");
            self.values.push(facet.into());
        } else if self.order.columns[0] == "age" {
            self.from = "filed CROSS JOIN story ON story.id = filed.story".to_owned();
            self.condition = "filed.facet = ? AND story.removed = 0".to_owned();
            self.values = vec![facet.into()];
            self.keys = "filed";
        } else if total < FEW {
            // All of it is sorted: the plus keeps SQLite from following the order's index.
            self.from = "filed CROSS JOIN story ON story.id = filed.story".to_owned();
            self.condition = "filed.facet = ? AND story.removed = 0".to_owned();
            self.values = vec![facet.into()];
        } else {
            self.condition.push_str(
                " AND EXISTS (SELECT 1 FROM filed WHERE filed.facet = ? AND filed.age = story.age \
                 AND filed.tie = story.tie AND filed.story = story.id)",
            );
            self.values.push(facet.into());
        }
        Ok(())
    }

    fn only_unread(
        &mut self,
        connection: &Connection,
        collection: i64,
        source: &Source,
        by_date: bool,
        unread: usize,
    ) -> rusqlite::Result<()> {
        self.condition.push_str(" AND story.read = 0");
        let whole = matches!(source, Source::All | Source::Unread | Source::ThisWeek);
        if whole && (by_date || unread < FEW) && late::is_there(connection, "story_unread")? {
            self.from = "story INDEXED BY story_unread".to_owned();
        }
        self.total = match source {
            Source::All | Source::Unread => unread,
            Source::Folder(_)
            | Source::Category(_)
            | Source::Author(_)
            | Source::Tag(_)
            | Source::Books
            | Source::Feed(_) => {
                let kind = FacetKind::of(source) as i64;
                let name = match source {
                    Source::Feed(feed) => &feed.id.0.to_string(),
                    Source::Books => facets::BOOK,
                    source => source.name(),
                };
                connection
                    .prepare_cached(
                        "SELECT unread FROM facet WHERE collection = ?1 AND kind = ?2 AND name = ?3",
                    )?
                    .query_row((collection, kind, name), |row| row.get(0))
                    .optional()?
                    .unwrap_or(0)
            }
            // These are short.
            _ => {
                let sql = format!(
                    "SELECT count(*) FROM {} WHERE {}",
                    self.from, self.condition
                );
                connection
                    .prepare_cached(&sql)?
                    .query_row(rusqlite::params_from_iter(&self.values), |row| row.get(0))?
            }
        };
        Ok(())
    }
}

/// Seconds from 1970 to the Monday with which this week began.
pub(super) fn week_begins(now: &ZonedDateTime) -> i64 {
    let today = now.date();
    let since = i64::from(today.weekday().since(Weekday::Monday));
    let monday = today.checked_sub(since.days()).unwrap_or(today);
    crate::story::Published::Day(monday).seconds()
}
