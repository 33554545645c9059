//! Text to lines: broken where Unicode allows it (UAX #14), the breaks chosen over the whole
//! paragraph so that its lines are as even as can be (D. Knuth and M. Plass, "Breaking Paragraphs
//! into Lines", 1981, in textwrap's form).

mod justify;
mod kept;
mod ladders;
mod technical;

use std::ops::Range;

use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed, options::LineBreakOptions};
use textwrap::{
    core::Fragment,
    wrap_algorithms::{Penalties, wrap_first_fit, wrap_optimal_fit},
};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Hyphenation,
    bidi::{Directions, Rtl},
    block::{Marks, Role, Text},
    lines::{Line, Segment},
    width::{prefix, width},
};

/// What may be done to words at line ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Division {
    /// They stay whole; one that is wider than a line is cut without a sign.
    Never,
    /// Only those wider than a line are divided where their language allows it.
    Long(Hyphenation),
    /// All are.
    Patterns(Hyphenation),
}

/// An unbreakable piece: a word, or a part of one that ends where a hyphen may stand.
#[derive(Debug, Clone)]
struct Piece {
    range: Range<usize>,
    cells: f64,
    space: f64,
    /// Whether that space may grow: it is in no code and no formula.
    grows: bool,
    hyphen: bool,
}

impl Fragment for Piece {
    fn width(&self) -> f64 {
        self.cells
    }

    fn whitespace_width(&self) -> f64 {
        self.space
    }

    fn penalty_width(&self) -> f64 {
        if self.hyphen { 1.0 } else { 0.0 }
    }
}

/// So many times a paragraph is set again for hyphens that stand below each other.
const LADDERS: usize = 12;

/// Sets `text` to lines of at most `measure` cells.
pub(super) fn set(
    text: &Text,
    role: Role,
    measure: usize,
    division: Division,
    rtl: Rtl,
) -> Vec<Line> {
    let mut lines = lines(text, role, measure, division, false);
    if let Some(directions) = Directions::of(&text.text, rtl) {
        directions.arrange_all(&mut lines, measure);
    }
    lines
}

/// Sets `text` to lines of `measure` cells, but for the last one before each hard break and for those
/// that would be too loose.
///
/// Text from right to left ends at its edge alone.
pub(super) fn justified(
    text: &Text,
    role: Role,
    measure: usize,
    division: Division,
    rtl: Rtl,
) -> Vec<Line> {
    if Directions::of(&text.text, rtl).is_some() {
        return set(text, role, measure, division, rtl);
    }
    lines(text, role, measure, division, true)
}

/// Sets `text`; each line that another one of the same sentence follows is made full, if they are to
/// be justified.
fn lines(text: &Text, role: Role, measure: usize, division: Division, justify: bool) -> Vec<Line> {
    let measure = measure.max(1);
    let mut lines = Vec::new();
    let mut start = 0;
    for hard in text.text.split('\n') {
        // What fits on one line needs no breaking: most titles, list items and cells do.
        if hard.len() <= measure && !hard.is_empty() && !hard.ends_with(' ') {
            lines.push(Line {
                segments: segments(text, role, start..start + hard.len()),
                offset: start,
                ..Line::default()
            });
            start += hard.len() + 1;
            continue;
        }
        let mut pieces = pieces(text, start..start + hard.len(), measure, division);
        if role == Role::Byline {
            pieces = kept::weld_parts(pieces, &text.text, measure);
        }
        let mut broken = fit(&pieces, role, measure, justify);
        // Another word is divided then, perhaps: not so often that it would take long.
        for _ in 0..LADDERS {
            let rungs = ladders::rungs(&broken);
            if rungs.is_empty() {
                break;
            }
            pieces = ladders::weld(pieces, &rungs, measure);
            broken = fit(&pieces, role, measure, justify);
        }
        for (index, pieces) in broken.iter().enumerate() {
            let mut line = line_of(text, role, pieces, start);
            if justify && index + 1 < broken.len() {
                justify::spread(&mut line, pieces, measure);
            }
            lines.push(line);
        }
        start += hard.len() + 1;
    }
    lines
}

fn fit(pieces: &[Piece], role: Role, measure: usize, justify: bool) -> Vec<&[Piece]> {
    match justify {
        true => justify::fit(pieces, measure),
        false => wrap(pieces, measure, role == Role::Plain),
    }
}

