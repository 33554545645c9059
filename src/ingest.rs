//! Bytes from outside become stories.
//!
//! [`read`] takes what a file or a stream holds and makes a [`Story`] of it, whatever encoding and
//! format it is in; [`head`] does so for a catalogue, which wants everything but the body and wants
//! it fast. Nothing here opens a file or a connection.
//!
//! Feeds have a door of their own ([`feed`]); opened as a file, one is a story with all its entries. What
//! they carry is HTML, which [`html`] turns into Markdown. Lists of feeds are no stories and have doors of
//! their own too ([`opml`], [`newsboat`]); which feeds a site has, [`discover`] tells. Letters are stories
//! (`letter`), and a [`mailbox`] holds many of them.
//!
//! The way of the bytes: *decode* them, *clean* the text ([`clean`]), tell what it is (Markdown, a
//! saved web page, plain text) and read it. What a format encodes once more (entities, escapes in
//! front matter) is cleaned again where it is decoded. Wrong input is no error: the story carries
//! warnings that say what is wrong, and shows what can be shown.

mod byline;
pub mod capture;
pub mod dates;
mod decode;
pub mod discover;
pub mod epub;
pub mod feed;
mod fetched;
mod front_matter;
pub mod html;
pub mod kept;
mod language;
mod letter;
pub mod mailbox;
mod markdown;
pub mod media_type;
mod name;
pub mod newsboat;
pub mod opml;
pub mod page;
mod plain;
pub mod subscription;

pub use fetched::{Page, PageOrigin, read_page, refreshes};

use crate::story::{Kind, Published, Story, clean, words};
pub use letter::{ATTACHED, attachment};
use name::Extension;
pub use name::{CAME_WITH, is_in_maildir, is_maildir};
use std::{borrow::Cow, io::Cursor, path::Path};

/// Why bytes are no story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IngestError {
    /// They are no text: what they seem to be, in words.
    #[error("{0}, not a text; recto reads Markdown, plain text, saved web pages and books (EPUB)")]
    Binary(&'static str),
    /// There is nothing in them. Only a list takes that for an error: opened, the story says so.
    #[error("{EMPTY}")]
    Empty,
    /// It is a book of which nothing can be read.
    #[error("{0}")]
    Book(&'static str),
}

/// What is said of a story with nothing in it.
const EMPTY: &str = "This file is empty.";

/// A story as a catalogue needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The story; its body is empty, and a language is told only where one is declared.
    pub story: Story,
    /// How many words the body has: counted when all bytes were given, else estimated.
    pub words: usize,
}

/// Whether a file of this name is taken for a story when a folder is read: Markdown (`md`,
/// `markdown`, `mdown`, `mkd`, `mkdn`, `mdx` …), plain text (`txt`, `text`), web pages (`html`, `htm`, `xhtml`),
/// books (`epub`), letters (`eml`) and mailboxes (`mbox`, `mbx`).
pub fn is_story_name(name: &str) -> bool {
    name::extension(name) != Extension::Other
}

/// Whether a file at this path is taken for a story when a folder is read: by its name, or because it is a
/// letter in a Maildir. What a browser saved beside a page is none, nor what came with a letter that was kept.
pub fn is_story_path(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match name::extension(&name) {
        Extension::Page => !name::is_part_of_page(path) && !name::is_part_of_letter(path),
        Extension::Other => name::is_in_maildir(path),
        _ => !name::is_part_of_letter(path),
    }
}

/// Whether a file of this name is a web page.
pub fn is_page_name(name: &str) -> bool {
    name::extension(name) == Extension::Page
}

/// Whether the file at this path is a letter by its name, or by the folder it lies in.
pub fn is_letter_path(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name::extension(&name) == Extension::Letter || name::is_in_maildir(path)
}

/// Whether a file of this name holds many stories: a mailbox.
pub fn is_mailbox_name(name: &str) -> bool {
    name::extension(name) == Extension::Mailbox
}

