//! `/api/v1/readiness`: how many assets can open the form, and how many cannot and why (SYN-43).

use axum::{Json, extract::State};
use deskbell_protocol::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lists::Asked;
use crate::{
    app::SharedApp,
    console::readiness::counts,
    domain::{ids::OrganizationId, reach::Reach},
    problems::Refused,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadinessOf {
    /// Only of this one.
    #[serde(alias = "customer_id")]
    organization_id: Option<OrganizationId>,
}

/// The assets in use, by what a click would do of somebody whose login is not known.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReadinessJson {
    /// How many would open the form.
    ready: i64,
    /// How many would not, by the reason.
    not_ready: Vec<NotReadyJson>,
}

#[derive(Serialize, JsonSchema)]
struct NotReadyJson {
    reason: Refusal,
    assets: i64,
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Asked(of): Asked<ReadinessOf>,
) -> Result<Json<ReadinessJson>, Refused> {
    let reach = Reach::of(of.organization_id);
    let (ready, not_ready) = counts(&app.store.reached(&reach, &app.looks.published_for()).await?);
    let not_ready = not_ready.into_iter().map(|(reason, assets)| NotReadyJson { reason, assets }).collect();
    Ok(Json(ReadinessJson { ready, not_ready }))
}
