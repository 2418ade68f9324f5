//! `/console/settings`: what is set for the whole MSP.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    guard::SignedIn,
    layout::{Layout, Section},
};
use crate::{
    app::SharedApp,
    domain::ids::PortalId,
    portal::pages::{PageFailed, page},
};

#[derive(Template)]
#[template(path = "console/settings.html")]
struct SettingsPage {
    layout: Layout,
    /// The one at `public_url`.
    portal: PortalId,
}

/// The ways to each setting.
pub(super) async fn show(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    let portal = app.looks.of_default().portal.id;
    page(StatusCode::OK, &SettingsPage { layout: Layout::load(&app, &signed_in, Section::Settings), portal })
}
