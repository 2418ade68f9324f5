//! `/api/v1/policies`: what the trays show.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::{Fault, UnixMillis};
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::Fields,
    lists::{Asked, ListAnswer, PlainList},
};
use crate::{
    app::{App, SharedApp},
    domain::{
        contact,
        ids::PolicyId,
        policy::{MenuPart, PolicyDocument, Settings, faults},
        setting::Switch,
        tray_count::TrayCount,
    },
    json_body::JsonBody,
    problems::Refused,
    store::{Json as Stored, Policy, PolicyVersion},
};

#[derive(Serialize)]
pub(super) struct PolicyJson {
    id: PolicyId,
    name: String,
    version: i64,
    settings: Settings,
    menu: MenuPart,
    created_at: UnixMillis,
}

#[derive(Serialize)]
pub(super) struct VersionJson {
    version: i64,
    name: String,
    settings: Settings,
    menu: MenuPart,
    saved_at: UnixMillis,
    saved_by: String,
}

#[derive(Serialize)]
pub(super) struct VersionsJson {
    items: Vec<VersionJson>,
}

#[derive(Serialize)]
pub(super) struct TrayStatesJson {
    assets: usize,
    sessions: TrayCount,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPolicy {
    name: String,
    #[serde(default)]
    settings: Settings,
    #[serde(default)]
    menu: MenuPart,
}

impl From<Policy> for PolicyJson {
    fn from(row: Policy) -> Self {
        let PolicyDocument { settings, menu } = row.document.0;
        Self { id: row.id, name: row.name, version: row.version, settings, menu, created_at: row.created_at }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<PolicyJson>>, Refused> {
    Ok(ListAnswer::new(app.store.policies(list.page()?).await?, PolicyJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(token): Caller,
    JsonBody(written): JsonBody<WrittenPolicy>,
) -> Result<(StatusCode, Json<PolicyJson>), Refused> {
    let (name, document) = checked(&app, written).await?;
    let row =
        Policy { id: PolicyId(app.new_id()), name, version: 1, document: Stored(document), created_at: app.now() };
    app.store.insert_policy(row.clone(), version(&app, &row, token.name)).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PolicyId>,
) -> Result<Json<PolicyJson>, Refused> {
    Ok(Json(policy(&app, id).await?.into()))
}

/// Saves a policy as its next version and brings it to every agent below it.
pub(super) async fn save(
    State(app): State<SharedApp>,
    Caller(token): Caller,
    Path(id): Path<PolicyId>,
    JsonBody(written): JsonBody<WrittenPolicy>,
) -> Result<Json<PolicyJson>, Refused> {
    let before = policy(&app, id).await?;
    let (name, document) = checked(&app, written).await?;
    let row = Policy { name, version: before.version + 1, document: Stored(document), ..before };
    app.store.save_policy(row.clone(), version(&app, &row, token.name)).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(Json(row.into()))
}

/// Every save of a policy, the first one first.
pub(super) async fn versions(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PolicyId>,
) -> Result<Json<VersionsJson>, Refused> {
    policy(&app, id).await?;
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

/// Where the icons are in the sessions of every asset that the policy reaches (AGT-08).
pub(super) async fn tray_states(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PolicyId>,
) -> Result<Json<TrayStatesJson>, Refused> {
    policy(&app, id).await?;
    let assets = app.fleet.assets_below(id);
    let mut sessions = TrayCount::default();
    for (asset, reported) in app.store.reported_sessions().await? {
        if assets.contains(&asset) {
            sessions.extend(&reported);
        }
    }
    Ok(Json(TrayStatesJson { assets: assets.len(), sessions }))
}

async fn policy(app: &App, id: PolicyId) -> Result<Policy, Refused> {
    app.store.policy(id).await?.ok_or_else(|| Refused::not_found("policy"))
}

async fn checked(app: &App, written: WrittenPolicy) -> Result<(String, PolicyDocument), Refused> {
    let mut fields = Fields::default();
    let name = fields.check("/name", &written.name, contact::name);
    fields.done()?;
    let document = PolicyDocument { settings: written.settings, menu: written.menu };
    let mut faults: Vec<Fault> = faults(&document, std::slice::from_ref(&app.origin));
    faults.extend(icon_faults(app, &document.settings).await?);
    if faults.is_empty() { Ok((name, document)) } else { Err(faults.into()) }
}

async fn icon_faults(app: &App, settings: &Settings) -> Result<Vec<Fault>, Refused> {
    let mut faults = Vec::new();
    if let Some(Switch::On(icons)) = &settings.icons {
        for (name, hash) in std::iter::once(("light", &icons.light)).chain(icons.dark.iter().map(|hash| ("dark", hash)))
        {
            if !app.store.has_icon(hash).await? {
                let detail = "names no icon; upload it to /api/v1/icons first".into();
                faults.push(Fault { pointer: format!("/settings/icons/{name}"), detail });
            }
        }
    }
    Ok(faults)
}

fn version(app: &App, row: &Policy, saved_by: String) -> PolicyVersion {
    PolicyVersion {
        policy_id: row.id,
        version: row.version,
        name: row.name.clone(),
        document: row.document.clone(),
        saved_at: app.now(),
        saved_by,
    }
}
