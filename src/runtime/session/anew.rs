//! The session goes on in another library: the reader stays where they are.

use std::{path::PathBuf, sync::Arc, thread};

use crossbeam_channel::unbounded;
use jiff::ZonedDateTime;

use super::{
    super::{Event, Relay, workers::Workers},
    Session, is_typed,
};
use crate::{
    app::{Column, Effect, Message},
    library::{Input, Library, LibraryError},
    story::{Left, StoryId},
};

/// Whether it says something to the reader.
fn is_said(event: &Event) -> bool {
    matches!(event, Event::Message(Message::Noticed(_)))
}

/// What another library is opened by.
#[derive(Clone)]
pub(super) struct Beginning {
    /// The folder of the database.
    pub data: Option<PathBuf>,
    /// The folder that becomes the library.
    pub shelf: Option<PathBuf>,
}

/// Another library, and the story of the file that it begins with.
#[derive(Debug)]
pub struct Opened {
    library: Library,
    first: Option<StoryId>,
}

/// Where the reader was when another library began.
pub(super) struct Standing {
    /// The story there, by its number in the library before.
    pub story: StoryId,
    /// The list there; its story is one of the library that began, if it is known yet.
    pub left: Left,
    /// The place on its page, if it was that which had the keys.
    pub reads: Option<(StoryId, usize, usize)>,
}

impl Session {
    /// Has the library opened that begins with this file, or the examples again; what is typed from now on is for
    /// them. Another program may be at the database for long, so a thread of its own does it.
    pub(super) fn open_another(&mut self, first: Option<PathBuf>) {
        let Some(Beginning { data, shelf }) = self.beginning.clone() else {
            return;
        };
        let library = shelf.into_iter().map(Input::Path);
        // The first page was kept, and with it the library begins; where all was taken back, there is none again.
        let mut inputs: Vec<Input> = match self.library.waits_for_folder() {
            true => library.collect(),
            false => vec![Input::Bundled],
        };
        inputs.push(Input::Feeds);
        // Examples that show go on showing: they make room at the next start.
        let keeps_examples = self.library.has_examples();
        let open = move || {
            let clock = Arc::new(ZonedDateTime::now);
            let mut library = Library::open_anyway(data.as_deref(), inputs, clock)?;
            if keeps_examples {
                library.keep_examples();
            }
            let first = first.and_then(|path| super::taken_in(&library, &path));
            Ok(Opened { library, first })
        };
        let events = self.workers.events();
        let work = move || {
            // If the loop has ended, nobody wants to know.
            let _ = events.send(Event::LibraryOpened(Box::new(open())));
        };
        // Without this thread it is the next start that reads it.
        let begun = thread::Builder::new().name("library".into()).spawn(work);
        self.typed = begun.is_ok().then(Vec::new);
    }

    /// Reads the library from now on that was opened; what the terminal can do, and how the reader likes it, is known
    /// already.
    ///
    /// # Errors
    /// If it could not be opened.
    pub(in crate::runtime) fn begin_anew(
        &mut self,
        opened: Result<Opened, LibraryError>,
        relay: &Relay,
    ) -> Result<(), LibraryError> {
        let Opened { library, first } = opened?;
        let library = Arc::new(library);
        let (sender, events) = unbounded();
        relay.turn(sender.clone());
        let before = std::mem::replace(&mut self.events, events);
        // What waits is for whoever comes now, if it is the reader's or is said to them.
        let typed = self.typed.take().unwrap_or_default();
        for event in typed.into_iter().chain(before.try_iter()) {
            let is_answer = matches!(event, Event::Message(_) | Event::PictureReady(_));
            if is_typed(&event) || is_said(&event) || !is_answer {
                let _ = sender.send(event);
            }
        }
        // So is what the workers of before have under way, until they have done.
        let to = sender.clone();
        let hand_on = move || {
            let mut said = before.into_iter().filter(is_said);
            // Until nobody is there to hear it.
            said.all(|it| to.send(it).is_ok());
        };
        // Without this thread it is done all the same.
        let _ = thread::Builder::new().name("before".into()).spawn(hand_on);
        let zone = self.model.now.time_zone().clone();
        library.take_passing(&self.library);
        let mut workers = Workers::new(Arc::clone(&library), &zone, sender);
        workers.take_over(&self.workers);
        let place = self.model.present_place();
        let reads = self.model.focus == Column::Reader;
        let page = place.map(|(id, ..)| id);
        let begins = self.library.waits_for_folder();
        let list = &self.model.list;
        let row = list.current().map(|row| row.id);
        let stands = page.filter(|_| reads).or(row);
        let left = Left {
            source: list.listing.source.clone(),
            unread: list.listing.unread,
            sort: list.listing.sort,
            story: None,
            near: list.cursor,
        };
        self.model.begin_anew(library.forgets());
        // Examples and pages that were left for what was kept are there still; files that were taken back are not.
        let is_there = |id| matches!(library.place(id), Ok(Some(_)));
        self.model.back.retain(|(id, ..)| is_there(*id));
        self.model.forward.retain(|(id, ..)| is_there(*id));
        self.pictures.forget();
        (self.workers, self.library) = (workers, library);
        // What was kept here is the story that one is on; where it was taken back, it is that of before.
        let known = |id| self.library.same_story(id).ok().flatten();
        // Of several the first is as good as any; the reader may be on another one.
        let is_first = |stands: StoryId| stands.is_passing() || known(stands) == first;
        let first = first.filter(|_| stands.is_none_or(is_first));
        let listed = |id: &StoryId| !begins && !id.is_passing();
        let story = first
            .or(stands.and_then(known))
            .or(self.came_from.take().filter(listed));
        self.came_from = stands.filter(|_| begins);
        self.standing = stands.map(|story_before| Standing {
            story: story_before,
            left: Left { story, ..left },
            reads: place.filter(|_| reads),
        });
        self.start_watching();
        self.standing
            .take_if(|it| !begins || it.left.story.is_some());
        let same = match first {
            Some(id) => {
                let passing = page.filter(|it| it.is_passing());
                self.first_page = passing.map(|page| (page, id));
                Some(id)
            }
            // Taken back, it is only looked at again.
            None => self
                .first_page
                .filter(|it| page == Some(it.1))
                .map(|it| it.0)
                .or(story),
        };
        if let Some(id) = same.filter(|_| reads) {
            let opened = Message::LinkResolved { id, anchor: None };
            for effect in self.model.update(opened) {
                self.workers.carry_out(effect);
            }
            if self.first_page.is_some() {
                self.model.reader.place = place.map(|(_, block, offset)| (id, block, offset));
            }
        }
        Ok(())
    }

    /// Puts the reader back on the story of before, as soon as it was taken in and unless they have gone on.
    pub(super) fn stay(&mut self, effects: &mut Vec<Effect>) {
        let gone_on = self.model.list.moved || self.model.focus == Column::Reader;
        let Some(standing) = self.standing.take().filter(|_| !gone_on) else {
            return;
        };
        let Ok(Some(id)) = self.library.same_story(standing.story) else {
            // It may be among those that are still to come: feeds and files come in apart.
            self.standing = Some(standing);
            return;
        };
        self.model.restore(Left {
            story: Some(id),
            ..standing.left
        });
        effects.extend(self.model.start());
        if let Some((_, block, offset)) = standing.reads {
            effects.extend(
                self.model
                    .update(Message::LinkResolved { id, anchor: None }),
            );
            self.model.reader.place = Some((id, block, offset));
        }
    }
}
