//! Pictures in the terms of a terminal: cells, or sequences that draw rows of cells.

use std::{
    fmt::Write as _,
    io::Cursor,
    sync::atomic::{AtomicU32, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage, imageops};
use ratatui::{
    buffer::Buffer,
    layout::{Rect, Size},
    style::Color,
};
use ratatui_image::protocol::{Protocol, halfblocks::Halfblocks, kitty::Kitty, sixel::Sixel};

use super::{Graphics, Key, file};

/// What kitty reserves for cells of a picture.
const PLACEHOLDER: char = '\u{10EEEE}';

/// Bands of a sixel picture are so many pixels high.
const BAND: u32 = 6;

/// A picture ready to be drawn.
pub(super) enum Encoded {
    /// Cells to be put into the frame.
    Cells(Buffer),
    /// Cells that show what is sent under a number before.
    Placed {
        cells: Buffer,
        number: u32,
        transmission: Option<String>,
    },
    /// A sequence for each row of cells.
    Rows(Vec<String>),
    /// Bands of pixels, with what stands before them and the height of a cell.
    Bands {
        head: String,
        colours: String,
        bands: Vec<String>,
        cell: u32,
    },
}

/// Decodes, scales and encodes; or says in words why that cannot be.
pub(super) fn encode(key: &Key) -> Result<Encoded, String> {
    let failed = |_| "this picture cannot be drawn".to_owned();
    let image = opaque(&file::decode(&key.drawable.media)?);
    let size = Size::new(key.extent.columns, key.extent.rows);
    let (width, height) = (
        u32::from(size.width) * u32::from(key.cell.0),
        u32::from(size.height) * u32::from(key.cell.1),
    );
    match key.graphics {
        Graphics::Blocks { true_colour } => {
            let image = scaled(&image, size.width.into(), u32::from(size.height) * 2);
            let blocks = Halfblocks::new(image, size).map_err(|_| failed(()))?;
            let mut cells = cells_of(&Protocol::Halfblocks(blocks), size);
            if !true_colour {
                for cell in &mut cells.content {
                    (cell.fg, cell.bg) = (indexed(cell.fg), indexed(cell.bg));
                }
            }
            Ok(Encoded::Cells(cells))
        }
        Graphics::Kitty => {
            let number = next_number();
            let image = scaled(&image, width, height);
            let kitty = Kitty::new(image, size, number, false, false).map_err(|_| failed(()))?;
            let mut cells = cells_of(&Protocol::Kitty(kitty), size);
            // The first cell holds what has to be sent before.
            let first = cells.content.first_mut().ok_or_else(|| failed(()))?;
            let symbol = first.symbol().to_owned();
            let at = symbol.find(PLACEHOLDER).ok_or_else(|| failed(()))?;
            let (transmission, placeholder) = symbol.split_at(at);
            first.set_symbol(placeholder);
            Ok(Encoded::Placed {
                cells,
                number,
                transmission: Some(transmission.to_owned()),
            })
        }
        Graphics::Iterm2 => {
            let image = scaled(&image, width, height);
            let rows = (0..u32::from(size.height)).map(|row| {
                let top = row * u32::from(key.cell.1);
                let part = image.crop_imm(0, top, width, key.cell.1.into());
                iterm2_row(&part, size.width)
            });
            let rows: Option<Vec<_>> = rows.collect();
            rows.map(Encoded::Rows).ok_or_else(|| failed(()))
        }
        Graphics::Sixel => {
            // Whole bands only: the last one would reach into the line below.
            let image = scaled(&image, width, (height / BAND * BAND).max(BAND));
            let sixel = Sixel::new(image, size, false).map_err(|_| failed(()))?;
            bands_of(&sixel.data, key.cell.1.into()).ok_or_else(|| failed(()))
        }
    }
}

fn scaled(image: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    if image.width() >= 2 * width && image.height() >= 2 * height {
        image.thumbnail_exact(width, height)
    } else {
        image.resize_exact(width, height, imageops::FilterType::Triangle)
    }
}

/// On white, as pages are that transparent pictures are made for.
fn opaque(image: &DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image.clone();
    }
    let white = Rgba([255; 4]);
    let mut below = RgbaImage::from_pixel(image.width(), image.height(), white);
    imageops::overlay(&mut below, image, 0, 0);
    below.into()
}

