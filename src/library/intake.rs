//! Taking in what a scan found: files become stories, and stories keep what the reader did with them.

mod entry;
mod filing;
mod identity;
mod moves;

use std::path::Path;

use entry::tie;
pub(super) use entry::{BY_PATH, Entry, Outside, by_path, sort_key};
pub use entry::{key_of_file, known_by};
pub(super) use filing::{folder_of, folders_above};
pub(super) use identity::{is_missing, is_no_such};
use rusqlite::{ErrorCode, OptionalExtension, Transaction};

use super::{
    catalogue,
    facets::{self, Counts, FacetKind, Facets, Flags},
    others,
    store::late,
};
use crate::story::{Kind, Published};

/// A file as a scan finds it.
#[derive(Debug)]
pub(super) struct Found {
    /// Its path from the root of its collection.
    pub path: Vec<u8>,
    /// As the column `file.stamp` says.
    pub stamp: i64,
    /// As the column `file.hash` says.
    pub hash: i64,
    /// What its beginning says.
    pub entry: Entry,
}

/// The stamp of a file that cannot be read now: it is looked at anew whenever it is met.
pub(super) const LOST: i64 = 0;

/// The stamp of a file that has to be looked at anew though it may be as it was.
pub(super) const STALE: i64 = -1;

/// What taking in did with the lists.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Stories that are new or changed.
    pub put: Vec<(u32, i64, String)>,
    /// Stories that lie in other folders than before, and are else the same.
    pub refiled: Vec<u32>,
    /// Stories that are gone.
    pub gone: Vec<u32>,
    /// Stories that cannot be read any more; they stay.
    pub lost: Vec<u32>,
    /// Files that now speak for their stories and have to be looked at.
    pub again: Vec<Vec<u8>>,
}

impl Taken {
    /// Whether lists show what they showed before.
    pub(super) fn is_nothing(&self) -> bool {
        [&self.gone, &self.lost, &self.refiled]
            .iter()
            .all(|it| it.is_empty())
            && self.put.is_empty()
    }
}

