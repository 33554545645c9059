//! Picture files, read within limits: what lies in them is anybody's.

use std::{
    borrow::Cow,
    fs::{File, Metadata},
    hash::{DefaultHasher, Hash, Hasher},
    io::{Cursor, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, metadata::Orientation};

use crate::{
    document::{Data, Drawable, Media},
    library::BookPictures,
    story::grouped,
};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

const MB: u64 = 1024 * 1024;

/// The most pixels that a picture may have.
const MAX_PIXELS: u64 = 40_000_000;

/// The longest side that a picture may have, in pixels.
const MAX_SIDE: u32 = 32_768;

/// The most memory that a decoder may take, in bytes.
const MAX_MEMORY: u64 = 256 * 1024 * 1024;

/// What is read of a file to find out how large its picture is.
const HEAD_BYTES: u64 = 64 * 1024;

/// Longer pictures in the text of a story are not decoded, in letters.
const MAX_LETTERS: usize = 12 * 1024 * 1024;

/// What is said of bytes that are no picture, or a broken one.
const BROKEN: &str = "cannot be decoded";

/// What a picture of this file can be drawn from, or in few words why it cannot be drawn.
pub(super) fn drawable(path: PathBuf) -> Result<Drawable, String> {
    let Ok(meta) = path.metadata() else {
        return Err("no such file".to_owned());
    };
    if meta.is_file() && meta.len() > MAX_BYTES {
        let (is, most) = (meta.len().div_ceil(MB), MAX_BYTES / MB);
        return Err(format!(
            "too large: {} MB, at most {most}",
            grouped(usize::try_from(is).unwrap_or(usize::MAX))
        ));
    }
    let meta = regular(&path).ok_or("no picture")?;
    let ending = path.extension().unwrap_or_default();
    if ending.eq_ignore_ascii_case("svg") {
        return Err("SVG is not drawn".to_owned());
    }
    // Some formats keep their size behind a lot of other things.
    let size = [HEAD_BYTES, MAX_BYTES]
        .into_iter()
        .find_map(|most| size(&read(&path, most)?))
        .ok_or(BROKEN)?;
    let mut stamp = DefaultHasher::new();
    (meta.len(), meta.modified().ok()).hash(&mut stamp);
    within_limits(Media::File(path.into()), stamp.finish(), size)
}

/// The same for a picture in a book.
pub(super) fn in_book(book: &mut BookPictures, src: &str) -> Result<Drawable, String> {
    let head = book.read(src, HEAD_BYTES);
    let head = head.ok_or("not in the book, or too large")?;
    let size = size(&head).or_else(|| size(&book.read(src, MAX_BYTES)?));
    let size = size.ok_or(BROKEN)?;
    let mut stamp = DefaultHasher::new();
    (book.stamp(), src).hash(&mut stamp);
    let media = match book.path() {
        Some(path) => Media::Book(path, src.into()),
        None => Media::Data(Data(book.read(src, MAX_BYTES).ok_or(BROKEN)?.into())),
    };
    within_limits(media, stamp.finish(), size)
}

/// The same for a picture that is written out in an address (RFC 2397).
pub(super) fn written_out(src: &str) -> Result<Drawable, String> {
    let parts = src.get("data:".len()..).and_then(|it| it.split_once(','));
    let (kind, letters) = parts.ok_or(BROKEN)?;
    let kind = kind.to_ascii_lowercase();
    if letters.len() > MAX_LETTERS {
        let most = MAX_LETTERS as u64 / 4 * 3 / MB;
        return Err(format!("too large: at most {most} MB in a text"));
    }
    if !kind.starts_with("image/") || !kind.ends_with(";base64") {
        return Err(BROKEN.to_owned());
    }
    let letters: Vec<u8> = letters
        .bytes()
        .filter(|it| !it.is_ascii_whitespace())
        .collect();
    in_memory(STANDARD.decode(letters).map_err(|_| BROKEN)?.into())
}

/// The same for one whose bytes are there.
pub(super) fn in_memory(bytes: Arc<[u8]>) -> Result<Drawable, String> {
    let size = size(&bytes).ok_or(BROKEN)?;
    let mut stamp = DefaultHasher::new();
    bytes.hash(&mut stamp);
    within_limits(Media::Data(Data(bytes)), stamp.finish(), size)
}

fn within_limits(
    media: Media,
    stamp: u64,
    (width, height): (u32, u32),
) -> Result<Drawable, String> {
    let pixels = u64::from(width) * u64::from(height);
    let fits = width.max(height) <= MAX_SIDE && (1..=MAX_PIXELS).contains(&pixels);
    if !fits {
        let shown = |it: u32| grouped(it as usize);
        let most = MAX_PIXELS / 1_000_000;
        if pixels <= MAX_PIXELS {
            return Err(format!(
                "too large: more than {} pixels a side",
                shown(MAX_SIDE)
            ));
        }
        return Err(format!(
            "too large: {} × {} pixels, at most {most} million",
            shown(width),
            shown(height)
        ));
    }
    Ok(Drawable {
        media,
        stamp,
        width,
        height,
    })
}

/// What the system says of a regular file that is not too large. To open anything else may block.
fn regular(path: &Path) -> Option<Metadata> {
    let meta = path.metadata().ok()?;
    (meta.is_file() && meta.len() <= MAX_BYTES).then_some(meta)
}

fn read(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn reader(bytes: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, ImageError> {
    // By its content: a name proves nothing.
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    Ok(reader)
}

fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut decoder = match reader(bytes).and_then(ImageReader::into_decoder) {
        Ok(decoder) => decoder,
        // It says how large it is by being refused for that.
        Err(ImageError::Limits(_)) => return Some((MAX_SIDE + 1, 1)),
        Err(_) => return None,
    };
    let (width, height) = decoder.dimensions();
    let turned = matches!(
        decoder.orientation(),
        Ok(Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH)
    );
    Some(if turned {
        (height, width)
    } else {
        (width, height)
    })
}

/// A picture, upright; or why there is none, in words.
pub(super) fn decode(media: &Media) -> Result<DynamicImage, String> {
    let broken = |_: ImageError| "this picture is broken".to_owned();
    let bytes: Cow<'_, [u8]> = match media {
        Media::Data(bytes) => (&*bytes.0).into(),
        Media::Book(path, src) => BookPictures::of_file(path)
            .and_then(|mut it| it.read(src, MAX_BYTES))
            .ok_or("this picture cannot be read any more")?
            .into(),
        Media::File(path) => regular(path)
            .and_then(|_| read(path, MAX_BYTES))
            .ok_or("this picture cannot be read any more")?
            .into(),
    };
    let mut decoder = reader(&bytes)
        .and_then(ImageReader::into_decoder)
        .map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_MEMORY {
        return Err("this picture is too large".to_owned());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    image.apply_orientation(orientation);
    Ok(image)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

    use std::fs;

    use image::{ImageFormat, RgbImage};

    use super::*;

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::from(RgbImage::from_fn(64, 32, |x, y| {
            image::Rgb([x as u8, y as u8, 9])
        }));
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn file(path: &Path) -> Media {
        Media::File(path.into())
    }

    #[test]
    fn pictures_are_read_where_they_are_written_out() {
        let letters = STANDARD.encode(encoded(ImageFormat::Png));
        let found = written_out(&format!("data:image/png;base64,{letters}")).unwrap();
        assert_eq!((found.width, found.height), (64, 32));
        assert_eq!(decode(&found.media).unwrap().width(), 64);
        let other = STANDARD.encode(encoded(ImageFormat::Gif));
        let other = written_out(&format!("data:image/png;base64,{other}")).unwrap();
        assert_ne!(found, other);
        for src in [
            "data:",
            "data:image/png;base64,",
            "data:image/png;base64,####",
            "data:text/plain;base64,AAAA",
            "data:image/svg+xml,<svg/>",
            &format!("data:image/png;base64,{}", &letters[..16]),
            &format!("data:image/png,{letters}"),
            &format!("data:image/png;base64,{}", "A".repeat(MAX_LETTERS + 1)),
        ] {
            assert!(written_out(src).is_err(), "{}", &src[..src.len().min(60)]);
        }
    }

    #[test]
    fn pictures_are_known_by_their_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.txt");
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Gif,
            ImageFormat::WebP,
        ] {
            fs::write(&path, encoded(format)).unwrap();
            let found = drawable(path.clone()).unwrap();
            assert_eq!((found.width, found.height), (64, 32), "{format:?}");
            assert_eq!(decode(&file(&path)).unwrap().width(), 64, "{format:?}");
        }
    }

    #[test]
    fn what_is_broken_or_hostile_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let whole = encoded(ImageFormat::Png);
        // The header is whole, the rest is missing.
        fs::write(&path, &whole[..60]).unwrap();
        assert!(drawable(path.clone()).is_ok());
        assert_eq!(decode(&file(&path)).unwrap_err(), "this picture is broken");
        // A header that claims more than anybody has memory for.
        let mut bomb = whole.clone();
        bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        let why = |name: &str| drawable(folder.path().join(name)).unwrap_err();
        for bytes in [&b""[..], b"no picture", b"<svg/>", &whole[..20], &bomb] {
            fs::write(&path, bytes).unwrap();
            assert!(!why("a.png").is_empty(), "{} bytes", bytes.len());
            assert!(decode(&file(&path)).is_err());
        }
        let size = within_limits(file(&path), 0, (30_000, 2_000));
        let told = "too large: 30,000 × 2,000 pixels, at most 40 million";
        assert_eq!(size.unwrap_err(), told);
        fs::write(&path, b"no picture").unwrap();
        assert_eq!(why("a.png"), "cannot be decoded");
        let large = fs::File::create(folder.path().join("b.png")).unwrap();
        large.set_len(45 * MB).unwrap();
        assert_eq!(why("b.png"), "too large: 45 MB, at most 32");
        fs::write(folder.path().join("c.svg"), b"<svg/>").unwrap();
        assert_eq!(why("c.svg"), "SVG is not drawn");
        assert_eq!(why(""), "no picture");
        assert_eq!(why("none.png"), "no such file");
    }
}
