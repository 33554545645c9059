//! What is listed: rows are asked for and come in.

use super::super::{
    geometry::Column,
    list::List,
    message::{Effect, WindowRequest},
    model::Model,
};
use crate::story::{Anchor, Left, Listing, Source, StoryId, Window};

impl Model {
    /// Keeps what is listed and where the cursor is in it, for the next start: what is searched in a
    /// list, or looked for through others, is no place to come back to.
    pub(super) fn note_list(&mut self, effects: &mut Vec<Effect>) {
        let list = self.list.before_search.as_deref().unwrap_or(&self.list);
        let on_the_way = list.stale || list.wanted.is_some() || self.hunt.is_some();
        if self.alone || on_the_way {
            return;
        }
        let moved = list.moved.then(|| list.current()).flatten();
        // Who reads goes on with that story, also where a search of the list led to it.
        let read = self.reader.wanted.filter(|_| self.focus == Column::Reader);
        let read = read.filter(|id| self.list.window.index_of(*id).is_some());
        let left = Left {
            source: list.listing.source.clone(),
            unread: list.listing.unread,
            sort: list.listing.sort,
            story: read.or(moved.map(|row| row.id)),
            near: moved.map_or(0, |_| list.cursor),
        };
        if self.left.as_ref() != Some(&left) {
            effects.push(Effect::KeepLeft(left.clone()));
            self.left = Some(left);
        }
    }

    /// Asks for the rows of the same list again: it may show something else.
    pub(super) fn load_again(&mut self, effects: &mut Vec<Effect>) {
        let anchor = match self.list.current() {
            Some(row) if self.list.moved || self.is_before_eyes(row.id) => Anchor::Story(row.id),
            _ => Anchor::Start,
        };
        // While an answer is on its way, its own anchor still holds.
        let anchor = self.list.wanted.unwrap_or(anchor);
        self.load(anchor, effects);
    }

    /// Whether a story is on the page, with nothing more to come of what was there at the start: what is new
    /// from then on takes nothing from before anybody's eyes, whether a key was pressed or not.
    fn is_before_eyes(&self, id: StoryId) -> bool {
        let settled = self.scan.settled && !self.scan.reading;
        settled && self.reader.wanted == Some(id) && self.geometry().reader.is_some()
    }

    /// Asks for rows of the list.
    pub(super) fn load(&mut self, anchor: Anchor, effects: &mut Vec<Effect>) {
        self.list.request += 1;
        self.list.wanted = Some(anchor);
        effects.push(Effect::LoadRows(WindowRequest {
            request: self.list.request,
            listing: self.list.listing.clone(),
            anchor,
            near: self.list.cursor,
        }));
    }

    pub(super) fn take_rows(&mut self, window: Window, effects: &mut Vec<Effect>) {
        let forward = match (self.list.wanted, &self.hunt) {
            (Some(Anchor::NextUnread(_)), _) => Some(true),
            (Some(Anchor::PreviousUnread(_)), _) => Some(false),
            (Some(Anchor::FirstUnread | Anchor::End), Some(hunt)) => Some(hunt.forward),
            _ => None,
        };
        let here = self.list.current().filter(|_| !self.list.stale);
        let before = here.map(|row| row.id);
        let back = self.list.returning;
        let back = back.filter(|id| self.list.wanted == Some(Anchor::Story(*id)));
        if let Some(id) = back {
            if window.index_of(id).is_none() {
                // It came back, but not into this list: these are rows of a place where nobody is.
                self.list.returning = None;
                return self.load(before.map_or(Anchor::Start, Anchor::Story), effects);
            }
            self.list.moved = true;
            self.arrive(id, effects);
        }
        self.met |= window.total > 0;
        self.list.take(window);
        if let Some(forward) = forward {
            self.take_unread(forward, before, effects);
        }
    }

    /// Lists the removed where the one story that was named is among them, for who names it wants to read it,
    /// and all again once it is brought back.
    pub(super) fn list_what_was_named(&mut self, effects: &mut Vec<Effect>) {
        let here = &self.list.listing;
        let source = if self.sources.has_only_removed() {
            Source::Removed
        } else {
            Source::All
        };
        let named = match source {
            Source::Removed => !self.met && *here == Listing::default(),
            _ => here.source == Source::Removed,
        };
        if !self.alone || !named || self.scan.reading {
            return;
        }
        if source == Source::Removed {
            self.met = true;
            self.notice("This story is removed; d brings it back.".to_owned());
        }
        let listing = Listing {
            source,
            ..Listing::default()
        };
        let list = List {
            listing,
            ..List::default()
        };
        self.list_anew(list, Anchor::Start, effects);
    }

    /// Lists something else; the list before is kept by the caller if it is to come back.
    pub(super) fn list_anew(&mut self, list: List, anchor: Anchor, effects: &mut Vec<Effect>) {
        let (request, order) = (self.list.request, self.list.order);
        // The old rows show until the new ones are there: an empty list for a moment would flicker.
        let window = std::mem::take(&mut self.list.window);
        let (cursor, top) = (self.list.cursor, self.list.top);
        self.list = List {
            request,
            order,
            window,
            cursor,
            top,
            stale: true,
            ..list
        };
        self.load(anchor, effects);
    }
}
