//! Who is told of what happens: webhook endpoints, and the address that new tickets are forwarded to. What this makes is
//! stored together with its cause.

use serde::Serialize;

use crate::{
    api::{comments::CommentJson, tickets::TicketJson},
    app::App,
    domain::{
        asset::AssetState,
        ids::{AssetId, OrganizationId},
        webhook::WebhookEvent,
    },
    mail::forwarding::forwarded,
    store::{Asset, Attachment, Comment, Outbox, StoreError, Ticket, WebhookEndpoint},
    webhooks::message::deliveries,
};

/// Whoever wants to know, as it is now.
pub struct Audience {
    endpoints: Vec<WebhookEndpoint>,
    forward_tickets_to: Option<String>,
}

#[derive(Serialize)]
struct TicketData {
    ticket: TicketJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<CommentJson>,
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
        Ok(Self {
            endpoints: app.store.webhook_endpoints().await?,
            forward_tickets_to: app.look.get().provider.forward_tickets_to.clone(),
        })
    }

    /// Somebody sent a ticket.
    pub fn ticket_created(&self, app: &App, about: &NewTicketFacts<'_>) -> Outbox {
        let data = TicketData { ticket: about.ticket.clone().into(), comment: None };
        let mail = self.forward_tickets_to.as_deref().map(|recipient| forwarded(app, recipient, about));
        Outbox { mails: mail.into_iter().collect(), ..self.told(app, WebhookEvent::TicketCreated, &data) }
    }

    /// Status or assignee of a ticket changed.
    pub fn ticket_updated(&self, app: &App, ticket: &Ticket) -> Outbox {
        let data = TicketData { ticket: ticket.clone().into(), comment: None };
        self.told(app, WebhookEvent::TicketUpdated, &data)
    }

    /// Somebody said something about a ticket.
    pub fn ticket_commented(&self, app: &App, ticket: &Ticket, comment: &Comment) -> Outbox {
        let data = TicketData { ticket: ticket.clone().into(), comment: Some(comment.clone().into()) };
        self.told(app, WebhookEvent::TicketCommented, &data)
    }

    /// A computer became an asset, or an asset is out of use.
    pub fn asset(&self, app: &App, event: WebhookEvent, asset: &Asset) -> Outbox {
        let Asset { id, organization_id, ref name, state, .. } = *asset;
        self.told(app, event, &serde_json::json!({"asset": AssetData { id, organization_id, name, state }}))
    }

    fn told(&self, app: &App, event: WebhookEvent, data: &impl Serialize) -> Outbox {
        Outbox { mails: Vec::new(), deliveries: deliveries(app, &self.endpoints, event, data) }
    }
}

/// A new ticket and what its ids are called.
pub struct NewTicketFacts<'a> {
    /// The ticket, with its number.
    pub ticket: &'a Ticket,
    /// Its files.
    pub attachments: &'a [Attachment],
    /// The organization's name.
    pub organization: &'a str,
    /// The asset's name.
    pub asset: &'a str,
    /// The requester's name.
    pub requester: &'a str,
}
