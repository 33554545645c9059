//! Searching: the stories that a query finds, in their order.
//!
//! Words are looked for in the titles, which lie in memory ([`Titles`]), or in whole texts ([`text`]);
//! everything else is asked of the database ([`Conditions`]). What was found is kept until something else is searched or the
//! library changes: to scroll in it takes no search.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use jiff::ZonedDateTime;
use rusqlite::{Connection, params_from_iter, types::Value};

use super::{
    Library, LibraryError, catalogue,
    conditions::Conditions,
    intake::Taken,
    matching::{Cancelled, Marker},
    part::{Order, Part},
    saved::SavedCounts,
    store::{self, Lane},
    text::{self, Sought, Wording, seeks_nothing},
    titles::{Change, IdSet, Narrowing, Titles, Within},
};
use crate::story::{
    Anchor, Listing, Sort, Source, StoryId, Window, as_typed, grouped,
    query::{Expr, Flag, Query, QueryError},
};

/// What searching keeps at hand. Removed stories are not among the titles.
#[derive(Debug, Default)]
pub(super) struct Searches {
    /// None until somebody searches, or has it filled.
    titles: RwLock<Option<Titles>>,
    last: Mutex<Last>,
    /// Counts the sets of stories that searches were confined to.
    sets: AtomicU64,
    /// What queries that are kept under names find.
    pub(super) saved: SavedCounts,
    /// Stories that the indexing of texts, while it is under way, has still to do.
    waiting: AtomicUsize,
}

/// Rows of a window that have their passages at once: more than a screen shows.
const AT_ONCE: usize = 24;

/// What was searched last.
#[derive(Debug, Default)]
pub(super) struct Last {
    narrowing: Option<Narrowing>,
    /// The stories that the search was confined to: the conditions and the state of the library for
    /// which that holds, and the number of the set.
    within: Option<(String, u64, u64, Arc<IdSet>)>,
    /// The same for whole texts: the stories in an order.
    part: Option<(Option<String>, Sort, u64, Arc<text::Part>)>,
    found: Option<Found>,
}

/// What a search found.
#[derive(Debug, Clone)]
struct Found {
    listing: Listing,
    version: u64,
    stories: Arc<[u32]>,
    /// The words that rows mark in their titles.
    words: String,
    remark: Option<String>,
    /// Where whole texts were searched: what for.
    sought: Option<Arc<Sought>>,
    /// In whole texts: stories that waited for the index.
    waiting: usize,
}

impl Searches {
    /// Brings the titles up to date.
    pub(super) fn took(&self, taken: Taken) {
        let mut titles = self.titles.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(titles) = titles.as_mut() {
            let gone = taken.gone.into_iter().map(|id| Change::Gone(StoryId(id)));
            let put = taken.put.into_iter().map(|(id, age, title)| Change::Put {
                id: StoryId(id),
                age,
                title: as_searched(title),
            });
            titles.apply(put.chain(gone));
        }
    }

    /// So many stories are still to be indexed.
    pub(super) fn wait_for_texts(&self, stories: usize) {
        self.waiting.store(stories, Ordering::SeqCst);
    }

    /// Has the titles read anew by the next search.
    pub(super) fn forget_titles(&self) {
        *self.titles.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A title with the signs that people type, as words are matched with it.
fn as_searched(title: String) -> String {
    if title.is_ascii() {
        return title;
    }
    title.chars().map(as_typed).collect()
}

type Entry = (StoryId, i64, String);

/// Entries that come by their age, those of one moment in the order of their ids.
fn by_id_within_age(entries: impl Iterator<Item = Entry>) -> impl Iterator<Item = Entry> {
    let mut entries = entries.peekable();
    let mut moment: Vec<Entry> = Vec::new();
    std::iter::from_fn(move || {
        if moment.is_empty() {
            let first = entries.next()?;
            let age = first.1;
            moment.push(first);
            while let Some(next) = entries.next_if(|next| next.1 == age) {
                moment.push(next);
            }
            // Taken from the end.
            moment.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.0));
        }
        moment.pop()
    })
}

fn lock(last: &Mutex<Last>) -> MutexGuard<'_, Last> {
    last.lock().unwrap_or_else(PoisonError::into_inner)
}

/// So many stories wait for the index while nobody has counted them.
pub(super) const NOT_COUNTED: usize = usize::MAX;

