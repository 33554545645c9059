//! Before points are given: what nobody reads goes, and text comes to stand in paragraphs.

use super::{super::measure::*, super::words, Known, OUTER_CLASS, next_node};
use crate::ingest::html::tree::{DOCUMENT, Data, Id, Tree};

/// Elements that a division may not have in it to be a paragraph.
const BLOCKS: [&str; 9] = [
    "blockquote",
    "dl",
    "div",
    "img",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
];

/// What `role` says of parts that are no text.
const UNLIKELY_ROLES: [&str; 7] = [
    "menu",
    "menubar",
    "complementary",
    "navigation",
    "alert",
    "alertdialog",
    "dialog",
];

/// Takes scripts and styles out of a page, and makes paragraphs of what line ends part.
pub(super) fn page(tree: &mut Tree) {
    pictures_without_scripts(tree);
    let all: Vec<Id> = tree.within(DOCUMENT).collect();
    for id in all {
        match tree.name(id) {
            "script" | "noscript" | "style" | "template" => tree.detach(id),
            "font" => tree.rename(id, "span"),
            "" if matches!(tree.data(id), Data::Nothing) => tree.detach(id),
            _ => {}
        }
    }
    paragraphs_of_line_ends(tree);
}

/// A picture that scripts would load, and for who has none the same again: the latter is taken.
fn pictures_without_scripts(tree: &mut Tree) {
    let all = tree.within(DOCUMENT);
    let all: Vec<Id> = all.filter(|it| tree.name(*it) == "noscript").collect();
    for id in all {
        let Some(picture) = picture_alone(tree, id) else {
            continue;
        };
        let mut before = tree.before(id);
        while let Some(at) = before
            && !tree.is_element(at)
        {
            before = tree.before(at);
        }
        let other = before.filter(|it| picture_alone(tree, *it).is_some());
        match other {
            Some(other) => tree.replace(other, picture),
            None => tree.place_before(id, picture),
        }
    }
}

/// The one picture that an element is, or has in it and nothing else.
fn picture_alone(tree: &Tree, id: Id) -> Option<Id> {
    let mut at = id;
    loop {
        if tree.name(at) == "img" {
            return Some(at);
        }
        let mut elements = tree.elements(at);
        let one = elements.next()?;
        if elements.next().is_some() || !is_blank(tree, at) {
            return None;
        }
        at = one;
    }
}

/// Two line ends and more begin a paragraph.
fn paragraphs_of_line_ends(tree: &mut Tree) {
    let all: Vec<Id> = tree.within(DOCUMENT).collect();
    for id in all.into_iter().filter(|it| *it != DOCUMENT) {
        if tree.name(id) != "br" || tree.parent(id).is_none() {
            continue;
        }
        let mut replaced = false;
        let mut next = next_node(tree, tree.after(id));
        while let Some(at) = next
            && tree.name(at) == "br"
        {
            replaced = true;
            next = next_node(tree, tree.after(at));
            tree.detach(at);
        }
        if !replaced {
            continue;
        }
        let paragraph = tree.element("p");
        tree.replace(id, paragraph);
        let mut next = tree.after(paragraph);
        while let Some(at) = next {
            let ends = tree.name(at) == "br" && {
                let after = next_node(tree, tree.after(at));
                after.is_some_and(|it| tree.name(it) == "br")
            };
            if ends || !is_phrasing(tree, at) {
                break;
            }
            next = tree.after(at);
            tree.append(paragraph, at);
        }
        while let Some(last) = tree.last(paragraph)
            && is_white(tree, last)
        {
            tree.detach(last);
        }
        if let Some(around) = tree.parent(paragraph)
            && tree.name(around) == "p"
        {
            tree.rename(around, "div");
        }
    }
}

