//! What the reader does with feeds: subscribe, name, move, unsubscribe. Each is a step of the journal, and
//! is undone as all others.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use url::Url;

use super::super::{
    Done, Library, LibraryError, SavedQuery, WrittenOutline,
    outlines::OUTLINE,
    saved::QUERY,
    state::{Field, Value, Writer},
    store::Lane,
};
use super::{GOES_BY, settle::LEFT};
use crate::ingest::opml::Rest;
use crate::story::{FeedId, HIDDEN, Subscription, clean, command_of, grouped, link};

/// What a feed's key begins with in the journal, among those of stories.
pub(in crate::library) const FEED: &str = "feed:";

/// What the words of a step begin with that took in a list.
const IMPORTED: &str = "imported";

/// The other attributes of a subscription, as they are kept.
pub(super) fn attributes_of(written: &str) -> Vec<(String, String)> {
    serde_json::from_str(written).unwrap_or_default()
}

/// What a feed is known by: its address in the form in which two links to it are alike.
pub fn feed_key(url: &str) -> String {
    link::canonical(url)
        .unwrap_or_else(|| Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.to_string()))
}

/// A subscription as a line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenFeed {
    /// What the feed is known by.
    pub feed: String,
    /// What was said of it; nothing where it is not subscribed to any more.
    pub subscription: Option<Subscription>,
    /// Milliseconds since 1970 when that was said.
    #[serde(default)]
    pub changed: i64,
}

impl WrittenFeed {
    /// The subscription of a line, if the line is one.
    pub fn of_line(line: &str) -> Option<Self> {
        let mut written: WrittenFeed = serde_json::from_str(line).ok()?;
        if let Some(it) = &mut written.subscription {
            let url = Url::parse(it.url.trim()).ok()?;
            if !matches!(url.scheme(), "http" | "https") {
                return None;
            }
            it.name = clean::line(&it.name);
            it.folder = clean::line(&it.folder);
            for (name, value) in &mut it.attributes {
                (*name, *value) = (clean::line(name), clean::text(value).into_owned());
            }
        }
        Some(written)
    }

    /// What the feed of a line is called that a command prints: these come from the settings alone.
    pub fn printed(line: &str) -> Option<String> {
        let written: WrittenFeed = serde_json::from_str(line).ok()?;
        let it = written.subscription?;
        let command = command_of(&it.url)?.join(" ");
        let name = Some(it.name).filter(|it| !it.is_empty());
        Some(clean::line(&name.unwrap_or(command)))
    }

