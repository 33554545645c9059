//! Places in texts that the reader gave a letter, to come back to them.

use super::{Library, LibraryError, state::Writer, store::Lane};
use crate::story::{Mark, StoryId};

impl Library {
    /// Gives a place in a story a letter; the place that had it before has it no longer.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_mark(
        &self,
        letter: char,
        id: StoryId,
        (block, offset): (usize, usize),
    ) -> Result<(), LibraryError> {
        self.keep(|transaction| {
            if let Some((key, _)) = Writer::new(transaction).key(id)? {
                transaction
                    .prepare_cached(
                        "INSERT INTO mark (letter, key, block, offset) VALUES (?1, ?2, ?3, ?4) \
                         ON CONFLICT DO UPDATE SET key = ?2, block = ?3, offset = ?4",
                    )?
                    .execute((letter.to_string(), key, block, offset))?;
            }
            Ok(((), false))
        })?;
        Ok(())
    }

    /// The marks that lead to stories of this library, by their letters.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn marks(&self) -> Result<Vec<Mark>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut marks = connection.prepare_cached(
            "SELECT letter, story.id, title, block, offset FROM mark JOIN story USING (key) \
             WHERE collection = ?1 AND removed = 0 ORDER BY letter",
        )?;
        let rows = marks.query_map([self.collection], |row| {
            let letter: String = row.get(0)?;
            Ok(Mark {
                letter: letter.chars().next().unwrap_or_default(),
                id: StoryId(row.get(1)?),
                title: row.get(2)?,
                block: row.get(3)?,
                offset: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
