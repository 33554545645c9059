//! Which feeds a site has: what its pages offer, what is known of well-known sites, and where feeds
//! commonly lie.
//!
//! Nothing here fetches anything. Whoever does asks in this order: [`well_known`] for addresses that can
//! be told without looking, [`offered`] for what the page itself says, and [`common_paths`] as a guess.

mod sites;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use url::Url;

pub use sites::well_known;

use super::{
    decode,
    html::tree::{DOCUMENT, Id, Tree},
    subscription::known_by,
};
use crate::story::clean;

/// Bytes of a page that are looked at: feeds are offered in its head.
const LARGEST: usize = 4 * 1024 * 1024;

/// Feeds that are offered to somebody who has to choose.
const MOST: usize = 50;

/// A feed that a page offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its address.
    pub url: Url,
    /// What the page calls it; empty where it does not.
    pub title: String,
    /// What it is in, as the page says it.
    pub media_type: Option<String>,
    /// Whether it has comments on stories, not stories.
    pub comments: bool,
    /// Whether the page declares it (`<link>`), and not only links to something that looks like a feed.
    pub declared: bool,
}

/// The feeds that a page offers, the best first: those it declares, and where there are none, those it
/// links to; of either, feeds of comments last. `charset` is what came with the bytes.
pub fn offered(bytes: &[u8], charset: Option<&str>, page: &Url) -> Vec<Offer> {
    let bytes = bytes.get(..bytes.len().min(LARGEST)).unwrap_or_default();
    let html = decode::markup(bytes, charset);
    let tree = Tree::of(&html);
    let base = tree
        .within(DOCUMENT)
        .filter(|it| tree.name(*it) == "base")
        .find_map(|it| page.join(tree.attribute(it, "href")?.trim()).ok());
    let looking = Looking {
        tree: &tree,
        base: base.as_ref().unwrap_or(page),
    };
    let declared = looking.all("link", Looking::declared);
    if declared.iter().any(|it| !it.comments) {
        return declared;
    }
    let mut all = looking.all("a", Looking::linked);
    // What lies elsewhere is more often another site's.
    all.sort_by_key(|it| it.url.host_str() != page.host_str());
    let mut offers = declared;
    offers.extend(all);
    once(offers)
}

/// A page in which feeds are looked for.
struct Looking<'a> {
    tree: &'a Tree,
    base: &'a Url,
}

impl Looking<'_> {
    /// What elements of this name offer.
    fn all(&self, name: &str, offer: impl Fn(&Self, Id) -> Option<Offer>) -> Vec<Offer> {
        let elements = self.tree.within(DOCUMENT);
        let named = elements.filter(|it| self.tree.name(*it) == name);
        once(named.filter_map(|it| offer(self, it)).collect())
    }

    /// `<link rel="alternate" type="application/rss+xml" href="…">` (RSS autodiscovery), and what comes
    /// close to it.
    fn declared(&self, element: Id) -> Option<Offer> {
        let rel = self.tree.attribute(element, "rel")?.to_ascii_lowercase();
        let is = |wanted: &str| rel.split_ascii_whitespace().any(|it| it == wanted);
        let url = self.address(element)?;
        let media_type = self.media_type(element);
        let feed = match media_type.as_deref() {
            Some(media_type) => is_feed_type(media_type) && !is_interface(&url),
            None => looks_like_feed(&url),
        };
        let offers = is("feed") || (is("alternate") && !is("stylesheet") && feed);
        let title = self.tree.attribute(element, "title").unwrap_or_default();
        offers.then(|| offer(url, title, media_type, true))
    }

    /// `<a href="…">` that leads to something that looks like a feed.
    fn linked(&self, element: Id) -> Option<Offer> {
        let url = self.address(element)?;
        let media_type = self.media_type(element);
        let typed = media_type.as_deref().is_some_and(is_feed_type);
        if !(typed || looks_like_feed(&url)) || is_interface(&url) || is_reader(&url) {
            return None;
        }
        let words = self.tree.text(element);
        let title = self.tree.attribute(element, "title").unwrap_or(&words);
        Some(offer(url, title, media_type, false))
    }

    fn media_type(&self, element: Id) -> Option<String> {
        let written = self.tree.attribute(element, "type")?;
        let bare = written.split(';').next()?.trim().to_ascii_lowercase();
        (!bare.is_empty()).then(|| clean::line(&bare))
    }

    fn address(&self, element: Id) -> Option<Url> {
        let href = self.tree.attribute(element, "href")?.trim();
        let bare = href.strip_prefix("feed:").unwrap_or(href);
        let url = match bare.strip_prefix("//") {
            // "feed://" stands for the web, whichever.
            Some(rest) if bare.len() < href.len() => Url::parse(&format!("https://{rest}")),
            _ => self.base.join(bare),
        };
        url.ok()
            .filter(|it| matches!(it.scheme(), "http" | "https"))
    }
}

