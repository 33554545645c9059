//! The database: where it lies, how it is opened, and what is done with one that is damaged.
//!
//! One SQLite file in WAL mode. Several programs may have it open at once: readers never wait, and
//! writers wait for each other. What can be built anew is written without waiting for the disk, what
//! the reader did is on the disk when the call returns (`synchronous`, sqlite.org/pragma.html).

pub(super) mod damage;
mod error;
mod file;
pub(super) mod late;
pub(super) mod log;
mod passing;
pub(super) mod salvage;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations, SchemaVersion};

use super::steplog;
pub use error::StoreError;
use error::is_refusal;
use file::{FileId, file_id};
pub(super) use file::{copy_database, lies_at};
pub use passing::PrivateFolder;
pub(super) use passing::sweep;
use salvage::Salvaged;

/// The database's file within its folder.
pub(super) const FILE: &str = "recto.db";

/// How long a writer waits for another one.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Pages that the index of texts writes ahead of the database: 16 megabytes.
const TEXT_PAGES: i64 = 4000;

/// The steps from an empty database to today's. They are only ever added to.
const STEPS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
    include_str!("schema/0008.sql"),
    include_str!("schema/0009.sql"),
    include_str!("schema/0010.sql"),
    include_str!("schema/0011.sql"),
    include_str!("schema/0012.sql"),
    include_str!("schema/0013.sql"),
    include_str!("schema/0014.sql"),
    include_str!("schema/0015.sql"),
    include_str!("schema/0016.sql"),
    include_str!("schema/0017.sql"),
    include_str!("schema/0018.sql"),
    include_str!("schema/0019.sql"),
];

fn migrations() -> Migrations<'static> {
    Migrations::new(STEPS.iter().map(|step| M::up(step)).collect())
}

/// The version of today's tables.
pub(super) fn newest() -> usize {
    STEPS.len()
}

/// What a connection is for: each has one, so that none waits for another in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Lists and counts.
    Lists,
    /// Single stories.
    Stories,
    /// What the reader does.
    State,
    /// Stories that come in.
    Intake,
    /// The index of whole texts.
    Text,
    /// What queries that are kept under names find.
    Counts,
    /// What is read for work that nobody waits for: titles into memory, stories to be indexed.
    Background,
}

impl Lane {
    /// Kibibytes of the database that the connection keeps at hand: many where the same pages are asked
    /// for again and again.
    fn cache(self) -> i64 {
        match self {
            Lane::Lists | Lane::Stories | Lane::Text | Lane::Intake => 1024,
            Lane::State | Lane::Counts | Lane::Background => 512,
        }
    }
}

/// The open database.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    lanes: [Mutex<Option<Connection>>; 7],
    /// Whether the folder goes with the program: there was no place where it could have stayed.
    passing: bool,
    /// What tells others that a folder that goes with the program is still in use.
    in_use: Option<fs::File>,
    /// What the reader should know of how it was opened.
    pub remarks: Vec<String>,
    /// What is to be recovered, where it was begun anew since the one that was there is damaged, or gone.
    pub loss: Option<Loss>,
    /// The file that is open, once it is.
    file: Option<FileId>,
    /// Changes of state that wait for their turn: others stand back for them.
    pressing: AtomicUsize,
    /// Whether it had a log when it was opened: others have it open, or had no time to close it.
    left_open: bool,
}

/// A database that was not gone on with, and what could be read of it.
#[derive(Debug, Default)]
pub(super) struct Loss {
    /// What became of it; nothing where it was not there any more.
    pub why: Option<Why>,
    /// What could be read of it, and is in the new one.
    pub salvaged: Salvaged,
}

/// Why a database was not gone on with, and what it is kept as.
#[derive(Debug)]
pub(super) enum Why {
    /// It holds what cannot be, as SQLite says.
    Damaged(PathBuf, String),
    /// It had not a byte.
    Empty(PathBuf),
    /// It was not there any more, but its log was: that is kept, as if this were its database.
    Gone(PathBuf),
}

/// A connection in use.
pub(super) struct Held<'a>(MutexGuard<'a, Option<Connection>>);

impl std::ops::Deref for Held<'_> {
    type Target = Connection;

    #[allow(clippy::expect_used)] // `Store::hold` has put it there.
    fn deref(&self) -> &Connection {
        self.0.as_ref().expect("a held lane is connected")
    }
}

impl std::ops::DerefMut for Held<'_> {
    #[allow(clippy::expect_used)] // As above.
    fn deref_mut(&mut self) -> &mut Connection {
        self.0.as_mut().expect("a held lane is connected")
    }
}

