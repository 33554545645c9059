//! Long texts in pieces that can be read each by itself: cut where Markdown begins anew, whatever
//! stands before.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use pulldown_cmark::Parser;

use super::{
    html,
    markdown::{
        Around,
        tongues::{self, Tongue},
    },
};
use crate::story::markdown::extensions;

/// Texts up to this many bytes are read whole.
pub(super) const WHOLE: usize = 4 * PIECE;

/// A piece ends at the first sound place behind so many bytes: what one page needs is then read in a
/// millisecond or two.
const PIECE: usize = 64 * 1024;

/// Where no sound place comes, a piece ends behind so many bytes all the same.
const LONGEST: usize = 4 * PIECE;

/// The same in what would be another thing without its beginning: an item, a quote, HTML. It still is read in
/// a tenth of a second.
const LONGEST_WITHIN: usize = 16 * LONGEST;

/// Of details that stand in more others than this it is not known where they end.
const DEEPEST: usize = 16;

/// Longer lines are divided even where they hold a picture, in bytes.
const LONGEST_PICTURE: usize = 16 * 1024 * 1024;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its bytes.
    pub range: Range<usize>,
    /// The lines that open the block of code, or the table, which it begins in the middle of.
    pub opening: Option<Box<str>>,
    /// Whether it begins within a paragraph or a line.
    pub goes_on: bool,
    /// The details that it begins within, outermost first: the pieces in which those begin.
    pub within: Box<[usize]>,
    /// The elements with a language that it begins within, outermost first.
    pub tongues: Box<[Tongue]>,
}

impl Piece {
    /// What it begins within.
    pub(super) fn around(&self) -> Around<'_> {
        (self.within.len(), &self.tongues)
    }
}

/// What the pieces of a text need to know of each other.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// What link references stand for (CommonMark 0.31, 4.7), by their labels as they are compared.
    pub references: HashMap<String, String>,
    /// Footnotes by their labels: their numbers, in the order in which they are defined, and the
    /// bytes that define them.
    pub notes: HashMap<String, (usize, Range<usize>)>,
}

/// A label of a link reference as it is compared: without regard to case and white space
/// (CommonMark 0.31, 4.7).
pub(super) fn label(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The labels of the footnotes that a text refers to, each once.
pub(super) fn note_labels(text: &str) -> BTreeSet<String> {
    let after = text.split("[^").skip(1);
    let labels = after.filter_map(|it| it.split_once(']'));
    labels.map(|(label, _)| label.to_owned()).collect()
}

/// Cuts Markdown into pieces. The first ones are the same whatever follows them, but for details: of
/// those that a `whole` text never ends, nothing is folded, as in short texts.
pub(super) fn markdown(text: &str, whole: bool) -> (Vec<Piece>, Shared) {
    let mut cutter = Cutter {
        text,
        pieces: Vec::new(),
        start: 0,
        fence: None,
        table: None,
        before: 0,
        within: false,
        begun_in: None,
        begun_within: Box::default(),
        goes_on: false,
        closer: None,
        details: Vec::new(),
        deeper: 0,
        html: false,
        tongues: Vec::new(),
        tongues_begun: Vec::new(),
        begun_tongues: Box::default(),
        in_html: false,
        blank: true,
        definitions: String::new(),
        shared: Shared::default(),
        note: None,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        cutter.line(at, line);
        at += line.len();
    }
    cutter.end_note(at);
    cutter.cut(at, false);
    if whole {
        cutter.forget_endless();
    }
    let mut shared = cutter.shared;
    let parser = Parser::new_ext(&cutter.definitions, extensions());
    for (name, definition) in parser.reference_definitions().iter() {
        let address = definition.dest.to_string();
        shared.references.entry(label(name)).or_insert(address);
    }
    (cutter.pieces, shared)
}

/// Cuts a text between its lines.
pub(super) fn lines(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let least = text.floor_char_boundary(start + PIECE);
        let most = text.floor_char_boundary(start + LONGEST);
        let line = text[least..most].find('\n').map(|end| least + end + 1);
        let end = line.unwrap_or(most);
        pieces.push(Piece {
            range: start..end,
            opening: None,
            goes_on: false,
            within: Box::default(),
            tongues: Box::default(),
        });
        start = end;
    }
    pieces
}

