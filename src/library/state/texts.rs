//! Steps that do more than set what is said of a story: files that were written, texts that are read in the place of
//! others. They stand in the one order of all steps, so that the last is taken back first, whatever it was.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction};

use super::{
    super::{Lane, Library, LibraryError, catalogue, key_of_file, notes},
    FILES, Field, Value, Writer,
};
use crate::story::{Note, Story, StoryId};

/// A story or a feed by its key, a field, and what that is set to.
pub(super) type Set = (String, String, String);

/// A story that was written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// What it was known by ([`Library::key_of`]); none where nothing can have been done with it.
    pub from: Option<String>,
    /// What the file is known by ([`key_of_file`]).
    pub to: String,
    /// Whether it was read to its end.
    pub ended: bool,
    /// Highlights that came with its text, and are there already ([`Library::bring_notes`]).
    pub marked: Vec<Note>,
}

impl Copied {
    /// A story known as `from` that lies in a file now.
    pub fn new(from: Option<String>, story: &Story, path: &Path) -> Self {
        Copied {
            // One that lies beside another of the same link is not the one that was known by that.
            from: from.filter(|_| !story.apart),
            to: key_of_file(story, path),
            ended: false,
            marked: Vec::new(),
        }
    }
}

/// The changes of a step, each as key, field and what it is set to where the step is taken back, or done again; and
/// what each was set to before that.
pub(super) fn changes_of(
    transaction: &Transaction<'_>,
    step: i64,
    undo: bool,
) -> rusqlite::Result<(Vec<Set>, Vec<String>)> {
    let wanted = if undo { "old, new" } else { "new, old" };
    let changes: Vec<_> = transaction
        .prepare_cached(&format!(
            "SELECT key, field, {wanted} FROM change WHERE step = ?1 ORDER BY id"
        ))?
        .query_map([step], |row| {
            Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(changes.into_iter().unzip())
}

impl Library {
    /// What a story is known by, if there is one of this number.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn key_of(&self, id: StoryId) -> Result<Option<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let key = connection
            .prepare_cached("SELECT key FROM story WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0));
        Ok(key.optional()?)
    }

    /// The collection that what is kept belongs to: the one that is open; where that waits for a folder, the one that
    /// `begins` with the first file in it.
    pub(in crate::library) fn kept_in(&self, begins: Option<&Path>) -> String {
        match begins.filter(|_| self.waits_for_folder()) {
            Some(folder) => folder.to_string_lossy().into_owned(),
            None => self.name.clone(),
        }
    }

    /// Keeps that files were written as a step: `what` it was in words, and for each file what takes that back, as
    /// whoever moves them writes it. What the reader had done with the stories that are `copied` belongs to the step.
    /// Those of a step that `grows` are added to it, so that it has what was written whenever that ends. Gives the step,
    /// which is the last one then. `begins` as in [`Library::walk`].
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn files_written(
        &self,
        grows: Option<i64>,
        what: &str,
        files: &[String],
        copied: &[Copied],
        begins: Option<&Path>,
    ) -> Result<i64, LibraryError> {
        let step = self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            let known = match grows {
                Some(step) => writer.as_last_step(step)?,
                None => None,
            };
            let step = match known {
                Some(step) => step,
                None => writer.begin_step(Some(&self.kept_in(begins)))?,
            };
            writer.note_files(step, files.iter().map(|it| (&**it, &**it)))?;
            for it in copied {
                let Copied {
                    from,
                    to,
                    ended,
                    marked,
                } = it;
                if *ended {
                    writer.change(step, to, &Field::Flag("read"), &Value::On(true))?;
                }
                for note in marked {
                    let field = Field::Note(note.id.clone());
                    let new = Value::Note(Some(Box::new(note.clone()))).written();
                    writer.note(step, to, &field, ("", &new))?;
                }
                if from.as_ref().is_some_and(|from| from != to) {
                    writer.do_the_same(step, from.as_deref().unwrap_or_default(), to)?;
                }
            }
            writer.end_step(step, 1, what)?;
            writer.finish()?;
            Ok((step, false))
        })?;
        self.changed();
        Ok(step)
    }

    /// A step that grew has ended: the second journal has all of it from now on.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn all_written(&self, step: i64) -> Result<(), LibraryError> {
        self.keep(|transaction| {
            let sql = "UPDATE step SET undone = undone WHERE id = ?1";
            transaction.execute(sql, [step])?;
            Ok(((), false))
        })?;
        Ok(())
    }

    /// Keeps that the files of a step are about to change places: of each what takes it back, and what does it again,
    /// whichever of them has changed places already. Until they have ([`Library::files_moved`]) either can be done.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn files_begun(&self, step: i64, files: &[(String, String)]) -> Result<(), LibraryError> {
        self.keep(|transaction| {
            let writer = Writer::new(transaction);
            writer.forget_files(step)?;
            writer.note_files(step, files.iter().map(|(old, new)| (&**old, &**new)))?;
            // Some of them may lie on the shelf: so long it is not taken back.
            transaction.execute("UPDATE step SET undone = 0 WHERE id = ?1", [step])?;
            Ok(((), false))
        })?;
        Ok(())
    }

    /// Keeps that the files of a step have changed places, which took it back or did it again: what has them change
    /// back is `files` now. Where none could be moved, the step is forgotten, so that the ones before it can be
    /// taken back.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn files_moved(
        &self,
        step: i64,
        files: &[String],
        undone: bool,
    ) -> Result<(), LibraryError> {
        self.keep(|transaction| {
            if files.is_empty() {
                transaction.execute("DELETE FROM step WHERE id = ?1", [step])?;
                return Ok(((), false));
            }
            let (changes, _) = changes_of(transaction, step, undone)?;
            let mut writer = Writer::new(transaction);
            for (key, field, to) in &changes {
                if let Some(field) = Field::named(field) {
                    writer.set(key, &field, &field.value(to))?;
                }
            }
            writer.forget_files(step)?;
            writer.note_files(step, files.iter().map(|it| (&**it, &**it)))?;
            transaction.execute("UPDATE step SET undone = ?2 WHERE id = ?1", (step, undone))?;
            writer.finish()?;
            Ok(((), false))
        })?;
        self.changed();
        Ok(())
    }

    /// Has the full text of a story read from now on, or the feed's own: a step.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn show_full_text(&self, id: StoryId, shown: bool) -> Result<(), LibraryError> {
        self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            let Some((key, title)) = writer.key(id)? else {
                return Ok(((), false));
            };
            let step = writer.begin_step(Some(&self.name))?;
            // One that was fetched just now shows already: that is this step, too.
            writer.set(&key, &Field::Full, &Value::On(shown))?;
            let (old, new) = (Value::On(!shown).written(), Value::On(shown).written());
            writer.note(step, &key, &Field::Full, (&old, &new))?;
            let text = match shown {
                true => "the full text",
                false => "the feed’s own text",
            };
            writer.end_step(step, 1, &format!("showed {text} of “{title}”"))?;
            writer.finish()?;
            Ok(((), false))
        })?;
        self.text_changed(id)
    }

    /// The stories of which these changes show another text.
    pub(super) fn with_other_texts(
        &self,
        transaction: &Transaction<'_>,
        changes: &[(String, String, String)],
    ) -> rusqlite::Result<Vec<StoryId>> {
        let mut texts = Vec::new();
        for (key, field, _) in changes {
            if Field::named(field) == Some(Field::Full) {
                texts.extend(catalogue::numbered(transaction, self.collection, key)?);
            }
        }
        Ok(texts)
    }
}

