//! `/users/welcome/{token}`: a one-time link with which somebody sets a password, or becomes the first administrator. The
//! link is used up by the form, never by looking at it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent},
    layout::Layout,
    sign_in::sign_in,
};
use crate::{
    app::{App, SharedApp},
    browser::is_our_own,
    changes::staff::{self, NewStaff},
    client_address::ClientAddress,
    domain::{role::Role, staff::MIN_PASSWORD},
    portal::pages::{PageFailed, page},
    secrets,
    store::StaffLink,
};

#[derive(Debug, Default, Deserialize)]
pub(super) struct NewPassword {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    password: String,
}

#[derive(Template)]
#[template(path = "console/welcome.html")]
struct WelcomePage {
    layout: Layout,
    token: String,
    /// Whose link it is; absent: it makes the first administrator.
    email: Option<String>,
    typed_name: String,
    typed_email: String,
    shortest: usize,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "console/link_over.html")]
struct LinkOverPage {
    layout: Layout,
}

/// The form.
pub(super) async fn show(State(app): State<SharedApp>, Path(token): Path<String>) -> Result<Response, PageFailed> {
    match good_link(&app, &token).await? {
        Some(link) => welcome(&app, StatusCode::OK, &link, token, NewPassword::default(), FormErrors::default()).await,
        None => over(&app),
    }
}

/// Sets the password and signs in.
pub(super) async fn set_password(
    State(app): State<SharedApp>,
    Path(token): Path<String>,
    address: ClientAddress,
    headers: HeaderMap,
    Sent(sent): Sent<NewPassword>,
) -> Result<Response, PageFailed> {
    let Some(link) = good_link(&app, &token).await?.filter(|_| is_our_own(&app.origin, &headers)) else {
        return over(&app);
    };
    let new = NewStaff { name: sent.name.clone(), email: sent.email.clone(), role: Role::Administrator };
    match Outcome::of(staff::use_link(&app, &link, &new, &sent.password).await)? {
        Outcome::Done(row) => sign_in(&app, &row, &headers, address).await,
        Outcome::Again(StatusCode::NOT_FOUND, _) => over(&app),
        Outcome::Again(status, errors) => welcome(&app, status, &link, token, sent, errors).await,
    }
}

async fn good_link(app: &App, token: &str) -> Result<Option<StaffLink>, PageFailed> {
    let Some(hash) = secrets::hash(token) else { return Ok(None) };
    Ok(app.store.staff_link(&hash).await?.filter(|link| app.now() < link.expires_at))
}

async fn welcome(
    app: &App,
    status: StatusCode,
    link: &StaffLink,
    token: String,
    typed: NewPassword,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::outside(app);
    let email = match link.staff_id {
        Some(id) => app.store.staff(id).await?.map(|staff| staff.email),
        None => None,
    };
    let NewPassword { name: typed_name, email: typed_email, .. } = typed;
    page(status, &WelcomePage { layout, token, email, typed_name, typed_email, shortest: MIN_PASSWORD, errors })
}

fn over(app: &App) -> Result<Response, PageFailed> {
    page(StatusCode::GONE, &LinkOverPage { layout: Layout::outside(app) })
}
