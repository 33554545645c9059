//! Titles in memory, searched as one types.
//!
//! A million titles take some 80 bytes each: their text, and beside it what a search asks first.
//! Most titles are turned down by their letters alone; what is left is scored sixteen at a time
//! ([`lanes`]), on all cores. What a search found is kept, so that the next letter looks at that
//! only, and scores only the word that it belongs to.

mod ids;
mod lanes;
mod query;
mod score;
mod segment;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    num::NonZero,
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

pub use ids::IdSet;

use self::{
    query::{Query, Rest, Word},
    score::{Hit, Scorer, at},
    segment::{BITS, Entry, Filling, Segment, Slot},
};
use super::matching::Cancelled;
use crate::story::StoryId;

/// Parts with no more hits than this are put together.
const FEW: usize = 4096;

/// What may wait beside the titles before they are put in order anew: so many, and one for so many
/// that are in order.
const WAITING: usize = 1024;
const WAITING_SHARE: usize = 32;

/// The titles of all stories, newest first.
#[derive(Debug, Default)]
pub struct Titles {
    /// Titles in order; then, from `late` on, those that came since, in an order of their own.
    segments: Vec<Segment>,
    /// The first segment of those that came since.
    late: usize,
    /// Titles that were taken out and still keep their places.
    gone: usize,
    /// Becomes another one with every change, so that what was found before is not taken for what
    /// would be found now.
    edition: Arc<()>,
}

/// What became of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new, or its title or date is another now.
    Put {
        /// Which story.
        id: StoryId,
        /// Seconds from its date to 1970: the newest story has the least.
        age: i64,
        /// Its title.
        title: String,
    },
    /// It is no longer there.
    Gone(StoryId),
}

/// The stories that a search is confined to.
#[derive(Debug, Clone, Copy)]
pub struct Within<'a> {
    /// Which they are.
    pub ids: &'a IdSet,
    /// Who asks again with the same number says that they are the same stories.
    pub generation: u64,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The stories, best first, and newest first among equals.
    pub stories: Vec<StoryId>,
}

/// What the last search found, in the titles' order. Who types on narrows it: only these are
/// looked at again.
#[derive(Debug)]
pub struct Narrowing {
    edition: Arc<()>,
    within: Option<u64>,
    query: Query,
    /// Each part lies in the titles in order, or in those that came since.
    hits: Vec<Vec<Hit>>,
}

impl Titles {
    /// An index of no titles.
    pub fn new() -> Self {
        Self::default()
    }

    /// An index of stories, each with its age (seconds from its date to 1970) and title. They come
    /// newest first, and those of one moment in the order of their ids.
    pub fn build<T: AsRef<str>>(rows: impl IntoIterator<Item = (StoryId, i64, T)>) -> Self {
        let mut filling = Filling::default();
        for (id, age, title) in rows {
            filling.push(&Entry { id, age, title });
        }
        let mut titles = Titles::new();
        titles.segments = filling.finish();
        titles.late = titles.segments.len();
        titles
    }

    /// How many titles there are.
    pub fn len(&self) -> usize {
        self.places() - self.gone
    }

