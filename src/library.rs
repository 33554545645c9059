//! The library: which stories there are, where they lie, and what the reader did with them.
//!
//! Folders are scanned in parallel and stories come in while lists are already shown. All calls may
//! be made from any thread; none of them knows a screen.

mod bundled;
mod catalogue;
mod matching;
mod place;
mod scan;
mod titles;

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use matching::{Cancelled, Marker};
pub use place::{MAX_BYTES, Place, ReadError};
pub use scan::{Input, InputError, Scanned};
pub use titles::{Change, Found, IdSet, Narrowing as TitleNarrowing, Titles, Within};

use self::catalogue::{Catalogue, Narrowing};
use crate::story::{Anchor, Listing, SourceRow, Story, StoryId, Window};

/// The stories of one run of the program.
#[derive(Debug, Default)]
pub struct Library {
    catalogue: RwLock<Catalogue>,
    /// What the last search found: the next letter narrows it.
    last: Mutex<Option<Narrowing>>,
}

impl Library {
    /// An empty library.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many stories there are.
    pub fn len(&self) -> usize {
        self.catalogue().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of `listing` around `anchor`.
    ///
    /// # Errors
    /// [`Cancelled`] if `cancelled` came true before the search was done.
    pub fn window(
        &self,
        listing: &Listing,
        anchor: Anchor,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Window, Cancelled> {
        // Sorting after stories came in needs the catalogue alone; looking things up does not.
        if !self.catalogue().is_sorted() {
            self.write().sort();
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        self.catalogue()
            .window(listing, anchor, &mut last, cancelled)
    }

    /// The sources with their counts, the whole library first.
    pub fn sources(&self) -> Vec<SourceRow> {
        self.catalogue().sources()
    }

    /// Keeps that a story was read, or was not.
    pub fn set_read(&self, id: StoryId, read: bool) {
        self.write().set_read(id, read);
    }

    /// Whether a story was read.
    pub fn is_read(&self, id: StoryId) -> bool {
        self.catalogue().is_read(id)
    }

    /// Where a story lies.
    pub fn place(&self, id: StoryId) -> Option<Place> {
        self.catalogue().place(id)
    }

    /// Reads a whole story.
    ///
    /// # Errors
    /// Says in words why it cannot be read, and names its file.
    pub fn open(&self, id: StoryId) -> Result<Story, ReadError> {
        let place = self.place(id).ok_or(ReadError::Gone)?;
        place.read()
    }

    /// The story that the link `target` in the story `from` leads to, with the name of a place in
    /// it: a path relative to that story's own, or the name of a file as wikilinks give it.
    pub fn resolve(&self, from: StoryId, target: &str) -> Option<(StoryId, Option<String>)> {
        self.catalogue().resolve(from, target)
    }

    fn catalogue(&self) -> RwLockReadGuard<'_, Catalogue> {
        // A panic in a worker leaves the catalogue as it was between two stories.
        self.catalogue
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Catalogue> {
        self.catalogue
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
