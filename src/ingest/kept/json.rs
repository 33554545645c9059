//! Lists of objects: what wallabag exports as JSON, Omnivore's `metadata_*.json`, and what Readeck's interface
//! gives, told apart by the names of their members.

use serde_json::{Map, Value};

use super::{Export, Link, moment};
use crate::{
    ingest::dates,
    story::{Published, clean},
};

/// Reads a list of objects; none if they are no service's.
pub(super) fn read(text: &str, beside: &dyn Fn(&str) -> Option<Vec<u8>>) -> Option<Export> {
    let list: Vec<Value> = serde_json::from_str(text).ok()?;
    let first = list.first()?.as_object()?;
    let has = |name: &str| first.contains_key(name);
    let by = if has("is_archived") && has("is_starred") {
        "wallabag"
    } else if has("slug") && (has("savedAt") || has("readingProgress")) {
        "Omnivore"
    } else if has("is_marked") || has("read_progress") && has("labels") {
        "Readeck"
    } else {
        return None;
    };
    let mut export = Export {
        by,
        ..Export::default()
    };
    for value in &list {
        if let Some(object) = value.as_object() {
            let link = match by {
                "wallabag" => wallabag(object),
                "Omnivore" => omnivore(object, beside),
                _ => readeck(object),
            };
            export.take(link, None);
        }
    }
    Some(export)
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `true`, or a number that is not 0.
fn is(object: &Map<String, Value>, name: &str) -> bool {
    object.get(name).is_some_and(|it| match it {
        Value::Bool(it) => *it,
        Value::Number(it) => it.as_f64().is_some_and(|it| it > 0.0),
        _ => false,
    })
}

/// Texts, or objects that have one under one of these names.
fn list(object: &Map<String, Value>, name: &str) -> Vec<String> {
    let values = object.get(name).and_then(Value::as_array);
    let one = |it: &Value| match it {
        Value::String(it) => Some(it.clone()),
        Value::Object(it) => text(it, "label").or_else(|| text(it, "name")),
        _ => None,
    };
    let all = values.into_iter().flatten().filter_map(one);
    all.map(|it| clean::line(&it))
        .filter(|it| !it.is_empty())
        .collect()
}

fn published(object: &Map<String, Value>, name: &str) -> Option<Published> {
    dates::of_feed(&text(object, name)?)
}

fn common(object: &Map<String, Value>) -> Link {
    Link {
        address: text(object, "url").unwrap_or_default(),
        title: text(object, "title").unwrap_or_default(),
        ..Link::default()
    }
}

/// What wallabag writes in the place of a text that it could not have, and of a title.
const NO_TEXT: &str = "wallabag can't retrieve contents for this article";
const NO_TITLE: &str = "No title found";

fn wallabag(object: &Map<String, Value>) -> Link {
    let html = text(object, "content");
    let is_told = |html: &String| {
        let words = crate::ingest::html::to_markdown(html, None).replace('’', "'");
        words.trim_start().starts_with(NO_TEXT)
    };
    let (html, common) = match html.as_ref().is_some_and(is_told) {
        true => {
            let mut common = common(object);
            if common.title == NO_TITLE {
                common.title.clear();
            }
            (None, common)
        }
        false => (html, common(object)),
    };
    let annotations = object.get("annotations").and_then(Value::as_array);
    let annotations = annotations
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    let passage =
        |it: &Map<String, Value>| Some((text(it, "quote")?, text(it, "text").unwrap_or_default()));
    Link {
        added: text(object, "created_at").as_deref().and_then(moment),
        authors: list(object, "published_by"),
        published: published(object, "published_at"),
        tags: list(object, "tags"),
        read: is(object, "is_archived"),
        starred: is(object, "is_starred"),
        highlights: annotations.filter_map(passage).collect(),
        html,
        language: text(object, "language").map(|it| it.replace('_', "-")),
        ..common
    }
}

fn omnivore(object: &Map<String, Value>, beside: &dyn Fn(&str) -> Option<Vec<u8>>) -> Link {
    let slug = text(object, "slug").unwrap_or_default();
    // A name that is a path is none.
    let is_name = !slug.is_empty() && !slug.contains(['/', '\\', '\0']) && !slug.starts_with('.');
    let file = |name: String| {
        let bytes = beside(&name).filter(|_| is_name)?;
        let text = crate::ingest::decode::text(&bytes, true).into_owned();
        (!text.trim().is_empty()).then_some(text)
    };
    let author = text(object, "author").map(|it| clean::line(&it));
    Link {
        added: text(object, "savedAt").as_deref().and_then(moment),
        authors: author.into_iter().collect(),
        published: published(object, "publishedAt"),
        tags: list(object, "labels"),
        read: text(object, "state").is_some_and(|it| it.eq_ignore_ascii_case("archived")),
        summary: text(object, "description"),
        html: is_name
            .then(|| file(format!("content/{slug}.html")))
            .flatten(),
        highlights: is_name
            .then(|| file(format!("highlights/{slug}.md")))
            .flatten()
            .map(|it| passages(&it))
            .unwrap_or_default(),
        ..common(object)
    }
}

/// The quotes of Markdown, each with the text that follows it.
fn passages(markdown: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut quoted = false;
    for line in markdown.lines() {
        match line.trim_start().strip_prefix('>') {
            Some(rest) => {
                match found.last_mut().filter(|_| quoted) {
                    Some((passage, _)) => {
                        passage.push('\n');
                        passage.push_str(rest.trim());
                    }
                    None => found.push((rest.trim().to_owned(), String::new())),
                }
                quoted = true;
            }
            None => {
                quoted = false;
                if let Some((_, note)) = found.last_mut().filter(|_| !line.trim().is_empty()) {
                    if !note.is_empty() {
                        note.push('\n');
                    }
                    note.push_str(line.trim());
                }
            }
        }
    }
    found.retain(|(passage, _)| !passage.trim().is_empty());
    found
}

fn readeck(object: &Map<String, Value>) -> Link {
    Link {
        added: text(object, "created").as_deref().and_then(moment),
        authors: list(object, "authors"),
        published: published(object, "published"),
        tags: list(object, "labels"),
        read: is(object, "is_archived"),
        starred: is(object, "is_marked"),
        summary: text(object, "description"),
        language: text(object, "lang"),
        highlights: object
            .get("annotations")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .filter_map(|it| Some((text(it, "text")?, text(it, "note").unwrap_or_default())))
            .collect(),
        ..common(object)
    }
}