/// A title as a list shows it: at most `most` lines of at most `measure` cells, the last one with an
/// ellipsis where the title goes on.
///
/// It stands as it is read: [`in_order`] sets it in the order of its drawing.
pub fn title(text: &str, measure: usize, most: usize) -> Vec<Line> {
    let whole = Text::plain(text);
    let mut lines = set(&whole, Role::Title, measure, Division::Never, Rtl::AsRead);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            // The optimal fit may have left room that the rest can fill.
            let cut = super::width::fit(&text[last.offset..], measure);
            last.segments = vec![Segment {
                offset: Some(last.offset),
                text: cut,
                ..Segment::furniture("")
            }];
        }
    }
    lines
}

/// Sets the lines of a [`title`] in the order of their drawing, where that is not left to the terminal.
pub fn in_order(text: &str, lines: &mut [Line], rtl: Rtl) {
    if rtl == Rtl::InOrder
        && let Some(directions) = Directions::of(text, rtl)
    {
        directions.arrange_all(lines, 0);
    }
}

/// Lines as slices of pieces. The optimal fit gives up on numbers that it cannot add up; then the
/// lines are filled one by one.
fn wrap(pieces: &[Piece], measure: usize, prose: bool) -> Vec<&[Piece]> {
    let widths = [measure as f64];
    let mut penalties = Penalties::new();
    // A hyphen is worth it only where the line would else be visibly loose.
    penalties.hyphen_penalty = 120;
    // No gap, however wide, is worth a line that goes over its end.
    penalties.overflow_penalty = OVERFLOW;
    let fit = |penalties: &Penalties| wrap_optimal_fit(pieces, &widths, penalties).ok();
    let Some(even) = fit(&penalties) else {
        return wrap_first_fit(pieces, &widths);
    };
    if !even.last().is_some_and(|last| is_widow(last, measure)) || even.len() < 2 {
        return even;
    }
    // A short word does not stand alone in the last line (a widow) where the others can take it in,
    // or spare another one, and are not more ragged for it than lines that are simply
    // filled; titles are looked at, and have none.
    penalties.short_last_line_fraction = WIDOW;
    penalties.short_last_line_penalty = 300;
    let filled = || raggedness(&wrap_first_fit(&undivided(pieces), &widths), measure);
    match fit(&penalties) {
        Some(full) if !prose || raggedness(&full, measure) <= filled() => full,
        _ => even,
    }
}

/// The pieces as whole words.
fn undivided(pieces: &[Piece]) -> Vec<Piece> {
    let mut words: Vec<Piece> = Vec::new();
    for piece in pieces {
        match words.last_mut() {
            Some(word) if word.hyphen => {
                word.range.end = piece.range.end;
                word.cells += piece.cells;
                word.space = piece.space;
                word.grows = piece.grows;
                word.hyphen = piece.hyphen;
            }
            _ => words.push(piece.clone()),
        }
    }
    words
}

/// More than the square of any measure.
const OVERFLOW: usize = 1 << 40;

/// A last line that is shorter than this part of the measure is a widow.
const WIDOW: usize = 8;

fn is_widow(line: &[Piece], measure: usize) -> bool {
    cells(line) < measure as f64 / WIDOW as f64
}

/// Cells that a line takes, without the space behind it.
fn cells(line: &[Piece]) -> f64 {
    let space = line.last().map_or(0.0, |last| last.space);
    line.iter().map(|it| it.cells + it.space).sum::<f64>() - space
}

/// The squares of the cells that are free at the ends of all lines but the last.
fn raggedness(lines: &[&[Piece]], measure: usize) -> f64 {
    let others = lines.iter().rev().skip(1);
    others
        .map(|line| (measure as f64 - cells(line)).powi(2))
        .sum()
}

