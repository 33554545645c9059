//! Text that is selected: highlights and notes are made of it, and it is copied.

use std::sync::Arc;

use super::super::{
    action::{self, Action},
    geometry::Column,
    help::Help,
    key::Key,
    message::Effect,
    model::Model,
    outline::Outline,
    placed::Placed,
    prompt::{Prompt, PromptKind},
    reader::{Open, Pages},
};
use crate::{
    document::{Document, Stand, Unit},
    story::{Change, Note, Operation, StoryId, Target},
};

impl Model {
    /// Whether text of the open story is selected, and keys are for that.
    pub(crate) fn is_selecting(&self) -> bool {
        let open = self.reader.open.as_ref();
        let wanted = self.reader.wanted;
        let selected = open.is_some_and(|it| it.selection.is_some() && wanted == Some(it.id));
        selected && self.focus == Column::Reader
    }

    /// Begins a selection.
    pub(super) fn select_text(&mut self) {
        let selected = self.reader.open.as_mut().is_some_and(Open::select);
        if selected {
            // Where it does not fit the page, its end is what is to be seen.
            self.with_selection(|_, _| ());
        } else {
            self.notice("There is no text on this page.".to_owned());
        }
    }

    /// The key does what it does with a selection; of all else, what leaves the selection as it is.
    pub(super) fn selection_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if let Some(spec) = action::lookup_selecting(key) {
            match (spec.disabled)(self) {
                Some(why) => self.notice(format!("Not now: {why}.")),
                None => self.select(spec.action, effects),
            }
            return;
        }
        let pages = |action| match action {
            Action::PageDown => Some(Pages::Down),
            Action::PageUp => Some(Pages::Up),
            Action::HalfPageDown => Some(Pages::HalfDown),
            Action::HalfPageUp => Some(Pages::HalfUp),
            _ => None,
        };
        let action = action::lookup(key, self.focus).map(|spec| spec.action);
        match action {
            Some(action) if pages(action).is_some() => {
                if let Some(pages) = pages(action) {
                    self.in_page(|open| {
                        open.turn_with_selection(pages);
                        open.go_on();
                    });
                }
            }
            // What can be done here comes first.
            Some(Action::Help) => {
                let heading = action::Place::Selection.heading();
                self.help = Some(Help::at(heading, self.columns));
            }
            Some(
                action @ (Action::Messages
                | Action::Undo
                | Action::Redo
                | Action::Zen
                | Action::Wider
                | Action::Narrower
                | Action::Justify
                | Action::ScrollLeft
                | Action::ScrollRight),
            ) => self.act(action, effects),
            // These ask for words: what is typed for them is not to be taken for keys.
            Some(
                Action::Search
                | Action::EditTags
                | Action::Pipe
                | Action::ToPercent
                | Action::Outline
                | Action::StoryNotes,
            ) => {
                self.leave_selection();
                self.key(key, effects);
            }
            Some(_) => self.notice("Text is selected: esc leaves it first.".to_owned()),
            None => {}
        }
    }

    /// Does one of the actions that are for a selection.
    pub(super) fn select(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::NextUnit => self.with_selection(|it, text| it.step(text, true, false)),
            Action::PreviousUnit => self.with_selection(|it, text| it.step(text, false, false)),
            Action::ExtendForward => self.with_selection(|it, text| it.step(text, true, true)),
            Action::ExtendBackward => self.with_selection(|it, text| it.step(text, false, true)),
            Action::WordRight => self.with_selection(|it, text| it.by_word(text, true)),
            Action::WordLeft => self.with_selection(|it, text| it.by_word(text, false)),
            Action::ByWord => self.with_selection(|it, text| it.choose(text, Unit::Word)),
            Action::BySentence => self.with_selection(|it, text| it.choose(text, Unit::Sentence)),
            Action::ByParagraph => self.with_selection(|it, text| it.choose(text, Unit::Paragraph)),
            Action::HoldEnd => self.with_selection(|it, _| it.held = !it.held),
            Action::SwapEnds => self.with_selection(|it, _| it.swap()),
            Action::NextNote => self.step_note(true),
            Action::PreviousNote => self.step_note(false),
            Action::Highlight => self.highlight(effects),
            Action::WriteNote => self.begin_note(),
            Action::RemoveNote => self.remove_note(effects),
            Action::CopyQuotation | Action::CopyBibtex | Action::CopyWords => {
                self.copy_selection(action, effects);
            }
            Action::LeaveSelection => self.leave_selection(),
            _ => {}
        }
    }

    fn with_selection(
        &mut self,
        act: impl FnOnce(&mut super::super::selection::Selection, &Document),
    ) {
        self.in_page(|open| {
            // Who selects on, reads on.
            if open.with_selection(act) {
                open.go_on();
            }
        });
    }

    fn step_note(&mut self, forward: bool) {
        let open = self.reader.open.as_mut();
        if !open.is_some_and(|open| open.select_note(forward)) {
            let place = if forward { "below" } else { "above" };
            self.notice(format!("No further note stands {place}."));
        }
    }

    /// What is selected as a note without words; none, with a notice, where it can be none.
    fn selected_as_note(&mut self) -> Option<(StoryId, Note)> {
        let open = self.reader.open.as_ref()?;
        let span = open.selection?.span();
        let quote = open.layout.document().quote(span)?;
        if quote.exact.len() > Note::LONGEST {
            self.notice("This is too long for a note: select a part of it.".to_owned());
            return None;
        }
        let note = Note {
            quote,
            near: span.start,
            ..Note::default()
        };
        Some((open.id, note))
    }

    fn highlight(&mut self, effects: &mut Vec<Effect>) {
        let open = self.reader.open.as_ref();
        let there = open.and_then(Open::selected_note).and_then(|it| it.stand);
        let span = open.and_then(|it| it.selection).map(|it| it.span());
        if span.is_some() && there.map(|it| it.span) == span {
            self.notice("This is highlighted already; d removes that.".to_owned());
        } else if let Some((story, note)) = self.selected_as_note() {
            self.keep_note(story, note, effects);
        }
    }

    /// Asks for a note on what is selected, or for another one in place of the one that is there.
    fn begin_note(&mut self) {
        let there = self.reader.open.as_ref().and_then(|open| {
            let placed = open.selected_note()?;
            Some((open.id, placed.note.clone()))
        });
        if let Some((story, note)) = there.or_else(|| self.selected_as_note()) {
            self.prompt = Some(Prompt::of_note(story, note));
        }
    }

    /// Keeps the note that was written.
    pub(super) fn write_note(&mut self, effects: &mut Vec<Effect>) {
        let Some(prompt) = self.prompt.take() else {
            return;
        };
        let text = prompt.note();
        let Some(mut noting) = prompt.noting else {
            return;
        };
        // Where it was kept while it was written, it has an id by now.
        let kept = self.reader.open.iter().flat_map(|open| &open.notes);
        let same = |it: &&Placed| {
            let (it, note) = (&it.note, &noting.note);
            !it.id.is_empty() && it.near == note.near && it.quote == note.quote
        };
        if noting.note.id.is_empty()
            && let Some(kept) = kept.clone().find(same)
        {
            noting.note = kept.note.clone();
        }
        let is_new = noting.note.id.is_empty();
        if is_new || noting.note.text != text {
            let note = Note {
                text,
                changed: 0,
                ..noting.note
            };
            self.keep_note(noting.story, note, effects);
        } else {
            self.leave_selection();
        }
    }

    fn leave_selection(&mut self) {
        self.in_page(|open| {
            open.leave_selection();
        });
    }

    /// Shows a note and orders that it is kept.
    fn keep_note(&mut self, story: StoryId, note: Note, effects: &mut Vec<Effect>) {
        if let Some(open) = self.reader.open.as_mut().filter(|open| open.id == story) {
            let selected = open.leave_selection().map(|span| Stand {
                span,
                edited: false,
            });
            let place = open
                .notes
                .iter_mut()
                .find(|it| !note.id.is_empty() && it.note.id == note.id);
            match place {
                Some(placed) => placed.note = note.clone(),
                None => {
                    let mut notes = std::mem::take(&mut open.notes);
                    notes.push(Placed {
                        note: note.clone(),
                        stand: selected,
                    });
                    open.notes = Placed::in_order(notes);
                }
            }
        }
        self.change_notes(story, Change::Noted(Box::new(note)), effects);
    }

    fn change_notes(&mut self, story: StoryId, change: Change, effects: &mut Vec<Effect>) {
        let target = Target::Stories(vec![story]);
        effects.push(Effect::Apply(Operation::new(target, change)));
    }

    fn remove_note(&mut self, effects: &mut Vec<Effect>) {
        let open = self.reader.open.as_ref();
        let there = open.and_then(|open| Some((open.id, open.touched_note()?.note.clone())));
        if let Some((story, note)) = there {
            self.leave_selection();
            self.unnote(story, note, effects);
        }
    }

    fn unnote(&mut self, story: StoryId, note: Note, effects: &mut Vec<Effect>) {
        // Until it is kept it cannot be told from others.
        if note.id.is_empty() {
            return self.notice("It is not kept yet: try again in a moment.".to_owned());
        }
        self.in_page(|open| open.notes.retain(|it| it.note.id != note.id));
        self.change_notes(story, Change::Unnoted(Box::new(note)), effects);
    }

    fn copy_selection(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let zone = self.now.time_zone().clone();
        let Some(open) = self.reader.open.as_mut() else {
            return;
        };
        let span = open.leave_selection();
        let quote = span.and_then(|span| open.layout.document().quote(span));
        let Some(exact) = quote.map(|quote| quote.exact) else {
            return;
        };
        let (text, said) = match action {
            Action::CopyQuotation => (
                open.about.quotation(&exact, &zone),
                "Copied as a quotation.",
            ),
            Action::CopyBibtex => (
                open.about.bibtex(&exact, self.now.date(), &zone),
                "Copied as an entry for BibTeX.",
            ),
            _ => (exact, "Copied its words."),
        };
        effects.push(Effect::Copy(text));
        self.notice(said.to_owned());
    }

    /// Takes the notes of a story, for the page that shows or the one behind its source.
    pub(super) fn take_notes(&mut self, id: StoryId, document: &Arc<Document>, notes: Vec<Placed>) {
        let reader = &mut self.reader;
        let mut pages = reader.open.iter_mut().chain(&mut reader.aside);
        let page = pages.find(|it| it.id == id && Arc::ptr_eq(it.layout.document(), document));
        if let Some(page) = page {
            page.notes = notes;
        }
        if self.outline.as_ref().is_some_and(|it| it.notes) {
            self.list_notes();
        }
    }

    /// Shows the notes of the open story, for one to be chosen.
    pub(super) fn show_notes(&mut self) {
        self.prompt = Some(Prompt::new(PromptKind::Notes, None));
        self.list_notes();
    }

    /// Lists the notes anew; where none is left, there is no list.
    fn list_notes(&mut self) {
        let open = self.reader.open.as_ref();
        let before = self.outline.take().map(|outline| outline.cursor);
        self.outline = open.and_then(|open| Outline::of_notes(&open.notes, open.place().0));
        match (&mut self.outline, &self.prompt) {
            (Some(outline), Some(prompt)) => {
                let first = outline.cursor;
                outline.filter(prompt.input.value());
                let count = outline.rows().len();
                outline.cursor = before.unwrap_or(first).min(count.saturating_sub(1));
            }
            _ => {
                self.outline = None;
                self.prompt.take_if(|it| it.kind == PromptKind::Notes);
            }
        }
    }

    fn chosen_note(&self) -> Option<&Placed> {
        let number = self.outline.as_ref()?.chosen()?.block;
        self.reader.open.as_ref()?.notes.get(number)
    }

    /// To the note that was chosen, which is selected then. One that is no longer in the text can
    /// still be changed.
    pub(super) fn go_to_note(&mut self, effects: &mut Vec<Effect>) {
        let (Some(placed), Some(id)) = (self.chosen_note().cloned(), self.reader.wanted) else {
            return;
        };
        self.cancel_prompt(effects);
        match placed.stand {
            Some(stand) => {
                self.remember_place();
                self.in_page(|open| {
                    open.select_span(stand.span);
                    open.go_on();
                });
            }
            None => {
                // About where its words stood: what became of them is to be seen.
                self.remember_place();
                let (block, offset) = placed.note.near;
                self.in_page(|open| open.to(block, offset));
                self.prompt = Some(Prompt::of_note(id, placed.note));
            }
        }
    }

    pub(super) fn remove_chosen_note(&mut self, effects: &mut Vec<Effect>) {
        if let (Some(placed), Some(id)) = (self.chosen_note().cloned(), self.reader.wanted) {
            self.unnote(id, placed.note, effects);
            self.list_notes();
        }
    }
}
