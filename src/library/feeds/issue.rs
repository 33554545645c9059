//! What a feed sent, made ready for the database on whatever thread fetched it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use url::Url;

use super::super::{
    fingerprint,
    intake::{Entry, Outside},
};
use crate::{
    ingest::{
        Head,
        feed::{self, FeedError, Origin},
    },
    story::{Published, link},
};

/// Entries that are dated further ahead than this, in seconds, are dated now: they would stand on top of
/// all lists for as long.
const AHEAD: i64 = 24 * 60 * 60;

/// What a feed sent, read.
#[derive(Debug)]
pub struct Issue {
    /// A number of the bytes: the same, and there is nothing new.
    pub print: i64,
    /// What the feed calls itself.
    pub(super) title: String,
    pub(super) page: Option<String>,
    pub(super) language: Option<String>,
    /// Seconds after which it says that there may be something new; 0 where it says nothing.
    pub pause: i64,
    pub(super) entries: Vec<Incoming>,
}

impl Issue {
    /// What the stories of its entries are known by, each with its place in the feed.
    pub(in crate::library) fn keys(self) -> Vec<(usize, String)> {
        let entries = self.entries.into_iter();
        entries.map(|it| (it.place, it.entry.key)).collect()
    }

    /// When its newest entry was published, as seconds since 1970; 0 where there is none.
    pub(super) fn newest(&self) -> i64 {
        let dates = self.entries.iter().map(|it| it.entry.when.seconds());
        dates.max().unwrap_or(0)
    }
}

/// An entry on its way in.
#[derive(Debug)]
pub(super) struct Incoming {
    /// Which of the entries that came it is.
    pub place: usize,
    pub ident: i64,
    /// Its identifier, where that is what its number is of.
    pub id: Option<String>,
    /// A number of its link; 0 where that is not its own.
    pub link: i64,
    pub print: i64,
    pub comments: u32,
    /// As the column `entry.content` says.
    pub content: String,
    /// What it is known by where its link is not its own, or another entry's already.
    pub own_key: String,
    pub entry: Entry,
}

impl Incoming {
    /// It is one that is known by this number.
    pub(super) fn is_known_by(&mut self, ident: i64) {
        let feed = self.own_key.rfind('#').unwrap_or(self.own_key.len());
        let own_key = format!("{}#{ident:x}", &self.own_key[..feed]);
        if self.entry.key == self.own_key {
            self.entry.key.clone_from(&own_key);
        }
        (self.ident, self.own_key) = (ident, own_key);
    }
}

/// The number of an entry with this identifier.
pub(super) fn ident_of(id: &str) -> i64 {
    fingerprint::of(id.as_bytes())
}

/// Whether a date lies so far ahead of when it came that it cannot be true.
pub(super) fn is_ahead(date: Published, came: Timestamp) -> bool {
    date.seconds() > came.as_second() + AHEAD
}

impl Issue {
    /// A number of a feed's bytes.
    pub fn print_of(body: &[u8]) -> i64 {
        print(body)
    }

