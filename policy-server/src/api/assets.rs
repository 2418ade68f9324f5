//! `/api/v1/assets`: managed computers.

use axum::{
    Json,
    extract::{Path, State},
};
use deskbell_protocol::{Facts, ProblemKind, Refusal, SessionReport, UnixMillis};
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::{AttachPolicy, Fields, Wish},
    lists::{Asked, ListAnswer, OrganizationList, PlainList},
};
use crate::{
    app::{App, SharedApp},
    domain::{
        asset::{AssetEventKind, AssetState},
        contact,
        ids::{AssetEventId, AssetId, EndUserId, FolderId, OrganizationId, PolicyId},
        launch::requester,
        policy::Effective,
    },
    json_body::JsonBody,
    portal::standing::standing_by_assignment,
    problems::Refused,
    store::{Asset, AssetEvent},
};

#[derive(Serialize)]
pub(super) struct AssetJson {
    id: AssetId,
    organization_id: OrganizationId,
    folder_id: Option<FolderId>,
    name: String,
    state: AssetState,
    facts: Facts,
    sessions: Vec<SessionReport>,
    policy_id: Option<PolicyId>,
    assignment: Option<AssignmentJson>,
    /// Why a click of somebody whose login is not known would not open the form; absent when the asset is ready
    /// (SYN-43).
    portal_refusal: Option<Refusal>,
    enrolled_at: UnixMillis,
    reported_at: Option<UnixMillis>,
    /// Since when two computers use its identity (AGT-12).
    shared_identity_since: Option<UnixMillis>,
    /// The asset that it seems to be, by its serial number: `take-over` confirms or declines it.
    predecessor_id: Option<AssetId>,
}

#[derive(Serialize)]
struct AssignmentJson {
    end_user_id: EndUserId,
    since: UnixMillis,
}

#[derive(Serialize)]
pub(super) struct EventJson {
    kind: AssetEventKind,
    detail: String,
    at: UnixMillis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssetChange {
    name: Option<String>,
    #[serde(default)]
    folder_id: Wish<FolderId>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<AssetJson>>, Refused> {
    let mut page = app.store.assets(list.organization_id, list.page()?).await?;
    let mut shown = Vec::with_capacity(page.items.len());
    for row in std::mem::take(&mut page.items) {
        shown.push(asset_json(&app, row).await?);
    }
    Ok(ListAnswer::new(crate::store::Page { items: shown, next: page.next }, |asset| asset))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    Ok(Json(asset_json(&app, asset(&app, id).await?).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
    JsonBody(change): JsonBody<AssetChange>,
) -> Result<Json<AssetJson>, Refused> {
    let mut row = asset(&app, id).await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name = fields.check("/name", &name, contact::name);
    }
    fields.done()?;
    match change.folder_id {
        Wish::Keep => {}
        Wish::Clear => row.folder_id = None,
        Wish::Set(folder) => row.folder_id = Some(folder),
    }
    save(&app, row, None).await
}

pub(super) async fn approve(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    let row = asset(&app, id).await?;
    match row.state {
        AssetState::WaitingForApproval => {
            save(&app, Asset { state: AssetState::Enrolled, ..row }, Some(AssetEventKind::Approved)).await
        }
        AssetState::Enrolled => Ok(Json(asset_json(&app, row).await?)),
        AssetState::Retired => {
            Err(Refused::new(ProblemKind::Conflict, "A retired asset cannot be approved; enroll it again."))
        }
    }
}

pub(super) async fn retire(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetJson>, Refused> {
    let row = asset(&app, id).await?;
    match row.state {
        AssetState::WaitingForApproval | AssetState::Enrolled => {
            save(&app, Asset { state: AssetState::Retired, ..row }, Some(AssetEventKind::Retired)).await
        }
        AssetState::Retired => Ok(Json(asset_json(&app, row).await?)),
    }
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Json<AssetJson>, Refused> {
    let policy_id = attach.checked(&app).await?;
    let row = asset(&app, id).await?;
    save(&app, Asset { policy_id, ..row }, None).await
}

/// What is in force, and which level says so (POL-04).
pub(super) async fn effective_policy(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
) -> Result<Json<Effective>, Refused> {
    app.fleet.effective(id).map(Json).ok_or_else(|| Refused::not_found("asset"))
}

pub(super) async fn events(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<AssetId>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<EventJson>>, Refused> {
    asset(&app, id).await?;
    let page = app.store.asset_events(id, list.page()?).await?;
    Ok(ListAnswer::new(page, |row| EventJson { kind: row.kind, detail: row.detail, at: row.at }))
}

/// The asset with this id.
pub(super) async fn asset(app: &App, id: AssetId) -> Result<Asset, Refused> {
    app.store.asset(id).await?.ok_or_else(|| Refused::not_found("asset"))
}

/// An asset as the API shows it.
pub(super) async fn asset_json(app: &App, row: Asset) -> Result<AssetJson, Refused> {
    let standing = standing_by_assignment(app, &row, &app.portal().await?).await?;
    let assignment = app.store.open_assignment(row.id).await?;
    Ok(AssetJson {
        id: row.id,
        organization_id: row.organization_id,
        folder_id: row.folder_id,
        name: row.name,
        state: row.state,
        facts: row.facts.0,
        sessions: row.sessions.0,
        policy_id: row.policy_id,
        assignment: assignment.map(|open| AssignmentJson { end_user_id: open.end_user_id, since: open.started_at }),
        portal_refusal: requester(&standing).err(),
        enrolled_at: row.enrolled_at,
        reported_at: row.reported_at,
        shared_identity_since: row.shared_identity_since,
        predecessor_id: row.predecessor_id,
    })
}

async fn save(app: &App, row: Asset, event: Option<AssetEventKind>) -> Result<Json<AssetJson>, Refused> {
    let event = event.map(|kind| AssetEvent {
        id: AssetEventId(app.new_id()),
        asset_id: row.id,
        kind,
        detail: String::new(),
        at: app.now(),
    });
    app.store.save_asset(row.clone(), event).await?;
    app.fleet.reload_asset(&app.store, row.id).await?;
    Ok(Json(asset_json(app, row).await?))
}
