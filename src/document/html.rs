//! HTML inside Markdown, as the text and the tags that it consists of.

use std::cell::{Cell, RefCell};

use crate::story::element;
use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
};

/// Tags that GitHub shows instead of obeying (GFM 0.29, 6.11 "Disallowed Raw HTML").
///
/// But for what has something to show: the text of a field, the address of a frame.
const SHOWN: [&str; 7] = [
    "title",
    "style",
    "xmp",
    "noembed",
    "noframes",
    "script",
    "plaintext",
];

/// Elements whose content no reader sees.
const HIDDEN: [&str; 3] = ["script", "style", "template"];

/// Elements that begin on a line of their own.
const BLOCKS: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// What a piece of HTML consists of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Characters, as they are written.
    Text(String),
    /// A tag that begins or ends something.
    Tag(Element),
}

/// The tag of an element.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    /// Its name, in small letters.
    pub name: String,
    /// Whether it begins the element.
    pub opens: bool,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// What an attribute says.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it begins on a line of its own.
    pub fn is_block(&self) -> bool {
        BLOCKS.contains(&self.name.as_str())
    }
}

/// The text and the tags of a tag or comment in a line of Markdown, or of a `block` of HTML. Nothing
/// is said of which end belongs to which beginning.
pub(super) fn pieces(source: &str, block: bool) -> Vec<Piece> {
    let source = filtered(source, block);
    let sink = Sink {
        pieces: RefCell::default(),
        hidden: Cell::new(false),
        block,
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&source));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.pieces.into_inner()
}

/// `source` with the tags of [`SHOWN`] made text, as GFM does it, and what names no element. Scripts and styles that stand in a
/// block of their own are rather hidden, with what is in them.
fn filtered(source: &str, block: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut hidden = None;
    while let Some(at) = rest.find('<') {
        let after = &rest[at + 1..];
        let tag = after.strip_prefix('/').unwrap_or(after);
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric());
        let name = tag[..end.unwrap_or(tag.len())].to_ascii_lowercase();
        let name = name.as_str();
        let shown = SHOWN.contains(&name) && !(block && HIDDEN.contains(&name))
            || hidden.is_none() && !element::is_tag(&rest[at..]);
        let ends = tag.len() < after.len();
        match hidden {
            None if block && !ends => hidden = HIDDEN.into_iter().find(|it| *it == name),
            Some(open) if ends && open == name => hidden = None,
            _ => {}
        }
        out.push_str(&rest[..at]);
        out.push_str(if shown { "&lt;" } else { "<" });
        rest = after;
    }
    out.push_str(rest);
    out
}

struct Sink {
    pieces: RefCell<Vec<Piece>>,
    /// Inside an element of [`HIDDEN`].
    hidden: Cell<bool>,
    block: bool,
}

impl Sink {
    fn tag(&self, tag: &Tag) {
        let name: &str = &tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if self.block && HIDDEN.contains(&name) {
            self.hidden.set(opens && !tag.self_closing);
            return;
        }
        let attributes = tag.attrs.iter();
        self.pieces.borrow_mut().push(Piece::Tag(Element {
            name: name.to_owned(),
            opens,
            attributes: attributes
                .map(|it| (it.name.local.to_string(), it.value.to_string()))
                .collect(),
        }));
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.tag(&tag),
            Token::CharacterTokens(more) if !self.hidden.get() => {
                let mut pieces = self.pieces.borrow_mut();
                match pieces.last_mut() {
                    Some(Piece::Text(text)) => text.push_str(&more),
                    _ => pieces.push(Piece::Text(more.to_string())),
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
