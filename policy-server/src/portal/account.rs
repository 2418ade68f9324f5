//! `/my_profile`: one's own password and sessions (NAB-20, RS-16).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    details::Details,
    look::Look,
    pages::{self, PageFailed, page},
    protected_form::ProtectedFields,
    signed_in::{SignedIn, holds, leave},
    visitor::Head,
};
use crate::{
    app::{App, SharedApp},
    changes::portal_user_steps::{PasswordBy, set_own_password},
    client_address::ClientAddress,
    domain::{audit::AuditAction, ids::PortalSessionId, staff::MIN_PASSWORD},
    passwords,
    problems::Refused,
};

/// Where it is.
pub(super) const ACCOUNT: &str = "/my_profile";

/// The form that changes the password.
#[derive(Debug, Deserialize)]
pub struct PasswordChange {
    old_password: String,
    password: String,
}

#[derive(Template)]
#[template(path = "portal/account.html")]
struct AccountPage {
    look: Arc<Look>,
    head: Head,
    person: String,
    has_password: bool,
    shortest: String,
    error: Option<String>,
    /// Name and phone number, where they are an end user.
    details: Option<Details>,
    sessions: Vec<SessionLine>,
}

/// What is wrong with what was sent.
#[derive(Default)]
pub(super) struct Wrong {
    pub(super) password: Option<String>,
    /// The form as it was sent.
    pub(super) details: Option<Details>,
}

struct SessionLine {
    id: PortalSessionId,
    browser: String,
    address: String,
    since: String,
    remembered: bool,
    is_this: bool,
}

/// The account.
pub async fn show(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    account(&app, signed_in, StatusCode::OK, Wrong::default()).await
}

/// Changes the password, given the present one; the other sessions end (S17).
pub async fn change_password(
    State(app): State<SharedApp>,
    ClientAddress(address): ClientAddress,
    signed_in: SignedIn,
    ProtectedFields(sent): ProtectedFields<PasswordChange>,
) -> Result<Response, PageFailed> {
    let again = async |signed_in, error| {
        let wrong = Wrong { password: Some(error), details: None };
        account(&app, signed_in, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
    };
    let words = signed_in.look.words;
    let name = signed_in.portal_user.sign_in_name.clone();
    if !app.portal_sign_ins.lets_through(&name, address, app.now()) {
        return again(signed_in, words.say("sign-in-too-many")).await;
    }
    if !passwords::is_right(sent.old_password, signed_in.portal_user.password_hash.clone()).await? {
        app.portal_sign_ins.was_wrong(&name, address, app.now());
        return again(signed_in, words.say("password-old-wrong")).await;
    }
    let account = signed_in.look.at(ACCOUNT);
    let by = PasswordBy::Session(signed_in.session.id);
    match set_own_password(&app, signed_in.portal_user.id, &sent.password, by).await {
        Ok(_) => Ok(Redirect::to(&account).into_response()),
        Err(Refused::Failed(cause)) => Err(cause.into()),
        Err(Refused::Problem(_)) => {
            again(signed_in, words.say1("password-refused", "shortest", &MIN_PASSWORD.to_string())).await
        }
    }
}

/// Ends one of one's own sessions.
pub async fn end_session(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageFailed> {
    let Ok(id) = id.parse() else { return pages::absent(&signed_in.look) };
    let record = signed_in.record(&app, AuditAction::PortalUserSessionEnded);
    if !app.store.end_portal_session(signed_in.portal_user.id, id, record).await? {
        return pages::absent(&signed_in.look);
    }
    let look = &signed_in.look;
    Ok(if id == signed_in.session.id { leave(look) } else { Redirect::to(&look.at(ACCOUNT)).into_response() })
}

/// The page, with what is wrong.
pub(super) async fn account(
    app: &App,
    signed_in: SignedIn,
    status: StatusCode,
    wrong: Wrong,
) -> Result<Response, PageFailed> {
    let head = signed_in.head();
    let SignedIn { look, portal_user, session, .. } = signed_in;
    let words = look.words;
    let sessions = app.store.portal_sessions(portal_user.id).await?.into_iter();
    let sessions = sessions.filter(|row| holds(row, app.now())).map(|row| SessionLine {
        id: row.id,
        browser: row.browser,
        address: row.address,
        since: words.moment(row.created_at),
        remembered: row.remembered,
        is_this: row.id == session.id,
    });
    let end_user = match portal_user.end_user_id {
        Some(id) => app.store.end_user(id).await?,
        None => None,
    };
    let shown = AccountPage {
        look,
        head,
        has_password: portal_user.password_hash.is_some(),
        person: portal_user.sign_in_name,
        shortest: MIN_PASSWORD.to_string(),
        error: wrong.password,
        details: wrong.details.or_else(|| end_user.map(Details::from)),
        sessions: sessions.collect(),
    };
    page(status, &shown)
}
