//! What unfolds in the open story, and its footnotes.

use super::{Open, Pages, Spot};

/// On a page with fewer lines there is no room for notes at its foot.
const LEAST_ROWS: usize = 5;

/// Lines of notes that show at least when they are opened, where there are so many.
const FIRST_LINES: usize = 3;

/// The notes of a page of which only some lines fit at its foot.
#[derive(Debug, Default)]
pub(super) struct Feet {
    /// All their lines.
    all: Vec<Spot>,
    /// The first one that shows.
    top: usize,
    /// The page that they were opened on, where it had to be scrolled for them, and where that led to.
    moved: Option<((usize, usize), (usize, usize))>,
}

/// A note that was followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Followed {
    number: usize,
    /// The place at the top of the page then.
    from: (usize, usize),
    /// How much was passed there.
    passed: f64,
    /// Where the note begins.
    block: usize,
}

impl Open {
    /// Lines of the text that show where the page is full.
    pub(super) fn shown(&self) -> usize {
        match self.foot.is_empty() {
            true => self.height,
            false => self.page.len().max(1),
        }
    }

    /// Fills the page from the top line on, and its foot with the notes that it refers to: so many
    /// lines of the text as leave room for theirs.
    pub(super) fn fill(&mut self) {
        let wanted = self.top;
        let before = std::mem::take(&mut self.feet.all);
        let mut height = self.height;
        // The line that refers to the first note has to stay, else there would be none.
        let mut least = None;
        loop {
            self.top = wanted;
            self.fill_pages(height);
            self.set_foot();
            let first = || {
                let mut lines = (1..=self.page.len()).rev();
                let before = lines.find(|it| self.layout.references(&self.page[..*it]).is_empty());
                before.map_or(1, |it| it + 1)
            };
            let least = *least.get_or_insert_with(first);
            if height == least && !self.foot.is_empty() {
                let room = self.height.saturating_sub(self.taken() + 1);
                self.foot.truncate(room);
                if room == 0 {
                    self.fill_pages(self.height);
                }
                break;
            }
            // A line sets the notes apart.
            let taken = self.foot.len() + 1;
            if self.foot.is_empty() || self.taken() + taken <= self.height || height <= 1 {
                break;
            }
            // One line less, for that may be the one that refers to the longest note.
            height -= 1;
        }
        if self.feet.all != before {
            self.feet.top = 0;
        }
        let last = self.feet.all.len() - self.foot.len();
        self.feet.top = self.feet.top.min(last);
        let shown = self.feet.top..self.feet.top + self.foot.len();
        self.foot_goes_on = !self.foot.is_empty() && self.feet.top < last;
        self.foot.clear();
        self.foot.extend_from_slice(&self.feet.all[shown]);
        // A note that the page, or the right one of two, has only the beginning of is left to its foot.
        let others = if self.facing { self.parted } else { 0 };
        while self.page.len() > others
            && let Some(last) = self.page.pop_if(|last| self.feet.all.contains(last))
        {
            self.next = self.facing.then_some(last);
        }
        self.parted = self.parted.min(self.page.len());
        let page = std::mem::take(&mut self.page);
        self.layout.hold(&page);
        self.layout.hold(&self.foot);
        self.page = page;
    }

    fn set_foot(&mut self) {
        self.foot.clear();
        self.feet.all.clear();
        let references = self.layout.references(&self.page);
        // To see whether they stand on the page, the last part of a long text would have to be read.
        let short = self.layout.document().parts() == 1;
        self.has_notes = !self.source && !short && !references.is_empty();
        if !(self.footnotes || short) || self.source || self.rows < LEAST_ROWS {
            return;
        }
        for number in references {
            let mut note = self.layout.footnote(number);
            // Not what stands on the page itself.
            if note.iter().all(|line| self.stands_on_page(line)) {
                continue;
            }
            // One that begins on the left page of two, or begins the page, is read there: only its rest is
            // missing.
            let others = if self.facing { self.parted } else { 0 };
            if self
                .page
                .iter()
                .take(others + 1)
                .any(|line| note.contains(line))
            {
                note.retain(|line| !self.stands_on_page(line));
            }
            self.foot.extend(note);
        }
        self.has_notes = !self.foot.is_empty();
        if !self.footnotes {
            self.foot.clear();
        }
        self.feet.all.clone_from(&self.foot);
        self.foot.truncate(self.most_of_foot());
    }

