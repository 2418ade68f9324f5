//! `/my_profile/details`: one's own name and phone number, for whoever is an end user with an account (S7).

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    account::{ACCOUNT, Wrong, account},
    look::Look,
    pages::{self, PageFailed},
    protected_form::ProtectedFields,
    signed_in::SignedIn,
};
use crate::{
    app::SharedApp,
    changes::{
        end_users::{self, EndUserChange},
        fields::Wish,
    },
    domain::{audit::Actor, contact::MAX_NAME},
    problems::Refused,
    store::EndUser,
};

/// The fields, and what is wrong with them.
pub(super) struct Details {
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) name_error: Option<String>,
    pub(super) phone_error: Option<String>,
}

/// As they were typed.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    name: String,
    phone: String,
}

impl From<EndUser> for Details {
    fn from(row: EndUser) -> Self {
        Self { name: row.name, phone: row.phone.unwrap_or_default(), name_error: None, phone_error: None }
    }
}

/// Keeps them.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    ProtectedFields(Typed { name, phone }): ProtectedFields<Typed>,
) -> Result<Response, PageFailed> {
    let Some(id) = signed_in.portal_user.end_user_id else { return pages::absent(&signed_in.look) };
    let wish = if phone.trim().is_empty() { Wish::Clear } else { Wish::Set(phone.clone()) };
    let change = EndUserChange { name: Some(name.clone()), phone: wish, ..EndUserChange::default() };
    let actor = Actor::PortalUser(signed_in.portal_user.id);
    match end_users::change(&app, &actor, id, change).await {
        Ok(_) => Ok(Redirect::to(&signed_in.look.at(ACCOUNT)).into_response()),
        Err(Refused::Failed(cause)) => Err(cause.into()),
        Err(Refused::Problem(problem)) => {
            let is_wrong = |pointer: &str| problem.errors.iter().any(|error| error.pointer == pointer);
            let look = &signed_in.look;
            let name_error = is_wrong("/name").then(|| name_error(look, &name));
            let phone_error = is_wrong("/phone").then(|| look.words.say("error-phone"));
            let wrong = Wrong { details: Some(Details { name, phone, name_error, phone_error }), password: None };
            account(&app, signed_in, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
        }
    }
}

fn name_error(look: &Look, name: &str) -> String {
    if name.trim().is_empty() {
        look.words.say("error-name-missing")
    } else {
        look.words.say1("error-too-long", "limit", &MAX_NAME.to_string())
    }
}
