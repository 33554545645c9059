//! Notes that stand in another file of the book than the signs that refer to them.

use std::{
    cell::Cell,
    collections::HashMap,
    io::{Read, Seek},
};

use super::{Book, Chapter, chapter, path::resolved, text, xhtml};
use crate::ingest::html::{self, tree::Tree};

/// Bytes of a file with notes, at most: it is read for its first note.
const MOST: u64 = 4 * 1024 * 1024;

/// Files with notes that are kept as trees; books have one, or one for each part.
const KEPT: usize = 4;

impl<R: Read + Seek> Book<R> {
    /// The notes in other files that a page refers to, by the links as they stand in it.
    pub(super) fn notes_elsewhere(
        &mut self,
        tree: &Tree,
        (page, number): (&str, usize),
    ) -> HashMap<String, (String, String)> {
        let is_elsewhere = |href: &str| {
            resolved(page, href).is_some_and(|(path, id)| {
                // What leads back from a note looks the same; notes stand behind their signs.
                let there = self.order.numbers.get(&path);
                id.is_some() && there.is_some_and(|it| *it > number)
            })
        };
        let signs = html::signs(tree, &is_elsewhere);
        let mut notes = HashMap::new();
        for sign in signs {
            let Some((path, Some(id))) = resolved(page, &sign.href) else {
                continue;
            };
            let Some(there) = self.order.numbers.get(&path).copied() else {
                continue;
            };
            self.keep_notes(&path);
            let Some((_, Some(tree))) = self.notes.iter().find(|(it, _)| *it == path) else {
                continue;
            };
            let chapter = Chapter {
                order: &self.order,
                path: &path,
                number: there,
                lines: Vec::new(),
                shift: Cell::new(0),
                notes: HashMap::new(),
            };
            let called = format!("c{number}-{}", chapter::name(there, Some(&id)));
            let back = |href: &str| {
                let (to, id) = resolved(&path, href)?;
                id.filter(|_| to == page)
            };
            let note = html::note_elsewhere((tree, &id), (&sign, &called), &chapter, &back);
            if let Some(note) = note {
                notes.insert(sign.href, (called, note));
            }
        }
        notes
    }

    /// Has a file lie ready that may have notes in it.
    fn keep_notes(&mut self, path: &str) {
        if self.notes.iter().any(|(it, _)| it == path) {
            return;
        }
        let size = self.archive.size(path);
        let readable = size <= MOST && !self.locked.contains(path);
        let tree = readable.then(|| {
            let source = text(self.archive.read(path, MOST));
            Tree::of(&xhtml::as_html(&source))
        });
        if self.notes.len() >= KEPT {
            self.notes.remove(0);
        }
        self.notes.push((path.to_owned(), tree));
    }
}
