//! `/api/v1/enrollment-tokens` (AGT-11).

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, ShownOnce},
    caller::Caller,
    lists::{Asked, ListAnswer, OrganizationList},
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::enrollment_tokens::{self, NewEnrollmentToken},
    domain::ids::{EnrollmentTokenId, FolderId, OrganizationId},
    json_body::JsonBody,
    packages::commands::{InstallCommand, commands},
    problems::Refused,
    store::EnrollmentToken,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct EnrollmentTokenJson {
    id: EnrollmentTokenId,
    organization_id: OrganizationId,
    folder_id: Option<FolderId>,
    name: String,
    expires_at: Option<UnixMillis>,
    uses_left: Option<i64>,
    needs_approval: bool,
    revoked_at: Option<UnixMillis>,
    created_at: UnixMillis,
}

/// The answer to making one: the only time that the secret is shown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MadeEnrollmentToken")]
pub(super) struct MadeToken {
    #[serde(flatten)]
    made: EnrollmentTokenJson,
    token: String,
    /// How computers get the agent and enroll with this token, by system and tool.
    commands: Vec<InstallCommand>,
}

impl From<EnrollmentToken> for EnrollmentTokenJson {
    fn from(row: EnrollmentToken) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            folder_id: row.folder_id,
            name: row.name,
            expires_at: row.expires_at,
            uses_left: row.uses_left,
            needs_approval: row.needs_approval,
            revoked_at: row.revoked_at,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<EnrollmentTokenJson>>, Refused> {
    let page = app.store.enrollment_tokens(list.organization_id, list.page()?).await?;
    Ok(ListAnswer::new(page, EnrollmentTokenJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewEnrollmentToken>,
) -> Result<Made<ShownOnce<MadeToken>>, Refused> {
    let (row, token) = enrollment_tokens::make(&app, &actor, new).await?;
    let commands = commands(&app.origin, &token, &app.packages.list().await?).map_err(anyhow::Error::from)?;
    Ok(Made(ShownOnce(MadeToken { made: row.into(), token, commands })))
}

pub(super) async fn revoke(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EnrollmentTokenId>,
) -> Result<Json<EnrollmentTokenJson>, Refused> {
    Ok(Json(enrollment_tokens::revoke(&app, &actor, id).await?.into()))
}
