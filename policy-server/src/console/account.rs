//! `/console/account`: one's own password, second factor and sessions.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section, secret},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::{record, staff},
    domain::{
        audit::AuditAction,
        ids::StaffSessionId,
        staff::{MIN_PASSWORD, SessionStep, holds},
    },
    portal::pages::{PageFailed, page},
};

const ACCOUNT: &str = "/console/account";

#[derive(Template)]
#[template(path = "console/account.html")]
struct AccountPage {
    layout: Layout,
    name: String,
    email: String,
    role: &'static str,
    shortest: usize,
    has_second_factor: bool,
    codes_left: u64,
    secret: String,
    picture: String,
    sessions: Vec<SessionLine>,
    errors: FormErrors,
}

struct SessionLine {
    id: StaffSessionId,
    browser: String,
    address: String,
    since: String,
    used: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "console/recovery_codes.html")]
struct RecoveryCodesPage {
    layout: Layout,
    codes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PasswordChange {
    old_password: String,
    password: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SecondFactor {
    code: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SecondFactorRemoval {
    password: String,
}

/// One's own account.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    account(&app, &signed_in, StatusCode::OK, &done, FormErrors::default()).await
}

/// Changes one's own password.
pub(super) async fn change_password(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<PasswordChange>,
) -> Result<Response, PageFailed> {
    let SignedIn { staff: row, session } = signed_in.clone();
    let changed = staff::change_password(&app, row, session.id, sent.old_password, &sent.password).await;
    match Outcome::of(changed)? {
        Outcome::Done(()) => Ok(see(ACCOUNT, "password")),
        Outcome::Again(status, errors) => account(&app, &signed_in, status, &Done::default(), errors).await,
    }
}

/// Sets up a second factor and shows the recovery codes, once.
pub(super) async fn set_second_factor(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<SecondFactor>,
) -> Result<Response, PageFailed> {
    let SignedIn { staff: row, session } = signed_in.clone();
    match Outcome::of(staff::set_second_factor(&app, row, session.id, &sent.code).await)? {
        Outcome::Done(codes) => {
            let layout = Layout::load(&app, &signed_in, Section::Account);
            Ok(secret(page(StatusCode::OK, &RecoveryCodesPage { layout, codes })?))
        }
        Outcome::Again(status, errors) => account(&app, &signed_in, status, &Done::default(), errors).await,
    }
}

/// Takes one's own second factor away.
pub(super) async fn remove_second_factor(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<SecondFactorRemoval>,
) -> Result<Response, PageFailed> {
    let SignedIn { staff: row, session } = signed_in.clone();
    match Outcome::of(staff::remove_second_factor(&app, row, session.id, sent.password).await)? {
        Outcome::Done(()) => Ok(see(ACCOUNT, "second-factor-removed")),
        Outcome::Again(status, errors) => account(&app, &signed_in, status, &Done::default(), errors).await,
    }
}

/// Ends one of one's own sessions.
pub(super) async fn end_session(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<StaffSessionId>,
) -> Result<Response, PageFailed> {
    let record = record(&app, &signed_in.actor(), AuditAction::StaffSessionEnded, signed_in.staff.id.0, &json!({}));
    if app.store.end_staff_session(signed_in.staff.id, id, record).await? {
        Ok(see(ACCOUNT, "ended"))
    } else {
        layout::missing(&app, &signed_in, "session")
    }
}

async fn account(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Account).with_note(done);
    let staff = &signed_in.staff;
    let (secret, picture) = match Outcome::of(staff::next_authenticator(app, staff).await)? {
        Outcome::Done((next, _)) => (next.secret(), next.picture()?),
        Outcome::Again(status, _) => return Ok(status.into_response()),
    };
    let sessions = app.store.staff_sessions(staff.id).await?.into_iter();
    let sessions = sessions
        .filter(|row| row.step == SessionStep::SignedIn && holds(row.step, row.created_at, row.used_at, app.now()))
        .map(|row| SessionLine {
            id: row.id,
            browser: row.browser,
            address: row.address,
            since: moment(row.created_at),
            used: moment(row.used_at),
            is_this: row.id == signed_in.session.id,
        });
    let shown = AccountPage {
        layout,
        name: staff.name.clone(),
        email: staff.email.clone(),
        role: staff.role.title(),
        shortest: MIN_PASSWORD,
        has_second_factor: staff.totp_generation.is_some(),
        codes_left: app.store.recovery_codes_left(staff.id).await?,
        secret,
        picture,
        sessions: sessions.collect(),
        errors,
    };
    page(status, &shown)
}
