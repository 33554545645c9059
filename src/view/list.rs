//! The list of stories.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Theme, inset, notes, put, put_fitted, put_words};
use crate::{
    app::{self, Column, Model},
    document::{self, Line},
    story::{self, Passage, Row, Source},
};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, screen: &mut Buffer) {
    let list = &model.list;
    if list.window.rows.is_empty() {
        if !list.stale {
            put_words(screen, inset(lowered(area), 3), &nothing(model, theme));
        }
        return;
    }
    let mut y = area.y;
    for index in list.top..list.window.total {
        let shape = list.shape(index, usize::from(area.width), &model.now);
        let (Some(row), Some(shape)) = (list.window.row(index), shape) else {
            break;
        };
        if y >= area.bottom() {
            break;
        }
        if let Some(heading) = &shape.heading {
            group(theme, heading, area, y, screen);
            y += 1;
        }
        // What is under the last line is not the list's.
        if y >= area.bottom() {
            break;
        }
        let place = Rect {
            y,
            height: area.bottom().saturating_sub(y),
            ..area
        };
        y += draw_row(model, theme, row, index == list.cursor, place, screen);
    }
}

fn lowered(area: Rect) -> Rect {
    let by = u16::from(area.height > 4);
    Rect {
        y: area.y + by,
        height: area.height - by,
        ..area
    }
}

/// A group's name and a line to the right edge.
fn group(theme: &Theme, heading: &str, area: Rect, y: u16, screen: &mut Buffer) {
    let used = put(
        screen,
        area.x + 1,
        y,
        area.width.saturating_sub(1),
        heading,
        theme.dim,
    );
    let from = area.x + 1 + used + 1;
    let cells = area.right().saturating_sub(from + 1);
    put(
        screen,
        from,
        y,
        cells,
        &"─".repeat(usize::from(cells)),
        theme.hairline,
    );
}

/// Draws a row and says how many lines it took.
fn draw_row(
    model: &Model,
    theme: &Theme,
    row: &Row,
    chosen: bool,
    area: Rect,
    screen: &mut Buffer,
) -> u16 {
    let focused = model.focus == Column::List;
    let cells = app::title_cells(usize::from(area.width));
    let mut lines = document::title(&row.title, cells, app::TITLE_LINES);
    document::in_order(&row.title, &mut lines, model.rtl);
    let x = area.x + app::MARK_CELLS as u16;
    let width = area.width.saturating_sub(app::MARK_CELLS as u16 + 1);
    let height = lines.len() as u16 + 1;

    let title = match (chosen, row.read) {
        (true, _) if focused => theme.here,
        _ if row.trouble.is_some() => theme.dim,
        (_, false) => theme.strong,
        (_, true) => theme.text,
    };
    if chosen {
        let style = if focused { theme.here } else { theme.dim };
        for y in area.y..(area.y + height).min(area.bottom()) {
            put(screen, area.x, y, 1, "▌", style);
        }
    }
    if model.list.selected.contains(&row.id) {
        put(screen, area.x + 1, area.y, 1, "✓", theme.here);
    } else if !row.read {
        put(screen, area.x + 1, area.y, 1, "●", theme.bullet);
    }
    let mut y = area.y;
    for line in &lines {
        if y < area.bottom() {
            title_line(theme, line, &row.matched, (x, y, width), title, screen);
        }
        y += 1;
    }
    if y < area.bottom() {
        match (&row.trouble, &row.passage) {
            (Some(why), _) => {
                put_fitted(screen, x, y, width, why, theme.trouble);
            }
            (None, Some(found)) => passage(theme, found, (x, y, width), screen),
            (None, None) => {
                let detail = detail(model, row, width);
                let used = put_fitted(screen, x, y, width, &detail, theme.dim);
                let room = width.saturating_sub(used);
                put(screen, x + used, y, room, &signs(row), theme.marked);
            }
        }
    }
    height
}

