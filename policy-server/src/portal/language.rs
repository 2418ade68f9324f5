//! `/my_profile/language`: the language that somebody reads the portal in, whoever they are; who is signed in is mailed in it, too.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    cookies::set_language_cookie,
    looks::Here,
    pages::PageFailed,
    protected_form::ProtectedFields,
    signed_in::{HOME, SignedIn},
};
use crate::{
    app::{App, SharedApp},
    changes::{
        end_users::{self, EndUserChange},
        fields::Wish,
        portal_users::{self, PortalUserChange},
    },
    domain::{audit::Actor, language::Language},
    problems::Refused,
    store::PortalUser,
};

/// Which one.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    language: Language,
}

/// Keeps it in this browser and with whoever is signed in, and leads back to the page that it was chosen on.
pub async fn choose(
    State(app): State<SharedApp>,
    Here(look): Here,
    headers: HeaderMap,
    ProtectedFields(Chosen { language }): ProtectedFields<Chosen>,
) -> Result<Response, PageFailed> {
    if let Some(signed_in) = SignedIn::load(&app, &look, &headers).await? {
        mail_in(&app, &signed_in.portal_user, language).await?;
    }
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = from.and_then(|from| from.strip_prefix(&look.place.origin)).filter(|path| path.starts_with('/'));
    let mut response = Redirect::to(path.unwrap_or(&look.at(HOME))).into_response();
    if let Some(cookie) = set_language_cookie(language) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Has a portal user mailed in this language from now on. What they read is in it even where this is refused, since they were
/// removed a moment ago.
async fn mail_in(app: &App, portal_user: &PortalUser, language: Language) -> anyhow::Result<()> {
    let (actor, language) = (Actor::PortalUser(portal_user.id), Wish::Set(language));
    let kept = if let Some(id) = portal_user.end_user_id {
        let change = EndUserChange { language, ..EndUserChange::default() };
        end_users::change(app, &actor, id, change).await.map(drop)
    } else {
        let change = PortalUserChange { language, ..PortalUserChange::default() };
        portal_users::change(app, &actor, portal_user.id, change).await.map(drop)
    };
    match kept {
        Err(Refused::Failed(cause)) => Err(cause),
        Ok(()) | Err(Refused::Problem(_)) => Ok(()),
    }
}
