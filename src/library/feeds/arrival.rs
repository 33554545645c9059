//! Taking in what feeds sent.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Transaction};

use super::{
    super::{
        Library, LibraryError, Scanned, StoreError,
        facets::Facets,
        intake::{Found, Intake, Taken},
        store::Lane,
    },
    issue::{Incoming, Issue},
    path_of_entry, settle,
};
use crate::{
    ingest::feed,
    story::{FeedId, fold::Folding},
};

/// Entries of a feed that there may be before its first ones, for them to be taken for a first scan.
const FEW: i64 = 1000;

/// What came of asking a feed's server.
#[derive(Debug)]
pub struct Arrival {
    /// Which feed.
    pub feed: FeedId,
    /// Seconds since 1970 when it was asked.
    pub at: i64,
    /// Milliseconds that it took.
    pub took: i64,
    /// When to ask again, as seconds since 1970; and before when not to.
    pub due: i64,
    /// See `due`.
    pub resting: i64,
    /// What came.
    pub outcome: Outcome,
}

/// What came of asking a feed's server.
#[derive(Debug)]
pub enum Outcome {
    /// There is nothing new.
    Unchanged,
    /// It sent this.
    Came {
        /// The feed, read.
        issue: Box<Issue>,
        /// The entity tag of the answer.
        etag: Option<String>,
        /// The date of change of the answer.
        modified: Option<String>,
        /// Where it has moved for good.
        moved: Option<String>,
    },
    /// It could not be had, in words.
    Failed(String),
}

/// Takes in what feeds send, one after the other.
#[derive(Debug)]
pub struct Arrivals<'a> {
    library: &'a Library,
    facets: Facets,
    /// What has come in so far.
    pub scanned: Scanned,
    /// Stories that were not there before.
    pub new: usize,
    late: bool,
}

/// A feed as its entries are taken in.
struct Home {
    id: i64,
    name: String,
    folder: String,
}

/// What is known of an entry.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    link: i64,
    print: i64,
    comments: u32,
}

impl Library {
    /// Begins to take in what feeds send. `fresh` is how many of them never sent anything.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn arrivals(&self, fresh: usize) -> Result<Arrivals<'_>, LibraryError> {
        // As for the first scan of all: many rows, and few that are there.
        let late = fresh > 4;
        if late {
            self.store.expect(Lane::Intake, true)?;
            self.store.put_off_indexes(FEW)?;
        }
        Ok(Arrivals {
            library: self,
            facets: Facets::default(),
            scanned: Scanned::default(),
            new: 0,
            late,
        })
    }
}

impl Arrivals<'_> {
    /// Takes in what came, all of it or nothing.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn take(&mut self, arrivals: Vec<Arrival>) -> Result<(), LibraryError> {
        let library = self.library;
        let facets = &mut self.facets;
        let (taken, new) = library.store.write(Lane::Intake, |transaction| {
            let mut all = Vec::new();
            let mut new = 0;
            for arrival in arrivals {
                let (taken, its) = arrive(library, transaction, facets, arrival)?;
                all.extend(taken);
                new += its;
            }
            Ok((all, new))
        })?;
        self.new += new;
        for taken in taken {
            library.note(taken, &mut self.scanned);
        }
        Ok(())
    }

    /// Ends it: what only makes some lists faster is built.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn finish(self) -> Result<(Scanned, usize), LibraryError> {
        if self.late {
            self.library.store.build_indexes()?;
            self.library.store.expect(Lane::Intake, false)?;
        }
        Ok((self.scanned, self.new))
    }
}

