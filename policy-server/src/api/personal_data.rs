//! `/api/v1/end-users/{id}/personal-data`: what is kept of a person, to be given to them; and its end.

use axum::extract::State;
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{JsonFile, Tagged},
    caller::Caller,
    comments::CommentJson,
    end_users::EndUserJson,
    inbound_mails::InboundMailJson,
    os_logins::OsLoginJson,
    paths::Path,
    portal_users::PortalUserJson,
    tickets::TicketJson,
};
use crate::{
    app::{App, SharedApp},
    changes::personal_data,
    domain::ids::{AssetId, EndUserId},
    problems::Refused,
};

/// Everything that is kept of a person, but for what staff say among themselves; of each kind the newest 10,000.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PersonalDataJson {
    end_user: EndUserJson,
    /// Their account.
    portal_user: Option<PortalUserJson>,
    /// What they are called on computers.
    os_logins: Vec<OsLoginJson>,
    /// Which computers were theirs, and when.
    assignments: Vec<AssignmentSpan>,
    /// What they asked for.
    tickets: Vec<TicketJson>,
    /// What was answered.
    replies: Vec<CommentJson>,
    /// What was mailed to their address.
    mails: Vec<MailedText>,
    /// What came from their address by mail.
    inbound_mails: Vec<InboundMailJson>,
}

#[derive(Serialize, JsonSchema)]
struct AssignmentSpan {
    asset_id: AssetId,
    since: UnixMillis,
    until: Option<UnixMillis>,
}

#[derive(Serialize, JsonSchema)]
struct MailedText {
    recipient: String,
    subject: String,
    created_at: UnixMillis,
}

/// The data of an end user.
pub(crate) async fn load(app: &App, id: EndUserId) -> Result<PersonalDataJson, Refused> {
    let found = app.store.personal_data(id).await?.ok_or_else(|| Refused::not_found("end user"))?;
    let assignments = found.assignments.into_iter();
    let assignments =
        assignments.map(|row| AssignmentSpan { asset_id: row.asset_id, since: row.started_at, until: row.ended_at });
    let mails = found.mails.into_iter();
    let mails =
        mails.map(|row| MailedText { recipient: row.recipient, subject: row.subject, created_at: row.created_at });
    Ok(PersonalDataJson {
        end_user: found.end_user.into(),
        portal_user: found.portal_user.map(PortalUserJson::from),
        os_logins: found.os_logins.into_iter().map(OsLoginJson::from).collect(),
        assignments: assignments.collect(),
        tickets: found.tickets.into_iter().map(TicketJson::from).collect(),
        replies: found.replies.into_iter().map(CommentJson::from).collect(),
        mails: mails.collect(),
        inbound_mails: found.inbound_mails.into_iter().map(InboundMailJson::from).collect(),
    })
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<EndUserId>,
) -> Result<JsonFile<PersonalDataJson>, Refused> {
    Ok(JsonFile { name: "personal-data.json", content: load(&app, id).await? })
}

pub(super) async fn erase(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EndUserId>,
) -> Result<Tagged<EndUserJson>, Refused> {
    Ok(Tagged::of(personal_data::erase(&app, &actor, id).await?))
}
