//! The agent's side of `/agent/v1`. The only file that knows how HTTP is spoken.
//!
//! Follows no redirects, reads at most 1 MB, and takes nothing for an answer that is not Deskbell's JSON: a hotel's
//! log-on page must neither become a policy nor retire a computer.

mod cause;
mod connection;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use deskbell_protocol::{
    EnrollRequest, EnrollResponse, INSTANCE_HEADER, IconHash, InstanceId, LaunchRequest, LaunchResponse, PolicyAnswer,
    Problem, ProblemKind, Report, icon::MAX_ICON_BYTES,
};
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, RETRY_AFTER},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    config::{Network, ServerUrl},
    service::{icon_cache, identity::AgentToken},
};

const MAX_BODY_BYTES: usize = 1024 * 1024;
/// How much longer than asked for a waiting request may take.
const GRACE: Duration = Duration::from_secs(15);
/// The longest wish of a server that is honored.
const MAX_RETRY_AFTER_SECONDS: u64 = 24 * 60 * 60;

/// Why the server did not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    /// No connection, or none that lasted.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// It, or a gateway in front of it, cannot answer at the moment.
    #[error("the server cannot answer at the moment (status {status})")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// When to come back.
        retry_after: Option<Duration>,
    },
    /// It understood, and said no.
    #[error("the server refused: {detail}")]
    Refused {
        /// For programs.
        kind: ProblemKind,
        /// For people.
        detail: String,
    },
    /// It speaks JSON, of a kind that this version does not understand.
    #[error("the server's answer cannot be understood: {0}")]
    Unreadable(String),
    /// Whatever answers there is no Deskbell server.
    #[error("{0} does not look like a Deskbell server")]
    NotDeskbell(String),
}

/// A policy with its name, or that there is none newer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyReply {
    /// It differs from the one that the agent has.
    New {
        /// The policy with the asset's values.
        answer: Box<PolicyAnswer>,
        /// What the server calls it.
        etag: String,
    },
    /// It is the one that the agent has.
    Unchanged,
}

/// Speaks with one server.
#[derive(Debug, Clone)]
pub struct ServerClient {
    server: ServerUrl,
    network: Network,
    instance: InstanceId,
    /// Made with the first request, so that certificates that are installed later are found.
    http: Arc<OnceLock<Client>>,
}

impl ServerClient {
    /// A client of `server`. [`install_tls`] has been called before.
    pub fn new(server: ServerUrl, network: Network) -> Self {
        Self { server, network, instance: InstanceId(Uuid::new_v4().as_u64_pair().0), http: Arc::default() }
    }

    /// Makes this computer an asset.
    pub async fn enroll(&self, request: &EnrollRequest) -> Result<EnrollResponse, ServerError> {
        let response = self.send(self.http()?.post(self.server.endpoint("agent/v1/enroll")).json(request)).await?;
        self.json(response).await
    }

