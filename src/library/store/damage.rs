//! A database that is damaged. Whoever meets damage leaves a mark beside the database; who opens it
//! next mends it, or keeps it aside and begins a new one with what the reader did.
//!
//! Not every page is looked at when a database is opened: there may be millions. So damage is met in
//! the middle of work, and without the mark every start would meet it again.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode};

use super::{
    FILE, Lane, Loss, STEPS, Store, StoreError, Why, log,
    salvage::{Salvaged, salvage, salvage_certain},
};
use crate::{
    library::{keepsake, steplog},
    story::clean,
};

/// How long an empty file may be one that another program is making.
const MAKING: Duration = Duration::from_millis(500);

/// The step of the schema that makes the index of whole texts.
const TEXT_STEP: usize = 1;

/// Whether SQLite says that the file is not what it wrote.
pub(in crate::library) fn is_damage(error: &rusqlite::Error) -> bool {
    let corrupt = matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    );
    // SQLite has no code of its own for a header that says what cannot be.
    corrupt || error.to_string().contains("unsupported file format")
}

/// The mark of a damaged database.
pub(in crate::library) fn mark_of(database: &Path) -> PathBuf {
    database.with_extension("db.damaged")
}

/// Says that what was lost with a database is being recovered, and from what it is kept as. Whoever is
/// killed meanwhile leaves it to the next start.
fn recovering(database: &Path) -> PathBuf {
    database.with_extension("db.recovering")
}

/// Remembers damage of the database in `folder`, for the next start.
/// Says whether it could be written; else the next start meets the damage as this one did.
pub(in crate::library) fn remember(folder: &Path, error: &StoreError) -> bool {
    let StoreError::Damaged(error) = error else {
        return false;
    };
    fs::write(mark_of(&folder.join(FILE)), format!("{error}\n")).is_ok()
}

/// Whether damage of the database in `folder` was met, and not yet mended.
pub(in crate::library) fn is_remembered(folder: &Path) -> bool {
    mark_of(&folder.join(FILE)).exists()
}

/// The tables that are wholly made of the index of texts.
const IS_TEXT: &str = "(tbl_name = 'story_text' OR substr(tbl_name, 1, 11) = 'story_text_')";

impl Store {
    /// Remembers an error that tells of damage, for the next start.
    pub(in crate::library) fn remember(&self, error: &StoreError) {
        if let Some(folder) = self.path.parent().filter(|_| !self.passing) {
            remember(folder, error);
        }
    }

    pub(super) fn is_remembered_as_damaged(&self) -> bool {
        mark_of(&self.path).exists()
    }

