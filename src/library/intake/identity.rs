//! What a story is known by when its file moves, is edited or lies in several places: the reader's
//! state goes with the story, not with the path.
//!
//! Copies of a file without a link are a story each. Listed once, they would be known by the path of one of them.
//! That path is what the library, a folder of it and the file alone share state by, and each of them may know
//! another one of the copies; whoever renames or edits the one that all are known by would have to take the
//! state of the others along; and that a content is no longer where it was, which tells a rename, says nothing
//! while a copy is there. Where any of this is told wrongly, what was done is lost; a story that is listed
//! twice loses nothing.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use rusqlite::OptionalExtension;

use super::{BY_PATH, Intake, STALE, path_of};
use crate::library::{bundled, feeds};

/// The files with a content, and their stories. Asked for in one go, SQLite would rather go through all
/// files of the collection than look each up that the index of contents names.
const SAME: &str = "SELECT path, story FROM file WHERE collection = ?1 \
     AND path IN (SELECT path FROM file WHERE collection = ?1 AND hash = ?2)";

/// A file with a content that belongs to another story.
const COPY: &str = "SELECT file.path, story.key FROM file AS same CROSS JOIN file CROSS JOIN story \
     WHERE same.collection = ?1 AND same.hash = ?2 AND file.collection = ?1 AND file.path = same.path \
     AND file.story <> ?3 AND story.id = file.story LIMIT 1";

