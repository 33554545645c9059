//! A document set to a measure, block by block and only where it is looked at.

use std::{collections::HashMap, ops::Range, sync::Arc};

use super::{
    Hyphenation,
    bidi::{self, Rtl},
    block::{Block, Body, LinkId, Role, Token, Tokens},
    fixed::{center, code_lines, formula_lines, rule},
    lines::{Line, Segment},
    margins::{CODE_INDENT, indented, lead_back, margins, mirrored, pictured},
    paragraph::{self, Division},
    parts::{self, Document, Part},
    picture::{Extent, Frame, Picture, PictureRow, say_absent},
    table,
    width::width,
};

/// Set blocks that are kept; when there are more, all are let go but what is asked for next.
const KEPT: usize = 1024;

/// Parts that are kept; when there are more, all are let go but the one that is asked for next.
const KEPT_PARTS: usize = 16;

/// How a document is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Width of the text column in cells.
    pub measure: u16,
    /// Cells right of the column that nothing else stands in: tables and code that are wider than
    /// the measure may take them.
    pub free: u16,
    /// Whether words may be divided at line ends.
    pub hyphenate: bool,
    /// Whether the lines of running text end at one edge.
    pub justify: bool,
    /// What is done with text from right to left.
    pub rtl: Rtl,
}

/// A line of the layout: which block, and which of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Spot {
    /// Index of the block.
    pub block: usize,
    /// Index of the line in it.
    pub line: usize,
}

/// Sets blocks on demand and keeps them. What it holds can be thrown away and made again: it is no
/// state, and a [`Spot`] means something only as long as the setting stays; what lasts is a block
/// and an offset in it.
#[derive(Debug, Clone)]
pub struct Layout {
    document: Arc<Document>,
    setting: Setting,
    /// What there is for pictures, where they are drawn.
    frame: Option<Frame>,
    /// The pictures, where more are known than the document knew when it was opened.
    pictures: Option<Arc<[Picture]>>,
    pub(super) set: HashMap<usize, Arc<[Line]>>,
    /// Parts that were read, by their indexes.
    pub(super) parts: HashMap<usize, Arc<Part>>,
    /// What stands in blocks of code, where it is known.
    tokens: HashMap<usize, Tokens>,
    /// Whether details may be folded, and notes lead back; on paper nobody could do anything with that.
    pub(super) live: bool,
    /// Details that the reader opened or folded, by the blocks of their summaries.
    pub(super) folds: HashMap<usize, bool>,
    /// What stands after the last line, a part behind those of the document.
    pub(super) after: Option<Part>,
}

impl Layout {
    /// Nothing is set yet.
    pub fn new(document: Arc<Document>, setting: Setting) -> Self {
        Layout {
            document,
            setting,
            frame: None,
            pictures: None,
            set: HashMap::new(),
            parts: HashMap::new(),
            tokens: HashMap::new(),
            live: false,
            folds: HashMap::new(),
            after: None,
        }
    }

    /// The same for someone who can fold and follow what is set.
    pub fn live(document: Arc<Document>, setting: Setting) -> Self {
        Layout {
            live: true,
            ..Layout::new(document, setting)
        }
    }

    /// Sets the document anew, in another way.
    pub fn set_anew(&mut self, setting: Setting) {
        self.setting = setting;
        self.set.clear();
    }

    /// Sets room for pictures aside, or none. Whether that is another room than before: then all is
    /// set anew.
    pub fn make_room(&mut self, frame: Option<Frame>) -> bool {
        let other = self.frame != frame;
        if other {
            self.frame = frame;
            if !self.pictures().is_empty() {
                self.set.clear();
            }
        }
        other
    }

    /// The pictures that are known, in reading order.
    pub fn pictures(&self) -> &[Picture] {
        match &self.pictures {
            Some(all) => all,
            None => &self.document.pictures,
        }
    }

    /// Takes all pictures of a long text of which only some were known.
    pub fn take_pictures(&mut self, pictures: Arc<[Picture]>) {
        self.pictures = Some(pictures);
        self.set.clear();
    }

