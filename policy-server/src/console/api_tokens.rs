//! `/console/settings/api-tokens`: which programs may use the API, for administrators.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use strum::VariantArray as _;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section, secret},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::api_tokens::{self, NewApiToken},
    domain::{ids::ApiTokenId, role::Role},
    portal::pages::{PageFailed, page},
};

#[derive(Template)]
#[template(path = "console/api_tokens.html")]
struct ApiTokensPage {
    layout: Layout,
    lines: Vec<Line>,
    roles: &'static [Role],
    typed: NewApiToken,
    errors: FormErrors,
}

struct Line {
    id: ApiTokenId,
    name: String,
    role: &'static str,
    made: String,
    revoked: Option<String>,
}

#[derive(Template)]
#[template(path = "console/api_token.html")]
struct ApiTokenPage {
    layout: Layout,
    name: String,
    token: String,
}

/// The tokens.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let typed = NewApiToken { name: String::new(), role: Role::Technician };
    tokens(&app, &signed_in, StatusCode::OK, &done, typed, FormErrors::default()).await
}

/// Makes a token and shows it, once.
pub(super) async fn make(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(typed): Sent<NewApiToken>,
) -> Result<Response, PageFailed> {
    match Outcome::of(api_tokens::make(&app, &signed_in.actor(), typed.clone()).await)? {
        Outcome::Done((row, token)) => {
            let layout = Layout::load(&app, &signed_in, Section::Settings);
            Ok(secret(page(StatusCode::OK, &ApiTokenPage { layout, name: row.name, token })?))
        }
        Outcome::Again(status, errors) => tokens(&app, &signed_in, status, &Done::default(), typed, errors).await,
    }
}

/// Revokes a token.
pub(super) async fn revoke(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<ApiTokenId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(api_tokens::revoke(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see("/console/settings/api-tokens", "revoked")),
        Outcome::Again(..) => layout::missing(&app, &signed_in, "API token"),
    }
}

async fn tokens(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    done: &Done,
    typed: NewApiToken,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    let lines = app.store.api_tokens().await?.into_iter().rev().map(|row| Line {
        id: row.id,
        name: row.name,
        role: row.role.title(),
        made: moment(row.created_at),
        revoked: row.revoked_at.map(moment),
    });
    page(status, &ApiTokensPage { layout, lines: lines.collect(), roles: Role::VARIANTS, typed, errors })
}