/// What is read until it is dropped is of one moment, whatever is written meanwhile: an index that was
/// there stays.
pub(super) fn moment(connection: &Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.unchecked_transaction()
}

impl Store {
    /// Opens the database in `folder`, or makes it. A damaged one is kept aside under another name,
    /// and as much of the reader's state as can be read of it is carried over.
    ///
    /// # Errors
    /// If the folder cannot be used, or a newer recto wrote the database.
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        let failed = |cause| StoreError::Folder {
            path: crate::story::clean::line(&folder.to_string_lossy()),
            cause,
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let path = folder.join(FILE);
        let mut store = Store {
            lanes: Default::default(),
            passing: false,
            in_use: None,
            remarks: Vec::new(),
            loss: None,
            file: None,
            pressing: AtomicUsize::new(0),
            left_open: log::of(&path).is_some(),
            path,
        };
        if store.path.is_dir() {
            return Err(StoreError::Folder {
                path: crate::story::clean::line(&store.path.to_string_lossy()),
                cause: io::Error::other("a folder stands where the database should lie"),
            });
        }
        // Before SQLite sees it: beside what is no database it throws the log away.
        store.keep_gone().map_err(failed)?;
        store.keep_empty().map_err(failed)?;
        if let Some(error) = store.sealed_database() {
            // Not opened: SQLite would make a log and its index that may only be read either, and stay so.
            return Err(error);
        }
        if !log::begins_well(&store.path) {
            store.set_aside(&damage::no_database())?;
        } else if store.is_remembered_as_damaged() {
            store.mend()?;
        }
        let prepared = match store.prepare() {
            Err(StoreError::ReadOnly(_)) if store.unseals() => store.prepare(),
            prepared => prepared,
        };
        match prepared {
            Ok(()) => store.salvage_log()?,
            Err(StoreError::Damaged(error)) => store.set_aside(&error)?,
            Err(StoreError::Database(error) | StoreError::ReadOnly(error))
                if is_refusal(&error) =>
            {
                return Err(store.refused(&error));
            }
            Err(error) => return Err(error),
        }
        if store.loss.is_none() {
            store.resume_recovery()?;
        }
        store.file = file_id(&store.path);
        Ok(store)
    }

    /// The file that holds it.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it was not closed by whoever had it last, or is open elsewhere.
    pub(super) fn was_left_open(&self) -> bool {
        self.left_open
    }

    /// Whether what the reader does is forgotten when the program ends.
    pub(super) fn is_passing(&self) -> bool {
        self.passing
    }

    /// The first connection: makes the tables, or brings them up to date.
    fn prepare(&self) -> Result<(), StoreError> {
        let existed = self.path.metadata().is_ok_and(|it| it.len() > 0);
        let mut connection = self.connect(Lane::Lists)?;
        let migrations = migrations();
        match migrations.current_version(&connection)? {
            SchemaVersion::Outside(_) => {
                let shown = crate::story::clean::line(&self.path.to_string_lossy());
                return Err(StoreError::Newer(shown));
            }
            SchemaVersion::NoneSet if existed => {
                // A file that is no database of recto's shows itself here.
                connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            }
            SchemaVersion::Inside(version) if migrations.pending_migrations(&connection)? > 0 => {
                let copy = self.path.with_extension(format!("v{version}.db"));
                // An older copy of the same version is as good.
                if !copy.exists() {
                    // Under another name first: half a copy is none.
                    let half = copy.with_extension(format!("db-{}", std::process::id()));
                    connection.execute("VACUUM INTO ?1", [half.to_string_lossy()])?;
                    fs::rename(&half, &copy).map_err(|cause| StoreError::Folder {
                        path: crate::story::clean::line(&copy.to_string_lossy()),
                        cause,
                    })?;
                }
            }
            _ => {}
        }
        // Another program may take a step in the same moment: then it is done.
        let mut left = migrations.pending_migrations(&connection)?;
        while let Err(error) = migrations.to_latest(&mut connection) {
            let now = migrations.pending_migrations(&connection)?;
            if now == left {
                return Err(error.into());
            }
            left = now;
        }
        // A database whose pages are damaged may still open: its tables are looked at.
        connection.query_row("SELECT count(*) FROM collection", [], |_| Ok(()))?;
        connection
            .query_row("SELECT key FROM state LIMIT 1", [], |_| Ok(()))
            .or_else(none_is_fine)?;
        *lock(&self.lanes[Lane::Lists as usize]) = Some(connection);
        Ok(())
    }

