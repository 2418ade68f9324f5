//! Mail that comes in: read, judged, and stored as a ticket, as a comment, or for staff to look at. When [`receive`] returns, the
//! mail is accounted for on the disk; the same mail again changes nothing.
//!
//! Nobody is answered but by the mails that the outbox sends, and a program never is (RFC 3834).

pub(crate) mod judgment;
mod message;
pub(crate) mod storing;

use anyhow::{Context as _, anyhow};
use axum::body::Bytes;
use tracing::{info, warn};

use self::{
    judgment::{Judgment, judge},
    storing::{comment_of, hold, row_of, ticket_of},
};
use crate::{
    app::{App, SharedApp},
    changes::portal_user_steps::invite_end_user,
    domain::{audit::Actor, inbound_mail::InboundOutcome},
    problems::Refused,
    store::{InboundMail, StoreError, inbound_mails::Account},
};

pub(crate) use message::InboundMessage;

/// The most bytes that a mail has.
pub const MAX_MESSAGE_BYTES: usize = 25 * 1024 * 1024;
/// How often a mail is judged anew because somebody else changed what it was judged by.
const TRIES: usize = 4;

/// Takes a mail, as its mail server handed it over.
pub async fn receive(app: &SharedApp, actor: &Actor, raw: Bytes) -> anyhow::Result<InboundMail> {
    let message = read(raw.clone()).await?;
    for _ in 0..TRIES {
        if let Some(known) = app.store.inbound_mail_with_key(&message.key).await? {
            return Ok(known);
        }
        match taken(app, actor, &raw, &message).await {
            Err(StoreFailed::Again) => {}
            Err(StoreFailed::Failed(error)) => return Err(error),
            Ok(row) => {
                info!(inbound_mail = %row.id, "A mail came in: {}", row.outcome.name());
                invite_contacts(app).await?;
                return Ok(row);
            }
        }
    }
    Err(anyhow!("a mail was not taken: what it is judged by changed {TRIES} times"))
}

/// Reads a mail, which may take long.
pub(crate) async fn read(raw: Bytes) -> anyhow::Result<InboundMessage> {
    tokio::task::spawn_blocking(move || InboundMessage::read(&raw)).await.context("reading a mail")
}

/// Why nothing was stored.
pub(crate) enum StoreFailed {
    /// Something that it was judged by is another meanwhile.
    Again,
    Failed(anyhow::Error),
}

impl From<StoreError> for StoreFailed {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::Again,
            other => Self::Failed(other.into()),
        }
    }
}

impl From<anyhow::Error> for StoreFailed {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

async fn taken(
    app: &SharedApp,
    actor: &Actor,
    raw: &Bytes,
    message: &InboundMessage,
) -> Result<InboundMail, StoreFailed> {
    let row = row_of(app, message);
    match judge(app, message).await? {
        Judgment::Ticket(origin) => {
            let row = InboundMail { outcome: InboundOutcome::Ticket, ..row };
            ticket_of(app, actor, (raw, message), origin, Account::New(row)).await
        }
        Judgment::Comment { ticket, author } => {
            let row = InboundMail { outcome: InboundOutcome::Comment, ..row };
            comment_of(app, actor, (raw, message), &ticket, author, row).await
        }
        Judgment::Hold(reason, department_id) => {
            let reason = Some(reason);
            let row = InboundMail { outcome: InboundOutcome::Quarantined, reason, department_id, ..row };
            hold(app, raw, message, row).await
        }
        Judgment::Drop(reason) => {
            let row = InboundMail { outcome: InboundOutcome::Refused, reason: Some(reason), ..row };
            app.store.insert_inbound_mail(row.clone()).await?;
            Ok(row)
        }
        Judgment::Bounce(mail, diagnosis) => {
            let row = InboundMail { outcome: InboundOutcome::Bounce, mail_id: Some(mail), ..row };
            app.store.insert_bounce(row.clone(), mail, diagnosis).await?;
            Ok(row)
        }
    }
}

/// Invites whom a mail made an end user (ZOH-15). It is noted with the mail, so that whoever comes after a server that died
/// does it; an invitation that was made is not made again.
pub async fn invite_contacts(app: &App) -> anyhow::Result<()> {
    for (mail, contact) in app.store.uninvited_contacts().await? {
        match invite_end_user(app, &Actor::Clock, contact).await {
            Ok(_) => {}
            Err(Refused::Problem(problem)) => warn!("A new contact was not invited: {}", problem.detail),
            Err(Refused::Failed(error)) => return Err(error.context("inviting a new contact")),
        }
        app.store.contact_was_invited(mail).await?;
    }
    Ok(())
}
