//! A document set to a measure, block by block and only where it is looked at.

use std::{collections::HashMap, ops::Range, sync::Arc};

use super::{
    block::{Block, Body, Document, Nest, Role},
    highlight::{Token, Tokens},
    lines::{Line, Segment},
    paragraph::{self, Division},
    picture::{Extent, Frame, PictureRow},
    table,
    width::width,
};

/// Set blocks that are kept; when there are more, all are let go but what is asked for next.
const KEPT: usize = 1024;

/// Code stands so many cells to the right of the text around it.
const CODE_INDENT: usize = 2;

/// How a document is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Width of the text column in cells.
    pub measure: u16,
    /// Whether words may be divided at line ends.
    pub hyphenate: bool,
    /// Whether the lines of running text end at one edge.
    pub justify: bool,
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
    set: HashMap<usize, Arc<[Line]>>,
    /// What stands in blocks of code, where it is known.
    tokens: HashMap<usize, Tokens>,
}

impl Layout {
    /// Nothing is set yet.
    pub fn new(document: Arc<Document>, setting: Setting) -> Self {
        Layout {
            document,
            setting,
            frame: None,
            set: HashMap::new(),
            tokens: HashMap::new(),
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
            if !self.document.pictures.is_empty() {
                self.set.clear();
            }
        }
        other
    }

    /// The picture of a block, where it is drawn: its number, its cells, and how far it is indented.
    pub fn picture(&self, block: usize) -> Option<(usize, Extent, u16)> {
        let frame = self.frame?;
        let pictures = &self.document.pictures;
        let index = pictures.binary_search_by_key(&block, |it| it.block).ok()?;
        let drawable = pictures.get(index)?.drawable.as_ref()?;
        let measure = usize::from(self.setting.measure).max(1);
        let nest = &self.document.blocks.get(block)?.nest;
        let indent = width(&text_of(&margins(nest, measure / 2).1)).min(measure - 1);
        let extent = drawable.extent(frame, measure - indent)?;
        Some((index, extent, indent as u16))
    }

    /// The row of a picture that stands at `spot`.
    pub fn picture_row(&self, spot: Spot) -> Option<PictureRow> {
        let (picture, extent, indent) = self.picture(spot.block)?;
        let gap = usize::from(self.document.blocks.get(spot.block)?.gap);
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
        let picture = self.picture(block).map_or(0, |(_, extent, _)| extent.rows);
        let lines: Arc<[Line]> = self
            .document
            .blocks
            .get(block)
            .map(|it| {
                let tokens = self.tokens.get(&block).map(Vec::as_slice);
                let tokens = tokens.unwrap_or_default();
                set(it, self.setting, &self.document, tokens, picture)
            })
            .unwrap_or_default()
            .into();
        self.set.insert(block, Arc::clone(&lines));
        lines
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
            if spot.block + 1 >= self.document.blocks.len() {
                return Spot {
                    line: spot.line + room,
                    ..spot
                };
            }
            left -= room + 1;
            spot = Spot {
                block: spot.block + 1,
                line: 0,
            };
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
            if spot.block == 0 {
                return Spot::default();
            }
            left -= spot.line + 1;
            let block = spot.block - 1;
            spot = Spot {
                block,
                line: self.lines(block).len().saturating_sub(1),
            };
        }
    }

    /// The last line.
    pub fn end(&mut self) -> Spot {
        let block = self.document.blocks.len().saturating_sub(1);
        Spot {
            block,
            line: self.lines(block).len().saturating_sub(1),
        }
    }

    /// The line in which byte `offset` of block `block` stands.
    pub fn spot(&mut self, block: usize, offset: usize) -> Spot {
        let block = block.min(self.document.blocks.len().saturating_sub(1));
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
        while page.len() < height && spot.block < self.document.blocks.len() {
            let lines = self.lines(spot.block).len();
            page.extend((spot.line..lines).map(|line| Spot { line, ..spot }));
            spot = Spot {
                block: spot.block + 1,
                line: 0,
            };
        }
        page.truncate(height);
        page
    }
}

