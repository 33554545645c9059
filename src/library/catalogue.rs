//! Windows of lists: the rows around a place, found by their keys.

use std::{cmp::Ordering, sync::Arc};

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};
use rusqlite::{
    Connection, OptionalExtension, Row as SqlRow, params_from_iter,
    types::{Value, ValueRef},
};

use super::{
    facets::FacetKind,
    notes,
    part::{Part, Totals},
};
use crate::story::{
    self, Anchor, Listing, Passage, Published, Row, Source, SourceRow, StoryId, Window,
};

/// Rows that a window holds on either side of its anchor.
pub(super) const REACH: usize = 150;

/// Whether a story's publisher changed it after the reader had seen it.
pub(super) const UPDATED: &str = "(story.edited > 0 AND (story.recency < 0 OR story.read) \
    AND story.edited >= -story.recency)";

/// The columns that make a row of a list.
const COLUMNS: &str = "story.id, story.title, story.origin, story.age, story.is_day, story.words, \
    story.read, story.starred, story.later, story.seen, story.trouble, story.url, \
    story.noted, story.removed, (story.edited > 0 AND (story.recency < 0 OR story.read) \
    AND story.edited >= -story.recency)";

/// The place of a row in an order: the values of its two columns, and its id.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    first: Value,
    second: i64,
    id: i64,
}

impl Key {
    fn compare(&self, other: &Key) -> Ordering {
        let first = match (&self.first, &other.first) {
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => Ordering::Equal,
        };
        first
            .then(self.second.cmp(&other.second))
            .then(self.id.cmp(&other.id))
    }
}

/// A direction in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

/// A part of a collection with the stories that stay in it for a while.
struct Walk<'a> {
    connection: &'a Connection,
    part: Part,
    /// Stories that are listed though they no longer belong to the part.
    kept: Vec<(Key, Row)>,
}