struct Cutter<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    start: usize,
    /// The line that opened the block of code one is in.
    fence: Option<&'a str>,
    /// The head of the table one is in, with the line below it.
    table: Option<&'a str>,
    /// Where the line before begins.
    before: usize,
    /// Whether one is in an item, a definition, a note or a quote.
    within: bool,
    /// What opens the code or the table that the piece begins in.
    begun_in: Option<&'a str>,
    begun_within: Box<[usize]>,
    goes_on: bool,
    /// What ends the HTML one is in, where that does not end with its paragraph (CommonMark 0.31, 4.6).
    closer: Option<Closer>,
    /// Details that stand open: the pieces in which they begin.
    details: Vec<usize>,
    /// How many more do.
    deeper: usize,
    /// Whether one is in a block of HTML that details began or ended.
    html: bool,
    /// Elements with a language that stand open, the pieces in which they begin, and those that the piece
    /// begins within.
    tongues: Vec<Tongue>,
    tongues_begun: Vec<usize>,
    begun_tongues: Box<[Tongue]>,
    /// Whether one is in a block of HTML.
    in_html: bool,
    /// Whether the line before was empty.
    blank: bool,
    /// Lines that may define what links stand for.
    definitions: String,
    shared: Shared,
    /// The footnote that is being defined: its label and where that began.
    note: Option<(String, usize)>,
}

impl<'a> Cutter<'a> {
    fn line(&mut self, at: usize, line: &'a str) {
        let bare = line.trim_start_matches(' ');
        // A tab reaches at least to where code is indented, but for some that stand behind spaces.
        let indent = match bare.strip_prefix('\t') {
            Some(_) => 4,
            None => line.len() - bare.len(),
        };
        let bare = bare.trim_start_matches('\t').trim_end();
        if self.is_free() && self.blank && indent == 0 && !bare.is_empty() {
            self.end_note(at);
            // What unfolds rather stays together.
            let least = if self.details.is_empty() {
                PIECE
            } else {
                3 * PIECE
            };
            if at - self.start >= least && is_beginning(bare) {
                self.cut(at, false);
            }
        }
        self.enter(bare, indent);
        let most = match self.may_end(bare, indent) {
            true => LONGEST,
            false => LONGEST_WITHIN,
        };
        if at - self.start >= most {
            // An empty line ends what stood before it, but not code.
            let ends = self.blank || bare.is_empty() && self.fence.is_none();
            self.cut(at, !ends);
        }
        if self.closer.is_none() || at - self.start >= LONGEST_WITHIN {
            self.divide(at, line);
        }
        if let Some(open) = self.fence {
            if indent < 4 && closes(bare, open) {
                self.fence = None;
            }
        } else if let Some(closer) = &mut self.closer {
            if closer.ends_in(bare) {
                self.closer = None;
            }
        } else {
            self.html &= !bare.is_empty();
            self.unfold(bare, indent);
            self.speak(bare, indent);
            if indent < 4 && !self.html {
                self.opening(at, line, bare);
                let is_head = || self.text[self.before..at].contains('|');
                if self.table.is_none() && !self.blank && is_delimiter(bare) && is_head() {
                    self.table = self.text.get(self.before..at + line.len());
                }
            }
        }
        self.blank = bare.is_empty();
        self.before = at;
    }

    /// Takes what a line begins or ends of tables, and of what others stand in.
    fn enter(&mut self, bare: &str, indent: usize) {
        if !self.is_free() {
            return;
        }
        if bare.is_empty() {
            self.table = None;
        } else if indent == 0 {
            let is_item = !is_beginning(bare) && !bare.starts_with(['<', '|', '=']);
            self.within = is_item || bare.starts_with('>') || self.within && !self.blank;
        }
    }

    /// Whether a piece may end before a line where it has become long: what it stands in is carried on, or
    /// begins anew with it.
    fn may_end(&self, bare: &str, indent: usize) -> bool {
        let begins = indent == 0 && !bare.is_empty() && !bare.starts_with('>');
        match self.closer {
            Some(_) => false,
            None => !self.within || begins && self.fence.is_none(),
        }
    }

    /// Whether Markdown may begin anew here: it does in details, too.
    fn is_free(&self) -> bool {
        self.fence.is_none() && self.closer.is_none()
    }

