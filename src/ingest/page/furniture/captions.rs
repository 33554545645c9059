//! Captions become the words of their pictures: that is where they are shown, and the text goes on without them.

use std::collections::HashSet;

use super::{
    super::{
        measure::{count, is_blank, length, line, texts},
        words::tokens,
    },
    About,
};
use crate::ingest::html::tree::{Data, Id, Tree};

/// Longer ones, in characters, are texts.
const LONGEST: usize = 600;

/// A text under a picture that is no longer, in characters, is its caption.
const SHORT: usize = 250;

/// In an element with so many pictures nobody can tell whose a caption is.
const MOST: usize = 40;

/// What stands with a picture and its caption, in nodes.
const BESIDE: usize = 12;

/// How far around a caption its picture stands, in elements.
const NEAR: usize = 3;

pub(super) fn move_to_pictures(tree: &mut Tree, root: Id, about: About<'_>) {
    galleries(tree, root);
    let all: Vec<Id> = tree
        .within(root)
        .filter(|it| is_caption(tree, *it) || (about.is_described && is_under_picture(tree, *it)))
        .collect();
    for id in all {
        // It may have gone with the one around it.
        if !tree.around(id).any(|it| it == root) {
            continue;
        }
        let text = line(tree, id);
        if text.chars().count() > LONGEST
            || count(tree, id, &["img", "table", "pre", "h2", "h3"]) > 0
        {
            continue;
        }
        let Some(picture) = picture_of(tree, root, id) else {
            continue;
        };
        if let Some(picture) = picture
            && !text.is_empty()
        {
            let before = tree.attribute(picture, CAPTION).unwrap_or_default();
            let words = match before {
                "" => text,
                before if before.contains(&*text) => before.to_owned(),
                before => format!("{before} {text}"),
            };
            tree.set_attribute(picture, CAPTION, &words);
            tree.set_attribute(picture, "alt", &words);
        }
        tree.detach(id);
    }
}

/// Takes away the words of pictures that are the title of the story, but for the first: repeated they tell nothing.
pub(super) fn forget_titles(tree: &mut Tree, root: Id, title: &str) {
    let is_titled = |id: &Id| {
        let alt = tree.attribute(*id, "alt").unwrap_or_default();
        let is_picture = matches!(tree.name(*id), "img" | "amp-img");
        is_picture && alt.split_whitespace().eq(title.split_whitespace())
    };
    let titled: Vec<Id> = tree.within(root).filter(is_titled).skip(1).collect();
    for id in titled {
        tree.set_attribute(id, "alt", "");
    }
}

/// Marks a picture whose words are its caption.
const CAPTION: &str = "data-caption-words";

fn is_caption(tree: &Tree, id: Id) -> bool {
    if tree.name(id) == "figcaption" {
        return true;
    }
    let class = tree.attribute(id, "class").unwrap_or_default();
    tokens(class).any(|it| {
        matches!(
            it.as_str(),
            "caption"
                | "captions"
                | "credit"
                | "credits"
                | "figcaption"
                | "imgcaption"
                | "photocaption"
                | "photocredit"
        )
    }) && !matches!(tree.name(id), "img" | "figure" | "table" | "tr" | "caption")
}

/// Whether a short text stands under a picture, and both alone in an element.
fn is_under_picture(tree: &Tree, id: Id) -> bool {
    let Some(outer) = tree.parent(id) else {
        return false;
    };
    let may_be = |name: &str| matches!(name, "p" | "span" | "small" | "em" | "i" | "div");
    if !may_be(tree.name(id)) || !matches!(tree.name(outer), "div" | "p" | "figure" | "section") {
        return false;
    }
    // So few stand beside a caption that to look at them takes no time, however many there are of them.
    if tree.children(outer).nth(BESIDE).is_some() || is_blank(tree, id) {
        return false;
    }
    let is_picture = |it: Id| matches!(tree.name(it), "img" | "amp-img" | "picture");
    let shows = |it: Id| is_picture(it) || tree.within(it).any(is_picture);
    let mut before = tree.children(outer).take_while(|it| *it != id);
    before.any(|it| shows(it) && is_blank(tree, it))
        && !shows(id)
        && is_blank_beside(tree, outer, id)
        && length(tree, id) <= SHORT
}

/// The words of a row of pictures that one steps through go; the pictures stay.
fn galleries(tree: &mut Tree, root: Id) {
    let all = length(tree, root);
    let is_gallery = |tree: &Tree, id: Id| {
        let class = tree.attribute(id, "class").unwrap_or_default();
        tokens(class).any(|it| matches!(&*it, "gallery" | "slideshow" | "carousel" | "slider"))
    };
    let found: Vec<Id> = tree
        .within(root)
        .filter(|it| is_gallery(tree, *it) && length(tree, *it) * 4 < all && repeats(tree, *it))
        .collect();
    for id in found {
        let inner: Vec<Id> = tree
            .within(id)
            .filter(|it| matches!(tree.data(*it), Data::Text(_)))
            .collect();
        for text in inner {
            tree.detach(text);
        }
    }
}

/// Whether a part says the same twice: once for each size of screen.
fn repeats(tree: &Tree, id: Id) -> bool {
    let mut said = HashSet::new();
    let mut long = texts(tree, id).map(str::trim).filter(|it| it.len() > 20);
    long.any(|it| !said.insert(it))
}

/// The picture that a caption belongs to. None within where it stands beside a player or nothing that is
/// shown; none at all where it may be no caption.
fn picture_of(tree: &Tree, root: Id, id: Id) -> Option<Option<Id>> {
    let is_picture = |it: &Id| matches!(tree.name(*it), "img" | "amp-img");
    let mut around = id;
    for _ in 0..NEAR {
        let outer = tree.parent(around)?;
        let pictures: Vec<Id> = tree.within(outer).filter(is_picture).take(MOST).collect();
        if pictures.len() == MOST {
            return None;
        }
        // The nearest before it, else behind it.
        if !pictures.is_empty() {
            let before = tree
                .within(outer)
                .take_while(|it| *it != id)
                .filter(is_picture)
                .last();
            return Some(before.or_else(|| pictures.first().copied()));
        }
        let shows = |it: Id| {
            matches!(
                tree.name(it),
                "iframe" | "video" | "audio" | "object" | "embed"
            )
        };
        if tree.name(outer) == "figure" || tree.within(outer).any(shows) {
            return Some(None);
        }
        if outer == root || !is_blank_beside(tree, outer, around) {
            break;
        }
        around = outer;
    }
    (tree.name(id) == "figcaption").then_some(None)
}

/// Whether nothing stands in `outer` beside `id`.
fn is_blank_beside(tree: &Tree, outer: Id, id: Id) -> bool {
    tree.children(outer)
        .all(|it| it == id || is_blank(tree, it))
}