    /// Whether a line is on the page; an empty one that a right page begins without counts as there.
    fn stands_on_page(&self, spot: &Spot) -> bool {
        let left_out = || {
            let [_, right] = self.pages();
            let gap = self.layout.block(spot.block).is_some_and(|it| it.gap);
            let first = right
                .first()
                .filter(|_| self.facing && gap && spot.line == 0);
            first.is_some_and(|it| it.block == spot.block)
        };
        self.page.contains(spot) || left_out()
    }

    /// Lines that notes may take of a page.
    fn most_of_foot(&self) -> usize {
        (self.rows / 2).saturating_sub(1).max(1)
    }

    /// Whether lines of the notes stand above those that show.
    pub fn foot_began_above(&self) -> bool {
        !self.foot.is_empty() && self.feet.top > 0
    }

    /// Scrolls the notes at the foot of the page by so many lines. False where they go no further.
    fn scroll_foot(&mut self, lines: isize) -> bool {
        let last = self.feet.all.len().saturating_sub(self.foot.len());
        let top = self.feet.top.saturating_add_signed(lines).min(last);
        let goes = !self.foot.is_empty() && top != self.feet.top;
        if goes {
            self.feet.top = top;
            self.show();
        }
        goes
    }

    /// Goes by so many lines: through the notes at the foot of the page, and where they end through the page.
    pub fn step(&mut self, lines: isize) {
        if !self.scroll_foot(lines) {
            self.scroll(lines);
        }
    }

    /// The same by pages.
    pub fn turn(&mut self, pages: Pages) {
        let rows = self.foot.len();
        let by = match pages {
            Pages::Down | Pages::Up => rows.saturating_sub(1).max(1),
            Pages::HalfDown | Pages::HalfUp => (rows / 2).max(1),
        } as isize;
        let down = matches!(pages, Pages::Down | Pages::HalfDown);
        if !self.scroll_foot(if down { by } else { -by }) {
            self.scroll_pages(pages);
        }
    }

