//! Highlights and notes: kept under the story's key as all state is, journalled whole.

use std::{path::PathBuf, sync::Arc};

use rusqlite::{OptionalExtension, Row as SqlRow, Transaction};
use serde::{Deserialize, Serialize};

use super::{
    Library, LibraryError, Place, bundled, feeds, intake,
    state::{Writer, remember_content},
    store::Lane,
};
use crate::story::{Note, Quote, StoryId, clean};

/// Bytes that an id has at most.
const LONGEST_ID: usize = 128;

/// The columns that make a note.
const COLUMNS: &str = "id, exact, prefix, suffix, text, block, offset, created, changed";

/// A note as the journal and exports write it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Written {
    /// What it is known by, the same on every machine.
    pub id: String,
    /// The words that it is about.
    pub exact: String,
    /// The words before them.
    pub prefix: String,
    /// The words after them.
    pub suffix: String,
    /// What the reader wrote; empty for a highlight alone.
    pub text: String,
    /// The block in which it stood when it was made.
    pub block: usize,
    /// The byte of the block's text.
    pub offset: usize,
    /// Milliseconds since 1970 when it was made.
    pub created: i64,
    /// The same of when it was changed last.
    pub changed: i64,
}

impl From<Note> for Written {
    fn from(note: Note) -> Self {
        Written {
            id: note.id,
            exact: note.quote.exact,
            prefix: note.quote.prefix,
            suffix: note.quote.suffix,
            text: note.text,
            block: note.near.0,
            offset: note.near.1,
            created: note.created,
            changed: note.changed,
        }
    }
}

impl From<Written> for Note {
    fn from(it: Written) -> Self {
        Note {
            id: it.id,
            quote: Quote {
                exact: it.exact,
                prefix: it.prefix,
                suffix: it.suffix,
            },
            text: it.text,
            near: (it.block, it.offset),
            created: it.created,
            changed: it.changed,
        }
    }
}

impl Written {
    /// It without what no text of recto's holds.
    ///
    /// # Errors
    /// Says in words why it can be no note.
    pub(super) fn cleaned(self) -> Result<Self, String> {
        let id = clean::line(&self.id);
        if id.is_empty() || id.len() > LONGEST_ID {
            return Err("a note in it has no id that can be one".to_owned());
        }
        let text = |text: &str| clean::text(text).trim().to_owned();
        let exact = text(&self.exact);
        if exact.is_empty() || exact.len() > Note::LONGEST || self.text.len() > Note::LONGEST {
            let told = "a note in it is about no words, or has more than";
            return Err(format!("{told} {} bytes", Note::LONGEST));
        }
        Ok(Written {
            id,
            exact,
            prefix: context(&self.prefix),
            suffix: context(&self.suffix),
            text: text(&self.text),
            block: self.block.min(u32::MAX as usize),
            offset: self.offset.min(u32::MAX as usize),
            ..self
        })
    }

    /// It as the journal keeps it.
    pub(super) fn journalled(note: &Note) -> String {
        serde_json::to_string(&Written::from(note.clone())).unwrap_or_default()
    }

    /// The opposite of [`Written::journalled`]; none where there was no note.
    pub(super) fn of_journal(text: &str) -> Option<Note> {
        serde_json::from_str::<Written>(text).ok().map(Note::from)
    }
}

/// Words around a quote: the space at their ends is theirs.
fn context(text: &str) -> String {
    let line = clean::line(text);
    let space = |there: bool| if there && !line.is_empty() { " " } else { "" };
    let before = space(text.starts_with(' '));
    let after = space(text.ends_with(' '));
    format!("{before}{line}{after}")
}

fn note_of(row: &SqlRow<'_>) -> rusqlite::Result<Note> {
    Ok(Note {
        id: row.get(0)?,
        quote: Quote {
            exact: row.get(1)?,
            prefix: row.get(2)?,
            suffix: row.get(3)?,
        },
        text: row.get(4)?,
        near: (row.get(5)?, row.get(6)?),
        created: row.get(7)?,
        changed: row.get(8)?,
    })
}

