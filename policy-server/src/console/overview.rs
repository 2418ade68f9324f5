//! `/console`: how the fleet is.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    guard::SignedIn,
    layout::{Layout, Section},
    page_script::{self, with_scripts},
    readiness::{counts, refusal_sentence},
};
use crate::{
    app::SharedApp,
    domain::{access::TicketScope, reach::Reach, role::Permission, tray_count::TrayCount},
    portal::pages::{PageFailed, page},
    store::EndUser,
};

/// The most tickets that are counted one by one.
const COUNTED: u64 = 10_000;
/// How many people are offered to be invited.
const UNINVITED: u64 = 10;

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
    /// The newest end users with an address whom nobody has invited (NAB-21).
    uninvited: Vec<EndUser>,
    may_work: bool,
    script: &'static str,
}

/// The first page after the sign-in.
pub(super) async fn show(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Overview);
    let census = app.fleet.census();
    let [waiting, enrolled, retired] = census.assets.map(|(_, count)| count);
    let reached = app.store.reached(&Reach::Everywhere, &app.looks.published_for()).await?;
    let (ready, not_ready) = counts(&reached);
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
        uninvited: app.store.uninvited_end_users(UNINVITED).await?,
        may_work: signed_in.may(Permission::Work),
        script: page_script::CHOOSE.address(),
    };
    Ok(with_scripts(page(StatusCode::OK, &shown)?))
}

/// Such as `10000+` where counting has stopped.
fn at_most(counted: u64) -> String {
    if counted > COUNTED { format!("{COUNTED}+") } else { counted.to_string() }
}