/// Whether bytes are a letter or a mailbox, which are read whole: what comes last in one may be its text.
pub fn is_mail(bytes: &[u8], name: &str) -> bool {
    mail(bytes, name).is_some()
}

/// Texts longer than this, in bytes, are no saved pages.
const LONGEST_PAGE: usize = 4 * 1024 * 1024;

/// Reads a story. Bytes that are given away are not copied.
///
/// `name` is a file's name (its extension says what it is where the content does not, and it makes
/// the title of a story that has none) or `-`.
///
/// # Errors
/// When the bytes are no text.
pub fn read<'a>(bytes: impl Into<Cow<'a, [u8]>>, name: &str) -> Result<Story, IngestError> {
    read_from(bytes, name, page::Origin::default())
}

/// The same of bytes that came from somewhere: pages are read with that.
///
/// # Errors
/// As [`read`].
pub fn read_from<'a>(
    bytes: impl Into<Cow<'a, [u8]>>,
    name: &str,
    origin: page::Origin<'_>,
) -> Result<Story, IngestError> {
    Ok(in_its_language(read_part(
        bytes.into(),
        name,
        origin,
        true,
        true,
    )?))
}

/// Reads the beginning of a long story: the same as [`read`] makes of all of it, as far as it goes.
///
/// # Errors
/// As [`read`].
pub fn read_beginning(bytes: &[u8], name: &str) -> Result<Story, IngestError> {
    Ok(in_its_language(read_part(
        bytes.into(),
        name,
        page::Origin::default(),
        false,
        false,
    )?))
}

/// A story's text as it stands in its file, decoded and made harmless.
///
/// # Errors
/// As [`read`].
pub fn source<'a>(bytes: impl Into<Cow<'a, [u8]>>, name: &str) -> Result<String, IngestError> {
    let bytes = bytes.into();
    if epub::is_book(&bytes, name) {
        // Nobody reads what stands in an archive.
        return Ok(read_words(bytes, name)?.markdown);
    }
    let input = Input::new(bytes, name, true)?;
    Ok(cleaned(input.text, clean::typed))
}

/// The same story, with the language that its words tell where it declares none.
pub fn in_its_language(mut story: Story) -> Story {
    if let Some(language) = language_of(&story) {
        story.language = Some(language.to_owned());
    }
    story
}

/// The language that the words of a story tell, where it declares none.
pub fn language_of(story: &Story) -> Option<&'static str> {
    // Captures are read by their language, and tell it themselves.
    let told = story.language.is_some() || story.kind == Kind::Capture;
    (!told).then(|| language::of(&story.markdown)).flatten()
}

/// Reads a story for its words: its language is not guessed where it declares none, for that takes
/// ten times as long as all the rest.
///
/// # Errors
/// As [`read`].
pub fn read_words<'a>(bytes: impl Into<Cow<'a, [u8]>>, name: &str) -> Result<Story, IngestError> {
    read_part(bytes.into(), name, page::Origin::default(), true, false)
}

