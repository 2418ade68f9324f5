//! Which program asks: its API token.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use deskbell_protocol::ProblemKind;

use crate::{app::SharedApp, problems::Refused, secrets, store::ApiToken};

/// A program with a token that counts. Every handler of the API takes one, and `/metrics`.
pub(crate) struct Caller(pub ApiToken);

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refused> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let hash = value.and_then(|value| value.strip_prefix("Bearer ")).and_then(secrets::hash);
        let token = match hash {
            Some(hash) => app.store.api_token(&hash).await?,
            None => None,
        };
        token.map(Self).ok_or_else(|| {
            Refused::new(ProblemKind::Unauthorized, "Send an API token as \"Authorization: Bearer TOKEN\".")
        })
    }
}
