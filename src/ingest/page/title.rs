//! The title in a page's `<title>`, without the name of the site.

use super::measure::{length, line};
use crate::ingest::html::tree::{DOCUMENT, Id, Tree};

/// Signs that part a title from the name of its site.
const SIGNS: [char; 8] = ['|', '-', '–', '—', '\\', '/', '>', '»'];

/// Those that part it from what it is filed under.
const STEPS: [char; 4] = ['\\', '/', '>', '»'];

/// What stands in `<title>`.
pub(super) fn whole(tree: &Tree) -> String {
    let mut titles = tree.within(DOCUMENT).filter(|it| {
        let in_picture = tree.around(*it).any(|it| tree.name(it) == "svg");
        tree.name(*it) == "title" && !in_picture
    });
    titles.next().map(|it| line(tree, it)).unwrap_or_default()
}

/// The title of the story as `<title>` tells it, with the headings of the page to help.
pub(super) fn of(tree: &Tree) -> String {
    let whole = whole(tree);
    let words = |text: &str| text.split_whitespace().count();
    let parted = signs(&whole);
    let mut title = whole.clone();
    if let Some(last) = parted.last() {
        title = whole.get(..*last).unwrap_or_default().to_owned();
        if words(&title) < 3 {
            let first = whole.find(SIGNS).unwrap_or(0);
            let rest = whole.get(first..).unwrap_or_default();
            title = rest.chars().skip(1).collect();
        }
    } else if whole.contains(": ") {
        let is_whole = |id: &Id| matches!(tree.name(*id), "h1" | "h2") && line(tree, *id) == whole;
        if !tree.within(DOCUMENT).any(|it| is_whole(&it)) {
            let after = |at: Option<usize>| {
                let at = at.map_or(0, |it| it + 1);
                whole.get(at..).unwrap_or_default().to_owned()
            };
            title = after(whole.rfind(':'));
            if words(&title) < 3 {
                title = after(whole.find(':'));
            } else if words(whole.split(':').next().unwrap_or_default()) > 5 {
                title = whole.clone();
            }
        }
    } else {
        let count = whole.chars().count();
        if !(15..=150).contains(&count) {
            let mut heads = tree.within(DOCUMENT).filter(|it| tree.name(*it) == "h1");
            if let (Some(one), None) = (heads.next(), heads.next())
                && length(tree, one) > 0
            {
                title = line(tree, one);
            }
        }
    }
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let steps = parted.iter().any(|at| whole[at + 1..].starts_with(STEPS));
    let bare: String = unparted(&whole, &parted);
    let few = words(&title) <= 4 && (!steps || words(&title) + 1 != words(&bare));
    if few { whole } else { title }
}

/// A title, and each piece of it between signs.
pub(super) fn pieces(whole: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let mut ends = signs(whole);
    ends.push(whole.len());
    let pieces = ends.into_iter().map(move |end| {
        let piece = &whole[from..end];
        from = end;
        piece.trim_start().trim_start_matches(SIGNS)
    });
    std::iter::once(whole).chain(pieces)
}

/// Where a space, a sign and another space stand; the first space's place.
fn signs(text: &str) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        let spaced = before.ends_with(' ') && after.starts_with(' ');
        // The space behind one sign does not stand before the next as well.
        let fresh = found.last().is_none_or(|last| {
            let sign = text[last + 1..].chars().next().map_or(1, char::len_utf8);
            at - 1 > last + 1 + sign
        });
        if SIGNS.contains(&c) && spaced && fresh {
            found.push(at - 1);
        }
    }
    found
}

fn unparted(text: &str, signs: &[usize]) -> String {
    let mut out = String::new();
    let mut from = 0;
    for &at in signs {
        out.push_str(&text[from..at]);
        let sign = text[at + 1..].chars().next().map_or(1, char::len_utf8);
        from = at + 1 + sign + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_site_goes() {
        for (title, body, want) in [
            (
                "A long title of a story | Paper",
                "",
                "A long title of a story",
            ),
            (
                "A long title – of a story - The Paper",
                "",
                "A long title – of a story",
            ),
            (
                "Sport » Four words stand here",
                "",
                "Sport » Four words stand here",
            ),
            (
                "Paper | Five words are a title",
                "",
                "Five words are a title",
            ),
            (
                "Paper: Five words are a title",
                "",
                "Five words are a title",
            ),
            (
                "A story: what it tells",
                "<h1>A story: what it tells</h1>",
                "A story: what it tells",
            ),
            (
                "Short",
                "<h1>A heading that says more</h1>",
                "A heading that says more",
            ),
            ("Two words | Paper", "", "Two words | Paper"),
            ("", "", ""),
            ("|", "", "|"),
            ("é | — » x", "", "é | — » x"),
        ] {
            let page = format!("<title>{title}</title><body>{body}");
            assert_eq!(of(&Tree::of(&page)), want, "{title}");
        }
    }
}
