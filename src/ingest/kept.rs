//! Links that other programs kept: what Pocket, Instapaper, wallabag, Omnivore, Readeck, Raindrop and browsers
//! export, in their own formats. Each becomes a [`Link`]; what to do with it is not decided here.
//!
//! A file says itself what it is: by its columns, by the members of its objects, by its markup.

mod bookmarks;
mod json;
mod table;

use jiff::Timestamp;

pub use super::subscription::Refused;
use super::{dates, html};
use crate::story::{Kind, Published, Story, clean, escape, link};

/// Longer addresses, in bytes, are none.
const LONGEST: usize = 4096;

/// What a note on a link stands under.
const NOTE: &str = "Note";

/// What marked passages stand under that are in no text yet.
pub const HIGHLIGHTS: &str = "Highlights";

/// A link that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Its address, of the web.
    pub address: String,
    /// Its title; empty where nobody says.
    pub title: String,
    /// When it was kept.
    pub added: Option<Timestamp>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The reader's tags.
    pub tags: Vec<String>,
    /// The folder it lay in.
    pub folder: Option<String>,
    /// Whether that is how the reader sorted it.
    pub is_filed: bool,
    /// Whether it was read, or archived.
    pub read: bool,
    /// Whether it was a favourite.
    pub starred: bool,
    /// What it is about.
    pub summary: Option<String>,
    /// What the reader wrote about it.
    pub note: Option<String>,
    /// Passages that the reader marked, each with what was written about it.
    pub highlights: Vec<(String, String)>,
    /// Its text, as HTML, where the program kept that.
    pub html: Option<String>,
    /// The language of the text.
    pub language: Option<String>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Export {
    /// Which program wrote it.
    pub by: &'static str,
    /// The links, in its order.
    pub links: Vec<Link>,
    /// What cannot come in.
    pub refused: Vec<Refused>,
    /// How many bookmarks are commands of a browser (`javascript:`) and lead nowhere.
    pub commands: usize,
}

impl Export {
    /// Takes a link, or says why it is none. `line` is where it stands.
    fn take(&mut self, mut link: Link, line: Option<usize>) {
        link.title = clean::line(&link.title);
        let address = clean::line(&link.address);
        // However it is written, a browser takes it for one.
        let scheme = address.split(':').next().unwrap_or_default().trim();
        if scheme.eq_ignore_ascii_case("javascript") {
            self.commands += 1;
            return;
        }
        let known = url::Url::parse(&address).ok();
        let is_web =
            known.is_some_and(|it| matches!(it.scheme(), "http" | "https") && it.has_host());
        if !is_web || address.len() > LONGEST {
            let name = if link.title.is_empty() {
                &address
            } else {
                &link.title
            };
            let shown: String = name.chars().take(80).collect();
            let reason = match address.is_empty() {
                true => "it has no address".to_owned(),
                false if address.len() > LONGEST => {
                    format!("its address has more than {LONGEST} bytes")
                }
                false => "its address is none of the web (http or https)".to_owned(),
            };
            let name = if shown.is_empty() {
                "a link".to_owned()
            } else {
                shown
            };
            return self.refused.push(Refused {
                name,
                reason,
                line,
                wrong: true,
            });
        }
        link.address = address;
        // Some programs call what has no title by its address.
        if link.title == link.address {
            link.title.clear();
        }
        let tags = std::mem::take(&mut link.tags);
        for tag in tags.iter().map(|it| clean::line(it)) {
            if !tag.is_empty() && !link.tags.contains(&tag) {
                link.tags.push(tag);
            }
        }
        link.folder = link
            .folder
            .map(|it| clean::line(&it))
            .filter(|it| !it.is_empty());
        self.links.push(link);
    }
}

/// Reads an export; none if it is none that is known. Where the text of a link lies in a file of its own,
/// `beside` has it, by its name.
pub fn read(bytes: &[u8], beside: &dyn Fn(&str) -> Option<Vec<u8>>) -> Option<Export> {
    let text = super::decode::text(bytes, true);
    let text = text.trim_start();
    match text.chars().next()? {
        '[' => json::read(text, beside),
        '<' => bookmarks::read(text),
        _ => table::read(text),
    }
}

impl Link {
    /// What it is known by in a library.
    pub fn key(&self) -> Option<String> {
        link::canonical(&self.address)
    }

    /// The reader's tags, with the folder that it lay in: where things lie is how they were found.
    pub fn all_tags(&self) -> Vec<String> {
        let mut all = self.tags.clone();
        let folder = self.folder.iter().filter(|_| self.is_filed);
        all.extend(folder.filter(|it| !self.tags.contains(it)).cloned());
        all
    }

    /// It as a story: with its text, or as a link whose text is still to be had.
    pub fn story(&self) -> Story {
        let base = url::Url::parse(&self.address).ok();
        let text = self
            .html
            .as_deref()
            .map(|it| html::to_markdown(it, base.as_ref()));
        let text = text.filter(|it| !it.trim().is_empty());
        let title = match self.title.is_empty() {
            true => self.address.clone(),
            false => self.title.clone(),
        };
        let as_link = || {
            format!(
                "[{}](<{}>)",
                escape::markdown(&title),
                self.address.replace(['<', '>'], "")
            )
        };
        let mut markdown = text.unwrap_or_else(as_link);
        let mut yours = None;
        if let Some(note) = &self.note {
            let note = escape::markdown(clean::text(note).trim());
            markdown.push_str(&format!("\n\n## {NOTE}\n\n{note}"));
            yours = Some(NOTE);
        }
        if !self.highlights.is_empty() {
            markdown.push_str(&format!("\n\n## {HIGHLIGHTS}"));
            yours = yours.or(Some(HIGHLIGHTS));
        }
        for (passage, note) in &self.highlights {
            let passage = clean::text(passage);
            let passage = escape::markdown(passage.trim());
            markdown.push_str(&format!("\n\n> {}", passage.replace('\n', "\n> ")));
            let note = clean::text(note);
            if !note.trim().is_empty() {
                markdown.push_str(&format!("\n\n{}", escape::markdown(note.trim())));
            }
        }
        markdown.push('\n');
        let mut story = Story::new(Kind::Markdown, title, markdown);
        story.url = Some(self.address.clone());
        story.yours = yours.map(str::to_owned);
        story.authors.clone_from(&self.authors);
        story.published = self.published;
        story
            .categories
            .extend(self.folder.clone().filter(|_| !self.is_filed));
        story.summary = self
            .summary
            .as_ref()
            .map(|it| clean::line(it))
            .filter(|it| !it.is_empty());
        story.language.clone_from(&self.language);
        story
    }

    /// Whether its text came with it.
    pub fn has_text(&self) -> bool {
        self.html.as_deref().is_some_and(|it| !it.trim().is_empty())
    }
}

/// A moment, as seconds since 1970 or written out.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        // Some count finer: no link was kept after the year 5000.
        let seconds = match number.unsigned_abs() {
            0..100_000_000_000 => number,
            100_000_000_000..100_000_000_000_000 => number / 1000,
            _ => number / 1_000_000,
        };
        return Timestamp::from_second(seconds).ok().filter(|_| seconds > 0);
    }
    match dates::of_feed(text)? {
        Published::At(at) => Some(at),
        day => Timestamp::from_second(day.seconds()).ok(),
    }
}

/// Tags in one text, parted by any of these.
fn tags(text: &str, by: &[char]) -> Vec<String> {
    text.split(by)
        .map(|it| it.trim().to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

#[cfg(test)]
mod tests;
