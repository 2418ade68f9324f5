//! `/console/tickets/{ticket}`: a ticket, what is said about it, and the computer that it came from.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, Request, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    audit_log::actor_names,
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    attachments::{by_comment, download::download},
    changes::{
        fields::Wish,
        tickets::{self, NewComment, TicketChange},
    },
    domain::{
        access::TicketScope,
        attachment::{MAX_FILE_BYTES, MAX_FILES},
        comment::CommentKind,
        ids::{AttachmentId, DepartmentId, EndUserId, StaffId, TicketId},
        role::Permission,
        ticket::{TicketSource, TicketStatus, Urgency},
    },
    multipart::FormError,
    portal::pages::{PageFailed, page},
    problems::Refused,
    sent_comment::{self, SentComment},
    store::{Attachment, Comment, Department, EndUser, Site, Staff, Ticket, TicketTransfer},
    words::Words,
};

#[derive(Template)]
#[template(path = "console/ticket.html")]
struct TicketPage {
    layout: Layout,
    ticket: Ticket,
    created: String,
    urgency: &'static str,
    organization: String,
    asset: String,
    site: Option<Site>,
    requester: Option<EndUser>,
    comments: Vec<CommentLine>,
    attachments: Vec<Attachment>,
    facts: Vec<(String, String)>,
    transfer: Option<TicketTransfer>,
    /// Where replies are mailed to.
    mailed_to: Option<String>,
    statuses: Vec<TicketStatus>,
    staff: Vec<Staff>,
    departments: Vec<Department>,
    /// Who else may see it.
    people: Vec<EndUser>,
    may_work: bool,
    typed: NewComment,
    typed_person: String,
    errors: FormErrors,
}

struct CommentLine {
    note: bool,
    author: String,
    at: String,
    text: String,
    files: Vec<Attachment>,
}

impl TicketPage {
    fn writes(&self, kind: CommentKind) -> bool {
        self.typed.kind == kind
    }

    fn is_assigned(&self, staff: &Staff) -> bool {
        self.ticket.assignee_id == Some(staff.id)
    }

    fn is_of(&self, department: &Department) -> bool {
        self.ticket.department_id == Some(department.id)
    }

    /// Whoever was shut out stands there only as long as the ticket is theirs.
    fn is_offered(&self, staff: &Staff) -> bool {
        staff.deactivated_at.is_none() || self.is_assigned(staff)
    }
}

/// What a form of the page did.
struct Answer {
    status: StatusCode,
    done: Done,
    typed: NewComment,
    typed_person: String,
    errors: FormErrors,
}

impl Default for Answer {
    fn default() -> Self {
        let typed = NewComment { kind: CommentKind::Reply, text: String::new() };
        let (done, errors) = (Done::default(), FormErrors::default());
        Self { status: StatusCode::OK, done, typed, typed_person: String::new(), errors }
    }
}

/// Somebody who is to see the ticket.
#[derive(Debug, Deserialize)]
pub(super) struct SentPerson {
    person: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentChange {
    status: TicketStatus,
    /// An id, or empty for nobody.
    assignee: String,
    /// An id, or empty for none; not sent where there are no departments.
    department: Option<String>,
    /// Not sent where the box is not ticked.
    confidential: Option<String>,
}

/// The ticket.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<TicketId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    shown(&app, &signed_in, id, Answer { done, ..Answer::default() }).await
}

/// Sets status and assignee.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<TicketId>,
    Sent(sent): Sent<SentChange>,
) -> Result<Response, PageFailed> {
    let assignee_id = sent.assignee.parse::<StaffId>().map_or(Wish::Clear, Wish::Set);
    let department_id = match sent.department.map(|id| id.parse::<DepartmentId>()) {
        None => Wish::Keep,
        Some(Ok(id)) => Wish::Set(id),
        Some(Err(_)) => Wish::Clear,
    };
    let confidential = Some(sent.confidential.is_some());
    let change = TicketChange { status: Some(sent.status), assignee_id, confidential, department_id };
    match Outcome::of(tickets::change(&app, &signed_in.actor(), TicketScope::Staff, id, change).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/tickets/{id}"), "saved")),
        Outcome::Again(status, errors) => {
            shown(&app, &signed_in, id, Answer { status, errors, ..Answer::default() }).await
        }
    }
}

/// Says something, with files.
pub(super) async fn comment(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<TicketId>,
    request: Request,
) -> Result<Response, PageFailed> {
    let (actor, scope) = (signed_in.actor(), TicketScope::Staff);
    if app.store.ticket(scope, id).await?.is_none() {
        return layout::missing(&app, &signed_in, "ticket");
    }
    let SentComment { new: typed, files } = match sent_comment::read(&app, &actor, request).await {
        Ok(sent) => sent,
        Err(FormError::Failed(cause)) => return Err(cause.into()),
        Err(FormError::TooLarge | FormError::Unreadable) => return layout::unreadable(&app, &signed_in),
    };
    let chosen = files.chosen;
    match Outcome::of(tickets::comment(&app, &actor, scope, id, typed.clone(), files).await)? {
        Outcome::Done(comment) => {
            let done = match comment.kind {
                CommentKind::Reply => "replied",
                CommentKind::Note => "noted",
            };
            Ok(see(&format!("/console/tickets/{id}"), done))
        }
        Outcome::Again(status, errors) => {
            // Browsers fill no file field: what was chosen is gone with the page.
            let errors = if chosen { errors.beside("files", "Choose the files again.") } else { errors };
            shown(&app, &signed_in, id, Answer { status, typed, errors, ..Answer::default() }).await
        }
    }
}

