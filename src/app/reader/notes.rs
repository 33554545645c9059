//! What is selected and noted in the open story.

use super::{super::placed::Placed, Open, Selection};
use crate::document::{Body, Point, Role, Span, Unit};

/// Lines that show above a selection and below it, where there is room.
const AROUND: usize = 2;

impl Open {
    /// Selects a sentence: that of the match that shows, else the one where the last selection ended,
    /// if it shows, else the first one that begins on the page. False if the page has no text.
    pub fn select(&mut self) -> bool {
        let document = self.layout.document();
        let search = self.search.as_ref();
        let matched = search.and_then(|search| search.found.get(search.current));
        let matched = matched.map(|found| (found.block, found.range.start));
        let matched = matched.filter(|point| self.shows(*point));
        let unit = Unit::Sentence;
        let left = self.left.filter(|point| self.shows(*point));
        self.selection = match matched.or(left) {
            Some(point) => document
                .unit_at(point, unit)
                .map(|span| Selection::around(point, span, unit)),
            None => self
                .first_on_page(unit)
                .map(|span| Selection::of(span, unit)),
        };
        self.selection.is_some()
    }

    /// The first unit that begins on the page, below the story's head; else the one that goes on
    /// there.
    fn first_on_page(&self, unit: Unit) -> Option<Span> {
        let document = self.layout.document();
        let is_head = |block: usize| {
            let body = self.layout.block(block).map(|it| &it.body);
            let title = Role::Title;
            matches!(body, Some(Body::Text { role, .. }) if *role == title)
        };
        let starts: Vec<Point> = self
            .page
            .iter()
            .filter_map(|spot| {
                let line = self.layout.line(*spot)?;
                let has_text = line.segments.iter().any(|it| it.offset.is_some());
                has_text.then_some((spot.block, line.offset))
            })
            .collect();
        let body = starts.iter().find(|(block, _)| !is_head(*block));
        let top = *body.or(starts.first())?;
        let begins = document.unit_after(top, unit);
        let begins = begins.filter(|it| self.shows(it.start));
        begins.or_else(|| document.unit_at(top, unit))
    }

    /// Whether a place is on the page.
    fn shows(&self, (block, offset): Point) -> bool {
        let lines = self.page.iter().filter(|spot| spot.block == block);
        let mut offsets = lines.filter_map(|spot| self.layout.line(*spot));
        let first = offsets.next().map(|line| line.offset);
        let Some(first) = first.filter(|first| *first <= offset) else {
            return false;
        };
        let last = self.page.last();
        let next = last.filter(|last| last.block == block).and_then(|last| {
            let line = last.line + 1;
            self.layout.line(super::Spot { line, ..*last })
        });
        next.is_none_or(|next| next.offset > offset.max(first))
    }

    /// Whether there are words of the reader's beside the text.
    pub(super) fn is_annotated(&self) -> bool {
        let mut notes = self.notes.iter();
        notes.any(|it| it.stand.is_some() && !it.note.text.is_empty())
    }

    /// Does something with the selection, and brings what moved onto the page. Says whether the page
    /// scrolled.
    pub fn with_selection(
        &mut self,
        act: impl FnOnce(&mut Selection, &crate::document::Document),
    ) -> bool {
        let document = std::sync::Arc::clone(self.layout.document());
        let Some(selection) = &mut self.selection else {
            return false;
        };
        act(selection, &document);
        let (at, span) = (selection.moving(), selection.span());
        let before = self.anchor;
        if !self.layout.reveal(at.0).is_empty() {
            self.show();
        }
        let spot = self.layout.spot(at.0, at.1);
        // All of it, where the page has room for it.
        let first = self.layout.spot(span.start.0, span.start.1);
        let last = self.layout.spot(span.end.0, span.end.1.saturating_sub(1));
        let around = AROUND.min(self.shown().saturating_sub(1) / 3);
        let room = self.shown().saturating_sub(2 * around + 1);
        let fits = self.layout.down(first, room) >= last;
        let (upper, lower) = if fits { (first, last) } else { (spot, spot) };
        let lowest = self
            .layout
            .up(lower, self.shown().saturating_sub(around + 1));
        if self.top > upper {
            let top = self.layout.up(upper, around);
            self.scroll_to(top);
        } else if self.top < lowest {
            self.scroll_to(lowest);
        }
        self.anchor != before
    }

    /// Turns pages with the selection: to the first unit of the page, or where it is held, to the
    /// last one.
    pub fn turn_with_selection(&mut self, pages: super::Pages) {
        self.scroll_pages(pages);
        let held = self.selection.is_some_and(|it| it.held);
        let down = matches!(pages, super::Pages::Down | super::Pages::HalfDown);
        let to = match (held && down, self.page.last()) {
            (true, Some(last)) => {
                let line = self.layout.line(*last);
                Some((last.block, line.map_or(0, |line| line.offset)))
            }
            _ => {
                let unit = self.selection.map_or(Unit::Sentence, |it| it.unit);
                self.first_on_page(unit).map(|unit| unit.start)
            }
        };
        if let Some(to) = to {
            self.with_selection(|selection, document| selection.go_to(document, to));
        }
    }

    /// Ends the selection and gives it; the next one begins there.
    pub fn leave_selection(&mut self) -> Option<Span> {
        let span = self.selection.take().map(|it| it.span());
        self.left = span.map(|span| span.start).or(self.left);
        span
    }

    /// The note that the selection is about: the one that is selected, or that it lies within.
    pub fn selected_note(&self) -> Option<&Placed> {
        let span = self.selection?.span();
        let is_it = |it: Span| it == span;
        let holds = |it: Span| it.start <= span.start && span.end <= it.end;
        self.note_where(is_it).or_else(|| self.note_where(holds))
    }

    /// The note that the selection is about, else the first that it touches.
    pub fn touched_note(&self) -> Option<&Placed> {
        let span = self.selection?.span();
        let touches = |it: Span| it.start < span.end && span.start < it.end;
        self.selected_note().or_else(|| self.note_where(touches))
    }

    fn note_where(&self, holds: impl Fn(Span) -> bool) -> Option<&Placed> {
        let mut notes = self.notes.iter();
        notes.find(|it| it.stand.is_some_and(|stand| holds(stand.span)))
    }

    /// Selects the next note below the selection, or above it. False if there is none.
    pub fn select_note(&mut self, forward: bool) -> bool {
        let Some(here) = self.selection.map(|it| it.span()) else {
            return false;
        };
        let mut spans = self
            .notes
            .iter()
            .filter_map(|it| it.stand.map(|it| it.span));
        let found = match forward {
            true => spans.find(|it| (it.start, it.end) > (here.start, here.end)),
            false => spans.rfind(|it| (it.start, it.end) < (here.start, here.end)),
        };
        let Some(span) = found else { return false };
        self.select_span(span);
        true
    }

    /// Selects a stretch, and brings it onto the page.
    pub fn select_span(&mut self, span: Span) {
        self.selection = Some(Selection::of(span, Unit::Sentence));
        self.with_selection(|_, _| ());
    }
}
