//! Tickets: who looks after them, how far they are, and what is said about them.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{Fields, Wish},
    record,
};
use crate::{
    announcements::Audience,
    app::App,
    attachments::sent_files::{SentFiles, kept},
    domain::{
        access::TicketScope,
        audit::{Actor, AuditAction},
        comment::{self, AuthorKind, CommentKind},
        ids::{CommentId, EndUserId, StaffId, TicketId},
        ticket::TicketStatus,
    },
    problems::Refused,
    store::{Attachment, AuditRecord, Comment, Ticket, TicketPerson},
};

/// The most people who can be added to a ticket.
const MOST_PEOPLE: usize = 50;

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"status": "waiting", "assignee_id": null}]))]
#[serde(deny_unknown_fields)]
pub struct TicketChange {
    /// How far it is.
    pub status: Option<TicketStatus>,
    /// Who looks after it.
    #[serde(default)]
    pub assignee_id: Wish<StaffId>,
    /// Whether the rest of the organization does not see it.
    pub confidential: Option<bool>,
}

/// What somebody wants to say.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"kind": "reply", "text": "Please try again now."}]))]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// For whom.
    pub kind: CommentKind,
    /// What.
    pub text: String,
}

/// Changes a ticket.
pub async fn change(
    app: &App,
    actor: &Actor,
    scope: TicketScope,
    seen: impl Into<Seen<TicketId>>,
    change: TicketChange,
) -> Result<Ticket, Refused> {
    let Seen { id, expected } = seen.into();
    let present = ticket(app, scope, id).await?;
    if let Wish::Set(staff) = change.assignee_id {
        assignable(app, staff, present.assignee_id).await?;
    }
    let audience = Audience::load(app).await?;
    let background = audience.background(app, &present).await?;
    let saved = app.store.change_ticket(scope, id, |row| {
        expected.check(row)?;
        let before = row.clone();
        if let Some(status) = change.status {
            if !before.status.may_become(status) {
                let detail = format!("A ticket that is {} cannot become {}.", before.status.name(), status.name());
                return Err(Refused::new(ProblemKind::Conflict, detail));
            }
            row.status = status;
        }
        match change.assignee_id {
            Wish::Keep => {}
            Wish::Clear => row.assignee_id = None,
            Wish::Set(staff) => row.assignee_id = Some(staff),
        }
        row.confidential = change.confidential.unwrap_or(row.confidential);
        if *row == before {
            return Ok(None);
        }
        row.updated_at = app.now();
        let detail = json!({"status": row.status, "assignee_id": row.assignee_id, "confidential": row.confidential});
        let record = record(app, actor, AuditAction::TicketChanged, id.0, &detail);
        Ok(Some((audience.ticket_updated(app, &before, row, &background), record)))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("ticket"))?;
    app.wake_outbox();
    Ok(row)
}

/// Says something about a ticket, with files.
pub async fn comment(
    app: &App,
    actor: &Actor,
    scope: TicketScope,
    id: TicketId,
    new: NewComment,
    files: SentFiles,
) -> Result<Comment, Refused> {
    let before = ticket(app, scope, id).await?;
    let mut fields = Fields::default();
    let text = fields.check("/text", &new.text, comment::text);
    if let Some(error) = files.error {
        fields.fault("/files", error.to_string());
    }
    fields.done()?;
    let (author_kind, author_id) = author(actor)?;
    let row = Comment {
        id: CommentId(app.new_id()),
        ticket_id: id,
        kind: new.kind,
        author_kind,
        author_id,
        text,
        created_at: app.now(),
        form_id: None,
    };
    let status = match new.kind {
        CommentKind::Reply => before.status.after_reply(),
        CommentKind::Note => before.status,
    };
    let record = commented(app, actor, &row, &before, status);
    let after = Ticket { status, updated_at: app.now(), ..before };
    let attachments = kept(app, id, Some(row.id), files.received).await?;
    let audience = Audience::load(app).await?;
    let background = audience.background(app, &after).await?;
    let announce = |files: &[Attachment]| audience.ticket_commented(app, &after, &background, &row, files);
    app.store.insert_comment(&after, row.clone(), attachments, announce, record).await?;
    app.wake_outbox();
    Ok(row)
}

/// A record that something was said about a ticket, which has `status` from then on.
pub(super) fn commented(
    app: &App,
    actor: &Actor,
    comment: &Comment,
    before: &Ticket,
    status: TicketStatus,
) -> AuditRecord {
    let turned = (status != before.status).then_some(status);
    let detail = json!({"comment_id": comment.id, "kind": comment.kind, "status": turned});
    record(app, actor, AuditAction::TicketCommented, before.id.0, &detail)
}

/// Lets somebody of the ticket's organization see it. Who could before goes on.
pub async fn add_person(
    app: &App,
    actor: &Actor,
    scope: TicketScope,
    id: TicketId,
    end_user_id: EndUserId,
) -> Result<(), Refused> {
    let ticket = ticket(app, scope, id).await?;
    let person = app.store.end_user(end_user_id).await?;
    if person.is_none_or(|person| person.organization_id != ticket.organization_id) {
        return Err(Refused::not_found("end user of this organization"));
    }
    if app.store.ticket_people(scope, id).await?.len() >= MOST_PEOPLE {
        return Err(Refused::new(
            ProblemKind::Conflict,
            format!("{MOST_PEOPLE} people can be added to a ticket at most."),
        ));
    }
    let detail = json!({"end_user_id": end_user_id});
    let record = record(app, actor, AuditAction::TicketPersonAdded, id.0, &detail);
    let added = TicketPerson { ticket_id: id, end_user_id, added_at: app.now() };
    app.store.add_ticket_person(added, record).await?;
    Ok(())
}

/// Takes that back.
pub async fn remove_person(
    app: &App,
    actor: &Actor,
    scope: TicketScope,
    id: TicketId,
    end_user_id: EndUserId,
) -> Result<(), Refused> {
    ticket(app, scope, id).await?;
    let detail = json!({"end_user_id": end_user_id});
    let record = record(app, actor, AuditAction::TicketPersonRemoved, id.0, &detail);
    let removed = app.store.remove_ticket_person(id, end_user_id, record).await?;
    if removed { Ok(()) } else { Err(Refused::not_found("person whom this ticket was shown to")) }
}

/// The ticket with this id, if `scope` sees it.
pub async fn ticket(app: &App, scope: TicketScope, id: TicketId) -> Result<Ticket, Refused> {
    app.store.ticket(scope, id).await?.ok_or_else(|| Refused::not_found("ticket"))
}

/// Whoever was shut out keeps what they have and gets nothing new.
async fn assignable(app: &App, id: StaffId, present: Option<StaffId>) -> Result<(), Refused> {
    let found = app.store.staff(id).await?;
    if present == Some(id) || found.is_some_and(|staff| staff.deactivated_at.is_none()) {
        Ok(())
    } else {
        Err(Refused::field("/assignee_id", "names nobody who works here"))
    }
}

/// As whom an actor writes comments.
pub fn author(actor: &Actor) -> Result<(AuthorKind, uuid::Uuid), Refused> {
    match actor {
        Actor::Staff { id, .. } => Ok((AuthorKind::Staff, id.0)),
        Actor::Program { id, .. } => Ok((AuthorKind::Program, id.0)),
        Actor::PortalUser(id) => Ok((AuthorKind::PortalUser, id.0)),
        Actor::OrganizationLink(_) | Actor::Clock | Actor::CommandLine => {
            Err(Refused::new(ProblemKind::Forbidden, "Only people with an account and programs write comments."))
        }
    }
}
