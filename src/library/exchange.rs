//! State in and out: what the reader did, as records that other programs and other machines read.

mod merge;

use std::collections::{BTreeMap, HashMap};

use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

use self::merge::{Merge, Outcome, Rule, is_older};
use super::{
    Library, LibraryError, WrittenNote, WrittenOutline,
    intake::BY_PATH,
    notes,
    store::{Lane, salvage::Salvaged},
};
use crate::story::{clean, link};

/// What the first line of an export says it is.
const FORMAT: &str = "recto state";

/// The form of the records. A newer one is not read.
const VERSION: u32 = 1;

/// Bytes that a key has at most: paths are shorter.
const LONGEST_KEY: usize = 8192;

/// The first line of an export.
#[derive(Debug, Serialize, Deserialize)]
struct Heading {
    format: String,
    version: u32,
    /// How often anything was done before: a copy that says another number than the database is old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turn: Option<i64>,
}

/// What the reader did with one story. What is not said is left as it is where it is imported.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// What the story is known by: its link, or `file:` and its path.
    pub key: String,
    /// A number of the content of the file that a key without a link stands for: on another machine
    /// it lies elsewhere, and is known by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<i64>,
    /// Its title, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The address of its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it was read.
    pub read: Option<bool>,
    /// Whether it has a star.
    pub starred: Option<bool>,
    /// Whether it is kept for later.
    pub later: Option<bool>,
    /// Whether it was taken out of all lists.
    pub removed: Option<bool>,
    /// The reader's tags.
    pub tags: Vec<String>,
    /// Places in it that have a letter: block and byte of its text.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<char, (u32, u32)>,
    /// Highlights and notes in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<WrittenNote>,
    /// Where it was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Place>,
    /// Milliseconds since 1970 when it was left there; 0 if never.
    pub placed: i64,
    /// The same of when it was opened last.
    pub opened: i64,
    /// The same of when it was marked last.
    pub changed: i64,
}

/// A place in a story, as [`crate::story::Position`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The block at the top of the page.
    pub block: u64,
    /// The byte of its text that the page begins with.
    pub offset: u32,
    /// How much of the text was seen, from 0 to 1.
    pub seen: f64,
}

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Stories of which nothing was known.
    pub new: usize,
    /// Stories of which something else was known.
    pub changed: usize,
    /// Stories of which all was known, or something newer.
    pub unchanged: usize,
}

impl Record {
    /// The first line of an export.
    pub fn heading() -> String {
        Self::heading_at(None)
    }

    /// The same of a copy that is kept, after so many turns.
    pub(super) fn heading_at(turn: Option<i64>) -> String {
        let heading = Heading {
            format: FORMAT.to_owned(),
            version: VERSION,
            turn,
        };
        serde_json::to_string(&heading).unwrap_or_default()
    }

    /// The turn that a first line says.
    pub(super) fn turn_of(heading: &str) -> Option<i64> {
        serde_json::from_str::<Heading>(heading).ok()?.turn
    }

    /// Looks whether a line is the first of an export that can be read.
    ///
    /// # Errors
    /// Says in words what it is instead.
    pub fn check_heading(line: &str) -> Result<(), String> {
        match serde_json::from_str::<Heading>(line) {
            Ok(heading) if heading.format == FORMAT && heading.version <= VERSION => Ok(()),
            Ok(heading) if heading.format == FORMAT => Err(format!(
                "it was written by a newer recto (version {} of the format; this one reads {VERSION})",
                heading.version
            )),
            _ => Err(format!(
                "this is no export of recto's state; its first line should be {}",
                Self::heading()
            )),
        }
    }

