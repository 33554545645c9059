//! Searching the index, and the passages of what was found.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;

use super::{
    super::{Library, LibraryError},
    passage,
    query::Wording,
    visible,
};
use crate::story::{Passage, StoryId, Window};

/// Hits that are ranked at most: BM25 takes a millisecond for a thousand.
const RANKED: usize = 3_000;

/// Hits that are looked at, at most, where nearly all of the index is searched. Of words that stand
/// in more stories, those that came in last are taken, and no ranks are asked for: to know how rare
/// a word is, BM25 goes through all of them.
const SEEN: usize = 20_000;

/// Hits after which it is asked whether the search is still wanted.
const STRIDE: usize = 2_048;

/// What a search in whole texts found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::library) struct Hits {
    /// The stories, the best first.
    pub stories: Vec<u32>,
    /// What was not looked at.
    pub cut: Cut,
}

/// How much of what was found was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::library) enum Cut {
    /// All.
    #[default]
    Not,
    /// Only stories with the words in their titles and the newest ones are ranked; the others
    /// follow by date.
    Ranks,
    /// There are more stories than are listed: of those that came in last those with the words in their
    /// titles come first, then the newest.
    List,
}

/// A part of the library in its order.
#[derive(Debug, Default)]
pub(in crate::library) struct Part {
    stories: Vec<u32>,
    /// By the number of a story: its place in the part from 1 on; 0 if it is not there.
    places: Vec<u32>,
}

impl Part {
    pub(in crate::library) fn new(stories: Vec<u32>) -> Self {
        let most = stories.iter().max().map_or(0, |most| *most as usize + 1);
        let mut places = vec![0; most];
        for (story, place) in stories.iter().zip(1..) {
            places[*story as usize] = place;
        }
        Part { stories, places }
    }

    /// The place of a story, if it is there.
    fn place(&self, story: u32) -> Option<u32> {
        let place = self.places.get(story as usize)?;
        place.checked_sub(1)
    }

    /// Whether it is most of what is indexed, as far as the numbers of its stories tell.
    fn is_most(&self) -> bool {
        self.stories.len() * 2 >= self.places.len()
    }

    fn stories(&self, places: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let places = places.into_iter();
        places
            .filter_map(|place| self.stories.get(place as usize).copied())
            .collect()
    }
}

/// What was looked for, with the passages that were read so far.
#[derive(Debug)]
pub(in crate::library) struct Sought {
    wording: Wording,
    passages: Mutex<HashMap<StoryId, Option<Passage>>>,
}

impl Sought {
    pub(in crate::library) fn new(wording: Wording) -> Self {
        Sought {
            wording,
            passages: Mutex::default(),
        }
    }

    /// The bytes of a title where letters of the words stand.
    pub(in crate::library) fn letters(&self, title: &str) -> Vec<usize> {
        passage::letters(title, &self.wording.phrases())
    }
}