impl Library {
    /// Reads all titles into memory, for the first search to find them there.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn fill_titles(&self) -> Result<(), LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let mut titles = self
            .search
            .titles
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if titles.is_some() {
            return Ok(());
        }
        let mut statement = connection.prepare(
            "SELECT id, age, title FROM story INDEXED BY story_by_date \
             WHERE collection = ?1 AND removed = 0 ORDER BY age, tie",
        )?;
        let mut rows = statement.query([self.collection])?;
        let mut failed = None;
        let next = || {
            let entry = rows.next().and_then(|row| {
                row.map(|row| Ok((StoryId(row.get(0)?), row.get(1)?, as_searched(row.get(2)?))))
                    .transpose()
            });
            entry.unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        };
        let built = Titles::build(by_id_within_age(std::iter::from_fn(next)));
        drop(rows);
        drop(statement);
        // What was read once is not read again.
        connection.execute_batch("PRAGMA shrink_memory")?;
        match failed {
            Some(error) => Err(error.into()),
            None => {
                *titles = Some(built);
                Ok(())
            }
        }
    }

    /// The window of a search.
    pub(super) fn search(
        &self,
        listing: &Listing,
        anchor: Anchor,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Window, LibraryError> {
        let found = self.find(listing, cancelled)?;
        let connection = self.store.hold(Lane::Lists)?;
        let mut window = catalogue::window_of(&connection, &found.stories, anchor)?;
        if !found.words.is_empty() {
            let mut marker = Marker::new(&found.words);
            for row in &mut window.rows {
                row.matched = marker.mark(&row.title);
            }
        }
        drop(connection);
        window.remark = found.remark;
        if let Some(sought) = found.sought {
            for row in &mut window.rows {
                row.matched = sought.letters(&row.title);
            }
            let at = match anchor {
                Anchor::End => window.rows.len(),
                _ => window.at.map_or(0, |at| at.saturating_sub(window.first)),
            };
            let from = at.saturating_sub(AT_ONCE / 2);
            self.fill_passages(&sought, &mut window, from..from + AT_ONCE, cancelled)?;
        }
        Ok(window)
    }

    /// Gives all rows of a window of a search in whole texts their passages: those near its anchor
    /// have them already. Says whether any lacked one.
    ///
    /// # Errors
    /// If the database cannot be read, or `cancelled` came true.
    pub fn add_passages(
        &self,
        listing: &Listing,
        window: &mut Window,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool, LibraryError> {
        if !listing.everywhere {
            return Ok(false);
        }
        let Some(sought) = self.find(listing, cancelled)?.sought else {
            return Ok(false);
        };
        let all = 0..window.rows.len();
        self.fill_passages(&sought, window, all, cancelled)
    }

    /// The stories that a search finds: all, or those above or below one of them.
    pub(super) fn found_stories(
        &self,
        listing: &Listing,
        from: Option<StoryId>,
        above: bool,
    ) -> Result<Vec<StoryId>, LibraryError> {
        let found = self.find(listing, &|| false)?.stories;
        let at = from.and_then(|from| found.iter().position(|id| *id == from.0));
        let part = match at {
            Some(at) if above => &found[..at],
            Some(at) => &found[at + 1..],
            None => &found[..],
        };
        Ok(part.iter().copied().map(StoryId).collect())
    }

    /// All stories of a list, in its order.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn found(&self, listing: &Listing) -> Result<Vec<StoryId>, LibraryError> {
        self.stories(listing, None, false)
    }

    /// Reads a query as it stands.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn query(&self, text: &str) -> Result<Query, QueryError> {
        Query::parse(text, &|name| self.saved(name))
    }

    fn find(
        &self,
        listing: &Listing,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Found, LibraryError> {
        let version = self.version();
        let waiting = match listing.everywhere {
            true => self.search.waiting.load(Ordering::SeqCst),
            false => 0,
        };
        let same = |found: &Found| {
            found.version == version
                && found.waiting == waiting
                && found.listing.search == listing.search
                && found.listing.source == listing.source
                && found.listing.unread == listing.unread
                && found.listing.sort == listing.sort
                && found.listing.everywhere == listing.everywhere
        };
        if let Some(found) = lock(&self.search.last).found.as_ref().filter(|it| same(it)) {
            return Ok(found.clone());
        }
        let (text, source) = match &listing.source {
            Source::Saved(name) => {
                let kept = self.kept(name)?.unwrap_or_default();
                (format!("{kept} {}", listing.search), Source::All)
            }
            source => (listing.search.clone(), source.clone()),
        };
        let typed = match Query::parse_typed(&text, &|name| self.saved(name)) {
            Ok(typed) => typed,
            Err(error) => {
                // That no query is kept under a name is not so where the kept ones cannot be read.
                self.saved_queries()?;
                return Ok(self.nothing(listing, version, error.to_string()));
            }
        };
        let listing_of_part = Listing {
            source,
            ..listing.clone()
        };
        let query = &typed.query;
        let mut found = Found {
            listing: listing.clone(),
            version,
            stories: Arc::default(),
            words: String::new(),
            remark: typed.unfinished.map(|error| error.to_string()),
            sought: None,
            waiting,
        };
        if listing.everywhere {
            self.find_texts(&mut found, query, &text, &listing_of_part, cancelled)?;
        } else {
            let stories = self.find_stories(
                query,
                &listing_of_part,
                version,
                (Lane::Lists, &self.search.last),
                cancelled,
            )?;
            found.stories = stories.into();
            found.words = query.title_words().join(" ");
        }
        lock(&self.search.last).found = Some(found.clone());
        Ok(found)
    }

    fn nothing(&self, listing: &Listing, version: u64, remark: String) -> Found {
        Found {
            listing: listing.clone(),
            version,
            stories: Arc::from([]),
            words: String::new(),
            remark: Some(remark),
            sought: None,
            waiting: 0,
        }
    }

    /// Finds the stories whose whole texts have the words of a query that was `typed` like this.
    fn find_texts(
        &self,
        found: &mut Found,
        query: &Query,
        typed: &str,
        listing: &Listing,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), LibraryError> {
        let (wording, rest) = Wording::of(&query.expr, typed);
        if seeks_nothing(query) {
            let told = "There is no word in this: letters or digits are looked for.";
            found.remark.get_or_insert_with(|| told.to_owned());
            return Ok(());
        }
        let connection = self.store.hold(Lane::Lists)?;
        let now = (self.clock)();
        let scope = self.scope(&connection, query, listing, &rest, &now);
        let (sort, best_first) = match query.sort.unwrap_or(listing.sort) {
            Sort::Best => (Sort::Newest, true),
            Sort::Newest => (Sort::Newest, query.sort.is_none()),
            other => (other, false),
        };
        let part = self.part_of(&scope, sort, found.version, cancelled)?;
        let hits = text::find(&connection, &wording, &part, best_first, cancelled)?;
        let mut said: Vec<String> = found.remark.take().into_iter().collect();
        said.extend(match hits.cut {
            text::Cut::Not => None,
            text::Cut::Ranks => {
                Some("So many have it that titles and the newest come first.".into())
            }
            text::Cut::List => Some(
                "So many have it that only the newest are listed, titles with it first.".to_owned(),
            ),
        });
        match found.waiting {
            0 => {}
            NOT_COUNTED => said.push("Whole texts are not indexed yet.".to_owned()),
            1 => said.push("One story is not indexed yet.".to_owned()),
            some => said.push(format!("{} stories are not indexed yet.", grouped(some))),
        }
        found.remark = (!said.is_empty()).then(|| said.join(" "));
        let most = query.limit.unwrap_or(usize::MAX);
        found.stories = hits.stories.into_iter().take(most).collect();
        if !wording.is_empty() {
            found.sought = Some(Arc::new(Sought::new(wording)));
        }
        Ok(())
    }

    /// The part of the library that a query is asked of, where `rest` must hold, too.
    fn scope<'a>(
        &self,
        connection: &'a Connection,
        query: &Query,
        listing: &'a Listing,
        rest: &'a Expr,
        now: &'a ZonedDateTime,
    ) -> Scope<'a> {
        Scope {
            connection,
            collection: self.collection,
            listing,
            rest,
            removed: query.mentions(Flag::Removed),
            now,
        }
    }

    /// The stories of a scope in an order: those of the last search, where they are the same.
    fn part_of(
        &self,
        scope: &Scope<'_>,
        sort: Sort,
        version: u64,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Arc<text::Part>, LibraryError> {
        let name = scope.name();
        if let Some((of, by, at, part)) = &lock(&self.search.last).part
            && (of, *by, *at) == (&name, sort, version)
        {
            return Ok(Arc::clone(part));
        }
        let part = Arc::new(text::Part::new(scope.stories(sort, None, cancelled)?));
        lock(&self.search.last).part = Some((name, sort, version, Arc::clone(&part)));
        Ok(part)
    }

    /// The stories whose titles have the words of a query, where all else that it says holds, too.
    /// What was found `last` on this `lane` makes the next search shorter.
    pub(super) fn find_stories(
        &self,
        query: &Query,
        listing: &Listing,
        version: u64,
        (lane, last): (Lane, &Mutex<Last>),
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<u32>, LibraryError> {
        let words = query.title_words().join(" ");
        // Removed stories are not among the titles: the database looks at theirs.
        let by_title = !words.is_empty() && !query.mentions(Flag::Removed);
        let rest = if by_title {
            query.without_title_words()
        } else {
            query.expr.clone()
        };
        let sort = match query.sort {
            Some(sort) => sort,
            None if listing.sort == Sort::Newest && !words.is_empty() => Sort::Best,
            None => listing.sort,
        };
        let connection = self.store.hold(lane)?;
        let now = (self.clock)();
        let scope = self.scope(&connection, query, listing, &rest, &now);
        let mut stories = if !by_title {
            scope.stories(sort, None, cancelled)?
        } else {
            let hits = self.titles_with(&words, &scope, version, last, cancelled)?;
            if sort == Sort::Best {
                hits
            } else {
                let hits: IdSet = hits.into_iter().map(StoryId).collect();
                scope.stories(sort, Some(&hits), cancelled)?
            }
        };
        if let Some(limit) = query.limit {
            stories.truncate(limit);
        }
        Ok(stories)
    }

    /// The stories within a scope whose titles have the words, best first.
    fn titles_with(
        &self,
        words: &str,
        scope: &Scope<'_>,
        version: u64,
        last: &Mutex<Last>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<u32>, LibraryError> {
        self.fill_titles()?;
        let titles = self.search.titles.read();
        let titles = titles.unwrap_or_else(PoisonError::into_inner);
        let Some(titles) = titles.as_ref() else {
            return Ok(Vec::new());
        };
        let mut last = lock(last);
        let last = &mut *last;
        let name = scope.name();
        let within = match (&name, &last.within) {
            (None, _) => None,
            (Some(name), Some((of, at, number, ids))) if of == name && *at == version => {
                Some((*number, Arc::clone(ids)))
            }
            (Some(name), _) => {
                let stories = scope.stories(Sort::Newest, None, cancelled)?;
                let ids: IdSet = stories.into_iter().map(StoryId).collect();
                let number = self.search.sets.fetch_add(1, Ordering::SeqCst) + 1;
                let ids = Arc::new(ids);
                last.within = Some((name.clone(), version, number, Arc::clone(&ids)));
                Some((number, ids))
            }
        };
        let within = within.as_ref().map(|(generation, ids)| Within {
            ids,
            generation: *generation,
        });
        let found = titles.search(words, within, &mut last.narrowing, cancelled)?;
        Ok(found.stories.into_iter().map(|id| id.0).collect())
    }
}

/// The part of the library that a search is confined to, with the conditions that are no words.
struct Scope<'a> {
    connection: &'a Connection,
    collection: i64,
    listing: &'a Listing,
    rest: &'a Expr,
    /// Whether removed stories are looked for.
    removed: bool,
    now: &'a ZonedDateTime,
}

impl Scope<'_> {
    /// What tells this scope from others; none for the whole library, where nothing was removed.
    fn name(&self) -> Option<String> {
        let listing = self.listing;
        let whole = listing.source == Source::All && !listing.unread && *self.rest == Expr::All;
        (!whole).then(|| {
            format!(
                "{:?} {} {} {:?} {}",
                listing.source,
                listing.unread,
                self.rest,
                listing.keep,
                self.now.date()
            )
        })
    }

    /// The stories in an order, only those of `among` if there is such a set.
    fn stories(
        &self,
        sort: Sort,
        among: Option<&IdSet>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<u32>, LibraryError> {
        let _moment = store::moment(self.connection)?;
        let part = Part::new(
            self.connection,
            self.collection,
            &self.listing.source,
            self.listing.unread,
            Sort::Newest,
            self.now,
        )?;
        let mut conditions = Conditions::new(self.connection, self.collection, self.now);
        let rest = conditions.sql(self.rest)?;
        conditions.arm()?;
        let (from, condition) = if self.removed {
            ("story".to_owned(), "story.collection = ?".to_owned())
        } else {
            (part.from.clone(), part.condition.clone())
        };
        let values: Vec<Value> = if self.removed {
            vec![self.collection.into()]
        } else {
            part.values.clone()
        };
        let order = Order::of(sort);
        let direction = if order.backwards { "DESC" } else { "ASC" };
        let [first, second] = order.columns;
        let sql = format!(
            "SELECT story.id FROM {from} WHERE {condition} AND {rest} \
             ORDER BY story.{first} {direction}, story.{second} {direction}, story.id {direction}"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(
            values.into_iter().chain(conditions.values),
        ))?;
        let mut stories = Vec::new();
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?;
            if among.is_none_or(|among| among.contains(StoryId(id))) {
                stories.push(id);
            }
            if stories.len() % 1024 == 0 && cancelled() {
                return Err(Cancelled.into());
            }
        }
        Ok(stories)
    }
}
