//! `/api/v1/provider`: the MSP itself.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::{AttachPolicy, Fields, Wish},
};
use crate::{
    app::SharedApp,
    domain::{contact, ids::PolicyId},
    json_body::JsonBody,
    problems::Refused,
    store::Provider,
};

#[derive(Serialize)]
pub(super) struct ProviderJson {
    name: String,
    support_phone: Option<String>,
    support_email: Option<String>,
    policy_id: Option<PolicyId>,
}

impl From<Provider> for ProviderJson {
    fn from(row: Provider) -> Self {
        Self {
            name: row.name,
            support_phone: row.support_phone,
            support_email: row.support_email,
            policy_id: row.policy_id,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProviderChange {
    name: Option<String>,
    #[serde(default)]
    support_phone: Wish<String>,
    #[serde(default)]
    support_email: Wish<String>,
}

pub(super) async fn show(State(app): State<SharedApp>, _: Caller) -> Result<Json<ProviderJson>, Refused> {
    Ok(Json(app.provider().await?.into()))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(change): JsonBody<ProviderChange>,
) -> Result<Json<ProviderJson>, Refused> {
    let mut row = app.provider().await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name = fields.check("/name", &name, contact::name);
    }
    fields.change_optional("/support_phone", &mut row.support_phone, change.support_phone, contact::phone);
    fields.change_optional("/support_email", &mut row.support_email, change.support_email, contact::email);
    fields.done()?;
    app.store.save_provider(row.clone()).await?;
    app.fleet.reload_tree(&app.store).await?;
    app.look.reload(&app.store).await?;
    Ok(Json(row.into()))
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Json<ProviderJson>, Refused> {
    let policy_id = attach.checked(&app).await?;
    let row = Provider { policy_id, ..app.provider().await? };
    app.store.save_provider(row.clone()).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(Json(row.into()))
}
