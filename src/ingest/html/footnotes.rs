//! Notes that stand apart from the text and that marks in it refer to.
//!
//! Some say what they are (EPUB 3 SSV 1.1; DPUB-ARIA 1.0; the classes of Pandoc, GitHub and MediaWiki). Others are
//! told by what all notes have: a raised or bracketed sign leads to a paragraph or an entry of a list, and
//! a link in that leads back.

use std::collections::{HashMap, HashSet};

use super::{
    blocks::Writer,
    inline::Kind,
    notes::level_of,
    tree::{DOCUMENT, Data, Id, Tree},
};

/// Longer ones, in bytes, are parts of the text.
const LONGEST: usize = 8000;

/// So many elements may stand between a mark and what has its id.
pub(super) const NEAR: usize = 3;

/// Notes of a page.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Notes {
    /// The notes that links refer to.
    referring: HashMap<Id, Id>,
    /// The notes, by what they are called in the page.
    names: HashMap<Id, String>,
    /// Links that lead back from a note.
    backs: HashSet<Id>,
    /// What has nothing in it but notes, and headings over such.
    hollow: HashSet<Id>,
    /// Those that were referred to so far, in order.
    order: Vec<Id>,
    /// Whether they are being written.
    noting: bool,
}

/// What kind of thing an element says it is.
pub(super) fn is_kind(tree: &Tree, id: Id, kinds: &[&str]) -> bool {
    let of = |name: &str| {
        tree.attribute(id, name)
            .unwrap_or_default()
            .split_whitespace()
    };
    of("epub:type")
        .chain(of("role"))
        .any(|it| kinds.contains(&it.trim_start_matches("doc-")))
}

fn has_class(tree: &Tree, id: Id, classes: &[&str]) -> bool {
    let class = tree.attribute(id, "class").unwrap_or_default();
    class.split_whitespace().any(|it| classes.contains(&it))
}

/// Whether a link says that it refers to a note.
pub(super) fn is_marked_reference(tree: &Tree, id: Id) -> bool {
    is_kind(tree, id, &["noteref"])
        || has_class(tree, id, &["footnote-ref", "footnote-reference"])
        || tree.attribute(id, "data-footnote-ref").is_some()
}

/// Whether an element says that it is a note, or has such in it.
fn is_marked_note(tree: &Tree, id: Id) -> bool {
    is_kind(
        tree,
        id,
        &[
            "footnote",
            "endnote",
            "rearnote",
            "note",
            "footnotes",
            "endnotes",
            "rearnotes",
        ],
    ) || has_class(
        tree,
        id,
        &["footnotes", "footnote", "references", "endnotes"],
    ) || tree.attribute(id, "data-footnotes").is_some()
}

/// The element and what it stands in, as far as that.
pub(super) fn around(tree: &Tree, id: Id, far: usize) -> impl Iterator<Item = Id> {
    std::iter::successors(Some(id), |it| tree.parent(*it)).take(far + 1)
}

/// Whether a link looks like the sign of a note: raised or in brackets, a number, a letter or a star.
pub(super) fn looks_like_sign(tree: &Tree, id: Id) -> bool {
    const LONGEST: usize = 10;
    let text = tree.text(id);
    let text = text.trim();
    let raised = around(tree, id, 2).any(|it| tree.name(it) == "sup")
        || tree.within(id).any(|it| tree.name(it) == "sup");
    let bracketed = text.starts_with(['[', '(']) && text.ends_with([']', ')']);
    let sign = text.trim_matches(|c: char| c.is_whitespace() || "[]().".contains(c));
    let count = sign.chars().count();
    let short = count == 1 || sign.bytes().all(|it| it.is_ascii_digit()) && count <= 4;
    let starred = sign.chars().all(|c| "*†‡§¶".contains(c));
    // "note 3"
    let named = raised && count <= LONGEST && sign.ends_with(|c: char| c.is_ascii_digit());
    count > 0 && (raised || bracketed) && (short || starred || named)
}

/// The sign of a note without what may stand around it.
fn sign_in(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || "[]().".contains(c))
        .to_owned()
}

