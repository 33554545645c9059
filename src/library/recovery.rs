//! A database that was begun anew gets back what the reader did: what could be read of the one before;
//! where rows of that are lost, what its journal says of them; and from the copy beside it what is in
//! neither.

use std::{collections::HashMap, path::Path};

use jiff::{Timestamp, ZonedDateTime};
use rusqlite::Transaction;

use super::{
    Imported, Library, LibraryError, feeds, keepsake,
    state::{Field, Writer},
    steplog,
    store::{Lane, Loss, Why, salvage::Salvaged},
};
use crate::story::{clean, grouped};

/// What a step is that nobody did and nobody can undo: it only says when the journal before it was lost.
const BREAK: i64 = 2;

impl Library {
    /// Makes the best of what is left of a lost database, and remarks on it.
    pub(super) fn recover(&mut self, loss: &Loss) {
        let salvaged = &loss.salvaged;
        // What cannot be written now is written nowhere else; whoever works next meets the reason.
        let taken = self.replay(salvaged).unwrap_or(0);
        let folder = self.store.path().parent().map(Path::to_path_buf);
        let folder = folder.unwrap_or_default();
        let copy = self.take_keepsake(&folder, Some(salvaged));
        let bad = copy.as_ref().filter(|it| it.is_bad).map(unreadable);
        let copied = copy.map(|it| (it.written, it.imported));
        let copied = copied.filter(|(_, it)| it.new + it.changed > 0);
        // In the order in which it was done, so what is known of it already is set once more.
        let logged = self.replay_step_log(&folder, 0, salvaged.has_journal());
        let logged = logged.unwrap_or(0);
        if !salvaged.has_journal() && (taken + logged > 0 || copied.is_some()) {
            let _ = self.note_break();
        }
        self.store.end_recovery();
        let now = (self.clock)();
        let remarks = &mut self.store.remarks;
        match words(loss, taken, copied, logged, &now) {
            Some(told) => remarks.push(told),
            None if bad.is_some() => remarks.push("The database is gone.".to_owned()),
            None => {}
        }
        remarks.extend(bad);
    }

    /// Takes from what is kept as text what a database has lost that went back in time, and remarks on it.
    pub(super) fn catch_up(&mut self) {
        let Some(turn) = self.turn_behind() else {
            return;
        };
        let folder = self.store.path().parent().map(Path::to_path_buf);
        let folder = folder.unwrap_or_default();
        let is_newer = |copied| copied > turn;
        let copy = keepsake::turn_of(&folder.join(keepsake::FILE))
            .is_some_and(is_newer)
            .then(|| self.take_keepsake(&folder, None))
            .flatten();
        let logged = self.replay_step_log(&folder, turn, true);
        let mut told =
            "The database has lost its newest changes: it was damaged, its log was lost, or an \
                        older one was put in its place."
                .to_owned();
        if let Some(copy) = &copy {
            let taken = match copy.imported.new + copy.imported.changed {
                0 => "nothing of it is missing in what is left".to_owned(),
                count => format!("what you did with {} was taken from there", stories(count)),
            };
            let of = moment(copy.written, &(self.clock)());
            told += &format!(" The copy of {of} ({}) is newer; {taken}.", keepsake::FILE);
            if let Some(kept) = &copy.kept {
                let kept = clean::line(&kept.to_string_lossy());
                told += &format!(" The copy is kept as {kept}.");
            }
        }
        match logged {
            Some(count) if count > 0 => {
                told += &format!(
                    " Each change is written to {} as well: what you did with {} was taken from there.",
                    steplog::FILE,
                    stories(count)
                );
            }
            _ if copy.is_some() => {}
            Some(_) => told += " They were taken from what is kept beside it.",
            None => told += " They stand nowhere else.",
        }
        self.store.remarks.push(told);
    }

