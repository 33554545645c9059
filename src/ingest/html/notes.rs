//! Pages that are a part of something larger: the names of their places, notes that stand beside the
//! text, and headings that only the whole knows.

use std::collections::HashMap;

use super::{
    address,
    blocks::Writer,
    inline::{Kind, without_closing_signs},
    tree::{DOCUMENT, Data, Id, Tree},
};
use crate::story::clean;

/// So many letters may stand between where the contents of the whole lead and the heading there.
const NEAR: usize = 160;

/// More places than these one block does not begin.
const MOST_PLACES: usize = 40;

/// What a page is a part of: it tells what things in the page are called there.
pub(in crate::ingest) trait Whole {
    /// Where a link leads; none where it leads nowhere.
    fn link(&self, href: &str) -> Option<String>;
    /// The id that a link names in the page itself.
    fn own(&self, href: &str) -> Option<String>;
    /// Where a picture lies.
    fn picture(&self, src: &str) -> Option<String>;
    /// The name of a place: of what has this id, or of the page's beginning. None where nobody is led
    /// to it.
    fn name(&self, id: Option<&str>) -> Option<String>;
    /// The level in the whole of a heading.
    fn level(&self, level: usize) -> usize;
    /// The heading, as Markdown, that is to stand at such a place, with its level.
    fn heading(&self, id: Option<&str>) -> Option<(usize, String)>;
}

/// A page of it under way.
pub(super) struct Part<'t> {
    pub(super) whole: &'t dyn Whole,
    /// Notes that are referred to, by their ids.
    notes: HashMap<String, Id>,
    /// The ids that lead back from them.
    references: Vec<String>,
    /// Whether a note is being written.
    noting: bool,
    /// Names of places that the next block begins.
    places: Vec<String>,
}

/// The Markdown of a page that is a part of something.
pub(in crate::ingest) fn part_to_markdown(tree: &Tree, whole: &dyn Whole) -> String {
    let mut writer = Writer::new(tree, None);
    let mut part = Part {
        whole,
        notes: HashMap::new(),
        references: Vec::new(),
        noting: false,
        places: Vec::from_iter(whole.name(None)),
    };
    part.gather(tree);
    writer.part = Some(part);
    if let Some(heading) = whole.heading(None)
        && !heading_follows(tree, DOCUMENT)
    {
        writer.insert_heading(heading);
    }
    writer.all(DOCUMENT);
    writer.write_notes();
    let left = writer.places();
    if !left.is_empty() {
        writer.block(&left);
    }
    match clean::typed(writer.out.trim_end()) {
        std::borrow::Cow::Owned(clean) => clean,
        std::borrow::Cow::Borrowed(same) => same.to_owned(),
    }
}

/// An address of the web or of mail, as Markdown can hold it.
pub(in crate::ingest) fn whole_address(address: &str) -> Option<String> {
    address::resolved(address, None)
}

/// The level of a heading of HTML.
pub(in crate::ingest) fn level_of(name: &str) -> Option<usize> {
    match name {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => None,
    }
}

/// Whether a heading stands at a node, or so near behind it that it is meant.
fn heading_follows(tree: &Tree, id: Id) -> bool {
    let mut above = std::iter::successors(Some(id), |it| tree.parent(*it));
    if above.any(|it| level_of(tree.name(it)).is_some()) {
        return true;
    }
    let mut letters = 0;
    for node in tree.following(id) {
        if level_of(tree.name(node)).is_some() && !tree.text(node).trim().is_empty() {
            return true;
        }
        let unseen = |it: Id| matches!(tree.name(it), "title" | "style" | "script");
        if let Data::Text(text) = tree.data(node)
            && !tree.parent(node).is_some_and(unseen)
        {
            letters += text.trim().len();
        }
        if letters > NEAR {
            return false;
        }
    }
    false
}

/// What kind of thing an element is (EPUB 3 SSV 1.1; DPUB-ARIA 1.0).
fn is_kind(tree: &Tree, id: Id, kinds: &[&str]) -> bool {
    let of = |name: &str| {
        tree.attribute(id, name)
            .unwrap_or_default()
            .split_whitespace()
    };
    of("epub:type")
        .chain(of("role"))
        .any(|it| kinds.contains(&it.trim_start_matches("doc-")))
}

impl Part<'_> {
    /// Finds the notes of a page that something in it refers to.
    fn gather(&mut self, tree: &Tree) {
        let mut notes: HashMap<&str, Id> = HashMap::new();
        let mut referring = Vec::new();
        for id in tree.within(DOCUMENT) {
            if is_kind(tree, id, &["footnote", "endnote", "rearnote", "note"])
                && let Some(name) = tree.attribute(id, "id")
            {
                notes.entry(name).or_insert(id);
            } else if tree.name(id) == "a" && is_kind(tree, id, &["noteref"]) {
                referring.push(id);
            }
        }
        for id in referring {
            let named = tree.attribute(id, "href").and_then(|it| self.whole.own(it));
            let Some((named, note)) = named.and_then(|it| Some((notes.get(&*it).copied()?, it)))
            else {
                continue;
            };
            self.notes.insert(note, named);
            let above = std::iter::successors(Some(id), |it| tree.parent(*it)).take(3);
            self.references.extend(
                above
                    .filter_map(|it| tree.attribute(it, "id"))
                    .map(str::to_owned),
            );
        }
    }
}

