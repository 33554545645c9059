//! Books: EPUB 2 and 3, each of them one story.
//!
//! A book is an archive of pages with a list of them. The pages become one Markdown text in the order in
//! which they are to be read, by the door that all HTML comes through; links from page to page lead to
//! places in that text, notes become footnotes (those in a chapter of their own stand there as well), and where the book's contents name a chapter that its
//! pages give no heading, one is written. Each page is read by itself, so the beginning of a book is the
//! same whatever follows, and can be had before the rest.
//!
//! Books are read as far as they can be: what is wrong with one stands as a warning over its text, or in
//! it where something is missing. Archives claim what they like; what is read of them is bounded.

pub mod archive;
mod chapter;
mod contents;
mod notes;
mod package;
mod path;
#[cfg(test)]
mod tests;
mod xhtml;
mod xml;

use std::{
    cell::Cell,
    collections::HashSet,
    io::{Read, Seek},
    panic::{AssertUnwindSafe, catch_unwind},
};

use self::{
    archive::{Archive, Taken},
    chapter::{Chapter, Order},
    contents::Line,
    package::{Item, Package},
};
use super::{Head, IngestError, decode, html::tree::Tree, name};
use crate::story::{Kind, Picture, Story, escape, words};

/// The most bytes that are read of a page, of a list, and of all pages together.
const MOST_PAGE: u64 = 16 * 1024 * 1024;
const MOST_LIST: u64 = 8 * 1024 * 1024;
const MOST_TEXT: u64 = 64 * 1024 * 1024;

/// Pages beyond these are not read.
const MOST_PAGES: usize = 20_000;

/// A page that words are counted in, to guess how many the whole book has, in bytes.
const SAMPLE: u64 = 96 * 1024;

/// What the first entry of an archive is called and holds that is a book (OCF 3.3, 4.3).
const MARK: &[u8] = b"mimetypeapplication/epub+zip";

/// Names in a warning, at most.
const NAMED: usize = 3;

/// The media type of books (OCF 3.3, 4.3).
pub(super) const MEDIA_TYPE: &str = "application/epub+zip";

/// Whether bytes that begin so, in a file of this name, are a book.
pub fn is_book(beginning: &[u8], name: &str) -> bool {
    let marked = || beginning.get(30..).is_some_and(|it| it.starts_with(MARK));
    is_book_name(name) || beginning.starts_with(b"PK\x03\x04") && marked()
}

/// Whether a file of this name is a book.
pub fn is_book_name(name: &str) -> bool {
    name::extension(name) == name::Extension::Book
}

/// The pictures of a book.
pub struct Pictures<R>(Archive<R>);

impl<R: Read + Seek> Pictures<R> {
    /// Opens a book for its pictures; none where nothing in it can be read.
    pub fn open(reader: R) -> Option<Self> {
        Archive::open(reader).map(Pictures)
    }

    /// A picture that the text names: at most so many of its bytes.
    pub fn read(&mut self, address: &str, most: u64) -> Option<Vec<u8>> {
        let path = path::joined("", &crate::story::link::decode_percent(address));
        let taken = self.0.read(&path, most);
        (!taken.bytes.is_empty()).then_some(taken.bytes)
    }
}

/// A book that lies open.
pub struct Book<R> {
    archive: Archive<R>,
    package: Package,
    order: Order,
    /// The paths of its pages.
    pages: Vec<String>,
    /// Its contents, once they are needed.
    lines: Option<Vec<Line>>,
    /// What is encrypted.
    locked: HashSet<String>,
    /// What its file is called.
    name: String,
    warnings: Vec<String>,
    /// Files with notes that others refer to, as far as they were needed.
    notes: Vec<(String, Option<Tree>)>,
    /// Bytes of pages that may be read, and those that are left of them.
    most: u64,
    left: u64,
}

