//! The library: which stories there are, where they lie, and what the reader did with them.
//!
//! What is known lies in one SQLite database; folders are scanned in parallel, and stories come in
//! while lists are already shown. All calls may be made from any thread; none of them knows a screen.

mod after;
mod beside;
mod books;
mod bundled;
mod catalogue;
mod collections;
mod comments;
mod conditions;
mod examine;
mod exchange;
mod facets;
mod feeds;
mod fingerprint;
mod full;
mod intake;
mod keepsake;
mod known;
mod links;
mod listed;
mod lookover;
mod mailboxes;
mod marks;
mod matching;
mod newsboat;
mod notes;
mod others;
mod outlines;
mod part;
mod passing;
mod pictures;
mod place;
mod recovery;
mod reunion;
mod saved;
mod scan;
mod search;
mod state;
mod steplog;
mod store;
#[cfg(test)]
mod tests;
mod text;
mod titles;
mod walk;
mod watch;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::{Timestamp, ZonedDateTime};
use rusqlite::{Connection, OptionalExtension};

pub use beside::Beside;
pub use books::BookPictures;
pub use bundled::{Shown, shipped_picture};
pub use comments::Discussion;
pub use examine::{Besides, Examined, besides, examine, has_database, knows};
pub use exchange::{Imported, Place as ExportedPlace, Record};
pub use feeds::{
    Arrival, Arrivals, Call, Came, Issue, Keep, LeftAsIs, Outcome, Refiled, Rule, Stored,
    WrittenFeed, feed_key, fetched_from,
};
pub use full::FullText;
pub use intake::{key_of_file, known_by};
pub use mailboxes::Letter;
pub use matching::{Cancelled, Marker};
pub use newsboat::{Cache, CacheError, FromCache};
pub use notes::{NotedElsewhere, Written as WrittenNote};
pub use others::Others;
pub use outlines::WrittenOutline;
pub use passing::Bare;
pub use place::{MAX_BYTES, Place, ReadError};
pub use saved::SavedQuery;
pub use scan::{Input, InputError, Progress, Scanned};
pub use state::{Copied, Done};
pub use store::{PrivateFolder, StoreError};
pub use text::{Indexing, seeks_nothing};
pub use titles::{Change, Found, IdSet, Narrowing as TitleNarrowing, Titles, Within};
pub use walk::{LookedOver, is_mailbox, look_over};
pub use watch::{News, network_drive, watch_limit};

use self::{
    others::Turns,
    passing::Passing,
    search::Searches,
    store::{Lane, Store},
};
use crate::story::{
    Anchor, Listing, Source, SourceRow, State, Story, StoryId, Window,
    query::{Expr, Query, TextField},
};

/// What went wrong with the library.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A search that nobody waits for any more was given up.
    #[error("given up")]
    Cancelled,
    /// The system gave no thread to work on.
    #[error("the system has no thread left for reading the library")]
    Threads,
}

impl LibraryError {
    /// Whether the database is damaged: the next start mends it, or keeps it aside.
    pub fn is_damage(&self) -> bool {
        matches!(self, LibraryError::Store(StoreError::Damaged(_)))
    }

    /// The same where it kept the database from being opened: once there is room, a session goes on without
    /// it all the same.
    fn at_start(self) -> Self {
        match self {
            LibraryError::Store(StoreError::Full(_)) => StoreError::FullAtStart.into(),
            error => error,
        }
    }
}

/// Has the next start look over the database in `data`, if this error tells of damage; says whether it
/// does.
pub fn remember_damage(data: &Path, error: &LibraryError) -> bool {
    if let LibraryError::Store(error) = error {
        store::damage::remember(data, error);
    }
    error.is_damage()
}

impl From<rusqlite::Error> for LibraryError {
    fn from(error: rusqlite::Error) -> Self {
        LibraryError::Store(error.into())
    }
}

impl From<Cancelled> for LibraryError {
    fn from(Cancelled: Cancelled) -> Self {
        LibraryError::Cancelled
    }
}

/// Tells the time: handed in, so that tests can say when it is.
pub type Clock = Arc<dyn Fn() -> ZonedDateTime + Send + Sync>;

/// The stories that one command line opens, and the database that remembers them.
pub struct Library {
    store: Store,
    /// The number of the collection of these inputs.
    collection: i64,
    /// What the collection is known by.
    name: String,
    /// The folder that the paths of files begin at; empty where there is no such one.
    root: PathBuf,
    inputs: Vec<Input>,
    /// Whether the stories of feeds belong here.
    feeds_here: bool,
    clock: Clock,
    /// Counts up with every change of what lists show.
    version: AtomicU64,
    turns: Turns,
    search: Searches,
    /// Pages that are looked at and not kept.
    passing: Passing,
    /// Whether what is done here is forgotten although it should be kept.
    forgets: bool,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library")
            .field("collection", &self.collection)
            .field("inputs", &self.inputs)
            .finish_non_exhaustive()
    }
}

