//! The MSP itself.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Expected,
    fields::{AttachPolicy, Fields, Wish},
    record,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        language::Language,
    },
    problems::Refused,
    store::Provider,
};

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"name": "Northwind IT", "support_phone": "+1 555 0100"}]))]
#[serde(deny_unknown_fields)]
pub struct ProviderChange {
    /// The MSP's name as end users know it.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// Where end users call.
    #[serde(default)]
    pub support_phone: Wish<String>,
    /// Where end users write.
    #[serde(default)]
    pub support_email: Wish<String>,
    /// In which language those are mailed who have none of their own, and staff.
    pub default_language: Option<Language>,
}

/// Changes the MSP.
pub async fn change(
    app: &App,
    actor: &Actor,
    expected: &Expected,
    change: ProviderChange,
) -> Result<Provider, Refused> {
    save(app, actor, AuditAction::ProviderChanged, expected, |row| {
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
        }
        fields.change_optional("/support_phone", &mut row.support_phone, change.support_phone, contact::phone);
        fields.change_optional("/support_email", &mut row.support_email, change.support_email, contact::email);
        row.default_language = change.default_language.unwrap_or(row.default_language);
        fields.done()
    })
    .await
}

/// Hangs a policy on the top of the tree, or takes it away.
pub async fn attach_policy(
    app: &App,
    actor: &Actor,
    expected: &Expected,
    attach: AttachPolicy,
) -> Result<Provider, Refused> {
    let policy_id = attach.checked(app).await?;
    save(app, actor, AuditAction::ProviderPolicyAttached, expected, |row| {
        row.policy_id = policy_id;
        Ok(())
    })
    .await
}

async fn save(
    app: &App,
    actor: &Actor,
    action: AuditAction,
    expected: &Expected,
    change: impl FnOnce(&mut Provider) -> Result<(), Refused> + Send,
) -> Result<Provider, Refused> {
    let id = app.provider().await?.id;
    let saved = app.store.change_provider(id, |row| {
        expected.check(row)?;
        change(row)?;
        Ok::<_, Refused>(record(app, actor, action, id.0, &json!({"policy_id": row.policy_id})))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("provider"))?;
    app.catch_up().await;
    Ok(row)
}
