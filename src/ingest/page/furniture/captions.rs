//! Captions become the words of their pictures: that is where they are shown, and the text goes on without them.

use std::collections::HashSet;

use super::super::{
    measure::{count, is_blank, length, line, texts},
    words::tokens,
};
use crate::ingest::html::tree::{Data, Id, Tree};

/// Longer ones, in characters, are texts.
const LONGEST: usize = 600;

/// In an element with so many pictures nobody can tell whose a caption is.
const MOST: usize = 40;

/// How far around a caption its picture stands, in elements.
const NEAR: usize = 3;

pub(super) fn move_to_pictures(tree: &mut Tree, root: Id) {
    galleries(tree, root);
    let all: Vec<Id> = tree
        .within(root)
        .filter(|it| is_caption(tree, *it))
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