impl Library {
    /// Opens the library of these inputs. `data` is the folder of the database; without one, nothing
    /// is remembered beyond this run.
    ///
    /// # Errors
    /// If the database cannot be opened.
    pub fn open(
        data: Option<&Path>,
        inputs: Vec<Input>,
        clock: Clock,
    ) -> Result<Self, LibraryError> {
        let store = || match data {
            Some(folder) => Store::open(folder),
            None => Store::passing(None),
        };
        match Self::on(store()?, inputs.clone(), Arc::clone(&clock)) {
            // It is remembered: opened once more, the database is mended or a new one.
            Err(error) if error.is_damage() => Self::on(store()?, inputs, clock),
            opened => opened,
        }
    }

    fn on(store: Store, inputs: Vec<Input>, clock: Clock) -> Result<Self, LibraryError> {
        let mut library = Self::with(store, inputs, clock)?;
        if !library.store.is_passing() && library.is_empty()? && library.store.is_cramped() {
            return Err(StoreError::Cramped.into());
        }
        if let Some(loss) = library.store.loss.take() {
            library.recover(&loss);
        } else {
            library.catch_up();
        }
        Ok(library)
    }

    fn with(store: Store, inputs: Vec<Input>, clock: Clock) -> Result<Self, LibraryError> {
        let mut inputs: Vec<Input> = inputs.into_iter().map(Input::absolute).collect();
        let feeds_here = inputs.contains(&Input::Feeds);
        inputs.retain(|input| *input != Input::Feeds);
        let root = match &inputs[..] {
            [Input::Path(path)] if path.is_dir() => path.clone(),
            _ => PathBuf::new(),
        };
        let name = match feeds_here || inputs != [Input::Bundled] {
            true => name_of(&inputs),
            // The tour has lists of its own: none of it goes when the reader has a library.
            false => "tour".to_owned(),
        };
        let own = store.path().parent().map(Self::own_folder);
        let is_own = feeds_here
            && matches!(&inputs[..], [Input::Path(path), ..] if own.is_some_and(|own| own == *path));
        // Not among what the reader does: nobody waits for the disk before the first screen.
        let (collection, known_root, turns) = store.write(Lane::Intake, |transaction| {
            let now = Timestamp::now().as_second();
            let (collection, root): (i64, Vec<u8>) = transaction.query_row(
                "INSERT INTO collection (name, root, opened) VALUES (?1, ?2, ?3) \
                 ON CONFLICT DO UPDATE SET opened = ?3 RETURNING id, root",
                (&name, intake::bytes_of(&root), now),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            // Made before it began, wherever that was: they can be undone in it.
            if is_own {
                transaction.execute(
                    "UPDATE step SET collection = ?1 WHERE collection = ?2",
                    (&name, bundled::COLLECTION),
                )?;
            }
            let turns = Turns::begin(transaction, collection)?;
            Ok((collection, root, turns))
        })?;
        // A folder that is not there now was one when it was opened first.
        let root = match &inputs[..] {
            [Input::Path(path)] if !path.exists() => intake::path_of(&known_root).to_path_buf(),
            _ => root,
        };
        let mut library = Library {
            store,
            collection,
            name,
            root,
            inputs,
            feeds_here,
            clock,
            version: AtomicU64::new(0),
            turns,
            search: Searches::default(),
            passing: Passing::default(),
            forgets: false,
        };
        // Whoever has something of their own to read needs no examples.
        if library.inputs == [Input::Bundled] && feeds_here && library.has_feeds()? {
            library.inputs.clear();
        }
        Ok(library)
    }

    /// The folder of the library that begins where nobody names one: beside the database, in the folder `data`.
    pub fn own_folder(data: &Path) -> PathBuf {
        let folder = data.join("library");
        std::path::absolute(&folder).unwrap_or(folder)
    }

    /// Opens the library as [`Library::open`] does; where that cannot be, a library that forgets what
    /// is done with it, with a remark why.
    ///
    /// # Errors
    /// If there is no place for that one, either.
    pub fn open_anyway(
        data: Option<&Path>,
        inputs: Vec<Input>,
        clock: Clock,
    ) -> Result<Self, LibraryError> {
        match Self::open(data, inputs.clone(), Arc::clone(&clock)) {
            Ok(library) => Ok(Library {
                forgets: library.store.is_passing(),
                ..library
            }),
            Err(error) if data.is_some() => {
                let error = error.at_start();
                let mut library = Self::on(Store::passing(data)?, inputs, clock)?;
                library.forgets = true;
                if let Some(folder) = data {
                    library.show_kept(folder);
                }
                let remark = format!("What you do is not kept: {error}.");
                library.store.remarks.push(remark);
                Ok(library)
            }
            Err(error) => Err(error),
        }
    }

    /// Has the next start look over the database, if this error tells of damage.
    pub fn remember(&self, error: &LibraryError) {
        if let LibraryError::Store(error) = error {
            self.store.remember(error);
        }
    }

    /// What the reader should know of how the library was opened.
    pub fn remarks(&self) -> &[String] {
        &self.store.remarks
    }

    /// Whether what is done here is forgotten although it should be kept: [`Library::remarks`] say why.
    pub fn forgets(&self) -> bool {
        self.forgets
    }

    /// The file of the database; none where nothing is remembered.
    pub fn database(&self) -> Option<&Path> {
        (!self.store.is_passing()).then(|| self.store.path())
    }

    /// The folder that is read; none where it is not one folder.
    pub fn folder(&self) -> Option<&Path> {
        Some(&*self.root).filter(|it| !it.as_os_str().is_empty())
    }

    /// Whether examples are read, or feeds alone, for want of a folder.
    pub fn waits_for_folder(&self) -> bool {
        self.feeds_here && (self.inputs.is_empty() || self.inputs == [Input::Bundled])
    }

    /// How many stories there are.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn len(&self) -> Result<usize, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(part::Totals::of(&connection, self.collection)?.total)
    }

