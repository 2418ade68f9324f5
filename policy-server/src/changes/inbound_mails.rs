//! Mail that came in and waits: somebody of the staff takes it as a ticket or a comment, or lets it be.

use axum::body::Bytes;
use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use super::{organizations::organization, record, tickets};
use crate::{
    app::{App, SharedApp},
    domain::{
        access::TicketScope,
        audit::{Actor, AuditAction},
        comment::{AuthorKind, CommentKind},
        ids::{InboundMailId, OrganizationId, TicketId},
        inbound_mail::InboundOutcome,
        portal_user::sign_in_key,
    },
    mail::inbound::{
        self, InboundMessage, StoreFailed,
        judgment::{Origin, Requester},
        storing::{Said, add_comment, ticket_of},
    },
    problems::Refused,
    store::{EndUser, InboundMail, inbound_mails::Account},
};

/// What a mail that waits is taken as: one of the two.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// A new ticket of this organization.
    #[serde(alias = "customer_id")]
    pub organization_id: Option<OrganizationId>,
    /// A comment to this ticket.
    pub ticket_id: Option<TicketId>,
}

/// Takes a mail that waits.
pub async fn accept(
    app: &SharedApp,
    actor: &Actor,
    id: InboundMailId,
    wish: Acceptance,
) -> Result<InboundMail, Refused> {
    match wish {
        Acceptance { organization_id: Some(organization), ticket_id: None } => {
            accept_as_ticket(app, actor, id, organization).await
        }
        Acceptance { organization_id: None, ticket_id: Some(ticket) } => {
            accept_as_comment(app, actor, id, ticket).await
        }
        Acceptance { .. } => Err(Refused::field("/organization_id", "or ticket_id must be there, and not both")),
    }
}

/// Takes a mail that waits as a ticket of an organization. Its end user with the sender's address asks, or else somebody whose
/// name nobody has checked, to whom nothing is mailed.
async fn accept_as_ticket(
    app: &SharedApp,
    actor: &Actor,
    id: InboundMailId,
    organization_id: OrganizationId,
) -> Result<InboundMail, Refused> {
    organization(app, organization_id).await?;
    let (row, raw, message) = waiting(app, id).await?;
    let requester = match &people(app, &row, organization_id).await?[..] {
        [one] => Requester::Known(Box::new(one.clone())),
        _ => Requester::Unverified,
    };
    let department = app.looks.of_default().departments.of_ticket(row.department_id);
    let origin = Origin { organization: organization_id, requester, department };
    let account = decided(app, actor, row, InboundOutcome::Ticket);
    ticket_of(app, actor, (&raw, &message), origin, account).await.map_err(refused)
}

/// Takes a mail that waits as a comment to a ticket: of the end user with the sender's address, or else as a note that says
/// from whom it is.
async fn accept_as_comment(
    app: &App,
    actor: &Actor,
    id: InboundMailId,
    ticket: TicketId,
) -> Result<InboundMail, Refused> {
    let ticket = app.store.ticket(TicketScope::Staff, ticket).await?;
    let ticket = ticket.ok_or_else(|| Refused::field("/ticket_id", "names no ticket"))?;
    let (row, raw, message) = waiting(app, id).await?;
    let before = format!("{} <{}>:\n\n", row.sender_name, row.sender);
    let said = if let [one] = &people(app, &row, ticket.organization_id).await?[..] {
        Said { kind: CommentKind::Reply, author_kind: AuthorKind::EndUser, author: one.id.0, before: "" }
    } else {
        let (author_kind, author) = tickets::author(actor)?;
        Said { kind: CommentKind::Note, author_kind, author, before: &before }
    };
    let account = decided(app, actor, row, InboundOutcome::Comment);
    add_comment(app, actor, (&raw, &message), &ticket, said, account).await.map_err(refused)
}

/// Lets a mail be that waits: its text is gone.
pub async fn discard(app: &App, actor: &Actor, id: InboundMailId) -> Result<InboundMail, Refused> {
    let row = held(app, id).await?;
    let row = InboundMail {
        outcome: InboundOutcome::Discarded,
        text: None,
        raw_sha256: None,
        decided_at: Some(app.now()),
        ..row
    };
    let record = record(app, actor, AuditAction::InboundMailDiscarded, id.0, &json!({}));
    app.store.decide_inbound_mail(row.clone(), record).await.map_err(|error| refused(error.into()))?;
    Ok(row)
}

/// The mail with this id.
pub async fn inbound_mail(app: &App, id: InboundMailId) -> Result<InboundMail, Refused> {
    app.store.inbound_mail(id).await?.ok_or_else(|| Refused::not_found("mail"))
}

async fn held(app: &App, id: InboundMailId) -> Result<InboundMail, Refused> {
    let row = inbound_mail(app, id).await?;
    if row.outcome == InboundOutcome::Quarantined { Ok(row) } else { Err(refused(StoreFailed::Again)) }
}

/// A mail that waits, as it came.
async fn waiting(app: &App, id: InboundMailId) -> Result<(InboundMail, Bytes, InboundMessage), Refused> {
    let row = held(app, id).await?;
    let gone = || Refused::new(ProblemKind::Conflict, "The whole mail is no longer kept.");
    let mut file = app.attachments.content(row.raw_sha256.as_deref().ok_or_else(gone)?).await?;
    let mut raw = Vec::new();
    file.read_to_end(&mut raw).await.map_err(anyhow::Error::from)?;
    let raw = Bytes::from(raw);
    let message = inbound::read(raw.clone()).await?;
    Ok((row, raw, message))
}

/// The end users of an organization with the sender's address.
async fn people(app: &App, row: &InboundMail, organization: OrganizationId) -> Result<Vec<EndUser>, Refused> {
    let key = sign_in_key(&row.sender);
    let mut people = app.store.end_users_with_address(&key).await?;
    people.retain(|one| {
        one.organization_id == organization && one.email.as_deref().map(sign_in_key).as_deref() == Some(&key)
    });
    Ok(people)
}

fn decided(app: &App, actor: &Actor, row: InboundMail, outcome: InboundOutcome) -> Account {
    let record = record(app, actor, AuditAction::InboundMailAccepted, row.id.0, &json!({"outcome": outcome}));
    Account::Decided(InboundMail { outcome, decided_at: Some(app.now()), ..row }, record)
}

fn refused(failed: StoreFailed) -> Refused {
    match failed {
        StoreFailed::Again => Refused::new(ProblemKind::Conflict, "Somebody has decided about this mail already."),
        StoreFailed::Failed(error) => Refused::Failed(error),
    }
}