fn set(
    block: &Block,
    setting: Setting,
    document: &Document,
    tokens: &[(Range<usize>, Token)],
    picture: u16,
) -> Vec<Line> {
    let measure = usize::from(setting.measure).max(1);
    let division = match document.hyphenation {
        _ if !setting.hyphenate => Division::Never,
        Some(patterns) => Division::Patterns(patterns),
        None => Division::Forced,
    };
    // Deep nesting leaves at least half of the measure to the text.
    let (first, rest) = margins(&block.nest, measure / 2);
    let (first, rest) = match &block.body {
        Body::Code(_) if measure > 4 * CODE_INDENT => (indented(first), indented(rest)),
        _ => (first, rest),
    };
    let room = measure - width(&text_of(&rest)).min(measure - 1);
    let mut lines = match &block.body {
        Body::Text { role, text } => {
            // Titles and headings are looked at, not read: a divided word disturbs there.
            let division = match (role, division) {
                (Role::Plain, _) | (_, Division::Never) => division,
                _ => Division::Forced,
            };
            if setting.justify && *role == Role::Plain {
                paragraph::justified(text, *role, room, division)
            } else {
                paragraph::set(text, *role, room, division)
            }
        }
        Body::Code(code) => code_lines(&code.text, tokens),
        Body::Table(table) => table::set(table, room, division),
        Body::Rule => vec![rule(room)],
    };
    // A picture stands over its words.
    let room_for_picture = (0..picture).map(|_| Line::default());
    lines.splice(0..0, room_for_picture);
    for (index, line) in lines.iter_mut().enumerate() {
        let margin = if index == 0 { &first } else { &rest };
        line.margin = margin.len();
        line.segments.splice(0..0, margin.iter().cloned());
    }
    if block.gap {
        let joined = &block.nest[..block.joined.min(block.nest.len())];
        let (_, margin) = margins(joined, measure / 2);
        lines.insert(
            0,
            Line {
                margin: margin.len(),
                segments: margin,
                ..Line::default()
            },
        );
    }
    lines
}

/// A margin with the indent of code.
fn indented(mut margin: Vec<Segment>) -> Vec<Segment> {
    margin.push(Segment::furniture(" ".repeat(CODE_INDENT)));
    margin
}

/// What stands left of the text: on a block's first line, and on the others.
fn margins(nest: &[Nest], most: usize) -> (Vec<Segment>, Vec<Segment>) {
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let mut used = 0;
    for level in nest {
        let (marker, blank) = match level {
            Nest::Quote => (Segment::furniture("│ "), Segment::furniture("│ ")),
            Nest::Alert(kind) => {
                let bar = Segment {
                    role: Role::Alert(*kind),
                    ..Segment::furniture("┃ ")
                };
                (bar.clone(), bar)
            }
            Nest::Item { marker, indent } => {
                let indent = usize::from(*indent);
                let blank = " ".repeat(indent);
                let marker = match marker {
                    Some(marker) => {
                        format!(
                            "{marker}{}",
                            " ".repeat(indent.saturating_sub(width(marker)))
                        )
                    }
                    None => blank.clone(),
                };
                (Segment::furniture(marker), Segment::furniture(blank))
            }
        };
        used += width(&blank.text);
        if used > most {
            break;
        }
        first.push(marker);
        rest.push(blank);
    }
    (first, rest)
}

fn text_of(segments: &[Segment]) -> String {
    segments.iter().map(|s| s.text.as_str()).collect()
}

fn code_lines(code: &str, tokens: &[(Range<usize>, Token)]) -> Vec<Line> {
    let mut offset = 0;
    let mut tokens = tokens.iter().peekable();
    code.split('\n')
        .map(|text| {
            let end = offset + text.len();
            let mut segments = Vec::new();
            let mut add = |from: usize, to: usize, role| {
                let text = code.get(from..to).unwrap_or_default();
                if !text.is_empty() {
                    segments.push(Segment {
                        role,
                        offset: Some(from),
                        ..Segment::furniture(text)
                    });
                }
            };
            let mut at = offset;
            while let Some((piece, token)) = tokens.peek().filter(|(piece, _)| piece.start < end) {
                add(at, piece.start.max(at), Role::Code);
                add(piece.start.max(at), piece.end.min(end), Role::Token(*token));
                at = piece.end.min(end).max(at);
                if piece.end > end {
                    break;
                }
                tokens.next();
            }
            add(at, end, Role::Code);
            if segments.is_empty() {
                // The empty line has a place, too.
                segments.push(Segment {
                    role: Role::Code,
                    offset: Some(offset),
                    ..Segment::furniture("")
                });
            }
            let line = Line {
                segments,
                offset,
                wide: true,
                ..Line::default()
            };
            offset += text.len() + 1;
            line
        })
        .collect()
}

fn rule(room: usize) -> Line {
    const STARS: [&str; 3] = ["*   *   *", "* * *", "*"];
    let stars = STARS.into_iter().find(|stars| stars.len() <= room);
    let stars = stars.unwrap_or("*");
    let pad = room.saturating_sub(stars.len()) / 2;
    Line {
        segments: vec![Segment::furniture(format!("{}{stars}", " ".repeat(pad)))],
        ..Line::default()
    }
}