impl Intake<'_> {
    /// The story of a file with this content that is no longer where it was. The old place is
    /// forgotten. Of several the one of the same name counts.
    pub(super) fn moved_from(&mut self, hash: i64, to: &[u8]) -> rusqlite::Result<Option<i64>> {
        if hash == 0 {
            return Ok(None);
        }
        let files: Vec<(Vec<u8>, i64)> = self
            .transaction
            .prepare_cached(SAME)?
            .query_map((self.collection, hash), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut gone: Vec<_> = files
            .into_iter()
            .filter(|(path, _)| path != to && self.is_gone(path))
            .collect();
        let name = |path: &[u8]| {
            let path = path_of(path);
            AsRef::<Path>::as_ref(&path)
                .file_name()
                .map(ToOwned::to_owned)
        };
        gone.sort_by_key(|(path, _)| name(path) != name(to));
        let Some((path, story)) = gone.into_iter().next() else {
            return Ok(None);
        };
        self.transaction
            .prepare_cached("DELETE FROM file WHERE collection = ?1 AND path = ?2")?
            .execute((self.collection, &path))?;
        Ok(Some(story))
    }

    /// Whether a file is no longer where it was, though the folder that was named is there.
    pub(super) fn is_gone(&self, path: &[u8]) -> bool {
        // An example never lay on the disk.
        if bundled::is_example(path) {
            return false;
        }
        let path = self.root.join(path_of(path));
        let rooted = self.root.as_os_str().is_empty() || self.root.symlink_metadata().is_ok();
        rooted && is_missing(&path)
    }

    /// What was done with a file of this content that is gone, is done with the story `key` too.
    pub(super) fn state_moves_here(&self, key: &str, hash: i64) -> rusqlite::Result<()> {
        if hash == 0 || self.has_state(key)? {
            return Ok(());
        }
        let mut old: Vec<String> = self
            .transaction
            .prepare_cached("SELECT key FROM state WHERE hash = ?1")?
            .query_map([hash], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if old.len() > 1 {
            // A library that was moved left one at each of its places: what was done last counts.
            old = self.newest_first(old)?;
        }
        let place = |key: &'_ String| key.strip_prefix(BY_PATH).map(|it| Path::new(it).to_owned());
        let gone = |key: &String| place(key).is_some_and(|path| is_missing(&path));
        let Some(lost) = old.iter().find(|key| gone(key)) else {
            // A story that is in no list was brought here by an import: it may lie there on another
            // machine, or here as well.
            for old in &old {
                let Some(path) = place(old) else { continue };
                // Of this very folder it is only taken in a moment later.
                let rooted = !self.root.as_os_str().is_empty() && path.starts_with(self.root);
                if !self.is_listed(old)? && (!rooted || is_missing(&path)) {
                    return self.copy_state(old, key);
                }
            }
            // What was removed does not come back as a copy. Copies that were there before it was removed are
            // stories of their own, also where the catalogue is built anew: then nobody knows which came later.
            for old in old.iter().filter(|_| self.moves) {
                let copies = place(old).zip(place(&key.to_owned()));
                let are_same = || copies.is_some_and(|(one, other)| are_same(&one, &other));
                if self.is_removed(old)? && are_same() {
                    self.transaction
                        .prepare_cached(
                            "INSERT INTO state (key, removed, hash) VALUES (?1, 1, ?2)",
                        )?
                        .execute((key, hash))?;
                    break;
                }
            }
            return Ok(());
        };
        // Where the folder is gone as well, it may be a drive that comes back: it keeps its own.
        let folder = place(lost).and_then(|path| path.parent().map(Path::to_owned));
        match folder {
            Some(folder) if folder.is_dir() => self.rename_state(lost, key),
            _ => self.copy_state(lost, key),
        }
    }

    /// Keys of state, in the order of when something was done with it last.
    fn newest_first(&self, keys: Vec<String>) -> rusqlite::Result<Vec<String>> {
        let mut dated = Vec::new();
        for key in keys {
            let at: i64 = self
                .transaction
                .prepare_cached(
                    "SELECT max(placed, opened, coalesce((SELECT max(step.at) FROM change \
                     JOIN step ON step.id = step WHERE key = ?1), 0)) FROM state WHERE key = ?1",
                )?
                .query_row([&key], |row| row.get(0))?;
            dated.push((std::cmp::Reverse(at), key));
        }
        dated.sort();
        Ok(dated.into_iter().map(|(_, key)| key).collect())
    }

    /// The story `old`, all of it, is now known by `key`.
    pub(super) fn state_follows(&self, old: i64, key: &str) -> rusqlite::Result<()> {
        let before = self.key_of(old)?;
        let Some(before) = before.filter(|before| before != key) else {
            return Ok(());
        };
        // In another collection another file may still have this link.
        let shared: bool = self
            .transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM story WHERE key = ?1 AND id <> ?2)")?
            .query_row((&before, old), |row| row.get(0))?;
        if shared && !before.starts_with(BY_PATH) {
            self.copy_state(&before, key)
        } else {
            self.rename_state(&before, key)
        }
    }

    /// The last file of the story `old` is gone; a copy of it under another name has what was done
    /// with it.
    pub(super) fn state_goes_to_copy(&mut self, old: i64, hash: i64) -> rusqlite::Result<()> {
        let key = self.key_of(old)?;
        let Some(key) = key.filter(|key| hash != 0 && key.starts_with(BY_PATH)) else {
            return Ok(());
        };
        let copy = self
            .transaction
            .prepare_cached(COPY)?
            .query_row((self.collection, hash, old), |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?;
        if let Some((path, heir)) = copy
            && heir.starts_with(BY_PATH)
            && self.has_state(&key)?
            && !self.has_state(&heir)?
        {
            self.rename_state(&key, &heir)?;
            self.look_again(path)?;
        }
        Ok(())
    }

    /// The file that speaks for a story which lies in several: the first by name of those that can
    /// be read.
    pub(in crate::library) fn speaker(&self, story: i64) -> rusqlite::Result<Option<Vec<u8>>> {
        self.transaction
            .prepare_cached(
                "SELECT path FROM file WHERE story = ?1 ORDER BY stamp = 0, path LIMIT 1",
            )?
            .query_row([story], |row| row.get(0))
            .optional()
    }

    /// Whether a file speaks for its story.
    pub(in crate::library) fn speaks(&self, path: &[u8]) -> rusqlite::Result<bool> {
        let Some(story) = self.file(path)? else {
            return Ok(false);
        };
        Ok(self.speaker(story)?.as_deref() == Some(path))
    }

    /// Has a file looked at anew, now or by the next scan: it speaks for its story from now on.
    pub(super) fn look_again(&mut self, path: Vec<u8>) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached("UPDATE file SET stamp = ?3 WHERE collection = ?1 AND path = ?2")?
            .execute((self.collection, &path, STALE))?;
        if let Some(entry) = feeds::entry_at(&path) {
            feeds::unsettle(self.transaction, self.collection, entry)?;
        }
        self.taken.again.push(path);
        Ok(())
    }

    /// Whether a file was taken in as it is under this stamp.
    pub(in crate::library) fn is_of(&self, path: &[u8], stamp: i64) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM file WHERE collection = ?1 AND path = ?2 AND stamp = ?3)",
            )?
            .query_row((self.collection, path, stamp), |row| row.get(0))
    }

    pub(super) fn key_of(&self, story: i64) -> rusqlite::Result<Option<String>> {
        self.transaction
            .prepare_cached("SELECT key FROM story WHERE id = ?1")?
            .query_row([story], |row| row.get(0))
            .optional()
    }

    fn has_state(&self, key: &str) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM state WHERE key = ?1) \
                 OR EXISTS (SELECT 1 FROM tag WHERE key = ?1)",
            )?
            .query_row([key], |row| row.get(0))
    }

    fn is_removed(&self, key: &str) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM state WHERE key = ?1 AND removed = 1)")?
            .query_row([key], |row| row.get(0))
    }

    fn is_listed(&self, key: &str) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM story WHERE key = ?1)")?
            .query_row([key], |row| row.get(0))
    }

    pub(super) fn rename_state(&self, from: &str, to: &str) -> rusqlite::Result<()> {
        // What was done under the new name already, counts.
        for sql in [
            "UPDATE OR IGNORE state SET key = ?2 WHERE key = ?1",
            "UPDATE OR IGNORE tag SET key = ?2 WHERE key = ?1",
            "UPDATE OR IGNORE note SET key = ?2 WHERE key = ?1",
            "UPDATE change SET key = ?2 WHERE key = ?1",
            "UPDATE mark SET key = ?2 WHERE key = ?1",
            "UPDATE listed SET key = ?2 WHERE key = ?1",
        ] {
            self.transaction.prepare_cached(sql)?.execute((from, to))?;
        }
        Ok(())
    }

    fn copy_state(&self, from: &str, to: &str) -> rusqlite::Result<()> {
        for sql in [
            "INSERT OR IGNORE INTO state (key, read, starred, later, removed, block, offset, seen, \
             placed, opened, hash, print) SELECT ?2, read, starred, later, removed, block, offset, \
             seen, placed, opened, hash, print FROM state WHERE key = ?1",
            "INSERT OR IGNORE INTO tag (key, name) SELECT ?2, name FROM tag WHERE key = ?1",
            "INSERT OR IGNORE INTO note (key, id, exact, prefix, suffix, text, block, offset, created, \
             changed) SELECT ?2, id, exact, prefix, suffix, text, block, offset, created, changed \
             FROM note WHERE key = ?1",
            // A letter leads to one place: to where the story is now.
            "UPDATE mark SET key = ?2 WHERE key = ?1",
        ] {
            self.transaction.prepare_cached(sql)?.execute((from, to))?;
        }
        Ok(())
    }
}

/// Whether two files hold the same bytes, to their ends: the number of a content is that of its beginning.
fn are_same(one: &Path, other: &Path) -> bool {
    let open = |path| File::open(path).map(BufReader::new);
    let (Ok(mut one), Ok(mut other)) = (open(one), open(other)) else {
        return false;
    };
    loop {
        let (Ok(from), Ok(to)) = (one.fill_buf(), other.fill_buf()) else {
            return false;
        };
        let count = from.len().min(to.len());
        if from[..count] != to[..count] {
            return false;
        }
        if count == 0 {
            return from.len() == to.len();
        }
        one.consume(count);
        other.consume(count);
    }
}

/// Whether no file lies at a path.
pub(in crate::library) fn is_missing(path: &Path) -> bool {
    path.symlink_metadata()
        .is_err_and(|error| is_no_such(&error))
}

/// Whether the system says that there is nothing of this name; a drive that fails says otherwise.
pub(in crate::library) fn is_no_such(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::{super::super::tests::goes_through_no_files, *};

    #[test]
    fn files_are_looked_up_by_content() {
        goes_through_no_files(SAME);
        goes_through_no_files(COPY);
    }
}
