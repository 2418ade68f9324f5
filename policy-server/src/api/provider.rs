//! `/api/v1/provider`: the MSP itself.

use axum::{Json, extract::State};
use serde::Serialize;

use super::caller::Caller;
use crate::{
    app::SharedApp,
    changes::{
        fields::AttachPolicy,
        provider::{self, ProviderChange},
    },
    domain::ids::PolicyId,
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

pub(super) async fn show(State(app): State<SharedApp>) -> Result<Json<ProviderJson>, Refused> {
    Ok(Json(app.provider().await?.into()))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(change): JsonBody<ProviderChange>,
) -> Result<Json<ProviderJson>, Refused> {
    Ok(Json(provider::change(&app, &actor, change).await?.into()))
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Json<ProviderJson>, Refused> {
    Ok(Json(provider::attach_policy(&app, &actor, attach).await?.into()))
}
