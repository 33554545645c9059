//! A whole story as a document: title block, body, and what stands after its last line.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::{
    Hyphenation,
    addresses::{is_on_the_web, leads_anywhere, scheme},
    block::{Block, Body, Document, LinkId, Marks, Role, Text},
    markdown,
    picture::Picture as Shown,
    pieces::chunks,
};
use crate::story::{self, Link, Picture, Related, Story};

/// Longer lines of a source are divided into blocks, in bytes.
const MAX_LINE: usize = 8 * 1024;

/// Longer names of pictures say nothing to a reader, in bytes.
const LONGEST_NAME: usize = 60;

impl Document {
    /// The document of `story`, with days as they are in `zone`.
    pub fn new(story: &Story, zone: &TimeZone) -> Document {
        let language = story.language.as_deref();
        let body = markdown::parse(&story.markdown);
        let words = story::words(&story.markdown);
        let mut document = Document {
            links: body.links,
            hyphenation: language.and_then(Hyphenation::of_language),
            words,
            ..Document::default()
        };
        title_block(&mut document, story, zone);
        let before = document.blocks.len();
        document.anchors = body
            .anchors
            .into_iter()
            .map(|(name, block)| (name, block + before))
            .collect::<HashMap<_, _>>();
        let pictures = body.pictures.into_iter().map(|picture| Shown {
            block: picture.block + before,
            ..picture
        });
        document.pictures.extend(pictures);
        document.blocks.extend(body.blocks);
        if let Some(first) = document.blocks.get_mut(before) {
            first.gap = before > 0;
        }
        back_matter(&mut document, story, zone);
        document.weigh();
        document
    }

    /// A document that holds only a body's Markdown.
    pub fn of_markdown(source: &str) -> Document {
        let body = markdown::parse(source);
        let mut document = Document {
            blocks: body.blocks,
            links: body.links,
            anchors: body.anchors,
            pictures: body.pictures,
            words: story::words(source),
            ..Document::default()
        };
        document.weigh();
        document
    }

    /// A text as it stands, line by line; only lines wider than the measure are broken.
    pub fn of_source(source: &str) -> Document {
        let lines = source.trim_end_matches('\n').split('\n');
        let blocks = lines.flat_map(|line| chunks(line, MAX_LINE)).map(|line| {
            let mut block = Block::text(Role::Code, Text::plain(line));
            block.gap = false;
            block
        });
        let mut document = Document {
            blocks: blocks.collect(),
            words: story::words(source),
            ..Document::default()
        };
        document.weigh();
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
        names
            .into_iter()
            .find_map(|name| self.anchors.get(name).copied())
    }

    /// The block in which so much of the text is passed, from 0 to 1.
    pub fn at_fraction(&self, fraction: f64) -> usize {
        let total = self.weights.last().copied().unwrap_or(0) as f64;
        let passed = |before: &u64| (*before as f64) <= fraction * total;
        let block = self.weights.partition_point(passed).saturating_sub(1);
        block.min(self.blocks.len().saturating_sub(1))
    }

    fn link(&mut self, url: &str) -> LinkId {
        self.links.push(url.to_owned());
        (self.links.len() - 1) as LinkId
    }
}

fn title_block(document: &mut Document, story: &Story, zone: &TimeZone) {
    let mut title = Block::text(Role::Title, Text::plain(story.title.as_str()));
    title.gap = false;
    document.blocks.push(title);

    let mut byline = Text::default();
    let date = story.published.map(|at| story::long(at, zone));
    let minutes = format!("{} min", story::minutes(document.words));
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
    document.blocks.push(Block::text(Role::Byline, byline));

    for warning in &story.warnings {
        let block = Block::text(Role::Warning, Text::plain(warning.as_str()));
        document.blocks.push(block);
    }
    if let Some(summary) = &story.summary {
        let block = Block::text(Role::Summary, Text::plain(summary.as_str()));
        document.blocks.push(block);
    }
    if let Some(Picture { src, alt }) = &story.lead_image {
        let shown = if alt.is_empty() { &unnamed(src) } else { alt };
        let link = is_on_the_web(src).then(|| document.link(src));
        let mut text = Text::default();
        text.push(shown, Marks::IMAGE, link);
        if !src.is_empty() {
            document.pictures.push(Shown {
                block: document.blocks.len(),
                src: src.clone(),
                drawable: None,
            });
        }
        if !src.is_empty() || !alt.is_empty() {
            document.blocks.push(Block::text(Role::Figure, text));
        }
    }
}

/// What stands for a picture without words of its own: its file's name, if that is short enough to
/// be one.
pub(super) fn unnamed(src: &str) -> String {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    let name = path.rsplit('/').next().unwrap_or(path);
    match scheme(src).as_deref() {
        None | Some("http" | "https") if !name.is_empty() && name.len() <= LONGEST_NAME => {
            format!("Picture · {name}")
        }
        _ => "Picture".to_owned(),
    }
}

fn back_matter(document: &mut Document, story: &Story, zone: &TimeZone) {
    let related = !story.related.is_empty();
    // A relative address leads nowhere from here.
    let url = story.url.as_ref().filter(|url| url.contains("://"));
    if story.call_to_action.is_some() || related || url.is_some() {
        document.blocks.push(Block {
            body: Body::Rule,
            ..Block::text(Role::Plain, Text::default())
        });
    }
    if let Some(Link { text, url }) = &story.call_to_action {
        let url = url.as_deref().filter(|url| leads_anywhere(url));
        let link = url.map(|url| document.link(url));
        let mut block = Text::plain("Take action: ");
        block.push(text, Marks::STRONG, link);
        document.blocks.push(Block::text(Role::Plain, block));
    }
    if related {
        let heading = Text::plain("More from this page");
        document.blocks.push(Block::text(Role::Heading(2), heading));
    }
    for story in &story.related {
        let text = teaser(document, story, zone);
        document.blocks.push(Block::text(Role::Plain, text));
    }
    if let Some(url) = url {
        let link = document.link(url);
        let mut text = Text::plain("Published at ");
        text.push(url, Marks::NONE, Some(link));
        document.blocks.push(Block::text(Role::Byline, text));
    }
}

fn teaser(document: &mut Document, related: &Related, zone: &TimeZone) -> Text {
    let url = related.url.as_deref().filter(|url| leads_anywhere(url));
    let link = url.map(|url| document.link(url));
    let mut text = Text::default();
    text.push(&related.title, Marks::STRONG, link);
    if let Some(at) = related.published {
        text.push(&format!(" · {}", story::long(at, zone)), Marks::NONE, None);
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
    fn a_picture_without_words_is_called_by_its_file() {
        for (src, shown) in [
            ("images/sea.jpg", "Picture · sea.jpg"),
            ("https://e.org/a/b.png?w=1200#x", "Picture · b.png"),
            ("https://e.org/", "Picture"),
            ("data:image/png;base64,AAAA/BBBB", "Picture"),
        ] {
            assert_eq!(unnamed(src), shown, "{src}");
        }
        assert_eq!(unnamed(&"x".repeat(100)), "Picture");
    }
}
