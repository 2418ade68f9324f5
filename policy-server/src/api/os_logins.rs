//! `/api/v1/end-users/{id}/os-logins`: by which logins of operating systems an end user is known (decision C10).

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    end_users::end_user,
    fields::Fields,
    lists::{Asked, ListAnswer, PlainList},
};
use crate::{
    app::SharedApp,
    domain::{
        ids::{EndUserId, OsLoginId},
        os_login::{self, OsLoginKey},
    },
    json_body::JsonBody,
    problems::Refused,
    store::OsLogin,
};

#[derive(Serialize)]
pub(super) struct OsLoginJson {
    id: OsLoginId,
    end_user_id: EndUserId,
    name: String,
    domain: String,
    os_id: String,
    created_at: UnixMillis,
}

impl From<OsLogin> for OsLoginJson {
    fn from(row: OsLogin) -> Self {
        Self {
            id: row.id,
            end_user_id: row.end_user_id,
            name: row.name,
            domain: row.domain,
            os_id: row.os_id,
            created_at: row.created_at,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOsLogin {
    name: String,
    #[serde(default)]
    domain: String,
    #[serde(default)]
    os_id: String,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<EndUserId>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<OsLoginJson>>, Refused> {
    end_user(&app, id).await?;
    Ok(ListAnswer::new(app.store.os_logins_of(id, list.page()?).await?, OsLoginJson::from))
}

/// Says that a login is this end user, on every asset of the organization.
pub(super) async fn make(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<EndUserId>,
    JsonBody(new): JsonBody<NewOsLogin>,
) -> Result<(StatusCode, Json<OsLoginJson>), Refused> {
    let organization_id = end_user(&app, id).await?.organization_id;
    let mut fields = Fields::default();
    let name = fields.check("/name", &new.name, os_login::name);
    let domain = fields.check("/domain", &new.domain, os_login::optional_part);
    let os_id = fields.check("/os_id", &new.os_id, os_login::optional_part);
    fields.done()?;
    let key = OsLoginKey::new(&name, &domain, &os_id);
    let row = OsLogin {
        id: OsLoginId(app.new_id()),
        organization_id,
        end_user_id: id,
        name,
        domain,
        os_id,
        name_key: key.name,
        domain_key: key.domain,
        os_id_key: key.os_id,
        created_at: app.now(),
    };
    app.store.insert_os_login(row.clone()).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// Takes a login away and answers with what it was. The sessions that it named the requester of are over.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<OsLoginId>,
) -> Result<Json<OsLoginJson>, Refused> {
    let missing = || Refused::not_found("OS login");
    let row = app.store.os_login(id).await?.ok_or_else(missing)?;
    if app.store.delete_os_login(id).await? { Ok(Json(row.into())) } else { Err(missing()) }
}
