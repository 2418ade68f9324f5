//! The mail domains of an organization, on its page.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{Outcome, Sent, see},
    guard::SignedIn,
    organization,
};
use crate::{app::SharedApp, changes::mail_domains, domain::ids::OrganizationId, portal::pages::PageFailed};

/// A domain.
#[derive(Debug, Deserialize)]
pub(super) struct SentDomain {
    domain: String,
}

/// Claims one.
pub(super) async fn add(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(SentDomain { domain }): Sent<SentDomain>,
) -> Result<Response, PageFailed> {
    match Outcome::of(mail_domains::add(&app, &signed_in.actor(), id, &domain).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/organizations/{id}"), "added")),
        Outcome::Again(status, errors) => organization::with_errors(&app, &signed_in, id, status, errors).await,
    }
}

/// Claims one no more.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((id, domain)): Path<(OrganizationId, String)>,
) -> Result<Response, PageFailed> {
    match Outcome::of(mail_domains::remove(&app, &signed_in.actor(), id, &domain).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/organizations/{id}"), "removed")),
        Outcome::Again(status, errors) => organization::with_errors(&app, &signed_in, id, status, errors).await,
    }
}
