//! The list of a book's files and what is said of the book (EPUB 3.3, 5; OPF 2.0.1).

use std::collections::HashMap;

use jiff::civil::Date;

use super::{
    path::{folder, has_scheme, joined},
    xml::{self, Event},
};
use crate::{
    ingest::{dates, feed::text::visible},
    story::{Published, clean, link::decode_percent},
};

/// More files than these no book has, nor so many of anything else.
const MOST: usize = 50_000;

/// A longer description is no standfirst, in letters.
const LONGEST_SUMMARY: usize = 2_000;

/// A file of a book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Its path within the book.
    pub path: String,
    /// Its media type, in small letters.
    pub media: String,
    pub properties: String,
}

impl Item {
    fn has(&self, property: &str) -> bool {
        self.properties.split_whitespace().any(|it| it == property)
    }

    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        self.media.contains("html") || self.media.contains("dtbook") || {
            let path = self.path.to_ascii_lowercase();
            [".xhtml", ".html", ".htm"]
                .iter()
                .any(|it| path.ends_with(it))
        }
    }

    /// Whether it is a picture.
    pub fn is_picture(&self) -> bool {
        self.media.starts_with("image/")
    }
}

/// What a book says of itself.
#[derive(Debug, Default)]
pub struct Package {
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub language: Option<String>,
    pub published: Option<Published>,
    pub identifier: Option<String>,
    pub summary: Option<String>,
    pub subjects: Vec<String>,
    /// Its files by the names that the list has for them.
    pub items: HashMap<String, Item>,
    /// The paths of what is to be read, in order.
    pub order: Vec<String>,
    /// The path of its cover.
    pub cover: Option<String>,
    /// The paths of its contents: a page (EPUB 3), and an older kind of list.
    pub nav: Option<String>,
    pub ncx: Option<String>,
}

/// A title or a person, before what refines it is known.
struct Said {
    id: Option<String>,
    text: String,
    role: Option<String>,
}

/// Reads the list that lies at `path`.
pub fn read(source: &str, path: &str) -> Package {
    let mut package = Package::default();
    let here = folder(path);
    let (mut titles, mut people): (Vec<Said>, Vec<Said>) = (Vec::new(), Vec::new());
    let mut refined: Vec<(String, String, String)> = Vec::new();
    let mut dated: Vec<(Option<String>, String)> = Vec::new();
    let (mut spine, mut toc, mut cover_id, mut guide) = (Vec::new(), None, None, None);
    xml::each(source, |event| {
        let Event::Begin(element) = event else {
            return;
        };
        let said = |role: Option<String>| Said {
            id: element.attribute("id"),
            text: element.text(),
            role,
        };
        let set = |to: &mut Option<String>, text: String| {
            if to.is_none() && !text.is_empty() {
                *to = Some(text);
            }
        };
        match element.name {
            "title" if titles.len() < MOST => titles.push(said(None)),
            "creator" if people.len() < MOST => people.push(said(element.attribute("role"))),
            "language" => set(&mut package.language, element.text()),
            "identifier" => set(&mut package.identifier, element.text()),
            "date" => dated.push((element.attribute("event"), element.text())),
            "description" => set(&mut package.summary, summary(&element.source())),
            "subject" if package.subjects.len() < MOST => {
                let subject = element.text();
                if !subject.is_empty() && !package.subjects.contains(&subject) {
                    package.subjects.push(subject);
                }
            }
            "meta" => {
                if let (Some(of), Some(property)) =
                    (element.attribute("refines"), element.attribute("property"))
                {
                    let of = of.trim_start_matches('#').to_owned();
                    refined.push((of, property, element.text()));
                } else if element.attribute("name").as_deref() == Some("cover") {
                    cover_id = element.attribute("content");
                }
            }
            "item" if package.items.len() < MOST => {
                let (Some(id), Some(href)) = (element.attribute("id"), element.attribute("href"))
                else {
                    return;
                };
                if has_scheme(&href) {
                    return;
                }
                let href = href.split('#').next().unwrap_or_default();
                let item = Item {
                    path: joined(here, &decode_percent(href)),
                    media: element
                        .attribute("media-type")
                        .unwrap_or_default()
                        .to_ascii_lowercase(),
                    properties: element.attribute("properties").unwrap_or_default(),
                };
                package.items.entry(id).or_insert(item);
            }
            "spine" => toc = element.attribute("toc"),
            "itemref" if spine.len() < MOST => spine.extend(element.attribute("idref")),
            "reference" => {
                let kind = element.attribute("type").unwrap_or_default();
                if kind.eq_ignore_ascii_case("cover") {
                    guide = element.attribute("href");
                }
            }
            _ => {}
        }
    });
    let refines = |said: &Said, wanted: &str| {
        let id = said.id.as_deref()?;
        let found = refined
            .iter()
            .find(|(of, property, _)| of == id && property == wanted);
        found.map(|(_, _, text)| text.clone())
    };
    titles.retain(|it| !it.text.is_empty());
    let main = titles
        .iter()
        .position(|it| refines(it, "title-type").as_deref() == Some("main"));
    package.title = titles.get(main.unwrap_or(0)).map(|it| it.text.clone());
    for person in people.iter().filter(|it| !it.text.is_empty()) {
        let role = person.role.clone().or_else(|| refines(person, "role"));
        let writes = role.is_none_or(|it| matches!(&*it, "aut" | "edt" | ""));
        if writes && !package.authors.contains(&person.text) {
            package.authors.push(person.text.clone());
        }
    }
    // Better somebody than nobody.
    if package.authors.is_empty() {
        package.authors.extend(
            people
                .into_iter()
                .map(|it| it.text)
                .find(|it| !it.is_empty()),
        );
    }
    let changed = |event: &Option<String>| event.as_deref() == Some("modification");
    let first = dated
        .iter()
        .find(|(event, _)| event.as_deref() == Some("publication"));
    let first = first.or_else(|| dated.iter().find(|(event, _)| !changed(event)));
    package.published = first.and_then(|(_, text)| date(text));
    package.finish(
        &spine,
        toc,
        cover_id,
        guide.map(|it| joined(here, &decode_percent(&it))),
    );
    package
}

