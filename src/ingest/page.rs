//! Web pages: the story in one, without what stands around it.
//!
//! The source becomes a tree ([`super::html`]); what the page says of its story is read (`metadata`, `linked`,
//! `title`), the story found in it (`readability`, with `measure` and `words`), rid of what is no part of it
//! (`furniture`), and written as Markdown by the walk that writes the entries of feeds.
//!
//! A page with no story (an index, a form, an empty shell) is a story of [`Kind::Link`], with its title and
//! its address, and says so.

mod furniture;
mod gone;
mod index;
mod linked;
mod measure;
mod metadata;
mod readability;
mod title;
mod words;

use url::Url;

use super::{byline, decode, html, language, media_type};
use crate::story::{Kind, Picture, Story, clean, escape, words};
use html::tree::{DOCUMENT, Tree};
use metadata::Metadata;

/// Where bytes came from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// The address that the page was fetched from, or was published at.
    pub address: Option<&'a Url>,
    /// The charset that came with the bytes (`Content-Type`).
    pub charset: Option<&'a str>,
}

/// What is said of a page that is kept as a link.
const NO_STORY: &str =
    "This page has no story in it that recto can find; its title and its address are kept.";

/// The same of one that was taken away, where the server still answers with a page.
const GONE: &str =
    "This page says that nothing is at its address; its title and its address are kept.";

/// The same of one that shows nothing to whom it does not know.
pub(super) const SIGN_IN: &str = "This page asks to sign in, and has no story in it for whoever does not; its \
     title and its address are kept.";

/// Bytes of a page in which its nature shows.
const OPENING: usize = 4 * 1024;

/// Whether bytes are the source of a web page: told by how they begin.
pub(super) fn is_page(bytes: &[u8]) -> bool {
    let opening = bytes.get(..bytes.len().min(OPENING)).unwrap_or_default();
    begins_as_page(&decode::text(opening, false))
}

/// Whether bytes begin with a tag, as parts of pages do.
pub(super) fn begins_with_tag(bytes: &[u8]) -> bool {
    let opening = bytes.get(..bytes.len().min(OPENING)).unwrap_or_default();
    let text = decode::text(opening, false);
    let mut text = text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .chars();
    text.next() == Some('<')
        && text
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '!')
}

fn begins_as_page(text: &str) -> bool {
    let opening = text
        .get(..text.floor_char_boundary(OPENING))
        .unwrap_or_default();
    let mut rest = opening.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    loop {
        let before = rest;
        for (opens, closes) in [("<!--", "-->"), ("<?", "?>")] {
            if rest.starts_with(opens) {
                // A comment longer than the opening ends nowhere in it.
                rest = rest
                    .split_once(closes)
                    .map_or("", |(_, rest)| rest)
                    .trim_start();
            }
        }
        if rest.len() == before.len() {
            break;
        }
    }
    let begins = |with: &str| {
        rest.get(..with.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(with))
            && rest[with.len()..].starts_with(|c: char| !c.is_ascii_alphanumeric() && c != '-')
    };
    [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<title",
        "<meta",
    ]
    .iter()
    .any(|it| begins(it))
}

/// A page that its server says is one (`Content-Type`): decoded by what was said of it, and to be told as a
/// page by how it begins.
pub fn told(bytes: &[u8], content_type: &str) -> String {
    let charset = media_type::charset(content_type);
    let text = decode::page(bytes, charset).into_owned();
    match begins_as_page(&text) {
        true => text,
        false => format!("<!doctype html>{text}"),
    }
}

/// Reads a page. Takes time nearly linear in the bytes, whatever they hold.
pub fn read(bytes: &[u8], origin: Origin<'_>, name: &str) -> Story {
    story(&decode::page(bytes, origin.charset), origin.address, name)
}

