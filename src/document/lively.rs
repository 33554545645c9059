//! What a reader can do with a layout: fold details, and go to footnotes and back.

use std::sync::Arc;

use super::{
    layout::{Layout, Spot},
    lines::Line,
    part::Details,
    parts::{self, Document, Held, NOTE, Part},
};

impl Layout {
    /// By how many cells the widest line of a block goes over so many, of those that may.
    pub fn overhang(&self, block: usize, cells: usize) -> usize {
        let lines = self.set.get(&block).map_or(&[][..], |lines| lines);
        let wide = lines.iter().filter(|line| line.wide).map(Line::width);
        wide.max().unwrap_or(0).saturating_sub(cells)
    }

    /// Whether details show of which `block` is the summary; none if it is no summary of a part that
    /// was read.
    pub fn is_open(&self, block: usize) -> Option<bool> {
        let (part, index) = parts::split(block);
        let details = &self.parts.get(&part)?.details;
        let at = details.binary_search_by_key(&index, |it| it.summary).ok()?;
        Some(self.shows(part, details.get(at)?))
    }

    fn shows(&self, part: usize, details: &Details) -> bool {
        let chosen = self.folds.get(&parts::number(part, details.summary));
        !self.live || chosen.copied().unwrap_or(details.open)
    }

    /// The summary of the outermost folded details in which a block stands, and the last block in
    /// those.
    pub(super) fn folded_around(&mut self, block: usize) -> Option<(usize, usize)> {
        let (part, index) = parts::split(block);
        if !self.live {
            return None;
        }
        let held = self.part(part)?;
        for level in begun_before(&held, index) {
            if let Some((summary, false)) = self.begun(part, level) {
                let owner = parts::split(summary).0;
                return Some((summary, self.last_in(owner, level)?));
            }
        }
        let it = around(&held, index).find(|it| !self.shows(part, it))?;
        let summary = parts::number(part, it.summary);
        let going_on = held.details.iter().filter(|it| it.goes_on);
        let nth = going_on
            .take_while(|other| other.summary < it.summary)
            .count();
        let level = it.goes_on.then(|| self.level(part, nth)).flatten();
        let last = level.and_then(|level| self.last_in(part, level));
        Some((summary, last.unwrap_or(parts::number(part, it.end - 1))))
    }

    /// The summary of details that a part begins within, and whether they show.
    fn begun(&mut self, part: usize, level: usize) -> Option<(usize, bool)> {
        let document = Arc::clone(self.document());
        let owner = *document.within(part).get(level)?;
        let held = self.part(owner)?;
        let first = document.within(owner + 1);
        let nth = level.checked_sub(first.iter().position(|it| *it == owner)?)?;
        let details = held.details.iter().filter(|it| it.goes_on).nth(nth)?;
        Some((
            parts::number(owner, details.summary),
            self.shows(owner, details),
        ))
    }

    /// In how many others those details stand that are so many among those of a part which go on
    /// behind it.
    fn level(&self, part: usize, nth: usize) -> Option<usize> {
        let within = self.document().within(part + 1);
        let mut own = (0..within.len()).filter(|it| within[*it] == part);
        own.nth(nth)
    }

    /// The last block of details that go on behind part `owner`.
    fn last_in(&mut self, owner: usize, level: usize) -> Option<usize> {
        let part = self.document().last_within(owner, level);
        let lead = *self.part(part)?.leads.get(level)?;
        match lead.checked_sub(1) {
            Some(last) => Some(parts::number(part, last)),
            None => self.last_block_of(0..part),
        }
    }

    /// The block itself, or the summary of what it is folded in.
    pub(super) fn shown(&mut self, block: usize) -> usize {
        let folded = self.folded_around(block);
        folded.map_or(block, |(summary, _)| summary)
    }

    /// Whether a block is folded away.
    pub fn is_hidden(&mut self, block: usize) -> bool {
        self.folded_around(block).is_some()
    }

    /// The summary of the innermost details in which a block stands.
    pub fn summary_over(&mut self, block: usize) -> Option<usize> {
        let (part, index) = parts::split(block);
        let held = self.part(part)?;
        if let Some(innermost) = around(&held, index).last() {
            return Some(parts::number(part, innermost.summary));
        }
        let mut before = begun_before(&held, index).rev();
        before.find_map(|level| Some(self.begun(part, level)?.0))
    }

