//! Who may be asked: what is published on the net leads nobody into the network at home.
//!
//! A feed or a page can name any address, and a redirect can lead anywhere. Were such an address
//! followed to a router or to a service on this machine, whoever wrote it would have recto send
//! requests that they cannot send themselves. Names are judged by what they resolve to, at the moment
//! when the connection is made.

use std::net::IpAddr;

use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};
use url::{Host, Url};

/// An address of the own machine or network where none of them was asked for.
#[derive(Debug, thiserror::Error)]
#[error("it leads into a private network")]
pub(super) struct Private;

/// Resolves names, and refuses those that lead to a private network.
#[derive(Debug, Default)]
pub(super) struct PublicOnly {
    names: DefaultResolver,
}

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let addresses = self.names.resolve(uri, config, timeout)?;
        // The proxy was named by the user, and stands at home more often than not.
        let is_proxy = config.proxy().is_some_and(|proxy| proxy.uri() == uri);
        if !is_proxy && addresses.iter().any(|address| is_private(address.ip())) {
            return Err(Error::Other(Box::new(Private)));
        }
        Ok(addresses)
    }
}

/// Whether an address names the own machine or network as it stands: by a number, or as `localhost`.
pub fn names_home(address: &Url) -> bool {
    match address.host() {
        Some(Host::Ipv4(number)) => is_private(number.into()),
        Some(Host::Ipv6(number)) => is_private(number.into()),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Whether an address is one of the own machine or of a network that is not the public one: the
/// blocks of the IANA registries for special purposes (RFC 6890) that may lead to somebody at home.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let [a, b, ..] = it.octets();
            it.is_loopback()
                || it.is_private()
                || it.is_link_local()
                || it.is_broadcast()
                || it.is_unspecified()
                || it.is_multicast()
                // "This network", and what providers share among customers (RFC 6598).
                || a == 0
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19))
        }
        IpAddr::V6(it) => {
            let [first, second, ..] = it.segments();
            // What embeds an address of the fourth version is judged by it (RFC 6052, RFC 3056).
            let embedded = match (first, second) {
                (0x0064, 0xff9b) => Some(&it.octets()[12..16]),
                (0x2002, _) => Some(&it.octets()[2..6]),
                _ => None,
            };
            let embedded = embedded.and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
            it.is_loopback()
                || it.is_unspecified()
                || it.is_multicast()
                || it.is_unique_local()
                || it.is_unicast_link_local()
                || embedded.is_some_and(|bytes| is_private(bytes.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_at_home_are_private() {
        for address in [
            "127.0.0.1",
            "127.8.9.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
        ] {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
        for address in [
            "93.184.216.34",
            "100.128.0.1",
            "172.32.0.1",
            "2606:2800:220:1::1",
            "64:ff9b::5db8:d822",
        ] {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
    }
}
