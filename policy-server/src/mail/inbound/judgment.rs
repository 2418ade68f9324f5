//! What is to become of a mail. A sender is believed when our mail server has found the address to be genuine, or when the mail
//! carries the tag that we mailed to that address; nothing else that stands in a mail is proof of anything (S12).

use super::message::{InboundMessage, Report};
use crate::{
    app::App,
    domain::{
        access::{OrganizationView, TicketScope},
        authentication_results::Authenticity,
        automatic_mail::Writer,
        contact,
        department::{DepartmentFacts, invites},
        ids::{DepartmentId, MailId, OrganizationId},
        inbound_mail::InboundReason,
        mail_address::{AddressFault, domain_of},
        portal_user::{PortalUserState, sign_in_key},
        reply::ReplyTag,
        search::search_key,
    },
    mail::replies::is_tag_of,
    store::{EndUser, StoreError, Ticket},
};

/// What is to become of a mail.
pub(super) enum Judgment {
    /// A ticket.
    Ticket(Origin),
    /// A comment of somebody who was asked.
    Comment { ticket: Box<Ticket>, author: EndUser },
    /// Staff have to look.
    Hold(InboundReason, Option<DepartmentId>),
    /// Nothing.
    Drop(InboundReason),
    /// A mail of ours did not arrive; with what was said about that.
    Bounce(MailId, String),
}

/// Whose ticket a mail makes.
pub(crate) struct Origin {
    pub(crate) organization: OrganizationId,
    pub(crate) requester: Requester,
    pub(crate) department: Option<DepartmentId>,
}

/// Who asks.
pub(crate) enum Requester {
    /// An end user.
    Known(Box<EndUser>),
    /// Somebody who becomes one, and perhaps is invited (invariant 12).
    New { contact: Box<EndUser>, invited: bool },
    /// Somebody whose name nobody has checked.
    Unverified,
}

/// Judges a mail.
pub(super) async fn judge(app: &App, message: &InboundMessage) -> Result<Judgment, StoreError> {
    if let Some(report) = &message.report {
        return bounce(app, report).await;
    }
    let look = app.looks.of_default();
    let department = look.departments.of_addresses(message.recipients.iter().map(String::as_str));
    let hold = |reason| Ok(Judgment::Hold(reason, department.map(|one| one.id)));
    let key = match &message.sender_key {
        Some(Ok(key)) => key.as_str(),
        Some(Err(AddressFault::MixedScript)) => return hold(InboundReason::MixedScript),
        Some(Err(AddressFault::Malformed)) | None => return hold(InboundReason::NoSender),
    };
    if is_ours(app, key).await? {
        return Ok(Judgment::Drop(InboundReason::OwnAddress));
    }
    let authenticity = message.authenticity(app.config.inbound_mail.authserv_id.as_deref());
    if let Some(tag) = message.reply_tag() {
        return match asked(app, &tag, key).await? {
            Some(_) if authenticity == Authenticity::Forged => hold(InboundReason::NotAuthenticated),
            Some((ticket, author)) => Ok(Judgment::Comment { ticket: Box::new(ticket), author }),
            None => hold(InboundReason::NotTheirTicket),
        };
    }
    if message.writer == Writer::Program {
        return hold(InboundReason::Automatic);
    }
    if authenticity != Authenticity::Authentic {
        return hold(InboundReason::NotAuthenticated);
    }
    match sender(app, message, key, department).await? {
        Ok(origin) => Ok(Judgment::Ticket(origin)),
        Err(reason) => hold(reason),
    }
}

/// The end user who sent a mail that is genuine, or becomes one by it.
async fn sender(
    app: &App,
    message: &InboundMessage,
    key: &str,
    department: Option<&DepartmentFacts>,
) -> Result<Result<Origin, InboundReason>, StoreError> {
    let mut people = app.store.end_users_with_address(key).await?;
    // The database makes small letters of ASCII alone.
    people.retain(|person| person.email.as_deref().map(sign_in_key).as_deref() == Some(key));
    let claiming = app.store.mail_domain(domain_of(key)).await?.map(|row| row.organization_id);
    let department_id = department.map(|one| one.id);
    if people.is_empty() {
        let Some(organization) = claiming else { return Ok(Err(InboundReason::UnknownSender)) };
        let contact = Box::new(contact_of(app, message, organization));
        let portal = app.looks.portal_of(organization).map(|id| app.looks.of(id).portal.auto_invite);
        let invited = message.writer == Writer::Person && portal.is_some_and(|wish| invites(department, wish));
        let requester = Requester::New { contact, invited };
        return Ok(Ok(Origin { organization, requester, department: department_id }));
    }
    let first = people[0].organization_id;
    if people.iter().any(|person| person.organization_id != first) {
        people.retain(|person| Some(person.organization_id) == claiming);
    }
    let person = match (people.len(), people.pop()) {
        (1, Some(person)) => person,
        (0, _) => return Ok(Err(InboundReason::SeveralOrganizations)),
        _ => return Ok(Err(InboundReason::SeveralEndUsers)),
    };
    if is_shut_out(app, &person).await? {
        return Ok(Err(InboundReason::Deactivated));
    }
    let organization = person.organization_id;
    Ok(Ok(Origin { organization, requester: Requester::Known(Box::new(person)), department: department_id }))
}

