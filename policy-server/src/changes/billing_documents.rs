//! What other programs bill organizations, for the portal to list (decision C8, RS-04).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        billing::{self, BillingKind, MAX_TEXT},
        contact,
        ids::{BillingDocumentId, OrganizationId},
    },
    problems::Refused,
    store::{BillingDocument, StoreError},
};

/// A document.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{
    "organization_id": "0190a3c4-0000-7000-8000-000000000000", "kind": "invoice", "number": "RE-2026-17",
    "amount": "120.00 EUR", "issued_on": "2026-11-27", "url": "https://billing.example/RE-2026-17",
}]))]
#[serde(deny_unknown_fields)]
pub struct NewBillingDocument {
    /// Whom it is for.
    #[serde(alias = "customer_id")]
    pub organization_id: OrganizationId,
    /// What it is.
    pub kind: BillingKind,
    /// What people call it.
    #[schemars(length(min = 1, max = MAX_TEXT))]
    pub number: String,
    /// How much, with the currency.
    #[schemars(length(min = 1, max = MAX_TEXT))]
    pub amount: String,
    /// Of which day, such as `2026-11-27`.
    pub issued_on: String,
    /// Where it can be seen: an `https` address.
    pub url: Option<String>,
    /// What the other program calls it; no other is called so.
    pub external_id: Option<String>,
}

/// Adds a document.
pub async fn make(app: &App, actor: &Actor, new: NewBillingDocument) -> Result<BillingDocument, Refused> {
    let mut fields = Fields::default();
    let row = BillingDocument {
        id: BillingDocumentId(app.new_id()),
        organization_id: new.organization_id,
        kind: new.kind,
        number: fields.check("/number", &new.number, billing::short_text),
        amount: fields.check("/amount", &new.amount, billing::short_text),
        issued_on: fields.check("/issued_on", &new.issued_on, billing::day),
        url: fields.check_optional("/url", new.url, billing::link),
        external_id: fields.check_optional("/external_id", new.external_id, contact::external_id),
        created_at: app.now(),
    };
    fields.done()?;
    let detail = json!({"organization_id": row.organization_id});
    let record = record(app, actor, AuditAction::BillingDocumentMade, row.id.0, &detail);
    app.store.insert_billing_document(row.clone(), record).await.map_err(|error| match error {
        StoreError::Taken => Refused::field("/external_id", "is that of another document"),
        error => error.into(),
    })?;
    Ok(row)
}

/// Removes a document.
pub async fn remove(app: &App, actor: &Actor, id: BillingDocumentId) -> Result<BillingDocument, Refused> {
    let removed = app.store.delete_billing_document(id, |row| {
        let detail = json!({"organization_id": row.organization_id});
        Ok::<_, Refused>(record(app, actor, AuditAction::BillingDocumentRemoved, id.0, &detail))
    });
    removed.await?.ok_or_else(|| Refused::not_found("billing document"))
}
