//! A document, read in parts: a short text is one, a long one is divided, and each part is read when
//! a page, a search or the outline needs it.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use pulldown_cmark::{BrokenLink, CowStr, Parser};

use super::{
    Hyphenation,
    block::{Block, Body, LinkId, Marks, Role},
    build,
    cut::{self, Piece, Shared},
    markdown::{self, Details, Footnote},
    picture::Picture,
    pieces::of_lines,
    search::Grams,
};
use crate::story::markdown::{extensions, settled};

/// Numbers that the blocks of one part have to themselves. Their order is that of the text.
const STRIDE: usize = 1 << 20;

/// Where a reference to a footnote leads, before the note's number.
pub(super) const NOTE: &str = "#fn-";

/// What the place of that reference is called, before the same number.
pub(super) const REFERENCE: &str = "fnref-";

/// The number of the block at `index` in a part.
pub(super) fn number(part: usize, index: usize) -> usize {
    part * STRIDE + index
}

/// The part that a block, or a link, is of, and its index there.
pub(super) fn split(number: usize) -> (usize, usize) {
    (number / STRIDE, number % STRIDE)
}

/// A story's body, free of any width: blocks in reading order, flat, each with what it stands in.
///
/// Flat, because a page of a long text then costs what the page holds: a list of 100,000 items is
/// 100,000 blocks, of which the screen asks for twenty. Blocks are known by numbers that grow in
/// reading order, with gaps between parts.
#[derive(Debug, Default)]
pub struct Document {
    pub(super) parts: Vec<Held>,
    /// The text of the parts that are read when they are needed.
    pub(super) source: Arc<String>,
    pub(super) kind: Kind,
    pub(super) shared: Shared,
    /// What stands before the first of those parts, and after the last.
    pub(super) front: Part,
    pub(super) back: Part,
    /// Words of the whole, as reading time counts them.
    pub words: usize,
    /// How its words may be divided, if its language is known.
    pub hyphenation: Option<Hyphenation>,
    /// Pictures that stand by themselves, in reading order; of a long text those that were gathered.
    pub pictures: Vec<Picture>,
    /// Bytes of the text that are still on their way.
    pub(super) missing: u64,
    /// Cells of the text before each of those parts, about, and of all of them.
    pub(super) passed: Vec<u64>,
    /// The piece that begins with those: what goes on in it.
    pub(super) behind: Option<Piece>,
    /// Headings of all parts, once somebody gathered them.
    pub(super) survey: OnceLock<Survey>,
}

/// A part of a document, read or not.
#[derive(Debug)]
pub(super) enum Held {
    Read(Arc<Part>),
    Piece(Piece),
}

/// How the text of a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Markdown,
    /// Line by line, as it stands.
    Source,
}

/// Blocks that follow each other, with where they lead. Indexes count from its own beginning.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// In reading order.
    pub blocks: Vec<Block>,
    /// Where each link leads.
    pub links: Vec<String>,
    /// Names that a link `#name` may lead to, with their block.
    pub anchors: HashMap<String, usize>,
    /// Pictures that stand by themselves, in reading order.
    pub(super) pictures: Vec<Picture>,
    /// Footnotes, in the order of their numbers.
    pub(super) footnotes: Vec<Footnote>,
    /// What can be folded, in the order of the summaries.
    pub(super) details: Vec<Details>,
    /// How many of its blocks stand in each of the details that it begins within, outermost first.
    pub(super) leads: Vec<usize>,
    /// `weights[i]` is the cells of text before block `i`, about; one entry more than there are blocks.
    pub(super) weights: Vec<u64>,
}

/// A heading of the body, or the title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The number of its block.
    pub block: usize,
    /// 1 to 6; 0 for the title.
    pub level: u8,
    /// What it says.
    pub text: String,
}

/// What is known of a document once all of it was read.
#[derive(Debug, Default)]
pub(super) struct Survey {
    headings: Vec<Heading>,
    anchors: HashMap<String, usize>,
    /// Pictures that stand by themselves; of a short text none.
    pictures: Vec<Picture>,
    /// What stands in each part; of a short text nothing.
    grams: Vec<Grams>,
}

