//! `Idempotency-Key`: a request that is sent again is carried out once.
//!
//! The key is reserved before the request is carried out, what the request changes names the reservation within its own
//! transaction, and the answer is kept after. A server that dies in between leaves a reservation without an answer: whether the
//! change is there tells what became of it, and the next to come answers accordingly or begins anew.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{DefaultBodyLimit, FromRequest, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use deskbell_protocol::{ProblemKind, UnixMillis};
use tracing::warn;
use uuid::Uuid;

use super::{answers::HoldsSecret, caller::Caller};
use crate::{
    app::{App, SharedApp},
    domain::{
        article::MAX_ARTICLE_BYTES,
        audit::Actor,
        delivery::millis,
        idempotency::{LEASE, key},
        ids::{ApiTokenId, IdempotentRequestId},
    },
    json_body::MAX_JSON_BYTES,
    problems::Refused,
    secrets::Sha256Sum,
    store::{
        IdempotentRequest,
        idempotency::{KeptAnswer, Reservation},
    },
};

/// The header with the key.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Carries a request with a key out once; one without a key goes its way.
pub(super) async fn once(State(app): State<SharedApp>, request: Request, next: Next) -> Result<Response, Refused> {
    let Some(key) = sent_key(request.headers())? else { return Ok(next.run(request).await) };
    let (mut parts, body) = request.into_parts();
    let mut whole = Request::from_parts(parts.clone(), body);
    // The handler reads no more than is its own to read.
    DefaultBodyLimit::max(MAX_ARTICLE_BYTES).apply(&mut whole);
    let body = Bytes::from_request(whole, &())
        .await
        .map_err(|_| Refused::new(ProblemKind::Invalid, "The body could not be read, or is too large."))?;
    let caller = parts.extensions.remove::<Caller>();
    let Some(Caller(Actor::Program { id: token, name, .. })) = caller else {
        return Err(Refused::Failed(anyhow::anyhow!("a request with a key has no program")));
    };
    match app.store.reserve(wish(&app, token, &key, &parts, &body)).await? {
        Reservation::Begun(id) => {
            parts.extensions.insert(Caller(Actor::Program { id: token, name, request: Some(id) }));
            let response = next.run(Request::from_parts(parts, Body::from(body))).await;
            kept(&app, id, response).await
        }
        Reservation::Running(since) => Ok(wait(since, app.now())),
        Reservation::Over(request, subject) => answer_again(*request, subject),
        Reservation::AnotherRequest => Err(Refused::new(
            ProblemKind::Invalid,
            "This Idempotency-Key came with another request before; take a new one.",
        )),
    }
}

fn sent_key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(sent) = headers.get(KEY) else { return Ok(None) };
    let key = sent.to_str().ok().and_then(key);
    let key = key.ok_or_else(|| {
        Refused::new(ProblemKind::Invalid, "Idempotency-Key must have 1 to 255 visible characters of ASCII.")
    })?;
    Ok(Some(key.to_owned()))
}

fn wish(app: &App, api_token_id: ApiTokenId, key: &str, parts: &Parts, body: &[u8]) -> IdempotentRequest {
    let mut asked = Sha256Sum::default();
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), body] {
        asked.add(part);
        asked.add(b"\0");
    }
    IdempotentRequest {
        id: IdempotentRequestId(app.new_id()),
        api_token_id,
        key_hash: crate::secrets::sha256(key.as_bytes()),
        request_hash: asked.hexadecimal(),
        begun_at: app.now(),
        ended_at: None,
        status: None,
        etag: None,
        body: None,
    }
}

/// Keeps an answer that is a success, without its secrets. What was refused may be sent better under the same key.
async fn kept(app: &App, id: IdempotentRequestId, response: Response) -> Result<Response, Refused> {
    if !response.status().is_success() {
        app.store.release(id, app.now()).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(anyhow::Error::from)?;
    let may_be_kept = parts.extensions.get::<HoldsSecret>().is_none() && body.len() <= MAX_JSON_BYTES;
    let text = std::str::from_utf8(&body).ok().filter(|_| may_be_kept).map(str::to_owned);
    let etag = parts.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let answer = KeptAnswer { status: parts.status.as_u16(), etag, body: text };
    if let Err(error) = app.store.keep_answer(id, answer, app.now()).await {
        // What was asked for is done, and the next to ask is told so.
        warn!("The answer of a request was not kept: {error:#}");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn wait(since: UnixMillis, now: UnixMillis) -> Response {
    let refused = Refused::new(ProblemKind::Conflict, "The request with this Idempotency-Key is being carried out.");
    let mut response = refused.into_response();
    let left = since.saturating_add(millis(LEASE)).saturating_sub(now);
    let seconds = left.clamp(0, millis(LEASE)).saturating_add(999) / 1000;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn answer_again(request: IdempotentRequest, subject: Option<Uuid>) -> Result<Response, Refused> {
    let status = request.status.and_then(|status| u16::try_from(status).ok());
    let (Some(status), Some(body)) = (status, request.body) else {
        let why = if status.is_some() {
            "Its answer held a secret, which is shown once, or was too long to be kept, or somebody was erased since."
        } else {
            "The server stopped before it could answer."
        };
        let what = subject.map(|id| format!(" See {id}.")).unwrap_or_default();
        return Err(Refused::new(ProblemKind::Conflict, format!("This request was carried out before. {why}{what}")));
    };
    let status = StatusCode::from_u16(status).map_err(anyhow::Error::from)?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (REPLAYED, "true")];
    let mut response = (status, headers, body).into_response();
    if let Some(etag) = request.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(response)
}
