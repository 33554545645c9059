//! Notes in another file of the whole that a page is a part of: the endnotes of a book, which often stand in a
//! chapter of their own. They are written behind the page that refers to them as well.

use super::{
    blocks::Writer,
    footnotes::{NEAR, Notes, around, is_kind, is_marked_reference, looks_like_sign, note_in},
    inline::Kind,
    notes::{Part, Whole},
    tree::{DOCUMENT, Id, Tree},
};
use crate::story::clean;

/// A link that may refer to a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Sign {
    /// Where it leads, as it stands in the page.
    pub href: String,
    /// Whether it says that it refers to a note.
    marked: bool,
    /// What it and what it stands in are called: where the note leads back to.
    near: Vec<String>,
}

/// The links of a page that may refer to notes, and that lead to where `elsewhere` says.
pub(in crate::ingest) fn signs(tree: &Tree, elsewhere: &dyn Fn(&str) -> bool) -> Vec<Sign> {
    let links = tree.within(DOCUMENT).filter(|it| tree.name(*it) == "a");
    let sign = |link: Id| {
        let href = tree.attribute(link, "href").filter(|it| elsewhere(it))?;
        let marked = is_marked_reference(tree, link);
        if !marked && !looks_like_sign(tree, link) {
            return None;
        }
        let near = around(tree, link, NEAR).filter(|it| tree.name(*it) != "body");
        let names = near.flat_map(|it| [tree.attribute(it, "id"), tree.attribute(it, "name")]);
        Some(Sign {
            href: href.to_owned(),
            marked,
            near: names.flatten().map(str::to_owned).collect(),
        })
    };
    links.filter_map(sign).collect()
}

/// A part of the whole in which nobody is led to a place: its text stands elsewhere, too.
struct Again<'a>(&'a dyn Whole);

impl Whole for Again<'_> {
    fn link(&self, href: &str) -> Option<String> {
        self.0.link(href)
    }

    fn own(&self, href: &str) -> Option<String> {
        self.0.own(href)
    }

    fn picture(&self, src: &str) -> Option<String> {
        self.0.picture(src)
    }

    fn name(&self, _: Option<&str>) -> Option<String> {
        None
    }

    fn level(&self, level: usize) -> usize {
        self.0.level(level)
    }

    fn heading(&self, _: Option<&str>) -> Option<(usize, String)> {
        None
    }

    fn note(&self, _: &str) -> Option<(String, String)> {
        None
    }
}

/// The note that is called `id` in the file of this tree, under the name `called`, as Markdown: where the sign or the
/// note says that it is one, or the note leads back to the sign. `back` tells the id in the page of the sign that a
/// link leads to.
pub(in crate::ingest) fn note_elsewhere(
    (tree, id): (&Tree, &str),
    (sign, called): (&Sign, &str),
    whole: &dyn Whole,
    back: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let is_named = |it: &Id| {
        tree.attribute(*it, "id") == Some(id)
            || tree.name(*it) == "a" && tree.attribute(*it, "name") == Some(id)
    };
    let target = tree.within(DOCUMENT).find(is_named)?;
    let (note, told) = note_in(tree, target)?;
    let links = tree.within(note).filter(|it| tree.name(*it) == "a");
    let mut backs = Vec::new();
    let mut agrees = false;
    for link in links {
        let to = tree.attribute(link, "href").and_then(back);
        let is_back = to.is_some_and(|it| sign.near.contains(&it));
        agrees |= is_back;
        if is_back || is_kind(tree, link, &["backlink"]) {
            backs.push(link);
        }
    }
    if !told && !sign.marked && !agrees {
        return None;
    }
    let whole = Again(whole);
    let mut writer = Writer::new(tree, None);
    writer.part = Some(Part::of(&whole));
    writer.notes = Notes::leading_back(backs);
    writer.write_note(note, called);
    Some(clean::typed(writer.out.trim_end()).into_owned()).filter(|it| !it.is_empty())
}

impl Writer<'_> {
    /// What the note elsewhere is called that a link refers to.
    fn elsewhere(&self, link: Id) -> Option<String> {
        let href = self.tree.attribute(link, "href")?;
        Some(self.part.as_ref()?.whole.note(href)?.0)
    }

    /// Whether a link refers to a note elsewhere.
    pub(super) fn refers_elsewhere(&self, link: Id) -> bool {
        self.elsewhere(link).is_some()
    }

    /// Writes a link as a reference to a note elsewhere. False where it is another.
    pub(super) fn reference_elsewhere(&mut self, link: Id) -> bool {
        let Some(name) = self.elsewhere(link) else {
            return false;
        };
        self.run
            .push(Kind::Raw(format!("[^{name}]")), Default::default());
        let href = self.tree.attribute(link, "href").unwrap_or_default();
        if let Some(part) = &mut self.part
            && !part.referred.iter().any(|it| it == href)
        {
            part.referred.push(href.to_owned());
        }
        true
    }

    /// Writes the notes elsewhere that were referred to.
    pub(super) fn write_notes_elsewhere(&mut self) {
        let Some(part) = &mut self.part else { return };
        let whole = part.whole;
        let referred = std::mem::take(&mut part.referred);
        let mut names: Vec<String> = Vec::new();
        for (name, text) in referred.iter().filter_map(|it| whole.note(it)) {
            if !names.contains(&name) {
                self.block(&text);
                names.push(name);
            }
        }
    }
}
