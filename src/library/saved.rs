//! Queries that are kept under names: they are sources with counts, as folders are.
//!
//! What such a query finds can only be counted by running it. That is done on a connection of its
//! own, after all other counts are known, and anew only when the library has changed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OptionalExtension};

use super::{Library, LibraryError, search::Last, store::Lane};
use crate::story::{Listing, Source, SourceRow, query::Query};

/// What was counted last.
#[derive(Debug, Default)]
pub(super) struct SavedCounts {
    known: Mutex<HashMap<String, Counted>>,
    last: Mutex<Last>,
}

/// What a query found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Counted {
    query: String,
    /// The state of the library that the counts are of.
    version: u64,
    total: usize,
    unread: usize,
}

impl Library {
    /// The query that is kept under a name.
    pub(super) fn saved(&self, name: &str) -> Option<String> {
        let connection = self.store.hold(Lane::Stories).ok()?;
        connection
            .prepare_cached("SELECT query FROM saved WHERE name = ?1")
            .and_then(|mut it| it.query_row([name], |row| row.get(0)).optional())
            .ok()
            .flatten()
    }

    /// Keeps a query under a name; nothing as the query forgets the name. Says whether the name was
    /// known.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_query(&self, name: &str, query: &str) -> Result<bool, LibraryError> {
        let known = self.saved(name).is_some();
        self.keep(|transaction| {
            if query.is_empty() {
                transaction.execute("DELETE FROM saved WHERE name = ?1", [name])?;
            } else {
                transaction.execute(
                    "INSERT INTO saved (name, query) VALUES (?1, ?2) \
                     ON CONFLICT DO UPDATE SET query = ?2",
                    (name, query),
                )?;
            }
            Ok(((), false))
        })?;
        self.changed();
        Ok(known)
    }

    /// The sources that kept queries are, by name, with what was counted of them last.
    pub(super) fn saved_sources(
        &self,
        connection: &Connection,
    ) -> rusqlite::Result<Vec<SourceRow>> {
        let known = self.search.saved.known.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        let mut names = connection.prepare_cached("SELECT name FROM saved ORDER BY name")?;
        let rows = names.query_map([], |row| {
            let name: String = row.get(0)?;
            let counted = known.get(&name).cloned().unwrap_or_default();
            Ok(SourceRow {
                source: Source::Saved(name.into()),
                total: counted.total,
                unread: counted.unread,
            })
        })?;
        rows.collect()
    }

    /// Counts what kept queries find, where the library has changed since. Says whether any count is
    /// another one now.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn count_saved(&self) -> Result<bool, LibraryError> {
        let queries: Vec<(String, String)> = {
            let connection = self.store.hold(Lane::Stories)?;
            let mut all = connection.prepare_cached("SELECT name, query FROM saved")?;
            let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut changed = false;
        for (name, query) in queries {
            let version = self.version();
            let before = {
                let known = self.search.saved.known.lock();
                let known = known.unwrap_or_else(PoisonError::into_inner);
                known.get(&name).cloned().unwrap_or_default()
            };
            if before.query == query && before.version == version {
                continue;
            }
            let (total, unread) = self.count(&query, version)?;
            changed |= (total, unread) != (before.total, before.unread);
            let counted = Counted {
                query,
                version,
                total,
                unread,
            };
            let known = self.search.saved.known.lock();
            let mut known = known.unwrap_or_else(PoisonError::into_inner);
            known.insert(name, counted);
        }
        Ok(changed)
    }

    /// How many stories a query finds, and how many of them are unread; none where it is wrong.
    fn count(&self, query: &str, version: u64) -> Result<(usize, usize), LibraryError> {
        let Ok(query) = self.query(query) else {
            return Ok((0, 0));
        };
        let find = |query: &Query, unread| {
            let listing = Listing {
                unread,
                ..Listing::default()
            };
            let on = (Lane::Counts, &self.search.saved.last);
            self.find_stories(query, &listing, version, on, &|| false)
        };
        let found = find(&query, false)?;
        let unread = match query.limit {
            None => find(&query, true)?.len(),
            // Of so many only: those that are unread may be other ones.
            Some(_) => {
                let connection = self.store.hold(Lane::Counts)?;
                let mut is_read =
                    connection.prepare_cached("SELECT read FROM story WHERE id = ?1")?;
                let mut unread = 0;
                for id in &found {
                    let read = is_read.query_row([id], |row| row.get(0)).optional()?;
                    unread += usize::from(read == Some(false));
                }
                unread
            }
        };
        Ok((found.len(), unread))
    }
}
