//! A whole story as a document: title block, body, and what stands after its last line.

use std::sync::Arc;

use jiff::tz::TimeZone;
use url::Url;

use super::{
    Hyphenation,
    addresses::{is_on_the_web, leads_anywhere},
    block::{Block, Body, LinkId, Marks, Role, Text},
    cut, markdown,
    parts::{Document, Held, Kind, Part},
    picture::{Picture as Shown, unnamed},
    pieces::of_lines,
    standfirst,
};
use crate::story::{self, Link, Picture, Related, Story};

impl Document {
    /// The document of `story`, with days as they are in `zone`.
    pub fn new(story: Story, zone: &TimeZone) -> Document {
        Document::of_beginning(story, zone, 0)
    }

    /// The same of a story that so many bytes are missing of: what is there is the beginning, and
    /// stays as it is in the whole.
    pub fn of_beginning(mut story: Story, zone: &TimeZone, missing: u64) -> Document {
        let source = std::mem::take(&mut story.markdown);
        let given = source.len().max(1) as u128;
        // Counted as if it went on as it begins.
        let words = story::words(&source) as u128 * (given + u128::from(missing)) / given;
        let words = usize::try_from(words).unwrap_or(usize::MAX);
        story
            .summary
            .take_if(|summary| standfirst::is_repeated(summary, &source));
        let language = story.language.as_deref();
        let back = back_matter(&story, zone);
        let mut document = if source.len() <= cut::WHOLE && missing == 0 {
            let body = markdown::parse(&source);
            let mut whole = title_block(&story, words, zone, opening_picture(&body));
            whole.append(set_apart(body));
            whole.append(back);
            Document::of_part(whole)
        } else {
            let mut document = Document::in_pieces(source, missing);
            let first = story.lead_image.as_ref().and_then(|_| document.part(0));
            let opening = first.as_deref().and_then(opening_picture);
            document.front = title_block(&story, words, zone, opening);
            document.back = back;
            document
        };
        document.words = words;
        document.hyphenation = language.and_then(Hyphenation::of_language);
        document
    }

    /// A document that holds only a body's Markdown.
    pub fn of_markdown(source: &str) -> Document {
        Document {
            words: story::words(source),
            ..Document::of_part(markdown::parse(source))
        }
    }

    /// Markdown that is read piece by piece, and of which so many bytes are still to come.
    pub(super) fn in_pieces(mut source: String, missing: u64) -> Document {
        let (mut pieces, shared) = cut::markdown(&source, missing == 0);
        let mut behind = None;
        if missing > 0 && pieces.len() > 1 {
            // Where the last one ends is not known yet.
            behind = pieces.pop();
        }
        let missing = missing + (source.len() - pieces.last().map_or(0, |it| it.range.end)) as u64;
        source.shrink_to_fit();
        Document {
            parts: pieces.into_iter().map(Held::Piece).collect(),
            source: Arc::new(source),
            shared,
            missing,
            behind,
            ..Document::default()
        }
        .counted()
    }

    /// A text as it stands, line by line; only lines wider than the measure are broken.
    pub fn of_source(source: String) -> Document {
        let words = story::words(&source);
        let mut document = if source.len() <= cut::WHOLE {
            Document {
                kind: Kind::Source,
                ..Document::of_part(of_lines(source.trim_end_matches('\n')))
            }
        } else {
            Document {
                parts: cut::lines(&source).into_iter().map(Held::Piece).collect(),
                source: Arc::new(source),
                kind: Kind::Source,
                ..Document::default()
            }
            .counted()
        };
        document.words = words;
        document
    }

