//! What mailed links open: accepting an invitation, signing in, a new password. Looking at the page uses nothing up; its form
//! does (invariant 14).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    look::Look,
    looks::Here,
    pages::{self, PageFailed, page},
    protected_form::ProtectedFields,
    signed_in::{Coming, can_sign_in, not_open, sign_in},
};
use crate::{
    app::{App, SharedApp},
    changes::portal_user_steps::{PasswordBy, accept, set_own_password},
    domain::{
        ids::PortalUserId,
        portal_user::{PortalUserState, TokenPurpose, sign_in_key},
        staff::MIN_PASSWORD,
    },
    problems::Refused,
    secrets,
    store::{PortalToken, PortalUser},
};

/// What the form says: a password where one is set, and which of several accounts of the address is meant.
#[derive(Debug, Default, Deserialize)]
pub struct Sent {
    #[serde(default)]
    password: String,
    account: Option<PortalUserId>,
    /// Not sent where the box is not ticked.
    stay: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/mailed_link.html")]
struct LinkPage {
    look: Arc<Look>,
    action: String,
    title: String,
    text: String,
    button: String,
    asks_password: bool,
    shortest: String,
    accounts: Vec<Account>,
    error: Option<String>,
}

/// One of the accounts that the link can open.
struct Account {
    id: PortalUserId,
    name: String,
    organization: String,
}

/// A link that counts.
struct GoodLink {
    secret: String,
    token: PortalToken,
    /// Those of its address, the longest here first (decision C11).
    accounts: Vec<PortalUser>,
}

/// The page of an invitation.
pub async fn show_invitation(state: State<SharedApp>, here: Here, path: Path<String>) -> Result<Response, PageFailed> {
    show(state, here, path, TokenPurpose::Invitation).await
}

/// The page of a link that signs in.
pub async fn show_sign_in(state: State<SharedApp>, here: Here, path: Path<String>) -> Result<Response, PageFailed> {
    show(state, here, path, TokenPurpose::SignIn).await
}

/// The page of a link that sets a new password.
pub async fn show_reset(state: State<SharedApp>, here: Here, path: Path<String>) -> Result<Response, PageFailed> {
    show(state, here, path, TokenPurpose::PasswordReset).await
}

/// Accepts an invitation and signs in (ZOH-09).
pub async fn use_invitation(
    State(app): State<SharedApp>,
    Path(secret): Path<String>,
    coming: Coming,
    ProtectedFields(sent): ProtectedFields<Sent>,
) -> Result<Response, PageFailed> {
    let Some(link) = good(&app, &coming.look, &secret, TokenPurpose::Invitation).await? else {
        return over(&coming.look);
    };
    let accepted = accept(&app, &link.token, &sent.password).await;
    came_in(&app, &link, accepted, coming, sent.stay.is_some()).await
}

/// Signs in.
pub async fn use_sign_in(
    State(app): State<SharedApp>,
    Path(secret): Path<String>,
    coming: Coming,
    ProtectedFields(sent): ProtectedFields<Sent>,
) -> Result<Response, PageFailed> {
    let Some(link) = good(&app, &coming.look, &secret, TokenPurpose::SignIn).await? else { return over(&coming.look) };
    let Some(account) = link.account(sent.account) else { return over(&coming.look) };
    let (token, id) = (link.token.id, account.id);
    let used = app.store.use_portal_token::<Refused>(token, id, app.now(), |_| Ok(None)).await;
    came_in(&app, &link, used, coming, sent.stay.is_some()).await
}

/// Sets a new password and signs in.
pub async fn use_reset(
    State(app): State<SharedApp>,
    Path(secret): Path<String>,
    coming: Coming,
    ProtectedFields(sent): ProtectedFields<Sent>,
) -> Result<Response, PageFailed> {
    let Some(link) = good(&app, &coming.look, &secret, TokenPurpose::PasswordReset).await? else {
        return over(&coming.look);
    };
    let Some(account) = link.account(sent.account) else { return over(&coming.look) };
    let saved = set_own_password(&app, account.id, &sent.password, PasswordBy::Link(&link.token)).await;
    came_in(&app, &link, saved, coming, sent.stay.is_some()).await
}

impl GoodLink {
    /// The chosen account, or the only one.
    fn account(&self, chosen: Option<PortalUserId>) -> Option<&PortalUser> {
        match (chosen, &self.accounts[..]) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(chosen), accounts) => accounts.iter().find(|account| account.id == chosen),
        }
    }
}

