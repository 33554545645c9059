//! A book for an e-reader: EPUB 3 (3.2, which 3.3 takes, too), with the list of contents that readers of
//! EPUB 2 look for.

use std::{
    collections::HashMap,
    hash::Hasher,
    io::{self, Cursor, Seek, Write},
};

use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use jiff::{Timestamp, tz::TimeZone};
use siphasher::sip128::{Hasher128, SipHasher13};
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::binding::{Shown, bound, direction, language, shown, title, words};
use crate::{
    ingest::html::escaped,
    keep::Local,
    story::{self, Story},
};

/// How it looks; the rest is the reader's own choice.
const STYLE: &str = include_str!("book.css");

/// Names of authors that the whole book has, at most; where there are more, that is said instead.
const AUTHORS: usize = 5;

/// Pictures larger than this in one direction are not decoded, in pixels.
const WIDEST: u32 = 12_000;

/// Bytes that decoding one may take.
const DECODED: u64 = 256 * 1024 * 1024;

/// What is said of the whole book.
#[derive(Debug, Clone)]
pub struct About {
    /// What it is called.
    pub title: String,
    /// When it is made.
    pub now: Timestamp,
}

/// A book that is being bound.
pub struct Book<W: Write + Seek> {
    zip: ZipWriter<W>,
    chapters: Vec<Chapter>,
    /// The pictures: their names, by what their bytes come to.
    pictures: HashMap<u128, String>,
    manifest: String,
    cover: Option<String>,
    authors: Vec<String>,
    /// How many stories are in each language, in the order in which they came.
    languages: Vec<(String, usize)>,
    /// What the stories come to: the same ones make the same book.
    print: SipHasher13,
    /// The day of a book with one story.
    published: Option<String>,
}

struct Chapter {
    title: String,
    lang: String,
}

fn plain(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        other => io::Error::other(other),
    }
}

impl<W: Write + Seek> Book<W> {
    /// A book without any story.
    ///
    /// # Errors
    /// If nothing can be written.
    pub fn new(out: W) -> io::Result<Self> {
        let mut book = Book {
            zip: ZipWriter::new(out),
            chapters: Vec::new(),
            pictures: HashMap::new(),
            manifest: String::new(),
            cover: None,
            authors: Vec::new(),
            languages: Vec::new(),
            print: SipHasher13::new(),
            published: None,
        };
        // By these bytes at their place files are known as books (OCF 3.2, 4.3).
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        book.zip.start_file("mimetype", stored).map_err(plain)?;
        book.zip.write_all(b"application/epub+zip")?;
        book.file("META-INF/container.xml", CONTAINER.as_bytes())?;
        book.file("EPUB/style.css", STYLE.as_bytes())?;
        Ok(book)
    }

    fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file(name, packed).map_err(plain)?;
        self.zip.write_all(bytes)
    }

    /// Adds a story, with those of its pictures that lie on this machine.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, story: &Story, local: &Local<'_>, zone: &TimeZone) -> io::Result<()> {
        let number = self.chapters.len() + 1;
        let mut coming: Vec<(String, Vec<u8>)> = Vec::new();
        let mut first = None;
        let pictures = &mut self.pictures;
        let mut picture = |src: &str| {
            let Shown { bytes, ending } = drawable(shown(src, local)?)?;
            let mut hasher = SipHasher13::new();
            hasher.write(&bytes);
            let next = pictures.len() + 1;
            let name = pictures
                .entry(hasher.finish128().as_u128())
                .or_insert_with(|| {
                    let name = format!("images/{next}.{ending}");
                    coming.push((name.clone(), bytes));
                    name
                });
            first.get_or_insert_with(|| name.clone());
            Some(format!("../{name}"))
        };
        let text = bound(story, ("", true), zone, &mut picture);
        for (name, bytes) in coming {
            self.picture(&name, &bytes)?;
        }
        if self.cover.is_none() && story.lead_image.is_some() {
            self.cover = first;
        }
        let language = language(story);
        let tag = language.as_deref();
        let lang = tag.map_or_else(String::new, |it| {
            format!(" lang=\"{it}\" xml:lang=\"{it}\"")
        });
        let title = title(story);
        let dir = direction(tag);
        let page = page(
            &title,
            &format!("{lang}{dir}"),
            "../",
            &format!("<section epub:type=\"chapter\" role=\"doc-chapter\">\n{text}</section>"),
        );
        self.print.write(page.as_bytes());
        self.file(&format!("EPUB/text/{number}.xhtml"), page.as_bytes())?;
        for author in &story.authors {
            let is_told = !escaped(author).trim().is_empty();
            if is_told && self.authors.len() <= AUTHORS && !self.authors.contains(author) {
                self.authors.push(author.clone());
            }
        }
        if let Some(language) = language {
            match self.languages.iter_mut().find(|(it, _)| *it == language) {
                Some((_, count)) => *count += 1,
                None => self.languages.push((language, 1)),
            }
        }
        self.published = match number {
            1 => story.published.map(|at| at.day(&TimeZone::UTC).to_string()),
            _ => None,
        };
        let lang = format!("{lang}{dir}");
        self.chapters.push(Chapter { title, lang });
        Ok(())
    }

    fn picture(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let ending = name.rsplit('.').next().unwrap_or_default();
        let kind = if ending == "jpg" { "jpeg" } else { ending };
        // They are as small as they get.
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip
            .start_file(format!("EPUB/{name}"), stored)
            .map_err(plain)?;
        self.zip.write_all(bytes)?;
        let id = picture_id(name);
        self.manifest.push_str(&format!(
            "<item id=\"{id}\" href=\"{name}\" media-type=\"image/{kind}\"/>\n"
        ));
        Ok(())
    }

    /// How many stories it has.
    pub fn stories(&self) -> usize {
        self.chapters.len()
    }

    /// Writes what stands in all books, and ends it.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn finish(mut self, about: &About) -> io::Result<W> {
        let called = words(&about.title);
        self.print.write(about.title.as_bytes());
        let identifier = identifier(self.print.finish128().as_u128());
        // Of as many the first is meant.
        let most = self.languages.iter().rev().max_by_key(|(_, count)| *count);
        let language = most.map_or_else(|| "und".to_owned(), |(it, _)| it.clone());
        let front = self.front(&called, &language, about.now);
        self.file("EPUB/text/front.xhtml", front.as_bytes())?;
        let nav = self.nav(&called, &language);
        self.file("EPUB/nav.xhtml", nav.as_bytes())?;
        let ncx = self.ncx(&called, &identifier);
        self.file("EPUB/toc.ncx", ncx.as_bytes())?;
        let package = self.package(&called, &identifier, &language, about.now);
        self.file("EPUB/package.opf", package.as_bytes())?;
        self.zip.finish().map_err(plain)
    }

    /// The page before all stories.
    fn front(&self, called: &str, language: &str, now: Timestamp) -> String {
        let day = story::long(story::Published::At(now), &TimeZone::UTC);
        let count = match self.chapters.len() {
            1 => "1 story".to_owned(),
            more => format!("{more} stories"),
        };
        let cover = self.cover.as_ref().map_or_else(String::new, |name| {
            format!("<figure><img src=\"../{name}\" alt=\"\"/></figure>\n")
        });
        let lang = format!(" lang=\"{language}\" xml:lang=\"{language}\"");
        page(
            called,
            &lang,
            "../",
            &format!(
                "<section epub:type=\"titlepage\">\n<h1>{called}</h1>\n<p class=\"byline\">{count} · {day}</p>\n\
             {cover}</section>"
            ),
        )
    }

    fn nav(&self, called: &str, language: &str) -> String {
        let mut items = format!("<li><a href=\"text/front.xhtml\">{called}</a></li>\n");
        for (number, Chapter { title, lang }) in (1..).zip(&self.chapters) {
            items.push_str(&format!(
                "<li{lang}><a href=\"text/{number}.xhtml\">{title}</a></li>\n"
            ));
        }
        let lang = format!(" lang=\"{language}\" xml:lang=\"{language}\"");
        page(
            called,
            &lang,
            "",
            &format!(
                "<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\">\n<h1>{called}</h1>\n<ol>\n{items}</ol>\n</nav>\n\
             <nav epub:type=\"landmarks\" hidden=\"hidden\">\n<ol>\n<li><a epub:type=\"bodymatter\" \
             href=\"text/1.xhtml\">{called}</a></li>\n</ol>\n</nav>"
            ),
        )
    }

    fn ncx(&self, called: &str, identifier: &str) -> String {
        let point = |order: usize, file: &str, title: &str| {
            format!(
                "<navPoint id=\"n{order}\" playOrder=\"{order}\"><navLabel><text>{title}</text></navLabel>\
                 <content src=\"text/{file}.xhtml\"/></navPoint>\n"
            )
        };
        let mut points = point(1, "front", called);
        for (number, chapter) in (1..).zip(&self.chapters) {
            points.push_str(&point(number + 1, &number.to_string(), &chapter.title));
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" \
             version=\"2005-1\">\n<head><meta name=\"dtb:uid\" content=\"{identifier}\"/><meta name=\"dtb:depth\" \
             content=\"1\"/><meta name=\"dtb:totalPageCount\" content=\"0\"/><meta name=\"dtb:maxPageNumber\" \
             content=\"0\"/></head>\n<docTitle><text>{called}</text></docTitle>\n<navMap>\n{points}</navMap>\n</ncx>\n"
        )
    }

    /// The list of all that is in the book (EPUB Packages 3.2).
    fn package(&self, called: &str, identifier: &str, language: &str, now: Timestamp) -> String {
        let today = now.strftime("%Y-%m-%d").to_string();
        let now = now.strftime("%Y-%m-%dT%H:%M:%SZ");
        let day = self.published.as_ref().unwrap_or(&today);
        let mut data = format!(
            "<dc:identifier id=\"book\">{identifier}</dc:identifier>\n<dc:title>{called}</dc:title>\n"
        );
        let several = ["Several authors".to_owned()];
        let names = match self.authors.len() > AUTHORS {
            true => &several[..],
            false => &self.authors,
        };
        for author in names {
            data.push_str(&format!("<dc:creator>{}</dc:creator>\n", words(author)));
        }
        data.push_str(&format!("<dc:language>{language}</dc:language>\n"));
        for (other, _) in self.languages.iter().filter(|(it, _)| it != language) {
            data.push_str(&format!("<dc:language>{other}</dc:language>\n"));
        }
        data.push_str(&format!(
            "<dc:date>{day}</dc:date>\n<meta property=\"dcterms:modified\">{now}</meta>\n"
        ));
        let mut manifest = self.manifest.clone();
        if let Some(cover) = &self.cover {
            let id = picture_id(cover);
            data.push_str(&format!("<meta name=\"cover\" content=\"{id}\"/>\n"));
            let plain = format!("<item id=\"{id}\"");
            let marked = format!("{plain} properties=\"cover-image\"");
            manifest = manifest.replacen(&plain, &marked, 1);
        }
        let mut spine = String::new();
        for number in 1..=self.chapters.len() {
            manifest.push_str(&format!(
                "<item id=\"s{number}\" href=\"text/{number}.xhtml\" media-type=\"application/xhtml+xml\"/>\n"
            ));
            spine.push_str(&format!("<itemref idref=\"s{number}\"/>\n"));
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" \
             version=\"3.0\" unique-identifier=\"book\" xml:lang=\"{language}\">\n<metadata \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n{data}</metadata>\n<manifest>\n<item id=\"nav\" \
             href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n<item id=\"ncx\" \
             href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>\n<item id=\"style\" href=\"style.css\" \
             media-type=\"text/css\"/>\n<item id=\"front\" href=\"text/front.xhtml\" \
             media-type=\"application/xhtml+xml\"/>\n{manifest}</manifest>\n<spine toc=\"ncx\">\n<itemref \
             idref=\"front\"/>\n{spine}</spine>\n</package>\n"
        )
    }
}

