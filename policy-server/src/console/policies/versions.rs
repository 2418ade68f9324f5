//! `/console/policies/{policy}/versions`: who saved what and when, what differs, and any version again (POL-06).

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::super::{
    forms::{FormErrors, Outcome, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::policies,
    domain::{
        ids::PolicyId,
        policy::PolicyDocument,
        policy_changes::{PolicyChange, policy_changes},
        role::Permission,
    },
    portal::pages::{PageFailed, page},
    store::{Policy, PolicyVersion},
};

#[derive(Template)]
#[template(path = "console/policy_versions.html")]
struct VersionsPage {
    layout: Layout,
    row: Policy,
    lines: Vec<VersionLine>,
    may_work: bool,
    errors: FormErrors,
}

struct VersionLine {
    version: i64,
    at: String,
    by: String,
    changes: Vec<PolicyChange>,
    is_in_force: bool,
}

#[derive(Template)]
#[template(path = "console/policy_comparison.html")]
struct ComparisonPage {
    layout: Layout,
    row: Policy,
    from: i64,
    to: i64,
    changes: Vec<PolicyChange>,
}

/// Two versions.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Compared {
    from: i64,
    to: i64,
}

/// Every version, the newest first.
pub(in crate::console) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PolicyId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    versions(&app, &signed_in, id, StatusCode::OK, &done, FormErrors::default()).await
}

/// What differs between two.
pub(in crate::console) async fn compare(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PolicyId>,
    Query(Compared { from, to }): Query<Compared>,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.policy(id).await? else { return layout::missing(&app, &signed_in, "policy") };
    match Outcome::of(policies::compare(&app, id, from, to).await)? {
        Outcome::Done(changes) => {
            let layout = Layout::load(&app, &signed_in, Section::Policies);
            page(StatusCode::OK, &ComparisonPage { layout, row, from, to, changes })
        }
        Outcome::Again(..) => layout::missing(&app, &signed_in, "version"),
    }
}

/// Makes an earlier version the next one.
pub(in crate::console) async fn restore(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((id, version)): Path<(PolicyId, i64)>,
) -> Result<Response, PageFailed> {
    match Outcome::of(policies::restore(&app, &signed_in.actor(), id, version).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/policies/{id}/versions"), "saved")),
        Outcome::Again(status, errors) => versions(&app, &signed_in, id, status, &Done::default(), errors).await,
    }
}

async fn versions(
    app: &App,
    signed_in: &SignedIn,
    id: PolicyId,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.policy(id).await? else { return layout::missing(app, signed_in, "policy") };
    let saves = app.store.policy_versions(id).await?;
    let shown = VersionsPage {
        layout: Layout::load(app, signed_in, Section::Policies).with_note(done),
        lines: lines(&saves, row.version),
        row,
        may_work: signed_in.may(Permission::Work),
        errors,
    };
    page(status, &shown)
}

/// The newest first, each with what it changed of the one before.
fn lines(saves: &[PolicyVersion], in_force: i64) -> Vec<VersionLine> {
    let nothing = PolicyDocument::default();
    let mut lines = Vec::with_capacity(saves.len());
    for (index, save) in saves.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &saves[before]);
        let before = before.map_or((save.name.as_str(), &nothing), |before| (before.name.as_str(), &before.document.0));
        lines.push(VersionLine {
            version: save.version,
            at: moment(save.saved_at),
            by: save.saved_by.clone(),
            changes: policy_changes(before, (&save.name, &save.document.0)),
            is_in_force: save.version == in_force,
        });
    }
    lines.reverse();
    lines
}
