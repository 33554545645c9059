//! Key presses: to the question, the prompt, the labels or the help while one is open, else through
//! the table.

use super::super::{
    action::{self, Action},
    ask::Ask,
    geometry::Column,
    help::Help,
    key::{Code, Key},
    labels::{Goal, Labels, Purpose, Typed},
    message::Effect,
    model::Model,
    prompt::{Prompt, PromptKind},
    reader::Open,
};
use crate::{document::Inner, story::Change};

impl Model {
    pub(super) fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        self.notice = None;
        self.sources.awaited = None;
        self.in_page(|open| open.eye = None);
        // What ends or stops the program holds everywhere, whatever is open.
        let spec = action::lookup(key, self.focus);
        let always = [Action::Quit, Action::Suspend, Action::Redraw];
        let action = spec.map(|spec| spec.action);
        if !matches!(action, Some(Action::NextUnread | Action::PreviousUnread)) {
            self.hunt = None;
        }
        match action {
            Some(action) if always.contains(&action) => self.act(action, effects),
            _ if self.ask.is_some() => self.answer(key, effects),
            _ if self.prompt.is_some() => self.prompt_key(key, effects),
            _ if self.labels.is_some() => self.label_key(key, effects),
            Some(action) if self.help.is_some() => self.help_key(action),
            Some(action) if self.output.is_some() => {
                self.output.take_if(|output| !output.act(action));
            }
            _ if self.is_selecting() => self.selection_key(key, effects),
            Some(action) => match spec.and_then(|spec| (spec.disabled)(self)) {
                Some(why) => self.notice(format!("Not now: {why}.")),
                None if self.meets_loss(action) => {}
                None if self.needs_keeping(action) => {}
                None => self.act(action, effects),
            },
            None if self.help.is_some() || self.output.is_some() => {}
            // As if it opened the source.
            None if self.focus == Column::Sources && key == Key::plain(Code::Enter) => {
                self.act(Action::ColumnRight, effects);
            }
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
            self.typed(effects);
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
            Action::PreviousColumn => self.previous_column(effects),
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
            Action::Messages => self.help = Some(Help::log()),
            Action::Redraw => effects.push(Effect::Redraw),
            Action::Suspend => effects.push(Effect::Suspend),
            Action::Leave => self.leave(effects),
            Action::Back => self.back_or_quit(effects),
            Action::Quit => effects.push(Effect::Quit),
            Action::Open => self.read_current(effects),
            Action::Browse => self.browse(effects),
            Action::ToggleRead => self.toggle(Change::Read, |it| it.read, effects),
            Action::ToggleStar => self.toggle(Change::Starred, |it| it.starred, effects),
            Action::ToggleLater => self.toggle(Change::Later, |it| it.later, effects),
            Action::EditTags => self.edit_tags(effects),
            Action::Remove => self.remove(effects),
            Action::Select => {
                self.list.select();
                self.list.step(1);
            }
            Action::SelectTo => self.select_to(effects),
            Action::InvertSelection => self.order_stories(None, effects),
            Action::MarkAllRead => self.mark_all_read(effects),
            Action::MarkAboveRead => self.mark_beside_read(true, effects),
            Action::MarkBelowRead => self.mark_beside_read(false, effects),
            Action::UnreadOnly => self.toggle_unread_only(effects),
            Action::SortBy => self.ask = Some(Ask::Sort),
            Action::Undo => effects.push(Effect::Undo),
            Action::Redo => effects.push(Effect::Redo),
            Action::NextStory => self.read_neighbour(1, effects),
            Action::PreviousStory => self.read_neighbour(-1, effects),
            Action::FollowLink => self.show_labels(Purpose::Follow),
            Action::Fold => self.fold(),
            Action::Footnotes => self.toggle_footnotes(),
            Action::ReadLink => self.show_labels(Purpose::Read),
            Action::Save => self.save(effects),
            Action::FullText => self.full_text(effects),
            Action::Comments => self.toggle_comments(effects),
            Action::Source => self.toggle_source(effects),
            Action::SetMark => self.ask = Some(Ask::SetMark),
            Action::ToMark => {
                self.ask = Some(Ask::ToMark {
                    marks: None,
                    typed: None,
                });
                effects.push(Effect::LoadMarks);
            }
            Action::Copy => self.show_labels(Purpose::Copy),
            Action::GoBack => self.go_back(effects),
            Action::GoForward => self.go_forward(effects),
            Action::Outline => self.show_outline(),
            Action::NextHeading => self.step_heading(true),
            Action::PreviousHeading => self.step_heading(false),
            Action::ScrollRight => self.in_page(|open| open.scroll_sideways(true)),
            Action::ScrollLeft => self.in_page(|open| open.scroll_sideways(false)),
            Action::Wider => self.set_measure(4),
            Action::Narrower => self.set_measure(-4),
            Action::Justify => self.justify = !self.justify,
            Action::Pipe => self.open_pipe(),
            Action::RefreshAll => self.refresh(true, effects),
            Action::Refresh => self.refresh(false, effects),
            Action::AddFeed => self.add_feed(),
            Action::NameFeed => self.name_feed(),
            Action::MoveFeed => self.move_feed(),
            Action::ReaddressFeed => self.readdress_feed(),
            Action::Unsubscribe => self.unsubscribe(effects),
            Action::BrowseFeed => self.browse_feed(effects),
            Action::ToPercent => self.prompt = Some(Prompt::new(PromptKind::Percent, None)),
            Action::Facing => self.facing = !self.facing,
            Action::Pictures => {
                self.pictures = !self.pictures;
                self.notice(match self.pictures {
                    true => "Pictures are drawn.".to_owned(),
                    false => "Pictures show as words.".to_owned(),
                });
            }
            Action::SelectText => self.select_text(),
            Action::StoryNotes => self.show_notes(),
            selecting => self.select(selecting, effects),
        }
    }

    /// The source of the open story in place of its page, or the page again.
    fn toggle_source(&mut self, effects: &mut Vec<Effect>) {
        self.leave_comments(effects);
        // While another story is on its way, it is that one that is waited for.
        let wanted = self.reader.wanted;
        let open = self.reader.open.as_ref();
        let Some(open) = open.filter(|open| wanted == Some(open.id)) else {
            return;
        };
        match self.reader.aside.take() {
            Some(mut page) if open.source && open.id == page.id => {
                page.return_from_source(open);
                self.reader.open = Some(page);
            }
            _ if open.source => effects.push(Effect::OpenStory(open.id)),
            _ => effects.push(Effect::OpenSource(open.id)),
        }
    }

    /// Opens or folds the details on the page; where there are several, labels ask which.
    fn fold(&mut self) {
        let Some(open) = &mut self.reader.open else {
            return;
        };
        match open.summaries()[..] {
            [summary] => open.fold(summary),
            [] => match open.summary_above() {
                Some(summary) => open.fold(summary),
                None => self.notice("Nothing on this page can be opened or folded.".to_owned()),
            },
            _ => self.show_labels(Purpose::Fold),
        }
    }

    fn toggle_footnotes(&mut self) {
        let open = self.reader.open.as_mut();
        if let Some(Err(why)) = open.map(Open::toggle_footnotes) {
            self.notice(why.to_owned());
        }
    }

    fn show_labels(&mut self, purpose: Purpose) {
        let open = self.reader.open.as_ref();
        match open.map(|open| Labels::of(open, purpose)) {
            Some(labels) if !labels.all.is_empty() => self.labels = Some(labels),
            _ if purpose == Purpose::Copy => {
                self.notice("There is no link and no code on this page.".to_owned())
            }
            _ => self.notice("There is no link on this page.".to_owned()),
        }
    }

    /// Hands a text to the terminal's clipboard.
    fn copy(&mut self, text: String, effects: &mut Vec<Effect>) {
        self.notice(match text.lines().count() {
            0 | 1 => format!("Copied {}", crate::story::clean::line(&text)),
            lines => format!("Copied {lines} lines"),
        });
        effects.push(Effect::Copy(text));
    }

    fn label_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Some(labels) = &mut self.labels else {
            return;
        };
        let typed = match key.code {
            Code::Char(letter) if !key.ctrl && !key.alt => labels.push(letter),
            Code::Tab if labels.purpose == Purpose::Follow => {
                labels.leaf = labels.leaf.wrapping_add(1);
                return;
            }
            _ => {
                self.labels = None;
                return;
            }
        };
        match typed {
            Typed::Part => {}
            Typed::Nothing => self.labels = None,
            Typed::Whole(goal) => {
                let copying = labels.purpose == Purpose::Copy;
                let reading = labels.purpose == Purpose::Read;
                self.labels = None;
                match goal {
                    Goal::Link(text) | Goal::Code(text) if copying => self.copy(text, effects),
                    Goal::Link(target) if reading => self.read_link(&target, effects),
                    Goal::Link(target) => self.follow(&target, effects),
                    Goal::Details(summary) => self.in_page(|open| open.fold(summary)),
                    Goal::Inner(Inner::Story(id)) => self.go_to_story(id, None, effects),
                    Goal::Inner(Inner::Comments) => self.toggle_comments(effects),
                    Goal::Code(_) => {}
                }
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
            // From the one to the other, or back to the page.
            Action::Messages if !help.log => *help = Help::log(),
            Action::Help if help.log => *help = Help::default(),
            Action::Help | Action::Messages | Action::Leave | Action::Back => {
                self.help = None;
                return;
            }
            _ => {}
        }
        help.keep_within(self.columns, self.rows, &self.messages);
    }
}