/// Takes files into a collection, within one transaction.
pub(super) struct Intake<'a> {
    transaction: &'a Transaction<'a>,
    collection: i64,
    facets: &'a mut Facets,
    counts: Counts,
    taken: Taken,
    /// Whether a file that is not known may be one that was moved.
    moves: bool,
    root: &'a Path,
    /// Whether anything was done with any story.
    has_any_state: bool,
    /// Whether the number of any story is kept whose files are gone.
    has_departed: bool,
    /// What is to be filed, as rows of its table: sorted, they take half the time.
    filed: Vec<(i64, i64, i64, i64)>,
    /// Whether that is left to the end of a first scan.
    files_late: bool,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        transaction: &'a Transaction<'a>,
        collection: i64,
        root: &'a Path,
        facets: &'a mut Facets,
        moves: bool,
    ) -> rusqlite::Result<Self> {
        let has_any_state = transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM state) OR EXISTS (SELECT 1 FROM tag)")?
            .query_row([], |row| row.get(0))?;
        let has_departed = transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM departed)")?
            .query_row([], |row| row.get(0))?;
        Ok(Intake {
            transaction,
            collection,
            facets,
            counts: Counts::default(),
            taken: Taken::default(),
            moves,
            root,
            has_any_state,
            has_departed,
            filed: Vec::new(),
            files_late: !late::is_there(transaction, late::FILED)?,
        })
    }

    /// Writes the counts and says what changed.
    pub(super) fn finish(mut self) -> rusqlite::Result<Taken> {
        self.write_filed()?;
        self.counts.write(self.transaction)?;
        if !self.taken.is_nothing() {
            others::count_up(self.transaction, self.collection)?;
        }
        Ok(self.taken)
    }

    /// Takes one file in.
    pub(super) fn take(&mut self, found: Found) -> rusqlite::Result<()> {
        self.take_as(found, None)
    }

    /// Takes one file in; `came` is the story that it holds since it came to its name.
    fn take_as(&mut self, found: Found, came: Option<i64>) -> rusqlite::Result<()> {
        let (path, mut stamp, hash) = (found.path, found.stamp, found.hash);
        let mut entry = found.entry;
        // Of an empty library nothing is known. Whoever else fills it in the same moment has the
        // same keys.
        let mut known = match came {
            None if self.moves => self.file(&path)?,
            came => came,
        };
        if let Some((why, passes)) = &entry.trouble {
            if *passes {
                stamp = LOST;
            }
            // It stays what it was, and says what is wrong with it.
            if known.is_some() {
                return self.lose(&path, why, stamp);
            }
        }
        let by_path = entry.key.starts_with(BY_PATH);
        let mut spoke = match known {
            Some(old) => self.speaker(old)?.as_ref() == Some(&path),
            None => false,
        };
        if known.is_none() && self.moves {
            known = self.moved_from(hash, &path)?;
            spoke = known.is_some();
        }
        if by_path && known.is_none() && self.has_any_state {
            self.state_moves_here(&entry.key, hash)?;
        }
        if known.is_none() && !self.moves {
            // Most are new: that the key is known already, the database says by itself.
            match self.take_new(&path, stamp, hash, &mut entry) {
                Err(error) if is_conflict(&error) => {}
                done => return done,
            }
        }
        let same_key = catalogue::numbered(self.transaction, self.collection, &entry.key)?;
        let same_key = same_key.map(|id| i64::from(id.0));
        let id = match (known, same_key) {
            (None, None) => return self.take_new(&path, stamp, hash, &mut entry),
            (Some(old), Some(id)) if old == id => {
                self.point(&path, id, stamp, hash)?;
                let speaker = self.speaker(id)?;
                if let Some(other) = speaker.filter(|speaker| spoke && *speaker != path) {
                    return self.look_again(other);
                }
                id
            }
            // Another file of a story that is there.
            (None, Some(id)) => {
                self.point(&path, id, stamp, hash)?;
                id
            }
            (Some(old), other) if self.is_held(old, &path)? => {
                // The other files of the old story stay what they are; this one is another story.
                let Some(id) = other else {
                    self.take_new(&path, stamp, hash, &mut entry)?;
                    return self.speaks_anew(old);
                };
                self.point(&path, id, stamp, hash)?;
                self.speaks_anew(old)?;
                id
            }
            (Some(old), None) => {
                self.state_follows(old, &entry.key)?;
                self.point(&path, old, stamp, hash)?;
                old
            }
            (Some(old), Some(id)) => {
                self.state_follows(old, &entry.key)?;
                self.point(&path, id, stamp, hash)?;
                self.drop_if_alone(old)?;
                // What was done with either shows, whichever file speaks.
                self.speaks_anew(id)?;
                id
            }
        };
        if self.speaker(id)?.as_ref() == Some(&path) {
            self.put(Some(id), &mut entry)?;
            self.note_hash(&entry.key, by_path, hash)?;
            return Ok(());
        }
        self.refile(id)
    }

    fn take_new(
        &mut self,
        path: &[u8],
        stamp: i64,
        hash: i64,
        entry: &mut Entry,
    ) -> rusqlite::Result<()> {
        let id = self.put(None, entry)?;
        self.point_new(path, id, stamp, hash)?;
        self.note_hash(&entry.key, entry.key.starts_with(BY_PATH), hash)
    }

    /// Has the file looked at that speaks for a story now.
    fn speaks_anew(&mut self, story: i64) -> rusqlite::Result<()> {
        match self.speaker(story)? {
            Some(path) => self.look_again(path),
            None => Ok(()),
        }
    }

    /// Forgets a file. Its story goes with its last file; what the reader did with it stays.
    pub(super) fn forget(&mut self, path: &[u8]) -> rusqlite::Result<()> {
        let known = self
            .transaction
            .prepare_cached("SELECT story, hash FROM file WHERE collection = ?1 AND path = ?2")?
            .query_row((self.collection, path), |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((story, hash)) = known else {
            return Ok(());
        };
        let spoke = self.speaker(story)?.as_deref() == Some(path);
        self.transaction
            .prepare_cached("DELETE FROM file WHERE collection = ?1 AND path = ?2")?
            .execute((self.collection, path))?;
        match self.speaker(story)? {
            Some(other) if spoke => self.look_again(other),
            Some(_) => self.refile(story),
            None => {
                self.state_goes_to_copy(story, hash)?;
                self.drop_if_alone(story)
            }
        }
    }

    /// Says of a file why it cannot be read now. Its story stays in the lists, and says so too
    /// unless another of its files can be read.
    pub(super) fn lose(&mut self, path: &[u8], why: &str, stamp: i64) -> rusqlite::Result<()> {
        let Some(story) = self.file(path)? else {
            return Ok(());
        };
        let spoke = self.speaker(story)?.as_deref() == Some(path);
        self.transaction
            .prepare_cached("UPDATE file SET stamp = ?3 WHERE collection = ?1 AND path = ?2")?
            .execute((self.collection, path, stamp))?;
        match self.speaker(story)? {
            Some(other) if other != path => {
                if spoke {
                    self.look_again(other)?;
                }
            }
            _ => {
                let changed = self
                    .transaction
                    .prepare_cached(
                        "UPDATE story SET trouble = ?2 WHERE id = ?1 AND trouble IS NOT ?2",
                    )?
                    .execute((story, why))?;
                if changed > 0 {
                    self.taken.lost.extend(u32::try_from(story));
                }
            }
        }
        Ok(())
    }

    /// Whether another file than this one holds a story.
    fn is_held(&self, story: i64, but: &[u8]) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM file WHERE story = ?1 AND path <> ?2)")?
            .query_row((story, but), |row| row.get(0))
    }

    /// The story of the file at a path, if it is known.
    pub(super) fn file(&self, path: &[u8]) -> rusqlite::Result<Option<i64>> {
        self.transaction
            .prepare_cached("SELECT story FROM file WHERE collection = ?1 AND path = ?2")?
            .query_row((self.collection, path), |row| row.get(0))
            .optional()
    }

    fn note_hash(&self, key: &str, by_path: bool, hash: i64) -> rusqlite::Result<()> {
        if by_path && self.has_any_state {
            self.transaction
                .prepare_cached("UPDATE state SET hash = ?2 WHERE key = ?1 AND hash IS NOT ?2")?
                .execute((key, hash))?;
        }
        Ok(())
    }

    /// Says of a file that was not known which story it holds.
    fn point_new(&self, path: &[u8], story: i64, stamp: i64, hash: i64) -> rusqlite::Result<()> {
        let inserted = self
            .transaction
            .prepare_cached(
                "INSERT INTO file (collection, path, story, stamp, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((self.collection, path, story, stamp, hash));
        match inserted {
            // Another program may have met it in the same moment.
            Err(error) if is_conflict(&error) => self.point(path, story, stamp, hash),
            inserted => inserted.map(|_| ()),
        }
    }

    fn point(&self, path: &[u8], story: i64, stamp: i64, hash: i64) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO file (collection, path, story, stamp, hash) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT DO UPDATE SET story = ?3, stamp = ?4, hash = ?5",
            )?
            .execute((self.collection, path, story, stamp, hash))?;
        Ok(())
    }

    /// Removes a story that no file holds any more.
    fn drop_if_alone(&mut self, story: i64) -> rusqlite::Result<()> {
        let held: bool = self
            .transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM file WHERE story = ?1)")?
            .query_row([story], |row| row.get(0))?;
        if held {
            return Ok(());
        }
        self.unfile(story)?;
        for sql in [
            "INSERT OR REPLACE INTO departed (id, collection, key, title) \
             SELECT id, collection, key, title FROM story WHERE id = ?1",
            "DELETE FROM story WHERE id = ?1",
        ] {
            self.transaction.prepare_cached(sql)?.execute([story])?;
        }
        self.has_departed = true;
        super::text::forget(self.transaction, story)?;
        self.taken.gone.extend(u32::try_from(story));
        Ok(())
    }

    /// Writes the row of a story, a new one or one that is there.
    fn put(&mut self, id: Option<i64>, entry: &mut Entry) -> rusqlite::Result<i64> {
        if let Some(id) = id {
            self.unfile(id)?;
        }
        let tags = if self.has_any_state {
            self.tags(&entry.key)?
        } else {
            Vec::new()
        };
        let mut places: Vec<(FacetKind, String)> = filing::places(&entry.folder, entry.feed);
        if let Some(id) = id {
            places.extend(self.places_of_all(id)?);
        }
        let is_book = entry.story.kind == Kind::Book;
        let named = places
            .iter()
            .map(|(kind, name)| (*kind, name.as_str()))
            .chain(named(FacetKind::Category, &entry.story.categories))
            .chain(named(FacetKind::Author, &entry.story.authors))
            .chain(named(FacetKind::Tag, &entry.story.tags))
            .chain(named(FacetKind::Tag, &tags))
            .chain(is_book.then_some((FacetKind::Kind, facets::BOOK)));
        let facets = self.numbers(named)?;
        let (flags, seen, opened) = if self.has_any_state {
            self.state(&entry.key)?
        } else {
            Default::default()
        };
        let number = match id {
            None => self.back(&entry.key)?,
            id => id,
        };
        let age = entry.when.seconds().saturating_neg();
        let tie = tie(&entry.title_key);
        let is_day = matches!(entry.when, Published::Day(_));
        let values = rusqlite::params![
            number,
            self.collection,
            entry.key,
            entry.title,
            entry.origin,
            age,
            tie,
            is_day,
            entry.words,
            entry.title_key,
            entry.author_key,
            entry.source_key,
            entry.story.url,
            entry.story.language,
            entry.story.comments_count.unwrap_or(0),
            entry.story.lead_image.is_some(),
            entry.trouble.as_ref().map(|(why, _)| why),
            facets::written(&facets),
            flags.read,
            flags.starred,
            flags.later,
            flags.removed,
            seen,
            -(opened / 1000),
            flags.noted,
        ];
        // Two statements, and neither says what it wrote: one for both cases, or RETURNING, has SQLite
        // keep a copy of every page that it touches, to take one row back alone.
        let sql = match id {
            None => {
                "INSERT INTO story (id, collection, key, title, origin, age, tie, is_day, words, \
                 title_key, author_key, source_key, url, language, comments, picture, trouble, facets, \
                 read, starred, later, removed, seen, recency, noted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, \
                 ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)"
            }
            Some(_) => {
                "UPDATE story SET collection = ?2, key = ?3, title = ?4, origin = ?5, age = ?6, \
                 tie = ?7, is_day = ?8, words = ?9, title_key = ?10, author_key = ?11, \
                 source_key = ?12, url = ?13, language = ?14, comments = ?15, picture = ?16, \
                 trouble = ?17, facets = ?18, indexed = 0, read = ?19, starred = ?20, later = ?21, \
                 removed = ?22, seen = ?23, recency = ?24, noted = ?25 WHERE id = ?1"
            }
        };
        self.transaction.prepare_cached(sql)?.execute(values)?;
        let id = number.unwrap_or_else(|| self.transaction.last_insert_rowid());
        if !self.files_late {
            let filed = facets.iter().map(|facet| (*facet, age, tie, id));
            self.filed.extend(filed);
        }
        self.counts
            .changed(self.collection, &facets, None, Some(flags));
        if let Ok(number) = u32::try_from(id)
            && !flags.removed
        {
            self.taken
                .put
                .push((number, age, std::mem::take(&mut entry.title)));
        }
        Ok(id)
    }

    /// The number that a story had before its files were gone.
    fn back(&mut self, key: &str) -> rusqlite::Result<Option<i64>> {
        if !self.has_departed {
            return Ok(None);
        }
        let number: Option<i64> = self
            .transaction
            .prepare_cached("DELETE FROM departed WHERE collection = ?1 AND key = ?2 RETURNING id")?
            .query_row((self.collection, key), |row| row.get(0))
            .optional()?;
        // It went and came within one transaction: to the lists it was never away.
        self.taken.gone.retain(|it| Some(i64::from(*it)) != number);
        Ok(number)
    }

    fn tags(&self, key: &str) -> rusqlite::Result<Vec<String>> {
        self.transaction
            .prepare_cached("SELECT name FROM tag WHERE key = ?1")?
            .query_map([key], |row| row.get(0))?
            .collect()
    }

    /// What the reader did with a story.
    fn state(&self, key: &str) -> rusqlite::Result<(Flags, f64, i64)> {
        let found = self
            .transaction
            .prepare_cached(
                "SELECT read, starred, later, removed, seen, opened, \
                 EXISTS (SELECT 1 FROM note WHERE note.key = state.key) FROM state WHERE key = ?1",
            )?
            .query_row([key], |row| {
                let flags = Flags {
                    read: row.get(0)?,
                    starred: row.get(1)?,
                    later: row.get(2)?,
                    removed: row.get(3)?,
                    noted: row.get(6)?,
                };
                Ok((flags, row.get(4)?, row.get(5)?))
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

/// Whether a row is there already.
fn is_conflict(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}

fn named(kind: FacetKind, names: &[String]) -> impl Iterator<Item = (FacetKind, &str)> {
    names.iter().map(move |name| (kind, name.as_str()))
}

/// A path as the database keeps it: its bytes.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> &Path {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    Path::new(OsStr::from_bytes(bytes))
}

/// The opposite of [`path_of`].
#[cfg(unix)]
pub(super) fn bytes_of(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

/// A path as the database keeps it.
#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The opposite of [`path_of`].
#[cfg(not(unix))]
pub(super) fn bytes_of(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}
