//! Finding the feed that somebody means: they give the address of a feed, or of a site that has one.

use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use url::Url;

use super::{
    Client, FetchError, Fetched, Request,
    address::{address, names_scheme},
    client::bare,
    error::DiscoverError,
};
use crate::{
    ingest::{
        discover::{common_paths, looks_like_feed, offered, well_known},
        feed::{self, Feed, Origin},
        media_type, opml,
    },
    library::Library,
    story::{Offer, clean, link},
};

/// Requests that finding a feed may take: a site is not searched, only looked at.
const REQUESTS: usize = 8;

/// How many of them may go to where a well-known site should have its feeds, before its page is looked at.
const KNOWN: usize = 3;

/// Entries by which two feeds are seen to be one in two formats.
const ALIKE: usize = 10;

/// The feeds that are published at an address, or announced there, the likeliest first and those of comments
/// last; never none. Each was fetched, and is a feed.
///
/// # Errors
/// Says in words why there is none.
pub fn discover(
    client: &Client,
    typed: &str,
    stop: &AtomicBool,
) -> Result<Vec<Offer>, DiscoverError> {
    let mut url = address(typed)?;
    match look_at(client, &url, stop) {
        // Whoever names no scheme may mean the other one.
        Err(DiscoverError::Fetch(https @ FetchError::Unreachable { .. }))
            if !names_scheme(typed) && url.set_scheme("http").is_ok() =>
        {
            match look_at(client, &url, stop) {
                Err(DiscoverError::Fetch(http @ FetchError::Unreachable { .. })) => {
                    Err(neither(https, http))
                }
                // A server that answers says more than one that does not.
                answered => answered,
            }
        }
        found => found,
    }
}

/// Why neither scheme led anywhere. What a server without a secure connection says to one who wants one tells
/// nothing; a certificate tells more than a port where nobody listens.
fn neither(https: FetchError, http: FetchError) -> DiscoverError {
    let [first, second] = match http.tells() > https.tells() {
        true => [(http, "http://"), (https, "https://")],
        false => [(https, "https://"), (http, "http://")],
    };
    let same = first.0.to_string() == second.0.to_string();
    match second.0 {
        FetchError::Unreachable { cause, .. } if !same => {
            DiscoverError::Neither(first.0, first.1, cause, second.1)
        }
        _ => first.0.into(),
    }
}

/// The same for somebody who may have subscribed to it before: a server that asked to be left alone until later is
/// not asked where it is known what lies there.
///
/// # Errors
/// Says in words why there is none.
pub fn find(
    library: &Library,
    client: &Client,
    typed: &str,
    stop: &AtomicBool,
) -> Result<Vec<Offer>, DiscoverError> {
    let url = bare(address(typed)?);
    let known = library.resting_feed(address(typed)?.as_str());
    if let Some(url) = known.ok().flatten() {
        return Ok(vec![Offer {
            url,
            title: String::new(),
            comments: false,
            guessed: false,
        }]);
    }
    if let Ok(Some(until)) = library.resting_address(url.as_str()) {
        let host = url.host_str().unwrap_or_default();
        let told = format!("{} asked to be left alone", clean::line(host));
        return Err(DiscoverError::Resting { told, until });
    }
    let found = discover(client, typed, stop);
    if let Err(DiscoverError::Fetch(refused)) = &found
        && let FetchError::Status {
            wait: Some(wait), ..
        } = refused
        && !wait.is_zero()
    {
        let wait = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
        let until = Timestamp::now().as_second().saturating_add(wait);
        // What cannot be kept is asked for once more.
        let _ = library.leave_alone(url.as_str(), until);
        let told = refused.to_string();
        return Err(DiscoverError::Resting { told, until });
    }
    found
}

fn look_at(client: &Client, url: &Url, stop: &AtomicBool) -> Result<Vec<Offer>, DiscoverError> {
    let mut looking = Looking {
        client,
        stop,
        typed: url,
        left: REQUESTS,
        guessed: false,
        found: Vec::new(),
    };
    if !looks_like_feed(url) {
        for known in well_known(url).iter().take(KNOWN) {
            let looked = looking.at(known, "", false);
            // A site that cannot be reached need not be asked once more.
            if let Err(error @ (FetchError::Unreachable { .. } | FetchError::Cancelled)) = looked {
                return Err(error.into());
            }
        }
    }
    if looking.found.is_empty() {
        looking.on_page()?;
    }
    if looking.found.is_empty() {
        return Err(DiscoverError::Nothing(clean::line(url.as_str())));
    }
    let found = looking.found.into_iter().map(|it| it.offer);
    Ok(found.collect())
}

/// Looks for feeds at addresses, so many at most.
struct Looking<'a> {
    client: &'a Client,
    stop: &'a AtomicBool,
    typed: &'a Url,
    left: usize,
    /// Whether what is looked at now is nothing that was typed or declared.
    guessed: bool,
    found: Vec<Found>,
}