    /// It as a line.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Library {
    /// Subscribes to feeds, or says something else of those that are subscribed to: their names and folders.
    /// Those whose addresses are known by another form are the same.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn subscribe(&self, subscriptions: &[Subscription]) -> Result<Done, LibraryError> {
        let mut changes = Vec::new();
        for it in subscriptions {
            changes.push((self.feed_key_here(&it.url)?, Some(it.clone())));
        }
        self.change_feeds("subscribed to", changes, Vec::new())
    }

    /// What the feed at an address is known by here: one that moved is known by where it was.
    pub(in crate::library) fn feed_key_here(&self, url: &str) -> Result<String, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let key = feed_key(url);
        let known = connection
            .prepare_cached(
                "SELECT key FROM feed WHERE key = ?1 OR url = ?2 ORDER BY key <> ?1, ended LIMIT 1",
            )?
            .query_row((&key, url), |row| row.get(0))
            .optional()?;
        Ok(known.unwrap_or(key))
    }

    /// Subscribes to the feeds of a list and keeps its queries, as one step. Those that are subscribed to stay
    /// as the reader has them, and so do those that the reader unsubscribed from; the names of the queries are
    /// those of no others. Gives what was done, and the addresses of those left out.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn import_subscriptions(
        &self,
        subscriptions: &[Subscription],
        queries: &[SavedQuery],
        rest: &[Rest],
    ) -> Result<(Done, Vec<String>), LibraryError> {
        let (mut changes, mut left) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for it in subscriptions {
            let key = self.feed_key_here(&it.url)?;
            if self.known_feed(&it.url)?.is_some() || !seen.insert(key.clone()) {
                continue;
            }
            match self.was_left(&key)? {
                true => left.push(it.url.clone()),
                false => changes.push((key, Some(it.clone()))),
            }
        }
        let said = self.said_besides(rest)?;
        if changes.is_empty() && queries.is_empty() && said.is_empty() {
            return Ok((Done::nothing(IMPORTED), left));
        }
        let kept = queries
            .iter()
            .map(|it| (format!("{QUERY}{}", it.saved), it.query.clone()));
        let done = self.change_feeds(IMPORTED, changes, kept.chain(said).collect())?;
        Ok((done, left))
    }

    /// Whether the query that is kept under a name is what a list brought: nobody has said something else since.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn is_imported_query(&self, name: &str) -> Result<bool, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let last: Option<(String, bool)> = connection
            .prepare_cached(
                "SELECT what, new = query FROM change JOIN step ON step.id = change.step \
                 JOIN saved ON saved.name = ?2 WHERE key = ?1 AND undone = 0 ORDER BY change.id DESC LIMIT 1",
            )?
            .query_row((format!("{QUERY}{name}"), name), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        Ok(last.is_some_and(|(what, is_so)| is_so && what.starts_with(IMPORTED)))
    }

    /// A subscription to the feed at an address; of one that the reader unsubscribed from with its name, its folder
    /// and what lists said of it as they were. One that stood in no list stands in one now: whoever subscribes by
    /// hand wants to see it.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn subscription_to(&self, url: &str) -> Result<Subscription, LibraryError> {
        let key = self.feed_key_here(url)?;
        let connection = self.store.hold(Lane::Stories)?;
        let left = connection
            .prepare_cached(
                "SELECT url, name, folder, attributes FROM feed WHERE key = ?1 AND ended > 0 AND added > 0",
            )?
            .query_row([key], subscription_of)
            .optional()?;
        let mut subscription = left.unwrap_or_default();
        url.clone_into(&mut subscription.url);
        subscription.attributes.retain(|(name, _)| name != HIDDEN);
        Ok(subscription)
    }

    /// Whether the reader unsubscribed from a feed. Who takes a subscription back did not.
    fn was_left(&self, key: &str) -> Result<bool, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(connection
            .prepare_cached("SELECT 1 FROM feed WHERE key = ?1 AND ended > 0 AND added > 0")?
            .exists([key])?)
    }

    /// Says something else of a feed: its name, its folder, its address, whether it stands among the sources.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn change_feed(
        &self,
        feed: FeedId,
        change: impl FnOnce(&mut Subscription),
    ) -> Result<Done, LibraryError> {
        let Some((key, before)) = self.subscription(feed)? else {
            return Ok(Done::default());
        };
        let mut now = before.clone();
        change(&mut now);
        let done = self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            let step = writer.begin_step(Some(&self.name))?;
            let called = writer.name_of_feed(&key)?.unwrap_or_default();
            let value = Value::Feed(Some(Box::new(now.clone())));
            let is_other = writer.change(step, &format!("{FEED}{key}"), &Field::Feed, &value)?;
            let calls = writer.name_of_feed(&key)?.unwrap_or_default();
            let words = words_of_change((&called, &before), (&calls, &now));
            let changed = usize::from(is_other);
            let done = Done {
                stories: changed,
                feeds: true,
                ..writer.done(step, changed, words)?
            };
            Ok((done, false))
        })?;
        self.changed();
        Ok(done)
    }

    /// Ends subscriptions. Stories that the reader kept stay.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn unsubscribe(&self, feeds: &[FeedId]) -> Result<Done, LibraryError> {
        let mut changes = Vec::new();
        for feed in feeds {
            changes.extend(self.subscription(*feed)?.map(|(key, _)| (key, None)));
        }
        self.change_feeds("unsubscribed from", changes, Vec::new())
    }

    /// The subscriptions as lines of an export, those that ended too.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn written_feeds(&self) -> Result<Vec<WrittenFeed>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut statement = connection.prepare_cached(
            "WITH marked (key, at) AS (SELECT key, max(step.at) FROM change JOIN step ON step.id = step \
             WHERE field = 'feed' GROUP BY key) \
             SELECT feed.key, url, name, folder, attributes, ended, max(added, ended, coalesce(at, 0)) \
             FROM feed LEFT JOIN marked ON marked.key = 'feed:' || feed.key ORDER BY id",
        )?;
        let feeds = statement.query_map([], |row| {
            let subscription = Subscription {
                url: row.get(1)?,
                name: row.get(2)?,
                folder: row.get(3)?,
                attributes: attributes_of(&row.get::<_, String>(4)?),
            };
            let ended = row.get::<_, i64>(5)? != 0;
            Ok(WrittenFeed {
                feed: row.get(0)?,
                subscription: (!ended).then_some(subscription),
                changed: row.get(6)?,
            })
        })?;
        Ok(feeds.collect::<rusqlite::Result<_>>()?)
    }

    /// Merges subscriptions into those that there are, and what lists said besides into what is kept of that: of
    /// each feed what was said last counts. Gives how many of both are other ones now.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn import_feeds(
        &self,
        feeds: &[WrittenFeed],
        outlines: &[WrittenOutline],
    ) -> Result<usize, LibraryError> {
        let known = self.written_feeds()?;
        let changes: Vec<_> = feeds
            .iter()
            .filter(|it| {
                let known = known.iter().find(|known| known.feed == it.feed);
                // Of what was never subscribed to here, it need not be said that it is not.
                known.map_or(it.subscription.is_some(), |known| {
                    known.changed < it.changed
                })
            })
            .map(|it| (it.feed.clone(), it.subscription.clone()))
            .collect();
        let rest: Vec<Rest> = outlines.iter().map(|it| it.outline.clone()).collect();
        let said = self.said_besides(&rest)?;
        if changes.is_empty() && said.is_empty() {
            return Ok(0);
        }
        let new = said.len();
        let done = self.change_feeds_in(None, "took in", changes, said)?;
        Ok(done.stories + new)
    }

    /// What is new in what a list says besides of feeds, by the keys of the journal.
    fn said_besides(&self, rest: &[Rest]) -> Result<Vec<(String, String)>, LibraryError> {
        let new = self.new_outlines(rest)?.into_iter();
        Ok(new
            .map(|(key, content)| (format!("{OUTLINE}{key}"), content))
            .collect())
    }

    fn subscription(&self, feed: FeedId) -> Result<Option<(String, Subscription)>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(connection
            .prepare_cached(
                "SELECT url, name, folder, attributes, key FROM feed WHERE id = ?1 AND ended = 0",
            )?
            .query_row([feed.0], |row| Ok((row.get(4)?, subscription_of(row)?)))
            .optional()?)
    }

    fn change_feeds(
        &self,
        words: &str,
        changes: Vec<(String, Option<Subscription>)>,
        besides: Vec<(String, String)>,
    ) -> Result<Done, LibraryError> {
        self.change_feeds_in(Some(&self.name), words, changes, besides)
    }

    /// The same as a step in the collection of this name; without one, in all of them.
    fn change_feeds_in(
        &self,
        collection: Option<&str>,
        words: &str,
        changes: Vec<(String, Option<Subscription>)>,
        besides: Vec<(String, String)>,
    ) -> Result<Done, LibraryError> {
        let done = self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            let step = writer.begin_step(collection)?;
            let mut changed = 0;
            let mut name = String::new();
            for (key, subscription) in changes {
                let value = Value::Feed(subscription.map(Box::new));
                let before = writer.name_of_feed(&key)?;
                if writer.change(step, &format!("{FEED}{key}"), &Field::Feed, &value)? {
                    changed += 1;
                    name = before.or(writer.name_of_feed(&key)?).unwrap_or(key);
                }
            }
            let (mut queries, mut others) = (0, 0);
            for (key, content) in besides {
                let count = if key.starts_with(QUERY) {
                    &mut queries
                } else {
                    &mut others
                };
                let value = Value::Query(Some(content));
                *count += usize::from(writer.change(step, &key, &Field::Query, &value)?);
            }
            let mut what = match changed {
                0 if queries == 0 => format!("{words} what a list says besides of feeds"),
                1 => format!("{words} “{name}”"),
                _ => format!("{words} {} feeds", grouped(changed)),
            };
            match queries {
                0 => {}
                1 => what.push_str(" and a query"),
                _ => what.push_str(&format!(" and {} queries", grouped(queries))),
            }
            let done = Done {
                stories: changed,
                feeds: true,
                ..writer.done(step, changed + queries + others, what)?
            };
            Ok((done, false))
        })?;
        self.changed();
        Ok(done)
    }
}

