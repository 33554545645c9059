//! OPML 1.0 and 2.0: lists of feeds in folders, as readers hand them to each other.
//!
//! [`read`] makes a tree of whatever it is given, broken markup and wrong encodings included, and
//! [`write()`] writes it: nothing that an outline says is lost on the way, known or not, and what was
//! written is read as the same tree. [`Opml::subscriptions`] is the list of feeds in it, and
//! [`Opml::of`] makes a tree of such a list.

mod flat;
mod read;
mod rest;
#[cfg(test)]
mod tests;
mod write;

pub use flat::Subscriptions;
pub use read::{ends_in, read};
pub use rest::Rest;
pub use write::write;

use serde::{Deserialize, Serialize};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opml {
    /// Its version, as it says; 2.0 where it says nothing.
    pub version: String,
    /// What else its root says: namespaces, mostly.
    pub attributes: Vec<(String, String)>,
    /// The elements of its head and their texts, in order.
    pub head: Vec<(String, String)>,
    /// Its outlines.
    pub outlines: Vec<Outline>,
}

impl Default for Opml {
    fn default() -> Self {
        Opml {
            version: "2.0".to_owned(),
            attributes: Vec::new(),
            head: Vec::new(),
            outlines: Vec::new(),
        }
    }
}

/// A feed, a folder, or something else that somebody keeps in an outline.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Outline {
    /// Its words.
    pub text: String,
    /// Its title.
    pub title: Option<String>,
    /// What it is (`type`): `rss` for a feed of any format.
    pub kind: Option<String>,
    /// The address of a feed (`xmlUrl`).
    pub xml_url: Option<String>,
    /// The page that belongs to it (`htmlUrl`).
    pub html_url: Option<String>,
    /// All other attributes in order.
    pub attributes: Vec<(String, String)>,
    /// The outlines in it.
    pub children: Vec<Outline>,
}

impl Outline {
    /// The value of an attribute that has no field of its own, in whatever case its name is written.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        let found = all.find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Why bytes are no OPML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct OpmlError {
    /// The line on which that shows, from 1.
    pub line: usize,
    /// What it is.
    pub problem: OpmlProblem,
}

/// What keeps bytes from being OPML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpmlProblem {
    /// They are a feed.
    #[error("this is a feed, not a list of feeds (OPML); recto subscribe takes its address")]
    Feed,
    /// They are a web page.
    #[error("this is a web page, not a list of feeds (OPML)")]
    Page,
    /// They are something else, or nothing.
    #[error("this is no list of feeds (OPML): no <opml> and no <outline> stands in it")]
    Other,
    /// There are more of them than anybody follows.
    #[error("the list is too long: {0} outlines are the most")]
    TooMany(usize),
    /// There are more of them than anybody follows.
    #[error("the list is too long: {0} MB are the most")]
    TooLarge(usize),
}
