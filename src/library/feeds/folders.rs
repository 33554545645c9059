//! What the reader does with a folder of feeds: each of them is another subscription then, and all is one step.

use std::path::Path;

use rusqlite::OptionalExtension;

use super::{
    super::{
        Done, Library, LibraryError,
        saved::QUERY,
        state::{FOLDER, Field, Value, Writer, next_step},
        store::Lane,
    },
    FEED, FOLDER as IN_FOLDER, subscribed,
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
                _ => {
                    writer.note(step, FOLDER, &Field::Folder, (from, to))?;
                    writer.refile_queries(Some(step), from, to)?
                }
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

    /// What the next step to be taken back, or done again, calls otherwise, if that is a folder; `begins` as for
    /// [`Library::walk`].
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn walks_folder(
        &self,
        undo: bool,
        begins: Option<&Path>,
    ) -> Result<Option<Refiled>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let next = connection
            .prepare_cached(next_step(undo))?
            .query_row([&*self.name, &*self.kept_in(begins)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((step, what)) = next else {
            return Ok(None);
        };
        let wanted = if undo { "new, old" } else { "old, new" };
        let sql = format!("SELECT {wanted} FROM change WHERE step = ?1 AND field = ?2");
        Ok(connection
            .prepare_cached(&sql)?
            .query_row((step, FOLDER), |row| {
                Ok(Refiled {
                    what,
                    from: row.get(0)?,
                    to: row.get(1)?,
                })
            })
            .optional()?)
    }
}

/// A folder that is to be called otherwise by a step that is taken back, or done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refiled {
    /// The words of the step.
    pub what: String,
    /// What it is called now.
    pub from: String,
    /// What it is to be called.
    pub to: String,
}

impl Writer<'_> {
    /// Has the kept queries that name a folder as a whole name what it is called from now on. Gives their names.
    /// Without a step it is none of the reader's.
    fn refile_queries(
        &mut self,
        step: Option<i64>,
        from: &str,
        to: &str,
    ) -> rusqlite::Result<Vec<String>> {
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
            let (key, value) = (format!("{QUERY}{name}"), Value::Query(Some(text)));
            let is_other = match step {
                Some(step) => self.change(step, &key, &Field::Query, &value)?,
                None => self.set(&key, &Field::Query, &value)?,
            };
            if is_other {
                followed.push(name);
            }
        }
        Ok(followed)
    }

    /// Has the kept queries follow a folder that was called otherwise by a step that was taken back, or done again:
    /// they may have been kept since. Where feeds still lie in it, they find these. Says in words which followed.
    pub(in crate::library) fn follow_folder(
        &mut self,
        from: &str,
        to: &str,
    ) -> rusqlite::Result<Option<String>> {
        let stays = self
            .transaction()
            .prepare_cached(&format!(
                "SELECT DISTINCT {IN_FOLDER} FROM feed WHERE ended = 0"
            ))?
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if stays
            .iter()
            .any(|it| story::moved_along(it, from, to).is_some())
        {
            return Ok(None);
        }
        let followed = self.refile_queries(None, from, to)?;
        Ok(match &followed[..] {
            [] => None,
            [name] => Some(format!("the search “{name}” follows")),
            names => Some(format!("{} searches follow", names.len())),
        })
    }
}