impl<R: Read + Seek> Book<R> {
    /// Opens a book. `name` is its file's, after which it is called if it has no title.
    ///
    /// # Errors
    /// Says in words why nothing of it can be read.
    pub fn open(reader: R, name: &str) -> Result<Self, IngestError> {
        let mut archive = Archive::open(reader).ok_or(IngestError::Book(NO_ARCHIVE))?;
        let mut warnings = Vec::new();
        if archive.is_broken() {
            warnings.push(
                "This book's file is damaged or not whole: it is read as far as it can be. Fetch it \
                 once more, if you can."
                    .to_owned(),
            );
        }
        let container = text(archive.read("META-INF/container.xml", MOST_LIST));
        let list = package::rootfile(&container).filter(|path| archive.has(path));
        let list = list.or_else(|| {
            let paths = archive.paths();
            let found = paths
                .into_iter()
                .find(|it| it.to_ascii_lowercase().ends_with(".opf"));
            found.map(str::to_owned)
        });
        let mut package = match &list {
            Some(path) => package::read(&text(archive.read(path, MOST_LIST)), path),
            None => Package::default(),
        };
        let mut pages = std::mem::take(&mut package.order);
        if pages.is_empty() {
            pages = pages_by_name(&archive);
            if pages.is_empty() {
                return Err(IngestError::Book(NO_PAGES));
            }
            warnings.push(
                "This book does not say in which order its pages are read: they follow each other \
                 by their names."
                    .to_owned(),
            );
        }
        pages.truncate(MOST_PAGES);
        warnings.extend(missing(&archive, &mut pages));
        let encrypted = text(archive.read("META-INF/encryption.xml", MOST_LIST));
        let locked: HashSet<String> = package::encrypted(&encrypted).into_iter().collect();
        if pages.iter().any(|it| locked.contains(it)) {
            warnings.push(locked_by(&archive));
            // Lists show a summary, and no warnings.
            package.summary = Some(LOCKED.to_owned());
        }
        let mut order = Order::default();
        for (n, path) in pages.iter().enumerate() {
            order.numbers.insert(path.clone(), n + 1);
        }
        let pictures = package.items.values().filter(|it| it.is_picture());
        order.pictures = pictures.map(|it| it.path.clone()).collect();
        if order.pictures.is_empty() {
            let paths = archive.paths();
            let pictures = paths.into_iter().filter(|it| is_picture_name(it));
            order.pictures = pictures.map(str::to_owned).collect();
        }
        Ok(Book {
            archive,
            package,
            order,
            pages,
            lines: None,
            locked,
            name: name.to_owned(),
            warnings,
            notes: Vec::new(),
            most: MOST_TEXT,
            left: MOST_TEXT,
        })
    }

    /// The book as a list needs it. How many words it has is guessed by one of its pages.
    pub fn head(&mut self) -> Head {
        let sizes: Vec<u64> = self.pages.iter().map(|it| self.archive.size(it)).collect();
        let all: u64 = sizes.iter().sum::<u64>().min(MOST_TEXT);
        let sample = self
            .pages
            .iter()
            .zip(&sizes)
            .filter(|(_, size)| **size <= SAMPLE);
        let sample = sample
            .max_by_key(|(_, size)| **size)
            .map(|(path, _)| path.clone());
        let sample = sample
            .or_else(|| self.pages.first().cloned())
            .unwrap_or_default();
        let mut counted = 0;
        if !self.locked.contains(&sample) {
            let taken = self.archive.read(&sample, SAMPLE);
            let given = taken.bytes.len().max(1) as u64;
            let found = words(&super::feed::without_tags(&text(taken))) as u64;
            counted = (u128::from(found) * u128::from(all) / u128::from(given)) as usize;
        }
        Head {
            story: self.about(),
            words: counted,
        }
    }

    /// All of it.
    pub fn story(&mut self) -> Story {
        self.beginning(usize::MAX).0
    }