    /// The policy in force, at once; with `wait`, as soon as it is another than `etag`, or when the wait is over.
    pub async fn policy(
        &self,
        token: &AgentToken,
        etag: Option<&str>,
        wait: Option<Duration>,
    ) -> Result<PolicyReply, ServerError> {
        let request = self.http()?.get(self.server.endpoint("agent/v1/policy"));
        let mut request = self.identified(request, token);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(wait) = wait {
            request = request
                .header(HeaderName::from_static("prefer"), format!("wait={}", wait.as_secs()))
                .timeout(wait + GRACE);
        }
        let response = self.send(request).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(PolicyReply::Unchanged);
        }
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).unwrap_or_default().to_owned();
        Ok(PolicyReply::New { answer: Box::new(self.json(response).await?), etag })
    }

    /// Tells the server how this computer is.
    pub async fn report(&self, token: &AgentToken, report: &Report) -> Result<(), ServerError> {
        let request = self.http()?.post(self.server.endpoint("agent/v1/report")).json(report);
        self.send(self.identified(request, token)).await.map(drop)
    }

    /// Turns a click into a one-time link.
    pub async fn launch(&self, token: &AgentToken, request: &LaunchRequest) -> Result<LaunchResponse, ServerError> {
        let request = self.http()?.post(self.server.endpoint("agent/v1/launch")).json(request);
        let response = self.send(self.identified(request, token)).await?;
        self.json(response).await
    }

    /// An icon: a file that has the name, whatever else it is.
    pub async fn icon(&self, token: &AgentToken, hash: &IconHash) -> Result<Vec<u8>, ServerError> {
        let path = format!("agent/v1/icons/{hash}");
        let response = self.send(self.http()?.get(self.server.endpoint(&path)).bearer_auth(&token.0)).await?;
        let png = self.body(response, MAX_ICON_BYTES).await?;
        if icon_cache::is_named(&png, hash) {
            Ok(png)
        } else {
            Err(ServerError::Unreadable("it is not the icon that the policy names".to_owned()))
        }
    }

    /// Whether a server answers there at all.
    pub async fn health(&self) -> Result<(), ServerError> {
        self.send(self.http()?.get(self.server.endpoint("healthz"))).await.map(drop)
    }

    fn http(&self) -> Result<&Client, ServerError> {
        if self.http.get().is_none() {
            let made = connection::client(&self.server, &self.network);
            // Another request may have made one in the meantime, which serves as well.
            let _ = self.http.set(made.map_err(|error| ServerError::Unreachable(format!("{error:#}")))?);
        }
        Ok(self.http.get().expect("it was made above"))
    }

    /// `request`, with who asks.
    fn identified(&self, request: RequestBuilder, token: &AgentToken) -> RequestBuilder {
        request.bearer_auth(&token.0).header(HeaderName::from_static(INSTANCE_HEADER), self.instance.to_string())
    }

    /// The answer, if it is a success or 304.
    async fn send(&self, request: RequestBuilder) -> Result<Response, ServerError> {
        let response = request.send().await.map_err(|error| self.away(&error))?;
        match response.status() {
            status if status.is_success() || status == StatusCode::NOT_MODIFIED => Ok(response),
            StatusCode::TOO_MANY_REQUESTS => Err(busy(&response)),
            status if status.is_server_error() => Err(busy(&response)),
            status if status.is_client_error() => {
                let problem: Problem = self.json(response).await.map_err(|error| match error {
                    ServerError::Unreadable(_) => self.not_deskbell(),
                    other => other,
                })?;
                Err(ServerError::Refused { kind: problem.kind, detail: problem.detail })
            }
            _ => Err(self.not_deskbell()),
        }
    }

    async fn json<T: DeserializeOwned>(&self, response: Response) -> Result<T, ServerError> {
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if essence != "application/json" && essence != "application/problem+json" {
            return Err(self.not_deskbell());
        }
        let body = self.body(response, MAX_BODY_BYTES).await?;
        serde_json::from_slice(&body).map_err(|error| ServerError::Unreadable(error.to_string()))
    }

    async fn body(&self, mut response: Response, limit: usize) -> Result<Vec<u8>, ServerError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.away(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(ServerError::Unreadable(format!("it is larger than {} KB", limit / 1024)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn away(&self, error: &reqwest::Error) -> ServerError {
        ServerError::Unreachable(cause::cause(error, self.server.host()))
    }

    fn not_deskbell(&self) -> ServerError {
        ServerError::NotDeskbell(self.server.to_string())
    }
}

/// Chooses the cryptography of the whole program. Only its first call counts.
pub fn install_tls() {
    // An error says that another one was chosen before, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn busy(response: &Response) -> ServerError {
    let seconds = response.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.trim().parse::<u64>().ok());
    let retry_after = seconds.map(|seconds| Duration::from_secs(seconds.min(MAX_RETRY_AFTER_SECONDS)));
    ServerError::Busy { status: response.status().as_u16(), retry_after }
}
