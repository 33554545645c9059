//! Mailboxes: files with many letters, one after the other (mbox, RFC 4155).
//!
//! A letter begins where a line with `From ` and a date follows an empty one, and headers follow it. Nobody
//! keeps a mailbox in memory: [`Letters`] tells where each letter lies, and [`letter()`] is one of them as it
//! was before it came there.

use std::{
    borrow::Cow,
    io::{self, BufRead},
};

use super::letter;
use crate::story::{Kind, Story};

/// Of a line no more is kept than tells what it is.
const LINE: usize = 512;

/// What a letter is known by is taken from so many bytes of its headers.
const HEADERS: usize = 64 * 1024;

/// Letters that are shown in a row where a mailbox is opened as one text.
const IN_A_ROW: usize = 200;

/// Where a letter lies in its mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its first byte: that of the line with `From `.
    pub from: u64,
    /// How many bytes it has.
    pub length: u64,
    /// Its headers, or their beginning: what it is known by.
    pub headers: Vec<u8>,
}

/// Whether bytes begin as a mailbox does.
pub fn is_mailbox(bytes: &[u8]) -> bool {
    let mut lines = bytes
        .get(..bytes.len().min(4096))
        .unwrap_or_default()
        .split(|it| *it == b'\n');
    let first = lines.next().unwrap_or_default();
    first.starts_with(b"From ") && lines.next().is_some_and(is_header)
}

/// The letters of a mailbox, told one by one.
pub struct Letters<R> {
    input: R,
    /// The first bytes of the present line, and how many it has.
    line: Vec<u8>,
    length: u64,
    /// Where the present line begins.
    at: u64,
    letter: Option<Span>,
    in_headers: bool,
    /// Whether the line before was empty, and whether all lines with `From ` have a date.
    after_empty: bool,
    are_dated: Option<bool>,
    ended: bool,
}

impl<R: BufRead> Letters<R> {
    /// Those that `input` holds.
    pub fn new(input: R) -> Self {
        Letters {
            input,
            line: Vec::new(),
            length: 0,
            at: 0,
            letter: None,
            in_headers: false,
            after_empty: true,
            are_dated: None,
            ended: false,
        }
    }

    /// Reads a line, of which the first bytes are kept. False at the end.
    fn next_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        self.length = 0;
        loop {
            let some = match self.input.fill_buf() {
                Ok(some) => some,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if some.is_empty() {
                return Ok(self.length > 0);
            }
            let end = some.iter().position(|it| *it == b'\n');
            let taken = end.map_or(some.len(), |end| end + 1);
            let room = LINE.saturating_sub(self.line.len()).min(taken);
            self.line.extend_from_slice(&some[..room]);
            self.length += taken as u64;
            self.input.consume(taken);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// Looks at the present line; gives the letter that ended before it.
    fn look(&mut self) -> Option<Span> {
        let is_empty = self.line.iter().all(|it| matches!(it, b'\r' | b'\n')) && self.length < 3;
        let mut ended = None;
        let parts = self.after_empty && self.line.starts_with(b"From ") && {
            // Words that begin with "From" stand at the beginning of paragraphs, too.
            let dated = is_dated(&self.line);
            *self.are_dated.get_or_insert(dated) == dated || dated
        };
        if parts {
            ended = self.letter.replace(Span {
                from: self.at,
                length: 0,
                headers: Vec::new(),
            });
            self.in_headers = true;
        } else if let Some(letter) = &mut self.letter {
            if self.in_headers && is_empty {
                self.in_headers = false;
            } else if self.in_headers && letter.headers.len() < HEADERS {
                letter.headers.extend_from_slice(&self.line);
            }
        }
        if let Some(letter) = &mut self.letter {
            letter.length += self.length;
        }
        self.after_empty = is_empty;
        self.at += self.length;
        ended
    }
}

impl<R: BufRead> Iterator for Letters<R> {
    type Item = io::Result<Span>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.next_line() {
                Ok(true) => {
                    if let Some(letter) = self.look() {
                        return Some(Ok(letter));
                    }
                }
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        self.letter.take().map(Ok)
    }
}

fn is_header(line: &[u8]) -> bool {
    line.starts_with(b">From ") || letter::name_of(line).is_some()
}

/// Whether a time and a year stand in a line: `Thu Feb 28 14:05:00 2019`.
fn is_dated(line: &[u8]) -> bool {
    let digit = |it: &u8| it.is_ascii_digit();
    let is_year = |it: &[u8]| {
        it.len() == 4 && (it.starts_with(b"19") || it.starts_with(b"20")) && it.iter().all(digit)
    };
    let has_year = line.split(u8::is_ascii_whitespace).any(is_year);
    has_year
        && line.windows(4).any(|it| {
            let [a, colon, b, c] = it else {
                return false;
            };
            digit(a) && *colon == b':' && digit(b) && digit(c)
        })
}

/// A letter as it was before it came into its mailbox: `>From ` at the beginning of a line was `From `.
pub fn letter(bytes: &[u8]) -> Cow<'_, [u8]> {
    let is_quoted = |line: &[u8]| {
        let signs = line.iter().take_while(|it| **it == b'>').count();
        signs > 0 && line[signs..].starts_with(b"From ")
    };
    // A letter that lies alone is as it was sent.
    if !bytes.starts_with(b"From ") || !bytes.split(|it| *it == b'\n').any(is_quoted) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|it| *it == b'\n') {
        out.extend_from_slice(if is_quoted(line) { &line[1..] } else { line });
    }
    Cow::Owned(out)
}

