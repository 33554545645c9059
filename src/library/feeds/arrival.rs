//! Taking in what feeds sent.

use std::{collections::HashSet, sync::atomic::AtomicBool};

use jiff::Timestamp;
use rusqlite::Transaction;

use super::{
    super::{Library, LibraryError, Scanned, StoreError, facets::Facets, store::Lane},
    Call,
    coming::{Arrived, Manner, come_in},
    issue::Issue,
    retention::Keep,
    rules::Rule,
};
use crate::{ingest::feed, story::FeedId};

/// Entries of a feed that there may be before its first ones, for them to be taken for a first scan.
const FEW: i64 = 1000;

/// What came of asking a feed's server.
#[derive(Debug)]
pub struct Arrival {
    /// Which feed.
    pub feed: FeedId,
    /// Seconds since 1970 when it was asked.
    pub at: i64,
    /// Whether it has the feed be asked less often if it could not be had.
    pub counts: bool,
    /// Milliseconds that it took.
    pub took: i64,
    /// When to ask again, as seconds since 1970; and before when not to.
    pub due: i64,
    /// See `due`.
    pub resting: i64,
    /// Seconds between two times that it is to be asked, as `due` was reckoned.
    pub every: i64,
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
    rules: &'a [Rule],
    facets: Facets,
    came: Came,
    /// The entries whose stories are new.
    new: HashSet<i64>,
    late: bool,
}

/// What came in.
#[derive(Debug, Default)]
pub struct Came {
    /// What it did with the lists.
    pub scanned: Scanned,
    /// Stories that were not there before.
    pub new: usize,
    /// Titles of those among them that the reader is to be told of.
    pub notable: Vec<String>,
    /// The names of the feeds that they came from.
    pub feeds: Vec<String>,
}

impl Library {
    /// Begins to take in what feeds send. `fresh` is how many of them never sent anything; `rules` say what is
    /// done with new stories.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn arrivals<'a>(
        &'a self,
        fresh: usize,
        rules: &'a [Rule],
    ) -> Result<Arrivals<'a>, LibraryError> {
        // As for the first scan of all: many rows, and few that are there.
        let late = fresh > 4;
        if late {
            self.store.expect(Lane::Intake, true)?;
            self.store.put_off_indexes(FEW)?;
        }
        Ok(Arrivals {
            library: self,
            rules,
            facets: Facets::default(),
            came: Came::default(),
            new: HashSet::new(),
            late,
        })
    }
}

impl Arrivals<'_> {
    /// Takes in what came, each feed's all or not at all.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn take(&mut self, arrivals: Vec<Arrival>) -> Result<(), LibraryError> {
        let library = self.library;
        let (facets, rules) = (&mut self.facets, self.rules);
        let mut left = arrivals.into_iter().peekable();
        while left.peek().is_some() {
            let all = library.store.write(Lane::Intake, |transaction| {
                let mut all = Vec::new();
                for arrival in left.by_ref() {
                    all.extend(arrive(library, transaction, (facets, rules), arrival)?);
                    // A reader who marks something is not to wait for all the others.
                    if library.store.is_pressed() {
                        break;
                    }
                }
                Ok(all)
            })?;
            for arrived in all {
                if !arrived.new.is_empty() {
                    self.came.feeds.push(arrived.feed);
                }
                self.new.extend(arrived.new);
                self.came.notable.extend(arrived.notable);
                library.note(arrived.taken, &mut self.came.scanned);
            }
        }
        Ok(())
    }

    /// Stories that were not there before, so far.
    pub fn new_stories(&self) -> usize {
        self.new.len()
    }

    /// Takes in what another reader kept of the feed of `call`, all of it or nothing; what is known here stays
    /// as it is. Gives what the stories are known by, of each entry that has one, with its place in the feed.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn bring(
        &mut self,
        call: &Call,
        feed: feed::Feed,
        now: Timestamp,
    ) -> Result<Vec<(usize, String)>, LibraryError> {
        let library = self.library;
        let facets = &mut self.facets;
        let issue = Issue::of(call, feed, 0, now);
        let came = library.store.write(Lane::Intake, |transaction| {
            bring(library, transaction, facets, call, issue, now.as_second())
        })?;
        let Some(came) = came else {
            return Ok(Vec::new());
        };
        self.new.extend(came.new);
        library.note(came.taken, &mut self.came.scanned);
        Ok(came.keys)
    }

    /// Takes the stories of a feed away that are not to be kept any more; those that came in just now are not
    /// new then.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn retire(
        &mut self,
        feed: FeedId,
        keep: Keep,
        stop: &AtomicBool,
    ) -> Result<(), LibraryError> {
        let (scanned, retired) = self.library.retire(feed, keep, stop)?;
        self.came.scanned.add(scanned);
        for entry in retired {
            self.new.remove(&entry);
        }
        Ok(())
    }

    /// Ends it: what only makes some lists faster is built.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn finish(mut self) -> Result<Came, LibraryError> {
        if self.late {
            self.library.store.build_indexes()?;
            self.library.store.expect(Lane::Intake, false)?;
        }
        self.came.new = self.new.len();
        Ok(self.came)
    }
}

