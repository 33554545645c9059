//! HTML inside Markdown, as text: what its reader would see, without the tags.

use std::cell::{Cell, RefCell};

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
};

/// Tags that GitHub shows instead of obeying (GFM 0.29, 6.11 "Disallowed Raw HTML").
const SHOWN: [&str; 9] = [
    "title",
    "textarea",
    "style",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "script",
    "plaintext",
];

/// Elements whose content no reader sees.
const HIDDEN: [&str; 3] = ["script", "style", "template"];

/// Elements that begin on a line of their own.
const BLOCKS: [&str; 33] = [
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
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];

/// The text of one tag or comment that stands in a line of Markdown: mostly nothing.
pub(super) fn inline(source: &str) -> String {
    collect(source, false)
}

/// The paragraphs of a block of HTML.
pub(super) fn paragraphs(source: &str) -> Vec<String> {
    collect(source, true)
        .split("\n\n")
        .map(|paragraph| {
            paragraph
                .split('\n')
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join("\n")
        })
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

fn collect(source: &str, block: bool) -> String {
    let source = filtered(source, block);
    let sink = Sink {
        text: RefCell::default(),
        hidden: Cell::new(false),
        block,
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&source));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.text.into_inner()
}

/// `source` with the tags of [`SHOWN`] made text, as GFM does it. Scripts and styles that stand in a
/// block of their own are rather hidden, with what is in them.
fn filtered(source: &str, block: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        let after = &rest[at + 1..];
        let tag = after.strip_prefix('/').unwrap_or(after);
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric());
        let name = tag[..end.unwrap_or(tag.len())].to_ascii_lowercase();
        let name = name.as_str();
        let shown = SHOWN.contains(&name) && !(block && HIDDEN.contains(&name));
        out.push_str(&rest[..at]);
        out.push_str(if shown { "&lt;" } else { "<" });
        rest = after;
    }
    out.push_str(rest);
    out
}

struct Sink {
    text: RefCell<String>,
    /// Inside an element of [`HIDDEN`].
    hidden: Cell<bool>,
    block: bool,
}

impl Sink {
    fn tag(&self, tag: &Tag) {
        let name: &str = &tag.name;
        let start = tag.kind == TagKind::StartTag;
        let mut text = self.text.borrow_mut();
        if self.block && HIDDEN.contains(&name) {
            self.hidden.set(start && !tag.self_closing);
        } else if name == "br" {
            text.push('\n');
        } else if name == "img" {
            let alt = tag.attrs.iter().find(|a| &*a.name.local == "alt");
            text.push_str(alt.map_or("", |alt| &alt.value));
        } else if name == "li" || name == "tr" {
            text.push_str(match (start, name) {
                (true, "li") => "\n\n• ",
                _ => "\n",
            });
        } else if name == "td" || name == "th" {
            text.push_str("  ");
        } else if BLOCKS.contains(&name) {
            text.push_str("\n\n");
        }
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.tag(&tag),
            // In HTML a line's end is a space; breaks come from tags.
            Token::CharacterTokens(characters) if !self.hidden.get() => self
                .text
                .borrow_mut()
                .push_str(&characters.replace('\n', " ")),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_shows_what_a_reader_sees() {
        for (html, want) in [
            ("<div>one</div><p>two<br>three", vec!["one", "two\nthree"]),
            ("<script>alert(1)</script>after", vec!["after"]),
            ("<style>p{}</style>", vec![]),
            (
                "<!-- nothing --><b>bold</b> &amp; plain",
                vec!["bold & plain"],
            ),
            ("<img src=x alt='a cat'>", vec!["a cat"]),
            ("<ul><li>a<li>b</ul>", vec!["• a", "• b"]),
        ] {
            assert_eq!(paragraphs(html), want, "{html}");
        }
    }

    #[test]
    fn inline_tags_vanish_but_the_disallowed_are_shown() {
        assert_eq!(inline("<kbd>"), "");
        assert_eq!(inline("<br/>"), "\n");
        assert_eq!(inline("<Title>"), "<Title>");
        assert_eq!(paragraphs("<p><XMP> is"), ["<XMP> is"]);
    }
}
