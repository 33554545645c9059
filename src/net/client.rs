//! The one HTTP client: whatever recto fetches, it fetches within these limits.

use std::{
    io::{self, Read},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use rustls::crypto::ring;
use ureq::{
    Agent, Body, Error, Proxy, Timeout,
    http::{Response, header},
    tls::{RootCerts, TlsConfig},
    unversioned::transport::DefaultConnector,
};
use url::Url;

use super::{
    error::{FetchError, Unreachable, shown},
    guard::PublicOnly,
    headers,
    way::Way,
};
use crate::story::clean;

/// Who asks: servers see it in their logs.
const USER_AGENT: &str = concat!(
    "recto/",
    env!("CARGO_PKG_VERSION"),
    " (a reader in the terminal)"
);

/// How many addresses are followed from the one that was asked for.
const REDIRECTS: usize = 10;

/// Bytes that are read at once; between two reads it is seen whether they are still wanted.
const PIECE: usize = 64 * 1024;

/// How long a feed that was found is kept for whoever subscribes to it.
const A_WHILE: Duration = Duration::from_secs(60);

/// Bytes a second that a server has to send: one that drips is not waited for to the end.
const LEAST: u64 = 512;

/// How much, and how long.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body, after decompression.
    pub size: u64,
    /// From the first name that is looked up to the last byte, with all redirects.
    pub total: Duration,
    /// Until a connection stands.
    pub connect: Duration,
    /// From there to the first byte of an answer.
    pub answer: Duration,
    /// Without any byte.
    pub idle: Duration,
    /// All of it, for a server that did not answer in time just before.
    pub hurry: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            size: 32 * 1024 * 1024,
            total: Duration::from_secs(60),
            // A packet that is lost is sent again after 1, 3 and 7 seconds.
            connect: Duration::from_secs(8),
            answer: Duration::from_secs(15),
            idle: Duration::from_secs(15),
            hurry: Duration::from_secs(5),
        }
    }
}

/// What an earlier answer said by which a server knows whether there is anything new (RFC 9110,
/// section 8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// Its entity tag, as it came.
    pub etag: Option<String>,
    /// When it was changed last, as it came.
    pub modified: Option<String>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where it is; a user and a password in it are sent as basic authentication (RFC 7617).
    pub url: Url,
    /// What is preferred, as the header `Accept` says it.
    pub accept: &'static str,
    /// What an earlier answer said: unchanged, nothing is sent.
    pub validators: Validators,
    /// Further headers, sent to the host of `url` alone.
    pub headers: Vec<(String, String)>,
    /// Whether the user gave this address: only then may it be one of their own machine or network.
    pub typed: bool,
    /// Whether its server did not answer in time just before: then little is waited for.
    pub hurried: bool,
    /// Bytes of a body, where that is to be fewer than the client's limit.
    pub most: Option<u64>,
    /// What may be larger than all of that, and take longer.
    pub large: Option<Large>,
    /// Where a body leads that only sends its reader on; it is gone there as a redirect is followed.
    pub leads_on: Option<LeadsOn>,
}

/// Says where a body leads: by its media type, its address, and itself.
pub type LeadsOn = fn(Option<&str>, &Url, &[u8]) -> Option<Url>;

/// What may be larger than pages and feeds are, and take longer.
#[derive(Debug, Clone, Copy)]
pub struct Large {
    /// Whether something is: its media type as it came, where it is, and how it begins; as far as these are known.
    pub is: fn(&str, &Url, &[u8]) -> bool,
    /// Bytes of a body.
    pub size: u64,
    /// From the first name that is looked up to the last byte, where its address alone says what it is.
    pub total: Duration,
}

impl Request {
    /// Asks for an address that the user gave.
    pub fn typed(url: Url) -> Self {
        Request {
            url,
            accept: "text/html, application/xhtml+xml, text/markdown, text/plain, */*;q=0.5",
            validators: Validators::default(),
            headers: Vec::new(),
            typed: true,
            hurried: false,
            most: None,
            large: None,
            leads_on: None,
        }
    }
}

/// How large a body that begins so may be, if it may be larger than others.
type Larger<'a> = &'a dyn Fn(&[u8]) -> Option<u64>;

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it was found in the end, without a user and a password: what it links to is shown and handed over.
    pub url: Url,
    /// Where it has moved for good (301, 308), if everything on the way says so.
    pub moved: Option<Url>,
    /// The body; none where nothing is new (304).
    pub body: Option<Vec<u8>>,
    /// The media type, as it came.
    pub content_type: Option<String>,
    /// By what to ask next time.
    pub validators: Validators,
    /// How long there will be nothing new, if the server says so.
    pub fresh: Option<Duration>,
    /// Whether it was found on the own machine or network.
    pub home: bool,
}

