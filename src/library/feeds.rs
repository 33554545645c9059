//! Feeds: what is subscribed to, what each announced, and how its stories stand in the lists.
//!
//! A feed's entries are kept as they were received. Each is a file of the collection in all but name: its
//! path is the entry's number ([`path_of_entry`]), so one story that several feeds carry, or that lies on
//! the shelf as well, is one story with several files, and goes with the last of them.
//!
//! What the reader does with feeds goes through the door of all state ([`super::state`]) and changes the
//! table `feed` alone; [`Library::settle_feeds`] then brings the stories in line, now or at the next start.

mod arrival;
mod coming;
mod declared;
mod folders;
mod issue;
mod nameless;
mod renumbered;
mod retention;
mod rules;
mod settle;
mod since;
mod stored;
mod subscriptions;

use std::collections::BTreeMap;

pub use arrival::{Arrival, Arrivals, Came, Outcome};
pub use folders::Refiled;
pub use issue::Issue;
use jiff::{Timestamp, ZonedDateTime};
pub use retention::Keep;
pub use rules::Rule;
use rusqlite::{Connection, OptionalExtension, Row};
pub(super) use settle::unsettle;
pub use since::LeftAsIs;
pub(super) use since::said_of_all;
pub use stored::Stored;
pub(super) use subscriptions::{FEED, subscribed};
pub use subscriptions::{WrittenFeed, feed_key};

use super::{Library, LibraryError, facets::FacetKind, store::Lane};
use crate::story::{
    self, Feed, FeedId, FeedName, Published, Source, SourceRow, Subscription, Trouble,
};

/// Seconds after which a feed that announced nothing is called silent: half a year.
const SILENT: i64 = 183 * 24 * 60 * 60;

/// How the path of an entry begins. No path of a file holds a NUL, and few begin with the byte before it,
/// so entries come after all files.
pub(super) const ENTRY: [u8; 2] = [0xFF, 0];

/// What comes after the paths of all entries.
pub(super) const AFTER_ENTRIES: [u8; 2] = [0xFF, 1];

/// The path under which an entry's story is known among the files.
pub(super) fn path_of_entry(entry: i64) -> Vec<u8> {
    let mut path = ENTRY.to_vec();
    path.extend(entry.to_be_bytes());
    path
}

/// The number of the entry that lies at a path, if one does.
pub(super) fn entry_at(path: &[u8]) -> Option<i64> {
    let number = path.strip_prefix(&ENTRY)?;
    Some(i64::from_be_bytes(number.try_into().ok()?))
}

/// By what to ask a feed's server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which feed.
    pub feed: FeedId,
    /// The name that it goes by.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// The entity tag that its server sent last.
    pub etag: Option<String>,
    /// The date of change that its server sent last.
    pub modified: Option<String>,
    /// A number of what it sent last.
    pub print: i64,
    /// What state of stories without links hangs on.
    pub(super) key: String,
    /// Seconds since 1970 when it is to be asked again, as things stood when it was asked last.
    pub due: i64,
    /// Seconds between two times that it was to be asked, as `due` was reckoned; 0 where nobody knows.
    pub every: i64,
    /// Seconds since 1970 before when its server does not want to be asked.
    pub resting: i64,
    /// Milliseconds that it took last.
    pub took: i64,
    /// How many times in a row it failed.
    pub failures: u32,
    /// Seconds since 1970 when it was asked last; 0 if never.
    pub checked: i64,
}

impl Call {
    /// Whether it was asked before, and has to be now since that was at another address.
    pub fn was_elsewhere(&self) -> bool {
        self.print == 0 && self.due == 0 && self.checked > 0
    }

    /// One that was never asked.
    pub fn new(feed: FeedId, url: &str) -> Self {
        Call {
            feed,
            name: url.to_owned(),
            url: url.to_owned(),
            etag: None,
            modified: None,
            print: 0,
            key: url.to_owned(),
            due: 0,
            every: 0,
            resting: 0,
            took: 0,
            failures: 0,
            checked: 0,
        }
    }
}

/// What a feed is called in SQL: as the settings say, else as the reader does; empty where neither says anything.
pub(super) const NAME: &str = "iif(feed.called = '', feed.name, feed.called)";

/// The name that a feed goes by, in SQL.
pub(super) const GOES_BY: &str = "coalesce(nullif(iif(feed.called = '', feed.name, feed.called), ''), \
     nullif(feed.title, ''), feed.url)";

/// The folder that a feed lies in, in SQL: as the settings say, else as the reader does.
pub(super) const FOLDER: &str = "iif(feed.filed = '', feed.folder, feed.filed)";

const FEED_COLUMNS: &str = "attributes, title, page, checked, changed, trouble, since, coalesce(total, 0), \
     coalesce(unread, 0), newest, resting";

