//! The addresses of a body's links and pictures, rewritten where they stand in the Markdown.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

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

/// `source` with a link in the place of every picture that is not written out in it, and its words alone where it
/// stands in a link already.
pub fn pictures_as_links(source: &str) -> String {
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    let (mut links, mut pictures) = (0_usize, 0_usize);
    for (event, range) in Parser::new_ext(source, extensions()).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { .. }) => links += 1,
            Event::End(TagEnd::Link) => links = links.saturating_sub(1),
            Event::Start(Tag::Image { dest_url, .. }) => {
                let is_here = scheme(&dest_url).as_deref() == Some("data");
                let nested = pictures > 0;
                pictures += 1;
                let text = &source[range.clone()];
                if is_here || !text.starts_with("![") {
                    continue;
                }
                let inner = words_of(text);
                if links > 0 || nested {
                    // No link stands in another; whatever is in the words of a picture goes with it.
                    let inner = inner.filter(|it| !it.trim().is_empty() && !it.contains("!["));
                    edits.push((range, inner.unwrap_or("Picture")));
                    continue;
                }
                // Behind another "!" it would be a picture still.
                let gap = match source[..range.start].ends_with('!') {
                    true => " ",
                    false => "",
                };
                edits.push((range.start..range.start + 1, gap));
                if inner.is_some_and(|it| it.trim().is_empty()) {
                    edits.push((range.start + 2..range.start + 2, "Picture"));
                }
            }
            Event::End(TagEnd::Image) => pictures = pictures.saturating_sub(1),
            _ => {}
        }
    }
    let mut out = String::with_capacity(source.len());
    let mut from = 0;
    for (range, instead) in edits {
        if range.start < from {
            continue;
        }
        out.push_str(&source[from..range.start]);
        out.push_str(instead);
        from = range.end;
    }
    out.push_str(&source[from..]);
    out
}

/// What stands in the brackets of a picture.
fn words_of(picture: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, c) in picture.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => depth += 1,
            ']' if depth == 1 => return picture.get(2..at),
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
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

    #[test]
    fn pictures_become_links() {
        for (source, want) in [
            ("![p](http://e.org/p \"t\")", "[p](http://e.org/p \"t\")"),
            ("![](<http://e.org/p>) x", "[Picture](<http://e.org/p>) x"),
            ("[![p \\] q](//e.org/p)](b)", "[p \\] q](b)"),
            ("[![](//e.org/p)](b)", "[Picture](b)"),
            ("Oh!![p](http://e.org/p)", "Oh! [p](http://e.org/p)"),
            (
                "![p][r]\n\n[r]: http://e.org/p",
                "[p][r]\n\n[r]: http://e.org/p",
            ),
            ("![a ![b](//c) d](//e)", "[a b d](//e)"),
            ("[![a ![b](//c) d](//e)](f)", "[Picture](f)"),
            (
                "![p](data:image/png;base64,AA)",
                "![p](data:image/png;base64,AA)",
            ),
            (
                "`![p](http://e.org/p)` \\![p](q)",
                "`![p](http://e.org/p)` \\![p](q)",
            ),
        ] {
            let out = pictures_as_links(source);
            assert_eq!(out, want);
            resolve_pictures(&out, |src| {
                assert!(src.starts_with("data:"), "{out}");
                None
            });
        }
    }
}
