//! Keeping stories on the shelf, and taking that back.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    Feeds,
    pages::{NO_SHELF, shown, within},
};
use crate::{
    app::Message,
    ingest,
    keep::{self, From, Keeping, Kept, LARGEST_BOOK, Shelf, Swap},
    library::{Copied, Place},
    net::Client,
    story::{self, Kind, StoryId, grouped},
};

/// What became of a story that was to be kept.
enum Saved {
    /// It lies in this file; what else is to be said.
    Kept(Box<Kept>, Option<String>),
    /// It lay there before; why its page was not had again, if it was asked.
    There(PathBuf, Option<String>),
}

/// What helps whoever did not mean it.
const BACK: &str = " (u undoes it)";

impl Feeds {
    /// Keeps files that were written, as a step that can be taken back, or with the one that `grows`; gives that.
    /// `copied` as in [`Library::files_written`].
    pub(super) fn note_step(
        &self,
        grows: Option<i64>,
        what: &str,
        written: &[Swap],
        copied: &[Copied],
    ) -> Option<i64> {
        let files: Vec<String> = written.iter().filter_map(Swap::written).collect();
        // What wrote nothing leaves the step before as it was.
        if files.is_empty() && grows.is_none() {
            return None;
        }
        let shelf = self.shelf();
        let begins = shelf.as_ref().map(Shelf::folder);
        let library = &self.shared.library;
        let step = library.files_written(grows, what, &files, copied, begins);
        self.shared.told(step)
    }

    pub(super) fn save_all(&self, client: &Client, stories: &[StoryId], ended: &[StoryId]) {
        let Some(shelf) = self.shelf() else {
            return self.say(NO_SHELF.to_owned());
        };
        let Some(_turn) = self.saving.take(&self.stop) else {
            return;
        };
        let mut written: Vec<Swap> = Vec::new();
        let (mut titles, mut copied, mut step) = (Vec::new(), Vec::new(), None);
        let mut told = Vec::new();
        let mut failed = Vec::new();
        for (number, id) in stories.iter().enumerate() {
            if self.is_given_up() {
                break;
            }
            self.tell_progress("Saving", number, stories.len());
            match self.save(client, &shelf, *id) {
                Ok(saved) => {
                    let it = match &saved {
                        Saved::Kept(kept, _) => {
                            let from = self.shared.library.key_of(*id);
                            let from = self.shared.told(from).flatten();
                            let copied = Copied {
                                ended: ended.contains(id),
                                ..kept.copied(from)
                            };
                            Some((kept.step(), kept.title.clone(), copied))
                        }
                        Saved::There(..) => None,
                    };
                    told.push(self.take_in(&shelf, *id, saved));
                    if let Some((swap, title, it)) = it {
                        copied.push(it);
                        titles.extend(swap.as_ref().map(|_| title));
                        // At once: whoever is ended in the middle can take back what there is.
                        let what = keep::said_of(&titles);
                        if let Some(noted) = self.note_step(step, &what, swap.as_slice(), &copied) {
                            step = Some(noted);
                            copied.clear();
                            self.steps.grew(&self.stop, noted);
                        }
                        written.extend(swap);
                    }
                }
                // It was said already.
                Err(_) if self.is_given_up() => break,
                Err(why) => failed.push(why),
            }
        }
        if let Some(step) = step {
            self.shared.told(self.shared.library.all_written(step));
        }
        if told.is_empty() && self.is_given_up() {
            return;
        }
        let said = match (&told[..], &failed[..]) {
            ([one], []) => one.clone(),
            ([], [why]) => why.clone(),
            (told, failed) => {
                // What helps comes first: a small screen shows the beginning.
                let back = if written.is_empty() { "" } else { BACK };
                let mut said = format!("Saved {} stories{back}", grouped(told.len()));
                match failed {
                    [] => said.push_str(&format!(": in {}", shown(shelf.folder()))),
                    [why, ..] => {
                        let failed = grouped(failed.len());
                        said.push_str(&format!("; {failed} could not be, as: {why}"));
                    }
                }
                said
            }
        };
        let first = match self.shared.library.waits_for_folder() {
            true => written.first().and_then(|it| it.here.clone()),
            false => None,
        };
        self.say(said);
        if first.is_some() {
            self.shared.say(Message::LibraryBegan(first));
        }
    }

