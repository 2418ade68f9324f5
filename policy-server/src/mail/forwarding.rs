//! "Forward each new ticket by e-mail to": the mail that tells the MSP of a ticket, with the computer's facts.

use askama::Template;

use crate::{
    announcements::NewTicketFacts,
    app::App,
    domain::{delivery::DeliveryState, ids::MailId, plain_line::plain_line},
    store::{Attachment, Mail, Ticket},
};

#[derive(Template)]
#[template(path = "mail/new_ticket.txt")]
struct NewTicketMail<'a> {
    ticket: &'a Ticket,
    attachments: &'a [Attachment],
    organization: &'a str,
    asset: &'a str,
    requester: &'a str,
    url: String,
    facts: Vec<(&'static str, String)>,
}

/// The mail about a new ticket. Of what somebody wrote whose name nobody has checked, it says nothing (invariant 17).
pub(crate) fn forwarded(app: &App, recipient: &str, about: &NewTicketFacts<'_>) -> Mail {
    let &NewTicketFacts { ticket, attachments, organization, asset, requester } = about;
    let url = format!("{}/console/tickets/{}", app.origin, ticket.id);
    let written =
        NewTicketMail { ticket, attachments, organization, asset, requester, url, facts: ticket.facts_by_name() };
    let body = written.render().expect("a template that is filled with texts");
    let now = app.now();
    Mail {
        id: MailId(app.new_id()),
        ticket_id: Some(ticket.id),
        recipient: recipient.to_owned(),
        subject: subject(ticket, organization),
        body,
        state: DeliveryState::Waiting,
        attempts: 0,
        queued_at: now,
        due_at: now,
        answer: String::new(),
        created_at: now,
        ended_at: None,
    }
}

fn subject(ticket: &Ticket, organization: &str) -> String {
    let about = if ticket.unverified_name.is_some() { "from an unverified person" } else { &ticket.subject };
    plain_line(&format!("[{}] {organization}: {about}", ticket.number))
}