/// Where a page sends its reader within a few seconds, as the header `Refresh` would.
pub(super) fn refreshes(bytes: &[u8], origin: Origin<'_>) -> Option<Url> {
    /// Who waits longer is to read what stands there.
    const LONGEST: f64 = 5.0;
    /// A page that is only to send its reader on is short.
    const SHORT: usize = 64 * 1024;
    if bytes.len() > SHORT {
        return None;
    }
    let tree = Tree::of(&decode::page(bytes, origin.charset));
    let is = |it: &str, name: &str| it.trim().eq_ignore_ascii_case(name);
    let mut metas = tree.within(DOCUMENT).filter(|it| {
        let header = tree.attribute(*it, "http-equiv");
        tree.name(*it) == "meta" && header.is_some_and(|it| is(it, "refresh"))
    });
    let content = metas.find_map(|it| tree.attribute(it, "content"))?;
    let (wait, rest) = content.split_once([';', ','])?;
    wait.trim().parse().ok().filter(|it: &f64| *it <= LONGEST)?;
    let (name, address) = rest.split_once('=')?;
    let address = address.trim().trim_matches(['"', '\'']);
    let base = base(&tree, origin.address)?;
    base.join(address).ok().filter(|_| is(name, "url"))
}

/// Larger pages, in bytes, are read as far as that.
const LARGEST: usize = 16 * 1024 * 1024;

/// Reads a page that is decoded. `name` makes the title of one that has none.
pub(super) fn story(source: &str, address: Option<&Url>, name: &str) -> Story {
    let end = source.floor_char_boundary(LARGEST.min(source.len()));
    let tree = Tree::of(&source[..end]);
    let metadata = metadata::read(&tree);
    let base = base(&tree, address);
    let asks = tree
        .within(DOCUMENT)
        .any(|it| tree.attribute(it, "type") == Some("password"));
    let gone = gone::Signs::of(&tree, &metadata, address);
    let known = readability::Known {
        title: &metadata.title,
        authors: !metadata.authors.is_empty(),
    };
    // What tells that something is a note goes with much else, and often the notes do.
    let notes = html::notes_of(&tree, base.as_ref());
    let mut found = readability::find(tree, known);
    let byline = found.as_mut().and_then(|it| it.byline.take());
    if let Some(found) = &mut found {
        let sections: Vec<String> = metadata
            .categories
            .iter()
            .chain(&metadata.site)
            .cloned()
            .collect();
        let canonical = metadata
            .canonical
            .as_deref()
            .and_then(|it| Url::parse(it).ok());
        let host = canonical.as_ref().or(address).and_then(Url::host_str);
        let about = furniture::About {
            host,
            title: &metadata.title,
            summary: metadata.summary.as_deref(),
            authors: &metadata.authors,
            is_dated: metadata.published.is_some() || metadata.updated.is_some(),
            sections: &sections,
            is_news: metadata.is_news,
            is_described: metadata.is_described,
            language: metadata.language.as_deref().unwrap_or("en"),
        };
        furniture::remove(&mut found.tree, found.root, about);
    }
    let density = found
        .as_ref()
        .map_or(0.0, |it| measure::link_density(&it.tree, it.root));
    let markdown = found
        .as_ref()
        .map(|it| html::of_page(&it.tree, it.root, base.as_ref(), notes));
    let mut markdown = markdown.unwrap_or_default();
    if let Some(told) = metadata
        .text
        .as_deref()
        .and_then(|it| fuller(it, &markdown, base.as_ref()))
    {
        markdown = told;
    }
    let lists = metadata.is_story != Some(true)
        && found
            .as_ref()
            .is_some_and(|it| index::is_index(&it.tree, it.root, address, base.as_ref()));
    let is_gone = gone.is_some_and(|it| it.outweigh(&metadata, byline.is_some(), &markdown));
    let kind = match !lists && !is_gone && has_story(&metadata, density, asks, &markdown) {
        true => Kind::Page,
        false => Kind::Link,
    };
    let mut story = Story::new(kind, "", markdown);
    if kind == Kind::Link {
        let why = match () {
            () if asks => SIGN_IN,
            () if is_gone => GONE,
            () => NO_STORY,
        };
        story.warnings.push(why.to_owned());
    }
    tell(&mut story, metadata, byline, base.as_ref(), name);
    story
}

