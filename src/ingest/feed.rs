//! Feeds: RSS 0.90 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0 (RFC 4287), CDF, JSON Feed 1 and 1.1.
//!
//! One lenient reader for all of them: what a person can see in a feed, recto shows, however broken its
//! markup. [`read`] makes a [`Feed`] with its entries, whose content stays as it was received;
//! [`Entry::story`] makes a story of one when somebody wants to read it, for to convert HTML takes longer
//! than all the rest. Nothing here fetches anything.
//!
//! The way of the bytes: *decode* (the charset that came with them, a byte order mark, the XML
//! declaration, else a guess), *walk* through the markup (`xml`), take each element's text from where it
//! lies in the source (`text`), *clean* it. Elements of unknown names and depths cost a look each.

mod build;
mod draft;
mod json;
mod names;
pub(in crate::ingest) mod people;
mod story;
pub(in crate::ingest) mod text;
pub(in crate::ingest) mod xml;

use serde::{Deserialize, Serialize};
use url::Url;

use super::decode;
pub use crate::story::Enclosure;
use crate::story::{Picture, Published};
pub(in crate::ingest) use story::{in_a_row, without_tags};

/// What came with the bytes of a feed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// The address that they came from.
    pub address: Option<&'a Url>,
    /// The charset that their Content-Type names.
    pub charset: Option<&'a str>,
}

/// Why bytes are no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// They are a web page.
    #[error("this is a web page, not a feed")]
    Page,
    /// They are something else.
    #[error("this is no feed: it has no element and no field that feeds have")]
    Other,
    /// JSON that breaks off or is none.
    #[error("this JSON Feed cannot be read: {0}")]
    Json(String),
}

/// A feed. All text in it is clean (see [`crate::story::clean`]), and all addresses are whole where
/// anything was known that they could be relative to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feed {
    /// Its title; empty where it has none.
    pub title: String,
    /// The page of the site that it belongs to.
    pub link: Option<String>,
    /// What it is about, in words.
    pub description: Option<String>,
    /// The address of a picture that stands for it.
    pub icon: Option<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// When it was last changed, as it says itself.
    pub updated: Option<Published>,
    /// Who writes it, where it says so for all entries.
    pub authors: Vec<String>,
    /// How many minutes what it says may be believed (RSS 2.0 `ttl`).
    pub ttl: Option<u32>,
    /// How many minutes lie between two updates (`sy:updatePeriod` by `sy:updateFrequency`).
    pub interval: Option<u32>,
    /// Where news of it can be subscribed to (WebSub).
    pub hub: Option<String>,
    /// The address that it gives for itself (`rel="self"`, `feed_url`).
    pub own_address: Option<String>,
    /// The address that it says it moved to (`itunes:new-feed-url`).
    pub moved_to: Option<String>,
    /// Its entries, in the order given.
    pub entries: Vec<Entry>,
}

/// An entry of a feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The identifier its publisher gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The page it announces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Its title as plain text; empty where it has none.
    pub title: String,
    /// Who wrote it: names, where there are any, else addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Who wrote it, as the feed has it: the last one named, with a mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
    /// When it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Published>,
    /// What it is filed under.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// All of it, or as much as the feed has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// What it is about, where the feed says that beside the content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Content>,
    /// Files that come with it: audio, video, documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enclosures: Vec<Enclosure>,
    /// The page with its comments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments_url: Option<String>,
    /// The feed of its comments (`wfw:commentRss`, `rel="replies"`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments_feed: Option<String>,
    /// How many comments it has (`slash:comments`, `thr:total`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments_count: Option<u32>,
    /// Of a comment: the identifier of the one that it answers (`thr:in-reply-to`), or else its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// The picture that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_image: Option<Picture>,
    /// BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A text as a feed carries it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// The text: HTML, or plain.
    pub text: String,
    /// Whether it is HTML.
    pub is_html: bool,
    /// What addresses in it are relative to (`xml:base`, else the entry's page).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
}

/// Reads a feed. Never fails on account of broken markup: what can be made out is there.
///
/// Takes time linear in the bytes, and a few times their memory.
///
/// # Errors
/// When the bytes are no feed at all.
pub fn read(bytes: &[u8], origin: Origin<'_>) -> Result<Feed, FeedError> {
    let source = decode::markup(bytes, origin.charset);
    if source.trim_start().starts_with(['{', '[']) {
        return json::read(&source, origin.address);
    }
    build::read(&source, origin.address)
}

/// Whether bytes look like a feed: told by the first element (or field, of JSON) near their beginning.
pub fn is_feed(bytes: &[u8]) -> bool {
    const OPENING: usize = 4 * 1024;
    let opening = bytes.get(..bytes.len().min(OPENING)).unwrap_or_default();
    let source = decode::markup(opening, None);
    let source = source.trim_start();
    if source.starts_with('{') {
        return source.contains("jsonfeed.org/version");
    }
    source.starts_with('<') && build::opens_feed(source)
}

#[cfg(test)]
mod tests;
