//! What the reader does with stories: the one door through which every change of state goes.
//!
//! A change is written to the journal and to the state in one transaction, which is on the disk when
//! the call returns. Undo and redo move along the journal's steps, also those of an earlier run, but only
//! those that were made in the collection that is open: who undoes sees what is undone.

mod field;
mod place;
mod tags;
mod texts;

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction};

use super::{
    Library, LibraryError, catalogue,
    facets::{self, Counts, FacetKind, Facets, Filed},
    feeds::{self, said_of_all},
    store::Lane,
};
pub(super) use field::{FILES, FOLDER, Field, Value};
pub(super) use place::show_place;
pub use texts::Copied;
use texts::{Set, changes_of};

use crate::story::{Change, FeedId, Note, Operation, StoryId, Target, grouped};

/// Steps that can be undone; older ones are forgotten when the library is opened.
const STEPS: i64 = 10_000;

/// What a change came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// Stories whose state is another one now; or feeds, where it was done with those.
    pub stories: usize,
    /// What was done, in words: "marked read “A title”", "starred 3 stories".
    pub what: String,
    /// A story that undoing or redoing brought back into the lists.
    pub back: Option<StoryId>,
    /// A feed that undoing or redoing brought back, the first of several.
    pub feed: Option<FeedId>,
    /// The folder of the first feed that lies in another one by undoing or redoing, and that one.
    pub refiled: Option<(String, String)>,
    /// What undoing or redoing left as it is since something else was done with it.
    pub left: Option<feeds::LeftAsIs>,
    /// What is to be known besides of what undoing or redoing did, in words.
    pub besides: Vec<String>,
    /// Whether it was done with feeds: their stories are to be brought in line
    /// ([`Library::settle_feeds`]).
    pub feeds: bool,
    /// Stories that read otherwise now.
    pub texts: Vec<StoryId>,
    /// The step whose files are to be moved for it to be taken back, or done again, and these: nothing was done yet
    /// ([`Library::files_moved`]).
    pub files: Option<(i64, Vec<String>)>,
}

impl Done {
    /// Nothing was done that these words are for.
    pub(super) fn nothing(what: &str) -> Self {
        Done {
            what: what.to_owned(),
            ..Done::default()
        }
    }
}

