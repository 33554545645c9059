//! Steps with feeds and queries that are taken back, or done again, where something else was done with the same ones
//! since: in another library, by a command, by the settings.

use super::{
    super::state::{Field, Value, Writer},
    subscriptions::FEED,
};
use crate::story::Subscription;

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

    /// Whether a later step that stands has changed a feed.
    fn changed_after(&self, step: i64, key: &str) -> rusqlite::Result<bool> {
        self.transaction()
            .prepare_cached(
                "SELECT 1 FROM change JOIN step ON step.id = change.step WHERE change.key = ?1 \
                 AND field = 'feed' AND undone = 0 AND step.id > ?2",
            )?
            .exists((key, step))
    }

    /// What was left as it is, in words: feeds by their names, queries by theirs.
    pub(in crate::library) fn left_as_is(&self, keys: &[&str]) -> rusqlite::Result<Option<String>> {
        Ok(match keys {
            [] => None,
            [key] => {
                let name = match key.strip_prefix(FEED) {
                    Some(key) => self.name_of_feed(key)?,
                    None => key.split_once(':').map(|(_, name)| name.to_owned()),
                };
                let name = name.unwrap_or_else(|| (*key).to_owned());
                Some(format!("“{name}” was changed since, and stays so"))
            }
            keys => Some(format!("{} were changed since, and stay so", keys.len())),
        })
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