/// Where a search found a story: one line around the first word that was searched for.
fn passage(theme: &Theme, passage: &Passage, (x, y, width): (u16, u16, u16), screen: &mut Buffer) {
    let text = &*passage.text;
    let cells = usize::from(width);
    let first = passage.marks.first().map_or(0, |mark| mark.end);
    let until = super::width(text.get(..first).unwrap_or(text));
    // What stands before the word gives way, but not all of it.
    let hidden = if until > cells && super::width(text) > cells {
        until.saturating_sub(cells / 2)
    } else {
        0
    };
    let (rest, pad) = document::width::suffix(text, hidden);
    // Where words have spaces, the first one that shows is whole.
    let start = passage.marks.first().map_or(0, |mark| mark.start);
    let cut = text.len() - rest.len();
    let space = rest.find(' ').filter(|at| hidden > 0 && cut + at < start);
    let (rest, pad) = space.map_or((rest, pad), |at| (&rest[at + 1..], 0));
    let skipped = text.len() - rest.len();
    let mut from = x + pad as u16;
    if hidden > 0 {
        from += put(screen, from, y, width, "…", theme.dim);
    }
    let room = |at: u16| (x + width).saturating_sub(at);
    put_fitted(screen, from, y, room(from), rest, theme.dim);
    for mark in &passage.marks {
        let Some((start, end)) = mark
            .start
            .checked_sub(skipped)
            .zip(mark.end.checked_sub(skipped))
        else {
            continue;
        };
        if let (Some(before), Some(hit)) = (rest.get(..start), rest.get(start..end)) {
            let at = from.saturating_add(super::width(before) as u16);
            // The last cell may hold the ellipsis.
            let fits = super::width(rest) <= usize::from(room(from));
            let room = room(at).saturating_sub(u16::from(!fits));
            put(screen, at, y, room, hit, theme.marked);
        }
    }
}

/// The marks that a reader gave a story, behind its detail.
fn signs(row: &Row) -> String {
    let noted = if row.noted {
        format!(" {}", notes::SIGN)
    } else {
        String::new()
    };
    let star = if row.starred { " ★" } else { "" };
    let later = if row.later { " later" } else { "" };
    format!("{noted}{star}{later}")
}

/// One line of a title, with the letters that a search matched.
fn title_line(
    theme: &Theme,
    line: &Line,
    matched: &[usize],
    (x, y, width): (u16, u16, u16),
    style: Style,
    screen: &mut Buffer,
) {
    let mut x = x;
    let end = x + width;
    for segment in &line.segments {
        let from = x;
        x += put(screen, x, y, end - x, &segment.shown(), style);
        let Some(start) = segment.offset else {
            continue;
        };
        for at in matched.iter().filter(|at| **at >= start) {
            let before = segment.text.get(..at - start);
            let letter = segment
                .text
                .get(at - start..)
                .and_then(|rest| rest.chars().next());
            if let (Some(before), Some(letter)) = (before, letter) {
                let letter = letter.to_string();
                let cells = super::width(before) as u16;
                let at = match segment.rtl {
                    true => x.saturating_sub(cells + super::width(&letter) as u16),
                    false => from + cells,
                };
                let hit = style.patch(theme.marked);
                put(screen, at, y, end.saturating_sub(at), &letter, hit);
            }
        }
    }
}

/// Who it is from, when, and how long it is or how much of it was read, in so many cells. A long
/// name gives way to date and length.
fn detail(model: &Model, row: &Row, cells: u16) -> String {
    let seen = match model.reader.progress.get(&row.id) {
        Some(progress) => progress.seen,
        None => row.seen,
    };
    let length = if seen > 0.0 && seen < 1.0 {
        format!("{:.0} %", (seen * 100.0).floor().max(1.0))
    } else {
        story::duration(row.minutes)
    };
    let updated = if row.updated { " · updated" } else { "" };
    let rest = format!(
        " · {} · {length}{updated}",
        story::short(row.when, &model.now)
    );
    let signs = super::width(&signs(row));
    let room = usize::from(cells).saturating_sub(super::width(&rest) + signs);
    let least = if signs > 0 { 4 } else { 8 };
    if room < least.min(super::width(&row.from)) {
        // Where even that would be cut, they tell more than half of a name.
        return rest.trim_start_matches(" · ").to_owned();
    }
    let name = super::fit(&row.from, room.max(least));
    format!("{}{rest}", document::drawn(&name, model.rtl))
}