    /// The picture of a block, where it is drawn: its number, its cells, and how far it is indented.
    pub fn picture(&self, block: usize) -> Option<(usize, Extent, u16)> {
        let frame = self.frame?;
        let pictures = self.pictures();
        let index = pictures.binary_search_by_key(&block, |it| it.block).ok()?;
        let drawable = pictures.get(index)?.drawable.as_ref()?;
        let measure = usize::from(self.setting.measure).max(1);
        let it = self.block(block)?;
        let (_, margin) = margins(&it.nest, it.depth, measure / 2, false);
        let indent = width(&text_of(&margin)).min(measure - 1);
        let extent = drawable.extent(frame, measure - indent)?;
        Some((index, extent, indent as u16))
    }

    /// The row of a picture that stands at `spot`.
    pub fn picture_row(&self, spot: Spot) -> Option<PictureRow> {
        let (picture, extent, indent) = self.picture(spot.block)?;
        let gap = usize::from(self.block(spot.block)?.gap);
        let row = u16::try_from(spot.line.checked_sub(gap)?).ok()?;
        (row < extent.rows).then_some(PictureRow {
            picture,
            row,
            extent,
            indent,
        })
    }

    /// Takes what stands in blocks of code ([`highlight`](super::highlight())); their lines keep
    /// their places.
    pub fn colour(&mut self, tokens: Vec<(usize, Tokens)>) {
        for (block, _) in &tokens {
            self.set.remove(block);
        }
        self.tokens.extend(tokens);
    }

    /// The document that is set.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// How it is set.
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// The line at `spot`, if its block was set before.
    pub fn line(&self, spot: Spot) -> Option<&Line> {
        self.set.get(&spot.block)?.get(spot.line)
    }

    /// The lines of a block, set now if they were not. A block that does not exist has none.
    pub fn lines(&mut self, block: usize) -> Arc<[Line]> {
        if let Some(lines) = self.set.get(&block) {
            return Arc::clone(lines);
        }
        if self.set.len() >= KEPT {
            self.set.clear();
        }
        let (part, index) = parts::split(block);
        let part = self.part(part);
        let picture = self.picture(block).map_or(0, |(_, extent, _)| extent.rows);
        let folded = self.is_open(block) == Some(false);
        let it = part.as_ref().and_then(|part| part.blocks.get(index));
        let mut lines = it
            .map(|it| {
                let tokens = self.tokens.get(&block).map(Vec::as_slice);
                let tokens = tokens.unwrap_or_default();
                let with = (picture, folded);
                set(it, self.setting, &self.document, tokens, with)
            })
            .unwrap_or_default();
        let pictures = self.pictures();
        let here = pictures.binary_search_by_key(&block, |it| it.block);
        let why = here.ok().and_then(|at| pictures[at].why_absent(self.frame));
        if let Some(why) = why {
            say_absent(&mut lines, why, self.setting.measure.into());
        }
        let note = part.as_ref().filter(|_| self.live);
        let note = note.and_then(|part| {
            let notes = &part.footnotes;
            let at = notes.partition_point(|it| it.blocks.end <= index);
            notes.get(at).filter(|it| it.blocks.end == index + 1)
        });
        if let Some(note) = note {
            let back = parts::number(parts::split(block).0, note.back);
            lead_back(&mut lines, back, usize::from(self.setting.measure));
        }
        let lines: Arc<[Line]> = lines.into();
        self.set.insert(block, Arc::clone(&lines));
        lines
    }

    /// A part of the document, read now if it was not.
    pub(super) fn part(&mut self, index: usize) -> Option<Arc<Part>> {
        if let Some(part) = self.parts.get(&index) {
            return Some(Arc::clone(part));
        }
        let after = || {
            let after = self.after.as_ref()?;
            (index == self.document.parts()).then(|| Arc::new(after.clone().finished(index)))
        };
        let part = self.document.part(index).or_else(after)?;
        if self.parts.len() >= KEPT_PARTS {
            self.parts.clear();
        }
        self.parts.insert(index, Arc::clone(&part));
        Some(part)
    }

