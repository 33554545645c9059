//! The story of a file as its row will have it: made before anything is written, on any thread.

use std::{path::Path, sync::Arc};

use url::Url;

use crate::{
    ingest::{Head, epub::is_book_name},
    library::{bundled, place::ReadError},
    story::{Kind, Published, Story, clean, fold::Folding, link},
};

/// What the keys of files begin with that have no address.
pub(in crate::library) const BY_PATH: &str = "file:";

/// Bytes that a key to sort by has at most: beyond them the date decides.
const SORT_KEY: usize = 32;

/// What a file that was found is, before its beginning was understood.
#[derive(Debug)]
pub(in crate::library) struct Outside {
    /// Its whole path, or another name that nothing else has.
    pub key: String,
    /// Its name, as it is shown.
    pub name: String,
    /// The folder it lies in, from the root; empty for the root itself.
    pub folder: Arc<str>,
    /// When it was changed; what a story without a date has for one.
    pub modified: jiff::Timestamp,
}

/// The story of a file, ready for its row.
#[derive(Debug)]
pub(in crate::library) struct Entry {
    pub key: String,
    pub title: String,
    pub origin: String,
    pub when: Published,
    pub words: usize,
    pub title_key: String,
    pub author_key: String,
    pub source_key: String,
    /// Why it cannot be read, and whether that may pass.
    pub trouble: Option<(String, bool)>,
    pub story: Story,
    pub folder: Arc<str>,
    /// The number of the feed that announced it.
    pub feed: Option<i64>,
}

impl Entry {
    pub(in crate::library) fn new(outside: Outside, head: Result<Head, ReadError>) -> Self {
        let (story, words, trouble) = match head {
            Ok(head) => (head.story, head.words, None),
            Err(error) => {
                let kind = match is_book_name(&outside.name) {
                    true => Kind::Book,
                    false => Kind::Text,
                };
                let story = Story::new(kind, outside.name.clone(), "");
                // What the system does not give today may be given tomorrow, unchanged.
                let passes = matches!(error, ReadError::Io { .. });
                (story, 0, Some((error.reason(), passes)))
            }
        };
        // An id from front matter says nothing beyond its own folder, but for what recto wrote there; addresses do.
        let known = known_by(&story);
        let author = story.authors.first();
        let origin = author.cloned().or_else(|| site(&story));
        let origin = origin.unwrap_or_else(|| match outside.folder.is_empty() {
            true => outside.name,
            false => outside.folder.to_string(),
        });
        Entry {
            key: known.unwrap_or(outside.key),
            title: story.title.clone(),
            origin,
            when: story.published.unwrap_or(Published::At(outside.modified)),
            words,
            title_key: sort_key(&story.title),
            author_key: author.map_or_else(String::new, |it| sort_key(it)),
            source_key: sort_key(&outside.folder),
            trouble,
            folder: outside.folder,
            story,
            feed: None,
        }
    }

    /// Says which feed announced it: of that name, in that folder.
    pub(in crate::library) fn is_of_feed(&mut self, feed: i64, name: &str, folder: &str) {
        self.feed = Some(feed);
        self.origin = name.to_owned();
        self.source_key = sort_key(name);
        self.folder = folder.into();
    }
}

/// The name of the site that a story was published on: it tells more than the folder that all kept pages lie in.
fn site(story: &Story) -> Option<String> {
    let url = Url::parse(story.url.as_deref()?).ok();
    let url = url.filter(|it| matches!(it.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    Some(clean::line(host.strip_prefix("www.").unwrap_or(host)))
}

/// What a story is known by wherever it lies: none where only its place tells it from others.
pub fn known_by(story: &Story) -> Option<String> {
    let link = story.url.as_deref().filter(|_| !story.apart);
    letter_key(story)
        .or_else(|| link.and_then(link::canonical))
        .or_else(|| shipped_key(story))
}

/// What the story of a file is known by.
pub fn key_of_file(story: &Story, path: &Path) -> String {
    known_by(story).unwrap_or_else(|| by_path(path))
}

/// What a story is known by that only its place tells from others.
pub(in crate::library) fn by_path(path: &Path) -> String {
    format!("{BY_PATH}{}", path.to_string_lossy())
}

/// What a bundled story is known by that was kept in a file.
fn shipped_key(story: &Story) -> Option<String> {
    let id = story.id.as_deref().filter(|_| story.kind == Kind::Markdown);
    id.filter(|it| bundled::is_key(it)).map(str::to_owned)
}

/// What a letter is known by, wherever copies of it lie: its identifier, and its date, for some senders
/// give one identifier to all they send. Its link is as often that of a list as its own.
fn letter_key(story: &Story) -> Option<String> {
    let id = story.id.as_deref().filter(|_| story.kind == Kind::Letter)?;
    let at = story.published.map_or(0, |it| it.seconds());
    Some(format!("letter:{id} {at}"))
}

/// A text to sort by: without case, accents, and marks at its beginning.
pub(in crate::library) fn sort_key(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut key = Folding::ALL.apply(text.get(..4 * SORT_KEY).unwrap_or(text));
    let mut end = key.len().min(SORT_KEY);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    key.truncate(end);
    key
}

/// The first letters of a key as a number in the same order.
pub(super) fn tie(key: &str) -> i64 {
    let mut first = [0; 8];
    // One byte stays free for the sign.
    for (to, from) in first[1..].iter_mut().zip(key.bytes()) {
        *to = from;
    }
    i64::from_be_bytes(first)
}
