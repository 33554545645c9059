//! The log of a database whose file is gone, empty or no database any more.
//!
//! What was done last stands in the log (`recto.db-wal`, sqlite.org/fileformat2.html, section 4) until it
//! is merged into the file. SQLite removes a log that it finds beside a new database: it is put aside
//! before one is made, and merged into a copy of what the file was.

use std::{
    collections::HashSet,
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

/// Bytes of a page of the databases that recto makes.
const PAGE: u32 = 4096;

/// Bytes before the first frame of a log, and before the page of each.
const HEADER: usize = 32;
const FRAME: usize = 24;

/// Bytes that say what a database is, and what its first page holds.
const OPENING: u64 = 108;

/// Whether a file begins as a database does; so does one that is not there or empty. SQLite would merge its
/// log into one that does not, and lose it.
pub(in crate::library) fn begins_well(database: &Path) -> bool {
    let mut begins = Vec::new();
    let read = File::open(database).and_then(|it| it.take(OPENING).read_to_end(&mut begins));
    read.is_err() || begins.is_empty() || is_opening(&begins)
}

/// Whether bytes are the header of a database and of its first page (sqlite.org/fileformat2.html, sections 1.3
/// and 1.6), as far as these can be only one thing.
fn is_opening(bytes: &[u8]) -> bool {
    if bytes.len() < OPENING as usize || !bytes.starts_with(MAGIC) {
        return false;
    }
    let short = |at: usize| u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    let size = match short(16) {
        1 => 65_536,
        size => size,
    };
    let free = short(101);
    size.is_power_of_two()
        && size >= 512
        && bytes[18..20].iter().all(|it| (1..=2).contains(it))
        && bytes[21..24] == [64, 32, 32]
        && number(bytes, 44) <= 4
        && number(bytes, 56) <= 3
        && bytes[72..92].iter().all(|it| *it == 0)
        && matches!(bytes[100], 5 | 13)
        && (free == 0 || (108..size).contains(&free))
        && short(103) <= size / 6
        && bytes[107] <= 60
}

/// The log of a database, where there is one with anything in it.
pub(in crate::library) fn of(database: &Path) -> Option<PathBuf> {
    let log = ended(database, "-wal");
    let has_frames = log.metadata().is_ok_and(|it| it.len() > HEADER as u64);
    has_frames.then_some(log)
}

/// What could be put together of a database that is gone, empty or garbage.
pub(super) struct Merged {
    /// The database.
    pub path: PathBuf,
    /// The pages of it that are certain; none where all of them are, as far as can be told.
    pub certain: Option<HashSet<u32>>,
}

impl Drop for Merged {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Merges the log beside a database, or beside where one was, into a copy of it. What is missing of its
/// first page, or of all of it, comes from a `fresh` one: tables are made in one order, and lie in the same
/// places. Nothing where there is nothing to be had.
pub(super) fn merged(database: &Path, fresh: &Path) -> Option<Merged> {
    let log = of(database);
    let has_pages = database.metadata().is_ok_and(|it| it.len() > 0);
    if log.is_none() && !has_pages {
        return None;
    }
    let mut merged = Merged {
        path: ended(database, "-merged"),
        certain: None,
    };
    let merge = || -> io::Result<HashSet<u32>> {
        if has_pages {
            fs::copy(database, &merged.path)?;
            let mut first = Vec::new();
            let page = u64::from(PAGE);
            File::open(fresh)?.take(page).read_to_end(&mut first)?;
            let mut copy = OpenOptions::new().write(true).open(&merged.path)?;
            copy.write_all(&first)?;
        } else {
            fs::copy(fresh, &merged.path)?;
        }
        match &log {
            Some(log) => merge(log, &merged.path),
            None => Ok(HashSet::new()),
        }
    };
    let certain = merge().ok()?;
    settle(&merged.path).ok()?;
    merged.certain = (!has_pages).then_some(certain);
    Some(merged)
}

/// Writes the pages of a log into a database, up to the last transaction that is whole. Gives their
/// numbers.
fn merge(log: &Path, database: &Path) -> io::Result<HashSet<u32>> {
    let mut pages = HashSet::new();
    let Some((size, frames, end)) = transactions(log)? else {
        return Ok(pages);
    };
    let mut log = BufReader::new(File::open(log)?);
    log.seek(SeekFrom::Start(HEADER as u64))?;
    let mut database = OpenOptions::new().write(true).open(database)?;
    let mut frame = vec![0; FRAME + size];
    for _ in 0..frames {
        log.read_exact(&mut frame)?;
        let page = number(&frame, 0);
        pages.insert(page);
        let before = u64::from(page.saturating_sub(1));
        database.seek(SeekFrom::Start(before * size as u64))?;
        database.write_all(&frame[FRAME..])?;
    }
    database.set_len(u64::from(end) * size as u64)?;
    Ok(pages)
}

/// Has a database be all there is: it has no log, and as many pages as its file.
fn settle(database: &Path) -> io::Result<()> {
    let mut database = OpenOptions::new().write(true).open(database)?;
    for (at, bytes) in [(18, &[1, 1][..]), (28, &[0; 4])] {
        database.seek(SeekFrom::Start(at))?;
        database.write_all(bytes)?;
    }
    Ok(())
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
        let store = Store::passing(None).unwrap();
        let merged = merged(&database, store.path()).unwrap();
        let read = |path: &Path| {
            let connection = rusqlite::Connection::open(path).unwrap();
            let check: String = connection
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            let sql = "SELECT count(*) FROM state WHERE starred = 1";
            let stars: u32 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
            (check, stars)
        };
        assert_eq!(read(&merged.path), ("ok".to_owned(), 300));
        assert_eq!(read(&merged.path), read(&database));
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
    fn a_header_that_cannot_be_one_costs_nothing_that_the_log_holds() {
        for at in [16, 20, 44, 56, 80, 100, 103] {
            let folder = tempfile::tempdir().unwrap();
            let path = killed(folder.path(), true);
            let mut bytes = fs::read(&path).unwrap();
            assert!(is_opening(&bytes));
            bytes[at..at + 8].copy_from_slice(b"garbage!");
            fs::write(&path, bytes).unwrap();
            let store = Store::open(folder.path()).unwrap();
            assert_eq!(count(&store, "state"), 300, "at {at}");
            assert!(store.loss.is_some(), "at {at}");
        }
    }

    #[test]
    fn what_is_no_log_is_not_merged() {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path(), 3);
        let gone = folder.path().join("gone.db");
        for garbage in [&[7; 9000][..], &[0; 10], &[]] {
            fs::write(ended(&gone, "-wal"), garbage).unwrap();
            let merged = merged(&gone, &path);
            assert!(merged.is_none_or(|it| it.certain == Some(HashSet::new())));
            assert!(!ended(&gone, "-merged").exists());
        }
    }

    /// Of a log that has only what was changed since it was merged last, without the first page.
    #[test]
    fn a_log_without_the_first_page_gives_what_it_has() {
        for what in ["gone", "empty", "garbage", "garbage without a log"] {
            let folder = tempfile::tempdir().unwrap();
            let work = tempfile::tempdir().unwrap();
            let store = Store::open(work.path()).unwrap();
            store.put_off_indexes(0).unwrap();
            store.build_indexes().unwrap();
            let tag = |name: &str| {
                let put = |transaction: &rusqlite::Transaction<'_>| {
                    transaction.execute("INSERT INTO tag VALUES ('k', ?1)", [name])?;
                    Ok(())
                };
                store.change(put).unwrap();
            };
            let star = |key: &str| {
                let put = |transaction: &rusqlite::Transaction<'_>| {
                    let sql = "INSERT INTO state (key, starred) VALUES (?1, 1)";
                    transaction.execute(sql, [key])?;
                    Ok(())
                };
                store.change(put).unwrap();
            };
            tag("merged");
            star("merged");
            let connection = store.hold(super::super::Lane::State).unwrap();
            let merge = "PRAGMA wal_checkpoint(TRUNCATE)";
            connection.query_row(merge, [], |_| Ok(())).unwrap();
            drop(connection);
            star("in the log");
            for ending in ["", "-wal"] {
                let name = format!("{FILE}{ending}");
                fs::copy(work.path().join(&name), folder.path().join(&name)).unwrap();
            }
            let path = folder.path().join(FILE);
            match what {
                "gone" => fs::remove_file(&path).unwrap(),
                "empty" => fs::write(&path, b"").unwrap(),
                _ => {
                    let mut bytes = fs::read(&path).unwrap();
                    bytes[..4096].fill(0xaa);
                    fs::write(&path, bytes).unwrap();
                }
            }
            let has_log = what != "garbage without a log";
            if !has_log {
                fs::remove_file(ended(&path, "-wal")).unwrap();
            }
            let store = Store::open(folder.path()).unwrap();
            let salvaged = &store.loss.as_ref().unwrap().salvaged;
            assert!(salvaged.is_whole("state"), "{what}");
            assert_eq!(count(&store, "state"), 1 + usize::from(has_log), "{what}");
            // What the log does not have may have been anything.
            let has_file = what.starts_with("garbage");
            assert_eq!(salvaged.is_whole("tag"), has_file, "{what}");
            assert_eq!(count(&store, "tag"), usize::from(has_file), "{what}");
        }
    }
}
