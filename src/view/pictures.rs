//! Where pictures show. What they look like, whoever has them paints over the frame.

use ratatui::layout::Rect;

use super::cells;
use crate::{
    app::Model,
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
    let covered = model.help.is_some()
        || model.output.is_some()
        || model.outline.is_some()
        || model.labels.is_some()
        || reader.failure.is_some()
        || reader.delayed;
    let page = cells(model.geometry().page(model.measure), area);
    let (Some(page), Some(open), false) = (page, &reader.open, covered) else {
        return Vec::new();
    };
    let pictures = open.layout.pictures();
    let mut shown: Vec<ShownPicture<'_>> = Vec::new();
    if pictures.is_empty() {
        return shown;
    }
    for (spot, y) in open.page.iter().zip(page.top()..page.bottom()) {
        let Some(here) = open.layout.picture_row(*spot) else {
            continue;
        };
        if let Some(last) = shown.last_mut()
            && here.row > 0
            && last.place.bottom() == y
        {
            last.place.height += 1;
            continue;
        }
        let drawable = pictures
            .get(here.picture)
            .and_then(|it| it.drawable.as_ref());
        let place = Rect {
            x: page.x + here.indent,
            y,
            width: here.extent.columns,
            height: 1,
        };
        if let Some(drawable) = drawable.filter(|_| place.right() <= page.right()) {
            shown.push(ShownPicture {
                drawable,
                extent: here.extent,
                place,
                skipped: here.row,
            });
        }
    }
    shown
}