impl Part {
    /// Adds the blocks of `other`, with their links and names.
    ///
    /// Only the first part has something before it, and that begins within nothing.
    pub(super) fn append(&mut self, other: Part) {
        let (blocks, links) = (self.blocks.len(), self.links.len());
        self.blocks
            .extend(other.blocks.into_iter().map(|mut block| {
                block.shift_links(links);
                block
            }));
        self.links.extend(other.links);
        for (name, block) in other.anchors {
            self.anchors.entry(name).or_insert(block + blocks);
        }
        self.footnotes
            .extend(other.footnotes.into_iter().map(|it| Footnote {
                blocks: it.blocks.start + blocks..it.blocks.end + blocks,
                back: it.back + links,
                ..it
            }));
        self.details
            .extend(other.details.into_iter().map(|it| Details {
                summary: it.summary + blocks,
                content: it.content + blocks,
                end: it.end + blocks,
                ..it
            }));
        self.pictures
            .extend(other.pictures.into_iter().map(|it| Picture {
                block: it.block + blocks,
                ..it
            }));
    }

    /// Counts up what positions are measured against, and gives its links their numbers. To be called
    /// once all blocks are there.
    pub(super) fn finished(mut self, part: usize) -> Self {
        let mut sum = 0;
        self.weights = std::iter::once(0)
            .chain(self.blocks.iter().map(|block| {
                sum += block.weight().max(1);
                sum
            }))
            .collect();
        for block in &mut self.blocks {
            block.shift_links(number(part, 0));
        }
        self
    }

    pub(super) fn weight(&self) -> u64 {
        self.weights.last().copied().unwrap_or(0)
    }
}

impl Document {
    /// A document that is read already.
    pub(super) fn of_part(mut part: Part) -> Self {
        Document {
            pictures: std::mem::take(&mut part.pictures),
            parts: vec![Held::Read(Arc::new(part.finished(0)))],
            ..Document::default()
        }
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// A part, read now if it was not; none beyond the last.
    pub fn part(&self, index: usize) -> Option<Arc<Part>> {
        let piece = match self.parts.get(index)? {
            Held::Read(part) => return Some(Arc::clone(part)),
            Held::Piece(piece) => piece,
        };
        let text = self.source.get(piece.range.clone()).unwrap_or_default();
        let last = index + 1 == self.parts.len() && self.missing == 0;
        let body = match self.kind {
            Kind::Markdown => {
                let next = match self.parts.get(index + 1) {
                    Some(Held::Piece(next)) => Some(next),
                    Some(Held::Read(_)) => None,
                    None => self.behind.as_ref(),
                };
                let mut part = self.read_markdown(piece, last, next);
                self.measure_tables(index, text, &mut part);
                part
            }
            Kind::Source => of_lines(text),
        };
        let mut part = if index == 0 {
            let mut front = self.front.clone();
            let apart = !front.blocks.is_empty();
            front.append(body);
            if let Some(first) = front.blocks.get_mut(self.front.blocks.len()) {
                first.gap = apart;
            }
            front
        } else {
            body
        };
        if last {
            part.append(self.back.clone());
        }
        Some(Arc::new(part.finished(index)))
    }

    /// Reads a piece of Markdown that another one follows, or none.
    /// The footnotes of all pieces stand in the last one.
    fn read_markdown(&self, piece: &Piece, last: bool, next: Option<&Piece>) -> Part {
        let whole = &self.source;
        let mut text = piece.opening.as_deref().unwrap_or_default().to_owned();
        text.push_str(whole.get(piece.range.clone()).unwrap_or_default());
        let mut notes = HashMap::new();
        for name in cut::note_labels(&text) {
            if let Some((number, defined)) = self.shared.notes.get(&name) {
                // A reference is one only where its note is defined.
                if !last && !piece.range.contains(&defined.start) {
                    text.push_str(&format!("\n\n[^{name}]: .\n"));
                }
                notes.insert(name, *number);
            }
        }
        if last {
            for (name, (number, defined)) in &self.shared.notes {
                if !piece.range.contains(&defined.start) {
                    text.push_str("\n\n");
                    text.push_str(whole.get(defined.clone()).unwrap_or_default());
                }
                notes.insert(name.clone(), *number);
            }
        }
        let resolve = |link: BrokenLink<'_>| {
            let address = self.shared.references.get(&cut::label(&link.reference))?;
            Some((CowStr::from(address.as_str()), CowStr::Borrowed("")))
        };
        let text = settled(&text);
        let going_on = next.map_or((0, &[][..]), Piece::around);
        let events = Parser::new_with_broken_link_callback(&text, extensions(), Some(resolve));
        let mut part =
            markdown::parse_piece(&text, events, (notes, last), (piece.around(), going_on));
        if let Some(first) = part.blocks.first_mut() {
            first.gap = !piece.goes_on;
            match &mut first.body {
                Body::Code(code) => code.goes_on |= piece.opening.is_some(),
                // Its head was read so that its rows are rows: it shows once.
                Body::Table(table) if piece.opening.is_some() => {
                    table.head.fill_with(super::Text::default);
                }
                _ => {}
            }
        }
        part
    }