fn feed_of(row: &Row<'_>) -> rusqlite::Result<Feed> {
    Ok(Feed {
        id: FeedId(row.get(0)?),
        subscription: Subscription {
            url: row.get(1)?,
            name: row.get(2)?,
            folder: row.get(3)?,
            attributes: subscriptions::attributes_of(&row.get::<_, String>(4)?),
        },
        title: row.get(5)?,
        page: row.get(6)?,
        checked: row.get(7)?,
        changed: row.get(8)?,
        trouble: row.get(9)?,
        since: row.get(10)?,
        total: row.get(11)?,
        unread: row.get(12)?,
        newest: row.get(13)?,
        resting: row.get(14)?,
    })
}

/// The feeds that are subscribed to, by folder and name.
pub(super) fn all(connection: &Connection, collection: i64) -> rusqlite::Result<Vec<Feed>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT feed.id, url, {NAME}, {FOLDER}, {FEED_COLUMNS} FROM feed LEFT JOIN facet ON facet.collection = ?1 AND facet.kind = ?2 \
         AND facet.name = CAST(feed.id AS TEXT) WHERE ended = 0"
    ))?;
    let feeds = statement.query_map((collection, FacetKind::Feed as i64), feed_of)?;
    let mut feeds: Vec<Feed> = feeds.collect::<rusqlite::Result<_>>()?;
    feeds.sort_by_cached_key(|feed| {
        let name = crate::story::fold::Folding::ALL.apply(feed.name());
        (feed.subscription.folder.to_lowercase(), name)
    });
    Ok(feeds)
}

/// Puts the feeds among the sources: each below its folder, those without one after all folders. Folders in
/// which no feed sent anything yet show too.
pub(super) fn add_sources(
    connection: &Connection,
    collection: i64,
    now: &ZonedDateTime,
    sources: &mut Vec<SourceRow>,
) -> rusqlite::Result<()> {
    let is_folder = |row: &SourceRow| matches!(row.source, Source::Folder(_));
    let is_filed = |row: &SourceRow| {
        is_folder(row)
            || matches!(
                row.source,
                Source::Category(_) | Source::Author(_) | Source::Tag(_)
            )
    };
    let start = sources.iter().position(is_filed).unwrap_or(sources.len());
    let folders = sources[start..]
        .iter()
        .take_while(|row| is_folder(row))
        .count();
    let mut folders: BTreeMap<String, (SourceRow, Vec<SourceRow>)> = sources
        .drain(start..start + folders)
        .map(|row| (row.source.name().to_owned(), (row, Vec::new())))
        .collect();
    let mut others = Vec::new();
    let feeds = all(connection, collection)?.into_iter();
    for feed in feeds.filter(|it| !it.subscription.is_hidden()) {
        let row = SourceRow {
            source: Source::Feed(FeedName {
                id: feed.id,
                name: story::link::shown(feed.name()).into(),
            }),
            total: feed.total,
            unread: feed.unread,
            trouble: trouble(&feed, now),
            folder: Some(feed.subscription.folder.as_str().into()),
        };
        let folder = feed.subscription.folder;
        for (end, _) in folder.match_indices('/').chain([(folder.len(), "")]) {
            let name = &folder[..end];
            if end > 0 && !folders.contains_key(name) {
                let empty = SourceRow::new(Source::Folder(name.into()), 0, 0);
                folders.insert(name.to_owned(), (empty, Vec::new()));
            }
        }
        match folders.get_mut(&folder) {
            Some((_, feeds)) => feeds.push(row),
            None => others.push(row),
        }
    }
    let filed = folders
        .into_values()
        .flat_map(|(folder, feeds)| std::iter::once(folder).chain(feeds));
    sources.splice(start..start, filed.chain(others));
    Ok(())
}

/// What the reader should know of a feed that brings nothing new.
fn trouble(feed: &Feed, now: &ZonedDateTime) -> Option<Trouble> {
    let day = |seconds: i64| {
        let at = Timestamp::from_second(seconds).unwrap_or_default();
        story::short(Published::At(at), now)
    };
    if let Some(why) = &feed.trouble {
        return Some(Trouble {
            fails: true,
            words: format!("{why}, since {}", day(feed.since)).into(),
        });
    }
    let is_silent = feed.newest > 0 && now.timestamp().as_second() - feed.newest > SILENT;
    is_silent.then(|| Trouble {
        fails: false,
        words: format!("nothing new since {}", day(feed.newest)).into(),
    })
}

/// The feed that is fetched from an address, but for `those`, in whatever form that is written.
pub fn fetched_from<'a>(feeds: &'a [Feed], url: &str, those: &[FeedId]) -> Option<&'a Feed> {
    let key = feed_key(url);
    let mut others = feeds.iter().filter(|it| !those.contains(&it.id));
    others.find(|it| feed_key(&it.subscription.url) == key)
}

