//! Comments on stories: where they are, those that came, and which of them are new to the reader.
//!
//! They are kept as they were received, for as long as their story is there: a feed of comments has only the
//! last few of them.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{Library, LibraryError, after, feeds, fingerprint, store::Lane};
use crate::{
    ingest::feed::Entry,
    story::{self, Comment, Comments, StoryId},
};

/// Comments on one story that are kept: nobody reads more, and a feed must not fill the disk.
const MOST: usize = 2000;

/// Seconds for which comments on a story that is gone are kept: it may come back.
const A_WHILE: i64 = 7 * 24 * 60 * 60;

/// How deep comments may stand below each other; those below stand beside.
const DEEPEST: usize = 6;

/// Where the comments on a story are, and what is known of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Discussion {
    /// What the story is known by.
    pub story: String,
    /// Where they are; none where nobody says.
    pub comments: Option<Comments>,
    /// The title of the story.
    pub title: String,
    /// The addresses of the feeds that announced it.
    pub feeds: Vec<String>,
    /// The entity tag that their server sent last.
    pub etag: Option<String>,
    /// The date of change that it sent last.
    pub modified: Option<String>,
    /// Whether they were fetched before.
    pub fetched: bool,
}

impl Library {
    /// Where the comments on a story are.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn discussion(&self, id: StoryId) -> Result<Discussion, LibraryError> {
        // What a file says of its comments stands at its beginning; entries are short.
        let place = self.place(id)?;
        let beginning = place.and_then(|place| match self.beginning_at(&place) {
            Ok(Some((story, _))) => Some(story),
            _ => place.read().ok(),
        });
        let story = beginning.unwrap_or_else(|| {
            story::Story::new(story::Kind::Markdown, String::new(), String::new())
        });
        let connection = self.store.hold(Lane::Background)?;
        let entries = after::entries(&connection, id)?;
        let comments = after::comments(&story, &entries);
        let feed = comments.as_ref().and_then(|it| it.feed.as_deref());
        let known = feed.map(|url| {
            let mut statement = connection
                .prepare_cached("SELECT etag, modified, fetched FROM discussion WHERE url = ?1")?;
            let row = statement.query_row([url], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)? != 0))
            });
            row.optional()
        });
        let (etag, modified, fetched) = known.transpose()?.flatten().unwrap_or_default();
        let key = connection
            .prepare_cached("SELECT key FROM story WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        Ok(Discussion {
            story: key.unwrap_or_default(),
            comments,
            title: story.title,
            feeds: announcers(&connection, id)?,
            etag,
            modified,
            fetched,
        })
    }

    /// The comments of a feed that were kept, each below the one that it answers.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn comments(&self, feed: &str) -> Result<Vec<Comment>, LibraryError> {
        let connection = self.store.hold(Lane::Background)?;
        let mut statement = connection.prepare_cached(
            "SELECT content, comment.id > seen AND seen > 0 FROM comment \
             JOIN discussion ON discussion.id = discussion WHERE url = ?1 ORDER BY comment.id",
        )?;
        let kept = statement.query_map([feed], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?))
        })?;
        let mut entries = Vec::new();
        for kept in kept {
            let (content, new) = kept?;
            if let Ok(entry) = serde_json::from_str::<Entry>(&content) {
                entries.push((entry, new));
            }
        }
        Ok(threaded(&entries))
    }

    /// Keeps what the feed of the comments on a story carries now. `validators` are the entity tag and the date of change
    /// that came with it.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_comments(
        &self,
        (feed, story): (&str, &str),
        entries: &[Entry],
        (etag, modified): (Option<&str>, Option<&str>),
    ) -> Result<(), LibraryError> {
        let now = Timestamp::now().as_second();
        self.store.write(Lane::Background, |transaction| {
            let discussion: i64 = transaction.query_row(
                "INSERT INTO discussion (url, etag, modified, fetched, story) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (url) DO UPDATE SET etag = ?2, modified = ?3, fetched = ?4, story = ?5 \
                 RETURNING id",
                (feed, etag, modified, now, story),
                |row| row.get(0),
            )?;
            // One that was changed keeps its number: it is not new.
            let mut put = transaction.prepare_cached(
                "INSERT INTO comment (discussion, ident, content) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (discussion, ident) DO UPDATE SET content = excluded.content \
                 WHERE content <> excluded.content",
            )?;
            for entry in entries.iter().take(MOST) {
                let content = serde_json::to_string(entry).unwrap_or_default();
                put.execute((discussion, ident(entry, &content), content))?;
            }
            transaction.execute(
                "DELETE FROM comment WHERE discussion = ?1 AND id NOT IN \
                 (SELECT id FROM comment WHERE discussion = ?1 ORDER BY id DESC LIMIT ?2)",
                (discussion, MOST as i64),
            )?;
            Ok(())
        })?;
        Ok(())
    }

    /// Forgets comments on stories that have been gone for a while.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub(super) fn prune_comments(&self) -> Result<(), LibraryError> {
        let old = Timestamp::now().as_second() - A_WHILE;
        self.store.write(Lane::Background, |transaction| {
            transaction.execute(
                "DELETE FROM discussion WHERE fetched < ?1 \
                 AND NOT EXISTS (SELECT 1 FROM story WHERE story.key = discussion.story)",
                [old],
            )?;
            Ok(())
        })?;
        Ok(())
    }

    /// The reader looks at the comments that are there: those that come from now on are new.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn see_comments(&self, feed: &str) -> Result<(), LibraryError> {
        self.store.write(Lane::Background, |transaction| {
            transaction.execute(
                "UPDATE discussion SET seen = coalesce((SELECT max(id) FROM comment \
                 WHERE discussion = discussion.id), 0) WHERE url = ?1",
                [feed],
            )?;
            Ok(())
        })?;
        Ok(())
    }
}

