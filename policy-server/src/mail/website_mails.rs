//! Mails that anybody can have sent to an address that is known: the link of an organization, and how far a ticket is. They say
//! nothing that was typed by whoever asked (invariant 17, S11).

use super::{outgoing::outgoing, staff_links::PURPOSE, templates::MailTemplates, ticket_mails::provider_value};
use crate::{
    app::App,
    changes::staff::after,
    domain::{
        ids::StatusLinkId,
        language::Language,
        mail_template::{MailTag, MailTemplateKey, SECRET_MARK},
        website::STATUS_LINK_LIFETIME,
    },
    portal::{embed::status, look::Look, organization_link, signed_in::SIGN_IN},
    sealed,
    secrets::NewSecret,
    store::{Mail, Organization, StatusLink, Ticket},
};

/// The mail that brings an organization its link. The outbox has what opens the portal sealed, apart from the text.
pub async fn organization_link(
    app: &App,
    look: &Look,
    organization: &Organization,
    email: &str,
) -> anyhow::Result<Mail> {
    let key = MailTemplateKey::OrganizationLink;
    let (provider, templates) = (app.provider().await?, MailTemplates::load(&app.store).await?);
    let letter = templates.letter(key, provider.default_language, |tag| match tag {
        MailTag::Organization => organization.name.clone(),
        MailTag::Link => look.url(&format!("{}/{SECRET_MARK}", organization_link::PATH)),
        MailTag::PortalLoginUrl => look.url(SIGN_IN),
        other => provider_value(&provider, other),
    });
    let mail = outgoing(app, key, email, None, &letter);
    let token = organization_link::token(app, organization);
    let sealed = sealed::seal(&app.key, PURPOSE, mail.id.0, &token)?;
    Ok(Mail { secret: Some(sealed), ..mail })
}

/// A new link that shows how far a ticket is, and its mail in the language that its recipient has of their own.
pub async fn ticket_status(
    app: &App,
    look: &Look,
    ticket: &Ticket,
    email: &str,
    language: Option<Language>,
) -> anyhow::Result<(StatusLink, Mail)> {
    let key = MailTemplateKey::TicketStatus;
    let (provider, templates) = (app.provider().await?, MailTemplates::load(&app.store).await?);
    let letter = templates.letter(key, provider.mail_language(language), |tag| match tag {
        MailTag::TicketNumber => ticket.number.to_string(),
        MailTag::Link => look.url(&format!("{}/{SECRET_MARK}", status::PATH)),
        MailTag::LinkMinutes => (STATUS_LINK_LIFETIME.as_secs() / 60).to_string(),
        MailTag::PortalLoginUrl => look.url(SIGN_IN),
        other => provider_value(&provider, other),
    });
    let secret = NewSecret::draw()?;
    let mail = outgoing(app, key, email, Some(ticket.id), &letter);
    let sealed = sealed::seal(&app.key, PURPOSE, mail.id.0, &secret.text)?;
    let link = StatusLink {
        id: StatusLinkId(app.new_id()),
        ticket_id: ticket.id,
        token_hash: secret.hash,
        created_at: app.now(),
        expires_at: after(app.now(), STATUS_LINK_LIFETIME),
        used_at: None,
    };
    Ok((link, Mail { secret: Some(sealed), ..mail }))
}
