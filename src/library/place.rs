//! Where a story lies, and reading it from there within limits.

use std::{
    cell::RefCell,
    fs::{File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use url::Url;

use super::{bundled, feeds::Stored, fingerprint, mailboxes::Letter};
use crate::{
    ingest::{
        self, Head, IngestError,
        feed::{self, Feed, FeedError},
        page::Origin,
    },
    story::{Published, Story, clean},
};

/// The most that is read of one file. Of a larger one the beginning is shown, and it is said so.
pub const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// The most that is searched of one story's words when whole libraries are.
const SEARCHED_BYTES: u64 = 16 * 1024 * 1024;

/// Of longer files, in bytes, the beginning is read first.
const LONG: u64 = 1024 * 1024;

/// How much that is: more than any screen shows.
pub(super) const BEGINNING: u64 = 320 * 1024;

/// The same of books, whose pages become Markdown first.
const BOOK_BEGINNING: usize = 160 * 1024;

/// What is read of a file to list it: front matter stands at the start.
const HEAD_BYTES: u64 = 128 * 1024;

/// The same of a letter or a page, whose words stand behind others as often as not.
const LATE_HEAD: u64 = 512 * 1024;

/// Where a story lies.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// A file.
    File(Arc<Path>),
    /// The binary itself, under this name.
    Bundled(&'static str),
    /// One of many letters in a mailbox.
    Letter(Arc<Letter>),
    /// What came through standard input.
    Stdin(Arc<[u8]>),
    /// What was fetched: from where, and what it was.
    Fetched(Arc<Url>, Arc<[u8]>),
    /// A feed, which announced it.
    Entry(Arc<Stored>),
}

/// Why a story cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refused.
    #[error("{path}: {}", in_words(.cause))]
    Io {
        /// The file, as it is shown.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// It is a device, a pipe or the like.
    #[error("{path} is not a regular file; recto reads files and folders")]
    NotAFile {
        /// The file, as it is shown.
        path: String,
    },
    /// It is a letter that is no longer where it lay in its mailbox.
    #[error(
        "{path} is no longer there: its mailbox was changed; recto looks at it again (or restart it)"
    )]
    Moved {
        /// The letter, as it is shown.
        path: String,
    },
    /// It could be read, but not understood.
    #[error("{path}: {cause}")]
    Ingest {
        /// The file, as it is shown.
        path: String,
        /// What is wrong with it.
        cause: IngestError,
    },
    /// It is a feed, and broken so that nothing in it can be made out.
    #[error("{path}: {cause}")]
    Feed {
        /// The file, as it is shown.
        path: String,
        /// What is wrong with it.
        cause: FeedError,
    },
    /// It is no longer in the library.
    #[error("this story is no longer in the library")]
    Gone,
}

/// What the system said, with what to do about it.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file (was it moved or removed?)".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "you may not read this file (see its permissions with ls -l)".to_owned()
        }
        _ => error.to_string(),
    }
}

impl ReadError {
    /// What is wrong, without the file's name: for where that stands beside it.
    pub(super) fn reason(&self) -> String {
        match self {
            ReadError::Io { cause, .. } => in_words(cause),
            ReadError::NotAFile { .. } => "this is not a regular file".to_owned(),
            ReadError::Moved { .. } => "its mailbox was changed".to_owned(),
            ReadError::Ingest { cause, .. } => cause.to_string(),
            ReadError::Feed { cause, .. } => cause.to_string(),
            ReadError::Gone => self.to_string(),
        }
    }
}

/// A file in the folder of that name beside a story's, or further in: its name and its bytes.
fn beside(story: &Path, file: &str) -> Option<(String, Vec<u8>)> {
    let folder = story.parent()?.canonicalize().ok()?;
    let found = folder.join(file).canonicalize().ok()?;
    // Asked before it is opened: to open a pipe or a device may block for ever.
    let meta = found.metadata().ok().filter(Metadata::is_file)?;
    let is_there = found.starts_with(&folder) && meta.len() <= MAX_BYTES;
    let name = found.file_name()?.to_string_lossy().into_owned();
    let bytes = is_there.then(|| std::fs::read(&found).ok()).flatten()?;
    Some((name, bytes))
}

/// A story that says so where more follows than was read.
fn cut_off(mut story: Story, total: u64, most: u64) -> Story {
    if total > most {
        story.warnings.push(format!(
            "This file has {} MB; recto shows its first {}.",
            total / 1_000_000,
            MAX_BYTES / 1_000_000
        ));
    }
    story
}