/// A feed that was found, and what tells it from others.
struct Found {
    offer: Offer,
    entries: Vec<String>,
}

impl Looking<'_> {
    /// Looks at what was typed: a feed, or a page that says where one is.
    fn on_page(&mut self) -> Result<(), DiscoverError> {
        let page = self.fetch(self.typed)?;
        if let Some(feed) = read(&page) {
            let url = page.moved.clone().unwrap_or_else(|| self.typed.clone());
            self.take(&url, feed, "", false);
            self.keep(url, page);
            return Ok(());
        }
        let body = page.body.as_deref().unwrap_or_default();
        if opml::read(body).is_ok_and(|it| !it.subscriptions().feeds.is_empty()) {
            return Err(DiscoverError::List(clean::line(self.typed.as_str())));
        }
        let charset = page.content_type.as_deref().and_then(media_type::charset);
        let base = self.signed(&page.url);
        for offer in offered(body, charset, &base) {
            self.passing(&offer.url, &offer.title, offer.comments)?;
        }
        for path in common_paths(&base) {
            // Whatever lies there is what the site has; nobody declared any.
            if self.found.iter().any(|it| !it.offer.comments) {
                break;
            }
            self.guessed = !self.is_meant(&path);
            self.passing(&path, "", false)?;
        }
        self.found.sort_by_key(|it| it.offer.comments);
        Ok(())
    }

    /// Looks whether a feed is at an address that a page may only believe in.
    fn passing(&mut self, url: &Url, title: &str, comments: bool) -> Result<(), FetchError> {
        match self.at(url, title, comments) {
            Err(FetchError::Cancelled) => Err(FetchError::Cancelled),
            _ => Ok(()),
        }
    }

    /// Looks whether a feed is at an address, as long as looking goes on.
    fn at(&mut self, url: &Url, title: &str, comments: bool) -> Result<(), FetchError> {
        if self.left == 0 {
            return Ok(());
        }
        let fetched = self.fetch(url)?;
        if let Some(feed) = read(&fetched) {
            let url = fetched.moved.clone().unwrap_or_else(|| url.clone());
            self.take(&url, feed, title, comments);
            self.keep(url, fetched);
        }
        Ok(())
    }

    /// An address on the server that was typed, with the user and the password that were typed with it.
    fn signed(&self, url: &Url) -> Url {
        let mut url = url.clone();
        if url.origin() == self.typed.origin() {
            let _ = url.set_username(self.typed.username());
            let _ = url.set_password(self.typed.password());
        }
        url
    }

    /// Whether whoever typed the address means what is at `path`, too: all of a site, or what lies below a page.
    fn is_meant(&self, path: &Url) -> bool {
        let typed = self.typed.path().trim_end_matches('/');
        let below = path.path().strip_prefix(typed);
        self.typed.query().is_none() && below.is_some_and(|it| it.starts_with('/'))
    }

    fn fetch(&mut self, url: &Url) -> Result<Fetched, FetchError> {
        self.left = self.left.saturating_sub(1);
        // A page may name other machines of the reader's network; only where it is one of them itself it
        // has them asked.
        let request = Request {
            typed: url.host_str() == self.typed.host_str(),
            ..Request::typed(url.clone())
        };
        self.client.fetch(&request, self.stop)
    }

    /// Keeps what was fetched for when it is subscribed to, unless it lies elsewhere than it is asked for.
    fn keep(&self, url: Url, fetched: Fetched) {
        if fetched.url == bare(url.clone()) {
            self.client.keep(Fetched {
                url,
                moved: None,
                ..fetched
            });
        }
    }

    fn take(&mut self, url: &Url, feed: Feed, title: &str, comments: bool) {
        let entries: Vec<String> = feed
            .entries
            .iter()
            .take(ALIKE)
            .filter_map(|it| it.link.as_deref().and_then(link::canonical))
            .collect();
        let is_same = |it: &Found| {
            it.offer.url == url.as_str() || !entries.is_empty() && it.entries == entries
        };
        if self.found.iter().any(is_same) {
            return;
        }
        let title = match &*feed.title {
            "" => title.to_owned(),
            _ => feed.title,
        };
        let offer = Offer {
            url: url.to_string(),
            title,
            comments,
            guessed: self.guessed,
        };
        self.found.push(Found { offer, entries });
    }
}

/// The feed that was fetched, if it is one.
fn read(fetched: &Fetched) -> Option<Feed> {
    let body = fetched.body.as_deref()?;
    if !feed::is_feed(body) {
        return None;
    }
    let charset = fetched
        .content_type
        .as_deref()
        .and_then(media_type::charset);
    let origin = Origin {
        address: Some(&fetched.url),
        charset,
    };
    feed::read(body, origin).ok()
}
