//! HTML to Markdown: what an entry of a feed or a saved page carries, as recto reads it.
//!
//! The source becomes a tree as browsers build it (`tree`), and a walk over the tree writes CommonMark
//! with GitHub's extensions: headings, emphasis, links, pictures, lists, quotes, code, tables, figures,
//! definitions. What Markdown has no sign for and recto shows all the same (`<sub>`, `<details>`) stays
//! HTML; players and frames become links; scripts, styles, forms and the pictures that count readers go.
//!
//! Every character that Markdown would take for markup is escaped ([`crate::story::escape`]), so the text
//! reads as it was written. Time and memory are linear in the source, whatever it holds.

mod address;
mod blocks;
mod code;
mod elsewhere;
mod footnotes;
mod inline;
mod lists;
mod math;
mod media;
mod notes;
mod table;
mod tongue;
pub(in crate::ingest) mod tree;
mod wellformed;

use url::Url;

use crate::story::{clean, link};
use blocks::Writer;
pub(in crate::ingest) use elsewhere::{note_elsewhere, signs};
pub(in crate::ingest) use footnotes::Notes;
pub(in crate::ingest) use notes::{Whole, level_of, part_to_markdown, whole_address};
use tree::Tree;
pub use wellformed::{Surroundings, escaped, followable, well_formed};

/// The Markdown that shows what `html` shows: a fragment, or a whole page. Addresses in it that are
/// relative are resolved against `base`.
pub fn to_markdown(html: &str, base: Option<&Url>) -> String {
    let tree = Tree::of(html);
    let mut writer = Writer::new(&tree, base);
    writer.notes = notes_of(&tree, base).settled(&tree, tree::DOCUMENT);
    written(writer, tree::DOCUMENT)
}

/// The notes of a page that lies at an address.
pub(in crate::ingest) fn notes_of(tree: &Tree, base: Option<&Url>) -> Notes {
    Notes::of(tree, &|href| {
        let (before, id) = href.split_once('#')?;
        let here = || base.is_some_and(|it| it.as_str().split('#').next() == Some(before));
        (!id.is_empty() && (before.is_empty() || here())).then(|| link::decode_percent(id))
    })
}

/// The Markdown that shows what one element of a page's tree shows. Its notes were found while the page was
/// whole.
pub(in crate::ingest) fn of_page(
    tree: &Tree,
    root: tree::Id,
    base: Option<&Url>,
    notes: Notes,
) -> String {
    let mut writer = Writer::new(tree, base);
    writer.is_page = true;
    writer.notes = notes.settled(tree, root);
    written(writer, root)
}

fn written(mut writer: Writer<'_>, root: tree::Id) -> String {
    writer.all(root);
    writer.write_notes();
    // Entities were decoded on the way.
    match clean::typed(writer.out.trim_end()) {
        std::borrow::Cow::Owned(clean) => clean,
        std::borrow::Cow::Borrowed(same) => same.to_owned(),
    }
}

/// The same of the HTML part of a letter. Letters are set with tables, hide what shows beside their
/// subject only, count their readers, and know where each link was followed.
pub fn mail_to_markdown(html: &str) -> String {
    let tree = Tree::of(html);
    let mut writer = Writer::new(&tree, None);
    writer.of_mail = true;
    written(writer, tree::DOCUMENT)
}

#[cfg(test)]
mod tests;
