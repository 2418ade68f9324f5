//! `/api/v1/assets`: managed computers.

use axum::{Json, extract::State};
use deskbell_protocol::{Facts, Refusal, SessionReport, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::Tagged,
    caller::Caller,
    lists::{Asked, ListAnswer, MAX_LIMIT, PlainList, page_request},
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
        ids::{AssetId, EndUserId, FolderId, OrganizationId, PolicyId, SiteId},
        launch::requester,
        policy::Effective,
        take_over::serial_key,
    },
    json_body::JsonBody,
    portal::standing::standing_by_assignment,
    problems::Refused,
    store::{Asset, Revised as _, assets::Assigned, lists::AssetFilter},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct AssetJson {
    id: AssetId,
    organization_id: OrganizationId,
    folder_id: Option<FolderId>,
    site_id: Option<SiteId>,
    external_id: Option<String>,
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

/// Which assets; what is left out narrows nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssetList {
    /// Only of this one.
    #[serde(alias = "customer_id")]
    organization_id: Option<OrganizationId>,
    /// Only in this folder itself.
    folder_id: Option<FolderId>,
    /// Only at this one.
    site_id: Option<SiteId>,
    /// Only of this one.
    #[serde(alias = "contact_id")]
    end_user_id: Option<EndUserId>,
    /// Only in this state.
    state: Option<AssetState>,
    /// Only with this serial number, whatever its case.
    serial: Option<String>,
    /// Only those in use whose end user cannot open the form.
    #[serde(default)]
    not_ready: bool,
    /// Only with this in name, host name or serial number.
    q: Option<String>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<AssetList>,
) -> Result<Json<ListAnswer<AssetJson>>, Refused> {
    let filter = AssetFilter {
        organization: list.organization_id,
        folder: list.folder_id,
        site: list.site_id,
        end_user: list.end_user_id,
        state: list.state,
        not_ready: list.not_ready.then(|| app.looks.published_for()),
        words: list.q.unwrap_or_default(),
        serial_key: list.serial.as_deref().map(serial_key),
    };
    let page = app.store.assets(&filter, page_request(list.limit, list.cursor)?).await?;
    let assigned = app.store.assigned(&page.items.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(ListAnswer::new(page, |row| {
        let assigned = assigned.get(&row.id);
        asset_json(&app, row, assigned)
    }))
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
    let assigned = app.store.assigned(&[row.id]).await?;
    Ok(Tagged { tag: row.revision(), body: asset_json(app, row, assigned.values().next()) })
}

/// An asset as the API shows it.
fn asset_json(app: &App, row: Asset, assigned: Option<&Assigned>) -> AssetJson {
    let standing = standing_by_assignment(app, &row, assigned);
    AssetJson {
        id: row.id,
        organization_id: row.organization_id,
        folder_id: row.folder_id,
        site_id: row.site_id,
        external_id: row.external_id,
        name: row.name,
        state: row.state,
        facts: row.facts.0,
        sessions: row.sessions.0,
        policy_id: row.policy_id,
        assignment: assigned
            .map(|assigned| AssignmentJson { end_user_id: assigned.open.end_user_id, since: assigned.open.started_at }),
        portal_refusal: requester(&standing).err(),
        enrolled_at: row.enrolled_at,
        reported_at: row.reported_at,
        shared_identity_since: row.shared_identity_since,
        predecessor_id: row.predecessor_id,
    }
}
