//! The sources column: its rows under the headings of their groups, and which lines of it show.

use crate::story::{FeedId, Source, SourceRow};

/// Lines that a group has over its rows: an empty one, and its heading.
const OVER: usize = 2;

/// The sources column.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Its rows; the first is the whole library.
    pub rows: Vec<SourceRow>,
    /// The row with the cursor.
    pub cursor: usize,
    /// The line at the top of the screen.
    pub top: usize,
    /// Feeds that have no row.
    hidden: usize,
    /// Whether it was said that all feeds are hidden.
    told_hidden: bool,
    /// A feed that the cursor is to stand on as soon as it has a row.
    pub awaited: Option<FeedId>,
    /// A folder whose feeds lie elsewhere now, and where; empty where they are unsubscribed from.
    pub refiled: Option<(String, String)>,
    /// Whether anything was subscribed to since the program began.
    pub knew_feeds: bool,
    /// Where groups with a heading begin, in order.
    groups: Vec<(usize, &'static str)>,
}

/// A line of the sources column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceLine<'a> {
    /// An empty one.
    Gap,
    /// What the rows under it are.
    Heading(&'static str),
    /// A source, with its index among the rows.
    Row(usize, &'a SourceRow),
}

impl Sources {
    /// Takes rows that were counted anew. The cursor stays on its source; `listed` keeps its row
    /// also when nothing is in it any more.
    pub fn take(&mut self, mut rows: Vec<SourceRow>, listed: &Source) {
        if !rows.is_empty() && rows.iter().all(|row| row.source != *listed) {
            let place = rows.partition_point(|row| rank(&row.source) <= rank(listed));
            rows.insert(place, SourceRow::new(listed.clone(), 0, 0));
        }
        let here = self.rows.get(self.cursor).map(|row| &row.source);
        // The first ones there are: the cursor begins with what is listed.
        let here = here.unwrap_or(listed);
        let at = |source: &Source| rows.iter().position(|row| row.source == *source);
        self.cursor = at(here).or_else(|| at(listed)).unwrap_or(0);
        self.rows = rows;
        self.knew_feeds |= self.knows_feeds();
        self.group();
    }

    /// So many feeds have no row from now on.
    pub fn hide(&mut self, feeds: usize) {
        self.hidden = feeds;
        self.group();
    }

    /// Finds out which rows begin under a heading.
    fn group(&mut self) {
        self.groups.clear();
        let mut before = None;
        let has_feeds = self.has_feeds();
        for (index, row) in self.rows.iter().enumerate() {
            let heading = heading(&row.source, has_feeds);
            if let Some(heading) = heading.filter(|_| heading != before) {
                self.groups.push((index, heading));
            }
            before = heading;
        }
        // Whoever looks for them here is to know that they are somewhere.
        if self.hides_all() {
            self.groups.push((self.rows.len(), "Feeds: all are hidden"));
        }
    }

    fn has_feeds(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| matches!(row.source, Source::Feed(_)))
    }

    /// Whether there are feeds, and none of them has a row.
    pub fn hides_all(&self) -> bool {
        self.hidden > 0 && !self.rows.is_empty() && !self.has_feeds()
    }

    /// The same; true once.
    pub fn misses_feeds(&mut self) -> bool {
        self.hides_all() && !std::mem::replace(&mut self.told_hidden, true)
    }

    /// Whether anything is subscribed to.
    pub fn knows_feeds(&self) -> bool {
        self.hidden > 0 || self.has_feeds()
    }

    /// What stands beside a source that is not among these new rows any more: the one below it, else the one
    /// above.
    pub fn beside(&self, gone: &Source, rows: &[SourceRow]) -> Option<Source> {
        let at = self.index_of(gone)?;
        let is_there = |row: &&SourceRow| rows.iter().any(|it| it.source == row.source);
        let below = self.rows.iter().skip(at + 1);
        let above = self.rows.iter().take(at).rev();
        let beside = below.chain(above).find(is_there);
        beside.map(|row| row.source.clone())
    }

    /// The index of a source's row.
    pub fn index_of(&self, source: &Source) -> Option<usize> {
        self.rows.iter().position(|row| row.source == *source)
    }

    /// The row of a source.
    pub fn row(&self, source: &Source) -> Option<&SourceRow> {
        self.rows.iter().find(|row| row.source == *source)
    }

    /// Whether there are stories, and all of them are removed.
    pub fn has_only_removed(&self) -> bool {
        let total = |source| self.row(source).map_or(0, |row| row.total);
        total(&Source::All) == 0 && total(&Source::Removed) > 0
    }

    /// The line on which the row at `index` stands.
    fn line_of(&self, index: usize) -> usize {
        index + OVER * self.groups.partition_point(|(first, _)| *first <= index)
    }

    /// What stands on a line.
    pub fn line(&self, line: usize) -> Option<SourceLine<'_>> {
        for (number, (first, heading)) in self.groups.iter().enumerate().rev() {
            match line.checked_sub(first + OVER * number) {
                None => {}
                Some(0) => return Some(SourceLine::Gap),
                Some(1) => return Some(SourceLine::Heading(heading)),
                Some(below) => return self.row_line(first + below - OVER),
            }
        }
        self.row_line(line)
    }

    fn row_line(&self, index: usize) -> Option<SourceLine<'_>> {
        Some(SourceLine::Row(index, self.rows.get(index)?))
    }

    /// Scrolls so that the cursor shows on a screen of so many lines, with the heading over it where
    /// it is the first of its group.
    pub fn keep_in_sight(&mut self, height: usize) {
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
        let line = self.line_of(self.cursor);
        let lowest = (line + 1).saturating_sub(height.max(1));
        let heads = self.groups.iter().any(|(first, _)| *first == self.cursor);
        let highest = line.saturating_sub(usize::from(heads)).max(lowest);
        self.top = self.top.clamp(lowest, highest);
    }
}

