//! Stores what a mail becomes, together with its account.

use std::sync::Arc;

use axum::body::Bytes;
use deskbell_protocol::{Facts, OsUser};
use serde_json::json;
use uuid::Uuid;

use super::{
    StoreFailed,
    judgment::{Origin, Requester},
    message::InboundMessage,
};
use crate::{
    announcements::{Answered, Asker, Audience, TicketFacts},
    app::{App, SharedApp},
    attachments::{sent_files::kept, upload::ReceivedFile},
    changes::record,
    domain::{
        attachment::{FileSender, within_hour},
        audit::{Actor, AuditAction},
        automatic_mail::Writer,
        comment::{AuthorKind, CommentKind},
        ids::{CommentId, InboundMailId, TicketId},
        inbound_mail::{InboundOutcome, InboundReason},
        reply::own_words,
        ticket::{MAX_DESCRIPTION, MAX_SUBJECT, TicketSource, TicketStatus, Urgency, search_key},
    },
    store::{
        Attachment, Comment, EndUser, InboundMail, Json, NewTicketRows, Outbox, Ticket,
        inbound_mails::{Account, NewMailTicket},
    },
};

/// The most that is shown of a mail that waits, in characters.
const SHOWN: usize = 20_000;

/// The account of a mail, before anything came of it.
pub(super) fn row_of(app: &App, message: &InboundMessage) -> InboundMail {
    InboundMail {
        id: InboundMailId(app.new_id()),
        message_key: message.key.clone(),
        message_id: message.message_id.clone(),
        sender: message.sender.clone(),
        sender_key: message.sender.to_lowercase(),
        sender_name: message.sender_name.clone(),
        recipients: message.recipients.join(", "),
        subject: message.subject.clone(),
        text: None,
        raw_sha256: None,
        outcome: InboundOutcome::Quarantined,
        reason: None,
        department_id: None,
        ticket_id: None,
        comment_id: None,
        mail_id: None,
        invite_end_user_id: None,
        received_at: app.now(),
        decided_at: None,
    }
}

/// Keeps a mail for staff to look at.
pub(super) async fn hold(
    app: &App,
    raw: &Bytes,
    message: &InboundMessage,
    row: InboundMail,
) -> Result<InboundMail, StoreFailed> {
    let row = InboundMail {
        text: Some(message.text.chars().take(SHOWN).collect()),
        raw_sha256: Some(raw_kept(app, raw).await?),
        ..row
    };
    app.store.insert_inbound_mail(row.clone()).await?;
    Ok(row)
}

/// Makes the ticket of a mail.
pub(crate) async fn ticket_of(
    app: &SharedApp,
    actor: &Actor,
    (raw, message): (&Bytes, &InboundMessage),
    Origin { organization, requester, department }: Origin,
    account: Account,
) -> Result<InboundMail, StoreFailed> {
    let (person, contact, invited) = match requester {
        Requester::Known(person) => (Some(*person), None, false),
        Requester::New { contact, invited } => {
            let made = record(app, actor, AuditAction::EndUserMade, contact.id.0, &json!({}));
            (Some(*contact.clone()), Some((*contact, made)), invited)
        }
        Requester::Unverified => (None, None, false),
    };
    let sender = person.as_ref().map_or(FileSender::Link(organization), |person| FileSender::Mail(person.id));
    let taken = Taken::of(app, message, sender, &message.text).await?;
    let unverified = person.is_none().then(|| name_of(message));
    let ticket = Ticket {
        id: TicketId(app.new_id()),
        number: 0,
        organization_id: organization,
        asset_id: None,
        requester_id: person.as_ref().map(|person| person.id),
        sender_id: None,
        department_id: department,
        form_id: form_id(&message.key),
        source: TicketSource::Mail,
        subject: subject(message),
        search_key: search_key(&subject(message), &taken.text),
        description: taken.text,
        urgency: Urgency::Normal,
        phone: None,
        address: None,
        unverified_email: unverified.as_ref().map(|_| message.sender.clone()).filter(|address| !address.is_empty()),
        unverified_name: unverified,
        confidential: false,
        status: TicketStatus::New,
        assignee_id: None,
        facts: Json(Facts::default()),
        os_user: Json(OsUser::default()),
        created_at: app.now(),
        updated_at: app.now(),
    };
    let (id, invite) = (ticket.id, person.as_ref().filter(|_| invited).map(|person| person.id));
    let account = with_leftovers(app, raw, account, taken.left_out).await?.map_row(|row| InboundMail {
        ticket_id: Some(id),
        department_id: department,
        invite_end_user_id: invite,
        ..row
    });
    let row = account.row().clone();
    let attachments = kept(app, id, None, taken.files).await?;
    let rows = NewTicketRows {
        event: None,
        people: Vec::new(),
        sender,
        draft: None,
        announce: announcement(app, organization, person, message.writer == Writer::Person && invite.is_none()).await?,
        ticket,
        attachments,
    };
    app.store.insert_mail_ticket(NewMailTicket { rows, contact, account }).await?;
    app.metrics.ticket_made();
    app.wake_outbox();
    Ok(row)
}