fn arrive(
    library: &Library,
    transaction: &Transaction<'_>,
    facets: &mut Facets,
    arrival: Arrival,
) -> Result<(Option<Taken>, usize), StoreError> {
    let feed = i64::from(arrival.feed.0);
    // Whoever unsubscribed meanwhile wants nothing of it.
    let settled: Option<String> = transaction
        .prepare_cached("SELECT settled FROM feed WHERE id = ?1 AND ended = 0")?
        .query_row([feed], |row| row.get(0))
        .optional()?;
    let Some(settled) = settled else {
        return Ok((None, 0));
    };
    transaction
        .prepare_cached(
            "UPDATE feed SET checked = ?2, took = ?3, due = ?4, resting = ?5 WHERE id = ?1",
        )?
        .execute((feed, arrival.at, arrival.took, arrival.due, arrival.resting))?;
    let (issue, etag, modified, moved) = match arrival.outcome {
        Outcome::Unchanged => {
            is_well(transaction, feed)?;
            return Ok((None, 0));
        }
        Outcome::Failed(why) => {
            transaction
                .prepare_cached(
                    "UPDATE feed SET trouble = ?2, failures = failures + 1, \
                     since = CASE WHEN trouble IS NULL THEN ?3 ELSE since END WHERE id = ?1",
                )?
                .execute((feed, why, arrival.at))?;
            return Ok((None, 0));
        }
        Outcome::Came {
            issue,
            etag,
            modified,
            moved,
        } => (issue, etag, modified, moved),
    };
    is_well(transaction, feed)?;
    transaction
        .prepare_cached(
            "UPDATE feed SET title = ?2, page = ?3, language = ?4, print = ?5, etag = ?6, modified = ?7, \
             url = coalesce(?8, url), newest = ?9 WHERE id = ?1",
        )?
        .execute((
            feed,
            &issue.title,
            &issue.page,
            &issue.language,
            issue.print,
            etag,
            modified,
            moved,
            issue.newest(),
        ))?;
    let (name, folder) = transaction
        .prepare_cached(
            "SELECT coalesce(nullif(name, ''), nullif(title, ''), url), folder FROM feed WHERE id = ?1",
        )?
        .query_row([feed], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let home = Home {
        id: feed,
        name,
        folder,
    };
    let known = known(transaction, feed)?;
    let wanted = settle::wanted(library, &home.name, &home.folder);
    if known.is_empty() && settled != wanted {
        // There is nothing to bring in line: its stories come in as they should be.
        settle::is_settled(transaction, feed, &wanted)?;
    }
    let is_first = known.is_empty();
    let mut intake = Intake::new(
        transaction,
        library.collection,
        &library.root,
        facets,
        !is_first,
    )?;
    let mut links: HashMap<i64, Vec<i64>> = HashMap::new();
    for (ident, known) in known.iter().filter(|(_, known)| known.link != 0) {
        links.entry(known.link).or_default().push(*ident);
    }
    let mut coming = Coming {
        transaction,
        collection: library.collection,
        home,
        at: arrival.at,
        known,
        links,
        new: 0,
        edited: 0,
    };
    // The last one first: of entries of one moment the first in the feed has the higher number.
    for incoming in issue.entries.into_iter().rev() {
        coming.take(&mut intake, incoming)?;
    }
    if coming.new + coming.edited > 0 {
        transaction
            .prepare_cached("UPDATE feed SET changed = ?2 WHERE id = ?1")?
            .execute((feed, arrival.at))?;
    }
    let new = coming.new;
    Ok((Some(library.ended(intake)?), new))
}

/// Nothing is wrong with a feed any more.
fn is_well(transaction: &Transaction<'_>, feed: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE feed SET trouble = NULL, failures = 0, since = 0 WHERE id = ?1 AND failures > 0",
        )?
        .execute([feed])?;
    Ok(())
}

/// The entries of a feed, by their idents.
fn known(transaction: &Transaction<'_>, feed: i64) -> rusqlite::Result<HashMap<i64, Known>> {
    let mut statement = transaction
        .prepare_cached("SELECT ident, id, link, print, comments FROM entry WHERE feed = ?1")?;
    let known = statement.query_map([feed], |row| {
        let known = Known {
            id: row.get(1)?,
            link: row.get(2)?,
            print: row.get(3)?,
            comments: row.get(4)?,
        };
        Ok((row.get(0)?, known))
    })?;
    known.collect()
}

