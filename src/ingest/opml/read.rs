//! A tree from markup, however broken.

use super::{Opml, OpmlError, OpmlProblem, Outline};
use crate::{
    ingest::{
        decode,
        feed::{
            text::{self, Entities},
            xml::{Piece, Tags, attributes},
        },
    },
    story::clean,
};

/// Outlines further in lie beside those around them.
pub(super) const DEEPEST: usize = 64;

/// Outlines of the longest list.
const MOST: usize = 200_000;

/// Megabytes of the longest list.
const LARGEST: usize = 32;

/// Elements that a head may have.
const MOST_IN_HEAD: usize = 200;

/// Reads a document.
///
/// Broken markup is no error: what can be made out is there. Texts are clean
/// (see [`crate::story::clean`]).
///
/// # Errors
/// When the bytes are no OPML, or too many.
pub fn read(bytes: &[u8]) -> Result<Opml, OpmlError> {
    if bytes.len() > LARGEST * 1024 * 1024 {
        return Err(OpmlError {
            line: 1,
            problem: OpmlProblem::TooLarge(LARGEST),
        });
    }
    let source = decode::markup(bytes, None);
    let mut walk = Walk {
        source: &source,
        tags: Tags::new(&source),
        entities: Entities::default(),
        opml: Opml::default(),
        open: Vec::new(),
        deeper: 0,
        count: 0,
        begun: false,
        first: None,
        head: None,
    };
    walk.run()?;
    if !walk.begun {
        return Err(walk.no_opml());
    }
    while !walk.open.is_empty() {
        walk.close();
    }
    Ok(walk.opml)
}

/// The line in which a document ends before its root does: whoever wrote or fetched it did not come to the end.
pub fn ends_in(bytes: &[u8]) -> Option<usize> {
    let source = decode::markup(bytes, None).to_ascii_lowercase();
    let source = source.trim_end();
    let is_cut = source.contains("<opml") && !source.contains("</opml");
    is_cut.then(|| source.matches('\n').count() + 1)
}

/// Where one is in the head.
enum Head<'a> {
    /// Between its elements.
    Between,
    /// In the text of one, which begins there.
    Text { name: &'a str, start: usize },
}

struct Walk<'a> {
    source: &'a str,
    tags: Tags<'a>,
    entities: Entities,
    opml: Opml,
    /// The outlines that stand open.
    open: Vec<Outline>,
    /// How many stand open beyond [`DEEPEST`].
    deeper: usize,
    count: usize,
    /// Whether a root or an outline was met.
    begun: bool,
    /// The first element and where it stands.
    first: Option<(&'a str, usize)>,
    head: Option<Head<'a>>,
}

impl<'a> Walk<'a> {
    fn run(&mut self) -> Result<(), OpmlError> {
        loop {
            match self.tags.next() {
                Piece::Start {
                    name,
                    tag,
                    empty,
                    start,
                    end,
                } => self.start(name, tag, empty, start, end)?,
                Piece::End { name, start } => self.end(local(name), start),
                Piece::Doctype(doctype) => self.entities.declare(doctype),
                Piece::Over => return Ok(()),
            }
        }
    }

