//! `/api/v1/assets/{id}/take-over`: what staff say to the proposal that a new asset is a computer they know (AGT-12).

use axum::{
    Json,
    extract::{Path, State},
};
use deskbell_protocol::ProblemKind;

use super::{
    assets::{AssetJson, asset, asset_json},
    caller::Caller,
};
use crate::{
    app::SharedApp,
    domain::{asset::AssetEventKind, ids::AssetId, take_over::Obstacle},
    problems::Refused,
    store::Asset,
};

/// Puts the asset in the place of its predecessor.
pub(super) async fn confirm(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    asset(&app, id).await?;
    let predecessor = app.store.take_over(id, app.now(), || app.new_id()).await?.map_err(refusal)?;
    app.fleet.reload_asset(&app.store, predecessor).await?;
    app.fleet.reload_asset(&app.store, id).await?;
    Ok(Json(asset_json(&app, asset(&app, id).await?).await?))
}

/// Leaves both assets as they are and proposes it no more; with no proposal, nothing changes.
pub(super) async fn decline(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    let row = asset(&app, id).await?;
    let Some(predecessor) = row.predecessor_id else { return Ok(Json(asset_json(&app, row).await?)) };
    let event = app.asset_event(id, AssetEventKind::TakeOverDeclined, predecessor.to_string());
    let row = Asset { predecessor_id: None, ..row };
    app.store.save_asset(row.clone(), Some(event)).await?;
    Ok(Json(asset_json(&app, row).await?))
}

fn refusal(obstacle: Obstacle) -> Refused {
    let why = match obstacle {
        Obstacle::NotProposed => "Nothing says that this asset is a computer that was known before.",
        Obstacle::Retired => "This asset is retired; enroll the computer again.",
        Obstacle::PredecessorRetired => "The asset from which this one would take over was retired in the meantime.",
    };
    Refused::new(ProblemKind::Conflict, why)
}
