//! A story as one JSON object: what `recto inspect` and `recto show --format json` print.

use serde_json::{Value, json};

use crate::{
    ingest::feed::{Enclosure, Entry},
    story::{self, Story},
};

/// The object. What the input does not say is null, or an empty list.
pub(super) fn object(story: &Story) -> Value {
    let image = story.lead_image.as_ref();
    let mut object = json!({
        "kind": story.kind.as_str(),
        "title": story.title,
        "authors": story.authors,
        "published": story.published.map(story::iso),
        "updated": story.updated.map(story::iso),
        "categories": story.categories,
        "tags": story.tags,
        "url": story.url,
        "id": story.id,
        "lead_image": image.map(|it| it.src.as_str()).filter(|src| !src.is_empty()),
        "summary": story.summary,
        "language": story.language,
        "words": story::words(&story.markdown),
        "comments_url": story.comments_url,
        "comments_count": story.comments_count,
        "related": story.related.iter().map(related).collect::<Vec<_>>(),
        "markdown": story.markdown,
    });
    if !story.enclosures.is_empty() {
        object["enclosures"] = story.enclosures.iter().map(file).collect();
    }
    // Not every story asks something of its reader.
    if let Some(asked) = &story.call_to_action {
        object["call_to_action"] = json!({ "text": asked.text, "url": asked.url });
    }
    object
}

/// The object of an entry of a feed: that of its story, and what only feeds say.
pub(super) fn entry(story: &Story, entry: &Entry) -> Value {
    let mut object = object(story);
    if !story.title_given {
        object["title"] = Value::Null;
    }
    object["author"] = json!(entry.author);
    object["comments_feed"] = json!(entry.comments_feed);
    object["enclosures"] = entry.enclosures.iter().map(file).collect();
    object
}

fn file(it: &Enclosure) -> Value {
    json!({
        "url": it.url,
        "type": it.media_type,
        "bytes": it.bytes,
        "seconds": it.seconds,
        "title": it.title,
    })
}

fn related(related: &story::Related) -> Value {
    json!({
        "title": related.title,
        "summary": related.summary,
        "published": related.published.map(story::iso),
        "url": related.url,
    })
}