    /// Whether there is none.
    ///
    /// # Errors
    /// As [`Library::len`].
    pub fn is_empty(&self) -> Result<bool, LibraryError> {
        Ok(self.len()? == 0)
    }

    /// The rows of `listing` around `anchor`, which stands about at index `near` of it.
    ///
    /// # Errors
    /// If the database cannot be read, or `cancelled` came true before the search was done.
    pub fn window(
        &self,
        listing: &Listing,
        anchor: Anchor,
        near: usize,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Window, LibraryError> {
        if !listing.search.trim().is_empty() || matches!(listing.source, Source::Saved(_)) {
            return self.search(listing, anchor, cancelled);
        }
        let connection = self.store.hold(Lane::Lists)?;
        let now = (self.clock)();
        Ok(catalogue::window(
            &*store::moment(&connection)?,
            self.collection,
            listing,
            anchor,
            near,
            &now,
        )?)
    }

    /// The sources with their counts, the whole library first. What a query that is kept under a name
    /// finds is as [`Library::count_saved`] counted it last.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sources(&self) -> Result<Vec<SourceRow>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let moment = store::moment(&connection)?;
        let mut sources = catalogue::sources(&moment, self.collection, &(self.clock)())?;
        if self.feeds_here {
            feeds::add_sources(&moment, self.collection, &(self.clock)(), &mut sources)?;
        }
        // After what every library has, before what only this one has.
        let filed = |row: &SourceRow| {
            use Source::{Author, Category, Feed, Folder, Tag};
            matches!(
                row.source,
                Feed(_) | Folder(_) | Category(_) | Author(_) | Tag(_)
            )
        };
        let place = sources.iter().position(filed).unwrap_or(sources.len());
        sources.splice(place..place, self.saved_sources(&moment)?);
        Ok(sources)
    }