    /// Takes the details that a line begins and ends. Their tags stand where a line begins, or end it.
    fn unfold(&mut self, bare: &str, indent: usize) {
        let is_html = bare.starts_with('<');
        if self.details.is_empty() && !(is_html && indent < 4) || !is_html && bare.contains('`') {
            return;
        }
        for (at, _) in bare.match_indices('<') {
            let starts = |tag: &str| {
                let here = bare.as_bytes().get(at..at + tag.len());
                here.is_some_and(|here| here.eq_ignore_ascii_case(tag.as_bytes()))
            };
            if is_html && starts("<details") {
                self.html |= at == 0;
                match self.details.len() < DEEPEST {
                    true => self.details.push(self.pieces.len()),
                    false => self.deeper += 1,
                }
            } else if starts("</details") {
                self.html |= at == 0;
                match self.deeper {
                    0 => drop(self.details.pop()),
                    _ => self.deeper -= 1,
                }
            }
        }
    }

    /// Takes the elements with a language that a line of a block of HTML begins and ends.
    fn speak(&mut self, bare: &str, indent: usize) {
        let begins = bare.starts_with('<') && indent < 4 && !self.within;
        if bare.is_empty() && self.in_html {
            tongues::pass_on(&mut self.tongues, |_| true);
        }
        self.in_html = !bare.is_empty() && (self.in_html || begins);
        if self.in_html && (!self.tongues.is_empty() || bare.contains("lang")) {
            for piece in html::pieces(bare, true) {
                if let html::Piece::Tag(tag) = piece {
                    tongues::begin(&mut self.tongues, &tag, 0);
                    tongues::end(&mut self.tongues, &tag);
                }
            }
        }
        self.tongues_begun
            .resize(self.tongues.len(), self.pieces.len());
    }

    /// Nothing stands within details that never end, or in the language of what never does.
    fn forget_endless(&mut self) {
        for (at, piece) in self.pieces.iter_mut().enumerate() {
            let endless = self.tongues_begun.iter().filter(|it| **it < at).count();
            if endless > 0 {
                piece.tongues = piece.tongues.get(endless..).unwrap_or_default().into();
            }
            let endless = self.details.iter().filter(|it| **it < at).count();
            if endless > 0 {
                piece.within = piece.within.get(endless..).unwrap_or_default().into();
            }
        }
    }

