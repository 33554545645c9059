//! Hyphens below each other: more than two in a row are seen before they are read.

use super::Piece;

/// Lines one below the other that may end with a hyphen.
const MOST: usize = 2;

/// Where the hyphens stand that are one too many.
pub(super) fn rungs(lines: &[&[Piece]]) -> Vec<usize> {
    let mut rungs = Vec::new();
    let mut before = 0;
    for line in lines {
        match line.last().filter(|last| last.hyphen) {
            Some(last) if before == MOST => {
                rungs.push(last.range.end);
                before = 0;
            }
            Some(_) => before += 1,
            None => before = 0,
        }
    }
    rungs
}

/// The pieces with the words that these hyphens divide as wholes, where a line can hold them.
pub(super) fn weld(pieces: Vec<Piece>, rungs: &[usize], measure: usize) -> Vec<Piece> {
    let mut welded: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut rungs = rungs.iter().peekable();
    let mut pieces = pieces.into_iter();
    while let Some(piece) = pieces.next() {
        let mut word = vec![piece];
        while word.last().is_some_and(|it| it.hyphen)
            && let Some(next) = pieces.next()
        {
            word.push(next);
        }
        let end = word.last().map_or(0, |it| it.range.end);
        let mut hit = false;
        while rungs.next_if(|it| **it < end).is_some() {
            hit = true;
        }
        let cells: f64 = word.iter().map(|it| it.cells).sum();
        match (hit && cells <= measure as f64, word.pop()) {
            (true, Some(last)) => welded.push(Piece {
                range: word.first().map_or(last.range.start, |it| it.range.start)..end,
                cells,
                ..last
            }),
            (_, last) => welded.extend(word.into_iter().chain(last)),
        }
    }
    welded
}
