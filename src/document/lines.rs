//! Lines: what a block is after it was set to a measure.

use std::borrow::Cow;

use super::{
    block::{LinkId, Marks, Role},
    mirror,
    width::width,
};

/// One line of set text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// From left to right: first what hangs in the margin of the block, then its text.
    pub segments: Vec<Segment>,
    /// How many of the segments are margin (quote bars, markers, indents): they stay where the text
    /// scrolls sideways.
    pub margin: usize,
    /// Cells behind the margin that stay there, too: the first column of a table.
    pub held: usize,
    /// The byte of the block's text that it begins with.
    pub offset: usize,
    /// Whether it may be wider than the measure, and scrolls sideways then.
    pub wide: bool,
    /// Whether its characters are others than the block's, and stand for all of them: whatever marks a part
    /// of the block marks the whole line.
    pub stands_for_block: bool,
}

/// A stretch of a line that looks the same throughout.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// What is drawn.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// Inline styles.
    pub marks: Marks,
    /// Where it leads.
    pub link: Option<LinkId>,
    /// The byte of the block's text that it begins with; none for what the layout added.
    pub offset: Option<usize>,
    /// Whether it goes from right to left: `text` is in the order in which it is read.
    pub rtl: bool,
}

impl Segment {
    /// Something the layout adds: bars, bullets, spaces.
    pub(super) fn furniture(text: impl Into<String>) -> Self {
        Segment {
            text: text.into(),
            role: Role::Furniture,
            marks: Marks::NONE,
            link: None,
            offset: None,
            rtl: false,
        }
    }

    /// Its characters in the order in which they are drawn, from left to right.
    pub fn shown(&self) -> Cow<'_, str> {
        match self.rtl {
            true => mirror::reversed(&self.text),
            false => Cow::Borrowed(&self.text),
        }
    }
}

impl Line {
    /// Cells it takes.
    pub fn width(&self) -> usize {
        self.segments.iter().map(|s| width(&s.text)).sum()
    }

    /// Its characters, without styles.
    pub fn plain(&self) -> String {
        self.segments.iter().map(|s| s.text.as_str()).collect()
    }
}
