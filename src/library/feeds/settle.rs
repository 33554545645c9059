//! Bringing stories in line with what the reader did with feeds: a feed was renamed or moved, or is no
//! longer subscribed to, or its stories belong to another collection. What is done says so in the feed's
//! row, so whoever is killed goes on where the last one ended.

use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Transaction;

use super::{
    super::{
        Library, LibraryError, Scanned,
        facets::Facets,
        fingerprint,
        intake::{self, Found, Intake, Taken, sort_key},
        store::Lane,
    },
    AFTER_ENTRIES, ENTRY, entry_at, issue, path_of_entry,
};
use crate::{ingest::feed, story::link};

/// What is written of a feed that is not subscribed to, and of which no story is in any list but those that
/// the reader kept.
const ENDED: &str = "ended";

/// What is written of a feed some of whose entries are gone, and their stories are not yet.
pub(super) const LEFT: &str = "left";

/// Entries that one transaction brings in line.
const TOGETHER: usize = 1000;

/// How often feeds are looked through for what others left, at most: each time there are fewer.
const ROUNDS: usize = 8;

/// How a feed's stories are to stand in the lists.
pub(super) fn wanted(library: &Library, name: &str, folder: &str) -> String {
    format!("{}\n{folder}\n{name}", library.collection)
}

/// Says that a feed's stories are as they should be.
pub(super) fn is_settled(
    transaction: &Transaction<'_>,
    feed: i64,
    wanted: &str,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("UPDATE feed SET settled = ?2 WHERE id = ?1")?
        .execute((feed, wanted))?;
    Ok(())
}

/// Says that the stories of an entry's feed are to be brought in line.
pub(in crate::library) fn unsettle(
    transaction: &Transaction<'_>,
    entry: i64,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE feed SET settled = 'no' WHERE id = (SELECT feed FROM entry WHERE id = ?1)",
        )?
        .execute([entry])?;
    Ok(())
}

/// A feed whose stories are not as they should be.
struct Unsettled {
    id: i64,
    key: String,
    name: String,
    folder: String,
    page: Option<String>,
    ended: bool,
    settled: String,
}

/// An entry to be brought in line.
struct Each {
    id: i64,
    link: i64,
    ident: i64,
    print: i64,
    came: i64,
    comments: u32,
}