    /// A block whose part was read before: those of the page were.
    pub fn block(&self, block: usize) -> Option<&Block> {
        let (part, index) = parts::split(block);
        self.parts.get(&part)?.blocks.get(index)
    }

    /// The same, of a part that is read now if it was not.
    pub fn read_block(&mut self, block: usize) -> Option<&Block> {
        self.part(parts::split(block).0)?;
        self.block(block)
    }

    /// Where a link of the page leads.
    pub fn link(&self, link: LinkId) -> Option<&str> {
        let (part, index) = parts::split(link);
        self.parts.get(&part)?.links.get(index).map(String::as_str)
    }

    /// The block after another one, of those that show.
    pub fn next_block(&mut self, block: usize) -> Option<usize> {
        let mut next = self.following(block)?;
        while let Some((_, last)) = self.folded_around(next) {
            next = self.following(last)?;
        }
        Some(next)
    }

    fn following(&mut self, block: usize) -> Option<usize> {
        let (part, index) = parts::split(block);
        let blocks = |it: Arc<Part>| it.blocks.len();
        if self.part(part).map_or(0, blocks) > index + 1 {
            return Some(block + 1);
        }
        let mut parts = part + 1..self.all_parts();
        // What only defines links has no blocks.
        let next = parts.find(|part| self.part(*part).map_or(0, blocks) > 0)?;
        Some(parts::number(next, 0))
    }

    /// The block before another one, of those that show.
    pub fn previous_block(&mut self, block: usize) -> Option<usize> {
        let (part, index) = parts::split(block);
        let before = match index {
            0 => self.last_block_of(0..part)?,
            _ => block - 1,
        };
        Some(self.shown(before))
    }

    /// The last block of the last of some parts that has any.
    pub(super) fn last_block_of(&mut self, parts: Range<usize>) -> Option<usize> {
        parts.rev().find_map(|part| {
            let last = self.part(part)?.blocks.len().checked_sub(1)?;
            Some(parts::number(part, last))
        })
    }

    fn last_block(&mut self) -> usize {
        let parts = self.all_parts();
        let last = self.last_block_of(0..parts).unwrap_or(0);
        self.shown(last)
    }

    /// The block nearest to a number that was kept, of a text that may have changed since.
    pub fn nearest(&mut self, block: usize) -> usize {
        let (part, index) = parts::split(block);
        let last = self.last_block_of(0..self.all_parts().min(part + 1));
        let last = last.unwrap_or(0);
        match parts::split(last) {
            (same, most) if same == part => parts::number(part, index.min(most)),
            _ => last,
        }
    }

    /// The nearest block in the same part that says the same as `wanted`, which stood at `block`.
    pub fn same_block(&mut self, block: usize, wanted: &Block) -> Option<usize> {
        let (part, index) = parts::split(block);
        let blocks = &self.part(part)?.blocks;
        let same = (0..blocks.len()).filter(|at| blocks[*at].says_the_same(wanted));
        let nearest = same.min_by_key(|at| at.abs_diff(index))?;
        Some(parts::number(part, nearest))
    }

    /// The block nearest to `block` that has this [print](Block::print), in its part and those beside it.
    pub fn printed(&mut self, block: usize, print: i64) -> Option<usize> {
        if print == 0 {
            return None;
        }
        let (part, index) = parts::split(block);
        [Some(part), part.checked_sub(1), part.checked_add(1)]
            .into_iter()
            .flatten()
            .find_map(|part| {
                let blocks = &self.part(part)?.blocks;
                let same = (0..blocks.len()).filter(|at| blocks[*at].print() == print);
                let nearest = same.min_by_key(|at| at.abs_diff(index))?;
                Some(parts::number(part, nearest))
            })
    }

    /// How much of the text stands before byte `offset` of block `block`: 0 at the start, 1 at the
    /// end.
    pub fn fraction(&self, block: usize, offset: usize) -> f64 {
        let part = self.parts.get(&parts::split(block).0);
        self.document.fraction(part.map(Arc::as_ref), block, offset)
    }

