//! Stories of a feed's entries.

use url::Url;

use super::{Content, Entry, Feed};
use crate::{
    ingest::html,
    story::{self, Kind, Story, escape, words},
};

/// A title that is made of an entry's words has so many at most.
const TITLE_WORDS: usize = 12;

impl Content {
    /// The text as Markdown: HTML converted, plain text escaped. What is relative in it is resolved
    /// against its own base, else against `page`.
    pub fn markdown(&self, page: Option<&str>) -> String {
        if !self.is_html {
            return plain(&self.text);
        }
        let page = page.and_then(|it| Url::parse(it).ok());
        let base = self.base.as_deref().and_then(|it| Url::parse(it).ok());
        html::to_markdown(&self.text, base.or(page).as_ref())
    }
}

impl Entry {
    /// The story that this entry is. `page` is what addresses are relative to where the entry names no
    /// page: the feed's.
    pub fn story(&self, page: Option<&str>) -> Story {
        let page = self.link.as_deref().or(page);
        let markdown = self.content.as_ref().map(|it| it.markdown(page));
        let markdown = markdown.unwrap_or_default();
        let summary = self.summary.as_ref().map(|it| it.markdown(page));
        let title = self.called(|| title_of(&markdown));
        let mut story = self.about(title);
        story.summary = summary.map(|it| one_line(&it)).filter(|it| !it.is_empty());
        story.markdown = markdown;
        story
    }

    /// The same without the body, for a list, and how many words that has, nearly: HTML is not taken apart.
    pub fn head(&self, page: Option<&str>) -> (Story, usize) {
        let page = self.link.as_deref().or(page);
        let content = self.content.as_ref();
        let title = self.called(|| title_of(&content?.markdown(page)));
        let counted = content.map_or(0, |content| match content.is_html {
            true => words(&without_tags(&content.text)),
            false => words(&content.text),
        });
        (self.about(title), counted)
    }

    /// Its title, else its first words, else its address.
    fn called(&self, first_words: impl FnOnce() -> Option<String>) -> String {
        if !self.title.is_empty() {
            return self.title.clone();
        }
        first_words()
            .or_else(|| self.link.clone())
            .unwrap_or_else(|| "Untitled".to_owned())
    }

    /// All that is known of it but its texts.
    fn about(&self, title: String) -> Story {
        let mut story = Story::new(Kind::Feed, title, String::new());
        story.title_given = !self.title.is_empty();
        story.authors.clone_from(&self.authors);
        story.published = self.published;
        story.updated = self.updated;
        story.categories.clone_from(&self.categories);
        story.url.clone_from(&self.link);
        story.id.clone_from(&self.id);
        story.lead_image.clone_from(&self.lead_image);
        story.language.clone_from(&self.language);
        story.comments_count = self.comments_count;
        story.comments_url.clone_from(&self.comments_url);
        story
    }
}

impl Feed {
    /// The stories of all entries, in the order given.
    pub fn stories(&self) -> impl Iterator<Item = Story> {
        self.entries.iter().map(|entry| {
            let mut story = entry.story(self.link.as_deref());
            if story.language.is_none() {
                story.language.clone_from(&self.language);
            }
            story
        })
    }

    /// All entries as one story, one after the other under their titles: a feed that is opened as a file.
    pub fn as_story(&self, name: &str) -> Story {
        let markdown = in_a_row(self.stories());
        let given = !self.title.is_empty();
        let title = if given { &self.title } else { name };
        let mut story = Story::new(Kind::Feed, title, markdown);
        story.title_given = given;
        story.authors.clone_from(&self.authors);
        story.published = self.updated;
        story.published = story
            .published
            .or_else(|| self.entries.iter().find_map(|it| it.published));
        story.url.clone_from(&self.link);
        story.summary.clone_from(&self.description);
        story.language.clone_from(&self.language);
        if self.entries.is_empty() {
            story.warnings.push("This feed has no entries.".to_owned());
        }
        story
    }
}

/// Stories as one text, one after the other under their titles.
pub(in crate::ingest) fn in_a_row(stories: impl Iterator<Item = Story>) -> String {
    let mut markdown = String::new();
    for story in stories {
        let mut title = String::new();
        escape::inline(&story.title, &mut title);
        // Signs and braces at the end of a heading are not its words.
        if title.ends_with(['#', '}']) {
            title.push_str("&#8203;");
        }
        let title = match &story.url {
            Some(url) if !url.contains([' ', '(', ')', '<', '>']) => {
                format!("[{title}]({url})")
            }
            _ => title,
        };
        markdown.push_str(&format!("# {title}\n\n"));
        let mut about = Vec::new();
        if !story.authors.is_empty() {
            about.push(escape::markdown(&story.authors.join(", ")));
        }
        if let Some(at) = story.published {
            about.push(story::long(at, &jiff::tz::TimeZone::UTC));
        }
        if !about.is_empty() {
            markdown.push_str(&format!("*{}*\n\n", about.join(" · ")));
        }
        markdown.push_str(story.markdown.trim());
        markdown.push_str("\n\n");
    }
    markdown
}

/// Plain text as Markdown. Its lines stay lines, but for those that were broken to fit a page.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.trim().lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let rest = escape::opening(line, &mut out);
        escape::inline(rest, &mut out);
        let Some(next) = lines.peek() else {
            break;
        };
        let length = line.chars().count();
        let wrapped = (55..=85).contains(&length) && next.starts_with(|c: char| c.is_lowercase());
        if !line.is_empty() && !next.is_empty() && !wrapped {
            out.push('\\');
        }
        out.push('\n');
    }
    out
}

/// What stands between the tags of HTML, as far as words are to be counted.
pub(in crate::ingest) fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let inside = &rest[at..];
        let opens = inside[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!".contains(c));
        rest = match inside.find('>') {
            Some(end) if opens => &inside[end + 1..],
            _ => {
                text.push('<');
                &inside[1..]
            }
        };
        if opens {
            text.push(' ');
        }
    }
    text.push_str(rest);
    text
}

/// The first words of a text, for a title.
fn title_of(markdown: &str) -> Option<String> {
    let first = markdown.lines().find(|line| words(line) > 0)?;
    let text = one_line(first);
    let mut taken: Vec<&str> = text.split(' ').take(TITLE_WORDS + 1).collect();
    if taken.len() > TITLE_WORDS {
        taken.truncate(TITLE_WORDS);
        return Some(format!("{}…", taken.join(" ")));
    }
    Some(taken.join(" ")).filter(|it| !it.is_empty())
}

/// The words of Markdown, on one line.
fn one_line(markdown: &str) -> String {
    use pulldown_cmark::{Event, Parser};
    let mut out = String::new();
    for event in Parser::new_ext(
        &story::markdown::settled(markdown),
        story::markdown::extensions(),
    ) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => out.push(' '),
            _ => {}
        }
        if out.len() > 4000 {
            break;
        }
    }
    story::clean::line(&out)
}