/// What a group of sources is called; the first one has no heading.
fn heading(source: &Source, has_feeds: bool) -> Option<&'static str> {
    match source {
        Source::Saved(_) => Some("Searches"),
        Source::Folder(_) | Source::Feed(_) if has_feeds => Some("Folders and feeds"),
        Source::Folder(_) | Source::Feed(_) => Some("Folders"),
        Source::Category(_) => Some("Categories"),
        Source::Author(_) => Some("Authors"),
        Source::Tag(_) => Some("Tags"),
        _ => None,
    }
}

/// The order of the kinds of sources.
fn rank(source: &Source) -> usize {
    match source {
        Source::All => 0,
        Source::Unread => 1,
        Source::Later => 2,
        Source::Starred => 3,
        Source::ThisWeek => 4,
        Source::Noted => 5,
        Source::Books => 6,
        Source::Removed => 7,
        Source::Saved(_) => 8,
        Source::Folder(_) | Source::Feed(_) => 9,
        Source::Category(_) => 10,
        Source::Author(_) => 11,
        Source::Tag(_) => 12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(source: Source) -> SourceRow {
        SourceRow::new(source, 1, 1)
    }

    fn sources() -> Sources {
        let mut sources = Sources::default();
        let rows = vec![
            row(Source::All),
            row(Source::Unread),
            row(Source::Folder("a".into())),
            row(Source::Folder("b".into())),
            row(Source::Author("c".into())),
        ];
        sources.take(rows, &Source::All);
        sources
    }

    #[test]
    fn groups_stand_under_headings() {
        let sources = sources();
        let lines: Vec<String> = (0..)
            .map_while(|line| sources.line(line))
            .map(|line| match line {
                SourceLine::Gap => String::new(),
                SourceLine::Heading(text) => text.to_owned(),
                SourceLine::Row(index, row) => format!("{index} {}", row.source.name()),
            })
            .collect();
        assert_eq!(
            lines,
            [
                "0 All stories",
                "1 Unread",
                "",
                "Folders",
                "2 a",
                "3 b",
                "",
                "Authors",
                "4 c"
            ]
        );
        for index in 0..5 {
            let line = sources.line(sources.line_of(index));
            assert!(matches!(line, Some(SourceLine::Row(it, _)) if it == index));
        }
    }

    #[test]
    fn the_cursor_shows_with_the_heading_over_it() {
        let mut sources = sources();
        for height in 1..12 {
            for cursor in [4, 2, 0, 3, 1] {
                sources.cursor = cursor;
                sources.keep_in_sight(height);
                let line = sources.line_of(cursor);
                assert!((sources.top..sources.top + height).contains(&line));
                if cursor == 2 && height > 1 {
                    assert!(sources.top < line, "the heading is cut off");
                }
            }
        }
    }

    #[test]
    fn what_is_listed_keeps_its_row_and_the_cursor_its_source() {
        let mut sources = sources();
        let starred = Source::Starred;
        let mut rows = sources.rows.clone();
        rows.insert(2, row(starred.clone()));
        sources.take(rows.clone(), &starred);
        sources.cursor = 2;
        rows.remove(2);
        rows.insert(1, row(Source::Later));
        sources.take(rows, &starred);
        let here = &sources.rows[sources.cursor];
        assert_eq!((&here.source, here.total), (&starred, 0));
        assert_eq!(sources.cursor, 3);
    }
}
