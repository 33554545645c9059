//! What the reader did since the copy of it was written (`keepsake.rs`), a line a step, beside the database:
//! `state.log.jsonl`. A line is on the disk before the step is acknowledged, so all that was acknowledged is
//! in two files: a database that lost its own log, or the end of it, is brought up from here.
//!
//! The database itself notes what is to be written, by triggers of the one connection that writes what the
//! reader does: nobody who changes state can forget to.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::{
    Library, LibraryError,
    feeds::subscribed,
    keepsake, others,
    outlines::OUTLINE,
    saved::{QUERY, kept_under},
    state::{FILES, FORGET_UNDONE, Field, Writer, show_place},
    store::{Lane, lies_at},
};
use crate::story::Subscription;

/// What it is called, beside the database.
pub(super) const FILE: &str = "state.log.jsonl";

/// Bytes from which on it is worth writing the copy anew, however much is known.
pub(super) const LONG: u64 = 1 << 20;

/// Changes of a step that stand in one line at most.
const CHANGES: usize = 10_000;

/// Bytes at the end that are looked at for the last turn.
const TAIL: u64 = 4096;

/// What notes changes of state until they are written. It takes part in transactions as all tables do: what
/// was rolled back was never noted. One thing may be noted several times: within a trigger SQLite has the
/// statement that fired it say what is done about rows that are there, whatever the trigger says.
pub(super) const NOTE: &str = "
    CREATE TEMP TABLE noted (kind TEXT NOT NULL, what ANY NOT NULL) STRICT;
    CREATE TEMP TRIGGER noted_step AFTER INSERT ON main.step
        BEGIN INSERT INTO noted VALUES ('step', NEW.id); END;
    CREATE TEMP TRIGGER noted_undo AFTER UPDATE OF undone ON main.step
        BEGIN INSERT INTO noted VALUES ('step', NEW.id); END;
    CREATE TEMP TRIGGER noted_first_place AFTER INSERT ON main.state WHEN NEW.placed > 0 OR NEW.opened > 0
        BEGIN INSERT INTO noted VALUES ('place', NEW.key); END;
    CREATE TEMP TRIGGER noted_place AFTER UPDATE OF placed, opened ON main.state
            WHEN NEW.placed <> OLD.placed OR NEW.opened <> OLD.opened
        BEGIN INSERT INTO noted VALUES ('place', NEW.key); END;
    CREATE TEMP TRIGGER noted_mark AFTER INSERT ON main.mark
        BEGIN INSERT INTO noted VALUES ('mark', NEW.letter); END;
    CREATE TEMP TRIGGER noted_other_mark AFTER UPDATE ON main.mark
        BEGIN INSERT INTO noted VALUES ('mark', NEW.letter); END;
    CREATE TEMP TRIGGER noted_query AFTER INSERT ON main.saved
        BEGIN INSERT INTO noted VALUES ('query', NEW.name); END;
    CREATE TEMP TRIGGER noted_other_query AFTER UPDATE OF query ON main.saved
        BEGIN INSERT INTO noted VALUES ('query', NEW.name); END;
    CREATE TEMP TRIGGER noted_no_query AFTER DELETE ON main.saved
        BEGIN INSERT INTO noted VALUES ('query', OLD.name); END;
    CREATE TEMP TRIGGER noted_outline AFTER INSERT ON main.outline
        BEGIN INSERT INTO noted VALUES ('outline', NEW.key); END;
    CREATE TEMP TRIGGER noted_other_outline AFTER UPDATE OF content ON main.outline
        BEGIN INSERT INTO noted VALUES ('outline', NEW.key); END;
    CREATE TEMP TRIGGER noted_no_outline AFTER DELETE ON main.outline
        BEGIN INSERT INTO noted VALUES ('outline', OLD.key); END;
    CREATE TEMP TRIGGER noted_feed AFTER INSERT ON main.feed
        BEGIN INSERT INTO noted VALUES ('feed', NEW.key); END;
    CREATE TEMP TRIGGER noted_other_feed AFTER UPDATE OF url, name, folder, attributes, ended ON main.feed
        BEGIN INSERT INTO noted VALUES ('feed', NEW.key); END;
";

