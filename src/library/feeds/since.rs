//! Steps with feeds and queries that are taken back, or done again, where something else was done with the same ones
//! since: in another library, by a command, by the settings.

use super::{
    super::state::{FOLDER, Field, Value, Writer},
    subscriptions::FEED,
};
use crate::story::Subscription;

/// What of a step was left as it is, since something else was done with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftAsIs {
    /// What, and why, in words.
    pub what: String,
    /// Whether that is all there was: the step is forgotten then.
    pub all: bool,
    /// What the same key takes back, or does again, after a step of which all was left.
    pub next: Option<String>,
}

/// What of a change is to be set, and whether any of it is left as it is, for it is not as the step left it.
pub(in crate::library) struct Still {
    /// What is to be set; none where all of it is left.
    pub value: Option<Value>,
    /// Whether anything is left.
    pub left: bool,
}

impl Still {
    fn or_left(value: Value, stands: bool) -> Self {
        Still {
            value: stands.then_some(value),
            left: !stands,
        }
    }
}

impl Writer<'_> {
    /// What can be set of a step's change from one value to another. Other marks than those of feeds and queries
    /// are either on or off, and become what they are to be.
    pub(in crate::library) fn still(
        &self,
        step: i64,
        key: &str,
        field: &Field,
        (from, to): (Value, Value),
    ) -> rusqlite::Result<Still> {
        let (from, to) = match (from, to) {
            (Value::Feed(from), Value::Feed(to)) => (from, to),
            (Value::Query(from), to) if *field == Field::Query => {
                let now = self.kept_query(key)?;
                let is_so = to == Value::Query(now.clone());
                return Ok(Still::or_left(to, is_so || now == from));
            }
            (_, to) => return Ok(Still::or_left(to, true)),
        };
        let now = self.subscription(key)?;
        Ok(match (from, to, now) {
            (Some(from), Some(to), Some(mut now)) => {
                let left = change(&mut now, &from, &to);
                Still {
                    value: Some(Value::Feed(Some(Box::new(now)))),
                    left,
                }
            }
            // A name or a folder is nothing to subscribe again for.
            (Some(_), Some(_), None) => Still {
                value: None,
                left: true,
            },
            (Some(from), None, Some(now)) => {
                // Where its publisher moved it to, the reader has not changed.
                let moved = Subscription {
                    url: from.url.clone(),
                    ..now.clone()
                };
                let stands = now == *from || (moved == *from && !self.changed_after(step, key)?);
                Still::or_left(Value::Feed(None), stands)
            }
            (None, to, now) => {
                let stands = now.is_none() || now.as_ref() == to.as_deref();
                Still::or_left(Value::Feed(to), stands)
            }
            (_, None, None) => Still::or_left(Value::Feed(None), true),
        })
    }

    /// What of a change of a feed does not show, for the settings say it, in words.
    pub(in crate::library) fn said_of(
        &self,
        key: &str,
        from: &Subscription,
        to: &Subscription,
    ) -> rusqlite::Result<Option<String>> {
        let key = key.strip_prefix(FEED).unwrap_or(key);
        let (called, filed) = self
            .transaction()
            .prepare_cached("SELECT called <> '', filed <> '' FROM feed WHERE key = ?1")?
            .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let what = match (
            called && from.name != to.name,
            filed && from.folder != to.folder,
        ) {
            (false, false) => return Ok(None),
            (true, false) => "the name",
            (false, true) => "the folder",
            (true, true) => "the name and the folder",
        };
        let name = self.name_of_feed(key)?.unwrap_or_else(|| key.to_owned());
        Ok(Some(format!(
            "of “{name}” the settings say {what}, and it stays so"
        )))
    }

    /// Whether a later step that stands has changed a feed.
    fn changed_after(&self, step: i64, key: &str) -> rusqlite::Result<bool> {
        self.transaction()
            .prepare_cached(
                "SELECT 1 FROM change JOIN step ON step.id = change.step WHERE change.key = ?1 \
                 AND field = 'feed' AND undone = 0 AND step.id > ?2",
            )?
            .exists((key, step))
    }

    /// Keeps in the journal of a change what of it is taken back, or done again, now: of the rest, of which something
    /// else was said since, there is nothing to be done again later. `value` is what is set.
    pub(in crate::library) fn keep_part(
        &self,
        step: i64,
        key: &str,
        field: &Field,
        value: Option<&Value>,
        undo: bool,
    ) -> rusqlite::Result<()> {
        let now = Value::Feed(self.subscription(key)?.map(Box::new));
        let change = (step, key, field.name());
        match value.filter(|value| **value != now) {
            None => {
                let sql = "DELETE FROM change WHERE step = ?1 AND key = ?2 AND field = ?3";
                self.transaction().prepare_cached(sql)?.execute(change)?;
            }
            Some(value) => {
                let (old, new) = if undo { (value, &now) } else { (&now, value) };
                let (step, key, name) = change;
                self.transaction()
                    .prepare_cached(
                        "UPDATE change SET old = ?4, new = ?5 WHERE step = ?1 AND key = ?2 AND field = ?3",
                    )?
                    .execute((step, key, name, old.written(), new.written()))?;
            }
        }
        Ok(())
    }

    /// Forgets a step of which nothing is left that could be taken back, or done again.
    pub(in crate::library) fn forget_step_of_nothing(&self, step: i64) -> rusqlite::Result<()> {
        self.transaction().execute(
            "DELETE FROM step WHERE id = ?1 \
             AND NOT EXISTS (SELECT 1 FROM change WHERE step = ?1 AND field <> ?2)",
            (step, FOLDER),
        )?;
        Ok(())
    }

    /// What was left as it is, in words: feeds by their names, queries by theirs.
    pub(in crate::library) fn left_as_is(
        &self,
        keys: &[&str],
    ) -> rusqlite::Result<Option<LeftAsIs>> {
        let what = match keys {
            [] => return Ok(None),
            [key] => match key.strip_prefix(FEED) {
                Some(feed) => {
                    let name = self.name_of_feed(feed)?;
                    let name = name.unwrap_or_else(|| feed.to_owned());
                    match self.subscription(key)? {
                        None => format!("“{name}” was unsubscribed from since"),
                        Some(_) => format!("“{name}” was changed since, and stays so"),
                    }
                }
                None => {
                    let name = key.split_once(':').map_or(*key, |(_, name)| name);
                    format!("“{name}” was changed since, and stays so")
                }
            },
            keys => format!("{} were changed since, and stay so", keys.len()),
        };
        Ok(Some(LeftAsIs {
            what,
            ..LeftAsIs::default()
        }))
    }
}

/// What the settings say of feeds that were changed, in words: that of one, else of how many.
pub(in crate::library) fn said_of_all(mut of_each: Vec<String>) -> Option<String> {
    match of_each.len() {
        0 | 1 => of_each.pop(),
        feeds => Some(format!(
            "of {feeds} feeds the settings say it, and it stays so"
        )),
    }
}

/// Sets what differs between two subscriptions in a third, where that is as the first has it. Says whether anything
/// was neither so nor as it is to be.
fn change(now: &mut Subscription, from: &Subscription, to: &Subscription) -> bool {
    fn set<T: PartialEq + Clone>(now: &mut T, from: &T, to: &T) -> bool {
        let left = from != to && now != from && now != to;
        if from != to && now == from {
            now.clone_from(to);
        }
        left
    }
    [
        set(&mut now.url, &from.url, &to.url),
        set(&mut now.name, &from.name, &to.name),
        set(&mut now.folder, &from.folder, &to.folder),
        set(&mut now.attributes, &from.attributes, &to.attributes),
    ]
    .contains(&true)
}
