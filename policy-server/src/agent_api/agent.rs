//! Which agent asks: its bearer token, looked up in memory.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use deskbell_protocol::{INSTANCE_HEADER, InstanceId, ProblemKind};
use tracing::error;

use crate::{
    app::{App, SharedApp},
    domain::{asset::AssetEventKind, ids::AssetId, sharing::Sharing},
    fleet::Answer,
    problems::Refused,
    secrets,
};

/// An agent whose token is known, whatever its asset's state.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownAgent(pub AssetId);

/// An agent whose asset is in use: neither waiting for approval nor retired.
#[derive(Debug, Clone, Copy)]
pub(super) struct EnrolledAgent(pub AssetId);

impl FromRequestParts<SharedApp> for KnownAgent {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refused> {
        let token = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let hash = token.and_then(|value| value.strip_prefix("Bearer ")).and_then(secrets::hash);
        let asset = match hash {
            Some(hash) => known(app, &hash).await?,
            None => None,
        };
        let asset = asset.ok_or_else(|| {
            Refused::new(ProblemKind::Unauthorized, "This server does not know this agent's token. Enroll again.")
        })?;
        if let Some(sharing) = instance(parts).and_then(|id| app.fleet.note_instance(asset, id, app.now())) {
            // Rare, and large: in a box, it costs those who wait no memory.
            Box::pin(mark(app, asset, sharing)).await;
        }
        Ok(Self(asset))
    }
}

/// The asset with this token. Another server may have enrolled it a moment ago, so one that is not in memory is looked for
/// before the agent is told to enroll again.
async fn known(app: &App, token_hash: &str) -> Result<Option<AssetId>, Refused> {
    if let Some(asset) = app.fleet.asset_by_token(token_hash) {
        return Ok(Some(asset));
    }
    // Boxed: what is seldom needed adds nothing to the memory of the requests that wait.
    Box::pin(app.try_catch_up()).await?;
    Ok(app.fleet.asset_by_token(token_hash))
}

/// An agent of an earlier version names none.
fn instance(parts: &Parts) -> Option<InstanceId> {
    parts.headers.get(INSTANCE_HEADER)?.to_str().ok()?.parse().ok()
}

/// Tells staff that two computers use an asset's identity, or no longer do. The agent gets its answer in any case.
async fn mark(app: &App, asset: AssetId, sharing: Sharing) {
    let (since, kind) = match sharing {
        Sharing::Began => (Some(app.now()), AssetEventKind::SharedIdentity),
        Sharing::Ended => (None, AssetEventKind::SharedIdentityEnded),
    };
    let event = app.asset_event(asset, kind, String::new());
    if let Err(error) = app.store.mark_shared_identity(asset, since, event).await {
        error!(%asset, ?sharing, error = ?error, "It could not be noted whether two computers share an identity");
    }
}

impl FromRequestParts<SharedApp> for EnrolledAgent {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Refused> {
        let KnownAgent(asset) = KnownAgent::from_request_parts(parts, app).await?;
        let answer = app.fleet.answers(asset).map(|answers| Arc::clone(&answers.borrow()));
        match answer.as_deref() {
            Some(Answer::Policy { .. }) => Ok(Self(asset)),
            Some(Answer::Waiting) => Err(waiting()),
            Some(Answer::Retired) | None => Err(retired()),
        }
    }
}

/// The answer to an agent that staff have yet to approve.
pub(super) fn waiting() -> Refused {
    Refused::new(ProblemKind::WaitingForApproval, "Staff have yet to approve this computer.")
}

/// The answer to an agent whose asset is out of use.
pub(super) fn retired() -> Refused {
    Refused::new(ProblemKind::AssetRetired, "Staff have retired this computer.")
}
