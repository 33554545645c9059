//! The search in a text: what was found of it, and where the page was before it led elsewhere.

use super::Open;
use crate::document::{Block, Found, Matches, Sought, Spot};

/// How a story was before a search took its page elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct BeforeSearch {
    /// How much had been seen.
    pub(super) seen: f64,
    /// The place at the top of the page, until it is on the way back.
    place: Option<(usize, usize)>,
    /// Whether it was a link that led there: who follows one reads on, but not the end that it led to.
    led: bool,
}

impl BeforeSearch {
    /// That of a page which is led elsewhere and read on there.
    pub(super) fn led(seen: f64, place: Option<(usize, usize)>) -> BeforeSearch {
        BeforeSearch {
            seen,
            place,
            led: true,
        }
    }
}

/// A search in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextSearch {
    /// What was looked for.
    pub sought: Sought,
    /// Where it stands, in reading order.
    pub found: Vec<Found>,
    /// Which of them one is at.
    pub current: usize,
    /// How many there are in all; none as long as they are being counted.
    pub total: Option<usize>,
}

impl Open {
    /// Whether the page that shows was come to by a search, or is the last one and a link led there.
    pub fn is_searched(&self) -> bool {
        // Of a text that fits its page a link shows no more than who opens it sees.
        let at_start = self.page.first() == Some(&Spot::default());
        self.before_search
            .is_some_and(|it| !it.led || self.at_end() && !at_start)
    }

    /// The place that a search took the page from.
    pub fn place_before_search(&self) -> Option<(usize, usize)> {
        self.before_search?.place.filter(|_| !self.comments)
    }

    /// The same, for the way back: it is given once.
    pub fn take_place_before_search(&mut self) -> Option<(usize, usize)> {
        let place = self.place_before_search()?;
        self.before_search.as_mut()?.place = None;
        Some(place)
    }

    /// From here on the page is not where the reader reads, until that is read on from: `place` is
    /// for the way back.
    pub fn be_taken_away(&mut self, place: Option<(usize, usize)>) {
        let seen = self.progress().seen;
        self.before_search.take_if(|before| before.led);
        self.before_search.get_or_insert(BeforeSearch {
            seen,
            place,
            led: false,
        });
    }

    /// From here on the page is where a link of the reader's led, and read where that is not the end.
    pub fn be_led(&mut self) {
        self.before_search = Some(BeforeSearch::led(self.progress().seen, None));
    }

    /// From here on the reader reads on where the search led to. In a source the way back from it stays
    /// until the next search: its places are among no others.
    pub(super) fn read_on_from_search(&mut self) {
        match &mut self.before_search {
            Some(before) if self.source => before.led = true,
            before => *before = None,
        }
    }

    /// Shows no matches any more. What was opened for one of them stays open: it is being read.
    pub fn close_search(&mut self) {
        self.peeked.clear();
        self.search = None;
    }

    /// Ends the search in its text, wherever it has led.
    pub fn end_search(&mut self) {
        self.close_search();
        self.sought = None;
    }

    /// The page is again the one that a search was begun on.
    pub fn leave_search(&mut self) {
        self.before_search = None;
    }

    /// Takes the first match from where the search was begun, while the others are being counted.
    pub fn take_first(&mut self, sought: Sought, first: Found) {
        if self.sought.as_ref() == Some(&sought) {
            self.search = Some(TextSearch {
                sought,
                found: vec![first],
                current: 0,
                total: None,
            });
            self.show_match();
        }
    }

    /// Takes what a search found, and goes to the first match from the place `from` on.
    pub fn take_found(&mut self, sought: Sought, matches: Matches, from: (usize, usize)) {
        if self.sought.as_ref() != Some(&sought) {
            return;
        }
        let Matches { found, total } = matches;
        // Whoever was shown the first one already is there.
        let begun = self.search.take().filter(|it| it.sought == sought);
        let first = begun.and_then(|it| it.found.into_iter().next());
        let (block, offset) = first.map_or(from, |it| (it.block, it.range.start));
        let current = found
            .iter()
            .position(|it| (it.block, it.range.start) >= (block, offset))
            .unwrap_or(0);
        self.search = Some(TextSearch {
            sought,
            found,
            current,
            total: Some(total),
        });
        self.show_match();
    }

    /// To the next match, or the one before; round and round.
    pub fn step_match(&mut self, forward: bool) {
        if let Some(search) = &mut self.search {
            let count = search.found.len();
            if count > 0 {
                let step = if forward { 1 } else { count - 1 };
                search.current = (search.current + step) % count;
            }
        }
        self.show_match();
    }

    /// Whether the match that one is at is on the page.
    pub(super) fn shows_match(&mut self) -> bool {
        let search = self.search.as_ref();
        let found = search.and_then(|search| search.found.get(search.current));
        let Some((block, offset)) = found.map(|it| (it.block, it.range.start)) else {
            return false;
        };
        let spot = self.layout.spot(block, offset);
        self.page.contains(&spot)
    }

    /// On a page of another size the match that one was looking at is still there.
    pub(super) fn keep_match(&mut self, matched: bool) {
        if matched {
            self.show_match();
        }
    }

    /// Brings the current match onto the page, a third down, unless it shows already.
    fn show_match(&mut self) {
        let found = self
            .search
            .as_ref()
            .and_then(|search| search.found.get(search.current))
            .cloned();
        if let Some(found) = found {
            self.peek(found.block);
            let spot = self.layout.spot(found.block, found.range.start);
            if !self.page.contains(&spot) {
                self.be_taken_away(Some(self.anchor));
                let top = self.layout.up(spot, self.third());
                // Half of a formula over the page would be seen for another one.
                let block = self.layout.read_block(top.block);
                if block.is_some_and(Block::is_formula) {
                    self.scroll_to(Spot { line: 0, ..top });
                }
                if !self.page.contains(&spot) {
                    self.scroll_to(top);
                }
            }
        }
    }
}
