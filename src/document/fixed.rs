//! Lines whose breaks are given: code, formulas in rows, and thematic breaks.

use std::ops::Range;

use super::{
    bidi::Rtl,
    block::{Formula, Marks, Role, Text, Token},
    lines::{Line, Segment},
    paragraph::{self, Division},
};

/// Lines of code, coloured where it is known what stands in them.
pub(super) fn code_lines(code: &str, tokens: &[(Range<usize>, Token)]) -> Vec<Line> {
    let mut offset = 0;
    let mut tokens = tokens.iter().peekable();
    code.split('\n')
        .map(|text| {
            let end = offset + text.len();
            let mut segments = Vec::new();
            let mut add = |from: usize, to: usize, role| {
                let text = code.get(from..to).unwrap_or_default();
                if !text.is_empty() {
                    segments.push(Segment {
                        role,
                        offset: Some(from),
                        ..Segment::furniture(text)
                    });
                }
            };
            let mut at = offset;
            while let Some((piece, token)) = tokens.peek().filter(|(piece, _)| piece.start < end) {
                add(at, piece.start.max(at), Role::Code);
                add(piece.start.max(at), piece.end.min(end), Role::Token(*token));
                at = piece.end.min(end).max(at);
                if piece.end > end {
                    break;
                }
                tokens.next();
            }
            add(at, end, Role::Code);
            if segments.is_empty() {
                // The empty line has a place, too.
                segments.push(Segment {
                    role: Role::Code,
                    offset: Some(offset),
                    ..Segment::furniture("")
                });
            }
            let line = Line {
                segments,
                offset,
                wide: true,
                ..Line::default()
            };
            offset += text.len() + 1;
            line
        })
        .collect()
}

/// The lines of a formula, in the middle of `room` cells; where they take more than `most`, the formula is
/// broken as a text, if it can be set in a line.
pub(super) fn formula_lines(said: &str, formula: &Formula, room: usize, most: usize) -> Vec<Line> {
    let mut lines = code_lines(&formula.rows, &[]);
    let fits = lines.iter().all(|it| it.width() <= most);
    if formula.in_line && !fits {
        let mut text = Text::default();
        text.push(said, Marks::MATH, None);
        lines = paragraph::set(&text, Role::Math, room, Division::Never, Rtl::AsRead);
        center(&mut lines, room);
        return lines;
    }
    for line in &mut lines {
        // Places in what it says are none in its rows, but for about where they are.
        let about = line.offset * said.len() / formula.rows.len().max(1);
        line.offset = said.floor_char_boundary(about);
        line.stands_for_block = true;
        for segment in &mut line.segments {
            segment.role = Role::Plain;
        }
    }
    center(&mut lines, room);
    lines
}

/// Sets lines, as they stand to each other, in the middle of so many cells.
pub(super) fn center(lines: &mut [Line], room: usize) {
    let widest = lines.iter().map(Line::width).max().unwrap_or(0);
    let pad = room.saturating_sub(widest) / 2;
    if pad > 0 {
        for line in lines {
            line.segments.insert(0, Segment::furniture(" ".repeat(pad)));
        }
    }
}

/// A thematic break in the middle of so many cells.
pub(super) fn rule(room: usize) -> Line {
    const STARS: [&str; 3] = ["*   *   *", "* * *", "*"];
    let stars = STARS.into_iter().find(|stars| stars.len() <= room);
    let stars = stars.unwrap_or("*");
    let pad = room.saturating_sub(stars.len()) / 2;
    Line {
        segments: vec![Segment::furniture(format!("{}{stars}", " ".repeat(pad)))],
        ..Line::default()
    }
}
