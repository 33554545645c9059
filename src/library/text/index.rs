//! Filling the index: stories that are not in it yet are read on two threads and written by one, in
//! transactions so short that nobody waits for them.
//!
//! Each batch is one transaction that also says which stories it holds, so whoever is killed goes on
//! where the last one ended. FTS5 makes a segment of each; segments are merged afterwards, in steps
//! as short.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::{Connection, Transaction};

use super::{
    super::{Library, LibraryError, Place, store::Lane},
    forget, terms, visible,
};
use crate::{ingest, story::words};

/// Threads that read stories.
const READERS: usize = 2;

/// Stories that wait to be written, at most.
const WAITING: usize = 256;

/// How long a transaction is to take.
const GOAL: Duration = Duration::from_millis(35);

/// Bytes of text in a transaction: the first ones, the fewest, the most.
const FIRST: usize = 512 * 1024;
const FEWEST: usize = 256 * 1024;
const MOST: usize = 4 * 1024 * 1024;

/// Stories in a transaction, at most: each has its row, too.
const STORIES: usize = 1000;

/// How long a batch waits for more.
const PATIENCE: Duration = Duration::from_millis(30);

/// Stories that are asked for at once.
const PAGE: usize = 512;

/// Segments that may wait to be merged: FTS5 holds 2,000, and each merge writes all of them anew.
const SEGMENTS: usize = 1200;

/// Pages that a step of merging writes: at first, and at most. Only then those it was made of are
/// free again, and the database is larger by as much.
const MERGED: i32 = 500;
const PAGES: i32 = 1000;

/// One part in so many of the database may be free; above that, pages are given back, so many at once.
const FREE: i64 = 20;
const GIVEN: i64 = 200;

/// How far the indexer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Indexing {
    /// Stories that were indexed by this run.
    pub done: usize,
    /// Stories that are to be.
    pub total: usize,
}

/// A story to be read.
struct Job {
    story: i64,
    /// Of its file, when it was asked for: while that is the same, so is the text.
    stamp: i64,
    path: Vec<u8>,
}

/// A story's texts, ready for the index.
struct Texts {
    story: i64,
    stamp: i64,
    title: String,
    byline: String,
    body: String,
    /// What its words are in, where it declares no language.
    language: Option<&'static str>,
    /// How many words it has, if it can be read: of a long file that was estimated by its beginning.
    words: Option<usize>,
}

impl Texts {
    /// One that cannot be read has none; it is asked for again when its file has changed.
    fn read(job: Job, place: Option<Place>, library: &Library) -> Self {
        // A story that upsets a parser must not end the program.
        let read = || catch_unwind(AssertUnwindSafe(|| library.words_at(&place?).ok())).ok()?;
        let mut texts = Texts {
            story: job.story,
            stamp: job.stamp,
            title: String::new(),
            byline: String::new(),
            body: String::new(),
            language: None,
            words: None,
        };
        if let Some(story) = read() {
            texts.language = ingest::language_of(&story);
            texts.words = Some(words(&story.markdown));
            texts.title = terms::indexed(&story.title).into_owned();
            texts.byline = terms::indexed(&story.authors.join("\n")).into_owned();
            let body = visible::visible(&story.markdown);
            let other = terms::indexed(&body);
            texts.body = match other {
                std::borrow::Cow::Owned(other) => other,
                std::borrow::Cow::Borrowed(_) => body,
            };
        }
        texts
    }

    fn bytes(&self) -> usize {
        self.title.len() + self.byline.len() + self.body.len()
    }

    /// Writes them in place of what was there; says whether they were wanted still.
    fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
        let wanted = transaction
            .prepare_cached(
                "UPDATE story SET indexed = 1, language = coalesce(language, ?3), \
                 words = coalesce(?4, words) \
                 WHERE id = ?1 AND indexed = 0 AND EXISTS \
                 (SELECT 1 FROM file WHERE story = ?1 AND stamp = ?2)",
            )?
            .execute((self.story, self.stamp, self.language, self.words))?;
        if wanted == 0 {
            return Ok(false);
        }
        forget(transaction, self.story)?;
        transaction
            .prepare_cached(
                "INSERT INTO story_text (rowid, title, byline, body) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((self.story, &self.title, &self.byline, &self.body))?;
        Ok(true)
    }
}

/// The stories that are not indexed, in the order of their numbers.
struct Feed<'a> {
    library: &'a Library,
    page: VecDeque<Job>,
    after: i64,
    ended: bool,
}