/// A file of the ticket, to be stored.
pub(super) async fn file(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((ticket, file)): Path<(TicketId, AttachmentId)>,
) -> Result<Response, PageFailed> {
    let found = app.store.attachment(TicketScope::Staff, file).await?;
    match found.filter(|found| found.ticket_id == ticket) {
        Some(attachment) => Ok(download(&app.attachments, &attachment).await?),
        None => layout::missing(&app, &signed_in, "file"),
    }
}

/// Lets somebody of the organization see it.
pub(super) async fn add_person(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<TicketId>,
    Sent(SentPerson { person }): Sent<SentPerson>,
) -> Result<Response, PageFailed> {
    let Some(ticket) = app.store.ticket(TicketScope::Staff, id).await? else {
        return layout::missing(&app, &signed_in, "ticket");
    };
    let found = app.store.end_users_called(ticket.organization_id, &person).await?;
    let added = match &found[..] {
        [one] => tickets::add_person(&app, &signed_in.actor(), TicketScope::Staff, id, one.id).await,
        [] => Err(Refused::field("/person", "is nobody of this organization")),
        _ => Err(Refused::field("/person", "is the name of several; the e-mail address tells them apart")),
    };
    match Outcome::of(added)? {
        Outcome::Done(()) => Ok(see(&format!("/console/tickets/{id}"), "saved")),
        Outcome::Again(status, errors) => {
            shown(&app, &signed_in, id, Answer { status, typed_person: person, errors, ..Answer::default() }).await
        }
    }
}

/// Lets them see it no more.
pub(super) async fn remove_person(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((id, end_user)): Path<(TicketId, EndUserId)>,
) -> Result<Response, PageFailed> {
    let removed = tickets::remove_person(&app, &signed_in.actor(), TicketScope::Staff, id, end_user).await;
    match Outcome::of(removed)? {
        Outcome::Done(()) => Ok(see(&format!("/console/tickets/{id}"), "removed")),
        Outcome::Again(status, errors) => {
            shown(&app, &signed_in, id, Answer { status, errors, ..Answer::default() }).await
        }
    }
}

async fn shown(app: &App, signed_in: &SignedIn, id: TicketId, answer: Answer) -> Result<Response, PageFailed> {
    let scope = TicketScope::Staff;
    let Some(ticket) = app.store.ticket(scope, id).await? else {
        return layout::missing(app, signed_in, "ticket");
    };
    let Answer { status, done, typed, typed_person, errors } = answer;
    let names = app.store.ticket_names(std::slice::from_ref(&ticket)).await?;
    let requester = names.requesters.into_values().next();
    let mut actors = actor_names(app).await?;
    let recipient = requester.as_ref().and_then(|person| person.email.clone());
    let mailed = app.provider().await?.mail_requesters && ticket.unverified_name.is_none();
    let mut files = by_comment(app.store.attachments(scope, id).await?);
    let mut files_of = |comment| files.remove(&comment).unwrap_or_default();
    let attachments = files_of(None);
    let comments = app.store.comments(scope, id).await?;
    actors.extend(app.store.answerer_names(&comments).await?);
    let comments = comments.into_iter().map(|row| comment_line(files_of(Some(row.id)), row, &actors));
    let site = site_of(app, &ticket, requester.as_ref()).await?;
    let shown = TicketPage {
        layout: Layout::load(app, signed_in, Section::Tickets).with_note(&done),
        created: moment(ticket.created_at),
        urgency: urgency(ticket.urgency),
        organization: names.organizations.into_values().next().unwrap_or_default(),
        asset: names.assets.into_values().next().unwrap_or_default(),
        comments: comments.collect(),
        attachments,
        site,
        facts: Words::english().facts(&ticket.facts.0, &ticket.os_user.0),
        transfer: app.store.transfer_of_ticket(id).await?,
        mailed_to: recipient.filter(|_| mailed),
        statuses: TicketStatus::VARIANTS.iter().copied().filter(|next| ticket.status.may_become(*next)).collect(),
        staff: app.store.all_staff().await?,
        departments: app.store.departments().await?,
        people: app.store.ticket_people(scope, id).await?,
        may_work: signed_in.may(Permission::Work),
        requester,
        ticket,
        typed,
        typed_person,
        errors,
    };
    page(status, &shown)
}

/// Where the computer stands, or else where its person works.
async fn site_of(app: &App, ticket: &Ticket, requester: Option<&EndUser>) -> Result<Option<Site>, PageFailed> {
    let asset = match ticket.asset_id {
        Some(id) => app.store.asset(id).await?,
        None => None,
    };
    match asset.and_then(|asset| asset.site_id).or_else(|| requester.and_then(|person| person.site_id)) {
        Some(id) => Ok(app.store.site(id).await?),
        None => Ok(None),
    }
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "It can wait",
        Urgency::Normal => "It is in the way",
        Urgency::High => "Cannot work",
    }
}

fn comment_line(files: Vec<Attachment>, row: Comment, actors: &HashMap<Uuid, String>) -> CommentLine {
    CommentLine {
        note: row.kind == CommentKind::Note,
        author: actors.get(&row.author_id).cloned().unwrap_or_else(|| "Somebody who was erased".into()),
        at: moment(row.created_at),
        text: row.text,
        files,
    }
}
