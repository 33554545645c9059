//! What lists of feeds said besides of feeds, kept for the list that is written.

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::{Library, LibraryError, state::Writer, store::Lane};
use crate::ingest::opml::Rest;

/// What the key of a part of a list begins with in the journal, among those of stories.
pub(super) const OUTLINE: &str = "outline:";

/// A part of a list as a line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenOutline {
    /// What it says.
    pub outline: Rest,
}

impl WrittenOutline {
    /// The part of one line, if it is one.
    pub fn of_line(line: &str) -> Option<Self> {
        let written: WrittenOutline = serde_json::from_str(line).ok()?;
        Some(WrittenOutline {
            outline: written.outline.cleaned(),
        })
    }

    /// It as a line.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Library {
    /// What lists that were imported said besides of feeds.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn outlines(&self) -> Result<Vec<Rest>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut all = connection.prepare_cached("SELECT content FROM outline ORDER BY key")?;
        let rows = all.query_map([], |row| row.get::<_, String>(0))?;
        let written: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
        let read = written.iter().map(|it| serde_json::from_str(it));
        Ok(read.filter_map(Result::ok).collect())
    }

    /// Those parts of a list that are not kept here, as they are kept.
    pub(super) fn new_outlines(
        &self,
        rest: &[Rest],
    ) -> Result<Vec<(String, String)>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut known = connection.prepare_cached("SELECT 1 FROM outline WHERE key = ?1")?;
        let mut new = Vec::new();
        for it in rest {
            let key = it.key();
            if !known.exists([&key])? {
                new.push((key, serde_json::to_string(it).unwrap_or_default()));
            }
        }
        Ok(new)
    }
}

impl Writer<'_> {
    /// The part of a list with this key, if it is kept.
    pub(super) fn kept_outline(&self, key: &str) -> rusqlite::Result<Option<String>> {
        self.transaction()
            .prepare_cached("SELECT content FROM outline WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()
    }

    /// Keeps a part of a list, or forgets it. False if it was so already.
    pub(super) fn put_outline(&self, key: &str, content: Option<&str>) -> rusqlite::Result<bool> {
        if self.kept_outline(key)?.as_deref() == content {
            return Ok(false);
        }
        match content {
            Some(content) => self
                .transaction()
                .prepare_cached(
                    "INSERT INTO outline (key, content) VALUES (?1, ?2) \
                     ON CONFLICT DO UPDATE SET content = ?2",
                )?
                .execute((key, content))?,
            None => self
                .transaction()
                .prepare_cached("DELETE FROM outline WHERE key = ?1")?
                .execute([key])?,
        };
        Ok(true)
    }
}
