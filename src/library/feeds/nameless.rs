//! Entries that have nothing but a title and a text: neither an identifier nor a page nor a date. newsboat dates
//! them when it fetches them, so there they have a date that their feed never sent, and each reader numbers
//! them by another sign.

use std::collections::{HashMap, HashSet};

use rusqlite::Transaction;

use super::issue::{self, Incoming};
use crate::{ingest::feed, story::fold::Folding};

/// One that is known.
struct Known {
    ident: i64,
    is_dated: bool,
    text: String,
}

/// Those of a feed that are known, by their titles.
pub(super) struct Nameless(HashMap<String, Vec<Known>>);

fn title_of(entry: &feed::Entry) -> String {
    Folding::ALL.apply(entry.title.trim())
}

fn text_of(entry: feed::Entry) -> String {
    let text = entry.content.or(entry.summary).map(|it| it.text);
    text.unwrap_or_default().trim().to_owned()
}

impl Nameless {
    /// Those of a feed; `coming` are the numbers of entries that speak for themselves just now.
    pub(super) fn of(
        transaction: &Transaction<'_>,
        feed: i64,
        coming: &HashSet<i64>,
    ) -> rusqlite::Result<Self> {
        let mut statement = transaction
            .prepare_cached("SELECT ident, content FROM entry WHERE feed = ?1 AND link = 0")?;
        let mut rows = statement.query([feed])?;
        let mut all: HashMap<String, Vec<Known>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let ident = row.get(0)?;
            let content = row.get_ref(1)?.as_str().unwrap_or_default();
            let Ok(entry) = serde_json::from_str::<feed::Entry>(content) else {
                continue;
            };
            if entry.id.is_none() && !coming.contains(&ident) {
                all.entry(title_of(&entry)).or_default().push(Known {
                    ident,
                    is_dated: entry.published.is_some(),
                    text: text_of(entry),
                });
            }
        }
        Ok(Nameless(all))
    }

    /// The number of the one that this entry is, one of the two being without a date; it is nobody else's then.
    /// Its text tells it from others of its title.
    pub(super) fn take(&mut self, incoming: &Incoming) -> Option<i64> {
        let entry = serde_json::from_str::<feed::Entry>(&incoming.content).ok()?;
        let is_dated = entry.published.is_some();
        let is_alone =
            issue::title_sign(&entry).map(|it| issue::ident_of(&it)) == Some(incoming.ident);
        let all = self.0.get_mut(&title_of(&entry))?;
        let text = text_of(entry);
        let fits = |it: &Known| !(it.is_dated && is_dated);
        let same = all.iter().position(|it| fits(it) && it.text == text);
        let at = same.or_else(|| match &all[..] {
            [one] if is_alone && fits(one) => Some(0),
            _ => None,
        })?;
        Some(all.remove(at).ident)
    }
}
