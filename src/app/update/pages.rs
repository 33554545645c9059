//! Pages: keeping them on the shelf, fetching full texts, reading here what a link leads to.

use super::super::{
    action::Action,
    geometry::Column,
    message::Effect,
    model::Model,
    pages::{Awaited, PageOrder},
};
use crate::{
    document::scheme,
    story::{StoryId, grouped},
};

impl Model {
    /// Keeps the stories chosen.
    pub(super) fn save(&mut self, effects: &mut Vec<Effect>) {
        let chosen = self.chosen();
        self.notice(match chosen.len() {
            1 => "Saving …".to_owned(),
            count => format!("Saving {} stories …", grouped(count)),
        });
        let is_ended = |id: &StoryId| self.reader.progress.get(id).is_some_and(|it| it.ended);
        let passing = chosen.iter().copied().filter(|id| id.is_passing());
        let ended = passing.filter(is_ended).collect();
        let stories = chosen;
        effects.push(Effect::Pages(PageOrder::Save { stories, ended }));
        self.end_selection();
    }

    /// To the full text of the open story, or back to what its feed has.
    pub(super) fn full_text(&mut self, effects: &mut Vec<Effect>) {
        self.leave_comments(effects);
        let Some(id) = self.reader.wanted else {
            return;
        };
        if id.is_passing() {
            return self.notice("This is the page itself; S keeps it.".to_owned());
        }
        self.notice("Asking for the full text …".to_owned());
        effects.push(Effect::Pages(PageOrder::FullText(id)));
    }

    /// Fetches the page that a link of the open story leads to.
    pub(super) fn read_link(&mut self, target: &str, effects: &mut Vec<Effect>) {
        if !matches!(scheme(target).as_deref(), Some("http" | "https")) {
            // A place in this story, or another story of the library: that is read here anyway.
            return self.follow(target, effects);
        }
        let from = self.reader.wanted;
        self.notice(format!("Fetching {target} …"));
        self.await_page(target.to_owned(), from, effects);
    }

    /// Fetches a page that is to be read here as soon as it is there.
    pub fn await_page(
        &mut self,
        address: String,
        from: Option<StoryId>,
        effects: &mut Vec<Effect>,
    ) {
        self.awaited = Some(Awaited {
            address: address.clone(),
            from,
        });
        effects.push(Effect::Pages(PageOrder::Read { address, from }));
    }

    /// Shows a page that was fetched, to whoever still waits for it.
    pub(super) fn take_page(
        &mut self,
        address: &str,
        id: Option<StoryId>,
        said: Option<String>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(awaited) = self.awaited.take_if(|it| it.address == address) else {
            return;
        };
        let waits = awaited.from.is_none()
            || self.focus == Column::Reader && self.reader.wanted == awaited.from;
        self.notice = None;
        self.without_page = said
            .clone()
            .filter(|_| id.is_none() && awaited.from.is_none());
        if let Some(said) = said {
            self.notice(said);
        }
        let Some(id) = id else {
            return;
        };
        if !waits {
            return self.notice(format!("{address} was fetched; you had left by then."));
        }
        self.leave_comments(effects);
        self.go_to_story(id, None, effects);
    }

    /// A page that was only looked at lies on the shelf: whoever reads it goes on in that file.
    pub(super) fn take_kept(&mut self, page: StoryId, id: StoryId, effects: &mut Vec<Effect>) {
        if self.reader.wanted != Some(page) {
            return;
        }
        let place = self.present_place();
        // Its end was seen before it was kept, and is not seen once more.
        if let Some(progress) = self.reader.progress.get(&page).copied() {
            self.reader.progress.insert(id, progress);
        }
        self.go_to_story(id, None, effects);
        self.back.pop();
        if let Some((_, block, offset)) = place.filter(|(of, ..)| *of == page) {
            self.reader.place = Some((id, block, offset));
        }
    }

    /// Whether an action would keep something of a page that is not kept itself: that is said instead.
    pub(super) fn needs_keeping(&mut self, action: Action) -> bool {
        let keeps = matches!(
            action,
            Action::ToggleRead
                | Action::ToggleStar
                | Action::ToggleLater
                | Action::EditTags
                | Action::Remove
                | Action::SetMark
                | Action::SelectText
        );
        let passing =
            self.focus == Column::Reader && self.reader.wanted.is_some_and(StoryId::is_passing);
        if keeps && passing {
            self.notice("This page is only looked at; S keeps it first.".to_owned());
        }
        keeps && passing
    }
}