fn read_part(
    bytes: Cow<'_, [u8]>,
    name: &str,
    origin: page::Origin<'_>,
    whole: bool,
    pictures: bool,
) -> Result<Story, IngestError> {
    if epub::is_book(&bytes, name) {
        return Ok(epub::Book::open(Cursor::new(bytes), name)?.story());
    }
    if let Some(mail) = mail(&bytes, name) {
        let title = name::title(name);
        return Ok(match mail {
            Mail::Letter => letter::read(&mailbox::letter(&bytes), &title, pictures),
            Mail::Mailbox => mailbox::as_story(&bytes, &title, pictures),
        });
    }
    if let Some(feed) = as_feed(&bytes, name) {
        return Ok(feed.as_story(&name::title(name)));
    }
    if is_page(&bytes, name) {
        let story = page::read(&bytes, origin, &name::title(name));
        return Ok(finish(story, name, Vec::new()));
    }
    let Input {
        text,
        extension,
        mut warnings,
    } = Input::new(bytes, name, whole)?;
    let text = cleaned(text, clean::typed);
    if text.trim().is_empty() {
        warnings.push(EMPTY.to_owned());
    }
    let title = name::title(name);
    let story = if is_markdown(extension, &text) {
        markdown::read(spaced_front(text), &title, whole)
    } else {
        // What is no Markdown tells by its columns what it is.
        let spaced = clean::text(&text);
        let may_be_page = whole && spaced.len() <= LONGEST_PAGE;
        let page = may_be_page.then(|| capture::read(&spaced, &title));
        match page.flatten() {
            Some(page) => page,
            None if markdown::is_likely(&spaced) => {
                drop(spaced);
                markdown::read(spaced_front(text), &title, whole)
            }
            None => plain::read(&spaced, &title),
        }
    };
    Ok(finish(story, name, warnings))
}

/// The feed that bytes are, unless their name says that they are a text.
fn as_feed(bytes: &[u8], name: &str) -> Option<feed::Feed> {
    let is_open = matches!(name::extension(name), Extension::Other | Extension::Page);
    let may_be = is_open && feed::is_feed(bytes);
    let read = || feed::read(bytes, feed::Origin::default()).ok();
    may_be.then(read).flatten()
}

/// Whether bytes are the source of a web page, and their name does not say that they are a text.
pub fn is_page(bytes: &[u8], name: &str) -> bool {
    match name::extension(name) {
        Extension::Other => page::is_page(bytes),
        // A part of a page, too.
        Extension::Page => page::is_page(bytes) || page::begins_with_tag(bytes),
        _ => false,
    }
}

/// What mail is.
enum Mail {
    Letter,
    Mailbox,
}

/// What of mail bytes are, unless their name says that they are a text.
fn mail(bytes: &[u8], name: &str) -> Option<Mail> {
    let extension = name::extension(name);
    let is_named = match extension {
        Extension::Markdown | Extension::Text => return None,
        Extension::Letter => true,
        Extension::Mailbox | Extension::Book | Extension::Page | Extension::Other => false,
    };
    // A letter alone may begin as one in a mailbox does.
    if extension != Extension::Letter && mailbox::is_mailbox(bytes) {
        return Some(Mail::Mailbox);
    }
    letter::is_letter(bytes, is_named).then_some(Mail::Letter)
}

/// A text made harmless `by` one of the ways; one that is harmless is not copied.
fn cleaned(text: Cow<'_, str>, by: fn(&str) -> Cow<'_, str>) -> String {
    let clean = match by(&text) {
        Cow::Owned(clean) => Some(clean),
        Cow::Borrowed(_) => None,
    };
    clean.unwrap_or_else(|| text.into_owned())
}

/// A text with spaces for the tabs of its front matter: YAML allows none (YAML 1.2, 6.1).
fn spaced_front(text: String) -> String {
    let fence = text.get(..3).filter(|it| matches!(*it, "---" | "+++"));
    let end = fence.and_then(|fence| Some(3 + text[3..].find(&format!("\n{fence}"))?));
    match end.map(|end| text.split_at(end)) {
        Some((front, body)) if front.contains('\t') => clean::text(front).into_owned() + body,
        _ => text,
    }
}