impl Library {
    /// Keeps highlights that came from elsewhere with the text of the story that is known so; gives those that were not
    /// there yet. That is no step by itself.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn bring_notes(&self, key: &str, mut notes: Vec<Note>) -> Result<Vec<Note>, LibraryError> {
        if notes.is_empty() {
            return Ok(notes);
        }
        let new = self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            let mut new = Vec::new();
            for note in notes.drain(..) {
                // What its reader made of one since counts.
                if writer.note_with(key, &note.id)?.is_none() {
                    writer.put_note(key, &note.id, Some(&note))?;
                    new.push(note);
                }
            }
            writer.finish()?;
            Ok((new, false))
        })?;
        self.changed();
        Ok(new)
    }

    /// The highlights and notes in a story, as they stood in its text when they were made.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn notes(&self, id: StoryId) -> Result<Vec<Note>, LibraryError> {
        let Some(key) = self.key_of(id)? else {
            return Ok(Vec::new());
        };
        let connection = self.store.hold(Lane::Stories)?;
        Ok(under(&connection, &key)?)
    }

    /// The stories with highlights or notes that are not among those of this library, in the order of
    /// their keys: files opened by their name, and what lay in folders that are not open.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn noted_elsewhere(&self) -> Result<Vec<NotedElsewhere>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let keys: Vec<String> = connection
            .prepare_cached(
                "SELECT DISTINCT key FROM note WHERE NOT EXISTS \
                 (SELECT 1 FROM story WHERE story.key = note.key AND collection = ?1) ORDER BY key",
            )?
            .query_map([self.collection], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut stories = Vec::with_capacity(keys.len());
        for key in keys {
            let notes = under(&connection, &key)?;
            let known: Option<NotedElsewhere> = connection
                .prepare_cached(
                    "SELECT title, url, root, path FROM story \
                     JOIN collection ON collection.id = story.collection \
                     LEFT JOIN file ON file.story = story.id WHERE key = ?1 \
                     ORDER BY path IS NULL, stamp = 0, opened DESC LIMIT 1",
                )?
                .query_row([&key], |row| {
                    let (root, path): (Vec<u8>, Option<Vec<u8>>) = (row.get(2)?, row.get(3)?);
                    Ok(NotedElsewhere {
                        title: row.get(0)?,
                        url: row.get(1)?,
                        place: path.and_then(|path| place_in(&connection, &root, &path)),
                        notes: Vec::new(),
                    })
                })
                .optional()?;
            // A folder that nobody opened for long is forgotten; where its files lay is not.
            let story = known.unwrap_or_else(|| {
                let path = key.strip_prefix(intake::BY_PATH);
                let whole = path.map(PathBuf::from).filter(|it| it.is_absolute());
                NotedElsewhere {
                    title: clean::line(path.unwrap_or(&key)),
                    url: None,
                    place: whole.map(Place::on_disk),
                    notes: Vec::new(),
                }
            });
            stories.push(NotedElsewhere { notes, ..story });
        }
        Ok(stories)
    }
}

/// A story outside the library that is open, with its highlights and notes.
#[derive(Debug)]
pub struct NotedElsewhere {
    /// Its title; where that is forgotten, what it is known by.
    pub title: String,
    /// The address of its page.
    pub url: Option<String>,
    /// Where it lies, as far as that is still known.
    pub place: Option<Place>,
    /// In the order in which they stood in its text when they were made.
    pub notes: Vec<Note>,
}

