//! What the settings say of feeds.

use std::collections::HashMap;

use super::{
    super::{Library, LibraryError, state::Writer, store::Lane},
    WrittenFeed, feed_key,
};
use crate::story::Subscription;

impl Library {
    /// Has these feeds subscribed to that never were, and those that are called and filed as the settings say.
    /// No step of the reader's: the settings say so until they say something else. Where these are `all` that they
    /// say, feeds that they no longer call so go by their own titles.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn declare_feeds(&self, feeds: &[Subscription], all: bool) -> Result<(), LibraryError> {
        let known = self.written_feeds()?;
        let called = self.called_by_settings()?;
        let (mut changes, mut names) = (Vec::new(), HashMap::new());
        for feed in feeds {
            let of = |it: &WrittenFeed, is: &dyn Fn(&Subscription) -> bool| {
                it.subscription.as_ref().is_some_and(is)
            };
            let key = feed_key(&feed.url);
            let mut before = known.iter().find(|it| it.feed == key);
            if !feed.url.contains("://") {
                // A command that is called as one was which is gone is the same with other arguments.
                let is_gone =
                    |url: &str| !url.contains("://") && feeds.iter().all(|it| it.url != url);
                let was = |it: &Subscription| it.name == feed.name && is_gone(&it.url);
                before = before
                    .or_else(|| known.iter().find(|it| of(it, &|it| it.url == feed.url)))
                    .or_else(|| {
                        let mut all = known.iter().filter(|_| !feed.name.is_empty());
                        all.find(|it| of(it, &was))
                    });
            }
            let key = before.map_or(key, |it| it.feed.clone());
            if !feed.name.is_empty() {
                names.insert(key.clone(), feed.name.clone());
            }
            let now = match before.map(|it| &it.subscription) {
                None => feed.clone(),
                // Who ended it by hand means it.
                Some(None) => continue,
                Some(Some(before)) => {
                    let mut now = before.clone();
                    if !feed.url.contains("://") {
                        now.url.clone_from(&feed.url);
                    }
                    if !feed.name.is_empty() {
                        now.name.clone_from(&feed.name);
                    }
                    if !feed.folder.is_empty() {
                        now.folder.clone_from(&feed.folder);
                    }
                    now
                }
            };
            if before.is_none_or(|it| it.subscription.as_ref() != Some(&now)) {
                changes.push((key, now));
            }
        }
        let mut gone: Vec<&String> = called.keys().filter(|_| all).collect();
        gone.retain(|key| !names.contains_key(*key));
        names.retain(|key, name| called.get(key) != Some(name));
        if changes.is_empty() && names.is_empty() && gone.is_empty() {
            return Ok(());
        }
        self.keep(|transaction| {
            let writer = Writer::new(transaction);
            for (key, subscription) in &changes {
                writer.put_subscription(key, Some(subscription))?;
            }
            for (key, name) in &names {
                transaction
                    .prepare_cached("UPDATE feed SET called = ?2 WHERE key = ?1")?
                    .execute((key, name))?;
            }
            for key in gone {
                transaction
                    .prepare_cached(
                        "UPDATE feed SET name = CASE name WHEN called THEN '' ELSE name END, \
                         called = '' WHERE key = ?1",
                    )?
                    .execute([key])?;
            }
            Ok(((), false))
        })?;
        self.changed();
        Ok(())
    }

    /// The names that the settings gave feeds, by what these are known by. A command is known by its name, which
    /// stays.
    fn called_by_settings(&self) -> Result<HashMap<String, String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut called = connection.prepare_cached(
            "SELECT key, called FROM feed WHERE called <> '' AND instr(url, '://') > 0",
        )?;
        let called = called.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(called.collect::<rusqlite::Result<_>>()?)
    }
}
