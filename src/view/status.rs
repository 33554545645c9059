//! The line at the top and the line at the bottom.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put, put_fitted, put_right};
use crate::{
    app::{Column, Model, Notice, Open, PromptKind},
    document::width::{suffix, width},
    story::{self, Anchor, grouped},
};

/// Cells of the progress line.
const BAR: usize = 24;

/// Where one is, and how much there is to read.
pub(super) fn header(model: &Model, theme: &Theme, line: Rect, screen: &mut Buffer) {
    let source = &model.list.listing.source;
    let listed = model.sources.rows.iter().find(|row| row.source == *source);
    let (unread, total) = listed.map_or((0, 0), |row| (row.unread, row.total));
    // What came in last is counted before it is listed: until both agree, it is still being read.
    let settled = model.list.wanted != Some(Anchor::Start);
    let count = if model.scan.reading || !settled {
        format!("reading … {} ", grouped(model.scan.stories))
    } else {
        format!("{} unread of {} ", grouped(unread), grouped(total))
    };
    let used = put(
        screen,
        line.x + 1,
        line.y,
        line.width,
        "recto",
        theme.strong,
    );
    let name = format!(" · {}", model.list.listing.source.name());
    let room = line.width.saturating_sub(1 + used);
    let used = used + put_fitted(screen, line.x + 1 + used, line.y, room, &name, theme.dim);
    if usize::from(used) + 2 + width(&count) < usize::from(line.width) {
        put_right(screen, line, &count, theme.dim);
    }
}

/// The last line. Says in which cell the cursor of an open prompt stands.
pub(super) fn draw(model: &Model, theme: &Theme, line: Rect, screen: &mut Buffer) -> Option<u16> {
    let reading = model.geometry().reader.is_some();
    let open = model.reader.open.as_ref().filter(|_| reading);
    // How far one has come is kept room for; hints take what is left.
    let progress_cells = open.map_or(0, |open| width(&percent(model, open)) as u16 + 3);
    // What was typed or said comes first; progress takes what is left.
    let mut left;
    let mut cursor = None;
    if let Some(prompt) = &model.prompt {
        let sign = match prompt.kind {
            PromptKind::Titles => " / ",
            PromptKind::Text => " text / ",
        };
        left = put(screen, line.x, line.y, line.width, sign, theme.here);
        let room = line.width.saturating_sub(left + 1);
        // Of more than fits, the part around the cursor shows.
        let before = prompt.input.visual_cursor();
        let hidden = before.saturating_sub(usize::from(room));
        let (shown, pad) = suffix(prompt.input.value(), hidden);
        let x = line.x + left + pad as u16;
        let typed = put(screen, x, line.y, room, shown, theme.text);
        cursor = Some((line.x + left + (before - hidden) as u16).min(line.right() - 1));
        left += typed + 2;
        let answer = answer(model, prompt.kind, !prompt.input.value().is_empty());
        let room = line.width.saturating_sub(left);
        left += put_fitted(screen, line.x + left, line.y, room, &answer, theme.dim);
    } else if let Some(Notice(text)) = &model.notice {
        let room = line.width.saturating_sub(2);
        left = 1 + put_fitted(screen, line.x + 1, line.y, room, text, theme.marked);
    } else {
        let room = line.width.saturating_sub(2 + progress_cells);
        let hints = hints(model, usize::from(room));
        left = 1 + put_fitted(screen, line.x + 1, line.y, room, &hints, theme.dim);
    }
    if let Some(open) = open {
        let place = Rect {
            x: line.x + left + 2,
            width: line.width.saturating_sub(left + 3),
            ..line
        };
        progress(model, open, theme, place, screen);
    }
    cursor
}

/// What the prompt found so far.
fn answer(model: &Model, kind: PromptKind, typed: bool) -> String {
    match kind {
        PromptKind::Titles if !typed => "search titles".to_owned(),
        PromptKind::Titles if model.list.stale => String::new(),
        PromptKind::Titles => format!("{} found", grouped(model.list.window.total)),
        PromptKind::Text => found(model.reader.open.as_ref()),
    }
}

fn found(open: Option<&Open>) -> String {
    match open.and_then(|open| open.search.as_ref()) {
        Some(search) if !search.found.is_empty() => {
            let more = if search.more { "+" } else { "" };
            let (at, all) = (search.current + 1, search.found.len());
            format!("{} of {}{more}", grouped(at), grouped(all))
        }
        Some(search) if !search.words.is_empty() => "not in this story".to_owned(),
        _ => "search this story".to_owned(),
    }
}

/// The keys worth knowing where one is, as many as fit into `room` cells.
fn hints(model: &Model, room: usize) -> String {
    let open = model.reader.open.as_ref();
    let searching = open.is_some_and(|open| open.search.is_some());
    let forms = if model.labels.is_some() {
        let short = "type a label".to_owned();
        vec![format!("{short} to follow its link, esc to leave"), short]
    } else if model.focus == Column::Reader && searching {
        let found = found(open);
        vec![format!("{found}   n next   esc leave"), found]
    } else if model.focus == Column::Reader {
        vec![
            "/ search   ] next   f links   ? help".to_owned(),
            "f links   ? help".to_owned(),
        ]
    } else if model.list.before_search.is_some() {
        let leave = "esc leave   ? help".to_owned();
        let found = grouped(model.list.window.total);
        let what = format!("“{}” · {found} found", model.list.listing.search);
        vec![
            format!("{what}   {leave}"),
            format!("{what}   esc leave"),
            leave,
        ]
    } else {
        vec!["/ search titles   ? help".to_owned()]
    };
    let fitting = forms.into_iter().find(|form| width(form) <= room);
    fitting.unwrap_or_else(|| "? help".to_owned())
}

/// How much of the story was seen, from 0 to 1.
fn seen(model: &Model, open: &Open) -> f64 {
    if model.focus == Column::Reader {
        return open.progress().seen;
    }
    let kept = model.reader.progress.get(&open.id);
    kept.map_or(0.0, |progress| progress.seen)
}

/// How much was seen in words, and how long the rest takes.
fn percent(model: &Model, open: &Open) -> String {
    let minutes = match (model.focus == Column::Reader, open.minutes_left()) {
        (true, 0) => "read".to_owned(),
        (true, minutes) => format!("{minutes} min left"),
        (false, _) => format!("{} min", story::minutes(open.layout.document().words)),
    };
    format!("{:3.0} %  {minutes}", (seen(model, open) * 100.0).floor())
}

/// A thin line that fills, percent, and minutes left: as much of it as there is room for.
fn progress(model: &Model, open: &Open, theme: &Theme, place: Rect, screen: &mut Buffer) {
    let seen = seen(model, open);
    let percent = percent(model, open);
    let room = usize::from(place.width);
    if room < width(&percent) {
        return;
    }
    put_right(screen, place, &percent, theme.dim);
    if room >= width(&percent) + 2 + BAR {
        let full = (seen * BAR as f64).round() as usize;
        let x = place.right() - (width(&percent) + 2 + BAR) as u16;
        let used = put(
            screen,
            x,
            place.y,
            BAR as u16,
            &"━".repeat(full),
            theme.here,
        );
        put(
            screen,
            x + used,
            place.y,
            BAR as u16,
            &"─".repeat(BAR - full),
            theme.hairline,
        );
    }
}