    /// All blocks with their numbers, a part after the other.
    pub fn each_block(&self, mut of: impl FnMut(usize, &Block)) {
        for index in 0..self.parts.len() {
            let Some(part) = self.part(index) else {
                continue;
            };
            for (at, block) in part.blocks.iter().enumerate() {
                of(number(index, at), block);
            }
        }
    }

    /// The blocks from one on with their numbers, as long as `of` says that it goes on.
    pub(super) fn each_from(&self, block: usize, mut of: impl FnMut(usize, &Block) -> bool) {
        let (first, from) = split(block);
        for index in first..self.parts.len() {
            let Some(part) = self.part(index) else {
                continue;
            };
            let skipped = if index == first { from } else { 0 };
            for (at, block) in part.blocks.iter().enumerate().skip(skipped) {
                if !of(number(index, at), block) {
                    return;
                }
            }
        }
    }

    /// The same from one back to the first.
    pub(super) fn each_back(&self, block: usize, mut of: impl FnMut(usize, &Block) -> bool) {
        let (last, from) = split(block);
        for index in (0..self.parts.len().min(last.saturating_add(1))).rev() {
            let Some(part) = self.part(index) else {
                continue;
            };
            let taken = if index == last { from + 1 } else { usize::MAX };
            for (at, block) in part.blocks.iter().enumerate().take(taken).rev() {
                if !of(number(index, at), block) {
                    return;
                }
            }
        }
    }

    /// Gathers the pictures in so many of the first parts of a long text, and in the part of block
    /// `near`.
    pub fn gather_pictures(&mut self, parts: usize, near: Option<usize>) {
        if self.parts.iter().all(|it| matches!(it, Held::Read(_))) {
            return;
        }
        let mut wanted: Vec<usize> = (0..parts.min(self.parts.len())).collect();
        wanted.extend(near.map(|block| split(block).0).filter(|it| *it >= parts));
        let found = wanted.into_iter().flat_map(|part| self.pictures_of(part));
        self.pictures = found.collect();
    }

    /// The first pictures of all parts, at most so many.
    pub fn all_pictures(&self, most: usize) -> Vec<Picture> {
        let surveyed = self.survey.get().map(|it| &it.pictures[..]);
        surveyed
            .unwrap_or_default()
            .iter()
            .take(most)
            .cloned()
            .collect()
    }

    fn pictures_of(&self, part: usize) -> Vec<Picture> {
        // Most parts have none: those need not be read for it.
        let text = match self.parts.get(part) {
            Some(Held::Piece(piece)) => self.source.get(piece.range.clone()),
            _ => None,
        };
        let text = text.unwrap_or_default();
        let fronted = part == 0 && !self.front.pictures.is_empty();
        if !fronted && !text.contains("![") && !text.contains("<img") && !text.contains("<IMG") {
            return Vec::new();
        }
        let pictures = self.part(part).map(|it| it.pictures.clone());
        let pictures = pictures.unwrap_or_default().into_iter();
        pictures
            .map(|it| Picture {
                block: number(part, it.block),
                ..it
            })
            .collect()
    }

    /// Whether the rest of its text is still on its way.
    pub fn is_partial(&self) -> bool {
        self.missing > 0
    }

    /// Whether it has the block of this number, or will have it when it is whole.
    pub fn reaches(&self, block: usize) -> bool {
        split(block).0 < self.parts.len()
    }

    /// Gathers the headings of all parts, and what a search has to know of them. It takes about a
    /// second for 100 MB.
    pub fn survey(&self) {
        if self.missing == 0 {
            self.survey.get_or_init(|| self.surveyed());
        }
    }

