//! `/api/v1/assets/{id}/assignment`: to whom an asset belongs, with its history (invariant 2).

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::Tagged,
    assets::{AssetJson, tagged},
    caller::Caller,
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::assets::{self, NewAssignment},
    domain::ids::{AssetId, EndUserId},
    json_body::JsonBody,
    problems::Refused,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct PastAssignmentJson {
    end_user_id: EndUserId,
    started_at: UnixMillis,
    ended_at: Option<UnixMillis>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Assignments")]
pub(super) struct HistoryJson {
    items: Vec<PastAssignmentJson>,
}

pub(super) async fn assign(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
    JsonBody(new): JsonBody<NewAssignment>,
) -> Result<Tagged<AssetJson>, Refused> {
    let row = assets::assign(&app, &actor, id, new).await?;
    tagged(&app, row).await
}

pub(super) async fn unassign(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
) -> Result<Tagged<AssetJson>, Refused> {
    let row = assets::unassign(&app, &actor, id).await?;
    tagged(&app, row).await
}

/// Everybody to whom the asset belonged, the newest first.
pub(super) async fn history(
    State(app): State<SharedApp>,
    Path(id): Path<AssetId>,
) -> Result<Json<HistoryJson>, Refused> {
    assets::asset(&app, id).await?;
    let items = app.store.assignments(id).await?.into_iter().map(|row| PastAssignmentJson {
        end_user_id: row.end_user_id,
        started_at: row.started_at,
        ended_at: row.ended_at,
    });
    Ok(Json(HistoryJson { items: items.collect() }))
}
