//! Feeds as the reader has them: what is subscribed to, and how it stands with each.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

/// What the address of a feed begins with that a command prints.
const COMMAND: &str = "command:";

/// What stands for the address of a feed that this command prints: its words, each in percent-encoding.
pub fn printed_by(command: &[String]) -> String {
    let words = command.iter();
    let words = words.map(|it| utf8_percent_encode(it, NON_ALPHANUMERIC).to_string());
    format!("{COMMAND}{}", words.collect::<Vec<_>>().join("+"))
}

/// The words of the command that prints a feed, if its address stands for one.
pub fn command_of(address: &str) -> Option<Vec<String>> {
    let words = address.strip_prefix(COMMAND)?.split('+');
    let decoded = words.map(|it| percent_decode_str(it).decode_utf8_lossy().into_owned());
    Some(decoded.collect())
}

/// The attribute of a feed that stands in no list of feeds.
pub const HIDDEN: &str = "hidden";

/// A feed of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedId(pub u32);

/// A feed with the name that it goes by. Feeds are told apart by their numbers alone: a name may change.
#[derive(Debug, Clone)]
pub struct FeedName {
    /// Which feed.
    pub id: FeedId,
    /// Its name: the reader's own, else the feed's.
    pub name: Arc<str>,
}

impl PartialEq for FeedName {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for FeedName {}

impl Hash for FeedName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// What the reader subscribed to. All text in it is clean.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// Where the feed is fetched from.
    pub url: String,
    /// What the reader calls it; empty where that is what it calls itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The folder it lies in, with those that this one lies in, between slashes; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub folder: String,
    /// What else an OPML file said of it: names and values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
}

impl Subscription {
    /// Whether it stands in no list of feeds: its stories are found by queries alone, as with newsboat's `!`.
    pub fn is_hidden(&self) -> bool {
        let mut all = self.attributes.iter();
        all.any(|(name, value)| name == HIDDEN && value == "true")
    }

    /// A subscription to an address, with nothing else said of it.
    pub fn new(url: impl Into<String>) -> Self {
        Subscription {
            url: url.into(),
            ..Subscription::default()
        }
    }
}

/// Where a folder is when the folder `from` has become `to`; none where it neither is that one nor lies in it.
pub fn moved_along(folder: &str, from: &str, to: &str) -> Option<String> {
    let rest = folder.strip_prefix(from)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
}

/// A feed that may be meant by an address that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Where it is.
    pub url: String,
    /// What it is called; empty where nobody says.
    pub title: String,
    /// Whether it has comments on stories, not stories.
    pub comments: bool,
    /// Whether nobody named it: neither who typed the address, nor the page that is there.
    pub guessed: bool,
}

impl Offer {
    /// What it goes by: its title, else its address.
    pub fn name(&self) -> &str {
        match &*self.title {
            "" => &self.url,
            title => title,
        }
    }
}

/// A feed that is subscribed to, and how it stands with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Which one.
    pub id: FeedId,
    /// What the reader said of it.
    pub subscription: Subscription,
    /// What it calls itself; empty where it was never fetched, or has no title.
    pub title: String,
    /// The page of the site that it belongs to.
    pub page: Option<String>,
    /// Stories of it in the lists.
    pub total: usize,
    /// Unread ones among them.
    pub unread: usize,
    /// Seconds since 1970 when it was asked last; 0 if never.
    pub checked: i64,
    /// The same of when there was something new last.
    pub changed: i64,
    /// The same of its newest entry, as that is dated; 0 where there is none.
    pub newest: i64,
    /// Before when its server does not want to be asked; 0 where it said nothing.
    pub resting: i64,
    /// What is wrong with it, in words.
    pub trouble: Option<String>,
    /// Since when, as seconds since 1970.
    pub since: i64,
}

/// Why a feed brings nothing new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whether it cannot be had; else it only says nothing.
    pub fails: bool,
    /// Why, and since when, in words.
    pub words: Arc<str>,
}

impl Feed {
    /// The name that it goes by.
    pub fn name(&self) -> &str {
        [&self.subscription.name, &self.title]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or(&self.subscription.url)
    }
}
