//! `/api/v1/assets/{id}/take-over`: what staff say to the proposal that a new asset is a computer they know (AGT-12).

use axum::extract::State;

use super::{
    answers::Tagged,
    assets::{AssetJson, tagged},
    caller::Caller,
    paths::Path,
};
use crate::{app::SharedApp, changes::take_over, domain::ids::AssetId, problems::Refused};

pub(super) async fn confirm(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
) -> Result<Tagged<AssetJson>, Refused> {
    let row = take_over::confirm(&app, &actor, id).await?;
    tagged(&app, row).await
}

pub(super) async fn decline(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
) -> Result<Tagged<AssetJson>, Refused> {
    let row = take_over::decline(&app, &actor, id).await?;
    tagged(&app, row).await
}