    /// Takes the whole of a document of which it had the beginning. What was set is set anew when it is
    /// looked at: the rest may say where its links lead.
    pub fn complete(&mut self, document: Arc<Document>) {
        self.document = document;
        self.pictures = None;
        self.after = None;
        self.set.clear();
        self.parts.clear();
    }

    /// The `height` lines that show from `top` on; at the end of the document `top` goes up, so that
    /// the page is full.
    pub fn full_page(&mut self, top: &mut Spot, height: usize) -> Vec<Spot> {
        let page = self.page(*top, height);
        if page.len() >= height {
            return page;
        }
        let end = self.end();
        *top = self.up(end, height.saturating_sub(1));
        self.page(*top, height)
    }

    /// The spot `count` lines below `from`, or the last one.
    pub fn down(&mut self, from: Spot, count: usize) -> Spot {
        let (mut spot, mut left) = (from, count);
        loop {
            let lines = self.lines(spot.block).len();
            let room = lines.saturating_sub(spot.line + 1);
            if left <= room {
                return Spot {
                    line: spot.line + left,
                    ..spot
                };
            }
            let Some(block) = self.next_block(spot.block) else {
                return Spot {
                    line: spot.line + room,
                    ..spot
                };
            };
            left -= room + 1;
            spot = Spot { block, line: 0 };
        }
    }

    /// The spot `count` lines above `from`, or the first one.
    pub fn up(&mut self, from: Spot, count: usize) -> Spot {
        let (mut spot, mut left) = (from, count);
        loop {
            if left <= spot.line {
                return Spot {
                    line: spot.line - left,
                    ..spot
                };
            }
            let Some(block) = self.previous_block(spot.block) else {
                return Spot { line: 0, ..spot };
            };
            left -= spot.line + 1;
            spot = Spot {
                block,
                line: self.lines(block).len().saturating_sub(1),
            };
        }
    }

    /// Calls `of` with every line from the first on, as long as that wants more.
    pub fn each_line(&mut self, mut of: impl FnMut(&Line) -> bool) {
        let mut next = Some(self.start().block);
        while let Some(block) = next {
            if !self.lines(block).iter().all(&mut of) {
                return;
            }
            next = self.next_block(block);
        }
    }

    /// The first line.
    pub fn start(&mut self) -> Spot {
        let block = match self.part(0) {
            Some(part) if part.blocks.is_empty() => self.next_block(0).unwrap_or(0),
            _ => 0,
        };
        Spot { block, line: 0 }
    }

    /// The last line.
    pub fn end(&mut self) -> Spot {
        let block = self.last_block();
        Spot {
            block,
            line: self.lines(block).len().saturating_sub(1),
        }
    }

    /// The line in which byte `offset` of block `block` stands.
    pub fn spot(&mut self, block: usize, offset: usize) -> Spot {
        let wanted = self.nearest(block);
        let block = self.shown(wanted);
        let offset = if block == wanted { offset } else { 0 };
        let lines = self.lines(block);
        // The empty line before a block begins with the same offset as the block's first.
        let line = lines.partition_point(|line| line.offset <= offset);
        let line = if offset == 0 {
            0
        } else {
            line.saturating_sub(1)
        };
        Spot { block, line }
    }

    /// The byte of its block that the line at `spot` begins with.
    pub fn offset(&mut self, spot: Spot) -> usize {
        self.lines(spot.block)
            .get(spot.line)
            .map_or(0, |line| line.offset)
    }

    /// Up to `height` lines from `top` on, set and ready to be drawn.
    pub fn page(&mut self, top: Spot, height: usize) -> Vec<Spot> {
        let mut page = Vec::with_capacity(height);
        let mut spot = top;
        while page.len() < height {
            let lines = self.lines(spot.block).len();
            page.extend((spot.line..lines).map(|line| Spot { line, ..spot }));
            let Some(block) = self.next_block(spot.block) else {
                break;
            };
            spot = Spot { block, line: 0 };
        }
        page.truncate(height);
        self.hold(&page);
        page
    }

