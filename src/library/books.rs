//! Books: opened where they lie. What they read as is kept beside the database once it was made, so that a
//! long one opens as fast as any text from then on.
//!
//! What is kept is a copy and nothing more: it is made anew where it is gone, or its book changed, and the
//! oldest go when there are too many.

use std::{
    fs::{self, File},
    io::{BufReader, Cursor, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Library, bundled, fingerprint, intake,
    place::{BEGINNING, Place, ReadError},
    walk,
};
use crate::{
    ingest::{
        self,
        epub::{self, Book, Pictures},
    },
    story::{Story, StoryId, clean},
};

/// The folder beside the database that the texts of books are kept in.
const FOLDER: &str = "books";

/// The most that is kept, in bytes.
const MOST_KEPT: u64 = 128 * 1024 * 1024;

/// Another number whenever books are read otherwise than before.
const VERSION: u32 = 2;

/// Bytes that tell whether a file without a name that says so is a book.
const OPENING: u64 = 64;

/// Bytes that can be read at any place.
pub trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

type Reader = Box<dyn Bytes>;

/// The pictures of one book.
pub struct BookPictures {
    pictures: Pictures<Reader>,
    path: Option<Arc<Path>>,
    stamp: i64,
}

impl BookPictures {
    fn of(place: &Place) -> Option<Self> {
        let path = match place {
            Place::File(path) => Some(Arc::clone(path)),
            _ => None,
        };
        let stamp = path.as_ref().and_then(|it| it.metadata().ok());
        Some(BookPictures {
            pictures: Pictures::open(place.reader().ok()?)?,
            path,
            stamp: stamp.map_or(0, |it| walk::stamp(&it)),
        })
    }

    /// Those of the book in a file.
    pub fn of_file(path: &Path) -> Option<Self> {
        Self::of(&Place::file(path))
    }

    /// A picture by the address that the text has for it: at most so many bytes.
    pub fn read(&mut self, src: &str, most: u64) -> Option<Vec<u8>> {
        self.pictures.read(src, most)
    }

    /// The file of the book, if it lies in one.
    pub fn path(&self) -> Option<Arc<Path>> {
        self.path.clone()
    }

    /// A number that is another one when the book was changed.
    pub fn stamp(&self) -> i64 {
        self.stamp
    }
}

impl Place {
    /// Whether a book lies there: by its name, else by how it begins.
    pub fn is_book(&self) -> bool {
        let name = self.name();
        match self {
            Place::Entry(_) | Place::Letter(_) => false,
            Place::Bundled(name) => epub::is_book_name(name),
            Place::Stdin(bytes) => epub::is_book(bytes, &name),
            // Whatever its address is called, what is no archive is the text of a page.
            Place::Fetched(_, bytes) => epub::is_book(bytes, ""),
            Place::File(_) if epub::is_book_name(&name) => true,
            Place::File(_) if ingest::is_story_name(&name) => false,
            Place::File(path) => {
                let mut opening = Vec::new();
                let file = self.file_at(path, None);
                let read = file.map(|(file, _)| file.take(OPENING).read_to_end(&mut opening));
                matches!(read, Ok(Ok(_))) && epub::is_book(&opening, &name)
            }
        }
    }

    /// The bytes of the book that lies there: one more than `most` where it has more.
    ///
    /// # Errors
    /// If it is gone or cannot be read.
    pub fn book_bytes(&self, most: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.reader()?
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|cause| ReadError::Io {
                path: self.shown(),
                cause,
            })?;
        Ok(bytes)
    }

    fn reader(&self) -> Result<Reader, ReadError> {
        Ok(match self {
            Place::File(path) => Box::new(BufReader::new(self.file_at(path, None)?.0)),
            Place::Stdin(bytes) | Place::Fetched(_, bytes) => {
                Box::new(Cursor::new(Arc::clone(bytes)))
            }
            Place::Bundled(name) => {
                Box::new(Cursor::new(bundled::story(name).ok_or(ReadError::Gone)?))
            }
            Place::Entry(_) | Place::Letter(_) => return Err(ReadError::Gone),
        })
    }

    /// The book that lies there.
    pub(super) fn book(&self) -> Result<Book<Reader>, ReadError> {
        Book::open(self.reader()?, &self.name()).map_err(|e| self.not_understood(e))
    }
}

