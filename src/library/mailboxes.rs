//! Mailboxes: files with many letters, each of which is a story.
//!
//! A letter has a path as a file has, below that of its mailbox, as though that were a folder: it says
//! where the letter lies in it and by what it is known, so that nothing is taken for it once something
//! else lies there. A mailbox that did not change is not read again; one that did is looked through, and only
//! the letters are read that are new in it.

use std::{
    fs::{File, Metadata},
    io::BufReader,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use crossbeam_channel::Sender;

use super::{
    Library, LibraryError, fingerprint,
    intake::{self, Found},
    place::Place,
    store::Lane,
    walk::Walk,
};
use crate::{
    ingest::mailbox::{Letters, Span},
    story::clean,
};

/// How the last parts of letters' paths end: no file is a story that does.
const ENDING: &str = ".letter";

/// The stamp of letters: while their paths are the same, so are they.
const STAMP: i64 = 1;

/// How much of a mailbox is read at once, in bytes.
const AT_ONCE: usize = 256 * 1024;

/// A letter in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The file of the mailbox.
    pub(super) mailbox: PathBuf,
    /// Its first byte there.
    pub(super) from: u64,
    /// How many bytes it has.
    pub(super) length: u64,
    /// A number of its headers.
    print: i64,
}

impl Letter {
    fn of(mailbox: &Path, span: &Span) -> Self {
        Letter {
            mailbox: mailbox.to_owned(),
            from: span.from,
            length: span.length,
            print: print(&span.headers),
        }
    }

    /// The letter that a path names, if it names one.
    pub(super) fn at(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
        let mut numbers = name.split('-');
        let letter = Letter {
            mailbox: path.parent()?.to_owned(),
            from: numbers.next()?.parse().ok()?,
            length: numbers.next()?.parse().ok()?,
            print: u64::from_str_radix(numbers.next()?, 16).ok()?.cast_signed(),
        };
        numbers.next().is_none().then_some(letter)
    }

    /// What its path ends with; the letters of a mailbox stand in their order by it.
    fn name(&self) -> String {
        let print = self.print.cast_unsigned();
        format!("{:015}-{}-{print:016x}{ENDING}", self.from, self.length)
    }

    /// Whether these bytes, or as many as there are of them, are its own.
    pub(super) fn is_there(&self, bytes: &[u8]) -> bool {
        let found = Letters::new(bytes).next().and_then(Result::ok);
        // As it was found: with the line that parts it from the one before.
        found.is_some_and(|it| it.from == 0 && print(&it.headers) == self.print)
    }
}

fn print(headers: &[u8]) -> i64 {
    fingerprint::of(headers)
}

impl Walk<'_> {
    /// Looks at the letters of a mailbox that is new or changed; of one that is as it was, they are met.
    pub(super) fn mailbox(
        &self,
        path: &Path,
        root: &Path,
        meta: Option<&Metadata>,
        stamp: i64,
        found: &Sender<Box<Found>>,
    ) {
        let bytes = intake::bytes_of(path.strip_prefix(&self.library.root).unwrap_or(path));
        match self.library.meet_letters(&bytes, stamp, self.known) {
            Ok(true) => return,
            Ok(false) => {}
            // Whoever writes next to the database says what is wrong with it.
            Err(_) => return,
        }
        let shown = clean::line(&path.to_string_lossy());
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return self.complain(path, format!("{shown}: {error}")),
        };
        let folder = path.strip_prefix(root).unwrap_or(path);
        let folder: std::sync::Arc<str> = clean::line(&folder.to_string_lossy()).into();
        let mut any = false;
        for span in Letters::new(BufReader::with_capacity(AT_ONCE, file)) {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let span = match span {
                Ok(span) => span,
                Err(error) => return self.complain(path, format!("{shown}: {error}")),
            };
            any = true;
            let letter = Letter::of(path, &span);
            let mut bytes = bytes.clone();
            bytes.push(b'/');
            bytes.extend(letter.name().into_bytes());
            let number = fingerprint::of(&bytes);
            if self.known.meet(number).is_none() {
                let place = Place::Letter(letter.into());
                self.offer(found, place, bytes, folder.clone(), STAMP, meta.cloned());
            }
        }
        if !any && meta.is_some_and(|it| it.len() > 0) {
            self.warning(format!("{shown}: there are no letters in this mailbox"));
        }
        self.looked_through(bytes, stamp);
    }

    /// Says what is wrong with a mailbox. Its letters stay what they are.
    fn complain(&self, path: &Path, why: String) {
        self.closed(path);
        self.warning(why);
    }
}

impl Library {
    /// Whether a mailbox is as it was when it was looked through; then its letters are met.
    fn meet_letters(
        &self,
        mailbox: &[u8],
        stamp: i64,
        known: &super::known::Known,
    ) -> Result<bool, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let is_same: bool = connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM mailbox WHERE collection = ?1 AND path = ?2 AND stamp = ?3)",
            )?
            .query_row((self.collection, mailbox, stamp), |row| row.get(0))?;
        if !is_same {
            return Ok(false);
        }
        let (mut from, mut to) = (mailbox.to_vec(), mailbox.to_vec());
        from.push(b'/');
        to.push(b'/' + 1);
        let mut letters = connection.prepare_cached(
            "SELECT path FROM file WHERE collection = ?1 AND path >= ?2 AND path < ?3",
        )?;
        let mut rows = letters.query((self.collection, from, to))?;
        while let Some(row) = rows.next()? {
            let path = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            known.meet(fingerprint::of(path));
        }
        Ok(true)
    }

    /// Notes of mailboxes that all letters in them were taken in.
    pub(super) fn note_mailboxes(&self, mailboxes: &[(Vec<u8>, i64)]) -> Result<(), LibraryError> {
        if mailboxes.is_empty() {
            return Ok(());
        }
        Ok(self.store.write(Lane::Intake, |transaction| {
            for (path, stamp) in mailboxes {
                transaction
                    .prepare_cached(
                        "INSERT INTO mailbox (collection, path, stamp) VALUES (?1, ?2, ?3) \
                         ON CONFLICT DO UPDATE SET stamp = ?3",
                    )?
                    .execute((self.collection, path, stamp))?;
            }
            Ok(())
        })?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_found_again_by_its_path() {
        let span = Span {
            from: 17,
            length: 400,
            headers: b"Subject: a\n".to_vec(),
        };
        let letter = Letter::of(Path::new("/mail/a.mbox"), &span);
        let path = letter.mailbox.join(letter.name());
        assert_eq!(Letter::at(&path), Some(letter));
        for other in [
            "/mail/a.md",
            "/mail/x.letter",
            "/mail/1-2-3-4.letter",
            "1-2.letter",
        ] {
            assert_eq!(Letter::at(Path::new(other)), None, "{other}");
        }
    }
}