    /// Looks over a database that was found damaged. One whose index of texts alone is damaged gets a
    /// new index; any other is kept aside.
    pub(super) fn mend(&mut self) -> Result<(), StoreError> {
        match self.mended() {
            Ok(None) => self.forget_damage(),
            Ok(Some(remark)) => {
                self.remarks.push(remark);
                self.forget_damage();
            }
            Err(StoreError::Damaged(error)) => self.set_aside(&error)?,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn mended(&self) -> Result<Option<String>, StoreError> {
        // Only what is there: `connect` would make it.
        if !self.path.exists() {
            return Ok(None);
        }
        let connection = self.connect(Lane::Lists)?;
        let version: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version > STEPS.len() {
            // What a newer recto keeps is left to it.
            let shown = clean::line(&self.path.to_string_lossy());
            return Err(StoreError::Newer(shown));
        }
        if check(&connection, None)? {
            // Another program has mended it.
            return Ok(None);
        }
        if version <= TEXT_STEP {
            return Err(damaged());
        }
        for name in names(&connection)? {
            if !check(&connection, Some(&name))? {
                return Err(damaged());
            }
        }
        // Its pages cannot be given back one by one: some of them lead nowhere. What is not in the
        // schema is left behind when all the rest is written anew.
        connection.pragma_update(None, "writable_schema", true)?;
        connection.execute(&format!("DELETE FROM sqlite_schema WHERE {IS_TEXT}"), [])?;
        drop(connection);
        let mut connection = self.connect(Lane::Lists)?;
        connection.execute_batch("VACUUM")?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(STEPS[TEXT_STEP])?;
        transaction.execute("UPDATE story SET indexed = 0", [])?;
        transaction.commit()?;
        if !check(&connection, None)? {
            return Err(damaged());
        }
        Ok(Some(
            "The index of whole texts was damaged; it is built anew. Nothing of what you did is lost."
                .to_owned(),
        ))
    }

    fn forget_damage(&self) {
        // If it stays, the next start looks once more.
        let _ = fs::remove_file(mark_of(&self.path));
    }

    /// Keeps a damaged database under another name and begins a new one with what can be saved.
    pub(super) fn set_aside(&mut self, error: &rusqlite::Error) -> Result<(), StoreError> {
        let aside = self.aside();
        let failed = |cause| StoreError::Folder {
            path: clean::line(&self.path.to_string_lossy()),
            cause,
        };
        fs::rename(&self.path, &aside).map_err(failed)?;
        self.file = None;
        for ending in ["-wal", "-shm"] {
            // Often there is none.
            let _ = fs::rename(ended(&self.path, ending), ended(&aside, ending));
        }
        self.begin_recovery(Some(&aside));
        self.forget_damage();
        self.prepare()?;
        self.salvage_from(aside, error.to_string())
    }

    fn salvage_from(&mut self, aside: PathBuf, why: String) -> Result<(), StoreError> {
        let mut connection = self.hold(Lane::Lists)?;
        let salvaged = if log::begins_well(&aside) {
            // SQLite reads it with its log.
            salvage(&mut connection, &aside)
        } else {
            salvage_merged(&mut connection, &aside).unwrap_or_default()
        };
        drop(connection);
        self.loss = Some(Loss {
            why: Some(Why::Damaged(aside, why)),
            salvaged,
        });
        Ok(())
    }

    /// Takes over what stands in the log of a database that is gone or empty.
    pub(super) fn salvage_log(&mut self) -> Result<(), StoreError> {
        let Some(Loss {
            why: Some(Why::Gone(aside) | Why::Empty(aside)),
            ..
        }) = &self.loss
        else {
            return Ok(());
        };
        if log::of(aside).is_none() {
            return Ok(());
        }
        let mut connection = self.hold(Lane::Lists)?;
        let salvaged = salvage_merged(&mut connection, aside);
        drop(connection);
        if let (Some(loss), Some(salvaged)) = (&mut self.loss, salvaged) {
            loss.salvaged = salvaged;
        }
        Ok(())
    }

    /// Leaves word of what is to be recovered.
    pub(super) fn begin_recovery(&self, aside: Option<&Path>) {
        let name = aside.and_then(Path::file_name).unwrap_or_default();
        // Where it cannot be written, nobody must be killed.
        let _ = fs::write(recovering(&self.path), name.as_encoded_bytes());
    }

    /// What was lost is recovered, as far as it can be.
    pub(in crate::library) fn end_recovery(&self) {
        let _ = fs::remove_file(recovering(&self.path));
    }

    /// Goes on with what another start had begun to recover when it was killed.
    pub(super) fn resume_recovery(&mut self) -> Result<(), StoreError> {
        let Ok(name) = fs::read_to_string(recovering(&self.path)) else {
            return Ok(());
        };
        let aside = self.path.with_file_name(&name);
        match aside.metadata() {
            Ok(it) if !name.is_empty() && it.len() > 0 => {
                self.salvage_from(
                    aside,
                    "a start that took it over was interrupted".to_owned(),
                )?;
            }
            Ok(_) if !name.is_empty() => self.lose(Some(Why::Empty(aside))),
            Err(_) if !name.is_empty() && log::of(&aside).is_some() => {
                self.lose(Some(Why::Gone(aside)));
            }
            _ => self.lose(None),
        }
        self.salvage_log()
    }

    fn lose(&mut self, why: Option<Why>) {
        self.loss = Some(Loss {
            why,
            ..Loss::default()
        });
    }

    /// Gone as a whole, as little of a database can be read as of one that is damaged: what is beside where
    /// it was tells that there was one.
    pub(super) fn keep_gone(&mut self) -> io::Result<()> {
        if self.path.exists() {
            return Ok(());
        }
        if let Some(log) = log::of(&self.path) {
            let aside = self.aside();
            fs::rename(log, ended(&aside, "-wal"))?;
            self.begin_recovery(Some(&aside));
            self.lose(Some(Why::Gone(aside)));
        } else if self.path.with_file_name(keepsake::FILE).exists()
            || steplog::beside(&self.path).is_some()
        {
            self.begin_recovery(None);
            self.lose(None);
        }
        Ok(())
    }

    /// A database without a byte was one once: a new one has its first page after a moment.
    pub(super) fn keep_empty(&mut self) -> io::Result<()> {
        let is_empty = |path: &Path| path.metadata().is_ok_and(|it| it.len() == 0);
        if !is_empty(&self.path) {
            return Ok(());
        }
        std::thread::sleep(MAKING);
        if !is_empty(&self.path) {
            return Ok(());
        }
        // Not renamed: should another program be making it after all, it goes on with it.
        let aside = self.aside();
        fs::copy(&self.path, &aside)?;
        let _ = fs::copy(ended(&self.path, "-wal"), ended(&aside, "-wal"));
        self.begin_recovery(Some(&aside));
        self.lose(Some(Why::Empty(aside)));
        Ok(())
    }

    /// What a damaged database is kept as.
    fn aside(&self) -> PathBuf {
        let stamp = Timestamp::now().strftime("%Y-%m-%d-%H%M%S");
        let aside = self.path.with_extension(format!("db.bad-{stamp}"));
        // Two in one second are two.
        let mut others = (2..).map(|number| ended(&aside, &format!("-{number}")));
        let is_used = |it: &Path| it.exists() || ended(it, "-wal").exists();
        if is_used(&aside) {
            return others.find(|it| !is_used(it)).unwrap_or(aside);
        }
        aside
    }
}

/// Copies what can be read of what is kept of a database as `aside`, with what stands in its log.
fn salvage_merged(to: &mut Connection, aside: &Path) -> Option<Salvaged> {
    let begin = || -> Result<Store, StoreError> {
        let fresh = Store::passing(None)?;
        // As those that libraries are taken into: their late indexes were made once more.
        fresh.put_off_indexes(0)?;
        fresh.build_indexes()?;
        let merge = "PRAGMA wal_checkpoint(TRUNCATE)";
        fresh.hold(Lane::Intake)?.query_row(merge, [], |_| Ok(()))?;
        Ok(fresh)
    };
    // Where there is no room for one, what is kept stays as it is.
    let merged = log::merged(aside, begin().ok()?.path())?;
    Some(salvage_certain(to, &merged.path, merged.certain.as_ref()))
}

pub(super) fn ended(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.to_owned().into_os_string();
    path.push(ending);
    path.into()
}

/// The tables that are no part of the index of texts.
fn names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut names = connection.prepare(&format!(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND NOT {IS_TEXT}"
    ))?;
    names.query_map([], |row| row.get(0))?.collect()
}

/// Whether all of a database, or a table of it, is sound.
pub(super) fn check(connection: &Connection, table: Option<&str>) -> rusqlite::Result<bool> {
    let sql = match table {
        None => "PRAGMA integrity_check(1)".to_owned(),
        Some(name) => format!("PRAGMA integrity_check(\"{}\")", name.replace('"', "\"\"")),
    };
    let first: String = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(first == "ok")
}

/// What SQLite would say of a file that does not begin as a database does.
pub(in crate::library) fn no_database() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB);
    rusqlite::Error::SqliteFailure(code, Some("file is not a database".to_owned()))
}

