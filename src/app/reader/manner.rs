//! How a story is set to its page, and by how much it is scrolled.

use crate::document::Rtl;

/// How a story is set to its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// Cells right of the page that wide tables and code may take.
    pub free: u16,
    /// Whether two pages face each other.
    pub facing: bool,
    /// Whether the lines of running text end at one edge.
    pub justify: bool,
    /// What is done with text from right to left.
    pub rtl: Rtl,
    /// The size of a cell in pixels, where pictures can be drawn.
    pub cell: Option<(u16, u16)>,
    /// Whether they are to be.
    pub pictures: bool,
}

/// By how much to scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// A page down.
    Down,
    /// A page up.
    Up,
    /// Half a page down.
    HalfDown,
    /// Half a page up.
    HalfUp,
}
