//! An entry as it is kept: what its feed said, as it was received.

use rusqlite::{Connection, OptionalExtension};

use crate::{
    ingest::{self, feed::Entry},
    story::{Published, Story},
};

/// An entry of a feed, out of the database.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// What the feed said.
    pub entry: Entry,
    /// The page of the feed's site: what addresses are relative to where the entry names no page.
    pub page: Option<String>,
    /// The language of the feed.
    pub language: Option<String>,
    /// Seconds since 1970 when it came.
    pub came: i64,
    /// What its page has, where that is to be read instead: front matter and Markdown.
    pub full: Option<String>,
}

impl Stored {
    /// The entry of a number, if it is there and can be understood.
    pub(in crate::library) fn of(
        connection: &Connection,
        entry: i64,
    ) -> rusqlite::Result<Option<Self>> {
        let found = connection
            .prepare_cached(
                "SELECT content, page, language, came FROM entry JOIN feed ON feed.id = feed \
                 WHERE entry.id = ?1",
            )?
            .query_row([entry], |row| {
                let content: String = row.get(0)?;
                Ok((content, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let stored = found.and_then(|(content, page, language, came)| {
            Some(Stored {
                entry: serde_json::from_str(&content).ok()?,
                page,
                language,
                came,
                full: None,
            })
        });
        Ok(stored)
    }

    /// What the feed itself says of the story.
    pub fn words_of_feed(&self) -> Story {
        self.entry.story(self.page.as_deref())
    }

    /// The story for its words: its language is not guessed.
    pub(in crate::library) fn words(&self) -> Story {
        let mut story = self.entry.story(self.page.as_deref());
        if let Some(full) = &self.full
            && let Ok(page) = ingest::read_words(full.as_bytes(), "page.md")
        {
            story = page.in_the_place_of(story);
        }
        if story.language.is_none() {
            story.language.clone_from(&self.language);
        }
        let came = jiff::Timestamp::from_second(self.came).map(Published::At);
        story.published = story.published.or(came.ok());
        story
    }

    /// Its text as it was received; the full one where that is read.
    pub fn text(&self) -> &str {
        if let Some(full) = &self.full {
            return full;
        }
        let content = self.entry.content.as_ref();
        content.map_or("", |content| &content.text)
    }

    /// The whole story.
    pub fn story(&self) -> Story {
        let mut story = self.words();
        if let Some(language) = ingest::language_of(&story) {
            story.language = Some(language.to_owned());
        }
        story
    }
}
