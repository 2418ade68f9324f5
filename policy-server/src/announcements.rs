//! Who is told of what happens: webhook endpoints, the address that new tickets are forwarded to, the requester, and the
//! MSP's own ticket system. What this makes is stored together with its cause.

use serde::Serialize;

use crate::{
    api::{attachments::AttachmentJson, comments::CommentJson, tickets::TicketJson},
    app::App,
    connectors::transfer::transfer,
    domain::{
        asset::AssetState,
        comment::CommentKind,
        ids::{AssetId, EndUserId, OrganizationId},
        ticket::TicketStatus,
        webhook::WebhookEvent,
    },
    mail::{
        templates::MailTemplates,
        ticket_mails::{Answer, TicketMails},
    },
    store::{Asset, Attachment, Comment, EndUser, Mail, Outbox, StoreError, Ticket, TicketNames, WebhookEndpoint},
    webhooks::message::deliveries,
};

/// Whoever wants to know, as it is now.
pub struct Audience {
    endpoints: Vec<WebhookEndpoint>,
    /// Absent: nobody gets mail about tickets.
    mails: Option<TicketMails>,
    /// Whether the MSP has a ticket system of its own.
    ticket_system: bool,
}

#[derive(Serialize)]
struct TicketData {
    ticket: TicketJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<CommentJson>,
    /// Absent: none can have come along.
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<Vec<AttachmentJson>>,
}

#[derive(Serialize)]
struct AssetData<'a> {
    id: AssetId,
    organization_id: OrganizationId,
    name: &'a str,
    state: AssetState,
}

impl Audience {
    /// Reads who wants to know.
    pub async fn load(app: &App) -> Result<Self, StoreError> {
        let provider = app.looks.of_default().provider.clone();
        let mails = if provider.mail_requesters || provider.forward_tickets_to.is_some() {
            Some(TicketMails { provider, templates: MailTemplates::load(&app.store).await? })
        } else {
            None
        };
        Ok(Self {
            endpoints: app.store.webhook_endpoints().await?,
            mails,
            ticket_system: app.store.ticket_system().await?.is_some(),
        })
    }

    /// What an asset's site is called, if a mail is to say so.
    pub async fn site_name(&self, app: &App, asset: &Asset) -> Result<String, StoreError> {
        match (&self.mails, asset.site_id) {
            (Some(_), Some(id)) => Ok(app.store.site(id).await?.map(|site| site.name).unwrap_or_default()),
            (_, _) => Ok(String::new()),
        }
    }

    /// Somebody sent a ticket.
    pub fn ticket_created(&self, app: &App, about: &TicketFacts<'_>, files: &[Attachment]) -> Outbox {
        let data = TicketData { ticket: about.ticket.clone().into(), comment: None, attachments: Some(listed(files)) };
        let mails = self.mails.iter();
        let mails = mails.flat_map(|mails| [mails.forwarded(app, about, files), mails.created(app, about, files)]);
        let transfers = self.ticket_system.then(|| transfer(app, about.ticket)).into_iter().collect();
        Outbox { mails: mails.flatten().collect(), transfers, ..self.told(app, WebhookEvent::TicketCreated, &data) }
    }

    /// Status or assignee of a ticket changed, which was `before`. `names` are those of what it is about.
    pub fn ticket_updated(&self, app: &App, before: &Ticket, ticket: &Ticket, names: &TicketNames) -> Outbox {
        let data = TicketData { ticket: ticket.clone().into(), comment: None, attachments: None };
        let resolved = before.status != TicketStatus::Resolved && ticket.status == TicketStatus::Resolved;
        let mails = match &self.mails {
            Some(mails) if resolved => mail_about(ticket, names, |about| mails.resolved(app, about)),
            Some(_) | None => Vec::new(),
        };
        Outbox { mails, ..self.told(app, WebhookEvent::TicketUpdated, &data) }
    }

