//! The way to servers: through whom, and who vouches for them.

use std::sync::Arc;

use ureq::{
    Proxy,
    tls::{Certificate, PemItem, RootCerts, parse_pem},
};
use url::Url;

use super::error::shown;

/// Through whom servers are asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Through {
    /// Whoever the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    #[default]
    Environment,
    /// Nobody.
    Nobody,
    /// This proxy: `http`, `https`, `socks4`, `socks5`.
    Proxy(Url),
}

/// The way to servers.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// Through whom.
    pub through: Through,
    /// Certificates (PEM) that are believed beside those of the system.
    pub certificates: Option<Vec<u8>>,
}

impl Way {
    pub(super) fn proxy(&self) -> Result<Option<Proxy>, String> {
        match &self.through {
            Through::Environment => Ok(Proxy::try_from_env()),
            Through::Nobody => Ok(None),
            Through::Proxy(url) => Proxy::new(url.as_str())
                .map(Some)
                .map_err(|error| format!("the proxy {}: {error}", shown(url))),
        }
    }

    pub(super) fn roots(&self) -> Result<RootCerts, String> {
        let Some(pem) = &self.certificates else {
            return Ok(RootCerts::PlatformVerifier);
        };
        // Whom the system does not know at all is no reason to believe nobody.
        let system = rustls_native_certs::load_native_certs().certs;
        let mut all: Vec<Certificate<'static>> = system
            .iter()
            .map(|it| Certificate::from_der(it.as_ref()).to_owned())
            .collect();
        let before = all.len();
        for item in parse_pem(pem) {
            match item {
                Ok(PemItem::Certificate(it)) => all.push(it),
                Ok(_) => {}
                Err(error) => return Err(format!("the file of certificates: {error}")),
            }
        }
        if all.len() == before {
            return Err("the file of certificates holds none (PEM is wanted)".to_owned());
        }
        Ok(RootCerts::Specific(Arc::new(all)))
    }
}