/// The number of the feed that the journal knows by this key (`feed:` and the feed's own).
pub(super) fn number_of(connection: &Connection, key: &str) -> rusqlite::Result<Option<FeedId>> {
    connection
        .prepare_cached("SELECT id FROM feed WHERE key = ?1")?
        .query_row([key.strip_prefix(FEED).unwrap_or(key)], |row| {
            row.get(0).map(FeedId)
        })
        .optional()
}

/// The name of a feed, subscribed to or not any more.
pub(super) fn name_of(connection: &Connection, feed: FeedId) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached(&format!("SELECT {GOES_BY} FROM feed WHERE id = ?1"))?
        .query_row([feed.0], |row| row.get(0))
        .optional()
}

impl Library {
    /// The feeds that are subscribed to, by folder and name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn feeds(&self) -> Result<Vec<Feed>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(all(&connection, self.collection)?)
    }

    /// What a feed is called, subscribed to or not any more.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn name_of_feed(&self, feed: FeedId) -> Result<Option<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let name = name_of(&connection, feed)?;
        Ok(name.map(|name| story::link::shown(&name).into_owned()))
    }

    /// How many of the feeds that are subscribed to do not stand among the sources.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn hidden_feeds(&self) -> Result<usize, LibraryError> {
        if !self.feeds_here {
            return Ok(0);
        }
        let connection = self.store.hold(Lane::Lists)?;
        let mut statement = connection.prepare_cached(
            "SELECT attributes FROM feed WHERE ended = 0 AND attributes LIKE '%' || ?1 || '%'",
        )?;
        let mut rows = statement.query([story::HIDDEN])?;
        let mut hidden = 0;
        while let Some(row) = rows.next()? {
            let subscription = Subscription {
                attributes: subscriptions::attributes_of(&row.get::<_, String>(0)?),
                ..Subscription::default()
            };
            hidden += usize::from(subscription.is_hidden());
        }
        Ok(hidden)
    }

    /// Where the feed is fetched from that is subscribed to under this address, in whatever form that is
    /// written; none where none is.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn known_feed(&self, url: &str) -> Result<Option<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(connection
            .prepare_cached(
                "SELECT url FROM feed WHERE (key = ?1 OR url = ?2) AND ended = 0 ORDER BY key <> ?1",
            )?
            .query_row((subscriptions::feed_key(url), url), |row| row.get(0))
            .optional()?)
    }

    /// Where the feed is fetched from that is known under this address, subscribed to or not any more, if its server
    /// asked to be left alone until later; else none.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn resting_feed(&self, url: &str) -> Result<Option<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let now = Timestamp::now().as_second();
        Ok(connection
            .prepare_cached(
                "SELECT url FROM feed WHERE (key = ?1 OR url = ?2) AND resting > ?3 ORDER BY key <> ?1, ended",
            )?
            .query_row((subscriptions::feed_key(url), url, now), |row| row.get(0))
            .optional()?)
    }

    /// Until when the server of an address that is no feed's here wants to be left alone, in seconds since 1970; none
    /// where it does not.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn resting_address(&self, url: &str) -> Result<Option<i64>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let now = Timestamp::now().as_second();
        Ok(connection
            .prepare_cached("SELECT until FROM resting WHERE url = ?1 AND until > ?2")?
            .query_row((url, now), |row| row.get(0))
            .optional()?)
    }

    /// Keeps until when the server of an address wants to be left alone, in seconds since 1970.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn leave_alone(&self, url: &str, until: i64) -> Result<(), LibraryError> {
        let now = Timestamp::now().as_second();
        self.store.change(|transaction| {
            transaction.execute("DELETE FROM resting WHERE until <= ?1", [now])?;
            transaction.execute(
                "INSERT INTO resting (url, until) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET until = ?2",
                (url, until),
            )?;
            Ok(())
        })?;
        Ok(())
    }

    /// By what to ask the feeds that are subscribed to; those that answered slowly come last.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn calls(&self) -> Result<Vec<Call>, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT id, {GOES_BY}, url, etag, modified, print, key, due, resting, took, failures, checked, \
             every FROM feed WHERE ended = 0 ORDER BY took, id"
        ))?;
        let calls = statement.query_map([], |row| {
            Ok(Call {
                feed: FeedId(row.get(0)?),
                name: story::link::shown(&row.get::<_, String>(1)?).into_owned(),
                url: row.get(2)?,
                etag: row.get(3)?,
                modified: row.get(4)?,
                print: row.get(5)?,
                key: row.get(6)?,
                due: row.get(7)?,
                resting: row.get(8)?,
                took: row.get(9)?,
                failures: row.get(10)?,
                checked: row.get(11)?,
                every: row.get(12)?,
            })
        })?;
        Ok(calls.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether anything is subscribed to, and its stories are among those of this library.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn has_feeds(&self) -> Result<bool, LibraryError> {
        if !self.feeds_here {
            return Ok(false);
        }
        let connection = self.store.hold(Lane::Lists)?;
        Ok(connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM feed WHERE ended = 0)")?
            .query_row([], |row| row.get(0))?)
    }
}
