//! What the reader has done with feeds, and how far a refresh has come.

use crate::story::{FeedId, Offer, StoryId};

/// Something to be done with feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedOrder {
    /// Ask these for what is new; where none is named, all.
    Refresh(Vec<FeedId>),
    /// Ask those that announced a story.
    RefreshOf(StoryId),
    /// Subscribe to what is published at an address, in this folder.
    Subscribe {
        /// The address, as it was typed.
        address: String,
        /// The folder; empty for none.
        folder: String,
    },
    /// Subscribe to one that was found, in this folder.
    Take {
        /// The feed.
        offer: Offer,
        /// The folder; empty for none.
        folder: String,
    },
    /// Call a feed so; where nothing is said, as it calls itself.
    Name(FeedId, String),
    /// Put a feed into a folder; where nothing is said, into none.
    Move(FeedId, String),
    /// Fetch a feed from another address: it has moved.
    Readdress(FeedId, String),
    /// Have the feeds of a folder, and of those in it, lie in another one instead.
    Refile {
        /// The folder.
        from: String,
        /// What it is from now on.
        to: String,
        /// What that is called: "renamed", "moved".
        what: &'static str,
    },
    /// End subscriptions, as one step.
    Unsubscribe(Vec<FeedId>),
    /// Fetch and show the comments on a story.
    Discuss(StoryId),
    /// Show the page of the site that a feed belongs to.
    Browse(FeedId),
}

/// How far a refresh has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshing {
    /// Feeds that were asked.
    pub done: usize,
    /// Feeds that are to be.
    pub total: usize,
    /// Stories that are new.
    pub new: usize,
    /// Hosts that have been waited for long.
    pub awaited: Vec<String>,
}
