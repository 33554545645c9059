//! Keeping pages: what was fetched or named becomes a file on the shelf, with its pictures beside it.
//!
//! [`fetch`] gets a page within the limits of the one HTTP client and makes a story of it, [`read_file`] does
//! so with a file's bytes; [`gather`] gets the pictures in it, and [`Shelf::put`] writes all of it, whole or
//! not at all. [`Keeping`] is the way through all of them.
//!
//! A story has one written form ([`written`]): front matter and Markdown, as any editor opens it. It is what
//! lies on the shelf, what is kept of the full texts of feeds, and what a page is read from that is only
//! looked at.

mod afresh;
mod again;
mod ahead;
mod attached;
mod before;
mod book;
mod error;
mod folder;
mod full;
mod links;
mod marked;
mod name;
mod page;
mod pictures;
mod reach;
mod shelf;
mod text;
mod trash;
mod unfinished;
mod version;

use std::{path::PathBuf, sync::atomic::AtomicBool};

use jiff::Timestamp;
use url::Url;

pub use again::Stays;
pub use ahead::{Ahead, ReadAhead, Waits, waiting};
pub use error::ShelfError;
pub use folder::{Added, Folder};
pub use full::Reaching;
pub use marked::placed;
pub use page::{
    Asking, Fetched, LARGEST_BOOK, PageError, fetch, is_cut_short, read_file, without_story,
};
pub use pictures::{
    From, Gathered, Gotten, Local, ending_of, gather, gather_local, read_local, written_out,
};
pub use shelf::Shelf;
pub use text::written;
pub use trash::{KEPT_DAYS, Swap};

use crate::{
    document::pictures_as_links,
    library::{Copied, Library, LibraryError, key_of_file},
    net::Client,
    story::{Kind, Note, Story, clean, grouped, link},
};

/// A page on its way to the shelf.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Where it lies now.
    pub path: PathBuf,
    /// Its title.
    pub title: String,
    /// The story as it lies there.
    pub story: Story,
    /// Whether a file that was there was written anew.
    pub updated: bool,
    /// Whether there was nothing to be written: it lies there already, as it is.
    pub unchanged: bool,
    /// Whether a shelf was made for it.
    pub new_shelf: bool,
    /// The file that was kept before and edited since: it stays, and this one lies beside it.
    pub edited: Option<PathBuf>,
    /// Where what the file said before lies now, if it was written anew.
    pub replaced: Option<PathBuf>,
    /// Whether it said something else then.
    pub says_else: bool,
    /// What was kept of the address before: another story, which stays, so that this one lies beside it.
    pub beside: Option<PathBuf>,
    /// Highlights that came with its text, of what was marked elsewhere.
    pub marked: Vec<Note>,
    /// Pictures that lie beside it.
    pub pictures: usize,
    /// Pictures that could not be had: their addresses, and why.
    pub failed: Vec<(String, String)>,
    /// Why what was kept before stays instead, if it does.
    pub stays: Option<Stays>,
}

/// What keeps pages.
pub struct Keeping<'a> {
    /// What fetches pictures.
    pub client: &'a Client,
    /// Where pages are kept.
    pub shelf: &'a Shelf,
    /// Whose stories may be kept already.
    pub library: &'a Library,
    /// Ends it early; nothing is written then.
    pub stop: &'a AtomicBool,
}

/// Why a page was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It could not be written.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// It could not be found out whether it is there.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// It is not wanted any more.
    #[error("given up")]
    Cancelled,
}

impl Kept {
    /// A story that lies there already, as it is: nothing was written.
    fn lying(path: PathBuf, story: Story) -> Self {
        Kept {
            path,
            title: story.title.clone(),
            story,
            updated: false,
            unchanged: true,
            new_shelf: false,
            edited: None,
            replaced: None,
            says_else: false,
            beside: None,
            marked: Vec::new(),
            pictures: 0,
            failed: Vec::new(),
            stays: None,
        }
    }

    /// What of the step belongs to the story, which was known as `from` before.
    pub fn copied(&self, from: Option<String>) -> Copied {
        Copied {
            marked: self.marked.clone(),
            ..Copied::new(from, &self.story, &self.path)
        }
    }

    /// The step that takes it back; none where nothing was written.
    pub fn step(&self) -> Option<Swap> {
        let home = || self.path.clone();
        let away = || self.replaced.clone().map(|it| (it, home()));
        (!self.unchanged).then(|| Swap::new(Some(home()), away()))
    }
}

