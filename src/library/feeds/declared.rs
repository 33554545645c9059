//! What the settings say of feeds and searches. It stands beside what the reader said, and holds as long as they
//! say it.

use std::collections::HashMap;

use rusqlite::OptionalExtension;

use super::{
    super::{Library, LibraryError, SavedQuery, saved::QUERY, state::Writer, store::Lane},
    WrittenFeed, feed_key,
};
use crate::story::Subscription;

/// The name and the folder that the settings say of a feed; empty where they say none.
type Said = (String, String);

impl Library {
    /// Has these feeds subscribed to that never were, and those that are called and filed as the settings say.
    /// No step of the reader's: the settings say so until they say something else. Where these are `all` that they
    /// say, feeds of which they say no name, or no folder, have those that the reader gave them.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn declare_feeds(&self, feeds: &[Subscription], all: bool) -> Result<(), LibraryError> {
        let known = self.written_feeds()?;
        let before = self.said_by_settings()?;
        let (mut changes, mut said) = (Vec::new(), HashMap::<String, Said>::new());
        for feed in feeds {
            let key = feed_key(&feed.url);
            let mut there = known.iter().find(|it| it.feed == key);
            let is_command = !feed.url.contains("://");
            if is_command {
                there = there.or_else(|| command_before(&known, feed, feeds));
            }
            let key = there.map_or(key, |it| it.feed.clone());
            said.insert(key.clone(), (feed.name.clone(), feed.folder.clone()));
            let mut now = match there.map(|it| &it.subscription) {
                None => Subscription::new(feed.url.clone()),
                // Who ended it by hand means it.
                Some(None) => continue,
                Some(Some(before)) => before.clone(),
            };
            // A command is known by its name, which stays.
            if is_command {
                now.url.clone_from(&feed.url);
                if !feed.name.is_empty() {
                    now.name.clone_from(&feed.name);
                }
            }
            if there.is_none_or(|it| it.subscription.as_ref() != Some(&now)) {
                changes.push((key, now));
            }
        }
        if !all {
            // What they say of others, or besides, may be what could not be understood.
            for (key, (name, folder)) in &before {
                let now = said.entry(key.clone()).or_default();
                for (now, before) in [(&mut now.0, name), (&mut now.1, folder)] {
                    if now.is_empty() {
                        now.clone_from(before);
                    }
                }
            }
        }
        for key in before.keys() {
            said.entry(key.clone()).or_default();
        }
        said.retain(|key, now| before.get(key).cloned().unwrap_or_default() != *now);
        if changes.is_empty() && said.is_empty() {
            return Ok(());
        }
        self.keep(|transaction| {
            let writer = Writer::new(transaction);
            for (key, subscription) in &changes {
                writer.put_subscription(key, Some(subscription))?;
            }
            for (key, (name, folder)) in &said {
                transaction
                    .prepare_cached("UPDATE feed SET called = ?2, filed = ?3 WHERE key = ?1")?
                    .execute((key, name, folder))?;
            }
            Ok(((), false))
        })?;
        self.changed();
        Ok(())
    }

    /// What the settings said of feeds last, by what these are known by.
    fn said_by_settings(&self) -> Result<HashMap<String, Said>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut said = connection.prepare_cached(
            "SELECT key, called, filed FROM feed WHERE called <> '' OR filed <> ''",
        )?;
        let said = said.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(said.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps queries as the settings have them; one that would lead back to itself is left out. Where these are `all`
    /// that they say, those that they kept before go, unless the reader made others of them: what the reader kept
    /// under such a name is there again.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn declare_queries(&self, queries: &[SavedQuery], all: bool) -> Result<(), LibraryError> {
        for SavedQuery { saved, query } in queries {
            if self.check_kept(saved, query).is_ok() {
                self.set_query(saved, query)?;
            }
        }
        if !all {
            return Ok(());
        }
        let mut gone: Vec<String> = {
            let connection = self.store.hold(Lane::Stories)?;
            let mut called =
                connection.prepare_cached("SELECT name FROM saved WHERE called <> ''")?;
            let names = called.query_map([], |row| row.get(0))?;
            names.collect::<rusqlite::Result<_>>()?
        };
        gone.retain(|name| queries.iter().all(|it| it.saved != *name));
        for name in gone {
            self.set_query(&name, "")?;
        }
        Ok(())
    }

    /// Keeps a query as the settings have it; nothing as the query says that they have none of this name any more.
    fn set_query(&self, name: &str, query: &str) -> Result<(), LibraryError> {
        let known: Option<(String, String, String)> = {
            let connection = self.store.hold(Lane::Stories)?;
            let mut known = connection
                .prepare_cached("SELECT query, called, own FROM saved WHERE name = ?1")?;
            known
                .query_row([name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?
        };
        let (now, called, own) = known.unwrap_or_default();
        if now == query && called == query {
            return Ok(());
        }
        // What is there and was not set by them is the reader's own.
        let own = match now == called {
            true => own,
            false => now,
        };
        let next = match query {
            "" => &own,
            query => query,
        };
        self.keep(|transaction| {
            let next = Some(next).filter(|it| !it.is_empty());
            Writer::new(transaction).put_query(&format!("{QUERY}{name}"), next)?;
            let own = match query {
                "" => "",
                _ => &own,
            };
            transaction
                .prepare_cached("UPDATE saved SET called = ?2, own = ?3 WHERE name = ?1")?
                .execute((name, query, own))?;
            Ok(((), false))
        })?;
        self.changed();
        Ok(())
    }
}

/// The feed that a command printed which is called as this one, and is gone: the same, with other arguments.
fn command_before<'a>(
    known: &'a [WrittenFeed],
    feed: &Subscription,
    feeds: &[Subscription],
) -> Option<&'a WrittenFeed> {
    let find = |is: &dyn Fn(&Subscription) -> bool| {
        let mut known = known.iter();
        known.find(|it| it.subscription.as_ref().is_some_and(is))
    };
    let is_gone = |url: &str| !url.contains("://") && feeds.iter().all(|it| it.url != url);
    find(&|it| it.url == feed.url).or_else(|| match feed.name.is_empty() {
        true => None,
        false => find(&|it| it.name == feed.name && is_gone(&it.url)),
    })
}