    /// Sets again what was let go of these lines while the last of them were set.
    pub fn hold(&mut self, page: &[Spot]) {
        for spot in page {
            self.part(parts::split(spot.block).0);
            self.lines(spot.block);
        }
    }
}

fn set(
    block: &Block,
    setting: Setting,
    document: &Document,
    tokens: &[(Range<usize>, Token)],
    (picture, folded): (u16, bool),
) -> Vec<Line> {
    let measure = usize::from(setting.measure).max(1);
    let hyphenation = match &block.language {
        Some(tag) => Hyphenation::of_language(tag),
        None => document.hyphenation,
    };
    let division = match hyphenation {
        _ if !setting.hyphenate => Division::Never,
        Some(patterns) => Division::Patterns(patterns),
        None => Division::Never,
    };
    // Deep nesting leaves at least half of the measure to the text.
    let (first, rest) = margins(&block.nest, block.depth, measure / 2, folded);
    let (first, rest) = match &block.body {
        Body::Code(it) if it.formula.is_none() && measure > 4 * CODE_INDENT => {
            (indented(first), indented(rest))
        }
        _ if picture == 0 && measure > 4 * CODE_INDENT && block.is_picture() => {
            pictured(first, rest)
        }
        _ => (first, rest),
    };
    let room = measure - width(&text_of(&rest)).min(measure - 1);
    let mut lines = match &block.body {
        Body::Text { role, text } => {
            // Titles and headings are looked at, not read: a divided word disturbs there.
            let division = match (role, division) {
                (Role::Plain, _) => division,
                (_, Division::Patterns(patterns)) => Division::Long(patterns),
                (_, division) => division,
            };
            if setting.justify && *role == Role::Plain {
                paragraph::justified(text, *role, room, division, setting.rtl)
            } else {
                paragraph::set(text, *role, room, division, setting.rtl)
            }
        }
        Body::Code(code) => match &code.formula {
            Some(formula) => {
                let most = room + usize::from(setting.free);
                formula_lines(&code.text, formula, room, most)
            }
            None => code_lines(&code.text, tokens),
        },
        Body::Table(table) => {
            let rooms = (room, room + usize::from(setting.free));
            table::set(table, rooms, division, setting.rtl)
        }
        Body::Rule => vec![rule(room)],
    };
    if let Body::Text {
        role: Role::Math, ..
    } = &block.body
    {
        center(&mut lines, room);
    }
    // A picture stands over its words.
    let room_for_picture = (0..picture).map(|_| Line::default());
    lines.splice(0..0, room_for_picture);
    let from_right = match &block.body {
        Body::Text { text, .. } => bidi::begins_right(&text.text, setting.rtl),
        _ => false,
    };
    for (index, line) in lines.iter_mut().enumerate() {
        let margin = if index == 0 { &first } else { &rest };
        if from_right {
            // What hangs before a paragraph hangs where that begins.
            line.segments.extend(margin.iter().rev().map(mirrored));
            continue;
        }
        line.margin = margin.len();
        line.segments.splice(0..0, margin.iter().cloned());
    }
    if block.gap {
        let joined = &block.nest[..block.joined.min(block.nest.len())];
        let depth = match joined.len() < block.nest.len() {
            true => joined.len(),
            false => block.depth,
        };
        let (_, margin) = margins(joined, depth, measure / 2, false);
        let mut gap = Line {
            margin: margin.len(),
            segments: margin,
            ..Line::default()
        };
        if from_right {
            let room = measure.saturating_sub(gap.width());
            gap.segments = gap.segments.iter().rev().map(mirrored).collect();
            gap.segments.insert(0, Segment::furniture(" ".repeat(room)));
        }
        lines.insert(0, gap);
    }
    lines
}

fn text_of(segments: &[Segment]) -> String {
    segments.iter().map(|s| s.text.as_str()).collect()
}
