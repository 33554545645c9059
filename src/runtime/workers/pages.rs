//! Pages: keeping stories on the shelf, fetching full texts and what links lead to.

use std::path::{Path, PathBuf};

use url::Url;

use super::Feeds;
use crate::{
    app::{Message, pages::PageOrder},
    keep::{self, PageError, Reaching, Shelf},
    library::{Bare, FullText, Place},
    net::{self, Client},
    story::{self, StoryId, clean, grouped, link},
};

/// What is said where there is no place for files.
pub(super) const NO_SHELF: &str =
    "There is no library to keep it in; start recto with --library FOLDER";

impl Feeds {
    /// Carries out what is about pages, on this thread.
    pub(super) fn work_on_page(&self, order: PageOrder) {
        let client = match self.access.client() {
            Ok(client) => client,
            Err(why) => {
                if let PageOrder::Read { address, .. } = order {
                    self.fetched(address, None, Some(why.clone()));
                }
                return self.say(why);
            }
        };
        match order {
            PageOrder::Save { stories, ended } => self.save_all(&client, &stories, &ended),
            PageOrder::FullText(id) => self.full_text(&client, id),
            PageOrder::Read { address, from } => self.read_page(&client, address, from),
        }
    }

    pub(super) fn reaching<'a>(
        &'a self,
        client: &'a Client,
        shelf: Option<&'a Shelf>,
    ) -> Reaching<'a> {
        Reaching {
            library: &self.shared.library,
            client,
            terms: &*self.access,
            shelf,
            stop: &self.stop,
        }
    }

    /// Where stories are kept.
    pub(super) fn shelf(&self) -> Option<Shelf> {
        let own = || self.shared.library.folder().map(Shelf::new);
        self.shelf.clone().or_else(own)
    }

    /// Has lists and the page show what a file holds now.
    pub(super) fn look_at(&self, path: &Path) -> bool {
        let looked = self.shared.library.look_at(&[path.to_owned()], &self.stop);
        let Some(scanned) = self.shared.told(looked) else {
            return false;
        };
        let (put, gone) = (scanned.put, scanned.gone);
        if !put.is_empty() || !gone.is_empty() {
            self.shared.say(Message::StoriesChanged { put, gone });
        }
        self.shared.tell_growth(false, &self.counts);
        self.shared.send(&self.texts, ());
        true
    }

    /// Has the full text of a story read, or the feed's own.
    fn full_text(&self, client: &Client, id: StoryId) {
        let library = &self.shared.library;
        let shelf = self.shelf();
        let reaching = self.reaching(client, shelf.as_ref());
        if reaching.is_link(id) || reaching.is_short(id) {
            let Some(_turn) = self.saving.take(&self.stop) else {
                return;
            };
            let kept = match reaching.afresh(id) {
                Ok(kept) => kept,
                Err(_) if self.is_given_up() => return,
                Err(why) => return self.say(format!("No text: {why}")),
            };
            if let Some(why) = kept.stays {
                return self.say(story::sentence(why.words()));
            }
            if kept.unchanged {
                return self.say("The page has no more text than was kept of it".to_owned());
            }
            self.look_at(&kept.path);
            let path = &kept.path;
            let told = shelf.as_ref().map(|shelf| within(shelf, path));
            let what = format!("fetched the text of “{}”", kept.title);
            self.note_step(None, &what, kept.step().as_slice(), &[kept.copied(None)]);
            let told = told.unwrap_or_else(|| shown(path));
            return self.say(format!("The text of the page, kept as {told}; u undoes it"));
        }
        if !matches!(library.place(id), Ok(Some(Place::Entry(_)))) {
            let why =
                "This story is a file and shows all that is in it; w is for what feeds announce";
            return self.say(why.to_owned());
        }
        let Some(now) = self.shared.told(library.full_text(id)) else {
            return;
        };
        let (done, said) = match now {
            FullText::Shown => (library.show_full_text(id, false), "The feed's own text"),
            FullText::Kept => (
                library.show_full_text(id, true),
                "The full text, as it was fetched",
            ),
            FullText::None => match self.reaching(client, None).full_text(id) {
                // Kept, it is there for whoever asks again.
                _ if self.is_given_up() => return,
                Ok(()) => (library.show_full_text(id, true), "The full text"),
                Err(why) => {
                    return self.say(format!("No full text: {}{why}", self.offer(id, &why)));
                }
            },
        };
        if self.shared.told(done).is_none() {
            return;
        }
        self.read_anew(vec![id]);
        self.say(format!("{said}; w goes back"));
    }

    /// Has lists and the page show that these stories have another text now.
    pub(super) fn read_anew(&self, stories: Vec<StoryId>) {
        self.shared.say(Message::StoriesChanged {
            put: stories,
            gone: Vec::new(),
        });
        self.shared.send(&self.texts, ());
    }

    /// What is said before the reason why a page is dead, where a copy of it was kept.
    fn offer(&self, id: StoryId, why: &PageError) -> String {
        let url = self.shared.library.url(id).ok().flatten();
        let copy = url
            .filter(|_| why.is_dead())
            .and_then(|url| self.copy_of(&url));
        match copy {
            Some((path, _)) => format!("you saved the page as {}; ", shown(&path)),
            None => String::new(),
        }
    }

    /// The copy of a page that was kept, and the story that it is here.
    fn copy_of(&self, url: &str) -> Option<(PathBuf, Option<StoryId>)> {
        let shelf = self.shelf()?;
        let library = &self.shared.library;
        let path = keep::copy_of(library, &shelf, url).ok()??;
        let id = link::canonical(url).and_then(|it| library.by_link(&it).ok()?);
        Some((path, id))
    }

    /// Shows the page at an address that was typed where a feed was looked for; says whether that is all there is
    /// to say of it.
    /// It was `typed` so, perhaps without its scheme.
    pub(super) fn shows_page(&self, client: &Client, address: &str, typed: &str) -> bool {
        let Ok(url) = net::address(address) else {
            return false;
        };
        let asking = keep::Asking {
            client,
            url,
            typed: true,
            headers: Vec::new(),
            stop: &self.stop,
        };
        let Ok(page) = keep::fetch(asking) else {
            return false;
        };
        if !page.is_story {
            if page.asks {
                self.say("No feed was found there; the page asks to sign in".to_owned());
            }
            return page.asks;
        }
        let id = self.pass(page, None);
        let said = "No feed was found there; this is the page, and S keeps it".to_owned();
        self.fetched(typed.to_owned(), id, Some(said));
        true
    }

    /// Fetches a page that is to be read and not kept; of a dead one the copy that was kept.
    fn read_page(&self, client: &Client, address: String, from: Option<StoryId>) {
        let Ok(url) = Url::parse(&address) else {
            let why = format!("{}: this is no address", clean::line(&address));
            return self.fetched(address, None, Some(why));
        };
        let page = match from {
            Some(id) => self.reaching(client, None).page(id, url.clone()),
            None => keep::fetch(keep::Asking {
                client,
                url: url.clone(),
                typed: true,
                headers: Vec::new(),
                stop: &self.stop,
            }),
        };
        match page {
            Ok(page) => {
                let what = keep::without_story(page.asks);
                let what = format!("{what}; o opens it in the browser, and S keeps it as a link");
                let said = Some(what).filter(|_| !page.is_story);
                let bare = (!page.is_story).then_some(Bare {
                    asked: url,
                    asks: page.asks,
                });
                let id = self.pass(page, bare);
                self.fetched(address, id, said);
            }
            Err(why) => {
                let copy = self.copy_of(&address).filter(|_| why.is_dead());
                let said = clean::line(&why.to_string());
                match copy {
                    Some((_, Some(id))) => {
                        let said = format!("{said}; this is the copy that you saved");
                        self.fetched(address, Some(id), Some(said));
                    }
                    Some((path, None)) => {
                        let said = format!("{said}; you saved it as {}", shown(&path));
                        self.fetched(address, None, Some(said));
                    }
                    None => self.fetched(address, None, Some(said)),
                }
            }
        }
    }

    /// Fetches full texts of feeds of which the settings say so, and what is to be read ahead. Where somebody asked
    /// for it, `told` what it comes to.
    pub(super) fn read_ahead(&self, told: bool) {
        let library = &self.shared.library;
        let ahead = self.access.ahead();
        let feeds = self.shared.told(library.feeds()).unwrap_or_default();
        let feeds = self.access.with_full_texts(&feeds);
        if feeds.is_empty() && ahead == keep::Ahead::default() {
            return;
        }
        // A second refresh meanwhile leaves it to the first.
        let Ok(_turn) = self.reading_ahead.try_lock() else {
            return;
        };
        let Ok(client) = self.access.client() else {
            return;
        };
        let shelf = self.shelf();
        let reaching = self.reaching(&client, shelf.as_ref());
        let lacking =
            self.shared
                .told(library.lacking_full_text(&feeds, keep::FULL_TEXTS, ahead.told));
        let lacking = lacking.unwrap_or_default();
        let mut came = reaching.full_texts(&lacking, &|_| ());
        let links = self.shared.told(reaching.links(ahead));
        let (links, _) = links.unwrap_or_default();
        if !links.is_empty() {
            let tell = |done: usize| {
                if told && done.is_multiple_of(10) {
                    let (done, all) = (grouped(done), grouped(links.len()));
                    self.shared.say(Message::Progressed(format!(
                        "Reading ahead: {done} of {all} links …"
                    )));
                }
            };
            // Nobody keeps one of them from the keyboard meanwhile.
            let Some(_turn) = self.saving.take(&self.stop) else {
                return;
            };
            came.add(reaching.texts_of_links(&links, &tell));
        }
        let waiting = self
            .shared
            .told(keep::waiting(library, ahead))
            .unwrap_or_default();
        let tell = |done: usize| {
            if told && done.is_multiple_of(10) {
                let (done, all) = (grouped(done), grouped(waiting.len()));
                self.shared.say(Message::Progressed(format!(
                    "Reading ahead: {done} of {all} stories …"
                )));
            }
        };
        let mut done = reaching.ahead(&waiting, ahead.told, &tell);
        done.add(came);
        if !done.texts.is_empty() {
            self.shared.say(Message::StoriesChanged {
                put: done.texts.clone(),
                gone: Vec::new(),
            });
            self.shared.send(&self.texts, ());
        }
        if let Some(mut said) = done.words().filter(|_| told) {
            match &done.failed[..] {
                [] => {}
                [(address, why)] => said.push_str(&format!(": {address}: {why}")),
                [(address, why), ..] => said.push_str(&format!(", as {address}: {why}")),
            }
            self.say(said);
        }
    }

    fn pass(&self, page: keep::Fetched, bare: Option<Bare>) -> Option<StoryId> {
        let (address, home) = (page.address.clone(), page.home);
        let text = page.to_pass();
        self.shared.library.pass(address, text, home, bare)
    }

    fn fetched(&self, address: String, id: Option<StoryId>, said: Option<String>) {
        let said = said.map(|it| story::sentence(&it));
        self.shared.say(Message::PageFetched { address, id, said });
    }
}

pub(super) fn shown(path: &Path) -> String {
    clean::line(&path.to_string_lossy())
}

/// A file of the shelf, as it is called there.
pub(super) fn within(shelf: &Shelf, path: &Path) -> String {
    shown(path.strip_prefix(shelf.folder()).unwrap_or(path))
}
