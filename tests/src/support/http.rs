//! The HTTP client of the World: to loopback only, so without proxies.

use std::{net::Ipv4Addr, time::Duration};

use anyhow::Context;
use reqwest::{
    Certificate, Client, ClientBuilder,
    header::{HOST, HeaderMap, HeaderValue},
};

/// A client that gives up after a minute, follows no redirects and keeps no cookies.
pub fn client() -> anyhow::Result<Client> {
    builder().build().context("making an HTTP client")
}

/// The same, calling every server `host`.
pub fn client_of(host: &str) -> anyhow::Result<Client> {
    let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_str(host)?)]);
    builder().default_headers(headers).build().context("making an HTTP client")
}

/// The same, trusting what the certificates in `authority` (PEM) vouch for, and nothing else. `host` is on loopback.
pub fn client_trusting(authority: &[u8], host: &str) -> anyhow::Result<Client> {
    let certificates = Certificate::from_pem_bundle(authority)?;
    let builder = builder().tls_certs_only(certificates);
    builder.resolve(host, (Ipv4Addr::LOCALHOST, 0).into()).build().context("making an HTTP client")
}

fn builder() -> ClientBuilder {
    // The second and later calls find the provider installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_mins(1))
}
