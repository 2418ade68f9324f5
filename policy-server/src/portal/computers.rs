//! `/my_profile/v2/computers`: the computers of whoever is signed in, and those of their organization for whoever acts for it.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    look::Look,
    pages::{PageFailed, page},
    signed_in::SignedIn,
    visitor::Head,
};
use crate::{
    app::SharedApp,
    domain::{access::ComputerScope, plain_line::plain_line, portal_user::PortalPermission},
    store::portal_computers::Computer,
};

/// Where they are.
pub(super) const COMPUTERS: &str = "/my_profile/v2/computers";
/// The longest search, in characters.
const MAX_SEARCH: usize = 200;

#[derive(Template)]
#[template(path = "portal/computers.html")]
struct ComputersPage {
    look: Arc<Look>,
    head: Head,
    search: String,
    /// Whether there can be others' beside one's own.
    sees_others: bool,
    /// Whether tickets can be sent from here.
    may_send: bool,
    computers: Vec<Computer>,
}

/// What is searched for.
#[derive(Debug, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

/// The list.
pub(super) async fn show(
    State(app): State<SharedApp>,
    Query(Search { q }): Query<Search>,
    signed_in: SignedIn,
) -> Result<Response, PageFailed> {
    let search: String = plain_line(&q).chars().take(MAX_SEARCH).collect();
    let scope = signed_in.computers();
    let computers = app.store.computers(scope, &search).await?;
    let shown = ComputersPage {
        head: signed_in.head(),
        search,
        sees_others: !matches!(scope, ComputerScope::EndUser(_)),
        may_send: signed_in.may(PortalPermission::CreateTicket),
        computers,
        look: signed_in.look,
    };
    page(StatusCode::OK, &shown)
}
