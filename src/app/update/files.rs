//! What other programs do with the files of stories, as it shows.

use super::super::{action::Action, geometry::Column, list::Lost, message::Effect, model::Model};
use crate::story::{Anchor, StoryId};

/// What is said of a story that is open and was there.
const GONE: &str = "The file of this story is gone; here it stays until you leave it.";

/// What is said after the reason why a story that is open cannot be read anew.
const OLD: &str = "; what is on the screen was read before.";

/// The same of the story that the cursor was on.
fn gone(title: &str) -> String {
    format!("The file of “{title}” is gone.")
}

/// The same to a key that was meant for that story.
fn met(title: &str) -> String {
    format!("Nothing was done: “{title}” was here, and its file is gone.")
}

impl Model {
    /// Follows what another program did with files: the cursor stays near its story and comes back with
    /// it, the open one is read anew, and stays on the screen where that cannot be.
    pub(super) fn follow_change(
        &mut self,
        put: &[StoryId],
        gone: &[StoryId],
        effects: &mut Vec<Effect>,
    ) {
        self.lose(gone);
        self.follow_stories(put, gone, effects);
    }

    /// The same where the reader, or another program, did something with feeds: their stories have no files that
    /// could be gone, and what was done is said.
    pub(super) fn follow_quietly(
        &mut self,
        put: &[StoryId],
        gone: &[StoryId],
        effects: &mut Vec<Effect>,
    ) {
        let (notice, messages) = (self.notice.clone(), self.messages.clone());
        self.lose(gone);
        self.follow_stories(put, gone, effects);
        (self.notice, self.messages) = (notice, messages);
        if let Some(lost) = &mut self.list.lost {
            lost.met = true;
        }
    }

    fn follow_stories(&mut self, put: &[StoryId], gone: &[StoryId], effects: &mut Vec<Effect>) {
        self.list.leave(gone);
        if let Some(lost) = self.list.lost.take_if(|lost| put.contains(&lost.id)) {
            let is_of_it = |text: &str| {
                text == GONE
                    || text == self::gone(&lost.title)
                    || text.starts_with(&met(&lost.title))
            };
            self.notice.take_if(|notice| is_of_it(&notice.0));
            self.list.returning = Some(lost.id);
            self.load(Anchor::Story(lost.id), effects);
        }
        let Some(id) = self.reader.wanted.filter(|id| put.contains(id)) else {
            return;
        };
        // Behind comments the page goes on as it was, until it is read anew.
        let in_comments = self.is_in_comments();
        self.reader
            .aside
            .take_if(|page| !page.is_page() || !in_comments);
        let open = self.reader.open.as_ref();
        let source = open.is_some_and(|open| open.source && open.id == id);
        effects.push(match source {
            true => Effect::OpenSource(id),
            false => Effect::OpenStory(id),
        });
    }

    /// Asks once more for a story that does not show, when all was looked through: it may have been
    /// asked for before it was found where it lies now. What was found and only is long is on its way.
    pub(super) fn try_again(&self, effects: &mut Vec<Effect>) {
        let open = self.reader.open.as_ref().map(|open| open.id);
        let missing = self.reader.wanted.filter(|id| Some(*id) != open);
        if !self.scan.reading
            && !self.reader.delayed
            && let Some(id) = missing
        {
            effects.push(Effect::OpenStory(id));
        }
    }

    /// Says why a story that is open cannot be read anew.
    pub(super) fn tell_old_screen(&mut self, why: &str) {
        self.notice(format!("{why}{OLD}"));
    }

    /// What was said so holds no more.
    pub(super) fn forget_old_screen(&mut self) {
        self.notice.take_if(|notice| notice.0.ends_with(OLD));
    }

    /// Remembers the story that is read, or else the one with the cursor, if it is among those whose files
    /// are gone.
    fn lose(&mut self, stories: &[StoryId]) {
        let open = self.reader.open.as_ref();
        let open = open.filter(|open| self.reader.wanted == Some(open.id));
        let reading = self.focus == Column::Reader;
        let row = self.list.current().map(|row| (row.id, row.title.clone()));
        let row = row.filter(|(id, _)| stories.contains(id));
        if let Some(id) = open
            .map(|open| open.id)
            .filter(|id| reading && stories.contains(id))
        {
            self.list.lost = Some(Lost {
                id,
                title: row.map(|(_, title)| title).unwrap_or_default(),
                met: true,
            });
            self.notice(GONE.to_owned());
        } else if let Some((id, title)) = row.filter(|_| !reading) {
            self.notice(gone(&title));
            self.list.lost = Some(Lost {
                id,
                title,
                met: false,
            });
        }
    }

    /// Whoever reads another story by now stays with it.
    pub(super) fn forget_lost(&mut self) {
        let reading = self.focus == Column::Reader;
        let wanted = self.reader.wanted;
        let other = |lost: &mut Lost| reading && wanted.is_some_and(|id| id != lost.id);
        self.list.lost.take_if(other);
    }

    /// Whether a key for the story with the cursor comes right after that story was another one: its
    /// file went away under the reader's hand. The key then does nothing but say so, once.
    pub(super) fn meets_loss(&mut self, action: Action) -> bool {
        let of_cursor = match action {
            Action::ToggleRead
            | Action::ToggleStar
            | Action::ToggleLater
            | Action::EditTags
            | Action::Remove => self.list.selected.is_empty(),
            Action::Select
            | Action::SelectTo
            | Action::MarkAboveRead
            | Action::MarkBelowRead
            | Action::Browse
            | Action::Pipe => true,
            _ => false,
        };
        if !of_cursor || self.focus == Column::Reader {
            return false;
        }
        let Some(now) = self.list.current().map(|row| row.title.clone()) else {
            return false;
        };
        let Some(lost) = self.list.lost.as_mut().filter(|lost| !lost.met) else {
            return false;
        };
        lost.met = true;
        let told = format!("{} The same key again is for “{now}”.", met(&lost.title));
        self.notice(told);
        true
    }
}