    /// Opens or folds the details of which `block` is the summary.
    pub fn fold(&mut self, block: usize, open: bool) {
        self.folds.insert(block, open);
        self.set.remove(&block);
    }

    /// Opens all in which a block is folded, and says what that was.
    pub fn reveal(&mut self, block: usize) -> Vec<usize> {
        let mut opened = Vec::new();
        while let Some((summary, _)) = self.folded_around(block) {
            self.fold(summary, true);
            opened.push(summary);
        }
        opened
    }

    /// Opens and folds what was opened and folded in an earlier text of the same story.
    pub fn fold_as(&mut self, before: &mut Layout) {
        for (block, open) in before.folds.clone() {
            let summary = before.read_block(block).cloned();
            let same = summary.and_then(|it| self.same_block(block, &it));
            if let Some(same) = same {
                self.fold(same, open);
            }
        }
    }

    /// The numbers of the footnotes that these lines refer to, each once.
    pub fn references(&self, page: &[Spot]) -> Vec<usize> {
        let mut numbers = Vec::new();
        for line in page.iter().filter_map(|spot| self.line(*spot)) {
            for link in line.segments.iter().filter_map(|it| it.link) {
                let number = self.link(link).and_then(|it| it.strip_prefix(NOTE));
                if let Some(number) = number.and_then(|it| it.parse().ok())
                    && !numbers.contains(&number)
                {
                    numbers.push(number);
                }
            }
        }
        numbers
    }

    /// The lines of a footnote; none if the text that is there has no such note.
    pub fn footnote(&mut self, number: usize) -> Vec<Spot> {
        let Some(part) = self.document().parts().checked_sub(1) else {
            return Vec::new();
        };
        let Some(held) = self.part(part) else {
            return Vec::new();
        };
        let found = held.footnotes.iter().find(|it| it.number == number);
        let blocks = found.map_or(0..0, |it| it.blocks.clone());
        let mut lines = Vec::new();
        for (index, at) in blocks.enumerate() {
            let block = parts::number(part, at);
            // What sets the note apart from the text is not part of it.
            let gap = index == 0 && held.blocks.get(at).is_some_and(|it| it.gap);
            let all = self.lines(block).len();
            lines.extend((usize::from(gap)..all).map(|line| Spot { block, line }));
        }
        lines
    }

    /// The byte of a block that its first reference to a footnote begins with.
    pub fn reference(&mut self, block: usize, number: usize) -> Option<usize> {
        let wanted = format!("{NOTE}{number}");
        self.read_block(block)?;
        let mut references = self.block(block)?.references();
        let found = references.find(|(_, link)| self.link(*link) == Some(&wanted));
        found.map(|(offset, _)| offset)
    }
}

impl Document {
    /// The details that a part begins within, outermost first: the parts in which those begin.
    pub(super) fn within(&self, part: usize) -> &[usize] {
        match self.parts.get(part) {
            Some(Held::Piece(piece)) => &piece.within,
            _ => &[],
        }
    }

    /// The last part that begins within the details which are the outermost but `level` and begin in
    /// part `owner`.
    pub(super) fn last_within(&self, owner: usize, level: usize) -> usize {
        let after = self.parts.get(owner + 1..).unwrap_or_default();
        owner
            + after.partition_point(|it| match it {
                Held::Piece(piece) => piece.within.get(level) == Some(&owner),
                Held::Read(_) => false,
            })
    }
}

/// The details in which a block of a part stands and which begin before that part, outermost first.
fn begun_before(part: &Part, index: usize) -> impl DoubleEndedIterator<Item = usize> + use<> {
    // Those that end later stand around the others.
    0..part.leads.iter().take_while(|lead| index < **lead).count()
}

/// The details in which a block of a part stands and which begin there, outermost first.
fn around(part: &Arc<Part>, index: usize) -> impl Iterator<Item = &Details> {
    let before = part.details.iter().take_while(move |it| it.summary < index);
    before.filter(move |it| (it.content..it.end).contains(&index))
}
