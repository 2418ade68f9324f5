//! `/console/organizations`: the MSP's customers.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{Done, Layout, Section},
    paging::{ON_A_PAGE, Paging},
};
use crate::{
    app::{App, SharedApp},
    changes::organizations::{self, NewOrganization},
    domain::role::Permission,
    portal::pages::{PageFailed, page},
    store::{Organization, PageRequest},
};

#[derive(Template)]
#[template(path = "console/organizations.html")]
struct OrganizationsPage {
    layout: Layout,
    may_work: bool,
    words: String,
    lines: Vec<Organization>,
    paging: Paging,
    typed: SentOrganization,
    errors: FormErrors,
}

/// What was asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    words: String,
    before: Option<Uuid>,
    #[serde(flatten)]
    done: Done,
}

/// A new organization's form.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SentOrganization {
    /// Its name.
    pub(super) name: String,
    /// Its address, or nothing.
    #[serde(default)]
    pub(super) email: String,
    /// What the MSP's other program calls it, or nothing.
    #[serde(default)]
    pub(super) external_id: String,
    /// Which portal it has, or `none`; empty stays as it is.
    #[serde(default)]
    pub(super) portal: String,
}

/// Part of the list.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailed> {
    let typed = SentOrganization::default();
    organizations(&app, &signed_in, StatusCode::OK, asked, typed, FormErrors::default()).await
}

/// Adds one.
pub(super) async fn add(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<SentOrganization>,
) -> Result<Response, PageFailed> {
    let new = NewOrganization {
        name: sent.name.clone(),
        email: filled(sent.email.clone()),
        external_id: filled(sent.external_id.clone()),
        portal_id: None,
    };
    match Outcome::of(organizations::make(&app, &signed_in.actor(), new).await)? {
        Outcome::Done(row) => Ok(see(&format!("/console/organizations/{}", row.id), "added")),
        Outcome::Again(status, errors) => organizations(&app, &signed_in, status, Asked::default(), sent, errors).await,
    }
}

/// What was typed into a field that may be left empty.
pub(super) fn filled(typed: String) -> Option<String> {
    (!typed.trim().is_empty()).then_some(typed)
}

async fn organizations(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    asked: Asked,
    typed: SentOrganization,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let part = PageRequest { after: asked.before, limit: ON_A_PAGE };
    let found = app.store.found_organizations(&asked.words, part).await?;
    let layout = Layout::load(app, signed_in, Section::Organizations).with_note(&asked.done);
    let paging = Paging::new("/console/organizations", &[("words", &asked.words)], asked.before.is_some(), found.next);
    let may_work = signed_in.may(Permission::Work);
    page(status, &OrganizationsPage { layout, may_work, words: asked.words, lines: found.items, paging, typed, errors })
}
