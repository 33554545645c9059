//! The screen, drawn from the model and from nothing else.
//!
//! Quiet and typographic: no boxes, one hairline between columns, the terminal's own background,
//! two accents. [`draw`] is a pure function of the model; what must be found out by measuring (which
//! lines show, where a row stands) the model has found out already.

mod ask;
mod help;
mod list;
mod notes;
mod outline;
mod output;
mod pictures;
mod reader;
mod shades;
mod sources;
mod status;
mod theme;

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

pub use pictures::{ShownPicture, pictures};
pub use reader::Hyperlink;
pub use shades::Depth;
pub use theme::{Background, Paper, Theme};

use crate::{
    app::{Model, geometry},
    document::width::{fit, width},
};

/// Draws the whole screen.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    let screen = frame.buffer_mut();
    screen.set_style(area, theme.page);
    let place = model.geometry();
    if model.help.is_some() {
        help::draw(model, theme, area, screen);
        return;
    }
    if let Some(output) = &model.output {
        output::draw(output, theme, area, screen);
        return;
    }
    if let Some(line) = cells(place.header, area) {
        status::header(model, theme, line, screen);
    }
    if let Some(column) = cells(place.sources, area) {
        sources::draw(model, theme, column, screen);
        hairline(theme, column, area, screen);
    }
    if let Some(column) = cells(place.list, area) {
        list::draw(model, theme, column, screen);
        hairline(theme, column, area, screen);
    }
    if let Some((column, pages)) = reader_pages(model, area) {
        match &model.outline {
            Some(outline) => outline::draw(outline, theme, column, screen),
            None => reader::draw(model, theme, column, pages, screen),
        }
    }
    if let Some(cursor) = draw_over(model, theme, area, screen) {
        frame.set_cursor_position(cursor);
    }
}

/// The reader's column, and its page or the two that face each other.
fn reader_pages(model: &Model, area: Rect) -> Option<(Rect, [Option<Rect>; 2])> {
    let place = model.geometry();
    let column = cells(place.reader, area)?;
    let page = place.page(model.measure);
    let beside = page.filter(|_| place.facing).map(geometry::Rect::facing);
    let page = cells(page, area).unwrap_or(column);
    Some((column, [Some(page), cells(beside, area)]))
}

/// Draws the last line, and what lies over the lines of a page: a note, a menu, what is wrong with what is
/// typed. Says where the cursor of an open prompt stands.
fn draw_over(model: &Model, theme: &Theme, area: Rect, screen: &mut Buffer) -> Option<Position> {
    let reader = &model.reader;
    let reads = reader.failure.is_none() && !reader.delayed && model.outline.is_none();
    if let (Some(open), true) = (&reader.open, reads)
        && let Some(place) = reader_pages(model, area)
    {
        notes::panel(open, theme, place, screen);
    }
    let line = cells(model.geometry().status, area)?;
    match &model.ask {
        Some(ask) => {
            ask::draw(model, ask, theme, line, screen);
            None
        }
        None => status::draw(model, theme, line, screen).map(|x| Position { x, y: line.y }),
    }
}

/// What leads anywhere on the screen that [`draw`] draws.
pub fn hyperlinks(model: &Model) -> Vec<Hyperlink> {
    let covered = model.help.is_some() || model.output.is_some() || model.outline.is_some();
    let place = model.geometry();
    match (place.page(model.measure), &model.reader.open) {
        (Some(page), Some(open)) if !covered => {
            let beside = Some(page.facing()).filter(|_| place.facing);
            reader::hyperlinks(open, [Some(page), beside])
        }
        _ => Vec::new(),
    }
}

/// A place of the model's as a rectangle of the screen. The screen may just have become smaller
/// than the model knows.
fn cells(place: Option<geometry::Rect>, area: Rect) -> Option<Rect> {
    let it = place?;
    let rect = Rect::new(it.x, it.y, it.width, it.height).intersection(area);
    (!rect.is_empty()).then_some(rect)
}

/// The line at the right of a column, unless the column ends the screen.
fn hairline(theme: &Theme, column: Rect, area: Rect, screen: &mut Buffer) {
    let x = column.right();
    if x + 1 < area.right() {
        for y in column.top()..column.bottom() {
            put(screen, x, y, 1, "│", theme.hairline);
        }
    }
}

/// Draws `text` into at most `cells` cells of one line and says how many it took.
fn put(screen: &mut Buffer, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
    if !screen.area.contains(Position { x, y }) {
        return 0;
    }
    let room = cells.min(screen.area.right() - x);
    // Each of these letters is a cell: nothing has to be cut into clusters and measured.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        let mut end = x;
        for (letter, at) in text.chars().zip(x..x + room) {
            screen[(at, y)].set_char(letter).set_style(style);
            end = at + 1;
        }
        return end - x;
    }
    let (end, _) = screen.set_stringn(x, y, text, usize::from(cells), style);
    end - x
}

/// Draws `text` cut with an ellipsis where it does not fit.
fn put_fitted(screen: &mut Buffer, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
    put(screen, x, y, cells, &fit(text, usize::from(cells)), style)
}

/// Draws `text` so that it ends at the right edge of `line`.
fn put_right(screen: &mut Buffer, line: Rect, text: &str, style: Style) {
    let cells = u16::try_from(width(text))
        .unwrap_or(u16::MAX)
        .min(line.width);
    put(screen, line.right() - cells, line.y, cells, text, style);
}

/// Draws paragraphs of plain words for a reader who has nothing else to look at.
fn put_words(screen: &mut Buffer, place: Rect, words: &[(&str, Style)]) {
    let mut y = place.y;
    for (text, style) in words {
        for line in crate::document::title(text, usize::from(place.width), usize::MAX) {
            if y >= place.bottom() {
                return;
            }
            put(screen, place.x, y, place.width, &line.plain(), *style);
            y += 1;
        }
        y += 1;
    }
}

/// `rect` without some cells at its left and right, where it is wide enough.
fn inset(rect: Rect, by: u16) -> Rect {
    let by = by.min(rect.width / 4);
    Rect {
        x: rect.x + by,
        width: rect.width - 2 * by,
        ..rect
    }
}
