//! Messages change the model and give orders: the whole behaviour of the program.

mod keys;
mod moves;

use super::{
    labels::Labels,
    list::List,
    message::{Effect, Message, Outcome, WindowRequest},
    model::{Column, Help, Model, Notice, Scan},
    prompt::PromptKind,
    reader::{Open, Progress},
};
use crate::story::{Anchor, Change, Operation, SourceRow, StoryId, Target, Window};

impl Model {
    /// What is ordered before anything has happened.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.load(Anchor::Start, &mut effects);
        effects
    }

    /// Answers one message. Pure: the same model and message always give the same.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        let mut effects = Vec::new();
        match message {
            Message::KeyPressed(key) => self.key(key, &mut effects),
            Message::Pasted(text) => self.pasted(&text, &mut effects),
            Message::Resized { columns, rows } => (self.columns, self.rows) = (columns, rows),
            Message::Ticked(now) => self.now = now,
            Message::RowsLoaded { request, window } => {
                if request == self.list.request {
                    self.take_rows(window, &mut effects);
                }
            }
            Message::SourcesCounted(rows) => self.take_sources(rows),
            Message::LibraryGrew { stories, reading } => {
                self.scan = Scan { stories, reading };
                self.load_again(&mut effects);
            }
            Message::TextsIndexed => {
                if self.list.listing.everywhere {
                    self.load_again(&mut effects);
                }
            }
            Message::StoryDelayed(id) => {
                self.reader.delayed = self.reader.wanted == Some(id);
            }
            Message::StoryOpened { id, outcome } => self.take_story(id, outcome),
            Message::LinkResolved { id, anchor } => self.go_to_story(id, anchor, &mut effects),
            Message::TextFound { id, words, found } => {
                // However often the words are corrected, the search starts where it was begun.
                let begun = self.prompt.as_ref().and_then(|prompt| prompt.from);
                if let Some(open) = &mut self.reader.open
                    && open.id == id
                {
                    let from = begun.unwrap_or(open.place());
                    open.take_found(words, found, from);
                }
            }
            Message::StateChanged { said } => {
                if let Some(said) = said {
                    self.notice(said);
                }
                if let Some(row) = self.list.current() {
                    self.load(Anchor::Story(row.id), &mut effects);
                }
            }
            Message::Noticed(text) => self.notice(text),
            Message::Ended => effects.push(Effect::Quit),
        }
        self.settle(&mut effects);
        effects
    }

    /// Brings what depends on the size of the screen up to date, and asks for what is missing.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        let geometry = self.geometry();
        if let Some(place) = geometry.list {
            let (height, width) = (usize::from(place.height), usize::from(place.width));
            self.list.keep_in_sight(height, width, &self.now);
        }
        if let Some(anchor) = self.list.short_of() {
            self.load(anchor, effects);
        }
        let sources = &mut self.sources;
        sources.cursor = sources.cursor.min(sources.rows.len().saturating_sub(1));
        if let Some(place) = geometry.sources {
            let height = usize::from(place.height).max(1);
            let lowest = (sources.cursor + 1).saturating_sub(height);
            sources.top = sources.top.clamp(lowest, sources.cursor.max(lowest));
        }
        // The reader shows the story under the list's cursor, where there is a reader.
        if geometry.reader.is_some()
            && self.reader.wanted.is_none()
            && let Some(id) = self.list.current().map(|row| row.id)
        {
            self.want(id, effects);
        }
        if self.focus != Column::Reader
            && geometry.reader.is_some()
            && !self.list.stale
            && let Some(id) = self.list.current().map(|row| row.id)
        {
            self.want(id, effects);
        }
        let page = geometry.page(self.measure);
        if let (Some(page), Some(open)) = (page, &mut self.reader.open) {
            open.set_to(page);
        }
        // Another size of the screen puts other lines on it.
        if let (Some(labels), Some(open)) = (&mut self.labels, &self.reader.open) {
            labels.all = Labels::of(open).all;
        }
        if let Some(help) = &mut self.help {
            help.top = help.top.min(Help::last_top(self.rows));
        }
        self.note_progress(effects);
    }

    /// Keeps how far the open story was read; its end, seen by someone who reads it, makes it read.
    fn note_progress(&mut self, effects: &mut Vec<Effect>) {
        let reading = self.focus == Column::Reader;
        let Some(open) = self
            .reader
            .open
            .as_ref()
            .filter(|open| !open.page.is_empty())
        else {
            return;
        };
        if self.reader.wanted != Some(open.id) || self.geometry().reader.is_none() {
            return;
        }
        let (id, mut now) = (open.id, open.progress());
        let before = self.reader.progress.get(&id).copied();
        let searching = self
            .prompt
            .as_ref()
            .is_some_and(|prompt| prompt.kind == PromptKind::Text);
        if !reading || searching {
            // Neither a glance beside the list is reading, nor what a search passes on its way.
            now.seen = before.map_or(0.0, |before| before.seen);
            if before.is_none() {
                return;
            }
        }
        // Once: who says by hand that a story is unread means it.
        let ended = now.seen >= 1.0 && before.is_none_or(|before| !before.ended);
        now.ended = now.seen >= 1.0 || before.is_some_and(|before| before.ended);
        if before != Some(now) && reading && !searching {
            effects.push(Effect::KeepPlace {
                id,
                place: now.into(),
            });
        }
        self.reader.progress.insert(id, now);
        if ended {
            self.set_read(id, true, effects);
        }
    }

    fn set_read(&mut self, id: StoryId, read: bool, effects: &mut Vec<Effect>) {
        self.list.set_read(id, read);
        if let Some(open) = self.reader.open.as_mut().filter(|open| open.id == id) {
            open.read = read;
        }
        effects.push(Effect::Apply(Operation {
            target: Target::Stories(vec![id]),
            change: Change::Read(read),
        }));
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
        match outcome {
            Ok(opened) => {
                if let Some(place) = opened.place {
                    self.reader.progress.entry(id).or_insert(Progress {
                        block: place.block,
                        offset: place.offset,
                        seen: place.seen,
                        ended: place.seen >= 1.0,
                    });
                }
                let progress = self.reader.progress.get(&id);
                let mut open = Open::new(id, opened, progress);
                if let Some(name) = self.reader.anchor.take()
                    && !open.to_anchor(&name)
                {
                    self.notice(format!("Nothing in this story is called “{name}”."));
                }
                self.reader.open = Some(open);
                self.reader.failure = None;
            }
            Err(why) => {
                self.reader.open = None;
                self.reader.failure = Some(why);
            }
        }
        self.labels = None;
    }

    fn take_rows(&mut self, window: Window, effects: &mut Vec<Effect>) {
        let jump = matches!(
            self.list.wanted,
            Some(Anchor::NextUnread(_) | Anchor::PreviousUnread(_))
        );
        let before = self.list.current().map(|row| row.id);
        self.list.take(window);
        let now = self.list.current().map(|row| row.id);
        if jump && before == now {
            self.notice("There is no further unread story in this list.".to_owned());
        } else if jump
            && self.focus == Column::Reader
            && let Some(id) = now
        {
            self.want(id, effects);
        }
    }

    fn take_sources(&mut self, rows: Vec<SourceRow>) {
        // The cursor stays on its source when others come in above it.
        let here = self
            .sources
            .rows
            .get(self.sources.cursor)
            .map(|row| &row.source);
        let cursor = here.and_then(|here| rows.iter().position(|row| row.source == *here));
        self.sources.cursor = cursor.unwrap_or(0);
        self.sources.rows = rows;
    }

    /// Lists something else; the list before is kept by the caller if it is to come back.
    fn list_anew(&mut self, list: List, effects: &mut Vec<Effect>) {
        let request = self.list.request;
        // The old rows show until the new ones are there: an empty list for a moment would flicker.
        let window = std::mem::take(&mut self.list.window);
        let (cursor, top) = (self.list.cursor, self.list.top);
        self.list = List {
            request,
            window,
            cursor,
            top,
            stale: true,
            ..list
        };
        self.load(Anchor::Start, effects);
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
        if let Some(open) = &self.reader.open {
            let (block, offset) = open.place();
            self.back.push((open.id, block, offset));
        }
    }

    fn notice(&mut self, text: String) {
        self.messages.push(text.clone());
        self.notice = Some(Notice(text));
    }
}
