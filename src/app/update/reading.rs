//! What counts as reading. A story is read once its end stood before a reader who did something
//! there; to open it, to glance at it beside the list or to be taken to its end by a search is not
//! to read it.

use super::super::{
    action::{self, ACTIONS, Action},
    geometry::Column,
    message::Effect,
    model::Model,
    prompt::PromptKind,
};
use crate::story::{Change, StoryId};

/// Whether an action scrolls the page.
fn scrolls(action: Action) -> bool {
    matches!(
        action,
        Action::MoveDown
            | Action::MoveUp
            | Action::PageDown
            | Action::PageUp
            | Action::HalfPageDown
            | Action::HalfPageUp
            | Action::ToStart
            | Action::ToEnd
            | Action::NextHeading
            | Action::PreviousHeading
    )
}

/// Whether an action is done with the page that shows: it scrolls on, or goes elsewhere.
fn goes_on(action: Action) -> bool {
    scrolls(action)
        || matches!(
            action,
            Action::ColumnLeft
                | Action::NextColumn
                | Action::PreviousColumn
                | Action::NextUnread
                | Action::PreviousUnread
                | Action::NextStory
                | Action::PreviousStory
                | Action::Leave
                | Action::Back
                | Action::Quit
        )
}

/// Whether an action is about the story with the cursor: from then on the cursor stays on it,
/// whatever comes in above.
fn concerns_a_story(action: Action) -> bool {
    matches!(
        action,
        Action::Open
            | Action::ColumnRight
            | Action::NextColumn
            | Action::PreviousColumn
            | Action::Zen
    ) || ACTIONS.iter().any(|spec| {
        let place = matches!(spec.place, action::Place::Stories | action::Place::Reader);
        spec.action == action && place
    }) || matches!(action, Action::Select | Action::SelectTo)
}

impl Model {
    /// Does what an action asks for, and keeps what was read by it.
    pub(super) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        self.list.moved |= concerns_a_story(action);
        let before = self.place_in_page();
        if before.is_some() && goes_on(action) && !self.ends_search(action) {
            self.leave_page(effects);
        }
        self.carry_out(action, effects);
        if before.is_some() && scrolls(action) && self.place_in_page() != before {
            self.part_from_search();
            self.in_page(|open| open.go_on());
        }
        if action == Action::ToggleRead
            && before.is_some()
            && let Some(id) = self.reader.wanted
        {
            // Who says by hand what was read is not corrected when the end shows again.
            self.reader.progress.entry(id).or_default().ended = true;
        }
    }

    /// Whether an action does nothing but end the search in the text.
    fn ends_search(&self, action: Action) -> bool {
        let open = self.reader.open.as_ref();
        action == Action::Leave && open.is_some_and(|open| open.search.is_some())
    }

    /// Where one is in the story that one reads.
    fn place_in_page(&self) -> Option<(StoryId, (usize, usize))> {
        let open = self.reader.open.as_ref()?;
        (self.focus == Column::Reader).then(|| (open.id, open.place()))
    }

    /// The reader has seen the page that shows: if it is the last one, the story is read, also where
    /// it fits the screen and nothing was scrolled.
    fn leave_page(&mut self, effects: &mut Vec<Effect>) {
        self.in_page(|open| {
            if open.at_end() && !open.page.is_empty() && !open.is_searched() {
                open.go_on();
            }
        });
        self.note_progress(effects);
    }

    /// Keeps how far the open story was read; its end, seen by someone who reads it, makes it read.
    pub(super) fn note_progress(&mut self, effects: &mut Vec<Effect>) {
        let reading = self.focus == Column::Reader;
        let Some(open) = self
            .reader
            .open
            .as_ref()
            .filter(|open| !open.page.is_empty())
        else {
            return;
        };
        // How far a source was seen says nothing about the page.
        let elsewhere = self.reader.wanted != Some(open.id) || !open.is_page();
        if elsewhere || self.geometry().reader.is_none() {
            return;
        }
        let (id, mut now, unread) = (open.id, open.progress(), !open.state.read);
        let before = self.reader.progress.get(&id).copied();
        let searching = self
            .prompt
            .as_ref()
            .is_some_and(|prompt| prompt.kind == PromptKind::Text);
        // Neither a glance beside the list is reading, nor what a search passes on its way: where it
        // led to is kept once one reads on there.
        if !reading || searching || open.is_searched() {
            return;
        }
        // Once: who says by hand that a story is unread means it.
        let ended = now.seen >= 1.0 && before.is_none_or(|before| !before.ended);
        now.ended = now.seen >= 1.0 || before.is_some_and(|before| before.ended);
        // Whoever reads a story that was changed since knows it now.
        let changed = self.list.is_seen(id);
        if (before != Some(now) || changed) && !id.is_passing() {
            effects.push(Effect::KeepPlace {
                id,
                place: now.into(),
            });
        }
        self.reader.progress.insert(id, now);
        if now.seen >= 1.0 {
            self.in_page(|open| open.be_ended());
        }
        if ended && unread && !id.is_passing() {
            self.set(vec![id], Change::Read(true), effects);
        }
    }
}
