//! Why something could not be fetched, in words that a reader can act on.

use std::{io, time::Duration};

use jiff::{Timestamp, ZonedDateTime};
use rustls::{CertificateError, Error as Tls};
use ureq::{Error, Timeout};
use url::Url;

use super::guard::Private;
use crate::story::{self, clean, link};

/// Why something could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is no address, or not one of the web.
    #[error("{0}: recto fetches addresses that begin with http:// or https://")]
    NoAddress(String),
    /// The server could not be asked, or did not answer to the end.
    #[error("{host}: {cause}")]
    Unreachable {
        /// Whom recto asked.
        host: String,
        /// What went wrong.
        cause: Unreachable,
    },
    /// The server answered that it will not give it.
    #[error("{host} answered {status}{}", meaning(*.status))]
    Status {
        /// Who answered.
        host: String,
        /// The status code (RFC 9110, section 15).
        status: u16,
        /// How long to stay away, if the server says so.
        wait: Option<Duration>,
    },
    /// There is more of it than recto takes.
    #[error("{host} sends more than {} MB; recto stops there", .limit / (1024 * 1024))]
    TooLarge {
        /// Who sends it.
        host: String,
        /// The limit in bytes, after decompression.
        limit: u64,
    },
    /// It leads on and on.
    #[error("{0} leads from one address to the next and does not end")]
    Endless(String),
    /// A public address leads to one of the own machine or network.
    #[error("{0} is private; type its address to read it")]
    Private(String),
    /// It is not wanted any more.
    #[error("given up")]
    Cancelled,
}

/// What keeps a server from answering.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// There is no such name.
    #[error("no server has this name (is there a connection, and is the name right?)")]
    Unknown,
    /// It took too long.
    #[error("{0}")]
    Late(&'static str),
    /// Nobody listens.
    #[error("nobody answers there")]
    Refused,
    /// The connection ended too early.
    #[error("the connection ended before everything had come")]
    Cut,
    /// The connection could not be made safe.
    #[error("{0}")]
    Unsafe(String),
    /// What came is no HTTP.
    #[error("the answer cannot be understood: {0}")]
    Garbled(String),
    /// The proxy that was set did not help.
    #[error("the proxy refused: {0}")]
    Proxy(String),
    /// Anything else that the system said.
    #[error("{0}")]
    Other(String),
}

/// What the commonest refusals mean to a reader.
fn meaning(status: u16) -> &'static str {
    match status {
        401 => " (it wants a name and a password)",
        402 => " (it wants to be paid)",
        403 => " (it does not let recto have this)",
        404 => " (there is nothing at this address)",
        410 => " (this is gone for good)",
        429 => " (it was asked too often)",
        500..=599 => " (the server is in trouble; try again later)",
        _ => "",
    }
}

impl FetchError {
    /// Whether it may come when it is asked for again: nobody answered, or the server is in trouble.
    pub fn may_pass(&self) -> bool {
        match self {
            FetchError::Unreachable { .. } => true,
            FetchError::Status { status, .. } => matches!(status, 408 | 429 | 500..=599),
            _ => false,
        }
    }

    /// What the HTTP library says, in words.
    pub(super) fn of(error: Error, host: &str) -> Self {
        let cause = match error {
            Error::Other(other) if other.is::<Private>() => {
                return FetchError::Private(host.to_owned());
            }
            Error::HostNotFound => Unreachable::Unknown,
            Error::Timeout(which) => Unreachable::Late(late(which)),
            Error::Io(error) => Unreachable::of(error),
            Error::Rustls(error) => Unreachable::Unsafe(tls(&error)),
            Error::Tls(why) => Unreachable::Unsafe(why.to_owned()),
            Error::Protocol(error) => Unreachable::Garbled(clean::line(&error.to_string())),
            Error::Decompress(_, error) => Unreachable::Garbled(clean::line(&error.to_string())),
            Error::LargeResponseHeader(..) => {
                Unreachable::Garbled("its headers have no end".to_owned())
            }
            Error::ConnectProxyFailed(why) => Unreachable::Proxy(clean::line(&why)),
            Error::ConnectionFailed => Unreachable::Refused,
            Error::BadUri(_) | Error::Http(_) => return FetchError::NoAddress(host.to_owned()),
            other => Unreachable::Other(clean::line(&other.to_string())),
        };
        FetchError::Unreachable {
            host: host.to_owned(),
            cause,
        }
    }

    /// Whether no server was reached: there may be no connection at all.
    pub(super) fn reached_nobody(&self) -> bool {
        let FetchError::Unreachable { cause, .. } = self else {
            return false;
        };
        match cause {
            Unreachable::Unknown | Unreachable::Refused | Unreachable::Other(_) => true,
            Unreachable::Late(why) => [Timeout::Resolve, Timeout::Connect]
                .into_iter()
                .any(|which| late(which) == *why),
            _ => false,
        }
    }

