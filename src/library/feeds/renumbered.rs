//! Entries that have an identifier and nothing else to be known by, no page of their own: where their feed numbers
//! them anew they are known by what they say, all of it, their dates included.
//!
//! The new numbers may be some of the old ones, where entries are numbered by their places in the feed.

use std::collections::HashMap;

use super::issue::{self, Incoming};

/// Those that come and those that are known.
pub(super) struct Renumbered {
    /// The prints of those that come, by their idents.
    coming: HashMap<i64, i64>,
    /// The same the other way round.
    said: HashMap<i64, Vec<i64>>,
    /// The idents of those that are known, by their prints.
    known: HashMap<i64, Vec<i64>>,
}

/// Whether an entry has nothing but an identifier.
fn is_bare(incoming: &Incoming) -> bool {
    incoming.link == 0 && incoming.id.is_some()
}

impl Renumbered {
    /// `known` are the idents and prints of entries without a page.
    pub(super) fn of(entries: &[Incoming], known: impl Iterator<Item = (i64, i64)>) -> Self {
        let mut all = Renumbered {
            coming: HashMap::new(),
            said: HashMap::new(),
            known: HashMap::new(),
        };
        for it in entries.iter().filter(|it| is_bare(it)) {
            all.coming.insert(it.ident, it.print);
            all.said.entry(it.print).or_default().push(it.ident);
        }
        if !all.coming.is_empty() {
            for (ident, print) in known {
                all.known.entry(print).or_default().push(ident);
            }
        }
        all
    }

    /// Whether the entry that is known by a number and says this comes under another number now.
    fn has_left(&self, ident: i64, print: i64) -> bool {
        let mut others = self.said.get(&print).into_iter().flatten();
        others.any(|it| *it != ident && !self.is_known_as(*it, print))
    }

    fn is_known_as(&self, ident: i64, print: i64) -> bool {
        let known = self.known.get(&print);
        known.is_some_and(|it| it.contains(&ident))
    }

    /// The number by which an entry is known, if that is not its own; `own` is the print of the one that has its own
    /// number. Each is nobody else's then.
    pub(super) fn take(&mut self, incoming: &Incoming, own: Option<i64>) -> Option<i64> {
        let id = incoming.id.as_deref().filter(|_| is_bare(incoming))?;
        match own {
            Some(own) if own == incoming.print => return None,
            // It was edited.
            Some(own) if !self.has_left(incoming.ident, own) => return None,
            _ => {}
        }
        let coming = &self.coming;
        if let Some(alike) = self.known.get_mut(&incoming.print) {
            // One that is still there under its number is another one that says the same.
            let is_free = |it: &i64| coming.get(it) != Some(&incoming.print);
            if let Some(at) = alike.iter().position(is_free) {
                return Some(alike.remove(at));
            }
        }
        own.map(|_| issue::ident_of(&format!("{id}\n{:x}", incoming.print)))
    }
}