    fn surveyed(&self) -> Survey {
        let mut survey = Survey::default();
        for index in 0..self.parts.len() {
            let Some(part) = self.part(index) else {
                continue;
            };
            for (at, block) in part.blocks.iter().enumerate() {
                let here = number(index, at);
                if let Some((level, text)) = block.heading() {
                    survey.headings.push(Heading {
                        block: here,
                        level,
                        text: text.to_owned(),
                    });
                }
                for (_, link) in block.references() {
                    let link = part.links.get(split(link).1);
                    if let Some(number) = link.and_then(|it| it.strip_prefix(NOTE)) {
                        let name = format!("{REFERENCE}{number}");
                        survey.anchors.entry(name).or_insert(here);
                    }
                }
            }
            if self.parts.len() > 1 {
                survey.grams.push(Grams::of(&part, self.kind));
                survey
                    .pictures
                    .extend(part.pictures.iter().map(|it| Picture {
                        block: number(index, it.block),
                        ..it.clone()
                    }));
            }
            for (name, at) in &part.anchors {
                let block = number(index, *at);
                let first = survey.anchors.entry(name.clone()).or_insert(block);
                *first = block.min(*first);
            }
        }
        build::number_headings(&survey.headings, &mut survey.anchors);
        survey
    }

    fn known(&self) -> Option<&Survey> {
        let is_read = |it: &Held| matches!(it, Held::Read(_));
        if self.parts.iter().all(is_read) {
            self.survey();
        }
        self.survey.get()
    }

    /// Has these be its headings: it has others than its text.
    pub(super) fn lead_to(&self, headings: Vec<Heading>) {
        let mut survey = self.surveyed();
        survey.headings = headings;
        let _ = self.survey.set(survey);
    }

    /// The headings in reading order, the title among them; none as long as those of a long text are
    /// not gathered.
    pub fn headings(&self) -> Option<&[Heading]> {
        self.known().map(|it| it.headings.as_slice())
    }

    /// Whether one of these folded texts may stand in a part.
    pub(super) fn may_hold(&self, part: usize, any: &[String]) -> bool {
        let grams = self.survey.get().and_then(|it| it.grams.get(part));
        grams.is_none_or(|it| it.may_hold(any))
    }

    /// The block of a name as it stands in the text. Of a long text whose headings are not gathered
    /// only footnotes are known.
    pub(super) fn anchor(&self, name: &str) -> Option<usize> {
        if let Some(survey) = self.known() {
            return survey.anchors.get(name).copied();
        }
        let last = self.parts.len().checked_sub(1)?;
        let block = self.part(last)?.anchors.get(name).copied()?;
        Some(number(last, block))
    }
}

impl Block {
    /// The level and the words of a heading of the body; 0 for the title.
    pub fn heading(&self) -> Option<(u8, &str)> {
        match &self.body {
            Body::Text { role, text } => match role {
                Role::Heading(level) => Some((*level, &text.text)),
                Role::Title => Some((0, &text.text)),
                _ => None,
            },
            _ => None,
        }
    }

    /// References to footnotes: bytes of its text that they begin with, and their links.
    pub(super) fn references(&self) -> impl Iterator<Item = (usize, LinkId)> {
        let mut texts: Vec<&super::Text> = Vec::new();
        match &self.body {
            Body::Text { text, .. } => texts.push(text),
            Body::Table(table) => {
                texts.extend([&table.head].into_iter().chain(&table.rows).flatten());
            }
            Body::Code(_) | Body::Rule => {}
        }
        let mut before = 0;
        texts.into_iter().flat_map(move |text| {
            let from = before;
            before += text.text.len();
            let runs = text.runs.iter().filter(|run| run.marks.has(Marks::NOTE));
            runs.filter_map(move |run| Some((from + run.range.start, run.link?)))
        })
    }

    /// Counts the numbers of its links up by so many.
    fn shift_links(&mut self, by: usize) {
        if by == 0 {
            return;
        }
        let shift = |text: &mut super::Text| {
            for run in &mut text.runs {
                run.link = run.link.map(|link| link + by);
            }
        };
        match &mut self.body {
            Body::Text { text, .. } => shift(text),
            Body::Table(table) => {
                let cells = table.rows.iter_mut().flatten();
                cells.chain(&mut table.head).for_each(shift);
            }
            Body::Code(_) | Body::Rule => {}
        }
    }
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