impl Feed<'_> {
    fn next(&mut self) -> Result<Option<Job>, LibraryError> {
        if self.page.is_empty() && !self.ended {
            let connection = self.library.store.hold(Lane::Background)?;
            let mut statement = connection.prepare_cached(
                "SELECT story.id, file.stamp, file.path FROM story INDEXED BY story_unindexed \
                 JOIN file ON file.story = story.id AND file.path = \
                   (SELECT min(path) FROM file WHERE story = story.id) \
                 WHERE story.collection = ?1 AND story.indexed = 0 AND story.id > ?2 \
                 ORDER BY story.id LIMIT ?3",
            )?;
            let jobs =
                statement.query_map((self.library.collection, self.after, PAGE as i64), |row| {
                    Ok(Job {
                        story: row.get(0)?,
                        stamp: row.get(1)?,
                        path: row.get(2)?,
                    })
                })?;
            self.page = jobs.collect::<rusqlite::Result<_>>()?;
            self.ended = self.page.len() < PAGE;
            self.after = self.page.back().map_or(self.after, |job| job.story);
        }
        Ok(self.page.pop_front())
    }
}

impl Library {
    /// Indexes the texts of all stories that are not indexed yet, or were changed since. `told` is
    /// called after every batch; `stop` ends the work early, and what was written so far stays.
    /// Gives how many stories were indexed.
    ///
    /// # Errors
    /// If the database fails. A story that cannot be read is no error; it is found by nothing.
    pub fn index_texts(
        &self,
        stop: &AtomicBool,
        told: &dyn Fn(Indexing),
    ) -> Result<usize, LibraryError> {
        let known = self.count_texts("SELECT count(*) FROM story WHERE collection = ?1")?;
        let mut done = Indexing {
            done: 0,
            total: self.unindexed()?,
        };
        let mut segments = 0;
        while done.total > done.done && !stop.load(Ordering::Relaxed) {
            let before = done.done;
            self.index_round(stop, &mut done, &mut segments, told)?;
            if done.done == before {
                break;
            }
            // Some may have come in, or have changed, meanwhile.
            done.total = done.done + self.unindexed()?;
        }
        self.search.wait_for_texts(0);
        // After many have come in, one tree is made of all: that takes as long as a merge of many.
        self.merge(stop, done.done > 256 && done.done * 4 > known)?;
        self.give_back(stop)?;
        if done.done > 0 {
            // What was written ahead is taken over, and the file is as small as it can be.
            self.store.expect(Lane::Text, false)?;
            // Searches may find more now.
            self.changed();
        }
        Ok(done.done)
    }

