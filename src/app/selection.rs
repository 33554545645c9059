//! A selection in the text of a story: where it begins and ends, and how keys move it.

use crate::document::{Document, Point, Span, Unit};

/// What is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// What it moves by.
    pub unit: Unit,
    /// Whether its other end stays where it is.
    pub held: bool,
    fixed: Point,
    moving: Point,
    /// A place in it that a smaller unit is chosen at.
    origin: Point,
}

impl Selection {
    /// The selection of a stretch; its end moves.
    pub fn of(span: Span, unit: Unit) -> Self {
        Selection {
            unit,
            held: false,
            fixed: span.start,
            moving: span.end,
            origin: span.start,
        }
    }

    /// The same, around a place that is more wanted than the rest.
    pub fn around(origin: Point, span: Span, unit: Unit) -> Self {
        Selection {
            origin,
            ..Selection::of(span, unit)
        }
    }

    /// The stretch that is selected.
    pub fn span(&self) -> Span {
        Span {
            start: self.fixed.min(self.moving),
            end: self.fixed.max(self.moving),
        }
    }

    /// The place of the end that moves: its last byte, or its first one.
    pub fn moving(&self) -> Point {
        let (block, offset) = self.moving;
        if self.moves_end() {
            (block, offset.saturating_sub(1))
        } else {
            self.moving
        }
    }

    fn moves_end(&self) -> bool {
        self.moving >= self.fixed
    }

    fn take(&mut self, span: Span) {
        (self.fixed, self.moving) = (span.start, span.end);
        self.origin = span.start;
    }

    /// To the next unit, or the one before. Where it is held or to `extend`, only the end that moves
    /// goes there; past the other end, that one stays selected.
    pub fn step(&mut self, document: &Document, forward: bool, extend: bool) {
        let (unit, span) = (self.unit, self.span());
        if !(self.held || extend) {
            let next = match forward {
                true => document.unit_after(span.end, unit),
                false => document.unit_before(span.start, unit),
            };
            if let Some(next) = next {
                self.take(next);
            }
            return;
        }
        let within = match (self.moves_end(), forward) {
            (true, true) | (false, false) => None,
            (true, false) => document
                .unit_end(self.moving, unit, false)
                .filter(|to| *to > self.fixed),
            (false, true) => document
                .unit_start(self.moving, unit, true)
                .filter(|to| *to < self.fixed),
        };
        if let Some(to) = within {
            self.moving = to;
            return;
        }
        let (fixed, to) = match forward {
            true => (span.start, document.unit_end(span.end, unit, true)),
            false => (span.end, document.unit_start(span.start, unit, false)),
        };
        if let Some(to) = to {
            (self.fixed, self.moving) = (fixed, to);
        }
    }

    /// Moves one end by a word. Words that are chosen one by one are stepped through instead.
    pub fn by_word(&mut self, document: &Document, right: bool) {
        if self.unit == Unit::Word && !self.held {
            return self.step(document, right, false);
        }
        let to = match self.moves_end() {
            true => document
                .unit_end(self.moving, Unit::Word, right)
                .filter(|to| *to > self.fixed),
            false => document
                .unit_start(self.moving, Unit::Word, right)
                .filter(|to| *to < self.fixed),
        };
        self.moving = to.unwrap_or(self.moving);
    }

    /// Chooses another unit: the one at the place where the selection was begun, or where it is held,
    /// all that it touches.
    pub fn choose(&mut self, document: &Document, unit: Unit) {
        self.unit = unit;
        let span = self.span();
        let from = if self.held { span.start } else { self.origin };
        let Some(first) = document.unit_at(from, unit) else {
            return;
        };
        if !self.held {
            (self.fixed, self.moving) = (first.start, first.end);
            return;
        }
        let (block, offset) = span.end;
        let last = document.unit_at((block, offset.saturating_sub(1)), unit);
        let (start, end) = (
            first.start.min(span.start),
            last.map_or(span.end, |last| last.end.max(span.end)),
        );
        (self.fixed, self.moving) = match self.moves_end() {
            true => (start, end),
            false => (end, start),
        };
    }

