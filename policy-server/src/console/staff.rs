//! `/console/staff`: who works here, for administrators.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section, secret},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::staff::{self, NewLink, NewStaff, StaffChange},
    domain::{ids::StaffId, role::Role},
    portal::pages::{PageFailed, page},
    store::Staff,
};

#[derive(Template)]
#[template(path = "console/staff.html")]
struct StaffPage {
    layout: Layout,
    lines: Vec<StaffLine>,
    roles: &'static [Role],
    typed: NewStaff,
    errors: FormErrors,
}

struct StaffLine {
    id: StaffId,
    name: String,
    email: String,
    role: &'static str,
    state: &'static str,
    since: String,
}

#[derive(Template)]
#[template(path = "console/staff_member.html")]
struct StaffMemberPage {
    layout: Layout,
    row: Staff,
    roles: &'static [Role],
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "console/staff_link.html")]
struct StaffLinkPage {
    layout: Layout,
    row: Staff,
    link: NewLink,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentChange {
    name: String,
    email: String,
    role: Role,
    /// A checkbox: present when it is checked.
    #[serde(default)]
    deactivated: Option<String>,
}

/// Everybody.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let nobody = NewStaff { name: String::new(), email: String::new(), role: Role::Technician };
    everybody(&app, &signed_in, StatusCode::OK, &done, nobody, FormErrors::default()).await
}

/// Adds somebody and shows the link for them, once.
pub(super) async fn add(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(new): Sent<NewStaff>,
) -> Result<Response, PageFailed> {
    match Outcome::of(staff::make(&app, &signed_in.actor(), new.clone()).await)? {
        Outcome::Done((row, made)) => link(&app, &signed_in, row, made),
        Outcome::Again(status, errors) => everybody(&app, &signed_in, status, &Done::default(), new, errors).await,
    }
}

/// Somebody.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<StaffId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    member(&app, &signed_in, id, StatusCode::OK, &done, FormErrors::default()).await
}

/// Changes somebody.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<StaffId>,
    Sent(sent): Sent<SentChange>,
) -> Result<Response, PageFailed> {
    let change = StaffChange {
        name: Some(sent.name),
        email: Some(sent.email),
        role: Some(sent.role),
        deactivated: Some(sent.deactivated.is_some()),
    };
    match Outcome::of(staff::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/staff/{id}"), "saved")),
        Outcome::Again(status, errors) => member(&app, &signed_in, id, status, &Done::default(), errors).await,
    }
}

/// Makes a new link for somebody and shows it, once.
pub(super) async fn reset(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<StaffId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(staff::reset(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(made) => match app.store.staff(id).await? {
            Some(row) => link(&app, &signed_in, row, made),
            None => layout::missing(&app, &signed_in, "account"),
        },
        Outcome::Again(status, errors) => member(&app, &signed_in, id, status, &Done::default(), errors).await,
    }
}

async fn everybody(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    done: &Done,
    typed: NewStaff,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    let lines = app.store.all_staff().await?.into_iter().map(|row| StaffLine {
        id: row.id,
        state: match (row.deactivated_at, &row.password_hash) {
            (Some(_), _) => "deactivated",
            (None, None) => "has not set a password",
            (None, Some(_)) if row.totp_generation.is_some() => "active, with second factor",
            (None, Some(_)) => "active",
        },
        name: row.name,
        email: row.email,
        role: row.role.title(),
        since: moment(row.created_at),
    });
    page(status, &StaffPage { layout, lines: lines.collect(), roles: Role::OF_STAFF, typed, errors })
}

async fn member(
    app: &App,
    signed_in: &SignedIn,
    id: StaffId,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.staff(id).await? else { return layout::missing(app, signed_in, "account") };
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    page(status, &StaffMemberPage { layout, row, roles: Role::OF_STAFF, errors })
}

fn link(app: &App, signed_in: &SignedIn, row: Staff, link: NewLink) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings);
    Ok(secret(page(StatusCode::OK, &StaffLinkPage { layout, row, link })?))
}
