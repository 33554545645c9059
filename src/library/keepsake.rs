//! A copy of what the reader did, as text beside the database: where that is damaged beyond reading, the
//! next start takes from the copy what is not in what could be read.
//!
//! It is an export as [`Record`] has it, so people and other programs can read it, too.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use jiff::Timestamp;

use super::{
    Imported, Library, LibraryError, Record, SavedQuery, WrittenFeed, others,
    store::{Lane, salvage::Salvaged},
};

/// When the reader did something last, in milliseconds since 1970.
const LAST: &str = "SELECT max(coalesce((SELECT max(at) FROM step), 0), \
     coalesce((SELECT max(max(placed), max(opened)) FROM state), 0))";

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
        let written = path.metadata().and_then(|it| it.modified()).ok();
        let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let connection = self.store.hold(Lane::Background)?;
        let last: i64 = connection.query_row(LAST, [], |row| row.get(0))?;
        let turn = others::state_turn(&connection)?;
        drop(connection);
        // To undo leaves no date, but it takes a turn.
        let is_new = written.is_some_and(|at| at.as_millis() as i64 > last);
        if is_new && heading_of(&path).and_then(|it| Record::turn_of(&it)) == Some(turn) {
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
        if write().is_err() {
            // Nobody asked for it, and nothing is lost by it: doctor says where it lies and how old it is.
            let _ = fs::remove_file(&half);
        }
        Ok(())
    }

    /// Merges the copy into a database that was begun anew with what could be read of the one before.
    /// Gives when it was written, and what it came to; none where nothing was missing.
    pub(super) fn take_keepsake(&self, salvaged: &Salvaged) -> Option<(Timestamp, Imported)> {
        let path = self.keepsake()?;
        let file = File::open(&path).ok()?;
        let written = file.metadata().and_then(|it| it.modified()).ok();
        // The copy will be written anew; this one stays, whatever is made of it now.
        let stamp = Timestamp::now().strftime("%Y-%m-%d-%H%M%S");
        let _ = fs::copy(&path, path.with_file_name(format!("state-{stamp}.jsonl")));
        let (mut records, mut queries, mut feeds) = (Vec::new(), Vec::new(), Vec::new());
        // A line that is no record is passed over: better the rest than nothing.
        for line in BufReader::new(file).lines().map_while(Result::ok) {
            if let Some(query) = SavedQuery::of_line(&line) {
                queries.push(query);
            } else if let Some(feed) = WrittenFeed::of_line(&line) {
                feeds.push(feed);
            } else {
                records.extend(Record::of_line(&line));
            }
        }
        let imported = self.import_missing(&records, salvaged).ok()?;
        if !salvaged.is_whole("saved") {
            // What was done with stories counts without them.
            let _ = self.import_queries(&queries);
        }
        if !salvaged.is_whole("feed") {
            let _ = self.import_feeds(&feeds);
        }
        let written = written.and_then(|at| Timestamp::try_from(at).ok());
        let took = imported.new + imported.changed > 0;
        took.then(|| (written.unwrap_or_default(), imported))
    }
}

/// The first line of a copy.
fn heading_of(path: &Path) -> Option<String> {
    BufReader::new(File::open(path).ok()?).lines().next()?.ok()
}