/// The end user that the sender becomes, under the name that they gave or else the address.
fn contact_of(app: &App, message: &InboundMessage, organization_id: OrganizationId) -> EndUser {
    let name = contact::name(&message.sender_name).unwrap_or_else(|_| message.sender.clone());
    EndUser {
        id: crate::domain::ids::EndUserId(app.new_id()),
        organization_id,
        search_key: search_key(&[&name, &message.sender]),
        name,
        email: Some(message.sender.clone()),
        phone: None,
        site_id: None,
        language: None,
        external_id: None,
        created_at: app.now(),
    }
}

/// The ticket that a tag is of, and its sender's end user, if we mailed the tag to that address and they may still answer: the
/// requester, somebody who was added, or somebody who administers the organization's portal.
async fn asked(app: &App, tag: &ReplyTag, key: &str) -> Result<Option<(Ticket, EndUser)>, StoreError> {
    let Some(ticket) = app.store.ticket_with_number(TicketScope::Staff, tag.number).await? else { return Ok(None) };
    if !is_tag_of(app, tag, &ticket, key) {
        return Ok(None);
    }
    let mut people = app.store.end_users_with_address(key).await?;
    people.retain(|person| {
        person.organization_id == ticket.organization_id
            && person.email.as_deref().map(sign_in_key).as_deref() == Some(key)
    });
    for person in people {
        if !is_shut_out(app, &person).await? && sees(app, &ticket, &person).await? {
            return Ok(Some((ticket, person)));
        }
    }
    Ok(None)
}

async fn sees(app: &App, ticket: &Ticket, person: &EndUser) -> Result<bool, StoreError> {
    if app.store.ticket(TicketScope::EndUser(person.id), ticket.id).await?.is_some() {
        return Ok(true);
    }
    let Some(row) = app.store.portal_user_of(person.id).await?.filter(|row| row.is_admin) else { return Ok(false) };
    if row.site_only && person.site_id.is_none() {
        return Ok(false);
    }
    let view = OrganizationView {
        organization: person.organization_id,
        portal_user: Some(row.id),
        end_user: Some(person.id),
        site: person.site_id.filter(|_| row.site_only),
    };
    Ok(app.store.ticket(TicketScope::Organization(view), ticket.id).await?.is_some())
}

async fn is_shut_out(app: &App, person: &EndUser) -> Result<bool, StoreError> {
    let row = app.store.portal_user_of(person.id).await?;
    Ok(row.is_some_and(|row| row.state == PortalUserState::Deactivated))
}

/// Whether a mail comes from where ours do, or goes to where it comes from: nobody answers themselves.
async fn is_ours(app: &App, key: &str) -> Result<bool, StoreError> {
    let config = &app.config;
    let ours = [config.mail.as_ref().map(|mail| &mail.from), config.inbound_mail.reply_address.as_ref()];
    if ours.into_iter().flatten().any(|address| sign_in_key(address) == key) {
        return Ok(true);
    }
    Ok(app.store.departments().await?.iter().any(|row| row.address_key.as_deref() == Some(key)))
}

/// The mail of ours that a report is about.
async fn bounce(app: &App, report: &Report) -> Result<Judgment, StoreError> {
    if report.failed {
        for id in report.message_ids.iter().filter_map(|id| mail_id(id)) {
            if app.store.mail(id).await?.is_some() {
                return Ok(Judgment::Bounce(id, report.diagnosis.clone()));
            }
        }
    }
    Ok(Judgment::Drop(InboundReason::UnknownBounce))
}

/// The id of a mail of ours, of its message id.
fn mail_id(message_id: &str) -> Option<MailId> {
    let (left, _) = message_id.trim_matches(['<', '>', ' ']).rsplit_once('@')?;
    left.split('.').next()?.parse().ok()
}
