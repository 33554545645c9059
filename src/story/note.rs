//! Highlights and notes: what a reader marked in a text, kept so that it is found again after the
//! text was edited.

/// A stretch of a text, kept by its words and by those around it, as the text quote selector of the
/// W3C's annotation model does (<https://www.w3.org/TR/annotation-model/#text-quote-selector>): no
/// number in it goes stale when the text is edited elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Quote {
    /// Its words. An empty line parts paragraphs, a line's end is one of the text's own; all other
    /// white space is single spaces.
    pub exact: String,
    /// The words before it, as one line.
    pub prefix: String,
    /// The words after it, as one line.
    pub suffix: String,
}

/// A highlight in a story, with a note or without.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Note {
    /// What it is known by, on every machine; empty until it is kept for the first time.
    pub id: String,
    /// The words that it is about.
    pub quote: Quote,
    /// What the reader wrote; empty for a highlight alone.
    pub text: String,
    /// Where it stood when it was made, a block and a byte of its text: a hint, where the same words
    /// stand in several places.
    pub near: (usize, usize),
    /// Milliseconds since 1970 when it was made.
    pub created: i64,
    /// The same of when it was changed last.
    pub changed: i64,
}

impl Note {
    /// Bytes of text that a highlight may have: it is a passage, not a book.
    pub const LONGEST: usize = 16 * 1024;
}