/// A line: something that was done, after so many turns.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    done: Act,
    /// The last of a line, so that the end of the file tells it.
    turn: i64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Step {
        id: i64,
        at: i64,
        what: String,
        undone: bool,
        collection: Option<String>,
        /// Key, field, what it was, what it became, as the journal has them.
        changes: Vec<(String, String, String, String)>,
    },
    Place {
        key: String,
        block: i64,
        offset: i64,
        seen: f64,
        placed: i64,
        /// None in lines of before this was kept: it was opened when it was left, then.
        opened: Option<i64>,
        print: i64,
    },
    Mark {
        letter: String,
        key: String,
        block: i64,
        offset: i64,
    },
    /// None where its name was forgotten.
    Query { name: String, query: Option<String> },
    /// A part of a list of feeds; none where it was forgotten.
    Outline {
        key: String,
        content: Option<String>,
    },
    /// None where it is no longer subscribed to.
    Feed {
        key: String,
        subscription: Option<Subscription>,
    },
}

/// What was taken from the file.
#[derive(Debug, Default)]
struct Replayed {
    /// The keys of stories of which something else is known by it.
    stories: BTreeSet<String>,
    /// Steps that were made once more, and by lines of which turn.
    made: HashMap<i64, i64>,
}

impl Library {
    fn step_log(&self) -> Option<PathBuf> {
        self.database()
            .map(|database| database.with_file_name(FILE))
    }

    /// Writes what was noted. Where it cannot be written it is in the database all the same.
    pub(super) fn write_step_log(&self) {
        let _ = self.try_write_step_log();
    }

    fn try_write_step_log(&self) -> Result<(), LibraryError> {
        let connection = self.store.hold(Lane::State)?;
        let noted: Vec<(String, rusqlite::types::Value)> = connection
            .prepare_cached(
                "SELECT kind, what FROM temp.noted GROUP BY kind, what ORDER BY min(rowid)",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        if noted.is_empty() {
            return Ok(());
        }
        connection
            .prepare_cached("DELETE FROM temp.noted")?
            .execute([])?;
        let Some(path) = self.step_log() else {
            return Ok(());
        };
        let turn = others::state_turn(&connection)?;
        let Ok(file) = opened(&path) else {
            return Ok(());
        };
        let mut file = BufWriter::new(file);
        let mut put = |done| {
            let line = serde_json::to_string(&Entry { done, turn }).unwrap_or_default();
            // What cannot be written is in the database.
            let _ = writeln!(file, "{line}");
        };
        for (kind, what) in noted {
            each_act(&connection, &kind, &what, &mut put)?;
        }
        if let Ok(file) = file.into_inner() {
            let _ = file.sync_data();
        }
        Ok(())
    }

    /// Forgets what the copy has: all that was done up to `turn`.
    pub(super) fn cut_step_log(&self, turn: i64) {
        let Some(path) = self.step_log().filter(|it| it.exists()) else {
            return;
        };
        let half = path.with_extension(format!("jsonl.{}", std::process::id()));
        let cut = || -> io::Result<()> {
            // Nobody writes to it until it is closed, after the new one took its place.
            let mut file = opened(&path)?;
            file.seek(SeekFrom::Start(0))?;
            let mut new = BufWriter::new(File::create(&half)?);
            for line in BufReader::new(&file).lines().map_while(Result::ok) {
                if turn_at_end(&line).is_some_and(|at| at > turn) {
                    writeln!(new, "{line}")?;
                }
            }
            new.into_inner()?.sync_all()?;
            fs::rename(&half, &path)
        };
        if cut().is_err() {
            // If the old one stays, it says what is known.
            let _ = fs::remove_file(&half);
        }
    }

    /// Does again what the file in `folder` has from after `turn` on; `journal`: with its steps, so that they
    /// can be undone. Gives with how many stories; none where the file has nothing.
    pub(super) fn replay_step_log(&self, folder: &Path, turn: i64, journal: bool) -> Option<usize> {
        let file = File::open(folder.join(FILE)).ok()?;
        let lines = BufReader::new(file).lines().map_while(Result::ok);
        // A line that was cut off was never acknowledged.
        let entries = lines.filter_map(|line| serde_json::from_str::<Entry>(&line).ok());
        let mut entries: Vec<Entry> = entries.filter(|it| it.turn > turn).collect();
        // Two programs may have written in another order than they did it.
        entries.sort_by_key(|it| it.turn);
        let last = entries.last()?.turn;
        let replayed = self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            let mut replayed = Replayed::default();
            for entry in entries {
                replay(transaction, &mut writer, entry, journal, &mut replayed)?;
            }
            writer.finish()?;
            // It stands there already.
            transaction.execute("DELETE FROM temp.noted", [])?;
            Ok((replayed.stories.len(), true))
        });
        let stories = replayed.ok()?;
        // Else this database would seem to have gone back in time once more.
        let _ = self.pass_turn(last);
        self.changed();
        Some(stories)
    }
}