/// Makes the comment of an answer.
pub(super) async fn comment_of(
    app: &App,
    actor: &Actor,
    (raw, message): (&Bytes, &InboundMessage),
    ticket: &Ticket,
    author: EndUser,
    row: InboundMail,
) -> Result<InboundMail, StoreFailed> {
    let said = Said { kind: CommentKind::Reply, author_kind: AuthorKind::EndUser, author: author.id.0, before: "" };
    add_comment(app, actor, (raw, message), ticket, said, Account::New(row)).await
}

/// As whom a mail is said.
pub(crate) struct Said<'a> {
    pub(crate) kind: CommentKind,
    pub(crate) author_kind: AuthorKind,
    pub(crate) author: Uuid,
    /// What stands before its text.
    pub(crate) before: &'a str,
}

/// Makes a comment of a mail. What an end user has typed, and what nobody had to look at, goes to the MSP's own address as an answer
/// in the portal does; nothing goes to anybody else by mail.
pub(crate) async fn add_comment(
    app: &App,
    actor: &Actor,
    (raw, message): (&Bytes, &InboundMessage),
    ticket: &Ticket,
    said: Said<'_>,
    account: Account,
) -> Result<InboundMail, StoreFailed> {
    let text = format!("{}{}", said.before, own_words(&message.text));
    let taken = Taken::of(app, message, FileSender::Author(said.author), &text).await?;
    let comment = Comment {
        id: CommentId(app.new_id()),
        ticket_id: ticket.id,
        kind: said.kind,
        author_kind: said.author_kind,
        author_id: said.author,
        text: taken.text,
        form_id: None,
        created_at: app.now(),
    };
    let is_typed = said.author_kind == AuthorKind::EndUser && message.writer != Writer::Program;
    // Whoever takes a mail by hand knows what it says.
    let tells_msp = is_typed && matches!(account, Account::New(_));
    let status = if is_typed { ticket.status.after_answer() } else { ticket.status };
    let after = Ticket { status, updated_at: app.now(), ..ticket.clone() };
    let account = with_leftovers(app, raw, account, taken.left_out).await?.map_row(|row| InboundMail {
        ticket_id: Some(ticket.id),
        comment_id: Some(comment.id),
        ..row
    });
    let row = account.row().clone();
    let detail = json!({"comment_id": comment.id, "kind": comment.kind});
    let record = record(app, actor, AuditAction::TicketCommented, ticket.id.0, &detail);
    let attachments = kept(app, ticket.id, Some(comment.id), taken.files).await?;
    let audience = Audience::load(app).await?;
    let background = audience.background(app, &after).await?;
    let authors = app.store.answerer_names(std::slice::from_ref(&comment)).await?;
    let author = authors.get(&said.author).map_or("", String::as_str);
    let announce = |files: &[Attachment]| {
        if tells_msp {
            // The requester may have had the mail itself.
            let answered = Answered { ticket: &after, background: &background, tells_requester: false, author };
            return audience.ticket_answered(app, &answered, &comment, files);
        }
        let told = audience.ticket_commented(app, &after, &background, &comment, files);
        Outbox { mails: Vec::new(), ..told }
    };
    app.store.insert_mail_comment(&after, comment.clone(), attachments, announce, (record, account)).await?;
    app.wake_outbox();
    Ok(row)
}

