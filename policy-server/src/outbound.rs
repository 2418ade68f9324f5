//! The one client for whatever the server sends to addresses that somebody typed (server-side request forgery): https
//! alone, to public addresses or listed ones, without redirects, within 10 seconds; what comes back is not read.
//!
//! Mail goes another way: where to is said in the configuration.

mod addresses;

use std::{error::Error, fs, path::PathBuf, time::Duration};

use anyhow::Context as _;
use reqwest::{Certificate, Client, redirect::Policy};
use tokio::sync::OnceCell;
use url::{Host, Url};

use self::addresses::{CheckedAddresses, NotPublic};
use crate::{config::OutboundConfig, domain::network::may_connect};

/// How long a request may take, from looking the name up to the answer's head.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Sends requests to addresses that somebody typed.
pub struct Outbound {
    config: OutboundConfig,
    /// Made when it is first needed: without certificates on this computer, everything else works.
    client: OnceCell<Client>,
}

/// Why a request came to nothing; each says it to whoever typed the address.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Plain http, or something else.
    #[error("the address does not begin with https://")]
    NotHttps,
    /// A private address, or a name that leads to one.
    #[error("{0} leads to an address that is not public and not listed in outbound.allow")]
    NotPublic(String),
    /// The time was over.
    #[error("no answer within {} seconds", TIME_LIMIT.as_secs())]
    TimedOut,
    /// No connection, no TLS, or no HTTP.
    #[error("not reachable: {0}")]
    Unreachable(String),
    /// A redirect.
    #[error("answered {0}, a redirect, which is not followed")]
    Redirected(u16),
}

impl Outbound {
    /// A client with these exceptions.
    pub fn new(config: OutboundConfig) -> Self {
        Self { config, client: OnceCell::new() }
    }

    /// Sends JSON and gives the answer's status.
    pub async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<u16, OutboundError> {
        self.check(url)?;
        let client = self.client.get_or_try_init(async || client(&self.config)).await;
        let client = client.map_err(|error| OutboundError::Unreachable(format!("{error:#}")))?;
        let request = client.post(url.clone()).header("content-type", "application/json").body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        let answer = request.send().await.map_err(|error| failure(&error))?;
        match answer.status() {
            status if status.is_redirection() => Err(OutboundError::Redirected(status.as_u16())),
            status => Ok(status.as_u16()),
        }
    }

    /// An address in digits is never looked up, so it is checked here; names are checked where they are looked up.
    fn check(&self, url: &Url) -> Result<(), OutboundError> {
        if url.scheme() != "https" {
            return Err(OutboundError::NotHttps);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        if may_connect(address, &self.config.allow) {
            Ok(())
        } else {
            Err(OutboundError::NotPublic(address.to_string()))
        }
    }
}

fn client(config: &OutboundConfig) -> anyhow::Result<Client> {
    let certificates = config.ca_certificate.iter().map(certificate).collect::<anyhow::Result<Vec<_>>>()?;
    let client = Client::builder()
        .https_only(true)
        .no_proxy()
        .redirect(Policy::none())
        .timeout(TIME_LIMIT)
        .pool_max_idle_per_host(0)
        .dns_resolver(CheckedAddresses { allowed: config.allow.clone() })
        .user_agent(concat!("Deskbell/", env!("CARGO_PKG_VERSION")));
    client.tls_certs_merge(certificates).build().context("preparing TLS")
}

fn certificate(file: &PathBuf) -> anyhow::Result<Certificate> {
    let reading = || format!("reading outbound.ca_certificate {}", file.display());
    Certificate::from_pem(&fs::read(file).with_context(reading)?).with_context(reading)
}

fn failure(error: &reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        return OutboundError::TimedOut;
    }
    let mut cause: &dyn Error = error;
    while let Some(next) = cause.source() {
        if let Some(NotPublic(name)) = next.downcast_ref() {
            return OutboundError::NotPublic(name.clone());
        }
        cause = next;
    }
    OutboundError::Unreachable(cause.to_string())
}
