//! `/api/v1/assets`: managed computers.

use axum::{Json, extract::State};
use deskbell_protocol::{Facts, Refusal, SessionReport, UnixMillis};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::Tagged,
    caller::Caller,
    lists::{Asked, ListAnswer, OrganizationList, PlainList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        assets::{self, AssetChange},
        fields::AttachPolicy,
    },
    domain::{
        asset::{AssetEventKind, AssetState},
        ids::{AssetId, EndUserId, FolderId, OrganizationId, PolicyId},
        launch::requester,
        policy::Effective,
    },
    json_body::JsonBody,
    portal::standing::standing_by_assignment,
    problems::Refused,
    store::{Asset, Revised as _},
};

#[derive(Serialize, JsonSchema)]
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

#[derive(Serialize, JsonSchema)]
struct AssignmentJson {
    end_user_id: EndUserId,
    since: UnixMillis,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AssetEvent")]
pub(super) struct EventJson {
    kind: AssetEventKind,
    detail: String,
    at: UnixMillis,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<AssetJson>>, Refused> {
    let mut page = app.store.assets(list.organization_id, list.page()?).await?;
    let mut shown = Vec::with_capacity(page.items.len());
    for row in std::mem::take(&mut page.items) {
        shown.push(asset_json(&app, row).await?);
    }
    Ok(ListAnswer::new(crate::store::Page { items: shown, next: page.next }, |asset| asset))
}

pub(super) async fn show(State(app): State<SharedApp>, Path(id): Path<AssetId>) -> Result<Tagged<AssetJson>, Refused> {
    tagged(&app, assets::asset(&app, id).await?).await
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<AssetChange>,
) -> Result<Tagged<AssetJson>, Refused> {
    tagged(&app, assets::change(&app, &actor, expected.of(id), change).await?).await
}

pub(super) async fn approve(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
) -> Result<Tagged<AssetJson>, Refused> {
    tagged(&app, assets::approve(&app, &actor, id).await?).await
}

pub(super) async fn retire(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
) -> Result<Tagged<AssetJson>, Refused> {
    tagged(&app, assets::retire(&app, &actor, id).await?).await
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<AssetId>,
    IfMatch(expected): IfMatch,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Tagged<AssetJson>, Refused> {
    tagged(&app, assets::attach_policy(&app, &actor, expected.of(id), attach).await?).await
}

/// What is in force, and which level says so (POL-04).
pub(super) async fn effective_policy(
    State(app): State<SharedApp>,
    Path(id): Path<AssetId>,
) -> Result<Json<Effective>, Refused> {
    app.fleet.effective(id).map(Json).ok_or_else(|| Refused::not_found("asset"))
}

pub(super) async fn events(
    State(app): State<SharedApp>,
    Path(id): Path<AssetId>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<EventJson>>, Refused> {
    assets::asset(&app, id).await?;
    let page = app.store.asset_events(id, list.page()?).await?;
    Ok(ListAnswer::new(page, |row| EventJson { kind: row.kind, detail: row.detail, at: row.at }))
}

/// An asset, with the name of what staff have set.
pub(super) async fn tagged(app: &App, row: Asset) -> Result<Tagged<AssetJson>, Refused> {
    Ok(Tagged { tag: row.revision(), body: asset_json(app, row).await? })
}

/// An asset as the API shows it.
pub(super) async fn asset_json(app: &App, row: Asset) -> Result<AssetJson, Refused> {
    let assignment = app.store.open_assignment(row.id).await?;
    let standing = standing_by_assignment(app, &row, assignment.as_ref()).await?;
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
