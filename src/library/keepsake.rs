//! A copy of what the reader did, as text beside the database: where that is damaged beyond reading, the
//! next start takes from the copy what is not in what could be read.
//!
//! It is an export as [`Record`] has it, so people and other programs can read it, too.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use jiff::Timestamp;

use super::{
    Imported, Library, LibraryError, Record, SavedQuery, WrittenFeed, WrittenOutline, others,
    steplog,
    store::{self, Lane, salvage::Salvaged},
};

/// When the reader did something last, in milliseconds since 1970.
const LAST: &str = "SELECT max(coalesce((SELECT max(at) FROM step), 0), \
     coalesce((SELECT max(max(placed), max(opened)) FROM state), 0))";

/// Stories of which something is known that are written at the end of a program: it takes no time then
/// that anybody would notice.
const SOON: i64 = 10_000;

/// Milliseconds by which the time of a file may lie before that of the clock.
const COARSE: i64 = 20;

/// How long nobody is at work on a copy without writing to it.
const WRITING: Duration = Duration::from_secs(60);

/// What it is called, beside the database.
pub(super) const FILE: &str = "state.jsonl";

impl Library {
    fn keepsake(&self) -> Option<PathBuf> {
        self.database()
            .map(|database| database.with_file_name(FILE))
    }

