//! What the reader has done with pages: keeping them, fetching them.

use crate::story::StoryId;

/// Something to be done with pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageOrder {
    /// Keep these stories on the shelf.
    Save {
        /// Which.
        stories: Vec<StoryId>,
        /// Of pages that are only looked at, those that were read to their end: kept, they are read.
        ended: Vec<StoryId>,
    },
    /// Read the full text of a story in the place of what its feed has; again, the other way round.
    FullText(StoryId),
    /// Fetch a page and read it, without keeping it.
    Read {
        /// Its address.
        address: String,
        /// The story that links to it; none where the reader typed the address.
        from: Option<StoryId>,
    },
}

/// A page that is on its way to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// Its address.
    pub address: String,
    /// The story that was read when it was asked for: whoever reads another one by now does not wait for it.
    pub from: Option<StoryId>,
}
