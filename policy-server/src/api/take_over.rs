//! `/api/v1/assets/{id}/take-over`: what staff say to the proposal that a new asset is a computer they know (AGT-12).

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    assets::{AssetJson, asset_json},
    caller::Caller,
};
use crate::{app::SharedApp, changes::take_over, domain::ids::AssetId, problems::Refused};

pub(super) async fn confirm(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    let row = take_over::confirm(&app, &actor, id).await?;
    Ok(Json(asset_json(&app, row).await?))
}

pub(super) async fn decline(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    let row = take_over::decline(&app, &actor, id).await?;
    Ok(Json(asset_json(&app, row).await?))
}
