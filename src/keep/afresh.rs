//! Stories of the shelf whose pages are asked for again: what they say now takes the place of what was kept.

use std::fs;

use url::Url;

use super::{
    From, Kept, Reaching,
    page::{PageError, is_cut_short},
    text::{is_untouched, saved_at},
};
use crate::{
    ingest,
    library::Place,
    story::{Kind, Story, StoryId},
};

/// A story of the shelf that was kept of a page.
struct Page {
    story: Story,
    /// Where it was fetched, or would be.
    url: Url,
    /// Whether its file is as recto wrote it.
    untouched: bool,
}

impl Reaching<'_> {
    /// Whether a story of the shelf was kept of a page that can be asked again: recto wrote its file, and that says
    /// where it was published.
    pub fn has_page(&self, id: StoryId) -> bool {
        self.page_on_shelf(id).is_some()
    }

    /// Whether a story of the shelf has only what its feed sent, for its page could not be had; one that its reader
    /// edited is theirs.
    pub fn lacks_its_page(&self, id: StoryId) -> bool {
        self.page_on_shelf(id)
            .is_some_and(|it| it.story.teaser && it.untouched)
    }

    /// The same, or whether it is so short that its page likely says more.
    pub fn is_short(&self, id: StoryId) -> bool {
        self.page_on_shelf(id)
            .is_some_and(|it| it.story.teaser || is_cut_short(&it.story))
    }

    /// Asks the page of a story of the shelf again, and keeps it as it is now: in the place of what was kept, or as
    /// the rules of what is kept twice have it ([`Keeping::keep`](super::Keeping::keep)).
    ///
    /// # Errors
    /// Says in words why there is none.
    pub fn afresh(&self, id: StoryId) -> Result<Kept, PageError> {
        if self.is_link(id) {
            return self.text_of_link(id);
        }
        let (Some(there), Some(shelf)) = (self.page_on_shelf(id), self.shelf) else {
            return Err(PageError::Nowhere);
        };
        let place = self.library.place(id).ok().flatten();
        let folder = match &place {
            Some(Place::File(path)) => path.parent(),
            _ => None,
        };
        let page = self.page(id, there.url.clone())?;
        let keeping = self.keeping(shelf);
        // The picture of before lies beside the file.
        let from = From {
            folder,
            hosts: self.library.hosts(id),
            // What a feed announced was not kept as a page of the own network.
            home: page.home && there.story.own_network,
            ..From::default()
        };
        let kept = match page.is_story {
            true => {
                let announced = there.story.teaser
                    || self.library.announcers(id).is_ok_and(|it| !it.is_empty());
                let story = match announced {
                    true => page.story.in_the_place_of(there.story),
                    false => page.story,
                };
                keeping.keep(story, Some(page.address.as_str()), &from)
            }
            false => keeping.keep_link(&page.story, page.asks, &there.url, &page.address, &from),
        };
        kept.map_err(|error| PageError::Terms(error.to_string()))
    }

    /// Asks for the page of a story of which only its feed's text was kept, and tells whoever reads ahead where there
    /// is no more of it.
    pub(super) fn rest_of(&self, id: StoryId) -> Result<Kept, PageError> {
        let kept = self.afresh(id).and_then(|kept| match kept.stays {
            Some(why) => Err(PageError::Terms(why.words().to_owned())),
            None => Ok(kept),
        });
        kept.inspect_err(|why| {
            let _ = self.keep_vain(id, why);
        })
    }

    fn page_on_shelf(&self, id: StoryId) -> Option<Page> {
        let Ok(Some(Place::File(path))) = self.library.place(id) else {
            return None;
        };
        self.shelf.filter(|it| it.holds(&path))?;
        let text = fs::read_to_string(&*path).ok()?;
        saved_at(&text)?;
        let untouched = is_untouched(&text);
        let story = ingest::read_words(text.into_bytes(), "kept.md").ok()?;
        let address = story.source.as_ref().or(story.url.as_ref());
        let url = Url::parse(address.filter(|_| story.kind != Kind::Letter)?).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(Page {
            story,
            url,
            untouched,
        })
    }
}
