//! Feeds that somebody follows, as lists of them say it, in whatever format.

use url::Url;

use super::{feed::text, newsboat::Printed};
use crate::story::{Feed, Subscription, clean};

/// Longer addresses, in bytes, are none.
const LONGEST: usize = 4096;

/// A feed that is followed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Followed {
    /// The feed's address, with `http` or `https`, as it was written.
    pub url: String,
    /// What it is called; empty where nobody says.
    pub title: String,
    /// The page of its site.
    pub page: Option<String>,
    /// The folder it lies in, from the outermost inwards.
    pub folder: Vec<String>,
    /// What else was said of it: names and values, in order.
    pub attributes: Vec<(String, String)>,
}

/// What stands for a slash in the name of a folder, where slashes part folders.
const SLASH: &str = "\u{2215}";

/// The attribute that keeps the page that a list names for a feed (OPML 2.0).
const PAGE: &str = "htmlUrl";

impl Followed {
    /// It as the library keeps it. `own` is what the feed calls itself, where that is known: no name of the
    /// reader's.
    pub fn kept(self, own: Option<&str>) -> Subscription {
        let page = self.page.map(|page| (PAGE.to_owned(), page));
        let parts = self.folder.iter().map(|it| it.replace('/', SLASH));
        Subscription {
            name: Some(self.title)
                .filter(|it| own != Some(it))
                .unwrap_or_default(),
            folder: parts.collect::<Vec<_>>().join("/"),
            attributes: self.attributes.into_iter().chain(page).collect(),
            url: self.url,
        }
    }

    /// A feed of the library as lists of feeds tell of it.
    pub fn of(feed: &Feed) -> Self {
        let it = &feed.subscription;
        let kept = |name: &str| it.attributes.iter().find(|(its, _)| its == name);
        let page = feed.page.as_ref().or(kept(PAGE).map(|(_, page)| page));
        let attributes = it.attributes.iter().filter(|(name, _)| name != PAGE);
        let parts = it.folder.split('/').filter(|it| !it.is_empty());
        Followed {
            url: it.url.clone(),
            title: Some(feed.name())
                .filter(|name| *name != it.url)
                .unwrap_or_default()
                .to_owned(),
            page: page.cloned(),
            folder: parts.map(|it| it.replace(SLASH, "/")).collect(),
            attributes: attributes.cloned().collect(),
        }
    }
}

/// An entry of a list that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What it is called, or else what it says.
    pub name: String,
    /// Why it is not taken, and what to do.
    pub reason: String,
    /// The line on which it stands, where that is known.
    pub line: Option<usize>,
    /// Whether it is wrong, and not only something that is never taken from a list.
    pub wrong: bool,
}

/// A name as words, whatever markup it came in.
pub fn words(text: &str) -> String {
    clean::line(&text::visible(text))
}

/// The address of a feed, as it is fetched.
///
/// # Errors
/// Why it never is, in words: only the web is asked, and nothing is ever run on account of a list.
pub(super) fn address(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it has no address".to_owned());
    }
    if text.len() > LONGEST {
        return Err("its address is too long to be one".to_owned());
    }
    if let Some(printed) = Printed::of(text) {
        return Err(as_setting(&printed, "", ""));
    }
    let lower = text
        .get(..text.floor_char_boundary(8))
        .unwrap_or_default()
        .to_ascii_lowercase();
    if lower.starts_with("filter:") {
        return Err(
            "it is a filter without the address of what it reads: filter:COMMAND:ADDRESS"
                .to_owned(),
        );
    }
    // "feed:" was once put before addresses for browsers to find their reader.
    let bare = match lower.strip_prefix("feed:") {
        Some(_) => text.get(5..).unwrap_or_default(),
        None => text,
    };
    let whole = if let Some(rest) = bare.strip_prefix("//") {
        format!("https://{rest}")
    } else if !bare.contains("://") && names_host(bare) {
        format!("https://{bare}")
    } else {
        bare.to_owned()
    };
    let url = Url::parse(&whole).map_err(|_| "its address is none".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") {
        let scheme = clean::line(url.scheme());
        return Err(format!(
            "{scheme}: addresses are not fetched; http: and https: are"
        ));
    }
    // A space or a control character within would be another one in a header or a log.
    let odd = |c: char| c.is_control() || c.is_whitespace();
    Ok(
        if whole.contains(odd) || clean::text(&whole) != whole.as_str() {
            url.into()
        } else {
            whole
        },
    )
}