/// What SQLite would say of a database that a check found damaged.
pub(in crate::library) fn damaged() -> StoreError {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    let told = "its pages do not fit together".to_owned();
    StoreError::Damaged(rusqlite::Error::SqliteFailure(code, Some(told)))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            lock,
            tests::{count, filled},
        },
        *,
    };

    #[test]
    fn a_damaged_database_is_kept_aside() {
        for content in [&b"garbage, and enough of it to be no header at all ......................................................................................."[..], b"SQLite format 3\0 and then nothing"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(FILE), content).unwrap();
            let store = Store::open(folder.path()).unwrap();
            assert!(store.loss.is_some());
            let kept = fs::read_dir(folder.path()).unwrap().filter_map(Result::ok);
            let kept: Vec<_> = kept
                .filter(|it| it.file_name().to_string_lossy().contains(".bad-"))
                .collect();
            assert_eq!(fs::read(kept[0].path()).unwrap(), content);
        }
    }

    #[test]
    fn of_a_truncated_database_what_can_be_read_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path(), 5000);
        let length = path.metadata().unwrap().len();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(length * 9 / 10 / 4096 * 4096).unwrap();
        let store = Store::open(folder.path()).unwrap();
        let salvaged = &store.loss.as_ref().unwrap().salvaged;
        let saved = count(&store, "state");
        assert!(saved > 500, "{saved} of 5000");
        assert!(!salvaged.is_whole("state"), "{saved} of 5000");
        let key = |number: usize| format!("https://example.org/a-rather-long-address/{number:06}");
        let read = (0..5000).filter(|number| salvaged.has_read(&key(*number)));
        assert_eq!(read.count(), saved);
        // What lies before the hole is known, and so is what does not lie there.
        assert!(
            salvaged.has_all_of("state", "https://example.org/a") || salvaged.has_read(&key(4999))
        );
        assert!(!salvaged.has_all_of("state", &key(saved)));
    }

    #[test]
    fn of_a_database_with_a_hole_what_lies_around_it_is_taken_over() {
        use std::io::{Seek, SeekFrom, Write};
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path(), 5000);
        let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        let middle = path.metadata().unwrap().len() / 2 / 4096 * 4096;
        file.seek(SeekFrom::Start(middle)).unwrap();
        file.write_all(&[0xff; 4096]).unwrap();
        drop(file);
        // Not every page is looked at when it is opened: as if the damage were met there.
        let mut store = Store::open(folder.path()).unwrap();
        if store.loss.is_none() {
            for lane in &store.lanes {
                lock(lane).take();
            }
            store.set_aside(&rusqlite::Error::InvalidQuery).unwrap();
        }
        let saved = count(&store, "state");
        assert!((4000..5000).contains(&saved), "{saved} of 5000");
        assert_eq!(count(&store, "tag"), 1);
    }

    /// Overwrites the pages of a table with nothing that could be one.
    fn overwrite(path: &Path, table: &str) {
        use std::io::{Seek, SeekFrom, Write};
        let database = Connection::open(path).unwrap();
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
        let page: u64 = database.query_row(sql, [table], |row| row.get(0)).unwrap();
        database
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        drop(database);
        let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start((page - 1) * 4096)).unwrap();
        file.write_all(&[0xff; 4096]).unwrap();
    }

    #[test]
    fn damage_that_is_met_in_the_middle_of_work_is_dealt_with_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path(), 10);
        overwrite(&path, "facet");
        let store = Store::open(folder.path()).unwrap();
        assert!(store.loss.is_none());
        let met = store.write(Lane::Intake, |transaction| {
            transaction.execute("DELETE FROM facet", [])?;
            Ok(())
        });
        let told = met.unwrap_err().to_string();
        assert!(told.contains("start recto again"), "{told}");
        assert!(is_remembered(folder.path()));
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        let salvaged = &store.loss.as_ref().unwrap().salvaged;
        assert!(salvaged.is_whole("state") && salvaged.is_whole("tag") && salvaged.has_journal());
        assert_eq!((count(&store, "state"), count(&store, "tag")), (10, 1));
        assert!(!is_remembered(folder.path()));
        drop(store);
        // Whoever is killed before all of it was recovered leaves it to the next start.
        let store = Store::open(folder.path()).unwrap();
        let salvaged = &store.loss.as_ref().unwrap().salvaged;
        assert!(salvaged.is_whole("state") && salvaged.has_journal());
        assert_eq!((count(&store, "state"), count(&store, "tag")), (10, 1));
        store.end_recovery();
        drop(store);
        assert!(Store::open(folder.path()).unwrap().loss.is_none());
    }

    #[test]
    fn a_damaged_index_of_texts_is_built_anew_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path(), 10);
        overwrite(&path, "story_text_data");
        let store = Store::open(folder.path()).unwrap();
        let met = store.write(Lane::Text, |transaction| {
            let sql = "INSERT INTO story_text (rowid, body) VALUES (1, 'words')";
            transaction.execute(sql, [])?;
            Ok(())
        });
        assert!(matches!(met, Err(StoreError::Damaged(_))), "{met:?}");
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        assert!(
            store.remarks[0].contains("built anew"),
            "{:?}",
            store.remarks
        );
        assert_eq!(count(&store, "state"), 10);
        assert_eq!(count(&store, "story_text"), 0);
        let files = fs::read_dir(folder.path()).unwrap().filter_map(Result::ok);
        let mut names = files.map(|it| it.file_name().to_string_lossy().into_owned());
        assert!(!names.any(|it| it.contains("bad") || it.contains("damaged")));
    }

    #[test]
    fn a_database_without_a_byte_is_kept_and_told_of() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), b"").unwrap();
        let store = Store::open(folder.path()).unwrap();
        let why = &store.loss.as_ref().unwrap().why;
        assert!(
            matches!(why, Some(Why::Empty(kept)) if kept.exists()),
            "{why:?}"
        );
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        let why = &store.loss.as_ref().unwrap().why;
        assert!(matches!(why, Some(Why::Empty(_))), "killed before: {why:?}");
        store.end_recovery();
        drop(store);
        assert!(Store::open(folder.path()).unwrap().loss.is_none());
    }
}
