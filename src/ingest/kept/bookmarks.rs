//! Lists of links as HTML: the bookmarks of browsers (the Netscape format, which Raindrop, Pinboard and others
//! write, too), and Pocket's `ril_export.html`.

use super::{Export, Link, moment, tags};
use crate::ingest::html::tree::{DOCUMENT, Data, Id, Tree};

/// Reads a page of links; none if it is another page.
pub(super) fn read(text: &str) -> Option<Export> {
    let opening = text.get(..text.floor_char_boundary(4096))?;
    let opening = opening.to_ascii_lowercase();
    let by = if opening.contains("netscape-bookmark-file") {
        "bookmarks"
    } else if opening.contains("<title>pocket export</title>") || opening.contains("time_added=") {
        "Pocket"
    } else {
        return None;
    };
    let tree = Tree::of(text);
    let mut export = Export {
        by,
        ..Export::default()
    };
    let mut heading = String::new();
    for id in tree.within(DOCUMENT) {
        match tree.name(id) {
            "h1" => heading = tree.text(id).trim().to_ascii_lowercase(),
            "a" => {
                let link = link(&tree, id, by, &heading);
                // Folders that browsers ask for what to show, and the like, are no links of the reader's.
                if !link.address.starts_with("place:") && !link.address.starts_with("about:") {
                    export.take(link, None);
                }
            }
            _ => {}
        }
    }
    Some(export)
}

fn link(tree: &Tree, id: Id, by: &str, heading: &str) -> Link {
    let of = |name: &str| {
        tree.attribute(id, name)
            .map(str::trim)
            .filter(|it| !it.is_empty())
    };
    let mut link = Link {
        address: of("href").unwrap_or_default().to_owned(),
        title: tree.text(id),
        added: of("add_date").or(of("time_added")).and_then(moment),
        tags: tags(of("tags").unwrap_or_default(), &[',']),
        ..Link::default()
    };
    match by {
        "Pocket" => link.read = heading.starts_with("read"),
        _ => {
            link.folder = folder(tree, id);
            link.is_filed = link.folder.is_some();
            // Pinboard's and others' sign that it is still to be read.
            link.read = of("toread") == Some("0");
            link.starred = of("data-important") == Some("true");
            link.note = note(tree, id);
        }
    }
    link
}

/// The folder that a link lies in: the heading before its list.
fn folder(tree: &Tree, id: Id) -> Option<String> {
    let mut at = tree.parent(id)?;
    while tree.name(at) != "dl" {
        at = tree.parent(at)?;
    }
    let mut before = tree.before(at);
    while let Some(it) = before {
        if tree.name(it) == "h3" {
            // The bar of a browser is no folder that anybody named.
            let is_bar = tree.attribute(it, "personal_toolbar_folder").is_some();
            return Some(tree.text(it).trim().to_owned()).filter(|it| !it.is_empty() && !is_bar);
        }
        before = tree.before(it);
    }
    None
}

/// What stands below a link: the text of the next element, where that is a description.
fn note(tree: &Tree, id: Id) -> Option<String> {
    let item = tree.parent(id).filter(|it| tree.name(*it) == "dt")?;
    let list = tree.parent(item)?;
    let mut children = tree.children(list).skip_while(|it| *it != item).skip(1);
    let next = children.find(|it| matches!(tree.data(*it), Data::Element(..)))?;
    let text = tree.text(next);
    (tree.name(next) == "dd" && !text.trim().is_empty()).then(|| text.trim().to_owned())
}
