//! Mails about tickets: to the MSP's address, and to the requester.

use super::{outgoing::outgoing, templates::MailTemplates};
use crate::{
    announcements::TicketFacts,
    app::App,
    domain::{
        mail_template::{MailTag, MailTemplateKey},
        ticket::TicketSource,
    },
    portal::signed_in::SIGN_IN,
    store::{Attachment, Mail, Provider},
};

/// What mails are made of.
pub struct TicketMails {
    /// The MSP.
    pub provider: Provider,
    /// The templates in force.
    pub templates: MailTemplates,
}

/// What else there is to say.
#[derive(Clone, Copy)]
enum News<'a> {
    Files(&'a [Attachment]),
    Comment(&'a str),
    Nothing,
}

impl TicketMails {
    /// "Forward each new ticket by e-mail to".
    pub fn forwarded(&self, app: &App, about: &TicketFacts<'_>, files: &[Attachment]) -> Option<Mail> {
        let recipient = self.provider.forward_tickets_to.as_deref()?;
        Some(self.mail(app, MailTemplateKey::TicketForwarded, recipient, about, News::Files(files)))
    }

    /// To whoever sent a ticket.
    pub fn created(&self, app: &App, about: &TicketFacts<'_>, files: &[Attachment]) -> Option<Mail> {
        let recipient = self.requester(about)?;
        Some(self.mail(app, MailTemplateKey::TicketCreated, recipient, about, News::Files(files)))
    }

    /// A reply, to whoever asked. Internal notes never come here.
    pub fn replied(&self, app: &App, about: &TicketFacts<'_>, reply: &str) -> Option<Mail> {
        let recipient = self.requester(about)?;
        Some(self.mail(app, MailTemplateKey::TicketComment, recipient, about, News::Comment(reply)))
    }

    /// To whoever asked, when the status turns resolved.
    pub fn resolved(&self, app: &App, about: &TicketFacts<'_>) -> Option<Mail> {
        let recipient = self.requester(about)?;
        Some(self.mail(app, MailTemplateKey::TicketResolved, recipient, about, News::Nothing))
    }

    /// The stored address of the end user who asked, and no other (S20). Whoever left a name that nobody has checked is
    /// somebody else: nothing about such a ticket is mailed to the person of the computer (decision C10, invariant 17).
    fn requester<'a>(&self, about: &TicketFacts<'a>) -> Option<&'a str> {
        let wanted = self.provider.mail_requesters && about.ticket.unverified_name.is_none();
        about.requester?.email.as_deref().filter(|_| wanted)
    }

    fn mail(&self, app: &App, key: MailTemplateKey, recipient: &str, about: &TicketFacts<'_>, news: News<'_>) -> Mail {
        let letter = self.templates.letter(key, |tag| self.value(app, about, news, tag));
        outgoing(app, key, recipient, Some(about.ticket.id), &letter)
    }

    /// Of what somebody wrote whose name nobody has checked, it says nothing (invariant 17).
    fn value(&self, app: &App, about: &TicketFacts<'_>, news: News<'_>, tag: MailTag) -> String {
        let ticket = about.ticket;
        let known = ticket.unverified_name.is_none();
        let if_known = |text: &str| if known { text.to_owned() } else { String::new() };
        match tag {
            MailTag::TicketNumber => ticket.number.to_string(),
            MailTag::TicketSubject if known => ticket.subject.clone(),
            MailTag::TicketSubject => "from an unverified person".into(),
            MailTag::TicketDescription if known => ticket.description.clone(),
            MailTag::TicketDescription if ticket.source == TicketSource::Website => {
                "Somebody wrote on your website. What they wrote is in the console alone.".into()
            }
            MailTag::TicketDescription if ticket.asset_id.is_none() => {
                "Somebody wrote by the organization’s link. What they wrote is in the console alone.".into()
            }
            MailTag::TicketDescription => "Somebody wrote from this computer under a name that nobody has checked. \
                                           What they wrote is in the console alone."
                .into(),
            MailTag::TicketUrl => app.ticket_url(ticket.id),
            MailTag::Organization => about.organization.to_owned(),
            MailTag::Requester => if_known(about.requester.map_or("", |person| &person.name)),
            MailTag::Phone => if_known(ticket.phone.as_deref().unwrap_or_default()),
            MailTag::Asset => about.asset.to_owned(),
            MailTag::Site => about.site.to_owned(),
            MailTag::Facts => {
                let lines = ticket.facts_by_name().into_iter().map(|(name, value)| format!("{name}: {value}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            MailTag::Files => match news {
                News::Files([]) | News::Comment(_) | News::Nothing => String::new(),
                News::Files(files) if known => {
                    files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
                }
                News::Files(files) => files.len().to_string(),
            },
            MailTag::Comment => match news {
                News::Comment(text) => text.to_owned(),
                News::Files(_) | News::Nothing => String::new(),
            },
            MailTag::Msp | MailTag::SupportPhone | MailTag::SupportEmail => provider_value(&self.provider, tag),
            MailTag::StaffName
            | MailTag::Link
            | MailTag::Password
            | MailTag::LinkHours
            | MailTag::LinkDays
            | MailTag::LinkMinutes
            | MailTag::Person
            | MailTag::SignInName
            | MailTag::Accounts => String::new(),
            MailTag::PortalLoginUrl => app.looks.of_organization(ticket.organization_id).url(SIGN_IN),
        }
    }
}

/// What every mail can say of the MSP.
pub(super) fn provider_value(provider: &Provider, tag: MailTag) -> String {
    match tag {
        MailTag::Msp => provider.name.clone(),
        MailTag::SupportPhone => provider.support_phone.clone().unwrap_or_default(),
        MailTag::SupportEmail => provider.support_email.clone().unwrap_or_default(),
        _ => String::new(),
    }
}
