//! What a program said that a story was piped to.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put, put_fitted};
use crate::app::Output;

pub(super) fn draw(output: &Output, theme: &Theme, area: Rect, screen: &mut Buffer) {
    let last = area.bottom().saturating_sub(1);
    let indent = Output::INDENT.min(area.width);
    for (line, y) in output.lines().zip(area.top()..last) {
        put(
            screen,
            area.x + indent,
            y,
            area.width - indent,
            &line.plain(),
            theme.text,
        );
    }
    let more = if output.goes_on() { "j more   " } else { "" };
    let hint = format!("{more}esc leave   | {}", output.command);
    let room = area.width.saturating_sub(2);
    put_fitted(screen, area.x + 1, last, room, &hint, theme.dim);
}
