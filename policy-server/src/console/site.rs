//! `/console/sites/{site}`: one place where an organization is.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
};
use crate::{
    app::{App, SharedApp},
    changes::sites::{self, SiteChange},
    domain::{ids::SiteId, role::Permission},
    portal::pages::{PageFailed, page},
    store::{Organization, Site, sites::SiteUse},
};

#[derive(Template)]
#[template(path = "console/site.html")]
struct SitePage {
    layout: Layout,
    may_work: bool,
    site: Site,
    organization: Organization,
    usage: SiteUse,
    typed: SentSite,
    errors: FormErrors,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct SentSite {
    name: String,
    #[serde(default)]
    address: String,
}

/// The site.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<SiteId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    site(&app, &signed_in, id, StatusCode::OK, &done, None).await
}

/// Changes name or address.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<SiteId>,
    Sent(typed): Sent<SentSite>,
) -> Result<Response, PageFailed> {
    let change = SiteChange { name: Some(typed.name.clone()), address: Some(typed.address.clone()) };
    match Outcome::of(sites::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/sites/{id}"), "saved")),
        Outcome::Again(status, errors) => {
            site(&app, &signed_in, id, status, &Done::default(), Some((typed, errors))).await
        }
    }
}

/// Removes it when nothing is there.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<SiteId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(sites::remove(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(row) => Ok(see(&format!("/console/organizations/{}", row.organization_id), "removed")),
        Outcome::Again(status, errors) => {
            let typed = app.store.site(id).await?.map(|row| SentSite { name: row.name, address: row.address });
            site(&app, &signed_in, id, status, &Done::default(), typed.map(|typed| (typed, errors))).await
        }
    }
}

async fn site(
    app: &App,
    signed_in: &SignedIn,
    id: SiteId,
    status: StatusCode,
    done: &Done,
    again: Option<(SentSite, FormErrors)>,
) -> Result<Response, PageFailed> {
    let Some(site) = app.store.site(id).await? else { return layout::missing(app, signed_in, "site") };
    let Some(organization) = app.store.organization(site.organization_id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    let (typed, errors) = again.unwrap_or_else(|| {
        (SentSite { name: site.name.clone(), address: site.address.clone() }, FormErrors::default())
    });
    let shown = SitePage {
        layout: Layout::load(app, signed_in, Section::Organizations).with_note(done),
        may_work: signed_in.may(Permission::Work),
        usage: app.store.site_uses(organization.id).await?.get(&id).copied().unwrap_or_default(),
        site,
        organization,
        typed,
        errors,
    };
    page(status, &shown)
}
