//! What the reader does with a folder of feeds: each of them is another subscription then, and all is one step.

use super::{
    super::{
        Done, Library, LibraryError,
        saved::QUERY,
        state::{Field, Value, Writer},
    },
    FEED, subscribed,
};
use crate::story::{self, query};

impl Library {
    /// Has the feeds of a folder, and of those in it, lie in another one instead; `what` is the word for it:
    /// "renamed", "moved". Kept queries that name one of these folders follow.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn refile(&self, from: &str, to: &str, what: &str) -> Result<Done, LibraryError> {
        let done = self.keep(|transaction| {
            let keys: Vec<String> = transaction
                .prepare_cached("SELECT key FROM feed WHERE ended = 0 ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let mut writer = Writer::new(transaction);
            let step = writer.begin_step(Some(&self.name))?;
            let mut changed = 0;
            for key in keys {
                let Some(mut subscription) = subscribed(transaction, &key)? else {
                    continue;
                };
                let Some(folder) = story::moved_along(&subscription.folder, from, to) else {
                    continue;
                };
                subscription.folder = folder;
                let value = Value::Feed(Some(Box::new(subscription)));
                let key = format!("{FEED}{key}");
                changed += usize::from(writer.change(step, &key, &Field::Feed, &value)?);
            }
            let mut what = format!("{what} the folder “{from}” to “{to}”");
            let followed = match changed {
                0 => Vec::new(),
                _ => writer.refile_queries(step, from, to)?,
            };
            match &followed[..] {
                [] => {}
                [name] => what.push_str(&format!(", also in the search “{name}”")),
                names => what.push_str(&format!(", also in {} searches", names.len())),
            }
            let done = Done {
                stories: changed,
                feeds: true,
                ..writer.done(step, changed + followed.len(), what)?
            };
            Ok((done, false))
        })?;
        self.changed();
        Ok(done)
    }
}

impl Writer<'_> {
    /// Has the kept queries that name a folder as a whole name what it is called from now on. Gives their names.
    fn refile_queries(&mut self, step: i64, from: &str, to: &str) -> rusqlite::Result<Vec<String>> {
        let kept: Vec<(String, String)> = self
            .transaction()
            .prepare_cached("SELECT name, query FROM saved ORDER BY name")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut followed = Vec::new();
        for (name, text) in kept {
            let Some(text) = query::refiled(&text, from, to) else {
                continue;
            };
            let value = Value::Query(Some(text));
            if self.change(step, &format!("{QUERY}{name}"), &Field::Query, &value)? {
                followed.push(name);
            }
        }
        Ok(followed)
    }
}
