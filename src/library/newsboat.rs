//! The stories of newsboat's `cache.db`, with what was read and flagged: read from its database, which is
//! never written to, and taken in.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Row, types::ValueRef};
use tempfile::TempDir;
use url::Url;

use super::{Call, Imported, Issue, Library, LibraryError, Record, Scanned};
use crate::{
    ingest::{
        feed::Feed,
        newsboat::{Item, printed_by},
        subscription::words,
    },
    story::{FeedId, command_of},
};

/// The bytes that a database of SQLite begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Why a cache cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// It is another database.
    #[error("this database is not newsboat's: no table of stories (rss_item) is in it")]
    Other,
    /// It could not be copied.
    #[error("newsboat may be writing to it, and it could not be copied: {0}")]
    Copy(#[from] io::Error),
    /// It could not be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] rusqlite::Error),
    /// The library could not be read or written.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// newsboat's `cache.db`, opened to be read.
#[derive(Debug)]
pub struct Cache {
    connection: Connection,
    columns: HashSet<String>,
    /// Where the copy lies that is read instead, if one is. It goes last.
    _copy: Option<TempDir>,
}

/// A feed of a cache.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Cached {
    url: String,
    page: String,
    title: String,
}

/// What came of taking a cache in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FromCache {
    /// Stories in it.
    pub stories: usize,
    /// Those among them that are new here.
    pub new: usize,
    /// Those that were read.
    pub read: usize,
    /// Those that have flags.
    pub flagged: usize,
    /// What became of what was done with them.
    pub marks: Imported,
    /// The feeds that are not subscribed to here, of which only marks were taken, and how many stories each
    /// has.
    pub strangers: Vec<(String, usize)>,
    /// What it did with the lists.
    pub scanned: Scanned,
}

impl Cache {
    /// Whether bytes begin a database.
    pub fn is_one(opening: &[u8]) -> bool {
        opening.starts_with(MAGIC)
    }

    /// Opens a cache. One that newsboat may be writing to is copied first.
    ///
    /// # Errors
    /// Says what it is instead, or why it cannot be read.
    pub fn open(path: &Path) -> Result<Self, CacheError> {
        let (copy, path) = match is_at_work(path)? {
            true => {
                let folder = tempfile::tempdir()?;
                let copy = folder.path().join("cache.db");
                for ending in ["", "-wal", "-journal"] {
                    let from = beside(path, ending);
                    if from.exists() {
                        fs::copy(from, beside(&copy, ending))?;
                    }
                }
                (Some(folder), copy)
            }
            false => (None, path.to_owned()),
        };
        // What is left in a journal has to be put in place first; that is done in the copy alone.
        let access = match copy {
            Some(_) => OpenFlags::SQLITE_OPEN_READ_WRITE,
            None => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let connection =
            Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        let columns: HashSet<String> = connection
            .prepare("SELECT name FROM pragma_table_info('rss_item')")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let needed = ["guid", "title", "url", "feedurl", "unread"];
        if needed.iter().any(|it| !columns.contains(*it)) {
            return Err(CacheError::Other);
        }
        Ok(Cache {
            connection,
            columns,
            _copy: copy,
        })
    }

    /// What the feeds call themselves, by their addresses.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn titles(&self) -> Result<HashMap<String, String>, CacheError> {
        let feeds = self.feeds()?.into_iter();
        let titles = feeds.map(|it| (it.url, words(&it.title)));
        Ok(titles.filter(|(_, title)| !title.is_empty()).collect())
    }

    /// The feeds, those of which nothing but stories is left among them.
    fn feeds(&self) -> Result<Vec<Cached>, CacheError> {
        let mut statement = self.connection.prepare(
            "SELECT rssurl, url, title FROM rss_feed UNION ALL SELECT DISTINCT feedurl, '', '' FROM rss_item \
             WHERE feedurl NOT IN (SELECT rssurl FROM rss_feed)",
        )?;
        let feeds = statement.query_map([], |row| {
            Ok(Cached {
                url: text(row, 0)?,
                page: text(row, 1)?,
                title: text(row, 2)?,
            })
        })?;
        Ok(feeds.collect::<rusqlite::Result<_>>()?)
    }

    /// The stories of a feed, the newest first.
    fn items(&self, feed: &str) -> Result<Vec<Item>, CacheError> {
        // What an older newsboat did not keep is empty.
        let column = |name: &'static str| match self.columns.contains(name) {
            true => name,
            false => "''",
        };
        let columns = [
            "guid",
            "url",
            "title",
            "author",
            "pubDate",
            "content",
            "content_mime_type",
            "base",
            "enclosure_url",
            "enclosure_type",
            "unread",
            "deleted",
            "flags",
        ];
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {} FROM rss_item WHERE feedurl = ?1 ORDER BY {} DESC, rowid DESC",
            columns.map(column).join(", "),
            column("pubDate"),
        ))?;
        let items = statement.query_map([feed], |row| {
            Ok(Item {
                id: text(row, 0)?,
                link: text(row, 1)?,
                title: text(row, 2)?,
                author: text(row, 3)?,
                published: number(row, 4)?,
                content: text(row, 5)?,
                media_type: text(row, 6)?,
                base: text(row, 7)?,
                enclosure: (text(row, 8)?, text(row, 9)?),
                unread: number(row, 10)? != 0,
                deleted: number(row, 11)? != 0,
                flags: text(row, 12)?,
            })
        })?;
        Ok(items.collect::<rusqlite::Result<_>>()?)
    }
}

