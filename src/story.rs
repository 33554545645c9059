//! What a story is, in the words that the whole of recto uses.
//!
//! Pure data: nothing here reads a file, asks the clock or knows a screen.

mod after;
pub mod autolink;
mod citation;
pub mod clean;
mod comment;
mod date;
pub mod element;
pub mod escape;
mod feed;
pub mod fold;
pub mod link;
mod listing;
pub mod markdown;
mod nearest;
mod note;
mod operation;
pub mod query;
pub mod tex;
mod typed;
mod words;

use serde::{Deserialize, Serialize};

pub use after::{After, Comments, Enclosure};
pub use citation::{Citation, quoted};
pub use comment::Comment;
pub use date::{Published, group, iso, long, moment, precise, short};
pub use feed::{
    Feed, FeedId, FeedName, HIDDEN, Offer, Subscription, Trouble, command_of, moved_along,
    printed_by,
};
pub use fold::initial;
pub use listing::{
    Anchor, Left, Listing, Passage, Row, SORTS, Source, SourceRow, StoryId, View, Window,
};
pub use nearest::nearest;
pub use note::{Note, Quote};
pub use operation::{Change, Mark, Operation, Position, State, Target};
pub use query::Sort;
pub use typed::as_typed;
pub use words::{
    WORDS_PER_MINUTE, duration, grouped, minutes, offers_undo, sentence, with_undo, words,
};

/// Which way of bringing in understood an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Markdown, with front matter or without.
    Markdown,
    /// Plain text: paragraphs and nothing else.
    Text,
    /// A web page that was saved as plain text, furniture and all.
    Capture,
    /// An entry of a feed.
    Feed,
    /// The story in a web page.
    Page,
    /// A web page with no story in it: its title and its address are all there is to keep.
    Link,
    /// A book.
    Book,
    /// A letter: a newsletter, other mail.
    Letter,
}

impl Kind {
    /// The word for it in recto's plain output and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Markdown => "markdown",
            Kind::Text => "text",
            Kind::Capture => "capture",
            Kind::Feed => "feed",
            Kind::Page => "page",
            Kind::Link => "link",
            Kind::Book => "book",
            Kind::Letter => "letter",
        }
    }
}

/// One thing to read. All text in it has been cleaned (see [`crate::ingest`]):
/// it holds no control characters and may be drawn as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// How it was understood.
    pub kind: Kind,
    /// The title; never empty: an input that names none is called by its file's name.
    pub title: String,
    /// Whether the title comes from the input's text, not from the file's name.
    pub title_given: bool,
    /// The byline, one name an entry, in the order given.
    pub authors: Vec<String>,
    /// When it was first published, where the input says so.
    pub published: Option<Published>,
    /// When it was last changed by its publisher, where the input says so.
    pub updated: Option<Published>,
    /// What its publisher filed it under.
    pub categories: Vec<String>,
    /// Free keywords.
    pub tags: Vec<String>,
    /// The address it was published at.
    pub url: Option<String>,
    /// The identifier its publisher gave it.
    pub id: Option<String>,
    /// Whether another story was kept with the same link, so that it is not known by that.
    pub apart: bool,
    /// The address that it was fetched from, where it names another as its own.
    pub source: Option<String>,
    /// Whether it was kept from a page of the own machine or network, so that what it names there may be fetched.
    pub own_network: bool,
    /// The heading that its reader's own words begin with, below its text: notes that came with it.
    pub yours: Option<String>,
    /// Whether it has only what its feed sent, which is likely a teaser: its page could not be had when it was kept.
    pub teaser: bool,
    /// The hero picture: address or path, as the input names it.
    pub lead_image: Option<Picture>,
    /// A standfirst or description.
    pub summary: Option<String>,
    /// BCP 47 language tag, declared by the input.
    pub language: Option<String>,
    /// What the publisher asks the reader to do.
    pub call_to_action: Option<Link>,
    /// How many comments readers left, where the input says so.
    pub comments_count: Option<u32>,
    /// Where the comments can be read.
    pub comments_url: Option<String>,
    /// Files that came with it.
    pub enclosures: Vec<Enclosure>,
    /// Other stories that the page announces ("This week", "Read more").
    pub related: Vec<Related>,
    /// The body as CommonMark with GFM extensions, without title and metadata.
    pub markdown: String,
    /// What was wrong with the input, in words for its reader, one a line.
    pub warnings: Vec<String>,
}

impl Story {
    /// A story with this title and body, and nothing else known.
    pub fn new(kind: Kind, title: impl Into<String>, markdown: impl Into<String>) -> Self {
        Story {
            kind,
            title: title.into(),
            title_given: true,
            authors: Vec::new(),
            published: None,
            updated: None,
            categories: Vec::new(),
            tags: Vec::new(),
            url: None,
            id: None,
            apart: false,
            source: None,
            own_network: false,
            yours: None,
            teaser: false,
            lead_image: None,
            summary: None,
            language: None,
            call_to_action: None,
            comments_count: None,
            comments_url: None,
            enclosures: Vec::new(),
            related: Vec::new(),
            markdown: markdown.into(),
            warnings: Vec::new(),
        }
    }
}

impl Story {
    /// What a page says more of the story that a feed announced as `of`: the text is the page's, and what the
    /// feed says of it stays.
    pub fn in_the_place_of(self, of: Story) -> Story {
        let or = |own: Vec<String>, other: Vec<String>| match own.is_empty() {
            true => other,
            false => own,
        };
        Story {
            authors: or(of.authors, self.authors),
            published: of.published.or(self.published),
            updated: of.updated.or(self.updated),
            categories: or(of.categories, self.categories),
            tags: or(of.tags, self.tags),
            url: of.url.or(self.url),
            lead_image: of.lead_image.or(self.lead_image),
            summary: of.summary.or(self.summary),
            language: self.language.or(of.language),
            markdown: self.markdown,
            yours: self.yours,
            teaser: self.teaser,
            warnings: self.warnings,
            ..of
        }
    }
}

/// A picture as a story refers to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Address or path; empty when only the alt text came with the input.
    pub src: String,
    /// What it shows, in words; may be empty.
    pub alt: String,
}

/// A text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What the reader sees.
    pub text: String,
    /// Where it leads, if the input says so.
    pub url: Option<String>,
}

/// A teaser of another story.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// Its headline.
    pub title: String,
    /// The lines under the headline.
    pub summary: Option<String>,
    /// When it was published, where the teaser says so.
    pub published: Option<Published>,
    /// Where it stands.
    pub url: Option<String>,
}
