//! `/console/settings/portal-groups`: what portal users may do, by group.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use strum::VariantArray as _;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::{Routes, SignedIn},
    layout::{self, Done, Layout, Section},
};
use crate::{
    app::{App, SharedApp},
    changes::{
        expected::Expected,
        portal_groups::{self, NewPortalGroup, PortalGroupChange},
    },
    domain::{
        portal_user::{GroupKey, PortalPermission},
        role::Permission::Administer,
    },
    portal::pages::{PageFailed, page},
    store::PortalGroup,
};

/// These pages.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get("/console/settings/portal-groups", Administer, list)
        .post("/console/settings/portal-groups", Administer, add)
        .get("/console/settings/portal-groups/{group}", Administer, show)
        .post("/console/settings/portal-groups/{group}", Administer, change)
        .post("/console/settings/portal-groups/{group}/remove", Administer, remove)
}

const PATH: &str = "/console/settings/portal-groups";

#[derive(Template)]
#[template(path = "console/portal_groups.html")]
struct GroupsPage {
    layout: Layout,
    groups: Vec<PortalGroup>,
    typed: SentNew,
    errors: FormErrors,
}

impl GroupsPage {
    fn is_like(&self, key: &GroupKey) -> bool {
        self.typed.like.as_ref().map_or(GroupKey::LIMITED, |like| &like.0) == key.0
    }
}

#[derive(Template)]
#[template(path = "console/portal_group.html")]
struct GroupPage {
    layout: Layout,
    group: PortalGroup,
    /// Each, and whether it is allowed.
    permissions: Vec<(PortalPermission, bool)>,
    errors: FormErrors,
}

impl GroupPage {
    /// Whether what it allows can be changed.
    fn is_open(&self) -> bool {
        !self.group.built_in || self.group.key.0 == GroupKey::NO_PORTAL_USER
    }
}

/// A new group.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SentNew {
    name: String,
    like: Option<GroupKey>,
}

/// A group. Boxes that are not ticked are not sent.
#[derive(Debug, Deserialize)]
pub(super) struct SentGroup {
    name: Option<String>,
    #[serde(rename = "portal.access")]
    access: Option<String>,
    #[serde(rename = "ticket.create.tray")]
    tray: Option<String>,
    #[serde(rename = "ticket.create")]
    create: Option<String>,
    #[serde(rename = "ticket.view")]
    view: Option<String>,
    #[serde(rename = "ticket.reply")]
    reply: Option<String>,
    #[serde(rename = "billing.view")]
    billing: Option<String>,
    #[serde(rename = "article.view")]
    articles: Option<String>,
}

impl SentGroup {
    fn permissions(&self) -> Vec<PortalPermission> {
        let boxes = [
            (&self.access, PortalPermission::Access),
            (&self.tray, PortalPermission::CreateTicketFromTray),
            (&self.create, PortalPermission::CreateTicket),
            (&self.view, PortalPermission::ViewTickets),
            (&self.reply, PortalPermission::ReplyToTickets),
            (&self.billing, PortalPermission::ViewBilling),
            (&self.articles, PortalPermission::ViewArticles),
        ];
        boxes.into_iter().filter(|(ticked, _)| ticked.is_some()).map(|(_, permission)| permission).collect()
    }
}

/// The groups.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    groups(&app, &signed_in, StatusCode::OK, &done, SentNew::default(), FormErrors::default()).await
}

/// Makes one that allows what another allows.
pub(super) async fn add(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(typed): Sent<SentNew>,
) -> Result<Response, PageFailed> {
    let new = NewPortalGroup { name: typed.name.clone(), permissions: None, like: typed.like.clone() };
    match Outcome::of(portal_groups::make(&app, &signed_in.actor(), new).await)? {
        Outcome::Done(row) => Ok(see(&format!("{PATH}/{}", row.key), "added")),
        Outcome::Again(status, errors) => groups(&app, &signed_in, status, &Done::default(), typed, errors).await,
    }
}

/// One of them.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(key): Path<GroupKey>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    group(&app, &signed_in, &key, StatusCode::OK, &done, FormErrors::default()).await
}

/// Sets what it allows, and what it is called.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(key): Path<GroupKey>,
    Sent(sent): Sent<SentGroup>,
) -> Result<Response, PageFailed> {
    let change = PortalGroupChange { permissions: Some(sent.permissions()), name: sent.name };
    let changed = portal_groups::change(&app, &signed_in.actor(), key.clone(), &Expected::Anything, change).await;
    match Outcome::of(changed)? {
        Outcome::Done(_) => Ok(see(&format!("{PATH}/{key}"), "saved")),
        Outcome::Again(status, errors) => group(&app, &signed_in, &key, status, &Done::default(), errors).await,
    }
}

/// Removes one in which nobody is.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(key): Path<GroupKey>,
) -> Result<Response, PageFailed> {
    let removed = portal_groups::remove(&app, &signed_in.actor(), key.clone(), &Expected::Anything).await;
    match Outcome::of(removed)? {
        Outcome::Done(_) => Ok(see(PATH, "removed")),
        Outcome::Again(status, errors) => group(&app, &signed_in, &key, status, &Done::default(), errors).await,
    }
}

async fn groups(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    done: &Done,
    typed: SentNew,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    page(status, &GroupsPage { layout, groups: app.store.portal_groups().await?, typed, errors })
}

async fn group(
    app: &App,
    signed_in: &SignedIn,
    key: &GroupKey,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(group) = app.store.portal_group(key).await? else {
        return layout::missing(app, signed_in, "permission group");
    };
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    let allowed = PortalPermission::VARIANTS.iter().map(|one| (*one, group.permissions.0.contains(one)));
    let permissions = allowed.collect();
    page(status, &GroupPage { layout, group, permissions, errors })
}
