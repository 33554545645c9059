//! How much text stands in a part of a tree, and in what.

use crate::ingest::html::tree::{Data, Id, Tree};

/// Commas of the world's scripts.
const COMMAS: [char; 9] = [
    ',', '\u{60c}', '\u{fe50}', '\u{fe10}', '\u{fe11}', '\u{2e41}', '\u{2e34}', '\u{2e32}',
    '\u{ff0c}',
];

/// What stands within a line.
#[rustfmt::skip]
const PHRASING: [&str; 39] = [
    "abbr", "audio", "b", "bdo", "br", "button", "cite", "code", "data", "datalist", "dfn", "em", "embed", "i",
    "img", "input", "kbd", "label", "mark", "math", "meter", "noscript", "object", "output", "progress", "q", "ruby",
    "samp", "script", "select", "small", "span", "strong", "sub", "sup", "textarea", "time", "var", "wbr",
];

/// The texts in a node, as they lie there.
pub(super) fn texts(tree: &Tree, id: Id) -> impl Iterator<Item = &str> {
    let own = std::iter::once(id).filter(|it| matches!(tree.data(*it), Data::Text(_)));
    own.chain(tree.within(id))
        .filter_map(|it| match tree.data(it) {
            Data::Text(text) => Some(&**text),
            _ => None,
        })
}

/// The characters of a text, with white space as one space between words.
pub(super) fn length(tree: &Tree, id: Id) -> usize {
    let (mut count, mut gap) = (0, false);
    for text in texts(tree, id) {
        for c in text.chars() {
            if c.is_whitespace() {
                gap = count > 0;
            } else {
                count += 1 + usize::from(gap);
                gap = false;
            }
        }
    }
    count
}

/// The words of a node on one line.
pub(super) fn line(tree: &Tree, id: Id) -> String {
    let mut out = String::new();
    let mut gap = false;
    for text in texts(tree, id) {
        for c in text.chars() {
            if c.is_whitespace() {
                gap = !out.is_empty();
            } else {
                if gap {
                    out.push(' ');
                }
                out.push(c);
                gap = false;
            }
        }
    }
    out
}

/// Whether a node has no text but white space.
pub(super) fn is_blank(tree: &Tree, id: Id) -> bool {
    texts(tree, id).all(|it| it.chars().all(char::is_whitespace))
}

pub(super) fn commas(tree: &Tree, id: Id) -> usize {
    texts(tree, id).map(|it| it.matches(COMMAS).count()).sum()
}

/// How much of a node's text stands in links, from 0 to 1. Links within the page count less.
pub(super) fn link_density(tree: &Tree, id: Id) -> f64 {
    let all = length(tree, id);
    if all == 0 {
        return 0.0;
    }
    let links = tree.within(id).filter(|it| tree.name(*it) == "a");
    let linked: f64 = links
        .map(|it| {
            let href = tree.attribute(it, "href").unwrap_or_default();
            let inner = href.len() > 1 && href.starts_with('#');
            length(tree, it) as f64 * if inner { 0.3 } else { 1.0 }
        })
        .sum();
    linked / all as f64
}

/// How much of a node's text stands in elements of these names. What stands in several counts several times.
pub(super) fn text_density(tree: &Tree, id: Id, names: &[&str]) -> f64 {
    let all = length(tree, id);
    if all == 0 {
        return 0.0;
    }
    text_in(tree, id, all, names) as f64 / all as f64
}

/// How many characters of a node, which has `all`, stand in elements of these names, each counted for itself.
pub(super) fn text_in(tree: &Tree, id: Id, all: usize, names: &[&str]) -> usize {
    /// To count what is longer once for each element that it stands in would take long.
    const LONG: usize = 30_000;
    if all < LONG {
        let named = tree.within(id).filter(|it| names.contains(&tree.name(*it)));
        return named.map(|it| length(tree, it)).sum();
    }
    // One walk, which remembers in how many of these elements it stands: to look up from each text would take
    // long where the elements are deep.
    let mut counted = 0;
    let mut open = vec![(id, 0)];
    for it in tree.within(id) {
        let parent = tree.parent(it).unwrap_or(id);
        while open.len() > 1 && open.last().is_some_and(|(around, _)| *around != parent) {
            open.pop();
        }
        let times = open.last().map_or(0, |(_, times)| *times);
        match tree.data(it) {
            Data::Text(_) => counted += times * length(tree, it),
            _ => open.push((it, times + usize::from(names.contains(&tree.name(it))))),
        }
    }
    counted
}

