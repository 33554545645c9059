//! Indexes that may come late, and the table `filed`, which is one in all but name. The first scan of
//! all writes a great many rows, and each of these would take every row at a place of its own: built
//! at the end, from rows that are sorted, they take less than half the time. Until then lists follow
//! another index, or sort.
//!
//! Wherever such a scan ended, and whoever ended it, the next one builds what is not there before it
//! looks for anything.

use rusqlite::{Connection, OptionalExtension};

use super::{Lane, STEPS, Store, StoreError};

/// While this is there, the table `filed` has every story.
pub(in crate::library) const FILED: &str = "filed_is_whole";

/// Orders that the list is not opened in, and by what files are found again that were moved.
pub(in crate::library) const LATE: [&str; 8] = [
    FILED,
    "story_unread",
    "story_by_title",
    "story_by_author",
    "story_by_source",
    "story_by_length",
    "story_by_use",
    "file_by_hash",
];

/// Whether an index is there. It holds until the transaction ends that asks.
pub(in crate::library) fn is_there(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    if !LATE.contains(&name) {
        return Ok(true);
    }
    let found = connection
        .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1")?
        .query_row([name], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// Files every story under its facets.
const FILE: &str = "INSERT OR IGNORE INTO filed (facet, age, tie, story) \
     SELECT value, age, tie, story.id FROM story, json_each(story.facets) ORDER BY 1, 2, 3, 4";

/// How the steps of the schema make an index: nothing else says what it is.
fn definition(name: &str) -> Option<&'static str> {
    let begins = format!("CREATE INDEX {name} ");
    let mut lines = STEPS.iter().flat_map(|step| step.lines());
    lines.rfind(|line| line.starts_with(&begins))
}

impl Store {
    /// Takes the late indexes away, unless there are more than `few` stories: their rows would have to be
    /// indexed anew.
    pub(in crate::library) fn put_off_indexes(&self, few: i64) -> Result<(), StoreError> {
        self.write(Lane::Intake, |transaction| {
            let begins: bool = transaction
                .prepare_cached("SELECT count(*) <= ?1 FROM (SELECT 1 FROM story LIMIT ?1 + 1)")?
                .query_row([few], |row| row.get(0))?;
            if begins {
                for name in LATE {
                    transaction.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))?;
                }
            }
            Ok(())
        })
    }

    /// Builds the late indexes that are not there, each by itself: what the reader does goes between.
    pub(in crate::library) fn build_indexes(&self) -> Result<(), StoreError> {
        for name in LATE {
            if is_there(&*self.hold(Lane::Intake)?, name)? {
                continue;
            }
            self.write(Lane::Intake, |transaction| {
                // Another program may have been faster.
                if !is_there(transaction, name)?
                    && let Some(sql) = definition(name)
                {
                    if name == FILED {
                        transaction.execute_batch(FILE)?;
                    }
                    transaction.execute_batch(sql)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All indexes as the database knows them.
    fn indexes(store: &Store) -> Vec<(String, String)> {
        let connection = store.hold(Lane::Lists).unwrap();
        let mut statement = connection
            .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql <> '' ORDER BY name")
            .unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn indexes_that_were_put_off_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let all = indexes(&store);
        store.put_off_indexes(0).unwrap();
        assert_eq!(indexes(&store).len(), all.len() - LATE.len());
        let is_there = |name| is_there(&store.hold(Lane::Lists).unwrap(), name).unwrap();
        assert_eq!(LATE.map(is_there), [false; LATE.len()]);
        assert!(is_there("story_by_date"));
        // As after a program that was killed: by whoever comes next.
        let other = Store::open(folder.path()).unwrap();
        other.build_indexes().unwrap();
        assert_eq!(indexes(&store), all);
        store.build_indexes().unwrap();
        assert_eq!(indexes(&store), all);
    }

    #[test]
    fn indexes_of_stories_that_are_there_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let all = indexes(&store);
        let sql = "INSERT INTO collection (id, name, root, opened) VALUES (1, 'it', x'', 7);
             INSERT INTO story (collection, key, title, origin, age, tie, is_day, words, title_key, \
             author_key, source_key, comments, picture, facets) VALUES \
             (1, 'example.org/a', 'A story', '', 0, 0, 1, 99, '', '', '', 0, 0, '[]')";
        store.hold(Lane::Lists).unwrap().execute_batch(sql).unwrap();
        store.put_off_indexes(0).unwrap();
        assert_eq!(indexes(&store), all);
    }
}