/// The entries of one feed on their way in.
struct Coming<'a> {
    transaction: &'a Transaction<'a>,
    collection: i64,
    home: Home,
    at: i64,
    known: HashMap<i64, Known>,
    /// The idents of those that have a link.
    links: HashMap<i64, Vec<i64>>,
    new: usize,
    edited: usize,
}

impl Coming<'_> {
    fn take(&mut self, intake: &mut Intake<'_>, mut incoming: Incoming) -> rusqlite::Result<()> {
        let known = match self.known.get(&incoming.ident) {
            None => self.renumbered(&incoming)?,
            Some(known) => Some(*known),
        };
        if let Some(known) = known
            && known.print == incoming.print
        {
            if known.comments != incoming.comments {
                return self.count_comments(known.id, incoming.comments);
            }
            return Ok(());
        }
        let id = match known {
            Some(known) => {
                self.transaction
                    .prepare_cached(
                        "UPDATE entry SET link = ?2, print = ?3, edited = ?4, comments = ?5, \
                         content = ?6 WHERE id = ?1",
                    )?
                    .execute((
                        known.id,
                        incoming.link,
                        incoming.print,
                        self.at,
                        incoming.comments,
                        &incoming.content,
                    ))?;
                self.edited += 1;
                known.id
            }
            None => {
                self.transaction
                    .prepare_cached(
                        "INSERT INTO entry (feed, ident, link, print, came, comments, content) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )?
                    .execute((
                        self.home.id,
                        incoming.ident,
                        incoming.link,
                        incoming.print,
                        self.at,
                        incoming.comments,
                        &incoming.content,
                    ))?;
                self.new += 1;
                self.transaction.last_insert_rowid()
            }
        };
        let linked = self.links.get(&incoming.link).map_or(&[][..], |it| it);
        if linked.iter().any(|ident| *ident != incoming.ident) {
            incoming.entry.key = incoming.own_key;
        }
        let Home {
            id: feed,
            name,
            folder,
        } = &self.home;
        incoming.entry.is_of_feed(*feed, name, folder);
        intake.take(Found {
            path: path_of_entry(id),
            stamp: incoming.print,
            hash: 0,
            entry: incoming.entry,
        })
    }

    /// The ident of the entry that this one is under another identifier: a feed that changed how it numbers
    /// its entries announces none of them anew. One that always names the same page does, so more than the
    /// link has to be the same.
    fn renumbered(&self, incoming: &Incoming) -> rusqlite::Result<Option<Known>> {
        let Some([ident]) = self.links.get(&incoming.link).map(|it| &**it) else {
            return Ok(None);
        };
        let Some(known) = self.known.get(ident).copied() else {
            return Ok(None);
        };
        let content: String = self
            .transaction
            .prepare_cached("SELECT content FROM entry WHERE id = ?1")?
            .query_row([known.id], |row| row.get(0))?;
        let read = |content: &str| serde_json::from_str::<feed::Entry>(content).ok();
        let (Some(old), Some(new)) = (read(&content), read(&incoming.content)) else {
            return Ok(None);
        };
        let title = |entry: &feed::Entry| Folding::ALL.apply(entry.title.trim());
        let is_one = title(&old) == title(&new)
            || (old.published.is_some() && old.published == new.published);
        if is_one {
            self.transaction
                .prepare_cached("UPDATE entry SET ident = ?2 WHERE id = ?1")?
                .execute((known.id, incoming.ident))?;
        }
        Ok(is_one.then_some(known))
    }

    fn count_comments(&self, entry: i64, comments: u32) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached("UPDATE entry SET comments = ?2 WHERE id = ?1")?
            .execute((entry, comments))?;
        self.transaction
            .prepare_cached(
                "UPDATE story SET comments = ?3 WHERE id = \
                 (SELECT story FROM file WHERE collection = ?1 AND path = ?2)",
            )?
            .execute((self.collection, path_of_entry(entry), comments))?;
        Ok(())
    }
}
