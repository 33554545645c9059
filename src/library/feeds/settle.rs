//! Bringing stories in line with what the reader did with feeds: a feed was renamed or moved, or is no
//! longer subscribed to, or another program took its entries in. Its stories belong to every library of the
//! database; each has rows of its own, and says in the table `settled` how far it is in line, so whoever is
//! killed goes on where the last one ended, and no program touches another's lists.

use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{OptionalExtension, Transaction};

use super::{
    super::{
        Library, LibraryError, Scanned,
        facets::Facets,
        fingerprint,
        intake::{Found, Intake, Taken, sort_key},
        store::Lane,
    },
    AFTER_ENTRIES, ENTRY, FOLDER, GOES_BY, entry_at, issue, path_of_entry,
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

/// The entries of a feed (`?1`) after a number, so many.
const ALL: &str = "SELECT id, link, ident, print, came, edited, comments, octet_length(content) = 0 \
     FROM entry WHERE feed = ?1 AND id > ?2 AND ?4 = ?4 ORDER BY id LIMIT ?3";

/// The same, but those alone that are not in the lists of a library (`?4`) as they are now.
const BEHIND: &str = "SELECT id, link, ident, print, came, edited, comments, octet_length(content) = 0 \
     FROM entry LEFT JOIN file ON file.collection = ?4 \
     AND file.path = CAST(x'FF00' || unhex(printf('%016X', entry.id)) AS BLOB) \
     WHERE feed = ?1 AND id > ?2 AND iif(octet_length(content) = 0, stamp IS NOT NULL, stamp IS NOT print) \
     ORDER BY id LIMIT ?3";

/// The stories that an entry, by its path (`?1`), is in all libraries.
pub(super) const STORIES_OF_ENTRY: &str = "SELECT file.story FROM collection CROSS JOIN file \
     ON file.collection = collection.id AND file.path = ?1";

/// How a feed's stories are to stand in the lists.
pub(super) fn wanted(name: &str, folder: &str) -> String {
    format!("{folder}\n{name}")
}

/// Says that a feed's stories are as they should be in the lists of a library, as its entries were at that
/// turn.
pub(super) fn is_settled(
    transaction: &Transaction<'_>,
    collection: i64,
    feed: i64,
    (wanted, turn): (&str, i64),
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO settled (collection, feed, how, turn) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT DO UPDATE SET how = ?3, turn = ?4",
        )?
        .execute((collection, feed, wanted, turn))?;
    Ok(())
}

/// Says that entries of a feed came, changed or went, and that they did so in the lists of this library, too.
/// Those of others are behind from now on.
pub(super) fn count_up(
    transaction: &Transaction<'_>,
    collection: i64,
    feed: i64,
) -> rusqlite::Result<()> {
    for sql in [
        "UPDATE settled SET turn = turn + 1 WHERE collection = ?1 AND feed = ?2 \
         AND turn = (SELECT turn FROM feed WHERE id = ?2)",
        "UPDATE feed SET turn = turn + 1 WHERE id = ?2 AND ?1 = ?1",
    ] {
        transaction
            .prepare_cached(sql)?
            .execute((collection, feed))?;
    }
    Ok(())
}

/// Says that the stories of an entry's feed are to be brought in line in the lists of a library.
pub(in crate::library) fn unsettle(
    transaction: &Transaction<'_>,
    collection: i64,
    entry: i64,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE settled SET how = 'no' WHERE collection = ?1 \
             AND feed = (SELECT feed FROM entry WHERE id = ?2)",
        )?
        .execute((collection, entry))?;
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
    /// How its stories stand in the lists; nothing where they never were in any.
    how: Option<String>,
    /// How often its entries have changed.
    turn: i64,
}

impl Unsettled {
    /// Whether its stories stand where they should, but for those whose entries changed.
    fn is_behind(&self) -> bool {
        !self.ended && self.how.as_deref() == Some(&wanted(&self.name, &self.folder))
    }
}