    /// How many there are with those that were taken out.
    fn places(&self) -> usize {
        self.segments.iter().map(Segment::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory that the titles take.
    pub fn bytes(&self) -> usize {
        self.segments.iter().map(Segment::bytes).sum()
    }

    /// Takes changes in; of several for one story, the last holds. It looks through the ids once,
    /// and copies titles only when many have come in.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>) {
        let mut changed: HashMap<StoryId, Option<Entry<String>>> = HashMap::new();
        for change in changes {
            let (id, entry) = match change {
                Change::Put { id, age, title } => (id, Some(Entry { id, age, title })),
                Change::Gone(id) => (id, None),
            };
            changed.insert(id, entry);
        }
        let any_gone = self.take_out(&mut changed);
        if !any_gone && changed.values().all(Option::is_none) {
            return;
        }
        self.edition = Arc::default();
        let new = changed.into_values().flatten();
        let came = self.take_late(new.collect());
        if came.len() + self.gone > WAITING + self.places() / WAITING_SHARE {
            self.merge(came);
        } else {
            let mut filling = Filling::default();
            came.iter().for_each(|it| filling.push(it));
            self.segments.extend(filling.finish());
        }
    }

    /// Puts `new` titles and those that came since in order, and leaves only the ones before.
    fn take_late(&mut self, new: Vec<Entry<String>>) -> Vec<Entry<String>> {
        let mut came = new;
        for segment in self.segments.drain(self.late..) {
            came.extend(segment.entries().map(|it| it.map(str::to_owned)));
        }
        came.sort_unstable_by_key(Entry::rank);
        came
    }

    /// Takes out the titles that changed, and of the changes those that change nothing; true if
    /// any title was taken out.
    fn take_out(&mut self, changed: &mut HashMap<StoryId, Option<Entry<String>>>) -> bool {
        let ids: IdSet = changed.keys().copied().collect();
        let mut any = false;
        for (at, segment) in self.segments.iter_mut().enumerate() {
            for index in 0..segment.len() {
                let id = segment.ids[index];
                if !ids.contains(id) || !segment.is_there(index) {
                    continue;
                }
                let new = changed.get(&id).and_then(Option::as_ref);
                if new.is_some_and(|new| new.is(&segment.entry(index))) {
                    changed.remove(&id);
                } else {
                    segment.remove(index);
                    self.gone += usize::from(at < self.late);
                    any = true;
                }
            }
        }
        any
    }

    /// Puts titles into their order among the ones before. Old segments are let go one by one, so that it takes little
    /// more memory than the titles.
    fn merge(&mut self, came: Vec<Entry<String>>) {
        let mut came = came.into_iter().peekable();
        let mut filling = Filling::default();
        for segment in std::mem::take(&mut self.segments) {
            for entry in segment.entries() {
                while let Some(new) = came.next_if(|it| it.rank() < entry.rank()) {
                    filling.push(&new);
                }
                filling.push(&entry);
            }
        }
        came.for_each(|it| filling.push(&it));
        self.segments = filling.finish();
        self.late = self.segments.len();
        self.gone = 0;
    }

    /// Finds the titles that match `words`, each by itself: its letters in their order, small ones
    /// also as capitals and without accents. No words find all titles.
    ///
    /// `last` is what the search before left; with other titles or other words it does no harm.
    ///
    /// # Errors
    /// [`Cancelled`] if `cancelled` came true before the search was done; `last` can still be used.
    pub fn search(
        &self,
        words: &str,
        within: Option<Within<'_>>,
        last: &mut Option<Narrowing>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Found, Cancelled> {
        let query = Query::new(words);
        let generation = within.map(|it| it.generation);
        let rest = last
            .as_ref()
            .filter(|last| Arc::ptr_eq(&last.edition, &self.edition) && last.within == generation)
            .and_then(|last| query.after(&last.query));
        if rest.is_none() {
            // It would only take memory while the search goes on.
            *last = None;
        }
        let hits = match (rest, last.as_mut()) {
            (Some(Rest::Nothing), Some(last)) => std::mem::take(&mut last.hits),
            (Some(rest), Some(last)) => {
                let words = match rest {
                    Rest::All => query.words(),
                    _ => query.words().last().map_or(&[][..], std::slice::from_ref),
                };
                let narrowed = Search::new(self, words, cancelled).narrow(&last.hits, rest);
                narrowed?
            }
            _ => Search::new(self, query.words(), cancelled).all(within)?,
        };
        let stories = self.best_first(&hits);
        *last = (!query.words().is_empty()).then(|| Narrowing {
            edition: Arc::clone(&self.edition),
            within: generation,
            query,
            hits,
        });
        Ok(Found { stories })
    }

    /// The stories of hits, best first; equals stay newest first.
    fn best_first(&self, hits: &[Vec<Hit>]) -> Vec<StoryId> {
        let all = || hits.iter().flatten();
        // Scores are small numbers, so that counting them sorts faster than comparing.
        let most = all().map(|it| it.score).max().unwrap_or(0);
        let place = |hit: &Hit| usize::from(most - hit.score);
        let mut starts = vec![0_usize; usize::from(most) + 2];
        for hit in all() {
            starts[place(hit) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut stories = vec![StoryId(0); hits.iter().map(Vec::len).sum()];
        let mut put = |hit: &Hit| {
            let (segment, index) = at(&self.segments, hit.slot);
            let start = &mut starts[place(hit)];
            stories[*start] = segment.ids[index];
            *start += 1;
        };
        let is_late = |part: &Vec<Hit>| part.first().is_some_and(|it| self.is_late(it.slot));
        let (in_order, late) = hits.split_at(hits.partition_point(|part| !is_late(part)));
        let rank = |hit: &Hit| {
            let (segment, index) = at(&self.segments, hit.slot);
            segment.rank(index)
        };
        let mut late = late.iter().flatten().peekable();
        for hit in in_order.iter().flatten() {
            // Mostly there are none, and nobody asks for a rank.
            while let Some(newer) = late.next_if(|it| rank(it) < rank(hit)) {
                put(newer);
            }
            put(hit);
        }
        late.for_each(put);
        stories
    }

    fn is_late(&self, slot: Slot) -> bool {
        slot as usize >> BITS >= self.late
    }
}

/// One search through the titles.
struct Search<'a> {
    titles: &'a Titles,
    words: &'a [Word],
    /// What a title must have to match the words.
    bits: u64,
    cancelled: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Search<'a> {
    fn new(
        titles: &'a Titles,
        words: &'a [Word],
        cancelled: &'a (dyn Fn() -> bool + Sync),
    ) -> Self {
        let bits = query::bits(words);
        Search {
            titles,
            words,
            bits,
            cancelled,
        }
    }

    /// What matches among all titles.
    fn all(&self, within: Option<Within<'_>>) -> Result<Vec<Vec<Hit>>, Cancelled> {
        let segments = &self.titles.segments;
        let may = |id| within.is_none_or(|within| within.ids.contains(id));
        self.share(segments.len(), |part, hits| {
            let segment = &segments[part];
            for (index, bits) in segment.bits.iter().enumerate() {
                if bits & self.bits == self.bits && may(segment.ids[index]) {
                    hits.push(Hit {
                        slot: (part << BITS | index) as Slot,
                        before: 0,
                        score: 0,
                    });
                }
            }
        })
    }

    /// What matches among the hits of an earlier search.
    fn narrow(&self, from: &[Vec<Hit>], rest: Rest) -> Result<Vec<Vec<Hit>>, Cancelled> {
        let segments = &self.titles.segments;
        self.share(from.len(), |part, hits| {
            for hit in &from[part] {
                let (segment, index) = at(segments, hit.slot);
                if segment.bits[index] & self.bits == self.bits {
                    let before = match rest {
                        Rest::Last => hit.before,
                        Rest::More => hit.score,
                        Rest::Nothing | Rest::All => 0,
                    };
                    hits.push(Hit { before, ..*hit });
                }
            }
        })
    }

    /// Scores the candidates of parts, which `candidates` gives, on all cores: one that is done
    /// with a part takes the next.
    fn share(
        &self,
        parts: usize,
        candidates: impl Fn(usize, &mut Vec<Hit>) + Sync,
    ) -> Result<Vec<Vec<Hit>>, Cancelled> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut scorer = Scorer::new(&self.titles.segments, self.words);
            let mut done = Vec::new();
            let mut hits = Vec::new();
            loop {
                let part = next.fetch_add(1, Ordering::Relaxed);
                if part >= parts {
                    return Ok(done);
                }
                hits.clear();
                candidates(part, &mut hits);
                scorer.score(&mut hits, self.cancelled)?;
                done.push((part, hits.clone()));
            }
        };
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let mut done = thread::scope(|scope| {
            // The first part is done on this thread: a short list needs no other.
            let others = 1..cores.min(parts);
            let others: Vec<_> = others.map(|_| scope.spawn(work)).collect();
            let mut done = work();
            for other in others {
                let more = other.join().unwrap_or_else(|why| panic::resume_unwind(why));
                done = done.and_then(|mut done| {
                    done.extend(more?);
                    Ok(done)
                });
            }
            done
        })?;
        done.sort_unstable_by_key(|it| it.0);
        Ok(self.joined(done.into_iter().map(|it| it.1)))
    }

    /// Parts with few hits as one, so that many do not grow from ever fewer hits.
    fn joined(&self, parts: impl Iterator<Item = Vec<Hit>>) -> Vec<Vec<Hit>> {
        let side = |hits: &[Hit]| hits.first().map(|it| self.titles.is_late(it.slot));
        let mut all: Vec<Vec<Hit>> = Vec::new();
        for part in parts.filter(|it| !it.is_empty()) {
            match all.last_mut() {
                Some(last) if last.len() + part.len() <= FEW && side(last) == side(&part) => {
                    last.extend(part);
                }
                _ => all.push(part),
            }
        }
        all
    }
}
