//! An entry under way: what its elements said, until all of it is known.

use super::{Content, Enclosure, Entry, people::Person, text};
use crate::{
    ingest::byline,
    story::{Picture, Published, clean},
};

/// Files and pictures of one entry, at most.
const MOST_FILES: usize = 100;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aimed {
    /// The entry's page.
    Alternate,
    /// The entry in another form.
    Other,
}

#[derive(Debug, Default)]
pub(super) struct Draft {
    pub entry: Entry,
    pub contents: Vec<Content>,
    pub descriptions: Vec<Content>,
    pub asides: Vec<Content>,
    captions: Vec<Content>,
    pub people: Vec<Person>,
    pub hosts: Vec<Person>,
    pub created: Option<Published>,
    pub other_title: Option<String>,
    pub other_link: Option<String>,
    /// The identifier, where it may serve as a link.
    pub id_as_link: Option<String>,
    pub seconds: Option<u32>,
    picture_width: u64,
}

impl Draft {
    pub(super) fn link(&mut self, href: String, aimed: Aimed) {
        match aimed {
            Aimed::Alternate => self.entry.link = Some(href),
            Aimed::Other => self.other_link = Some(href),
        }
    }

    /// Takes a file; a picture that is no `enclosure` may be the one that stands for the entry.
    pub(super) fn file(&mut self, file: Enclosure, enclosure: bool, width: Option<u64>) {
        let kind = file.media_type.as_deref().unwrap_or_default();
        let path = file.url.split(['?', '#']).next().unwrap_or_default();
        let path = path.to_ascii_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|it| path.ends_with(it));
        let is_picture = kind.starts_with("image")
            || (!kind.contains('/') && ends(&[".jpg", ".jpeg", ".png", ".gif", ".webp"]));
        if is_picture {
            self.picture(file.url.clone(), width);
        }
        let is_played = kind.starts_with("audio") || kind.starts_with("video");
        let known = self.entry.enclosures.iter().any(|it| it.url == file.url);
        if (enclosure || is_played) && !known && self.entry.enclosures.len() < MOST_FILES {
            self.entry.enclosures.push(file);
        }
    }

    /// A picture that may stand for the entry: of several the widest, else the first.
    pub(super) fn picture(&mut self, src: String, width: Option<u64>) {
        // Blogs send the face of who wrote it along.
        if src.contains("gravatar.com/avatar") {
            return;
        }
        let width = width.unwrap_or(0);
        if self.entry.lead_image.is_none() || width > self.picture_width {
            let alt = String::new();
            self.entry.lead_image = Some(Picture { src, alt });
            self.picture_width = width;
        }
    }

    /// Takes what a file of the entry at an address says of itself: of a picture, what it shows.
    pub(super) fn caption(&mut self, caption: Content, address: Option<&str>) {
        if let Some(picture) = &mut self.entry.lead_image
            && address == Some(picture.src.as_str())
        {
            let said = match caption.is_html {
                true => text::visible(&caption.text),
                false => caption.text.clone(),
            };
            picture.alt = clean::line(&said);
        }
        self.captions.push(caption);
    }

    pub(super) fn finish(self) -> Entry {
        let Draft {
            mut entry,
            contents,
            descriptions,
            asides,
            captions,
            people,
            hosts,
            ..
        } = self;
        let said = contents.len() + descriptions.len() + asides.len() > 0;
        let asides = if said { asides } else { captions };
        let (content, summary) = texts(contents, descriptions, asides);
        entry.content = content;
        entry.summary = summary;
        let is_on_the_web = |it: &String| {
            it.get(..4)
                .is_some_and(|it| it.eq_ignore_ascii_case("http"))
        };
        entry.link = entry.link.or(self.other_link);
        entry.link = entry.link.or(self.id_as_link.filter(is_on_the_web));
        entry.published = entry.published.or(self.created).or(entry.updated);
        if entry.title.is_empty() {
            entry.title = self.other_title.unwrap_or_default();
        }
        let people = if people.is_empty() { hosts } else { people };
        for person in &people {
            let Some(shown) = person.shown() else {
                continue;
            };
            // Some name all who wrote it in one element.
            for shown in byline::people(&clean::line(shown)) {
                if !entry.authors.contains(&shown) {
                    entry.authors.push(shown);
                }
            }
            entry.author = person.whole().map(|it| clean::line(&it));
        }
        if let [file] = &mut entry.enclosures[..] {
            file.seconds = file.seconds.or(self.seconds);
        }
        entry
    }
}

/// Whether a text has words, pictures or players.
fn shows(content: &Content) -> bool {
    const SHOWN: [&str; 7] = ["img", "video", "audio", "iframe", "embed", "object", "hr"];
    if !content.is_html {
        return !content.text.is_empty();
    }
    let mut rest = content.text.as_str();
    loop {
        let Some(inside) = rest.trim_start().strip_prefix('<') else {
            let words = rest.trim_start();
            // A space that does not break is what editors leave in an empty paragraph.
            let space = ["&nbsp;", "&#160;", "&#xa0;", "\u{a0}"];
            match space.iter().find_map(|it| words.strip_prefix(it)) {
                Some(after) => rest = after,
                None => return !words.is_empty(),
            }
            continue;
        };
        let shown = |name: &&str| {
            inside
                .get(..name.len())
                .is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        let Some((_, after)) = inside.split_once('>') else {
            return true;
        };
        if SHOWN.iter().any(shown) {
            return true;
        }
        rest = after;
    }
}

/// Which text is all of the entry, and which says what it is about.
fn texts(
    contents: Vec<Content>,
    descriptions: Vec<Content>,
    asides: Vec<Content>,
) -> (Option<Content>, Option<Content>) {
    let mut summaries = descriptions;
    // A content in which nothing shows is none, where anything else is.
    let readable = contents.iter().position(shows);
    let other = summaries.iter().chain(&asides).any(shows);
    let mut contents = contents.into_iter().skip(readable.unwrap_or(0));
    let content = contents.next().filter(|_| readable.is_some() || !other);
    let content = match content {
        Some(content) => content,
        None => {
            summaries.extend(asides);
            let length = |it: &Content| it.text.len();
            let Some(longest) = summaries.iter().map(length).max() else {
                return (None, None);
            };
            let at = summaries.iter().position(|it| length(it) == longest);
            summaries.remove(at.unwrap_or(0))
        }
    };
    let summary = summaries.into_iter().find(|it| it.text != content.text);
    (Some(content), summary)
}
