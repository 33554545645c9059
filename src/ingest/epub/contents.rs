//! A book's table of contents: what stands in it, how deep, and where it leads.

use super::{
    path::resolved,
    xhtml::as_html,
    xml::{self, Event},
};
use crate::{
    ingest::html::tree::{DOCUMENT, Id, Tree},
    story::clean,
};

/// Longer contents are no help, and deeper ones neither.
const MOST: usize = 20_000;
const DEEPEST: usize = 6;

/// A line of the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How deep it stands, from 1.
    pub level: usize,
    pub title: String,
    /// Where it leads: a path within the book, and the name of a place there.
    pub path: String,
    pub fragment: Option<String>,
}

/// Reads the page of contents at `path` (EPUB 3.3, 7).
pub fn of_nav(source: &str, path: &str) -> Vec<Line> {
    let tree = Tree::of(&as_html(source));
    let navs: Vec<Id> = tree
        .within(DOCUMENT)
        .filter(|it| tree.name(*it) == "nav")
        .collect();
    let is_toc = |it: &Id| {
        let kind = tree
            .attribute(*it, "epub:type")
            .or(tree.attribute(*it, "role"));
        kind.is_some_and(|it| {
            it.split_whitespace()
                .any(|it| matches!(it, "toc" | "doc-toc"))
        })
    };
    let nav = navs.iter().copied().find(|it| is_toc(it));
    let Some(nav) = nav.or(navs.first().copied()) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for id in tree.within(nav).filter(|it| tree.name(*it) == "a") {
        let Some((path, fragment)) = tree.attribute(id, "href").and_then(|it| resolved(path, it))
        else {
            continue;
        };
        let above = std::iter::successors(tree.parent(id), |it| tree.parent(*it));
        let level = above
            .take_while(|it| *it != nav)
            .filter(|it| tree.name(*it) == "ol")
            .count();
        push(&mut lines, level, &tree.text(id), path, fragment);
    }
    lines
}

/// Reads the list of contents at `path` that books had before (OPF 2.0.1, 2.4.1).
pub fn of_ncx(source: &str, path: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut depth = 0;
    let mut title: Option<String> = None;
    xml::each(source, |event| match event {
        Event::Begin(element) => match element.name {
            "navPoint" => {
                depth += 1;
                title = None;
            }
            "text" if depth > 0 && title.is_none() => title = Some(element.text()),
            "content" if depth > 0 => {
                let leads = element.attribute("src").and_then(|it| resolved(path, &it));
                if let (Some((path, fragment)), Some(title)) = (leads, title.take()) {
                    push(&mut lines, depth, &title, path, fragment);
                }
            }
            _ => {}
        },
        Event::End("navPoint") => depth = depth.saturating_sub(1),
        Event::End(_) => {}
    });
    lines
}

fn push(lines: &mut Vec<Line>, level: usize, title: &str, path: String, fragment: Option<String>) {
    let title = clean::line(title);
    let title: Vec<&str> = title.split_whitespace().collect();
    if !title.is_empty() && lines.len() < MOST {
        lines.push(Line {
            level: level.clamp(1, DEEPEST),
            title: title.join(" "),
            path,
            fragment,
        });
    }
}
