//! The page of a story.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

use super::{Theme, inset, notes, notes::Stretch, put, put_words};
use crate::{
    app::{Label, Labels, Model, Open, geometry},
    document::{self, Line, Span, Spot, width},
};

/// Draws the open story on one page, or on two that face each other.
pub(super) fn draw(
    model: &Model,
    theme: &Theme,
    column: Rect,
    pages: [Option<Rect>; 2],
    screen: &mut Buffer,
) {
    let reader = &model.reader;
    let words = match (&reader.failure, &reader.open) {
        (Some(why), _) => vec![
            ("This story cannot be read.", theme.strong),
            (why.as_str(), theme.trouble),
        ],
        (None, _) if reader.delayed => vec![("Opening …", theme.dim)],
        (None, Some(open)) => {
            let alone = pages[1].is_none();
            for (page, these) in on_pages(open, pages) {
                draw_page(open, these, model.labels.as_ref(), theme, page, screen);
                notes::draw(open, these, theme, (column, page, alone), screen);
            }
            if let Some(page) = pages.into_iter().flatten().last() {
                draw_foot(open, model.labels.as_ref(), theme, page, screen);
            }
            return;
        }
        (None, None) => return,
    };
    let page = pages[0].unwrap_or(column);
    let place = Rect {
        y: page.y,
        height: page.height,
        ..inset(column, 3)
    };
    put_words(screen, place, &words);
}

/// The pages with the lines that stand on them.
pub(super) fn on_pages<T>(
    open: &Open,
    pages: [Option<T>; 2],
) -> impl Iterator<Item = (T, &[Spot])> {
    let both = pages.into_iter().zip(open.pages());
    both.filter_map(|(page, lines)| Some((page?, lines)))
}

/// The footnotes of a page at its foot, set apart as in a book.
fn draw_foot(open: &Open, labels: Option<&Labels>, theme: &Theme, page: Rect, screen: &mut Buffer) {
    let place = foot(open, page.y, page.height);
    let Some((y, height)) = place else {
        return;
    };
    let rule = "─".repeat(usize::from(page.width / 4).max(8));
    let used = put(screen, page.x, y - 1, page.width, &rule, theme.hairline);
    // Keys for the notes where they do not fit.
    let keys = match (open.foot_goes_on, open.foot_began_above()) {
        (true, _) => " j more",
        (false, true) => " k back",
        (false, false) => "",
    };
    let room = page.width.saturating_sub(used);
    put(screen, page.x + used, y - 1, room, keys, theme.dim);
    let place = Rect { y, height, ..page };
    draw_page(open, &open.foot, labels, theme, place, screen);
}

/// The first row of the notes at the foot of a page, and how many they take.
fn foot(open: &Open, y: u16, height: u16) -> Option<(u16, u16)> {
    let rows = u16::try_from(open.foot.len()).ok()?;
    let fits = rows > 0 && rows < height;
    fits.then(|| (y + height - rows, rows))
}

fn draw_page(
    open: &Open,
    lines: &[Spot],
    labels: Option<&Labels>,
    theme: &Theme,
    page: Rect,
    screen: &mut Buffer,
) {
    for (spot, y) in lines.iter().zip(page.top()..page.bottom()) {
        let Some(line) = open.layout.line(*spot) else {
            continue;
        };
        let starts = draw_line(
            open,
            *spot,
            line,
            theme,
            Rect {
                y,
                height: 1,
                width: page.width + free_beside(open, line),
                ..page
            },
            screen,
        );
        if open.eye == Some(*spot) && page.x >= 2 {
            put(screen, page.x - 2, y, 1, "❯", theme.dim);
        }
        let here = labels.iter().flat_map(|labels| {
            let typed = labels.typed.as_str();
            labels
                .all
                .iter()
                .filter(move |label| label.spot == *spot && label.keys.starts_with(typed))
        });
        for label in here {
            draw_label(label, &starts, theme, page, y, screen);
        }
    }
}

/// Cells that a line may take beside the page.
fn free_beside(open: &Open, line: &Line) -> u16 {
    if line.wide {
        open.layout.setting().free
    } else {
        0
    }
}

/// Cells that lead anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// The column of the first.
    pub x: u16,
    /// The row.
    pub y: u16,
    /// How many.
    pub cells: u16,
    /// Where to.
    pub address: String,
}

/// What leads anywhere on these pages. Lines that scroll sideways are left out.
pub(super) fn hyperlinks(open: &Open, pages: [Option<geometry::Rect>; 2]) -> Vec<Hyperlink> {
    let mut found = Vec::new();
    let mut places = Vec::new();
    for (page, these) in on_pages(open, pages) {
        places.push((page, these, page.y));
    }
    if let Some((page, ..)) = places.last().copied()
        && let Some((y, _)) = foot(open, page.y, page.height)
    {
        places.push((page, &open.foot[..], y));
    }
    for (page, these, y) in places {
        for (spot, y) in these.iter().zip(y..) {
            let fits = |line: &&Line| {
                let room = page.width + free_beside(open, line);
                !line.wide || line.width() <= room.into() && open.scrolled(spot.block) == 0
            };
            let Some(line) = open.layout.line(*spot).filter(fits) else {
                continue;
            };
            let mut x = usize::from(page.x);
            for segment in &line.segments {
                let cells = width::width(&segment.text);
                if let Some(address) = segment.link.and_then(|link| open.layout.link(link)) {
                    found.push(Hyperlink {
                        x: u16::try_from(x).unwrap_or(u16::MAX),
                        y,
                        cells: u16::try_from(cells).unwrap_or(u16::MAX),
                        address: address.to_owned(),
                    });
                }
                x += cells;
            }
        }
    }
    found
}

