//! The log of a database whose file is gone, empty or no database any more.
//!
//! What was done last stands in the log (`recto.db-wal`, sqlite.org/fileformat2.html, section 4) until it
//! is merged into the file. SQLite removes a log that it finds beside a new database: it is put aside
//! before one is made, and merged into a copy of what the file was.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::damage::ended;

/// How a database begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// How a log begins; the last bit says how its checksums are made, which are not looked at: a page that
/// is not what it was shows itself where it is read.
const LOG_MAGIC: u32 = 0x377f_0682;

/// Bytes before the first frame of a log, and before the page of each.
const HEADER: usize = 32;
const FRAME: usize = 24;

/// Whether a file begins as a database does; so does one that is not there or empty.
pub(in crate::library) fn begins_well(database: &Path) -> bool {
    let mut begins = Vec::new();
    let read = File::open(database).and_then(|it| it.take(16).read_to_end(&mut begins));
    read.is_err() || begins.is_empty() || begins == MAGIC
}

/// The log of a database, where there is one with anything in it.
pub(in crate::library) fn of(database: &Path) -> Option<PathBuf> {
    let log = ended(database, "-wal");
    let has_frames = log.metadata().is_ok_and(|it| it.len() > HEADER as u64);
    has_frames.then_some(log)
}

/// Merges the log beside a database, or beside where one was, into a copy of it. Gives the copy; none
/// where the log has nothing to give.
pub(super) fn merged(database: &Path) -> Option<PathBuf> {
    let log = of(database)?;
    let copy = ended(database, "-merged");
    let merge = || -> io::Result<bool> {
        match fs::copy(database, &copy) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => drop(File::create(&copy)?),
            done => drop(done?),
        }
        merge(&log, &copy)
    };
    if let Ok(true) = merge() {
        return Some(copy);
    }
    let _ = fs::remove_file(&copy);
    None
}

/// Writes the pages of a log into a database, up to the last transaction that is whole. Says whether there
/// was one.
fn merge(log: &Path, database: &Path) -> io::Result<bool> {
    let Some((size, commits, end)) = transactions(log)? else {
        return Ok(false);
    };
    let mut log = BufReader::new(File::open(log)?);
    log.seek(SeekFrom::Start(HEADER as u64))?;
    let mut database = OpenOptions::new().read(true).write(true).open(database)?;
    let mut frame = vec![0; FRAME + size];
    for _ in 0..commits {
        log.read_exact(&mut frame)?;
        let page = u64::from(number(&frame, 0)).saturating_sub(1);
        database.seek(SeekFrom::Start(page * size as u64))?;
        database.write_all(&frame[FRAME..])?;
    }
    database.set_len(u64::from(end) * size as u64)?;
    // Its log is in it: it is no database that has one, so nothing beside it is looked for.
    database.seek(SeekFrom::Start(18))?;
    database.write_all(&[1, 1])?;
    Ok(true)
}

/// The size of a page of a log, how many frames its transactions have that are whole, and how many pages
/// the database has after them.
fn transactions(log: &Path) -> io::Result<Option<(usize, usize, u32)>> {
    let mut log = BufReader::new(File::open(log)?);
    let mut header = [0; HEADER];
    log.read_exact(&mut header)?;
    let size = number(&header, 8) as usize;
    let is_log = number(&header, 0) & !1 == LOG_MAGIC;
    if !is_log || !size.is_power_of_two() || !(512..=65536).contains(&size) {
        return Ok(None);
    }
    let mut whole = None;
    let mut frame = vec![0; FRAME + size];
    for count in 1.. {
        // Frames of an earlier turn of the log have other salts.
        if log.read_exact(&mut frame).is_err() || frame[8..16] != header[16..24] {
            break;
        }
        let (page, pages) = (number(&frame, 0), number(&frame, 4));
        if page == 0 {
            break;
        }
        if pages > 0 {
            whole = Some((size, count, pages));
        }
    }
    Ok(whole)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..at + 4).and_then(|it| it.try_into().ok());
    u32::from_be_bytes(bytes.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            FILE, Store, Why,
            tests::{count, filled},
        },
        *,
    };

    /// A database whose log was never merged, as whoever was killed leaves it.
    fn killed(folder: &Path, merged: bool) -> PathBuf {
        let work = tempfile::tempdir().unwrap();
        let store = Store::open(work.path()).unwrap();
        if merged {
            let connection = store.hold(super::super::Lane::State).unwrap();
            let merge = "PRAGMA wal_checkpoint(TRUNCATE)";
            connection.query_row(merge, [], |_| Ok(())).unwrap();
        }
        store
            .change(|transaction| {
                for number in 0..300 {
                    let key = format!("https://example.org/{number:04}");
                    transaction
                        .execute("INSERT INTO state (key, starred) VALUES (?1, 1)", [key])?;
                }
                Ok(())
            })
            .unwrap();
        for ending in ["", "-wal"] {
            let name = format!("{FILE}{ending}");
            fs::copy(work.path().join(&name), folder.join(&name)).unwrap();
        }
        folder.join(FILE)
    }

    #[test]
    fn a_log_is_merged_as_sqlite_does() {
        let folder = tempfile::tempdir().unwrap();
        let database = killed(folder.path(), true);
        let merged = merged(&database).unwrap();
        let read = |path: &Path| {
            let connection = rusqlite::Connection::open(path).unwrap();
            let check: String = connection
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            let sql = "SELECT count(*) FROM state WHERE starred = 1";
            let stars: u32 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            (check, stars)
        };
        assert_eq!(read(&merged), ("ok".to_owned(), 300));
        assert_eq!(read(&merged), read(&database));
    }

    #[test]
    fn what_stands_in_the_log_alone_is_taken_over() {
        for (what, merged) in [("gone", false), ("empty", false), ("garbage", true)] {
            let folder = tempfile::tempdir().unwrap();
            let path = killed(folder.path(), merged);
            let log = fs::read(ended(&path, "-wal")).unwrap();
            match what {
                "gone" => fs::remove_file(&path).unwrap(),
                "empty" => fs::write(&path, b"").unwrap(),
                _ => {
                    let mut bytes = fs::read(&path).unwrap();
                    bytes[..100].fill(0xaa);
                    fs::write(&path, bytes).unwrap();
                }
            }
            let store = Store::open(folder.path()).unwrap();
            let loss = store.loss.as_ref().unwrap();
            let aside = match loss.why.as_ref().unwrap() {
                Why::Gone(aside) if what == "gone" => aside,
                Why::Empty(aside) if what == "empty" => aside,
                Why::Damaged(aside, _) if what == "garbage" => aside,
                other => panic!("{what}: {other:?}"),
            };
            assert_eq!(fs::read(ended(aside, "-wal")).unwrap(), log, "{what}");
            assert!(!ended(aside, "-merged").exists());
            assert_eq!(count(&store, "state"), 300, "{what}");
            assert!(loss.salvaged.is_whole("state"), "{what}");
            drop(store);
            // Whoever is killed before all of it was recovered leaves it to the next start.
            let store = Store::open(folder.path()).unwrap();
            let loss = store.loss.as_ref().unwrap();
            assert!(loss.salvaged.is_whole("state"), "{what}");
        }
    }

    #[test]
    fn what_is_no_log_is_not_merged() {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path(), 3);
        for garbage in [&[7; 9000][..], &[0; 10], &[]] {
            fs::write(ended(&path, "-wal"), garbage).unwrap();
            assert_eq!(merged(&path), None);
            assert!(!ended(&path, "-merged").exists());
        }
    }
}