impl Writer<'_> {
    /// Has all that was done with a story be done with its copy, too; where one reads it goes along if the copy was
    /// never read. What was done with the copy already stays.
    fn do_the_same(&mut self, step: i64, story: &str, copy: &str) -> rusqlite::Result<()> {
        for flag in ["read", "starred", "later"] {
            let on: Option<bool> = self
                .transaction
                .prepare_cached(&format!("SELECT {flag} FROM state WHERE key = ?1"))?
                .query_row([story], |row| row.get(0))
                .optional()?;
            if on == Some(true) {
                self.change(step, copy, &Field::Flag(flag), &Value::On(true))?;
            }
        }
        let tags: Vec<String> = self
            .transaction
            .prepare_cached("SELECT name FROM tag WHERE key = ?1")?
            .query_map([story], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for tag in tags {
            self.change(step, copy, &Field::Tag(tag), &Value::On(true))?;
        }
        for note in notes::under(self.transaction, story)? {
            let field = Field::Note(note.id.clone());
            self.change(step, copy, &field, &Value::Note(Some(Box::new(note))))?;
        }
        self.place_follows(story, copy)
    }

    /// A step that is to grow, if it was not taken back: the last of all, whatever was done meanwhile.
    fn as_last_step(&self, step: i64) -> rusqlite::Result<Option<i64>> {
        let is_last: Option<bool> = self
            .transaction
            .prepare_cached(
                "SELECT id = (SELECT max(id) FROM step) FROM step WHERE id = ?1 AND undone = 0",
            )?
            .query_row([step], |row| row.get(0))
            .optional()?;
        if is_last != Some(false) {
            return Ok(is_last.map(|_| step));
        }
        let last: i64 = self.transaction.query_row(
            "INSERT INTO step (at, what, collection) \
             SELECT ?2, what, collection FROM step WHERE id = ?1 RETURNING id",
            (step, Timestamp::now().as_millisecond()),
            |row| row.get(0),
        )?;
        let sql = "UPDATE change SET step = ?2 WHERE step = ?1";
        self.transaction.execute(sql, (step, last))?;
        self.transaction
            .execute("DELETE FROM step WHERE id = ?1", [step])?;
        Ok(Some(last))
    }

    /// Journals files of a step: of each what takes it back, and what does it again.
    fn note_files<'f>(
        &self,
        step: i64,
        files: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> rusqlite::Result<()> {
        let known: usize = self
            .transaction
            .prepare_cached("SELECT count(*) FROM change WHERE step = ?1 AND field = ?2")?
            .query_row((step, FILES), |row| row.get(0))?;
        for (number, files) in files.enumerate() {
            // No story is known by such a key: what has to do with files has nothing to do with state.
            let key = format!("{FILES}:{}", known + number);
            self.note(step, &key, &Field::Files, files)?;
        }
        Ok(())
    }

    fn forget_files(&self, step: i64) -> rusqlite::Result<()> {
        let sql = "DELETE FROM change WHERE step = ?1 AND field = ?2";
        self.transaction.execute(sql, (step, FILES))?;
        Ok(())
    }

    /// Journals a change that was made: what it was, and what it is.
    pub(in crate::library) fn note(
        &self,
        step: i64,
        key: &str,
        field: &Field,
        (old, new): (&str, &str),
    ) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO change (step, key, field, old, new) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((step, key, field.name(), old, new))?;
        Ok(())
    }

    pub(super) fn show_full(&self, key: &str, on: bool) -> rusqlite::Result<bool> {
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE fulltext SET shown = ?2 WHERE key = ?1 AND text <> '' AND shown <> ?2",
            )?
            .execute((key, on))?;
        Ok(changed > 0)
    }
}