    fn connect(&self, lane: Lane) -> Result<Connection, StoreError> {
        self.check_file()?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        // Holds for a new database only: pages that are free can be given back to the system.
        connection.pragma_update(None, "auto_vacuum", "incremental")?;
        begin_log(&connection)?;
        let synchronous = if lane == Lane::State {
            "full"
        } else {
            "normal"
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", -lane.cache())?;
        connection.pragma_update(None, "temp_store", "memory")?;
        if lane == Lane::State {
            connection.execute_batch(steplog::NOTE)?;
        }
        if lane == Lane::Text {
            // It writes much: to take it over into the database seldom saves waiting for the disk.
            connection.pragma_update(None, "wal_autocheckpoint", TEXT_PAGES)?;
        }
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    /// The connection of a lane, to oneself while it is held.
    pub(super) fn hold(&self, lane: Lane) -> Result<Held<'_>, StoreError> {
        let mut guard = lock(&self.lanes[lane as usize]);
        if guard.is_none() {
            *guard = Some(self.connect(lane)?);
        }
        Ok(Held(guard))
    }

    /// Has a connection ready for a great many rows (`many`), or as it was before: with a larger
    /// cache, and with what it writes merged into the database less often.
    pub(super) fn expect(&self, lane: Lane, many: bool) -> Result<(), StoreError> {
        let connection = self.hold(lane)?;
        let (cache, pages) = if many {
            (65_536, 16_384)
        } else {
            (lane.cache(), 1000)
        };
        connection.pragma_update(None, "cache_size", -cache)?;
        connection.pragma_update(None, "wal_autocheckpoint", pages)?;
        if !many {
            // Readers that are under way keep it from being merged: then the next writer does it.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            connection.execute_batch("PRAGMA shrink_memory")?;
        }
        Ok(())
    }

    /// Whether the reader's own changes wait.
    pub(super) fn is_pressed(&self) -> bool {
        self.pressing.load(Ordering::SeqCst) > 0
    }

    /// Runs `work` in one transaction of the reader's own, before all others that wait.
    pub(super) fn change<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.pressing.fetch_add(1, Ordering::SeqCst);
        let done = self.within(Lane::State, |transaction| {
            let done = work(transaction)?;
            // Else it would be acknowledged and show, and be lost all the same.
            self.check_file()?;
            Ok(done)
        });
        self.pressing.fetch_sub(1, Ordering::SeqCst);
        done
    }

    /// Runs `work` in one transaction that writes. Work in the background stands back while the
    /// reader's own waits.
    pub(super) fn write<T>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        for _ in 0..200 {
            if self.pressing.load(Ordering::SeqCst) == 0 {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.within(lane, work)
    }

    fn within<T>(
        &self,
        lane: Lane,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let written = || {
            let mut connection = self.hold(lane)?;
            // Immediate: what was read in it cannot have become old when it is written.
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        written().inspect_err(|error| self.remember(error))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.passing
            && let Some(folder) = self.path.parent()
        {
            for lane in &self.lanes {
                lock(lane).take();
            }
            drop(self.in_use.take());
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in a worker rolls its transaction back; the connection is as good as before.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Switches a database to WAL, which waits for nobody: where several programs open a new one at once,
/// all but one are told that it is busy.
fn begin_log(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < PATIENCE =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            done => return done,
        }
    }
}

fn none_is_fine(error: rusqlite::Error) -> rusqlite::Result<()> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other),
    }
}

#[cfg(test)]
mod migration_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_valid() {
        assert_eq!(migrations().validate(), Ok(()));
    }

    /// A database with so many stories in its state.
    pub(super) fn filled(folder: &Path, stories: usize) -> PathBuf {
        let store = Store::open(folder).unwrap();
        store
            .change(|transaction| {
                for number in 0..stories {
                    transaction.execute(
                        "INSERT INTO state (key, read) VALUES (?1, 1)",
                        [format!(
                            "https://example.org/a-rather-long-address/{number:06}"
                        )],
                    )?;
                }
                transaction.execute(
                    "INSERT INTO tag VALUES ('https://example.org/', 'mine')",
                    [],
                )?;
                Ok(())
            })
            .unwrap();
        store.path().to_owned()
    }

    pub(super) fn count(store: &Store, table: &str) -> usize {
        let sql = format!("SELECT count(*) FROM {table}");
        let connection = store.hold(Lane::Lists).unwrap();
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_passing_database_has_what_another_one_held() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 10);
        let store = Store::passing(Some(folder.path())).unwrap();
        assert_eq!(count(&store, "state"), 10);
        let path = store.path().to_owned();
        drop(store);
        assert!(!path.exists());
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store
            .hold(Lane::State)
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        drop(store);
        let error = Store::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains("newer recto"), "{error}");
    }
}
