//! `/console/settings/portal`: who may come into the portal. Each switch is stored as it is turned (ZOH-12). And
//! where customers pay.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::{Routes, SignedIn},
    layout::{Done, Layout, Section},
    portal_groups,
};
use crate::{
    app::SharedApp,
    changes::{
        fields::Wish,
        portals::{self, PortalChange},
    },
    domain::{portal_user::InvitationBrings, role::Permission::Administer},
    portal::pages::{PageFailed, page},
    store::Portal,
};

#[derive(Template)]
#[template(path = "console/portal_settings.html")]
struct PortalSettingsPage {
    layout: Layout,
    portal: Portal,
    /// As it was typed.
    payment_update_url: String,
    errors: FormErrors,
}

/// These pages, and those of permission groups.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get("/console/settings/portal", Administer, show)
        .post("/console/settings/portal", Administer, change)
        .get("/console/settings/portal-groups", Administer, portal_groups::list)
        .post("/console/settings/portal-groups", Administer, portal_groups::add)
        .get("/console/settings/portal-groups/{group}", Administer, portal_groups::show)
        .post("/console/settings/portal-groups/{group}", Administer, portal_groups::change)
        .post("/console/settings/portal-groups/{group}/remove", Administer, portal_groups::remove)
}

/// One switch, turned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Turned {
    access: Option<bool>,
    self_sign_up: Option<bool>,
    invitation_brings: Option<InvitationBrings>,
    /// Empty: there is none.
    payment_update_url: Option<String>,
}

/// The switches.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Settings).with_note(&done);
    let portal = app.portal().await?;
    let payment_update_url = portal.payment_update_url.clone().unwrap_or_default();
    page(StatusCode::OK, &PortalSettingsPage { layout, portal, payment_update_url, errors: FormErrors::default() })
}

/// Turns one of them.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(Turned { access, self_sign_up, invitation_brings, payment_update_url }): Sent<Turned>,
) -> Result<Response, PageFailed> {
    let typed = payment_update_url.clone().unwrap_or_default();
    let payment_update_url = match payment_update_url.map(|url| url.trim().to_owned()) {
        None => Wish::Keep,
        Some(url) if url.is_empty() => Wish::Clear,
        Some(url) => Wish::Set(url),
    };
    let change =
        PortalChange { access, self_sign_up, invitation_brings, payment_update_url, ..PortalChange::default() };
    let portal = app.portal().await?;
    match Outcome::of(portals::change(&app, &signed_in.actor(), portal.id, change).await)? {
        Outcome::Done(_) => Ok(see("/console/settings/portal", "saved")),
        Outcome::Again(status, errors) => {
            let layout = Layout::load(&app, &signed_in, Section::Settings);
            page(status, &PortalSettingsPage { layout, portal, payment_update_url: typed, errors })
        }
    }
}