/// What was done with a feed, in words: what it was called and what was said of it before, and what is now.
fn words_of_change(
    (called, before): (&str, &Subscription),
    (calls, now): (&str, &Subscription),
) -> String {
    let is_moved = before.folder != now.folder;
    // Its own name, said by the reader, is what it is called already.
    let is_renamed = before.name != now.name && (called != calls || !is_moved);
    let to = match &*now.folder {
        "" => format!("out of {}", before.folder),
        folder => format!("to {folder}"),
    };
    match (is_renamed, is_moved) {
        (true, false) => format!("renamed “{called}” to “{calls}”"),
        (false, true) => format!("moved “{called}” {to}"),
        (true, true) => format!("renamed “{called}” to “{calls}” and moved it {to}"),
        (false, false) if before.url != now.url => format!("readdressed “{called}”"),
        (false, false) => format!("put among the sources: “{called}”"),
    }
}

fn subscription_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Subscription> {
    Ok(Subscription {
        url: row.get(0)?,
        name: row.get(1)?,
        folder: row.get(2)?,
        attributes: attributes_of(&row.get::<_, String>(3)?),
    })
}

/// What is said of the feed of this key, if it is subscribed to.
pub(in crate::library) fn subscribed(
    connection: &Connection,
    key: &str,
) -> rusqlite::Result<Option<Subscription>> {
    connection
        .prepare_cached(
            "SELECT url, name, folder, attributes FROM feed WHERE key = ?1 AND ended = 0",
        )?
        .query_row([key], subscription_of)
        .optional()
}

