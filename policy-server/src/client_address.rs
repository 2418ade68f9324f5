//! From which address a request comes: the connection's, or what a proxy that the configuration names says (S10).

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

use crate::app::SharedApp;

/// The address of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<SharedApp> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = connected.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(address)| address.ip());
        Ok(Self(behind_proxies(peer.to_canonical(), &parts.headers, &app.config.proxies.trusted)))
    }
}

/// Walks `X-Forwarded-For` from its end for as long as whoever wrote the entry is trusted.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let written = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let mut claimed: Vec<_> = written.flat_map(|value| value.split(',')).map(|entry| entry.trim().parse()).collect();
    let mut address = peer;
    while trusted.contains(&address) {
        match claimed.pop() {
            Some(Ok(before)) => address = before,
            Some(Err(_)) | None => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    /// S10: forwarded headers count from trusted proxies alone.
    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = [address("10.0.0.1"), address("10.0.0.2")];
        for (peer, forwarded, seen) in [
            ("192.0.2.9", "203.0.113.5", "192.0.2.9"),
            ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
            ("10.0.0.1", "198.51.100.7, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
            ("10.0.0.1", "nonsense", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().expect("a value"));
            assert_eq!(behind_proxies(address(peer), &headers, &trusted), address(seen), "{peer} {forwarded}");
        }
    }
}