pub(super) fn count(tree: &Tree, id: Id, names: &[&str]) -> usize {
    let found = tree.within(id).filter(|it| names.contains(&tree.name(*it)));
    found.count()
}

pub(super) fn stands_in(tree: &Tree, id: Id, name: &str) -> bool {
    tree.around(id).any(|it| tree.name(it) == name)
}

/// An element's class and identifier, in small letters: what its makers call it.
pub(super) fn called(tree: &Tree, id: Id) -> String {
    let class = tree.attribute(id, "class").unwrap_or_default();
    let own = tree.attribute(id, "id").unwrap_or_default();
    format!("{class} {own}").to_ascii_lowercase()
}

/// Whether half of a node or more is quoted: a post from elsewhere, in whatever box.
pub(super) fn is_quotation(tree: &Tree, id: Id) -> bool {
    let quoted = tree.within(id).filter(|it| tree.name(*it) == "blockquote");
    let quoted: usize = quoted.map(|it| length(tree, it)).sum();
    quoted > 40 && quoted * 2 >= length(tree, id)
}

/// Whether a node may stand in a line.
pub(super) fn is_phrasing(tree: &Tree, id: Id) -> bool {
    if let Data::Text(_) = tree.data(id) {
        return true;
    }
    let name = tree.name(id);
    PHRASING.contains(&name)
        || (matches!(name, "a" | "del" | "ins")
            && tree.children(id).all(|it| is_phrasing(tree, it)))
}

/// Whether a node is white space, or the end of a line.
pub(super) fn is_white(tree: &Tree, id: Id) -> bool {
    match tree.data(id) {
        Data::Text(text) => text.chars().all(char::is_whitespace),
        _ => tree.name(id) == "br",
    }
}

/// The one element right in a node, where there is one, of that name, and no text beside it.
pub(super) fn only(tree: &Tree, id: Id, name: &str) -> Option<Id> {
    let mut elements = tree.elements(id);
    let one = elements.next().filter(|it| tree.name(*it) == name)?;
    let bare = |it: Id| match tree.data(it) {
        Data::Text(text) => text.chars().all(char::is_whitespace),
        _ => true,
    };
    (elements.next().is_none() && tree.children(id).all(bare)).then_some(one)
}

/// Whether an element is to be seen, as far as its own attributes tell.
pub(super) fn is_visible(tree: &Tree, id: Id) -> bool {
    let style = tree.attribute(id, "style").unwrap_or_default();
    let hides = style
        .split(';')
        .filter_map(|it| it.split_once(':'))
        .any(|(name, value)| {
            let value = value.split('!').next().unwrap_or_default().trim();
            let is = |wanted: &str| name.trim().eq_ignore_ascii_case(wanted);
            (is("display") && value.eq_ignore_ascii_case("none"))
                || (is("visibility") && value.eq_ignore_ascii_case("hidden"))
        });
    let class = || tree.attribute(id, "class").unwrap_or_default();
    let aside = tree.attribute(id, "aria-hidden") == Some("true");
    !hides
        && tree.attribute(id, "hidden").is_none()
        && (!aside || class().contains("fallback-image"))
}

/// How much of `b` stands in `a` too, from 0 to 1, by the length of their words.
pub(super) fn likeness(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let long = |words: &[&String]| -> usize {
        let letters: usize = words.iter().map(|it| it.len()).sum();
        letters + words.len().saturating_sub(1)
    };
    let all: Vec<&String> = b.iter().collect();
    let other: Vec<&String> = b.iter().filter(|it| !a.contains(it)).collect();
    1.0 - long(&other) as f64 / long(&all) as f64
}