/// Whether there is a story in a page: text of its own, not links to others, nor a form to sign in by.
fn has_story(known: &Metadata, linked: f64, asks: bool, markdown: &str) -> bool {
    let words = words(markdown);
    match known.is_story {
        Some(true) => words > 0,
        _ if asks && words < 100 => false,
        _ => words >= 25 && linked < 0.6,
    }
}

/// The text that a page tells beside itself (`articleBody`), as Markdown, where that is much more than was
/// found in it: then scripts would have put the rest there, or something else was taken for the story.
fn fuller(text: &str, found: &str, base: Option<&Url>) -> Option<String> {
    if words(text) < 2 * words(found) + 50 {
        return None;
    }
    if text.contains("</") {
        return Some(html::to_markdown(text, base));
    }
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let paragraphs: Vec<String> = lines.map(escape::markdown).collect();
    Some(clean::text(&paragraphs.join("\n\n")).into_owned())
}

/// What relative addresses in a page are resolved against.
fn base(tree: &Tree, address: Option<&Url>) -> Option<Url> {
    let mut bases = tree.within(DOCUMENT).filter(|it| tree.name(*it) == "base");
    let told = bases
        .find_map(|it| tree.attribute(it, "href"))
        .map(str::trim);
    let told = told.and_then(|it| match address {
        Some(address) => address.join(it).ok(),
        None => Url::parse(it).ok(),
    });
    told.or_else(|| address.cloned())
}

/// Whether programs wrote a word where there was nothing to be told.
fn is_placeholder(text: &str) -> bool {
    const NOTHING: [&str; 9] = [
        "nil",
        "null",
        "none",
        "undefined",
        "n/a",
        "nan",
        "[object object]",
        "uncategorized",
        "uncategorised",
    ];
    NOTHING.contains(&&*text.to_ascii_lowercase())
}

/// Tells in a story what is known of it, cleaned.
fn tell(
    story: &mut Story,
    known: Metadata,
    byline: Option<String>,
    base: Option<&Url>,
    name: &str,
) {
    let line = |text: &str| clean::line(text);
    let title = line(&known.title);
    story.title_given = !title.is_empty();
    story.title = if title.is_empty() {
        name.to_owned()
    } else {
        title
    };
    story.authors = match known.authors.is_empty() {
        true => byline
            .map(|it| byline::names(&byline::without_rest(&it)))
            .unwrap_or_default(),
        false => known.authors,
    };
    story.authors = story
        .authors
        .iter()
        .map(|it| line(&byline::without_rest(it)))
        .filter(|it| !it.is_empty() && !is_placeholder(it))
        .collect();
    story.published = known.published;
    story.updated = known.updated.filter(|it| Some(*it) != known.published);
    story.summary = known
        .summary
        .as_deref()
        .map(line)
        .filter(|it| !it.is_empty());
    story.language = known.language;
    let whole = |address: &str| {
        let address = address.trim();
        let joined = base.and_then(|it| it.join(address).ok());
        let whole = joined.or_else(|| Url::parse(address).ok());
        whole
            .filter(|it| matches!(it.scheme(), "http" | "https"))
            .map(String::from)
    };
    story.url = known.canonical.as_deref().and_then(whole);
    story.lead_image = known.image.and_then(|(src, alt)| {
        Some(Picture {
            src: whole(&src)?,
            alt: line(&alt),
        })
    });
    let site = known.site.as_deref().map(line).unwrap_or_default();
    let host = story.url.as_deref().and_then(|it| Url::parse(it).ok());
    let host = host.and_then(|it| it.host_str().map(str::to_lowercase));
    let host = host.unwrap_or_default();
    let is_site = |name: &str| {
        name == site || name.to_lowercase() == host.strip_prefix("www.").unwrap_or(&host)
    };
    let lines = |all: Vec<String>| -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for one in all.iter().map(|it| line(it)) {
            let tells = !one.is_empty() && !is_placeholder(&one) && !is_site(&one);
            if tells && !out.contains(&one) {
                out.push(one);
            }
        }
        out
    };
    story.categories = lines(known.categories);
    story.tags = lines(known.tags);
    story.comments_count = known.comments;
    if story.language.is_none() {
        story.language = language::of(&story.markdown).map(str::to_owned);
    }
}

#[cfg(test)]
mod tests;
