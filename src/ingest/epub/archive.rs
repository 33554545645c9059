//! The archive that a book is packed in, read within limits: what it claims of itself is anybody's claim.
//!
//! An archive whose directory is lost (a download that broke off) is searched for the entries that are
//! whole. Names are compared as paths within the archive: none leads out of it, and nothing is ever
//! unpacked to a disk.

use std::{
    borrow::Cow,
    collections::HashMap,
    io::{self, Read, Seek, SeekFrom},
};

use flate2::read::DeflateDecoder;
use zip::{ZipArchive, result::ZipError};

/// The most entries that are looked at.
const MOST_ENTRIES: usize = 100_000;

/// The most bytes of an archive without a directory that are searched for entries.
const MOST_SEARCHED: u64 = 256 * 1024 * 1024;

/// The most bytes that are kept of what is found there.
const MOST_FOUND: u64 = 96 * 1024 * 1024;

/// How an entry of an archive begins (APPNOTE.TXT 6.3.10, 4.3.7), and how long that header is.
const ENTRY: &[u8] = b"PK\x03\x04";
const HEADER: usize = 30;

/// What was read of an entry.
#[derive(Debug, Default)]
pub struct Taken {
    /// Its bytes, as far as they could be read.
    pub bytes: Vec<u8>,
    /// Why these are not all.
    pub trouble: Option<Trouble>,
}

/// Why an entry cannot be read, or not to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no such entry.
    Missing,
    /// It is locked with a password.
    Locked,
    /// It is larger than anything of its kind should be.
    TooLarge,
    /// It is packed in a way that books are not.
    Packing,
    /// Its bytes are damaged.
    Damaged,
}

impl Trouble {
    /// In words, to stand behind what it is about.
    pub fn words(self) -> &'static str {
        match self {
            Trouble::Missing => "is missing in the file",
            Trouble::Locked => "is locked with a password",
            Trouble::TooLarge => "is larger than recto reads",
            Trouble::Packing => "is packed in a way that recto does not know",
            Trouble::Damaged => "is damaged",
        }
    }
}

/// An archive.
pub struct Archive<R> {
    zip: Option<ZipArchive<R>>,
    /// Where each entry is, by its path.
    places: HashMap<String, usize>,
    /// The same by paths in small letters: some books name their files as Windows would find them.
    folded: HashMap<String, usize>,
    /// Entries of an archive without a directory.
    found: Vec<Vec<u8>>,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive; none where nothing in it can be read.
    pub fn open(mut reader: R) -> Option<Self> {
        // Looked at twice: whoever fails to read a directory does not give the file back.
        let has_directory = ZipArchive::new(&mut reader).is_ok_and(|it| !it.is_empty());
        if !has_directory {
            return Self::searched(reader);
        }
        let zip = ZipArchive::new(reader).ok()?;
        let names = (0..zip.len().min(MOST_ENTRIES)).filter_map(|at| {
            let name = zip.name_for_index(at)?.ok()?;
            Some((plain(&name), at))
        });
        let places: HashMap<String, usize> = names.collect();
        Some(Archive {
            folded: folded(&places),
            places,
            zip: Some(zip),
            found: Vec::new(),
        })
    }

    /// An archive by the entries that are whole, where its directory is not.
    fn searched(mut reader: R) -> Option<Self> {
        let mut bytes = Vec::new();
        reader.seek(SeekFrom::Start(0)).ok()?;
        reader.take(MOST_SEARCHED).read_to_end(&mut bytes).ok()?;
        let mut places = HashMap::new();
        let mut found = Vec::new();
        let mut left = MOST_FOUND;
        let mut at = 0;
        while let Some(next) = position(&bytes, at, ENTRY) {
            at = next + ENTRY.len();
            if found.len() >= MOST_ENTRIES || left == 0 {
                break;
            }
            let Some((name, content, end)) = entry(&bytes, next, left) else {
                continue;
            };
            at = end.max(at);
            left = left.saturating_sub(content.len() as u64);
            places.insert(plain(&name), found.len());
            found.push(content);
        }
        (!found.is_empty()).then(|| Archive {
            zip: None,
            folded: folded(&places),
            places,
            found,
        })
    }

    /// Whether its directory is lost.
    pub fn is_broken(&self) -> bool {
        self.zip.is_none()
    }

