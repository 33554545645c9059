//! A story comes to the reader: a new one, the rest of one, or the same read anew.

use std::sync::Arc;

use super::super::{
    geometry::Column,
    message::{Effect, Outcome},
    model::Model,
    outline::Outline,
    prompt::PromptKind,
    reader::{Open, Progress},
};
use crate::{
    document::{Document, Sought},
    story::StoryId,
};

impl Model {
    /// In a story that a search of everything found, looks for its words: once, so that who has left
    /// them is not led there again.
    pub(super) fn seek_hit(&mut self, effects: &mut Vec<Effect>) {
        let list = &self.list;
        let Some(open) = &mut self.reader.open else {
            return;
        };
        if self.reader.wanted != Some(open.id) || list.stale || open.comments {
            return;
        }
        let searched = list.listing.everywhere && !list.listing.search.is_empty();
        let row = list.window.index_of(open.id).filter(|_| searched);
        let row = row.and_then(|index| list.window.row(index));
        let mut words: Vec<String> = Vec::new();
        if let Some(passage) = row.and_then(|row| row.passage.as_ref()) {
            let marked = passage.marks.iter();
            words.extend(
                marked
                    .filter_map(|mark| passage.text.get(mark.clone()))
                    .map(str::to_lowercase),
            );
            words.sort_unstable();
            words.dedup();
        }
        if words == open.hit {
            return;
        }
        open.hit.clone_from(&words);
        if words.is_empty() {
            open.end_search();
            return;
        }
        let sought = Sought::Words(words);
        open.sought = Some(sought.clone());
        effects.push(Effect::FindText {
            id: open.id,
            sought,
            from: (0, 0),
            comments: false,
            source: open.source,
        });
    }

    /// Asks for a story, unless it is there or on its way.
    pub(super) fn want(&mut self, id: StoryId, effects: &mut Vec<Effect>) {
        if self.reader.wanted != Some(id) {
            self.reader.wanted = Some(id);
            self.reader.discussed = None;
            self.reader.failure = None;
            self.reader.delayed = false;
            effects.push(Effect::OpenStory(id));
        }
    }

    pub(super) fn take_story(&mut self, id: StoryId, outcome: Outcome) {
        if self.reader.wanted != Some(id) {
            return;
        }
        self.reader.delayed = false;
        let same = self.reader.open.as_ref().is_some_and(|open| open.id == id);
        match outcome {
            Ok(opened) => {
                if let Some(place) = opened.place {
                    self.reader.progress.entry(id).or_insert(Progress {
                        block: place.block,
                        offset: place.offset,
                        seen: place.seen,
                        ended: place.seen >= 1.0,
                        print: place.print,
                    });
                }
                let progress = self.reader.progress.get(&id);
                let mut open = Open::new(id, opened, progress);
                match self.page_of(id) {
                    Some(before) if before.source == open.source => open.go_on_from(before),
                    Some(before) if open.source => open.open_as_source_of(before),
                    Some(before) if before.source => open.return_from_source(before),
                    _ => {}
                }
                if let Some((_, block, offset)) =
                    self.reader.place.take_if(|(story, ..)| *story == id)
                {
                    open.to(block, offset);
                }
                if let Some(name) = self.reader.anchor.take() {
                    open.be_led();
                    if !open.to_anchor(&name) {
                        open.leave_search();
                        self.notice(format!("Nothing in this story is called “{name}”."));
                    }
                }
                // The comments stay where the story behind them was only read anew.
                if same && self.is_in_comments() {
                    self.reader.aside = Some(open);
                    return;
                }
                let to_source = open.source;
                let before = self.reader.open.replace(open);
                // The page waits behind its source.
                self.reader.aside = before.filter(|it| same && to_source && !it.source);
                self.reader.failure = None;
                self.renew_overlays(same);
                self.forget_old_screen();
            }
            Err(why) if same => self.tell_old_screen(&why),
            Err(why) => {
                self.reader.open = None;
                self.reader.failure = Some(why);
                self.renew_overlays(false);
            }
        }
    }

    /// Takes the rest of a story of which the beginning shows. What is searched in it is searched in
    /// all of it.
    pub(super) fn complete_story(
        &mut self,
        id: StoryId,
        document: Arc<Document>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(open) = self.page_of(id) else {
            return;
        };
        open.complete(document);
        if let Some(sought) = open.sought.clone() {
            let from = self.search_begun(&sought);
            effects.push(Effect::FindText {
                id,
                sought,
                from,
                comments: false,
                source: false,
            });
        }
    }

    /// Where a search in the text begins: however often the words are corrected, where it was begun.
    pub(super) fn search_begun(&self, sought: &Sought) -> (usize, usize) {
        let begun = self.prompt.as_ref().and_then(|prompt| prompt.from);
        let place = self.reader.open.as_ref().map(|open| open.place());
        match sought {
            Sought::Phrase(_) => begun.or(place).unwrap_or_default(),
            Sought::Words(_) => (0, 0),
        }
    }

    /// What lies over the page belongs to the story that it is of: it stays where that was only read
    /// anew, and goes with it.
    pub(super) fn renew_overlays(&mut self, same: bool) {
        if !same {
            self.labels = None;
        }
        self.prompt.take_if(|prompt| {
            let gone = self.outline.as_ref().is_some_and(|it| it.notes);
            gone && prompt.kind == PromptKind::Notes
        });
        self.outline.take_if(|outline| outline.notes);
        if self.outline.is_some() {
            let open = self
                .reader
                .open
                .as_ref()
                .filter(|open| same && open.is_page());
            self.outline = open
                .and_then(|open| Outline::of(open.layout.document(), open.place().0))
                .map(|mut outline| {
                    let typed = self.prompt.as_ref().map(|prompt| prompt.input.value());
                    outline.filter(typed.unwrap_or_default());
                    outline
                });
            if self.outline.is_none() {
                self.prompt
                    .take_if(|prompt| prompt.kind == PromptKind::Outline);
            }
        }
    }

    /// Opens a story that a link led to, at a place in it.
    pub(super) fn go_to_story(
        &mut self,
        id: StoryId,
        anchor: Option<String>,
        effects: &mut Vec<Effect>,
    ) {
        self.remember_place();
        if let Some(index) = self.list.window.index_of(id) {
            self.list.go(index);
        }
        self.focus = Column::Reader;
        match (anchor, &mut self.reader.open) {
            (Some(name), Some(open)) if open.id == id => {
                open.be_led();
                open.to_anchor(&name);
            }
            (anchor, _) => {
                self.reader.anchor = anchor;
                self.want(id, effects);
            }
        }
    }

    /// Puts the present place on the way back.
    pub(super) fn remember_place(&mut self) {
        self.part_from_search();
        self.back.extend(self.present_place());
        self.forward.clear();
    }

    /// Puts the place that a search took the page from on the way back: what comes now is done where
    /// the search led to.
    pub(super) fn part_from_search(&mut self) {
        if let Some(open) = &mut self.reader.open
            && open.is_page()
            && let Some((block, offset)) = open.take_place_before_search()
        {
            self.back.push((open.id, block, offset));
            self.forward.clear();
        }
    }
}
