//! Key presses: to the prompt, the labels or the help while one is open, else through the table.

use super::super::{
    action::{self, Action},
    key::{Code, Key},
    labels::{Labels, Typed},
    list::List,
    message::Effect,
    model::{Column, Help, Model},
    prompt::{Prompt, PromptKind},
};
use crate::story::Anchor;

impl Model {
    pub(super) fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        self.notice = None;
        // What ends or stops the program holds everywhere, whatever is open.
        let spec = action::lookup(key, self.focus);
        let always = [Action::Quit, Action::Suspend, Action::Redraw];
        match spec.map(|spec| spec.action) {
            Some(action) if always.contains(&action) => self.act(action, effects),
            _ if self.prompt.is_some() => self.prompt_key(key, effects),
            _ if self.labels.is_some() => self.label_key(key, effects),
            Some(action) if self.help.is_some() => self.help_key(action),
            Some(action) => match spec.and_then(|spec| (spec.disabled)(self)) {
                Some(why) => self.notice(format!("Not now: {why}.")),
                None => self.act(action, effects),
            },
            None if self.help.is_some() => {}
            None => {
                if let Some(place) = action::elsewhere(key) {
                    self.notice(format!("{key} works {}.", place.phrase()));
                }
            }
        }
    }

    pub(super) fn pasted(&mut self, text: &str, effects: &mut Vec<Effect>) {
        // Pasted text is never taken for keys: only a prompt has a use for it.
        if let Some(prompt) = &mut self.prompt {
            prompt.paste(&crate::story::clean::line(text));
            self.search_typed(effects);
        }
    }

    pub(super) fn carry_out(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::MoveDown => self.step(1, effects),
            Action::MoveUp => self.step(-1, effects),
            Action::PageDown | Action::PageUp | Action::HalfPageUp => self.page(action, effects),
            Action::HalfPageDown => {
                if self.focus == Column::List && self.alone {
                    effects.push(Effect::Quit);
                } else {
                    self.page(action, effects);
                }
            }
            Action::ToStart => self.go_to_end(false, effects),
            Action::ToEnd => self.go_to_end(true, effects),
            Action::ColumnLeft => self.column_left(),
            Action::ColumnRight => self.column_right(effects),
            Action::NextColumn => self.next_column(effects),
            Action::Search => self.open_prompt(),
            Action::NextMatch => self.step_match(true),
            Action::PreviousMatch => self.step_match(false),
            Action::NextUnread => self.seek_unread(true, effects),
            Action::PreviousUnread => self.seek_unread(false, effects),
            Action::Zen => {
                self.zen = !self.zen;
                if self.zen {
                    self.read_current(effects);
                }
            }
            Action::Help => self.help = Some(Help::default()),
            Action::Redraw => effects.push(Effect::Redraw),
            Action::Suspend => effects.push(Effect::Suspend),
            Action::Leave => self.leave(effects),
            Action::Back => self.back_or_quit(effects),
            Action::Quit => effects.push(Effect::Quit),
            Action::Open => self.read_current(effects),
            Action::Browse => self.browse(effects),
            Action::ToggleRead => self.toggle_read(effects),
            Action::NextStory => self.read_neighbour(1, effects),
            Action::PreviousStory => self.read_neighbour(-1, effects),
            Action::FollowLink => self.show_labels(),
            Action::GoBack => self.go_back(effects),
            Action::NextHeading => self.in_page(|open| open.to_heading(true)),
            Action::PreviousHeading => self.in_page(|open| open.to_heading(false)),
            Action::ScrollRight => self.in_page(|open| open.scroll_sideways(true)),
            Action::ScrollLeft => self.in_page(|open| open.scroll_sideways(false)),
            Action::Wider => self.set_measure(4),
            Action::Narrower => self.set_measure(-4),
        }
    }

    fn open_prompt(&mut self) {
        let kind = match self.focus {
            Column::Reader if self.reader.open.is_some() => PromptKind::Text,
            _ => PromptKind::Titles,
        };
        let from = match kind {
            PromptKind::Text => self.reader.open.as_ref().map(|open| open.place()),
            PromptKind::Titles => {
                // Searching again from a result starts from the list that it came from.
                if self.list.before_search.is_none() {
                    self.list.before_search = Some(Box::new(self.list.clone()));
                }
                self.focus = Column::List;
                None
            }
        };
        self.prompt = Some(Prompt::new(kind, from));
    }

    fn prompt_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        let empty = prompt.input.value().is_empty();
        match key.code {
            Code::Esc => self.cancel_prompt(effects),
            Code::Backspace if empty => self.cancel_prompt(effects),
            Code::Enter if empty => self.cancel_prompt(effects),
            Code::Enter => self.keep_search(),
            // The list can be walked while words are typed.
            Code::Down if prompt.kind == PromptKind::Titles => self.list.step(1),
            Code::Up if prompt.kind == PromptKind::Titles => self.list.step(-1),
            _ => {
                if prompt.edit(key) {
                    self.search_typed(effects);
                }
            }
        }
    }

    fn search_typed(&mut self, effects: &mut Vec<Effect>) {
        let Some(prompt) = &self.prompt else {
            return;
        };
        let words = prompt.input.value().to_owned();
        match prompt.kind {
            PromptKind::Titles => {
                let mut listing = self.list.listing.clone();
                listing.search = words;
                let list = List {
                    listing,
                    before_search: self.list.before_search.take(),
                    ..List::default()
                };
                self.list_anew(list, effects);
            }
            PromptKind::Text => {
                if let Some(open) = &mut self.reader.open {
                    open.sought = Some(words.clone());
                    effects.push(Effect::FindText { id: open.id, words });
                }
            }
        }
    }

    fn cancel_prompt(&mut self, effects: &mut Vec<Effect>) {
        let Some(prompt) = self.prompt.take() else {
            return;
        };
        match (prompt.kind, prompt.from) {
            (PromptKind::Titles, _) => self.leave_search(effects),
            (PromptKind::Text, Some((block, offset))) => self.in_page(|open| {
                open.search = None;
                open.sought = None;
                open.to(block, offset);
                open.leave_search();
            }),
            (PromptKind::Text, None) => {}
        }
    }

    fn keep_search(&mut self) {
        let Some(prompt) = self.prompt.take() else {
            return;
        };
        let missed = self
            .reader
            .open
            .as_ref()
            .and_then(|open| open.search.as_ref())
            .is_some_and(|search| search.found.is_empty());
        if prompt.kind == PromptKind::Text && missed {
            self.notice(format!("“{}” is not in this story.", prompt.input.value()));
        }
    }

    /// Gives back the list as it was before the search, and the place in it.
    pub(super) fn leave_search(&mut self, effects: &mut Vec<Effect>) {
        if let Some(before) = self.list.before_search.take() {
            let request = self.list.request;
            self.list = List { request, ..*before };
            // Stories may have come in meanwhile.
            let anchor = match self.list.current() {
                Some(row) if self.list.moved => Anchor::Story(row.id),
                _ => Anchor::Start,
            };
            self.load(anchor, effects);
        }
    }

    fn show_labels(&mut self) {
        let labels = self.reader.open.as_ref().map(Labels::of);
        match labels {
            Some(labels) if !labels.all.is_empty() => self.labels = Some(labels),
            _ => self.notice("There is no link on this page.".to_owned()),
        }
    }

    fn label_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Some(labels) = &mut self.labels else {
            return;
        };
        let typed = match key.code {
            Code::Char(letter) if !key.ctrl && !key.alt => labels.push(letter),
            _ => {
                self.labels = None;
                return;
            }
        };
        match typed {
            Typed::Part => {}
            Typed::Nothing => self.labels = None,
            Typed::Whole(target) => {
                self.labels = None;
                self.follow(&target, effects);
            }
        }
    }

    fn help_key(&mut self, action: Action) {
        let Some(help) = &mut self.help else {
            return;
        };
        let page = usize::from(self.rows / 2).max(1);
        match action {
            Action::MoveDown => help.top += 1,
            Action::MoveUp => help.top = help.top.saturating_sub(1),
            Action::PageDown | Action::HalfPageDown => help.top += page,
            Action::PageUp | Action::HalfPageUp => help.top = help.top.saturating_sub(page),
            Action::ToStart => help.top = 0,
            Action::ToEnd => help.top = usize::MAX,
            Action::Help | Action::Leave | Action::Back => {
                self.help = None;
                return;
            }
            _ => {}
        }
        help.top = help.top.min(Help::last_top(self.columns, self.rows));
    }
}
