//! The MSP itself.

use serde::Deserialize;
use serde_json::json;

use super::{
    fields::{AttachPolicy, Fields, Wish},
    record,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
    },
    problems::Refused,
    store::Provider,
};

/// What may change.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderChange {
    /// The MSP's name as end users know it.
    pub name: Option<String>,
    /// Where end users call.
    #[serde(default)]
    pub support_phone: Wish<String>,
    /// Where end users write.
    #[serde(default)]
    pub support_email: Wish<String>,
}

/// Changes the MSP.
pub async fn change(app: &App, actor: &Actor, change: ProviderChange) -> Result<Provider, Refused> {
    let mut row = app.provider().await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name = fields.check("/name", &name, contact::name);
    }
    fields.change_optional("/support_phone", &mut row.support_phone, change.support_phone, contact::phone);
    fields.change_optional("/support_email", &mut row.support_email, change.support_email, contact::email);
    fields.done()?;
    save(app, actor, AuditAction::ProviderChanged, row).await
}

/// Hangs a policy on the top of the tree, or takes it away.
pub async fn attach_policy(app: &App, actor: &Actor, attach: AttachPolicy) -> Result<Provider, Refused> {
    let policy_id = attach.checked(app).await?;
    let row = Provider { policy_id, ..app.provider().await? };
    save(app, actor, AuditAction::ProviderPolicyAttached, row).await
}

async fn save(app: &App, actor: &Actor, action: AuditAction, row: Provider) -> Result<Provider, Refused> {
    let record = record(app, actor, action, row.id.0, &json!({"policy_id": row.policy_id}));
    app.store.save_provider(row.clone(), record).await?;
    app.catch_up().await;
    Ok(row)
}
