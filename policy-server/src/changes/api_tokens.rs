//! API tokens: with which programs use `/api/v1`.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::ApiTokenId,
        role::Role,
    },
    problems::Refused,
    secrets::NewSecret,
    store::ApiToken,
};

/// A new token.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiToken {
    /// What it is for.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// What a program with it may do.
    pub role: Role,
}

/// Makes a token. Its text is given this once.
pub async fn make(app: &App, actor: &Actor, new: NewApiToken) -> Result<(ApiToken, String), Refused> {
    let mut fields = Fields::default();
    let name = fields.check("/name", &new.name, contact::name);
    fields.done()?;
    let secret = NewSecret::draw()?;
    let row = ApiToken {
        id: ApiTokenId(app.new_id()),
        name,
        token_hash: secret.hash,
        role: new.role,
        revoked_at: None,
        created_at: app.now(),
    };
    let record = record(app, actor, AuditAction::ApiTokenMade, row.id.0, &json!({"role": row.role}));
    app.store.insert_api_token(row.clone(), record).await?;
    Ok((row, secret.text))
}

/// Revokes a token at once; one that was revoked stays as it is.
pub async fn revoke(app: &App, actor: &Actor, id: ApiTokenId) -> Result<ApiToken, Refused> {
    let record = record(app, actor, AuditAction::ApiTokenRevoked, id.0, &json!({}));
    app.store.revoke_api_token(id, record).await?;
    let tokens = app.store.api_tokens().await?;
    tokens.into_iter().find(|token| token.id == id).ok_or_else(|| Refused::not_found("API token"))
}
