//! The part of a page that is to be read, as Mozilla's Readability finds it.
//!
//! Paragraphs give points to what they stand in, by their length and commas; what has most of them, and has
//! little of it in links, is the story, with those beside it that are of its kind (`score`). Before,
//! what is called as furniture is called goes (`prepare`); afterwards, what looks like such within the story
//! (`conditional`). Where too little is left, all is done again and less is taken away.

mod conditional;
mod prepare;
mod score;

use super::measure::{count, is_phrasing, length, only};
use super::words;
use crate::ingest::html::tree::{DOCUMENT, Id, Tree};

/// Shorter stories, in characters, are looked for again with less taken away.
const SHORT: usize = 500;

/// Marks a heading that was the page's own.
pub(super) const MAIN_HEADING: &str = "data-main-heading";

/// The class of the element that a paragraph has taken the place of.
pub(super) const OUTER_CLASS: &str = "data-outer-class";

/// Pages with more text, in characters, are read whole.
const LONG: usize = 1_500_000;

/// What is taken away, and what is looked at.
#[derive(Debug, Clone, Copy)]
struct Strictness {
    /// Parts that are called as furniture is go.
    unlikely: bool,
    /// Names of parts count.
    names: bool,
    /// Parts of a story that look like furniture go.
    conditional: bool,
}

/// From strict to lenient.
const ATTEMPTS: [Strictness; 4] = [
    Strictness {
        unlikely: true,
        names: true,
        conditional: true,
    },
    Strictness {
        unlikely: false,
        names: true,
        conditional: true,
    },
    Strictness {
        unlikely: false,
        names: false,
        conditional: true,
    },
    Strictness {
        unlikely: false,
        names: false,
        conditional: false,
    },
];

/// A story in a page.
#[derive(Debug)]
pub(super) struct Found {
    /// The page, taken apart.
    pub tree: Tree,
    /// The element with the story.
    pub root: Id,
    /// The line in the page that names its authors.
    pub byline: Option<String>,
    /// The characters in it.
    pub length: usize,
}

/// What is known of a page before the story in it is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    /// Its title: a heading that says it again is no part of the story.
    pub title: &'a str,
    /// Whether its authors are known: else a line that names them is taken out.
    pub authors: bool,
}

/// Finds the story; none where the page has no text. The page is taken apart.
pub(super) fn find(mut page: Tree, known: Known<'_>) -> Option<Found> {
    prepare::page(&mut page);
    let body = body(&page)?;
    let whole = length(&page, body);
    if whole > LONG {
        // A book. To weigh its parts would take long, and it has no furniture to speak of.
        return Some(Found {
            tree: page,
            root: body,
            byline: None,
            length: whole,
        });
    }
    let mut best: Option<Found> = None;
    for strictness in ATTEMPTS {
        let Some(found) = attempt(page.clone(), known, strictness) else {
            continue;
        };
        let enough = found.length >= SHORT;
        if enough || best.as_ref().is_none_or(|it| found.length > it.length) {
            best = Some(found);
        }
        if enough {
            break;
        }
    }
    best.filter(|it| it.length > 0)
}

fn attempt(mut tree: Tree, known: Known<'_>, strictness: Strictness) -> Option<Found> {
    let body = body(&tree)?;
    let (paragraphs, byline) = prepare::walk(&mut tree, known, strictness.unlikely);
    let root = score::story(&mut tree, body, &paragraphs, strictness.names)?;
    clean(&mut tree, root, strictness);
    let length = length(&tree, root);
    Some(Found {
        tree,
        root,
        byline,
        length,
    })
}

/// The body of a page.
pub(super) fn body(tree: &Tree) -> Option<Id> {
    tree.within(DOCUMENT).find(|it| tree.name(*it) == "body")
}

/// Takes out of a story what is no part of it.
fn clean(tree: &mut Tree, root: Id, strictness: Strictness) {
    let tables = conditional::data_tables(tree, root);
    let cleaning = conditional::Cleaning { strictness, tables };
    cleaning.of(tree, root, &["form"]);
    cleaning.of(tree, root, &["fieldset"]);
    remove(tree, root, |tree, id| match tree.name(id) {
        "object" | "embed" => !plays(tree, id),
        "footer" | "link" | "aside" => true,
        _ => false,
    });
    let tops: Vec<Id> = tree.elements(root).collect();
    for top in tops {
        remove(tree, top, |tree, id| {
            let name = super::measure::called(tree, id);
            words::is_share(&name) && tree.text(id).chars().count() < SHORT
        });
    }
    remove(tree, root, |tree, id| match tree.name(id) {
        "iframe" => !plays(tree, id),
        "input" | "textarea" | "select" | "button" => true,
        "h1" | "h2" => score::weight(tree, id, strictness.names) < 0.0,
        _ => false,
    });
    cleaning.of(tree, root, &["table"]);
    cleaning.of(tree, root, &["ul"]);
    cleaning.of(tree, root, &["div"]);
    let all: Vec<Id> = tree.within(root).collect();
    for id in all {
        match tree.name(id) {
            "h1" => {
                tree.rename(id, "h2");
                tree.set_attribute(id, MAIN_HEADING, "");
            }
            "p" => {
                let holds = count(tree, id, &["img", "embed", "object", "iframe"]) > 0;
                if !holds && length(tree, id) == 0 {
                    tree.detach(id);
                }
            }
            "br" => {
                let after = next_node(tree, tree.after(id));
                if after.is_some_and(|it| tree.name(it) == "p") {
                    tree.detach(id);
                }
            }
            "table" => {
                let rows = only(tree, id, "tbody").unwrap_or(id);
                let cell = only(tree, rows, "tr").and_then(|row| only(tree, row, "td"));
                if let Some(cell) = cell {
                    let line = tree.children(cell).all(|it| is_phrasing(tree, it));
                    tree.rename(cell, if line { "p" } else { "div" });
                    tree.replace(id, cell);
                }
            }
            _ => {}
        }
    }
}

/// The first of this node and those after it that is no white space.
fn next_node(tree: &Tree, mut id: Option<Id>) -> Option<Id> {
    while let Some(at) = id {
        if tree.is_element(at) || !super::measure::is_blank(tree, at) {
            return Some(at);
        }
        id = tree.after(at);
    }
    None
}

/// Whether an element plays a film that is known to be one.
fn plays(tree: &Tree, id: Id) -> bool {
    let of = |id: Id| {
        let mut values = tree.attributes(id).iter();
        values.any(|it| words::is_film(&it.value))
    };
    of(id) || (tree.name(id) == "object" && tree.within(id).any(of))
}

/// Takes out of `root` all elements that `is_out` says are.
pub(super) fn remove(tree: &mut Tree, root: Id, is_out: impl Fn(&Tree, Id) -> bool) {
    let mut at = tree.first(root);
    while let Some(id) = at {
        let out = tree.is_element(id) && is_out(tree, id);
        at = next_in(tree, root, id, out);
        if out {
            tree.detach(id);
        }
    }
}

/// The node after `id` within `root`.
fn next_in(tree: &Tree, root: Id, id: Id, over: bool) -> Option<Id> {
    if !over && let Some(first) = tree.first(id) {
        return Some(first);
    }
    let mut at = id;
    while at != root {
        if let Some(after) = tree.after(at) {
            return Some(after);
        }
        at = tree.parent(at)?;
    }
    None
}