impl Library {
    /// Does something with stories, and keeps it.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn apply(&self, operation: &Operation) -> Result<Done, LibraryError> {
        let stories = self.targets(&operation.target)?;
        let fields: Vec<(Field, Value)> = operation.changes.iter().map(Field::of).collect();
        let words = operation.words();
        let done = self.keep(|transaction| {
            let mut writer = Writer::new(transaction);
            let step = writer.begin_step(Some(&self.name))?;
            let mut changed = 0;
            let mut title = String::new();
            for id in stories {
                let Some((key, its_title)) = writer.key(id)? else {
                    continue;
                };
                let mut touched = false;
                for (field, value) in &fields {
                    touched |= writer.change(step, &key, field, value)?;
                }
                if touched {
                    changed += 1;
                    title = its_title;
                }
            }
            let what = match changed {
                1 => format!("{words} “{title}”"),
                _ => format!("{words} {} stories", grouped(changed)),
            };
            Ok((writer.done(step, changed, what)?, operation.removes()))
        })?;
        self.changed();
        Ok(done)
    }

    /// Takes back the last step made here that was not taken back yet. None where there is none.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn undo(&self) -> Result<Option<Done>, LibraryError> {
        self.walk(true, None)
    }

    /// Does again the step made here that was taken back last.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn redo(&self) -> Result<Option<Done>, LibraryError> {
        self.walk(false, None)
    }

    /// The number of the step that [`Library::walk`] would take back: a later one has a higher number.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn last_step(&self, begins: Option<&Path>) -> Result<Option<i64>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(connection
            .prepare_cached(next_step(true))?
            .query_row([&*self.name, &*self.kept_in(begins)], |row| row.get(0))
            .optional()?)
    }

    /// Takes back a step, or does one again. `begins` is the folder that becomes the library with the first file in
    /// it: what was kept there counts as made here. Where the step is files that were written, nothing is done, and
    /// they are given.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn walk(&self, undo: bool, begins: Option<&Path>) -> Result<Option<Done>, LibraryError> {
        let find = next_step(undo);
        let kept_in = self.kept_in(begins);
        let next = |transaction: &Transaction<'_>| {
            transaction
                .query_row(find, [&*self.name, &*kept_in], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, i64>(2)?))
                })
                .optional()
        };
        let done = self.keep(|transaction| {
            let Some((step, what, at)) = next(transaction)? else {
                return Ok((None, false));
            };
            let (changes, before) = changes_of(transaction, step, undo)?;
            let files = changes.iter().filter(|(_, field, _)| field == FILES);
            let files: Vec<String> = files.map(|(.., files)| files.clone()).collect();
            if !files.is_empty() {
                let done = Done {
                    what,
                    files: Some((step, files)),
                    ..Done::default()
                };
                return Ok((Some(done), false));
            }
            let (mut done, removal) =
                self.set_as(transaction, step, (what, at), (&changes, &before), undo)?;
            if let Some(left) = done.left.as_mut().filter(|it| it.all)
                && let Some((step, what, _)) = next(transaction)?
            {
                let (changes, _) = changes_of(transaction, step, undo)?;
                left.next = Some(Writer::new(transaction).by_names(what, &changes)?);
            }
            Ok((Some(done), removal))
        })?;
        for id in done.iter().flat_map(|it| &it.texts) {
            self.text_changed(*id)?;
        }
        self.changed();
        Ok(done)
    }

    /// Sets what a step changed to what it was before, or after it; says also whether stories were removed by that, or
    /// are back.
    fn set_as(
        &self,
        transaction: &Transaction<'_>,
        step: i64,
        (what, at): (String, i64),
        (changes, before): (&[Set], &[String]),
        undo: bool,
    ) -> rusqlite::Result<(Done, bool)> {
        let mut writer = Writer::new(transaction);
        let what = writer.by_names(what, changes)?;
        let mut keys: Vec<&str> = changes.iter().map(|(key, ..)| &**key).collect();
        keys.dedup();
        let stories = keys.len();
        let mut removed = changes.iter().filter(|(_, field, _)| field == "removed");
        let first = removed.next().map(|(key, _, to)| (key, to == "1"));
        let removal = first.is_some();
        let back = match first {
            Some((key, false)) => catalogue::numbered(transaction, self.collection, key)?,
            _ => None,
        };
        let (mut feed, mut refiled, mut left, mut nothing) = (None, None, Vec::new(), true);
        let mut set = Vec::new();
        for ((key, field, to), from) in changes.iter().zip(before) {
            if let Some(field) = Field::named(field) {
                let values = (field.value(from), field.value(to));
                let still = writer.still(step, key, &field, values)?;
                if still.left {
                    left.push(&**key);
                    writer.keep_part(step, key, &field, still.value.as_ref(), undo)?;
                }
                let Some(value) = still.value else { continue };
                if let (true, Value::Feed(Some(subscription))) = (undo, &value) {
                    writer.leave_address(key, &subscription.url, at / 1000)?;
                }
                if let Value::Feed(Some(to)) = &value {
                    match writer.subscription(key)? {
                        None if feed.is_none() => feed = feeds::number_of(transaction, key)?,
                        Some(it) => match writer.said_of(key, &it, to)? {
                            Some(words) => set.push(words),
                            None if refiled.is_none() && it.folder != to.folder => {
                                refiled = Some((it.folder, to.folder.clone()));
                            }
                            None => {}
                        },
                        None => {}
                    }
                }
                nothing &= !writer.set(key, &field, &value)?;
                if let (true, Value::Feed(None)) = (undo, &value) {
                    writer.never_subscribed(key, step)?;
                }
            }
        }
        let mut besides = Vec::from_iter(said_of_all(set));
        for ((_, field, to), from) in changes.iter().zip(before) {
            if field == FOLDER {
                besides.extend(writer.follow_folder(from, to)?);
            }
        }
        transaction.execute("UPDATE step SET undone = ?2 WHERE id = ?1", (step, undo))?;
        let mut left = writer.left_as_is(&left)?;
        if let Some(left) = left.as_mut().filter(|_| nothing) {
            writer.forget_step_of_nothing(step)?;
            left.all = true;
        }
        writer.finish()?;
        let done = Done {
            stories,
            what,
            back,
            feed,
            refiled,
            left,
            besides,
            feeds: changes.iter().any(|(_, field, _)| field == "feed"),
            texts: self.with_other_texts(transaction, changes)?,
            files: None,
        };
        Ok((done, removal))
    }

    fn targets(&self, target: &Target) -> Result<Vec<StoryId>, LibraryError> {
        match target {
            Target::Stories(stories) => Ok(stories.clone()),
            Target::Listed(listing) => self.stories(listing, None, false),
            Target::Above(listing, id) => self.stories(listing, Some(*id), true),
            Target::Below(listing, id) => self.stories(listing, Some(*id), false),
        }
    }

    /// Forgets the steps that nobody will undo any more, and stories that went long ago.
    pub(super) fn forget_old_steps(&self) -> Result<(), LibraryError> {
        self.store.change(|transaction| {
            transaction.execute(
                "DELETE FROM step WHERE id <= (SELECT max(id) FROM step) - ?1",
                [STEPS],
            )?;
            transaction.execute(
                "DELETE FROM departed WHERE id NOT IN \
                 (SELECT id FROM departed ORDER BY rowid DESC LIMIT ?1)",
                [STEPS],
            )?;
            Ok(())
        })?;
        Ok(())
    }
}

