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
    /// Whether it is known when the story was published.
    pub is_dated: bool,
    /// Where the page lies.
    pub host: Option<&'a str>,
    /// Whether the page says that it is a story of a newspaper, a magazine or a blog: such ones are built
    /// alike. Whatever else it may be, its lines stay.
    pub is_news: bool,
    /// Whether it describes its story in JSON-LD, as such sites do whose pages are made by programs.
    pub is_described: bool,
}

impl About<'_> {
    /// Whether an address is one of another site: other stories of a page's own site are no part of it.
    fn leads_away(&self, address: &str) -> bool {
        let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
        if address.starts_with('#') {
            // Within the story.
            return true;
        }
        let rest = address.split_once("://").map(|(_, rest)| rest);
        let Some(rest) = rest.or(address.strip_prefix("//")) else {
            return false;
        };
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        // Where nobody knows where the page lies, a whole address may be one elsewhere.
        self.host
            .is_none_or(|it| bare(it) != bare(&host.to_ascii_lowercase()))
    }
}

/// Takes out of a story what is no part of it. What it tells of the story is told back.
pub(super) fn remove(tree: &mut Tree, root: Id, about: About<'_>) {
    named::remove(tree, root);
    if about.is_news {
        captions::move_to_pictures(tree, root, about);
        blocks::remove(tree, root, about);
    }
    captions::forget_titles(tree, root, about.title);
}