    /// What a line begins, outside of code and HTML.
    fn opening(&mut self, at: usize, line: &'a str, bare: &str) {
        match bare.as_bytes().first() {
            Some(b'`' | b'~') if fence(bare).is_some() => self.fence = Some(line),
            Some(b'<') => {
                let found = CLOSERS.iter().find(|(opener, _)| {
                    let start = bare.get(..opener.len());
                    start.is_some_and(|start| start.eq_ignore_ascii_case(opener))
                });
                self.closer = found.and_then(|(opener, end)| {
                    let mut closer = Closer {
                        opener,
                        end,
                        depth: 1,
                    };
                    let rest = bare.get(opener.len()..).unwrap_or_default();
                    (!closer.ends_in(rest)).then_some(closer)
                });
            }
            Some(b'[') => match bare.strip_prefix("[^").and_then(|it| it.split_once("]:")) {
                Some((name, _)) if !name.contains(['[', ']', ' ']) => {
                    self.end_note(at);
                    self.note = Some((name.to_owned(), at));
                }
                _ if bare.contains("]:") => {
                    // Its address and its title may stand on the next lines.
                    let lines = self.text[at..].split_inclusive('\n').take(3);
                    let more = lines.take_while(|it| !it.trim().is_empty());
                    self.definitions.extend(more);
                    self.definitions.push_str("\n\n");
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn end_note(&mut self, at: usize) {
        if let Some((name, start)) = self.note.take() {
            let number = self.shared.notes.len() + 1;
            let note = (number, start..at);
            self.shared.notes.entry(name).or_insert(note);
        }
    }

    /// Cuts within a line that is longer than a piece may be.
    fn divide(&mut self, at: usize, line: &str) {
        let end = at + line.len();
        // A picture that is written out stands on one line: half of it would be no picture.
        if line.len() <= LONGEST_PICTURE && line.contains("data:image/") {
            return;
        }
        while end - self.start > LONGEST && line.len() > PIECE {
            let from = self.start.max(at);
            let to = self
                .text
                .floor_char_boundary(self.start + LONGEST)
                .max(from);
            let words = &self.text[from..to];
            let space = words.rfind(' ').map(|space| space + 1);
            let cut = space.map(|cut| out_of_tag(words, cut));
            let cut = cut.filter(|cut| *cut > 0);
            self.cut(cut.map_or(to, |cut| from + cut), true);
        }
    }

    fn cut(&mut self, at: usize, goes_on: bool) {
        if at > self.start {
            self.pieces.push(Piece {
                range: self.start..at,
                opening: self.begun_in.map(Box::from),
                goes_on: self.goes_on,
                within: std::mem::take(&mut self.begun_within),
                tongues: std::mem::take(&mut self.begun_tongues),
            });
        }
        self.start = at;
        self.begun_within = self.details.as_slice().into();
        self.begun_tongues = self.tongues.as_slice().into();
        self.begun_in = self.fence.or(self.table);
        self.goes_on = goes_on;
    }
}

/// A place in a text, or the tag that begins before it and does not end: half of one would show as it is written.
fn out_of_tag(text: &str, at: usize) -> usize {
    match text[..at].rfind(['<', '>']) {
        Some(sign) if text[sign..].starts_with("<a ") || text[sign..].starts_with("<span ") => sign,
        _ => at,
    }
}

/// What begins HTML that goes on over empty lines, and what ends it.
const CLOSERS: [(&str, &str); 9] = [
    ("<!--", "-->"),
    ("<pre", "</pre>"),
    ("<script", "</script>"),
    ("<style", "</style>"),
    ("<textarea", "</textarea>"),
    ("<![CDATA[", "]]>"),
    ("<?", "?>"),
    ("<table", "</table>"),
    ("<blockquote", "</blockquote>"),
];

/// HTML that one is in.
struct Closer {
    opener: &'static str,
    end: &'static str,
    /// How many of the same kind stand open.
    depth: usize,
}

impl Closer {
    /// Whether it ends in a line.
    fn ends_in(&mut self, line: &str) -> bool {
        // Only these may hold each other.
        if !matches!(self.end, "</table>" | "</blockquote>") {
            return count(line, self.end) > 0;
        }
        self.depth += count(line, self.opener);
        self.depth = self.depth.saturating_sub(count(line, self.end));
        self.depth == 0
    }
}

/// How often a text has another in it, written in small or capital letters.
fn count(text: &str, part: &str) -> usize {
    let places = text.as_bytes().windows(part.len());
    places
        .filter(|it| it.eq_ignore_ascii_case(part.as_bytes()))
        .count()
}

/// The sign and the length of the fence that a line opens (CommonMark 0.31, 4.5).
fn fence(bare: &str) -> Option<(u8, usize)> {
    let sign = *bare.as_bytes().first()?;
    let length = bare.bytes().take_while(|it| *it == sign).count();
    let is_fence = length >= 3 && (sign == b'~' || !bare[length..].contains('`'));
    is_fence.then_some((sign, length))
}

/// Whether a line stands below the head of a table (GFM 0.29, 4.10).
fn is_delimiter(bare: &str) -> bool {
    bare.contains('|') && bare.contains('-') && bare.chars().all(|c| "|-: \t".contains(c))
}

fn closes(bare: &str, open: &str) -> bool {
    let open = fence(open.trim());
    let close = fence(bare);
    matches!((open, close), (Some((a, long)), Some((b, least))) if a == b && least >= long)
        && bare
            .bytes()
            .all(|it| Some(it) == open.map(|(sign, _)| sign))
}

/// Whether a line that an empty one stands before, and no space, ends all that was open: it begins a
/// paragraph, a heading, a quote or a table, but goes on no list, definition or note.
fn is_beginning(bare: &str) -> bool {
    let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < bare.len() && digits.starts_with(['.', ')']);
    !is_number && !bare.starts_with(['-', '+', '*', ':', '[', '=', '<', '>', '|'])
        || bare.starts_with("**")
        // The names of places stand before what they name, and languages around it.
        || bare.starts_with("<a id=")
        || bare.starts_with("<span lang=")
}

#[cfg(test)]
mod tests;
