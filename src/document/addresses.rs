//! The addresses of a body's links and pictures, rewritten where they stand in the Markdown.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use crate::story::markdown::extensions;

/// The scheme of an address in small letters (RFC 3986, 3.1); none for a relative one, nor for a
/// title (`Part one: the beginning`), which a wikilink may name.
pub fn scheme(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    if rest.starts_with(' ') {
        return None;
    }
    let mut letters = scheme.chars();
    let plain = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    plain.then(|| scheme.to_ascii_lowercase())
}

/// Whether following a link to `address` can lead anywhere: to a place here, or to what a browser or
/// a mail program may safely be given.
pub(super) fn leads_anywhere(address: &str) -> bool {
    !address.is_empty()
        && matches!(
            scheme(address).as_deref(),
            None | Some("http" | "https" | "mailto")
        )
}

/// Whether a browser can show the picture at `address`; recto itself shows none.
pub(super) fn is_on_the_web(address: &str) -> bool {
    matches!(scheme(address).as_deref(), Some("http" | "https"))
}

/// `source` with every relative address replaced by what `resolve` makes of it. Places in the text
/// itself (`#name`) stay, and so does an address that is not written as it is meant (with escapes).
pub fn resolve_addresses(source: &str, resolve: impl Fn(&str) -> Option<String>) -> String {
    rewrite(source, |address, _| resolve(address))
}

/// `source` with the address of every picture replaced by what `resolve` makes of it, where that is
/// anything. Where an address is not written as it is meant, `resolve` is not asked.
pub fn resolve_pictures(source: &str, mut resolve: impl FnMut(&str) -> Option<String>) -> String {
    rewrite(source, |address, is_picture| {
        is_picture.then(|| resolve(address)).flatten()
    })
}

fn rewrite(source: &str, mut resolve: impl FnMut(&str, bool) -> Option<String>) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut edit = |within: Range<usize>, before: &[&str], address: &str, is_picture: bool| {
        if address.is_empty() || address.starts_with('#') {
            return;
        }
        let text = &source[within.clone()];
        let found = before.iter().find_map(|before| {
            let at = text.rfind(&format!("{before}{address}"))?;
            Some(within.start + at + before.len())
        });
        if let Some(at) = found
            && let Some(whole) = resolve(address, is_picture)
        {
            edits.push((at..at + address.len(), whole));
        }
    };
    let parser = Parser::new_ext(source, extensions());
    for (_, definition) in parser.reference_definitions().iter() {
        edit(
            definition.span.clone(),
            &[": ", ":", ": <"],
            &definition.dest,
            false,
        );
    }
    for (event, range) in parser.into_offset_iter() {
        let is_picture = matches!(event, Event::Start(Tag::Image { .. }));
        if let Event::Start(
            Tag::Link {
                link_type: LinkType::Inline,
                dest_url,
                ..
            }
            | Tag::Image {
                link_type: LinkType::Inline,
                dest_url,
                ..
            },
        ) = event
        {
            edit(range, &["](", "](<"], &dest_url, is_picture);
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    edits.dedup_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(source.len());
    let mut from = 0;
    for (range, whole) in edits {
        out.push_str(&source[from..range.start]);
        out.push_str(&whole);
        from = range.end;
    }
    out.push_str(&source[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_replaced_where_they_stand() {
        let resolve = |address: &str| Some(format!("https://e.org/{address}"));
        for (source, want) in [
            ("[b](b)", "[b](https://e.org/b)"),
            ("![p](<p q> \"p q\")", "![p](<https://e.org/p q> \"p q\")"),
            (
                "[![p](p.png)](b)",
                "[![p](https://e.org/p.png)](https://e.org/b)",
            ),
            ("[b][t]\n\n[t]: c", "[b][t]\n\n[t]: https://e.org/c"),
            ("[b](#b) `[b](b)`", "[b](#b) `[b](b)`"),
        ] {
            assert_eq!(resolve_addresses(source, resolve), want);
        }
    }

    #[test]
    fn pictures_alone_are_replaced() {
        let source = "[![p](p.png)](b) ![q](<q r.png>) [c](p.png)";
        let want = "[![p](x/p.png)](b) ![q](<x/q r.png>) [c](p.png)";
        let there = |address: &str| Some(format!("x/{address}"));
        assert_eq!(resolve_pictures(source, there), want);
    }
}
