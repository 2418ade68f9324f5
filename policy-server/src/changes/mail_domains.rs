//! Mail domains that organizations claim: whoever writes from one becomes its end user.

use deskbell_protocol::ProblemKind;
use serde_json::json;

use super::{fields::Fields, organizations::organization, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::OrganizationId,
    },
    problems::Refused,
    store::{MailDomain, StoreError, mail_domains::MOST_DOMAINS},
};

/// Claims a domain for an organization. What it claims already stays.
pub async fn add(app: &App, actor: &Actor, id: OrganizationId, domain: &str) -> Result<MailDomain, Refused> {
    organization(app, id).await?;
    let mut fields = Fields::default();
    let domain = fields.check("/domain", domain, contact::mail_domain);
    fields.done()?;
    if let Some(row) = app.store.mail_domain(&domain).await?.filter(|row| row.organization_id == id) {
        return Ok(row);
    }
    if app.store.mail_domains(id).await?.len() >= usize::try_from(MOST_DOMAINS).unwrap_or(usize::MAX) {
        let full = format!("An organization can have {MOST_DOMAINS} mail domains at most.");
        return Err(Refused::new(ProblemKind::Conflict, full));
    }
    let row = MailDomain { domain, organization_id: id, added_at: app.now() };
    let record = record(app, actor, AuditAction::MailDomainAdded, id.0, &json!({}));
    app.store.insert_mail_domain(row.clone(), record).await.map_err(|error| match error {
        StoreError::Taken => Refused::field("/domain", "is the domain of another organization"),
        other => other.into(),
    })?;
    Ok(row)
}

/// Takes a domain back. The people who came by it stay.
pub async fn remove(app: &App, actor: &Actor, id: OrganizationId, domain: &str) -> Result<MailDomain, Refused> {
    let missing = || Refused::not_found("mail domain of this organization");
    let removed = app.store.delete_mail_domain(domain.to_lowercase(), |row| {
        if row.organization_id != id {
            return Err(missing());
        }
        Ok(record(app, actor, AuditAction::MailDomainRemoved, id.0, &json!({})))
    });
    removed.await?.ok_or_else(missing)
}