    /// What the reader did with a story; none where there is no such one.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn state(&self, id: StoryId) -> Result<Option<State>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let row = catalogue::row(&connection, id)?;
        Ok(row.map(|row| row.state()))
    }

    /// The address of a story's page, if it names one.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn url(&self, id: StoryId) -> Result<Option<String>, LibraryError> {
        if let Some(address) = self.passing.address(id) {
            return Ok(Some(address));
        }
        let connection = self.store.hold(Lane::Stories)?;
        let row = catalogue::row(&connection, id)?;
        Ok(row.and_then(|row| row.url.as_deref().map(str::to_owned)))
    }

    /// Where a story lies.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn place(&self, id: StoryId) -> Result<Option<Place>, LibraryError> {
        if id.is_passing() {
            return Ok(self.passing.place(id));
        }
        let connection = self.store.hold(Lane::Stories)?;
        let file: Option<(Vec<u8>, bool)> = connection
            .prepare_cached(
                "SELECT path, collection = ?2 FROM file WHERE story = ?1 ORDER BY stamp = 0, path LIMIT 1",
            )?
            .query_row((id.0, self.collection), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(file.and_then(
            |(path, is_ours)| match is_ours || feeds::entry_at(&path).is_some() {
                true => self.place_at(&connection, &path),
                // Whoever keeps a page that an example led to may go back to that.
                false => bundled::at(&path),
            },
        ))
    }

    /// Where a story lies that `query` found: of several files one in a folder that the query names.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn place_for(&self, id: StoryId, query: &Query) -> Result<Option<Place>, LibraryError> {
        let names_folder = |expr: &Expr| {
            let field = TextField::Folder;
            matches!(expr, Expr::Text { field: of, .. } if *of == field)
        };
        if !query.expr.any(&mut |expr| names_folder(expr)) {
            return self.place(id);
        }
        let connection = self.store.hold(Lane::Stories)?;
        let paths: Vec<Vec<u8>> = connection
            .prepare_cached("SELECT path FROM file WHERE story = ?1 ORDER BY stamp = 0, path")?
            .query_map([id.0], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let named = |path: &&Vec<u8>| {
            let folders = intake::folders_above(intake::path_of(path));
            let mut holds = |expr: &Expr| {
                names_folder(expr) && folders.iter().any(|folder| expr.holds_for_text(folder))
            };
            query.expr.any(&mut holds)
        };
        let path = paths.iter().find(named).or(paths.first());
        Ok(path.and_then(|path| self.place_at(&connection, path)))
    }

    /// The place that the database keeps as `path`.
    fn place_at(&self, connection: &Connection, path: &[u8]) -> Option<Place> {
        let mut streams = self.inputs.iter().filter_map(|input| match input {
            Input::Stdin(bytes) => Some(Arc::clone(bytes)),
            _ => None,
        });
        if let Some(entry) = feeds::entry_at(path) {
            let mut stored = feeds::Stored::of(connection, entry).ok()??;
            stored.full = full::shown(connection, self.collection, path).ok()?;
            return Some(Place::Entry(Arc::new(stored)));
        }
        if bundled::is_example(path) {
            return bundled::at(path);
        }
        if path == b"-" {
            return streams.next().map(Place::Stdin);
        }
        Some(Place::on_disk(self.root.join(intake::path_of(path))))
    }

    /// Reads a whole story.
    ///
    /// # Errors
    /// Says in words why it cannot be read, and names its file.
    pub fn read(&self, id: StoryId) -> Result<Story, ReadError> {
        let place = self.place(id).ok().flatten().ok_or(ReadError::Gone)?;
        self.read_at(&place)
    }

    /// The number of the present state of the lists: another one, and they may show something else.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    /// Tells of what was taken in.
    fn took(&self, taken: intake::Taken) {
        self.search.took(taken);
        self.changed();
    }

    /// The stories of a list, in its order: all, or those above or below one of them.
    pub(super) fn stories(
        &self,
        listing: &Listing,
        from: Option<StoryId>,
        above: bool,
    ) -> Result<Vec<StoryId>, LibraryError> {
        if !listing.search.trim().is_empty() || matches!(listing.source, Source::Saved(_)) {
            return self.found_stories(listing, from, above);
        }
        let connection = self.store.hold(Lane::Stories)?;
        let now = (self.clock)();
        let moment = store::moment(&connection)?;
        let stories = catalogue::stories(&moment, self.collection, listing, from, above, &now)?;
        Ok(stories.into_iter().map(StoryId).collect())
    }

    /// The stories of a list, in no order: all, or those between two of them, the two among them.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn listed(
        &self,
        listing: &Listing,
        between: Option<(StoryId, StoryId)>,
    ) -> Result<Vec<StoryId>, LibraryError> {
        let Some((one, other)) = between else {
            return self.stories(listing, None, false);
        };
        // Whichever of the two is the upper one.
        for (upper, lower) in [(one, other), (other, one)] {
            let mut stories = self.stories(listing, Some(upper), false)?;
            if let Some(end) = stories.iter().position(|id| *id == lower) {
                stories.truncate(end + 1);
                stories.push(upper);
                return Ok(stories);
            }
        }
        Ok(Vec::new())
    }

    fn changed(&self) {
        self.version.fetch_add(1, Ordering::SeqCst);
    }
}

/// What a collection is known by: the same inputs open the same one.
fn name_of(inputs: &[Input]) -> String {
    let names: Vec<String> = inputs
        .iter()
        .map(|input| match input {
            Input::Path(path) => path.to_string_lossy().into_owned(),
            Input::Bundled => bundled::COLLECTION.to_owned(),
            Input::Stdin(bytes) => format!("{}{:x}", collections::STREAM, fingerprint::of(bytes)),
            Input::Feeds => String::new(),
        })
        .collect();
    names.join("\n")
}
