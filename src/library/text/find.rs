//! Searching the index, and the windows of what it finds.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;

use super::{
    super::{Library, LibraryError, catalogue, store::Lane},
    passage,
    query::Query,
    visible,
};
use crate::story::{Anchor, Listing, Passage, Sort, StoryId, Window};

/// Hits that are ranked at most: BM25 takes a millisecond for a thousand.
const RANKED: usize = 5_000;

/// Hits after which it is asked whether the search is still wanted.
const STRIDE: usize = 2_048;

/// Rows of a window that have their passages at once: more than a screen shows.
const AT_ONCE: usize = 40;

/// What a search in whole texts found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The stories, the best first.
    pub stories: Vec<u32>,
    /// Whether there were too many to rank them all: then those with the words in their titles and
    /// the newest ones are ranked, and the others follow by date.
    pub cut: bool,
    /// Stories that have the words.
    pub total_seen: usize,
}

/// A part of the library in its order.
#[derive(Debug, Default)]
struct Part {
    stories: Vec<u32>,
    /// By the number of a story: its place in the part from 1 on; 0 if it is not there.
    places: Vec<u32>,
}

impl Part {
    fn new(stories: Vec<u32>) -> Self {
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
}

/// The last search, so that who scrolls in it does not search anew.
#[derive(Debug, Default)]
pub struct Searches {
    last: Mutex<Option<Arc<Search>>>,
    part: Mutex<Option<(Listing, u64, Arc<Part>)>>,
    /// Counts up when texts were indexed.
    texts: AtomicU64,
    /// Stories that are still to be indexed by the run that is under way.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Search {
    listing: Listing,
    version: (u64, u64),
    query: Query,
    found: Found,
    passages: Mutex<HashMap<StoryId, Option<Passage>>>,
}

impl Searches {
    /// Texts were indexed: what was found may not be all.
    pub fn forget(&self) {
        self.texts.fetch_add(1, Ordering::SeqCst);
    }

