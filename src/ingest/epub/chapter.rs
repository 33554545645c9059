//! A file of a book as Markdown that can stand with all others in one text.

use std::{cell::Cell, collections::HashMap};

use super::{contents::Line, path::resolved};
use crate::{
    ingest::html::{self, Whole, tree::Tree},
    story::{clean, escape},
};

/// Where the files of a book stand in the text.
#[derive(Debug, Default)]
pub struct Order {
    /// Numbers of those that are read, by their paths.
    pub numbers: HashMap<String, usize>,
    /// Paths of pictures.
    pub pictures: std::collections::HashSet<String>,
}

/// A file that becomes a part of the text.
pub struct Chapter<'a> {
    pub order: &'a Order,
    pub path: &'a str,
    pub number: usize,
    /// The lines of the contents that lead into it.
    pub lines: Vec<&'a Line>,
    /// By how much its headings stand deeper in the book than in it.
    pub shift: Cell<isize>,
    /// Notes in other files, by the links that refer to them: what they are called, and their Markdown.
    pub notes: HashMap<String, (String, String)>,
}

impl Chapter<'_> {
    /// Its Markdown. The names of its places are its own within the book.
    pub fn markdown(&self, tree: &Tree) -> String {
        let first = tree
            .within(html::tree::DOCUMENT)
            .find_map(|it| html::level_of(tree.name(it)));
        if let (Some(line), Some(first)) = (self.lines.first(), first) {
            self.shift.set(line.level as isize - first as isize);
        }
        html::part_to_markdown(tree, self)
    }
}

/// The name of a place in the text: of a file's beginning, or of what an id names in it.
pub fn name(number: usize, id: Option<&str>) -> String {
    let Some(id) = id else {
        return format!("c{number}");
    };
    let plain = |c: char| {
        if c.is_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '-'
        }
    };
    let id: String = id.chars().take(80).map(plain).collect();
    format!("c{number}-{id}")
}

/// A path as the address of a picture in Markdown.
pub fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '%' | ' ' | '(' | ')' | '<' | '>' | '"' | '\\' | '|' | '`' | '*' | '?' | '#' | ':'
            | '&' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

impl Whole for Chapter<'_> {
    fn link(&self, href: &str) -> Option<String> {
        let Some((path, fragment)) = resolved(self.path, href) else {
            return html::whole_address(href);
        };
        let number = self.order.numbers.get(&path)?;
        Some(format!("#{}", name(*number, fragment.as_deref())))
    }

    fn own(&self, href: &str) -> Option<String> {
        let (path, fragment) = resolved(self.path, href)?;
        fragment.filter(|_| path == self.path)
    }

    fn picture(&self, src: &str) -> Option<String> {
        let (path, _) = resolved(self.path, src)?;
        self.order.pictures.contains(&path).then(|| address(&path))
    }

    fn name(&self, id: Option<&str>) -> Option<String> {
        // Readers that count words put one around every sentence; nothing ever leads there.
        let counts = id.is_some_and(|it| it.is_empty() || it.starts_with("kobo."));
        (!counts).then(|| name(self.number, id))
    }

    fn level(&self, level: usize) -> usize {
        let level = level as isize + self.shift.get();
        usize::try_from(level.clamp(1, 6)).unwrap_or(1)
    }

    fn heading(&self, id: Option<&str>) -> Option<(usize, String)> {
        let line = self.lines.iter().find(|it| it.fragment.as_deref() == id)?;
        let mut words = String::new();
        escape::inline(&clean::line(&line.title), &mut words);
        Some((line.level, words))
    }

    fn note(&self, href: &str) -> Option<(String, String)> {
        self.notes.get(href).cloned()
    }
}
