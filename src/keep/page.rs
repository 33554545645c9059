//! Getting pages: an address or a file's bytes become a story.

use std::{borrow::Cow, path::Path, sync::atomic::AtomicBool, time::Duration};

use url::Url;

use super::{before::believe, text::written};
use crate::{
    document::resolve_addresses,
    ingest::{self, IngestError, Page, PageOrigin, feed, read_page},
    net::{Client, FetchError, Large, Request, Unreachable},
    story::{Kind, Story, clean, link, words},
};

/// Bytes of a page, at most.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Bytes of a book that is kept, at most: it is in memory for a moment.
pub const LARGEST_BOOK: u64 = 256 * 1024 * 1024;

/// Books are larger, and take longer.
const BOOKS: Large = Large {
    is: |content_type, address, beginning| {
        let name = name_of(address);
        let content_type = Some(content_type).filter(|it| !it.is_empty());
        let origin = PageOrigin {
            name: &name,
            content_type,
            address: None,
        };
        origin.is_book(beginning)
    },
    size: LARGEST_BOOK,
    total: Duration::from_secs(10 * 60),
};

/// A text of a feed with fewer words than this is more likely a teaser than a story.
const TEASER: usize = 100;

/// Words with which feeds end a text that goes on elsewhere, in small letters.
const GOES_ON: [&str; 14] = [
    "read more",
    "continue reading",
    "keep reading",
    "read the full",
    "read the rest",
    "full story",
    "weiterlesen",
    "mehr lesen",
    "lire la suite",
    "en savoir plus",
    "leer más",
    "seguir leyendo",
    "continua a leggere",
    "читать далее",
];

/// A request for a page.
#[derive(Debug)]
pub struct Asking<'a> {
    /// What fetches.
    pub client: &'a Client,
    /// The address.
    pub url: Url,
    /// Whether the user gave it: only then may it be one of their own machine or network.
    pub typed: bool,
    /// Further headers, sent to the host of `url` alone.
    pub headers: Vec<(String, String)>,
    /// Ends it early.
    pub stop: &'a AtomicBool,
}

/// A page that was fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// What is to be read of it.
    pub story: Story,
    /// Whether there is a story on it at all.
    pub is_story: bool,
    /// Whether there is a form on it to sign in by instead.
    pub asks: bool,
    /// Where it was found in the end.
    pub address: Url,
    /// Whether it lies on the own machine or network.
    pub home: bool,
    /// All of its bytes, of a book or of mail: there is more in these than their text.
    pub whole: Option<Vec<u8>>,
}

impl Fetched {
    /// What is read of it where it is not kept: a book and mail as they are, of a page its story.
    pub fn to_pass(self) -> Vec<u8> {
        self.whole
            .unwrap_or_else(|| written(&self.story, None).into_bytes())
    }
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It is a feed.
    #[error(
        "{0}: this is a feed, not a page; recto subscribe, or a in the program, subscribes to it"
    )]
    Feed(String),
    /// It is no text.
    #[error("{address}: {cause}")]
    NoText {
        /// Its address or its file.
        address: String,
        /// What is wrong with it.
        cause: IngestError,
    },
    /// The settings say how it is to be asked for, and that cannot be done.
    #[error("{0}")]
    Terms(String),
    /// The story names no page.
    #[error("this story names no page")]
    Nowhere,
    /// There is no story on it.
    #[error("{address}: {}", without_story(*.asks))]
    NoStory {
        /// Its address or its file.
        address: String,
        /// Whether there is a form on it to sign in by instead.
        asks: bool,
    },
    /// There are no words on it.
    #[error("{address}: {why}")]
    Empty {
        /// Its address or its file.
        address: String,
        /// Why there may be none.
        why: &'static str,
    },
}

/// What is said of a page that has no story.
pub fn without_story(asks: bool) -> &'static str {
    match asks {
        true => "this page asks to sign in and shows no story",
        false => "there is no story on this page",
    }
}

impl PageError {
    /// What is wrong, without the address, for whoever has named it.
    pub fn reason(&self, address: &str) -> String {
        let said = self.to_string();
        let rest = said.strip_prefix(address).map(str::trim_start);
        let rest = rest
            .and_then(|it| it.strip_prefix(':'))
            .map(str::trim_start);
        rest.map_or(said.clone(), str::to_owned)
    }