    /// Writes the copy if anything was done since it was written, whole or not at all. Where it cannot
    /// be written the old one stays.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn write_keepsake(&self) -> Result<(), LibraryError> {
        let Some(path) = self.keepsake() else {
            return Ok(());
        };
        remove_halves(&path);
        store::sweep();
        let written = path.metadata().and_then(|it| it.modified()).ok();
        let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        // Before that of the database: another program may write both meanwhile.
        let copied = turn_of(&path);
        let connection = self.store.hold(Lane::Background)?;
        let last: i64 = connection.query_row(LAST, [], |row| row.get(0))?;
        let turn = others::state_turn(&connection)?;
        drop(connection);
        // What the database has lost is still in the copy; the next start takes it from there.
        if copied.is_some_and(|copied| copied > turn) {
            return Ok(());
        }
        // To undo leaves no date, but it takes a turn.
        let is_new = written.is_some_and(|at| at.as_millis() as i64 + COARSE > last);
        if is_new && copied == Some(turn) {
            self.cut_step_log(turn);
            return Ok(());
        }
        let mut lines = self.export()?;
        // Nothing but a heading is never worth more than what was kept once.
        let opening: Vec<String> = lines.by_ref().take(2).collect();
        if opening.len() < 2 {
            return Ok(());
        }
        let half = path.with_extension(format!("jsonl.{}", std::process::id()));
        let write = || -> io::Result<()> {
            let mut file = BufWriter::new(File::create(&half)?);
            writeln!(file, "{}", Record::heading_at(Some(turn)))?;
            for line in opening.into_iter().skip(1).chain(lines) {
                writeln!(file, "{line}")?;
            }
            file.into_inner()?.sync_all()?;
            fs::rename(&half, &path)
        };
        match write() {
            Ok(()) => self.cut_step_log(turn),
            // Nobody asked for it, and nothing is lost by it: what it would have stands in the log of steps.
            Err(_) => drop(fs::remove_file(&half)),
        }
        Ok(())
    }

    /// Writes the copy when the program ends, if it is the first of all, or soon done: what was done in the
    /// very first session is in no other.
    ///
    /// # Errors
    /// As [`Library::write_keepsake`].
    pub fn end_keepsake(&self) -> Result<(), LibraryError> {
        let Some(path) = self.keepsake() else {
            return Ok(());
        };
        let long = path.with_file_name(steplog::FILE).metadata();
        let is_long = long.is_ok_and(|it| it.len() > steplog::LONG);
        if path.exists() && !is_long {
            let connection = self.store.hold(Lane::Background)?;
            let known: i64 =
                connection.query_row("SELECT count(*) FROM state", [], |row| row.get(0))?;
            if known > SOON {
                remove_halves(&path);
                return Ok(());
            }
        }
        self.write_keepsake()
    }

    /// The turn of the database, if the copy or the log of steps has a later one: then it has lost its
    /// newest changes, as SQLite passes over all of a log from where it is damaged on, or an older one
    /// was put in its place.
    pub(super) fn turn_behind(&self) -> Option<i64> {
        // In this order: whoever writes beside it has written to the database before.
        let beside = steplog::turn_beside(self.database()?)?;
        let connection = self.store.hold(Lane::Lists).ok()?;
        let turn = others::state_turn(&connection).ok()?;
        (beside > turn).then_some(turn)
    }

    /// Merges the copy in `folder` into a database that was begun anew with what could be read of the one
    /// before; without `salvaged`, into one that went back in time. Gives when it was written, and what it
    /// came to; none where there is none.
    pub(super) fn take_keepsake(
        &self,
        folder: &Path,
        salvaged: Option<&Salvaged>,
    ) -> Option<Taken> {
        let path = folder.join(FILE);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            opened => opened,
        };
        let mut taken = Taken::default();
        if !self.store.is_passing() {
            // The copy will be written anew; this one stays, whatever is made of it now.
            let stamp = Timestamp::now().strftime("%Y-%m-%d-%H%M%S");
            let kept = path.with_file_name(format!("state-{stamp}.jsonl"));
            taken.kept = fs::copy(&path, &kept).is_ok().then_some(kept);
        }
        let Ok(file) = file else {
            taken.is_bad = true;
            return Some(taken);
        };
        let turn = turn_of(&path);
        let written = file.metadata().and_then(|it| it.modified()).ok();
        let written = written.and_then(|at| Timestamp::try_from(at).ok());
        taken.written = written.unwrap_or_default();
        let (mut records, mut queries) = (Vec::new(), Vec::new());
        let (mut feeds, mut outlines) = (Vec::new(), Vec::new());
        // A line that is no record is passed over: better the rest than nothing.
        for line in BufReader::new(file).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if let Some(query) = SavedQuery::of_line(&line) {
                queries.push(query);
            } else if let Some(feed) = WrittenFeed::of_line(&line) {
                feeds.push(feed);
            } else if let Some(outline) = WrittenOutline::of_line(&line) {
                outlines.push(outline);
            } else {
                records.extend(Record::of_line(&line));
            }
        }
        taken.is_bad = records.is_empty() && queries.is_empty() && feeds.is_empty();
        let imported = match salvaged {
            Some(salvaged) => self.import_missing(&records, salvaged),
            None => self.import_lost(&records),
        };
        taken.imported = imported.ok()?;
        let lacks = |table| salvaged.is_none_or(|it| !it.is_whole(table));
        if lacks("saved") {
            // What was done with stories counts without them.
            let _ = self.import_queries(&queries);
        }
        let feeds = if lacks("feed") { &feeds[..] } else { &[] };
        let outlines = if lacks("outline") { &outlines[..] } else { &[] };
        let _ = self.import_feeds(feeds, outlines);
        if let Some(turn) = turn {
            // Else this database would seem to have gone back in time.
            let _ = self.pass_turn(turn);
        }
        Some(taken)
    }
}

/// A copy that was merged into the database.
#[derive(Default)]
pub(super) struct Taken {
    /// When it was written.
    pub written: Timestamp,
    /// What it came to.
    pub imported: Imported,
    /// What it is kept as, if it could be.
    pub kept: Option<PathBuf>,
    /// Whether nothing in it could be read.
    pub is_bad: bool,
}

/// Removes what programs left that were killed while they wrote the copy, or cut the log of steps.
fn remove_halves(path: &Path) {
    let entries = path.parent().and_then(|it| it.read_dir().ok());
    for entry in entries.into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        let number = name
            .strip_prefix(FILE)
            .or_else(|| name.strip_prefix(steplog::FILE));
        let number = number.and_then(|it| it.strip_prefix('.')?.parse::<u32>().ok());
        let modified = entry.metadata().and_then(|it| it.modified()).ok();
        let is_old = modified.and_then(|it| it.elapsed().ok()) > Some(WRITING);
        if number.is_some() && is_old {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The turn after which a copy was made, as its first line says; none where it does not.
pub(super) fn turn_of(path: &Path) -> Option<i64> {
    let first = BufReader::new(File::open(path).ok()?).lines().next()?;
    Record::turn_of(&first.ok()?)
}