impl Walk<'_> {
    /// SQL's column names of the order.
    fn columns(&self) -> [String; 3] {
        let keys = self.part.keys;
        let id = if keys == "filed" { "story" } else { "id" };
        let [first, second] = self.part.order.columns;
        [
            format!("{keys}.{first}"),
            format!("{keys}.{second}"),
            format!("{keys}.{id}"),
        ]
    }

    /// Rows from `from` on (that row too, if it is there), at most `limit`, nearest first; from the
    /// end of the list where there is no `from`.
    fn rows(
        &self,
        from: Option<&Key>,
        way: Way,
        condition: &str,
        limit: usize,
    ) -> rusqlite::Result<Vec<(Key, Row)>> {
        let (sql, values) = self.sql(COLUMNS, from, way, condition, limit);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            Ok((key_of(row)?, row_of(row)?))
        })?;
        let mut rows: Vec<(Key, Row)> = rows.collect::<rusqlite::Result<_>>()?;
        if !self.kept.is_empty() {
            self.mix_in_kept(&mut rows, from, self.is_ascending(way), condition, limit);
        }
        Ok(rows)
    }

    /// The same rows' ids, without `but`.
    fn ids(
        &self,
        from: Option<&Key>,
        way: Way,
        but: Option<StoryId>,
    ) -> rusqlite::Result<Vec<u32>> {
        let (sql, values) = self.sql("story.id", from, way, "", usize::MAX);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        let but = but.map(|id| id.0);
        ids.filter(|id| id.as_ref().ok() != but.as_ref()).collect()
    }

    fn sql(
        &self,
        columns: &str,
        from: Option<&Key>,
        way: Way,
        condition: &str,
        limit: usize,
    ) -> (String, Vec<Value>) {
        let [first, second, id] = self.columns();
        let ascending = self.is_ascending(way);
        let (sign, direction) = if ascending {
            (">=", "ASC")
        } else {
            ("<=", "DESC")
        };
        let range = match from {
            Some(_) => format!("AND ({first}, {second}, {id}) {sign} (?, ?, ?)"),
            None => String::new(),
        };
        let sql = format!(
            "SELECT {columns}, {first}, {second} FROM {} WHERE {} {condition} {range} \
             ORDER BY {first} {direction}, {second} {direction}, {id} {direction} LIMIT ?",
            self.part.from, self.part.condition,
        );
        let mut values = self.part.values.clone();
        if let Some(key) = from {
            values.extend([key.first.clone(), key.second.into(), key.id.into()]);
        }
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        (sql, values)
    }

    /// Whether the index is followed upwards when one goes this way in the list.
    fn is_ascending(&self, way: Way) -> bool {
        (way == Way::Down) != self.part.order.backwards
    }

    fn mix_in_kept(
        &self,
        rows: &mut Vec<(Key, Row)>,
        from: Option<&Key>,
        ascending: bool,
        condition: &str,
        limit: usize,
    ) {
        let order = |a: &Key, b: &Key| {
            let forwards = a.compare(b);
            if ascending {
                forwards
            } else {
                forwards.reverse()
            }
        };
        for (key, row) in &self.kept {
            let beyond = from.is_none_or(|from| order(from, key) != Ordering::Greater);
            let wanted = condition.is_empty() || !row.read;
            if beyond && wanted && rows.iter().all(|(_, it)| it.id != row.id) {
                rows.push((key.clone(), row.clone()));
            }
        }
        rows.sort_by(|(a, _), (b, _)| order(a, b));
        rows.truncate(limit);
    }

    /// The place of a story in this order, whether it belongs to the part or not.
    fn key(&self, id: StoryId) -> rusqlite::Result<Option<Key>> {
        key(self.connection, &self.part, id)
    }

    /// The window around a place.
    fn window(&self, anchor: Anchor, near: usize) -> rusqlite::Result<Window> {
        let unread = "AND story.read = 0";
        let (key, found) = match anchor {
            Anchor::Start => (None, false),
            Anchor::End => {
                let mut rows = self.rows(None, Way::Up, "", 2 * REACH)?;
                rows.reverse();
                let total = self.total().max(rows.len());
                return Ok(Window {
                    first: total - rows.len(),
                    total,
                    rows: rows.into_iter().map(|(_, row)| row).collect(),
                    ..Window::default()
                });
            }
            Anchor::Story(id) => (self.key(id)?, true),
            Anchor::FirstUnread => {
                let first = self.rows(None, Way::Down, unread, 1)?;
                (first.into_iter().next().map(|(key, _)| key), true)
            }
            Anchor::NextUnread(id) | Anchor::PreviousUnread(id) => {
                let way = match anchor {
                    Anchor::NextUnread(_) => Way::Down,
                    _ => Way::Up,
                };
                let here = self.key(id)?;
                let found = self.rows(here.as_ref(), way, unread, 2)?;
                let other = found.into_iter().find(|(_, row)| row.id != id);
                (other.map(|(key, _)| key).or(here), true)
            }
        };
        let Some(key) = key else {
            return self.start();
        };
        let mut above = self.rows(Some(&key), Way::Up, "", REACH + 1)?;
        let below = self.rows(Some(&key), Way::Down, "", REACH + 1)?;
        let starts = above.len() <= REACH;
        let ends = below.len() <= REACH;
        above.reverse();
        let here = above.last().is_some_and(|(it, _)| *it == key);
        if here {
            above.pop();
        }
        let index = above.len();
        let mut rows = above;
        rows.extend(below);
        let total = self.total();
        let (first, total) = match (starts, ends) {
            (true, true) => (0, rows.len()),
            (true, false) => (0, total.max(rows.len() + 1)),
            (false, true) => (
                total.max(rows.len() + 1) - rows.len(),
                total.max(rows.len() + 1),
            ),
            (false, false) => {
                let total = total.max(rows.len() + 2);
                let first = near.saturating_sub(index);
                (first.clamp(1, total - rows.len() - 1), total)
            }
        };
        Ok(Window {
            first,
            total,
            at: (found && here).then_some(first + index),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            remark: None,
        })
    }

    fn start(&self) -> rusqlite::Result<Window> {
        let rows = self.rows(None, Way::Down, "", 2 * REACH)?;
        let total = if rows.len() < 2 * REACH {
            rows.len()
        } else {
            self.total().max(rows.len())
        };
        Ok(Window {
            first: 0,
            total,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            ..Window::default()
        })
    }

    fn total(&self) -> usize {
        self.part.total + self.kept.iter().filter(|(_, row)| row.read).count()
    }
}

