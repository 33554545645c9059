//! How long stories of a feed are kept, where the reader set a limit. What has a star, a tag, notes, a place
//! for later or was begun never goes; and of what went it is remembered that it was there, so that it does
//! not come in again for as long as its feed has it.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{
    super::{Library, LibraryError, Scanned, facets::Facets, intake::Intake, store::Lane},
    path_of_entry, settle,
};
use crate::story::FeedId;

/// Entries that one transaction takes away.
const TOGETHER: usize = 1000;

/// How much of a feed is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keep {
    /// For so many days after they were published.
    pub days: Option<u32>,
    /// So many of its stories, the newest.
    pub items: Option<u32>,
}

impl Library {
    /// Takes the stories of a feed away that are not to be kept any more. Gives their entries, too.
    pub(super) fn retire(
        &self,
        feed: FeedId,
        keep: Keep,
        stop: &AtomicBool,
    ) -> Result<(Scanned, Vec<i64>), LibraryError> {
        let (mut scanned, mut retired) = (Scanned::default(), Vec::new());
        let now = (self.clock)().timestamp().as_second();
        // Ages count backwards: what is older has the greater one.
        let oldest = keep
            .days
            .map_or(i64::MAX, |days| i64::from(days) * 86_400 - now);
        let items = keep.items.map_or(i64::MAX, i64::from);
        let old: Vec<i64> = {
            let connection = self.store.hold(Lane::Background)?;
            let mut statement = connection.prepare_cached(
                "SELECT id FROM (SELECT entry.id AS id, age, row_number() OVER (ORDER BY age, entry.id DESC) \
                 AS place FROM entry CROSS JOIN file ON file.collection = ?1 \
                 AND file.path = CAST(x'FF00' || unhex(printf('%016X', entry.id)) AS BLOB) \
                 JOIN story ON story.id = file.story WHERE entry.feed = ?2) \
                 WHERE age > ?3 OR place > ?4",
            )?;
            let old =
                statement.query_map((self.collection, feed.0, oldest, items), |row| row.get(0))?;
            old.collect::<rusqlite::Result<_>>()?
        };
        for part in old.chunks(TOGETHER) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let (taken, gone) = self.store.write(Lane::Intake, |transaction| {
                let mut gone = Vec::new();
                let mut facets = Facets::default();
                let mut intake =
                    Intake::new(transaction, self.collection, &self.root, &mut facets, true)?;
                for entry in part {
                    let path = path_of_entry(*entry);
                    if self.is_kept(transaction, &path)? {
                        continue;
                    }
                    intake.forget(&path)?;
                    transaction
                        .prepare_cached("UPDATE entry SET content = '' WHERE id = ?1")?
                        .execute([entry])?;
                    gone.push(*entry);
                }
                if !gone.is_empty() {
                    settle::count_up(transaction, self.collection, i64::from(feed.0))?;
                }
                Ok((self.ended(intake)?, gone))
            })?;
            self.note(taken, &mut scanned);
            retired.extend(gone);
        }
        Ok((scanned, retired))
    }
}