impl Library {
    /// Gives rows of a window their passages; says whether any lacked one.
    pub(in crate::library) fn fill_passages(
        &self,
        sought: &Sought,
        window: &mut Window,
        rows: std::ops::Range<usize>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool, LibraryError> {
        let phrases = sought.wording.phrases();
        let mut added = false;
        let rows = rows.start.min(window.rows.len())..rows.end.min(window.rows.len());
        for row in &mut window.rows[rows] {
            if row.passage.is_some() {
                continue;
            }
            if cancelled() {
                return Err(LibraryError::Cancelled);
            }
            let known = lock(&sought.passages).get(&row.id).cloned();
            row.passage = known.unwrap_or_else(|| {
                let place = self.place(row.id).ok().flatten();
                let story = place.and_then(|place| self.words_at(&place).ok());
                let text = story.map(|story| visible::visible(&story.markdown));
                let found = text.and_then(|it| passage::passage(&it, &phrases));
                lock(&sought.passages).insert(row.id, found.clone());
                found
            });
            added |= row.passage.is_some();
        }
        Ok(added)
    }
}

/// What the words find in a part of the library: the best first, or in the order of the part.
pub(in crate::library) fn find(
    connection: &Connection,
    wording: &Wording,
    part: &Part,
    best_first: bool,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Hits, LibraryError> {
    let search = Search {
        connection,
        part,
        cancelled,
    };
    let Some(expression) = wording.expression() else {
        return Ok(Hits {
            stories: search.all_but(wording.exclusion())?,
            cut: Cut::Not,
        });
    };
    let bounded = best_first && part.is_most();
    // What a word that may go on could become is much to put together. Where the word alone stands in
    // more stories than are looked at, nothing is missed without.
    if bounded
        && let Some(typed) = wording.as_typed()
        && let Some(alone) = typed.expression()
    {
        let hits = search.hits(&alone, Some(SEEN + 1), None)?;
        if hits.met > SEEN {
            return search.newest(&typed, hits);
        }
    }
    let hits = search.hits(&expression, bounded.then_some(SEEN + 1), None)?;
    if bounded && hits.met > SEEN {
        return search.newest(wording, hits);
    }
    let (mut found, met) = (hits.places, hits.met);
    let mut cut = Cut::Not;
    if best_first && met > RANKED {
        let titles = wording.titles().unwrap_or_default();
        let titled = search.hits(&titles, Some(RANKED), None)?.places;
        if met > SEEN {
            cut = Cut::Ranks;
            found = followed(titled, &found, usize::MAX);
        } else {
            let mut first = followed(titled, &found, RANKED);
            cut = if first.len() < found.len() {
                Cut::Ranks
            } else {
                Cut::Not
            };
            search.rank(&expression, &mut first)?;
            found = followed(first, &found, usize::MAX);
        }
    } else if best_first {
        search.rank(&expression, &mut found)?;
    }
    Ok(Hits {
        stories: part.stories(found),
        cut,
    })
}

/// `first`, then those of `all` that are not among them; at most so many.
fn followed(mut first: Vec<u32>, all: &[u32], most: usize) -> Vec<u32> {
    let mut known = first.clone();
    known.sort_unstable();
    let others = all.iter().filter(|hit| known.binary_search(hit).is_err());
    first.extend(others.take(most.saturating_sub(known.len())));
    first
}

/// What an expression finds.
struct Met {
    /// The places in the part, in order.
    places: Vec<u32>,
    /// How many it finds in the whole index, as far as was looked.
    met: usize,
    /// The story with the least number that was looked at.
    last: i64,
}

/// Where it is searched, and whether still.
struct Search<'a> {
    connection: &'a Connection,
    part: &'a Part,
    cancelled: &'a (dyn Fn() -> bool + Sync),
}

impl Search<'_> {
    /// The stories of the part that an expression finds; of more than `most` those that came in last. None
    /// that came in before the story `since`.
    fn hits(
        &self,
        expression: &str,
        most: Option<usize>,
        since: Option<i64>,
    ) -> Result<Met, LibraryError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT rowid FROM story_text WHERE story_text MATCH ?1 AND rowid >= ?3 \
             ORDER BY rowid DESC LIMIT ?2",
        )?;
        let most = most.and_then(|most| i64::try_from(most).ok()).unwrap_or(-1);
        let mut rows = statement.query((expression, most, since.unwrap_or(0)))?;
        let mut places = Vec::new();
        let (mut met, mut last) = (0_usize, i64::MAX);
        while let Some(row) = rows.next()? {
            last = row.get(0)?;
            places.extend(u32::try_from(last).ok().and_then(|id| self.part.place(id)));
            met += 1;
            if met.is_multiple_of(STRIDE) && (self.cancelled)() {
                return Err(LibraryError::Cancelled);
            }
        }
        places.sort_unstable();
        Ok(Met { places, met, last })
    }

    /// Of more than are looked at: those with the words in their titles first, then the newest.
    fn newest(&self, wording: &Wording, seen: Met) -> Result<Hits, LibraryError> {
        // Through all of the index it takes longer than anybody waits: the words stand nearly everywhere.
        let titles = wording.titles().unwrap_or_default();
        let titled = self.hits(&titles, Some(RANKED), Some(seen.last))?.places;
        Ok(Hits {
            stories: self
                .part
                .stories(followed(titled, &seen.places, usize::MAX)),
            cut: Cut::List,
        })
    }

    /// The stories of the part but for those that an expression finds.
    fn all_but(&self, exclusion: Option<String>) -> Result<Vec<u32>, LibraryError> {
        let Some(exclusion) = exclusion else {
            return Ok(self.part.stories.clone());
        };
        let out = self.hits(&exclusion, None, None)?.places;
        let all = 0..u32::try_from(self.part.stories.len()).unwrap_or(u32::MAX);
        let left = all.filter(|place| out.binary_search(place).is_err());
        Ok(self.part.stories(left))
    }

    /// Sorts hits, the best first; among equals those that stand first in the part.
    fn rank(&self, expression: &str, hits: &mut Vec<u32>) -> Result<(), LibraryError> {
        let stories = self.part.stories(hits.iter().copied());
        // The plus keeps the stories from being looked up one by one: only of them ranks are asked.
        let mut statement = self.connection.prepare_cached(
            "SELECT rowid, rank FROM story_text WHERE story_text MATCH ?1 \
             AND +rowid IN (SELECT value FROM json_each(?2))",
        )?;
        let list = serde_json::to_string(&stories).unwrap_or_default();
        let mut rows = statement.query((expression, list))?;
        let mut ranked: Vec<(f64, u32)> = Vec::with_capacity(hits.len());
        while let Some(row) = rows.next()? {
            if let Some(place) = self.part.place(row.get(0)?) {
                ranked.push((row.get(1)?, place));
            }
            if ranked.len().is_multiple_of(STRIDE) && (self.cancelled)() {
                return Err(LibraryError::Cancelled);
            }
        }
        ranked.sort_unstable_by(|(a, at), (b, other)| a.total_cmp(b).then(at.cmp(other)));
        *hits = ranked.into_iter().map(|(_, place)| place).collect();
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
