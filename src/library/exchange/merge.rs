//! Records at work on what is known: which of two counts.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Transaction};

use super::Record;
use crate::{
    library::{
        intake::BY_PATH,
        state::{Field, Value, Writer, show_place},
        store::salvage::Salvaged,
    },
    story::{Note, grouped},
};

/// The key of a story with a content, where there is none with the key that a record has. The files are
/// looked up one by one: SQLite would go through all of them for each record.
const HERE: &str = "SELECT story.key FROM collection CROSS JOIN file AS same CROSS JOIN file \
     CROSS JOIN story WHERE same.collection = collection.id AND same.hash = ?1 \
     AND file.collection = same.collection AND file.path = same.path AND story.id = file.story \
     AND substr(story.key, 1, length(?2)) = ?2 \
     AND NOT EXISTS (SELECT 1 FROM story WHERE key = ?3) ORDER BY story.key LIMIT 1";

/// What taking a record came to.
pub(super) enum Outcome {
    New,
    Changed,
    Unchanged,
}

/// Which of two counts: what a record says, or what is known here.
#[derive(Clone, Copy)]
pub(super) enum Rule<'a> {
    /// What was set last.
    Newer,
    /// The same, but a record that is as old counts as well: here it may not have been readable.
    Older,
    /// The same, and what was taken back here was never set.
    Undated,
    /// What is known here, as far as it could be read of a damaged database.
    Missing(&'a Salvaged),
}

impl Rule<'_> {
    /// Whether a record of `at` counts where a field of a story was set here at `than`; its rows are those
    /// of `table`.
    fn counts(self, at: i64, than: i64) -> bool {
        match self {
            Rule::Newer | Rule::Undated => at > than,
            Rule::Older => at >= than,
            // What is missing of the journal may be newer than what is left of it.
            Rule::Missing(salvaged) => !salvaged.has_journal() && at > than,
        }
    }

    /// Whether the flags of a story are known here, whatever a record says.
    fn knows_flags(self, key: &str) -> bool {
        matches!(self, Rule::Missing(salvaged) if salvaged.has_read(key))
    }

    /// Whether all is known that `table` holds of a story.
    fn knows_all(self, table: &str, key: &str) -> bool {
        matches!(self, Rule::Missing(salvaged) if salvaged.has_all_of(table, key))
    }
}

/// Whether what could be read of a damaged database is older than its copy: what was written to it last
/// did not reach the disk. The journal tells, where nothing is missing of it.
pub(super) fn is_older(
    transaction: &Transaction<'_>,
    salvaged: &Salvaged,
    records: &[Record],
) -> rusqlite::Result<bool> {
    let last: Option<i64> =
        transaction.query_row("SELECT max(at) FROM step", [], |row| row.get(0))?;
    // Places are in no journal, and say nothing of it.
    let of_copy = records.iter().map(|record| record.changed).max();
    Ok(salvaged.has_journal() && of_copy.is_some_and(|at| at > last.unwrap_or(0)))
}

/// An import at work, within one transaction.
pub(super) struct Merge<'a> {
    transaction: &'a Transaction<'a>,
    writer: Writer<'a>,
    /// When each field of each story was set last here.
    set: HashMap<(String, String), i64>,
    rule: Rule<'a>,
    step: i64,
    /// Stories that the step changes.
    stories: usize,
}

