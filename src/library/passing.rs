//! Pages, and files beside a story, that are looked at and not kept: they have numbers as stories do, and are forgotten when the program
//! ends.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::OptionalExtension;
use url::Url;

use super::{
    Library, LibraryError, Place, bundled, comments::announcers, feeds, intake, store::Lane,
};
use crate::story::{StoryId, clean};

/// The number of the first page.
const FIRST: u32 = StoryId::PASSING;

/// Pages that are remembered: of those before, nobody goes back to.
const MOST: usize = 200;

/// Bytes of all of them.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// The pages of this run.
#[derive(Debug, Default)]
pub(super) struct Passing(Mutex<Vec<Page>>);

#[derive(Debug)]
struct Page {
    address: Arc<Url>,
    /// None for one that was forgotten.
    text: Option<Arc<[u8]>>,
    /// The file that it is, if it is one: that is read each time.
    file: Option<Arc<Path>>,
    /// Whether it lies on the own machine or network.
    home: bool,
    /// Of a page with no story in it what it was fetched as.
    bare: Option<Bare>,
}

/// A page with no story in it, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// The address that was asked for, which may have led elsewhere.
    pub asked: Url,
    /// Whether it asks to sign in.
    pub asks: bool,
}

impl Passing {
    fn with<T>(&self, id: StoryId, of: impl FnOnce(&Page) -> T) -> Option<T> {
        let index = id.0.checked_sub(FIRST)? as usize;
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(index).map(of)
    }

    pub(super) fn place(&self, id: StoryId) -> Option<Place> {
        self.with(id, |page| {
            if let Some(file) = &page.file {
                return Some(Place::File(Arc::clone(file)));
            }
            let text = page.text.clone()?;
            Some(Place::Fetched(Arc::clone(&page.address), text))
        })?
    }

    pub(super) fn address(&self, id: StoryId) -> Option<String> {
        self.with(id, |page| {
            let is_page = page.file.is_none();
            is_page.then(|| clean::line(page.address.as_str()))
        })?
    }

    pub(super) fn file(&self, id: StoryId) -> Option<Arc<Path>> {
        self.with(id, |page| page.file.clone())?
    }
}

impl Library {
    /// Has a page read that is not kept: `text` is front matter and Markdown, or all of a book or of mail,
    /// `home` whether it lies on the own machine or network, and `bare` is said of one with no story in it.
    /// The same address has the same number.
    pub fn pass(
        &self,
        address: Url,
        text: Vec<u8>,
        home: bool,
        bare: Option<Bare>,
    ) -> Option<StoryId> {
        self.take_page(Page {
            address: Arc::new(address),
            text: Some(text.into()),
            file: None,
            home,
            bare,
        })
    }

    /// Has a file read that is not taken in, by its address.
    pub(super) fn pass_file(&self, address: Url, file: PathBuf) -> Option<StoryId> {
        self.take_page(Page {
            address: Arc::new(address),
            text: None,
            file: Some(file.into()),
            home: false,
            bare: None,
        })
    }

    fn take_page(&self, page: Page) -> Option<StoryId> {
        let mut pages = self
            .passing
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = pages.iter().position(|it| it.address == page.address);
        let index = match known {
            Some(index) => {
                pages[index] = page;
                index
            }
            None => {
                pages.push(page);
                pages.len() - 1
            }
        };
        if let Some(old) = index.checked_sub(MOST).and_then(|old| pages.get_mut(old)) {
            old.text = None;
        }
        // Books are large. Whoever reads the newest ones may go back to them.
        let mut held = 0;
        for (number, page) in pages.iter_mut().enumerate().rev() {
            held += page.text.as_ref().map_or(0, |it| it.len());
            if held > MOST_BYTES && number != index {
                page.text = None;
            }
        }
        let id = u32::try_from(index)
            .ok()
            .and_then(|it| FIRST.checked_add(it));
        // The last one is nobody's: it stands for no story.
        id.filter(|id| *id < u32::MAX).map(StoryId)
    }

    /// Takes over the pages of another library, which is read no more.
    pub fn take_passing(&self, other: &Library) {
        let lock = |of: &Library| {
            let pages = of.passing.0.lock();
            std::mem::take(&mut *pages.unwrap_or_else(PoisonError::into_inner))
        };
        let pages = lock(other);
        *self
            .passing
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = pages;
    }

    /// The feeds that announced a story, by their addresses.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn announcers(&self, id: StoryId) -> Result<Vec<String>, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        Ok(announcers(&connection, id)?)
    }

    /// As what a page was fetched that has no story in it; none for all others.
    pub fn bare_page(&self, id: StoryId) -> Option<Bare> {
        self.passing.with(id, |page| page.bare.clone())?
    }

    /// The hosts that a story came from, of its feeds or of itself: they alone may be of the own machine or
    /// network when something is fetched that it names.
    pub fn hosts(&self, id: StoryId) -> Vec<String> {
        let host = |url: &Url| url.host_str().map(str::to_owned);
        let own = self
            .passing
            .with(id, |page| page.home.then(|| host(&page.address)).flatten());
        let feeds = self.announcers(id).unwrap_or_default();
        let feeds = feeds.iter().filter_map(|it| host(&Url::parse(it).ok()?));
        let own = own.flatten().into_iter().chain(feeds);
        own.chain(self.kept_from(id)).collect()
    }

    /// The host that a page was kept from, if that was of the own machine or network when recto fetched it.
    fn kept_from(&self, id: StoryId) -> Option<String> {
        let place = self.place(id).ok()??;
        let Place::File(_) = place else { return None };
        let story = place.head(None).0.ok()?.story;
        let address = story.source.or(story.url).filter(|_| story.own_network)?;
        Url::parse(&address).ok()?.host_str().map(str::to_owned)
    }

    /// The story that is known by a link in its canonical form.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn by_link(&self, link: &str) -> Result<Option<StoryId>, LibraryError> {
        self.by_key(link)
    }

    /// Whether the reader removed a story.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn is_removed(&self, id: StoryId) -> Result<bool, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let removed = connection
            .prepare_cached("SELECT removed FROM story WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0));
        Ok(removed.optional()?.unwrap_or(false))
    }

    /// The story that a file holds.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn by_file(&self, path: &Path) -> Result<Option<StoryId>, LibraryError> {
        let path = intake::bytes_of(path.strip_prefix(&self.root).unwrap_or(path));
        let connection = self.store.hold(Lane::Stories)?;
        let id = connection
            .prepare_cached("SELECT story FROM file WHERE collection = ?1 AND path = ?2")?
            .query_row((self.collection, path), |row| row.get(0));
        Ok(id.optional()?.map(StoryId))
    }

    /// The files that hold a story, by what it is known by: a link in its canonical form, or what
    /// [`known_by`](super::known_by) says.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn files_of(&self, key: &str) -> Result<Vec<PathBuf>, LibraryError> {
        let Some(id) = self.by_key(key)? else {
            return Ok(Vec::new());
        };
        let connection = self.store.hold(Lane::Stories)?;
        let paths: Vec<Vec<u8>> = connection
            .prepare_cached(
                "SELECT path FROM file WHERE story = ?1 AND path < ?2 ORDER BY stamp = 0, path",
            )?
            .query_map((id.0, feeds::ENTRY), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let paths = paths
            .iter()
            .filter(|it| *it != b"-" && !bundled::is_example(it));
        Ok(paths
            .map(|path| self.root.join(intake::path_of(path)))
            .collect())
    }
}
