//! What stands after a story's last line: its comments and files, unread stories of this week, and those
//! that are most like it.

use std::{cmp::Ordering, collections::HashMap};

use rusqlite::Connection;

use super::{
    Library, LibraryError, catalogue,
    facets::FacetKind,
    feeds::{self, Stored},
    part::{Totals, week_begins},
    store::{Lane, late},
    text::{self, Shared},
};
use crate::story::{After, Comments, Row, Story, StoryId};

/// Stories under a heading.
const MOST: usize = 3;

/// Entries of one story that are looked at: few feeds carry the same.
const ENTRIES: i64 = 8;

/// Stories by the same author, or filed under the same, that are looked at: the newest.
const NEWEST: i64 = 40;

/// Facets of a story that are looked at.
const FACETS: usize = 12;

/// What it counts that the author is the same one, against 1 for the words of the likest story.
const SAME_AUTHOR: f64 = 0.5;

/// The same of what it is filed under, if nothing else is; and of all of it together.
const SAME_FACET: f64 = 0.3;
const SAME_FACETS: f64 = 0.5;

/// With less in common, two stories have nothing to do with each other.
const LEAST: f64 = 0.25;

impl Library {
    /// What stands after a story's last line. `story` is that story, of whose body the beginning is
    /// enough. It is given up when `cancelled`: then there is less.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn after(
        &self,
        id: StoryId,
        story: &Story,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<After, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let mut after = After {
            // Asked first: what is indexed meanwhile may be missing all the same.
            early: self.waits_for_index(&connection)?,
            ..After::default()
        };
        let entries = entries(&connection, id)?;
        after.comments = comments(story, &entries);
        if let Some(comments) = &mut after.comments {
            let counted = counted(&connection, id, comments.feed.as_deref())?;
            comments.count = comments.count.max(counted);
        }
        after.files.clone_from(&story.enclosures);
        for Stored { entry, .. } in entries {
            for file in entry.enclosures {
                if after.files.iter().all(|it| it.url != file.url) {
                    after.files.push(file);
                }
            }
        }
        after.week = self.unread_of_week(&connection, id)?;
        after.alike = self.alike(&connection, id, story, cancelled)?;
        after
            .alike
            .retain(|row| after.week.iter().all(|it| it.id != row.id));
        after.alike.truncate(MOST);
        Ok(after)
    }

    fn waits_for_index(&self, connection: &Connection) -> rusqlite::Result<bool> {
        connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM story INDEXED BY story_unindexed \
                 WHERE collection = ?1 AND indexed = 0)",
            )?
            .query_row([self.collection], |row| row.get(0))
    }

    fn unread_of_week(&self, connection: &Connection, id: StoryId) -> rusqlite::Result<Vec<Row>> {
        // Without its index all of the library would have to be sorted.
        if !late::is_there(connection, "story_unread")? {
            return Ok(Vec::new());
        }
        let oldest = -week_begins(&(self.clock)());
        let found = connection
            .prepare_cached(
                "SELECT id FROM story INDEXED BY story_unread WHERE collection = ?1 AND removed = 0 \
                 AND read = 0 AND age <= ?2 AND trouble IS NULL AND id <> ?3 \
                 ORDER BY age, tie LIMIT ?4",
            )?
            .query_map((self.collection, oldest, id.0, MOST as i64), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<u32>>>()?;
        rows(connection, found)
    }

    /// The stories that have most in common with this one, a few more than show.
    fn alike(
        &self,
        connection: &Connection,
        id: StoryId,
        story: &Story,
        cancelled: &dyn Fn() -> bool,
    ) -> rusqlite::Result<Vec<Row>> {
        let total = Totals::of(connection, self.collection)?.total;
        let words = text::alike(connection, story, total, cancelled)?;
        let facets = facets(connection, id)?;
        let mut candidates: Vec<u32> = words.keys().copied().collect();
        for facet in facets.keys() {
            if cancelled() {
                return Ok(Vec::new());
            }
            candidates.extend(filed(connection, *facet)?);
        }
        let list = serde_json::to_string(&candidates).unwrap_or_default();
        let mut statement = connection.prepare_cached(
            "SELECT id, facets, age FROM story WHERE id IN (SELECT value FROM json_each(?1)) \
             AND collection = ?2 AND removed = 0 AND trouble IS NULL AND id <> ?3",
        )?;
        let found = statement.query_map((list, self.collection, id.0), |row| {
            let filed: String = row.get(1)?;
            Ok((row.get::<_, u32>(0)?, filed, row.get::<_, i64>(2)?))
        })?;
        let found: Vec<_> = found.collect::<rusqlite::Result<_>>()?;
        // Ranks say which of two is likelier, not how alike anything is.
        let best = found.iter().filter_map(|(id, ..)| words.get(id));
        let best = best.map(|it| it.rank).fold(f64::MIN_POSITIVE, f64::max);
        let mut scored: Vec<(f64, i64, u32)> = Vec::new();
        for (id, filed, age) in found {
            let filed: Vec<i64> = serde_json::from_str(&filed).unwrap_or_default();
            let score = words.get(&id).map_or(0.0, |it| by_words(*it, best));
            let score = score + by_facets(&facets, &filed, total);
            if score >= LEAST {
                scored.push((score, age, id));
            }
        }
        scored.sort_by(|a, b| match b.0.total_cmp(&a.0) {
            Ordering::Equal => (a.1, a.2).cmp(&(b.1, b.2)),
            order => order,
        });
        scored.truncate(2 * MOST);
        rows(connection, scored.into_iter().map(|(.., id)| id))
    }
}

