//! The sources column.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put, put_fitted, put_right};
use crate::{
    app::{Column, Model},
    story::{Source, grouped},
};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, screen: &mut Buffer) {
    let sources = &model.sources;
    let focused = model.focus == Column::Sources;
    let shown = sources.rows.iter().enumerate().skip(sources.top);
    for ((index, row), y) in shown.zip(area.top()..area.bottom()) {
        let chosen = index == sources.cursor;
        let style = match (chosen, row.unread > 0) {
            (true, _) if focused => theme.here,
            (true, _) => theme.strong,
            (false, true) => theme.text,
            (false, false) => theme.dim,
        };
        if chosen {
            let bar = if focused { theme.here } else { theme.dim };
            put(screen, area.x, y, 1, "▌", bar);
        }
        let line = Rect {
            y,
            height: 1,
            width: area.width.saturating_sub(1),
            ..area
        };
        let count = match row.source {
            Source::Unread => grouped(row.unread),
            _ if row.unread > 0 => format!("{}/{}", grouped(row.unread), grouped(row.total)),
            _ => grouped(row.total),
        };
        put_right(screen, line, &count, theme.dim);
        let cells = line.width.saturating_sub(3 + count.len() as u16);
        let name = row.source.name();
        // A folder within another shows its own name under it; what it is, the sign before tells.
        let (sign, name) = match &row.source {
            Source::All | Source::Unread => (String::new(), name),
            Source::Folder(path) => {
                let depth = path.matches('/').count();
                let last = path.rsplit('/').next().unwrap_or(path);
                (format!("{}/ ", "  ".repeat(depth)), last)
            }
            Source::Category(_) => ("# ".to_owned(), name),
            Source::Author(_) => ("@ ".to_owned(), name),
        };
        let used = put(screen, area.x + 2, y, cells, &sign, theme.dim);
        put_fitted(
            screen,
            area.x + 2 + used,
            y,
            cells.saturating_sub(used),
            name,
            style,
        );
    }
}
