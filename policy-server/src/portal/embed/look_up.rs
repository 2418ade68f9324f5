//! `/embed/look_up`: mails whoever sent a ticket a link that shows how far it is (SYN-25). Number and address open nothing by
//! themselves, and the answer does not say whether they belong together (S6, S9).

use axum::{Form, extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use super::{check_in_organization, message};
use crate::{
    app::{App, SharedApp},
    client_address::ClientAddress,
    domain::{
        access::TicketScope, contact, delivery::millis, language::Language, portal_user::sign_in_key,
        website::MAIL_SPACING,
    },
    mail::website_mails,
    portal::{look::Look, pages::PageFailed, signed_in::Coming},
    store::{StoreError, Ticket},
};

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    number: String,
    email: String,
    /// Not empty where the form stands in a frame.
    framed: String,
}

/// The same answer at once, whatever was typed; what there is to do is done after it.
pub async fn send(
    State(app): State<SharedApp>,
    Coming { look, address: ClientAddress(address), .. }: Coming,
    Form(Sent { number, email, framed }): Form<Sent>,
) -> Result<Response, PageFailed> {
    let framed = !framed.is_empty();
    if check_in_organization(&app, &look).is_none() {
        return message(&look, StatusCode::NOT_FOUND, "check-in-off", framed);
    }
    let lets_through = app.portal_links.lets_through(&email, address, app.now());
    app.portal_links.was_wrong(&email, address, app.now());
    let answer = message(&look, StatusCode::OK, "look-up-mailed", framed)?;
    if lets_through {
        tokio::spawn(async move {
            if let Err(error) = mail_link(&app, &look, &number, &email).await {
                tracing::error!("A link to a ticket's state could not be mailed: {error:#}");
            }
        });
    }
    Ok(answer)
}

async fn mail_link(app: &App, look: &Look, number: &str, typed: &str) -> anyhow::Result<()> {
    let (Ok(number), Ok(typed)) = (number.trim().trim_start_matches('#').parse(), contact::email(typed)) else {
        return Ok(());
    };
    let Some(ticket) = app.store.ticket_with_number(TicketScope::Staff, number).await? else { return Ok(()) };
    // To the address that the ticket was sent with, never as it was typed now (S20).
    let stored = address(app, &ticket).await?.filter(|(stored, _)| sign_in_key(stored) == sign_in_key(&typed));
    let Some((stored, language)) = stored.filter(|_| look.is_of(app, ticket.organization_id)) else { return Ok(()) };
    let (link, mail) = website_mails::ticket_status(app, look, &ticket, &stored, language).await?;
    if app.store.insert_asked_mail(mail, Some(link), app.now() - millis(MAIL_SPACING)).await? {
        app.wake_outbox();
    }
    Ok(())
}

/// The address of whoever sent a ticket, and the language that they have of their own: what they gave where nobody knows them,
/// else the one that is stored of them.
async fn address(app: &App, ticket: &Ticket) -> Result<Option<(String, Option<Language>)>, StoreError> {
    if ticket.unverified_name.is_some() || ticket.unverified_email.is_some() {
        return Ok(ticket.unverified_email.clone().map(|email| (email, None)));
    }
    if let Some(id) = ticket.requester_id {
        return Ok(app.store.end_user(id).await?.and_then(|person| Some((person.email?, person.language))));
    }
    match ticket.sender_id {
        Some(id) => Ok(app.store.portal_user(id).await?.and_then(|account| Some((account.email?, account.language)))),
        None => Ok(None),
    }
}
