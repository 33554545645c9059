//! What readers say of a story.

use super::Published;

/// One comment, among the others in the order in which they are read: below the one that it answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Comment {
    /// Who says it; empty where that is not told.
    pub author: String,
    /// When.
    pub published: Option<Published>,
    /// What, as Markdown.
    pub markdown: String,
    /// How many others it stands below.
    pub depth: usize,
    /// How many comments stand below it.
    pub replies: usize,
    /// Whether it came since the reader looked last.
    pub new: bool,
}