fn cells_of(protocol: &Protocol, size: Size) -> Buffer {
    let area = Rect::from((ratatui::layout::Position::ORIGIN, size));
    let mut cells = Buffer::empty(area);
    ratatui::widgets::Widget::render(ratatui_image::Image::new(protocol), area, &mut cells);
    cells
}

/// Numbers that no other program on the same terminal is likely to give its pictures.
fn next_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let count = NEXT.fetch_add(1, Ordering::Relaxed);
    (std::process::id() << 12) | (count & 0xFFF) | 1 << 31
}

/// One row of cells as an inline picture (<https://iterm2.com/documentation-images.html>). Its size
/// is given in cells: what a pixel is, terminals with fine screens disagree about.
fn iterm2_row(part: &DynamicImage, columns: u16) -> Option<String> {
    let mut png = Cursor::new(Vec::new());
    part.write_to(&mut png, ImageFormat::Png).ok()?;
    let png = png.into_inner();
    Some(format!(
        "\x1b]1337;File=inline=1;size={};width={columns};height=1;preserveAspectRatio=0;\
         doNotMoveCursor=1:{}\x07",
        png.len(),
        STANDARD.encode(&png)
    ))
}

/// Takes a sixel picture apart, so that some of its bands can be drawn.
fn bands_of(data: &str, cell: u32) -> Option<Encoded> {
    let picture = &data[data.find("\x1bP")?..];
    let picture = picture.strip_suffix("\x1b\\")?;
    // Raster attributes: proportions, width and height; then the colours, then the first band.
    let (intro, raster) = picture.split_once('"')?;
    let end = raster.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    let (width, _height) = raster[..end].rsplit_once(';')?;
    let body = &raster[end..];
    let is_colour = |part: &str| part.contains(";2;");
    let mut begin = 0;
    for part in body.split_inclusive('#') {
        // Each part ends with the mark of the next colour.
        if !is_colour(part) && part != "#" {
            break;
        }
        begin += part.len();
    }
    let begin = begin.saturating_sub(1);
    let (colours, bands) = body.split_at(begin);
    let mut bands: Vec<String> = bands.split('-').map(str::to_owned).collect();
    bands.pop_if(|last| last.is_empty());
    Some(Encoded::Bands {
        head: format!("{intro}\"{width};"),
        colours: colours.to_owned(),
        bands,
        cell,
    })
}

impl Encoded {
    /// Bytes that it takes, about.
    pub(super) fn bytes(&self) -> usize {
        let of_cells = |cells: &Buffer| cells.content.len() * size_of::<ratatui::buffer::Cell>();
        match self {
            Encoded::Cells(cells) => of_cells(cells),
            Encoded::Placed {
                cells,
                transmission,
                ..
            } => of_cells(cells) + transmission.as_ref().map_or(0, String::len),
            Encoded::Rows(rows) => rows.iter().map(String::len).sum(),
            Encoded::Bands { bands, .. } => bands.iter().map(String::len).sum(),
        }
    }

    /// Puts the cells of those rows that show into a frame.
    pub(super) fn put(&self, place: Rect, skipped: u16, screen: &mut Buffer) {
        let (Encoded::Cells(cells) | Encoded::Placed { cells, .. }) = self else {
            return;
        };
        for y in 0..place.height {
            for x in 0..place.width {
                if let (Some(cell), Some(here)) = (
                    cells.cell((x, skipped + y)),
                    screen.cell_mut((place.x + x, place.y + y)),
                ) {
                    here.clone_from(cell);
                }
            }
        }
    }

    /// What draws those rows that show over a frame; none for what is put into it.
    pub(super) fn sequence(&self, place: Rect, skipped: u16) -> Option<String> {
        let mut out = String::new();
        let go = |out: &mut String, row: u16| {
            // Writing into a string cannot fail.
            let _ = write!(out, "\x1b[{};{}H", place.y + row + 1, place.x + 1);
        };
        match self {
            Encoded::Cells(_) | Encoded::Placed { .. } => return None,
            Encoded::Rows(rows) => {
                let rows = rows.iter().skip(skipped.into());
                for (sequence, row) in rows.zip(0..place.height) {
                    go(&mut out, row);
                    out.push_str(sequence);
                }
            }
            Encoded::Bands {
                head,
                colours,
                bands,
                cell,
            } => {
                let from = (u32::from(skipped) * cell).div_ceil(BAND) as usize;
                let most = (u32::from(place.height) * cell / BAND) as usize;
                let shown: Vec<&str> = bands
                    .iter()
                    .skip(from)
                    .take(most)
                    .map(String::as_str)
                    .collect();
                go(&mut out, 0);
                let _ = write!(out, "{head}{}{colours}", shown.len() * BAND as usize);
                out.push_str(&shown.join("-"));
                out.push_str("\x1b\\");
            }
        }
        Some(out)
    }
}

