//! Which program asks: its API token, and what the token's role lets it do.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use deskbell_protocol::ProblemKind;

use crate::{
    app::{App, SharedApp},
    domain::{audit::Actor, role::Permission},
    problems::Refused,
    secrets,
    store::ApiToken,
};

/// A program with a token that counts, and that may make this request. The guard of the route lets it in.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub Actor);

impl Caller {
    /// Who comes with this request's token, if it may do what asks for `permission`, and whether it may do more than look.
    pub(super) async fn load(
        app: &App,
        headers: &HeaderMap,
        permission: Permission,
    ) -> Result<(Self, MayWork), Refused> {
        let ApiToken { id, name, role, .. } = token(app, headers).await?.ok_or_else(|| {
            Refused::new(ProblemKind::Unauthorized, "Send an API token as \"Authorization: Bearer TOKEN\".")
        })?;
        if role.may(permission) {
            Ok((Self(Actor::Program { id, name, request: None }), MayWork(role.may(Permission::Work))))
        } else {
            let detail = format!("The role of this API token, {}, does not allow this.", role.name());
            Err(Refused::new(ProblemKind::Forbidden, detail))
        }
    }
}

/// Whether the program may do more than look: some answers say less to those who may not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MayWork(pub bool);

impl FromRequestParts<SharedApp> for MayWork {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &SharedApp) -> Result<Self, Refused> {
        guarded(parts)
    }
}

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &SharedApp) -> Result<Self, Refused> {
        guarded(parts)
    }
}

/// What the guard has left with the request.
fn guarded<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, Refused> {
    let guarded = parts.extensions.get::<T>().cloned();
    guarded.ok_or_else(|| Refused::Failed(anyhow::anyhow!("a route of the API has no guard")))
}

async fn token(app: &App, headers: &HeaderMap) -> Result<Option<ApiToken>, Refused> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match value.and_then(|value| value.strip_prefix("Bearer ")).and_then(secrets::hash) {
        Some(hash) => Ok(app.store.api_token(&hash).await?),
        None => Ok(None),
    }
}