impl<'a> Merge<'a> {
    pub(super) fn new(
        transaction: &'a Transaction<'a>,
        collection: Option<&str>,
        rule: Rule<'a>,
    ) -> rusqlite::Result<Self> {
        let set = transaction
            .prepare(
                "SELECT key, field, max(step.at) FROM change JOIN step ON step.id = step \
                 WHERE undone = 0 OR NOT ?1 GROUP BY key, field",
            )?
            .query_map([matches!(rule, Rule::Undated)], |row| {
                Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let writer = Writer::new(transaction);
        let step = writer.begin_step(collection)?;
        Ok(Merge {
            transaction,
            writer,
            set,
            rule,
            step,
            stories: 0,
        })
    }

    pub(super) fn finish(self) -> rusqlite::Result<()> {
        let what = match self.stories {
            1 => "imported what was done with 1 story".to_owned(),
            stories => format!("imported what was done with {} stories", grouped(stories)),
        };
        // What was lost and is found again, nobody did: undo is not to take it back.
        let own = matches!(self.rule, Rule::Newer | Rule::Undated);
        let stories = if own { self.stories } else { 0 };
        self.writer.end_step(self.step, stories, &what)?;
        self.writer.finish()
    }

    /// What the story of a record is known by here: where no file lies at its path, a file with the
    /// same content speaks for it.
    fn key_here(&self, record: &Record) -> rusqlite::Result<Option<String>> {
        let Some(content) = record.content.filter(|_| record.key.starts_with(BY_PATH)) else {
            return Ok(None);
        };
        self.transaction
            .prepare_cached(HERE)?
            .query_row((content, BY_PATH, &record.key), |row| row.get(0))
            .optional()
    }

    /// Of records that lead to one story that which was changed last: a library that was moved left
    /// one at each of its places.
    pub(super) fn one_each(&self, records: &[Record]) -> rusqlite::Result<Vec<Record>> {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut each: Vec<Record> = Vec::new();
        for record in records {
            let story = match (self.key_here(record)?, record.content) {
                (Some(key), _) => key,
                // Where its story will lie is not known yet; what it says is.
                (None, Some(content))
                    if record.key.starts_with(BY_PATH) && !self.is_listed(&record.key)? =>
                {
                    format!("content {content}")
                }
                _ => record.key.clone(),
            };
            match places.get(&story) {
                None => {
                    places.insert(story, each.len());
                    each.push(record.clone());
                }
                Some(at) if (each[*at].at(), &each[*at].key) < (record.at(), &record.key) => {
                    each[*at] = record.clone();
                }
                Some(_) => {}
            }
        }
        Ok(each)
    }

    fn is_listed(&self, key: &str) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM story WHERE key = ?1)")?
            .query_row([key], |row| row.get(0))
    }

    /// Takes a record. A story that is not there yet finds what was done with it when it comes.
    pub(super) fn take(&mut self, record: &Record) -> rusqlite::Result<Outcome> {
        if let Some(key) = self.key_here(record)? {
            let record = Record {
                key,
                ..record.clone()
            };
            return self.merge(&record);
        }
        let outcome = self.merge(record)?;
        if let Some(content) = record.content {
            self.transaction
                .prepare_cached(
                    "INSERT INTO state (key, hash) SELECT ?1, ?2 WHERE EXISTS \
                     (SELECT 1 FROM state WHERE key = ?1 UNION SELECT 1 FROM tag WHERE key = ?1) \
                     ON CONFLICT DO UPDATE SET hash = ?2 WHERE hash IS NULL",
                )?
                .execute((&record.key, content))?;
        }
        Ok(outcome)
    }

