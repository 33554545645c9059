//! The sources column.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put, put_fitted, put_right};
use crate::{
    app::{Column, Model, SourceLine},
    story::{Source, SourceRow, grouped},
};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, screen: &mut Buffer) {
    for (line, y) in (model.sources.top..).zip(area.top()..area.bottom()) {
        let place = Rect {
            y,
            height: 1,
            width: area.width.saturating_sub(1),
            ..area
        };
        match model.sources.line(line) {
            None => break,
            Some(SourceLine::Gap) => {}
            Some(SourceLine::Heading(text)) => {
                let room = place.width.saturating_sub(1);
                put_fitted(screen, area.x + 1, y, room, text, theme.dim);
            }
            Some(SourceLine::Row(index, row)) => {
                draw_row(
                    model,
                    theme,
                    row,
                    index == model.sources.cursor,
                    place,
                    screen,
                );
            }
        }
    }
}

fn draw_row(
    model: &Model,
    theme: &Theme,
    row: &SourceRow,
    chosen: bool,
    place: Rect,
    screen: &mut Buffer,
) {
    let focused = model.focus == Column::Sources;
    let style = match (chosen, row.unread > 0) {
        (true, _) if focused => theme.here,
        (true, _) => theme.strong,
        (false, true) => theme.text,
        (false, false) => theme.dim,
    };
    if chosen {
        let bar = if focused { theme.here } else { theme.dim };
        put(screen, place.x, place.y, 1, "▌", bar);
    }
    let count = match row.source {
        Source::Unread => grouped(row.unread),
        _ if row.unread > 0 => format!("{}/{}", grouped(row.unread), grouped(row.total)),
        _ => grouped(row.total),
    };
    put_right(screen, place, &count, theme.dim);
    let mut counted = count.len() as u16;
    if let Some(trouble) = &row.trouble {
        let (mark, style) = match trouble.fails {
            true => ("!", theme.trouble),
            false => ("·", theme.dim),
        };
        let beside = Rect {
            width: place.width.saturating_sub(counted + 1),
            ..place
        };
        put_right(screen, beside, mark, style);
        counted += 2;
    }
    // A folder within another shows its own name under it.
    let (indent, name) = match &row.source {
        Source::Folder(path) => {
            let depth = path.matches('/').count();
            (2 * depth, path.rsplit('/').next().unwrap_or(path))
        }
        Source::Feed(feed) => {
            let folder = row.folder.as_deref().filter(|it| !it.is_empty());
            let depth = folder.map_or(0, |it| it.matches('/').count() + 1);
            (2 * depth, &*feed.name)
        }
        source => (0, source.name()),
    };
    let before = 2 + u16::try_from(indent).unwrap_or(u16::MAX);
    let cells = place
        .width
        .saturating_sub(counted + 1)
        .saturating_sub(before);
    let x = place.x.saturating_add(before);
    put_fitted(screen, x, place.y, cells, name, style);
}
