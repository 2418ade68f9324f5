//! `/console/policies`: every policy, and the tree that they are attached to, level by level.

mod attach_form;
mod builder;
mod effective;
mod entry_row;
mod menu_lines;
mod preview;
mod reach;
mod sent_draft;
mod sent_policy;
mod tree;
mod versions;

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use self::{attach_form::AttachForm, tree::place};
use super::{
    forms::{Outcome, see},
    guard::{Routes, SignedIn},
    layout::{self, Done, Layout, Section},
};
use crate::{
    app::{App, SharedApp},
    changes::policies,
    domain::{
        ids::{OrganizationId, PolicyId},
        policy::Node,
        role::Permission::{self, Look, Work},
    },
    fleet::PolicyUse,
    portal::pages::{PageFailed, page},
    store::Policy,
};

/// As many organizations as stand on a page.
const ON_A_PAGE: usize = 50;
/// As many places as are named of one policy.
const NAMED_PLACES: usize = 3;

#[derive(Template)]
#[template(path = "console/policies.html")]
struct PoliciesPage {
    layout: Layout,
    lines: Vec<PolicyLine>,
    provider: String,
    attach: AttachForm,
    search: String,
    organizations: Vec<OrganizationRow>,
    found: usize,
    earlier: Option<usize>,
    later: Option<usize>,
    may_work: bool,
}

struct PolicyLine {
    id: PolicyId,
    name: String,
    version: i64,
    /// Address and name of some of the nodes.
    places: Vec<(String, String)>,
    more_places: usize,
    assets: usize,
}

struct OrganizationRow {
    id: OrganizationId,
    name: String,
    policy: Option<(PolicyId, String)>,
}

/// Which organizations.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    search: String,
    #[serde(default)]
    from: usize,
}

/// The pages of this part of the console.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get("/console/policies", Look, list)
        .get("/console/policies/new", Work, builder::show_new)
        .post("/console/policies/new", Work, builder::send_new)
        .get("/console/policies/form", Look, builder::show_form)
        .get("/console/icons/{hash}", Look, builder::icon)
        .get("/console/policies/{policy}", Look, builder::show)
        .post("/console/policies/{policy}", Work, builder::send)
        .post("/console/policies/{policy}/enable", Work, reach::enable)
        .post("/console/policies/{policy}/remove", Work, remove)
        .get("/console/policies/{policy}/versions", Look, versions::list)
        .get("/console/policies/{policy}/versions/compare", Look, versions::compare)
        .post("/console/policies/{policy}/versions/{version}/restore", Work, versions::restore)
        .post("/console/tree/provider/policy", Work, tree::attach_to_provider)
        .get("/console/tree/organizations/{organization}", Look, tree::organization)
        .post("/console/tree/organizations/{organization}/policy", Work, tree::attach_to_organization)
        .post("/console/tree/organizations/{organization}/folders", Work, tree::make_folder)
        .get("/console/tree/folders/{folder}", Look, tree::folder)
        .post("/console/tree/folders/{folder}", Work, tree::change_folder)
        .post("/console/tree/folders/{folder}/policy", Work, tree::attach_to_folder)
        .get("/console/assets/{asset}/policy", Look, effective::show)
        .post("/console/assets/{asset}/policy", Work, effective::attach)
}

/// Every policy, and the top of the tree.
async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
    Query(Part { search, from }): Query<Part>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Policies).with_note(&done);
    let policies = app.store.all_policies().await?;
    let names: HashMap<_, _> = policies.iter().map(|row| (row.id, row.name.clone())).collect();
    let provider = app.provider().await?;
    let found = app.fleet.organizations_named(&search);
    let organizations = found.iter().skip(from).take(ON_A_PAGE).map(|line| {
        let policy = line.policy.map(|id| (id, names.get(&id).cloned().unwrap_or_default()));
        OrganizationRow { id: line.id, name: line.name.clone(), policy }
    });
    let shown = PoliciesPage {
        layout,
        lines: policy_lines(&app, &policies),
        provider: provider.name,
        attach: AttachForm::new(Node::Provider, provider.policy_id, &policies, &signed_in),
        organizations: organizations.collect(),
        found: found.len(),
        earlier: (from > 0).then(|| from.saturating_sub(ON_A_PAGE)),
        later: (from + ON_A_PAGE < found.len()).then_some(from + ON_A_PAGE),
        search,
        may_work: signed_in.may(Permission::Work),
    };
    page(StatusCode::OK, &shown)
}

/// Removes a policy that is attached nowhere.
async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PolicyId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(policies::remove(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see("/console/policies", "removed")),
        Outcome::Again(status, errors) => {
            let detail = errors.summary.unwrap_or_default();
            layout::message(&app, &signed_in, status, "This policy stays", &detail)
        }
    }
}

fn policy_lines(app: &App, policies: &[Policy]) -> Vec<PolicyLine> {
    let mut places = app.fleet.policy_uses();
    let lines = policies.iter().map(|row| {
        let PolicyUse { nodes, assets } = places.remove(&row.id).unwrap_or_default();
        let more_places = nodes.len().saturating_sub(NAMED_PLACES);
        let places = nodes.into_iter().take(NAMED_PLACES).map(|(node, name)| (place(node), name)).collect();
        PolicyLine { id: row.id, name: row.name.clone(), version: row.version, places, more_places, assets }
    });
    lines.collect()
}
