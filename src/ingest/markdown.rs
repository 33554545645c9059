//! Stories from Markdown.

use super::front_matter::{self, FrontMatter};
use crate::story::{
    Kind, Story, clean,
    markdown::{extensions, formula_within, settled},
};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Parser, Tag, TagEnd};
use std::{borrow::Cow, ops::Range};

/// How far into the body a heading that is to be the title is looked for.
const OPENING: usize = 64 * 1024;

/// Reads Markdown; `text` is clean (see [`clean`]). `whole` is false for a part of a file.
///
/// The title comes from the front matter, else from the first heading when that is the first block
/// or of level 1, else from `name`. A heading that says the title and nothing else is cut from the
/// body when it is the first block.
///
/// The body is not copied: it may be long.
pub fn read(mut text: String, name: &str, whole: bool) -> Story {
    let (story, body) = parts(&text, name, whole);
    let markdown = match body {
        Cow::Owned(body) => body,
        Cow::Borrowed(body) => {
            let length = body.len();
            let start = body.as_ptr().addr() - text.as_ptr().addr();
            text.truncate(start + length);
            text.drain(..start);
            text
        }
    };
    Story { markdown, ..story }
}

/// The same, with the body apart: who only counts its words needs no copy of it.
pub fn parts<'a>(text: &'a str, name: &str, whole: bool) -> (Story, Cow<'a, str>) {
    let front = front_matter::read(text, whole);
    let body = front.as_ref().map_or(text, |front| front.body);
    let given = front.as_ref().and_then(|front| front.fields.title.clone());
    let first = first_heading(body).or_else(|| heading_of_html(body));
    let heading = first.or_else(|| {
        if given.is_none() {
            later_heading(body)
        } else {
            None
        }
    });
    let found = heading
        .as_ref()
        .map(|heading| heading.title.clone())
        .filter(|title| !title.is_empty());
    let title_given = given.is_some() || found.is_some();
    let title = given.or(found).unwrap_or_else(|| name.to_owned());
    let markdown = match &heading {
        Some(heading) if heading.says_only(&title) => without(body, &heading.range),
        _ => Cow::Borrowed(body.trim_start_matches('\n')),
    };
    let mut story = Story {
        title_given,
        ..Story::new(Kind::Markdown, title, "")
    };
    if let Some(FrontMatter {
        fields, warnings, ..
    }) = front
    {
        story.authors = fields.authors;
        story.published = fields.published;
        story.updated = fields.updated;
        story.categories = fields.categories;
        story.tags = fields.tags;
        story.url = fields.url;
        story.id = fields.id;
        story.apart = fields.apart;
        story.source = fields.source;
        story.own_network = fields.own_network;
        story.yours = fields.yours;
        story.teaser = fields.teaser;
        story.enclosures = fields.attachments;
        if fields.letter {
            story.kind = Kind::Letter;
        }
        story.lead_image = fields.lead_image;
        story.summary = fields.summary;
        story.language = fields.language;
        story.warnings = warnings;
    }
    if story.url.is_none() {
        // "# [Title](https://…)": the address would go with the heading.
        story.url = heading
            .filter(|heading| heading.says_only(&story.title))
            .and_then(|heading| heading.link);
    }
    (story, markdown)
}

/// Whether a text of unknown kind is Markdown: it has front matter, or several signs of it.
pub fn is_likely(text: &str) -> bool {
    let text = clean_part(text, OPENING);
    if front_matter::read(text, true).is_some() {
        return true;
    }
    let mut heading = false;
    let (mut links, mut fences, mut items, mut others) = (0, 0, 0, 0);
    let mut before = "";
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        links +=
            usize::from(line.contains("](http") || (line.contains("![") && line.contains("](")));
        fences += usize::from(line.starts_with("```") || line.starts_with("~~~"));
        items += usize::from(line.starts_with("- ") || line.starts_with("* "));
        let apart = before.is_empty() && lines.peek().is_none_or(|next| next.trim_end().is_empty());
        heading |= apart && is_atx(line);
        others += usize::from(apart && line.starts_with("## "));
        others += usize::from(bold(line));
        others += usize::from(line.starts_with('|') && line.contains("---") && line.ends_with('|'));
        others += usize::from(line.starts_with("[^") || line.starts_with("> "));
        before = line;
    }
    let signs = usize::from(heading)
        + links.min(2)
        + usize::from(fences >= 2) * 2
        + usize::from(items >= 3)
        + others.min(2);
    signs >= 2 || (heading && is_atx(text.trim_start().lines().next().unwrap_or_default()))
}

