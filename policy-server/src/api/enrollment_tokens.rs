//! `/api/v1/enrollment-tokens` (AGT-11).

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::Fields,
    lists::{Asked, ListAnswer, OrganizationList},
};
use crate::{
    app::SharedApp,
    domain::{
        contact,
        ids::{EnrollmentTokenId, FolderId, OrganizationId},
    },
    json_body::JsonBody,
    problems::Refused,
    secrets::NewSecret,
    store::EnrollmentToken,
};

#[derive(Serialize)]
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
#[derive(Serialize)]
pub(super) struct MadeToken {
    #[serde(flatten)]
    made: EnrollmentTokenJson,
    token: String,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEnrollmentToken {
    organization_id: OrganizationId,
    folder_id: Option<FolderId>,
    name: String,
    expires_at: Option<UnixMillis>,
    uses: Option<i64>,
    #[serde(default)]
    needs_approval: bool,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<EnrollmentTokenJson>>, Refused> {
    let page = app.store.enrollment_tokens(list.organization_id, list.page()?).await?;
    Ok(ListAnswer::new(page, EnrollmentTokenJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(new): JsonBody<NewEnrollmentToken>,
) -> Result<(StatusCode, Json<MadeToken>), Refused> {
    let mut fields = Fields::default();
    let name = fields.check("/name", &new.name, contact::name);
    fields.done()?;
    if new.expires_at.is_some_and(|end| end <= app.now()) {
        return Err(Refused::field("/expires_at", "must be in the future"));
    }
    if new.uses.is_some_and(|uses| uses < 1) {
        return Err(Refused::field("/uses", "must be at least 1, or absent for any number"));
    }
    let secret = NewSecret::draw()?;
    let row = EnrollmentToken {
        id: EnrollmentTokenId(app.new_id()),
        organization_id: new.organization_id,
        folder_id: new.folder_id,
        name,
        token_hash: secret.hash,
        expires_at: new.expires_at,
        uses_left: new.uses,
        needs_approval: new.needs_approval,
        revoked_at: None,
        created_at: app.now(),
    };
    app.store.insert_enrollment_token(row.clone()).await?;
    Ok((StatusCode::CREATED, Json(MadeToken { made: row.into(), token: secret.text })))
}

pub(super) async fn revoke(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<EnrollmentTokenId>,
) -> Result<Json<EnrollmentTokenJson>, Refused> {
    app.store.revoke_enrollment_token(id, app.now()).await?;
    let row = app.store.enrollment_token(id).await?;
    row.map(|row| Json(row.into())).ok_or_else(|| Refused::not_found("enrollment token"))
}
