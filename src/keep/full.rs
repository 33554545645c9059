//! The pages of stories that feeds announced: fetched as their feeds are, and kept as full texts.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use url::Url;

use super::{
    Keeping,
    ahead::ReadAhead,
    page::{Asking, Fetched, PageError, fetch},
    shelf::Shelf,
    text::written,
};
use crate::{
    library::{Library, LibraryError},
    net::{Client, FetchError, Terms},
    story::{StoryId, clean},
};

/// Servers that are asked at once; each is asked for one page at a time.
const HANDS: usize = 4;

/// What fetches the pages of stories.
pub struct Reaching<'a> {
    /// Whose stories.
    pub library: &'a Library,
    /// What asks.
    pub client: &'a Client,
    /// What holds for single feeds.
    pub terms: &'a dyn Terms,
    /// Where kept pages lie, if there is such a place.
    pub shelf: Option<&'a Shelf>,
    /// Ends it early.
    pub stop: &'a AtomicBool,
}

impl Reaching<'_> {
    /// What keeps the pages that are had so on this shelf.
    pub(super) fn keeping<'k>(&'k self, shelf: &'k Shelf) -> Keeping<'k> {
        Keeping {
            client: self.client,
            shelf,
            library: self.library,
            stop: self.stop,
        }
    }

    /// Fetches what a story names: its own page, or one that it links to. The way there is that of the feed which
    /// announced it, and so is what is told to its server, if it is the same one.
    ///
    /// # Errors
    /// Says in words why there is no page.
    pub fn page(&self, id: StoryId, mut url: Url) -> Result<Fetched, PageError> {
        let feeds = self.library.announcers(id).unwrap_or_default();
        let feed = feeds.first().and_then(|it| Url::parse(it).ok());
        let term = match &feed {
            Some(feed) => self.terms.of(feed.as_str()).map_err(PageError::Terms)?,
            None => Default::default(),
        };
        let hosts = self.library.hosts(id);
        let typed = url
            .host_str()
            .is_some_and(|host| hosts.iter().any(|it| it == host));
        let mut headers = Vec::new();
        if feed.is_some_and(|it| it.origin() == url.origin()) {
            term.sign(&mut url);
            headers = term.headers;
        }
        fetch(Asking {
            client: term.client.as_deref().unwrap_or(self.client),
            url,
            typed,
            headers,
            stop: self.stop,
        })
    }

    /// Fetches the full text of a story and keeps it.
    ///
    /// # Errors
    /// Says in words why there is none; that is kept, too, so that it is not asked for again and again.
    pub fn full_text(&self, id: StoryId) -> Result<(), PageError> {
        let page = self.own_page(id);
        let kept = match &page {
            Ok(page) => self.library.keep_full_text(id, &written(&page.story, None)),
            Err(why) => self.keep_vain(id, why),
        };
        page?;
        kept.map_err(|error| PageError::Terms(error.to_string()))
    }

    /// Keeps that a page was asked for in vain.
    pub(super) fn keep_vain(&self, id: StoryId, why: &PageError) -> Result<(), LibraryError> {
        match why {
            PageError::Fetch(FetchError::Cancelled) => Ok(()),
            why if why.may_pass() => self.library.keep_unanswered(id),
            _ => self.library.keep_full_text(id, ""),
        }
    }

    /// The page of a story.
    ///
    /// # Errors
    /// As [`Reaching::page`]; and where there is no story on it.
    pub fn own_page(&self, id: StoryId) -> Result<Fetched, PageError> {
        let address = self.library.url(id).ok().flatten().unwrap_or_default();
        let url = Url::parse(&address).map_err(|_| PageError::Nowhere)?;
        let page = self.page(id, url)?;
        match page.is_story {
            true => Ok(page),
            false => Err(PageError::NoStory {
                address: clean::line(page.address.as_str()),
                asks: page.asks,
            }),
        }
    }

    /// Fetches the full texts of many stories, of one server one after the other. `tell` hears after each how many
    /// are done.
    pub fn full_texts(&self, stories: &[StoryId], tell: &(dyn Fn(usize) + Sync)) -> ReadAhead {
        self.each(stories, &|id| self.full_text(id), tell)
    }

    /// Has many texts fetched by `one`, of one server one after the other.
    pub(super) fn each(
        &self,
        stories: &[StoryId],
        one: &(dyn Fn(StoryId) -> Result<(), PageError> + Sync),
        tell: &(dyn Fn(usize) + Sync),
    ) -> ReadAhead {
        let mut hosts: HashMap<String, Vec<StoryId>> = HashMap::new();
        for id in stories {
            let url = self.library.url(*id).ok().flatten().unwrap_or_default();
            let host = Url::parse(&url)
                .ok()
                .and_then(|it| it.host_str().map(str::to_owned));
            hosts.entry(host.unwrap_or_default()).or_default().push(*id);
        }
        let groups: Vec<Vec<StoryId>> = hosts.into_values().collect();
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let came = Mutex::new(ReadAhead::default());
        let work = || {
            while let Some(group) = groups.get(next.fetch_add(1, Ordering::SeqCst)) {
                for id in group {
                    if self.stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let outcome = one(*id);
                    let mut came = came.lock().unwrap_or_else(PoisonError::into_inner);
                    match outcome {
                        Ok(()) => came.texts.push(*id),
                        Err(why) => came.fail(self.library, *id, &why),
                    }
                    drop(came);
                    tell(done.fetch_add(1, Ordering::SeqCst) + 1);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 1..HANDS.min(groups.len()) {
                // Where the system has no thread left, this one does it all.
                let _ = thread::Builder::new()
                    .name("pages".into())
                    .spawn_scoped(scope, work);
            }
            work();
        });
        came.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
