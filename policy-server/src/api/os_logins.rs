//! `/api/v1/end-users/{id}/os-logins`: by which logins of operating systems an end user is known (decision C10).

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::Made,
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::{
        end_users::end_user,
        os_logins::{self, NewOsLogin},
    },
    domain::ids::{EndUserId, OsLoginId},
    json_body::JsonBody,
    problems::Refused,
    store::OsLogin,
};

#[derive(Serialize, JsonSchema)]
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

pub(super) async fn list(
    State(app): State<SharedApp>,
    Path(id): Path<EndUserId>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<OsLoginJson>>, Refused> {
    end_user(&app, id).await?;
    Ok(ListAnswer::new(app.store.os_logins_of(id, list.page()?).await?, OsLoginJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EndUserId>,
    JsonBody(new): JsonBody<NewOsLogin>,
) -> Result<Made<Json<OsLoginJson>>, Refused> {
    let row = os_logins::make(&app, &actor, id, new).await?;
    Ok(Made(Json(row.into())))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OsLoginId>,
) -> Result<Json<OsLoginJson>, Refused> {
    Ok(Json(os_logins::remove(&app, &actor, id).await?.into()))
}
