//! Mail that leaves the house: where new tickets are forwarded to, whether requesters get mail, and mails that are tried
//! once more.

use deskbell_protocol::ProblemKind;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::MailId,
    },
    problems::Refused,
    store::{Mail, Provider},
};

/// "Forward each new ticket by e-mail to".
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketForwarding {
    /// To whom; null forwards nothing.
    pub address: Option<String>,
}

/// Sets where new tickets are forwarded to.
pub async fn set_forwarding(app: &App, actor: &Actor, wish: TicketForwarding) -> Result<TicketForwarding, Refused> {
    let mut fields = Fields::default();
    let address = fields.check_optional("/address", wish.address, contact::email);
    fields.done()?;
    let row = Provider { forward_tickets_to: address.clone(), ..app.provider().await? };
    let detail = json!({"forwarded": address.is_some()});
    let record = record(app, actor, AuditAction::TicketForwardingChanged, row.id.0, &detail);
    app.store.save_provider(row, record).await?;
    app.catch_up().await;
    Ok(TicketForwarding { address })
}

/// Mails to requesters about their tickets.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequesterMail {
    /// Whether they are sent.
    pub enabled: bool,
}

/// Sets whether requesters get mails about their tickets.
pub async fn set_requester_mail(app: &App, actor: &Actor, wish: RequesterMail) -> Result<RequesterMail, Refused> {
    let row = Provider { mail_requesters: wish.enabled, ..app.provider().await? };
    let record = record(app, actor, AuditAction::RequesterMailChanged, row.id.0, &json!({"enabled": wish.enabled}));
    app.store.save_provider(row, record).await?;
    app.catch_up().await;
    Ok(wish)
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