/// The number or the star that a link is, which is neither raised nor in brackets, where it stands in a text. An entry
/// of a list of contents has nothing else in its block.
fn plain_sign(tree: &Tree, id: Id) -> Option<String> {
    let sign = sign_in(&tree.text(id));
    let is_number =
        !sign.is_empty() && sign.len() <= 3 && sign.bytes().all(|it| it.is_ascii_digit());
    let is_star =
        matches!(sign.chars().count(), 1..=3) && sign.chars().all(|c| "*†‡§¶".contains(c));
    let block = around(tree, id, NEAR)
        .find(|it| matches!(tree.name(*it), "p" | "li" | "dd" | "td" | "div"));
    if !is_number && !is_star {
        return None;
    }
    // Not all of a block that many signs are in is looked through for each.
    let mut rest = letters(tree, id) + 1;
    let stands_in_text = tree.within(block?).any(|it| {
        let text = match tree.data(it) {
            Data::Text(text) => text.chars().filter(|c| c.is_alphanumeric()).count(),
            _ => 0,
        };
        let is_more = text > rest;
        rest = rest.saturating_sub(text);
        is_more
    });
    stands_in_text.then_some(sign)
}

/// The block that a place is in, if that may be a note.
fn note_at(tree: &Tree, target: Id) -> Option<Id> {
    let block = around(tree, target, NEAR).find(|it| {
        matches!(
            tree.name(*it),
            "li" | "p" | "div" | "dd" | "aside" | "section" | "body" | "td" | "main" | "article"
        ) || level_of(tree.name(*it)).is_some()
    })?;
    let leads = |item: Id| {
        tree.name(item) == "li" && tree.name(block) == "p" && {
            tree.children(item).find(|it| !tree.name(*it).is_empty()) == Some(block)
        }
    };
    let block = tree.parent(block).filter(|it| leads(*it)).unwrap_or(block);
    let fits = matches!(
        tree.name(block),
        "li" | "p" | "div" | "dd" | "aside" | "section"
    );
    fits.then_some(block)
}

/// The note that a place is in, and whether it says that it is one.
pub(super) fn note_in(tree: &Tree, target: Id) -> Option<(Id, bool)> {
    let note = note_at(tree, target)?;
    let told = around(tree, note, NEAR).any(|it| is_marked_note(tree, it));
    (1..=LONGEST)
        .contains(&tree.text(note).trim().len())
        .then_some((note, told))
}

/// How many letters and digits are in an element.
fn letters(tree: &Tree, id: Id) -> usize {
    let texts = tree.within(id).map(|it| match tree.data(it) {
        Data::Text(text) => text.chars().filter(|c| c.is_alphanumeric()).count(),
        _ => 0,
    });
    texts.sum()
}