/// Goes through a page, takes out what is no text, and tells the paragraphs and the line of the authors.
pub(super) fn walk(tree: &mut Tree, known: Known<'_>, unlikely: bool) -> (Vec<Id>, Option<String>) {
    let mut paragraphs = Vec::new();
    let mut byline = None;
    let mut title_due = true;
    let mut at = tree.next(DOCUMENT, false);
    while let Some(id) = at {
        if !tree.is_element(id) {
            at = tree.next(id, false);
            continue;
        }
        let modal = tree.attribute(id, "aria-modal") == Some("true")
            && tree.attribute(id, "role") == Some("dialog");
        if !is_visible(tree, id) || modal {
            at = take(tree, id);
            continue;
        }
        let called = called(tree, id);
        if byline.is_none() && !known.authors && is_byline(tree, id, &called) {
            byline = Some(authors_line(tree, id));
            at = take(tree, id);
            continue;
        }
        let heads = title_due && matches!(tree.name(id), "h1" | "h2");
        if heads && is_title(tree, id, known.title) {
            title_due = false;
            at = take(tree, id);
            continue;
        }
        if (unlikely && is_unlikely(tree, id, &called)) || is_empty(tree, id) {
            at = take(tree, id);
            continue;
        }
        let name = tree.name(id);
        if matches!(
            name,
            "section" | "h2" | "h3" | "h4" | "h5" | "h6" | "p" | "td" | "pre"
        ) {
            paragraphs.push(id);
        }
        let mut id = id;
        if name == "div" {
            gather(tree, id);
            if let Some(paragraph) = only(tree, id, "p")
                && link_density(tree, id) < 0.25
            {
                let class = tree.attribute(id, "class").unwrap_or_default().to_owned();
                tree.set_attribute(paragraph, OUTER_CLASS, &class);
                tree.replace(id, paragraph);
                id = paragraph;
                paragraphs.push(id);
            } else if !has_block(tree, id) {
                tree.rename(id, "p");
                paragraphs.push(id);
            }
        }
        at = tree.next(id, false);
    }
    (paragraphs, byline)
}

/// Takes an element out, and tells the one that comes next.
fn take(tree: &mut Tree, id: Id) -> Option<Id> {
    let next = tree.next(id, true);
    tree.detach(id);
    next
}

fn is_byline(tree: &Tree, id: Id, called: &str) -> bool {
    let is_said = tree.attribute(id, "rel") == Some("author")
        || tree
            .attribute(id, "itemprop")
            .is_some_and(|it| it.contains("author"))
        || words::BYLINE.are_in(called);
    is_said && {
        let text = tree.text(id);
        let length = text.trim().chars().count();
        length > 0 && length < 100
    }
}

/// The line of the authors, or the name in it where that is marked.
fn authors_line(tree: &Tree, id: Id) -> String {
    let marked = |it: &Id| {
        let property = tree.attribute(*it, "itemprop");
        property.is_some_and(|it| it.contains("name"))
    };
    let named = tree.within(id).find(marked);
    line(tree, named.unwrap_or(id))
}

fn is_title(tree: &Tree, id: Id, title: &str) -> bool {
    likeness(title, &tree.text(id)) > 0.75
}

fn is_unlikely(tree: &Tree, id: Id, called: &str) -> bool {
    let name = tree.name(id);
    let by_name = words::UNLIKELY.are_in(called)
        && !words::PERHAPS.are_in(called)
        && !matches!(name, "body" | "a" | "html")
        && !tree
            .around(id)
            .any(|it| matches!(tree.name(it), "table" | "code"));
    let role = tree.attribute(id, "role").unwrap_or_default();
    (by_name && !is_quotation(tree, id)) || UNLIKELY_ROLES.contains(&role)
}

/// Whether a part has nothing in it.
fn is_empty(tree: &Tree, id: Id) -> bool {
    let name = tree.name(id);
    matches!(
        name,
        "div" | "section" | "header" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
    ) && is_blank(tree, id)
        && {
            let elements = tree.elements(id).count();
            elements == 0 || elements == count(tree, id, &["br", "hr"])
        }
}

/// Makes paragraphs of what stands in a division beside its blocks.
fn gather(tree: &mut Tree, id: Id) {
    let mut next = tree.first(id);
    while let Some(at) = next {
        if !is_phrasing(tree, at) {
            next = tree.after(at);
            continue;
        }
        let mut these = Vec::new();
        let mut after = Some(at);
        while let Some(it) = after
            && is_phrasing(tree, it)
        {
            these.push(it);
            after = tree.after(it);
        }
        next = after;
        let words = |tree: &Tree, it: &&Id| !is_white(tree, **it);
        let from = these.iter().position(|it| words(tree, &it));
        let to = these.iter().rposition(|it| words(tree, &it));
        let (Some(from), Some(to)) = (from, to) else {
            for it in these {
                tree.detach(it);
            }
            continue;
        };
        let paragraph = tree.element("p");
        tree.place_before(these[0], paragraph);
        for (n, it) in these.into_iter().enumerate() {
            if (from..=to).contains(&n) {
                tree.append(paragraph, it);
            } else {
                tree.detach(it);
            }
        }
    }
}

fn has_block(tree: &Tree, id: Id) -> bool {
    tree.within(id).any(|it| BLOCKS.contains(&tree.name(it)))
}
