//! Messages change the model and give orders: the whole behaviour of the program.

mod comments;
mod feeds;
mod files;
mod keys;
mod marks;
mod moves;
mod pages;
mod prompts;
mod reading;
mod selecting;
mod sources;

use std::sync::Arc;

use super::{
    ask::Ask,
    labels::Labels,
    list::List,
    message::{Effect, Message, Outcome, WindowRequest},
    model::{Column, Model, Notice, Scan},
    outline::Outline,
    pages::OnShelf,
    prompt::PromptKind,
    reader::{Manner, Open, Progress},
};
use crate::{
    document::{Document, Sought},
    story::{Anchor, Left, StoryId, Window},
};

impl Model {
    /// What is ordered before anything has happened.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let story = self.left.as_ref().and_then(|left| left.story);
        self.load(story.map_or(Anchor::Start, Anchor::Story), &mut effects);
        effects
    }

    /// Answers one message. Pure: the same model and message always give the same.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        let mut effects = Vec::new();
        match message {
            Message::KeyPressed(key) => self.key(key, &mut effects),
            Message::Pasted(text) => self.pasted(&text, &mut effects),
            Message::Resized { columns, rows } => (self.columns, self.rows) = (columns, rows),
            Message::Piped { command, outcome } => self.take_piped(command, outcome),
            Message::Faded => self.in_page(|open| open.eye = None),
            Message::Ticked(now) => self.now = now,
            Message::CellMeasured(cell) => self.cell = cell,
            Message::RowsLoaded { request, window } => {
                if request == self.list.request {
                    self.take_rows(window, &mut effects);
                }
            }
            Message::SourcesCounted(rows) => {
                self.leave_forgotten(&rows, &mut effects);
                // A feed may have another name by now.
                let here = &self.list.listing.source;
                if let Some(row) = rows.iter().find(|row| row.source == *here) {
                    self.list.listing.source = row.source.clone();
                }
                self.sources.take(rows, &self.list.listing.source);
            }
            Message::LibraryGrew { stories, reading } => {
                self.scan = Scan { stories, reading };
                self.load_again(&mut effects);
                self.try_again(&mut effects);
                if !reading {
                    self.find_after(false, &mut effects);
                }
            }
            Message::TextsIndexed => {
                self.find_after(true, &mut effects);
                if self.list.listing.everywhere {
                    self.load_again(&mut effects);
                }
            }
            Message::StoriesChanged { put, gone } => self.follow_change(&put, &gone, &mut effects),
            Message::StoriesFollowed { put, gone } => {
                let notice = self.notice.clone();
                self.follow_change(&put, &gone, &mut effects);
                self.notice = notice;
                if let Some(lost) = &mut self.list.lost {
                    lost.met = true;
                }
            }
            Message::StoryDelayed(id) => {
                self.reader.delayed = self.reader.wanted == Some(id);
            }
            Message::StoryOpened { id, outcome } => self.take_story(id, outcome),
            Message::CodeRead {
                id,
                document,
                tokens,
            } => {
                if let Some(open) = self.page_of(id).filter(|open| open.is_of(&document)) {
                    open.layout.colour(tokens);
                }
            }
            Message::NotesPlaced {
                id,
                document,
                notes,
            } => self.take_notes(id, &document, notes),
            Message::LinkLeadsOut(target) => self.open_outside(&target, &mut effects),
            Message::LinkResolved { id, anchor } => self.go_to_story(id, anchor, &mut effects),
            found @ Message::AfterFound { .. } => self.take_after(found),
            Message::CommentsRead { id, document, new } => self.take_comments(id, document, new),
            Message::CommentsElsewhere { id, page } => self.offer_page(id, page),
            Message::TextFound { id, sought, found } => {
                let from = self.search_begun(&sought);
                if let Some(open) = self.reader.open.as_mut().filter(|open| open.id == id) {
                    open.take_found(sought, found, from);
                }
            }
            Message::TextMet { id, sought, first } => {
                if let Some(open) = self.reader.open.as_mut().filter(|open| open.id == id) {
                    open.take_first(sought, first);
                }
            }
            Message::PicturesMeasured {
                id,
                document,
                pictures,
            } => {
                if let Some(open) = self.page_of(id).filter(|open| open.is_of(&document)) {
                    open.take_pictures(pictures);
                }
            }
            Message::StoryCompleted { id, document } => {
                self.complete_story(id, document, &mut effects);
            }
            Message::StateChanged { said, back } => {
                if let Some(said) = said {
                    self.notice(said);
                }
                let here = self.list.current().map(|row| row.id);
                let anchor = here.map_or(Anchor::Start, Anchor::Story);
                // While an answer is on its way, its own anchor still holds.
                let anchor = self.list.wanted.unwrap_or(anchor);
                self.list.returning = back;
                let anchor = back.map_or(anchor, Anchor::Story);
                self.load(anchor, &mut effects);
                // What was done may have been undone.
                self.load_state(&mut effects);
            }
            Message::OthersWrote { stories } => {
                // What they took out of the list is not to be selected unseen.
                if stories {
                    self.list.clear_selection();
                } else {
                    self.end_selection();
                }
                self.load_again(&mut effects);
                self.load_state(&mut effects);
            }
            Message::StateLoaded { id, state } => {
                let pages = [self.reader.open.as_mut(), self.reader.aside.as_mut()];
                for open in pages.into_iter().flatten().filter(|open| open.id == id) {
                    open.state = state;
                }
            }
            Message::TagsLoaded { stories, tags } => {
                if let Some(prompt) = &mut self.prompt
                    && prompt.tagging.stories == stories
                {
                    prompt.tagging.present = Some(tags);
                }
            }
            Message::MarksLoaded(loaded) => {
                if let Some(Ask::ToMark { marks, typed }) = &mut self.ask {
                    *marks = Some(loaded);
                    if let Some(letter) = typed.take() {
                        self.go_to_mark(letter, &mut effects);
                    }
                }
            }
            Message::StoriesListed {
                listing,
                between,
                stories,
            } => self.take_stories(&listing, between.is_none(), stories),
            Message::PageFetched { address, id, said } => {
                self.take_page(&address, id, said, &mut effects);
            }
            Message::StoriesSaved => self.on_shelf = OnShelf::Saved,
            Message::LibraryBegan(path) => effects.push(Effect::BeginLibrary(path)),
            Message::StoriesTakenBack => self.on_shelf = OnShelf::TakenBack,
            Message::PageKept { page, id } => self.take_kept(page, id, &mut effects),
            Message::FeedsOffered { offers, folder } => self.offer_feeds(offers, folder),
            Message::FeedsAsked(refreshing) => self.refreshing = refreshing,
            Message::Indexed { left } => {
                let counts_down = self.unindexed != left;
                self.unindexed = left;
                // What is found meanwhile shows, and so does how much is missing.
                if (counts_down || left == 0) && self.list.listing.everywhere {
                    self.load_again(&mut effects);
                }
            }
            Message::DamageMet => self.damaged = true,
            Message::Noticed(text) => self.notice(text),
            Message::Ended => effects.push(Effect::Quit),
        }
        self.settle(&mut effects);
        if effects
            .iter()
            .any(|it| matches!(it, Effect::Apply(_) | Effect::Feeds(_)))
        {
            self.on_shelf = OnShelf::Nothing;
        }
        effects
    }

    /// Brings what depends on the size of the screen up to date, and asks for what is missing.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        let geometry = self.geometry();
        self.forget_lost();
        if let Some(place) = geometry.list {
            let (height, width) = (usize::from(place.height), usize::from(place.width));
            self.list.keep_in_sight(height, width, &self.now);
        }
        if let Some(anchor) = self.list.short_of() {
            self.load(anchor, effects);
        }
        if let Some(place) = geometry.sources {
            self.sources.keep_in_sight(usize::from(place.height));
        }
        // The reader shows the story under the list's cursor, where there is a reader.
        if geometry.reader.is_some()
            && self.reader.wanted.is_none()
            && let Some(id) = self.list.current().map(|row| row.id)
        {
            self.want(id, effects);
        }
        if self.focus != Column::Reader && !self.list.stale {
            match self.list.current().map(|row| row.id) {
                Some(id) if geometry.reader.is_some() => self.want(id, effects),
                Some(_) => {}
                None if self.list.wanted.is_some() => {}
                // Beside a list of nothing, nothing is read.
                None => {
                    self.reader.wanted = None;
                    self.reader.open = None;
                    self.reader.failure = None;
                    self.reader.aside = None;
                }
            }
        }
        self.seek_hit(effects);
        let page = geometry.page(self.measure);
        if let (Some(page), Some(open)) = (page, &mut self.reader.open) {
            let manner = Manner {
                facing: geometry.facing,
                justify: self.justify,
                rtl: self.rtl,
                cell: self.cell.filter(|_| self.pictures),
            };
            open.set_to(page, manner);
        }
        // Another size of the screen puts other lines on it.
        if let (Some(labels), Some(open)) = (&mut self.labels, &self.reader.open) {
            labels.all = Labels::of(open, labels.purpose).all;
        }
        if let (Some(place), Some(outline)) = (geometry.reader, &mut self.outline) {
            outline.keep_in_sight(usize::from(place.height));
        }
        if let Some(output) = &mut self.output {
            output.set_to(self.columns, self.rows);
        }
        if let Some(help) = &mut self.help {
            help.keep_within(self.columns, self.rows, &self.messages);
        }
        self.note_progress(effects);
        self.note_list(effects);
    }

    /// Keeps what is listed and where the cursor is in it, for the next start: what is searched in a
    /// list, or looked for through others, is no place to come back to.
    fn note_list(&mut self, effects: &mut Vec<Effect>) {
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

    /// In a story that a search of everything found, looks for its words: once, so that who has left
    /// them is not led there again.
    fn seek_hit(&mut self, effects: &mut Vec<Effect>) {
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
        });
    }

    /// Asks for the rows of the same list again: it may show something else.
    fn load_again(&mut self, effects: &mut Vec<Effect>) {
        let anchor = match self.list.current() {
            Some(row) if self.list.moved => Anchor::Story(row.id),
            _ => Anchor::Start,
        };
        // While an answer is on its way, its own anchor still holds.
        let anchor = self.list.wanted.unwrap_or(anchor);
        self.load(anchor, effects);
    }

    /// Asks what the reader did with the open story.
    fn load_state(&self, effects: &mut Vec<Effect>) {
        if let Some(open) = &self.reader.open {
            effects.push(Effect::LoadState(open.id));
            effects.push(Effect::LoadNotes(open.id));
        }
    }

    /// Asks for rows of the list.
    fn load(&mut self, anchor: Anchor, effects: &mut Vec<Effect>) {
        self.list.request += 1;
        self.list.wanted = Some(anchor);
        effects.push(Effect::LoadRows(WindowRequest {
            request: self.list.request,
            listing: self.list.listing.clone(),
            anchor,
            near: self.list.cursor,
        }));
    }

    /// Asks for a story, unless it is there or on its way.
    fn want(&mut self, id: StoryId, effects: &mut Vec<Effect>) {
        if self.reader.wanted != Some(id) {
            self.reader.wanted = Some(id);
            self.reader.discussed = None;
            self.reader.failure = None;
            self.reader.delayed = false;
            effects.push(Effect::OpenStory(id));
        }
    }

    fn take_story(&mut self, id: StoryId, outcome: Outcome) {
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
                    // About where the page was; back on the page, where it was left.
                    Some(before) if open.source => {
                        let (block, offset) = before.place();
                        let passed = before.layout.fraction(block, offset);
                        open.to(open.layout.document().at_fraction(passed), 0);
                    }
                    _ => {}
                }
                if let Some((_, block, offset)) =
                    self.reader.place.take_if(|(story, ..)| *story == id)
                {
                    open.to(block, offset);
                }
                if let Some(name) = self.reader.anchor.take() {
                    if open.to_anchor(&name) {
                        // Who follows a link to a place reads on there.
                        open.go_on();
                    } else {
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
    fn complete_story(&mut self, id: StoryId, document: Arc<Document>, effects: &mut Vec<Effect>) {
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
            });
        }
    }

    /// Where a search in the text begins: however often the words are corrected, where it was begun.
    fn search_begun(&self, sought: &Sought) -> (usize, usize) {
        let begun = self.prompt.as_ref().and_then(|prompt| prompt.from);
        let place = self.reader.open.as_ref().map(|open| open.place());
        match sought {
            Sought::Phrase(_) => begun.or(place).unwrap_or_default(),
            Sought::Words(_) => (0, 0),
        }
    }

    /// What lies over the page belongs to the story that it is of: it stays where that was only read
    /// anew, and goes with it.
    fn renew_overlays(&mut self, same: bool) {
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

    fn take_rows(&mut self, window: Window, effects: &mut Vec<Effect>) {
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
        self.list.take(window);
        if let Some(forward) = forward {
            self.take_unread(forward, before, effects);
        }
    }

    /// Lists something else; the list before is kept by the caller if it is to come back.
    fn list_anew(&mut self, list: List, anchor: Anchor, effects: &mut Vec<Effect>) {
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

    /// Opens a story that a link led to, at a place in it.
    fn go_to_story(&mut self, id: StoryId, anchor: Option<String>, effects: &mut Vec<Effect>) {
        self.remember_place();
        if let Some(index) = self.list.window.index_of(id) {
            self.list.go(index);
        }
        self.focus = Column::Reader;
        match (anchor, &mut self.reader.open) {
            (Some(name), Some(open)) if open.id == id => {
                open.to_anchor(&name);
            }
            (anchor, _) => {
                self.reader.anchor = anchor;
                self.want(id, effects);
            }
        }
    }

    /// Puts the present place on the way back.
    fn remember_place(&mut self) {
        self.part_from_search();
        self.back.extend(self.present_place());
        self.forward.clear();
    }

    /// Puts the place that a search took the page from on the way back: what comes now is done where
    /// the search led to.
    fn part_from_search(&mut self) {
        if let Some(open) = &mut self.reader.open
            && let Some((block, offset)) = open.take_place_before_search()
        {
            self.back.push((open.id, block, offset));
            self.forward.clear();
        }
    }

    fn notice(&mut self, text: String) {
        self.messages.keep(&self.now, text.clone());
        self.notice = Some(Notice(text));
    }
}
