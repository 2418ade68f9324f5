//! `/console`: how the fleet is.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    guard::SignedIn,
    layout::{Layout, Section},
    readiness::{counts, refusal_sentence},
};
use crate::{
    app::SharedApp,
    domain::{access::TicketScope, reach::Reach, tray_count::TrayCount},
    portal::pages::{PageFailed, page},
};

/// The most tickets that are counted one by one.
const COUNTED: u64 = 10_000;

#[derive(Template)]
#[template(path = "console/overview.html")]
struct OverviewPage {
    layout: Layout,
    parked: usize,
    waiting: usize,
    enrolled: usize,
    retired: usize,
    new_tickets: String,
    ready: i64,
    not_ready: Vec<(&'static str, i64)>,
    trays: TrayCount,
}

/// The first page after the sign-in.
pub(super) async fn show(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Overview);
    let census = app.fleet.census();
    let [waiting, enrolled, retired] = census.assets.map(|(_, count)| count);
    let reached = app.store.reached(&Reach::Everywhere).await?;
    let (ready, not_ready) = counts(&app.look.get().portal, &reached);
    let not_ready = not_ready.into_iter().map(|(reason, assets)| (refusal_sentence(reason), assets)).collect();
    let shown = OverviewPage {
        layout,
        parked: census.parked,
        waiting,
        enrolled,
        retired,
        new_tickets: at_most(app.store.count_new_tickets(TicketScope::Staff, COUNTED).await?),
        ready,
        not_ready,
        trays: reached.iter().map(|reached| reached.trays).sum(),
    };
    page(StatusCode::OK, &shown)
}

/// Such as `10000+` where counting has stopped.
fn at_most(counted: u64) -> String {
    if counted > COUNTED { format!("{COUNTED}+") } else { counted.to_string() }
}