/// The next step to be taken back, or done again, that was made in one of two collections (`?1`, `?2`), in SQL: its
/// number, its words, and when it was made.
pub(super) fn next_step(undo: bool) -> &'static str {
    if undo {
        "SELECT id, what, at FROM step WHERE undone = 0 AND coalesce(collection, ?1) IN (?1, ?2) \
         ORDER BY id DESC LIMIT 1"
    } else {
        // The last one, too, where the files of it were cut off as they changed places.
        "SELECT id, what, at FROM step WHERE coalesce(collection, ?1) IN (?1, ?2) AND (undone = 1 \
         OR id = (SELECT max(id) FROM step WHERE undone = 0 AND coalesce(collection, ?1) IN (?1, ?2)) \
         AND EXISTS (SELECT 1 FROM change WHERE step = step.id AND field = 'files' AND old <> new)) \
         ORDER BY id LIMIT 1"
    }
}

/// State that hangs on a file's path keeps a number of the file's content, to find it after a move.
pub(super) fn remember_content(transaction: &Transaction<'_>, key: &str) -> rusqlite::Result<()> {
    if !key.starts_with(super::intake::BY_PATH) {
        return Ok(());
    }
    transaction
        .prepare_cached(
            "UPDATE state SET hash = (SELECT hash FROM story JOIN file ON file.story = story.id \
             WHERE story.key = ?1 LIMIT 1) WHERE key = ?1 AND hash IS NULL",
        )?
        .execute([key])?;
    Ok(())
}

/// Writes changes within one transaction.
pub(super) struct Writer<'a> {
    transaction: &'a Transaction<'a>,
    counts: Counts,
    facets: Facets,
}

/// What was taken back before something else was done, in the same collection or in all, can no longer be
/// done again.
pub(super) const FORGET_UNDONE: &str =
    "DELETE FROM step WHERE undone = 1 AND (?1 IS NULL OR coalesce(collection, ?1) = ?1)";

impl<'a> Writer<'a> {
    pub(super) fn new(transaction: &'a Transaction<'a>) -> Self {
        Writer {
            transaction,
            counts: Counts::default(),
            facets: Facets::default(),
        }
    }

    pub(super) fn finish(self) -> rusqlite::Result<()> {
        self.counts.write(self.transaction)
    }

    /// Ends a step that changed so many stories, or feeds, and all that was written for it; gives what was done.
    pub(super) fn done(self, step: i64, changed: usize, what: String) -> rusqlite::Result<Done> {
        self.end_step(step, changed, &what)?;
        self.finish()?;
        Ok(Done {
            stories: changed,
            what,
            ..Done::default()
        })
    }

