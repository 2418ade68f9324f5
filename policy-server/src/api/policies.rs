//! `/api/v1/policies`: what the trays show.

use axum::{Json, extract::State};
use deskbell_protocol::{Menu, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, MAX_LIMIT, page_request},
    organizations::Enabled,
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        policies::{self, WrittenPolicy},
        portal_users,
    },
    domain::{
        ids::{AssetId, PolicyId},
        policy::{MenuPart, PolicyDocument, Settings},
        policy_changes::PolicyChange,
        tray_count::TrayCount,
    },
    fleet::InForce,
    json_body::JsonBody,
    problems::Refused,
    store::Policy,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct PolicyJson {
    id: PolicyId,
    name: String,
    version: i64,
    settings: Settings,
    menu: MenuPart,
    created_at: UnixMillis,
}

/// What a policy is to say, and for whom its menu is to be drawn.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedPreview {
    name: String,
    #[serde(default)]
    settings: Settings,
    #[serde(default)]
    menu: MenuPart,
    /// Whose menu; absent: nobody's.
    #[serde(default)]
    asset_id: Option<AssetId>,
    /// Of somebody who reads this, a BCP 47 tag.
    #[serde(default)]
    language: String,
}

/// What a save would change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyPreview")]
pub(super) struct PreviewJson {
    /// How many agents would get another answer.
    changed_assets: usize,
    /// The asset's menu.
    menu: Option<Menu>,
    /// Whether the policy counts for the asset; elsewhere, the menu is as if it was attached to it.
    in_force: Option<InForce>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Compared {
    from: i64,
    to: i64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyChanges")]
pub(super) struct ChangesJson {
    items: Vec<PolicyChange>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyVersion")]
pub(super) struct VersionJson {
    version: i64,
    name: String,
    settings: Settings,
    menu: MenuPart,
    saved_at: UnixMillis,
    saved_by: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyVersions")]
pub(super) struct VersionsJson {
    items: Vec<VersionJson>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct TrayStatesJson {
    assets: i64,
    sessions: TrayCount,
}

impl From<Policy> for PolicyJson {
    fn from(row: Policy) -> Self {
        let PolicyDocument { settings, menu } = row.document.0;
        Self { id: row.id, name: row.name, version: row.version, settings, menu, created_at: row.created_at }
    }
}

/// Which policies.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyList {
    /// Only with this name.
    name: Option<String>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PolicyList>,
) -> Result<Json<ListAnswer<PolicyJson>>, Refused> {
    let page = page_request(list.limit, list.cursor)?;
    Ok(ListAnswer::new(app.store.policies_named(list.name.as_deref(), page).await?, PolicyJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(written): JsonBody<WrittenPolicy>,
) -> Result<Made<Tagged<PolicyJson>>, Refused> {
    let row = policies::make(&app, &actor, written).await?;
    Ok(Made(Tagged::of(row)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<PolicyId>,
) -> Result<Tagged<PolicyJson>, Refused> {
    Ok(Tagged::of(policies::policy(&app, id).await?))
}

/// Saves. With `If-Match`, only the version that was read is replaced.
pub(super) async fn save(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PolicyId>,
    IfMatch(expected): IfMatch,
    JsonBody(written): JsonBody<WrittenPolicy>,
) -> Result<Tagged<PolicyJson>, Refused> {
    Ok(Tagged::of(policies::save(&app, &actor, id, expected, written).await?))
}

/// Every save of a policy, the first one first.
pub(super) async fn versions(
    State(app): State<SharedApp>,
    Path(id): Path<PolicyId>,
) -> Result<Json<VersionsJson>, Refused> {
    policies::policy(&app, id).await?;
    let items = app.store.policy_versions(id).await?.into_iter().map(|row| {
        let PolicyDocument { settings, menu } = row.document.0;
        VersionJson {
            version: row.version,
            name: row.name,
            settings,
            menu,
            saved_at: row.saved_at,
            saved_by: row.saved_by,
        }
    });
    Ok(Json(VersionsJson { items: items.collect() }))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PolicyId>,
    IfMatch(expected): IfMatch,
) -> Result<Json<PolicyJson>, Refused> {
    Ok(Json(policies::remove(&app, &actor, expected.of(id)).await?.into()))
}

/// Where the icons are in the sessions of every asset that the policy reaches (AGT-08).
pub(super) async fn tray_states(
    State(app): State<SharedApp>,
    Path(id): Path<PolicyId>,
) -> Result<Json<TrayStatesJson>, Refused> {
    policies::policy(&app, id).await?;
    let reached = app.store.reached(&app.fleet.reach(id), &app.looks.published_for()).await?;
    Ok(Json(TrayStatesJson {
        assets: reached.iter().map(|reached| reached.assets).sum(),
        sessions: reached.iter().map(|reached| reached.trays).sum(),
    }))
}

/// Makes each end user with an asset that the policy reaches a portal user, without mail. Those who are one stay what they are.
pub(super) async fn enable(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PolicyId>,
) -> Result<Json<Enabled>, Refused> {
    policies::policy(&app, id).await?;
    Ok(Json(Enabled { enabled: portal_users::enable_below_for_tray(&app, &actor, id).await? }))
}

/// Makes an earlier version the next one (POL-06).
pub(super) async fn restore(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((id, version)): Path<(PolicyId, i64)>,
) -> Result<Tagged<PolicyJson>, Refused> {
    Ok(Tagged::of(policies::restore(&app, &actor, id, version).await?))
}

/// What differs between two versions.
pub(super) async fn compare(
    State(app): State<SharedApp>,
    Path(id): Path<PolicyId>,
    Asked(Compared { from, to }): Asked<Compared>,
) -> Result<Json<ChangesJson>, Refused> {
    Ok(Json(ChangesJson { items: policies::compare(&app, id, from, to).await? }))
}

/// What a save would change, without saving (POL-05).
pub(super) async fn preview(
    State(app): State<SharedApp>,
    Path(id): Path<PolicyId>,
    JsonBody(asked): JsonBody<AskedPreview>,
) -> Result<Json<PreviewJson>, Refused> {
    policies::policy(&app, id).await?;
    previewed(&app, Some(id), asked).await
}

/// The same for a policy that does not exist yet.
pub(super) async fn preview_new(
    State(app): State<SharedApp>,
    JsonBody(asked): JsonBody<AskedPreview>,
) -> Result<Json<PreviewJson>, Refused> {
    previewed(&app, None, asked).await
}

async fn previewed(app: &App, id: Option<PolicyId>, asked: AskedPreview) -> Result<Json<PreviewJson>, Refused> {
    let AskedPreview { name, settings, menu, asset_id, language } = asked;
    let (_, document) = policies::checked(app, WrittenPolicy { name, settings, menu }).await?;
    let preview = match asset_id {
        Some(asset) => {
            let preview = app.fleet.menu_with(asset, id, document.clone(), &language);
            Some(preview.ok_or_else(|| Refused::field("/asset_id", "names no asset"))?)
        }
        None => None,
    };
    let changed_assets = app.fleet.would_change(id.map(|id| (id, document)));
    let (menu, in_force) = preview.map(|preview| (preview.menu, preview.in_force)).unzip();
    Ok(Json(PreviewJson { changed_assets, menu, in_force }))
}
