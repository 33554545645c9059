//! What the names in front matter mean.

use super::node::{Map, Node, Problem, Value};
use crate::ingest::{byline, dates};
use crate::story::{Picture, Published, clean};

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
    /// `url`, `link`, `source`, `canonical`: the first that is an address on the web.
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

/// The longest address that is believed.
const ADDRESS: usize = 4096;
/// The most entries of a list that are read.
const ENTRIES: usize = 500;

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
        url: reader.first(URL, |node| Ok(scalar(node).and_then(web_address))),
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
            let repeated = names.windows(2).filter_map(|pair| match pair {
                [(first, ..), (second, _, line)] if first == second => Some((*second, *line)),
                _ => None,
            });
            for (name, line) in repeated.take(3) {
                let what = format!("{name} is given twice and the last was taken; remove one");
                self.problems.push(Problem::at(line, what));
            }
        }
    }
}

/// Whether a name as given is this one (lower-case letters and digits only).
fn is(given: &str, name: &str) -> bool {
    let mut given = given.bytes().filter(|b| !matches!(b, b'-' | b'_' | b' '));
    name.bytes()
        .all(|b| given.next().is_some_and(|g| g.eq_ignore_ascii_case(&b)))
        && given.next().is_none()
}

fn is_one_of(given: &str, names: &[&str]) -> bool {
    names.iter().any(|name| is(given, name))
}

/// The text of a scalar; of a list with one scalar, that one's.
fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) => Some(text),
        Value::List(items) => match items.as_slice() {
            [only] => scalar(only),
            _ => None,
        },
        Value::Nothing | Value::Map(_) => None,
    }
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn text(node: &Node) -> Result<Option<String>, String> {
    match scalar(node) {
        Some(text) => Ok(filled(clean::line(wikilink(text)))),
        None if matches!(node.value, Value::Nothing) => Ok(None),
        None => Err(format!(
            "this is {}, where a text belongs; put it in quotes",
            node.value.name()
        )),
    }
}

/// The text that `[[target]]`, `[[folder/target#part]]` or `[[target|text]]` shows.
fn wikilink(text: &str) -> &str {
    let text = text.trim();
    let Some(inner) = text
        .strip_prefix("[[")
        .and_then(|text| text.strip_suffix("]]"))
    else {
        return text;
    };
    match inner.rsplit_once('|') {
        Some((_, shown)) => shown,
        None => inner
            .rsplit('/')
            .next()
            .unwrap_or(inner)
            .split('#')
            .next()
            .unwrap_or(inner),
    }
}

fn date(node: &Node) -> Result<Option<Published>, String> {
    let Some(text) = scalar(node) else {
        return match node.value {
            Value::Nothing => Ok(None),
            _ => Err(format!(
                "this is {}, where a date such as 2019-02-28 belongs",
                node.value.name()
            )),
        };
    };
    let text = text.trim();
    // Jekyll's "published: false" is no date; year 1 is how Hugo's templates write none.
    if text.is_empty() || text == "true" || text == "false" || text.starts_with("0001-01-01") {
        return Ok(None);
    }
    match dates::parse(text) {
        Some(date) => Ok(Some(date)),
        None => {
            let text = clean::line(text).chars().take(40).collect::<String>();
            Err(format!(
                "\"{text}\" is no date that can be read; write it as 2019-02-28"
            ))
        }
    }
}

fn authors(node: &Node) -> Result<Option<Vec<String>>, String> {
    let mut names = Vec::new();
    match &node.value {
        Value::Nothing => {}
        Value::Text(text) if text.trim().starts_with("[[") => names.push(wikilink(text).to_owned()),
        Value::Text(text) => names = byline::names(text),
        Value::List(_) | Value::Map(_) => entries(node, &mut names),
    }
    Ok(distinct(names))
}

/// The texts in a list, in lists within it, and the names of the tables in it.
fn entries(node: &Node, into: &mut Vec<String>) {
    match &node.value {
        Value::Nothing => {}
        Value::Text(text) => into.push(wikilink(text).to_owned()),
        Value::List(items) => items
            .iter()
            .take(ENTRIES)
            .for_each(|item| entries(item, into)),
        Value::Map(map) => {
            let named = map
                .iter()
                .find(|(name, _)| is(name, "name") || is(name, "title"));
            match named {
                Some((_, node)) => entries(node, into),
                // {ann: {name: Ann Lee}, bo: {name: Bo Chen}}
                None => map
                    .iter()
                    .filter(|(_, node)| matches!(node.value, Value::Map(_)))
                    .take(ENTRIES)
                    .for_each(|(_, node)| entries(node, into)),
            }
        }
    }
}