impl Writer<'_> {
    /// Names the place that an element is, and writes the heading that is to stand there.
    pub(super) fn place(&mut self, id: Id) {
        let tree = self.tree;
        let Some(part) = &mut self.part else {
            return;
        };
        let own = tree.attribute(id, "id");
        let named = own.or_else(|| tree.attribute(id, "name").filter(|_| tree.name(id) == "a"));
        let Some(named) = named else {
            return;
        };
        let whole = part.whole;
        if let Some(name) = whole.name(Some(named))
            && part.places.len() < MOST_PLACES
            && !part.places.contains(&name)
        {
            part.places.push(name);
        }
        if self.line.is_none()
            && self.containers.is_empty()
            && let Some(heading) = whole.heading(Some(named))
            && !heading_follows(tree, id)
        {
            self.insert_heading(heading);
        }
    }

    fn insert_heading(&mut self, (level, words): (usize, String)) {
        self.flush();
        let (signs, places) = ("#".repeat(level.clamp(1, 6)), self.places());
        self.block(&format!("{signs} {places}{}", without_closing_signs(words)));
    }

    /// The places that the next block begins, as Markdown names them.
    pub(super) fn places(&mut self) -> String {
        let Some(part) = &mut self.part else {
            return String::new();
        };
        let places = part.places.drain(..);
        places.map(|it| format!("<a id=\"{it}\"></a>")).collect()
    }

    /// Whether an element is a note that stands elsewhere.
    pub(super) fn is_note(&self, id: Id) -> bool {
        let Some(part) = self
            .part
            .as_ref()
            .filter(|it| !it.notes.is_empty() && !it.noting)
        else {
            return false;
        };
        let named = self.tree.attribute(id, "id");
        named.is_some_and(|named| part.notes.get(named) == Some(&id))
    }

    /// Writes a link as a reference to a note, if it is one, and nothing for the link that leads back from
    /// a note. False where it is another.
    pub(super) fn reference(&mut self, id: Id) -> bool {
        let Some(part) = self.part.as_ref().filter(|it| !it.notes.is_empty()) else {
            return false;
        };
        let own = self
            .tree
            .attribute(id, "href")
            .and_then(|it| part.whole.own(it));
        if part.noting {
            let back = own.is_some_and(|it| part.references.contains(&it));
            return back || is_kind(self.tree, id, &["backlink"]);
        }
        let is_note = is_kind(self.tree, id, &["noteref"]);
        let Some(note) = own.filter(|it| is_note && part.notes.contains_key(it)) else {
            return false;
        };
        if let Some(name) = part.whole.name(Some(&note)) {
            self.run
                .push(Kind::Raw(format!("[^{name}]")), Default::default());
        }
        true
    }

    /// Whether nothing but a reference to a note stands in an element.
    pub(super) fn only_refers(&self, id: Id) -> bool {
        let tree = self.tree;
        let links = || tree.within(id).filter(|it| tree.name(*it) == "a");
        self.part.as_ref().is_some_and(|it| !it.notes.is_empty())
            && links().count() == 1
            && links().all(|it| is_kind(tree, it, &["noteref"]))
    }

    /// Writes the notes behind the text.
    fn write_notes(&mut self) {
        let Some(part) = &mut self.part else {
            return;
        };
        part.noting = true;
        let whole = part.whole;
        let mut notes: Vec<(Id, String)> = part
            .notes
            .iter()
            .map(|(name, id)| (*id, name.clone()))
            .collect();
        notes.sort_unstable();
        for (id, note) in notes {
            let Some(name) = whole.name(Some(&note)) else {
                continue;
            };
            // Whatever else begins here stands before the note, not in it.
            let left = self.places();
            if !left.is_empty() {
                self.block(&left);
            }
            self.enter(format!("[^{name}]: "), "    ".to_owned());
            self.children(id);
            self.leave();
        }
    }

    /// Whether an element is a drawing: books have their pictures in these, one a page.
    pub(super) fn is_drawing(&self, id: Id) -> bool {
        self.part.is_some() && self.tree.name(id) == "svg"
    }

    /// Writes the pictures in a drawing.
    pub(super) fn drawing(&mut self, id: Id) {
        let tree = self.tree;
        for picture in tree.within(id).filter(|it| tree.name(*it) == "image") {
            let source = tree
                .attribute(picture, "href")
                .or(tree.attribute(picture, "xlink:href"));
            if let Some(source) = source.and_then(|it| self.address(it)) {
                self.run
                    .push(Kind::Raw(format!("![]({source})")), self.style);
            }
        }
    }
}
