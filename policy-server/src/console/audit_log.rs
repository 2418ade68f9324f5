//! `/console/audit`: who changed what, the newest first.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    guard::SignedIn,
    layout::{Layout, Section},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    domain::audit::ActorKind,
    portal::pages::{PageFailed, page},
    store::{AuditRecord, PageRequest},
};

const ON_A_PAGE: u64 = 100;

#[derive(Template)]
#[template(path = "console/audit.html")]
struct AuditPage {
    layout: Layout,
    lines: Vec<AuditLine>,
    subject: Option<Uuid>,
    next: Option<Uuid>,
}

struct AuditLine {
    at: String,
    actor: String,
    action: String,
    subject: Option<Uuid>,
    detail: String,
}

/// Which part of the log.
#[derive(Debug, Deserialize)]
pub(super) struct Part {
    /// Only what was done to this.
    subject: Option<Uuid>,
    /// Only what is older than this.
    before: Option<Uuid>,
}

/// A part of the log.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(Part { subject, before }): Query<Part>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Settings);
    let records = app.store.audit_records(subject, PageRequest { after: before, limit: ON_A_PAGE }).await?;
    let names = actor_names(&app).await?;
    let lines = records.items.into_iter().map(|record| line(record, &names)).collect();
    page(StatusCode::OK, &AuditPage { layout, lines, subject, next: records.next })
}

/// What the actors are called today.
pub(super) async fn actor_names(app: &App) -> Result<HashMap<Uuid, String>, PageFailed> {
    let staff = app.store.all_staff().await?.into_iter().map(|row| (row.id.0, row.name));
    let tokens = app.store.api_tokens().await?.into_iter().map(|row| (row.id.0, format!("API token {}", row.name)));
    Ok(staff.chain(tokens).collect())
}

fn line(record: AuditRecord, names: &HashMap<Uuid, String>) -> AuditLine {
    let actor = match (record.actor_kind, record.actor_id) {
        (ActorKind::CommandLine, _) => "command line".into(),
        (ActorKind::Clock, _) => "clock".into(),
        (ActorKind::PortalUser, _) => "portal user".into(),
        (ActorKind::OrganizationLink, _) => "organization link".into(),
        (ActorKind::Staff | ActorKind::Program, id) => {
            id.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| "somebody who was erased".into())
        }
    };
    AuditLine {
        at: moment(record.at),
        actor,
        action: <&str>::from(record.action).replace('_', " "),
        subject: record.subject_id,
        detail: if record.detail == "{}" { String::new() } else { record.detail },
    }
}