impl Keeping<'_> {
    /// Keeps a story, with the pictures that come from there; `own` is the address that it was fetched from. One that
    /// was kept before is written in the place of that one.
    ///
    /// # Errors
    /// If it cannot be written, or the shelf has another file for its link that recto did not write.
    pub fn keep(
        &self,
        mut story: Story,
        own: Option<&str>,
        from: &From<'_>,
    ) -> Result<Kept, KeepError> {
        story.own_network = from.home;
        if let Some(kept) = self.same_text(&story) {
            return Ok(kept);
        }
        let before = self.before(&mut story, own)?;
        let mut before = before.or_else(|| self.without_address(&story));
        if let Some(kept) = before.as_ref().and_then(|it| self.more_than(it, &story)) {
            return Ok(kept);
        }
        let beside = before.take_if(|it| self.is_another(it, &story));
        // What was done with the one is not done with the other.
        story.apart |= beside.is_some();
        let marked = match &before {
            Some(before) => again::with_yours(&mut story, before),
            None => Vec::new(),
        };
        // Whoever fetches the pictures of a letter tells its sender that it was read.
        let (mut story, gathered) = match story.kind {
            Kind::Letter => {
                let story = without_pictures_of_the_web(story);
                let mut gathered = gather_local(&story, &|_, _| None);
                if let Some(letter) = from.letter {
                    attached::gather_files(letter, &story, &mut gathered);
                }
                (story, gathered)
            }
            _ => {
                let mut gathered = gather(self.client, &story, from, self.stop);
                if let Some(before) = &before {
                    again::pictures_of(before, &story, &mut gathered);
                }
                (story, gathered)
            }
        };
        if self.stop.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(KeepError::Cancelled);
        }
        if let Some(folder) = from.folder {
            reach::reach_back(&mut story, folder, &gathered);
        }
        let put = self.shelf.put(
            story,
            &gathered.pictures,
            before.as_deref(),
            Timestamp::now(),
        )?;
        // At once: in the file they do not stand any more.
        let key = key_of_file(&put.story, &put.path);
        let marked = self.library.bring_notes(&key, marked)?;
        let pictures = gathered.pictures.iter().filter(|it| it.name.is_none());
        Ok(Kept {
            beside,
            marked,
            pictures: pictures.count(),
            failed: gathered.failed,
            ..put
        })
    }

    /// Keeps a page that is no story as a link to the address that was asked for; where its story was kept before,
    /// that stays. `found` is where the page was found in the end, and `asks` whether it asks to sign in.
    ///
    /// # Errors
    /// As [`Keeping::keep`].
    pub fn keep_link(
        &self,
        page: &Story,
        asks: bool,
        asked: &Url,
        found: &Url,
        from: &From<'_>,
    ) -> Result<Kept, KeepError> {
        if let Some(kept) = self.text_of(asked, asks)? {
            return Ok(kept);
        }
        let link = as_link(page, asked, found);
        self.keep(link, Some(found.as_str()), from)
    }

    /// The file that an address is kept in.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn copy_of(&self, url: &str) -> Result<Option<PathBuf>, LibraryError> {
        copy_of(self.library, self.shelf, url)
    }
}

/// What the step is called by which stories of these titles were kept.
pub fn said_of(titles: &[String]) -> String {
    match titles {
        [one] => format!("saved “{one}”"),
        all => format!("saved {} stories", grouped(all.len())),
    }
}

/// The file of the shelf that an address is kept in.
///
/// # Errors
/// If the database cannot be read.
pub fn copy_of(
    library: &Library,
    shelf: &Shelf,
    url: &str,
) -> Result<Option<PathBuf>, LibraryError> {
    let Some(link) = link::canonical(url) else {
        return Ok(None);
    };
    let known = library.files_of(&link)?;
    let known = known.into_iter().find(|it| shelf.holds(it));
    Ok(known.or_else(|| shelf.find(&link)))
}

/// Stories of one feed whose full texts are fetched after a refresh, at most.
pub const FULL_TEXTS: usize = 40;

/// A letter with links in the place of its pictures, but for those that came with it: its file does not say that it
/// was one, and whatever reads it would fetch them.
fn without_pictures_of_the_web(mut letter: Story) -> Story {
    letter.markdown = pictures_as_links(&letter.markdown);
    letter.lead_image.take_if(|it| !it.src.starts_with("data:"));
    letter
}

/// A link with nothing but its title and its address: what is kept of a page that is no story. Where another page was
/// found than was asked for, its title is none of that one.
fn as_link(story: &Story, asked: &Url, found: &Url) -> Story {
    let page = |it: &Url| before::page_of(it.as_str());
    let address = clean::line(asked.as_str());
    let title = match page(asked) == page(found) {
        true => story.title.clone(),
        false => address.clone(),
    };
    let markdown = format!("[{}](<{address}>)\n", title.replace(['[', ']'], ""));
    Story {
        title,
        markdown,
        url: Some(address),
        lead_image: None,
        ..story.clone()
    }
}
