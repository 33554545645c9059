//! What the reader does with a folder of feeds: each of them is another subscription then, and all is one step.

use super::{
    super::{
        Done, Library, LibraryError,
        state::{Field, Value, Writer},
    },
    FEED, subscribed,
};
use crate::story;

impl Library {
    /// Has the feeds of a folder, and of those in it, lie in another one instead; `what` is the word for it:
    /// "renamed", "moved".
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
            let what = format!("{what} the folder “{from}” to “{to}”");
            let done = Done {
                feeds: true,
                ..writer.done(step, changed, what)?
            };
            Ok((done, false))
        })?;
        self.changed();
        Ok(done)
    }
}