    /// So many bytes of its text, to the end of a page, and about how many follow.
    pub fn beginning(&mut self, bytes: usize) -> (Story, u64) {
        self.left = self.most;
        let mut story = self.about();
        let mut read = 0;
        let mut at = 0;
        while at < self.pages.len() && story.markdown.len() < bytes {
            read += self
                .archive
                .size(self.pages.get(at).map_or("", String::as_str));
            let page = self.page(at);
            at += 1;
            let Some(page) = page else {
                let begin = if story.markdown.is_empty() {
                    ""
                } else {
                    "\n\n"
                };
                story.markdown.push_str(&format!(
                    "{begin}*The rest of this book does not show: its text is larger than {} MB.*",
                    self.most / 1_000_000
                ));
                at = self.pages.len();
                break;
            };
            if page.is_empty() {
                continue;
            }
            if !story.markdown.is_empty() {
                // A page that begins without a heading is set apart all the same.
                let begins = page.starts_with('#');
                story
                    .markdown
                    .push_str(if begins { "\n\n" } else { "\n\n---\n\n" });
            }
            story.markdown.push_str(&page);
        }
        let rest = self.pages.get(at..).unwrap_or_default();
        let rest: u64 = rest.iter().map(|it| self.archive.size(it)).sum();
        let written = story.markdown.len() as u128;
        let missing = u128::from(rest.min(MOST_TEXT)) * written / u128::from(read.max(1));
        let missing = u64::try_from(missing).unwrap_or(0);
        (
            story,
            if at < self.pages.len() {
                missing.max(1)
            } else {
                0
            },
        )
    }

    /// What is known of it without its text.
    pub fn about(&self) -> Story {
        let package = &self.package;
        let title = package.title.clone();
        let given = title.is_some();
        let title = title.unwrap_or_else(|| name::title(&self.name));
        let mut story = Story::new(Kind::Book, title, "");
        story.title_given = given;
        story.authors.clone_from(&package.authors);
        story.published = package.published;
        story.language.clone_from(&package.language);
        story.id.clone_from(&package.identifier);
        story.summary.clone_from(&package.summary);
        story.categories.clone_from(&package.subjects);
        story.warnings.clone_from(&self.warnings);
        let cover = package.cover.as_ref().filter(|it| self.archive.has(it));
        story.lead_image = cover.map(|path| Picture {
            src: chapter::address(path),
            alt: "Cover".to_owned(),
        });
        story
    }

    /// A page as Markdown; none where nothing more is read of the book.
    fn page(&mut self, at: usize) -> Option<String> {
        let path = self.pages.get(at)?.clone();
        if self.locked.contains(&path) {
            return Some(String::new());
        }
        if is_picture_name(&path) {
            return Some(format!("![]({})", chapter::address(&path)));
        }
        if self.left == 0 {
            return None;
        }
        let taken = self.archive.read(&path, MOST_PAGE.min(self.left));
        self.left = self.left.saturating_sub(taken.bytes.len().max(1) as u64);
        let trouble = taken.trouble;
        let source = text(taken);
        // One page that upsets a parser does not take the book away.
        const UPSET: &str = "*recto failed over this page.*";
        let read = || {
            let tree = Tree::of(&xhtml::as_html(&source));
            let notes = self.notes_elsewhere(&tree, (&path, at + 1));
            (tree, notes)
        };
        let Ok((tree, notes)) = catch_unwind(AssertUnwindSafe(read)) else {
            return Some(UPSET.to_owned());
        };
        let all = self
            .lines
            .get_or_insert_with(|| contents_of(&mut self.archive, &self.package));
        let lines = all.iter().filter(|it| it.path == path).collect();
        let chapter = Chapter {
            order: &self.order,
            path: &path,
            number: at + 1,
            lines,
            shift: Cell::new(0),
            notes,
        };
        let converted = || chapter.markdown(&tree);
        let mut page =
            catch_unwind(AssertUnwindSafe(converted)).unwrap_or_else(|_| UPSET.to_owned());
        if self.is_cover(&page) {
            page.clear();
        }
        if let Some(trouble) = trouble {
            let mut file = String::new();
            escape::inline(&crate::story::clean::line(&path), &mut file);
            let what = if page.is_empty() { "" } else { "The rest of " };
            let told = format!("*{what}{file} {}.*", trouble.words());
            page = [page, told].join("\n\n").trim_start().to_owned();
        }
        Some(page)
    }

