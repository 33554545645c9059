//! What is done with stories: with the one that is read, with those selected, or with a whole list.

use super::super::{
    ask::Ask,
    feeds::FeedOrder,
    geometry::Column,
    key::{Code, Key},
    message::Effect,
    model::Model,
};
use crate::story::{
    self, Anchor, Change, Listing, Operation, Sort, Source, State, StoryId, Target,
};

/// To mark more stories than this as read at once has to be confirmed.
const MANY: usize = 50;

impl Model {
    /// The stories that an action is about, in ascending order: the one in the reader, for who reads
    /// it; else those selected; else the one with the cursor.
    pub(crate) fn chosen(&self) -> Vec<StoryId> {
        let open = self.reader.wanted.filter(|_| self.focus == Column::Reader);
        if let Some(id) = open {
            return vec![id];
        }
        if !self.list.selected.is_empty() {
            return self.list.selected.iter().copied().collect();
        }
        self.list.current().map(|row| row.id).into_iter().collect()
    }

    /// Changes the stories chosen: on, unless all of them that are at hand have it already.
    pub(super) fn toggle(
        &mut self,
        change: fn(bool) -> Change,
        has: fn(State) -> bool,
        effects: &mut Vec<Effect>,
    ) {
        let chosen = self.chosen();
        let rows = self.list.window.rows.iter();
        let listed = rows.filter(|row| chosen.binary_search(&row.id).is_ok());
        // What was changed since it was read is marked read once more: that takes notice of it.
        let is_read = change(true) == Change::Read(true);
        let anew = is_read && listed.clone().any(|row| row.updated);
        let mut states: Vec<State> = listed.map(|row| row.state()).collect();
        if states.is_empty() {
            // A link may have led to a story that is not listed here.
            let open = self.reader.open.iter();
            states.extend(
                open.filter(|open| chosen == [open.id])
                    .map(|open| open.state),
            );
        }
        let on = anew || states.is_empty() || !states.into_iter().all(has);
        self.mark(chosen, change(on), effects);
        self.end_selection();
    }

    /// What was done with a selection ends it where some of it may leave the list by that: nobody
    /// would see what the next action takes.
    pub(super) fn end_selection(&mut self) {
        let listing = &self.list.listing;
        let stays = matches!(
            listing.source,
            Source::All
                | Source::ThisWeek
                | Source::Folder(_)
                | Source::Feed(_)
                | Source::Category(_)
                | Source::Author(_)
        );
        if self.focus != Column::Reader && !(stays && listing.search.is_empty()) {
            self.list.clear_selection();
        }
    }

    fn mark(&mut self, stories: Vec<StoryId>, change: Change, effects: &mut Vec<Effect>) {
        if self.geometry().list.is_none() {
            // Where no row shows it, it has to be said.
            self.notice(story::sentence(&change.words()));
        }
        self.set(stories, change, effects);
    }

    /// Changes stories on the screen, and orders that it is kept.
    pub(super) fn set(&mut self, stories: Vec<StoryId>, change: Change, effects: &mut Vec<Effect>) {
        self.list.show(&stories, &change);
        if let Some(open) = &mut self.reader.open
            && stories.binary_search(&open.id).is_ok()
        {
            open.state.set(&change);
        }
        let target = Target::Stories(stories);
        effects.push(Effect::Apply(Operation::new(target, change)));
    }

    /// Takes the stories chosen out of all lists; among those removed, brings them back.
    pub(super) fn remove(&mut self, effects: &mut Vec<Effect>) {
        let chosen = self.chosen();
        let window = &self.list.window;
        let brings_back = |id: &StoryId| {
            let row = window.rows.iter().find(|row| row.id == *id);
            row.map_or(self.list.listing.source == Source::Removed, |row| {
                row.removed
            })
        };
        let gone = !chosen.iter().all(brings_back);
        self.list.forget(&chosen);
        let target = Target::Stories(chosen);
        effects.push(Effect::Apply(Operation::new(target, Change::Removed(gone))));
        match self.list.current().map(|row| row.id) {
            Some(id) if self.focus == Column::Reader => self.want(id, effects),
            Some(_) => {}
            None => {
                self.reader.wanted = None;
                self.reader.open = None;
                self.zen = false;
                if self.focus == Column::Reader {
                    self.focus = Column::List;
                }
            }
        }
    }

    /// Selects from the story selected last to the one with the cursor.
    pub(super) fn select_to(&mut self, effects: &mut Vec<Effect>) {
        let (Some(from), Some(to)) = (self.list.picked, self.list.current().map(|row| row.id))
        else {
            return;
        };
        match self.list.range() {
            Some(stories) => self.list.selected.extend(stories),
            None => self.order_stories(Some((from, to)), effects),
        }
        self.list.picked = Some(to);
    }

    /// Asks for the stories of the list, or of a range of it that is not at hand.
    pub(super) fn order_stories(
        &mut self,
        between: Option<(StoryId, StoryId)>,
        effects: &mut Vec<Effect>,
    ) {
        effects.push(Effect::ListStories {
            listing: self.list.listing.clone(),
            between,
        });
    }

    /// Selects a range, or in the whole list what was not selected.
    pub(super) fn take_stories(&mut self, listing: &Listing, whole: bool, stories: Vec<StoryId>) {
        // Another list may show by now.
        if *listing != self.list.listing {
            return;
        }
        if whole {
            let before = std::mem::take(&mut self.list.selected);
            let new = stories.into_iter().filter(|id| !before.contains(id));
            self.list.selected = new.collect();
        } else {
            self.list.selected.extend(stories);
        }
    }

