//! Mails that a billing system or a calendar has sent to customers (decision C8).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        access::{OrganizationView, TicketScope},
        audit::{Actor, AuditAction},
        event::{EventFacts, event_facts, fact},
        ids::{EndUserId, MailId, OrganizationId, TicketId},
        language::Language,
        mail_template::{MailTag, MailTemplateKey},
    },
    mail::event_mails::{EventMail, event_mail},
    problems::Refused,
    store::{Outbox, Ticket},
};

/// What happened, and whom it concerns: an organization or an end user, at the address that is stored for them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{
    "organization_id": "0190a3c4-0000-7000-8000-000000000000", "number": "RE-2026-17", "amount": "120.00 EUR",
    "date": "2026-11-27", "due_date": "2026-12-11", "document_url": "https://billing.example/RE-2026-17",
}]))]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    /// The organization that the mail goes to.
    #[serde(alias = "customer_id")]
    pub organization_id: Option<OrganizationId>,
    /// The end user whom the mail goes to, in place of the organization.
    #[serde(alias = "contact_id")]
    pub end_user_id: Option<EndUserId>,
    /// Which ticket an appointment is about. Whoever the mail goes to can see it.
    pub ticket_id: Option<TicketId>,
    /// How much, with the currency.
    pub amount: Option<String>,
    /// What people call the invoice, the estimate or the statement.
    pub number: Option<String>,
    /// The day of the document or of the appointment, such as `2026-11-27`.
    pub date: Option<String>,
    /// The last day to pay, to accept, or of the card.
    pub due_date: Option<String>,
    /// Where the document can be seen: an `https` address.
    pub document_url: Option<String>,
    /// The last four digits of the card.
    pub card_ending: Option<String>,
    /// What the appointment is about.
    pub about: Option<String>,
    /// When it begins, such as `14:30`.
    pub time: Option<String>,
    /// Where it is.
    pub place: Option<String>,
}

/// Whom a mail goes to.
struct Recipient {
    organization: OrganizationId,
    email: String,
    person: String,
    language: Option<Language>,
    sees: TicketScope,
}

/// Puts the mail of this name into the outbox.
pub async fn mail(app: &App, actor: &Actor, template: &str, event: NewEvent) -> Result<MailId, Refused> {
    let key = template.parse::<MailTemplateKey>().ok();
    let Some((key, facts)) = key.and_then(|key| Some((key, event_facts(key)?))) else {
        return Err(Refused::not_found("event"));
    };
    let values = event.values(facts)?;
    let recipient = recipient(app, &event).await?;
    let ticket = match event.ticket_id {
        Some(id) => Some(ticket(app, &recipient, id).await?),
        None => None,
    };
    let about = EventMail {
        key,
        organization: recipient.organization,
        email: &recipient.email,
        person: &recipient.person,
        language: recipient.language,
        ticket: ticket.as_ref(),
        values: &values,
    };
    let mail = event_mail(app, about).await?;
    let id = mail.id;
    let detail = json!({
        "template": key, "organization_id": recipient.organization, "end_user_id": event.end_user_id,
        "ticket_id": event.ticket_id,
    });
    let record = record(app, actor, AuditAction::EventMailed, id.0, &detail);
    app.store.send_out(Outbox { mails: vec![mail], ..Outbox::default() }, record).await?;
    app.wake_outbox();
    Ok(id)
}

impl NewEvent {
    /// What it says, by tag; each fact that is wrong, missing or out of place is named.
    fn values(&self, facts: EventFacts) -> Result<Vec<(MailTag, String)>, Refused> {
        let EventFacts { needed, possible, has_ticket } = facts;
        let mut fields = Fields::default();
        let mut values = Vec::new();
        for (tag, value) in self.facts() {
            let pointer = format!("/{}", tag.name());
            match value {
                Some(value) if needed.contains(&tag) || possible.contains(&tag) => {
                    values.push((tag, fields.check(&pointer, value, |text| fact(tag, text))));
                }
                Some(_) => fields.fault(&pointer, "is nothing that this mail says; leave it out".into()),
                None if needed.contains(&tag) => fields.fault(&pointer, "is missing: this mail needs it".into()),
                None => {}
            }
        }
        match (has_ticket, self.ticket_id) {
            (true, None) => fields.fault("/ticket_id", "is missing: this mail needs it".into()),
            (false, Some(_)) => fields.fault("/ticket_id", "is nothing that this mail says; leave it out".into()),
            (true, Some(_)) | (false, None) => {}
        }
        fields.done()?;
        Ok(values)
    }

    fn facts(&self) -> [(MailTag, Option<&str>); 9] {
        [
            (MailTag::Amount, self.amount.as_deref()),
            (MailTag::Number, self.number.as_deref()),
            (MailTag::Date, self.date.as_deref()),
            (MailTag::DueDate, self.due_date.as_deref()),
            (MailTag::DocumentUrl, self.document_url.as_deref()),
            (MailTag::CardEnding, self.card_ending.as_deref()),
            (MailTag::About, self.about.as_deref()),
            (MailTag::Time, self.time.as_deref()),
            (MailTag::Place, self.place.as_deref()),
        ]
    }
}

/// The stored address of whom an event concerns; no request brings one (invariant 17, S20).
async fn recipient(app: &App, event: &NewEvent) -> Result<Recipient, Refused> {
    const NO_ADDRESS: &str = "has no e-mail address; store one first";
    match (event.organization_id, event.end_user_id) {
        (Some(id), None) => {
            let found = app.store.organization(id).await?;
            let row = found.ok_or_else(|| Refused::field("/organization_id", "names no organization"))?;
            let email = row.email.ok_or_else(|| Refused::field("/organization_id", NO_ADDRESS))?;
            let view = OrganizationView { organization: id, portal_user: None, end_user: None, site: None };
            let sees = TicketScope::Organization(view);
            Ok(Recipient { organization: id, email, person: row.name, language: None, sees })
        }
        (None, Some(id)) => {
            let found = app.store.end_user(id).await?;
            let row = found.ok_or_else(|| Refused::field("/end_user_id", "names no end user"))?;
            let email = row.email.ok_or_else(|| Refused::field("/end_user_id", NO_ADDRESS))?;
            let sees = TicketScope::EndUser(id);
            let (organization, language) = (row.organization_id, row.language);
            Ok(Recipient { organization, email, person: row.name, language, sees })
        }
        (None, None) | (Some(_), Some(_)) => Err(Refused::field(
            "/organization_id",
            "or /end_user_id must say to whom the mail goes, and only one of them",
        )),
    }
}

/// A ticket that the recipient sees. What somebody wrote whose name nobody has checked is mailed to nobody (invariant 17).
async fn ticket(app: &App, recipient: &Recipient, id: TicketId) -> Result<Ticket, Refused> {
    let found = app.store.ticket(recipient.sees, id).await?;
    found
        .filter(|ticket| ticket.unverified_name.is_none())
        .ok_or_else(|| Refused::field("/ticket_id", "names no ticket that whoever the mail goes to can see"))
}
