//! Finding words in a document's text.

use std::{
    collections::BTreeMap,
    num::NonZero,
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    block::Block,
    compared::{Joined, Plain},
    parts::{Document, Kind, Part, number, split},
};
use crate::story::fold::Folding;

/// A match: its block, and the bytes of the block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The number of the block.
    pub block: usize,
    /// Bytes of the block's text.
    pub range: Range<usize>,
    /// Where it ends, if that is in a later block: in a source each line is one.
    pub beyond: Option<(usize, usize)>,
}

impl Found {
    /// The block and the byte of its text that it ends at.
    pub fn end(&self) -> (usize, usize) {
        self.beyond.unwrap_or((self.block, self.range.end))
    }
}

/// What is looked for in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// These words as they were typed, one behind the other: small letters match capitals too,
    /// letters without accents match those with (smart case).
    Phrase(String),
    /// Words that begin with any of these, whatever their capitals and accents: where a search of
    /// whole texts found them.
    Words(Vec<String>),
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matches {
    /// In reading order, up to a limit.
    pub found: Vec<Found>,
    /// How many there are in all.
    pub total: usize,
}

/// Looks through all of `document` on all processors, from block and byte `from` on, round and round.
/// `first` is told the first match as soon as it is known. Of more than `limit` matches those stay
/// that come first. None if `stop` told it to end.
pub fn find(
    document: &Document,
    sought: &Sought,
    from: (usize, usize),
    limit: usize,
    first: &(dyn Fn(Found) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Matches> {
    let finder = Finder::new(sought);
    let parts = document.parts();
    let begin = split(from.0).0.min(parts.saturating_sub(1));
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let earliest = Mutex::<Earliest>::default();
    let work = |turns: usize| {
        let (mut all, mut kept, mut total) = (Vec::new(), 0, 0);
        loop {
            if all.len() >= turns {
                return (all, total);
            }
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= parts || stopped.load(Ordering::Relaxed) {
                return (all, total);
            }
            if stop() {
                stopped.store(true, Ordering::Relaxed);
            }
            let index = (begin + turn) % parts;
            let mut found = Vec::new();
            if document.may_hold(index, &finder.folded)
                && let Some(part) = document.part(index)
            {
                finder.part(&part, index, &mut |it| found.push(it));
                if document.kind == Kind::Source {
                    finder.over_lines(&part, index, &mut found);
                }
            }
            let behind = |it: &&Found| turn > 0 || (it.block, it.range.start) >= from;
            let hit = found.iter().find(behind).cloned();
            let known = lock(&earliest).take(turn, hit);
            if let Some(known) = known {
                first(known);
            }
            total += found.len();
            // Turns are taken in their order: what is beyond the limit here is farther away than as
            // many others.
            found.truncate(limit.saturating_sub(kept));
            // What was cut would be held for each part of a huge text.
            found.shrink_to_fit();
            kept += found.len();
            all.push((turn, found));
        }
    };
    let threads = match parts {
        0..=3 => 1,
        _ => thread::available_parallelism().map_or(1, NonZero::get),
    };
    // Most often the first match stands in the first part: nothing takes a processor from that one.
    let mut done = vec![work(1)];
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .filter_map(|_| {
                let builder = thread::Builder::new().name("find".into());
                builder.spawn_scoped(scope, || work(usize::MAX)).ok()
            })
            .collect();
        done.push(work(usize::MAX));
        done.extend(others.into_iter().filter_map(|it| it.join().ok()));
    });
    if stopped.into_inner() {
        return None;
    }
    let total = done.iter().map(|(_, total)| total).sum();
    let mut turns: Vec<_> = done.into_iter().flat_map(|(all, _)| all).collect();
    turns.sort_unstable_by_key(|(turn, _)| *turn);
    let mut found: Vec<Found> = turns.into_iter().flat_map(|(_, found)| found).collect();
    found.truncate(limit);
    found.sort_unstable_by_key(|it| (it.block, it.range.start));
    Some(Matches { found, total })
}