fn is_atx(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len()))
        && rest.starts_with(' ')
        && rest.contains(char::is_alphabetic)
}

fn bold(line: &str) -> bool {
    line.split_once("**").is_some_and(|(_, rest)| {
        rest.starts_with(char::is_alphanumeric) && rest.find("**").is_some_and(|end| end > 1)
    })
}

/// The first bytes of a text, up to a limit.
fn clean_part(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

/// A heading that can be the title.
#[derive(Debug)]
struct Heading {
    /// Its visible text on one line.
    title: String,
    /// Its place in the body.
    range: Range<usize>,
    /// Whether it is the first block, and its visible text all that would be lost with it.
    disposable: bool,
    /// Where it leads, when it is one link to the web.
    link: Option<String>,
}

impl Heading {
    fn says_only(&self, title: &str) -> bool {
        self.disposable && self.title == title && !title.ends_with('…')
    }
}

/// The heading that is the body's first block; comments, which nobody sees, do not count.
fn first_heading(body: &str) -> Option<Heading> {
    let mut start = 0;
    loop {
        let rest = body.get(start..)?;
        start += rest.len() - rest.trim_start_matches('\n').len();
        let rest = body.get(start..)?;
        if !rest.starts_with("<!--") {
            break;
        }
        let end = rest.find("-->")? + 3;
        let line = rest.get(end..)?.split('\n').next()?;
        if !line.trim().is_empty() {
            return None;
        }
        start += end + line.len();
    }
    let rest = body.get(start..)?;
    let first = rest.lines().next()?.trim_start();
    let end = if first.starts_with('#') {
        rest.find('\n').map_or(rest.len(), |end| end + 1)
    } else {
        // A setext heading (CommonMark §4.3) is a paragraph and the underline below it.
        let paragraph = clean_part(rest, OPENING);
        let paragraph = paragraph
            .find("\n\n")
            .and_then(|end| paragraph.get(..end))
            .unwrap_or(paragraph);
        let mut end = 0;
        let underline = |line: &str| {
            let line = line.trim();
            !line.is_empty() && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
        };
        for (n, line) in paragraph.split_inclusive('\n').enumerate() {
            end += line.len();
            if n > 0 && underline(line) {
                return heading_in(body, start, start + end, true);
            }
        }
        return None;
    };
    heading_in(body, start, start + end, true)
}

/// The first heading of level 1 in a block of HTML that the body begins with, as many a README does.
fn heading_of_html(body: &str) -> Option<Heading> {
    let start = body.len() - body.trim_start().len();
    let block = clean_part(&body[start..], OPENING);
    let block = block.split("\n\n").next()?;
    if !block.starts_with('<') {
        return None;
    }
    let lower = block.to_ascii_lowercase();
    let at = lower.find("<h1")?;
    let behind = lower[at + 3..].chars().next()?;
    let open = at + lower[at..].find('>')? + 1;
    let end = open + lower[open..].find("</h1>")?;
    if behind != '>' && !behind.is_whitespace() {
        return None;
    }
    let inlines = Inlines::read(Parser::new_ext(block[open..end].trim(), extensions()));
    let whole = at == 0 && block[end + "</h1>".len()..].trim().is_empty();
    Some(Heading {
        title: clean::line(&inlines.text),
        // Pictures and links may be among its tags.
        disposable: whole && !inlines.more && !block[open..end].contains('<'),
        link: None,
        range: start..start + block.len(),
    })
}

/// The first heading of level 1 that stands by itself further down.
fn later_heading(body: &str) -> Option<Heading> {
    let opening = clean_part(body, OPENING);
    let mut end = 0;
    for line in opening.split_inclusive('\n') {
        end += line.len();
        let line = line.trim();
        if line.starts_with('#') || (!line.is_empty() && line.bytes().all(|b| b == b'=')) {
            // Most often this is it; it may also stand in a block of code, or be no heading.
            return heading_in(body, 0, end, false)
                .or_else(|| heading_in(body, 0, opening.len(), false));
        }
    }
    None
}

/// The first heading in `body[start..end]`: as the first block (of any level), or else the first
/// of level 1 that is in no other block.
fn heading_in(body: &str, start: usize, end: usize, first: bool) -> Option<Heading> {
    let part = body.get(start..end)?;
    // What a reference in it means may be defined anywhere below (CommonMark §4.7).
    let part = if part.contains('[') {
        clean_part(body.get(start..)?, OPENING.max(end - start))
    } else {
        part
    };
    let read = |part: &str| {
        let mut events = Parser::new_ext(part, extensions()).into_offset_iter();
        let mut depth = 0_usize;
        let range = loop {
            let (event, range) = events.next()?;
            match event {
                Event::Start(Tag::Heading { level, .. })
                    if first || (depth == 0 && level == HeadingLevel::H1) =>
                {
                    break range;
                }
                _ if first => return None,
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
        };
        Some((range, Inlines::read(events.map(|(event, _)| event))))
    };
    let (range, mut inlines) = read(part)?;
    let heading = part.get(range.clone()).unwrap_or_default();
    if heading.contains(['$', '[']) {
        inlines = read(&settled(part))?.1;
    }
    let inside = range.start + start..range.end + start;
    Some(Heading {
        title: clean::line(&inlines.text),
        disposable: first && !inlines.more,
        link: inlines.link.filter(|_| first),
        range: inside,
    })
}

/// What a heading shows.
#[derive(Default)]
struct Inlines {
    text: String,
    /// Whether it holds anything that its text does not tell: a picture, a note, a link on a part.
    more: bool,
    /// The address, where all of it is one link to the web.
    link: Option<String>,
}

impl Inlines {
    fn read<'a>(events: impl Iterator<Item = Event<'a>>) -> Self {
        let mut inlines = Inlines::default();
        let mut links = Vec::new();
        let mut outside = false;
        let mut within = 0_usize;
        for event in events {
            match event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::Text(text) | Event::Code(text) => {
                    outside |= within == 0 && !text.trim().is_empty();
                    inlines.text.push_str(&text);
                }
                Event::InlineMath(text) | Event::DisplayMath(text) => {
                    inlines.more = true;
                    inlines.text.push_str(formula_within(&text));
                }
                Event::SoftBreak | Event::HardBreak => inlines.text.push(' '),
                Event::InlineHtml(tag) if tag.starts_with("<br") => inlines.text.push(' '),
                Event::FootnoteReference(_) => inlines.more = true,
                Event::Start(Tag::Image { .. }) => inlines.more = true,
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }) => {
                    within += 1;
                    let web = dest_url.starts_with("https://") || dest_url.starts_with("http://");
                    let sound =
                        web && !dest_url.contains(|c: char| c.is_control() || c.is_whitespace());
                    if sound && !matches!(link_type, LinkType::WikiLink { .. }) {
                        links.push(clean::text(&dest_url).into_owned());
                    } else {
                        inlines.more = true;
                    }
                }
                Event::End(TagEnd::Link) => within = within.saturating_sub(1),
                _ => {}
            }
        }
        match (links.pop(), links.is_empty(), outside) {
            (Some(link), true, false) => inlines.link = Some(link),
            (None, ..) => {}
            _ => inlines.more = true,
        }
        inlines
    }
}

