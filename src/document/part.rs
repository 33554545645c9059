//! A part of a document: blocks that follow each other, whoever reads them.

use std::{collections::HashMap, ops::Range};

use super::{
    block::{Block, Body, LinkId, Text},
    picture::Picture,
};

/// Numbers that the blocks of one part have to themselves. Their order is that of the text.
const STRIDE: usize = 1 << 20;

/// The number of the block at `index` in a part.
pub(super) fn number(part: usize, index: usize) -> usize {
    part * STRIDE + index
}

/// The part that a block, or a link, is of, and its index there.
pub(super) fn split(number: usize) -> (usize, usize) {
    (number / STRIDE, number % STRIDE)
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

/// A footnote where it stands: behind the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Footnote {
    /// The number that refers to it.
    pub number: usize,
    /// Its blocks.
    pub blocks: Range<usize>,
    /// The link back to where it is referred to.
    pub back: LinkId,
}

/// A stretch of blocks that a summary stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Details {
    /// The block of the summary.
    pub summary: usize,
    /// The first block of what is folded.
    pub content: usize,
    /// The block behind the last one.
    pub end: usize,
    /// Whether it shows unless its reader folds it.
    pub open: bool,
    /// Whether it goes on in the next part.
    pub goes_on: bool,
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

impl Block {
    /// Counts the numbers of its links up by so many.
    fn shift_links(&mut self, by: usize) {
        if by == 0 {
            return;
        }
        let shift = |text: &mut Text| {
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
