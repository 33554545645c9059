//! A story as newsboat's `cache.db` keeps it.

use jiff::{Timestamp, fmt::rfc2822};
use url::Url;

use super::flag_tag;
use crate::{
    ingest::{
        feed::{Content, Enclosure, Entry, people::Person},
        subscription::words,
    },
    story::{Published, clean},
};

/// Bytes of the longest date in a feed.
const LONGEST_DATE: usize = 64;

/// A row of the table `rss_item`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// Its identifier (`guid`).
    pub id: String,
    /// Its page (`url`).
    pub link: String,
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// When it was published, in seconds since 1970 (`pubDate`).
    pub published: i64,
    /// Its text, as the feed had it.
    pub content: String,
    /// The media type of that; empty for HTML.
    pub media_type: String,
    /// What addresses in it are relative to.
    pub base: String,
    /// The address of a file that comes with it (`enclosure_url`), and its media type.
    pub enclosure: (String, String),
    /// Whether it waits to be read.
    pub unread: bool,
    /// Whether it was taken out of the list.
    pub deleted: bool,
    /// Its flags, a letter each.
    pub flags: String,
}

impl Item {
    /// The tags that stand for its flags.
    pub fn tags(&self) -> Vec<String> {
        self.flags.chars().filter_map(flag_tag).collect()
    }

    /// The entry of its feed that it was. `page` is what its addresses are relative to.
    pub fn entry(&self, page: Option<&Url>) -> Entry {
        let address = |it: &str| match (Url::parse(it.trim()), page) {
            (Ok(url), _) => Some(url.into()),
            (Err(_), Some(page)) if !it.trim().is_empty() => {
                page.join(it.trim()).ok().map(String::from)
            }
            _ => None,
        };
        let some = |it: String| Some(it).filter(|it| !it.is_empty());
        let author = some(clean::line(&self.author));
        let shown = author.as_deref().and_then(|it| {
            let person = Person::of(it);
            person.shown().map(str::to_owned)
        });
        let published = Some(self.published).filter(|it| *it > 0);
        let published = published.and_then(|it| Timestamp::from_second(it).ok());
        let (enclosure, its_type) = &self.enclosure;
        Entry {
            id: some(clean::line(&self.id)).filter(|_| !self.is_id_made(page)),
            link: address(&self.link),
            title: words(&self.title),
            authors: shown.into_iter().collect(),
            author,
            published: published.map(Published::At),
            content: some(clean::text(&self.content).into_owned()).map(|text| Content {
                text,
                is_html: !self.media_type.trim().eq_ignore_ascii_case("text/plain"),
                base: address(&self.base),
            }),
            enclosures: address(enclosure)
                .into_iter()
                .map(|url| Enclosure {
                    url,
                    media_type: some(clean::line(its_type)),
                    ..Enclosure::default()
                })
                .collect(),
            ..Entry::default()
        }
    }

    /// Whether the identifier is none that its publisher gave it: newsboat makes one of link and date where
    /// there is none, else of the title.
    fn is_id_made(&self, page: Option<&Url>) -> bool {
        if self.link.is_empty() {
            return self.id == self.title;
        }
        if let Some(date) = self.id.strip_prefix(&self.link) {
            return rfc2822::parse(date.trim()).is_ok();
        }
        // A link that its feed wrote without a host is whole in the column for links, and not in this one.
        let whole = Url::parse(&self.link).ok();
        let starts = self.id.char_indices().map(|(at, _)| at).skip(1);
        starts
            .filter(|at| self.id.len() - at <= LONGEST_DATE)
            .any(|at| {
                let (link, date) = self.id.split_at(at);
                rfc2822::parse(date.trim()).is_ok()
                    && page.or(whole.as_ref()).and_then(|it| it.join(link).ok()) == whole
            })
    }
}