/// The stories of a list that is no search, in its order: all, or those above or below `from`, which
/// is not among them.
pub(super) fn stories(
    connection: &Connection,
    collection: i64,
    listing: &Listing,
    from: Option<StoryId>,
    above: bool,
    now: &ZonedDateTime,
) -> rusqlite::Result<Vec<u32>> {
    let part = Part::of(connection, collection, listing, now)?;
    let walk = Walk {
        connection,
        part,
        kept: Vec::new(),
    };
    let key = match from {
        Some(id) => walk.key(id)?,
        None => None,
    };
    let way = if above { Way::Up } else { Way::Down };
    walk.ids(key.as_ref(), way, from)
}

/// The window of a list that is no search. `near` is about where in the list its anchor stands.
pub(super) fn window(
    connection: &Connection,
    collection: i64,
    listing: &Listing,
    anchor: Anchor,
    near: usize,
    now: &ZonedDateTime,
) -> rusqlite::Result<Window> {
    let part = Part::of(connection, collection, listing, now)?;
    let mut kept = Vec::new();
    for id in &listing.keep {
        if let Some(row) = row(connection, *id)?
            && let Some(key) = key(connection, &part, *id)?
        {
            kept.push((key, row));
        }
    }
    let walk = Walk {
        connection,
        part,
        kept,
    };
    let mut window = walk.window(anchor, near)?;
    if listing.source == Source::Noted {
        for row in &mut window.rows {
            row.passage = notes::summary(connection, row.id)?.map(|text| Passage {
                text: text.into(),
                marks: Vec::new(),
            });
        }
    }
    Ok(window)
}

fn key(connection: &Connection, part: &Part, id: StoryId) -> rusqlite::Result<Option<Key>> {
    let [first, second] = part.order.columns;
    let sql = format!("SELECT {first}, {second} FROM story WHERE id = ?1");
    connection
        .prepare_cached(&sql)?
        .query_row([id.0], |row| {
            Ok(Key {
                first: row.get(0)?,
                second: row.get(1)?,
                id: i64::from(id.0),
            })
        })
        .optional()
}

/// The row of one story.
pub(super) fn row(connection: &Connection, id: StoryId) -> rusqlite::Result<Option<Row>> {
    let sql = format!("SELECT {COLUMNS} FROM story WHERE id = ?1");
    connection
        .prepare_cached(&sql)?
        .query_row([id.0], row_of)
        .optional()
}

/// The story of a collection that is known by `key`.
pub(super) fn numbered(
    connection: &Connection,
    collection: i64,
    key: &str,
) -> rusqlite::Result<Option<StoryId>> {
    connection
        .prepare_cached("SELECT id FROM story WHERE key = ?1 AND collection = ?2")?
        .query_row((key, collection), |row| row.get(0).map(StoryId))
        .optional()
}

fn key_of(row: &SqlRow<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        first: row.get(15)?,
        second: row.get(16)?,
        id: row.get(0)?,
    })
}

fn row_of(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let text = |index: usize| -> rusqlite::Result<Arc<str>> {
        match row.get_ref(index)? {
            ValueRef::Text(bytes) => Ok(String::from_utf8_lossy(bytes).into()),
            _ => Ok("".into()),
        }
    };
    let maybe = |index: usize| -> rusqlite::Result<Option<Arc<str>>> {
        match row.get_ref(index)? {
            ValueRef::Null => Ok(None),
            _ => text(index).map(Some),
        }
    };
    Ok(Row {
        id: StoryId(row.get(0)?),
        title: text(1)?,
        from: text(2)?,
        when: published(row.get(3)?, row.get(4)?),
        minutes: story::minutes(row.get(5)?),
        read: row.get(6)?,
        starred: row.get(7)?,
        later: row.get(8)?,
        seen: row.get(9)?,
        trouble: maybe(10)?,
        url: maybe(11)?,
        noted: row.get(12)?,
        removed: row.get(13)?,
        updated: row.get(14)?,
        matched: Vec::new(),
        passage: None,
    })
}

/// A date as the database keeps it.
pub(super) fn published(age: i64, is_day: bool) -> Published {
    let at = Timestamp::from_second(age.saturating_neg()).unwrap_or_default();
    if is_day {
        Published::Day(at.to_zoned_datetime(TimeZone::UTC).date())
    } else {
        Published::At(at)
    }
}

