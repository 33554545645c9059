//! The session goes on in another library: the reader stays where they are.

use std::sync::Arc;

use crossbeam_channel::unbounded;

use super::{
    super::{Event, Relay, workers::Workers},
    Session,
};
use crate::{
    app::{Column, Effect, Message},
    library::Library,
    story::{Left, StoryId},
};

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
    /// Reads another library from now on; what the terminal can do, and how the reader likes it, is known already.
    pub(in crate::runtime) fn begin_anew(&mut self, library: Arc<Library>, relay: &Relay) {
        let (sender, events) = unbounded();
        relay.turn(sender.clone());
        // What waits is for whoever comes now, if it is the reader's.
        for event in self.events.try_iter() {
            let typed = matches!(event, Event::Message(Message::KeyPressed(_)));
            if typed || !matches!(event, Event::Message(_) | Event::PictureReady(_)) {
                let _ = sender.send(event);
            }
        }
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
        (self.workers, self.library, self.events) = (workers, library, events);
        let first = self.first_kept.take();
        let first = first.and_then(|path| self.taken_in(&path));
        // What was kept here is the story that one is on; where it was taken back, it is that of before.
        let known = |id| self.library.same_story(id).ok().flatten();
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
    }

    /// Puts the reader back on the story of before, as soon as it was taken in and unless they have gone on.
    pub(super) fn stay(&mut self, effects: &mut Vec<Effect>) {
        let gone_on = self.model.list.moved || self.model.focus == Column::Reader;
        let Some(standing) = self.standing.take().filter(|_| !gone_on) else {
            return;
        };
        let Ok(Some(id)) = self.library.same_story(standing.story) else {
            // It may be among those that are still to come.
            self.standing = Some(standing).filter(|_| self.model.scan.reading);
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