/// Whether a database has to be copied to be read without a trace: newsboat may be writing to it, or ended in
/// the middle of that, or it keeps a log beside it.
fn is_at_work(path: &Path) -> io::Result<bool> {
    let has = |ending| fs::metadata(beside(path, ending)).is_ok_and(|it| it.len() > 0);
    let mut opening = [0; 20];
    let read = io::Read::read(&mut fs::File::open(path)?, &mut opening)?;
    // The file format's versions: 2 is that with a log (SQLite's file format, 1.3.3).
    let logs = read == opening.len() && opening[18..20].contains(&2);
    Ok(logs || has("-wal") || has("-journal"))
}

/// The path of a file whose name has this ending besides.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    whole.into()
}

/// A text, whatever its column holds.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(_) | ValueRef::Null => String::new(),
    })
}

/// A number, whatever its column holds.
fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<i64> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => number,
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            text.trim().parse().unwrap_or(0)
        }
        _ => 0,
    })
}

/// What was done with a story, by all the feeds that it came with.
#[derive(Debug, Default)]
struct Marks {
    read: bool,
    tags: Vec<String>,
    /// Whether any feed has it in its list.
    listed: bool,
}

impl Library {
    /// Takes in what newsboat kept: the stories of the feeds that are subscribed to here, and of all stories
    /// what was read, flagged and deleted, as one step that can be undone. What is known here stays as it is.
    ///
    /// # Errors
    /// If either database cannot be read, or the library's not written; what came until then stays.
    pub fn import_cache(&self, cache: &Cache) -> Result<FromCache, CacheError> {
        let now = Timestamp::now();
        let calls: HashMap<String, Call> = self
            .calls()?
            .into_iter()
            .map(|call| (call.key.clone(), call))
            .collect();
        let fresh = calls.values().filter(|call| call.print == 0).count();
        let mut arrivals = self.arrivals(fresh, &[])?;
        // A feed of newsboat's that a program prints is known by its line of urls there.
        let commands = calls.values();
        let commands: Vec<(&String, Vec<String>)> = commands
            .filter_map(|call| Some((&call.key, command_of(&call.url)?)))
            .collect();
        let mut from = FromCache::default();
        let mut marks: BTreeMap<String, Marks> = BTreeMap::new();
        for cached in cache.feeds()? {
            let items = cache.items(&cached.url)?;
            let page = Url::parse(&cached.page).or_else(|_| Url::parse(&cached.url));
            let page = page.ok();
            let feed = Feed {
                title: words(&cached.title),
                link: Some(cached.page).filter(|it| !it.is_empty()),
                entries: items.iter().map(|it| it.entry(page.as_ref())).collect(),
                ..Feed::default()
            };
            from.stories += items.len();
            let printed = printed_by(&cached.url, commands.iter().map(|it| &*it.1));
            let key = match printed.and_then(|it| commands.get(it)) {
                Some((key, _)) => (*key).clone(),
                None => self.feed_key_here(&cached.url)?,
            };
            let keys = match calls.get(&key) {
                Some(call) => arrivals.bring(call, feed, now)?,
                None => {
                    if !items.is_empty() {
                        from.strangers.push((cached.url.clone(), items.len()));
                    }
                    let call = Call {
                        key,
                        ..Call::new(FeedId(0), &cached.url)
                    };
                    Issue::of(&call, feed, 0, now).keys()
                }
            };
            for (place, key) in keys {
                let Some(item) = items.get(place) else {
                    continue;
                };
                from.read += usize::from(!item.unread);
                let tags = item.tags();
                from.flagged += usize::from(!tags.is_empty());
                let of_story = marks.entry(key).or_default();
                of_story.read |= !item.unread;
                of_story.listed |= !item.deleted;
                of_story.tags.extend(tags);
            }
        }
        let came = arrivals.finish()?;
        from.scanned = came.scanned;
        from.new = came.new;
        // What was done here counts as newer than anything that was done elsewhere at no known time.
        let records: Vec<Record> = marks
            .into_iter()
            .map(|(key, marks)| Record {
                key,
                read: marks.read.then_some(true),
                removed: (!marks.listed).then_some(true),
                tags: marks.tags,
                ..Record::default()
            })
            .filter(|it| it.read.is_some() || it.removed.is_some() || !it.tags.is_empty())
            .collect();
        from.marks = self.import_undated(&records)?;
        Ok(from)
    }
}