impl Library {
    /// Brings the stories of feeds in line with what was done with the feeds.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn settle_feeds(&self, stop: &AtomicBool) -> Result<Scanned, LibraryError> {
        let mut scanned = Scanned::default();
        if !self.feeds_here {
            return Ok(scanned);
        }
        // What one feed leaves another one may have to speak for, which is then to be brought in line, too.
        for _ in 0..ROUNDS {
            let unsettled = self.unsettled()?;
            if unsettled.is_empty() || stop.load(Ordering::Relaxed) {
                break;
            }
            self.settle_these(unsettled, &mut scanned, stop)?;
        }
        Ok(scanned)
    }

    fn settle_these(
        &self,
        unsettled: Vec<Unsettled>,
        scanned: &mut Scanned,
        stop: &AtomicBool,
    ) -> Result<(), LibraryError> {
        let mut facets = Facets::default();
        for feed in unsettled {
            if feed.settled == LEFT {
                let taken = self.store.write(Lane::Intake, |transaction| {
                    Ok(self.forget_entries(transaction, &mut facets)?)
                })?;
                self.note(taken, scanned);
            }
            let mut after = 0;
            let whole = loop {
                if stop.load(Ordering::Relaxed) {
                    break false;
                }
                let (taken, last) = self.store.write(Lane::Intake, |transaction| {
                    Ok(self.settle(transaction, &mut facets, &feed, after)?)
                })?;
                self.note(taken, scanned);
                match last {
                    Some(last) => after = last,
                    None => break true,
                }
            };
            if whole {
                let wanted = match feed.ended {
                    true => ENDED.to_owned(),
                    false => wanted(self, &feed.name, &feed.folder),
                };
                self.store.write(Lane::Intake, |transaction| {
                    Ok(is_settled(transaction, feed.id, &wanted)?)
                })?;
            }
        }
        Ok(())
    }

    fn unsettled(&self) -> Result<Vec<Unsettled>, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let mut statement = connection.prepare_cached(
            "SELECT id, key, coalesce(nullif(name, ''), nullif(title, ''), url), folder, page, ended, \
             settled FROM feed",
        )?;
        let feeds = statement.query_map([], |row| {
            Ok(Unsettled {
                id: row.get(0)?,
                key: row.get(1)?,
                name: link::shown(&row.get::<_, String>(2)?).into_owned(),
                folder: row.get(3)?,
                page: row.get(4)?,
                ended: row.get::<_, i64>(5)? != 0,
                settled: row.get(6)?,
            })
        })?;
        let mut unsettled = Vec::new();
        for feed in feeds {
            let feed = feed?;
            let is_settled = match feed.ended {
                // One without a word was never settled: there is nothing of it.
                true => feed.settled == ENDED || feed.settled.is_empty(),
                false => feed.settled == wanted(self, &feed.name, &feed.folder),
            };
            if !is_settled {
                unsettled.push(feed);
            }
        }
        Ok(unsettled)
    }

    /// Brings the next entries after that number in line. Gives the number of the last of them, unless
    /// these were all.
    fn settle(
        &self,
        transaction: &Transaction<'_>,
        facets: &mut Facets,
        feed: &Unsettled,
        after: i64,
    ) -> rusqlite::Result<(Taken, Option<i64>)> {
        let entries: Vec<Each> = transaction
            .prepare_cached(
                "SELECT id, link, ident, print, came, comments FROM entry WHERE feed = ?1 AND id > ?2 \
                 ORDER BY id LIMIT ?3",
            )?
            .query_map((feed.id, after, TOGETHER as i64), |row| {
                Ok(Each {
                    id: row.get(0)?,
                    link: row.get(1)?,
                    ident: row.get(2)?,
                    print: row.get(3)?,
                    came: row.get(4)?,
                    comments: row.get(5)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let last = entries.last().map(|it| it.id);
        let is_last = entries.len() < TOGETHER;
        self.leave_others(transaction, &entries)?;
        let mut intake = Intake::new(transaction, self.collection, &self.root, facets, true)?;
        for entry in &entries {
            let path = path_of_entry(entry.id);
            if feed.ended {
                if !self.is_kept(transaction, &path)? {
                    intake.forget(&path)?;
                }
                continue;
            }
            match intake.file(&path)? {
                Some(story) if !intake.is_stale(&path)? => {
                    if intake.speaks(&path)? {
                        transaction
                            .prepare_cached(
                                "UPDATE story SET origin = ?2, source_key = ?3 WHERE id = ?1",
                            )?
                            .execute((story, &feed.name, sort_key(&feed.name)))?;
                    }
                    intake.refile(story)?;
                }
                _ => {
                    if let Some(found) = found(transaction, feed, entry, path)? {
                        intake.take(found)?;
                    }
                }
            }
        }
        Ok((self.ended(intake)?, last.filter(|_| !is_last)))
    }

    /// Whether the reader did something with the story of an entry that is a reason to keep it.
    pub(super) fn is_kept(
        &self,
        transaction: &Transaction<'_>,
        path: &[u8],
    ) -> rusqlite::Result<bool> {
        transaction
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM file JOIN story ON story.id = file.story \
                 WHERE file.collection = ?1 AND path = ?2 AND \
                 (starred OR later OR noted OR (seen > 0 AND NOT read) \
                 OR EXISTS (SELECT 1 FROM tag WHERE tag.key = story.key)))",
            )?
            .query_row((self.collection, path), |row| row.get(0))
    }

    /// Takes the stories out of the lists whose entries are gone.
    fn forget_entries(
        &self,
        transaction: &Transaction<'_>,
        facets: &mut Facets,
    ) -> rusqlite::Result<Taken> {
        let mut gone: Vec<Vec<u8>> = transaction
            .prepare_cached(
                "SELECT path FROM file WHERE collection = ?1 AND path >= ?2 AND path < ?3",
            )?
            .query_map((self.collection, ENTRY, AFTER_ENTRIES), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut there = transaction.prepare_cached("SELECT 1 FROM entry WHERE id = ?1")?;
        let mut wrong = None;
        gone.retain(|path| {
            let entry = entry_at(path);
            let is_there = entry.map_or(Ok(true), |entry| there.exists([entry]));
            is_there.map_or_else(
                |error| {
                    wrong = Some(error);
                    false
                },
                |is_there| !is_there,
            )
        });
        if let Some(error) = wrong {
            return Err(error);
        }
        let mut intake = Intake::new(transaction, self.collection, &self.root, facets, true)?;
        for path in gone {
            intake.forget(&path)?;
        }
        self.ended(intake)
    }

    /// Takes entries out of other collections: the library is another folder now.
    fn leave_others(
        &self,
        transaction: &Transaction<'_>,
        entries: &[Each],
    ) -> rusqlite::Result<()> {
        let mut others: Vec<(i64, Vec<u8>, Vec<u8>)> = Vec::new();
        let mut statement = transaction.prepare_cached(
            "SELECT collection.id, collection.root FROM collection CROSS JOIN file \
             ON file.collection = collection.id AND file.path = ?2 WHERE collection.id <> ?1",
        )?;
        for entry in entries {
            let path = path_of_entry(entry.id);
            let mut rows = statement.query((self.collection, &path))?;
            while let Some(row) = rows.next()? {
                others.push((row.get(0)?, row.get(1)?, path.clone()));
            }
        }
        others.sort();
        for part in others.chunk_by(|one, other| one.0 == other.0) {
            let Some((collection, root, _)) = part.first() else {
                continue;
            };
            let mut facets = Facets::default();
            let root = intake::path_of(root);
            let mut intake = Intake::new(transaction, *collection, root, &mut facets, true)?;
            for (_, _, path) in part {
                intake.forget(path)?;
            }
            intake.finish()?;
        }
        Ok(())
    }
}

/// The story of an entry that is in no list.
fn found(
    transaction: &Transaction<'_>,
    feed: &Unsettled,
    entry: &Each,
    path: Vec<u8>,
) -> rusqlite::Result<Option<Found>> {
    let content: String = transaction
        .prepare_cached("SELECT content FROM entry WHERE id = ?1")?
        .query_row([entry.id], |row| row.get(0))?;
    let Ok(read) = serde_json::from_str::<feed::Entry>(&content) else {
        return Ok(None);
    };
    let link = read.link.as_deref().and_then(link::canonical);
    let key = link
        .filter(|it| fingerprint::of(it.as_bytes()) == entry.link)
        .unwrap_or_else(|| format!("entry:{}#{:x}", feed.key, entry.ident));
    let came = jiff::Timestamp::from_second(entry.came).unwrap_or_default();
    let mut row = issue::row_of(&read, key, feed.page.as_deref(), entry.comments, came);
    row.is_of_feed(feed.id, &feed.name, &feed.folder);
    Ok(Some(Found {
        path,
        stamp: entry.print,
        hash: 0,
        entry: row,
    }))
}