/// Fetches. Connections are kept for the next request; it may be used by many threads at once.
#[derive(Debug)]
pub struct Client {
    /// Goes wherever it is sent.
    open: Agent,
    /// Goes to public addresses alone.
    public: Agent,
    limits: Limits,
    /// Feeds that were found just now, for whoever subscribes to them.
    found: Mutex<Vec<(Instant, Fetched)>>,
}

impl Default for Client {
    fn default() -> Self {
        Client::new(Limits::default())
    }
}

impl Client {
    /// A client with these limits. A proxy is taken from the environment (`HTTPS_PROXY`, `HTTP_PROXY`,
    /// `ALL_PROXY`, `NO_PROXY`), and who vouches for servers from the system (`SSL_CERT_FILE`,
    /// `SSL_CERT_DIR`).
    pub fn new(limits: Limits) -> Self {
        Client::with(limits, Proxy::try_from_env(), RootCerts::PlatformVerifier)
    }

    /// A client with these limits that goes this way.
    ///
    /// # Errors
    /// What is wrong with the way, in words.
    pub fn by(limits: Limits, way: &Way) -> Result<Self, String> {
        Ok(Client::with(limits, way.proxy()?, way.roots()?))
    }

    fn with(limits: Limits, proxy: Option<Proxy>, roots: RootCerts) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .user_agent(USER_AGENT)
            .proxy(proxy)
            // Each hop is looked at before it is taken.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(limits.connect))
            .timeout_recv_response(Some(limits.answer))
            .timeout_per_read(Some(limits.idle))
            .timeout_per_write(Some(limits.idle))
            .max_idle_connections_per_host(2)
            .build();
        Client {
            open: Agent::new_with_config(config.clone()),
            public: Agent::with_parts(config, DefaultConnector::default(), PublicOnly::default()),
            limits,
            found: Mutex::default(),
        }
    }

    /// Keeps a feed that was found for a moment.
    pub(super) fn keep(&self, fetched: Fetched) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.retain(|(at, _)| at.elapsed() < A_WHILE);
        found.push((Instant::now(), fetched));
    }

    /// The feed that was found at an address just now, if one was; once.
    pub(super) fn found(&self, url: &Url) -> Option<Fetched> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.retain(|(at, _)| at.elapsed() < A_WHILE);
        let at = found.iter().position(|(_, it)| it.url == *url)?;
        let (_, fetched) = found.swap_remove(at);
        Some(Fetched {
            url: bare(fetched.url),
            ..fetched
        })
    }

    /// Fetches, following redirects, until all is there or `stop` is set.
    ///
    /// # Errors
    /// Says in words why not.
    pub fn fetch(&self, request: &Request, stop: &AtomicBool) -> Result<Fetched, FetchError> {
        let Limits { total, hurry, .. } = self.limits;
        let begun = Instant::now();
        let end = begun
            + if request.hurried {
                hurry.min(total)
            } else {
                total
            };
        let mut url = request.url.clone();
        let mut moved = None;
        let mut for_good = true;
        let mut home = false;
        for _ in 0..=REDIRECTS {
            let host = host_of(&url)?;
            let large = request.large.filter(|it| (it.is)("", &url, &[]));
            let end = large.map_or(end, |it| end.max(begun + it.total));
            if stop.load(Ordering::Relaxed) {
                return Err(FetchError::Cancelled);
            }
            // Once more where the connection ended before an answer began: one that was kept from an
            // earlier request may have been closed in this moment (RFC 9112, section 9.3.1).
            let ask = |home| match self.ask(request, &url, home, end) {
                Err(FetchError::Unreachable {
                    cause: Unreachable::Cut,
                    ..
                }) => self.ask(request, &url, home, end),
                answer => answer,
            };
            let answer = match ask(home) {
                Err(FetchError::Private(_)) if request.typed && url == request.url => {
                    home = true;
                    ask(home)?
                }
                answer => answer?,
            };
            let status = answer.status().as_u16();
            let to = headers::text(answer.headers(), "location");
            match (status, to) {
                (301 | 302 | 303 | 307 | 308, Some(to)) => {
                    let next = url
                        .join(to)
                        .map_err(|_| FetchError::NoAddress(clean::line(to)))?;
                    host_of(&next)?;
                    for_good &= matches!(status, 301 | 308);
                    url = next;
                    if for_good {
                        moved = Some(url.clone());
                    }
                }
                (304, _) => return Ok(fetched(url, moved, &answer, None, home)),
                (200..=299, _) => {
                    let (parts, body) = answer.into_parts();
                    let media_type = headers::text(&parts.headers, "content-type");
                    let large = |beginning: &[u8]| {
                        let is =
                            |it: &Large| (it.is)(media_type.unwrap_or_default(), &url, beginning);
                        request.large.filter(is).map(|it| it.size)
                    };
                    let limit = self.limits.size.min(request.most.unwrap_or(u64::MAX));
                    let body = self.read(body, &host, (limit, &large), end, stop)?;
                    let next = request
                        .leads_on
                        .and_then(|leads_on| leads_on(media_type, &url, &body));
                    if let Some(next) = next {
                        host_of(&next)?;
                        for_good = false;
                        url = next;
                        continue;
                    }
                    let answer = Response::from_parts(parts, ());
                    return Ok(fetched(url, moved, &answer, Some(body), home));
                }
                _ => {
                    let wait = headers::retry_after(answer.headers(), Timestamp::now());
                    return Err(FetchError::Status { host, status, wait });
                }
            }
        }
        Err(FetchError::Endless(shown(&request.url)))
    }

    /// Sends one request and takes the headers of its answer.
    fn ask(
        &self,
        request: &Request,
        url: &Url,
        home: bool,
        end: Instant,
    ) -> Result<Response<Body>, FetchError> {
        let host = host_of(url)?;
        let left = end.saturating_duration_since(Instant::now());
        let is_own = url.origin() == request.url.origin();
        let mut asked_for = bare(url.clone());
        asked_for.set_fragment(None);
        let user = percent_decoded(url.username());
        let password = url.password().map(percent_decoded);
        let agent = if home { &self.open } else { &self.public };
        let mut asked = agent
            .get(asked_for.as_str())
            .config()
            .timeout_global(Some(left.max(Duration::from_millis(1))))
            .build()
            .header(header::ACCEPT, request.accept);
        let Validators { etag, modified } = &request.validators;
        if let Some(etag) = etag {
            asked = asked.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(modified) = modified {
            asked = asked.header(header::IF_MODIFIED_SINCE, modified);
        }
        if !user.is_empty() || password.is_some() {
            let pair = format!("{user}:{}", password.unwrap_or_default());
            asked = asked.header(header::AUTHORIZATION, basic(&pair));
        }
        if is_own {
            for (name, value) in &request.headers {
                asked = asked.header(name, value);
            }
        }
        asked.call().map_err(|error| FetchError::of(error, &host))
    }

    /// Reads a body to its end.
    fn read(
        &self,
        mut body: Body,
        host: &str,
        (mut limit, large): (u64, Larger<'_>),
        end: Instant,
        stop: &AtomicBool,
    ) -> Result<Vec<u8>, FetchError> {
        let mut reader = body.with_config().limit(u64::MAX).reader();
        let mut bytes = Vec::new();
        let mut piece = vec![0; PIECE];
        let begun = Instant::now();
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(FetchError::Cancelled);
            }
            if Instant::now() > end {
                return Err(FetchError::of(Error::Timeout(Timeout::Global), host));
            }
            let waited = begun.elapsed();
            if waited > self.limits.idle && (bytes.len() as u64) < LEAST * waited.as_secs() {
                return Err(FetchError::of(Error::Timeout(Timeout::RecvBody), host));
            }
            match reader.read(&mut piece) {
                Ok(0) => return Ok(bytes),
                Ok(count) => bytes.extend_from_slice(&piece[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(FetchError::of(error.into(), host)),
            }
            if bytes.len() as u64 > limit {
                limit = large(&bytes).unwrap_or(limit);
            }
            if bytes.len() as u64 > limit {
                return Err(FetchError::TooLarge {
                    host: host.to_owned(),
                    limit,
                });
            }
        }
    }
}

fn fetched<T>(
    url: Url,
    moved: Option<Url>,
    answer: &Response<T>,
    body: Option<Vec<u8>>,
    home: bool,
) -> Fetched {
    let text = |name| headers::text(answer.headers(), name).map(str::to_owned);
    Fetched {
        url: bare(url),
        moved,
        body,
        content_type: text("content-type"),
        validators: Validators {
            etag: text("etag"),
            modified: text("last-modified"),
        },
        fresh: headers::max_age(answer.headers()),
        home,
    }
}

/// The host of an address that may be asked.
fn host_of(url: &Url) -> Result<String, FetchError> {
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(host)) => Ok(clean::line(host)),
        _ => Err(FetchError::NoAddress(shown(url))),
    }
}

/// An address without a user and a password.
pub(super) fn bare(mut url: Url) -> Url {
    // Neither can be refused: the address has a host.
    let _ = (url.set_username(""), url.set_password(None));
    url
}

fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}
