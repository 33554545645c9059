//! Taking in what feeds sent.

use std::collections::HashMap;

use jiff::ZonedDateTime;
use rusqlite::{OptionalExtension, Transaction};

use super::{
    super::{
        Library, LibraryError, Scanned, StoreError,
        facets::Facets,
        intake::{Found, Intake, Taken},
        state::Writer,
        store::Lane,
    },
    issue::{Incoming, Issue},
    path_of_entry,
    rules::{self, Announced, Rule},
    settle,
};
use crate::{
    ingest::feed,
    story::{Change, FeedId, fold::Folding},
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
    rules: &'a [Rule],
    facets: Facets,
    came: Came,
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
}

/// A feed as its entries are taken in.
struct Home {
    id: i64,
    name: String,
    folder: String,
    url: String,
}

/// What is known of an entry.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    link: i64,
    print: i64,
    comments: u32,
    /// Whether it is not to be kept any more ([`super::retention`]).
    retired: bool,
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
        let (facets, rules) = (&mut self.facets, self.rules);
        let (all, new, notable) = library.store.write(Lane::Intake, |transaction| {
            let (mut all, mut new, mut notable) = (Vec::new(), 0, Vec::new());
            for arrival in arrivals {
                if let Some(arrived) = arrive(library, transaction, (facets, rules), arrival)? {
                    all.push(arrived.taken);
                    new += arrived.new;
                    notable.extend(arrived.notable);
                }
            }
            Ok((all, new, notable))
        })?;
        self.came.new += new;
        self.came.notable.extend(notable);
        for taken in all {
            library.note(taken, &mut self.came.scanned);
        }
        Ok(())
    }

    /// Stories that were not there before, so far.
    pub fn new_stories(&self) -> usize {
        self.came.new
    }

    /// Ends it: what only makes some lists faster is built.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn finish(self) -> Result<Came, LibraryError> {
        if self.late {
            self.library.store.build_indexes()?;
            self.library.store.expect(Lane::Intake, false)?;
        }
        Ok(self.came)
    }
}

/// What came of one feed.
struct Arrived {
    taken: Taken,
    new: usize,
    notable: Vec<String>,
}

fn arrive(
    library: &Library,
    transaction: &Transaction<'_>,
    (facets, rules): (&mut Facets, &[Rule]),
    arrival: Arrival,
) -> Result<Option<Arrived>, StoreError> {
    let feed = i64::from(arrival.feed.0);
    // Whoever unsubscribed meanwhile wants nothing of it.
    let settled: Option<String> = transaction
        .prepare_cached("SELECT settled FROM feed WHERE id = ?1 AND ended = 0")?
        .query_row([feed], |row| row.get(0))
        .optional()?;
    let Some(settled) = settled else {
        return Ok(None);
    };
    transaction
        .prepare_cached(
            "UPDATE feed SET checked = ?2, took = ?3, due = ?4, resting = ?5 WHERE id = ?1",
        )?
        .execute((feed, arrival.at, arrival.took, arrival.due, arrival.resting))?;
    let (issue, etag, modified, moved) = match arrival.outcome {
        Outcome::Unchanged => {
            is_well(transaction, feed)?;
            return Ok(None);
        }
        Outcome::Failed(why) => {
            transaction
                .prepare_cached(
                    "UPDATE feed SET trouble = ?2, failures = failures + 1, \
                     since = CASE WHEN trouble IS NULL THEN ?3 ELSE since END WHERE id = ?1",
                )?
                .execute((feed, why, arrival.at))?;
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
    let home = transaction
        .prepare_cached(
            "SELECT coalesce(nullif(name, ''), nullif(title, ''), url), folder, url FROM feed WHERE id = ?1",
        )?
        .query_row([feed], |row| {
            Ok(Home {
                id: feed,
                name: row.get(0)?,
                folder: row.get(1)?,
                url: row.get(2)?,
            })
        })?;
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
        rules,
        now: (library.clock)(),
        new: 0,
        edited: 0,
        ruled: Vec::new(),
        notable: Vec::new(),
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
    let taken = library.ended(intake)?;
    let Coming {
        new,
        ruled,
        notable,
        ..
    } = coming;
    if !ruled.is_empty() {
        let mut writer = Writer::new(transaction);
        for (key, changes) in ruled {
            writer.rule(&key, &changes)?;
        }
        writer.finish()?;
    }
    Ok(Some(Arrived {
        taken,
        new,
        notable,
    }))
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
    let mut statement = transaction.prepare_cached(
        "SELECT ident, id, link, print, comments, content = '' FROM entry WHERE feed = ?1",
    )?;
    let known = statement.query_map([feed], |row| {
        let known = Known {
            id: row.get(1)?,
            link: row.get(2)?,
            print: row.get(3)?,
            comments: row.get(4)?,
            retired: row.get(5)?,
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
    rules: &'a [Rule],
    now: ZonedDateTime,
    new: usize,
    edited: usize,
    /// What rules do with new stories, by their keys.
    ruled: Vec<(String, Vec<Change>)>,
    notable: Vec<String>,
}

impl Coming<'_> {
    fn take(&mut self, intake: &mut Intake<'_>, mut incoming: Incoming) -> rusqlite::Result<()> {
        let known = match self.known.get(&incoming.ident) {
            None => self.renumbered(&incoming)?,
            Some(known) => Some(*known),
        };
        if known.is_some_and(|known| known.retired) {
            return Ok(());
        }
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
        let is_new = known.is_none();
        let linked = self.links.get(&incoming.link).map_or(&[][..], |it| it);
        if linked.iter().any(|ident| *ident != incoming.ident) {
            incoming.entry.key = std::mem::take(&mut incoming.own_key);
        }
        if is_new && !self.rules.is_empty() {
            self.follow_rules(&incoming);
        }
        let home = &self.home;
        incoming.entry.is_of_feed(home.id, &home.name, &home.folder);
        let path = path_of_entry(id);
        intake.take(Found {
            path: path.clone(),
            stamp: incoming.print,
            hash: 0,
            entry: incoming.entry,
        })?;
        if !is_new && intake.speaks(&path)? {
            self.transaction
                .prepare_cached(
                    "UPDATE story SET edited = ?3 WHERE id = \
                     (SELECT story FROM file WHERE collection = ?1 AND path = ?2)",
                )?
                .execute((self.collection, path, self.at))?;
        }
        Ok(())
    }

    /// Finds out what rules do with a new story.
    fn follow_rules(&mut self, incoming: &Incoming) {
        let announced = Announced {
            incoming,
            feed: [&self.home.name, &self.home.url],
            folder: &self.home.folder,
        };
        let (changes, notify) = rules::outcome(self.rules, &announced, &self.now);
        if notify {
            self.notable.push(incoming.entry.title.clone());
        }
        if !changes.is_empty() {
            self.ruled.push((incoming.entry.key.clone(), changes));
        }
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
