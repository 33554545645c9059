//! A document, read in parts: a short text is one, a long one is divided, and each part is read when
//! a page, a search or the outline needs it.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use pulldown_cmark::{BrokenLink, CowStr, Parser};

use super::{
    Hyphenation,
    block::{Block, Body, LinkId, Marks, Role, Text},
    compared::Grams,
    cut::{self, Piece, Shared},
    markdown,
    picture::Picture,
    pieces::{of_lines, spread},
};
use crate::story::markdown::{extensions, settled};

pub(super) use super::part::{Kind, Part, number, split};

/// Where a reference to a footnote leads, before the note's number.
pub(super) const NOTE: &str = "#fn-";

/// What the place of that reference is called, before the same number.
pub(super) const REFERENCE: &str = "fnref-";

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
                    table.head.fill_with(Text::default);
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
        number_headings(&survey.headings, &mut survey.anchors);
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

impl Document {
    /// Has the tables that a piece with this text begins in, or ends in, be measured as in all of their
    /// pieces.
    pub(super) fn measure_tables(&self, piece: usize, text: &str, part: &mut Part) {
        if let Some(Body::Table(table)) = part.blocks.last_mut().map(|it| &mut it.body)
            && piece + 1 < self.parts() + usize::from(self.is_partial())
            && text
                .lines()
                .next_back()
                .is_some_and(|it| !it.trim().is_empty())
        {
            table.measure_by_sample();
        }
        if let Some(sample) = self.sample_before(piece)
            && let Some(Body::Table(table)) = part.blocks.first_mut().map(|it| &mut it.body)
        {
            table.sample = sample;
        }
    }

    /// The rows by which the table is measured that a piece begins in, its head first: those that
    /// the piece in which it begins has for it.
    pub(super) fn sample_before(&self, piece: usize) -> Option<Vec<Vec<Text>>> {
        let of = |index: usize| match self.parts.get(index) {
            Some(Held::Piece(piece)) => Some(piece),
            _ => None,
        };
        let head = of(piece)?.opening.as_deref()?;
        let mut first = piece;
        while of(first)?.opening.as_deref() == Some(head) {
            first = first.checked_sub(1)?;
        }
        let text = self.source.get(of(first)?.range.clone())?;
        let rows = text.get(text.rfind(head)? + head.len()..)?;
        let rows: Vec<&str> = rows.lines().collect();
        let mut sample = head.to_owned();
        for row in spread(rows.len()).filter_map(|at| rows.get(at)) {
            sample.push_str(row);
            sample.push('\n');
        }
        let body = markdown::parse(&sample).blocks.into_iter().next()?.body;
        let Body::Table(table) = body else {
            return None;
        };
        Some([table.head].into_iter().chain(table.rows).collect())
    }
}

/// Names the headings that repeat the words of an earlier one, as GitHub does: `alpha-1`, `alpha-2`.
pub(super) fn number_headings(headings: &[Heading], anchors: &mut HashMap<String, usize>) {
    let mut times: HashMap<String, usize> = HashMap::new();
    for heading in headings.iter().filter(|it| it.level > 0) {
        let name = markdown::slug(&heading.text);
        // Where no link may lead to the first one, none leads to the others.
        if !anchors.contains_key(&name) {
            continue;
        }
        let Some(times) = times.get_mut(&name) else {
            times.insert(name, 0);
            continue;
        };
        let numbered = loop {
            *times += 1;
            let numbered = format!("{name}-{times}");
            if !anchors.contains_key(&numbered) {
                break numbered;
            }
        };
        anchors.insert(numbered, heading.block);
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
        let mut texts: Vec<&Text> = Vec::new();
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
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