/// Tells what stands in the database of something that was noted.
fn each_act(
    connection: &Connection,
    kind: &str,
    what: &rusqlite::types::Value,
    put: &mut dyn FnMut(Act),
) -> rusqlite::Result<()> {
    match kind {
        "step" => {
            let step = connection
                .prepare_cached("SELECT id, at, what, undone, collection FROM step WHERE id = ?1")?
                .query_row([what], |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                        row.get(4)?,
                    ))
                })
                .optional()?;
            let Some((id, at, words, undone, collection)) = step else {
                return Ok(());
            };
            let (words, collection): (String, Option<String>) = (words, collection);
            let mut rows = connection.prepare_cached(
                "SELECT key, field, old, new FROM change WHERE step = ?1 ORDER BY id",
            )?;
            let mut rows = rows.query([what])?;
            let mut end = false;
            while !end {
                let mut changes = Vec::new();
                while !end && changes.len() < CHANGES {
                    match rows.next()? {
                        Some(row) => {
                            changes.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
                        }
                        None => end = true,
                    }
                }
                if !changes.is_empty() {
                    put(Act::Step {
                        id,
                        at,
                        what: words.clone(),
                        undone,
                        collection: collection.clone(),
                        changes,
                    });
                }
            }
        }
        "place" => {
            let sql = "SELECT key, block, offset, seen, placed, opened, print FROM state \
                       WHERE key = ?1";
            let place = connection.prepare_cached(sql)?.query_row([what], |row| {
                Ok(Act::Place {
                    key: row.get(0)?,
                    block: row.get(1)?,
                    offset: row.get(2)?,
                    seen: row.get(3)?,
                    placed: row.get(4)?,
                    opened: row.get(5)?,
                    print: row.get(6)?,
                })
            });
            place.optional()?.into_iter().for_each(put);
        }
        "mark" => {
            let sql = "SELECT letter, key, block, offset FROM mark WHERE letter = ?1";
            let mark = connection.prepare_cached(sql)?.query_row([what], |row| {
                Ok(Act::Mark {
                    letter: row.get(0)?,
                    key: row.get(1)?,
                    block: row.get(2)?,
                    offset: row.get(3)?,
                })
            });
            mark.optional()?.into_iter().for_each(put);
        }
        _ => {
            let rusqlite::types::Value::Text(name) = what.clone() else {
                return Ok(());
            };
            put(match kind {
                "outline" => Act::Outline {
                    content: kept_under(connection, &format!("{OUTLINE}{name}"))?,
                    key: name,
                },
                "feed" => Act::Feed {
                    subscription: subscribed(connection, &name)?,
                    key: name,
                },
                _ => Act::Query {
                    query: kept_under(connection, &format!("{QUERY}{name}"))?,
                    name,
                },
            });
        }
    }
    Ok(())
}