    /// The record of one line.
    ///
    /// # Errors
    /// Says in words what is wrong with it.
    pub fn of_line(line: &str) -> Result<Self, String> {
        let mut record: Record =
            serde_json::from_str(line).map_err(|error| clean::line(&error.to_string()))?;
        if record.key.is_empty() {
            let known = record.url.as_deref().and_then(link::canonical);
            record.key = known.ok_or("it has neither a key nor the address of a page")?;
        }
        if record.key.len() > LONGEST_KEY {
            return Err(format!("its key has more than {LONGEST_KEY} bytes"));
        }
        if let Some(place) = &mut record.position {
            if !place.seen.is_finite() {
                return Err("how much was seen is no number".to_owned());
            }
            place.seen = place.seen.clamp(0.0, 1.0);
        }
        let tags = record.tags.iter().map(|tag| clean::line(tag.trim()));
        record.tags = tags.filter(|tag| !tag.is_empty()).collect();
        let notes = record.notes.into_iter().map(WrittenNote::cleaned);
        record.notes = notes.collect::<Result<_, _>>()?;
        Ok(record)
    }

    /// It as a line.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// When something was done with the story last.
    fn at(&self) -> i64 {
        self.changed.max(self.opened).max(self.placed)
    }

    /// Whether it is of any use where it is imported.
    fn says_anything(&self) -> bool {
        self.at() > 0
            || self.flags().iter().any(|(_, value)| *value == Some(true))
            || !self.tags.is_empty()
            || !self.marks.is_empty()
            || self.position.is_some()
    }

