//! The parts that a document is made of.

use std::{borrow::Cow, ops::Range};

use siphasher::sip::SipHasher13;

/// Bytes of a block that it is known by.
const PRINTED: usize = 120;

/// The number of a link: of its part, and its index among the links there.
pub type LinkId = usize;

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Token {
    /// A word of the language.
    Keyword,
    /// The name of something that is defined or called, a type, a tag, an attribute.
    Name,
    /// Characters that stand for themselves.
    Text,
    /// A number, a constant, an escape within a text.
    Constant,
    /// Words for people.
    Comment,
    /// What a change takes away.
    Removed,
}

/// Pieces of one block of code, in order, without overlaps; what lies between is nothing special.
pub type Tokens = Vec<(Range<usize>, Token)>;

/// One leaf of the document with what it stands in, outermost first.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it holds.
    pub body: Body,
    /// Quotes, list items and the like around it.
    pub nest: Vec<Nest>,
    /// In how many it stands: of very many only the outer ones and the innermost are told.
    pub depth: usize,
    /// How many of `nest`, from outside, it shares with the block before it.
    pub joined: usize,
    /// Whether an empty line stands before it.
    pub gap: bool,
    /// Its language (BCP 47), where it is said to be another than the story's.
    pub language: Option<Box<str>>,
}

/// What a block holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Text that is broken into lines.
    Text {
        /// What kind of text.
        role: Role,
        /// The words.
        text: Text,
    },
    /// Lines that keep their breaks; wider ones scroll sideways.
    Code(Code),
    /// A table.
    Table(Box<Table>),
    /// A thematic break.
    Rule,
}

/// Code, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Code {
    /// The lines; of a formula in rows what it says: itself in a line, else its source.
    pub text: String,
    /// The same with its tabs, where there are any: whoever copies it needs them.
    pub typed: Option<String>,
    /// The language, as the text names it.
    pub language: Option<Box<str>>,
    /// Whether it is the same piece of code as the block before it: long ones are divided.
    pub goes_on: bool,
    /// How it is drawn, if it is a formula in rows.
    pub formula: Option<Box<Formula>>,
}

/// A formula that takes several rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// Its source.
    pub tex: Box<str>,
    /// Its rows, as they stand to each other. They say nothing to whoever searches or quotes.
    pub rows: Box<str>,
    /// Whether its text may stand for its rows where these are too wide.
    pub in_line: bool,
}

impl Code {
    /// What a reader has of it who copies it.
    pub fn copied(&self) -> &str {
        match &self.formula {
            Some(formula) => &formula.tex,
            None => self.as_typed(),
        }
    }

    /// The lines as they were written.
    pub fn as_typed(&self) -> &str {
        self.typed.as_deref().unwrap_or(&self.text)
    }
}

/// What a stretch of text is; the view gives each its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Running text.
    #[default]
    Plain,
    /// The story's title.
    Title,
    /// Byline, date, categories: what stands under the title.
    Byline,
    /// The standfirst.
    Summary,
    /// A heading of the body, level 1 to 6.
    Heading(u8),
    /// Lines of code.
    Code,
    /// Something in code.
    Token(Token),
    /// The label over an alert.
    Alert(AlertKind),
    /// A term that is being defined.
    Term,
    /// A picture's stand-in and its caption.
    Figure,
    /// A formula set apart.
    Math,
    /// Bullets, numbers, quote bars, rules, the hairlines of a table.
    Furniture,
    /// A table's head.
    TableHead,
    /// Something that went wrong with the story, told to its reader.
    Warning,
}

/// The five kinds of GitHub's alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say all there is to say.
pub enum AlertKind {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

impl AlertKind {
    /// The label that its reader sees.
    pub fn label(self) -> &'static str {
        match self {
            AlertKind::Note => "Note",
            AlertKind::Tip => "Tip",
            AlertKind::Important => "Important",
            AlertKind::Warning => "Warning",
            AlertKind::Caution => "Caution",
        }
    }
}

/// Something that a block stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nest {
    /// A block quote: a bar at the left of every line.
    Quote,
    /// An alert: a bar in its colour.
    Alert(AlertKind),
    /// Details, whether they show or are folded: a sign hangs left of their summary.
    Details {
        /// Whether it is the summary, not what that stands for.
        summary: bool,
    },
    /// A list item, a definition or a footnote: its marker hangs left of its first block.
    Item {
        /// The marker, on the item's first block only.
        marker: Option<String>,
        /// Cells that the marker takes, with the space after it.
        indent: u16,
    },
}

/// Text with its styles: runs cover it without gaps, in order. `\n` is a hard line break.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// The characters.
    pub text: String,
    /// Their styles.
    pub runs: Vec<Run>,
}

impl Text {
    /// Text of one style.
    pub fn plain(text: impl Into<String>) -> Self {
        let mut out = Text::default();
        out.push(&text.into(), Marks::NONE, None);
        out
    }