/// The addresses of the feeds that announced a story.
pub(super) fn announcers(connection: &Connection, id: StoryId) -> rusqlite::Result<Vec<String>> {
    let paths = connection
        .prepare_cached("SELECT path FROM file WHERE story = ?1 AND path >= ?2")?
        .query_map((id.0, feeds::ENTRY), |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<Vec<u8>>>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT url FROM entry JOIN feed ON feed.id = entry.feed WHERE entry.id = ?1",
    )?;
    let urls = paths.iter().filter_map(|path| feeds::entry_at(path));
    let urls = urls.map(|entry| statement.query_row([entry], |row| row.get(0)).optional());
    urls.filter_map(Result::transpose).collect()
}

/// What a comment is known by.
fn ident(entry: &Entry, content: &str) -> i64 {
    let known = entry.id.as_deref().or(entry.link.as_deref());
    fingerprint::of(known.unwrap_or(content).as_bytes())
}

/// Puts comments below those that they answer, the oldest first among each other. One that answers itself,
/// or something that is not there, stands by itself.
fn threaded(entries: &[(Entry, bool)]) -> Vec<Comment> {
    let mut named: HashMap<&str, usize> = HashMap::new();
    // Of identifiers that are addresses, by what is behind their last slash: they may be named in part.
    let mut ending: HashMap<&str, Vec<(&str, usize)>> = HashMap::new();
    for (index, (entry, _)) in entries.iter().enumerate() {
        let names = [entry.id.as_deref(), entry.link.as_deref()];
        for name in names.into_iter().flatten() {
            named.entry(name).or_insert(index);
            if name.contains("://") {
                ending.entry(end(name)).or_default().push((name, index));
            }
        }
    }
    let in_part = |part: &str| {
        let part = part.trim_start_matches(['.', '/']);
        let all = ending.get(end(part)).map_or(&[][..], |it| it).iter();
        let is_it = |name: &str| {
            let before = name.strip_suffix(part);
            !part.is_empty() && before.is_some_and(|it| it.ends_with(['/', '#', '?']))
        };
        all.clone().find(|(name, _)| is_it(name)).map(|it| it.1)
    };
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    let mut first = Vec::new();
    for (index, (entry, _)) in entries.iter().enumerate() {
        let over = entry.in_reply_to.as_deref().and_then(|it| {
            let over = named.get(it).copied();
            over.or_else(|| in_part(it).filter(|_| !it.contains("://")))
        });
        match over.filter(|over| *over != index) {
            Some(over) => answers[over].push(index),
            None => first.push(index),
        }
    }
    let age = |index: &usize| {
        let published = entries.get(*index).and_then(|(entry, _)| entry.published);
        published.map_or(i64::MAX, |it| it.seconds())
    };
    for all in answers.iter_mut().chain([&mut first]) {
        all.sort_by_key(age);
    }
    let mut placed = vec![false; entries.len()];
    let mut comments: Vec<Comment> = Vec::new();
    // Those that answer each other in a circle are below none of the first.
    let starts = first.into_iter().chain(0..entries.len());
    for start in starts {
        let mut waiting = vec![(start, 0)];
        while let Some((index, depth)) = waiting.pop() {
            if std::mem::replace(&mut placed[index], true) {
                continue;
            }
            let (entry, new) = &entries[index];
            comments.push(comment(entry, *new, depth));
            let below = answers[index].iter().rev();
            waiting.extend(below.map(|it| (*it, (depth + 1).min(DEEPEST))));
        }
    }
    count_replies(&mut comments);
    comments
}

