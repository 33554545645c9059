//! Highlights and notes on the page, and the selection: marks in the text, signs in its left margin,
//! and what was written in the right one, where there is room.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put};
use crate::{
    app::{Open, Placed},
    document::{self, Span, width},
};

/// Cells between the text and what is written beside it.
const GAP: u16 = 3;

/// Cells of the margin that a note takes, at least and at most.
const CELLS: std::ops::RangeInclusive<u16> = 17..=36;

/// Lines of a note that show in the margin.
const LINES: usize = 6;

/// A highlight's sign, and a note's.
const SIGNS: [&str; 2] = ["▎", "✎"];

/// The sign of a note, also in lists.
pub(super) const SIGN: &str = SIGNS[1];

/// Marks what is highlighted or selected in a stretch of text that begins with byte `from` of its
/// block, and stands at a place of the screen.
pub(super) fn mark(
    open: &Open,
    block: usize,
    from: usize,
    text: &str,
    at: (u16, u16, u16),
    theme: &Theme,
    screen: &mut Buffer,
) {
    let stands = open.notes.iter().filter_map(|it| it.stand);
    let highlights = stands.map(|stand| (stand.span, theme.highlight));
    let selection = open.selection.map(|it| (it.span(), theme.selected));
    for (span, style) in highlights.chain(selection) {
        let Some((start, end)) = within(span, block, from, text.len()) else {
            continue;
        };
        // A divided cluster is marked whole.
        let (start, end) = (
            text.floor_char_boundary(start),
            text.ceil_char_boundary(end),
        );
        let (before, marked) = (&text[..start], &text[start..end]);
        let cells = |text: &str| u16::try_from(width::width(text)).unwrap_or(u16::MAX);
        let (x, y, room) = at;
        let skipped = cells(before).min(room);
        let place = Rect {
            x: x + skipped,
            y,
            width: cells(marked).min(room - skipped),
            height: 1,
        };
        screen.set_style(place.intersection(screen.area), style);
    }
}

/// The part of a span that lies in so many bytes of a block, counted from the first of them.
fn within(span: Span, block: usize, from: usize, len: usize) -> Option<(usize, usize)> {
    if block < span.start.0 || block > span.end.0 {
        return None;
    }
    let first = if block == span.start.0 {
        span.start.1
    } else {
        0
    };
    let last = if block == span.end.0 {
        span.end.1
    } else {
        usize::MAX
    };
    let (start, end) = (
        first.saturating_sub(from),
        last.saturating_sub(from).min(len),
    );
    (start < end).then_some((start, end))
}

/// The line of the page on which a note begins, or goes on from the page before.
fn line_of(open: &Open, placed: &Placed) -> Option<u16> {
    let span = placed.stand?.span;
    let found = open.page.iter().position(|spot| {
        let Some(line) = open.layout.line(*spot) else {
            return false;
        };
        line.segments.iter().any(|segment| {
            let text = segment.offset.map(|from| (from, segment.text.len()));
            text.is_some_and(|(from, len)| within(span, spot.block, from, len).is_some())
        })
    });
    u16::try_from(found?).ok()
}

/// Signs and notes beside the page, which stands in `column`.
pub(super) fn draw(open: &Open, theme: &Theme, column: Rect, page: Rect, screen: &mut Buffer) {
    let left = [2, 1].into_iter().find(|by| page.x >= column.x + by);
    let x = page.right() + GAP;
    let cells = column.right().saturating_sub(x + 1).min(*CELLS.end());
    let selected = open.selected_note().map(|it| &it.note.id);
    // In the order of the text: what stands lower begins below what stands higher.
    let mut free = page.y;
    for placed in &open.notes {
        let Some(y) = line_of(open, placed).map(|line| page.y + line) else {
            continue;
        };
        let has_text = !placed.note.text.is_empty();
        if let Some(by) = left {
            let sign = SIGNS[usize::from(has_text)];
            put(screen, page.x - by, y, 1, sign, theme.marked);
        }
        if !has_text || cells < *CELLS.start() {
            continue;
        }
        let style = match selected {
            Some(id) if *id == placed.note.id => theme.text,
            _ => theme.dim,
        };
        let text = placed.note.text.replace('\n', " ");
        for line in document::title(&text, usize::from(cells), LINES) {
            let y = y.max(free);
            if y >= page.bottom() {
                break;
            }
            put(screen, x, y, cells, &line.plain(), style);
            free = y + 1;
        }
        free += 1;
    }
}

/// What the last line says of the note that is selected, in at most so many cells; what it is, where
/// nothing was written.
pub(super) fn told(placed: &Placed) -> String {
    let edited = match placed.stand {
        Some(stand) if stand.edited => " (the text was edited since)",
        _ => "",
    };
    match placed.note.text.replace('\n', " ") {
        text if text.is_empty() => format!("highlighted{edited}"),
        text => format!("{SIGN} {text}{edited}"),
    }
}