/// What of a mail becomes a ticket or a comment.
struct Taken {
    text: String,
    files: Vec<(String, ReceivedFile)>,
    left_out: bool,
}

impl Taken {
    /// The text as long as one may be, and the files if so many may be sent.
    async fn of(app: &App, message: &InboundMessage, sender: FileSender, text: &str) -> Result<Self, StoreFailed> {
        let sent = app.store.files_of_hour(sender, app.now()).await?;
        let within = within_hour(sent, message.files.len());
        let mut files = Vec::new();
        for (name, content) in message.files.iter().filter(|_| within) {
            let mut upload = app.attachments.begin().await?;
            upload.write(content).await?;
            files.push((name.clone(), upload.finish().await?));
        }
        let cut = text.chars().count() > MAX_DESCRIPTION;
        let text = match text.trim() {
            "" => subject(message),
            text if cut => format!("{}…", text.chars().take(MAX_DESCRIPTION - 1).collect::<String>()),
            text => text.to_owned(),
        };
        Ok(Self { text, files, left_out: message.left_out || !within || cut })
    }
}

impl Account {
    fn map_row(self, change: impl FnOnce(InboundMail) -> InboundMail) -> Self {
        match self {
            Self::New(row) => Self::New(change(row)),
            Self::Decided(row, record) => Self::Decided(change(row), record),
        }
    }
}

/// Keeps the whole mail where not all of it was taken.
async fn with_leftovers(app: &App, raw: &Bytes, account: Account, left_out: bool) -> Result<Account, StoreFailed> {
    if !left_out {
        return Ok(account.map_row(|row| InboundMail { raw_sha256: None, text: None, reason: None, ..row }));
    }
    let raw_sha256 = Some(raw_kept(app, raw).await?);
    Ok(account.map_row(|row| InboundMail { raw_sha256, text: None, reason: Some(InboundReason::LeftOut), ..row }))
}

/// Keeps a whole mail as a file, and gives its hash.
async fn raw_kept(app: &App, raw: &Bytes) -> anyhow::Result<String> {
    let mut upload = app.attachments.begin().await?;
    upload.write(raw).await?;
    let file = upload.finish().await?;
    let sha256 = file.sha256.clone();
    app.attachments.keep(file).await?;
    Ok(sha256)
}

/// Who is told of the ticket; its sender only where it `may_be_answered`. Whoever is invited is told by the invitation.
async fn announcement(
    app: &SharedApp,
    organization: crate::domain::ids::OrganizationId,
    person: Option<EndUser>,
    may_be_answered: bool,
) -> anyhow::Result<Arc<dyn Fn(&Ticket, &[Attachment]) -> Outbox + Send + Sync>> {
    let (audience, name) = (Audience::load(app).await?, app.fleet.organization_name(organization));
    let online_profile = audience.online_profile(app, organization).await?;
    let app = Arc::clone(app);
    Ok(Arc::new(move |ticket, attachments| {
        let asker = Asker::of(person.as_ref(), None);
        let online_profile = online_profile.as_ref();
        let about = TicketFacts { ticket, organization: &name, asset: "", site: "", asker, online_profile };
        audience.ticket_came_by_mail(&app, &about, attachments, may_be_answered)
    }))
}

/// The same for the same mail, so that it is one ticket (invariant 21).
fn form_id(key: &str) -> Uuid {
    let digits = key.get(..32).and_then(|digits| u128::from_str_radix(digits, 16).ok());
    uuid::Builder::from_custom_bytes(digits.unwrap_or_default().to_be_bytes()).into_uuid()
}

/// What a ticket is called.
fn subject(message: &InboundMessage) -> String {
    let first = message.text.lines().map(str::trim).find(|line| !line.is_empty());
    let subject = Some(message.subject.as_str()).filter(|subject| !subject.is_empty()).or(first);
    let subject = subject.or(Some(message.sender.as_str()).filter(|sender| !sender.is_empty())).unwrap_or("…");
    subject.chars().take(MAX_SUBJECT).collect()
}

/// What somebody calls themselves whom nobody has checked.
fn name_of(message: &InboundMessage) -> String {
    let names = [&message.sender_name, &message.sender];
    names.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_else(|| "?".into())
}
