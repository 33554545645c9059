//! The markup of a feed, however broken: where its tags are, and what stands between them.
//!
//! [`quick_xml`] finds the tags. What it gives up on (a tag, comment or section that never ends) is passed
//! over and the rest read on, as far as the bytes that were looked at twice stay within a bound.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::{Event, attributes::Attributes},
};

/// How many times the length of a feed may be looked at again after what is broken.
const AGAIN: usize = 8;

/// A tag or an instruction, and where it lies.
pub(in crate::ingest) enum Piece<'a> {
    /// `<name …>`, or `<name …/>` where `empty`.
    Start {
        name: &'a str,
        /// All of it between its brackets.
        tag: &'a str,
        empty: bool,
        /// Where the tag begins.
        start: usize,
        /// Where its content begins.
        end: usize,
    },
    /// `</name>`.
    End {
        name: &'a str,
        /// Where the tag begins.
        start: usize,
    },
    /// `<!DOCTYPE …>`.
    Doctype(&'a str),
    /// The end of the source.
    Over,
}

/// Goes through the tags of a source.
pub(in crate::ingest) struct Tags<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where the reader began.
    offset: usize,
    /// How many bytes may still be looked at again.
    budget: usize,
}

impl<'a> Tags<'a> {
    pub(in crate::ingest) fn new(source: &'a str) -> Self {
        Tags {
            source,
            reader: reader(source),
            offset: 0,
            budget: source.len().saturating_mul(AGAIN).saturating_add(4096),
        }
    }

    fn at(&self, position: u64) -> usize {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        self.offset.saturating_add(position).min(self.source.len())
    }

    /// Reads on from `at`, where a tag begins that was none after all. False if that happened too often.
    fn again(&mut self, at: usize, looked_at: usize) -> bool {
        let Some(budget) = self.budget.checked_sub(looked_at.saturating_sub(at)) else {
            return false;
        };
        self.budget = budget;
        self.offset = at;
        self.reader = reader(self.source.get(at..).unwrap_or_default());
        true
    }

    pub(in crate::ingest) fn next(&mut self) -> Piece<'a> {
        loop {
            let start = self.at(self.reader.buffer_position());
            match self.reader.read_event() {
                Ok(event @ (Event::Start(_) | Event::Empty(_))) => {
                    let end = self.at(self.reader.buffer_position());
                    let empty = matches!(event, Event::Empty(_));
                    let (Event::Start(tag) | Event::Empty(tag)) = event else {
                        continue;
                    };
                    let named = |c: char| c.is_alphabetic() || c == '_';
                    // "a < b" is no tag, and one that holds another was never ended.
                    let inner = after_open(self.source, start, end);
                    if !tag.starts_with(named) {
                        if self.again(start + 1, end) {
                            continue;
                        }
                    } else if let Some(inner) = inner
                        && self.again(inner, end)
                    {
                        continue;
                    }
                    let inside = self.source.get(start + 1..);
                    let of =
                        |length: usize| inside.and_then(|it| it.get(..length)).unwrap_or_default();
                    return Piece::Start {
                        name: of(tag.name().as_ref().len()),
                        tag: of(tag.len()),
                        empty,
                        start,
                        end,
                    };
                }
                Ok(Event::End(tag)) => {
                    let raw = self.source.get(start..).unwrap_or_default();
                    let length = tag.name().as_ref().len();
                    let name = raw.get(2..2 + length).unwrap_or_default();
                    return Piece::End { name, start };
                }
                Ok(Event::DocType(_)) => {
                    let end = self.at(self.reader.buffer_position());
                    return Piece::Doctype(self.source.get(start..end).unwrap_or_default());
                }
                Ok(Event::Eof) => return Piece::Over,
                Ok(_) => {}
                Err(_) => {
                    // Past the sign that opens it, there may be something that can be read.
                    let at = self.at(self.reader.error_position()).max(start);
                    let rest = self.source.get(at..).unwrap_or_default();
                    let sign = ["<![CDATA[", "<!--", "<"]
                        .iter()
                        .find(|sign| rest.starts_with(**sign));
                    let next = at + sign.map_or(0, |sign| sign.len());
                    let next = next.max(start + 1);
                    let next = self.source.ceil_char_boundary(next);
                    if next >= self.source.len() || !self.again(next, self.source.len()) {
                        return Piece::Over;
                    }
                }
            }
        }
    }
}

/// The attributes of a tag, as far as they can be made out, not decoded.
pub(in crate::ingest) fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let name = tag.find(|c: char| c.is_whitespace() || c == '/');
    let mut all = Attributes::html(tag, name.unwrap_or(tag.len()));
    all.with_checks(false);
    all.filter_map(|it| {
        let it = it.ok()?;
        let Cow::Borrowed(value) = it.value else {
            return None;
        };
        Some((it.key.into_inner(), value))
    })
}

/// Where, in a tag from `start` to `end`, another seems to begin: at the start of a line, or right
/// before a letter or a slash where no quotes are open.
fn after_open(source: &str, start: usize, end: usize) -> Option<usize> {
    let tag = source.get(start + 1..end)?;
    let at = tag.find('<')?;
    let before = tag.get(..at)?;
    let quotes = |c| before.matches(c).count() % 2 == 1;
    (!quotes('"') && !quotes('\'')).then_some(start + 1 + at)
}

fn reader(source: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    reader
}
