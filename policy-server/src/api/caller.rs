//! Which program asks: its API token, and what the token's role lets it do.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use deskbell_protocol::ProblemKind;

use crate::{
    app::SharedApp,
    domain::{audit::Actor, role::Permission},
    problems::Refused,
    secrets,
    store::ApiToken,
};

/// A program with a token that counts, and that may make a request of this kind: reading needs [`Permission::Look`], all
/// else [`Permission::Work`]. Every handler of the API takes one, and `/metrics`.
pub(crate) struct Caller(pub Actor);

/// A program that may decide who comes in.
pub(crate) struct AdministratorCaller(pub Actor);

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refused> {
        let permission = if parts.method.is_safe() { Permission::Look } else { Permission::Work };
        actor(parts, app, permission).await.map(Self)
    }
}

impl FromRequestParts<SharedApp> for AdministratorCaller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refused> {
        actor(parts, app, Permission::Administer).await.map(Self)
    }
}

async fn actor(parts: &Parts, app: &SharedApp, permission: Permission) -> Result<Actor, Refused> {
    let ApiToken { id, name, role, .. } = token(parts, app).await?.ok_or_else(|| {
        Refused::new(ProblemKind::Unauthorized, "Send an API token as \"Authorization: Bearer TOKEN\".")
    })?;
    if role.may(permission) {
        Ok(Actor::Program { id, name })
    } else {
        let detail = format!("The role of this API token, {}, does not allow this.", <&str>::from(role));
        Err(Refused::new(ProblemKind::Forbidden, detail))
    }
}

async fn token(parts: &Parts, app: &SharedApp) -> Result<Option<ApiToken>, Refused> {
    let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match value.and_then(|value| value.strip_prefix("Bearer ")).and_then(secrets::hash) {
        Some(hash) => Ok(app.store.api_token(&hash).await?),
        None => Ok(None),
    }
}
