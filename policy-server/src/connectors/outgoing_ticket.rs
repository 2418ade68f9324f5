//! A ticket as a ticket system gets it, whichever it is.

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::io::AsyncReadExt as _;

use crate::{
    app::App,
    domain::{access::TicketScope, contact::email, ids::TicketId, ticket_system::files_that_go_along},
    store::Attachment,
    words::Words,
};

/// A ticket on its way.
pub(super) struct OutgoingTicket {
    /// Where it is here: what it is known by over there.
    pub(super) link: String,
    /// In one line, with its number here.
    pub(super) subject: String,
    /// What is wrong, and what is known.
    pub(super) text: String,
    /// Name and address of whoever asks; absent when nobody has checked who it is.
    pub(super) requester: Option<(String, String)>,
    /// What goes along.
    pub(super) files: Vec<OutgoingFile>,
}

/// A file that goes along.
pub(super) struct OutgoingFile {
    pub(super) name: String,
    pub(super) media_type: String,
    /// In base64.
    pub(super) content: String,
}

impl OutgoingTicket {
    /// The ticket as it is now; absent when it is gone.
    pub(super) async fn load(app: &App, id: TicketId) -> anyhow::Result<Option<Self>> {
        let scope = TicketScope::Automation;
        let Some(ticket) = app.store.ticket(scope, id).await? else { return Ok(None) };
        let names = app.store.ticket_names(std::slice::from_ref(&ticket)).await?;
        let requester = ticket.requester_id.and_then(|id| names.requesters.get(&id));
        // Those of replies and notes are the conversation's, which stays here.
        let mut attachments = app.store.attachments(scope, id).await?;
        attachments.retain(|file| file.comment_id.is_none());
        let goes_along = files_that_go_along(attachments.iter().map(|file| file.size.unsigned_abs()));
        let link = app.ticket_url(id);
        let mut lines = vec![ticket.description.clone(), String::new()];
        let mut fact = |name: &str, value: Option<&str>| {
            lines.extend(value.filter(|value| !value.is_empty()).map(|value| format!("{name}: {value}")));
        };
        fact("Deskbell", Some(&link));
        fact("Organization", names.organizations.get(&ticket.organization_id).map(String::as_str));
        match &ticket.unverified_name {
            Some(name) => {
                fact("Name that nobody has checked", Some(name));
                fact("Address that nobody has checked", ticket.unverified_email.as_deref());
                fact(
                    "Place that nobody has checked",
                    ticket.address.as_ref().map(|address| address.0.line()).as_deref(),
                );
            }
            None => fact("Requester", requester.map(|person| person.name.as_str())),
        }
        fact("Confidential", ticket.confidential.then_some("yes, for the requester and those who were added alone"));
        fact("Telephone", ticket.phone.as_deref());
        fact("Urgency", Some(ticket.urgency.into()));
        fact("Asset", ticket.asset_id.and_then(|id| names.assets.get(&id)).map(String::as_str));
        for (name, value) in Words::english().facts(&ticket.facts.0, &ticket.os_user.0) {
            fact(&name, Some(&value));
        }
        let mut files = Vec::new();
        for (attachment, goes_along) in attachments.iter().zip(goes_along) {
            if goes_along {
                files.push(file(app, attachment).await?);
            } else {
                let kilobytes = attachment.kilobytes();
                let words = format!("{} ({kilobytes} KB) is in Deskbell alone", attachment.name);
                fact("File", Some(&words));
            }
        }
        let known = requester.filter(|_| ticket.unverified_name.is_none());
        let requester = known.and_then(|person| Some((person.name.clone(), person.email.clone()?)));
        Ok(Some(Self {
            subject: format!("[{}] {}", ticket.number, ticket.subject),
            text: lines.join("\n"),
            requester: requester.filter(|(_, address)| email(address).is_ok()),
            files,
            link,
        }))
    }
}

async fn file(app: &App, attachment: &Attachment) -> anyhow::Result<OutgoingFile> {
    let mut content = Vec::with_capacity(usize::try_from(attachment.size).unwrap_or_default());
    let mut opened = app.attachments.content(&attachment.sha256).await?;
    opened.read_to_end(&mut content).await.context("reading an attachment")?;
    Ok(OutgoingFile {
        name: attachment.name.clone(),
        media_type: attachment.media_type.clone(),
        content: STANDARD.encode(content),
    })
}
