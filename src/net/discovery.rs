//! Finding the feed that somebody means: they give the address of a feed, or of a site that has one.

use std::sync::atomic::AtomicBool;

use url::Url;

use super::{Client, FetchError, Request};
use crate::{
    ingest::feed::{self, Origin},
    story::clean,
};

/// A feed that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Where it is.
    pub url: String,
    /// What it is called; empty where nobody says.
    pub title: String,
}

/// Why no feed was found.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// What was typed is no address.
    #[error("{0}: this is no address")]
    NoAddress(String),
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// There is no feed.
    #[error("{0}: no feed was found there")]
    Nothing(String),
}

/// The feeds that are published at an address, or announced there, the likeliest first; never none.
///
/// # Errors
/// Says in words why there is none.
pub fn discover(
    client: &Client,
    typed: &str,
    stop: &AtomicBool,
) -> Result<Vec<Offer>, DiscoverError> {
    let url = address(typed)?;
    let fetched = client.fetch(&Request::typed(url.clone()), stop)?;
    let body = fetched.body.unwrap_or_default();
    if feed::is_feed(&body) {
        let origin = Origin {
            address: Some(&fetched.url),
            charset: None,
        };
        let title = feed::read(&body, origin).map(|it| it.title);
        return Ok(vec![Offer {
            url: fetched.moved.unwrap_or(url).to_string(),
            title: title.unwrap_or_default(),
        }]);
    }
    Err(DiscoverError::Nothing(clean::line(url.as_str())))
}

/// The address that was typed, with or without its scheme.
fn address(typed: &str) -> Result<Url, DiscoverError> {
    let typed = typed.trim();
    let has_scheme = typed.contains("://");
    let whole = match has_scheme {
        true => typed.to_owned(),
        false => format!("https://{typed}"),
    };
    let url = Url::parse(&whole).ok();
    let is_web = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url
                .host_str()
                .is_some_and(|host| has_scheme || host.contains('.'))
    };
    url.filter(is_web)
        .ok_or_else(|| DiscoverError::NoAddress(clean::line(typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_no_scheme() {
        let of = |typed| address(typed).ok().map(|url| url.to_string());
        let with = "https://example.org/feed";
        assert_eq!(of(" example.org/feed ").as_deref(), Some(with));
        assert_eq!(
            of("http://localhost:8080").as_deref(),
            Some("http://localhost:8080/")
        );
        for typed in [
            "a feed",
            "news",
            "ftp://example.org/",
            "file:///etc/passwd",
            "",
        ] {
            assert_eq!(of(typed), None, "{typed}");
        }
    }
}