    /// The paths of all entries, in order.
    pub fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.places.keys().map(String::as_str).collect();
        paths.sort_unstable();
        paths
    }

    fn index(&self, path: &str) -> Option<usize> {
        let exact = self.places.get(path).copied();
        exact.or_else(|| self.folded.get(&path.to_lowercase()).copied())
    }

    /// Whether there is such an entry.
    pub fn has(&self, path: &str) -> bool {
        self.index(path).is_some()
    }

    /// How many bytes an entry claims to have.
    pub fn size(&self, path: &str) -> u64 {
        let Some(index) = self.index(path) else {
            return 0;
        };
        match &self.zip {
            Some(zip) => zip.by_index_data(index).map_or(0, |it| it.size()),
            None => self.found.get(index).map_or(0, |it| it.len() as u64),
        }
    }

    /// An entry, at most so many bytes of it.
    pub fn read(&mut self, path: &str, most: u64) -> Taken {
        let troubled = |trouble| Taken {
            bytes: Vec::new(),
            trouble: Some(trouble),
        };
        let Some(index) = self.index(path) else {
            return troubled(Trouble::Missing);
        };
        let Some(zip) = &mut self.zip else {
            let found = self.found.get(index).map_or(&[][..], Vec::as_slice);
            let end = found.len().min(usize::try_from(most).unwrap_or(usize::MAX));
            let trouble = (end < found.len()).then_some(Trouble::TooLarge);
            let bytes = found.get(..end).unwrap_or_default().to_vec();
            return Taken { bytes, trouble };
        };
        let entry = match zip.by_index(index) {
            Ok(entry) if entry.encrypted() => return troubled(Trouble::Locked),
            Ok(entry) => entry,
            Err(ZipError::UnsupportedArchive(why)) => {
                let locked = why == ZipError::PASSWORD_REQUIRED;
                return troubled(if locked {
                    Trouble::Locked
                } else {
                    Trouble::Packing
                });
            }
            Err(_) => return troubled(Trouble::Damaged),
        };
        let room = entry.size().min(most).min(4 * 1024 * 1024);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
        let read = entry.take(most + 1).read_to_end(&mut bytes);
        let mut trouble = read.is_err().then_some(Trouble::Damaged);
        if bytes.len() as u64 > most {
            bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            trouble = Some(Trouble::TooLarge);
        }
        Taken { bytes, trouble }
    }
}

/// A name of an entry as a path: some programs write them as Windows does, or from the root.
fn plain(name: &str) -> String {
    let name = name.replace('\\', "/");
    name.trim_start_matches("./")
        .trim_start_matches('/')
        .to_owned()
}

fn folded(places: &HashMap<String, usize>) -> HashMap<String, usize> {
    places
        .iter()
        .map(|(path, at)| (path.to_lowercase(), *at))
        .collect()
}

fn position(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let mut at = 0;
    // Its first letter is rare, as bytes of what is packed go.
    while let Some(next) = rest.get(at..)?.iter().position(|it| *it == wanted[0]) {
        at += next;
        if rest.get(at..)?.starts_with(wanted) {
            return Some(from + at);
        }
        at += 1;
    }
    None
}

/// The entry that begins at `at`: its name, its content and where it ends.
fn entry(bytes: &[u8], at: usize, most: u64) -> Option<(String, Vec<u8>, usize)> {
    let header = bytes.get(at..at + HEADER)?;
    let two = |at: usize| Some(u16::from_le_bytes([*header.get(at)?, *header.get(at + 1)?]));
    let (flags, method) = (two(6)?, two(8)?);
    let packed = u32::from(two(18)?) | u32::from(two(20)?) << 16;
    let (name, extra) = (usize::from(two(26)?), usize::from(two(28)?));
    // A lock, and what is no text's way of packing.
    if flags & 1 != 0 || !matches!(method, 0 | 8) {
        return None;
    }
    let start = at + HEADER + name + extra;
    let named = bytes.get(at + HEADER..at + HEADER + name)?;
    let named = match String::from_utf8_lossy(named) {
        Cow::Borrowed(name) => name.to_owned(),
        Cow::Owned(name) => name,
    };
    let rest = bytes.get(start..)?;
    if method == 0 {
        let length = usize::try_from(packed).ok()?.min(rest.len());
        let content = rest.get(..length)?.to_vec();
        return (!content.is_empty()).then_some((named, content, start + length));
    }
    let mut unpacking = DeflateDecoder::new(rest);
    let mut content = Vec::new();
    // What is there of an entry that breaks off is a beginning.
    let _: io::Result<_> = unpacking.by_ref().take(most).read_to_end(&mut content);
    let end = start + usize::try_from(unpacking.total_in()).unwrap_or(0);
    (!content.is_empty()).then_some((named, content, end))
}