/// What to say where there is nothing to list.
fn nothing<'a>(model: &'a Model, theme: &Theme) -> Vec<(&'a str, Style)> {
    let listing = &model.list.listing;
    let asks = !listing.search.is_empty() || matches!(listing.source, Source::Saved(_));
    if model.damaged {
        vec![
            ("The database is damaged.", theme.strong),
            (
                "The next start mends it, or begins a new one with what you did: end recto with q, and \
                 start it again.",
                theme.dim,
            ),
        ]
    } else if let (Some(remark), true) = (&model.list.window.remark, asks) {
        vec![(remark.as_str(), theme.trouble)]
    } else if model.scan.reading && !listing.search.is_empty() && listing.everywhere {
        vec![
            ("Nothing yet.", theme.strong),
            (
                "The library is still being read; its words are indexed after that.",
                theme.dim,
            ),
        ]
    } else if model.unindexed > 0 && !listing.search.is_empty() && listing.everywhere {
        vec![
            ("Nothing yet.", theme.strong),
            (
                "Words are still being indexed: the top line says how many stories are left.",
                theme.dim,
            ),
        ]
    } else if !listing.search.is_empty() && listing.everywhere {
        let among_all = listing.source == Source::All && !listing.unread;
        vec![
            match among_all {
                true => ("No story has these words.", theme.strong),
                false => ("No story of this list has these words.", theme.strong),
            },
            match among_all {
                true => ("tab goes back to the titles alone.", theme.dim),
                false => (
                    "esc gives the list back; All stories, among the sources, has more.",
                    theme.dim,
                ),
            },
        ]
    } else if !listing.search.is_empty() {
        vec![
            ("No title matches.", theme.strong),
            (
                "Fewer letters find more; tab searches everything; esc gives the list back.",
                theme.dim,
            ),
        ]
    } else if let (Some(why), 0) = (&model.without_page, model.scan.stories) {
        vec![
            ("The page could not be had.", theme.strong),
            (why.as_str(), theme.trouble),
        ]
    } else if model.scan.reading {
        vec![("Reading the library …", theme.dim)]
    } else if model.scan.stories > 0 && listing.source == Source::Unread {
        vec![
            ("Everything is read.", theme.strong),
            (
                "h goes to the sources: All stories has them all.",
                theme.dim,
            ),
        ]
    } else if model.scan.stories > 0 && listing.unread {
        vec![
            ("Everything here is read.", theme.strong),
            ("U lists what is read too; J goes on.", theme.dim),
        ]
    } else if !model.met && model.sources.has_only_removed() && listing.source == Source::All {
        vec![
            ("All that was here is removed.", theme.strong),
            (
                "h goes to the sources: Removed lists it, and d there brings it back.",
                theme.dim,
            ),
        ]
    } else if model.scan.stories > 0 {
        vec![
            ("Nothing is here any more.", theme.strong),
            ("u takes back what was done last.", theme.dim),
        ]
    } else if model.sources.knows_feeds() {
        vec![
            ("Nothing came from your feeds yet.", theme.strong),
            (
                "R asks all of them for what they have; so does recto refresh.",
                theme.dim,
            ),
        ]
    } else if model.sources.knew_feeds {
        vec![
            ("Nothing is subscribed to any more.", theme.strong),
            (
                "u takes back what was done last; a subscribes to another feed.",
                theme.dim,
            ),
        ]
    } else {
        vec![
            ("There is no story here.", theme.strong),
            (
                "recto lists Markdown and text, web pages, books (EPUB) and letters. Put some into this folder, \
                 name another one, or start recto alone for the stories that come with it.",
                theme.dim,
            ),
        ]
    }
}
