//! What stays on one line although Unicode allows a break there: what books keep together besides.

use super::Piece;

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