    /// Has the files of a step change places with what lies in the shelf's hidden folder, which takes it back, or does
    /// it again where it is not to `undo`.
    pub(super) fn swap(&self, shelf: Option<&Shelf>, undo: bool, (step, files): (i64, &[String])) {
        let Some(shelf) = shelf else {
            return self.say(NO_SHELF.to_owned());
        };
        let wanted: Vec<Swap> = files.iter().filter_map(|it| Swap::read(it)).collect();
        let planned = shelf.planned(wanted);
        if !self.begin(step, &planned, undo) {
            return;
        }
        let doing = if undo { "Taking back" } else { "Doing again" };
        let mut swapped: Vec<Swap> = Vec::new();
        let (mut failed, mut may_pass) = (None, false);
        for (number, files) in planned.iter().enumerate() {
            self.tell_progress(doing, number, planned.len());
            match shelf.swap(files) {
                Ok(back) => {
                    for path in files.files().collect::<BTreeSet<_>>() {
                        self.look_at(path);
                    }
                    swapped.push(back);
                }
                Err(why) => {
                    may_pass |= why.may_pass();
                    failed = Some(why.to_string());
                }
            }
        }
        let done = match undo {
            true => "Taken back",
            false => "Done again",
        };
        let now: Vec<String> = swapped.iter().filter_map(Swap::written).collect();
        let library = &self.shared.library;
        if !now.is_empty() || !may_pass {
            self.shared.told(library.files_moved(step, &now, undo));
        } else if !planned.iter().any(|it| it.begun) {
            // Nothing was moved: it is what it was.
            self.shared.told(library.files_moved(step, files, !undo));
        }
        let mut said = match &swapped[..] {
            [] => "Nothing taken back".to_owned(),
            [one] => format!("{done}: {}", told(shelf, one)),
            many => format!("{done}: {} files", grouped(many.len())),
        };
        if let Some(why) = failed {
            said.push_str(&format!("; {why}"));
        }
        let first = swapped.first().and_then(|it| it.here.clone());
        self.say(said);
        let waits = self.shared.library.waits_for_folder();
        match shelf.is_begun() {
            true if waits => self.shared.say(Message::LibraryBegan(first)),
            false if !waits => self.shared.say(Message::LibraryEnded),
            _ => {}
        }
    }

    /// Keeps what is about to change places, before it does; says whether it could be kept.
    fn begin(&self, step: i64, planned: &[Swap], undo: bool) -> bool {
        let written = planned.iter().filter_map(|files| {
            let (does, opposite) = files.begin();
            let (does, opposite) = (does.written()?, opposite.written()?);
            Some(match undo {
                true => (does, opposite),
                false => (opposite, does),
            })
        });
        let written: Vec<_> = written.collect();
        let begun = self.shared.library.files_begun(step, &written);
        self.shared.told(begun).is_some()
    }

    /// Says how far something with many stories has come.
    fn tell_progress(&self, doing: &str, done: usize, all: usize) {
        if all > 1 {
            let (number, all) = (grouped(done + 1), grouped(all));
            let said = format!("{doing} {number} of {all} …");
            self.shared.say(Message::Progressed(said));
        }
    }

    /// Keeps one story: the text that is read of it; where its feed has only the beginning, that of its page.
    fn save(&self, client: &Client, shelf: &Shelf, id: StoryId) -> Result<Saved, String> {
        let library = &self.shared.library;
        let place = library.place(id).ok().flatten();
        let place = place.ok_or("This story is no longer in the library")?;
        // What a mail program has in its folders goes when that says so.
        if let Place::File(path) = &place
            && shelf.holds(path)
            && !ingest::is_in_maildir(path)
        {
            return self.save_afresh(client, shelf, id, path);
        }
        let mut story = place.told().map_err(|error| error.to_string())?;
        if let Some(key) = place.shipped_as() {
            if let Some(path) = shelf.known_as(&key) {
                return Ok(Saved::There(path, None));
            }
            story.id = Some(key);
        }
        if story.kind == Kind::Book && place.is_book() {
            let bytes = place
                .book_bytes(LARGEST_BOOK)
                .map_err(|it| it.to_string())?;
            if bytes.len() as u64 > LARGEST_BOOK {
                return Err(format!("“{}” is too large to be kept", story.title));
            }
            let kept = shelf
                .keep_book(story, &bytes, None)
                .map_err(|it| it.to_string())?;
            return Ok(Saved::Kept(Box::new(kept), None));
        }
        let mut own = place.address().map(|it| it.to_string());
        let mut remark = None;
        if matches!(&place, Place::Entry(stored) if stored.full.is_none())
            && story.url.is_some()
            && keep::is_cut_short(&story)
        {
            match self.reaching(client, Some(shelf)).own_page(id) {
                Ok(page) => {
                    own = Some(page.address.into());
                    story = page.story.in_the_place_of(story);
                }
                Err(why) => {
                    story.teaser = true;
                    remark = Some(format!("with the feed's own text, for {why}"));
                }
            }
        }
        let folder = match &place {
            Place::File(path) => path.parent(),
            _ => None,
        };
        let hosts = library.hosts(id);
        // A page that is only looked at has its own host alone, and that only if it lies there.
        let home = id.is_passing() && !hosts.is_empty();
        let is_letter = story.kind == Kind::Letter;
        let letter = is_letter.then(|| place.letter()).flatten();
        let from = From {
            folder,
            hosts,
            home,
            shipped: matches!(place, Place::Bundled(_)),
            letter: letter.as_deref(),
        };
        let keeping = Keeping {
            client,
            shelf,
            library,
            stop: &self.stop,
        };
        let kept = match (library.bare_page(id), &place) {
            (Some(bare), Place::Fetched(found, _)) => {
                keeping.keep_link(&story, bare.asks, &bare.asked, found, &from)
            }
            _ => keeping.keep(story, own.as_deref(), &from),
        };
        let kept = kept.map_err(|error| error.to_string())?;
        Ok(Saved::Kept(Box::new(kept), remark))
    }