/// Whether a feed is subscribed to: nothing is wanted of one that was unsubscribed from meanwhile.
fn is_subscribed(transaction: &Transaction<'_>, feed: i64) -> rusqlite::Result<bool> {
    transaction
        .prepare_cached("SELECT 1 FROM feed WHERE id = ?1 AND ended = 0")?
        .exists([feed])
}

fn arrive(
    library: &Library,
    transaction: &Transaction<'_>,
    (facets, rules): (&mut Facets, &[Rule]),
    arrival: Arrival,
) -> Result<Option<Arrived>, StoreError> {
    let feed = i64::from(arrival.feed.0);
    if !is_subscribed(transaction, feed)? {
        return Ok(None);
    }
    transaction
        .prepare_cached(
            "UPDATE feed SET checked = ?2, took = ?3, due = ?4, resting = ?5, every = ?6 WHERE id = ?1",
        )?
        .execute((
            feed,
            arrival.at,
            arrival.took,
            arrival.due,
            arrival.resting,
            arrival.every,
        ))?;
    let (issue, etag, modified, moved) = match arrival.outcome {
        Outcome::Unchanged => {
            is_well(transaction, feed)?;
            return Ok(None);
        }
        Outcome::Failed(why) => {
            transaction
                .prepare_cached(
                    "UPDATE feed SET trouble = ?2, failures = failures + ?4, \
                     since = CASE WHEN trouble IS NULL THEN ?3 ELSE since END WHERE id = ?1",
                )?
                .execute((feed, why, arrival.at, arrival.counts))?;
            return Ok(None);
        }
        Outcome::Came {
            issue,
            etag,
            modified,
            moved,
        } => (issue, etag, modified, moved),
    };
    is_well(transaction, feed)?;
    // Lists of feeds name them all: a name that is its own is none that the reader gave.
    transaction
        .prepare_cached(
            "UPDATE feed SET title = ?2, page = ?3, language = ?4, print = ?5, etag = ?6, modified = ?7, \
             url = CASE WHEN EXISTS (SELECT 1 FROM feed WHERE url = ?8 AND id <> ?1) THEN url \
             ELSE coalesce(?8, url) END, newest = ?9, \
             name = CASE name WHEN ?2 THEN '' ELSE name END WHERE id = ?1",
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
    let of = (feed, arrival.at);
    let with = (facets, rules);
    let arrived = come_in(library, transaction, with, of, issue.entries, Manner::Sent)?;
    Ok(Some(arrived))
}

/// Takes in what another reader kept of a feed: what is known here is newer.
fn bring(
    library: &Library,
    transaction: &Transaction<'_>,
    facets: &mut Facets,
    call: &Call,
    issue: Issue,
    at: i64,
) -> Result<Option<Arrived>, StoreError> {
    let feed = i64::from(call.feed.0);
    if !is_subscribed(transaction, feed)? {
        return Ok(None);
    }
    // What it says of itself will be heard when it is asked; until then it is not nameless.
    transaction
        .prepare_cached(
            "UPDATE feed SET title = CASE title WHEN '' THEN ?2 ELSE title END, \
             page = coalesce(page, ?3), newest = max(newest, ?4) WHERE id = ?1",
        )?
        .execute((feed, &issue.title, &issue.page, issue.newest()))?;
    let of = (feed, at);
    come_in(
        library,
        transaction,
        (facets, &[]),
        of,
        issue.entries,
        Manner::Brought,
    )
    .map(Some)
}

/// Nothing is wrong with a feed any more.
fn is_well(transaction: &Transaction<'_>, feed: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE feed SET trouble = NULL, failures = 0, since = 0 WHERE id = ?1 \
             AND (failures > 0 OR trouble IS NOT NULL)",
        )?
        .execute([feed])?;
    Ok(())
}
