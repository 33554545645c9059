//! The help: every action of the table with its keys; or the log of what was said.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put_fitted};
use crate::app::{Help, HelpLine, Model};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, screen: &mut Buffer) {
    let Some(help) = model.help else {
        return;
    };
    let lines = help.lines(area.width, &model.messages);
    let keys_cells = help.key_cells(area.width);
    let last = area.bottom().saturating_sub(1);
    for (line, y) in lines.iter().skip(help.top).zip(area.top()..last) {
        let indent = Help::INDENT.min(area.width);
        let (x, room) = (area.x + indent, area.width - indent);
        match line {
            HelpLine::Gap => {}
            HelpLine::Heading(text) => {
                put_fitted(screen, x, y, room, text, theme.here);
            }
            HelpLine::Action(keys, text) => {
                let beside = if text.is_empty() {
                    room
                } else {
                    keys_cells - 1
                };
                put_fitted(screen, x, y, room.min(beside), keys, theme.strong);
                let room = room.saturating_sub(keys_cells);
                put_fitted(screen, x + keys_cells, y, room, text, theme.text);
            }
        }
    }
    let more = help.top + usize::from(area.height) <= lines.len();
    let leave = if help.log { "! leave" } else { "? leave" };
    let hint = match more {
        true => format!("j more   {leave}"),
        false => leave.to_owned(),
    };
    let room = area.width.saturating_sub(2);
    put_fitted(screen, area.x + 1, last, room, &hint, theme.dim);
}
