//! What an address names, where a command takes a path.

use std::{
    ffi::OsStr,
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::bail;
use url::Url;

use crate::{
    ingest::{feed, page},
    library::Place,
    net::{Client, Request},
    story::clean,
};

/// The address that an argument is, if it is one; a path never begins like one.
pub(super) fn address(argument: &OsStr) -> anyhow::Result<Option<Url>> {
    let Some(text) = argument.to_str() else {
        return Ok(None);
    };
    let is_address = ["http://", "https://"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(scheme))
    });
    if !is_address {
        return Ok(None);
    }
    match Url::parse(text) {
        Ok(url) => Ok(Some(url)),
        Err(error) => bail!("{}: this is no address: {error}", clean::line(text)),
    }
}

/// Fetches a page, a feed, Markdown or plain text.
pub(super) fn fetch(url: Url) -> anyhow::Result<Place> {
    let fetched = Client::default().fetch(&Request::typed(url), &AtomicBool::new(false))?;
    // Nothing was known before, so nothing can be unchanged.
    let mut bytes = fetched.body.unwrap_or_default();
    let kind = fetched.content_type.unwrap_or_default();
    if kind.to_ascii_lowercase().contains("html") && !feed::is_feed(&bytes) {
        bytes = page::told(&bytes, &kind).into_bytes();
    }
    Ok(Place::Fetched(Arc::new(fetched.url), bytes.into()))
}
