//! Messages change the model and give orders: the whole behaviour of the program.

mod comments;
mod feeds;
mod files;
mod keys;
mod listing;
mod marks;
mod moves;
mod opening;
mod pages;
mod prompts;
mod reading;
mod selecting;
mod sources;

use super::{
    ask::Ask,
    geometry::Column,
    labels::Labels,
    message::{Effect, Message},
    model::{Model, Notice},
    reader::Manner,
};
use crate::story::{Anchor, offers_undo};

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
                self.see_refiled(&rows);
                self.follow_folder(&rows, &mut effects);
                self.leave_forgotten(&rows, &mut effects);
                // A feed may have another name by now.
                let here = &self.list.listing.source;
                if let Some(row) = rows.iter().find(|row| row.source == *here) {
                    self.list.listing.source = row.source.clone();
                }
                self.sources.take(rows, &self.list.listing.source);
                self.list_what_was_named(&mut effects);
                if let Some(feed) = self.sources.awaited.take() {
                    self.go_to_feed(feed, &mut effects);
                }
            }
            Message::FeedsHidden(feeds) => self.sources.hide(feeds),
            Message::LibraryGrew { stories, reading } => {
                self.scan.stories = stories;
                self.scan.reading = reading;
                self.load_again(&mut effects);
                self.scan.settled |= !reading;
                self.try_again(&mut effects);
                self.list_what_was_named(&mut effects);
                if !reading {
                    self.find_after(false, &mut effects);
                }
            }
            Message::TextsIndexed => {
                self.find_after(true, &mut effects);
                // Words of long texts were estimated until now.
                self.load_again(&mut effects);
            }
            Message::StoriesChanged { put, gone } => self.follow_change(&put, &gone, &mut effects),
            Message::StoriesFollowed { put, gone } => {
                self.follow_quietly(&put, &gone, &mut effects);
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
            Message::LinkLeadsToFile { path, media_type } => {
                let name = path.rsplit('/').next().unwrap_or(&path);
                self.notice(format!("Opening {}", crate::story::clean::line(name)));
                let (url, media_type) = (path, Some(media_type));
                effects.push(Effect::OpenFile { url, media_type });
            }
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
            Message::OthersWrote { stories, state } => {
                // What they took out of the list is not to be selected unseen.
                if stories {
                    self.list.clear_selection();
                } else {
                    self.end_selection();
                }
                if state {
                    // What they did last is what would be taken back now.
                    self.notice.take_if(|notice| offers_undo(&notice.0));
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
            Message::TagsLoaded { stories, tags, own } => {
                if let Some(prompt) = &mut self.prompt
                    && prompt.tagging.stories == stories
                {
                    prompt.tagging.present = Some(tags);
                    prompt.tagging.own = own;
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
            Message::LibraryBegan(path) => self.turns_to = Some(Effect::BeginLibrary(path)),
            Message::LibraryEnded => self.turns_to = Some(Effect::EndLibrary),
            Message::PageKept { page, id } => self.take_kept(page, id, &mut effects),
            Message::Refiled { from, to } => self.refiled(&from, &to),
            Message::Subscribed(feed) => self.go_to_feed(feed, &mut effects),
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
            Message::Progressed(text) => self.notice = Some(Notice(text)),
            Message::Ended => effects.push(Effect::Quit),
        }
        self.settle(&mut effects);
        if !self.is_under_way() {
            effects.extend(self.turns_to.take());
        }
        effects
    }

    /// Whether keys mean something that another library would end: what is typed would do something else.
    fn is_under_way(&self) -> bool {
        self.prompt.is_some()
            || self.ask.is_some()
            || self.labels.is_some()
            || self.outline.is_some()
            || self.help.is_some()
            || self.output.is_some()
            || self.is_selecting()
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
                free: geometry.free(page),
                facing: geometry.facing,
                justify: self.justify,
                rtl: self.rtl,
                cell: self.cell,
                pictures: self.pictures,
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
        if self.view() != self.kept_view {
            self.kept_view = self.view();
            effects.push(Effect::KeepView(self.kept_view));
        }
    }

    /// Asks what the reader did with the open story.
    fn load_state(&self, effects: &mut Vec<Effect>) {
        if let Some(open) = &self.reader.open {
            effects.push(Effect::LoadState(open.id));
            effects.push(Effect::LoadNotes(open.id));
        }
    }

    fn notice(&mut self, text: String) {
        self.messages.keep(&self.now, text.clone());
        self.notice = Some(Notice(text));
    }
}