/// Why what a list has printed is not taken, and what has it printed in the settings: lines that can be copied.
pub(super) fn as_setting(printed: &Printed<'_>, title: &str, folder: &str) -> String {
    let quoted = |text: &str| format!("{:?}", clean::line(text));
    let command: Vec<String> = printed.command().iter().map(|it| quoted(it)).collect();
    let what = match printed {
        Printed::File(_) => "it is a file, and none is read on account of a list",
        _ => "it is a command, and none is run that stands in a list",
    };
    let mut lines = format!(
        "{what}; if you trust it, write these lines into your settings (recto config path says where), and \
         import again:\n    [[feed]]\n    command = [{}]",
        command.join(", ")
    );
    // What a feed that is filtered calls itself may be what is filtered out, and its command is long.
    let host = match printed {
        Printed::Filtered(_, url) => Url::parse(url)
            .ok()
            .and_then(|it| it.host_str().map(str::to_owned)),
        _ => None,
    };
    let name = match title {
        "" => host.as_deref().unwrap_or_default(),
        title => title,
    };
    for (key, value) in [("name", name), ("folder", folder)] {
        if !value.is_empty() {
            lines.push_str(&format!("\n    {key} = {}", quoted(value)));
        }
    }
    lines
}

/// Whether an address without a scheme begins with a host's name.
fn names_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    name.contains('.')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && port.bytes().all(|b| b.is_ascii_digit())
}

/// The form in which two addresses of one feed are alike: whatever its scheme, and without a fragment.
pub fn known_by(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else {
        return address.to_owned();
    };
    url.set_fragment(None);
    let text = String::from(url);
    match text.split_once("://") {
        Some((_, rest)) => rest.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_are_taken() {
        for (text, taken) in [
            ("https://example.org/feed", "https://example.org/feed"),
            (" http://example.org ", "http://example.org"),
            ("feed://example.org/a", "https://example.org/a"),
            ("feed:http://example.org/a", "http://example.org/a"),
            ("FEED:https://example.org/a", "https://example.org/a"),
            ("//example.org/a", "https://example.org/a"),
            ("example.org/a:b", "https://example.org/a:b"),
            ("example.org:8080/a", "https://example.org:8080/a"),
            (
                "https://example.org/a b\u{7}c",
                "https://example.org/a%20b%07c",
            ),
        ] {
            assert_eq!(address(text).as_deref(), Ok(taken), "{text}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for (text, reason) in [
            ("", "it has no address"),
            ("exec:~/bin/feed", "it is a command"),
            ("Exec:rm -rf /", "it is a command"),
            ("filter:x:http://a.b/", "it is a command"),
            ("|curl x", "it is a command"),
            ("filter:x", "it is a filter without the address"),
            ("file:///etc/passwd", "it is a file, and none is read"),
            ("feed:file:///etc/passwd", "file: addresses are not fetched"),
            (
                "javascript:alert(1)",
                "javascript: addresses are not fetched",
            ),
            ("/feed.xml", "its address is none"),
            ("https://", "its address is none"),
        ] {
            let told = address(text).unwrap_err();
            assert!(told.starts_with(reason), "{text}: {told}");
        }
        assert!(address(&format!("https://a.b/{}", "x".repeat(5000))).is_err());
    }

    #[test]
    fn what_is_to_be_written_instead_can_be_copied() {
        let printed = Printed::of("filter:awk '{print \"x\"}':https://a.b/it's").unwrap();
        let told = as_setting(&printed, "The \"sea\"", "News");
        // Without a title, it is called as its host is: the command is long.
        assert!(as_setting(&printed, "", "").contains("\n    name = \"a.b\""));
        let (_, lines) = told.split_once('\n').unwrap();
        let table: toml::Table = lines.parse().unwrap();
        let feed = &table["feed"][0];
        let line = r#"curl -fsSL 'https://a.b/it'\''s' | awk '{print "x"}'"#;
        assert_eq!(feed["command"][2].as_str(), Some(line));
        assert_eq!(feed["name"].as_str(), Some("The \"sea\""));
        assert_eq!(feed["folder"].as_str(), Some("News"));
    }

    #[test]
    fn one_feed_is_known_by_one_address() {
        assert_eq!(known_by("http://A.b"), known_by("https://a.b/#x"));
        assert_ne!(known_by("https://a.b/1"), known_by("https://a.b/2"));
    }
}
