//! Full texts: what the pages say of which feeds announce only the beginning. Each is kept beside the entry, and
//! is read in its place as long as the reader wants it.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{Library, LibraryError, feeds, intake, others::count_up, store::Lane};
use crate::story::{FeedId, StoryId, words};

/// Seconds after which a page that could not be had is asked for again.
const AGAIN: i64 = 24 * 60 * 60;

/// Seconds after which a page is asked for again whose server did not answer; twice as many after each further
/// time.
const SOON: i64 = 5 * 60;

/// From when on a page may be asked for that was asked for in vain. `fetched` is negative where nobody answered,
/// and `shown` then counts how often before: there is no text that could be shown.
const ASKED_AGAIN: &str = "CASE WHEN fetched >= 0 THEN fetched + ?1 WHEN ?2 THEN 0 \
     ELSE min(?3 << min(shown, 16), ?1) - fetched END";

/// Links have fewer words, with what was noted and marked on their pages.
const FEW_WORDS: usize = 2000;

/// How it stands with the full text of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullText {
    /// There is none.
    None,
    /// It is kept, and the feed's own text shows.
    Kept,
    /// It shows.
    Shown,
}

/// The full text that is read in the place of an entry's own.
pub(super) fn shown(
    connection: &Connection,
    collection: i64,
    path: &[u8],
) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached(
            "SELECT text FROM file JOIN story ON story.id = file.story JOIN fulltext USING (key) \
             WHERE file.collection = ?1 AND path = ?2 AND shown AND text <> ''",
        )?
        .query_row((collection, path), |row| row.get(0))
        .optional()
}