    /// Keeps a story that lies on the shelf as its page has it now, if it was kept of one.
    fn save_afresh(
        &self,
        client: &Client,
        shelf: &Shelf,
        id: StoryId,
        path: &Path,
    ) -> Result<Saved, String> {
        let reaching = self.reaching(client, Some(shelf));
        if !reaching.has_page(id) {
            return Ok(Saved::There(path.to_owned(), None));
        }
        Ok(match reaching.afresh(id) {
            Ok(kept) => Saved::Kept(Box::new(kept), None),
            Err(why) if self.is_given_up() => return Err(why.to_string()),
            Err(why) => Saved::There(path.to_owned(), Some(why.to_string())),
        })
    }

    /// Whether nobody waits for it any more.
    pub(super) fn is_given_up(&self) -> bool {
        self.stop.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Has lists show what was kept; gives what is to be said.
    fn take_in(&self, shelf: &Shelf, id: StoryId, saved: Saved) -> String {
        let (kept, remark) = match saved {
            Saved::There(path, why) => {
                let mut said = format!("It lies on your shelf already: {}", within(shelf, &path));
                if let Some(why) = why {
                    said.push_str(&format!("; its page is not to be had now: {why}"));
                }
                return self.wanted(shelf, &path, said);
            }
            Saved::Kept(kept, remark) => (kept, remark),
        };
        let library = &self.shared.library;
        let here = library.folder().is_some_and(|it| kept.path.starts_with(it));
        if here && self.look_at(&kept.path) {
            let now = library.by_file(&kept.path).ok().flatten();
            if let Some(now) = now.filter(|_| id.is_passing()) {
                self.shared.say(Message::PageKept { page: id, id: now });
            }
        }
        let is_bare = library.bare_page(id).is_some();
        let mut said = match (kept.unchanged, kept.updated) {
            _ if kept.stays.is_some() => {
                let why = kept.stays.map(keep::Stays::words).unwrap_or_default();
                story::sentence(why).trim_end_matches('.').to_owned()
            }
            (true, _) => "Nothing has changed since it was saved".to_owned(),
            (_, true) if is_bare => format!("Updated as a link{BACK}"),
            (_, true) => format!("Updated{BACK}"),
            _ if is_bare => {
                format!("Saved as a link, for there is no story on this page{BACK}")
            }
            _ => format!("Saved{BACK}"),
        };
        said.push_str(&format!(": {}", within(shelf, &kept.path)));
        if let Some(edited) = &kept.edited {
            said.push_str(&format!(
                "; you edited {}, which stays as it is, and this is “{}”",
                within(shelf, edited),
                kept.title
            ));
        }
        if let Some(beside) = &kept.beside {
            said.push_str(&format!(
                "; what was kept of this address before is another story and stays: {}",
                within(shelf, beside)
            ));
        }
        if let Some(aside) = kept.replaced.as_ref().filter(|_| kept.says_else) {
            said.push_str(&format!(
                "; what was kept before says something else and lies at {}",
                within(shelf, aside)
            ));
        }
        if let Some(remark) = remark {
            said.push_str(&format!(", {remark}"));
        }
        match &kept.failed[..] {
            [] => {}
            [(src, why)] if !src.contains("://") => {
                said.push_str(&format!(", without {src}: {why}"))
            }
            [(_, why)] => said.push_str(&format!(", without a picture: {why}")),
            [(_, why), rest @ ..] => said.push_str(&format!(
                ", without {} files, as: {why}",
                grouped(rest.len() + 1)
            )),
        }
        if !here && library.waits_for_folder() {
            said.push_str(&format!("; your library begins: {}", shown(shelf.folder())));
        } else if !here {
            said.push_str(&format!(
                "; it is listed where your library is read, {}",
                shown(shelf.folder())
            ));
        }
        self.wanted(shelf, &kept.path, said)
    }

    /// Brings a story that is kept back into the lists, if it was removed, and adds that to what is said.
    fn wanted(&self, shelf: &Shelf, path: &Path, said: String) -> String {
        let wanted = self.shared.told(shelf.want(&self.shared.library, path));
        match wanted.flatten() {
            Some(done) => {
                self.shared.say(Message::StateChanged {
                    said: None,
                    back: None,
                });
                self.shared.count_anew(&self.counts);
                format!("{}; {said}", story::sentence(&done).trim_end_matches('.'))
            }
            None => said,
        }
    }
}

/// What a step came to; `back` is the one that undoes it.
fn told(shelf: &Shelf, back: &Swap) -> String {
    match (&back.here, &back.away) {
        (Some(here), _) => format!("{} is as it was", within(shelf, here)),
        (None, Some((_, home))) => format!("{} lies in .trash now", within(shelf, home)),
        (None, None) => "nothing".to_owned(),
    }
}