    /// Shows the notes that the page refers to at its foot, or no longer. Why it cannot, in words.
    pub fn toggle_footnotes(&mut self) -> Result<(), &'static str> {
        if self.footnotes && !self.foot.is_empty() {
            self.close_footnotes();
            return Ok(());
        }
        self.footnotes = true;
        let from = self.anchor;
        self.feet.moved = None;
        self.show();
        // Where they are referred to at the end of the page, it makes room for their first lines.
        let wanted = FIRST_LINES.min(self.most_of_foot());
        for _ in 0..self.height / 2 {
            if self.foot.len() >= wanted.min(self.feet.all.len()) {
                break;
            }
            self.scroll(1);
        }
        if self.anchor != from {
            self.feet.moved = Some((from, self.anchor));
        }
        if !self.foot.is_empty() {
            return Ok(());
        }
        self.close_footnotes();
        Err(match self.layout.references(&self.page).is_empty() {
            true => "No footnote is referred to on this page.",
            false if self.rows < LEAST_ROWS => "The screen is too low for notes under the text.",
            false if self.layout.document().is_partial() => {
                "The end of this story is still being read."
            }
            false => "The notes of this page stand on it.",
        })
    }

    /// Takes the notes from the foot of the page, which is where it was before if it was not read on.
    pub fn close_footnotes(&mut self) {
        self.footnotes = false;
        self.feet.top = 0;
        let moved = self.feet.moved.take();
        if let Some((from, _)) = moved.filter(|(_, to)| *to == self.anchor) {
            self.anchor = from;
            self.top = self.layout.spot(from.0, from.1);
        }
        self.show();
    }

    /// After a page up: with more notes at its foot than the page before, it must not leave out
    /// lines above the one that was at the top.
    pub(super) fn close_gap(&mut self, top: Option<Spot>) {
        while let (Some(top), Some(last)) = (top, self.page.last().copied())
            && !self.foot.is_empty()
            && last < top
        {
            let before = self.top;
            self.scroll(1);
            if self.top == before {
                return;
            }
        }
    }

    /// The summaries on the page of what can be folded.
    pub fn summaries(&self) -> Vec<usize> {
        let mut blocks: Vec<usize> = self.page.iter().map(|spot| spot.block).collect();
        blocks.dedup();
        blocks.retain(|block| self.layout.is_open(*block).is_some());
        blocks
    }

    /// The summary of what the top of the page stands in.
    pub fn summary_above(&mut self) -> Option<usize> {
        self.layout.summary_over(self.top.block)
    }

    /// Opens the details with this summary, or folds them. It stays where it is, if it is on the page.
    pub fn fold(&mut self, summary: usize) {
        let Some(open) = self.layout.is_open(summary) else {
            return;
        };
        self.peeked.clear();
        self.layout.fold(summary, !open);
        if self.layout.is_hidden(self.anchor.0) {
            self.to(summary, 0);
        } else {
            self.set_again();
        }
    }

    /// The same place after other blocks show.
    fn set_again(&mut self) {
        self.top = self.layout.spot(self.anchor.0, self.anchor.1);
        self.show();
    }

    /// Opens what a match is folded in, and folds again what was opened for the one before.
    pub(super) fn peek(&mut self, block: usize) {
        let before = std::mem::take(&mut self.peeked);
        if before.is_empty() && !self.layout.is_hidden(block) {
            return;
        }
        for summary in &before {
            self.layout.fold(*summary, false);
        }
        self.peeked = self.layout.reveal(block);
        self.set_again();
    }

    /// How much was passed where a note was followed that shows; none where there is none.
    pub(super) fn passed_before_note(&self) -> Option<f64> {
        let followed = self.followed?;
        let shows = self
            .page
            .last()
            .is_some_and(|it| it.block >= followed.block);
        (shows && self.is_searched()).then_some(followed.passed)
    }

    /// Whether nothing shows but notes, one of which was followed.
    pub(super) fn is_among_notes(&self) -> bool {
        let first = self.layout.document().named("fn-1");
        let notes = self.followed.map(|it| first.unwrap_or(it.block));
        self.is_searched() && notes.is_some_and(|it| self.anchor.0 >= it)
    }

    /// Whether a place in the text has this name.
    pub fn has_anchor(&self, name: &str) -> bool {
        self.layout.document().named(name).is_some()
    }

    /// To the place that a link `#name` of the text names. False if it names none. A footnote leads
    /// back to where it was followed from.
    pub fn to_anchor(&mut self, name: &str) -> bool {
        let number = |prefix: &str| name.strip_prefix(prefix)?.parse::<usize>().ok();
        let reference = number("fnref-");
        if let Some(followed) = self.followed.take_if(|it| Some(it.number) == reference) {
            self.to(followed.from.0, followed.from.1);
            return true;
        }
        let Some(block) = self.layout.document().named(name) else {
            return false;
        };
        if let Some(number) = number("fn-") {
            self.followed = Some(Followed {
                number,
                from: self.anchor,
                passed: self.passed(),
                block,
            });
            // Notes stand at the end; who looks one up has not read that far.
            self.be_taken_away(None);
        }
        let offset = reference.and_then(|it| self.layout.reference(block, it));
        let offset = offset.unwrap_or(0);
        self.to(block, offset);
        if self.height > 0 {
            let spot = self.layout.spot(block, offset);
            if reference.is_some() {
                // What is said there is to be read, too.
                let top = self.layout.up(spot, self.third());
                self.scroll_to(top);
            }
            let spot = self.layout.behind_gap(spot);
            // Where it does not stand at the top, it is to be seen which line is meant.
            self.eye = Some(spot).filter(|it| self.top.block != it.block || reference.is_some());
        }
        true
    }
}
