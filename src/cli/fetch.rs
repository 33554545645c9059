//! What an address names, where a command takes a path.

use std::{
    ffi::OsStr,
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::bail;
use url::Url;

use super::{Home, default_inputs};
use crate::{
    ingest::{feed, page},
    keep::{self, PageError, Shelf},
    library::{Library, Place},
    net::{Client, FetchError, Request},
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
///
/// # Errors
/// If it cannot be fetched.
pub(super) fn fetch(url: Url) -> Result<Place, FetchError> {
    let fetched = Client::default().fetch(&Request::typed(url), &AtomicBool::new(false))?;
    // Nothing was known before, so nothing can be unchanged.
    let mut bytes = fetched.body.unwrap_or_default();
    let kind = fetched.content_type.unwrap_or_default();
    if kind.to_ascii_lowercase().contains("html") && !feed::is_feed(&bytes) {
        bytes = page::told(&bytes, &kind).into_bytes();
    }
    Ok(Place::Fetched(Arc::new(fetched.url), bytes.into()))
}

/// Says why a page cannot be had; where it is gone for good, and a copy was kept, that as well.
pub(super) fn or_copy(
    library: &Library,
    shelf: &Shelf,
    address: &Url,
    error: &PageError,
) -> anyhow::Error {
    let said = named(address, error);
    let copy = match error.is_dead() {
        true => keep::copy_of(library, shelf, address.as_str()),
        false => Ok(None),
    };
    match copy {
        Ok(Some(copy)) => anyhow::anyhow!(
            "{said}; you have a copy that was saved before: recto {}",
            clean::line(&copy.to_string_lossy())
        ),
        _ => anyhow::anyhow!(said),
    }
}

/// What is wrong with a page, with its address once.
fn named(address: &Url, error: &PageError) -> String {
    let shown = clean::line(address.as_str());
    let why = error.reason(&shown);
    format!("{shown}: {why}")
}

/// [`or_copy`] of one's own library and shelf.
pub(super) fn or_own_copy(home: &Home, address: &Url, error: &PageError) -> anyhow::Error {
    let plain = || anyhow::anyhow!(named(address, error));
    // Nothing is opened, and nothing made, for what no copy helps.
    if !error.is_dead() || home.data.is_none() {
        return plain();
    }
    let library = default_inputs(home).and_then(|it| super::open(home.data.as_deref(), it));
    match (library, home.shelf()) {
        (Ok(library), Ok(shelf)) => or_copy(&library, &shelf, address, error),
        _ => plain(),
    }
}
