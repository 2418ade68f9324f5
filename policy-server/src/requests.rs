//! What happens around every request: its id, its host, its log line, and the page or document that a failure becomes.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::{debug, error};
use uuid::Uuid;

use crate::{
    app::{App, SharedApp},
    portal::looks::host,
    store::StoreError,
    words::Words,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a failed handler leaves in its response for the log.
#[derive(Clone)]
pub struct Cause(pub Arc<anyhow::Error>);

/// The id under which a request's failure stands in the log.
#[derive(Clone)]
pub struct RequestId(pub String);

/// Gives the request an id, refuses one for another host, counts it, logs it once, and logs the cause of a failure with it.
/// The path that is logged is the route's, since a launch code is part of the path.
pub async fn observe(State(app): State<SharedApp>, mut request: Request, next: Next) -> Response {
    let id = next_id();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let begin = Instant::now();
    let mut response = match whose(&app, &request) {
        Whose::Ours => next.run(request).await,
        Whose::NoPortals => (StatusCode::NOT_FOUND, Words::english().say("no-portal-here")).into_response(),
        Whose::Foreign => (StatusCode::MISDIRECTED_REQUEST, Words::english().say("unknown-host")).into_response(),
    };
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    app.metrics.answered(route, response.status(), begin.elapsed());
    let status = response.status().as_u16();
    if let Some(Cause(cause)) = response.extensions_mut().remove::<Cause>() {
        if let Some(StoreError::Database(_)) = cause.downcast_ref() {
            app.metrics.database_failed();
        }
        error!(request_id = id, %method, route, status, "{method} {route} failed: {cause:#}");
    } else {
        let duration_ms = begin.elapsed().as_millis();
        debug!(request_id = id, %method, route, status, duration_ms, "{method} {route} was answered with {status}");
    }
    // A poll without news is told as little as can be.
    if response.status() != StatusCode::NOT_MODIFIED
        && let Ok(id) = HeaderValue::from_str(&id)
    {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Tells requests apart in the log. No secret, so drawn once and counted on from there in large steps.
fn next_id() -> String {
    static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(Uuid::new_v4().as_u64_pair().0));
    format!("{:016x}", NEXT.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed))
}

/// Whose host a request names.
enum Whose {
    /// The server's or a portal's.
    Ours,
    /// None's, but below the domain of the portals (SYN-30).
    NoPortals,
    /// Somebody else's.
    Foreign,
}

/// Paths that are on the host of `public_url` alone: a portal's own host has its pages and nothing else.
const PUBLIC_ALONE: [&str; 6] = ["/console", "/users", "/api", "/agent", "/metrics", "/packages"];

/// Links follow the host, so it must be ours (S5). Health checks ask by address and are exempt.
fn whose(app: &App, request: &Request) -> Whose {
    let host = host(request.uri(), request.headers());
    let path = request.uri().path();
    if host.is_some_and(|host| app.is_public_host(host)) || matches!(path, "/healthz" | "/readyz") {
        return Whose::Ours;
    }
    let Some(host) = host else { return Whose::Foreign };
    let is_rest = |rest: &str| rest.is_empty() || rest.starts_with('/');
    let is_public = PUBLIC_ALONE.iter().any(|public| path.strip_prefix(public).is_some_and(is_rest));
    if app.looks.have_host(host) && !is_public {
        Whose::Ours
    } else if app.config.places().is_below_base_domain(host) {
        Whose::NoPortals
    } else {
        Whose::Foreign
    }
}