    /// Stories that are not indexed.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn unindexed(&self) -> Result<usize, LibraryError> {
        self.count_texts(
            "SELECT count(*) FROM story INDEXED BY story_unindexed \
             WHERE collection = ?1 AND indexed = 0",
        )
    }

    fn count_texts(&self, sql: &str) -> Result<usize, LibraryError> {
        let connection = self.store.hold(Lane::Text)?;
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row([self.collection], |row| row.get(0))?)
    }

    /// Indexes what is not indexed when it begins.
    fn index_round(
        &self,
        stop: &AtomicBool,
        done: &mut Indexing,
        segments: &mut usize,
        told: &dyn Fn(Indexing),
    ) -> Result<(), LibraryError> {
        let feed = Mutex::new(Feed {
            library: self,
            page: VecDeque::new(),
            after: 0,
            ended: false,
        });
        // A writer that fails must stop the readers, too.
        let ended = AtomicBool::new(false);
        let (sender, receiver) = bounded(WAITING);
        thread::scope(|scope| {
            let mut readers = Vec::new();
            for number in 0..READERS {
                let sender = sender.clone();
                let (feed, ended) = (&feed, &ended);
                let work = move || self.read_texts(feed, &sender, &[stop, ended]);
                let name = format!("read {number}");
                if let Ok(reader) = thread::Builder::new().name(name).spawn_scoped(scope, work) {
                    readers.push(reader);
                }
            }
            drop(sender);
            if readers.is_empty() {
                return Err(LibraryError::Threads);
            }
            let written = self.write_texts(receiver, stop, done, segments, told);
            ended.store(true, Ordering::Relaxed);
            for reader in readers {
                if let Ok(read) = reader.join() {
                    read?;
                }
            }
            written
        })
    }

    fn read_texts(
        &self,
        feed: &Mutex<Feed<'_>>,
        sender: &Sender<Texts>,
        stops: &[&AtomicBool],
    ) -> Result<(), LibraryError> {
        while !stops.iter().any(|stop| stop.load(Ordering::Relaxed)) {
            let next = {
                let mut feed = feed.lock().unwrap_or_else(PoisonError::into_inner);
                feed.next()?
            };
            let Some(job) = next else { break };
            let place = self.place_at(&*self.store.hold(Lane::Background)?, &job.path);
            if sender.send(Texts::read(job, place, self)).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn write_texts(
        &self,
        texts: Receiver<Texts>,
        stop: &AtomicBool,
        done: &mut Indexing,
        segments: &mut usize,
        told: &dyn Fn(Indexing),
    ) -> Result<(), LibraryError> {
        let mut room = FIRST;
        while let Ok(first) = texts.recv() {
            let begun = Instant::now();
            let mut bytes = first.bytes();
            let mut batch = vec![first];
            while bytes < room && batch.len() < STORIES {
                let left = PATIENCE.saturating_sub(begun.elapsed());
                let Ok(next) = texts.recv_timeout(left) else {
                    break;
                };
                bytes += next.bytes();
                batch.push(next);
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
            // FTS5 begins a new segment where numbers do not go up.
            batch.sort_unstable_by_key(|texts| texts.story);
            let (wanted, begun) = self.store.write(Lane::Text, |transaction| {
                let begun = Instant::now();
                let mut wanted = 0;
                for texts in &batch {
                    wanted += usize::from(texts.write(transaction)?);
                }
                Ok((wanted, begun))
            })?;
            // The segment is written at the end of the transaction.
            let took = begun.elapsed();
            if bytes * 2 > room {
                room = adjusted(bytes, took)
                    .clamp(room / 2, room * 2)
                    .clamp(FEWEST, MOST);
            }
            done.done += wanted;
            *segments += 1;
            if *segments >= SEGMENTS {
                *segments = 0;
                self.merge(stop, false)?;
            }
            self.search
                .wait_for_texts(done.total.saturating_sub(done.done));
            told(*done);
        }
        Ok(())
    }

    /// Makes the database smaller where much of it is free: while segments are merged, they lie in it
    /// twice.
    fn give_back(&self, stop: &AtomicBool) -> Result<(), LibraryError> {
        let connection = self.store.hold(Lane::Text)?;
        let (mut free, mut all) = pages(&connection)?;
        drop(connection);
        while free * FREE > all && !stop.load(Ordering::Relaxed) {
            let left = self.store.write(Lane::Text, |transaction| {
                // Every page is a step of it.
                let sql = format!("PRAGMA incremental_vacuum({GIVEN})");
                let mut statement = transaction.prepare(&sql)?;
                let mut steps = statement.query([])?;
                while steps.next()?.is_some() {}
                Ok(pages(transaction)?)
            })?;
            // A database of an earlier version keeps its pages, and uses them for what comes in.
            if left.0 >= free {
                break;
            }
            (free, all) = left;
        }
        Ok(())
    }

    /// Merges segments of the index in short transactions: all into one, or those of one size where
    /// there are several.
    fn merge(&self, stop: &AtomicBool, all: bool) -> Result<(), LibraryError> {
        let mut pages = MERGED;
        let mut first = all;
        while !stop.load(Ordering::Relaxed) {
            let (more, begun) = self.store.write(Lane::Text, |transaction| {
                let begun = Instant::now();
                let order = if first { -pages } else { pages };
                Ok((merge_step(transaction, order)?, begun))
            })?;
            let took = begun.elapsed();
            if !more {
                break;
            }
            first = false;
            let next = adjusted(usize::try_from(pages).unwrap_or(1), took);
            pages = i32::try_from(next)
                .unwrap_or(MERGED)
                .clamp(pages / 2, pages * 2)
                .clamp(16, PAGES);
        }
        Ok(())
    }
}

/// Pages that hold nothing, and all pages.
fn pages(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get(0));
    Ok((number("freelist_count")?, number("page_count")?))
}

/// One step of merging; says whether there was anything to do.
fn merge_step(connection: &Connection, pages: i32) -> rusqlite::Result<bool> {
    let before = connection.total_changes();
    connection
        .prepare_cached("INSERT INTO story_text (story_text, rank) VALUES ('merge', ?1)")?
        .execute([pages])?;
    // So sqlite.org/fts5.html tells how to see it.
    Ok(connection.total_changes() - before >= 2)
}

/// How much to do at once where so much took so long.
fn adjusted(amount: usize, took: Duration) -> usize {
    let took = took.as_micros().max(1);
    let wanted = amount as u128 * GOAL.as_micros() / took;
    usize::try_from(wanted).unwrap_or(usize::MAX)
}
