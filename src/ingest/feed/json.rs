//! JSON Feed 1 and 1.1 (jsonfeed.org).

use serde_json::{Map, Value};
use url::Url;

use super::{
    Content, Enclosure, Entry, Feed, FeedError,
    build::{tag_of, whole},
};
use crate::{
    ingest::dates,
    story::{Picture, clean},
};

type Object = Map<String, Value>;

/// Reads a JSON Feed. Fields of a wrong type are as if they were not there.
pub(super) fn read(source: &str, address: Option<&Url>) -> Result<Feed, FeedError> {
    let value: Value = serde_json::from_str(source.trim().trim_end_matches('\0'))
        .map_err(|error| FeedError::Json(clean::line(&error.to_string())))?;
    let Value::Object(top) = value else {
        return Err(FeedError::Other);
    };
    let items = top.get("items").and_then(Value::as_array);
    let version = text(&top, "version").unwrap_or_default();
    if items.is_none() && !version.contains("jsonfeed.org") {
        return Err(FeedError::Other);
    }
    let link = text(&top, "home_page_url").map(|it| whole(&it, address, None));
    let at = |object: &Object, name: &str| {
        let found = text(object, name)?;
        Some(whole(&found, address, link.as_deref())).filter(|it| !it.is_empty())
    };
    let hub = top.get("hubs").and_then(|it| it.get(0)?.as_object());
    let people = authors(&top);
    let language = text(&top, "language").and_then(|it| tag_of(&it));
    Ok(Feed {
        title: text(&top, "title").map_or_else(String::new, |it| clean::line(&it)),
        description: text(&top, "description").map(|it| clean::line(&it)),
        icon: at(&top, "icon").or_else(|| at(&top, "favicon")),
        hub: hub.and_then(|it| at(it, "url")),
        own_address: at(&top, "feed_url"),
        entries: items
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .map(|item| entry(item, &people, language.as_ref(), &at))
            .collect(),
        authors: people,
        language,
        link,
        ..Feed::default()
    })
}

fn entry(
    item: &Object,
    people: &[String],
    language: Option<&String>,
    at: &impl Fn(&Object, &str) -> Option<String>,
) -> Entry {
    let date = |name: &str| dates::of_feed(&text(item, name)?);
    let content = |name: &str, is_html: bool| {
        let text = text(item, name).filter(|it| !it.trim().is_empty())?;
        Some(Content {
            text: clean::text(&text).into_owned(),
            is_html,
            base: None,
        })
    };
    let summary = content("summary", false);
    let all = content("content_html", true).or_else(|| content("content_text", false));
    let own = authors(item);
    let people = if own.is_empty() { people } else { &own };
    let published = date("date_published");
    let updated = date("date_modified");
    let picture = at(item, "image").or_else(|| at(item, "banner_image"));
    let files = item.get("attachments").and_then(Value::as_array);
    let tags = item.get("tags").and_then(Value::as_array);
    Entry {
        id: scalar(item, "id").map(|it| clean::line(&it)),
        link: at(item, "url").or_else(|| at(item, "external_url")),
        title: text(item, "title").map_or_else(String::new, |it| clean::line(&it)),
        author: people.first().cloned(),
        authors: people.to_vec(),
        published: published.or(updated),
        updated,
        categories: tags
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(clean::line)
            .filter(|it| !it.is_empty())
            .collect(),
        summary: summary.clone().filter(|_| all.is_some()),
        content: all.or(summary),
        enclosures: files
            .into_iter()
            .flatten()
            .filter_map(|it| file(it.as_object()?, at))
            .collect(),
        lead_image: picture.map(|src| Picture {
            src,
            alt: String::new(),
        }),
        language: text(item, "language")
            .and_then(|it| tag_of(&it))
            .or_else(|| language.cloned()),
        ..Entry::default()
    }
}

fn file(file: &Object, at: &impl Fn(&Object, &str) -> Option<String>) -> Option<Enclosure> {
    let number = |name: &str| file.get(name).and_then(Value::as_f64);
    Some(Enclosure {
        url: at(file, "url")?,
        media_type: text(file, "mime_type").map(|it| clean::line(&it)),
        bytes: number("size_in_bytes").map(|it| it as u64),
        seconds: number("duration_in_seconds").map(|it| it as u32),
        title: text(file, "title").map(|it| clean::line(&it)),
    })
}

/// The people of 1.1 (`authors`), else the one of 1.0 (`author`), by name or address.
fn authors(object: &Object) -> Vec<String> {
    let several = object.get("authors").and_then(Value::as_array);
    let one = object.get("author");
    let all = several.into_iter().flatten().chain(one);
    let mut people: Vec<String> = Vec::new();
    for person in all {
        let name = match person {
            Value::String(name) => Some(name.clone()),
            Value::Object(it) => text(it, "name").or_else(|| text(it, "url")),
            _ => None,
        };
        let name = name.map_or_else(String::new, |it| clean::line(&it));
        if !name.is_empty() && !people.contains(&name) {
            people.push(name);
        }
    }
    people
}

fn text(object: &Object, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

/// The specification asks to take numbers for what should have been text.
fn scalar(object: &Object, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
