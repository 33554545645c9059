//! Addresses as a story is known by: one form for all the ways in which one page is linked.

use std::borrow::Cow;

use url::Url;

use super::clean;

/// Parameters that tell who sent a reader, and nothing about the page.
const TRACKING: [&str; 17] = [
    "fbclid", "gclid", "dclid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid",
    "ref_src", "ref_url", "cmpid", "ncid", "ocid", "smid", "wt_mc", "xtor",
];

/// The form in which two links to one page are alike: `http` as `https`, no fragment, no tracking
/// parameters, no slash at the end, no default port. None for what is no page of its own: no web
/// address, or the front page of a site, which many stories may name.
pub fn canonical(link: &str) -> Option<String> {
    let mut url = Url::parse(link.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return None;
    }
    // Both are "special" schemes, between which the change is always allowed.
    url.set_scheme("https").ok()?;
    if url.port() == Some(80) {
        url.set_port(None).ok()?;
    }
    url.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_tracking(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if kept.is_empty() {
        url.set_query(None);
    } else if kept.len() != url.query_pairs().count() {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    if path.is_empty() && url.query().is_none() {
        return None;
    }
    url.set_path(&path);
    Some(url.into())
}

/// An address of the web without the user and the password in it: as it may be shown and handed over.
pub fn bare(link: &str) -> Cow<'_, str> {
    match Url::parse(link) {
        Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
            // Neither can be refused: only what has a host has any.
            let _ = (url.set_username(""), url.set_password(None));
            Cow::Owned(url.into())
        }
        _ => Cow::Borrowed(link),
    }
}

/// An address as it may be shown: with the name of who asks, for that tells two subscriptions to one feed
/// apart, and never with a password. What stands for a command is the command, as one would type it.
pub fn shown(link: &str) -> Cow<'_, str> {
    if let Some(command) = super::command_of(link) {
        let typed = shlex::try_join(command.iter().map(String::as_str));
        return Cow::Owned(clean::line(&typed.unwrap_or_else(|_| command.join(" "))));
    }
    match Url::parse(link) {
        Ok(mut url) if url.password().is_some() => {
            // It cannot be refused: only what has a host has one.
            let _ = url.set_password(None);
            Cow::Owned(url.into())
        }
        _ => Cow::Borrowed(link),
    }
}

/// An address of the web without the parameters that tell who sent a reader, and else as it is written.
pub fn without_tracking(link: &str) -> Cow<'_, str> {
    let (rest, fragment) = match link.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (link, None),
    };
    let Some((page, query)) = rest.split_once('?') else {
        return Cow::Borrowed(link);
    };
    let is_kept = |it: &&str| !is_tracking(it.split('=').next().unwrap_or_default());
    let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
    if kept.len() == query.split('&').count() {
        return Cow::Borrowed(link);
    }
    let mut out = page.to_owned();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(fragment);
    }
    Cow::Owned(out)
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_") || name.starts_with("pk_") || TRACKING.contains(&name.as_str())
}

/// `%20` and the like as the bytes they stand for (RFC 3986, 2.1).
pub fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let pair = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = pair.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown_and_who_asks_is() {
        for (address, wanted) in [
            (
                "https://ann:secret@a.example/feed",
                "https://ann@a.example/feed",
            ),
            ("https://ann@a.example/feed", "https://ann@a.example/feed"),
            ("https://:secret@a.example/feed", "https://a.example/feed"),
            ("https://a.example/a:b@c", "https://a.example/a:b@c"),
            ("Ann: secret @ home", "Ann: secret @ home"),
        ] {
            assert_eq!(shown(address), wanted);
        }
    }

    #[test]
    fn an_address_that_is_shown_tells_nobody_who_asks() {
        let of = |link| bare(link).into_owned();
        assert_eq!(of("http://jane:geheim@h.org/a?b#c"), "http://h.org/a?b#c");
        assert_eq!(of("https://jane@h.org/"), "https://h.org/");
        for plain in ["https://h.org", "mailto:jane@h.org", "a:b@c", "#fn-1"] {
            assert_eq!(of(plain), plain);
        }
    }

    #[test]
    fn ways_to_link_one_page_are_alike() {
        for link in [
            "https://Example.org/story",
            "http://example.org/story/",
            "http://example.org:80/story#comments",
            "https://example.org/story?utm_source=feed&fbclid=1",
        ] {
            let one = canonical(link);
            assert_eq!(one.as_deref(), Some("https://example.org/story"), "{link}");
        }
        let with = canonical("https://example.org/?p=12&utm_medium=mail");
        assert_eq!(with.as_deref(), Some("https://example.org/?p=12"));
    }

    #[test]
    fn what_tells_who_sent_a_reader_is_cut() {
        for (link, want) in [
            (
                "https://e.org/a?utm_source=x&p=1&fbclid=2#c",
                "https://e.org/a?p=1#c",
            ),
            ("https://e.org/a?UTM_medium=x", "https://e.org/a"),
            ("https://e.org/a?b=%20&c", "https://e.org/a?b=%20&c"),
            ("mailto:a@b.c?subject=utm", "mailto:a@b.c?subject=utm"),
            ("#part", "#part"),
        ] {
            assert_eq!(without_tracking(link), want, "{link}");
        }
    }

    #[test]
    fn what_is_no_page_of_its_own_is_none() {
        for link in [
            "https://example.org",
            "https://example.org/#top",
            "mailto:a@b.c",
            "page.html",
            "",
        ] {
            assert_eq!(canonical(link), None, "{link}");
        }
    }
}
