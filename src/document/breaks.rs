//! Where a page may end: what belongs together stays on one, as in a book.

use super::{
    block::{Body, Role},
    layout::{Layout, Spot},
};

/// So many lines of a paragraph stand together at the foot of a page, or at the top of one.
const TOGETHER: usize = 2;

impl Layout {
    /// This line, or the one below it where it is the empty one before a block.
    pub fn behind_gap(&mut self, spot: Spot) -> Spot {
        let gap = self.read_block(spot.block).is_some_and(|it| it.gap);
        Spot {
            line: spot.line.max(usize::from(gap)),
            ..spot
        }
    }

    /// After how many of `lines`, which follow each other, a page of `room` lines ends: nothing is cut
    /// that belongs together, as long as that leaves no more than two thirds of the page free.
    pub fn page_end(&mut self, lines: &[Spot], room: usize) -> usize {
        if lines.len() <= room {
            return lines.len();
        }
        let least = room / 3 + 1;
        let mut ends = (least..=room).rev();
        let may_end = |end: &usize| match (lines.get(end - 1), lines.get(*end)) {
            (Some(last), Some(next)) => self.may_part(*last, *next, room),
            _ => false,
        };
        ends.find(may_end).unwrap_or(room)
    }

    /// Whether a page of so many lines may end with `last`, and the next one begin with `next`.
    pub fn may_part(&mut self, last: Spot, next: Spot, room: usize) -> bool {
        let whole = self.lines(next.block).len();
        let picture = self.picture(next.block).is_some();
        let role = |body: &Body| match body {
            Body::Text { role, .. } => *role,
            _ => Role::Plain,
        };
        if last.block != next.block {
            let above = self.read_block(last.block).map(|it| role(&it.body));
            let leads = |role| {
                let leads = matches!(role, Role::Title | Role::Heading(_) | Role::Alert(_));
                leads || role == Role::Term
            };
            let below = self.read_block(next.block);
            let below = below.map(|it| (role(&it.body), it.gap));
            // What stands close under a picture are the words that belong to it.
            let is_caption = above == Some(Role::Figure) && below == Some((Role::Figure, false));
            return !is_caption && !above.is_some_and(leads);
        }
        let Some(block) = self.read_block(next.block) else {
            return true;
        };
        let gap = usize::from(block.gap);
        let (before, after) = (next.line.saturating_sub(gap), whole - next.line.min(whole));
        let is_one = match &block.body {
            Body::Text { role, .. } => picture || !matches!(role, Role::Plain | Role::Summary),
            Body::Code(_) => block.is_formula(),
            Body::Table(_) | Body::Rule => false,
        };
        if is_one && whole - gap <= room {
            return false;
        }
        before >= TOGETHER && after >= TOGETHER
    }
}