impl Writer<'_> {
    /// What is said of the feed of this key (`feed:` and its key), if it is subscribed to.
    pub(in crate::library) fn subscription(
        &self,
        key: &str,
    ) -> rusqlite::Result<Option<Subscription>> {
        subscribed(self.transaction(), key.strip_prefix(FEED).unwrap_or(key))
    }

    /// What came from an address since then goes, where the feed is to be fetched from another one again: these
    /// are not its stories. What the reader kept of them stays.
    pub(in crate::library) fn leave_address(
        &self,
        key: &str,
        url: &str,
        since: i64,
    ) -> rusqlite::Result<()> {
        let leaves = self.subscription(key)?.is_some_and(|it| it.url != url);
        if !leaves {
            return Ok(());
        }
        let key = key.strip_prefix(FEED).unwrap_or(key);
        self.transaction()
            .prepare_cached(
                "DELETE FROM entry WHERE feed = (SELECT id FROM feed WHERE key = ?1) AND came >= ?2 \
                 AND NOT EXISTS (SELECT 1 FROM file JOIN story ON story.id = file.story \
                 WHERE file.path = CAST(x'FF00' || unhex(printf('%016X', entry.id)) AS BLOB) \
                 AND (starred OR later OR noted OR (seen > 0 AND NOT read) \
                 OR EXISTS (SELECT 1 FROM tag WHERE tag.key = story.key)))",
            )?
            .execute((key, since))?;
        // What it calls itself will be heard when it is asked, and that is to be at once.
        self.transaction()
            .prepare_cached(
                "UPDATE feed SET title = '', page = NULL, due = 0, resting = 0 WHERE key = ?1",
            )?
            .execute([key])?;
        self.transaction()
            .prepare_cached(
                "UPDATE settled SET how = ?2 WHERE feed = (SELECT id FROM feed WHERE key = ?1)",
            )?
            .execute((key, LEFT))?;
        Ok(())
    }

    /// The words of a step with the name of the feed that it was done with, for whoever subscribes knows no more
    /// than its address.
    pub(in crate::library) fn by_names(
        &self,
        what: String,
        changes: &[(String, String, String)],
    ) -> rusqlite::Result<String> {
        let mut feeds = changes
            .iter()
            .filter_map(|(key, ..)| key.strip_prefix(FEED));
        let (Some(key), None) = (feeds.next(), feeds.next()) else {
            return Ok(what);
        };
        let url: Option<String> = self
            .transaction()
            .prepare_cached("SELECT url FROM feed WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let (Some(url), Some(name)) = (url, self.name_of_feed(key)?) else {
            return Ok(what);
        };
        // That it was called so is what these words tell.
        if what.contains(&format!("“{name}”")) {
            return Ok(what);
        }
        Ok([&*url, &link::shown(&url)]
            .into_iter()
            .fold(what, |what, url| {
                what.replace(&format!("“{url}”"), &format!("“{name}”"))
            }))
    }

    pub(super) fn name_of_feed(&self, key: &str) -> rusqlite::Result<Option<String>> {
        self.transaction()
            .prepare_cached(&format!("SELECT {GOES_BY} FROM feed WHERE key = ?1"))?
            .query_row([key], |row| {
                Ok(link::shown(&row.get::<_, String>(0)?).into_owned())
            })
            .optional()
    }

    /// Says of a feed that a subscription to it was taken back, that of this step: nobody ended it, unless that
    /// was done before.
    pub(in crate::library) fn never_subscribed(
        &self,
        key: &str,
        step: i64,
    ) -> rusqlite::Result<()> {
        self.transaction()
            .prepare_cached(
                "UPDATE feed SET added = 0 WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM change \
                 JOIN step ON step.id = change.step WHERE change.key = ?2 AND field = 'feed' \
                 AND undone = 0 AND step.id < ?3)",
            )?
            .execute((key.strip_prefix(FEED).unwrap_or(key), key, step))?;
        Ok(())
    }

    /// Says something of a feed, or ends its subscription. False if it was so already.
    pub(in crate::library) fn put_subscription(
        &self,
        key: &str,
        subscription: Option<&Subscription>,
    ) -> rusqlite::Result<bool> {
        let before = self.subscription(key)?;
        if before.as_ref() == subscription {
            return Ok(false);
        }
        let key = key.strip_prefix(FEED).unwrap_or(key);
        let now = Timestamp::now().as_millisecond();
        match subscription {
            Some(it) => {
                let attributes = serde_json::to_string(&it.attributes).unwrap_or_default();
                // Whoever subscribes anew wants to know at once what there is.
                self.transaction()
                    .prepare_cached(
                        "INSERT INTO feed (key, url, name, folder, attributes, added) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET url = ?2, name = ?3, \
                         folder = ?4, attributes = ?5, due = CASE WHEN ended > 0 THEN 0 ELSE due END, \
                         etag = CASE WHEN url = ?2 THEN etag END, \
                         modified = CASE WHEN url = ?2 THEN modified END, \
                         resting = CASE WHEN url = ?2 THEN resting ELSE 0 END, \
                         print = CASE WHEN url = ?2 THEN print ELSE 0 END, \
                         added = CASE added WHEN 0 THEN ?6 ELSE added END, ended = 0",
                    )?
                    .execute((key, &it.url, &it.name, &it.folder, attributes, now))?;
            }
            None => {
                self.transaction()
                    .prepare_cached("UPDATE feed SET ended = ?2 WHERE key = ?1")?
                    .execute((key, now))?;
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_with_a_feed_says_what_it_came_to() {
        let of = |url: &str, name: &str, folder: &str| Subscription {
            url: url.to_owned(),
            name: name.to_owned(),
            folder: folder.to_owned(),
            attributes: Vec::new(),
        };
        let (sea, own) = (of("a", "", "News"), "Sea");
        for (now, calls, words) in [
            (of("a", "Port", "News"), "Port", "renamed “Sea” to “Port”"),
            (of("a", "", "Water"), "Sea", "moved “Sea” to Water"),
            (of("a", "", ""), "Sea", "moved “Sea” out of News"),
            (of("a", "Sea", "Water"), "Sea", "moved “Sea” to Water"),
            (
                of("a", "Port", ""),
                "Port",
                "renamed “Sea” to “Port” and moved it out of News",
            ),
            (of("b", "", "News"), "b", "readdressed “Sea”"),
        ] {
            assert_eq!(words_of_change((own, &sea), (calls, &now)), words);
        }
    }
}