fn pieces(text: &Text, range: Range<usize>, measure: usize, division: Division) -> Vec<Piece> {
    let line = &text.text[range.clone()];
    let mut pieces = Vec::new();
    let mut at = range.start;
    let mut runs = text.runs.iter().peekable();
    let (mut behind_hyphen, mut behind_slash) = (false, false);
    let signs = technical::stretches(line);
    let mut signs = signs.into_iter().peekable();
    for whole in unbroken(line) {
        let word = whole.trim_end_matches(' ');
        while signs.next_if(|it| it.end + range.start <= at).is_some() {}
        // A hyphen that is not in an address, a path, an option would make another one of it.
        let technical = signs.peek().is_some_and(|it| it.start + range.start <= at);
        while runs.peek().is_some_and(|run| run.range.end <= at) {
            runs.next();
        }
        let literal = runs
            .peek()
            .is_some_and(|run| is_literal(run.marks) || run.marks.has(Marks::NOTE));
        // A compound that has hyphens of its own gets no others.
        let compound = behind_hyphen || whole.ends_with('-');
        let breaks = match division {
            _ if literal || compound || technical => Vec::new(),
            Division::Patterns(patterns) => patterns.breaks(word),
            Division::Long(patterns) if width(word) > measure => patterns.breaks(word),
            Division::Long(_) | Division::Never => Vec::new(),
        };
        // Nor is a fraction divided.
        let in_formula = runs.peek().is_some_and(|run| run.marks.has(Marks::MATH));
        let joined = literal && behind_hyphen || in_formula && behind_slash;
        behind_hyphen = whole.ends_with('-');
        behind_slash = in_formula && whole.ends_with('/');
        let before = pieces.len();
        let mut from = 0;
        for to in breaks.into_iter().chain([word.len()]) {
            let last = to == word.len();
            let part = &word[from..to];
            push_fitting(&mut pieces, part, at + from, measure, !last);
            from = to;
        }
        if joined {
            join(&mut pieces, before, measure);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.space = (whole.len() - word.len()) as f64;
            let end = at + word.len();
            let mut here = runs.clone();
            let behind = here.find(|run| run.range.end > end);
            piece.grows = piece.space > 0.0 && behind.is_none_or(|run| !is_literal(run.marks));
        }
        at += whole.len();
    }
    let pieces = kept::weld_dashes(pieces, &text.text, measure);
    let pieces = kept::weld_formulas(pieces, text, measure);
    kept::weld_dots(pieces, &text.text, measure)
}

/// Whether a text of this style stands as it is.
fn is_literal(marks: Marks) -> bool {
    marks.has(Marks::CODE) || marks.has(Marks::MATH)
}

/// Cells of the longest stretch of a text that it is not broken in.
pub(super) fn longest_word(text: &str) -> usize {
    if text.bytes().all(|it| it.is_ascii_alphanumeric()) {
        return text.len();
    }
    let mut longest = 0;
    for line in text.split('\n') {
        let mut before = 0;
        for word in unbroken(line) {
            let own = width(word.trim_end());
            // It stands behind the word before it.
            let joined = match word.ends_with(' ') && kept::is_spaced_dash(word) {
                true => before + own,
                false => own,
            };
            longest = longest.max(joined);
            before = width(word);
        }
    }
    longest
}

/// The stretches of a line behind which it may be broken (UAX #14), each with the spaces behind it.
fn words(line: &str) -> impl Iterator<Item = &str> {
    thread_local! {
        static SEGMENTER: LineSegmenterBorrowed<'static> =
            LineSegmenter::new_lstm(LineBreakOptions::default());
    }
    let ends: Vec<usize> = SEGMENTER.with(|it| it.segment_str(line).collect());
    let mut start = 0;
    ends.into_iter().filter_map(move |end| {
        let word = line.get(start..end).filter(|word| !word.is_empty());
        start = end;
        word
    })
}

/// The same, but for words of Korean, which stay whole, and for the dashes that an option begins with: a
/// line would end with its sign.
fn unbroken(line: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let mut end = 0;
    words(line).filter_map(move |word| {
        end += word.len();
        let whole = line.get(start..end)?;
        let is_sign = whole.ends_with('-')
            && whole.starts_with(['-', '(', '[', '"', '“', '‘', '„', '«', '\''])
            && !whole.contains(char::is_alphanumeric);
        let names = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        let rest = line.get(end..).unwrap_or_default();
        // An address goes on behind its scheme.
        let is_scheme = whole.ends_with("://") && names(rest);
        if is_sign && names(rest) || is_scheme || kept::is_within_korean(whole, rest) {
            return None;
        }
        start = end;
        Some(whole)
    })
}

