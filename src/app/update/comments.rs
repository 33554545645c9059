//! What stands beside a story's text: what follows it, and the page of its comments.

use std::sync::Arc;

use super::super::{
    ask::Ask,
    feeds::FeedOrder,
    message::{Effect, Message, Opened},
    model::Model,
    reader::Open,
};
use crate::{document::Document, story::StoryId};

impl Model {
    /// The page of a story, wherever it waits while its comments show.
    pub(super) fn page_of(&mut self, id: StoryId) -> Option<&mut Open> {
        let reader = &mut self.reader;
        let page = match &reader.open {
            Some(open) if open.comments => reader.aside.as_mut(),
            _ => reader.open.as_mut(),
        };
        page.filter(|open| open.id == id)
    }

    /// Takes what stands after the last line of a story.
    pub(super) fn take_after(&mut self, found: Message) {
        let Message::AfterFound {
            id,
            document,
            after,
            follows,
        } = found
        else {
            return;
        };
        let now = self.now.clone();
        let pages = [self.reader.open.as_mut(), self.reader.aside.as_mut()];
        let page = pages
            .into_iter()
            .flatten()
            .find(|open| open.id == id && open.is_of(&document));
        // What was there before goes where there is nothing any more.
        if let Some(open) = page
            && !(after.is_empty() && open.after.is_none())
        {
            open.take_after(after, follows, &now);
        }
    }

    /// Asks once more for what stands after the open story, which was opened before anything was known of
    /// others: whether there are any or, where they are `indexed`, which are like it. What was found among
    /// all of them is left alone.
    pub(super) fn find_after(&mut self, indexed: bool, effects: &mut Vec<Effect>) {
        let Some(id) = self.reader.wanted else {
            return;
        };
        let page = self.page_of(id).filter(|open| open.is_page());
        let lacks = |open: &mut Open| {
            let after = open.after.as_ref();
            after.is_none_or(|it| {
                it.early && indexed || it.alike.is_empty() && (indexed || it.week.is_empty())
            })
        };
        if page.is_some_and(lacks) {
            effects.push(Effect::FindAfter(id));
        }
    }

    /// To the comments on the open story, or from them back to the story.
    pub(super) fn toggle_comments(&mut self, effects: &mut Vec<Effect>) {
        if self.is_in_comments() {
            return self.leave_comments(effects);
        }
        let Some(id) = self.reader.wanted else {
            return;
        };
        self.reader.discussed = Some(id);
        self.notice("Asking for the comments …".to_owned());
        effects.push(Effect::Feeds(FeedOrder::Discuss(id)));
    }

    /// Whether the reader shows the comments on a story.
    pub(super) fn is_in_comments(&self) -> bool {
        self.reader.open.as_ref().is_some_and(|open| open.comments)
    }

    /// Back to the story, where it was left.
    pub(super) fn leave_comments(&mut self, effects: &mut Vec<Effect>) {
        let Some(open) = self.reader.open.as_ref().filter(|open| open.comments) else {
            return;
        };
        let id = open.id;
        self.reader.discussed = None;
        match self.reader.aside.take().filter(|page| page.id == id) {
            Some(page) => self.reader.open = Some(page),
            // Its file changed meanwhile.
            None => {
                self.reader.open = None;
                effects.push(Effect::OpenStory(id));
            }
        }
        self.renew_overlays(false);
    }

    /// Shows comments, or those that came since in place of the ones that show.
    pub(super) fn take_comments(&mut self, id: StoryId, document: Arc<Document>, new: usize) {
        let awaited = self.reader.discussed == Some(id) && self.reader.wanted == Some(id);
        let Some(before) = self.reader.open.take_if(|open| awaited && open.id == id) else {
            return;
        };
        let opened = Opened {
            document,
            about: before.about.clone(),
            notes: Vec::new(),
            state: before.state,
            place: None,
            source: false,
        };
        let mut open = Open::new(id, opened, None);
        open.comments = true;
        if before.comments {
            let mut before = before;
            open.go_on_from(&mut before);
        } else if !before.source {
            self.reader.aside = Some(before);
        }
        self.reader.open = Some(open);
        self.renew_overlays(false);
        self.notice = None;
        match new {
            0 => {}
            1 => self.notice("1 new comment (●).".to_owned()),
            new => self.notice(format!("{new} new comments (●).")),
        }
    }

    /// The comments stand on a page that only a browser can show: whether it should, the next key says.
    pub(super) fn offer_page(&mut self, id: StoryId, page: String) {
        if self.reader.discussed == Some(id) && self.reader.wanted == Some(id) {
            self.reader.discussed = None;
            self.notice = None;
            self.ask = Some(Ask::Browse(page));
        }
    }
}