/// All letters of a mailbox as one story, under their subjects; of many the first ones. A mailbox with one
/// letter is that letter.
pub fn as_story(bytes: &[u8], name: &str, pictures: bool) -> Story {
    let mut letters = Letters::new(bytes).filter_map(Result::ok);
    let read = |it: &Span| {
        let from = usize::try_from(it.from).unwrap_or(usize::MAX);
        let end = from.saturating_add(usize::try_from(it.length).unwrap_or(usize::MAX));
        let bytes = bytes.get(from..end.min(bytes.len())).unwrap_or_default();
        letter::read(&letter(bytes), "No subject", pictures)
    };
    let first: Vec<Span> = letters.by_ref().take(IN_A_ROW).collect();
    if let [one] = &first[..] {
        return read(one);
    }
    let more = letters.count();
    let mut all = Story::new(Kind::Letter, name, String::new());
    all.title_given = false;
    all.markdown = super::feed::in_a_row(first.iter().map(read));
    if first.is_empty() {
        let told = "There are no letters in this mailbox.";
        all.warnings.push(told.to_owned());
    }
    if more > 0 {
        all.warnings.push(format!(
            "This mailbox has {} letters; the first {IN_A_ROW} are shown. recto FILE lists all of them.",
            crate::story::grouped(first.len() + more)
        ));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &str = "\
From ann@example.org Thu Feb 28 14:05:00 2019
From: ann@example.org
Subject: One
Message-ID: <1@e>

First.

From here on it is the sea, at 10:30.
>From there, too.

From bo@example.org Fri Mar  1 09:00:00 2019
From: bo@example.org
Subject: Two
Message-ID: <2@e>

Second.
";

    fn spans(text: &str) -> Vec<(u64, u64)> {
        let all = Letters::new(text.as_bytes()).map(|it| it.map(|it| (it.from, it.length)));
        all.collect::<io::Result<_>>().unwrap_or_default()
    }

    #[test]
    fn letters_are_told_from_words() {
        let second = BOX.find("From bo").unwrap_or(0) as u64;
        assert!(is_mailbox(BOX.as_bytes()));
        assert_eq!(
            spans(BOX),
            [(0, second), (second, BOX.len() as u64 - second)]
        );
        let crlf = BOX.replace('\n', "\r\n");
        assert_eq!(spans(&crlf).len(), 2);
        // Some programs leave the date out.
        let undated = "From x\nSubject: a\n\nb\n\nFrom y\nSubject: c\n\nd\n";
        assert_eq!(spans(undated).len(), 2);
        for none in ["", "words\n", "From: a\n\nb"] {
            assert_eq!(spans(none), [], "{none}");
            assert!(!is_mailbox(none.as_bytes()));
        }
    }

    #[test]
    fn a_mailbox_opened_as_a_text_has_its_letters_in_a_row() {
        let story = as_story(BOX.as_bytes(), "mail", true);
        let body = &story.markdown;
        assert!(body.starts_with("# One\n\n*ann@example.org"), "{body}");
        assert!(
            body.contains("From there, too.") && !body.contains(">From"),
            "{body}"
        );
        assert!(
            body.contains("# Two") && body.ends_with("Second.\n\n"),
            "{body}"
        );
    }

    #[test]
    fn lines_without_end_and_letters_without_number_end_soon() {
        let long = format!("From a 1:00 2019\nSubject: x\n\n{}", "y".repeat(50_000_000));
        assert_eq!(spans(&long), [(0, long.len() as u64)]);
        let many = "From a 1:00 2019\nSubject: x\n\ny\n\n".repeat(100_000);
        let story = as_story(many.as_bytes(), "mail", true);
        assert!(
            story.warnings[0].contains("100,000 letters"),
            "{:?}",
            story.warnings
        );
    }
}
