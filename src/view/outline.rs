//! The headings of the open story, over its page.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, inset, put, put_fitted, put_words};
use crate::app::Outline;

/// Cells by which a heading stands to the right of the one above it.
const STEP: usize = 2;

pub(super) fn draw(outline: &Outline, theme: &Theme, column: Rect, screen: &mut Buffer) {
    if outline.rows().len() == 0 {
        let none = match outline.notes {
            true => "No note has that.",
            false => "No heading has that.",
        };
        let words = [(none, theme.dim)];
        return put_words(screen, inset(column, 3), &words);
    }
    let rows = outline.rows().enumerate().skip(outline.top);
    for ((index, (heading, here)), y) in rows.zip(column.top()..column.bottom()) {
        let chosen = index == outline.cursor;
        if chosen {
            put(screen, column.x, y, 1, "▌", theme.here);
        }
        let style = match (chosen, here) {
            (true, _) => theme.strong,
            (false, true) => theme.here,
            (false, false) => theme.text,
        };
        let deepest = usize::from(column.width) / 3;
        let indent = 2 + (heading.depth * STEP).min(deepest) as u16;
        let room = column.width.saturating_sub(indent + 1);
        put_fitted(screen, column.x + indent, y, room, &heading.text, style);
    }
}