/// The body without a block at its beginning.
fn without<'a>(body: &'a str, range: &Range<usize>) -> Cow<'a, str> {
    let before = body
        .get(..range.start)
        .unwrap_or_default()
        .trim_start_matches('\n');
    let after = body
        .get(range.end..)
        .unwrap_or_default()
        .trim_start_matches('\n');
    match before {
        "" => Cow::Borrowed(after),
        _ => Cow::Owned([before, after].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_and_what_is_left() {
        for (text, title, body) in [
            (
                "# A *b* `c` &amp; \\* [d][r]\n\nText\n\n[r]: x\n",
                "A b c & * d",
                None,
            ),
            ("# Title\n\nText", "Title", Some("Text")),
            (
                "<h1 align=\"center\">zapper &amp; <i>co</i></h1>\n\nText",
                "zapper & co",
                None,
            ),
            (
                "<h1 align=\"center\">zapper</h1>\n\nText",
                "zapper",
                Some("Text"),
            ),
            ("<div>\n<h1>A</h1>\n</div>\n\n# B\n", "A", None),
            ("<p>x</p>\n\n# B\n", "B", None),
            ("# Title #\nText", "Title", Some("Text")),
            ("\n\n### Title\n\n    code", "Title", Some("    code")),
            ("Ti\ntle\n===\nText", "Ti tle", Some("Text")),
            ("Title\n-----\n", "Title", Some("")),
            (
                "<!-- note -->\n# Title\nText",
                "Title",
                Some("<!-- note -->\nText"),
            ),
            ("# Title {#id}\nText", "Title", Some("Text")),
            ("# [Title](https://x.org/a)\nText", "Title", Some("Text")),
            // Cutting these would lose something to see or to follow.
            ("# [Part](https://x.org) of it\nText", "Part of it", None),
            ("# See [Title](other.md)\nText", "See Title", None),
            ("# ![Alt](i.png)\nText", "Alt", None),
            ("# Note[^1]\n\n[^1]: Foot", "Note", None),
            ("Text\n\n# Title\n\nMore", "Title", None),
            ("```\n# no\n```\n\n# Title\n", "Title", None),
            // No title in these.
            ("Text\n\n## Later\n", "name", None),
            ("> # Quoted\n", "name", None),
            ("- # Item\n", "name", None),
            ("    # code\n", "name", None),
            ("#hashtag\n", "name", None),
            ("#\n\nText\n", "name", None),
            ("Text\n\n---\n", "name", None),
            ("```\n# code\n```\n", "name", None),
            ("", "name", Some("")),
        ] {
            let story = read(text.to_owned(), "name", true);
            assert_eq!(story.title, title, "{text:?}");
            assert_eq!(story.title_given, title != "name", "{text:?}");
            assert_eq!(story.markdown, body.unwrap_or(text), "{text:?}");
        }
    }

    #[test]
    fn front_matter_names_the_title() {
        for (text, body) in [
            ("---\ntitle: A b\n---\n\n# A *b*\n\nText", "Text"),
            ("---\ntitle: A b\n---\n# A *c*\n\nText", "# A *c*\n\nText"),
            ("---\ntitle: A b\n---\nText\n\n# A b\n", "Text\n\n# A b\n"),
            ("---\ntitle: A b\n---\nA b\n===\nText", "Text"),
        ] {
            let story = read(text.to_owned(), "name", true);
            assert_eq!(
                (story.title.as_str(), story.markdown.as_str()),
                ("A b", body),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_title_that_is_a_link_gives_the_address() {
        let story = read("# [Title](https://x.org/a)\nText".to_owned(), "name", true);
        assert_eq!(story.url.as_deref(), Some("https://x.org/a"));
        let story = read(
            "---\nurl: https://x.org/b\n---\n# [Title](https://x.org/a)\nText".to_owned(),
            "name",
            true,
        );
        assert_eq!(story.url.as_deref(), Some("https://x.org/b"));
        let story = read("# [Title](javascript:x)\nText".to_owned(), "name", true);
        assert_eq!(
            (story.url, story.markdown.as_str()),
            (None, "# [Title](javascript:x)\nText")
        );
    }

    #[test]
    fn escapes_decoded_in_a_title_are_cleaned() {
        let story = read("# A&#27;[31m&#x202e;b&#x9b;\n".to_owned(), "name", true);
        assert_eq!(story.title, "A[31m\u{fffd}b");
    }

    #[test]
    fn a_title_too_long_to_show_stays_in_the_body() {
        let text = format!("# {}\n", "long ".repeat(1_000));
        assert_eq!(read(text.clone(), "name", true).markdown, text);
    }

    #[test]
    fn markdown_is_told_from_text() {
        for text in [
            "---\ntitle: x\n---\n",
            "# Title\n\nText",
            "Text with [a link](http://x.org) and\n\n**bold words** in it",
            "Text\n\n```\ncode\n```\n",
            "Intro\n\n## One\n\nText\n\n## Two\n",
        ] {
            assert!(is_likely(text), "{text:?}");
        }
        for text in [
            "",
            "Plain text.\n\nMore of it, 2 * 3 * 4.",
            "# comment\nkey = value\n# comment\n",
            "#!/bin/sh\n# a script\necho hi\n",
            "Headline\n\n  • Published on\n    February 28, 2019\n",
            "- one\n- two\n- three\n",
            "> quoted mail\n",
            "snake_case and __init__ and *starred*",
        ] {
            assert!(!is_likely(text), "{text:?}");
        }
    }

    #[test]
    fn pathological_markdown_is_read_in_time() {
        let start = std::time::Instant::now();
        for text in [
            format!("# {}", "[".repeat(200_000)),
            format!("# {}", "*a **a ".repeat(50_000)),
            format!("{}a\n===", "> ".repeat(100_000)),
            format!("x\n\n{}", "# `".repeat(100_000)),
            "a\n".repeat(300_000),
            "===\n".repeat(300_000),
            "#\n".repeat(300_000),
            format!("{}\n", "<!-- -->\n".repeat(100_000)),
        ] {
            read(text.clone(), "name", true);
        }
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }

    proptest! {
        #[test]
        fn no_letter_is_lost(text in "([#=>`*_\\[\\]()! -]{0,3}[a-d]{0,3}\n{0,2}){0,12}") {
            let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            let story = read(text.clone(), "", true);
            let got = letters(&story.markdown);
            prop_assert!(got == letters(&text) || letters(&story.title) + &got == letters(&text), "{story:?}");
        }
    }
}