    /// Somebody said something about a ticket, with these files. What is for the MSP alone is mailed to nobody (SYN-13).
    pub fn ticket_commented(
        &self,
        app: &App,
        ticket: &Ticket,
        names: &TicketNames,
        comment: &Comment,
        files: &[Attachment],
    ) -> Outbox {
        let comment_json = Some(comment.clone().into());
        let data =
            TicketData { ticket: ticket.clone().into(), comment: comment_json, attachments: Some(listed(files)) };
        let mails = match (&self.mails, comment.kind) {
            (Some(mails), CommentKind::Reply) => {
                mail_about(ticket, names, |about| mails.replied(app, about, &comment.text))
            }
            (Some(_), CommentKind::Note) | (None, _) => Vec::new(),
        };
        Outbox { mails, ..self.told(app, WebhookEvent::TicketCommented, &data) }
    }

    /// Somebody in the portal answered: the MSP is told, and the requester where it is somebody else.
    pub fn ticket_answered(
        &self,
        app: &App,
        answered: &Answered<'_>,
        comment: &Comment,
        files: &[Attachment],
    ) -> Outbox {
        let &Answered { ticket, names, by, author } = answered;
        let comment_json = Some(comment.clone().into());
        let data =
            TicketData { ticket: ticket.clone().into(), comment: comment_json, attachments: Some(listed(files)) };
        let mails = self.mails.iter().flat_map(|mails| {
            let answer = Answer { author, text: &comment.text, files };
            let to_msp = mails.answered(app, &ticket_facts(ticket, names), &answer);
            let is_another = ticket.requester_id.is_some_and(|requester| by != Some(requester));
            let to_requester =
                is_another.then(|| mail_about(ticket, names, |about| mails.replied(app, about, &comment.text)));
            to_msp.into_iter().chain(to_requester.unwrap_or_default())
        });
        Outbox { mails: mails.collect(), ..self.told(app, WebhookEvent::TicketCommented, &data) }
    }

    /// A computer became an asset, or an asset is out of use.
    pub fn asset(&self, app: &App, event: WebhookEvent, asset: &Asset) -> Outbox {
        let Asset { id, organization_id, ref name, state, .. } = *asset;
        self.told(app, event, &serde_json::json!({"asset": AssetData { id, organization_id, name, state }}))
    }

    fn told(&self, app: &App, event: WebhookEvent, data: &impl Serialize) -> Outbox {
        Outbox { deliveries: deliveries(app, &self.endpoints, event, data), ..Outbox::default() }
    }
}

fn listed(files: &[Attachment]) -> Vec<AttachmentJson> {
    files.iter().cloned().map(AttachmentJson::from).collect()
}

/// A ticket that somebody in the portal answered.
pub struct Answered<'a> {
    /// As it is then.
    pub ticket: &'a Ticket,
    /// What its ids are called.
    pub names: &'a TicketNames,
    /// The end user who answered; absent: the organization itself.
    pub by: Option<EndUserId>,
    /// What they are called.
    pub author: &'a str,
}

/// A ticket and what its ids are called.
pub struct TicketFacts<'a> {
    /// The ticket, with its number.
    pub ticket: &'a Ticket,
    /// The organization's name.
    pub organization: &'a str,
    /// The asset's name.
    pub asset: &'a str,
    /// What the asset's site is called; empty: it has none, or nobody asks.
    pub site: &'a str,
    /// Who asks; absent: the organization itself, or nobody knows.
    pub requester: Option<&'a EndUser>,
}

/// The mail that `write` makes of a ticket; none where nobody knows who asks.
fn mail_about(ticket: &Ticket, names: &TicketNames, write: impl FnOnce(&TicketFacts<'_>) -> Option<Mail>) -> Vec<Mail> {
    let about = ticket_facts(ticket, names);
    if about.requester.is_some() { write(&about).into_iter().collect() } else { Vec::new() }
}

fn ticket_facts<'a>(ticket: &'a Ticket, names: &'a TicketNames) -> TicketFacts<'a> {
    TicketFacts {
        ticket,
        organization: names.organizations.get(&ticket.organization_id).map_or("", String::as_str),
        asset: ticket.asset_id.and_then(|id| names.assets.get(&id)).map_or("", String::as_str),
        site: "",
        requester: ticket.requester_id.and_then(|id| names.requesters.get(&id)),
    }
}
