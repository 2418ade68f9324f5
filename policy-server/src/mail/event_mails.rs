//! Mails that other programs have sent: about bills and appointments.

use super::{
    online_profile::OnlineProfile, outgoing::outgoing, templates::MailTemplates, ticket_mails::provider_value,
};
use crate::{
    app::App,
    domain::{
        ids::OrganizationId,
        language::Language,
        mail_template::{MailTag, MailTemplateKey},
    },
    portal::signed_in::SIGN_IN,
    store::{Mail, Ticket},
    words::Words,
};

/// What such a mail is made of.
#[derive(Debug, Clone, Copy)]
pub struct EventMail<'a> {
    /// Which one.
    pub key: MailTemplateKey,
    /// Of whom.
    pub organization: OrganizationId,
    /// To which address.
    pub email: &'a str,
    /// Whom it greets.
    pub person: &'a str,
    /// In which language they want to be mailed, if they have said so.
    pub language: Option<Language>,
    /// The ticket that it is about.
    pub ticket: Option<&'a Ticket>,
    /// What it says.
    pub values: &'a [(MailTag, String)],
}

/// The mail.
pub async fn event_mail(app: &App, about: EventMail<'_>) -> anyhow::Result<Mail> {
    let EventMail { key, organization, email, person, language, ticket, values } = about;
    let (provider, templates) = (app.provider().await?, MailTemplates::load(&app.store).await?);
    let profile = OnlineProfile::of(app, key, organization).await?;
    let language = provider.mail_language(language);
    let letter = templates.letter(key, language, |tag| match tag {
        MailTag::Person => person.to_owned(),
        MailTag::Organization => app.fleet.organization_name(organization),
        MailTag::TicketNumber => ticket.map_or_else(String::new, |ticket| ticket.number.to_string()),
        MailTag::TicketSubject => ticket.map_or_else(String::new, |ticket| ticket.subject.clone()),
        MailTag::PortalLoginUrl => app.looks.of_organization(organization).url(SIGN_IN),
        MailTag::OnlineProfileUrl => profile.url.clone(),
        other => match values.iter().find(|(tag, _)| *tag == other) {
            Some((MailTag::Date | MailTag::DueDate, day)) => Words::of(language).day(day),
            Some((_, value)) => value.clone(),
            None => provider_value(&provider, other),
        },
    });
    Ok(profile.shown_in(outgoing(app, key, email, ticket.map(|ticket| ticket.id), &letter)))
}
