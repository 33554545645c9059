//! Looking a database over without changing it: for `recto doctor`. Damage that is found is remembered
//! beside it, for the next start.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{feeds, intake, keepsake, others, steplog, store};
use crate::story::{clean, link};

/// Complaints of a check that are told: further ones say nothing new.
const COMPLAINTS: usize = 10;

/// The version of a database from which on it knows feeds.
const FEEDS: usize = 9;

/// The same of what the settings call them.
const CALLED: usize = 18;

/// The same of how often anything was done.
const TURNS: usize = 3;

/// What was found out about a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examined {
    /// Its file.
    pub path: PathBuf,
    /// Bytes that it has with what is not yet merged into it; none if it is not there.
    pub size: Option<u64>,
    /// The version of its tables; none if it cannot be read.
    pub version: Option<usize>,
    /// The version that this recto writes.
    pub newest: usize,
    /// What is wrong with it, in words.
    pub complaints: Vec<String>,
    /// How many there are of what it holds, with names.
    pub counts: Vec<(&'static str, u64)>,
    /// Whether damage was met at work, and not yet mended.
    pub met_damage: bool,
    /// The file by which the next start knows of damage: one that is found here is written there.
    pub mark: PathBuf,
    /// Whether that file could be written.
    pub marked: bool,
    /// Why it cannot be looked into, where that tells nothing of damage.
    pub closed: Option<String>,
    /// Why nothing can be written to it.
    pub unwritable: Option<String>,
    /// What is left of it beside where it should be, where it is gone or has not a byte.
    pub left: Option<PathBuf>,
    /// Whether the copy of what was done is newer: the database has lost its newest changes.
    pub behind: bool,
    /// Why stories of the library cannot be read, as the last look at it found; with how many there are
    /// of each reason, and whether it may pass.
    pub unreadable: Vec<(String, u64, bool)>,
    /// Feeds that could not be had when they were asked last: their names, and why.
    pub failing: Vec<(String, String)>,
    /// Databases beside it: copies from before an update, and damaged ones.
    pub beside: Vec<(PathBuf, u64)>,
}

/// Examines the database in `folder`, and what it says of `library`; `full`: down to every entry of every index.
pub fn examine(folder: &Path, library: Option<&Path>, full: bool) -> Examined {
    let path = folder.join(store::FILE);
    let mut examined = Examined {
        newest: store::newest(),
        beside: beside(folder),
        met_damage: store::damage::is_remembered(folder),
        mark: store::damage::mark_of(&path),
        ..Examined::default()
    };
    let size = |path: &Path| path.metadata().map(|meta| meta.len());
    let log = store::log::of(&path);
    if let Ok(bytes) = size(&path) {
        let more = log.as_deref().and_then(|log| size(log).ok());
        examined.size = Some(bytes + more.unwrap_or(0));
    }
    if matches!(examined.size, None | Some(0)) || size(&path).is_ok_and(|it| it == 0) {
        // Not opened: SQLite removes the log of a database without a byte.
        let copy = path.with_file_name(keepsake::FILE);
        let left = log.or_else(|| copy.exists().then_some(copy));
        let left = left.or_else(|| steplog::beside(&path));
        examined.left = left;
    } else {
        let mut looked = look_into(&path, library, full, &mut examined);
        if looked
            .as_ref()
            .is_err_and(|it| !store::damage::is_damage(it))
        {
            // Beside one that may only be read SQLite cannot make what it reads the log by.
            looked = look_into_copy(folder, library, full, &mut examined).unwrap_or(looked);
        }
        match looked {
            Ok(()) => {}
            Err(error) if store::damage::is_damage(&error) => {
                examined.complaints.push(clean::line(&error.to_string()));
            }
            Err(error) => examined.closed = Some(clean::line(&error.to_string())),
        }
        if !examined.complaints.is_empty() {
            examined.marked = store::damage::remember(folder, &store::damage::damaged());
        } else if examined.closed.is_none() {
            let refused = try_to_write(&path).err();
            examined.unwritable = refused.map(|it| clean::line(&it.to_string()));
        }
    }
    examined.path = path;
    examined
}

/// Whether any page of a database is damaged.
pub(super) fn has_damage(path: &Path) -> rusqlite::Result<bool> {
    let first = connect(path)?.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    first.map(|it: String| it != "ok")
}

/// Whether there is a database in `data`.
pub fn has_database(data: &Path) -> bool {
    data.join(store::FILE).is_file()
}

/// Whether the database in `data` knows stories of a folder: then the folder may be away for a while.
pub fn knows(data: &Path, folder: &Path) -> bool {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let known = connect(&data.join(store::FILE)).and_then(|database| {
        let sql = "SELECT EXISTS (SELECT 1 FROM collection WHERE name = ?1 AND root <> x'')";
        database.query_row(sql, [folder.to_string_lossy()], |row| row.get(0))
    });
    known.unwrap_or(false)
}

/// What is read besides a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Besides {
    /// Whether anything is subscribed to.
    pub feeds: bool,
    /// Whether the examples show still: they make room when the program is started next.
    pub examples: bool,
}