    /// So many stories are still to be indexed.
    pub fn wait_for(&self, stories: usize) {
        self.waiting.store(stories, Ordering::SeqCst);
    }
}

impl Library {
    /// The stories that have all of these words in their titles, bylines or texts, at most `limit`.
    /// The last word may be begun only; `"phrases"` stand as they are, `-word` must not stand there.
    /// Case and accents make no difference.
    ///
    /// # Errors
    /// If the database cannot be read, or `cancelled` came true before the search was done.
    pub fn find_text(
        &self,
        words: &str,
        limit: usize,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Found, LibraryError> {
        let listing = Listing {
            search: words.to_owned(),
            everywhere: true,
            ..Listing::default()
        };
        let mut found = self.search_of(&listing, cancelled)?.found.clone();
        found.stories.truncate(limit);
        Ok(found)
    }

    /// The window of a search in whole texts. The rows around its anchor have their passages.
    pub(in crate::library) fn search_texts(
        &self,
        listing: &Listing,
        anchor: Anchor,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Window, LibraryError> {
        let search = self.search_of(listing, cancelled)?;
        let mut window = {
            let connection = self.store.hold(Lane::Lists)?;
            catalogue::window_of(&connection, &search.found.stories, anchor)?
        };
        window.remark = self.remark(&search);
        for row in &mut window.rows {
            row.matched = passage::letters(&row.title, &search.query.all);
        }
        let anchored = window.at.map_or(0, |at| at.saturating_sub(window.first));
        let anchored = match anchor {
            Anchor::End => window.rows.len(),
            _ => anchored,
        };
        let from = anchored.saturating_sub(AT_ONCE / 2);
        self.fill_passages(&search, &mut window, from..from + AT_ONCE, cancelled)?;
        Ok(window)
    }

    /// Gives all rows of a window of a search in whole texts their passages; says whether any
    /// lacked one.
    ///
    /// # Errors
    /// As [`Library::find_text`].
    pub fn add_passages(
        &self,
        listing: &Listing,
        window: &mut Window,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool, LibraryError> {
        if !listing.everywhere || listing.search.trim().is_empty() {
            return Ok(false);
        }
        let search = self.search_of(listing, cancelled)?;
        let all = 0..window.rows.len();
        self.fill_passages(&search, window, all, cancelled)
    }

    fn fill_passages(
        &self,
        search: &Search,
        window: &mut Window,
        rows: std::ops::Range<usize>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool, LibraryError> {
        let mut added = false;
        let rows = rows.start.min(window.rows.len())..rows.end.min(window.rows.len());
        for row in &mut window.rows[rows] {
            if row.passage.is_some() {
                continue;
            }
            if cancelled() {
                return Err(LibraryError::Cancelled);
            }
            let known = lock(&search.passages).get(&row.id).cloned();
            row.passage = known.unwrap_or_else(|| {
                let story = self.read(row.id).ok();
                let text = story.map(|story| visible::visible(&story.markdown));
                let found = text.and_then(|it| passage::passage(&it, &search.query.all));
                lock(&search.passages).insert(row.id, found.clone());
                found
            });
            added |= row.passage.is_some();
        }
        Ok(added)
    }

    /// What the reader should know of what was found.
    fn remark(&self, search: &Search) -> Option<String> {
        let mut said = Vec::new();
        if search.query.all.is_empty() && !search.query.none.is_empty() {
            said.push("Name a word that is to be there, too.".to_owned());
        }
        if search.found.cut {
            said.push(format!(
                "{} stories have it: titles and the newest come first.",
                search.found.total_seen
            ));
        }
        match self.searches.waiting.load(Ordering::SeqCst) {
            0 => {}
            1 => said.push("One story is not indexed yet.".to_owned()),
            some => said.push(format!("{some} stories are not indexed yet.")),
        }
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// The search of a listing: the last one, or a new one.
    fn search_of(
        &self,
        listing: &Listing,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Arc<Search>, LibraryError> {
        let version = (self.version(), self.searches.texts.load(Ordering::SeqCst));
        let last = lock(&self.searches.last).clone();
        if let Some(last) = last
            && last.listing == *listing
            && last.version == version
        {
            return Ok(last);
        }
        let query = Query::new(&listing.search);
        let found = match query.expression() {
            Some(expression) => {
                let part = self.part_of(listing, version.0)?;
                let connection = self.store.hold(Lane::Lists)?;
                let by_rank = listing.sort == Sort::Newest;
                find(&connection, &expression, &part, by_rank, cancelled)?
            }
            None => Found::default(),
        };
        let search = Arc::new(Search {
            listing: listing.clone(),
            version,
            query,
            found,
            passages: Mutex::default(),
        });
        *lock(&self.searches.last) = Some(Arc::clone(&search));
        Ok(search)
    }

    /// The stories that a search of `listing` looks through.
    fn part_of(&self, listing: &Listing, version: u64) -> Result<Arc<Part>, LibraryError> {
        let whole = Listing {
            search: String::new(),
            ..listing.clone()
        };
        let mut last = lock(&self.searches.part);
        if let Some((listing, of, part)) = &*last
            && *listing == whole
            && *of == version
        {
            return Ok(Arc::clone(part));
        }
        let connection = self.store.hold(Lane::Lists)?;
        let now = (self.clock)();
        let mut stories =
            catalogue::stories(&connection, self.collection, &whole, None, false, &now)?;
        let kept = listing.keep.iter().map(|id| id.0);
        let others: Vec<u32> = kept.filter(|id| !stories.contains(id)).collect();
        stories.extend(others);
        let part = Arc::new(Part::new(stories));
        *last = Some((whole, version, Arc::clone(&part)));
        Ok(part)
    }
}

/// What an expression finds in a part of the library.
fn find(
    connection: &Connection,
    expression: &str,
    part: &Part,
    by_rank: bool,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Found, LibraryError> {
    let mut hits = hits(connection, expression, part, cancelled)?;
    let total_seen = hits.len();
    // By their place in the part: the newest first.
    hits.sort_unstable();
    let cut = by_rank && hits.len() > RANKED;
    if by_rank {
        let mut first = hits.clone();
        if cut {
            let titled = self::hits(
                connection,
                &format!("{{title}} : ({expression})"),
                part,
                cancelled,
            )?;
            first = first_of(&hits, titled);
        }
        rank(connection, expression, part, &mut first, cancelled)?;
        if cut {
            let mut ranked = first.clone();
            ranked.sort_unstable();
            let others = hits.iter().filter(|hit| ranked.binary_search(hit).is_err());
            first.extend(others);
        }
        hits = first;
    }
    let stories = hits
        .into_iter()
        .filter_map(|place| part.stories.get(place as usize).copied())
        .collect();
    Ok(Found {
        stories,
        cut,
        total_seen,
    })
}

/// Those of `hits` that are ranked: the ones in `titled`, then the newest.
fn first_of(hits: &[u32], mut titled: Vec<u32>) -> Vec<u32> {
    titled.sort_unstable();
    // Something that must not be there may stand in the text of a story with the right title.
    titled.retain(|hit| hits.binary_search(hit).is_ok());
    titled.truncate(RANKED);
    let known = titled.clone();
    let others = hits.iter().filter(|hit| known.binary_search(hit).is_err());
    titled.extend(others.take(RANKED - known.len()));
    titled
}

/// The places in `part` of the stories that an expression finds, in no order.
fn hits(
    connection: &Connection,
    expression: &str,
    part: &Part,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<u32>, LibraryError> {
    let mut statement =
        connection.prepare_cached("SELECT rowid FROM story_text WHERE story_text MATCH ?1")?;
    let mut rows = statement.query([expression])?;
    let mut hits = Vec::new();
    let mut met = 0_usize;
    while let Some(row) = rows.next()? {
        hits.extend(part.place(row.get(0)?));
        met += 1;
        if met.is_multiple_of(STRIDE) && cancelled() {
            return Err(LibraryError::Cancelled);
        }
    }
    Ok(hits)
}

/// Sorts hits, the best first; among equals those that stand first in the part.
fn rank(
    connection: &Connection,
    expression: &str,
    part: &Part,
    hits: &mut Vec<u32>,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<(), LibraryError> {
    let stories: Vec<u32> = hits
        .iter()
        .filter_map(|place| part.stories.get(*place as usize).copied())
        .collect();
    // The plus keeps the stories from being looked up one by one: only of them ranks are asked.
    let mut statement = connection.prepare_cached(
        "SELECT rowid, rank FROM story_text WHERE story_text MATCH ?1 \
         AND +rowid IN (SELECT value FROM json_each(?2))",
    )?;
    let list = serde_json::to_string(&stories).unwrap_or_default();
    let mut rows = statement.query((expression, list))?;
    let mut ranked: Vec<(f64, u32)> = Vec::with_capacity(hits.len());
    while let Some(row) = rows.next()? {
        if let Some(place) = part.place(row.get(0)?) {
            ranked.push((row.get(1)?, place));
        }
        if ranked.len().is_multiple_of(STRIDE) && cancelled() {
            return Err(LibraryError::Cancelled);
        }
    }
    ranked.sort_unstable_by(|(a, at), (b, other)| a.total_cmp(b).then(at.cmp(other)));
    *hits = ranked.into_iter().map(|(_, place)| place).collect();
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
