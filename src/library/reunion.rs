//! A library that was moved away and moved back: what was done with its stories meanwhile, at the other
//! place, is theirs.
//!
//! Their files are as they were, so the walk passes them by; but state with their content hangs on
//! paths where no file lies any more.

use std::{collections::HashMap, path::Path};

use super::{
    Library, LibraryError, catalogue,
    exchange::Record,
    intake::{self, BY_PATH},
    scan::Scanned,
    store::Lane,
};

/// State that differs from that of a story with the same content, and was kept by another path.
/// `CROSS JOIN` has it begin with what the reader did, which is less than there are files, and look up
/// each of those that the index of contents names.
const ELSEWHERE: &str = "SELECT old.key, story.key FROM state AS old \
     CROSS JOIN file AS same ON same.collection = ?1 AND same.hash = old.hash \
     CROSS JOIN file ON file.collection = ?1 AND file.path = same.path \
     CROSS JOIN story ON story.id = file.story \
     LEFT JOIN state AS now ON now.key = story.key \
     WHERE old.hash IS NOT NULL AND old.hash <> 0 AND story.key <> old.key \
     AND substr(old.key, 1, length(?2)) = ?2 AND substr(story.key, 1, length(?2)) = ?2 \
     AND (now.key IS NULL OR old.placed > now.placed \
          OR (old.read, old.starred, old.later, old.removed) \
             <> (now.read, now.starred, now.later, now.removed) \
          OR EXISTS (SELECT name FROM tag WHERE key = old.key \
                     EXCEPT SELECT name FROM tag WHERE key = now.key))";

impl Library {
    /// Brings what was done at another place of the library, where it is no longer, to the stories
    /// here: of every field that counts which was set last.
    pub(super) fn reunite(&self, scanned: &mut Scanned) -> Result<(), LibraryError> {
        let elsewhere: Vec<(String, String)> = {
            let connection = self.store.hold(Lane::Intake)?;
            let mut rows = connection.prepare_cached(ELSEWHERE)?;
            let rows = rows.query_map((self.collection, BY_PATH), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut heirs: HashMap<String, Vec<String>> = HashMap::new();
        for (old, heir) in elsewhere {
            let path = Path::new(old.strip_prefix(BY_PATH).unwrap_or_default());
            // Within the library files are followed where they go.
            if !path.starts_with(&self.root) && intake::is_missing(path) {
                heirs.entry(old).or_default().push(heir);
            }
        }
        if heirs.is_empty() {
            return Ok(());
        }
        let mut records = Vec::new();
        for record in self.records()? {
            for heir in heirs.get(&record.key).into_iter().flatten() {
                records.push(Record {
                    key: heir.clone(),
                    ..record.clone()
                });
            }
        }
        self.import_here(&records)?;
        let connection = self.store.hold(Lane::Intake)?;
        for record in &records {
            let id = catalogue::numbered(&connection, self.collection, &record.key)?;
            scanned.put.extend(id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::goes_through_no_files, *};

    #[test]
    fn what_was_done_elsewhere_is_looked_up_by_content() {
        goes_through_no_files(ELSEWHERE);
    }
}
