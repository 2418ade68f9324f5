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
    words::Words,
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
    Answer(&'a Answer<'a>),
    Nothing,
}

/// What somebody said in the portal.
pub struct Answer<'a> {
    /// Who.
    pub author: &'a str,
    /// What.
    pub text: &'a str,
    /// With which files.
    pub files: &'a [Attachment],
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

    /// To whoever sent a ticket by mail, which was not a program (RFC 3834).
    pub fn autoresponder(&self, app: &App, about: &TicketFacts<'_>, files: &[Attachment]) -> Option<Mail> {
        let recipient = self.requester(about)?;
        Some(self.mail(app, MailTemplateKey::TicketAutoresponder, recipient, about, News::Files(files)))
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

    /// An answer of an end user, to the address that new tickets are forwarded to.
    pub fn answered(&self, app: &App, about: &TicketFacts<'_>, answer: &Answer<'_>) -> Option<Mail> {
        let recipient = self.provider.forward_tickets_to.as_deref()?;
        Some(self.mail(app, MailTemplateKey::TicketAnswered, recipient, about, News::Answer(answer)))
    }

    /// The stored address of whoever asked, and no other (S20). Whoever left a name that nobody has checked is
    /// somebody else: nothing about such a ticket is mailed to the person of the computer (decision C10, invariant 17).
    fn requester<'a>(&self, about: &TicketFacts<'a>) -> Option<&'a str> {
        let wanted = self.provider.mail_requesters && about.ticket.unverified_name.is_none();
        about.asker?.email.filter(|_| wanted)
    }

    fn mail(&self, app: &App, key: MailTemplateKey, recipient: &str, about: &TicketFacts<'_>, news: News<'_>) -> Mail {
        let own = about.asker.filter(|_| key.is_for_requesters()).and_then(|asker| asker.language);
        let language = self.provider.mail_language(own);
        let words = Words::of(language);
        let letter = self.templates.letter(key, language, |tag| self.value(app, about, news, words, tag));
        let mail = outgoing(app, key, recipient, Some(about.ticket.id), &letter);
        match about.online_profile {
            Some(profile) if key.online_profile().is_some() => profile.shown_in(mail),
            Some(_) | None => mail,
        }
    }

    /// Of what somebody wrote whose name nobody has checked, it says nothing (invariant 17).
    fn value(&self, app: &App, about: &TicketFacts<'_>, news: News<'_>, words: &Words, tag: MailTag) -> String {
        let ticket = about.ticket;
        let known = ticket.unverified_name.is_none();
        let if_known = |text: &str| if known { text.to_owned() } else { String::new() };
        match tag {
            MailTag::TicketNumber => ticket.number.to_string(),
            MailTag::TicketSubject if known => ticket.subject.clone(),
            MailTag::TicketSubject => words.say("mail-unverified-subject"),
            MailTag::TicketDescription if known => ticket.description.clone(),
            MailTag::TicketDescription if ticket.source == TicketSource::Mail => words.say("mail-unverified-by-mail"),
            MailTag::TicketDescription if ticket.source == TicketSource::Website => {
                words.say("mail-unverified-by-website")
            }
            MailTag::TicketDescription if ticket.asset_id.is_none() => words.say("mail-unverified-by-link"),
            MailTag::TicketDescription => words.say("mail-unverified-from-computer"),
            MailTag::TicketUrl => app.ticket_url(ticket.id),
            MailTag::Organization => about.organization.to_owned(),
            MailTag::Requester => if_known(about.asker.map_or("", |asker| asker.name)),
            MailTag::Phone => if_known(ticket.phone.as_deref().unwrap_or_default()),
            MailTag::Asset => about.asset.to_owned(),
            MailTag::Site => about.site.to_owned(),
            MailTag::Facts => {
                let facts = words.facts(&ticket.facts.0, &ticket.os_user.0);
                let lines = facts.into_iter().map(|(name, value)| format!("{name}: {value}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            MailTag::Files => match news {
                News::Answer(answer) => names_of(answer.files),
                News::Files([]) | News::Comment(_) | News::Nothing => String::new(),
                News::Files(files) if known => names_of(files),
                News::Files(files) => files.len().to_string(),
            },
            MailTag::Comment => match news {
                News::Comment(text) => text.to_owned(),
                News::Answer(answer) => answer.text.to_owned(),
                News::Files(_) | News::Nothing => String::new(),
            },
            MailTag::Msp | MailTag::SupportPhone | MailTag::SupportEmail => provider_value(&self.provider, tag),
            MailTag::StaffName
            | MailTag::Link
            | MailTag::Password
            | MailTag::LinkHours
            | MailTag::LinkDays
            | MailTag::LinkMinutes
            | MailTag::SignInName
            | MailTag::Accounts
            | MailTag::Amount
            | MailTag::Number
            | MailTag::Date
            | MailTag::DueDate
            | MailTag::DocumentUrl
            | MailTag::CardEnding
            | MailTag::About
            | MailTag::Time
            | MailTag::Place => String::new(),
            MailTag::Person => match news {
                News::Answer(answer) => answer.author.to_owned(),
                News::Files(_) | News::Comment(_) | News::Nothing => String::new(),
            },
            MailTag::PortalLoginUrl => app.looks.of_organization(ticket.organization_id).url(SIGN_IN),
            MailTag::OnlineProfileUrl => about.online_profile.map_or_else(String::new, |profile| profile.url.clone()),
        }
    }
}

fn names_of(files: &[Attachment]) -> String {
    files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
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