    /// The block that a link `#name` leads to: its name as it is, or a heading's words as they stand
    /// there, as wikilinks have them.
    pub fn named(&self, name: &str) -> Option<usize> {
        let plain = story::link::decode_percent(name);
        // Of headings within headings, the last one is meant.
        let last = plain.rsplit('#').next().unwrap_or(&plain);
        let names = [
            name,
            plain.as_str(),
            &markdown::slug(&plain),
            &markdown::slug(last),
        ];
        let found = names.into_iter().find_map(|name| self.anchor(name));
        // Of old the way back to the top (HTML, 7.4.6.4).
        let top = plain.is_empty() || plain.eq_ignore_ascii_case("top");
        found.or_else(|| top.then_some(0))
    }
}

impl Part {
    fn link(&mut self, url: &str) -> LinkId {
        self.links.push(url.to_owned());
        self.links.len() - 1
    }
}

/// A body that something stands before.
fn set_apart(mut body: Part) -> Part {
    if let Some(first) = body.blocks.first_mut() {
        first.gap = true;
    }
    body
}

/// The address of the picture that a body begins with, before any prose.
fn opening_picture(body: &Part) -> Option<&str> {
    let first = body.pictures.first()?;
    let before = body.blocks.get(..first.block)?;
    let is_prose = |it: &Block| it.heading().is_none() && !matches!(it.body, Body::Rule);
    (!before.iter().any(is_prose)).then_some(&*first.src)
}

/// Whether two addresses of one story are the same, however they are written.
fn leads_to_same(one: &str, other: &str, story: &Story) -> bool {
    let page = story.url.as_deref().and_then(|it| Url::parse(it).ok());
    // Of a file without an address only how its paths are written is of interest.
    let base = page.or_else(|| Url::parse("file:///of/a/story/").ok());
    let whole = |address: &str| base.as_ref()?.join(address).ok();
    one == other || whole(one).is_some_and(|it| whole(other) == Some(it))
}

/// What stands before the body; its picture only where the body does not begin with that.
fn title_block(story: &Story, words: usize, zone: &TimeZone, opening: Option<&str>) -> Part {
    let mut part = Part::default();
    let mut title = Block::text(Role::Title, Text::plain(story.title.as_str()));
    title.gap = false;
    part.blocks.push(title);

    let mut byline = Text::default();
    let date = story.published.map(|at| story::long(at, zone));
    let minutes = story::duration(story::minutes(words));
    let authors = (!story.authors.is_empty()).then(|| story.authors.join(", "));
    let parts: Vec<String> = [authors, date.clone(), Some(minutes)]
        .into_iter()
        .flatten()
        .collect();
    byline.push(&parts.join(" · "), Marks::NONE, None);
    // Both may fall on one day: once is enough.
    let updated = story.updated.map(|at| story::long(at, zone));
    if let Some(day) = updated.filter(|day| Some(day) != date.as_ref()) {
        let line = format!("\nUpdated {day}");
        byline.push(&line, Marks::NONE, None);
    }
    if !story.categories.is_empty() {
        let line = format!("\n{}", story.categories.join(", "));
        byline.push(&line, Marks::NONE, None);
    }
    part.blocks.push(Block::text(Role::Byline, byline));

    for warning in &story.warnings {
        let block = Block::text(Role::Warning, Text::plain(warning.as_str()));
        part.blocks.push(block);
    }
    if let Some(summary) = &story.summary {
        let block = Block::text(Role::Summary, Text::plain(summary.as_str()));
        part.blocks.push(block);
    }
    let is_said = |it: &&Picture| opening.is_none_or(|src| !leads_to_same(src, &it.src, story));
    if let Some(Picture { src, alt }) = story.lead_image.as_ref().filter(is_said) {
        let shown = if alt.is_empty() { &unnamed(src) } else { alt };
        let link = is_on_the_web(src).then(|| part.link(src));
        let mut text = Text::default();
        text.push(shown, Marks::IMAGE, link);
        if !src.is_empty() {
            part.pictures.push(Shown {
                block: part.blocks.len(),
                src: src.clone(),
                drawable: None,
                absent: None,
            });
        }
        if !src.is_empty() || !alt.is_empty() {
            part.blocks.push(Block::text(Role::Figure, text));
        }
    }
    part
}

