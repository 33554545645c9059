//! What is in the database besides the library that is open: what single folders and files once
//! opened have left there.

use jiff::Timestamp;

use super::{Library, LibraryError, store::Lane, text};

/// Seconds after which a folder that nobody opens is forgotten; what was done with its stories stays.
const UNUSED: i64 = 90 * 24 * 60 * 60;

/// The same for what came through standard input: nobody can open it again by a name.
const PASSED: i64 = 24 * 60 * 60;

/// How the name of what came through standard input begins.
pub(super) const STREAM: &str = "standard input ";

/// Stories that are forgotten at once: others are to have their turn.
const BATCH: i64 = 500;

impl Library {
    /// Forgets what nobody will ask for any more: old steps that could be undone, and catalogues of
    /// folders that were not opened for long. What was done with their stories is kept.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn tidy(&self) -> Result<(), LibraryError> {
        self.forget_old_steps()?;
        self.prune_comments()?;
        self.forget_full_texts()?;
        let now = Timestamp::now().as_second();
        let old: Vec<i64> = {
            let connection = self.store.hold(Lane::Intake)?;
            connection
                .prepare_cached(
                    "SELECT id FROM collection WHERE id <> ?1 AND opened < \
                     CASE WHEN substr(name, 1, length(?2)) = ?2 THEN ?3 ELSE ?4 END",
                )?
                .query_map(
                    (self.collection, STREAM, now - PASSED, now - UNUSED),
                    |row| row.get(0),
                )?
                .collect::<rusqlite::Result<_>>()?
        };
        for collection in old {
            self.forget_collection(collection)?;
        }
        Ok(())
    }

    fn forget_collection(&self, collection: i64) -> Result<(), LibraryError> {
        loop {
            let more = self.store.write(Lane::Intake, |transaction| {
                let stories: Vec<i64> = transaction
                    .prepare_cached("SELECT id FROM story WHERE collection = ?1 LIMIT ?2")?
                    .query_map((collection, BATCH), |row| row.get(0))?
                    .collect::<rusqlite::Result<_>>()?;
                for story in &stories {
                    text::forget(transaction, *story)?;
                    transaction
                        .prepare_cached("DELETE FROM story WHERE id = ?1")?
                        .execute([story])?;
                }
                if stories.is_empty() {
                    transaction.execute(
                        "DELETE FROM filed WHERE facet IN (SELECT id FROM facet WHERE collection = ?1)",
                        [collection],
                    )?;
                    transaction.execute("DELETE FROM turn WHERE collection = ?1", [collection])?;
                    transaction.execute(
                        "DELETE FROM listed WHERE collection = \
                         (SELECT name FROM collection WHERE id = ?1)",
                        [collection],
                    )?;
                    transaction.execute("DELETE FROM collection WHERE id = ?1", [collection])?;
                }
                Ok(!stories.is_empty())
            })?;
            if !more {
                return Ok(());
            }
        }
    }
}