/// Draws a label in the empty cells before its link, as far as there are any, so that what the link says
/// can be read; the rest of it over the link's first letters.
fn draw_label(
    label: &Label,
    starts: &[u16],
    theme: &Theme,
    page: Rect,
    y: u16,
    screen: &mut Buffer,
) {
    let Some(x) = starts.get(label.segment).copied() else {
        return;
    };
    let is_empty = |x: &u16| screen.cell((*x, y)).is_some_and(|it| it.symbol() == " ");
    let before = (screen.area.x..x).rev().take(label.keys.len());
    let from = x - before.take_while(is_empty).count() as u16;
    let room = page.right().saturating_sub(from);
    put(screen, from, y, room, &label.keys, theme.label);
}

/// Draws one line and says where each of its segments begins, and where the last one ends.
fn draw_line(
    open: &Open,
    spot: Spot,
    line: &Line,
    theme: &Theme,
    place: Rect,
    screen: &mut Buffer,
) -> Vec<u16> {
    let mut x = place.x;
    let mut starts = Vec::with_capacity(line.segments.len());
    let scrolled = if line.wide {
        open.scrolled(spot.block)
    } else {
        0
    };
    let held = if scrolled > 0 { line.held } else { 0 };
    let (mut behind, mut edge) = (0, None);
    let mut cut = false;
    for (index, segment) in line.segments.iter().enumerate() {
        let style = theme.of(segment.role, segment.marks, segment.link.is_some());
        let shown = segment.shown();
        let mut text = &*shown;
        let mut skipped = 0;
        if scrolled > 0 && index >= line.margin {
            let all = width::width(text);
            let stays = held.saturating_sub(behind).min(all);
            let hidden = (held + scrolled).saturating_sub(behind).min(all) - stays;
            behind += all;
            if hidden > 0 {
                // What stays of it are the spaces behind a column, or the line below its head.
                let (kept, _) = width::prefix(text, stays);
                x += put(
                    screen,
                    x,
                    place.y,
                    place.right().saturating_sub(x),
                    kept,
                    style,
                );
                edge.get_or_insert(x);
                let (rest, pad) = width::suffix(text, stays + hidden);
                skipped = text.len() - rest.len();
                text = rest;
                x += u16::try_from(pad).unwrap_or(0);
            }
        }
        starts.push(x);
        let room = place.right().saturating_sub(x);
        cut |= width::width(text) > usize::from(room);
        let drawn = put(screen, x, place.y, room, text, style);
        if let Some(stretch) = Stretch::of(line, segment, spot.block, skipped) {
            let at = (x, place.y, room);
            notes::mark(open, segment.role, stretch, at, theme, screen);
            mark_matches(open, stretch, at, theme, screen);
        } else if let Some(next) = notes::gap(line, index) {
            let at = (x, place.y, drawn);
            notes::mark_gap(open, spot.block, next, at, theme, screen);
        }
        x += drawn;
    }
    starts.push(x);
    if line.wide && cut {
        put(screen, place.right() - 1, place.y, 1, "›", theme.marked);
    }
    let edge = edge.filter(|_| held > 0).unwrap_or(place.x);
    if scrolled > 0 {
        // Where there is no margin, it stands over the first cell, as the other sign does over the last.
        put(
            screen,
            edge.saturating_sub(1),
            place.y,
            1,
            "‹",
            theme.marked,
        );
    }
    starts
}

/// Marks what a search found in a stretch.
fn mark_matches(
    open: &Open,
    stretch: Stretch<'_>,
    (x, y, room): (u16, u16, u16),
    theme: &Theme,
    screen: &mut Buffer,
) {
    let Some(search) = &open.search else {
        return;
    };
    let Stretch { text, rtl, .. } = stretch;
    let here = stretch.span();
    let first = search.found.partition_point(|it| it.end() <= here.start);
    for (index, found) in search.found.iter().enumerate().skip(first) {
        let span = Span {
            start: (found.block, found.range.start),
            end: found.end(),
        };
        if span.start >= here.end {
            break;
        }
        let Some((start, end)) = stretch.part(span) else {
            continue;
        };
        let (Some(before), Some(hit)) = (text.get(..start), text.get(start..end)) else {
            continue;
        };
        let style = if index == search.current {
            theme.label
        } else {
            Style::new()
                .patch(theme.marked)
                .add_modifier(Modifier::UNDERLINED | Modifier::BOLD)
        };
        let before = if rtl {
            width::width(text.get(end..).unwrap_or_default())
        } else {
            width::width(before)
        };
        let hit = if rtl {
            document::reversed(hit)
        } else {
            hit.into()
        };
        let cells = u16::try_from(before).unwrap_or(u16::MAX);
        let room = room.saturating_sub(cells);
        put(screen, x.saturating_add(cells), y, room, &hit, style);
    }
}
