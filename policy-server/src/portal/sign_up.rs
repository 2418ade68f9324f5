//! `/my_profile/sign_up`: whoever has asked for help before becomes a portal user without the MSP, by a link to the address that
//! they asked from (ZOH-11 to ZOH-14, invariant 13).

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
    sign_in::Address,
    signed_in::{Coming, can_sign_in, not_open, sign_in},
};
use crate::{
    app::{App, SharedApp},
    changes::portal_user_steps::{self, mail_link, who_can_come_in},
    client_address::ClientAddress,
    domain::{
        contact,
        ids::EndUserId,
        portal_user::{TokenPurpose, sign_in_key},
        staff::MIN_PASSWORD,
    },
    mail::portal_mails::PortalMails,
    problems::Refused,
    secrets,
    store::{EndUser, Outbox, SignUp, StoreError},
};

/// Where one signs up.
pub const SIGN_UP: &str = "/my_profile/sign_up";

/// What the form of a link says.
#[derive(Debug, Default, Deserialize)]
pub struct Sent {
    #[serde(default)]
    password: String,
    account: Option<EndUserId>,
}

#[derive(Template)]
#[template(path = "portal/sign_up.html")]
struct SignUpPage {
    look: Arc<Look>,
}

#[derive(Template)]
#[template(path = "portal/signing_up.html")]
struct SigningUpPage {
    look: Arc<Look>,
    action: String,
    /// Whom it can be for: ids, names and organizations.
    people: Vec<(EndUserId, String, String)>,
    shortest: String,
    error: Option<String>,
}

/// The form that asks for an address.
pub async fn show(Here(look): Here) -> Result<Response, PageFailed> {
    match closed(&look) {
        Some(response) => response,
        None => page(StatusCode::OK, &SignUpPage { look }),
    }
}

/// Has a link mailed to an address that has asked before. The answer is the same at once, whoever's it is (ZOH-14).
pub async fn send(
    State(app): State<SharedApp>,
    Coming { look, address: ClientAddress(address), .. }: Coming,
    ProtectedFields(Address { email }): ProtectedFields<Address>,
) -> Result<Response, PageFailed> {
    if let Some(response) = closed(&look) {
        return response;
    }
    let lets_through = app.portal_links.takes(&email, address, app.now());
    let answer = pages::message(&look, StatusCode::OK, "sign-up-mailed")?;
    if lets_through {
        tokio::spawn(async move {
            if let Err(Refused::Failed(error)) = mail(&app, &look, &email).await {
                tracing::error!("A link to sign up could not be mailed: {error:#}");
            }
        });
    }
    Ok(answer)
}

/// Asks for a password. Looking at the page uses nothing up.
pub async fn show_link(
    State(app): State<SharedApp>,
    Here(look): Here,
    Path(secret): Path<String>,
) -> Result<Response, PageFailed> {
    match good(&app, &look, &secret).await? {
        Some((_, people)) => form(&app, look, StatusCode::OK, &secret, people, None),
        None => over(&look),
    }
}

/// Makes somebody a portal user, who is then signed in.
pub async fn use_link(
    State(app): State<SharedApp>,
    Path(secret): Path<String>,
    coming: Coming,
    ProtectedFields(Sent { password, account }): ProtectedFields<Sent>,
) -> Result<Response, PageFailed> {
    let look = Arc::clone(&coming.look);
    let Some((link, people)) = good(&app, &look, &secret).await? else { return over(&look) };
    let chosen = match (account, &people[..]) {
        (None, [only]) => Some(only.id),
        (None, _) => None,
        (Some(id), people) => people.iter().find(|person| person.id == id).map(|person| person.id),
    };
    let Some(chosen) = chosen else {
        let error = look.words.say("link-which-account");
        return form(&app, look, StatusCode::UNPROCESSABLE_ENTITY, &secret, people, Some(error));
    };
    match portal_user_steps::sign_up(&app, &link, chosen, &password).await {
        Ok(Some(portal_user)) if can_sign_in(&app, &look, &portal_user) => {
            sign_in(&app, &portal_user, &coming, false).await?.map_or_else(|| over(&look), Ok)
        }
        Ok(_) => over(&look),
        Err(Refused::Failed(cause)) => Err(cause.into()),
        Err(Refused::Problem(problem)) if problem.errors.is_empty() => over(&look),
        Err(Refused::Problem(_)) => {
            let error = look.words.say1("password-refused", "shortest", &MIN_PASSWORD.to_string());
            form(&app, look, StatusCode::UNPROCESSABLE_ENTITY, &secret, people, Some(error))
        }
    }
}

/// What stands there while nobody can sign up (ZOH-11).
fn closed(look: &Arc<Look>) -> Option<Result<Response, PageFailed>> {
    if !look.is_open() {
        Some(not_open(look))
    } else if !look.portal.self_sign_up {
        Some(pages::absent(look))
    } else {
        None
    }
}

/// Mails the link; whoever can sign in already is mailed a link for that.
async fn mail(app: &App, look: &Look, typed: &str) -> Result<(), Refused> {
    let Ok(email) = contact::email(typed) else { return Ok(()) };
    let people = who_can_come_in(app, people_here(app, look, &sign_in_key(&email)).await?).await?;
    // To the address as it is stored, never as it was typed (S20).
    let found = people.into_iter().find_map(|row| Some((row.organization_id, row.email?, row.language)));
    let Some((organization, stored, language)) = found else {
        return mail_link(app, look, TokenPurpose::SignIn, typed).await;
    };
    if !app.limits.mails.takes(organization, app.now()) {
        return Ok(());
    }
    let (sign_up, mail) = PortalMails::load(app).await?.sign_up(app, look, &stored, language)?;
    app.store.insert_sign_up(sign_up, Outbox { mails: vec![mail], ..Outbox::default() }).await?;
    app.wake_outbox();
    Ok(())
}

/// A link that was not used and whose time is not over, with those whom it can let in.
async fn good(app: &App, look: &Arc<Look>, secret: &str) -> Result<Option<(SignUp, Vec<EndUser>)>, PageFailed> {
    let Some(hash) = secrets::hash(secret).filter(|_| closed(look).is_none()) else { return Ok(None) };
    let Some(link) = app.store.sign_up(&hash).await?.filter(|link| app.now() < link.expires_at) else {
        return Ok(None);
    };
    let people = who_can_come_in(app, people_here(app, look, &link.email_key).await?).await?;
    Ok((!people.is_empty()).then_some((link, people)))
}

/// Those with this address who have asked for help, of organizations that have this portal.
async fn people_here(app: &App, look: &Look, email_key: &str) -> Result<Vec<EndUser>, StoreError> {
    let mut people = app.store.end_users_who_asked(email_key).await?;
    people.retain(|person| look.is_of(app, person.organization_id));
    Ok(people)
}

fn form(
    app: &App,
    look: Arc<Look>,
    status: StatusCode,
    secret: &str,
    people: Vec<EndUser>,
    error: Option<String>,
) -> Result<Response, PageFailed> {
    let named = people.into_iter().map(|row| (row.id, row.name, app.fleet.organization_name(row.organization_id)));
    let shown = SigningUpPage {
        action: look.at(&format!("{SIGN_UP}/{secret}")),
        people: named.collect(),
        shortest: MIN_PASSWORD.to_string(),
        error,
        look,
    };
    page(status, &shown)
}

fn over(look: &Arc<Look>) -> Result<Response, PageFailed> {
    closed(look).unwrap_or_else(|| pages::message(look, StatusCode::GONE, "link-over"))
}
