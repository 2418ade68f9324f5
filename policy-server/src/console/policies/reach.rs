//! What a policy reaches: for how many assets it counts, where their icons are (AGT-08), and who of them cannot open the form
//! (SYN-43).

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::super::{
    forms::{Outcome, see},
    guard::SignedIn,
    layout,
    readiness::{counts, refusal_sentence},
};
use crate::{
    app::{App, SharedApp},
    changes::portal_users,
    domain::{ids::PolicyId, tray_count::TrayCount},
    portal::pages::PageFailed,
};

/// What stands above the builder.
pub(super) struct Reach {
    pub(super) assets: i64,
    pub(super) trays: TrayCount,
    pub(super) ready: i64,
    /// Why, and how many.
    pub(super) not_ready: Vec<(&'static str, i64)>,
    /// How many assets only need their end user to be enabled.
    pub(super) to_enable: i64,
}

impl Reach {
    /// Of a policy as it was saved.
    pub(super) async fn of(app: &App, id: PolicyId) -> Result<Self, PageFailed> {
        let reached = app.store.reached(&app.fleet.reach(id), &app.looks.published_for()).await?;
        let (ready, not_ready) = counts(&reached);
        Ok(Self {
            assets: reached.iter().map(|reached| reached.assets).sum(),
            trays: reached.iter().map(|reached| reached.trays).sum(),
            ready,
            not_ready: not_ready.into_iter().map(|(reason, assets)| (refusal_sentence(reason), assets)).collect(),
            to_enable: reached.iter().filter(|reached| reached.needs_enabling()).map(|reached| reached.assets).sum(),
        })
    }

    /// How many cannot open the form.
    pub(super) fn refused(&self) -> i64 {
        self.not_ready.iter().map(|(_, assets)| assets).sum()
    }
}

/// Enables all who only need that, without mail.
pub(in crate::console) async fn enable(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PolicyId>,
) -> Result<Response, PageFailed> {
    let path = format!("/console/policies/{id}");
    match Outcome::of(portal_users::enable_below_for_tray(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see(&path, "enabled")),
        Outcome::Again(_, errors) => {
            let detail = errors.summary.unwrap_or_default();
            layout::refused(&app, &signed_in, "Not everybody could be enabled", &detail)
        }
    }
}