    /// Begins a step in the collection of this name; without one, in all of them.
    pub(super) fn begin_step(&self, collection: Option<&str>) -> rusqlite::Result<i64> {
        self.transaction.execute(FORGET_UNDONE, [collection])?;
        self.transaction.query_row(
            "INSERT INTO step (at, what, collection) VALUES (?1, '', ?2) RETURNING id",
            (Timestamp::now().as_millisecond(), collection),
            |row| row.get(0),
        )
    }

    pub(super) fn end_step(&self, step: i64, changed: usize, what: &str) -> rusqlite::Result<()> {
        let sql = if changed == 0 {
            "DELETE FROM step WHERE id = ?1 AND ?2 = ?2"
        } else {
            "UPDATE step SET what = ?2 WHERE id = ?1"
        };
        self.transaction.execute(sql, (step, what))?;
        Ok(())
    }

    /// Does with a story what a rule says. No step of the reader's: there is nothing to undo.
    pub(super) fn rule(&mut self, key: &str, changes: &[Change]) -> rusqlite::Result<()> {
        for change in changes {
            let (field, value) = Field::of(change);
            self.set(key, &field, &value)?;
        }
        Ok(())
    }

    /// Sets a field of one story's state, and journals it. False if it was so already.
    pub(super) fn change(
        &mut self,
        step: i64,
        key: &str,
        field: &Field,
        value: &Value,
    ) -> rusqlite::Result<bool> {
        let (mut field, mut value) = (field.clone(), value.clone());
        let before = match (&mut field, &mut value) {
            (Field::Note(id), Value::Note(note)) => {
                if let Some(note) = note {
                    self.date(note)?;
                    id.clone_from(&note.id);
                }
                Value::Note(self.note_with(key, id)?.map(Box::new))
            }
            (_, Value::On(on)) => Value::On(!*on),
            (Field::Feed, Value::Feed(_)) => Value::Feed(self.subscription(key)?.map(Box::new)),
            (Field::Query, Value::Query(_)) => Value::Query(self.kept_query(key)?),
            _ => return Ok(false),
        };
        if !self.set(key, &field, &value)? {
            return Ok(false);
        }
        self.transaction
            .prepare_cached(
                "INSERT INTO change (step, key, field, old, new) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((step, key, field.name(), before.written(), value.written()))?;
        Ok(true)
    }

    /// Gives a note that is kept for the first time its id and its date, and one that comes from the
    /// reader's hand the moment of its change.
    fn date(&self, note: &mut Note) -> rusqlite::Result<()> {
        if note.changed > 0 {
            return Ok(());
        }
        note.changed = Timestamp::now().as_millisecond();
        if note.id.is_empty() {
            note.id = self.new_id()?;
            note.created = note.changed;
        }
        Ok(())
    }

    /// What a story is known by, and its title.
    pub(super) fn key(&self, id: StoryId) -> rusqlite::Result<Option<(String, String)>> {
        self.transaction
            .prepare_cached(
                "SELECT key, title FROM story WHERE id = ?1 \
                 UNION ALL SELECT key, title FROM departed WHERE id = ?1",
            )?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    }

    /// Sets a field of one story's state, and of its rows. False if it was so already.
    pub(super) fn set(
        &mut self,
        key: &str,
        field: &Field,
        value: &Value,
    ) -> rusqlite::Result<bool> {
        match (field, value) {
            (Field::Flag(name), Value::On(on)) => self.set_flag(key, name, *on),
            (Field::Tag(name), Value::On(on)) => self.set_tag(key, name, *on),
            (Field::Note(id), Value::Note(note)) => self.put_note(key, id, note.as_deref()),
            (Field::Feed, Value::Feed(subscription)) => {
                self.put_subscription(key, subscription.as_deref())
            }
            (Field::Query, Value::Query(query)) => self.put_query(key, query.as_deref()),
            (Field::Full, Value::On(on)) => self.show_full(key, *on),
            _ => Ok(false),
        }
    }

    /// The transaction that is written in.
    pub(super) fn transaction(&self) -> &'a Transaction<'a> {
        self.transaction
    }

    fn set_flag(&mut self, key: &str, name: &'static str, on: bool) -> rusqlite::Result<bool> {
        let was: Option<bool> = self
            .transaction
            .prepare_cached(&format!("SELECT {name} FROM state WHERE key = ?1"))?
            .query_row([key], |row| row.get(0))
            .optional()?;
        if (name, on) == ("read", true) {
            self.is_noticed(key)?;
        }
        if was.unwrap_or(false) == on {
            return Ok(false);
        }
        self.transaction
            .prepare_cached(&format!(
                "INSERT INTO state (key, {name}) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET {name} = ?2"
            ))?
            .execute((key, on))?;
        remember_content(self.transaction, key)?;
        self.show(key, name, on)?;
        Ok(true)
    }

    /// A story that is marked read no longer says that it was changed, though it was read before.
    fn is_noticed(&self, key: &str) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached("UPDATE story SET edited = 0 WHERE key = ?1 AND edited > 0")?
            .execute([key])?;
        Ok(())
    }