/// Reads a story without its body, from all its bytes or the first of `total_len`.
///
/// # Errors
/// As [`read`], and when there is nothing to read.
pub fn head(bytes: &[u8], name: &str, total_len: u64) -> Result<Head, IngestError> {
    let given = bytes.len() as u64;
    let whole = total_len <= given;
    if whole && epub::is_book(bytes, name) {
        return Ok(epub::Book::open(Cursor::new(bytes), name)?.head());
    }
    if let Some(feed) = as_feed(bytes, name) {
        let mut story = feed.as_story(&name::title(name));
        let words = words(&std::mem::take(&mut story.markdown));
        return Ok(Head { story, words });
    }
    if let Some(mail) = mail(bytes, name) {
        let title = name::title(name);
        let (story, words) = match mail {
            Mail::Letter => letter::head(&mailbox::letter(bytes), &title),
            Mail::Mailbox => {
                let mut story = mailbox::as_story(bytes, &title, false);
                let counted = words(&std::mem::take(&mut story.markdown));
                (story, counted)
            }
        };
        return Ok(Head { story, words });
    }
    if is_page(bytes, name) {
        let mut story = page::read(bytes, page::Origin::default(), &name::title(name));
        let counted = words(&std::mem::take(&mut story.markdown));
        if !whole {
            // What was given may hold no more than what stands before the story.
            (story.kind, story.warnings) = (Kind::Page, Vec::new());
        }
        let words = estimated(counted, given, total_len);
        let story = finish(story, name, Vec::new());
        return Ok(Head { story, words });
    }
    let input = Input::new(bytes.into(), name, whole)?;
    let text = clean::text(&input.text);
    if whole && text.trim().is_empty() {
        return Err(IngestError::Empty);
    }
    let title = name::title(name);
    let may_be_page = total_len <= LONGEST_PAGE as u64;
    let page = (!is_markdown(input.extension, &text))
        .then(|| may_be_page.then(|| capture::read(&text, &title)).flatten());
    let (mut story, counted) = match page {
        Some(Some(story)) => {
            let counted = words(&story.markdown);
            (story, counted)
        }
        Some(None) if !markdown::is_likely(&text) => {
            let (story, rest) = plain::head(&text, &title);
            (story, words(rest))
        }
        _ => {
            let (story, body) = markdown::parts(&text, &title, whole);
            (story, words(&body))
        }
    };
    story.markdown = String::new();
    let words = estimated(counted, given, total_len);
    Ok(Head {
        story: finish(story, name, input.warnings),
        words,
    })
}

/// How many words there are in all, where so many were counted in the bytes given.
fn estimated(counted: usize, given: u64, total: u64) -> usize {
    if total <= given || given == 0 {
        return counted;
    }
    let scaled = counted as u128 * u128::from(total) / u128::from(given);
    usize::try_from(scaled).unwrap_or(usize::MAX)
}

/// Decoded input.
struct Input<'a> {
    text: Cow<'a, str>,
    extension: Extension,
    warnings: Vec<String>,
}

impl<'a> Input<'a> {
    fn new(bytes: Cow<'a, [u8]>, name: &str, whole: bool) -> Result<Self, IngestError> {
        let extension = name::extension(name);
        // A name that says "text" is believed where only a few bytes speak against it.
        let what = match extension {
            Extension::Letter
            | Extension::Mailbox
            | Extension::Book
            | Extension::Page
            | Extension::Other => decode::binary(&bytes),
            Extension::Markdown | Extension::Text => decode::surely_binary(&bytes),
        };
        if let Some(what) = what {
            return Err(IngestError::Binary(what));
        }
        let text = decode::owned(bytes, whole);
        let mut warnings = Vec::new();
        if text.contains('\0') {
            warnings.push(
                "The file holds NUL bytes, which no text has; they are left out. It may be damaged."
                    .to_owned(),
            );
        }
        Ok(Input {
            text,
            extension,
            warnings,
        })
    }
}

/// Whether a clean text is Markdown beyond doubt: by its name, or because it has front matter. What
/// else may be, is asked of the text after it proved to be no saved page.
fn is_markdown(extension: Extension, text: &str) -> bool {
    extension == Extension::Markdown || front_matter::read(text, false).is_some()
}

fn finish(mut story: Story, name: &str, warnings: Vec<String>) -> Story {
    if story.published.is_none() {
        story.published = name::date(name).map(Published::Day);
    }
    story.warnings.splice(0..0, warnings);
    story
}

#[cfg(test)]
mod tests;
