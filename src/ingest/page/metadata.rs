//! What a page says of its story: in JSON-LD, Open Graph, Dublin Core and their like, in microdata, in links.

use std::collections::{HashMap, HashSet};

use super::{
    linked::{self, Linked},
    measure::line,
    title,
};
use crate::{
    ingest::{
        byline, dates,
        feed::text,
        html::tree::{DOCUMENT, Id, Tree},
    },
    story::Published,
};

/// What is known of the story, none of it cleaned.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub title: String,
    pub authors: Vec<String>,
    pub published: Option<Published>,
    pub updated: Option<Published>,
    pub summary: Option<String>,
    pub site: Option<String>,
    /// The address of a picture, and what it shows.
    pub image: Option<(String, String)>,
    pub language: Option<String>,
    pub canonical: Option<String>,
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub comments: Option<u32>,
    /// Whether the page says that it is a story (some), or something else.
    pub is_story: Option<bool>,
    /// Whether it says that it is a story of a newspaper, a magazine or a blog.
    pub is_news: bool,
    /// Whether it describes its story in JSON-LD.
    pub is_described: bool,
    /// Whether it asks engines that search not to list it.
    pub is_hidden: bool,
    /// Its text, where that is told beside the page.
    pub text: Option<String>,
}

/// The values of `<meta>`, by name in small letters with colons; the last of several.
struct Named {
    values: HashMap<String, String>,
    tags: Vec<String>,
}

impl Named {
    fn of(tree: &Tree) -> Named {
        let mut named = Named {
            values: HashMap::new(),
            tags: Vec::new(),
        };
        for id in tree.within(DOCUMENT).filter(|it| tree.name(*it) == "meta") {
            let Some(content) = tree.attribute(id, "content").map(str::trim) else {
                continue;
            };
            if content.is_empty() {
                continue;
            }
            let content = decoded(content);
            let properties = tree.attribute(id, "property").unwrap_or_default();
            let name = tree.attribute(id, "name").unwrap_or_default();
            let item = tree
                .attribute(id, "itemprop")
                .map(|it| format!("item:{it}"));
            let header = tree
                .attribute(id, "http-equiv")
                .map(|it| format!("header:{it}"));
            // One may say the same in the words of several.
            let all = properties.split_whitespace().chain([name]);
            for key in all.chain(item.as_deref()).chain(header.as_deref()) {
                let key = key.trim().to_ascii_lowercase().replace('.', ":");
                if key.is_empty() {
                    continue;
                }
                if key == "article:tag" {
                    named.tags.push(content.clone());
                }
                named.values.insert(key, content.clone());
            }
        }
        named
    }

    fn get(&self, name: &str) -> Option<&String> {
        self.values.get(name)
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|it| self.get(it)).cloned()
    }
}

/// What was encoded twice.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text::decode(text, &text::Entities::default()).into_owned()
}