/// The nearest of the 256 colours that all such terminals have in common.
fn indexed(colour: Color) -> Color {
    let Color::Rgb(r, g, b) = colour else {
        return colour;
    };
    let level = |c: u8| match c {
        0..=47 => 0,
        48..=114 => 1,
        _ => (c - 35) / 40,
    };
    let value = |level: u8| if level == 0 { 0 } else { 55 + 40 * level };
    let far = |(x, y, z): (u8, u8, u8)| {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(r, x) + square(g, y) + square(b, z)
    };
    let (x, y, z) = (level(r), level(g), level(b));
    let mean = ((u16::from(r) + u16::from(g) + u16::from(b)) / 3) as u8;
    let grey = (mean.saturating_sub(3) / 10).min(23);
    let (cube, ramp) = ((value(x), value(y), value(z)), 8 + 10 * grey);
    if far((ramp, ramp, ramp)) < far(cube) {
        Color::Indexed(232 + grey)
    } else {
        Color::Indexed(16 + 36 * x + 6 * y + z)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Data, Drawable, Extent, Media};

    #[test]
    fn colours_have_their_nearest_neighbour_of_256() {
        for (rgb, index) in [
            ((0, 0, 0), 16),
            ((255, 255, 255), 231),
            ((255, 0, 0), 196),
            ((95, 135, 175), 67),
            ((128, 128, 128), 244),
            ((9, 9, 9), 232),
        ] {
            let colour = Color::Rgb(rgb.0, rgb.1, rgb.2);
            assert_eq!(indexed(colour), Color::Indexed(index), "{rgb:?}");
        }
    }

    #[test]
    fn what_is_transparent_is_white_in_every_protocol() {
        let mut png = Cursor::new(Vec::new());
        let clear = RgbaImage::from_pixel(16, 16, Rgba([0; 4]));
        assert!(clear.write_to(&mut png, ImageFormat::Png).is_ok());
        let bytes = Data(png.into_inner().into());
        let encoded = |graphics| {
            encode(&Key {
                drawable: Drawable {
                    media: Media::Data(bytes.clone()),
                    stamp: 1,
                    width: 16,
                    height: 16,
                },
                extent: Extent {
                    columns: 2,
                    rows: 1,
                },
                graphics,
                cell: (8, 16),
            })
        };
        let sent = match encoded(Graphics::Kitty) {
            Ok(Encoded::Placed {
                transmission: Some(sent),
                ..
            }) => sent,
            _ => String::new(),
        };
        // Red, green, blue and opacity of the first pixels.
        assert!(sent.contains(";//////////"), "{sent:?}");
        let row = match encoded(Graphics::Iterm2) {
            Ok(Encoded::Rows(rows)) => rows.concat(),
            _ => String::new(),
        };
        let png = row
            .split_once(':')
            .and_then(|(_, it)| it.strip_suffix('\x07'));
        let png = png.and_then(|it| STANDARD.decode(it).ok());
        let drawn = png.and_then(|it| image::load_from_memory(&it).ok());
        let pixel = drawn.map(|it| it.to_rgba8().get_pixel(0, 0).0);
        assert_eq!(pixel, Some([255; 4]));
    }

    #[test]
    fn a_sixel_picture_is_drawn_from_any_row_on() {
        let data =
            "\x1b[1X\x1bP9;1;0q\"1;1;8;24#0;2;0;0;0#1;2;9;9;9#0!8~$#1~$-#1!8~$-#0~$-#1?$-\x1b\\";
        let picture = bands_of(data, 12);
        let drawn = |place, skipped| picture.as_ref().and_then(|it| it.sequence(place, skipped));
        let head = "\x1bP9;1;0q\"1;1;8;";
        let colours = "#0;2;0;0;0#1;2;9;9;9";
        assert_eq!(
            drawn(Rect::new(2, 3, 1, 2), 0),
            Some(format!(
                "\x1b[4;3H{head}24{colours}#0!8~$#1~$-#1!8~$-#0~$-#1?$\x1b\\"
            ))
        );
        assert_eq!(
            drawn(Rect::new(0, 0, 1, 1), 1),
            Some(format!("\x1b[1;1H{head}12{colours}#0~$-#1?$\x1b\\"))
        );
    }
}