/// Where the list of the book lies (OCF 3.2, 4.2.6.3).
const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<container version=\"1.0\" \
    xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile \
    full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";

/// A page of the book; `up` leads to the folder of its style.
fn page(title: &str, attributes: &str, up: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n<html \
         xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"{attributes}>\n<head>\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"{up}style.css\"/>\n</head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    )
}

fn picture_id(name: &str) -> String {
    let number = name.trim_start_matches("images/").split('.').next();
    format!("picture-{}", number.unwrap_or_default())
}

/// A name for the book that no other one has (RFC 9562, version 8).
fn identifier(print: u128) -> String {
    let bits = print & !(0xf << 76) & !(0x3 << 62) | 8 << 76 | 2 << 62;
    let hex = format!("{bits:032x}");
    let part = |range| hex.get(range).unwrap_or_default();
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32)
    )
}

/// The picture as all readers can draw it: WebP is newer than most of them.
fn drawable(shown: Shown) -> Option<Shown> {
    match shown.ending {
        "png" | "jpg" | "gif" => {
            // What is damaged has the whole book called so.
            let reader = ImageReader::new(Cursor::new(&shown.bytes)).with_guessed_format();
            reader.ok()?.into_dimensions().ok()?;
            return Some(shown);
        }
        "webp" => {}
        _ => return None,
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(DECODED);
    let mut reader = ImageReader::with_format(Cursor::new(shown.bytes), ImageFormat::WebP);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let (picture, format, ending) = match picture.color().has_alpha() {
        true => (picture, ImageFormat::Png, "png"),
        false => (
            DynamicImage::from(picture.to_rgb8()),
            ImageFormat::Jpeg,
            "jpg",
        ),
    };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).ok()?;
    let bytes = bytes.into_inner();
    Some(Shown { bytes, ending })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_uuids() {
        assert_eq!(
            identifier(0),
            "urn:uuid:00000000-0000-8000-8000-000000000000"
        );
        assert_eq!(
            identifier(u128::MAX),
            "urn:uuid:ffffffff-ffff-8fff-bfff-ffffffffffff"
        );
    }
}