    /// Adds `text` at the end, joined to the last run where the style is the same.
    pub fn push(&mut self, text: &str, marks: Marks, link: Option<LinkId>) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        match self.runs.last_mut() {
            Some(last) if last.marks == marks && last.link == link => {
                last.range.end = self.text.len();
            }
            _ => self.runs.push(Run {
                range: start..self.text.len(),
                marks,
                link,
            }),
        }
    }

    /// Adds another text at the end.
    pub fn extend(&mut self, other: Text) {
        for run in other.runs {
            self.push(&other.text[run.range], run.marks, run.link);
        }
    }

    /// The part within `range` (which must lie on character boundaries) as a text of its own.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let mut out = Text::default();
        for run in &self.runs {
            let start = run.range.start.max(range.start);
            let end = run.range.end.min(range.end);
            if start < end {
                out.push(&self.text[start..end], run.marks, run.link);
            }
        }
        out
    }
}

/// A stretch of text of one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Bytes of the text it covers.
    pub range: Range<usize>,
    /// Its style.
    pub marks: Marks,
    /// Where it leads.
    pub link: Option<LinkId>,
}

/// A set of inline styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Marks(u8);

impl Marks {
    /// No style.
    pub const NONE: Marks = Marks(0);
    /// Emphasis, drawn in italics.
    pub const EMPHASIS: Marks = Marks(1);
    /// Strong emphasis, drawn bold.
    pub const STRONG: Marks = Marks(1 << 1);
    /// Code in running text.
    pub const CODE: Marks = Marks(1 << 2);
    /// Struck through.
    pub const STRUCK: Marks = Marks(1 << 3);
    /// A picture's alt text.
    pub const IMAGE: Marks = Marks(1 << 4);
    /// A formula.
    pub const MATH: Marks = Marks(1 << 5);
    /// A reference to a footnote.
    pub const NOTE: Marks = Marks(1 << 6);
    /// What recto tells of something, its parts divided by dots.
    pub const FACTS: Marks = Marks(1 << 7);

    /// Both sets together.
    #[must_use]
    pub fn with(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// Whether all of `other` is in it.
    pub fn has(self, other: Marks) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A table: every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// How each column is set.
    pub align: Vec<Align>,
    /// The head.
    pub head: Vec<Text>,
    /// The rows under it.
    pub rows: Vec<Vec<Text>>,
    /// Cells that reach over several columns, in reading order; those behind them are empty.
    pub spans: Vec<Span>,
    /// The languages of cells that say theirs, in reading order.
    pub languages: Vec<Spoken>,
    /// Rows by which its columns are measured, of a table that is read in pieces: else a column would
    /// change its width from one piece to the next. Empty where all of its own are.
    pub sample: Vec<Vec<Text>>,
}

/// A cell in a language of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Its row: 0 for the head, then from 1 on.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// The language (BCP 47).
    pub tag: Box<str>,
}

/// A cell that reaches over several columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its row: 0 for the head, then from 1 on.
    pub row: usize,
    /// Its first column.
    pub column: usize,
    /// Over how many it reaches.
    pub columns: usize,
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)] // The names say all there is to say.
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

impl Block {
    /// The text of the block as its offsets count it.
    pub(super) fn as_text(&self) -> Cow<'_, str> {
        match &self.body {
            Body::Text { text, .. } => text.text.as_str().into(),
            Body::Code(code) => code.text.as_str().into(),
            Body::Table(table) => [&table.head]
                .into_iter()
                .chain(&table.rows)
                .flatten()
                .map(|cell| cell.text.as_str())
                .collect::<String>()
                .into(),
            Body::Rule => "".into(),
        }
    }

    /// A block of text that stands by itself.
    pub fn text(role: Role, text: Text) -> Self {
        Block {
            body: Body::Text { role, text },
            nest: Vec::new(),
            depth: 0,
            joined: 0,
            gap: true,
            language: None,
        }
    }

    /// A number by which it is known again where others were added, taken away or edited: of its
    /// first words. 0 where it has none.
    pub fn print(&self) -> i64 {
        let text = self.as_text();
        let start = text
            .get(..text.floor_char_boundary(PRINTED))
            .unwrap_or_default();
        if start.trim().is_empty() {
            return 0;
        }
        // The same on every machine and in every version.
        SipHasher13::new().hash(start.as_bytes()).cast_signed()
    }

    /// Whether it has the same words as another, whatever else of the story changed.
    pub fn says_the_same(&self, other: &Block) -> bool {
        match (&self.body, &other.body) {
            // Links are numbered through the story: their numbers say nothing.
            (Body::Text { text, .. }, Body::Text { text: it, .. }) => text.text == it.text,
            (Body::Table(table), Body::Table(it)) => {
                let cells = |table: &Table| {
                    let rows = table.rows.iter().chain([&table.head]).flatten();
                    rows.map(|cell| cell.text.clone()).collect::<Vec<_>>()
                };
                cells(table) == cells(it)
            }
            (body, it) => body == it,
        }
    }

    /// Whether it is a formula in rows.
    pub fn is_formula(&self) -> bool {
        matches!(&self.body, Body::Code(code) if code.formula.is_some())
    }

    /// Whether it is the words of a picture, or of several in a line.
    pub(super) fn is_picture(&self) -> bool {
        let Body::Text {
            role: Role::Figure,
            text,
        } = &self.body
        else {
            return false;
        };
        let first = text.runs.first();
        first.is_some_and(|it| it.marks.has(Marks::IMAGE))
    }
}
