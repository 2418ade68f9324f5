//! Enrollment tokens: with which computers become assets (AGT-11).

use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{EnrollmentTokenId, FolderId, OrganizationId},
    },
    problems::Refused,
    secrets::NewSecret,
    store::EnrollmentToken,
};

/// A new token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnrollmentToken {
    /// To whom its assets belong.
    pub organization_id: OrganizationId,
    /// Where they hang; absent: the organization itself.
    pub folder_id: Option<FolderId>,
    /// What it is for.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// From when on it no longer counts.
    pub expires_at: Option<UnixMillis>,
    /// How many computers may enroll with it; absent: any number.
    pub uses: Option<i64>,
    /// Staff approve each computer before it is used.
    #[serde(default)]
    pub needs_approval: bool,
}

/// Makes a token. Its text is given this once.
pub async fn make(app: &App, actor: &Actor, new: NewEnrollmentToken) -> Result<(EnrollmentToken, String), Refused> {
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
    let detail = json!({"organization_id": row.organization_id, "folder_id": row.folder_id, "uses": row.uses_left});
    let record = record(app, actor, AuditAction::EnrollmentTokenMade, row.id.0, &detail);
    app.store.insert_enrollment_token(row.clone(), record).await?;
    Ok((row, secret.text))
}

/// Revokes a token; one that was revoked stays as it is.
pub async fn revoke(app: &App, actor: &Actor, id: EnrollmentTokenId) -> Result<EnrollmentToken, Refused> {
    let record = record(app, actor, AuditAction::EnrollmentTokenRevoked, id.0, &json!({}));
    app.store.revoke_enrollment_token(id, record).await?;
    app.store.enrollment_token(id).await?.ok_or_else(|| Refused::not_found("enrollment token"))
}