    /// Reads what the feed of `call` sent. `now` is what entries without a date have for one.
    ///
    /// # Errors
    /// Says what it is instead of a feed.
    pub fn read(
        call: &super::Call,
        body: &[u8],
        address: &Url,
        charset: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, FeedError> {
        let origin = Origin {
            address: Some(address),
            charset,
        };
        let feed = feed::read(body, origin)?;
        Ok(Issue::of(call, feed, Self::print_of(body), now))
    }

    /// What the feed of `call` sent, read already.
    pub(in crate::library) fn of(
        call: &super::Call,
        feed: feed::Feed,
        print: i64,
        now: Timestamp,
    ) -> Self {
        let mut shared: HashMap<String, usize> = HashMap::new();
        let links: Vec<Option<String>> = feed
            .entries
            .iter()
            .map(|entry| entry.link.as_deref().and_then(link::canonical))
            .collect();
        for link in links.iter().flatten() {
            *shared.entry(link.clone()).or_default() += 1;
        }
        let ambiguous = ambiguous_ids(&feed.entries);
        let signs = signs(&feed.entries);
        let minutes = feed.ttl.into_iter().chain(feed.interval).max();
        let page = feed.link.clone();
        let entries = feed.entries.into_iter().zip(links).zip(signs).enumerate();
        let mut seen = HashSet::new();
        let entries = entries
            .map(|(place, ((entry, link), sign))| {
                // A page that several entries name is none of theirs: a front page, a list of changes.
                let own = link.filter(|link| shared.get(link) == Some(&1));
                let id = entry.id.clone().filter(|id| !ambiguous.contains(id));
                let sign = id.clone().or_else(|| own.clone()).or(sign);
                let incoming = incoming(call, entry, (sign, own), page.as_deref(), now);
                Incoming {
                    place,
                    id,
                    ..incoming
                }
            })
            // Of entries that are one the first is the newest.
            .filter(|it| seen.insert(it.ident))
            .collect();
        Issue {
            print,
            title: feed.title,
            page: feed.link,
            language: feed.language,
            pause: i64::from(minutes.unwrap_or(0)) * 60,
            entries,
        }
    }
}

/// A number that is not 0, which stands for nothing at all.
fn print(bytes: &[u8]) -> i64 {
    match fingerprint::of(bytes) {
        0 => 1,
        number => number,
    }
}

/// What tells each entry from the others of its feed where it has neither an identifier nor a page of its own,
/// whatever becomes of its text: a place in a page that they share, else its title and date.
fn signs(entries: &[feed::Entry]) -> Vec<Option<String>> {
    fn alone(of: &[Option<String>]) -> impl Fn(&Option<String>) -> bool {
        let mut counts: HashMap<&String, usize> = HashMap::new();
        for it in of.iter().flatten() {
            *counts.entry(it).or_default() += 1;
        }
        let once: HashSet<String> = counts
            .into_iter()
            .filter(|(_, count)| *count == 1)
            .map(|(it, _)| it.clone())
            .collect();
        move |it| it.as_ref().is_some_and(|it| once.contains(it))
    }
    let places: Vec<Option<String>> = entries
        .iter()
        .map(|entry| entry.link.clone().filter(|link| link.contains('#')))
        .collect();
    let titles: Vec<Option<String>> = entries.iter().map(title_sign).collect();
    let (is_place, is_title) = (alone(&places), alone(&titles));
    let each = places.iter().zip(&titles);
    each.map(|(place, title)| {
        let place = Some(place).filter(|it| is_place(it));
        let title = Some(title).filter(|it| is_title(it));
        place.or(title).cloned().flatten()
    })
    .collect()
}

/// What tells an entry from the others of its feed by its title and date; none where it has no title.
pub(super) fn title_sign(entry: &feed::Entry) -> Option<String> {
    let date = entry.published.map(crate::story::iso).unwrap_or_default();
    let title = entry.title.trim();
    (!title.is_empty()).then(|| format!("{title}\n{date}"))
}

/// Identifiers that entries share which are not one: their publisher does not know what they are for.
fn ambiguous_ids(entries: &[feed::Entry]) -> HashSet<String> {
    let mut first: HashMap<&str, &feed::Entry> = HashMap::new();
    let mut ambiguous = HashSet::new();
    for entry in entries {
        let Some(id) = entry.id.as_deref() else {
            continue;
        };
        let other = *first.entry(id).or_insert(entry);
        if (&other.link, &other.title) != (&entry.link, &entry.title) {
            ambiguous.insert(id.to_owned());
        }
    }
    ambiguous
}

fn incoming(
    call: &super::Call,
    mut entry: feed::Entry,
    (sign, own_link): (Option<String>, Option<String>),
    page: Option<&str>,
    now: Timestamp,
) -> Incoming {
    // It changes without anything being new.
    let comments = entry.comments_count.take().unwrap_or(0);
    // Nor does it become another one by being numbered anew.
    let number = entry.id.take();
    let mut content = serde_json::to_string(&entry).unwrap_or_default();
    let print = print(content.as_bytes());
    if let Some(Ok(number)) = number.as_ref().map(serde_json::to_string) {
        let comma = if content == "{}" { "" } else { "," };
        content.replace_range(..1, &format!("{{\"id\":{number}{comma}"));
    }
    let ident = match sign {
        Some(sign) => ident_of(&sign),
        None => {
            let content = entry.content.as_ref().map_or("", |it| &*it.text);
            fingerprint::of(format!("{}\n{content}", entry.title).as_bytes())
        }
    };
    let own_key = format!("entry:{}#{ident:x}", call.key);
    Incoming {
        place: 0,
        ident,
        id: None,
        link: own_link
            .as_deref()
            .map_or(0, |link| fingerprint::of(link.as_bytes())),
        print,
        comments,
        content,
        entry: row_of(
            &entry,
            own_link.unwrap_or_else(|| own_key.clone()),
            page,
            comments,
            now,
        ),
        own_key,
    }
}

/// The story of an entry, ready for its row but for what only its feed knows: name and folder.
pub(super) fn row_of(
    entry: &feed::Entry,
    key: String,
    page: Option<&str>,
    comments: u32,
    came: Timestamp,
) -> Entry {
    let (mut story, words) = entry.head(page);
    story.comments_count = Some(comments);
    let sound = story.published.filter(|it| !is_ahead(*it, came));
    story.published = Some(sound.unwrap_or(Published::At(came)));
    // What it is known by is decided here, and not by its link alone.
    let outside = Outside {
        key: String::new(),
        name: String::new(),
        folder: Arc::from(""),
        modified: came,
    };
    let mut row = Entry::new(outside, Ok(Head { story, words }));
    row.key = key;
    row
}