    fn start(
        &mut self,
        name: &'a str,
        tag: &'a str,
        empty: bool,
        start: usize,
        end: usize,
    ) -> Result<(), OpmlError> {
        self.first.get_or_insert((name, start));
        match local(name).to_ascii_lowercase().as_str() {
            "opml" => {
                self.begun = true;
                self.root(tag);
            }
            "head" => self.head = (!empty).then_some(Head::Between),
            "body" => self.head = None,
            "outline" => {
                self.begun = true;
                self.head = None;
                self.count += 1;
                if self.count > MOST {
                    return Err(self.error(start, OpmlProblem::TooMany(MOST)));
                }
                self.outline(tag, empty);
            }
            _ => {
                let room = self.opml.head.len() < MOST_IN_HEAD;
                if matches!(self.head, Some(Head::Between)) && room && is_name(name) {
                    if empty {
                        self.opml.head.push((name.to_owned(), String::new()));
                    } else {
                        self.head = Some(Head::Text { name, start: end });
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str, start: usize) {
        if let Some(Head::Text {
            name: open,
            start: from,
        }) = self.head
            && (name == local(open) || name.eq_ignore_ascii_case("head"))
        {
            let raw = self.source.get(from..start).unwrap_or_default();
            let text = match text::inner(raw, &self.entities) {
                text::Inner::Text(text) => clean::text(&text).into_owned(),
                text::Inner::Markup(markup) => clean::text(&text::visible(&markup)).into_owned(),
            };
            self.opml
                .head
                .push((open.to_owned(), text.trim().to_owned()));
            self.head = Some(Head::Between);
        }
        if name.eq_ignore_ascii_case("head") {
            self.head = None;
        } else if name.eq_ignore_ascii_case("outline") {
            if self.deeper > 0 {
                self.deeper -= 1;
            } else {
                self.close();
            }
        } else if name.eq_ignore_ascii_case("body") {
            while !self.open.is_empty() {
                self.close();
            }
            self.deeper = 0;
        }
    }

    fn root(&mut self, tag: &str) {
        for (name, value) in self.attributes(tag) {
            if name.eq_ignore_ascii_case("version") {
                self.opml.version = value;
            } else if !self.opml.attributes.iter().any(|(it, _)| *it == name) {
                self.opml.attributes.push((name, value));
            }
        }
    }

    fn outline(&mut self, tag: &str, empty: bool) {
        let mut outline = Outline::default();
        let mut text = None;
        for (name, value) in self.attributes(tag) {
            let field = match name.to_ascii_lowercase().as_str() {
                "text" => &mut text,
                "title" => &mut outline.title,
                "type" => &mut outline.kind,
                "xmlurl" => &mut outline.xml_url,
                "htmlurl" => &mut outline.html_url,
                _ => {
                    if !outline.attributes.iter().any(|(it, _)| *it == name) {
                        outline.attributes.push((name, value));
                    }
                    continue;
                }
            };
            field.get_or_insert(value);
        }
        outline.text = text.unwrap_or_default();
        if empty || self.open.len() >= DEEPEST {
            self.deeper += usize::from(!empty);
            self.put(outline);
        } else {
            self.open.push(outline);
        }
    }

    /// The attributes of a tag, decoded and clean, those left out that no writer could write.
    fn attributes(&self, tag: &str) -> Vec<(String, String)> {
        let all = attributes(tag).filter(|(name, _)| is_name(name));
        let decoded = all.map(|(name, value)| {
            let value = text::decode(value, &self.entities);
            (name.to_owned(), clean::text(&value).into_owned())
        });
        decoded.collect()
    }

    fn put(&mut self, outline: Outline) {
        let siblings = match self.open.last_mut() {
            Some(parent) => &mut parent.children,
            None => &mut self.opml.outlines,
        };
        siblings.push(outline);
    }

    fn close(&mut self) {
        if let Some(outline) = self.open.pop() {
            self.put(outline);
        }
    }

    fn error(&self, at: usize, problem: OpmlProblem) -> OpmlError {
        let before = self.source.as_bytes().get(..at).unwrap_or_default();
        OpmlError {
            line: before.iter().filter(|it| **it == b'\n').count() + 1,
            problem,
        }
    }

    fn no_opml(&self) -> OpmlError {
        let (name, at) = self.first.unwrap_or_default();
        let problem = match local(name).to_ascii_lowercase().as_str() {
            "rss" | "feed" | "rdf" | "channel" => OpmlProblem::Feed,
            "html" | "head" | "body" => OpmlProblem::Page,
            _ => OpmlProblem::Other,
        };
        self.error(at, problem)
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Whether a name can be written again (XML 1.0, 2.3).
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':'))
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'))
}