/// What the database in `data` says is read besides the library `folder`; nothing where it cannot be asked.
pub fn besides(data: &Path, folder: Option<&Path>) -> Besides {
    let name = folder.map(|it| std::path::absolute(it).unwrap_or_else(|_| it.to_owned()));
    let name = name.map(|it| it.to_string_lossy().into_owned());
    let found = connect(&data.join(store::FILE)).and_then(|database| {
        let feeds = "SELECT EXISTS (SELECT 1 FROM feed WHERE ended = 0)";
        Ok(Besides {
            feeds: database.query_row(feeds, [], |row| row.get(0))?,
            examples: super::bundled::are_listed(&database, name.as_deref())?,
        })
    });
    found.unwrap_or_default()
}

/// Opens a database to read it. Its log stays as it is: SQLite removes one that it finds beside what is
/// no database, and merges it when it closes one.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    if !store::log::begins_well(path) || path.metadata().is_ok_and(|it| it.len() == 0) {
        return Err(store::damage::no_database());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(store::PATIENCE)?;
    Ok(connection)
}

/// Looks into a copy of the database in `folder`; none where there is no room for one.
fn look_into_copy(
    folder: &Path,
    library: Option<&Path>,
    full: bool,
    examined: &mut Examined,
) -> Option<rusqlite::Result<()>> {
    let copy = std::env::temp_dir().join(format!("recto-look-{}", std::process::id()));
    let copied = store::copy_database(folder, &copy);
    let looked = copied
        .is_ok()
        .then(|| look_into(&copy.join(store::FILE), library, full, examined));
    let _ = fs::remove_dir_all(&copy);
    looked
}

/// Asks for the turn to write, and writes nothing.
fn try_to_write(path: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(store::PATIENCE)?;
    // A file that may only be read is opened all the same, and a transaction can begin on it.
    if connection.is_readonly("main")? {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY);
        let told = "it is read-only".to_owned();
        return Err(rusqlite::Error::SqliteFailure(code, Some(told)));
    }
    connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")
}

fn look_into(
    path: &Path,
    library: Option<&Path>,
    full: bool,
    examined: &mut Examined,
) -> rusqlite::Result<()> {
    // Before the database is looked at: whoever writes the copy has written there before.
    let copied = steplog::turn_beside(path);
    let connection = connect(path)?;
    let version: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    examined.version = Some(version);
    let check = if full {
        format!("PRAGMA integrity_check({COMPLAINTS})")
    } else {
        format!("PRAGMA quick_check({COMPLAINTS})")
    };
    let mut statement = connection.prepare(&check)?;
    for line in statement.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            examined.complaints.push(clean::line(&line));
        }
    }
    if version == 0 || version > examined.newest {
        return Ok(());
    }
    if version >= TURNS {
        let turn = others::state_turn(&connection)?;
        examined.behind = copied.is_some_and(|copied| copied > turn);
    }
    for (name, sql) in [
        ("collections", "SELECT count(*) FROM collection"),
        ("stories", "SELECT count(*) FROM story"),
        ("indexed", "SELECT count(*) FROM story WHERE indexed = 1"),
        // Entries of feeds are files in name only.
        ("files", "SELECT count(*) FROM file WHERE path < x'FF00'"),
        ("state", "SELECT count(*) FROM state"),
        ("notes", "SELECT count(*) FROM note"),
        ("steps", "SELECT count(*) FROM step"),
    ] {
        let count = connection.query_row(sql, [], |row| row.get(0))?;
        examined.counts.push((name, count));
    }
    if version >= FEEDS {
        for (name, sql) in [
            ("feeds", "SELECT count(*) FROM feed WHERE ended = 0"),
            ("entries", "SELECT count(*) FROM entry"),
        ] {
            let count = connection.query_row(sql, [], |row| row.get(0))?;
            examined.counts.push((name, count));
        }
        let name = match version >= CALLED {
            true => feeds::NAME,
            false => "name",
        };
        let mut failing = connection.prepare(&format!(
            "SELECT coalesce(nullif({name}, ''), nullif(title, ''), url), trouble FROM feed \
             WHERE ended = 0 AND trouble IS NOT NULL ORDER BY since"
        ))?;
        let rows = failing.query_map([], |row| {
            let name: String = row.get(0)?;
            Ok((link::shown(&name).into_owned(), row.get(1)?))
        })?;
        examined.failing = rows.collect::<rusqlite::Result<_>>()?;
    }
    if let Some(library) = library {
        examined.unreadable = unreadable(&connection, library)?;
    }
    Ok(())
}

/// Why stories of a library cannot be read.
fn unreadable(
    connection: &Connection,
    library: &Path,
) -> rusqlite::Result<Vec<(String, u64, bool)>> {
    let library = std::path::absolute(library).unwrap_or_else(|_| library.to_owned());
    let mut reasons = connection.prepare(
        "SELECT trouble, count(*), EXISTS (SELECT 1 FROM file WHERE file.story = story.id \
         AND stamp = ?2) AS passes FROM story JOIN collection ON collection.id = collection \
         WHERE name = ?1 AND trouble IS NOT NULL GROUP BY trouble, passes ORDER BY 2 DESC, 1",
    )?;
    reasons
        .query_map((library.to_string_lossy(), intake::LOST), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect()
}

fn beside(folder: &Path) -> Vec<(PathBuf, u64)> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut beside: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let copy = name.starts_with("recto.v") && name.ends_with(".db");
            let bad = name.contains(".bad-") && !name.ends_with("-wal") && !name.ends_with("-shm");
            name.starts_with("recto.") && (copy || bad)
        })
        .filter_map(|entry| Some((entry.path(), fs::metadata(entry.path()).ok()?.len())))
        .collect();
    beside.sort();
    beside
}