    /// Fills a library that is not kept with what is kept as text in `folder`: its database cannot be had.
    pub(super) fn show_kept(&self, folder: &Path) {
        let knows = |it: &Self| -> Result<bool, LibraryError> {
            let connection = it.store.hold(Lane::Stories)?;
            let sql = "SELECT EXISTS (SELECT 1 FROM state)";
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        };
        if matches!(knows(self), Ok(false)) {
            self.take_keepsake(folder, None);
            self.replay_step_log(folder, 0, true);
        }
    }

    /// Sets what the journal says of rows that could not be read. Gives of how many stories something
    /// is known then.
    fn replay(&self, salvaged: &Salvaged) -> Result<usize, LibraryError> {
        self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            for (key, name, value) in journalled(transaction)? {
                let lost = |table| !salvaged.has_all_of(table, &key);
                let Some(field) = Field::named(&name) else {
                    continue;
                };
                let missing = match &field {
                    Field::Flag(_) => lost("state") && !salvaged.has_read(&key),
                    Field::Tag(_) => lost("tag"),
                    Field::Note(_) => lost("note"),
                    Field::Feed => {
                        let key = key.strip_prefix(feeds::FEED).unwrap_or(&key);
                        !salvaged.has_all_of("feed", key)
                    }
                    // A text that was lost cannot be shown, and files lie where they lie.
                    Field::Full | Field::Files | Field::Folder => false,
                    Field::Query if key.starts_with(super::outlines::OUTLINE) => {
                        let key = key.strip_prefix(super::outlines::OUTLINE).unwrap_or(&key);
                        !salvaged.has_all_of("outline", key)
                    }
                    Field::Query => {
                        let name = key.strip_prefix(super::saved::QUERY).unwrap_or(&key);
                        !salvaged.has_all_of("saved", name)
                    }
                };
                if missing {
                    writer.set(&key, &field, &field.value(&value))?;
                }
            }
            writer.finish()?;
            if !salvaged.is_whole("change") {
                // Nobody knows what these were: to undo them would do nothing, and say otherwise.
                transaction.execute(
                    "DELETE FROM step WHERE NOT EXISTS (SELECT 1 FROM change WHERE step = step.id)",
                    [],
                )?;
            }
            let sql = "SELECT count(*) FROM (SELECT key FROM state UNION SELECT key FROM tag \
                       UNION SELECT key FROM note)";
            let stories = transaction.query_row(sql, [], |row| row.get(0))?;
            Ok((stories, false))
        })
        .map_err(LibraryError::from)
    }

    /// When the library was recovered without its journal, in words; none if it never was: what was done
    /// before cannot be undone.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn recovered(&self) -> Result<Option<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let sql = "SELECT max(at) FROM step WHERE undone = ?1";
        let at: Option<i64> = connection.query_row(sql, [BREAK], |row| row.get(0))?;
        let at = at.and_then(|at| Timestamp::from_millisecond(at).ok());
        Ok(at.map(|at| moment(at, &(self.clock)())))
    }

    /// Remembers that what was done before cannot be undone any more.
    fn note_break(&self) -> Result<(), LibraryError> {
        self.store.change(|transaction| {
            transaction.execute(
                "INSERT INTO step (at, what, undone, collection) VALUES (?1, 'recovered', ?2, ?3)",
                (Timestamp::now().as_millisecond(), BREAK, &self.name),
            )?;
            Ok(())
        })?;
        Ok(())
    }
}