impl Place {
    /// A place in the file system.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Place::File(path.into().into())
    }

    /// The same, or a letter in a mailbox there.
    pub(super) fn on_disk(path: PathBuf) -> Self {
        match Letter::at(&path) {
            Some(letter) => Place::Letter(letter.into()),
            None => Place::file(path),
        }
    }

    /// Its name, fit to be shown.
    pub fn shown(&self) -> String {
        match self {
            Place::File(path) => clean::line(&path.to_string_lossy()),
            Place::Letter(letter) => {
                let mailbox = clean::line(&letter.mailbox.to_string_lossy());
                format!("{mailbox} (a letter in it, at byte {})", letter.from)
            }
            Place::Bundled(name) => (*name).to_owned(),
            Place::Stdin(_) => "standard input".to_owned(),
            Place::Fetched(address, _) => clean::line(address.as_str()),
            Place::Entry(stored) => match &stored.entry.link {
                Some(link) => clean::line(link),
                None => "an entry of a feed".to_owned(),
            },
        }
    }

    /// The last part of its name: what a story without a title is called after.
    pub fn name(&self) -> String {
        match self {
            // What it is called where it has no subject, and what it is: in a Maildir, the names of files say neither.
            Place::File(path) if ingest::is_in_maildir(path) => "No subject.eml".to_owned(),
            Place::File(path) => path
                .file_name()
                .map_or_else(String::new, |name| clean::line(&name.to_string_lossy())),
            Place::Letter(_) => "No subject.eml".to_owned(),
            Place::Bundled(name) => (*name).to_owned(),
            Place::Stdin(_) => "standard input".to_owned(),
            Place::Fetched(address, _) => {
                let last = address.path_segments().and_then(|mut it| it.next_back());
                let name = last.filter(|it| !it.is_empty()).or(address.host_str());
                clean::line(name.unwrap_or_default())
            }
            Place::Entry(stored) => stored.entry.title.clone(),
        }
    }

    /// What a bundled story is known by; none of any other.
    pub fn shipped_as(&self) -> Option<String> {
        match self {
            Place::Bundled(name) => Some(bundled::key_of(name)),
            _ => None,
        }
    }

    /// Where it was fetched from, if it was.
    pub fn address(&self) -> Option<&Url> {
        match self {
            Place::Fetched(address, _) => Some(address),
            _ => None,
        }
    }

    /// Bytes that it holds, if it can be told.
    pub fn size(&self) -> Option<u64> {
        match self {
            Place::File(path) => path.metadata().ok().map(|it| it.len()),
            Place::Letter(letter) => Some(letter.length),
            Place::Bundled(name) => bundled::story(name).map(|bytes| bytes.len() as u64),
            Place::Stdin(bytes) | Place::Fetched(_, bytes) => Some(bytes.len() as u64),
            Place::Entry(stored) => Some(stored.text().len() as u64),
        }
    }

    /// Whether its name says that it is a letter.
    fn is_letter(&self) -> bool {
        match self {
            Place::Letter(_) => true,
            Place::File(path) => ingest::is_letter_path(path),
            _ => false,
        }
    }

    /// Whether it takes a while to read all of it.
    pub fn is_long(&self) -> bool {
        self.size().is_some_and(|size| size > LONG)
    }

    /// The whole story. Of more than [`MAX_BYTES`] the beginning, with a warning.
    ///
    /// # Errors
    /// Says in words why it cannot be read.
    pub fn read(&self) -> Result<Story, ReadError> {
        let mut story = self.told()?;
        story.published = story.published.or_else(|| self.modified());
        Ok(story)
    }

    /// The same with no date but one that the story itself gives: for whatever is written down of it.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub fn told(&self) -> Result<Story, ReadError> {
        if let Place::Entry(stored) = self {
            return Ok(stored.story());
        }
        if self.is_book() {
            let story = self.book()?.story();
            return Ok(ingest::in_its_language(story));
        }
        let (bytes, total) = self.bytes(MAX_BYTES)?;
        let given = bytes.len() as u64;
        let origin = Origin {
            address: self.address(),
            charset: None,
        };
        let story =
            ingest::read_from(bytes, &self.name(), origin).map_err(|e| self.not_understood(e))?;
        Ok(cut_off(story, total, given))
    }

    /// The feed that lies there, if it is one: told by how it begins, and by its name where that is
    /// broken. `address` is where it was published.
    ///
    /// # Errors
    /// As [`Place::read`]; and where it is a JSON Feed that breaks off: as a text it would say nothing.
    pub fn feed(&self, address: Option<&Url>) -> Result<Option<Feed>, ReadError> {
        if self.is_book() {
            return Ok(None);
        }
        let (bytes, _) = self.bytes(MAX_BYTES)?;
        let name = self.name().to_ascii_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|it| name.ends_with(it));
        let is_text = ingest::is_story_name(&name);
        let is_named = ends(&[".xml", ".rss", ".atom", ".rdf", ".feed"]);
        if is_text || !(is_named || feed::is_feed(&bytes)) {
            return Ok(None);
        }
        let origin = feed::Origin {
            address,
            charset: None,
        };
        match feed::read(&bytes, origin) {
            Err(cause @ FeedError::Json(_)) => Err(ReadError::Feed {
                path: self.shown(),
                cause,
            }),
            read => Ok(read.ok()),
        }
    }

    /// The beginning of a long story, and how many bytes follow; none of one that is read at once.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub fn beginning(&self) -> Result<Option<(Story, u64)>, ReadError> {
        if self.is_book() {
            let (story, missing) = self.book()?.beginning(BOOK_BEGINNING);
            let story = self.dated(ingest::in_its_language(story), 0, MAX_BYTES);
            return Ok((missing > 0).then_some((story, missing)));
        }
        if !matches!(self, Place::File(_)) || !self.is_long() {
            return Ok(None);
        }
        let (bytes, total) = self.bytes(BEGINNING)?;
        // The text of a letter may be its last part, and letters are not that long.
        if ingest::is_mail(&bytes, &self.name()) {
            return Ok(None);
        }
        let given = bytes.len() as u64;
        if ingest::is_page(&bytes, &self.name()) {
            // Where the story begins in it, all of it tells.
            return Ok(None);
        }
        let story =
            ingest::read_beginning(&bytes, &self.name()).map_err(|e| self.not_understood(e))?;
        let missing = total.min(MAX_BYTES).saturating_sub(given);
        Ok((missing > 0).then(|| (self.dated(story, total, MAX_BYTES), missing)))
    }

    /// A story with what only its file tells: a date, where it gives none, and that more follows.
    pub(super) fn dated(&self, mut story: Story, total: u64, most: u64) -> Story {
        story.published = story.published.or_else(|| self.modified());
        cut_off(story, total, most)
    }

    /// The story for its words: no language is guessed, and nobody is warned of anything.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub(super) fn read_words(&self) -> Result<Story, ReadError> {
        if let Place::Entry(stored) = self {
            return Ok(stored.words());
        }
        if self.is_book() {
            return Ok(self.book()?.story());
        }
        let (bytes, _) = self.bytes(SEARCHED_BYTES)?;
        ingest::read_words(bytes, &self.name()).map_err(|e| self.not_understood(e))
    }

    /// A file that came with a letter, by its address in [`Story::enclosures`]: its name and its bytes. None where
    /// there is no such file, or it is too large.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub fn attachment(&self, address: &str) -> Result<Option<(String, Vec<u8>)>, ReadError> {
        if self.is_book() || matches!(self, Place::Entry(_)) {
            return Ok(None);
        }
        if let (Place::File(path), Some(file)) = (self, address.strip_prefix(ingest::ATTACHED))
            && file.contains('/')
        {
            return Ok(beside(path, file));
        }
        let (bytes, _) = self.bytes(MAX_BYTES)?;
        Ok(ingest::attachment(&bytes, address))
    }

    /// The bytes of a letter, from which the files that came with it are taken; none where they cannot be read.
    pub fn letter(&self) -> Option<Vec<u8>> {
        Some(self.bytes(MAX_BYTES).ok()?.0)
    }

    /// The text as it stands there.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub fn source(&self) -> Result<String, ReadError> {
        if let Place::Entry(stored) = self {
            return Ok(stored.text().to_owned());
        }
        if self.is_book() {
            // Nobody reads what stands in an archive.
            return Ok(self.book()?.story().markdown);
        }
        let (bytes, _) = self.bytes(MAX_BYTES)?;
        ingest::source(bytes, &self.name()).map_err(|e| self.not_understood(e))
    }

    fn modified(&self) -> Option<Published> {
        let Place::File(path) = self else {
            return None;
        };
        let at = Timestamp::try_from(path.metadata().ok()?.modified().ok()?).ok()?;
        // To the second: nobody reads what is finer.
        let at = Timestamp::from_second(at.as_second()).ok()?;
        Some(Published::At(at))
    }

    /// Looks whether it can be read at all.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub fn check(&self) -> Result<(), ReadError> {
        match self.head(None).0 {
            Err(ReadError::Ingest {
                cause: IngestError::Empty,
                ..
            }) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// What a list shows of it, from the beginning of the file; and a number of that beginning and
    /// the file's length, by which it is known again elsewhere. 0 where it is empty or cannot be read.
    /// `meta` is what the system says of a file, where it was asked already.
    pub(super) fn head(&self, meta: Option<Metadata>) -> (Result<Head, ReadError>, i64) {
        // One buffer a thread: a scan reads thousands of files.
        thread_local!(static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
        let most = if self.is_letter() || ingest::is_page_name(&self.name()) {
            LATE_HEAD
        } else {
            HEAD_BYTES
        };
        BUFFER.with_borrow_mut(|bytes| match self.read_into(bytes, most, meta) {
            Ok(total) => {
                let head = match ingest::epub::is_book(bytes, &self.name()) {
                    // What its list says stands at its end.
                    true => self.book().map(|mut it| it.head()),
                    false => {
                        let head = ingest::head(bytes, &self.name(), total);
                        head.map_err(|e| self.not_understood(e))
                    }
                };
                let number = match total {
                    0 => 0,
                    _ => fingerprint::of(bytes) ^ total.cast_signed(),
                };
                (head, number)
            }
            Err(error) => (Err(error), 0),
        })
    }

    /// At most `most` bytes from the beginning, and how many there are in all.
    fn bytes(&self, most: u64) -> Result<(Vec<u8>, u64), ReadError> {
        let mut bytes = Vec::new();
        let total = self.read_into(&mut bytes, most, None)?;
        Ok((bytes, total))
    }

    /// Reads at most `most` bytes from the beginning, and says how many there are in all.
    fn read_into(
        &self,
        bytes: &mut Vec<u8>,
        most: u64,
        meta: Option<Metadata>,
    ) -> Result<u64, ReadError> {
        bytes.clear();
        let mut whole = |all: &[u8]| {
            let end = all.len().min(usize::try_from(most).unwrap_or(usize::MAX));
            bytes.extend_from_slice(&all[..end]);
            all.len() as u64
        };
        match self {
            Place::Bundled(name) => bundled::story(name).map(whole).ok_or(ReadError::Gone),
            Place::Stdin(all) | Place::Fetched(_, all) => Ok(whole(all)),
            Place::Entry(stored) => Ok(whole(stored.text().as_bytes())),
            Place::Letter(letter) => {
                let failed = |cause| ReadError::Io {
                    path: clean::line(&letter.mailbox.to_string_lossy()),
                    cause,
                };
                let mut file = File::open(&letter.mailbox).map_err(failed)?;
                file.seek(SeekFrom::Start(letter.from)).map_err(failed)?;
                let limit = letter.length.min(most);
                file.take(limit).read_to_end(bytes).map_err(failed)?;
                // What was taken out of a mailbox moves all that follows it.
                if !letter.is_there(bytes) {
                    return Err(ReadError::Moved { path: self.shown() });
                }
                Ok(letter.length)
            }
            Place::File(path) => {
                let failed = |cause| ReadError::Io {
                    path: self.shown(),
                    cause,
                };
                // A scan reads as much as the file had then: to see that nothing follows takes
                // another call, and what follows is found by the next scan. A file without a length
                // may be one of the system's, and is read to its end.
                let limit = match meta.as_ref().map_or(0, Metadata::len) {
                    0 => most,
                    length => length.min(most),
                };
                let (file, meta) = self.file_at(path, meta)?;
                let room = usize::try_from(meta.len().min(most)).unwrap_or(0);
                bytes.reserve(room);
                file.take(limit).read_to_end(bytes).map_err(failed)?;
                Ok(meta.len().max(bytes.len() as u64))
            }
        }
    }

    /// A regular file, open. Asked before that is done: to open a pipe or a device may block for ever.
    pub(super) fn file_at(
        &self,
        path: &Path,
        meta: Option<Metadata>,
    ) -> Result<(File, Metadata), ReadError> {
        let failed = |cause| ReadError::Io {
            path: self.shown(),
            cause,
        };
        let meta = meta.map_or_else(|| path.metadata(), Ok).map_err(failed)?;
        if !meta.is_file() {
            return Err(ReadError::NotAFile { path: self.shown() });
        }
        Ok((File::open(path).map_err(failed)?, meta))
    }

    pub(super) fn not_understood(&self, cause: IngestError) -> ReadError {
        ReadError::Ingest {
            path: self.shown(),
            cause,
        }
    }
}
