//! `/api/v1/assets/{id}/assignment`: to whom an asset belongs, with its history (invariant 2).

use axum::{
    Json,
    extract::{Path, State},
};
use deskbell_protocol::UnixMillis;
use serde::{Deserialize, Serialize};

use super::{
    assets::{AssetJson, asset, asset_json},
    caller::Caller,
};
use crate::{
    app::{App, SharedApp},
    domain::{
        asset::AssetEventKind,
        ids::{AssetEventId, AssetId, AssignmentId, EndUserId},
    },
    json_body::JsonBody,
    problems::Refused,
    store::{AssetEvent, Assignment},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAssignment {
    end_user_id: EndUserId,
}

#[derive(Serialize)]
pub(super) struct PastAssignmentJson {
    end_user_id: EndUserId,
    started_at: UnixMillis,
    ended_at: Option<UnixMillis>,
}

#[derive(Serialize)]
pub(super) struct HistoryJson {
    items: Vec<PastAssignmentJson>,
}

/// Assigns the asset to an end user of its organization. Assigning it again to the same one changes nothing.
pub(super) async fn assign(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
    JsonBody(new): JsonBody<NewAssignment>,
) -> Result<Json<AssetJson>, Refused> {
    let row = asset(&app, id).await?;
    let end_user = app.store.end_user(new.end_user_id).await?;
    if end_user.is_none_or(|end_user| end_user.organization_id != row.organization_id) {
        return Err(Refused::field("/end_user_id", "names no end user of the asset's organization"));
    }
    let open = app.store.open_assignment(id).await?;
    if open.is_some_and(|open| open.end_user_id == new.end_user_id) {
        return Ok(Json(asset_json(&app, row).await?));
    }
    let next = Assignment {
        id: AssignmentId(app.new_id()),
        organization_id: row.organization_id,
        asset_id: id,
        end_user_id: new.end_user_id,
        started_at: app.now(),
        ended_at: None,
    };
    let event = event(&app, id, AssetEventKind::Assigned, new.end_user_id);
    app.store.reassign(id, Some(next), event, app.now()).await?;
    app.fleet.reload_asset(&app.store, id).await?;
    Ok(Json(asset_json(&app, row).await?))
}

/// Takes the asset from its end user; with none, nothing changes.
pub(super) async fn unassign(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    let row = asset(&app, id).await?;
    if let Some(open) = app.store.open_assignment(id).await? {
        let event = event(&app, id, AssetEventKind::Unassigned, open.end_user_id);
        app.store.reassign(id, None, event, app.now()).await?;
        app.fleet.reload_asset(&app.store, id).await?;
    }
    Ok(Json(asset_json(&app, row).await?))
}

/// Everybody to whom the asset belonged, the newest first.
pub(super) async fn history(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<HistoryJson>, Refused> {
    asset(&app, id).await?;
    let items = app.store.assignments(id).await?.into_iter().map(|row| PastAssignmentJson {
        end_user_id: row.end_user_id,
        started_at: row.started_at,
        ended_at: row.ended_at,
    });
    Ok(Json(HistoryJson { items: items.collect() }))
}

fn event(app: &App, asset: AssetId, kind: AssetEventKind, end_user: EndUserId) -> AssetEvent {
    AssetEvent { id: AssetEventId(app.new_id()), asset_id: asset, kind, detail: end_user.to_string(), at: app.now() }
}
