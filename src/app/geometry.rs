//! Which columns show on a screen of a given size, and where.
//!
//! Here and not in the view, because moving by a page and keeping the cursor in sight need it too,
//! and drawing must not find out anything that is kept.

/// Three columns from this many cells on.
const THREE_COLUMNS: u16 = 140;

/// Two columns from this many cells on.
const TWO_COLUMNS: u16 = 90;

/// Two pages of a story beside each other from this many cells on.
pub const FACING: u16 = 160;

/// For fewer cells no table leaves the edge of the text.
const WORTH_IT: u16 = 6;

/// Cells between two facing pages.
const GUTTER: u16 = 8;

/// A column of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say all there is to say.
pub enum Column {
    Sources,
    List,
    Reader,
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)] // The names say all there is to say.
pub struct Rect {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// Where everything stands. What does not show has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Geometry {
    /// The line at the top: where one is.
    pub header: Option<Rect>,
    /// The sources column.
    pub sources: Option<Rect>,
    /// The list of stories.
    pub list: Option<Rect>,
    /// The reader.
    pub reader: Option<Rect>,
    /// Whether the reader shows two pages beside each other.
    pub facing: bool,
    /// The line at the bottom: prompt, messages, progress.
    pub status: Option<Rect>,
}

/// How the reader wants to see a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Whether the story has the screen for itself.
    pub zen: bool,
    /// Whether two pages stand beside each other, where there is room.
    pub facing: bool,
}

impl Geometry {
    /// The places on a screen of `columns` by `rows` cells.
    pub fn new(columns: u16, rows: u16, focus: Column, reading: Reading) -> Self {
        let zen = reading.zen;
        let facing = reading.facing && columns >= FACING && (zen || focus == Column::Reader);
        let header = u16::from(rows >= 4 && !zen);
        let status = u16::from(rows >= 2);
        let body = |x, width| {
            Some(Rect {
                x,
                y: header,
                width,
                height: rows - header - status,
            })
        };
        let line = |y| Rect {
            x: 0,
            y,
            width: columns,
            height: 1,
        };
        let mut geometry = Geometry {
            header: (header > 0).then(|| line(0)),
            status: (status > 0).then(|| line(rows - 1)),
            facing,
            ..Geometry::default()
        };
        // Columns stand apart by one cell for the hairline.
        if zen || facing {
            geometry.reader = body(0, columns);
        } else if columns >= THREE_COLUMNS {
            let sources = 28;
            let list = (columns / 10 * 3).clamp(40, 56);
            let reader = sources + 1 + list + 1;
            geometry.sources = body(0, sources);
            geometry.list = body(sources + 1, list);
            geometry.reader = body(reader, columns - reader);
        } else if columns >= TWO_COLUMNS && focus == Column::Sources {
            let sources = 30;
            geometry.sources = body(0, sources);
            geometry.list = body(sources + 1, columns - sources - 1);
        } else if columns >= TWO_COLUMNS {
            let list = (columns * 2 / 5).clamp(36, 46);
            geometry.list = body(0, list);
            geometry.reader = body(list + 1, columns - list - 1);
        } else {
            match focus {
                Column::Sources => geometry.sources = body(0, columns),
                Column::List => geometry.list = body(0, columns),
                Column::Reader => geometry.reader = body(0, columns),
            }
        }
        geometry
    }

    /// Cells right of a page, up to the margin, that its text leaves free, if they are worth leaving its
    /// edge for. Two facing pages leave none.
    pub fn free(&self, page: Rect) -> u16 {
        let Some(reader) = self.reader.filter(|_| !self.facing) else {
            return 0;
        };
        let right = reader.x + reader.width - margin(reader.width);
        match right.saturating_sub(page.x + page.width) {
            ..WORTH_IT => 0,
            cells => cells,
        }
    }

    /// The text column within the reader: as wide as `measure` allows, centred, with a margin. Of two
    /// facing pages the left one.
    pub fn page(&self, measure: u16) -> Option<Rect> {
        let reader = self.reader?;
        let margin = margin(reader.width);
        // An empty line over the text, where there is room for one.
        let top = u16::from(reader.height >= 12);
        let room = reader.width.saturating_sub(2 * margin);
        if self.facing {
            let width = measure.min(room.saturating_sub(GUTTER) / 2).max(1);
            return Some(Rect {
                x: reader.x + (reader.width - 2 * width - GUTTER) / 2,
                y: reader.y + top,
                width,
                height: reader.height - top,
            });
        }
        let width = measure.min(room).max(1);
        Some(Rect {
            x: reader.x + reader.width.saturating_sub(width) / 2,
            y: reader.y + top,
            width: width.min(reader.width),
            height: reader.height - top,
        })
    }
}

/// Cells on either side of a reader of this width that no text takes.
fn margin(width: u16) -> u16 {
    match width {
        0..=24 => 0,
        25..=56 => 1,
        _ => 3,
    }
}

impl Rect {
    /// The page beside this one, where two face each other.
    #[must_use]
    pub fn facing(self) -> Rect {
        Rect {
            x: self.x + self.width + GUTTER,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(columns: u16, focus: Column, zen: bool) -> (bool, bool, bool) {
        let reading = Reading { zen, facing: false };
        let it = Geometry::new(columns, 30, focus, reading);
        (it.sources.is_some(), it.list.is_some(), it.reader.is_some())
    }

    #[test]
    fn as_many_columns_show_as_fit() {
        assert_eq!(shown(140, Column::List, false), (true, true, true));
        assert_eq!(shown(139, Column::List, false), (false, true, true));
        assert_eq!(shown(90, Column::Reader, false), (false, true, true));
        assert_eq!(shown(90, Column::Sources, false), (true, true, false));
        assert_eq!(shown(89, Column::List, false), (false, true, false));
        assert_eq!(shown(40, Column::Reader, false), (false, false, true));
        assert_eq!(shown(200, Column::Reader, true), (false, false, true));
    }

    #[test]
    fn no_size_is_too_small_and_nothing_leaves_the_screen() {
        for columns in (0..200).chain([500, u16::MAX]) {
            for rows in (0..8).chain([60, u16::MAX]) {
                for focus in [Column::Sources, Column::List, Column::Reader] {
                    for (zen, facing) in
                        [(false, false), (true, false), (false, true), (true, true)]
                    {
                        let reading = Reading { zen, facing };
                        let it = Geometry::new(columns, rows, focus, reading);
                        let parts = [it.header, it.sources, it.list, it.reader, it.status];
                        let page = it.page(72);
                        if let Some(page) = page {
                            let right = page.x + page.width + it.free(page);
                            assert!(it.reader.is_some_and(|it| right <= it.x + it.width));
                        }
                        let other = page.filter(|_| it.facing).map(Rect::facing);
                        for part in parts.into_iter().flatten().chain(page).chain(other) {
                            assert!(u32::from(part.x) + u32::from(part.width) <= columns.into());
                            assert!(u32::from(part.y) + u32::from(part.height) <= rows.into());
                        }
                    }
                }
            }
        }
    }
}