    /// The other end moves from now on.
    pub fn swap(&mut self) {
        std::mem::swap(&mut self.fixed, &mut self.moving);
    }

    /// To the unit at `point`, on a page that was turned to; where it is held, as far as that.
    pub fn go_to(&mut self, document: &Document, point: Point) {
        let Some(unit) = document.unit_at(point, self.unit) else {
            return;
        };
        let span = self.span();
        if !self.held {
            self.take(unit);
        } else if unit.end > span.start {
            (self.fixed, self.moving) = (span.start, unit.end);
        } else {
            (self.fixed, self.moving) = (span.end, unit.start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "One two. Three four. Five.\n\nSix seven. Eight.";

    fn document() -> Document {
        Document::of_markdown(TEXT)
    }

    fn selected(document: &Document, selection: &Selection) -> String {
        document.quote(selection.span()).unwrap().exact
    }

    /// What is selected after each of these steps from the first sentence on: `j` and `k` move, `J`
    /// and `K` extend, `h` and `l` go by words, `o` swaps, `v` holds, `w`, `s` and `p` choose.
    fn steps(keys: &str) -> Vec<String> {
        let document = document();
        let first = document.unit_at((0, 0), Unit::Sentence).unwrap();
        let mut it = Selection::of(first, Unit::Sentence);
        keys.chars()
            .map(|key| {
                match key {
                    'j' | 'k' => it.step(&document, key == 'j', false),
                    'J' | 'K' => it.step(&document, key == 'J', true),
                    'h' | 'l' => it.by_word(&document, key == 'l'),
                    'o' => it.swap(),
                    'v' => it.held = !it.held,
                    'w' => it.choose(&document, Unit::Word),
                    's' => it.choose(&document, Unit::Sentence),
                    _ => it.choose(&document, Unit::Paragraph),
                }
                selected(&document, &it)
            })
            .collect()
    }

    #[test]
    fn a_selection_goes_from_unit_to_unit_over_blocks_and_stops_at_the_ends() {
        assert_eq!(
            steps("jjjjj"),
            ["Three four.", "Five.", "Six seven.", "Eight.", "Eight."]
        );
        assert_eq!(steps("jkk"), ["Three four.", "One two.", "One two."]);
        assert_eq!(
            steps("pj"),
            ["One two. Three four. Five.", "Six seven. Eight."]
        );
        assert_eq!(steps("wjl"), ["One", "two", "Three"]);
    }

    #[test]
    fn it_grows_and_shrinks_and_turns_over_at_its_other_end() {
        assert_eq!(
            steps("jJJKKKJ"),
            [
                "Three four.",
                "Three four. Five.",
                "Three four. Five.\n\nSix seven.",
                "Three four. Five.",
                "Three four.",
                "One two. Three four.",
                "Three four.",
            ]
        );
        assert_eq!(
            steps("vjj")[1..],
            ["One two. Three four.", "One two. Three four. Five."]
        );
        assert_eq!(steps("vjvj")[3], "Five.");
    }

    #[test]
    fn either_end_goes_by_words() {
        assert_eq!(steps("hhh"), ["One two", "One", "One"]);
        assert_eq!(steps("l"), ["One two. Three"]);
        assert_eq!(steps("jol"), ["Three four.", "Three four.", "four."]);
        assert_eq!(
            steps("johh")[2..],
            ["two. Three four.", "One two. Three four."]
        );
    }

    #[test]
    fn another_unit_is_the_one_at_its_beginning_or_grows_where_it_is_held() {
        assert_eq!(steps("jp")[1], "One two. Three four. Five.");
        assert_eq!(steps("jws")[1..], ["Three", "Three four."]);
        assert_eq!(
            steps("jjvjp")[4],
            "One two. Three four. Five.\n\nSix seven. Eight."
        );
    }
}
