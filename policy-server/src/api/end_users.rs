//! `/api/v1/end-users`, also called `contacts`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::{Fields, Wish},
    lists::{Asked, ListAnswer, OrganizationList},
};
use crate::{
    app::{App, SharedApp},
    domain::{
        contact,
        ids::{EndUserId, OrganizationId},
    },
    json_body::JsonBody,
    problems::Refused,
    store::EndUser,
};

#[derive(Serialize)]
pub(super) struct EndUserJson {
    id: EndUserId,
    organization_id: OrganizationId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    created_at: UnixMillis,
}

impl From<EndUser> for EndUserJson {
    fn from(row: EndUser) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            name: row.name,
            email: row.email,
            phone: row.phone,
            created_at: row.created_at,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEndUser {
    organization_id: OrganizationId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndUserChange {
    name: Option<String>,
    #[serde(default)]
    email: Wish<String>,
    #[serde(default)]
    phone: Wish<String>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<EndUserJson>>, Refused> {
    Ok(ListAnswer::new(app.store.end_users(list.organization_id, list.page()?).await?, EndUserJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(new): JsonBody<NewEndUser>,
) -> Result<(StatusCode, Json<EndUserJson>), Refused> {
    let mut fields = Fields::default();
    let row = EndUser {
        id: EndUserId(app.new_id()),
        organization_id: new.organization_id,
        name: fields.check("/name", &new.name, contact::name),
        email: fields.check_optional("/email", new.email, contact::email),
        phone: fields.check_optional("/phone", new.phone, contact::phone),
        created_at: app.now(),
    };
    fields.done()?;
    app.store.insert_end_user(row.clone()).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<EndUserId>,
) -> Result<Json<EndUserJson>, Refused> {
    Ok(Json(end_user(&app, id).await?.into()))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<EndUserId>,
    JsonBody(change): JsonBody<EndUserChange>,
) -> Result<Json<EndUserJson>, Refused> {
    let mut row = end_user(&app, id).await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name = fields.check("/name", &name, contact::name);
    }
    fields.change_optional("/email", &mut row.email, change.email, contact::email);
    fields.change_optional("/phone", &mut row.phone, change.phone, contact::phone);
    fields.done()?;
    app.store.save_end_user(row.clone()).await?;
    for asset in app.store.assets_of_end_user(id).await? {
        app.fleet.reload_asset(&app.store, asset).await?;
    }
    Ok(Json(row.into()))
}

/// The end user with this id.
pub(super) async fn end_user(app: &App, id: EndUserId) -> Result<EndUser, Refused> {
    app.store.end_user(id).await?.ok_or_else(|| Refused::not_found("end user"))
}