/// What words count: one alone may be a matter of chance.
fn by_words(shared: Shared, best: f64) -> f64 {
    let share = shared.rank / best;
    if shared.words > 1 { share } else { share * 0.2 }
}

/// What authors, categories and tags count.
fn by_facets(facets: &HashMap<i64, (bool, usize)>, filed: &[i64], total: usize) -> f64 {
    let shared = || filed.iter().filter_map(|facet| facets.get(facet));
    let author = shared().any(|(author, _)| *author);
    // A category that half of the library is filed under says nothing.
    let rarity = |of: usize| {
        let share = of.max(1) as f64 / total.max(2) as f64;
        (1.0 - share.min(1.0)) * SAME_FACET
    };
    let others = shared().filter(|(author, _)| !author);
    let others: f64 = others.map(|(_, of)| rarity(*of)).sum();
    f64::from(u8::from(author)) * SAME_AUTHOR + others.min(SAME_FACETS)
}

/// The authors, categories and tags of a story: whether it is an author, and how many stories it has.
fn facets(connection: &Connection, id: StoryId) -> rusqlite::Result<HashMap<i64, (bool, usize)>> {
    let mut statement = connection.prepare_cached(
        "SELECT facet.id, kind, total FROM story JOIN json_each(story.facets) \
         JOIN facet ON facet.id = value WHERE story.id = ?1 AND kind IN (?2, ?3, ?4) \
         ORDER BY total LIMIT ?5",
    )?;
    let kinds = (
        FacetKind::Author as i64,
        FacetKind::Category as i64,
        FacetKind::Tag as i64,
    );
    let found = statement.query_map((id.0, kinds.0, kinds.1, kinds.2, FACETS as i64), |row| {
        let author = row.get::<_, i64>(1)? == kinds.0;
        Ok((row.get(0)?, (author, row.get(2)?)))
    })?;
    found.collect()
}

/// The newest stories filed under a facet.
fn filed(connection: &Connection, facet: i64) -> rusqlite::Result<Vec<u32>> {
    if !late::is_there(connection, late::FILED)? {
        return Ok(Vec::new());
    }
    let mut statement = connection
        .prepare_cached("SELECT story FROM filed WHERE facet = ?1 ORDER BY age, tie LIMIT ?2")?;
    let found = statement.query_map((facet, NEWEST), |row| row.get(0))?;
    found.collect()
}

fn rows(
    connection: &Connection,
    stories: impl IntoIterator<Item = u32>,
) -> rusqlite::Result<Vec<Row>> {
    let rows = stories
        .into_iter()
        .map(|id| catalogue::row(connection, StoryId(id)));
    rows.filter_map(Result::transpose).collect()
}

/// The entries of feeds that a story is, if it is any.
pub(super) fn entries(connection: &Connection, id: StoryId) -> rusqlite::Result<Vec<Stored>> {
    let paths = connection
        .prepare_cached(
            "SELECT path FROM file WHERE story = ?1 AND path >= ?2 ORDER BY path LIMIT ?3",
        )?
        .query_map((id.0, feeds::ENTRY, ENTRIES), |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<Vec<u8>>>>()?;
    let entries = paths.iter().filter_map(|path| feeds::entry_at(path));
    let stored = entries.map(|entry| Stored::of(connection, entry));
    stored.filter_map(Result::transpose).collect()
}

/// How many comments there are: as many as the feed said last, or more, if more were fetched.
fn counted(
    connection: &Connection,
    id: StoryId,
    feed: Option<&str>,
) -> rusqlite::Result<Option<u32>> {
    let count: u32 = connection
        .prepare_cached(
            "SELECT max(comments, (SELECT count(*) FROM comment JOIN discussion \
             ON discussion.id = discussion WHERE url = ?2)) FROM story WHERE id = ?1",
        )?
        .query_row((id.0, feed), |row| row.get(0))?;
    Ok(Some(count).filter(|count| *count > 0))
}

/// Where the comments on a story are, as it says itself, or its feeds.
pub(super) fn comments(story: &Story, entries: &[Stored]) -> Option<Comments> {
    let of = |what: fn(&Stored) -> Option<&String>| entries.iter().find_map(what).cloned();
    let feed = of(|it| it.entry.comments_feed.as_ref());
    let page = of(|it| it.entry.comments_url.as_ref()).or_else(|| story.comments_url.clone());
    let comments = Comments {
        count: story.comments_count,
        page: page.filter(|it| it.contains("://")),
        feed,
    };
    (comments.feed.is_some() || comments.page.is_some()).then_some(comments)
}