    /// Has the rows of a story say whether there are notes in it.
    pub(super) fn set_noted(&mut self, key: &str, noted: bool) -> rusqlite::Result<()> {
        self.show(key, "noted", noted)
    }

    /// Sets a flag in the rows of a story, and counts it.
    fn show(&mut self, key: &str, name: &'static str, on: bool) -> rusqlite::Result<()> {
        for row in self.affected(key)? {
            let mut after = row.flags;
            match name {
                "read" => after.read = on,
                "starred" => after.starred = on,
                "later" => after.later = on,
                "noted" => after.noted = on,
                _ => after.removed = on,
            }
            self.transaction
                .prepare_cached(&format!("UPDATE story SET {name} = ?2 WHERE id = ?1"))?
                .execute((row.id, on))?;
            self.counts
                .changed(row.collection, &row.facets, Some(row.flags), Some(after));
        }
        Ok(())
    }

    fn set_tag(&mut self, key: &str, name: &str, on: bool) -> rusqlite::Result<bool> {
        let affected = self.affected(key)?;
        if on && !affected.is_empty() {
            let mut all = true;
            for row in &affected {
                let tag =
                    self.facets
                        .number(self.transaction, row.collection, FacetKind::Tag, name)?;
                all &= row.facets.contains(&tag);
            }
            if all {
                // It stands in the file, or was given before.
                return Ok(false);
            }
        }
        let sql = if on {
            "INSERT OR IGNORE INTO tag (key, name) VALUES (?1, ?2)"
        } else {
            "DELETE FROM tag WHERE key = ?1 AND name = ?2"
        };
        if self.transaction.prepare_cached(sql)?.execute((key, name))? == 0 {
            return Ok(false);
        }
        for row in affected {
            let mut facets = row.facets;
            let tag = self
                .facets
                .number(self.transaction, row.collection, FacetKind::Tag, name)?;
            let has = facets.contains(&tag);
            if has == on {
                continue;
            }
            if on {
                facets.push(tag);
                self.counts.filed(tag, row.flags, 1);
            } else {
                facets.retain(|it| *it != tag);
                self.counts.filed(tag, row.flags, -1);
            }
            let sql = if on {
                "INSERT OR IGNORE INTO filed (facet, age, tie, story) VALUES (?1, ?2, ?3, ?4)"
            } else {
                "DELETE FROM filed WHERE facet = ?1 AND age = ?2 AND tie = ?3 AND story = ?4"
            };
            self.transaction
                .prepare_cached(sql)?
                .execute((tag, row.age, row.tie, row.id))?;
            self.transaction
                .prepare_cached("UPDATE story SET facets = ?2 WHERE id = ?1")?
                .execute((row.id, facets::written(&facets)))?;
        }
        Ok(true)
    }

    /// The rows of a story: one in each collection that it is in.
    fn affected(&self, key: &str) -> rusqlite::Result<Vec<Filed>> {
        let columns = Filed::COLUMNS;
        self.transaction
            .prepare_cached(&format!("SELECT {columns} FROM story WHERE key = ?1"))?
            .query_map([key], Filed::of)?
            .collect()
    }
}
