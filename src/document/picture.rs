//! The pictures of a document: where they stand, and how many cells each takes.
//!
//! Nothing here reads a picture. Whoever opens a story says which of its pictures can be drawn and
//! how large they are ([`Drawable`]); their rows are set aside before the first page shows, so that
//! no text moves when a picture arrives.

use std::{
    fmt,
    hash::{Hash, Hasher},
    path::Path,
    sync::Arc,
};

use super::{
    addresses::scheme,
    bidi::Rtl,
    block::{Role, Text},
    lines::{Line, Segment},
    paragraph::{self, Division},
    width::width,
};

/// Longer names of pictures say nothing to a reader, in bytes.
const LONGEST_NAME: usize = 60;

/// Fewer cells than these show nothing of a picture: it stays its words.
const LEAST: Extent = Extent {
    columns: 4,
    rows: 2,
};

/// A picture that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The block of its words.
    pub block: usize,
    /// Its address or path, as the story gives it.
    pub src: String,
    /// What it is drawn from; none where it stays its words.
    pub drawable: Option<Drawable>,
    /// In few words why it does, where that was found out.
    pub absent: Option<Box<str>>,
}

/// Where the bytes of a picture are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Media {
    /// In a file.
    File(Arc<Path>),
    /// In a book: its file, and where in it.
    Book(Arc<Path>, Arc<str>),
    /// In the story itself.
    Data(Data),
}

/// The bytes of a picture. Which ones they are, the stamp beside them says.
#[derive(Clone)]
pub struct Data(pub Arc<[u8]>);

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
    }
}

impl Eq for Data {}

impl Hash for Data {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A file that a picture can be drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Drawable {
    /// Where it lies.
    pub media: Media,
    /// A number that is another one when the file was changed, and for other bytes.
    pub stamp: u64,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// What a page has for pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Width and height of a cell in pixels.
    pub cell: (u16, u16),
    /// Rows that a picture may take at most.
    pub rows: u16,
}

impl Frame {
    /// Where the reader turned pictures off that could be drawn.
    pub const OFF: Frame = Frame {
        cell: (0, 0),
        rows: 0,
    };
}

/// Cells that a picture takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say all there is to say.
pub struct Extent {
    pub columns: u16,
    pub rows: u16,
}

/// A row of a picture on a line of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureRow {
    /// Index into [`Layout::pictures`](super::Layout::pictures).
    pub picture: usize,
    /// Which of its rows.
    pub row: u16,
    /// Cells that all of it takes.
    pub extent: Extent,
    /// Cells between the edge of the text and the picture.
    pub indent: u16,
}

impl Drawable {
    /// The cells it takes where `room` of them lie side by side: in its own proportions, never
    /// larger than its pixels. None where too few would be left to see anything.
    pub fn extent(&self, frame: Frame, room: usize) -> Option<Extent> {
        if frame == Frame::OFF {
            return None;
        }
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let cell = (
            f64::from(frame.cell.0.max(1)),
            f64::from(frame.cell.1.max(1)),
        );
        let scale = (room as f64 * cell.0 / width)
            .min(f64::from(frame.rows) * cell.1 / height)
            .min(1.0);
        let cells = |pixels: f64, cell: f64| (pixels * scale / cell).round().max(1.0) as u16;
        let extent = Extent {
            columns: cells(width, cell.0),
            rows: cells(height, cell.1),
        };
        (extent.columns >= LEAST.columns && extent.rows >= LEAST.rows).then_some(extent)
    }
}

impl Picture {
    /// Why it stays its words on a page that has this for pictures. Where none are drawn at all, that is
    /// not said of each: only what is wrong with a file, which no other terminal would show either.
    pub(super) fn why_absent(&self, frame: Option<Frame>) -> Option<&str> {
        match (&self.drawable, frame) {
            (Some(_), frame) => (frame == Some(Frame::OFF)).then_some("pictures are off"),
            (None, Some(_)) => self.absent.as_deref(),
            (None, None) => {
                let is_on_the_web = scheme(&self.src).is_some_and(|it| it.starts_with("http"));
                self.absent.as_deref().filter(|_| !is_on_the_web)
            }
        }
    }
}

/// Says behind a picture's words why they stand alone.
pub(super) fn say_absent(lines: &mut Vec<Line>, why: &str, measure: usize) {
    let said = format!("({why})");
    let last = lines.last_mut();
    if let Some(last) = last
        && last.segments.iter().all(|it| !it.rtl)
        && last.width() + 1 + width(&said) <= measure
    {
        last.segments.push(Segment::furniture(format!(" {said}")));
        return;
    }
    let (margin, offset) = lines.last().map_or((0, 0), |it| {
        let margin = it.segments.iter().take(it.margin);
        (margin.map(|it| width(&it.text)).sum(), it.offset)
    });
    let room = measure.saturating_sub(margin).max(1);
    let text = Text::plain(said);
    let set = paragraph::set(&text, Role::Furniture, room, Division::Never, Rtl::AsRead);
    for line in set {
        let mut segments = vec![Segment::furniture(" ".repeat(margin))];
        // The words are recto's, not the text's.
        segments.extend(
            line.segments
                .into_iter()
                .map(|it| Segment { offset: None, ..it }),
        );
        lines.push(Line {
            segments,
            margin: 1,
            offset,
            ..Line::default()
        });
    }
}

/// What stands for a picture without words of its own: its file's name, if that is short enough to
/// be one.
pub(super) fn unnamed(src: &str) -> String {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    let name = path.rsplit('/').next().unwrap_or(path);
    match scheme(src).as_deref() {
        None | Some("http" | "https") if !name.is_empty() && name.len() <= LONGEST_NAME => {
            format!("Picture · {name}")
        }
        _ => "Picture".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(width: u32, height: u32, room: usize) -> Option<(u16, u16)> {
        let drawable = Drawable {
            media: Media::File(Path::new("a.png").into()),
            stamp: 0,
            width,
            height,
        };
        let frame = Frame {
            cell: (8, 16),
            rows: 15,
        };
        let extent = drawable.extent(frame, room)?;
        Some((extent.columns, extent.rows))
    }

    #[test]
    fn a_picture_keeps_its_proportions_within_its_room() {
        // As large as its pixels, as wide as the text, as high as it may be.
        assert_eq!(extent(160, 160, 72), Some((20, 10)));
        assert_eq!(extent(5760, 1600, 72), Some((72, 10)));
        assert_eq!(extent(4000, 4000, 72), Some((30, 15)));
    }

    #[test]
    fn what_would_be_a_speck_or_a_thread_has_no_place() {
        for (width, height) in [(1, 1), (16, 16), (50_000, 10), (10, 50_000), (0, 0), (0, 9)] {
            assert_eq!(extent(width, height, 72), None, "{width} by {height}");
        }
        assert_eq!(extent(4000, 3000, 2), None);
    }

    #[test]
    fn a_picture_without_words_is_called_by_its_file() {
        for (src, shown) in [
            ("images/sea.jpg", "Picture · sea.jpg"),
            ("https://e.org/a/b.png?w=1200#x", "Picture · b.png"),
            ("https://e.org/", "Picture"),
            ("data:image/png;base64,AAAA/BBBB", "Picture"),
        ] {
            assert_eq!(unnamed(src), shown, "{src}");
        }
        assert_eq!(unnamed(&"x".repeat(100)), "Picture");
    }
}