/// Reads what a page says of its story.
pub(super) fn read(tree: &Tree) -> Metadata {
    let own_title = title::of(tree);
    let linked = linked::read(tree, &own_title);
    let named = Named::of(tree);
    let is_story = match named.get("og:type").map(|it| it.to_ascii_lowercase()) {
        _ if linked.is_some() => Some(true),
        Some(kind) if kind.contains("article") || kind.contains("post") => Some(true),
        Some(kind) if kind.contains("website") => Some(false),
        _ => None,
    };
    let is_described = linked.is_some();
    let linked = linked.unwrap_or_default();
    // What says that it is an article, and nothing more of it, may be anything.
    let is_article = named
        .get("og:type")
        .is_some_and(|it| it.eq_ignore_ascii_case("article"));
    let is_dated = named.get("article:published_time").is_some();
    let is_news = linked.is_news || (is_article && (is_described || is_dated));
    let title = linked.title.as_deref().map(decoded).or_else(|| {
        named.first(&[
            "dc:title",
            "dcterm:title",
            "og:title",
            "weibo:article:title",
            "weibo:webpage:title",
            "title",
            "twitter:title",
            "parsely-title",
        ])
    });
    let published = linked
        .published
        .as_deref()
        .and_then(date)
        .or_else(|| first_date(&named, &PUBLISHED))
        .or_else(|| marked_date(tree, "datePublished"));
    let updated = linked
        .updated
        .as_deref()
        .and_then(date)
        .or_else(|| first_date(&named, &UPDATED))
        .or_else(|| marked_date(tree, "dateModified"));
    let image = linked.image.clone().or_else(|| {
        named.first(&[
            "og:image",
            "og:image:url",
            "og:image:secure_url",
            "twitter:image",
            "twitter:image:src",
        ])
    });
    let image = image.or_else(|| link(tree, "image_src")).map(|it| {
        let alt = named.first(&["og:image:alt", "twitter:image:alt"]);
        (it, alt.unwrap_or_default())
    });
    let section = named.get("article:section").cloned();
    let mut categories = linked.sections.clone();
    categories.extend(section.filter(|it| !linked.sections.contains(it)));
    let mut tags = named.tags.clone();
    for tag in &linked.keywords {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let tags = without_lists(tags);
    Metadata {
        title: title
            .filter(|it| !it.trim().is_empty())
            .unwrap_or(own_title),
        authors: authors(&linked, &named),
        published,
        updated,
        summary: linked.summary.as_deref().map(decoded).or_else(|| {
            named.first(&[
                "dc:description",
                "dcterm:description",
                "og:description",
                "description",
                "twitter:description",
            ])
        }),
        site: linked
            .site
            .clone()
            .or_else(|| named.first(&["og:site_name"])),
        image,
        language: language(tree, &linked, &named),
        canonical: link(tree, "canonical")
            .or_else(|| named.first(&["og:url"]))
            .or_else(|| linked.url.clone()),
        categories,
        tags,
        comments: linked.comments,
        is_story,
        is_news,
        is_described,
        is_hidden: named
            .get("robots")
            .is_some_and(|it| it.to_ascii_lowercase().contains("noindex")),
        text: linked.text,
    }
}

/// Names of authors: of those that the page describes, else those that it names.
fn authors(linked: &Linked, named: &Named) -> Vec<String> {
    if !linked.authors.is_empty() {
        return linked.authors.iter().map(|it| decoded(it)).collect();
    }
    let line = named.first(&["dc:creator", "dcterm:creator", "author", "parsely-author"]);
    let page = |it: &String| it.contains("://") || it.starts_with("www.");
    let line = line.or_else(|| named.get("article:author").filter(|it| !page(it)).cloned());
    match line {
        Some(line) => byline::people(&byline::without_rest(&line)),
        None => linked.named.iter().map(|it| decoded(it)).collect(),
    }
}

const PUBLISHED: [&str; 19] = [
    "article:published_time",
    "og:article:published_time",
    "item:datepublished",
    "parsely-pub-date",
    "dc:date:issued",
    "dcterms:issued",
    "dcterms:created",
    "dc:date:created",
    "dcterms:date",
    "dc:date",
    "citation_publication_date",
    "citation_online_date",
    "sailthru:date",
    "pubdate",
    "publishdate",
    "publish-date",
    "published_time",
    "date",
    "article:created",
];

const UPDATED: [&str; 8] = [
    "article:modified_time",
    "og:updated_time",
    "item:datemodified",
    "dcterms:modified",
    "dc:date:modified",
    "lastmod",
    "last-modified",
    "article:updated",
];

fn first_date(named: &Named, names: &[&str]) -> Option<Published> {
    names
        .iter()
        .filter_map(|it| named.get(it))
        .find_map(|it| date(it))
}

/// A date as machines write it; JSON-LD of some sites has one that people wrote.
pub(super) fn date(text: &str) -> Option<Published> {
    let text = text.trim();
    // "2017-11-03 03:01:00.000000", "20181119"
    let digits = text.len() == 8 && text.bytes().all(|it| it.is_ascii_digit());
    if digits && let (Some(y), Some(m), Some(d)) = (text.get(..4), text.get(4..6), text.get(6..)) {
        return dates::parse(&format!("{y}-{m}-{d}"));
    }
    dates::parse(text).or_else(|| dates::find(text).map(|(_, it)| it))
}

/// A date that is marked as this property of the story.
fn marked_date(tree: &Tree, property: &str) -> Option<Published> {
    let marked = tree.within(DOCUMENT).filter(|it| {
        let names = tree.attribute(*it, "itemprop").unwrap_or_default();
        names.split_whitespace().any(|it| it == property)
    });
    let value = |id: Id| {
        let told = ["content", "datetime"]
            .iter()
            .find_map(|it| tree.attribute(id, it));
        told.map_or_else(|| line(tree, id), str::to_owned)
    };
    marked.map(value).find_map(|it| date(&it))
}

/// The address of a `<link>` of this kind.
fn link(tree: &Tree, rel: &str) -> Option<String> {
    let mut links = tree.within(DOCUMENT).filter(|it| {
        let kinds = tree.attribute(*it, "rel").unwrap_or_default();
        tree.name(*it) == "link"
            && kinds
                .split_whitespace()
                .any(|it| it.eq_ignore_ascii_case(rel))
    });
    let href = links.find_map(|it| tree.attribute(it, "href"))?.trim();
    (!href.is_empty()).then(|| href.to_owned())
}

/// The language that a page says it is in (BCP 47).
/// Tags without those that are a list of others among them, parted by commas.
fn without_lists(tags: Vec<String>) -> Vec<String> {
    let all: HashSet<&str> = tags.iter().map(|it| it.trim()).collect();
    let is_list = |tag: &String| {
        tag.contains(',')
            && tag
                .split(',')
                .map(str::trim)
                .all(|it| it.is_empty() || all.contains(it))
    };
    tags.iter().filter(|it| !is_list(it)).cloned().collect()
}

fn language(tree: &Tree, linked: &Linked, named: &Named) -> Option<String> {
    let html = tree.within(DOCUMENT).find(|it| tree.name(*it) == "html");
    let of_html = html.and_then(|it| {
        tree.attribute(it, "lang")
            .or(tree.attribute(it, "xml:lang"))
    });
    let all = [
        of_html.map(str::to_owned),
        linked.language.clone(),
        named.first(&[
            "header:content-language",
            "dc:language",
            "language",
            "og:locale",
        ]),
    ];
    let tags = all.into_iter().flatten().map(|it| {
        let first = it.split([',', ' ', ';']).next().unwrap_or_default();
        first.trim().replace('_', "-")
    });
    let is_tag = |it: &String| {
        let main = it.split('-').next().unwrap_or_default();
        matches!(main.len(), 2 | 3)
            && it.len() <= 35
            && it
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'-')
            && main.bytes().all(|it| it.is_ascii_alphabetic())
    };
    tags.into_iter().find(is_tag)
}