    /// Whether it may come when it is asked for again ([`FetchError::may_pass`]).
    pub fn may_pass(&self) -> bool {
        matches!(self, PageError::Fetch(error) if error.may_pass())
    }

    /// What is there instead of a page, if something is: no text, or more than is read of one. All that can be kept
    /// of it is a link.
    pub fn what(&self) -> Option<String> {
        match self {
            PageError::NoText { cause, .. } => Some(cause.to_string()),
            PageError::Fetch(error @ FetchError::TooLarge { .. }) => Some(error.to_string()),
            _ => None,
        }
    }

    /// A story without words for what is there, called as its file is.
    pub fn unread(&self, address: &Url) -> Option<Story> {
        self.what()
            .map(|_| Story::new(Kind::Page, name_of(address), String::new()))
    }

    /// Whether nothing is there any more, or nobody can be asked: a copy is all that is left.
    pub fn is_dead(&self) -> bool {
        match self {
            PageError::Fetch(FetchError::Status { status, .. }) => {
                matches!(status, 401..=404 | 410 | 451 | 500..=599)
            }
            PageError::Fetch(FetchError::Unreachable { cause, .. }) => {
                !matches!(cause, Unreachable::Proxy(_))
            }
            _ => false,
        }
    }
}

/// Fetches a page and reads the story on it.
///
/// # Errors
/// Says in words why there is none, and names the address.
pub fn fetch(asking: Asking<'_>) -> Result<Fetched, PageError> {
    let request = Request {
        typed: asking.typed,
        headers: asking.headers,
        most: Some(LARGEST),
        large: Some(BOOKS),
        leads_on: Some(leads_on),
        ..Request::typed(asking.url)
    };
    let fetched = asking.client.fetch(&request, asking.stop)?;
    // Nothing was known before, so nothing can be unchanged.
    let bytes = fetched.body.unwrap_or_default();
    let shown = clean::line(fetched.url.as_str());
    if feed::is_feed(&bytes) {
        return Err(PageError::Feed(shown));
    }
    let origin = PageOrigin {
        name: &name_of(&fetched.url),
        content_type: fetched.content_type.as_deref(),
        address: Some(&fetched.url),
    };
    let more = origin.is_book(&bytes) || ingest::is_mail(&bytes, origin.name);
    let (page, whole) = match more {
        true => {
            let page = read(Cow::Borrowed(&*bytes), &shown, origin)?;
            let is_more = !page.is_html;
            (page, is_more.then_some(bytes))
        }
        false => (read(Cow::Owned(bytes), &shown, origin)?, None),
    };
    Ok(Fetched {
        whole,
        story: page.story,
        is_story: page.is_story,
        asks: page.asks,
        address: fetched.url,
        home: fetched.home,
    })
}

/// Where a page sends its reader that has no story itself.
fn leads_on(content_type: Option<&str>, address: &Url, bytes: &[u8]) -> Option<Url> {
    let origin = PageOrigin {
        name: &name_of(address),
        content_type,
        address: Some(address),
    };
    let next = ingest::refreshes(bytes, origin)?;
    let has_story = read_page(bytes, origin).is_ok_and(|it| it.is_story);
    (!has_story && next != *address).then_some(next)
}

/// Reads the story in a file, or in what came through standard input. `address` is where it was published.
///
/// # Errors
/// As [`fetch`].
pub fn read_file(bytes: Vec<u8>, name: &str, address: Option<&Url>) -> Result<Page, PageError> {
    let shown = clean::line(name);
    if feed::is_feed(&bytes) {
        return Err(PageError::Feed(shown));
    }
    let file = Path::new(name).file_name().unwrap_or_default();
    let origin = PageOrigin {
        name: &file.to_string_lossy(),
        content_type: None,
        address,
    };
    read(bytes.into(), &shown, origin)
}

