//! `POST /agent/v1/launch`: a click becomes a one-time link (AGT-10).

use axum::{Json, extract::State};
use deskbell_protocol::{LaunchRequest, LaunchResponse, Refusal, UnixMillis};

use super::agent::EnrolledAgent;
use crate::{
    app::{App, SharedApp},
    domain::{
        asset::AssetEventKind,
        ids::{AssetEventId, AssetId},
        launch::{LAUNCH_LIFETIME, RequesterBasis, requester},
    },
    json_body::JsonBody,
    portal::standing::standing,
    problems::Refused,
    secrets::NewSecret,
    store::{AssetEvent, launches::LaunchCode},
};

/// Codes whose time was over this long ago are forgotten.
const FORGET_AFTER_MILLIS: UnixMillis = 24 * 60 * 60 * 1000;

/// Makes a launch code for a portal entry of the asset's effective policy. Where the portal would refuse, the link leads
/// to the page that says why, and the asset's timeline tells staff (AGT-20).
pub(super) async fn launch(
    State(app): State<SharedApp>,
    EnrolledAgent(asset): EnrolledAgent,
    JsonBody(request): JsonBody<LaunchRequest>,
) -> Result<Json<LaunchResponse>, Refused> {
    if app.fleet.destination(asset, &request.entry).is_none() {
        return Err(Refused::not_found("portal entry in this computer's policy"));
    }
    let row = app.store.asset(asset).await?.ok_or_else(|| Refused::not_found("asset"))?;
    let (standing, _) = standing(&app, &row, &request.os_user).await?;
    let refusal = requester(&standing).err();
    if let Some(refusal) = refusal {
        app.store.insert_asset_event(refused_event(&app, asset, refusal)).await?;
    }
    let basis = standing.requester.map(|requester| requester.basis);
    let secret = NewSecret::draw()?;
    let lifetime = UnixMillis::try_from(LAUNCH_LIFETIME.as_millis()).unwrap_or(UnixMillis::MAX);
    let code = LaunchCode {
        code_hash: secret.hash,
        asset_id: asset,
        assignment_id: basis.and_then(RequesterBasis::assignment),
        os_login_id: basis.and_then(RequesterBasis::os_login),
        entry_id: request.entry.to_string(),
        os_user: crate::store::Json(request.os_user),
        expires_at: app.now() + lifetime,
        session_id: None,
    };
    app.store.insert_launch_code(code, app.now() - FORGET_AFTER_MILLIS).await?;
    let look = app.looks.of_organization(row.organization_id);
    let url = look.url(&format!("/launch/{}", secret.text)).parse().map_err(anyhow::Error::from)?;
    Ok(Json(LaunchResponse { url, refusal }))
}

fn refused_event(app: &App, asset: AssetId, refusal: Refusal) -> AssetEvent {
    AssetEvent {
        id: AssetEventId(app.new_id()),
        asset_id: asset,
        kind: AssetEventKind::LaunchRefused,
        detail: refusal.as_str().to_owned(),
        at: app.now(),
    }
}