fn offer(mut url: Url, title: &str, media_type: Option<String>, declared: bool) -> Offer {
    url.set_fragment(None);
    let title = clean::line(title);
    Offer {
        comments: is_of_comments(&url, &title),
        url,
        title,
        media_type,
        declared,
    }
}

/// Each feed once, those of comments last.
fn once(mut offers: Vec<Offer>) -> Vec<Offer> {
    let mut seen = HashSet::new();
    offers.retain(|it| seen.insert(known_by(it.url.as_str())));
    offers.sort_by_key(|it| it.comments);
    offers.truncate(MOST);
    offers
}

/// Whether feeds are of this media type, or may be.
fn is_feed_type(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json"
            | "application/json"
            | "application/xml"
            | "application/rss"
            | "application/atom"
            | "text/rss"
            | "text/rss+xml"
            | "text/atom+xml"
            | "text/xml"
    )
}

/// Whether an address is one that programs ask (WordPress names its own among the alternates).
fn is_interface(url: &Url) -> bool {
    let query = url.query().unwrap_or_default();
    url.path().contains("/wp-json/")
        || url.path().contains("oembed")
        || query.contains("rest_route=")
}

/// Whether an address leads to a program that reads feeds and has one in its path.
fn is_reader(url: &Url) -> bool {
    const READERS: [&str; 7] = [
        "feedly.com",
        "inoreader.com",
        "theoldreader.com",
        "newsblur.com",
        "netvibes.com",
        "yahoo.com",
        "subtome.com",
    ];
    let host = url.host_str().unwrap_or_default();
    READERS.iter().any(|it| {
        host.strip_suffix(it)
            .is_some_and(|it| it.is_empty() || it.ends_with('.'))
    })
}

/// Whether an address looks like that of a feed.
pub fn looks_like_feed(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let named = matches!(
        last,
        "feed" | "rss" | "atom" | "feeds" | "rss2" | "rdf" | "index.xml" | "feed.json" | "rss.php"
    );
    let ended = [
        ".rss", ".atom", ".rdf", "feed.xml", "rss.xml", "atom.xml", "rss2.xml",
    ];
    let asked = url.query_pairs().any(|(name, value)| {
        name == "feed" && !value.is_empty()
            || matches!(&*name, "format" | "type" | "alt")
                && matches!(&*value, "rss" | "atom" | "feed" | "rss2")
    });
    named
        || asked
        || ended.iter().any(|it| last.ends_with(it))
        || path.ends_with("/feeds/posts/default")
        || path.ends_with("/feeds/videos.xml")
}

fn is_of_comments(url: &Url, title: &str) -> bool {
    const WORDS: [&str; 5] = [
        "comment",
        "kommentar",
        "comentario",
        "comentário",
        "reacties",
    ];
    let title = title.to_lowercase();
    let path = url.path().to_ascii_lowercase();
    WORDS.iter().any(|it| title.contains(it))
        || path
            .split('/')
            .any(|it| matches!(it, "comments" | "comment"))
        || path.contains("comments.")
        || url.query().is_some_and(|it| it.contains("comments"))
}

/// Where feeds commonly lie: in the folder of an address, and at the top of its site. The most common
/// first; whoever asks stops at the first that is one, and does not ask for all of them: so the top has its turn
/// before names that are rare.
pub fn common_paths(url: &Url) -> Vec<Url> {
    const NAMES: [&str; 11] = [
        "feed",
        "rss.xml",
        "feed.xml",
        "atom.xml",
        "index.xml",
        "rss",
        "feed.json",
        "feed.atom",
        "index.rdf",
        "feed/atom",
        "blog/feed",
    ];
    /// Names that are tried in both places before the others.
    const COMMON: usize = 4;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Vec::new();
    }
    let mut top = url.clone();
    top.set_query(None);
    top.set_fragment(None);
    let mut folder = top.clone();
    // A page lies in a folder; what has no ending is taken for one.
    let path = folder.path();
    let (parent, last) = path.rsplit_once('/').unwrap_or_default();
    let own = match last.contains('.') || last.is_empty() {
        true => format!("{parent}/"),
        false => format!("{path}/"),
    };
    folder.set_path(&own);
    top.set_path("/");
    let mut paths: Vec<Url> = Vec::new();
    let (common, rare) = NAMES.split_at(COMMON);
    let turns = [
        (&folder, common),
        (&top, common),
        (&folder, rare),
        (&top, rare),
    ];
    for (place, names) in turns {
        for name in names {
            if let Ok(path) = place.join(name)
                && !paths.contains(&path)
            {
                paths.push(path);
            }
        }
    }
    paths
}
