//! What the names in front matter mean.

use super::node::{Map, Node, Problem, Value};
use super::values::{
    attachments, authors, date, language, list, picture, relative_address, scalar, tags, text,
    web_address,
};
use crate::story::{Enclosure, Picture, Published};

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
    /// `source`, where `url` or `link` names another address.
    pub source: Option<String>,
    /// `letter`: it was one before it was kept.
    pub letter: bool,
    /// `apart`: its link is another story's, too.
    pub apart: bool,
    /// `own_network`: it was kept from a page there.
    pub own_network: bool,
    /// `yours`: the heading of what its reader added.
    pub yours: Option<String>,
    /// `teaser_only`: it has only what its feed sent.
    pub teaser: bool,
    /// `attachments`: files that came with a letter and lie beside its copy.
    pub attachments: Vec<Enclosure>,
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
const SOURCE: &[&str] = &["source"];
const LETTER: &[&str] = &["letter"];
const APART: &[&str] = &["apart"];
const OWN_NETWORK: &[&str] = &["ownnetwork"];
const YOURS: &[&str] = &["yours"];
const TEASER: &[&str] = &["teaseronly"];
const ATTACHMENTS: &[&str] = &["attachments"];
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
    let mut scopes = vec![scope(map)];
    let is_table = |it: &Named<'_>| TABLES.contains(&it.plain.as_str());
    let known = scopes[0]
        .iter()
        .any(|it| KNOWN.contains(&it.plain.as_str()) || is_table(it));
    let inner: Vec<Scope<'_>> = scopes[0]
        .iter()
        .filter(|it| is_table(it))
        .filter_map(|it| match &it.node.value {
            Value::Map(inner) => Some(scope(inner)),
            _ => None,
        })
        .collect();
    scopes.extend(inner);
    let mut reader = Reader {
        scopes,
        known,
        problems: Vec::new(),
    };
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
        source: reader.first(SOURCE, |node| Ok(scalar(node).and_then(web_address))),
        letter: reader.is(LETTER),
        apart: reader.is(APART),
        own_network: reader.is(OWN_NETWORK),
        yours: reader.first(YOURS, text),
        teaser: reader.is(TEASER),
        attachments: reader
            .first(ATTACHMENTS, |node| Ok(attachments(node)))
            .unwrap_or_default(),
        lead_image: reader.first(IMAGE, |node| Ok(picture(node))),
        summary: reader.first(SUMMARY, text),
        language: reader.first(LANGUAGE, language),
    };
    if fields.source == fields.url {
        fields.source = None;
    }
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

/// A name with its value.
struct Named<'a> {
    /// As it is compared: sixty names are looked for in every story.
    plain: String,
    given: &'a str,
    node: &'a Node,
}

type Scope<'a> = Vec<Named<'a>>;

fn scope(map: &Map) -> Scope<'_> {
    let named = map.iter().map(|(given, node)| Named {
        plain: plain(given),
        given,
        node,
    });
    named.collect()
}

struct Reader<'a> {
    scopes: Vec<Scope<'a>>,
    known: bool,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Whether one of the names says yes. What else it says belongs to whoever wrote it.
    fn is(&mut self, names: &[&str]) -> bool {
        let known = self.known;
        let yes = |node: &Node| Ok(scalar(node).filter(|it| *it == "true").map(|_| ()));
        let is = self.first(names, yes).is_some();
        self.known = known || is;
        is
    }

    /// The value of the first of the names that has one; of a name given twice, the last.
    fn first<T>(
        &mut self,
        names: &[&str],
        read: impl Fn(&Node) -> Result<Option<T>, String>,
    ) -> Option<T> {
        for name in names {
            for scope in &self.scopes {
                for it in scope.iter().rev().filter(|it| it.plain == *name) {
                    self.known = true;
                    match read(it.node) {
                        Ok(Some(value)) => return Some(value),
                        Ok(None) => {}
                        Err(what) => {
                            let what = format!("{}: {what}", it.given);
                            let line = it.node.line.unwrap_or(0);
                            self.problems.push(Problem::at(line, what));
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
                .map(|(n, it)| (it.given, n, it.node.line.unwrap_or(0)))
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

/// A name in lower-case letters and digits only.
fn plain(given: &str) -> String {
    let letters = given.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    letters.map(|c| c.to_ascii_lowercase()).collect()
}