/// The place that the database keeps as `path`, in another collection that begins at `root`.
fn place_in(connection: &rusqlite::Connection, root: &[u8], path: &[u8]) -> Option<Place> {
    if let Some(entry) = feeds::entry_at(path) {
        let stored = feeds::Stored::of(connection, entry).ok()??;
        return Some(Place::Entry(Arc::new(stored)));
    }
    if bundled::is_example(path) {
        return bundled::at(path);
    }
    let whole = intake::path_of(root).join(intake::path_of(path));
    // What came through standard input is gone.
    whole.is_absolute().then(|| Place::on_disk(whole))
}

/// The notes of the story with this key.
pub(super) fn under(connection: &rusqlite::Connection, key: &str) -> rusqlite::Result<Vec<Note>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM note WHERE key = ?1 ORDER BY block, offset, created, id"
        ))?
        .query_map([key], note_of)?
        .collect()
}

/// All notes with the keys of their stories.
pub(super) fn all(connection: &rusqlite::Connection) -> rusqlite::Result<Vec<(String, Written)>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS}, key FROM note ORDER BY key, created, id"
        ))?
        .query_map([], |row| Ok((row.get(9)?, note_of(row)?.into())))?
        .collect()
}

/// What a list of the noted shows under a title: how many notes there are, and the last one.
pub(super) fn summary(
    connection: &rusqlite::Connection,
    id: StoryId,
) -> rusqlite::Result<Option<String>> {
    let found = connection
        .prepare_cached(
            "SELECT exact, text, (SELECT count(*) FROM note WHERE note.key = story.key) \
             FROM story JOIN note USING (key) WHERE story.id = ?1 \
             ORDER BY changed DESC, note.id LIMIT 1",
        )?
        .query_row([id.0], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, usize>(2)?,
            ))
        })
        .optional()?;
    Ok(found.map(|(exact, text, count)| {
        let count = if count > 1 {
            format!("{count} notes · ")
        } else {
            String::new()
        };
        let text = if text.is_empty() {
            text
        } else {
            format!("{} — ", clean::line(&text))
        };
        format!("{count}{text}“{}”", clean::line(&exact))
    }))
}

impl Writer<'_> {
    /// A new note's id: one that no other machine gives.
    pub(super) fn new_id(&self) -> rusqlite::Result<String> {
        self.transaction()
            .prepare_cached("SELECT lower(hex(randomblob(16)))")?
            .query_row([], |row| row.get(0))
    }

    /// The note of a story with this id.
    pub(super) fn note_with(&self, key: &str, id: &str) -> rusqlite::Result<Option<Note>> {
        self.transaction()
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM note WHERE key = ?1 AND id = ?2"
            ))?
            .query_row((key, id), note_of)
            .optional()
    }

    /// Puts a note into a story, or takes the one with its id away. False if that was so already.
    pub(super) fn put_note(
        &mut self,
        key: &str,
        id: &str,
        note: Option<&Note>,
    ) -> rusqlite::Result<bool> {
        if self.note_with(key, id)?.as_ref() == note {
            return Ok(false);
        }
        match note {
            Some(note) => insert(self.transaction(), key, note)?,
            None => {
                self.transaction()
                    .prepare_cached("DELETE FROM note WHERE key = ?1 AND id = ?2")?
                    .execute((key, id))?;
            }
        }
        let noted: bool = self
            .transaction()
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM note WHERE key = ?1)")?
            .query_row([key], |row| row.get(0))?;
        self.set_noted(key, noted)?;
        Ok(true)
    }
}

fn insert(transaction: &Transaction<'_>, key: &str, note: &Note) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO note (key, id, exact, prefix, suffix, text, block, offset, \
             created, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute((
            key,
            &note.id,
            &note.quote.exact,
            &note.quote.prefix,
            &note.quote.suffix,
            &note.text,
            note.near.0,
            note.near.1,
            note.created,
            note.changed,
        ))?;
    // A noted story has a row of state: by that it is found again when its file moves.
    transaction
        .prepare_cached("INSERT OR IGNORE INTO state (key) VALUES (?1)")?
        .execute([key])?;
    remember_content(transaction, key)
}
