//! What Readability leaves in a story and is no part of it.
//!
//! Captions go to their pictures (`captions`), parts that are called what they are go (`named`), and then the
//! blocks of the story are read one after the other (`blocks`): what stands before the first paragraph, behind
//! the last one, and between them, as far as its words, its links and its place give it away. The words are
//! those by which captures are read, in all their languages.

mod blocks;
mod captions;
mod named;

use crate::ingest::html::tree::{Id, Tree};

/// What is known of a story, to tell its own lines from those around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub title: &'a str,
    pub summary: Option<&'a str>,
    pub authors: &'a [String],
    /// What the site and its parts are called.
    pub sections: &'a [String],
    pub language: &'a str,
}

/// Takes out of a story what is no part of it. What it tells of the story is told back.
pub(super) fn remove(tree: &mut Tree, root: Id, about: About<'_>) {
    captions::move_to_pictures(tree, root);
    named::remove(tree, root);
    blocks::remove(tree, root, about);
}