impl Library {
    /// How it stands with the full text of a story.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn full_text(&self, id: StoryId) -> Result<FullText, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let shown: Option<bool> = connection
            .prepare_cached(
                "SELECT shown FROM story JOIN fulltext USING (key) WHERE story.id = ?1 AND text <> ''",
            )?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        Ok(match shown {
            None => FullText::None,
            Some(false) => FullText::Kept,
            Some(true) => FullText::Shown,
        })
    }

    /// Keeps the full text of a story, and has it read from now on; an empty one says that there was none to be
    /// had.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_full_text(&self, id: StoryId, text: &str) -> Result<(), LibraryError> {
        let now = Timestamp::now().as_second();
        self.store.write(Lane::Intake, |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO fulltext (key, text, fetched) SELECT key, ?2, ?3 FROM story WHERE id = ?1 \
                     ON CONFLICT DO UPDATE SET text = ?2, fetched = ?3, shown = 1",
                )?
                .execute((id.0, text, now))?;
            Ok(())
        })?;
        self.text_changed(id)
    }

    /// Keeps that nobody answered who was asked for the full text of a story. One that is there stays.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_unanswered(&self, id: StoryId) -> Result<(), LibraryError> {
        let now = Timestamp::now().as_second();
        self.store.write(Lane::Intake, |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO fulltext (key, text, fetched, shown) \
                     SELECT key, '', -?2, 0 FROM story WHERE id = ?1 \
                     ON CONFLICT DO UPDATE SET shown = iif(fetched < 0, shown + 1, 0), fetched = -?2 \
                     WHERE text = ''",
                )?
                .execute((id.0, now))?;
            Ok(())
        })?;
        Ok(())
    }

    /// When the full text of a story may be asked for again that was asked for in vain; none where it may be
    /// now. Whoever is `told` to asks at once where nobody answered.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn asked_again(&self, id: StoryId, told: bool) -> Result<Option<Timestamp>, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let at: Option<i64> = connection
            .prepare_cached(&format!(
                "SELECT {ASKED_AGAIN} FROM story JOIN fulltext USING (key) \
                 WHERE story.id = ?4 AND text = ''"
            ))?
            .query_row((AGAIN, told, SOON, id.0), |row| row.get(0))
            .optional()?;
        let at = at.and_then(|it| Timestamp::from_second(it).ok());
        Ok(at.filter(|it| *it > Timestamp::now()))
    }

    /// A story reads otherwise now: it takes another time, and is searched anew.
    pub(super) fn text_changed(&self, id: StoryId) -> Result<(), LibraryError> {
        let Ok(story) = self.read(id) else {
            return Ok(());
        };
        let count = words(&story.markdown);
        self.store.write(Lane::Intake, |transaction| {
            transaction.execute(
                "UPDATE story SET indexed = 0, words = ?2 WHERE id = ?1",
                (id.0, count),
            )?;
            count_up(transaction, self.collection)?;
            self.count_own_stories();
            Ok(())
        })?;
        self.changed();
        Ok(())
    }

    /// Whether a story has a page and no full text yet.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn may_have_full_text(&self, id: StoryId) -> Result<bool, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        Ok(connection
            .prepare_cached(
                "SELECT url IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fulltext \
                 WHERE fulltext.key = story.key AND text <> '') \
                 FROM story WHERE id = ?1",
            )?
            .query_row([id.0], |row| row.get(0))
            .optional()?
            .unwrap_or(false))
    }

    /// Unread stories of feeds that have a page and no full text yet, the newest first, at most so many of each
    /// feed; `told` as in [`Library::asked_again`].
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn lacking_full_text(
        &self,
        feeds: &[FeedId],
        most: usize,
        told: bool,
    ) -> Result<Vec<StoryId>, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let now = Timestamp::now().as_second();
        let mut statement = connection.prepare_cached(
            "SELECT id FROM entry WHERE feed = ?1 ORDER BY came DESC, id DESC LIMIT ?2",
        )?;
        let mut of_entry = connection.prepare_cached(&format!(
            "SELECT story.id FROM file JOIN story ON story.id = file.story \
             WHERE file.collection = ?4 AND path = ?5 AND read = 0 AND removed = 0 AND url IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM fulltext WHERE fulltext.key = story.key \
             AND (text <> '' OR {ASKED_AGAIN} > ?6))"
        ))?;
        let mut lacking = Vec::new();
        for feed in feeds {
            let entries: Vec<i64> = statement
                .query_map((feed.0, most), |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for entry in entries {
                let path = feeds::path_of_entry(entry);
                let story = of_entry
                    .query_row((AGAIN, told, SOON, self.collection, path, now), |row| {
                        row.get(0)
                    })
                    .optional()?;
                lacking.extend(story.map(StoryId));
            }
        }
        Ok(lacking)
    }

    /// Stories in files below a folder that have a page and few words, and are kept for later or unread, the newest
    /// first: links may be among them.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn short_in(
        &self,
        folder: &Path,
        later: bool,
        unread: bool,
    ) -> Result<Vec<StoryId>, LibraryError> {
        let Ok(below) = folder.strip_prefix(&self.root) else {
            return Ok(Vec::new());
        };
        let mut from = intake::bytes_of(below);
        from.push(b'/');
        let mut to = intake::bytes_of(below);
        to.push(b'/' + 1);
        let connection = self.store.hold(Lane::Background)?;
        Ok(connection
            .prepare_cached(
                "SELECT DISTINCT story.id, age FROM file JOIN story ON story.id = file.story \
                 WHERE file.collection = ?1 AND path > ?2 AND path < ?3 AND removed = 0 AND words < ?4 \
                 AND url IS NOT NULL AND (?5 AND later = 1 OR ?6 AND read = 0) \
                 ORDER BY age",
            )?
            .query_map(
                (self.collection, from, to, FEW_WORDS, later, unread),
                |row| row.get(0).map(StoryId),
            )?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets the full texts of stories that are no more.
    pub(super) fn forget_full_texts(&self) -> Result<(), LibraryError> {
        self.store.write(Lane::Intake, |transaction| {
            transaction.execute(
                "DELETE FROM fulltext WHERE key NOT IN (SELECT key FROM story)",
                [],
            )?;
            Ok(())
        })?;
        Ok(())
    }
}