/// Whether something of its own stands after a story's last line.
pub fn is_followed(story: &Story) -> bool {
    story.call_to_action.is_some() || !story.related.is_empty() || page_of(story).is_some()
}

/// The address that it was published at. A relative one leads nowhere from here.
fn page_of(story: &Story) -> Option<&String> {
    story.url.as_ref().filter(|url| url.contains("://"))
}

fn back_matter(story: &Story, zone: &TimeZone) -> Part {
    let mut part = Part::default();
    let related = !story.related.is_empty();
    let url = page_of(story);
    if is_followed(story) {
        part.blocks.push(Block {
            body: Body::Rule,
            ..Block::text(Role::Plain, Text::default())
        });
    }
    if let Some(Link { text, url }) = &story.call_to_action {
        let url = url.as_deref().filter(|url| leads_anywhere(url));
        let link = url.map(|url| part.link(url));
        let mut block = Text::plain("Take action: ");
        block.push(text, Marks::STRONG, link);
        part.blocks.push(Block::text(Role::Plain, block));
    }
    if related {
        let heading = Text::plain("More from this page");
        part.blocks.push(Block::text(Role::Heading(2), heading));
    }
    for story in &story.related {
        let text = teaser(&mut part, story, zone);
        part.blocks.push(Block::text(Role::Plain, text));
    }
    if let Some(url) = url {
        let link = part.link(url);
        let mut text = Text::plain("Published at ");
        text.push(url, Marks::NONE, Some(link));
        part.blocks.push(Block::text(Role::Byline, text));
    }
    part
}

fn teaser(part: &mut Part, related: &Related, zone: &TimeZone) -> Text {
    let url = related.url.as_deref().filter(|url| leads_anywhere(url));
    let link = url.map(|url| part.link(url));
    let mut text = Text::default();
    text.push(&related.title, Marks::STRONG, link);
    if let Some(at) = related.published {
        text.push(&format!(" · {}", story::long(at, zone)), Marks::FACTS, None);
    }
    if let Some(summary) = &related.summary {
        text.push(&format!("\n{summary}"), Marks::NONE, None);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_the_text_begins_with_shows_once() {
        let pictures = |image: &str, url: Option<&str>, text: &str| {
            let mut story = Story::new(story::Kind::Text, "A story", text.to_owned());
            story.url = url.map(str::to_owned);
            story.lead_image = Some(Picture {
                src: image.to_owned(),
                alt: String::new(),
            });
            let document = Document::new(story, &TimeZone::UTC);
            let part = document.part(0).unwrap();
            let figures = part.blocks.iter().filter(|it| match &it.body {
                Body::Text { role, .. } => *role == Role::Figure,
                _ => false,
            });
            figures.count()
        };
        let page = Some("https://e.org/posts/one");
        for (image, url, text, shown) in [
            ("a.png", None, "![a](a.png)\n\nWords.", 1),
            (
                "./img/a%20b.png",
                None,
                "## Head\n\n![a](<img/a b.png>)\n\nWords.",
                1,
            ),
            (
                "https://e.org/posts/a.png",
                page,
                "![a](a.png)\n\nWords.",
                1,
            ),
            ("https://e.org/a.png", page, "![a](/a.png)\n\nWords.", 1),
            ("a.png", None, "![a](b.png)\n\n![a](a.png)", 3),
            ("a.png", None, "Words.\n\n![a](a.png)", 2),
            ("a.png?1", None, "![a](a.png)", 2),
            ("", None, "![a](a.png)", 1),
        ] {
            assert_eq!(pictures(image, url, text), shown, "{image} {text}");
        }
        let long = format!("![a](a.png)\n\n{}", "Words.\n\n".repeat(100_000));
        assert_eq!(pictures("./a.png", None, &long), 1);
    }
}
