//! The ticket system that the MSP has besides, and tickets that are sent there once more.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    connectors::PURPOSE,
    domain::{
        audit::{Actor, AuditAction},
        ids::{TicketSystemId, TicketTransferId},
        ticket_system::{self, TicketSystemKind, is_same_place, queue, system_url},
    },
    problems::Refused,
    sealed,
    store::{TicketSystem, TicketTransfer},
};

/// The ticket system as it is to be.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenTicketSystem {
    /// Which program it is.
    pub kind: TicketSystemKind,
    /// Where it is.
    pub url: String,
    /// Where in it tickets go.
    pub queue: String,
    /// What opens it; absent: the one that was given before.
    #[serde(default)]
    pub token: Option<String>,
}

/// Sets the ticket system. Tickets that are sent from now on go there.
pub async fn set(app: &App, actor: &Actor, written: WrittenTicketSystem) -> Result<TicketSystem, Refused> {
    let mut fields = Fields::default();
    let url = fields.check("/url", &written.url, system_url);
    let queue = fields.check("/queue", &written.queue, queue);
    let token = fields.check_optional("/token", written.token, ticket_system::token);
    fields.done()?;
    let before = app.store.ticket_system().await?;
    // A token that was given for one place is not sent to another.
    let kept = before.filter(|before| is_same_place(&before.url, &url));
    let id = kept.as_ref().map_or_else(|| TicketSystemId(app.new_id()), |kept| kept.id);
    let token = match (token, kept) {
        (Some(token), _) => sealed::seal(&app.key, PURPOSE, id.0, &token)?,
        (None, Some(kept)) => kept.token,
        (None, None) => return Err(Refused::field("/token", "must be given for this address")),
    };
    let row = TicketSystem { id, kind: written.kind, url, queue, token, changed_at: app.now() };
    let record = record(app, actor, AuditAction::TicketSystemChanged, id.0, &json!({"kind": row.kind}));
    app.store.save_ticket_system(row.clone(), record).await?;
    app.wake_outbox();
    Ok(row)
}

/// Forgets the ticket system and its token.
pub async fn remove(app: &App, actor: &Actor) -> Result<(), Refused> {
    let row = app.store.ticket_system().await?.ok_or_else(|| Refused::not_found("ticket system"))?;
    let record = record(app, actor, AuditAction::TicketSystemRemoved, row.id.0, &json!({"kind": row.kind}));
    Ok(app.store.remove_ticket_system(record).await?)
}

/// Sends a ticket again that did not arrive.
pub async fn retry(app: &App, actor: &Actor, id: TicketTransferId) -> Result<TicketTransfer, Refused> {
    transfer(app, id).await?;
    let record = record(app, actor, AuditAction::TicketTransferRetried, id.0, &json!({}));
    if !app.store.retry_ticket_transfer(id, record).await? {
        return Err(Refused::new(ProblemKind::Conflict, "This ticket has arrived, or is being sent at this moment."));
    }
    app.wake_outbox();
    transfer(app, id).await
}

async fn transfer(app: &App, id: TicketTransferId) -> Result<TicketTransfer, Refused> {
    app.store.ticket_transfer(id).await?.ok_or_else(|| Refused::not_found("ticket transfer"))
}