/// An entry to be brought in line.
struct Each {
    id: i64,
    link: i64,
    ident: i64,
    print: i64,
    came: i64,
    edited: i64,
    comments: u32,
    /// Whether it is not to be kept any more ([`super::retention`]).
    retired: bool,
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
            if feed.how.as_deref() == Some(LEFT) {
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
                    false => wanted(&feed.name, &feed.folder),
                };
                // What changed meanwhile has another turn, and is seen to in the next round.
                let at = (&*wanted, feed.turn);
                self.store.write(Lane::Intake, |transaction| {
                    Ok(is_settled(transaction, self.collection, feed.id, at)?)
                })?;
            }
        }
        Ok(())
    }

    /// Whether stories of feeds are not as they should be in the lists: nobody brought them in line yet, or
    /// another program took entries in since.
    pub(in crate::library) fn has_unsettled_feeds(&self) -> Result<bool, LibraryError> {
        Ok(self.feeds_here && !self.unsettled()?.is_empty())
    }

    fn unsettled(&self) -> Result<Vec<Unsettled>, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT id, key, {GOES_BY}, {FOLDER}, page, ended, how, feed.turn, settled.turn IS feed.turn \
             FROM feed LEFT JOIN settled ON collection = ?1 AND settled.feed = feed.id"
        ))?;
        let feeds = statement.query_map([self.collection], |row| {
            let feed = Unsettled {
                id: row.get(0)?,
                key: row.get(1)?,
                name: link::shown(&row.get::<_, String>(2)?).into_owned(),
                folder: row.get(3)?,
                page: row.get(4)?,
                ended: row.get::<_, i64>(5)? != 0,
                how: row.get(6)?,
                turn: row.get(7)?,
            };
            Ok((feed, row.get::<_, bool>(8)?))
        })?;
        let mut unsettled = Vec::new();
        for feed in feeds {
            let (feed, is_up_to_date) = feed?;
            let is_settled = match feed.ended {
                // One without a word was never settled: there is nothing of it.
                true => feed.how.as_deref().is_none_or(|how| how == ENDED),
                false => is_up_to_date && feed.is_behind(),
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
        let mut statement = transaction.prepare_cached(match feed.is_behind() {
            true => BEHIND,
            false => ALL,
        })?;
        let entries: Vec<Each> = statement
            .query_map((feed.id, after, TOGETHER as i64, self.collection), |row| {
                Ok(Each {
                    id: row.get(0)?,
                    link: row.get(1)?,
                    ident: row.get(2)?,
                    print: row.get(3)?,
                    came: row.get(4)?,
                    edited: row.get(5)?,
                    comments: row.get(6)?,
                    retired: row.get(7)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let last = entries.last().map(|it| it.id);
        let is_last = entries.len() < TOGETHER;
        let mut intake = Intake::new(transaction, self.collection, &self.root, facets, true)?;
        for entry in &entries {
            let path = path_of_entry(entry.id);
            if feed.ended {
                if !self.is_kept(transaction, &path)? {
                    intake.forget(&path)?;
                }
                continue;
            }
            if entry.retired {
                intake.forget(&path)?;
                continue;
            }
            match intake.file(&path)? {
                Some(story) if intake.is_of(&path, entry.print)? => {
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
                    if let Some(found) = found(transaction, feed, entry, path.clone())? {
                        intake.take(found)?;
                    }
                    if entry.edited > 0 && intake.speaks(&path)? {
                        let story = intake.file(&path)?;
                        transaction
                            .prepare_cached("UPDATE story SET edited = ?2 WHERE id = ?1")?
                            .execute((story, entry.edited))?;
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
    // One story has one state, whichever library it is read in.
    let elsewhere: Option<String> = transaction
        .prepare_cached(&format!(
            "SELECT key FROM story WHERE id IN ({STORIES_OF_ENTRY}) LIMIT 1"
        ))?
        .query_row([&path], |row| row.get(0))
        .optional()?;
    let link = || {
        let link = read.link.as_deref().and_then(link::canonical);
        link.filter(|it| fingerprint::of(it.as_bytes()) == entry.link)
    };
    let key = elsewhere
        .or_else(link)
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
