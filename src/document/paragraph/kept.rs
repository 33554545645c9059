//! What stays on one line although Unicode allows a break there: what books keep together besides.

use super::{
    super::{
        block::{Marks, Run, Text},
        width::width,
    },
    Piece,
};

/// Whether a word of Korean goes on here: it has spaces between its words, and where lines are ragged a
/// word is not broken between its syllables (as `word-break: keep-all` has it). A word may have digits,
/// other letters and Chinese characters in it; kana are none of it.
pub(super) fn is_within_korean(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    let goes_along = |c: char| c.is_alphanumeric() && !matches!(c, '\u{3040}'..='\u{30FF}');
    is_hangul(last) && goes_along(first) || goes_along(last) && is_hangul(first)
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{D7B0}'..='\u{D7FB}')
}

/// Whether a line can hold a piece behind another one, with the hyphen that may follow it.
fn fit_together(before: &Piece, piece: &Piece, measure: usize) -> bool {
    before.cells + before.space + piece.cells + f64::from(piece.hyphen) <= measure as f64
}

/// A formula that takes this part of a line, or so many cells, stays on one.
const PART: usize = 3;
const CELLS: usize = 16;

/// Takes the parts of formulas together: short ones stay whole, others are broken behind the signs of their
/// relations and sums alone, and in no brackets.
pub(super) fn weld_formulas(pieces: Vec<Piece>, text: &Text, measure: usize) -> Vec<Piece> {
    let is_formula = |run: &&Run| run.marks.has(Marks::MATH);
    if !text.runs.iter().any(|run| is_formula(&run)) {
        return pieces;
    }
    let mut runs = text.runs.iter().filter(is_formula).peekable();
    let mut welded: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        while runs
            .next_if(|it| it.range.end <= piece.range.start)
            .is_some()
        {}
        let run = runs.peek().filter(|it| it.range.start < piece.range.start);
        let before = welded.last_mut();
        if let (Some(run), Some(before)) = (run, before) {
            let cells = before.cells + before.space + piece.cells;
            let is_short = || width(&text.text[run.range.clone()]) <= CELLS.max(measure / PART);
            let part = text.text.get(run.range.start..before.range.end);
            let is_kept = !part.is_some_and(may_end_formula) || is_short();
            if fit_together(before, &piece, measure) && is_kept {
                *before = Piece {
                    range: before.range.start..piece.range.end,
                    cells,
                    ..piece
                };
                continue;
            }
        }
        welded.push(piece);
    }
    welded
}

/// Whether a formula may be broken behind this part of it.
fn may_end_formula(part: &str) -> bool {
    let count = |signs: &[char]| part.matches(signs).count();
    let is_open = count(&['(', '[', '{']) > count(&[')', ']', '}']);
    let last = part.chars().next_back();
    let is_sign = |c: char| {
        "=<>+−±∓×⋅÷∪∩∧∨:,;".contains(c)
            || matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2208}'..='\u{220d}' | '\u{2223}'..='\u{222a}' | '\u{2234}'..='\u{22bf}')
    };
    !is_open && last.is_some_and(is_sign)
}

/// Takes a dot that divides what stands before it from what follows to that, where a line can hold both:
/// no line ends with it.
pub(super) fn weld_dots(pieces: Vec<Piece>, text: &str, measure: usize) -> Vec<Piece> {
    let mut welded: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if let Some(dot) = welded.last_mut()
            && dot.space > 0.0
            && text.get(dot.range.clone()) == Some(DOT)
            && fit_together(dot, &piece, measure)
        {
            *dot = Piece {
                range: dot.range.start..piece.range.end,
                cells: dot.cells + dot.space + piece.cells,
                ..piece
            };
        } else {
            welded.push(piece);
        }
    }
    welded
}

/// Takes each of the parts that dots divide together, where a line can hold it: no date is broken.
pub(super) fn weld_parts(pieces: Vec<Piece>, text: &str, measure: usize) -> Vec<Piece> {
    let begins = |piece: &Piece| text[piece.range.clone()].starts_with(DOT);
    if !pieces.iter().any(begins) {
        return pieces;
    }
    let mut welded: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if let Some(part) = welded.last_mut()
            && !begins(&piece)
            && fit_together(part, &piece, measure)
        {
            *part = Piece {
                range: part.range.start..piece.range.end,
                cells: part.cells + part.space + piece.cells,
                ..piece
            };
        } else {
            welded.push(piece);
        }
    }
    welded
}

/// Sets apart the parts of what is known of a story.
pub(super) const DOT: &str = "·";

/// Whether this is a dash between spaces, with whatever closes behind it: it begins no line. One that a
/// word follows at once opens something, and does.
pub(super) fn is_spaced_dash(whole: &str) -> bool {
    let rest = whole.strip_prefix(['–', '—']);
    rest.is_some_and(|rest| !rest.contains(char::is_alphanumeric))
}

/// Takes spaced dashes to the words before them, where a line can hold both.
pub(super) fn weld_dashes(pieces: Vec<Piece>, text: &str, measure: usize) -> Vec<Piece> {
    let mut welded: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let is_spaced = piece.space > 0.0 || pieces.peek().is_none();
        let is_dash = is_spaced && text.get(piece.range.clone()).is_some_and(is_spaced_dash);
        match welded.last_mut() {
            Some(word) if is_dash && word.space > 0.0 => {
                let cells = word.cells + word.space + piece.cells;
                if cells <= measure as f64 {
                    let start = word.range.start;
                    *word = Piece {
                        range: start..piece.range.end,
                        cells,
                        ..piece
                    };
                } else {
                    welded.push(piece);
                }
            }
            _ => welded.push(piece),
        }
    }
    welded
}