/// What the journal leaves each field of each story at, in the order in which they were set last.
fn journalled(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<(String, String, String)>> {
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut all: Vec<(String, String, String)> = Vec::new();
    let mut changes = transaction.prepare(
        "SELECT key, field, old, new, undone FROM change JOIN step ON step.id = step \
         ORDER BY change.id",
    )?;
    let mut changes = changes.query([])?;
    while let Some(change) = changes.next()? {
        let of = (change.get(0)?, change.get(1)?);
        let undone = change.get::<_, i64>(4)? != 0;
        let value = change.get(if undone { 2 } else { 3 })?;
        match places.get(&of) {
            None => {
                places.insert(of.clone(), all.len());
                all.push((of.0, of.1, value));
            }
            // What stood there before the first of several that were undone, stands there now.
            Some(_) if undone => {}
            Some(at) => all[*at].2 = value,
        }
    }
    Ok(all)
}

fn stories(count: usize) -> String {
    match count {
        1 => "1 story".to_owned(),
        _ => format!("{} stories", grouped(count)),
    }
}

/// What was lost and what was taken over, in words; nothing where nothing was.
fn words(
    loss: &Loss,
    taken: usize,
    copied: Option<(Timestamp, Imported)>,
    logged: usize,
    now: &ZonedDateTime,
) -> Option<String> {
    let copy = copied.map(|(written, it)| {
        let of = moment(written, now);
        (format!("the copy of {of} ({})", keepsake::FILE), it)
    });
    let of_state = match (taken, &copy) {
        (0, None) if logged > 0 => format!(
            "what you did with {} was taken from {}",
            stories(logged),
            steplog::FILE
        ),
        (0, None) if loss.salvaged.is_whole("state") && loss.salvaged.has_journal() => {
            "it knew of nothing that you did with stories".to_owned()
        }
        (0, None) => "nothing of what you had read could be taken over".to_owned(),
        (_, None) => format!("what you did with {} was taken over", stories(taken)),
        (0, Some((copy, it))) => {
            let all = stories(it.new + it.changed);
            format!("what you did with {all} was taken from {copy}")
        }
        (_, Some((copy, it))) => {
            let base = format!("what you did with {} was taken over", stories(taken));
            match (it.new, it.changed) {
                (0, more) => format!("{base}; {copy} added to what is known of {more} of them"),
                (new, 0) => format!("{base}, and with {} more from {copy}", grouped(new)),
                (new, more) => format!(
                    "{base}, and with {} more from {copy}, which also added to what is known of {more} of \
                     the others",
                    grouped(new)
                ),
            }
        }
    };
    let (why, kept) = match &loss.why {
        None if copy.is_none() && logged == 0 => return None,
        None => ("The database is gone", String::new()),
        Some(Why::Empty(aside)) => (
            "The database was empty, without a byte",
            format!(" It is kept as {}.", clean::line(&aside.to_string_lossy())),
        ),
        Some(Why::Gone(aside)) => (
            "The database is gone, and its log is left",
            format!(
                " That is kept as {}-wal.",
                clean::line(&aside.to_string_lossy())
            ),
        ),
        Some(Why::Damaged(aside, error)) => (
            "The database was damaged",
            format!(
                " It is kept as {} ({error}).",
                clean::line(&aside.to_string_lossy())
            ),
        ),
    };
    let since = match logged {
        0 => String::new(),
        _ if taken == 0 && copy.is_none() => String::new(),
        _ => format!(
            " What you did since with {} was taken from {}.",
            stories(logged),
            steplog::FILE
        ),
    };
    Some(format!("{why}; {of_state}.{since}{kept}"))
}

/// That a copy is none, in words.
fn unreadable(copy: &keepsake::Taken) -> String {
    let kept = copy.kept.as_ref().map(|kept| {
        let kept = clean::line(&kept.to_string_lossy());
        format!(" It is kept as {kept}.")
    });
    format!(
        "The copy of what you did, {} beside it, cannot be read: nothing could be taken from it.{}",
        keepsake::FILE,
        kept.unwrap_or_default()
    )
}

/// When something was, as one says it today.
fn moment(at: Timestamp, now: &ZonedDateTime) -> String {
    let at = ZonedDateTime::new(at, now.time_zone().clone());
    let form = if at.year() == now.year() {
        "%-d %b, %H:%M"
    } else {
        "%-d %b %Y, %H:%M"
    };
    at.strftime(form).to_string()
}
