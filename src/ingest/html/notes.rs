//! Pages that are a part of something larger: the names of their places, and headings that only the
//! whole knows.

use super::{
    address,
    blocks::Writer,
    footnotes::Notes,
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
    /// The note in another part that a link refers to: what it is called, and its Markdown.
    fn note(&self, href: &str) -> Option<(String, String)>;
}

/// A page of it under way.
pub(super) struct Part<'t> {
    pub(super) whole: &'t dyn Whole,
    /// Names of places that the next block begins.
    places: Vec<String>,
    /// Links that referred to notes in other parts so far.
    pub(super) referred: Vec<String>,
}

impl<'t> Part<'t> {
    pub(super) fn of(whole: &'t dyn Whole) -> Self {
        Part {
            whole,
            places: Vec::from_iter(whole.name(None)),
            referred: Vec::new(),
        }
    }
}

/// The Markdown of a page that is a part of something.
pub(in crate::ingest) fn part_to_markdown(tree: &Tree, whole: &dyn Whole) -> String {
    let mut writer = Writer::new(tree, None);
    writer.part = Some(Part::of(whole));
    writer.notes = Notes::of(tree, &|href| whole.own(href)).settled(tree, DOCUMENT);
    if let Some(heading) = whole.heading(None)
        && !heading_follows(tree, DOCUMENT)
    {
        writer.insert_heading(heading);
    }
    writer.all(DOCUMENT);
    writer.write_notes();
    writer.write_notes_elsewhere();
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
