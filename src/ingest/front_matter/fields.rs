//! What the names in front matter mean.

use super::node::{Map, Node, Problem, Value};
use super::values::{
    authors, date, language, list, picture, relative_address, scalar, tags, text, web_address,
};
use crate::story::{Picture, Published};

/// What front matter can say of a story. Everything is clean.
#[derive(Debug, Default, PartialEq)]
pub struct Fields {
    /// `title`.
    pub title: Option<String>,
    /// `authors`, `author`, `byline`.
    pub authors: Vec<String>,
    /// `published`, `date`, `pubDate`, `created`.
    pub published: Option<Published>,
    /// `updated`, `lastmod`, `modified`.
    pub updated: Option<Published>,
    /// `categories`, `category`.
    pub categories: Vec<String>,
    /// `tags`, `keywords`.
    pub tags: Vec<String>,
    /// `url`, `link`, `source`, `canonical`: the first that is an address on the web, else the first
    /// that is one relative to it.
    pub url: Option<String>,
    /// `id`, `guid`.
    pub id: Option<String>,
    /// `image`, `cover`, `hero`.
    pub lead_image: Option<Picture>,
    /// `description`, `summary`, `excerpt`.
    pub summary: Option<String>,
    /// `lang`, `language`.
    pub language: Option<String>,
}

// The names of each field, best first; upper case, dashes and underscores do not matter.
const TITLE: &[&str] = &["title"];
const AUTHORS: &[&str] = &["authors", "author", "byline"];
// Clippers write the page's date as published and their own as created.
const PUBLISHED: &[&str] = &["published", "date", "pubdate", "publishdate", "created"];
const UPDATED: &[&str] = &["updated", "lastmod", "modified", "updateddate"];
const CATEGORIES: &[&str] = &["categories", "category"];
const TAGS: &[&str] = &["tags", "tag"];
const KEYWORDS: &[&str] = &["keywords"];
const URL: &[&str] = &["url", "link", "source", "canonical", "canonicalurl"];
const ID: &[&str] = &["id", "guid"];
const IMAGE: &[&str] = &[
    "image",
    "cover",
    "hero",
    "heroimage",
    "featuredimage",
    "images",
];
const IMAGE_ALT: &[&str] = &["imagealt", "coveralt", "heroalt", "heroimagealt"];
const SUMMARY: &[&str] = &["description", "summary", "excerpt"];
const LANGUAGE: &[&str] = &["language", "lang"];
/// Known, and without a field of their own.
const KNOWN: &[&str] = &[
    "draft",
    "layout",
    "slug",
    "aliases",
    "weight",
    "permalink",
    "type",
];
/// Tables that hold further fields: Zola's, and Hugo's.
const TABLES: &[&str] = &["taxonomies", "extra", "params"];

/// Reads the fields; whether any name was known; and what was wrong.
pub fn read(map: &Map) -> (Fields, bool, Vec<Problem>) {
    let mut scopes = vec![map];
    for (name, node) in map {
        if let Value::Map(inner) = &node.value
            && is_one_of(name, TABLES)
        {
            scopes.push(inner);
        }
    }
    let mut reader = Reader {
        scopes,
        known: false,
        problems: Vec::new(),
    };
    reader.known = map
        .iter()
        .any(|(name, _)| is_one_of(name, KNOWN) || is_one_of(name, TABLES));
    let alt = reader.first(IMAGE_ALT, text);
    let mut fields = Fields {
        title: reader.first(TITLE, text),
        authors: reader.first(AUTHORS, authors).unwrap_or_default(),
        published: reader.first(PUBLISHED, date),
        updated: reader.first(UPDATED, date),
        categories: reader
            .first(CATEGORIES, |node| list(node, &[',', ';']))
            .unwrap_or_default(),
        tags: reader.first(TAGS, tags).unwrap_or_default(),
        url: reader
            .first(URL, |node| Ok(scalar(node).and_then(web_address)))
            .or_else(|| reader.first(URL, |node| Ok(scalar(node).and_then(relative_address)))),
        id: reader.first(ID, text),
        lead_image: reader.first(IMAGE, |node| Ok(picture(node))),
        summary: reader.first(SUMMARY, text),
        language: reader.first(LANGUAGE, language),
    };
    if fields.tags.is_empty() {
        fields.tags = reader
            .first(KEYWORDS, |node| list(node, &[',', ';']))
            .unwrap_or_default();
    }
    if let (Some(picture), Some(alt)) = (&mut fields.lead_image, alt)
        && picture.alt.is_empty()
    {
        picture.alt = alt;
    }
    reader.twice();
    (fields, reader.known, reader.problems)
}

struct Reader<'a> {
    scopes: Vec<&'a Map>,
    known: bool,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// The value of the first of the names that has one; of a name given twice, the last.
    fn first<T>(
        &mut self,
        names: &[&str],
        read: impl Fn(&Node) -> Result<Option<T>, String>,
    ) -> Option<T> {
        for name in names {
            for scope in &self.scopes {
                for (given, node) in scope.iter().rev().filter(|(given, _)| is(given, name)) {
                    self.known = true;
                    match read(node) {
                        Ok(Some(value)) => return Some(value),
                        Ok(None) => {}
                        Err(what) => {
                            let what = format!("{given}: {what}");
                            self.problems
                                .push(Problem::at(node.line.unwrap_or(0), what));
                        }
                    }
                }
            }
        }
        None
    }

    /// Warns of names that are given twice in the same place.
    fn twice(&mut self) {
        for scope in &self.scopes {
            let mut names: Vec<(&str, usize, usize)> = scope
                .iter()
                .enumerate()
                .map(|(n, (name, node))| (name.as_str(), n, node.line.unwrap_or(0)))
                .collect();
            names.sort_unstable();
            let mut repeated: Vec<(&str, usize)> = names
                .windows(2)
                .filter_map(|pair| match pair {
                    [(first, ..), (second, _, line)] if first == second => Some((*second, *line)),
                    _ => None,
                })
                .collect();
            repeated.dedup_by_key(|(name, _)| *name);
            for (name, line) in repeated.into_iter().take(3) {
                let what = format!("{name} is given twice and the last was taken; remove one");
                self.problems.push(Problem::at(line, what));
            }
        }
    }
}

/// Whether a name as given is this one (lower-case letters and digits only).
pub fn is(given: &str, name: &str) -> bool {
    let mut given = given.bytes().filter(|b| !matches!(b, b'-' | b'_' | b' '));
    name.bytes()
        .all(|b| given.next().is_some_and(|g| g.eq_ignore_ascii_case(&b)))
        && given.next().is_none()
}

fn is_one_of(given: &str, names: &[&str]) -> bool {
    names.iter().any(|name| is(given, name))
}
