//! Where pictures show. What they look like, whoever has them paints over the frame.

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};

use super::{Background, Depth, Paper, Theme, draw_over, reader::on_pages, reader_pages};
use crate::{
    app::{Model, Open},
    document::{Drawable, Extent},
};

/// A picture that shows, whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPicture<'a> {
    /// What is drawn.
    pub drawable: &'a Drawable,
    /// The cells that all of it takes.
    pub extent: Extent,
    /// The cells that show.
    pub place: Rect,
    /// Its rows above those.
    pub skipped: u16,
}

/// The pictures on the screen, from the top. Pure, as [`draw`](super::draw()) is, which leaves their
/// cells empty.
pub fn pictures(model: &Model, area: Rect) -> Vec<ShownPicture<'_>> {
    let reader = &model.reader;
    let hidden = model.help.is_some()
        || model.output.is_some()
        || model.outline.is_some()
        || model.labels.is_some()
        || reader.failure.is_some()
        || reader.delayed;
    let mut shown: Vec<ShownPicture<'_>> = Vec::new();
    let (Some((_, pages)), Some(open), false) = (reader_pages(model, area), &reader.open, hidden)
    else {
        return shown;
    };
    let pictures = open.layout.pictures();
    if pictures.is_empty() {
        return shown;
    }
    let over = over(model, area);
    for (page, these) in on_pages(open, pages) {
        for (spot, y) in these.iter().zip(page.top()..page.bottom()) {
            let Some(here) = open.layout.picture_row(*spot) else {
                continue;
            };
            let place = Rect {
                x: page.x + here.indent,
                y,
                width: here.extent.columns,
                height: 1,
            };
            let is_covered = |over: &Buffer| {
                let mut row = (place.x..place.right()).filter_map(|x| over.cell((x, y)));
                row.any(|cell| cell.symbol() != FREE)
            };
            if place.right() > page.right() || over.as_ref().is_some_and(is_covered) {
                continue;
            }
            if let Some(last) = shown.last_mut()
                && here.row > 0
                && (last.place.x, last.place.bottom()) == (place.x, y)
            {
                last.place.height += 1;
                continue;
            }
            let drawable = pictures.get(here.picture);
            if let Some(drawable) = drawable.and_then(|it| it.drawable.as_ref()) {
                shown.push(ShownPicture {
                    drawable,
                    extent: here.extent,
                    place,
                    skipped: here.row,
                });
            }
        }
    }
    shown
}

/// What nothing is drawn over.
const FREE: &str = "\u{10FFFF}";

/// What lies over the pages, drawn alone, where there can be anything.
fn over(model: &Model, area: Rect) -> Option<Buffer> {
    let noted = |open: &Open| open.selected_note().is_some();
    let any = model.ask.is_some()
        || model.prompt.is_some()
        || model.reader.open.as_ref().is_some_and(noted);
    any.then(|| {
        let mut over = Buffer::filled(area, Cell::new(FREE));
        let theme = Theme::new(Depth::None, Background::Unknown, Paper::Terminal);
        draw_over(model, &theme, area, &mut over);
        over
    })
}
