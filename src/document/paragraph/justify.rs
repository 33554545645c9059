//! Lines that end at one edge: breaks that leave their spaces even, and the spaces themselves.

use super::{Line, Piece, Segment, WIDOW};

/// Spaces of a line may grow by so many cells each; where they would have to grow more, the line stays
/// as it is: a hole in the text is worse than a ragged edge.
const LOOSEST: usize = 2;

/// What a line costs that stays ragged.
const RAGGED: f64 = 2_000.0;

/// What a hyphen costs: as much as spaces that grow by three quarters of a cell. Two below each other
/// cost more.
const HYPHEN: f64 = 60.0;

/// What a line costs that is wider than the measure, for each cell.
const TOO_WIDE: f64 = 1e9;

/// Lines as slices of pieces, so that the spaces of all lines but the last grow as little as can be
/// and evenly (Knuth and Plass's fit, with lines that stay ragged where nothing else is to be had).
pub(super) fn fit(pieces: &[Piece], measure: usize) -> Vec<&[Piece]> {
    let room = measure as f64;
    // The best way to have lines end before each piece: what it costs, and where the last one begins.
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=pieces.len() {
        let last = &pieces[end - 1];
        let mut here = (f64::INFINITY, end - 1);
        let mut cells = if last.hyphen { 1.0 } else { 0.0 };
        let mut gaps = 0_usize;
        for start in (0..end).rev() {
            let piece = &pieces[start];
            cells += piece.cells;
            if start + 1 < end {
                cells += piece.space;
                gaps += usize::from(piece.grows);
            }
            if cells > room && start + 1 < end {
                break;
            }
            let lacking = room - cells;
            let mut cost = if lacking < 0.0 {
                -lacking * TOO_WIDE
            } else if end == pieces.len() {
                let widow = start > 0 && cells < room / WIDOW as f64;
                if widow { HYPHEN } else { 0.0 }
            } else if lacking > (gaps * LOOSEST) as f64 {
                RAGGED + lacking * lacking
            } else {
                let grown = lacking / gaps.max(1) as f64;
                100.0 * grown * grown
            };
            let before = start.checked_sub(1).is_some_and(|it| pieces[it].hyphen);
            if last.hyphen && end < pieces.len() {
                cost += if before { 2.0 * HYPHEN } else { HYPHEN };
            }
            let sum = best[start].0 + cost;
            if sum < here.0 {
                here = (sum, start);
            }
        }
        best.push(here);
    }
    let mut lines = Vec::new();
    let mut end = pieces.len();
    while end > 0 {
        let start = best[end].1;
        lines.push(&pieces[start..end]);
        end = start;
    }
    lines.reverse();
    if lines.is_empty() {
        lines.push(pieces);
    }
    lines
}

/// Makes a line `measure` cells wide: the spaces behind its pieces grow, the wider ones as far from each
/// other as they can be. Spaces in code and formulas are part of them, and those that a line is not
/// broken at, as before the signs of French, keep their width.
pub(super) fn spread(line: &mut Line, pieces: &[Piece], measure: usize) {
    let lacking = measure.saturating_sub(line.width());
    let before_last = pieces.split_last().map_or(pieces, |(_, others)| others);
    let places = before_last.iter().filter(|it| it.grows);
    let mut places = places.map(|it| it.range.end).peekable();
    let spaces = before_last.iter().filter(|it| it.grows).count();
    if lacking == 0 || lacking > spaces * LOOSEST {
        return;
    }
    let grown = |spaces_before: usize| (spaces_before * lacking + spaces / 2) / spaces;
    let mut met = 0;
    let mut wider = Vec::with_capacity(line.segments.len() + 2 * spaces.min(lacking));
    for segment in line.segments.drain(..) {
        let piece = |text: &str, offset| Segment {
            text: text.to_owned(),
            offset,
            ..segment.clone()
        };
        let offset = segment.offset.unwrap_or(0);
        let mut from = 0;
        while let Some(at) = places.next_if(|it| *it < offset + segment.text.len()) {
            let added = grown(met + 1) - grown(met);
            met += 1;
            // Behind the space that stands there.
            let end = at + 1 - offset;
            if added > 0
                && let Some(text) = segment.text.get(from..end)
            {
                wider.push(piece(text, segment.offset.map(|it| it + from)));
                wider.push(piece(&" ".repeat(added), None));
                from = end;
            }
        }
        let rest = &segment.text[from..];
        if !rest.is_empty() {
            wider.push(piece(rest, segment.offset.map(|offset| offset + from)));
        }
    }
    line.segments = wider;
}