    /// Marks all that is listed as read, after asking where that is much.
    pub(super) fn mark_all_read(&mut self, effects: &mut Vec<Effect>) {
        let listing = self.list.listing.clone();
        let counted = self.sources.row(&listing.source);
        let count = match counted {
            Some(row) if listing.search.is_empty() => row.unread,
            _ => self.list.window.total,
        };
        self.mark_many_read(Target::Listed(listing), count, "", effects);
    }

    pub(super) fn mark_beside_read(&mut self, above: bool, effects: &mut Vec<Effect>) {
        let Some(id) = self.list.current().map(|row| row.id) else {
            return;
        };
        let listing = self.list.listing.clone();
        let (total, here) = (self.list.window.total, self.list.cursor);
        if above {
            self.mark_many_read(Target::Above(listing, id), here, " above", effects);
        } else {
            let below = total.saturating_sub(here + 1);
            self.mark_many_read(Target::Below(listing, id), below, " below", effects);
        }
    }

    /// Marks stories read that are `count` at most, after asking where that is much.
    fn mark_many_read(
        &mut self,
        target: Target,
        count: usize,
        place: &str,
        effects: &mut Vec<Effect>,
    ) {
        let operation = Operation::new(target, Change::Read(true));
        if count > MANY {
            let count = story::grouped(count);
            self.ask = Some(Ask::Confirm {
                question: format!("Mark {count} stories{place} read? y/n"),
                operation,
            });
        } else {
            self.mark_many(operation, effects);
        }
    }

    /// Does something with stories that are known by their place in the list; what is at hand of them
    /// shows it when it is kept.
    fn mark_many(&mut self, operation: Operation, effects: &mut Vec<Effect>) {
        // The cursor's story is now a place that was chosen.
        self.list.moved = true;
        effects.push(Effect::Apply(operation));
    }

    /// The key that answers what was asked.
    pub(super) fn answer(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let letter = match key.code {
            Code::Char(letter) if !key.ctrl && !key.alt => Some(letter),
            _ => None,
        };
        match self.ask.take() {
            Some(Ask::Sort) => {
                let sort = story::SORTS
                    .iter()
                    .map(|(sort, _)| *sort)
                    .find(|sort| letter == Some(super::super::ask::sort_key(*sort)));
                if let Some(sort) = sort {
                    self.sort_by(sort, effects);
                }
            }
            Some(Ask::SetMark) => self.set_mark(letter, effects),
            Some(ask @ Ask::ToMark { .. }) => {
                if let Some(letter) = letter {
                    self.ask = Some(ask);
                    self.go_to_mark(letter, effects);
                }
            }
            Some(Ask::Browse(page)) => {
                if matches!(letter, Some('y' | 'Y')) {
                    self.open_outside(&page, effects);
                }
            }
            Some(Ask::Feeds { offers, folder }) => {
                self.choose_feed(key, offers, folder, effects);
            }
            Some(Ask::Unsubscribe { folder, feeds }) => {
                if matches!(letter, Some('y' | 'Y')) {
                    self.sources.refiled = Some((folder, String::new()));
                    effects.push(Effect::Feeds(FeedOrder::Unsubscribe(feeds)));
                } else {
                    self.notice("Nothing was unsubscribed from.".to_owned());
                }
            }
            Some(Ask::Confirm { operation, .. }) => {
                if matches!(letter, Some('y' | 'Y')) {
                    self.mark_many(operation, effects);
                } else {
                    self.notice("Nothing was marked.".to_owned());
                }
            }
            None => {}
        }
    }

    /// Gives the place that shows a letter.
    fn set_mark(&mut self, letter: Option<char>, effects: &mut Vec<Effect>) {
        let letter = letter.filter(char::is_ascii_alphanumeric);
        if let (Some(letter), Some((id, block, offset))) = (letter, self.present_place()) {
            effects.push(Effect::KeepMark {
                letter,
                id,
                place: (block, offset),
            });
            self.notice(format!("This place is marked {letter}."));
        }
    }

    /// Goes to the place with a letter, as soon as it is known which have one.
    pub(super) fn go_to_mark(&mut self, letter: char, effects: &mut Vec<Effect>) {
        let Some(Ask::ToMark { marks, typed }) = &mut self.ask else {
            return;
        };
        let Some(marks) = marks.take() else {
            *typed = Some(letter);
            return;
        };
        self.ask = None;
        if letter == '\'' {
            return self.change_places(effects);
        }
        match marks.into_iter().find(|mark| mark.letter == letter) {
            Some(mark) => {
                self.remember_place();
                self.focus = Column::Reader;
                self.go_to_place((mark.id, mark.block, mark.offset), effects);
            }
            None => self.notice(format!("No place here is marked {letter}.")),
        }
    }

    fn sort_by(&mut self, sort: Sort, effects: &mut Vec<Effect>) {
        if sort != self.list.listing.sort {
            self.list.listing.sort = sort;
            self.list_differently(effects);
        }
    }

    /// Lists only what is unread, or all again.
    pub(super) fn toggle_unread_only(&mut self, effects: &mut Vec<Effect>) {
        self.list.listing.unread = !self.list.listing.unread;
        self.list.listing.keep.clear();
        self.list_differently(effects);
    }

    /// Asks for the list anew, for who looks at it in another way. The cursor stays on its story.
    fn list_differently(&mut self, effects: &mut Vec<Effect>) {
        let anchor = match self.list.current() {
            Some(row) if self.list.moved => Anchor::Story(row.id),
            _ => Anchor::Start,
        };
        self.list.stale = true;
        self.load(anchor, effects);
    }
}