/// Takes the piece at `second` and the one before it as one: code is not broken behind its hyphens,
/// which could be taken for ours. What is wider than a line stays apart.
fn join(pieces: &mut Vec<Piece>, second: usize, measure: usize) {
    if pieces.len() != second + 1 || second == 0 {
        return;
    }
    if let [.., first, last] = &mut pieces[..]
        && first.cells + last.cells <= measure as f64
        && !first.hyphen
    {
        first.range.end = last.range.end;
        first.cells += last.cells;
        pieces.pop();
    }
}

/// Signs behind which a name, a path or an address is better divided than anywhere.
const JOINTS: [char; 16] = [
    '_', '/', '.', ',', ':', ';', '=', '&', '?', '#', '+', '-', '(', ')', '|', '%',
];

/// The byte behind the last such sign in `piece`, with which `whole` begins but does not end, unless
/// that would leave half of the line free.
fn joint(piece: &str, whole: &str) -> Option<usize> {
    if piece.len() == whole.len() {
        return None;
    }
    // A letter of ASCII begins a cluster, whatever stands before it.
    let begins = |at: usize| whole[at..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let mut signs = piece.char_indices().rev();
    let (at, _) = signs.find(|(at, c)| JOINTS.contains(c) && begins(at + c.len_utf8()))?;
    (2 * at >= piece.len()).then_some(at + 1)
}

/// Adds `part`; in several pieces where it is wider than a line. A hyphen may stand behind its end, but
/// behind none of the other pieces: no language divides the word there.
fn push_fitting(pieces: &mut Vec<Piece>, part: &str, at: usize, measure: usize, hyphen: bool) {
    let (mut rest, mut at) = (part, at);
    let room = if hyphen { measure - 1 } else { measure };
    loop {
        let (mut piece, mut cells) = prefix(rest, room.max(1));
        if piece.is_empty() && !rest.is_empty() {
            // One cluster that is wider than the line: it stands alone and is clipped.
            piece = rest.graphemes(true).next().unwrap_or(rest);
            cells = width(piece);
        }
        if let Some(end) = joint(piece, rest) {
            piece = &piece[..end];
            cells = width(piece);
        }
        let whole = piece.len() == rest.len();
        pieces.push(Piece {
            range: at..at + piece.len(),
            cells: cells as f64,
            space: 0.0,
            grows: false,
            hyphen: hyphen && whole,
        });
        if whole {
            return;
        }
        at += piece.len();
        rest = &rest[piece.len()..];
    }
}

fn line_of(text: &Text, role: Role, pieces: &[Piece], start: usize) -> Line {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return Line {
            offset: start,
            ..Line::default()
        };
    };
    let mut range = first.range.start..last.range.end;
    let tells = || {
        let run = text.runs.iter().find(|run| run.range.end > range.start);
        run.is_some_and(|run| run.marks.has(Marks::FACTS))
    };
    if range.start > start && (role == Role::Byline || tells()) {
        // The end of the line divides as well.
        let here = &text.text[range.clone()];
        let rest = here.strip_prefix(kept::DOT).map(str::trim_start);
        range.start = range.end - rest.unwrap_or(here).len();
    }
    let mut segments = segments(text, role, range.clone());
    if last.hyphen
        && let Some(end) = segments.last_mut()
    {
        end.text.push('-');
    }
    Line {
        segments,
        offset: range.start,
        ..Line::default()
    }
}

/// The styled stretches of `text` within `range`.
pub(super) fn segments(text: &Text, role: Role, range: Range<usize>) -> Vec<Segment> {
    let first = text
        .runs
        .partition_point(|run| run.range.end <= range.start);
    text.runs[first..]
        .iter()
        .take_while(|run| run.range.start < range.end)
        .map(|run| {
            let start = run.range.start.max(range.start);
            let end = run.range.end.min(range.end);
            Segment {
                text: text.text[start..end].to_owned(),
                role,
                marks: run.marks,
                link: run.link,
                offset: Some(start),
                rtl: false,
            }
        })
        .collect()
}

#[cfg(test)]
mod evenness_tests;

#[cfg(test)]
mod uax14_tests;

#[cfg(test)]
mod tests;
