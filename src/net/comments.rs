//! Comments on a story, fetched when somebody wants to read them and never before.

use std::sync::atomic::AtomicBool;

use url::Url;

use super::{Client, Request, Terms, Validators};
use crate::{
    ingest::{
        feed::{self, Entry},
        media_type,
    },
    library::Discussion,
    story::clean,
};

/// What is preferred of a server of comments.
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/xml;q=0.8, \
     text/xml;q=0.8, */*;q=0.5";

/// What a feed of comments carries now.
#[derive(Debug, Clone, PartialEq)]
pub struct Comments {
    /// The comments, as they stand there.
    pub entries: Vec<Entry>,
    /// By what to ask next time.
    pub validators: Validators,
}

/// Fetches the comments that `feed` carries; nothing where that is what it carried before. The way to them
/// is that of the feed which announced the story, and so is what is told to its server, if it is the same one.
///
/// # Errors
/// Why they cannot be had, in words.
pub fn comments(
    client: &Client,
    terms: &dyn Terms,
    feed: &str,
    discussion: &Discussion,
    stop: &AtomicBool,
) -> Result<Option<Comments>, String> {
    let mut url = Url::parse(feed)
        .map_err(|error| format!("{} is no address: {error}", clean::line(feed)))?;
    let announced: Vec<Url> = discussion
        .feeds
        .iter()
        .filter_map(|it| Url::parse(it).ok())
        .collect();
    let term = match discussion.feeds.first() {
        Some(announcer) => terms.of(announcer)?,
        None => terms.of(feed)?,
    };
    let origin = url.origin();
    let same = announced.first().is_some_and(|it| it.origin() == origin);
    let mut headers = Vec::new();
    if same {
        term.sign(&mut url);
        headers = term.headers;
    }
    let request = Request {
        accept: ACCEPT,
        validators: Validators {
            etag: discussion.etag.clone(),
            modified: discussion.modified.clone(),
        },
        headers,
        // A feed of the own network may have its comments there; one from outside may not.
        typed: announced.iter().any(|it| it.host() == url.host()),
        ..Request::typed(url)
    };
    let client = term.client.as_deref().unwrap_or(client);
    let fetched = client
        .fetch(&request, stop)
        .map_err(|error| error.to_string())?;
    let Some(body) = fetched.body else {
        return Ok(None);
    };
    let charset = fetched
        .content_type
        .as_deref()
        .and_then(media_type::charset);
    let read = feed::read(
        &body,
        feed::Origin {
            address: Some(&fetched.url),
            charset,
        },
    );
    let host = clean::line(fetched.url.host_str().unwrap_or_default());
    let read = read.map_err(|error| format!("{host}: {error}"))?;
    Ok(Some(Comments {
        entries: read.entries,
        validators: fetched.validators,
    }))
}
