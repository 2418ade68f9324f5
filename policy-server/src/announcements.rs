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
        ids::{AssetId, OrganizationId},
        language::Language,
        mail_template::MailTemplateKey,
        portal_user::PortalUserState,
        ticket::TicketStatus,
        webhook::WebhookEvent,
    },
    mail::{
        online_profile::OnlineProfile,
        templates::MailTemplates,
        ticket_mails::{Answer, TicketMails},
    },
    store::{
        Asset, Attachment, Comment, EndUser, Mail, Outbox, PortalUser, StoreError, Ticket, TicketNames, WebhookEndpoint,
    },
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

    /// Where a mail to a requester of this organization leads, if there is to be one.
    pub async fn online_profile(&self, app: &App, id: OrganizationId) -> anyhow::Result<Option<OnlineProfile>> {
        match &self.mails {
            Some(mails) if mails.provider.mail_requesters => {
                Ok(Some(OnlineProfile::of(app, MailTemplateKey::TicketComment, id).await?))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// What a mail about a ticket says beside the ticket.
    pub async fn background(&self, app: &App, ticket: &Ticket) -> anyhow::Result<TicketBackground> {
        let names = app.store.ticket_names(std::slice::from_ref(ticket)).await?;
        Ok(TicketBackground { names, online_profile: self.online_profile(app, ticket.organization_id).await? })
    }

    /// Somebody sent a ticket.
    pub fn ticket_created(&self, app: &App, about: &TicketFacts<'_>, files: &[Attachment]) -> Outbox {
        let to_requester = self.mails.as_ref().and_then(|mails| mails.created(app, about, files));
        self.new_ticket(app, about, files, to_requester)
    }

    /// Somebody sent a ticket by mail. Programs get this far with an answer at most: their mails wait for somebody to look at them.
    pub fn ticket_came_by_mail(
        &self,
        app: &App,
        about: &TicketFacts<'_>,
        files: &[Attachment],
        may_be_answered: bool,
    ) -> Outbox {
        let mails = self.mails.as_ref().filter(|_| may_be_answered);
        let to_requester = mails.and_then(|mails| mails.autoresponder(app, about, files));
        self.new_ticket(app, about, files, to_requester)
    }

    fn new_ticket(
        &self,
        app: &App,
        about: &TicketFacts<'_>,
        files: &[Attachment],
        to_requester: Option<Mail>,
    ) -> Outbox {
        let data = TicketData { ticket: about.ticket.clone().into(), comment: None, attachments: Some(listed(files)) };
        let forwarded = self.mails.as_ref().and_then(|mails| mails.forwarded(app, about, files));
        let mails = forwarded.into_iter().chain(to_requester);
        let transfers = self.ticket_system.then(|| transfer(app, about.ticket)).into_iter().collect();
        Outbox { mails: mails.collect(), transfers, ..self.told(app, WebhookEvent::TicketCreated, &data) }
    }

    /// Status or assignee of a ticket changed, which was `before`.
    pub fn ticket_updated(&self, app: &App, before: &Ticket, ticket: &Ticket, background: &TicketBackground) -> Outbox {
        let data = TicketData { ticket: ticket.clone().into(), comment: None, attachments: None };
        let resolved = before.status != TicketStatus::Resolved && ticket.status == TicketStatus::Resolved;
        let mails = match &self.mails {
            Some(mails) if resolved => mail_about(ticket, background, |about| mails.resolved(app, about)),
            Some(_) | None => Vec::new(),
        };
        Outbox { mails, ..self.told(app, WebhookEvent::TicketUpdated, &data) }
    }

    /// Somebody said something about a ticket, with these files. What is for the MSP alone is mailed to nobody (SYN-13).
    pub fn ticket_commented(
        &self,
        app: &App,
        ticket: &Ticket,
        background: &TicketBackground,
        comment: &Comment,
        files: &[Attachment],
    ) -> Outbox {
        let comment_json = Some(comment.clone().into());
        let data =
            TicketData { ticket: ticket.clone().into(), comment: comment_json, attachments: Some(listed(files)) };
        let mails = match (&self.mails, comment.kind) {
            (Some(mails), CommentKind::Reply) => {
                mail_about(ticket, background, |about| mails.replied(app, about, &comment.text))
            }
            (Some(_), CommentKind::Note) | (None, _) => Vec::new(),
        };
        Outbox { mails, ..self.told(app, WebhookEvent::TicketCommented, &data) }
    }

    /// Somebody answered in the portal or by mail: the MSP is told, and the requester where that is wished.
    pub fn ticket_answered(
        &self,
        app: &App,
        answered: &Answered<'_>,
        comment: &Comment,
        files: &[Attachment],
    ) -> Outbox {
        let &Answered { ticket, background, tells_requester, author } = answered;
        let comment_json = Some(comment.clone().into());
        let data =
            TicketData { ticket: ticket.clone().into(), comment: comment_json, attachments: Some(listed(files)) };
        let mails = self.mails.iter().flat_map(|mails| {
            let answer = Answer { author, text: &comment.text, files };
            let to_msp = mails.answered(app, &ticket_facts(ticket, background), &answer);
            let to_requester = tells_requester
                .then(|| mail_about(ticket, background, |about| mails.replied(app, about, &comment.text)));
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

/// A ticket that somebody who follows it answered.
pub struct Answered<'a> {
    /// As it is then.
    pub ticket: &'a Ticket,
    /// What its ids are called, and where mails about it lead.
    pub background: &'a TicketBackground,
    /// Whether the requester is mailed, too.
    pub tells_requester: bool,
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
    /// Who asks; absent: nobody knows.
    pub asker: Option<Asker<'a>>,
    /// Where a mail to whoever asks leads; absent: there is none.
    pub online_profile: Option<&'a OnlineProfile>,
}

/// What a ticket's ids are called, and where one mail to whoever asks leads.
#[derive(Debug)]
pub struct TicketBackground {
    names: TicketNames,
    online_profile: Option<OnlineProfile>,
}

/// Who asks, and is told what becomes of it.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// What they are called.
    pub name: &'a str,
    /// Their stored address.
    pub email: Option<&'a str>,
    /// In which language they want to be mailed, if they have said so.
    pub language: Option<Language>,
}

impl<'a> Asker<'a> {
    /// The end user; where the organization itself asks, whoever was signed in for it, for as long as they are there for it.
    pub fn of(requester: Option<&'a EndUser>, sender: Option<&'a PortalUser>) -> Option<Self> {
        match (requester, sender) {
            (Some(person), _) => {
                Some(Self { name: &person.name, email: person.email.as_deref(), language: person.language })
            }
            (None, Some(row)) => {
                let hears = row.state == PortalUserState::Active && (row.end_user_id.is_none() || row.is_admin);
                let email = row.email.as_deref().filter(|_| hears);
                Some(Self { name: &row.sign_in_name, email, language: row.language })
            }
            (None, None) => None,
        }
    }
}

/// The mail that `write` makes of a ticket; none where nobody knows who asks.
fn mail_about(
    ticket: &Ticket,
    background: &TicketBackground,
    write: impl FnOnce(&TicketFacts<'_>) -> Option<Mail>,
) -> Vec<Mail> {
    let about = ticket_facts(ticket, background);
    if about.asker.is_some() { write(&about).into_iter().collect() } else { Vec::new() }
}

fn ticket_facts<'a>(
    ticket: &'a Ticket,
    TicketBackground { names, online_profile }: &'a TicketBackground,
) -> TicketFacts<'a> {
    let requester = ticket.requester_id.and_then(|id| names.requesters.get(&id));
    let sender = ticket.sender_id.and_then(|id| names.senders.get(&id));
    TicketFacts {
        ticket,
        organization: names.organizations.get(&ticket.organization_id).map_or("", String::as_str),
        asset: ticket.asset_id.and_then(|id| names.assets.get(&id)).map_or("", String::as_str),
        site: "",
        asker: Asker::of(requester, sender),
        online_profile: online_profile.as_ref(),
    }
}
