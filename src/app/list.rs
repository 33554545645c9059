//! The list of stories: a window of rows, a cursor on one of them, and what shows on the screen.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::ZonedDateTime;

use crate::{
    document,
    story::{self, Anchor, Change, Listing, Row, Sort, Source, StoryId, Window},
};

/// When the cursor comes this close to the end of the window, the next one is asked for.
const AHEAD: usize = 60;

/// Lines of a row under its title.
const DETAIL_LINES: usize = 1;

/// Stories just read that stay among the unread at most; who marks more at once wants them gone.
const KEPT: usize = 200;

/// Titles take at most so many lines.
pub const TITLE_LINES: usize = 2;

/// Cells left of a title: the mark of the cursor or of an unread story, and a space.
pub const MARK_CELLS: usize = 3;

/// The list of stories.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// What is listed.
    pub listing: Listing,
    /// The rows at hand.
    pub window: Window,
    /// Their order, which headings follow; none for a search's result, which has none.
    pub order: Option<Sort>,
    /// Index in the whole list of the row with the cursor.
    pub cursor: usize,
    /// Index in the whole list of the row at the top of the screen.
    pub top: usize,
    /// A story that comes back into the list: the cursor goes to it once it is there.
    pub returning: Option<StoryId>,
    /// Whether the cursor was moved since the list was entered: until then it stays on top while
    /// newer stories come in, unless a page shows what it is on.
    pub moved: bool,
    /// The story that is read, or that the cursor was on, once its file was gone: the cursor goes back to
    /// it when that comes back, unless it was moved.
    pub lost: Option<Lost>,
    /// The number of the last request for rows.
    pub request: u64,
    /// Whether the rows are those of an earlier listing, the present one's being on their way.
    pub stale: bool,
    /// What was asked for last.
    pub wanted: Option<Anchor>,
    /// The stories that were selected.
    pub selected: BTreeSet<StoryId>,
    /// The one that was selected last: a range begins there.
    pub picked: Option<StoryId>,
    /// The list that `esc` restores, while this one is a search's result.
    pub before_search: Option<Box<List>>,
    /// Lines of the titles near the cursor, kept so that a key press does not set them all anew.
    pub(super) titles: TitleLines,
}

/// A story whose file is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The story.
    pub id: StoryId,
    /// Its title.
    pub title: Arc<str>,
    /// Whether the reader knows that the cursor is on another one now.
    pub met: bool,
}

/// How many lines titles take in a width.
#[derive(Debug, Clone, Default)]
pub(super) struct TitleLines {
    width: usize,
    lines: HashMap<StoryId, usize>,
}

impl TitleLines {
    fn count(row: &Row, width: usize) -> usize {
        document::title(&row.title, title_cells(width), TITLE_LINES).len()
    }

    fn known(&self, row: &Row, width: usize) -> Option<usize> {
        if self.width != width {
            return None;
        }
        self.lines.get(&row.id).copied()
    }

    fn learn(&mut self, row: &Row, width: usize) {
        if self.width != width {
            self.lines.clear();
            self.width = width;
        }
        self.lines
            .entry(row.id)
            .or_insert_with(|| Self::count(row, width));
    }
}

/// How many lines a row takes, and what stands over it.
#[derive(Debug, Clone, PartialEq)]
pub struct RowShape {
    /// The heading of its group, if it is the first one of it.
    pub heading: Option<String>,
    /// Lines in all.
    pub height: usize,
}

