//! Queries that are kept under names: they are sources with counts, as folders are.
//!
//! What such a query finds can only be counted by running it. That is done on a connection of its
//! own, after all other counts are known, and anew only when the library has changed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::{Library, LibraryError, outlines::OUTLINE, search::Last, state::Writer, store::Lane};
use crate::story::{
    Listing, Source, SourceRow, clean,
    query::{Query, QueryError},
};

/// What the name of a query begins with in the journal, among the keys of stories.
pub(super) const QUERY: &str = "query:";

/// A query that is kept under a name, as a line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedQuery {
    /// Its name.
    pub saved: String,
    /// What it says.
    pub query: String,
}

impl SavedQuery {
    /// The query of one line, if it is one.
    pub fn of_line(line: &str) -> Option<Self> {
        let kept: SavedQuery = serde_json::from_str(line).ok()?;
        let saved = clean::line(kept.saved.trim());
        let query = clean::line(kept.query.trim());
        (!saved.is_empty() && !query.is_empty()).then_some(SavedQuery { saved, query })
    }

    /// It as a line.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

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
    /// The query that is kept under a name; none also where it cannot be read.
    pub(super) fn saved(&self, name: &str) -> Option<String> {
        self.kept(name).ok().flatten()
    }

    /// The query that is kept under a name.
    pub(super) fn kept(&self, name: &str) -> Result<Option<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut kept = connection.prepare_cached("SELECT query FROM saved WHERE name = ?1")?;
        Ok(kept.query_row([name], |row| row.get(0)).optional()?)
    }

    /// The queries that are kept, by name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn saved_queries(&self) -> Result<Vec<SavedQuery>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut all = connection.prepare_cached("SELECT name, query FROM saved ORDER BY name")?;
        let rows = all.query_map([], |row| {
            Ok(SavedQuery {
                saved: row.get(0)?,
                query: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps queries whose names are not in use here. Says how many.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn import_queries(&self, queries: &[SavedQuery]) -> Result<usize, LibraryError> {
        let mut kept = 0;
        for SavedQuery { saved, query } in queries {
            // One that would lead back to itself is left out, as where it is typed.
            let leads_back = self
                .check_kept(saved, query)
                .is_err_and(|it| it.is_circle());
            if self.saved(saved).is_none() && !leads_back {
                self.keep_query(saved, query)?;
                kept += 1;
            }
        }
        Ok(kept)
    }

    /// What is wrong with keeping a query under a name: it may lead back to itself.
    ///
    /// # Errors
    /// If no query could be kept under the name.
    pub fn check_kept(&self, name: &str, query: &str) -> Result<Query, QueryError> {
        Query::parse(query, &|asked| {
            if asked == name {
                Some(query.to_owned())
            } else {
                self.saved(asked)
            }
        })
    }

    /// Keeps a query under a name; nothing as the query forgets the name. Says whether the name was
    /// known.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_query(&self, name: &str, query: &str) -> Result<bool, LibraryError> {
        let known = self.saved(name).is_some();
        self.keep(|transaction| {
            let query = Some(query).filter(|it| !it.is_empty());
            Writer::new(transaction).put_query(&format!("{QUERY}{name}"), query)?;
            // It stays where the settings say the same, and do no more.
            transaction
                .prepare_cached("UPDATE saved SET own = query WHERE name = ?1 AND called <> ''")?
                .execute([name])?;
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
            let source = Source::Saved(name.into());
            Ok(SourceRow::new(source, counted.total, counted.unread))
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

/// Where that is kept which a key of the journal stands for: the table, its columns, and the key there. It is a
/// query (`query:` and its name), or a part of a list (`outline:` and its key).
fn place_of(key: &str) -> (&'static str, [&'static str; 2], &str) {
    match key.strip_prefix(OUTLINE) {
        Some(key) => ("outline", ["key", "content"], key),
        None => {
            let name = key.strip_prefix(QUERY).unwrap_or(key);
            ("saved", ["name", "query"], name)
        }
    }
}

/// The query, or the part of a list, of this key of the journal, if it is kept.
pub(super) fn kept_under(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    let (table, [name, content], key) = place_of(key);
    connection
        .prepare_cached(&format!("SELECT {content} FROM {table} WHERE {name} = ?1"))?
        .query_row([key], |row| row.get(0))
        .optional()
}

impl Writer<'_> {
    /// The query, or the part of a list, of this key of the journal, if it is kept.
    pub(super) fn kept_query(&self, key: &str) -> rusqlite::Result<Option<String>> {
        kept_under(self.transaction(), key)
    }

    /// Keeps a query, or a part of a list, or forgets it. False if it was so already.
    pub(super) fn put_query(&self, key: &str, query: Option<&str>) -> rusqlite::Result<bool> {
        if self.kept_query(key)?.as_deref() == query {
            return Ok(false);
        }
        let (table, [name, content], key) = place_of(key);
        let sql = match query {
            Some(_) => format!(
                "INSERT INTO {table} ({name}, {content}) VALUES (?1, ?2) \
                 ON CONFLICT DO UPDATE SET {content} = ?2"
            ),
            None => format!("DELETE FROM {table} WHERE {name} = ?1 AND ?2 IS NULL"),
        };
        let mut put = self.transaction().prepare_cached(&sql)?;
        put.execute((key, query))?;
        Ok(true)
    }
}
