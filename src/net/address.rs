//! Addresses as people type them: with or without a scheme, out of a sentence, with a slip.

use url::Url;

use super::error::DiscoverError;
use crate::story::clean;

/// What stands around an address that was copied out of a text, or after it.
const AROUND: &[char] = &['<', '>', '"', '\'', '“', '”', '‘', '’', '«', '»', '`'];
const AFTER: &[char] = &['.', ',', ';'];

/// An address that was typed, whole.
struct Typed {
    text: String,
    /// Whether it was typed with a scheme of the web: else either may be meant.
    has_scheme: bool,
}

/// What is left of a text behind the scheme of the web that it begins with, written with its slips
/// (`http:/example.org`, `https//example.org`), and that scheme.
fn after_scheme(text: &str) -> Option<(&'static str, &str)> {
    for scheme in ["https", "http"] {
        let begins = text.get(..scheme.len())?.eq_ignore_ascii_case(scheme);
        let rest = text.get(scheme.len()..).filter(|_| begins);
        let Some(rest) = rest else { continue };
        let bare = rest.trim_start_matches([':', '/']);
        if matches!(
            &rest[..rest.len() - bare.len()],
            "://" | ":/" | ":" | "//" | ":///"
        ) {
            return Some((scheme, bare));
        }
    }
    None
}

/// A scheme other than those of the web that a text begins with; a name with a port is none.
fn other_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'));
    let is_port = rest.starts_with(|c: char| c.is_ascii_digit());
    (is_scheme && !is_port).then_some(scheme)
}

/// The page of a person whose handle was typed: `@name@example.social`.
fn of_handle(text: &str) -> Option<String> {
    let (name, host) = text.strip_prefix('@').unwrap_or(text).split_once('@')?;
    let is_name = |it: &str| {
        let mut all = it.chars();
        !it.is_empty() && all.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    (is_name(name) && is_name(host)).then(|| format!("{host}/@{name}"))
}

fn typed(text: &str) -> Result<Typed, DiscoverError> {
    let shown = || clean::line(text.trim());
    let mut rest = text.trim().trim_matches(AROUND);
    // What other programs hand on to readers of feeds: feed://example.org/rss, feed:https://example.org/rss.
    if let Some(("feed" | "feeds" | "rss", feed)) = rest
        .split_once(':')
        .map(|(scheme, feed)| (scheme, feed.trim_start_matches("//")))
    {
        rest = feed;
    }
    let rest = rest.trim_end_matches(|c| AFTER.contains(&c) || AROUND.contains(&c));
    let mut scheme = None;
    let mut address = rest;
    // Who pastes an address behind what stood there already has typed two schemes.
    while let Some((found, bare)) = after_scheme(address) {
        (scheme, address) = (Some(found), bare);
    }
    if scheme.is_none() {
        if let Some(handle) = of_handle(address) {
            return Ok(Typed {
                text: format!("https://{handle}"),
                has_scheme: false,
            });
        }
        if address.starts_with('@') {
            return Err(DiscoverError::Handle(shown()));
        }
        if let Some(scheme) = other_scheme(address) {
            return Err(DiscoverError::Scheme(shown(), scheme.to_owned()));
        }
    }
    Ok(Typed {
        text: format!("{}://{address}", scheme.unwrap_or("https")),
        has_scheme: scheme.is_some(),
    })
}

/// Whether an address was typed with its scheme.
pub(super) fn names_scheme(text: &str) -> bool {
    typed(text).is_ok_and(|it| it.has_scheme)
}

/// The address that was typed, with or without its scheme.
///
/// # Errors
/// Says that it is none.
pub fn address(text: &str) -> Result<Url, DiscoverError> {
    let whole = typed(text)?;
    let url = Url::parse(&whole.text).ok();
    let is_web = |url: &Url| {
        url.host_str().is_some_and(|host| {
            let is_name = host.contains('.') && !host.starts_with('.');
            whole.has_scheme || is_name || host.starts_with('[') || host == "localhost"
        })
        // A name alone is a word; with a port it is a machine of one's own network.
            || url.port().is_some()
    };
    url.filter(is_web)
        .ok_or_else(|| DiscoverError::NoAddress(clean::line(text.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(typed: &str) -> Option<String> {
        address(typed).ok().map(|url| url.to_string())
    }

    #[test]
    fn an_address_needs_no_scheme() {
        let with = "https://example.org/feed";
        assert_eq!(of(" example.org/feed ").as_deref(), Some(with));
        assert_eq!(
            of("http://localhost:8080").as_deref(),
            Some("http://localhost:8080/")
        );
        for typed in ["localhost:8606/x", "localhost/x", "nas:8080/feed"] {
            assert_eq!(of(typed), Some(format!("https://{typed}")));
        }
        for typed in [
            "a feed",
            "news",
            "ftp://example.org/",
            "file:///etc/passwd",
            "",
            "./feeds.opml",
        ] {
            assert_eq!(of(typed), None, "{typed}");
        }
    }

    #[test]
    fn an_address_out_of_a_text_is_that_address() {
        for typed in [
            "https://example.org/feed.",
            "<https://example.org/feed>",
            "“https://example.org/feed”,",
            "feed:https://example.org/feed",
            "feed:https//example.org/feed",
            "HTTPS://example.org/feed",
            "https:example.org/feed",
            "https//example.org/feed",
            "http://https://example.org/feed",
            "feed://example.org/feed",
            "feed:example.org/feed",
            "example.org/feed;",
        ] {
            assert_eq!(
                of(typed).as_deref(),
                Some("https://example.org/feed"),
                "{typed}"
            );
        }
        assert!(names_scheme("feed:http://example.org/") && !names_scheme("feed://example.org/"));
        assert_eq!(
            of("http.example.org").as_deref(),
            Some("https://http.example.org/")
        );
        let port = of("http://127.0.0.1:8691.");
        assert_eq!(port.as_deref(), Some("http://127.0.0.1:8691/"));
        let signed = "https://jane:secret@example.org/feed";
        assert_eq!(of(signed).as_deref(), Some(signed));
    }

    #[test]
    fn a_handle_is_a_page_of_its_server() {
        for typed in [
            "@jane@example.social",
            "jane@example.social",
            " @jane@example.social.",
        ] {
            assert_eq!(
                of(typed).as_deref(),
                Some("https://example.social/@jane"),
                "{typed}"
            );
        }
        let said = |typed: &str| address(typed).unwrap_err().to_string();
        assert!(said("@jane").contains("its server belongs to it"));
        assert!(said("mailto:jane@example.org").contains("mailto: is no scheme of the web"));
    }
}