impl List {
    /// The row with the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.window.row(self.cursor)
    }

    /// How the row at `index` is drawn in `width` cells.
    pub fn shape(&self, index: usize, width: usize, now: &ZonedDateTime) -> Option<RowShape> {
        let row = self.window.row(index)?;
        let title = self.titles.known(row, width);
        let title = title.unwrap_or_else(|| TitleLines::count(row, width));
        let heading = self.heading(index, row, now);
        let lines = title + DETAIL_LINES;
        Some(RowShape {
            height: lines + usize::from(heading.is_some()),
            heading,
        })
    }

    /// Lists by date and by title have headings.
    fn heading(&self, index: usize, row: &Row, now: &ZonedDateTime) -> Option<String> {
        let group = self.group(row, now)?;
        let above = index.checked_sub(1).and_then(|i| self.window.row(i));
        match above {
            Some(above) if self.group(above, now).as_ref() == Some(&group) => None,
            // The row above is not at hand: it is far off the screen.
            None if index > 0 => None,
            _ => Some(group),
        }
    }

    /// The group that a row belongs to in this order.
    fn group(&self, row: &Row, now: &ZonedDateTime) -> Option<String> {
        match self.order? {
            Sort::Newest | Sort::Oldest => Some(story::group(row.when, now)),
            Sort::Title => Some(story::initial(&row.title)),
            _ => None,
        }
    }

    /// Moves the cursor by so many rows, as far as there are rows at hand.
    pub fn step(&mut self, by: isize) {
        let wanted = self.cursor.saturating_add_signed(by);
        self.go(wanted);
    }

    /// Moves the cursor to `index`, or to the row at hand that is nearest.
    pub fn go(&mut self, index: usize) {
        let last = (self.window.first + self.window.rows.len()).saturating_sub(1);
        self.cursor = index.clamp(self.window.first.min(last), last);
        self.moved = true;
        self.lost = None;
        // An answer that is on its way must not undo the move.
        if self.wanted == Some(Anchor::Start) && !self.stale {
            self.wanted = self.current().map(|row| Anchor::Story(row.id));
        }
    }

    /// How many rows from the cursor on fill `height` lines, at least one.
    pub fn page(&self, height: usize, width: usize, now: &ZonedDateTime) -> usize {
        let mut lines = 0;
        let mut rows = 0;
        while lines < height {
            let Some(shape) = self.shape(self.cursor + rows, width, now) else {
                break;
            };
            lines += shape.height;
            rows += 1;
        }
        rows.saturating_sub(1).max(1)
    }

    /// Scrolls so that the cursor's row shows whole, with a row of context where there is one.
    pub fn keep_in_sight(&mut self, height: usize, width: usize, now: &ZonedDateTime) {
        let above = self.cursor.saturating_sub(1);
        if self.top > above {
            self.top = above;
        }
        // Rows that are not at hand cannot be drawn.
        self.top = self.top.max(self.window.first);
        // A row takes two lines at least, so none further away than this can matter.
        let most = height / 2 + 1;
        for index in self.cursor.saturating_sub(most)..=self.cursor + most {
            if let Some(row) = self.window.row(index) {
                self.titles.learn(row, width);
            }
        }
        let height_of = |index| {
            self.shape(index, width, now)
                .map_or(0, |shape| shape.height)
        };
        let below = (self.cursor + 1).min(self.window.total.saturating_sub(1));
        let mut top = self.top.max(below.saturating_sub(most));
        let mut lines: usize = (top..=below).map(height_of).sum();
        while lines > height && top < self.cursor {
            lines -= height_of(top);
            top += 1;
        }
        // Where the list ends above the bottom of the screen, rows from above fill it.
        let mut end = below;
        while lines < height && end + 1 < self.window.total && height_of(end + 1) > 0 {
            end += 1;
            lines += height_of(end);
        }
        while top > self.window.first
            && height_of(top - 1) > 0
            && lines + height_of(top - 1) <= height
        {
            top -= 1;
            lines += height_of(top);
        }
        self.top = top;
    }

    /// What to ask for, if the rows at hand end too near the cursor.
    pub fn short_of(&self) -> Option<Anchor> {
        // Who is on the way to another place has no need of rows around this one.
        if !matches!(self.wanted, None | Some(Anchor::Story(_))) {
            return None;
        }
        let window = &self.window;
        let end = window.first + window.rows.len();
        let above = window.first > 0 && self.cursor < window.first + AHEAD;
        let below = end < window.total && self.cursor + AHEAD >= end;
        let here = Anchor::Story(self.current()?.id);
        ((above || below) && self.wanted != Some(here)).then_some(here)
    }

    /// Takes rows that arrived. The cursor stays on its story, or goes where the request said.
    pub fn take(&mut self, window: Window) {
        let old = (self.cursor, self.top);
        let wanted = self.wanted.take();
        let before = std::mem::replace(&mut self.window, window);
        self.titles = TitleLines::default();
        let last = self.window.total.saturating_sub(1);
        self.cursor = match wanted {
            Some(Anchor::Start) => 0,
            Some(Anchor::End) => last,
            Some(Anchor::NextUnread(_) | Anchor::PreviousUnread(_) | Anchor::FirstUnread)
                if self.window.at.is_some() =>
            {
                self.window.at.unwrap_or_default()
            }
            Some(Anchor::Story(id)) if self.stale => self
                .window
                .index_of(id)
                .or_else(|| self.nearest(&before, old.0))
                .unwrap_or(0),
            _ => self
                .nearest(&before, old.0)
                .or_else(|| match wanted {
                    Some(Anchor::Story(id)) => self.window.index_of(id),
                    _ => None,
                })
                .unwrap_or(old.0)
                .min(last),
        };
        // The rows on the screen stay where they are when stories come in above them.
        self.top = if self.stale {
            self.cursor
        } else {
            old.1
                .saturating_add_signed(self.cursor as isize - old.0 as isize)
        };
        self.stale = false;
        let returned = self.returning.take();
        if let Some(index) = returned.and_then(|id| self.window.index_of(id)) {
            self.cursor = index;
        }
        let listing = &self.listing;
        self.order = listing.search.is_empty().then_some(listing.sort);
    }

    /// Moves the cursor off stories that are gone, to the nearest row below, else above.
    pub fn leave(&mut self, gone: &[StoryId]) {
        let stays = |index: &usize| {
            let row = self.window.row(*index);
            row.is_some_and(|row| !gone.contains(&row.id))
        };
        let end = self.window.first + self.window.rows.len();
        let below = (self.cursor..end).find(stays);
        let nearest = below.or_else(|| (self.window.first..self.cursor).rev().find(stays));
        self.cursor = nearest.unwrap_or(self.cursor);
    }

    /// Where the story is now that stood at `index` of an earlier window; if it is gone, the one that
    /// stood nearest below it, or else above. Indices of two windows do not tell: they are only
    /// about right far from the ends.
    fn nearest(&self, before: &Window, index: usize) -> Option<usize> {
        let place = index.checked_sub(before.first)?;
        let below = before.rows.get(place..)?.iter();
        let above = before.rows[..place].iter().rev();
        below
            .chain(above)
            .find_map(|row| self.window.index_of(row.id))
    }

    /// Has a story no longer say that it was changed since it was read. Says whether it did.
    pub fn is_seen(&mut self, id: StoryId) -> bool {
        let row = self.window.rows.iter_mut().find(|row| row.id == id);
        row.is_some_and(|row| std::mem::take(&mut row.updated))
    }

    /// Shows a change of some stories, in ascending order, before it is kept.
    pub fn show(&mut self, stories: &[StoryId], change: &Change) {
        // Among the unread the story just read keeps its place until the list is left.
        let unread = self.listing.unread || self.listing.source == Source::Unread;
        if unread && *change == Change::Read(true) && stories.len() <= KEPT {
            for id in stories {
                self.listing.keep.retain(|kept| kept != id);
                self.listing.keep.push(*id);
            }
            let many = self.listing.keep.len().saturating_sub(KEPT);
            self.listing.keep.drain(..many);
        }
        for row in &mut self.window.rows {
            if stories.binary_search(&row.id).is_ok() {
                let mut state = row.state();
                state.set(change);
                row.set_state(state);
                row.updated &= *change != Change::Read(true);
            }
        }
    }

    /// Takes stories out of the list, in ascending order, before it is known what comes in their
    /// place.
    pub fn forget(&mut self, stories: &[StoryId]) {
        let gone = |id: &StoryId| stories.binary_search(id).is_ok();
        let first = self.window.first;
        let above = self.window.rows.iter().zip(first..);
        let above = above
            .filter(|(row, index)| gone(&row.id) && *index < self.cursor)
            .count();
        let count = self.window.rows.len();
        self.window.rows.retain(|row| !gone(&row.id));
        self.window.total -= (count - self.window.rows.len()).min(self.window.total);
        self.cursor = self.cursor.saturating_sub(above);
        self.top = self.top.saturating_sub(above);
        let last = (first + self.window.rows.len()).saturating_sub(1);
        self.cursor = self.cursor.min(last);
        self.selected.retain(|id| !gone(id));
        self.picked = self.picked.filter(|id| !gone(id));
    }

    /// Selects the story with the cursor, or no longer.
    pub fn select(&mut self) {
        let Some(id) = self.current().map(|row| row.id) else {
            return;
        };
        if !self.selected.remove(&id) {
            self.selected.insert(id);
        }
        self.picked = Some(id);
    }

    /// The stories between the one that was selected last and the one with the cursor, as far as
    /// they are at hand.
    pub fn range(&self) -> Option<Vec<StoryId>> {
        let from = self.window.index_of(self.picked?)?;
        let (low, high) = (from.min(self.cursor), from.max(self.cursor));
        let rows = (low..=high).map(|index| self.window.row(index).map(|row| row.id));
        rows.collect()
    }

    /// Selects nothing.
    pub fn clear_selection(&mut self) {
        self.selected.clear();
        self.picked = None;
    }
}

