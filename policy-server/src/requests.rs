//! What happens around every request: its id, its host, its log line, and the page or document that a failure becomes.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::{debug, error};
use uuid::Uuid;

use crate::{app::SharedApp, store::StoreError, words::Words};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a failed handler leaves in its response for the log.
#[derive(Clone)]
pub struct Cause(pub Arc<anyhow::Error>);

/// The id under which a request's failure stands in the log.
#[derive(Clone)]
pub struct RequestId(pub String);

/// Gives the request an id, counts it, logs it once, and logs the cause of a failure with it. The path that is logged is the
/// route's, since a launch code is part of the path.
pub async fn observe(State(app): State<SharedApp>, mut request: Request, next: Next) -> Response {
    let id = Uuid::new_v4().simple().to_string()[..16].to_owned();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    request.extensions_mut().insert(RequestId(id.clone()));
    let begin = Instant::now();
    let mut response = next.run(request).await;
    app.metrics.answered(&route, response.status(), begin.elapsed());
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
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Refuses a `Host` that is not ours (S5): links would follow it. Health checks ask by address and are exempt.
pub async fn check_host(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).cloned();
    let authority = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let exempt = matches!(request.uri().path(), "/healthz" | "/readyz");
    if exempt || host.or(authority).is_some_and(|host| app.serves_host(&host)) {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, Words::english().say("unknown-host")).into_response()
    }
}