impl Notes {
    /// Finds the notes of a page. `own` tells the id that a link names in the page itself.
    pub(in crate::ingest) fn of(tree: &Tree, own: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut ids: HashMap<&str, Id> = HashMap::new();
        let mut links: Vec<(Id, String)> = Vec::new();
        for id in tree.within(DOCUMENT) {
            if let Some(name) = tree.attribute(id, "id") {
                ids.entry(name).or_insert(id);
            }
            if tree.name(id) == "a" {
                if let Some(name) = tree.attribute(id, "name") {
                    ids.entry(name).or_insert(id);
                }
                links.extend(tree.attribute(id, "href").and_then(own).map(|it| (id, it)));
            }
        }
        // What refers to a note, the note, its name, and whether it is sure that it is one.
        let mut found: Vec<(Id, Id, &str, bool)> = Vec::new();
        let mut marks: HashMap<Id, HashSet<Id>> = HashMap::new();
        // Notes that a raised sign leads to, and the bare numbers that lead to others.
        let mut told_by_sign: HashSet<Id> = HashSet::new();
        let mut plain: HashMap<Id, HashSet<String>> = HashMap::new();
        for (link, name) in &links {
            let sign = match is_marked_reference(tree, *link) || looks_like_sign(tree, *link) {
                true => None,
                // A bare number says little: the link that leads back has to say the same.
                false => match plain_sign(tree, *link) {
                    Some(sign) => Some(sign),
                    None => continue,
                },
            };
            let Some(note) = ids.get(&**name).and_then(|it| note_at(tree, *it)) else {
                continue;
            };
            let holds = std::iter::successors(Some(*link), |it| tree.parent(*it));
            if holds.into_iter().any(|it| it == note) {
                continue;
            }
            let told =
                sign.is_none() && around(tree, note, NEAR).any(|it| is_marked_note(tree, it));
            // The link that leads back from a note looks the same; notes stand behind their signs.
            if !told && note < *link {
                continue;
            }
            match sign {
                Some(sign) => plain.entry(note).or_default().insert(sign),
                None => told_by_sign.insert(note),
            };
            found.push((*link, note, name, told));
            let near = around(tree, *link, NEAR).filter(|it| !matches!(tree.name(*it), "body"));
            marks.entry(note).or_default().extend(near);
        }
        let mut notes = Notes::default();
        if found.is_empty() {
            return notes;
        }
        let mut sure: HashSet<Id> = HashSet::new();
        for (link, name) in &links {
            let Some(note) = around(tree, *link, 8).find(|it| marks.contains_key(it)) else {
                continue;
            };
            let back = ids.get(&**name).is_some_and(|it| marks[&note].contains(it));
            let agrees = || {
                let sign = sign_in(&tree.text(*link));
                !sign.chars().any(char::is_alphanumeric)
                    || plain.get(&note).is_some_and(|it| it.contains(&sign))
            };
            let back = back && (told_by_sign.contains(&note) || agrees());
            if back || is_kind(tree, *link, &["backlink"]) {
                sure.insert(note);
                notes.backs.insert(*link);
            }
        }
        let mut sizes: HashMap<Id, usize> = HashMap::new();
        for (link, note, name, told) in found {
            if !told && !sure.contains(&note) {
                continue;
            }
            let size = *sizes
                .entry(note)
                .or_insert_with(|| tree.text(note).trim().len());
            if (1..=LONGEST).contains(&size) {
                notes.referring.insert(link, note);
                notes.names.entry(note).or_insert_with(|| name.to_owned());
            }
        }
        notes
    }

    /// Of a note that is written by itself: the links in it that lead back.
    pub(super) fn leading_back(backs: Vec<Id>) -> Self {
        Notes {
            backs: backs.into_iter().collect(),
            noting: true,
            ..Notes::default()
        }
    }

    /// Leaves out those that nothing in an element refers to: they stay where they are, if they do.
    pub(super) fn settled(mut self, tree: &Tree, root: Id) -> Self {
        if self.names.is_empty() {
            return self;
        }
        let referring: HashMap<Id, Id> = tree
            .within(root)
            .filter_map(|it| Some((it, self.referring.get(&it).copied()?)))
            .collect();
        self.referring = referring;
        let referred: HashSet<Id> = self.referring.values().copied().collect();
        self.names.retain(|it, _| referred.contains(it));
        self.find_hollow(tree);
        self
    }

