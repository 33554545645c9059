//! Where the reader stood in a story.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction};

use super::{
    super::{Lane, Library, LibraryError},
    Writer, remember_content,
};
use crate::story::{Position, StoryId};

impl Library {
    /// Keeps where a story was left. Not a step: there is nothing to undo.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_place(&self, id: StoryId, place: Position) -> Result<(), LibraryError> {
        let now = Timestamp::now().as_millisecond();
        self.keep(|transaction| {
            let Some((key, _)) = Writer::new(transaction).key(id)? else {
                return Ok(((), false));
            };
            transaction
                .prepare_cached(
                    "INSERT INTO state (key, block, offset, seen, placed, opened, print) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6) ON CONFLICT DO UPDATE SET \
                     block = ?2, offset = ?3, seen = ?4, placed = ?5, opened = ?5, print = ?6",
                )?
                .execute((
                    &key,
                    place.block,
                    place.offset,
                    place.seen,
                    now,
                    place.print,
                ))?;
            show_place(transaction, &key)?;
            Ok(((), false))
        })?;
        Ok(())
    }

    /// Where a story was left, if it was ever opened.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn kept_place(&self, id: StoryId) -> Result<Option<Position>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let place = connection
            .prepare_cached(
                "SELECT block, offset, state.seen, print FROM story JOIN state USING (key) \
                 WHERE story.id = ?1 AND placed > 0",
            )?
            .query_row([id.0], |row| {
                Ok(Position {
                    block: row.get(0)?,
                    offset: row.get(1)?,
                    seen: row.get(2)?,
                    print: row.get(3)?,
                })
            })
            .optional()?;
        Ok(place)
    }
}

impl Writer<'_> {
    /// Has the copy of a story that is read begin where that was left, unless it was read itself.
    pub(super) fn place_follows(&self, story: &str, copy: &str) -> rusqlite::Result<()> {
        let changed = self
            .transaction
            .prepare_cached(
                "INSERT INTO state (key, block, offset, seen, placed, opened, print) \
                 SELECT ?2, block, offset, seen, placed, opened, print FROM state WHERE key = ?1 AND placed > 0 \
                 ON CONFLICT DO UPDATE SET (block, offset, seen, placed, opened, print) = \
                 (excluded.block, excluded.offset, excluded.seen, excluded.placed, excluded.opened, excluded.print) \
                 WHERE placed = 0",
            )?
            .execute((story, copy))?;
        match changed {
            0 => Ok(()),
            _ => show_place(self.transaction, copy),
        }
    }
}

/// Has the rows of a story say where it was left, after that was written.
pub(in crate::library) fn show_place(
    transaction: &Transaction<'_>,
    key: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE story SET (seen, recency) = (SELECT seen, -(opened / 1000) FROM state \
             WHERE state.key = ?1) WHERE key = ?1",
        )?
        .execute([key])?;
    remember_content(transaction, key)
}
