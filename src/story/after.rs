//! What is known beside a story's text, and stands after its last line.

use serde::{Deserialize, Serialize};

use super::Row;

/// A file that comes with a story: audio, video, a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Enclosure {
    /// Its address.
    pub url: String,
    /// Its media type, such as `audio/mpeg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Its length in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// How long it plays, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What the library adds to a story.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct After {
    /// Where others say something of it; none where nobody can.
    pub comments: Option<Comments>,
    /// Files that come with it.
    pub files: Vec<Enclosure>,
    /// Unread stories of this week, the newest first.
    pub week: Vec<Row>,
    /// The stories that are most like it, the likest first.
    pub alike: Vec<Row>,
    /// Whether some stories were not indexed yet when it was found: others may be liker, or newer.
    pub early: bool,
}

/// Where the comments on a story are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comments {
    /// How many there are, if that is known.
    pub count: Option<u32>,
    /// The page with them.
    pub page: Option<String>,
    /// The feed of them: those can be read here.
    pub feed: Option<String>,
}

impl After {
    /// Whether it adds nothing.
    pub fn is_empty(&self) -> bool {
        self.comments.is_none()
            && self.files.is_empty()
            && self.week.is_empty()
            && self.alike.is_empty()
    }
}
