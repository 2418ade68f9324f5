//! Mail that leaves the house: where new tickets are forwarded to, and mails that are tried once more.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{expected::Expected, fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::MailId,
    },
    problems::Refused,
    store::{Mail, Provider, Revised, revisions::revision},
};

/// "Forward each new ticket by e-mail to".
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketForwarding {
    /// To whom; null forwards nothing.
    pub address: Option<String>,
}

impl Revised for TicketForwarding {
    fn revision(&self) -> String {
        revision(&self.address)
    }
}

/// Sets where new tickets are forwarded to.
pub async fn set_forwarding(
    app: &App,
    actor: &Actor,
    expected: &Expected,
    wish: TicketForwarding,
) -> Result<TicketForwarding, Refused> {
    let mut fields = Fields::default();
    let address = fields.check_optional("/address", wish.address, contact::email);
    fields.done()?;
    let id = app.provider().await?.id;
    let saved = app.store.change_provider(id, |row: &mut Provider| {
        expected.check(&TicketForwarding { address: row.forward_tickets_to.clone() })?;
        row.forward_tickets_to.clone_from(&address);
        let detail = json!({"forwarded": address.is_some()});
        Ok::<_, Refused>(record(app, actor, AuditAction::TicketForwardingChanged, id.0, &detail))
    });
    saved.await?;
    Ok(TicketForwarding { address })
}

/// Tries a mail again that was given up.
pub async fn retry(app: &App, actor: &Actor, id: MailId) -> Result<Mail, Refused> {
    mail(app, id).await?;
    let record = record(app, actor, AuditAction::MailRetried, id.0, &json!({}));
    if !app.store.retry_mail(id, record).await? {
        return Err(Refused::new(ProblemKind::Conflict, "Only a mail that was given up can be tried again."));
    }
    app.wake_outbox();
    mail(app, id).await
}

/// The mail with this id.
pub async fn mail(app: &App, id: MailId) -> Result<Mail, Refused> {
    app.store.mail(id).await?.ok_or_else(|| Refused::not_found("mail"))
}
