//! `/my_profile/user_login`: portal users sign in with name and password, or have a link mailed. Apart from the staff's
//! sign-in in routes, cookies and tables (SYN-29, SYN-31, invariant 23).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    look::Look,
    looks::Here,
    organization_link,
    pages::{self, PageFailed, page},
    protected_form::ProtectedFields,
    signed_in::{Coming, HOME, SignedIn, can_sign_in, leave, not_open, sign_in},
    visitor::Visitor,
};
use crate::{
    app::{App, SharedApp},
    changes::portal_user_steps::{mail_link, use_generated_password},
    client_address::ClientAddress,
    domain::portal_user::{PortalPermission, PortalUserState, TokenPurpose, sign_in_key},
    passwords,
    problems::Refused,
    store::PortalUser,
};

/// What is typed to sign in.
#[derive(Debug, Deserialize)]
pub struct Credentials {
    pub(super) name: String,
    pub(super) password: String,
    /// Not sent where the box is not ticked.
    pub(super) stay: Option<String>,
}

/// Where a link is mailed to.
#[derive(Debug, Deserialize)]
pub struct Address {
    pub(super) email: String,
}

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
struct SignInPage {
    look: Arc<Look>,
    name: String,
    error: Option<String>,
}

/// The form.
pub async fn show(State(app): State<SharedApp>, Here(look): Here, headers: HeaderMap) -> Result<Response, PageFailed> {
    if Visitor::load(&app, &look, &headers).await?.is_some() {
        return Ok(Redirect::to(&look.at(HOME)).into_response());
    }
    form(look, StatusCode::OK, String::new(), None)
}

/// Checks name and password.
pub async fn password(
    State(app): State<SharedApp>,
    coming: Coming,
    ProtectedFields(credentials): ProtectedFields<Credentials>,
) -> Result<Response, PageFailed> {
    with_password(&app, coming, credentials).await
}

/// Signs in with name and password. What is wrong is not told apart (S9).
pub(super) async fn with_password(
    app: &App,
    coming: Coming,
    Credentials { name, password, stay }: Credentials,
) -> Result<Response, PageFailed> {
    let (look, ClientAddress(address)) = (Arc::clone(&coming.look), coming.address);
    if !look.is_open() {
        return not_open(&look);
    }
    if !app.portal_sign_ins.lets_through(&name, address, app.now()) {
        return form(look, StatusCode::TOO_MANY_REQUESTS, name, Some("sign-in-too-many"));
    }
    let found = app.store.portal_user_by_name(&sign_in_key(&name)).await?;
    let found = found.filter(|row| can_sign_in(app, &look, row) || has_generated_password(app, &look, row));
    let hash = found.as_ref().and_then(|row| row.password_hash.clone());
    let right = passwords::is_right(password, hash).await?;
    if let Some(portal_user) = found.as_ref().filter(|row| right && row.state == PortalUserState::Invited)
        && let Some(secret) = use_generated_password(app, portal_user).await.map_err(failed)?
    {
        app.portal_sign_ins.was_right(&name, address);
        let invitation = format!("{}/{secret}", TokenPurpose::Invitation.path());
        return Ok(Redirect::to(&look.at(&invitation)).into_response());
    }
    if let Some(portal_user) = found.filter(|_| right)
        && let Some(response) = sign_in(app, &portal_user, &coming, stay.is_some()).await?
    {
        app.portal_sign_ins.was_right(&name, address);
        return Ok(response);
    }
    app.portal_sign_ins.was_wrong(&name, address, app.now());
    form(look, StatusCode::UNPROCESSABLE_ENTITY, name, Some("sign-in-wrong"))
}

/// Whether somebody may come in with the password that an invitation has brought.
fn has_generated_password(app: &App, look: &Look, row: &PortalUser) -> bool {
    row.state == PortalUserState::Invited
        && row.password_expires_at.is_some_and(|expires_at| app.now() < expires_at)
        && look.groups.may(&row.group_key, PortalPermission::Access)
        && look.is_of(app, row.organization_id)
}

fn failed(refused: Refused) -> PageFailed {
    match refused {
        Refused::Failed(cause) => cause.into(),
        Refused::Problem(problem) => anyhow::anyhow!("{}", problem.detail).into(),
    }
}

/// Has a link mailed that signs in.
pub async fn mail_sign_in(
    State(app): State<SharedApp>,
    coming: Coming,
    ProtectedFields(Address { email }): ProtectedFields<Address>,
) -> Result<Response, PageFailed> {
    mailed(app, coming, email, TokenPurpose::SignIn)
}

/// Has a link mailed that sets a new password.
pub async fn mail_reset(
    State(app): State<SharedApp>,
    coming: Coming,
    ProtectedFields(Address { email }): ProtectedFields<Address>,
) -> Result<Response, PageFailed> {
    mailed(app, coming, email, TokenPurpose::PasswordReset)
}

/// Ends the session that asks for it.
pub async fn sign_out(State(app): State<SharedApp>, visitor: Visitor) -> Result<Response, PageFailed> {
    let record = visitor.left(&app);
    match &visitor {
        Visitor::SignedIn(SignedIn { portal_user, session, .. }) => {
            app.store.end_portal_session(portal_user.id, session.id, record).await?;
        }
        Visitor::Link(visit) => app.store.end_link_session(visit.session.id, record).await?,
    }
    Ok(leave(visitor.look()))
}

/// The same answer at once, whoever has this address; what there is to do is done after it (decision C2). Beyond the limits
/// nothing is done, and the answer is still the same.
pub(super) fn mailed(
    app: SharedApp,
    Coming { look, address: ClientAddress(address), .. }: Coming,
    email: String,
    purpose: TokenPurpose,
) -> Result<Response, PageFailed> {
    if !look.is_open() {
        return not_open(&look);
    }
    let lets_through = app.portal_links.takes(&email, address, app.now());
    let answer = pages::message(&look, StatusCode::OK, "link-mailed")?;
    if lets_through {
        tokio::spawn(async move {
            if let Err(Refused::Failed(error)) = mail_link(&app, &look, purpose, &email).await {
                tracing::error!("A link could not be mailed: {error:#}");
            }
            if purpose == TokenPurpose::SignIn
                && let Err(error) = organization_link::mail_link(&app, &look, &email).await
            {
                tracing::error!("The link of an organization could not be mailed: {error:#}");
            }
        });
    }
    Ok(answer)
}

pub(super) fn form(
    look: Arc<Look>,
    status: StatusCode,
    name: String,
    error: Option<&str>,
) -> Result<Response, PageFailed> {
    if !look.is_open() {
        return not_open(&look);
    }
    let error = error.map(|id| look.words.say(id));
    page(status, &SignInPage { look, name, error })
}
