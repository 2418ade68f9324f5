//! `/api/v1/provider`: the MSP itself.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

use super::{answers::Tagged, caller::Caller, preconditions::IfMatch};
use crate::{
    app::SharedApp,
    changes::{
        fields::AttachPolicy,
        provider::{self, ProviderChange},
    },
    domain::{ids::PolicyId, language::Language},
    json_body::JsonBody,
    problems::Refused,
    store::Provider,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct ProviderJson {
    name: String,
    support_phone: Option<String>,
    support_email: Option<String>,
    policy_id: Option<PolicyId>,
    /// In which language those are mailed who have none of their own, and staff.
    default_language: Language,
}

impl From<Provider> for ProviderJson {
    fn from(row: Provider) -> Self {
        Self {
            name: row.name,
            support_phone: row.support_phone,
            support_email: row.support_email,
            policy_id: row.policy_id,
            default_language: row.default_language,
        }
    }
}

pub(super) async fn show(State(app): State<SharedApp>) -> Result<Tagged<ProviderJson>, Refused> {
    Ok(Tagged::of(app.provider().await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<ProviderChange>,
) -> Result<Tagged<ProviderJson>, Refused> {
    Ok(Tagged::of(provider::change(&app, &actor, &expected, change).await?))
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    IfMatch(expected): IfMatch,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Tagged<ProviderJson>, Refused> {
    Ok(Tagged::of(provider::attach_policy(&app, &actor, &expected, attach).await?))
}