/// Finds out which match is the first, though parts are not done in their order.
#[derive(Default)]
struct Earliest {
    /// All turns before this one are done, and had none.
    next: usize,
    waiting: BTreeMap<usize, Option<Found>>,
    told: bool,
}

impl Earliest {
    /// Takes the first match of a turn; gives the first of all when it is known by that.
    fn take(&mut self, turn: usize, hit: Option<Found>) -> Option<Found> {
        self.waiting.insert(turn, hit);
        while !self.told
            && let Some(hit) = self.waiting.remove(&self.next)
        {
            self.next += 1;
            self.told = hit.is_some();
            if hit.is_some() {
                return hit;
            }
        }
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is looked for, ready to be compared.
struct Finder {
    folding: Folding,
    /// In the form that texts are brought to.
    wanted: Vec<String>,
    /// The same without case and accents.
    folded: Vec<String>,
    /// Whether each has to begin a word.
    words: bool,
}

impl Finder {
    fn new(sought: &Sought) -> Self {
        let (wanted, words) = match sought {
            Sought::Phrase(phrase) => (std::slice::from_ref(phrase), false),
            Sought::Words(words) => (&words[..], true),
        };
        let folding = match sought {
            Sought::Phrase(phrase) => Folding::as_typed(phrase),
            Sought::Words(_) => Folding::ALL,
        };
        let plain = |folding| {
            let texts = wanted.iter().map(|it| {
                let mut plain = Plain::default();
                plain.take(it, folding);
                plain.text
            });
            texts.filter(|it| !it.is_empty()).collect()
        };
        Finder {
            folding,
            wanted: plain(folding),
            folded: plain(Folding::ALL),
            words,
        }
    }

    fn part(&self, part: &Part, index: usize, tell: &mut dyn FnMut(Found)) {
        if self.wanted.is_empty() {
            return;
        }
        let mut plain = Plain::default();
        for (at, block) in part.blocks.iter().enumerate() {
            let text = block.as_text();
            plain.take(&text, self.folding);
            for range in self.places(&plain, &text) {
                let block = number(index, at);
                tell(Found {
                    block,
                    range,
                    beyond: None,
                });
            }
        }
    }

    /// Adds what begins in one line of a source and ends in a later one.
    fn over_lines(&self, part: &Part, index: usize, found: &mut Vec<Found>) {
        if !self.wanted.iter().any(|it| it.contains(' ')) {
            return;
        }
        let joined = Joined::of(part);
        let mut plain = Plain::default();
        plain.take(&joined.text, self.folding);
        for range in self.places(&plain, &joined.text) {
            let (first, start) = joined.place(range.start);
            let (last, end) = joined.place(range.end);
            let text = part
                .blocks
                .get(first)
                .map(Block::as_text)
                .unwrap_or_default();
            if last > first && start < text.len() && end > 0 {
                found.push(Found {
                    block: number(index, first),
                    range: start..text.len(),
                    beyond: Some((number(index, last), end)),
                });
            }
        }
        found.sort_unstable_by_key(|it| (it.block, it.range.start));
    }

    /// Bytes of a text, in order and without overlaps.
    fn places(&self, plain: &Plain, text: &str) -> Vec<Range<usize>> {
        let mut ranges: Vec<_> = self
            .wanted
            .iter()
            .flat_map(|wanted| plain.text.match_indices(wanted.as_str()))
            .filter_map(|(at, hit)| plain.range(at, at + hit.len()))
            .filter(|it| !self.words || begins_word(text, it.start))
            .collect();
        if self.wanted.len() > 1 {
            ranges.sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
            let mut end = 0;
            ranges.retain(|range| {
                let free = range.start >= end;
                end = if free { range.end } else { end };
                free
            });
        }
        ranges
    }
}

/// Whether a word begins at byte `at`. Scripts without spaces have words everywhere.
fn begins_word(text: &str, at: usize) -> bool {
    let spaced = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
    let before = text[..at].chars().next_back().is_some_and(spaced);
    !(before && text[at..].starts_with(spaced))
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
