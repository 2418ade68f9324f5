//! The one client for whatever the server sends to addresses that somebody typed (server-side request forgery): https
//! alone, to public addresses or listed ones, without redirects, within 10 seconds. What comes back is not read, or, where a
//! program needs it, up to 1 MB and never shown.
//!
//! Mail goes another way: where to is said in the configuration.

mod addresses;

use std::{error::Error, fs, io, path::PathBuf, time::Duration};

use anyhow::Context as _;
use reqwest::{Certificate, Client, Response, redirect::Policy};
use tokio::sync::OnceCell;
use url::{Host, Url};

use self::addresses::{CheckedAddresses, NotFound, NotPublic};
use crate::{config::OutboundConfig, domain::network::may_connect};

/// How long a request may take whose answer is not read, from looking the name up to the answer's head.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const MAX_ANSWER: usize = 1 << 20;

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
    /// A name that leads nowhere.
    #[error("the name {0} was not found")]
    NoSuchName(String),
    /// A certificate that is not trusted, not for this name, or over.
    #[error("its certificate is not trusted: {0}")]
    BadCertificate(String),
    /// The time was over.
    #[error("no answer in time")]
    TimedOut,
    /// No connection, no TLS, or no HTTP.
    #[error("not reachable: {0}")]
    Unreachable(String),
    /// A redirect.
    #[error("answered {0}, a redirect, which is not followed")]
    Redirected(u16),
    /// Too much to be read.
    #[error("answered with more than 1 MB")]
    TooLarge,
}

impl OutboundError {
    /// What is wrong with the address of `host`, and what would help.
    pub fn for_staff(&self, host: &str) -> String {
        match self {
            Self::NotHttps => {
                "It begins with http://, which is for this computer alone; there is nothing to test.".into()
            }
            Self::NoSuchName(name) => {
                format!(
                    "The name {name} was not found. Add it to your name service (DNS), as an A, AAAA or CNAME record."
                )
            }
            Self::NotPublic(name) => format!(
                "{name} leads to an address that is not public. Correct it in your name service (DNS); if it is meant so, list \
                 the network in outbound.allow."
            ),
            Self::BadCertificate(why) => format!(
                "The certificate that answers for {host} is not trusted: {why}. Get one that has this name, from an authority that \
                 browsers trust."
            ),
            Self::TimedOut => format!("Nothing answered for {host} within ten seconds. A firewall may be in between."),
            Self::Unreachable(why) => {
                format!("No connection to {host}: {why}. Is the proxy or the server running there?")
            }
            Self::Redirected(status) => format!(
                "{host} answers with a redirect ({status}). The name that is set here must be the one that the portal is at."
            ),
            Self::TooLarge => format!("Something else answers for {host}."),
        }
    }
}

/// A request whose answer is read.
pub struct Question<'a> {
    /// Where to.
    pub url: &'a Url,
    /// Beside those that every request has.
    pub headers: &'a [(&'static str, String)],
    /// JSON to be posted; absent: something is to be got.
    pub body: Option<String>,
    /// How long it may take, to the answer's end.
    pub time_limit: Duration,
}

/// What was answered. Its body is for programs: whoever typed the address must not read with it what only this server can.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
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
        let question = Question { url, headers, body: Some(body), time_limit: TIME_LIMIT };
        Ok(self.send(question).await?.status().as_u16())
    }

    /// Sends a request and reads what is answered.
    pub async fn ask(&self, question: Question<'_>) -> Result<Answer, OutboundError> {
        let mut answer = self.send(question).await?;
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + piece.len() > MAX_ANSWER {
                return Err(OutboundError::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(Answer { status: answer.status().as_u16(), body })
    }

    async fn send(&self, question: Question<'_>) -> Result<Response, OutboundError> {
        let Question { url, headers, body, time_limit } = question;
        self.check(url)?;
        let client = self.client.get_or_try_init(async || client(&self.config)).await;
        let client = client.map_err(|error| OutboundError::Unreachable(format!("{error:#}")))?;
        let request = match body {
            Some(body) => client.post(url.clone()).header("content-type", "application/json").body(body),
            None => client.get(url.clone()),
        };
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        let answer = request.timeout(time_limit).send().await.map_err(|error| failure(&error))?;
        match answer.status() {
            status if status.is_redirection() => Err(OutboundError::Redirected(status.as_u16())),
            _ => Ok(answer),
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
        if let Some(NotFound(name, _)) = next.downcast_ref() {
            return OutboundError::NoSuchName(name.clone());
        }
        if let Some(rustls::Error::InvalidCertificate(why)) = within(next).downcast_ref() {
            return OutboundError::BadCertificate(why.to_string());
        }
        cause = next;
    }
    OutboundError::Unreachable(cause.to_string())
}

/// What stands in I/O errors, however many there are around it: as a source, each gives what is behind that, not the thing itself.
fn within<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut error = error;
    while let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        error = inner;
    }
    error
}
