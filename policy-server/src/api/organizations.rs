//! `/api/v1/organizations`, also called `customers`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::{AttachPolicy, Fields, Wish},
    lists::{Asked, ListAnswer, PlainList},
};
use crate::{
    app::{App, SharedApp},
    domain::{
        contact,
        ids::{OrganizationId, PolicyId},
    },
    json_body::JsonBody,
    problems::Refused,
    store::Organization,
};

#[derive(Serialize)]
pub(super) struct OrganizationJson {
    id: OrganizationId,
    name: String,
    email: Option<String>,
    policy_id: Option<PolicyId>,
    created_at: UnixMillis,
}

impl From<Organization> for OrganizationJson {
    fn from(row: Organization) -> Self {
        Self { id: row.id, name: row.name, email: row.email, policy_id: row.policy_id, created_at: row.created_at }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrganization {
    name: String,
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationChange {
    name: Option<String>,
    #[serde(default)]
    email: Wish<String>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<OrganizationJson>>, Refused> {
    Ok(ListAnswer::new(app.store.organizations(list.page()?).await?, OrganizationJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(new): JsonBody<NewOrganization>,
) -> Result<(StatusCode, Json<OrganizationJson>), Refused> {
    let mut fields = Fields::default();
    let row = Organization {
        id: OrganizationId(app.new_id()),
        name: fields.check("/name", &new.name, contact::name),
        email: fields.check_optional("/email", new.email, contact::email),
        policy_id: None,
        created_at: app.now(),
    };
    fields.done()?;
    app.store.insert_organization(row.clone()).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<OrganizationId>,
) -> Result<Json<OrganizationJson>, Refused> {
    Ok(Json(organization(&app, id).await?.into()))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<OrganizationId>,
    JsonBody(change): JsonBody<OrganizationChange>,
) -> Result<Json<OrganizationJson>, Refused> {
    let mut row = organization(&app, id).await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name = fields.check("/name", &name, contact::name);
    }
    fields.change_optional("/email", &mut row.email, change.email, contact::email);
    fields.done()?;
    save(&app, row).await
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<OrganizationId>,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Json<OrganizationJson>, Refused> {
    let policy_id = attach.checked(&app).await?;
    let row = organization(&app, id).await?;
    save(&app, Organization { policy_id, ..row }).await
}

/// The organization with this id; a field of a request that names none is at fault.
pub(super) async fn organization(app: &App, id: OrganizationId) -> Result<Organization, Refused> {
    app.store.organization(id).await?.ok_or_else(|| Refused::not_found("organization"))
}

async fn save(app: &App, row: Organization) -> Result<Json<OrganizationJson>, Refused> {
    app.store.save_organization(row.clone()).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(Json(row.into()))
}