/// Does again what a line says, and remembers whose state is another one by it.
fn replay(
    transaction: &Connection,
    writer: &mut Writer<'_>,
    Entry { done, turn }: Entry,
    journal: bool,
    replayed: &mut Replayed,
) -> rusqlite::Result<()> {
    match done {
        Act::Step {
            id,
            at,
            what,
            undone,
            collection,
            changes,
        } => {
            let known: bool = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM step WHERE id = ?1 AND at = ?2)",
                (id, at),
                |row| row.get(0),
            )?;
            if journal && known {
                let sql = "UPDATE step SET undone = ?2, what = ?3 WHERE id = ?1";
                transaction.execute(sql, (id, undone, &what))?;
            } else if journal {
                if !undone {
                    // As when it was made; the number of one of these may be its own.
                    transaction.execute(FORGET_UNDONE, [&collection])?;
                }
                let made = transaction.execute(
                    "INSERT OR IGNORE INTO step (id, at, what, undone, collection) \
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    (id, at, what, undone, collection),
                )?;
                if made > 0 {
                    replayed.made.insert(id, turn);
                }
            }
            // One of many changes has several lines, all of one turn.
            let is_new = replayed.made.get(&id) == Some(&turn);
            // A step of files grows as they are written.
            let grows = changes.iter().any(|(_, name, ..)| name == FILES);
            for (key, name, old, new) in &changes {
                let Some(field) = Field::named(name) else {
                    continue;
                };
                let value = field.value(if undone { old } else { new });
                if writer.set(key, &field, &value)? {
                    replayed.stories.insert(key.clone());
                }
                if matches!(field, Field::Files | Field::Feed) && journal && known {
                    // Where its files lie is known by the last line alone, and so is what of it was taken back.
                    transaction.execute(
                        "UPDATE change SET old = ?4, new = ?5 WHERE step = ?1 AND key = ?2 AND field = ?3",
                        (id, key, name, old, new),
                    )?;
                }
                let lacks = || {
                    transaction.query_row(
                        "SELECT NOT EXISTS (SELECT 1 FROM change WHERE step = ?1 AND key = ?2 AND field = ?3)",
                        (id, key, name),
                        |row| row.get(0),
                    )
                };
                if is_new || journal && known && grows && lacks()? {
                    transaction
                        .prepare_cached(
                            "INSERT INTO change (step, key, field, old, new) \
                             VALUES (?1, ?2, ?3, ?4, ?5)",
                        )?
                        .execute((id, key, name, old, new))?;
                }
            }
        }
        Act::Place {
            key,
            block,
            offset,
            seen,
            placed,
            opened,
            print,
        } => {
            let set = transaction.execute(
                "INSERT INTO state (key, block, offset, seen, placed, opened, print) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET block = ?2, \
                 offset = ?3, seen = ?4, placed = ?5, opened = ?6, print = ?7 \
                 WHERE placed < ?5 OR placed = ?5 AND opened < ?6",
                (
                    &key,
                    block,
                    offset,
                    seen,
                    placed,
                    opened.unwrap_or(placed),
                    print,
                ),
            )?;
            if set > 0 {
                show_place(writer.transaction(), &key)?;
                replayed.stories.insert(key);
            }
        }
        Act::Mark {
            letter,
            key,
            block,
            offset,
        } => {
            transaction.execute(
                "INSERT INTO mark (letter, key, block, offset) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET key = ?2, block = ?3, offset = ?4",
                (letter, &key, block, offset),
            )?;
            replayed.stories.insert(key);
        }
        Act::Query { name, query } => {
            let key = format!("{QUERY}{name}");
            writer.put_query(&key, query.as_deref())?;
        }
        Act::Outline { key, content } => {
            writer.put_query(&format!("{OUTLINE}{key}"), content.as_deref())?;
        }
        Act::Feed { key, subscription } => {
            writer.put_subscription(&key, subscription.as_ref())?;
        }
    }
    Ok(())
}

/// The file, to write on at its end, to oneself until it is closed. A line that whoever was killed has left
/// without its end gets one.
fn opened(path: &Path) -> io::Result<File> {
    let open = || {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        // The system lets go of it with the program. Where there are no locks, two that write at once may mix
        // up their lines, which are in the database all the same.
        let _ = file.lock();
        Ok::<_, io::Error>(file)
    };
    let mut file = open()?;
    // Whoever had it before may have put a shorter one in its place: what is written to this one is nowhere.
    // Drives that number their files anew each time must not keep anybody here.
    for _ in 0..16 {
        if lies_at(&file, path) {
            break;
        }
        file = open()?;
    }
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    Ok(file)
}

/// The turn that a line ends with.
fn turn_at_end(line: &str) -> Option<i64> {
    let (_, number) = line.strip_suffix('}')?.rsplit_once("\"turn\":")?;
    number.parse().ok()
}

/// After how many turns something was done that the file beside a copy has; none where it has nothing.
fn last_turn(path: &Path) -> Option<i64> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))
        .ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    let tail = String::from_utf8_lossy(&tail);
    tail.lines().filter_map(turn_at_end).max()
}

/// The turn of what was kept last as text beside a database, in the copy or after it.
pub(super) fn turn_beside(database: &Path) -> Option<i64> {
    let copied = keepsake::turn_of(&database.with_file_name(keepsake::FILE));
    copied.max(last_turn(&database.with_file_name(FILE)))
}

/// The file beside a database, if anything stands in it.
pub(super) fn beside(database: &Path) -> Option<PathBuf> {
    let path = database.with_file_name(FILE);
    path.metadata().is_ok_and(|it| it.len() > 0).then_some(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn who_waited_while_it_was_cut_writes_to_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let held = opened(&path).unwrap();
        let (sender, begun) = mpsc::channel();
        std::thread::scope(|scope| {
            let path = &path;
            scope.spawn(move || {
                // As `opened` does, so that it is certain which one waits.
                let old = OpenOptions::new().append(true).open(path).unwrap();
                sender.send(()).unwrap();
                old.lock().unwrap();
                drop(old);
                writeln!(opened(path).unwrap(), "late").unwrap();
            });
            begun.recv().unwrap();
            fs::write(path.with_extension("half"), "kept\n").unwrap();
            fs::rename(path.with_extension("half"), path).unwrap();
            assert!(!lies_at(&held, path));
            drop(held);
        });
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept\nlate\n");
    }
}
