//! Tags with which answers to our mails come back: made of the server's key, the ticket and the recipient, so that nobody else
//! can make one and nobody else can use it (S6, S12).

use super::letter::Reply;
use crate::{
    app::App,
    domain::{
        access::TicketScope,
        ids::TicketId,
        mail_template::MailTemplateKey,
        portal_user::sign_in_key,
        reply::{PROOF_BYTES, ReplyTag},
    },
    store::{Mail, StoreError, Ticket},
};

const PURPOSE: &str = "answer to a mail about a ticket";

/// The tag of an answer that `recipient` gives about a ticket.
pub(super) fn reply_tag(app: &App, ticket: &Ticket, recipient: &str) -> ReplyTag {
    let derived = app.key.derive(PURPOSE, &message(ticket.id, recipient));
    let mut proof = [0; PROOF_BYTES];
    proof.copy_from_slice(&derived[..PROOF_BYTES]);
    ReplyTag { number: ticket.number, proof }
}

/// Whether a tag is the one of this ticket and sender, compared in constant time.
pub(super) fn is_tag_of(app: &App, tag: &ReplyTag, ticket: &Ticket, sender: &str) -> bool {
    app.key.has_derived_beginning(PURPOSE, &message(ticket.id, sender), &tag.proof)
}

/// What a mail about a ticket says of where answers go; nothing where nobody is to answer.
pub(super) async fn reply_of(app: &App, mail: &Mail) -> Result<Option<Reply>, StoreError> {
    let (Some(ticket), Some(key)) = (mail.ticket_id, mail.template) else { return Ok(None) };
    if !is_answered(key) {
        return Ok(None);
    }
    let Some(ticket) = app.store.ticket(TicketScope::Staff, ticket).await? else { return Ok(None) };
    let tag = reply_tag(app, &ticket, &mail.recipient);
    let address = app.config.inbound_mail.reply_address.as_deref().map(|base| tag.address(base));
    Ok(Some(Reply { tag: tag.text(), address }))
}

/// Whether answers to mails of this template come back here.
pub(super) fn is_answered(key: MailTemplateKey) -> bool {
    key.is_for_requesters()
}

fn message(ticket: TicketId, address: &str) -> String {
    format!("{ticket}\n{}", sign_in_key(address))
}