/// Cells that a title has in a list of this width.
pub fn title_cells(width: usize) -> usize {
    width.saturating_sub(MARK_CELLS + 1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Published;

    fn now() -> ZonedDateTime {
        "2026-11-20T10:00[UTC]".parse().unwrap()
    }

    fn row(id: u32) -> Row {
        Row {
            id: StoryId(id),
            title: format!("Story number {id}").into(),
            from: "someone".into(),
            when: Published::Day("2026-11-20".parse().unwrap()),
            minutes: 3,
            read: false,
            starred: false,
            later: false,
            noted: false,
            seen: 0.0,
            trouble: None,
            url: None,
            removed: false,
            updated: false,
            matched: Vec::new(),
            passage: None,
        }
    }

    fn window(ids: std::ops::Range<u32>, first: usize, total: usize) -> Window {
        Window {
            first,
            total,
            rows: ids.map(row).collect(),
            at: None,
            remark: None,
        }
    }

    #[test]
    fn the_cursor_stays_on_its_story_when_others_come_in_above() {
        let mut list = List {
            window: window(10..30, 0, 20),
            cursor: 5,
            top: 3,
            wanted: Some(Anchor::Story(StoryId(15))),
            ..List::default()
        };
        list.take(window(0..30, 0, 30));
        assert_eq!(list.current().unwrap().id, StoryId(15));
        assert_eq!(list.cursor - list.top, 2, "nor does it move on the screen");
    }

    #[test]
    fn a_story_that_is_gone_leaves_the_cursor_where_it_was() {
        let mut list = List {
            window: window(0..20, 0, 20),
            cursor: 19,
            wanted: Some(Anchor::Story(StoryId(19))),
            ..List::default()
        };
        list.take(window(0..5, 0, 5));
        assert_eq!(list.cursor, 4);
    }

    #[test]
    fn the_cursor_stays_on_its_story_wherever_the_window_is_said_to_begin() {
        for first in [0, 100, 5000, 9000] {
            let mut list = List {
                window: window(1000..1300, 4000, 10_000),
                cursor: 4150,
                top: 4147,
                wanted: Some(Anchor::Story(StoryId(1150))),
                ..List::default()
            };
            // The story with the cursor is removed meanwhile.
            let mut fresh = window(1000..1300, first, 10_000);
            list.take(fresh.clone());
            assert_eq!(list.current().unwrap().id, StoryId(1150));
            assert_eq!(list.cursor - list.top, 3);
            fresh.rows.retain(|row| row.id != StoryId(1150));
            list.wanted = Some(Anchor::Story(StoryId(1150)));
            list.take(fresh);
            assert_eq!(list.current().unwrap().id, StoryId(1151));
        }
    }

    #[test]
    fn what_is_taken_out_leaves_the_cursor_on_the_next_story() {
        let mut list = List {
            window: window(0..20, 0, 20),
            cursor: 10,
            ..List::default()
        };
        list.selected.extend([StoryId(3), StoryId(11)]);
        list.forget(&[StoryId(3), StoryId(10)]);
        assert_eq!(list.current().unwrap().id, StoryId(11));
        assert_eq!((list.window.total, list.selected.len()), (18, 1));
        list.forget(&(0..20).map(StoryId).collect::<Vec<_>>());
        assert_eq!((list.current(), list.cursor), (None, 0));
    }

    #[test]
    fn the_cursor_is_kept_in_sight_with_a_row_of_context() {
        let mut list = List {
            window: window(0..100, 0, 100),
            ..List::default()
        };
        for target in [50, 99, 98, 30, 0] {
            list.go(target);
            list.keep_in_sight(12, 40, &now());
            let lines: usize = (list.top..=list.cursor)
                .map(|i| list.shape(i, 40, &now()).unwrap().height)
                .sum();
            assert!(list.top <= list.cursor && lines <= 12, "at {target}");
        }
        assert_eq!(list.top, 0);
    }

    #[test]
    fn rows_are_asked_for_before_they_run_out() {
        let mut list = List {
            window: window(0..200, 0, 1000),
            ..List::default()
        };
        assert_eq!(list.short_of(), None);
        list.go(150);
        assert_eq!(list.short_of(), Some(Anchor::Story(StoryId(150))));
        list.wanted = list.short_of();
        assert_eq!(list.short_of(), None, "but only once");
    }
}