async fn show(
    State(app): State<SharedApp>,
    Here(look): Here,
    Path(secret): Path<String>,
    purpose: TokenPurpose,
) -> Result<Response, PageFailed> {
    match good(&app, &look, &secret, purpose).await? {
        Some(link) => form(&app, look, StatusCode::OK, &link, None).await,
        None => over(&look),
    }
}

/// A link that was not used, is for this, whose time is not over, and whose owner it still lets in.
async fn good(app: &App, look: &Look, secret: &str, purpose: TokenPurpose) -> Result<Option<GoodLink>, PageFailed> {
    let Some(hash) = secrets::hash(secret).filter(|_| look.is_open()) else { return Ok(None) };
    let Some((token, owner)) = app.store.portal_token(&hash).await? else { return Ok(None) };
    if token.purpose != purpose || app.now() >= token.expires_at {
        return Ok(None);
    }
    let is_here = |row: &PortalUser| look.is_of(app, row.organization_id);
    let can_come = |row: &PortalUser| can_sign_in(app, look, row);
    let accounts = match purpose {
        TokenPurpose::Invitation if owner.state == PortalUserState::Invited && is_here(&owner) => vec![owner],
        TokenPurpose::Invitation => Vec::new(),
        TokenPurpose::SignIn | TokenPurpose::PasswordReset => {
            match owner.email.as_deref().filter(|_| can_come(&owner)) {
                Some(email) => app.store.portal_users_by_email(&sign_in_key(email)).await?,
                None => Vec::new(),
            }
        }
    };
    let accounts: Vec<_> =
        accounts.into_iter().filter(|row| purpose == TokenPurpose::Invitation || can_come(row)).collect();
    let secret = secret.to_owned();
    Ok((!accounts.is_empty()).then_some(GoodLink { secret, token, accounts }))
}

async fn came_in(
    app: &App,
    link: &GoodLink,
    used: Result<Option<PortalUser>, Refused>,
    coming: Coming,
    stays: bool,
) -> Result<Response, PageFailed> {
    let look = Arc::clone(&coming.look);
    match used {
        Ok(Some(portal_user)) if can_sign_in(app, &look, &portal_user) => {
            sign_in(app, &portal_user, &coming, stays).await?.map_or_else(|| over(&look), Ok)
        }
        Ok(_) => over(&look),
        Err(Refused::Failed(cause)) => Err(cause.into()),
        Err(Refused::Problem(problem)) if problem.errors.is_empty() => over(&look),
        Err(Refused::Problem(_)) => {
            let error = look.words.say1("password-refused", "shortest", &MIN_PASSWORD.to_string());
            form(app, look, StatusCode::UNPROCESSABLE_ENTITY, link, Some(error)).await
        }
    }
}

async fn form(
    app: &App,
    look: Arc<Look>,
    status: StatusCode,
    link: &GoodLink,
    error: Option<String>,
) -> Result<Response, PageFailed> {
    let mut accounts = Vec::new();
    for row in &link.accounts {
        let organization = app.store.organization(row.organization_id).await?;
        let organization = organization.map_or(String::new(), |found| found.name);
        accounts.push(Account { id: row.id, name: row.sign_in_name.clone(), organization });
    }
    let purpose = link.token.purpose;
    let id = match purpose {
        TokenPurpose::Invitation => "invitation",
        TokenPurpose::SignIn => "link-sign-in",
        TokenPurpose::PasswordReset => "link-reset",
    };
    let shown = LinkPage {
        action: look.at(&format!("{}/{}", purpose.path(), link.secret)),
        title: look.say_provider(&format!("{id}-title")),
        text: look.say_provider(&format!("{id}-text")),
        button: look.words.say(&format!("{id}-button")),
        asks_password: purpose != TokenPurpose::SignIn,
        shortest: MIN_PASSWORD.to_string(),
        accounts,
        error,
        look,
    };
    page(status, &shown)
}

fn over(look: &Arc<Look>) -> Result<Response, PageFailed> {
    if !look.is_open() {
        return not_open(look);
    }
    pages::message(look, StatusCode::GONE, "link-over")
}