    fn flags(&self) -> [(&'static str, Option<bool>); 4] {
        [
            ("read", self.read),
            ("starred", self.starred),
            ("later", self.later),
            ("removed", self.removed),
        ]
    }
}

impl Library {
    /// What the reader did with all stories, also those that are not in the library now, by key.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut tags: HashMap<String, Vec<String>> = HashMap::new();
        let mut statement =
            connection.prepare_cached("SELECT key, name FROM tag ORDER BY key, name")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            tags.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        let mut marks: HashMap<String, BTreeMap<char, (u32, u32)>> = HashMap::new();
        let mut statement =
            connection.prepare_cached("SELECT key, letter, block, offset FROM mark")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let letter: String = row.get(1)?;
            if let Some(letter) = letter.chars().next() {
                let of_story = marks.entry(row.get(0)?).or_default();
                of_story.insert(letter, (row.get(2)?, row.get(3)?));
            }
        }
        let mut notes: HashMap<String, Vec<WrittenNote>> = HashMap::new();
        for (key, note) in notes::all(&connection)? {
            notes.entry(key).or_default().push(note);
        }
        // What was never said of a story is not said of it now: it would count elsewhere.
        let mut statement = connection.prepare_cached(
            "WITH known (key) AS (SELECT key FROM state UNION SELECT key FROM tag \
             UNION SELECT key FROM mark UNION SELECT key FROM note), \
             marked (key, at, read, starred, later, removed) AS (SELECT key, max(step.at), \
             max(field = 'read'), max(field = 'starred'), max(field = 'later'), \
             max(field = 'removed') FROM change JOIN step ON step.id = step GROUP BY key) \
             SELECT known.key, \
             CASE WHEN state.read OR marked.read THEN state.read END, \
             CASE WHEN state.starred OR marked.starred THEN state.starred END, \
             CASE WHEN state.later OR marked.later THEN state.later END, \
             CASE WHEN state.removed OR marked.removed THEN state.removed END, block, offset, seen, placed, opened, \
             marked.at, (SELECT title FROM story WHERE story.key = known.key LIMIT 1), \
             (SELECT url FROM story WHERE story.key = known.key LIMIT 1), \
             CASE WHEN substr(known.key, 1, length(?1)) = ?1 THEN coalesce(state.hash, (SELECT hash \
             FROM story JOIN file ON file.story = story.id WHERE story.key = known.key LIMIT 1)) END \
             FROM known LEFT JOIN state USING (key) LEFT JOIN marked USING (key) ORDER BY known.key",
        )?;
        let records = statement.query_map([BY_PATH], |row| {
            let key: String = row.get(0)?;
            let placed = row.get::<_, Option<i64>>(8)?.unwrap_or(0);
            let position = if placed > 0 {
                Some(Place {
                    block: row.get(5)?,
                    offset: row.get(6)?,
                    seen: row.get(7)?,
                })
            } else {
                None
            };
            Ok(Record {
                tags: tags.remove(&key).unwrap_or_default(),
                marks: marks.remove(&key).unwrap_or_default(),
                notes: notes.remove(&key).unwrap_or_default(),
                key,
                content: row.get(13)?,
                title: row.get(11)?,
                url: row.get(12)?,
                read: row.get(1)?,
                starred: row.get(2)?,
                later: row.get(3)?,
                removed: row.get(4)?,
                position,
                placed,
                opened: row.get::<_, Option<i64>>(9)?.unwrap_or(0),
                changed: row.get::<_, Option<i64>>(10)?.unwrap_or(0),
            })
        })?;
        let mut records: Vec<Record> = records.collect::<rusqlite::Result<_>>()?;
        records.retain(Record::says_anything);
        Ok(records)
    }

    /// An export, line by line: the heading, what was done with each story, the kept queries, what is
    /// subscribed to, and what lists of feeds said besides.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn export(&self) -> Result<impl Iterator<Item = String> + use<>, LibraryError> {
        let (records, queries) = (self.records()?, self.saved_queries()?);
        let records = records.into_iter().map(|it| it.line());
        let queries = queries.into_iter().map(|it| it.line());
        let feeds = self.written_feeds()?.into_iter().map(|it| it.line());
        let outlines = self.outlines()?.into_iter();
        let outlines = outlines.map(|outline| WrittenOutline { outline }.line());
        let heading = std::iter::once(Record::heading());
        let stories = heading.chain(records).chain(queries);
        Ok(stories.chain(feeds).chain(outlines))
    }

    /// Merges records into what is known, as one step that can be undone: of every field that counts
    /// which was set last. Places are no part of the step, as ever. An export is of all libraries, so the
    /// step is undone in whichever is open.
    ///
    /// # Errors
    /// If the database cannot be read or written; nothing is imported then.
    pub fn import(&self, records: &[Record]) -> Result<Imported, LibraryError> {
        self.import_by(None, records, |_| Ok(Rule::Newer))
    }

    /// The same of records of stories that are all of this library.
    ///
    /// # Errors
    /// As [`Library::import`].
    pub(super) fn import_here(&self, records: &[Record]) -> Result<Imported, LibraryError> {
        self.import_by(Some(&self.name), records, |_| Ok(Rule::Newer))
    }

    /// The same of records that say nothing of when. What was set here and taken back counts as never set:
    /// whoever undoes an import may do it again.
    ///
    /// # Errors
    /// As [`Library::import`].
    pub fn import_undated(&self, records: &[Record]) -> Result<Imported, LibraryError> {
        self.import_by(Some(&self.name), records, |_| Ok(Rule::Undated))
    }

    /// Merges records of a copy into what could be read of a damaged database. What was read of that
    /// counts, and what the journal says: the copy has what is missing.
    pub(super) fn import_missing(
        &self,
        records: &[Record],
        salvaged: &Salvaged,
    ) -> Result<Imported, LibraryError> {
        self.import_by(Some(&self.name), records, |transaction| {
            Ok(match is_older(transaction, salvaged, records)? {
                true => Rule::Older,
                false => Rule::Missing(salvaged),
            })
        })
    }

    /// Merges records of a copy into a database that is as it was before the copy was made.
    pub(super) fn import_lost(&self, records: &[Record]) -> Result<Imported, LibraryError> {
        self.import_by(Some(&self.name), records, |_| Ok(Rule::Older))
    }

    fn import_by<'a>(
        &self,
        collection: Option<&str>,
        records: &[Record],
        rule: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Rule<'a>>,
    ) -> Result<Imported, LibraryError> {
        let imported = self.keep(|transaction| {
            let rule = rule(transaction)?;
            let mut merge = Merge::new(transaction, collection, rule)?;
            let mut imported = Imported::default();
            let each = merge.one_each(records)?;
            imported.unchanged = records.len() - each.len();
            for record in &each {
                match merge.take(record)? {
                    Outcome::New => imported.new += 1,
                    Outcome::Changed => imported.changed += 1,
                    Outcome::Unchanged => imported.unchanged += 1,
                }
            }
            merge.finish()?;
            Ok((imported, true))
        })?;
        self.changed();
        Ok(imported)
    }
}