/// The window of a list whose stories are known one by one, in their order.
pub(super) fn window_of(
    connection: &Connection,
    stories: &[u32],
    anchor: Anchor,
) -> rusqlite::Result<Window> {
    let index_of = |id: StoryId| stories.iter().position(|it| *it == id.0);
    let (around, at) = match anchor {
        Anchor::Start => (0, None),
        Anchor::End => (stories.len().saturating_sub(1), None),
        Anchor::Story(id) => (index_of(id).unwrap_or(0), index_of(id)),
        Anchor::FirstUnread => {
            let at = first_unread(connection, stories.iter())?;
            let at = at.and_then(index_of);
            (at.unwrap_or(0), at)
        }
        Anchor::NextUnread(id) => {
            let here = index_of(id).unwrap_or(0);
            let below = stories.get(here + 1..).unwrap_or_default();
            let at = first_unread(connection, below.iter())?.and_then(index_of);
            (at.unwrap_or(here), at.or(Some(here)))
        }
        Anchor::PreviousUnread(id) => {
            let here = index_of(id).unwrap_or(0).min(stories.len());
            let at = first_unread(connection, stories[..here].iter().rev())?.and_then(index_of);
            (at.unwrap_or(here), at.or(Some(here)))
        }
    };
    let first = around.saturating_sub(REACH).min(stories.len());
    let end = (around + REACH).min(stories.len());
    let mut rows = Vec::with_capacity(end - first);
    for id in &stories[first..end] {
        rows.extend(row(connection, StoryId(*id))?);
    }
    Ok(Window {
        first,
        total: stories.len(),
        rows,
        at,
        remark: None,
    })
}

fn first_unread<'a>(
    connection: &Connection,
    stories: impl Iterator<Item = &'a u32>,
) -> rusqlite::Result<Option<StoryId>> {
    let mut statement = connection.prepare_cached("SELECT read FROM story WHERE id = ?1")?;
    for id in stories {
        let read: Option<bool> = statement.query_row([id], |row| row.get(0)).optional()?;
        if read == Some(false) {
            return Ok(Some(StoryId(*id)));
        }
    }
    Ok(None)
}

/// The sources with their counts, the whole collection first.
pub(super) fn sources(
    connection: &Connection,
    collection: i64,
    now: &ZonedDateTime,
) -> rusqlite::Result<Vec<SourceRow>> {
    let totals = Totals::of(connection, collection)?;
    let row = SourceRow::new;
    let mut rows = vec![
        row(Source::All, totals.total, totals.unread),
        row(Source::Unread, totals.unread, totals.unread),
    ];
    for (source, total) in [
        (Source::Later, totals.later),
        (Source::Starred, totals.starred),
        (Source::ThisWeek, usize::MAX),
        (Source::Noted, totals.noted),
        (Source::Removed, totals.removed),
    ] {
        if total == 0 {
            continue;
        }
        let of = |unread| {
            Part::new(
                connection,
                collection,
                &source,
                unread,
                story::Sort::Newest,
                now,
            )
        };
        let (total, unread) = (of(false)?.total, of(true)?.total);
        if total > 0 {
            rows.push(row(source, total, unread));
        }
    }
    let mut statement = connection.prepare_cached(
        "SELECT kind, name, total, unread FROM facet WHERE collection = ?1 AND total > 0 \
         AND kind <> 4 ORDER BY kind, name",
    )?;
    let facets = statement.query_map([collection], |it| {
        let name: Arc<str> = it.get::<_, String>(1)?.into();
        let source = match it.get::<_, i64>(0)? {
            kind if kind == FacetKind::Folder as i64 => Source::Folder(name),
            kind if kind == FacetKind::Category as i64 => Source::Category(name),
            kind if kind == FacetKind::Author as i64 => Source::Author(name),
            kind if kind == FacetKind::Kind as i64 => Source::Books,
            _ => Source::Tag(name),
        };
        Ok(row(source, it.get(2)?, it.get(3)?))
    })?;
    for facet in facets {
        rows.push(facet?);
    }
    Ok(rows)
}
