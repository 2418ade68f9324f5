//! `/api/v1/policies`: what the trays show.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::Serialize;

use super::{
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
};
use crate::{
    app::SharedApp,
    changes::policies::{self, WrittenPolicy},
    domain::{
        ids::PolicyId,
        policy::{MenuPart, PolicyDocument, Settings},
        tray_count::TrayCount,
    },
    json_body::JsonBody,
    problems::Refused,
    store::Policy,
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
    Caller(actor): Caller,
    JsonBody(written): JsonBody<WrittenPolicy>,
) -> Result<(StatusCode, Json<PolicyJson>), Refused> {
    let row = policies::make(&app, &actor, written).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PolicyId>,
) -> Result<Json<PolicyJson>, Refused> {
    Ok(Json(policies::policy(&app, id).await?.into()))
}

pub(super) async fn save(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PolicyId>,
    JsonBody(written): JsonBody<WrittenPolicy>,
) -> Result<Json<PolicyJson>, Refused> {
    Ok(Json(policies::save(&app, &actor, id, written).await?.into()))
}

/// Every save of a policy, the first one first.
pub(super) async fn versions(
    State(app): State<SharedApp>,
    _: Caller,
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

/// Where the icons are in the sessions of every asset that the policy reaches (AGT-08).
pub(super) async fn tray_states(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PolicyId>,
) -> Result<Json<TrayStatesJson>, Refused> {
    policies::policy(&app, id).await?;
    let assets = app.fleet.assets_below(id);
    let mut sessions = TrayCount::default();
    for (asset, reported) in app.store.reported_sessions().await? {
        if assets.contains(&asset) {
            sessions.extend(&reported);
        }
    }
    Ok(Json(TrayStatesJson { assets: assets.len(), sessions }))
}