    /// How much it tells of a server, beside what others tell: that it cannot be reached tells nothing, and that it
    /// does not speak as it was spoken to, little.
    pub(super) fn tells(&self) -> u8 {
        let FetchError::Unreachable { cause, .. } = self else {
            return u8::MAX;
        };
        match cause {
            Unreachable::Unsafe(why) if !why.starts_with(NO_TLS) => 4,
            Unreachable::Garbled(_) => 3,
            Unreachable::Late(_) => 2,
            Unreachable::Unsafe(_) | Unreachable::Cut => 1,
            _ => 0,
        }
    }

    /// Whether nobody answered in time.
    pub(super) fn is_late(&self) -> bool {
        matches!(
            self,
            FetchError::Unreachable {
                cause: Unreachable::Late(_),
                ..
            }
        )
    }

    /// Whether the same request may do better later.
    pub fn passes(&self) -> bool {
        match self {
            FetchError::Unreachable { .. } | FetchError::Cancelled => true,
            FetchError::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            _ => false,
        }
    }
}

impl Unreachable {
    fn of(error: io::Error) -> Self {
        // Names that do not resolve come as an error of the system without a kind of its own.
        let said = error.to_string();
        if said.contains("lookup address") {
            return Unreachable::Unknown;
        }
        if let Some(error) = error.get_ref().and_then(|it| it.downcast_ref::<Tls>()) {
            return Unreachable::Unsafe(tls(error));
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Unreachable::Refused,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => Unreachable::Cut,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                Unreachable::Late("it did not answer in time")
            }
            _ => Unreachable::Other(clean::line(&said)),
        }
    }
}

fn late(which: Timeout) -> &'static str {
    match which {
        Timeout::Resolve => "its name was not found in time",
        Timeout::Connect => "it could not be reached in time",
        Timeout::PerRead | Timeout::PerWrite => "it fell silent",
        Timeout::Global | Timeout::PerCall | Timeout::RecvBody => "it took too long to send this",
        _ => "it did not answer in time",
    }
}

/// How it is said that there was none.
const NO_TLS: &str = "no secure connection";

/// A name that a certificate is for, as rustls writes it: `DnsName("example.org")`.
fn certified(name: &str) -> String {
    let quoted = name.split_once('"').and_then(|(_, it)| it.rsplit_once('"'));
    quoted.map_or(name, |(it, _)| it).to_owned()
}

/// What is wrong with a secure connection.
fn tls(error: &Tls) -> String {
    let Tls::InvalidCertificate(why) = error else {
        return format!("{NO_TLS}: {}", clean::line(&error.to_string()));
    };
    match why {
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            let names: Vec<String> = presented.iter().map(|it| certified(it)).collect();
            return clean::line(&format!(
                "its certificate is for another name: {}",
                names.join(", ")
            ));
        }
        // Whoever made a certificate with the usual tools vouches for it as an authority does.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "it vouches for its certificate itself (self-signed; SSL_CERT_FILE names further ones)"
        }

        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired (or the clock here is wrong)"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet (or the clock here is wrong)"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name"
        }
        CertificateError::Revoked => "its certificate was revoked",
        CertificateError::UnknownIssuer => {
            "nobody known here vouches for its certificate (self-signed, maybe; SSL_CERT_FILE names further ones)"
        }
        other => {
            return clean::line(&format!("its certificate is not valid: {other}"));
        }
    }
    .to_owned()
}

/// Why no feed was found.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// What was typed is no address.
    #[error("{0}: this is no address; one is written as example.org or https://example.org/feed")]
    NoAddress(String),
    /// What was typed is the address of something else: it, and its scheme.
    #[error("{0}: {1}: is no scheme of the web; recto fetches from http:// and https:// alone")]
    Scheme(String, String),
    /// What was typed is a name without the server that it is a name of.
    #[error("{0}: this is a name alone; its server belongs to it, as in {0}@example.social")]
    Handle(String),
    /// There is a list of feeds.
    #[error(
        "{0}: this is a list of feeds (OPML): save it as a file, and recto import FILE takes in what it has"
    )]
    List(String),
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It could not be fetched by either scheme: the more telling of both first.
    #[error("{0} ({1}); {2} ({3})")]
    Neither(FetchError, &'static str, Unreachable, &'static str),
    /// Its server wants to be left alone until that second since 1970.
    #[error("{told}, and wants to be asked again from {} on", clock(*.until))]
    Resting {
        /// Who said so, and how.
        told: String,
        /// That second.
        until: i64,
    },
    /// There is no feed.
    #[error("{0}: no feed was found there; the address of a feed itself may be given")]
    Nothing(String),
}

impl DiscoverError {
    /// It as a sentence. What was typed, or who was asked, stands first and stays as it is.
    pub fn sentence(&self) -> String {
        format!("{self}.")
    }
}

/// A second since 1970, for people.
fn clock(at: i64) -> String {
    let at = Timestamp::from_second(at).unwrap_or_default();
    story::moment(at, &ZonedDateTime::now())
}

/// An address as it may be shown: without a password.
pub(super) fn shown(url: &Url) -> String {
    clean::line(&link::shown(url.as_str()))
}