    fn merge(&mut self, record: &Record) -> rusqlite::Result<Outcome> {
        let key = &record.key;
        let used: Option<i64> = self
            .transaction
            .prepare_cached("SELECT max(placed, opened) FROM state WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let filed: bool = self
            .transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM tag WHERE key = ?1 UNION SELECT 1 FROM note WHERE key = ?1)")?
            .query_row([key], |row| row.get(0))?;
        let known = used.is_some() || filed;
        let mut changed = false;
        for (name, value) in record.flags() {
            let Some(on) = value.filter(|_| !self.rule.knows_flags(key)) else {
                continue;
            };
            let field = Field::Flag(name);
            let here = self.set.get(&(key.clone(), field.name())).copied();
            // What nobody ever set here, counts as older than anything.
            let newer = match here {
                Some(at) => self.rule.counts(record.at(), at),
                None => on || record.at() > used.unwrap_or(0),
            };
            changed |= newer && self.change(key, &field, Value::On(on))?;
        }
        let rule = self.rule;
        let unknown = |table: &str| !rule.knows_all(table, key);
        let tags = record.tags.iter().filter(|_| unknown("tag"));
        let notes = record.notes.iter().filter(|_| unknown("note"));
        for tag in tags {
            let field = Field::Tag(tag.clone());
            let here = self.set.get(&(key.clone(), field.name())).copied();
            let newer = here.is_none_or(|at| self.rule.counts(record.at(), at));
            changed |= newer && self.change(key, &field, Value::On(true))?;
        }
        for note in notes {
            let field = Field::Note(note.id.clone());
            let kept = self.writer.note_with(key, &note.id)?;
            // What was taken away here has no date but that of the step.
            let here = kept.map(|note| note.changed);
            let here = here.or_else(|| self.set.get(&(key.clone(), field.name())).copied());
            let newer = here.is_none_or(|at| self.rule.counts(note.changed, at));
            // A note that says nothing of when it was changed is as old as its record.
            let changed_at = if note.changed > 0 {
                note.changed
            } else {
                record.at().max(1)
            };
            let value = Value::Note(Some(Box::new(Note {
                changed: changed_at,
                ..note.clone().into()
            })));
            changed |= newer && self.change(key, &field, value)?;
        }
        if let Rule::Older = self.rule {
            changed |= self.take_away(record)?;
        }
        self.stories += usize::from(changed);
        changed |= self.place(record)?;
        for (letter, (block, offset)) in &record.marks {
            // A letter that is in use here stays where it is.
            let set = self
                .transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO mark (letter, key, block, offset) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((letter.to_string(), key, block, offset))?;
            changed |= set > 0;
        }
        Ok(match (known, changed) {
            (false, true) => Outcome::New,
            (true, true) => Outcome::Changed,
            (_, false) => Outcome::Unchanged,
        })
    }

    /// Takes away tags and notes that the record, the newer copy of what is known here, has no more.
    fn take_away(&mut self, record: &Record) -> rusqlite::Result<bool> {
        let key = &record.key;
        let names = |sql| -> rusqlite::Result<Vec<String>> {
            let mut names = self.transaction.prepare_cached(sql)?;
            names.query_map([key], |row| row.get(0))?.collect()
        };
        let tags = names("SELECT name FROM tag WHERE key = ?1")?.into_iter();
        let tags = tags.filter(|tag| !record.tags.contains(tag));
        let notes = names("SELECT id FROM note WHERE key = ?1")?.into_iter();
        let notes = notes.filter(|id| record.notes.iter().all(|note| note.id != *id));
        let gone: Vec<_> = tags
            .map(|tag| (Field::Tag(tag), Value::On(false)))
            .chain(notes.map(|id| (Field::Note(id), Value::Note(None))))
            .collect();
        let mut changed = false;
        for (field, value) in gone {
            let here = self.set.get(&(key.clone(), field.name())).copied();
            // What the journal knows nothing of, nobody can date.
            let older = here.is_some_and(|at| record.changed >= at);
            changed |= older && self.change(key, &field, value)?;
        }
        Ok(changed)
    }

    fn change(&mut self, key: &str, field: &Field, value: Value) -> rusqlite::Result<bool> {
        self.writer.change(self.step, key, field, &value)
    }

    fn place(&self, record: &Record) -> rusqlite::Result<bool> {
        let key = &record.key;
        let mut changed = 0;
        if let Some(place) = record.position {
            changed += self
                .transaction
                .prepare_cached(
                    "INSERT INTO state (key, block, offset, seen, placed) \
                     VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET \
                     block = ?2, offset = ?3, seen = ?4, placed = ?5 WHERE placed < ?5",
                )?
                .execute((key, place.block, place.offset, place.seen, record.placed))?;
        }
        if record.opened > 0 {
            changed += self
                .transaction
                .prepare_cached(
                    "INSERT INTO state (key, opened) VALUES (?1, ?2) \
                     ON CONFLICT DO UPDATE SET opened = ?2 WHERE opened < ?2",
                )?
                .execute((key, record.opened))?;
        }
        if changed > 0 {
            show_place(self.transaction, key)?;
        }
        Ok(changed > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::tests::goes_through_no_files, *};

    #[test]
    fn stories_of_records_are_looked_up_by_content() {
        goes_through_no_files(HERE);
    }
}
