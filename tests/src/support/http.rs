//! The HTTP client of the World: to loopback only, so without proxies.

use std::time::Duration;

use anyhow::Context;

/// A client that gives up after a minute, follows no redirects and keeps no cookies.
pub fn client() -> anyhow::Result<reqwest::Client> {
    // The second and later calls find the provider installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_mins(1))
        .build()
        .context("making an HTTP client")
}