/// What is behind the last slash of an address.
fn end(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

fn comment(entry: &Entry, new: bool, depth: usize) -> Comment {
    let content = entry.content.as_ref().or(entry.summary.as_ref());
    let markdown = content.map(|it| it.markdown(entry.link.as_deref()));
    // “By: Ann” is all that some feeds say of it.
    let author = match &entry.authors[..] {
        [] => entry.title.clone(),
        authors => authors.join(", "),
    };
    Comment {
        author,
        published: entry.published.or(entry.updated),
        markdown: markdown.unwrap_or_default(),
        depth,
        replies: 0,
        new,
    }
}

fn count_replies(comments: &mut [Comment]) {
    // Those that the present one stands below, with their depths.
    let mut over: Vec<(usize, usize)> = Vec::new();
    for index in 0..comments.len() {
        let depth = comments[index].depth;
        over.retain(|(_, above)| *above < depth);
        for (above, _) in &over {
            comments[*above].replies += 1;
        }
        over.push((index, depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::feed::Content;

    fn said(id: &str, to: Option<&str>, day: i64) -> (Entry, bool) {
        let entry = Entry {
            id: Some(id.into()),
            in_reply_to: to.map(str::to_owned),
            authors: vec![id.to_owned()],
            published: Timestamp::from_second(day).ok().map(story::Published::At),
            content: Some(Content {
                text: format!("<p>Says {id}</p>"),
                is_html: true,
                base: None,
            }),
            ..Entry::default()
        };
        (entry, false)
    }

    fn shape(entries: &[(Entry, bool)]) -> Vec<(String, usize, usize)> {
        let all = threaded(entries).into_iter();
        all.map(|it| (it.author, it.depth, it.replies)).collect()
    }

    #[test]
    fn answers_stand_below_what_they_answer() {
        let all = [
            said("d", Some("b"), 4),
            said("c", Some("a"), 5),
            said("b", Some("a"), 3),
            said("a", None, 1),
            said("e", Some("gone"), 2),
        ];
        let want = [
            ("a", 0, 3),
            ("b", 1, 1),
            ("d", 2, 0),
            ("c", 1, 0),
            ("e", 0, 0),
        ];
        let want = want.map(|(name, depth, replies)| (name.to_owned(), depth, replies));
        assert_eq!(shape(&all), want);
    }

    #[test]
    fn what_is_named_in_part_is_found_and_the_story_is_no_comment() {
        let whole = "https://ex.org/story/comments/7";
        let all = [
            said(whole, None, 1),
            // As it is written in the feed, where the identifier is an address.
            said("https://ex.org/story/comments/8", Some("7"), 2),
            said("9", Some("/story/comments/8"), 3),
            // As it is written, where identifiers are none.
            said("10", Some("9"), 4),
            // The story itself, whose address ends as a comment is called.
            said("11", Some("https://ex.org/story/10"), 5),
            said("17", Some("https://ex.org/17"), 6),
            said("18", Some("/"), 7),
        ];
        let depths: Vec<usize> = shape(&all).into_iter().map(|it| it.1).collect();
        assert_eq!(depths, [0, 1, 2, 3, 0, 0, 0]);
    }

    #[test]
    fn circles_and_depths_come_to_an_end() {
        let circle = [
            said("a", Some("b"), 1),
            said("b", Some("a"), 2),
            said("c", Some("c"), 3),
        ];
        assert_eq!(shape(&circle).len(), 3);
        let ids: Vec<String> = (0..3000).map(|it| it.to_string()).collect();
        let chain: Vec<_> = (0..3000)
            .map(|it| {
                said(
                    &ids[it],
                    it.checked_sub(1).map(|over| ids[over].as_str()),
                    1,
                )
            })
            .collect();
        let shape = shape(&chain);
        assert_eq!(shape.len(), 3000);
        assert_eq!(shape.iter().map(|it| it.1).max(), Some(DEEPEST));
    }
}
