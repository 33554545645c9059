//! What is typed into the prompt: searches of the list and of the text, and tags.

use std::ops::Range;

use tui_input::Input;

use super::super::{
    geometry::Column,
    key::{Code, Key},
    list::List,
    message::Effect,
    model::Model,
    outline::Outline,
    output::Output,
    prompt::{Prompt, PromptKind},
};
use crate::{
    document::Sought,
    story::{
        Anchor, Change, Operation, Sort, Source, Target,
        query::{self, Problem, Query, QueryError, TextField, Values},
    },
};

/// Letters of a field's name after which it is offered.
const NAME: usize = 3;

impl Model {
    pub(super) fn open_prompt(&mut self) {
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
            // These are opened elsewhere.
            PromptKind::Tags
            | PromptKind::Outline
            | PromptKind::Notes
            | PromptKind::Note
            | PromptKind::Pipe
            | PromptKind::Percent
            | PromptKind::Subscribe
            | PromptKind::FeedName(_)
            | PromptKind::FeedFolder(_)
            | PromptKind::FolderName
            | PromptKind::FolderFolder
            | PromptKind::FeedAddress(_) => None,
        };
        self.prompt = Some(Prompt::new(kind, from));
    }

    pub(super) fn prompt_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        // At the end of what is typed these keys have nothing else to do.
        let completes = matches!(key.code, Code::Right | Code::End) && self.completion().is_some();
        if self.outline.is_some() && self.in_outline(key) {
            return;
        }
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        if std::mem::take(&mut prompt.untouched)
            && matches!(key.code, Code::Char(_))
            && !key.ctrl
            && !key.alt
        {
            prompt.input = Input::default();
        }
        let empty = prompt.input.value().is_empty();
        match key.code {
            Code::Esc => self.cancel_prompt(effects),
            Code::Enter if prompt.kind == PromptKind::Note => self.write_note(effects),
            Code::Enter if prompt.kind == PromptKind::Notes => self.go_to_note(effects),
            Code::Delete if empty && prompt.kind == PromptKind::Notes => {
                self.remove_chosen_note(effects);
            }
            Code::Backspace if prompt.kind == PromptKind::Note && empty => {}
            Code::Backspace if empty => self.cancel_prompt(effects),
            Code::Enter if prompt.kind == PromptKind::Outline => self.go_to_heading(effects),
            Code::Enter if prompt.kind.is_of_feed() => self.typed_of_feed(effects),
            Code::Enter if empty => self.cancel_prompt(effects),
            Code::Enter if prompt.kind == PromptKind::Tags => self.give_tags(effects),
            Code::Enter if prompt.kind == PromptKind::Pipe => self.pipe(effects),
            Code::Enter if prompt.kind == PromptKind::Percent => self.go_to_percent(),
            Code::Enter => {
                let wrong = self.wrong_with_query(true);
                match (&mut self.prompt, wrong) {
                    // It would list nothing; what is wrong can be mended here.
                    (Some(prompt), Some(wrong)) => prompt.wrong = Some(wrong),
                    _ => self.keep_search(),
                }
            }
            Code::Tab if prompt.kind == PromptKind::Tags => self.complete_tag(),
            Code::Tab if prompt.kind == PromptKind::Titles => {
                self.list.listing.everywhere = !self.list.listing.everywhere;
                self.typed(effects);
            }
            // The list can be walked while words are typed.
            Code::Down if prompt.kind == PromptKind::Titles => self.list.step(1),
            Code::Up if prompt.kind == PromptKind::Titles => self.list.step(-1),
            _ if completes => self.complete_query(effects),
            _ => {
                if prompt.edit(key) {
                    self.typed(effects);
                }
            }
        }
    }

    pub(super) fn typed(&mut self, effects: &mut Vec<Effect>) {
        let (wrong, unfinished) = (self.wrong_with_query(false), self.wrong_with_query(true));
        let Some(prompt) = &mut self.prompt else {
            return;
        };
        (prompt.wrong, prompt.unfinished) = (wrong, unfinished);
        let words = prompt.input.value().to_owned();
        match prompt.kind {
            PromptKind::Titles => {
                let mut listing = self.list.listing.clone();
                if listing.search.is_empty() {
                    // Best first, until another order is chosen for the result.
                    listing.sort = Sort::default();
                }
                listing.search = words;
                listing.keep.clear();
                let list = List {
                    listing,
                    before_search: self.list.before_search.take(),
                    ..List::default()
                };
                self.list_anew(list, Anchor::Start, effects);
            }
            PromptKind::Text => {
                let sought = Sought::Phrase(words);
                let from = self.search_begun(&sought);
                if let Some(open) = &mut self.reader.open {
                    open.sought = Some(sought.clone());
                    effects.push(Effect::FindText {
                        id: open.id,
                        sought,
                        from,
                        comments: open.comments,
                        source: open.source,
                    });
                }
            }
            PromptKind::Outline | PromptKind::Notes => {
                if let Some(outline) = &mut self.outline {
                    outline.filter(&words);
                }
            }
            PromptKind::Tags
            | PromptKind::Note
            | PromptKind::Pipe
            | PromptKind::Percent
            | PromptKind::Subscribe
            | PromptKind::FeedName(_)
            | PromptKind::FeedFolder(_)
            | PromptKind::FolderName
            | PromptKind::FolderFolder
            | PromptKind::FeedAddress(_) => {}
        }
    }

    /// What is wrong with the query that is typed. What only lacks its end is wrong once it is
    /// `finished`.
    fn wrong_with_query(&self, finished: bool) -> Option<QueryError> {
        let prompt = self.prompt.as_ref()?;
        if prompt.kind != PromptKind::Titles {
            return None;
        }
        // What a kept query says is not at hand; it was right when it was kept.
        let known = |name: &str| {
            let mut rows = self.sources.rows.iter();
            let kept = Source::Saved(name.into());
            rows.any(|row| row.source == kept).then(String::new)
        };
        match Query::parse_typed(prompt.input.value(), &known) {
            Ok(typed) => typed.unfinished.filter(|_| finished),
            Err(error) => Some(self.as_is_so(error)),
        }
    }

    /// Of a damaged database the kept queries may never have come: that there is no such one, nobody knows.
    fn as_is_so(&self, error: QueryError) -> QueryError {
        match error.problem {
            Problem::UnknownSaved { name } if self.damaged => QueryError {
                problem: Problem::UnreadSaved { name },
                ..error
            },
            problem => QueryError { problem, ..error },
        }
    }

    pub(super) fn cancel_prompt(&mut self, effects: &mut Vec<Effect>) {
        let Some(prompt) = self.prompt.take() else {
            return;
        };
        match (prompt.kind, prompt.from) {
            (PromptKind::Titles, _) => self.leave_search(effects),
            (PromptKind::Text, Some((block, offset))) => self.in_page(|open| {
                open.end_search();
                open.to(block, offset);
                open.leave_search();
            }),
            (PromptKind::Outline | PromptKind::Notes, _) => self.outline = None,
            (PromptKind::Text, None)
            | (
                PromptKind::Tags
                | PromptKind::Note
                | PromptKind::Pipe
                | PromptKind::Percent
                | PromptKind::Subscribe
                | PromptKind::FeedName(_)
                | PromptKind::FeedFolder(_)
                | PromptKind::FolderName
                | PromptKind::FolderFolder
                | PromptKind::FeedAddress(_),
                _,
            ) => {}
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
            self.in_page(|open| open.end_search());
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

    /// What the value of a field, or the name of a saved search, may become that is being typed: the
    /// bytes that are replaced, and by what.
    pub(crate) fn completion(&self) -> Option<(Range<usize>, String)> {
        let prompt = self.prompt.as_ref()?;
        let text = prompt.input.value();
        let at_end = prompt.input.cursor() == text.chars().count();
        if prompt.kind != PromptKind::Titles || !at_end {
            return None;
        }
        let found = query::complete(text, text.len(), &|values| self.values(values));
        let typed = text.get(found.range.clone())?;
        // Titles have words, too, that the name of a field begins with: a few letters say nothing.
        let named = text.get(..found.range.start)?.ends_with([':', '@']) || typed.len() >= NAME;
        let option = found.options.into_iter().next()?;
        (named && option != typed).then_some((found.range, option))
    }

    /// The values of a field that there are in the library.
    fn values(&self, values: Values) -> Vec<String> {
        let name = |source: &Source| match (source, values) {
            (Source::Author(name), Values::Of(TextField::Author))
            | (Source::Category(name), Values::Of(TextField::Category))
            | (Source::Tag(name), Values::Of(TextField::Tag))
            | (Source::Folder(name), Values::Of(TextField::Source | TextField::Folder))
            | (Source::Saved(name), Values::Saved) => Some(name.to_string()),
            (Source::Feed(feed), Values::Of(TextField::Source)) => Some(feed.name.to_string()),
            _ => None,
        };
        let rows = self.sources.rows.iter();
        rows.filter_map(|row| name(&row.source)).collect()
    }

    fn complete_query(&mut self, effects: &mut Vec<Effect>) {
        let Some((range, option)) = self.completion() else {
            return;
        };
        if let Some(prompt) = &mut self.prompt {
            let begun = prompt.input.value().get(..range.start).unwrap_or_default();
            prompt.input = Input::new(format!("{begun}{option}"));
            self.typed(effects);
        }
    }

    /// Shows the headings of the open story, for one to be chosen.
    pub(super) fn show_outline(&mut self) {
        let open = self.reader.open.as_ref();
        let outline = open.and_then(|open| Outline::of(open.layout.document(), open.place().0));
        if outline.is_none() {
            let waits = open.is_some_and(|open| open.layout.document().headings().is_none());
            self.notice(match waits {
                true => "The headings of this long story are still being gathered.".to_owned(),
                false => "This story has no headings.".to_owned(),
            });
            return;
        }
        self.outline = outline;
        self.prompt = Some(Prompt::new(PromptKind::Outline, None));
    }

    /// Moves in the outline. False if the key is for what is typed.
    fn in_outline(&mut self, key: Key) -> bool {
        let page = usize::from(self.rows).saturating_sub(4).max(1) as isize;
        let by = match (key.code, key.ctrl) {
            (Code::Down, _) | (Code::Char('n'), true) => 1,
            (Code::Up, _) | (Code::Char('p'), true) => -1,
            (Code::PageDown, _) => page,
            (Code::PageUp, _) => -page,
            _ => return false,
        };
        if let Some(outline) = &mut self.outline {
            outline.step(by);
        }
        true
    }

    fn go_to_heading(&mut self, effects: &mut Vec<Effect>) {
        let chosen = self.outline.as_ref().and_then(Outline::chosen);
        let Some(block) = chosen.map(|heading| heading.block) else {
            return;
        };
        self.cancel_prompt(effects);
        self.remember_place();
        self.in_page(|open| {
            open.to(block, 0);
            open.go_on();
        });
    }

    /// To where so much of the text is passed as was typed.
    fn go_to_percent(&mut self) {
        let Some(prompt) = self.prompt.take() else {
            return;
        };
        let typed = prompt.input.value().trim();
        let number = typed.trim_end_matches('%').trim().replace(',', ".");
        match number.parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => {
                self.remember_place();
                self.in_page(|open| {
                    open.to_fraction(percent / 100.0);
                    open.go_on();
                });
            }
            _ => self.notice(format!("“{typed}” is no number from 0 to 100.")),
        }
    }

    /// Asks for the command that the open story is to be piped to: the last one, unless another is
    /// typed.
    pub(super) fn open_pipe(&mut self) {
        let mut prompt = Prompt::new(PromptKind::Pipe, None);
        prompt.input = Input::new(self.piped.clone());
        prompt.untouched = true;
        self.prompt = Some(prompt);
    }

    fn pipe(&mut self, effects: &mut Vec<Effect>) {
        let (Some(prompt), Some(open)) = (self.prompt.take(), &self.reader.open) else {
            return;
        };
        let (id, source) = (open.id, open.source);
        let typed = prompt.input.value().trim().to_owned();
        match shlex::split(&typed) {
            Some(words) if !words.is_empty() => {
                self.notice(format!("Piped to {typed} … esc ends it."));
                self.piping += 1;
                effects.push(Effect::Pipe { id, source, words });
            }
            Some(_) => {}
            None => self.notice(format!("A quote is not closed: {typed}")),
        }
        self.piped = typed;
    }

    /// Shows what a program said that a story was piped to.
    pub(super) fn take_piped(&mut self, command: String, outcome: Result<String, String>) {
        self.piping = self.piping.saturating_sub(1);
        match outcome {
            Ok(said) if said.trim().is_empty() => self.notice(format!("{command}: done.")),
            Ok(said) => {
                self.notice = None;
                self.output = Some(Output::new(command, said));
            }
            Err(why) => self.notice(why),
        }
    }

    /// Asks for names of tags for the stories chosen.
    pub(super) fn edit_tags(&mut self, effects: &mut Vec<Effect>) {
        let chosen = self.chosen();
        effects.push(Effect::LoadTags(chosen.clone()));
        self.prompt = Some(Prompt::of_tags(chosen));
    }

    /// The tags that there are, for completion.
    pub(crate) fn known_tags(&self) -> impl Iterator<Item = &str> {
        self.sources
            .rows
            .iter()
            .filter_map(|row| match &row.source {
                Source::Tag(name) => Some(&**name),
                _ => None,
            })
    }

    fn complete_tag(&mut self) {
        if let Some(mut prompt) = self.prompt.take() {
            prompt.complete(self.known_tags());
            self.prompt = Some(prompt);
        }
    }

    /// Each tag that was named is given; one that all the stories have is taken from them.
    fn give_tags(&mut self, effects: &mut Vec<Effect>) {
        let Some(prompt) = self.prompt.take() else {
            return;
        };
        let present = prompt.tagging.present.as_deref().unwrap_or_default();
        let mut changes = Vec::new();
        for typed in prompt.names() {
            // One tag is not to be spelt in two ways.
            let same = |it: &&str| it.to_lowercase() == typed.to_lowercase();
            let given = present.iter().map(String::as_str).find(same);
            let known = given.or_else(|| self.known_tags().find(same));
            let name = known.map_or(typed.clone(), str::to_owned);
            let on = !present.contains(&name);
            changes.push(Change::Tagged(name, on));
        }
        if !changes.is_empty() {
            effects.push(Effect::Apply(Operation {
                target: Target::Stories(prompt.tagging.stories),
                changes,
            }));
            self.end_selection();
        }
    }
}