impl Library {
    /// The whole story that lies at a place. What a book reads as is kept.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub fn read_at(&self, place: &Place) -> Result<Story, ReadError> {
        let Some(kept) = self.converted(place) else {
            return place.read();
        };
        if let Some((text, _)) = kept.read(u64::MAX) {
            return with_text(place, text);
        }
        let story = place.read()?;
        if story.markdown.len() as u64 > BEGINNING {
            kept.write(&story.markdown);
        }
        Ok(story)
    }

    /// The beginning of a long story, and how many bytes follow; none of one that is read at once.
    ///
    /// # Errors
    /// As [`Place::read`].
    pub fn beginning_at(&self, place: &Place) -> Result<Option<(Story, u64)>, ReadError> {
        match self.converted(place).and_then(|it| it.read(BEGINNING)) {
            Some((text, missing)) => Ok(Some((with_text(place, text)?, missing))),
            None => place.beginning(),
        }
    }

    /// The story for its words.
    pub(in crate::library) fn words_at(&self, place: &Place) -> Result<Story, ReadError> {
        match self.converted(place).and_then(|it| it.read(u64::MAX)) {
            Some((text, _)) => with_text(place, text),
            None => place.read_words(),
        }
    }

    /// The pictures of the story `id`, if it is a book.
    pub fn book_pictures(&self, id: StoryId) -> Option<BookPictures> {
        let place = self.place(id).ok()??;
        place.is_book().then(|| BookPictures::of(&place))?
    }

    /// Where the text of a book in a file is kept, or would be.
    fn converted(&self, place: &Place) -> Option<Kept> {
        let Place::File(path) = place else {
            return None;
        };
        let folder = self.database()?.parent()?.join(FOLDER);
        if !place.is_book() {
            return None;
        }
        let stamp = walk::stamp(&path.metadata().ok()?);
        let name = format!("{:016x}.md", fingerprint::of(&intake::bytes_of(path)));
        Some(Kept {
            file: folder.join(name),
            heading: format!("recto book {VERSION} {stamp:016x}"),
        })
    }
}

/// What a book says of itself, with its text.
fn with_text(place: &Place, text: String) -> Result<Story, ReadError> {
    let mut story = place.book()?.about();
    story.markdown = text;
    Ok(place.dated(ingest::in_its_language(story), 0, u64::MAX))
}

/// A text that is kept.
struct Kept {
    file: PathBuf,
    /// What its first line begins with; its length follows.
    heading: String,
}

impl Kept {
    /// So many bytes of it, and how many follow; none where it is not there, or not of this book.
    fn read(&self, most: u64) -> Option<(String, u64)> {
        let file = File::open(&self.file).ok()?;
        let all = file.metadata().ok()?.len();
        let room = most.saturating_add(200).min(all);
        let mut bytes = Vec::with_capacity(usize::try_from(room).ok()?);
        file.take(room).read_to_end(&mut bytes).ok()?;
        let end = bytes.iter().take(200).position(|it| *it == b'\n')?;
        let heading = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let length: u64 = heading
            .strip_prefix(&self.heading)?
            .trim_start()
            .parse()
            .ok()?;
        // Not all of it was written.
        if all != end as u64 + 1 + length {
            return None;
        }
        bytes.drain(..=end);
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            // Cut within a letter.
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let mut bytes = error.into_bytes();
                bytes.truncate(valid);
                String::from_utf8(bytes).ok()?
            }
        };
        let missing = length.saturating_sub(text.len() as u64);
        // A file, and so anybody's.
        let cleaned = match clean::typed(&text) {
            std::borrow::Cow::Owned(cleaned) => Some(cleaned),
            std::borrow::Cow::Borrowed(_) => None,
        };
        Some((cleaned.unwrap_or(text), missing))
    }

    /// Writes it, whole or not at all. Where that fails, the book is read anew the next time.
    fn write(&self, text: &str) {
        let Some(folder) = self.file.parent() else {
            return;
        };
        let written = || -> std::io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            writeln!(file, "{} {}", self.heading, text.len())?;
            file.write_all(text.as_bytes())?;
            file.persist(&self.file)?;
            Ok(())
        };
        if written().is_ok() {
            let _ = bound(folder, &self.file);
        }
    }
}

/// Takes the oldest away where too much is kept, but not `newest`.
fn bound(folder: &Path, newest: &Path) -> std::io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_file() {
            files.push((meta.modified()?, meta.len(), entry.path()));
        }
    }
    files.sort();
    let mut all: u64 = files.iter().map(|(_, length, _)| length).sum();
    for (_, length, path) in files {
        if all <= MOST_KEPT {
            break;
        }
        if path != newest {
            fs::remove_file(path)?;
            all -= length;
        }
    }
    Ok(())
}