impl Package {
    fn finish(
        &mut self,
        spine: &[String],
        toc: Option<String>,
        cover: Option<String>,
        guide: Option<String>,
    ) {
        let path_of = |id: &String| self.items.get(id).map(|it| it.path.clone());
        self.order = spine.iter().filter_map(path_of).collect();
        let mut met = std::collections::HashSet::new();
        self.order.retain(|path| met.insert(path.clone()));
        let with = |has: &dyn Fn(&Item) -> bool| {
            let mut found: Vec<&Item> = self.items.values().filter(|it| has(it)).collect();
            found.sort_by(|a, b| a.path.cmp(&b.path));
            found.first().map(|it| it.path.clone())
        };
        self.nav = with(&|it| it.has("nav"));
        let named = toc.as_ref().and_then(path_of);
        self.ncx = named.or_else(|| with(&|it| it.media.contains("dtbncx")));
        let is_picture = |path: &String| {
            self.items
                .values()
                .any(|it| it.path == *path && it.is_picture())
        };
        let called = |it: &Item| it.is_picture() && it.path.to_ascii_lowercase().contains("cover");
        self.cover = with(&|it| it.has("cover-image") && it.is_picture())
            .or_else(|| cover.as_ref().and_then(path_of).filter(is_picture))
            // Some name the file itself.
            .or_else(|| {
                cover.and_then(|name| with(&|it| it.is_picture() && it.path.ends_with(&name)))
            })
            .or_else(|| guide.filter(is_picture))
            .or_else(|| with(&called));
    }
}

/// Where the list of files lies, by what says so (OCF 3.3, 4.2.6.3.1).
pub fn rootfile(container: &str) -> Option<String> {
    let mut found = None;
    xml::each(container, |event| {
        if let Event::Begin(element) = event
            && element.name == "rootfile"
            && found.is_none()
        {
            found = element
                .attribute("full-path")
                .map(|it| joined("", &decode_percent(&it)));
        }
    });
    found
}

/// The paths of what is encrypted. Fonts that are only made useless elsewhere are not among them.
pub fn encrypted(source: &str) -> Vec<String> {
    const FONTS: [&str; 2] = ["idpf.org/2008/embedding", "ns.adobe.com/pdf/enc#RC"];
    let mut found = Vec::new();
    let mut font = false;
    xml::each(source, |event| {
        let Event::Begin(element) = event else {
            return;
        };
        match element.name {
            "EncryptedData" => font = false,
            "EncryptionMethod" => {
                let algorithm = element.attribute("Algorithm").unwrap_or_default();
                font |= FONTS.iter().any(|it| algorithm.contains(it));
            }
            "CipherReference" if !font && found.len() < MOST => {
                let path = element.attribute("URI").unwrap_or_default();
                found.push(joined("", &decode_percent(&path)));
            }
            _ => {}
        }
    });
    found
}

/// The words of a description, which may be HTML.
fn summary(source: &str) -> String {
    let words = visible(source);
    let words = if words.contains("</") {
        visible(&words)
    } else {
        words
    };
    let words = clean::line(&words);
    let end = words.char_indices().nth(LONGEST_SUMMARY).map(|(at, _)| at);
    match end {
        Some(end) => format!("{}…", words.get(..end).unwrap_or_default().trim_end()),
        None => words,
    }
}

/// A date as books have it (W3CDTF): of many nothing but the year is told.
fn date(text: &str) -> Option<Published> {
    let text = text.trim();
    let parts: Vec<i16> = text.split('-').filter_map(|it| it.parse().ok()).collect();
    match parts[..] {
        [year] if text.len() == 4 => Date::new(year, 1, 1).ok().map(Published::Day),
        [year, month] if text.len() == 7 => Date::new(year, i8::try_from(month).ok()?, 1)
            .ok()
            .map(Published::Day),
        // What nobody filled in.
        [1 | 101, ..] => None,
        _ => dates::parse(text),
    }
}
