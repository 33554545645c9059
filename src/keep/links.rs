//! Links that are kept without their texts, as other programs exported them: the page of one is fetched, and its
//! text becomes that of the file.

use std::{
    fs,
    sync::{Mutex, PoisonError},
};

use super::{
    From, Kept, Reaching,
    ahead::{Ahead, ReadAhead, Waits},
    page::PageError,
    text::{KeptFile, after_link, beyond_link, read_kept},
};
use crate::{
    library::{LibraryError, Place},
    story::{Story, StoryId, clean},
};

/// Links whose texts one run fetches, at most.
const MOST: usize = 1000;

impl Reaching<'_> {
    /// The links of the shelf that are to be read ahead and lack their texts, the newest first; and which of them
    /// must wait.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn links(&self, ahead: Ahead) -> Result<(Vec<StoryId>, Waits), LibraryError> {
        let (mut due, mut waits) = (Vec::new(), Waits::default());
        let Some(shelf) = self.shelf else {
            return Ok((due, waits));
        };
        let folder = shelf.stories();
        for id in self.library.short_in(&folder, ahead.later, ahead.unread)? {
            if due.len() == MOST {
                break;
            }
            // Of what its reader wrote into it is told why it is passed over.
            let lacks = self.link(id).is_some() || self.lacks_its_page(id);
            if !lacks && !self.is_written_into(id) {
                continue;
            }
            match self.library.asked_again(id, ahead.told)? {
                Some(at) => waits.add(at),
                None => due.push(id),
            }
        }
        Ok((due, waits))
    }

    /// A link of the shelf.
    fn link(&self, id: StoryId) -> Option<Story> {
        let link = self.on_shelf(id)?.story;
        beyond_link(&link).is_some().then_some(link)
    }

    /// The file of a story, if it lies on the shelf.
    fn on_shelf(&self, id: StoryId) -> Option<KeptFile> {
        let Ok(Some(Place::File(path))) = self.library.place(id) else {
            return None;
        };
        self.shelf.filter(|it| it.holds(&path))?;
        read_kept(&path)
    }

    /// Whether a story is a link to which its reader added lines of their own.
    fn is_written_into(&self, id: StoryId) -> bool {
        self.on_shelf(id).is_some_and(|it| {
            let added = after_link(&it.story).is_some() && beyond_link(&it.story).is_none();
            added && it.saved.is_some() && !it.untouched
        })
    }

    /// Whether a story is a link of the shelf without its text.
    pub fn is_link(&self, id: StoryId) -> bool {
        self.link(id).is_some()
    }

    /// Fetches the text of a link and writes it into its file.
    ///
    /// # Errors
    /// Says in words why there is none; that is kept, too, so that it is not asked for again and again.
    pub fn text_of_link(&self, id: StoryId) -> Result<Kept, PageError> {
        if self.is_written_into(id) {
            let _ = self.library.keep_full_text(id, "");
            let told = "you wrote into the file of this link, so it stays as it is; recto save with this address \
                        keeps the page beside it";
            return Err(PageError::Terms(told.to_owned()));
        }
        let (Some(link), Some(shelf)) = (self.link(id), self.shelf) else {
            return Err(PageError::Nowhere);
        };
        let (page, address, home) = match self.own_page(id) {
            Ok(page) => (page.story, page.address, page.home),
            Err(why) => {
                let _ = self.keep_vain(id, &why);
                return Err(why);
            }
        };
        // Who kept it called it by its address where nobody knew its title.
        let is_named = !["http://", "https://"]
            .iter()
            .any(|it| link.title.starts_with(it));
        let title = if is_named { &link.title } else { &page.title }.clone();
        let mut story = page.in_the_place_of(link);
        story.title = title;
        let keeping = self.keeping(shelf);
        let from = From {
            folder: None,
            hosts: self.library.hosts(id),
            home,
            ..From::default()
        };
        let kept = keeping.keep(story, Some(address.as_str()), &from);
        kept.map_err(|error| PageError::Terms(error.to_string()))
    }

    /// Fetches the texts of links, of one server one after the other. `tell` hears after each how many are done.
    pub fn texts_of_links(&self, links: &[StoryId], tell: &(dyn Fn(usize) + Sync)) -> ReadAhead {
        let written = Mutex::new(Vec::new());
        let mut came = self.each(
            links,
            &|id| {
                let is_teaser = self.lacks_its_page(id);
                let kept = match is_teaser {
                    true => self.rest_of(id)?,
                    false => self.text_of_link(id)?,
                };
                // All that the link said is in the story, and nobody asked for it just now who would undo it.
                if let Some(link) = kept.replaced.filter(|_| !is_teaser) {
                    let _ = fs::remove_file(link);
                }
                let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
                written.push(kept.path);
                Ok(())
            },
            tell,
        );
        let written = written.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !written.is_empty()
            && let Err(error) = self.library.look_at(&written, self.stop)
        {
            let shelf = self.shelf.map(|it| it.folder().to_string_lossy());
            let shelf = clean::line(&shelf.unwrap_or_default());
            came.failed.push((shelf, error.to_string()));
        }
        came
    }
}
