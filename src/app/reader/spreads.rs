//! Two pages that face each other, turned as those of a book.

use super::{Open, Pages};
use crate::document::Spot;

/// On pages with fewer lines nothing is kept together.
const LEAST_ROWS: usize = 8;

/// Two pages: what shows, how much of it on the left one, and what the next ones begin with.
#[derive(Debug)]
struct Spread {
    lines: Vec<Spot>,
    left: usize,
    next: Option<Spot>,
}

impl Open {
    /// The lines that show: those of the page, or of the left one and the right one.
    pub fn pages(&self) -> [&[Spot]; 2] {
        let (left, right) = self.page.split_at(self.parted.min(self.page.len()));
        [left, right]
    }

    /// Rows that the lines which show take, with those that stay free at the foot of a left page.
    pub(super) fn taken(&self) -> usize {
        match self.facing {
            true => self.page.len() - self.parted + self.rows.max(self.parted),
            false => self.page.len(),
        }
    }

    /// How far below the top a place stands that is gone to with what is around it.
    pub(super) fn third(&self) -> usize {
        match self.facing {
            true => self.rows / 3,
            false => self.height / 3,
        }
    }

    /// Takes so many rows of lines from the top on; at the end of the text the top goes up, so that they
    /// are full.
    pub(super) fn fill_pages(&mut self, height: usize) {
        if !self.facing {
            self.page = self.layout.full_page(&mut self.top, height);
            self.parted = self.page.len();
            self.next = None;
            return;
        }
        let spread = self.full_spread(height);
        (self.page, self.parted, self.next) = (spread.lines, spread.left, spread.next);
    }

    fn page_end(&mut self, lines: &[Spot], room: usize) -> usize {
        match self.rows < LEAST_ROWS {
            true => room.min(lines.len()),
            false => self.layout.page_end(lines, room),
        }
    }

    fn spread(&mut self, top: Spot, height: usize) -> Spread {
        // An empty line more may be left out, and one more is looked at.
        let all = self.layout.page(top, height + 2);
        let (left_room, right_room) = (self.rows.min(height), height.saturating_sub(self.rows));
        let left = self.page_end(&all, left_room);
        let rest = all.get(left..).unwrap_or_default();
        let gap = rest.first().is_some_and(|spot| {
            let block = self.layout.block(spot.block);
            spot.line == 0 && block.is_some_and(|it| it.gap)
        });
        let rest = match gap && right_room > 0 && rest.len() > 1 {
            true => &rest[1..],
            false => rest,
        };
        let right = self.page_end(rest, right_room);
        Spread {
            lines: [&all[..left], &rest[..right]].concat(),
            left,
            next: rest.get(right).copied(),
        }
    }

    fn full_spread(&mut self, height: usize) -> Spread {
        let wanted = self.spread(self.top, height);
        if wanted.next.is_some() || wanted.lines.len() >= height {
            return wanted;
        }
        let end = self.layout.end();
        let mut top = self.layout.up(end, height.saturating_sub(1));
        let mut found = None;
        for _ in 0..height {
            if top >= self.top {
                break;
            }
            let spread = self.spread(top, height);
            if spread.next.is_none() {
                let above = self.layout.up(top, 1);
                let is_fit = above == top || self.layout.may_part(above, top, self.rows);
                if is_fit || found.is_none() {
                    found = Some((top, spread));
                }
                if is_fit {
                    break;
                }
            }
            top = self.layout.down(top, 1);
        }
        match found {
            Some((top, spread)) => {
                self.top = top;
                spread
            }
            None => wanted,
        }
    }

    /// Turns two facing pages, or one of them.
    pub(super) fn turn_spread(&mut self, pages: Pages) {
        let top = match pages {
            Pages::Down => self.next,
            Pages::HalfDown => self.right_begins(),
            Pages::Up | Pages::HalfUp => return self.turn_back(pages),
        };
        // At the end there is nothing to turn to.
        if let Some(top) = top.filter(|_| !self.ends) {
            let from = self.top;
            self.scroll_to(top);
            if self.top != from {
                self.turned.push((from.block, self.layout.offset(from)));
            }
        }
    }

    /// What the right page begins with, with the empty line that is left out there.
    fn right_begins(&mut self) -> Option<Spot> {
        let [_, right] = self.pages();
        let first = right.first().copied()?;
        let gap = self.layout.block(first.block).is_some_and(|it| it.gap);
        let line = match gap && first.line == 1 {
            true => 0,
            false => first.line,
        };
        Some(Spot { line, ..first })
    }

    /// Back to the pages that were turned from, where these follow them; else to those that end where
    /// these begin.
    fn turn_back(&mut self, pages: Pages) {
        let (height, here) = (self.height, self.top);
        while let Some((block, offset)) = self.turned.pop() {
            let from = self.layout.spot(block, offset);
            if from >= here {
                continue;
            }
            if self.leads_here(from, here, pages) {
                return self.scroll_to(from);
            }
            break;
        }
        self.turned.clear();
        let back = match pages {
            Pages::HalfUp => height / 2,
            _ => height,
        };
        // Some lines more, for an empty one is left out.
        let mut top = self.layout.up(here, back + 1);
        let mut found = None;
        for _ in 0..back {
            if self.leads_here(top, here, pages) {
                let above = self.layout.up(top, 1);
                let is_fit = above == top || self.layout.may_part(above, top, self.rows);
                if is_fit || found.is_none() {
                    found = Some(top);
                }
                if is_fit {
                    break;
                }
            }
            top = self.layout.down(top, 1);
        }
        let back = back.cast_signed();
        match found {
            Some(top) => self.scroll_to(top),
            None => self.scroll(-back),
        }
    }

    /// Whether nothing is left out between two pages that begin with `from`, or the left one of them, and
    /// those that begin with `here`.
    fn leads_here(&mut self, from: Spot, here: Spot, pages: Pages) -> bool {
        let spread = self.spread(from, self.height);
        match pages {
            Pages::HalfUp | Pages::HalfDown => {
                let first = spread.lines.get(spread.left).copied();
                first.is_none_or(|first| first.block >= here.block && first >= here)
            }
            Pages::Up | Pages::Down => spread.next.is_none_or(|next| next >= here),
        }
    }
}