fn read(bytes: Cow<'_, [u8]>, shown: &str, origin: PageOrigin<'_>) -> Result<Page, PageError> {
    let no_text = |cause| PageError::NoText {
        address: shown.to_owned(),
        cause,
    };
    let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
    let mut page = read_page(bytes, origin).map_err(no_text)?;
    if page.story.markdown.trim().is_empty() && !(page.is_html && page.story.title_given) {
        let is_data = origin.content_type.is_some_and(|it| it.contains("json"));
        let why = match (is_blank, page.is_html) {
            (true, _) => "there is nothing on this page at all",
            (_, true) => {
                "there is no text on this page; it may be made by scripts, which recto does not run"
            }
            _ if is_data => "this is data for programs (JSON), and no page",
            _ => "there is no text in it",
        };
        let address = shown.to_owned();
        return Err(PageError::Empty { address, why });
    }
    if let Some(base) = origin.address {
        resolve(&mut page.story, base);
        believe(&mut page.story, base);
    }
    Ok(page)
}

/// Has relative addresses in a story begin at `base`.
fn resolve(story: &mut Story, base: &Url) {
    let whole = |address: &str| base.join(address).ok().map(String::from);
    story.markdown = resolve_addresses(&story.markdown, whole);
    story.url.get_or_insert_with(|| clean::line(base.as_str()));
    let images = story.lead_image.iter_mut().map(|it| &mut it.src);
    let texts = story.url.iter_mut().chain(&mut story.comments_url);
    for address in texts.chain(images).filter(|it| !it.is_empty()) {
        if let Some(found) = whole(address) {
            *address = clean::line(&found);
        }
    }
}

/// The last part of an address.
fn name_of(address: &Url) -> String {
    let last = address.path_segments().and_then(|mut it| it.next_back());
    let name = last.filter(|it| !it.is_empty()).or(address.host_str());
    clean::line(&link::decode_percent(name.unwrap_or_default()))
}

/// Whether the text that a feed has of a story is likely only its beginning.
pub fn is_cut_short(story: &Story) -> bool {
    let text = story.markdown.trim_end();
    if words(text) < TEASER {
        return true;
    }
    let last = text.lines().next_back().unwrap_or_default().to_lowercase();
    let words = last.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '…' && c != '.');
    let ends = ["…", "...", "[...", "[…"]
        .iter()
        .any(|it| words.ends_with(it));
    let short = last.chars().count() < 300;
    ends || short && GOES_ON.iter().any(|it| last.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Kind;

    #[test]
    fn a_text_that_goes_on_elsewhere_is_told() {
        let of = |end: &str| {
            let text = format!("{}\n\n{end}", "word ".repeat(200));
            is_cut_short(&Story::new(Kind::Feed, "A", text))
        };
        assert!(of("and then […]"));
        assert!(of("and then…"));
        assert!(of("[Continue reading →](https://e.org/a)"));
        assert!(!of("That was all."));
        assert!(is_cut_short(&Story::new(Kind::Feed, "A", "Only this.")));
    }

    #[test]
    fn why_there_is_no_text_is_told_as_far_as_it_is_known() {
        let of = |bytes: &[u8], content_type| {
            let address: Url = "https://e.org/a".parse().unwrap();
            let origin = PageOrigin {
                name: "a",
                content_type: Some(content_type),
                address: Some(&address),
            };
            let read = read(Cow::Borrowed(bytes), "https://e.org/a", origin);
            read.map_err(|it| it.reason("https://e.org/a"))
                .err()
                .unwrap_or_default()
        };
        assert!(of(b" \n", "text/html").contains("nothing on this page at all"));
        assert!(of(b"{\"a\": 1}", "application/json").contains("JSON"));
        assert!(of(b"<p id=root></p>", "text/html").contains("made by scripts"));
    }

    #[test]
    fn a_text_without_a_scheme_in_its_links_gets_its_own() {
        let base: Url = "https://e.org/a/b.md".parse().unwrap();
        let page = read_file(b"# A\n\n[c](c) ![d](/d.png)".to_vec(), "b.md", Some(&base)).unwrap();
        assert_eq!(
            page.story.markdown.trim(),
            "[c](https://e.org/a/c) ![d](https://e.org/d.png)"
        );
        assert_eq!(page.story.url.as_deref(), Some("https://e.org/a/b.md"));
        assert!(matches!(
            read_file(b"\x7FELF\0\0\0\0\0\0".to_vec(), "a", None),
            Err(PageError::NoText { .. })
        ));
    }
}