    /// Finds what is empty once the notes are gone from it.
    fn find_hollow(&mut self, tree: &Tree) {
        let mut held: HashMap<Id, usize> = HashMap::new();
        for note in self.names.keys() {
            let size = letters(tree, *note);
            for above in around(tree, *note, NEAR).skip(1) {
                if matches!(tree.name(above), "" | "body" | "html" | "main" | "article") {
                    break;
                }
                *held.entry(above).or_default() += size;
            }
        }
        for (id, size) in held {
            let headings = tree
                .children(id)
                .filter(|it| level_of(tree.name(*it)).is_some());
            let headings: usize = headings.map(|it| letters(tree, it)).sum();
            if letters(tree, id) <= size + headings {
                self.hollow.insert(id);
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

impl Writer<'_> {
    /// Whether an element is a note that stands elsewhere.
    pub(super) fn is_note(&self, id: Id) -> bool {
        !self.notes.is_empty() && !self.notes.noting && self.notes.names.contains_key(&id)
    }

    /// Whether an element holds nothing but such notes.
    pub(super) fn is_hollow(&self, id: Id) -> bool {
        !self.notes.noting && self.notes.hollow.contains(&id)
    }

    /// Writes a link as a reference to a note, if it is one, and nothing for the link that leads back from
    /// a note. False where it is another.
    pub(super) fn reference(&mut self, id: Id) -> bool {
        if self.notes.noting && self.notes.backs.contains(&id) {
            return true;
        }
        if self.reference_elsewhere(id) {
            return true;
        }
        let Some(note) = self.notes.referring.get(&id).copied() else {
            return false;
        };
        if let Some(name) = self.name_of_note(note) {
            self.run
                .push(Kind::Raw(format!("[^{name}]")), Default::default());
        }
        true
    }

    /// What a note is called in the Markdown: as the whole calls it, or by its number.
    fn name_of_note(&mut self, note: Id) -> Option<String> {
        let at = self.notes.order.iter().position(|it| *it == note);
        let at = at.unwrap_or_else(|| {
            self.notes.order.push(note);
            self.notes.order.len() - 1
        });
        match &self.part {
            Some(part) => part
                .whole
                .name(self.notes.names.get(&note).map(String::as_str)),
            None => Some((at + 1).to_string()),
        }
    }

    /// Writes the references to notes in an element that has nothing else in it. False if it has.
    pub(super) fn only_refers(&mut self, id: Id) -> bool {
        if self.notes.is_empty() && self.part.is_none() {
            return false;
        }
        let tree = self.tree;
        let links: Vec<Id> = tree.within(id).filter(|it| tree.name(*it) == "a").collect();
        let all: usize = links.iter().map(|it| letters(tree, *it)).sum();
        let refers = |it: &Id| self.notes.referring.contains_key(it) || self.refers_elsewhere(*it);
        let leads_back = |it: &Id| self.notes.noting && self.notes.backs.contains(it);
        if links.is_empty()
            || !links.iter().all(|it| refers(it) || leads_back(it))
            || letters(tree, id) > all
        {
            return false;
        }
        for link in links {
            self.place(link);
            self.reference(link);
        }
        true
    }

    /// Whether nothing but links that lead back is in an element of a note.
    pub(super) fn only_leads_back(&self, id: Id) -> bool {
        if !self.notes.noting || self.notes.backs.is_empty() {
            return false;
        }
        let tree = self.tree;
        let backs: Vec<Id> = tree
            .within(id)
            .filter(|it| self.notes.backs.contains(it))
            .collect();
        let all: usize = backs.iter().map(|it| letters(tree, *it)).sum();
        !backs.is_empty() && letters(tree, id) <= all
    }

    /// Writes the notes that were referred to behind the text.
    pub(super) fn write_notes(&mut self) {
        self.notes.noting = true;
        let mut at = 0;
        while let Some(note) = self.notes.order.get(at).copied() {
            at += 1;
            let Some(name) = self.name_of_note(note) else {
                continue;
            };
            // Whatever else begins here stands before the note, not in it.
            let left = self.places();
            if !left.is_empty() {
                self.block(&left);
            }
            self.write_note(note, &name);
        }
    }

    /// Writes a note.
    pub(super) fn write_note(&mut self, note: Id, name: &str) {
        let sign = format!("[^{name}]: ");
        let start = self.out.len();
        self.enter(sign.clone(), "    ".to_owned());
        self.children(note);
        self.leave();
        self.drop_sign(start, &sign);
    }

    /// Takes away what is left of a note's own sign at its beginning: "1.", "[1]", "^".
    fn drop_sign(&mut self, start: usize, sign: &str) {
        let Some(found) = self.out.get(start..).and_then(|it| it.find(sign)) else {
            return;
        };
        let from = start + found + sign.len();
        let rest = self.out.get(from..).unwrap_or_default();
        let kept = rest.trim_start_matches(['.', ')', ']', ':', ' ', '\\', '^', '↑', '[', '(']);
        // A link or a picture may begin a note.
        let cut = rest.len() - kept.len();
        let opened = rest[..cut].rfind(['[', '(']).filter(|at| {
            kept.split(['\n'])
                .next()
                .is_some_and(|line| line.contains(['(', ')', ']']))
                && rest[*at..].starts_with(['[', '('])
        });
        let cut = opened.unwrap_or(cut);
        self.out.replace_range(from..from + cut, "");
    }
}