    /// Whether a page has the cover on it and no words: that stands over the text already.
    fn is_cover(&self, page: &str) -> bool {
        let Some(cover) = &self.package.cover else {
            return false;
        };
        let address = format!("]({}", chapter::address(cover));
        page.len() < 1000 && page.matches("![").count() == 1 && page.contains(&address) && {
            let bare = page.split("![").next().unwrap_or_default();
            let after = page.rsplit_once(')').map_or("", |(_, after)| after);
            words(&super::feed::without_tags(bare)) + words(after) == 0
        }
    }
}

const NO_ARCHIVE: &str = "this EPUB is broken: nothing in it can be read (was it fetched to its end? fetch it once more)";
const LOCKED: &str = "This book is locked (DRM): recto cannot show its text.";
const NO_PAGES: &str = "this EPUB has no pages in it, so there is nothing to read";

fn text(taken: Taken) -> String {
    decode::markup(&taken.bytes, None).into_owned()
}

fn is_picture_name(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp"]
        .iter()
        .any(|it| path.ends_with(it))
}

/// The pages of a book that has no list of them: by their names, numbers in them as numbers.
fn pages_by_name<R: Read + Seek>(archive: &Archive<R>) -> Vec<String> {
    let is_page = |path: &&str| {
        let item = Item {
            path: (*path).to_owned(),
            ..Item::default()
        };
        item.is_page() && !path.starts_with("META-INF/")
    };
    let mut pages: Vec<String> = archive
        .paths()
        .into_iter()
        .filter(is_page)
        .map(str::to_owned)
        .collect();
    pages.sort_by_cached_key(|path| {
        let mut key = String::new();
        let mut digits = String::new();
        for c in path.to_lowercase().chars().chain(['\0']) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            key.push_str(&format!("{digits:0>12}"));
            digits.clear();
            key.push(c);
        }
        key
    });
    pages
}

/// Takes the pages out that are not there, and says so.
fn missing<R: Read + Seek>(archive: &Archive<R>, pages: &mut Vec<String>) -> Option<String> {
    let (here, gone): (Vec<_>, Vec<_>) = pages.drain(..).partition(|it| archive.has(it));
    *pages = here;
    let names: Vec<&str> = gone
        .iter()
        .take(NAMED)
        .map(|it| it.rsplit('/').next().unwrap_or(it))
        .collect();
    let more = if gone.len() > NAMED { " …" } else { "" };
    let names = crate::story::clean::line(&names.join(", "));
    match gone.len() {
        0 => None,
        1 => Some(format!(
            "A page of this book is missing in its file: {names}."
        )),
        count => Some(format!(
            "{count} pages of this book are missing in its file: {names}{more}."
        )),
    }
}

/// Who locked a book, and what can be done.
fn locked_by<R: Read + Seek>(archive: &Archive<R>) -> String {
    let by = match () {
        () if archive.has("META-INF/license.lcpl") => "Readium LCP",
        () if archive.has("META-INF/sinf.xml") => "Apple",
        () if archive.has("META-INF/rights.xml") => "Adobe",
        () => "whoever sold it",
    };
    format!(
        "This book is locked (DRM of {by}): only programs that its seller allows can open its text. Read \
         it there, or ask the publisher for a copy without a lock; recto opens that."
    )
}

fn contents_of<R: Read + Seek>(archive: &mut Archive<R>, package: &Package) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(path) = &package.nav {
        lines = contents::of_nav(&text(archive.read(path, MOST_LIST)), path);
    }
    if let Some(path) = package.ncx.as_ref().filter(|_| lines.is_empty()) {
        lines = contents::of_ncx(&text(archive.read(path, MOST_LIST)), path);
    }
    lines
}
