//! Where a list was left and how pages were set, so that the next start goes on there.

use std::borrow::Cow;

use rusqlite::OptionalExtension;

use super::{
    Library, LibraryError, catalogue, facets::FacetKind, feeds, state::Writer, store::Lane,
};
use crate::story::{FeedId, FeedName, Left, SORTS, Source, View};

impl Library {
    /// Keeps where the list of this collection was left. Others are not told: it shows nowhere.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_left(&self, left: &Left) -> Result<(), LibraryError> {
        let (kind, name) = written(&left.source);
        let sort = SORTS.iter().find(|(sort, _)| *sort == left.sort);
        self.store.change(|transaction| {
            let key = match left.story {
                Some(id) => Writer::new(transaction).key(id)?.map(|(key, _)| key),
                None => None,
            };
            transaction
                .prepare_cached(
                    "INSERT INTO listed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE \
                     SET kind = ?2, name = ?3, unread = ?4, sort = ?5, key = ?6, near = ?7",
                )?
                .execute((
                    &self.name,
                    kind,
                    name,
                    left.unread,
                    sort.map_or("", |(_, words)| words),
                    key,
                    left.near,
                ))?;
            Ok(())
        })?;
        Ok(())
    }

    /// Keeps how pages are set, of all collections.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_view(&self, view: View) -> Result<(), LibraryError> {
        self.store.change(|transaction| {
            let mut keep =
                transaction.prepare_cached("INSERT OR REPLACE INTO view VALUES (?1, ?2)")?;
            keep.execute(("measure", view.measure))?;
            keep.execute(("justify", view.justify))?;
            Ok(())
        })?;
        Ok(())
    }

    /// How pages were set last; nothing where nobody chose anything.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn view(&self) -> Result<Option<View>, LibraryError> {
        let connection = self.store.hold(Lane::Lists)?;
        let mut value = connection.prepare_cached("SELECT value FROM view WHERE name = ?1")?;
        let mut of = |name| {
            value
                .query_row([name], |row| row.get::<_, i64>(0))
                .optional()
        };
        let (measure, justify) = (of("measure")?, of("justify")?);
        Ok(measure.map(|measure| View {
            measure: u16::try_from(measure).unwrap_or(u16::MAX),
            justify: justify.is_some_and(|it| it != 0),
        }))
    }

    /// Where the list of this collection was left; nothing where that part of it is there no more.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn left(&self) -> Result<Option<Left>, LibraryError> {
        // The connection that there is already: the first screen waits for this.
        let connection = self.store.hold(Lane::Lists)?;
        let row = connection
            .prepare_cached(
                "SELECT kind, name, unread, sort, key, near FROM listed WHERE collection = ?1",
            )?
            .query_row([&self.name], |row| {
                let source: (String, String) = (row.get(0)?, row.get(1)?);
                let sort: String = row.get(3)?;
                Ok((source, row.get(2)?, sort, row.get(4)?, row.get(5)?))
            })
            .optional()?;
        let Some(((kind, name), unread, sort, key, near)) = row else {
            return Ok(None);
        };
        let Some(mut source) = source(&kind, &name) else {
            return Ok(None);
        };
        if let Source::Feed(feed) = &mut source {
            match feeds::name_of(&connection, feed.id)? {
                Some(name) => feed.name = name.into(),
                None => return Ok(None),
            }
        }
        let key: Option<String> = key;
        let story = match &key {
            Some(key) => catalogue::numbered(&connection, self.collection, key)?,
            None => None,
        };
        let is_there = match (facet(&source), &source) {
            (Some(kind), _) => connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM facet WHERE collection = ?1 AND kind = ?2 \
                     AND name = ?3 AND total > 0)",
                )?
                .query_row((self.collection, kind as i64, &name), |row| row.get(0))?,
            (None, Source::Saved(_)) => connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM saved WHERE name = ?1)")?
                .query_row([&name], |row| row.get(0))?,
            (None, _) => true,
        };
        let known = SORTS.iter().find(|(_, words)| *words == sort);
        Ok(is_there.then(|| Left {
            source,
            unread,
            sort: known.map_or_else(Default::default, |(sort, _)| *sort),
            story,
            near,
        }))
    }
}

/// A source as it is written: its kind, and its name where there are several of the kind.
fn written(source: &Source) -> (&'static str, Cow<'_, str>) {
    let (kind, name): (_, &str) = match source {
        Source::All => ("all", ""),
        Source::Unread => ("unread", ""),
        Source::Later => ("later", ""),
        Source::Starred => ("starred", ""),
        Source::ThisWeek => ("week", ""),
        Source::Noted => ("noted", ""),
        Source::Books => ("books", ""),
        Source::Removed => ("removed", ""),
        Source::Saved(name) => ("saved", name),
        Source::Folder(name) => ("folder", name),
        Source::Category(name) => ("category", name),
        Source::Author(name) => ("author", name),
        Source::Tag(name) => ("tag", name),
        Source::Feed(feed) => return ("feed", Cow::Owned(feed.id.0.to_string())),
    };
    (kind, Cow::Borrowed(name))
}

fn source(kind: &str, name: &str) -> Option<Source> {
    Some(match kind {
        "all" => Source::All,
        "unread" => Source::Unread,
        "later" => Source::Later,
        "starred" => Source::Starred,
        "week" => Source::ThisWeek,
        "noted" => Source::Noted,
        "books" => Source::Books,
        "removed" => Source::Removed,
        "saved" => Source::Saved(name.into()),
        "folder" => Source::Folder(name.into()),
        "category" => Source::Category(name.into()),
        "author" => Source::Author(name.into()),
        "tag" => Source::Tag(name.into()),
        // What it is called, the feeds tell.
        "feed" => Source::Feed(FeedName {
            id: FeedId(name.parse().ok()?),
            name: "".into(),
        }),
        _ => return None,
    })
}

fn facet(source: &Source) -> Option<FacetKind> {
    match source {
        Source::Folder(_) => Some(FacetKind::Folder),
        Source::Category(_) => Some(FacetKind::Category),
        Source::Author(_) => Some(FacetKind::Author),
        Source::Tag(_) => Some(FacetKind::Tag),
        Source::Feed(_) => Some(FacetKind::Feed),
        Source::Books => Some(FacetKind::Kind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_read_as_it_was_written() {
        let name = || "a sea".into();
        for it in [
            Source::All,
            Source::Unread,
            Source::Later,
            Source::Starred,
            Source::ThisWeek,
            Source::Noted,
            Source::Books,
            Source::Removed,
            Source::Saved(name()),
            Source::Folder(name()),
            Source::Category(name()),
            Source::Author(name()),
            Source::Tag(name()),
            Source::Feed(FeedName {
                id: FeedId(7),
                name: name(),
            }),
        ] {
            let (kind, name) = written(&it);
            assert_eq!(source(kind, &name), Some(it.clone()));
        }
        assert_eq!(source("dream", ""), None);
    }
}
