//! Folders, categories, authors and tags, with their counts; and the counts of whole collections.
//!
//! Counts are kept, not counted: whoever changes stories within a transaction tells [`Counts`], which
//! writes the sums once, at its end.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, Transaction};

use crate::story::Source;

/// Kinds of facets, as the database numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum FacetKind {
    Folder = 0,
    Category = 1,
    Author = 2,
    Tag = 3,
    /// Its name is the feed's number.
    Feed = 4,
    /// What kind of story it is, where that makes a source of its own: [`BOOK`].
    Kind = 5,
}

/// What books are filed under.
pub(super) const BOOK: &str = "book";

impl FacetKind {
    pub(super) fn of(source: &Source) -> Self {
        match source {
            Source::Category(_) => FacetKind::Category,
            Source::Author(_) => FacetKind::Author,
            Source::Tag(_) => FacetKind::Tag,
            Source::Feed(_) => FacetKind::Feed,
            Source::Books => FacetKind::Kind,
            _ => FacetKind::Folder,
        }
    }
}

/// What counts of one story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Flags {
    pub read: bool,
    pub starred: bool,
    pub later: bool,
    pub noted: bool,
    pub removed: bool,
}

/// How a story is filed and counted.
#[derive(Debug)]
pub(super) struct Filed {
    pub id: i64,
    pub collection: i64,
    pub facets: Vec<i64>,
    pub age: i64,
    pub tie: i64,
    pub flags: Flags,
}

impl Filed {
    /// The columns of a story that [`Filed::of`] reads, in its order.
    pub(super) const COLUMNS: &str =
        "id, collection, facets, age, tie, read, starred, later, noted, removed";

    pub(super) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Filed {
            id: row.get(0)?,
            collection: row.get(1)?,
            facets: read(&row.get::<_, String>(2)?),
            age: row.get(3)?,
            tie: row.get(4)?,
            flags: Flags {
                read: row.get(5)?,
                starred: row.get(6)?,
                later: row.get(7)?,
                noted: row.get(8)?,
                removed: row.get(9)?,
            },
        })
    }
}

#[derive(Debug, Default)]
struct Sum {
    total: i64,
    unread: i64,
    later: i64,
    starred: i64,
    noted: i64,
    removed: i64,
}

impl Sum {
    fn add(&mut self, flags: Flags, by: i64) {
        if flags.removed {
            self.removed += by;
            return;
        }
        self.total += by;
        self.unread += by * i64::from(!flags.read);
        self.later += by * i64::from(flags.later);
        self.starred += by * i64::from(flags.starred);
        self.noted += by * i64::from(flags.noted);
    }
}

/// What a transaction changes of the counts.
#[derive(Debug, Default)]
pub(super) struct Counts {
    collections: HashMap<i64, Sum>,
    facets: HashMap<i64, Sum>,
}

impl Counts {
    /// A story that was as `before` is now as `after`; none where it was or is not there.
    pub(super) fn changed(
        &mut self,
        collection: i64,
        facets: &[i64],
        before: Option<Flags>,
        after: Option<Flags>,
    ) {
        if before == after {
            return;
        }
        for (flags, by) in [(before, -1), (after, 1)] {
            let Some(flags) = flags else { continue };
            self.collections
                .entry(collection)
                .or_default()
                .add(flags, by);
            for facet in facets {
                self.facets.entry(*facet).or_default().add(flags, by);
            }
        }
    }

    /// A story is filed under one more facet (`by` 1), or one less (-1).
    pub(super) fn filed(&mut self, facet: i64, flags: Flags, by: i64) {
        self.facets.entry(facet).or_default().add(flags, by);
    }

    /// Writes the sums.
    pub(super) fn write(self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut collections = transaction.prepare_cached(
            "UPDATE collection SET total = total + ?2, unread = unread + ?3, later = later + ?4, \
             starred = starred + ?5, removed = removed + ?6, noted = noted + ?7 WHERE id = ?1",
        )?;
        for (id, sum) in self.collections {
            collections.execute((
                id,
                sum.total,
                sum.unread,
                sum.later,
                sum.starred,
                sum.removed,
                sum.noted,
            ))?;
        }
        let mut facets = transaction.prepare_cached(
            "UPDATE facet SET total = total + ?2, unread = unread + ?3 WHERE id = ?1",
        )?;
        for (id, sum) in self.facets {
            facets.execute((id, sum.total, sum.unread))?;
        }
        Ok(())
    }
}

/// Finds facets by name, and makes those that are not there yet.
#[derive(Debug, Default)]
pub(super) struct Facets {
    known: HashMap<(i64, FacetKind), HashMap<String, i64>>,
}

impl Facets {
    /// The number of a facet.
    pub(super) fn number(
        &mut self,
        transaction: &Transaction<'_>,
        collection: i64,
        kind: FacetKind,
        name: &str,
    ) -> rusqlite::Result<i64> {
        let known = self.known.entry((collection, kind)).or_default();
        if let Some(id) = known.get(name) {
            return Ok(*id);
        }
        let found = transaction
            .prepare_cached(
                "SELECT id FROM facet WHERE collection = ?1 AND kind = ?2 AND name = ?3",
            )?
            .query_row((collection, kind as i64, name), |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => transaction
                .prepare_cached(
                    "INSERT INTO facet (collection, kind, name) VALUES (?1, ?2, ?3) RETURNING id",
                )?
                .query_row((collection, kind as i64, name), |row| row.get(0))?,
        };
        known.insert(name.to_owned(), id);
        Ok(id)
    }
}

/// Facets of a story as its row keeps them: `[1,2,3]`.
pub(super) fn written(facets: &[i64]) -> String {
    serde_json::to_string(facets).unwrap_or_else(|_| "[]".to_owned())
}

/// The opposite of [`written`].
pub(super) fn read(text: &str) -> Vec<i64> {
    serde_json::from_str(text).unwrap_or_default()
}