/// Cleaned, without what is empty or repeats another in all but case; none when nothing is left.
fn distinct(names: Vec<String>) -> Option<Vec<String>> {
    let mut seen = std::collections::HashSet::new();
    let names: Vec<String> = names
        .iter()
        .take(ENTRIES)
        .map(|name| clean::line(name))
        .filter(|name| !name.is_empty() && seen.insert(name.to_lowercase()))
        .collect();
    (!names.is_empty()).then_some(names)
}

fn list(node: &Node, separators: &[char]) -> Result<Option<Vec<String>>, String> {
    let mut names = Vec::new();
    match &node.value {
        Value::Text(text) if text.trim().starts_with("[[") => names.push(wikilink(text).to_owned()),
        Value::Text(text) => names.extend(text.split(separators).map(str::to_owned)),
        _ => entries(node, &mut names),
    }
    Ok(distinct(names))
}

/// Tags in one text are parted by commas, or by spaces where there is no comma (Jekyll); a `#`
/// before them is their sign, not their name (Obsidian).
fn tags(node: &Node) -> Result<Option<Vec<String>>, String> {
    let spaced = matches!(&node.value, Value::Text(text) if !text.contains([',', ';']));
    let tags = list(node, if spaced { &[' ', '\n'] } else { &[',', ';'] })?;
    let bare = |tag: &String| tag.trim_start_matches('#').to_owned();
    Ok(tags.and_then(|tags| distinct(tags.iter().map(bare).collect())))
}

fn language(node: &Node) -> Result<Option<String>, String> {
    let Some(text) = text(node)? else {
        return Ok(None);
    };
    let tag = text.replace('_', "-");
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let good = matches!(first.len(), 2 | 3)
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts
            .all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if good {
        Ok(Some(tag))
    } else {
        Err(format!(
            "\"{text}\" is no language tag; write it as en, de or pt-BR"
        ))
    }
}

/// An `http` or `https` address. Others are not opened, and paths (Hugo's `url`) or names
/// (`source: Reuters`) are no addresses.
fn web_address(text: &str) -> Option<String> {
    let address = clean::text(text.trim());
    let scheme = address.split_once("://")?.0;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let sound = address.len() <= ADDRESS && !address.contains(char::is_whitespace);
    (web && sound).then(|| address.into_owned())
}

fn picture(node: &Node) -> Option<Picture> {
    match &node.value {
        Value::Text(text) => {
            let text = text.trim();
            // ![[picture.png]] and ![alt](picture.png), as editors paste them.
            let text = text.strip_prefix('!').unwrap_or(text);
            let (alt, src) = match text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(')'))
            {
                Some(text) => text.split_once("](").unwrap_or(("", text)),
                None => (
                    "",
                    text.strip_prefix("[[")
                        .and_then(|t| t.strip_suffix("]]"))
                        .unwrap_or(text),
                ),
            };
            let src = clean::text(src);
            // A scheme is told from a path's colon by there being no slash before it.
            let local = src
                .find(':')
                .is_none_or(|colon| src.find('/').is_some_and(|slash| slash < colon));
            let sound = !src.is_empty() && src.len() <= ADDRESS && !src.contains('\n');
            (sound && !matches!(&*src, "true" | "false") && (local || web_address(&src).is_some()))
                .then(|| Picture {
                    src: src.into_owned(),
                    alt: clean::line(alt),
                })
        }
        Value::List(items) => items.iter().find_map(picture),
        Value::Map(map) => {
            let get = |names: &[&str]| {
                names.iter().find_map(|name| {
                    map.iter()
                        .find(|(given, _)| is(given, name))
                        .map(|(_, node)| node)
                })
            };
            let mut found = get(&["src", "url", "image", "path"]).and_then(picture)?;
            if let Some(alt) = get(&["alt", "caption", "title"]).and_then(scalar) {
                found.alt = clean::line(alt);
            }
            Some(found)
        }
        Value::Nothing => None,
    }
}
