//! `/console/portals`: portals, made in two steps (RES-05 to RES-08), and each with its setup, its place and its switches.

pub(super) mod design;
mod sent_design;
mod website;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::{Routes, SignedIn},
    layout::{self, Done, Layout, Section},
    organizations::filled,
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        fields::Wish,
        portals::{self, NewPortal, PortalChange},
    },
    domain::{
        ids::PortalId,
        portal_design::ColorMode,
        portal_setup::{SetupFacts, SetupStep, setup},
        portal_user::InvitationBrings,
        role::Permission::Administer,
    },
    portal::pages::{PageFailed, page},
    store::Portal,
};

/// The most publications that the page of a portal lists.
const VERSIONS: u64 = 20;
/// Where they are.
const PATH: &str = "/console/portals";

#[derive(Template)]
#[template(path = "console/portals.html")]
struct PortalsPage {
    layout: Layout,
    /// Each with its address and how many organizations have it.
    portals: Vec<(Portal, String, u64)>,
}

#[derive(Template)]
#[template(path = "console/portal_new.html")]
struct NewPage {
    layout: Layout,
    /// Chosen in the first step; absent: it is still to be taken.
    color_mode: Option<ColorMode>,
    typed: SentNew,
    /// Where it would be, with the prefix left open.
    place: String,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "console/portal.html")]
struct PortalPage {
    layout: Layout,
    row: Portal,
    url: String,
    /// With `…` for the prefix.
    place: String,
    steps: [SetupStep; 6],
    organizations: u64,
    /// As it was typed, or as it is.
    payment_update_url: String,
    versions: Vec<VersionLine>,
    /// What the test of the address said.
    tested: Option<Result<(), String>>,
    errors: FormErrors,
}

impl PortalPage {
    fn steps_left(&self) -> usize {
        self.steps.iter().filter(|step| !step.is_done).count()
    }
}

impl NewPage {
    #[expect(
        clippy::unused_self,
        clippy::trivially_copy_pass_by_ref,
        reason = "templates ask the page and give references"
    )]
    fn mode_name(&self, mode: &ColorMode) -> &'static str {
        (*mode).into()
    }
}

struct VersionLine {
    version: i64,
    at: String,
    by: String,
    name: String,
    colors: String,
}

/// The second step's form.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SentNew {
    #[serde(default)]
    color_mode: ColorMode,
    name: String,
    prefix: String,
}

/// What was chosen in the first step.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FirstStep {
    color_mode: Option<ColorMode>,
}

/// Where a portal is, as it is typed.
#[derive(Debug, Deserialize)]
pub(super) struct SentPlace {
    name: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    domain: String,
}

/// One switch, turned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Turned {
    published: Option<bool>,
    access: Option<bool>,
    self_sign_up: Option<bool>,
    invitation_brings: Option<InvitationBrings>,
    /// Empty: there is none.
    payment_update_url: Option<String>,
}

/// These pages.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get("/console/portals", Administer, list)
        .post("/console/portals", Administer, make)
        .get("/console/portals/new", Administer, begin)
        .get("/console/portals/{portal}", Administer, show)
        .post("/console/portals/{portal}", Administer, change)
        .post("/console/portals/{portal}/switches", Administer, turn)
        .post("/console/portals/{portal}/test", Administer, test)
        .post("/console/portals/{portal}/remove", Administer, remove)
        .get("/console/portals/{portal}/design", Administer, design::show)
        .post("/console/portals/{portal}/design", Administer, design::send)
        .post("/console/portals/{portal}/design/drop", Administer, design::drop_draft)
        .get("/console/portals/{portal}/draft/preview", Administer, design::preview)
        .get("/console/portals/{portal}/draft/portal.css", Administer, design::stylesheet)
        .get("/console/portals/{portal}/draft/logo.png", Administer, design::logo)
        .get("/console/portals/{portal}/website", Administer, website::show)
        .post("/console/portals/{portal}/website", Administer, website::change)
        .post("/console/portals/{portal}/versions/{version}/restore", Administer, design::restore)
}

/// The portals.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Settings).with_note(&done);
    let mut portals = Vec::new();
    for row in app.store.portals().await? {
        let organizations = app.store.organizations_with_portal(row.id, row.is_default).await?;
        portals.push((row.clone(), app.looks.of(row.id).url("/"), organizations));
    }
    page(StatusCode::OK, &PortalsPage { layout, portals })
}

/// The steps that make one: light or dark, then its name.
pub(super) async fn begin(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(FirstStep { color_mode }): Query<FirstStep>,
) -> Result<Response, PageFailed> {
    new_page(&app, &signed_in, StatusCode::OK, color_mode, SentNew::default(), FormErrors::default())
}

/// Makes one that nobody can use yet, and leads to it.
pub(super) async fn make(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(typed): Sent<SentNew>,
) -> Result<Response, PageFailed> {
    let SentNew { color_mode, name, prefix } = typed.clone();
    match Outcome::of(portals::make(&app, &signed_in.actor(), NewPortal { name, prefix, color_mode }).await)? {
        Outcome::Done(row) => Ok(see(&path(row.id), "added")),
        Outcome::Again(status, errors) => new_page(&app, &signed_in, status, Some(color_mode), typed, errors),
    }
}

fn new_page(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    color_mode: Option<ColorMode>,
    typed: SentNew,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings);
    page(status, &NewPage { layout, color_mode, typed, place: place_pattern(app), errors })
}

/// One of them.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    portal(&app, &signed_in, id, Around { done, ..Around::default() }).await
}

/// Changes its name or place.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
    Sent(SentPlace { name, prefix, domain }): Sent<SentPlace>,
) -> Result<Response, PageFailed> {
    let change = PortalChange {
        name: Some(name),
        prefix: filled(prefix).map_or(Wish::Clear, Wish::Set),
        domain: filled(domain).map_or(Wish::Clear, Wish::Set),
        ..PortalChange::default()
    };
    changed(&app, &signed_in, id, change, Around::default()).await
}

/// Turns one of its switches (ZOH-12).
pub(super) async fn turn(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
    Sent(Turned { published, access, self_sign_up, invitation_brings, payment_update_url }): Sent<Turned>,
) -> Result<Response, PageFailed> {
    let typed = payment_update_url.clone();
    let payment_update_url = payment_update_url.map_or(Wish::Keep, |url| filled(url).map_or(Wish::Clear, Wish::Set));
    let change = PortalChange {
        published,
        access,
        self_sign_up,
        invitation_brings,
        payment_update_url,
        ..PortalChange::default()
    };
    let around = Around { payment_update_url: typed, ..Around::default() };
    changed(&app, &signed_in, id, change, around).await
}

async fn changed(
    app: &App,
    signed_in: &SignedIn,
    id: PortalId,
    change: PortalChange,
    around: Around,
) -> Result<Response, PageFailed> {
    match Outcome::of(portals::change(app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "saved")),
        Outcome::Again(status, errors) => portal(app, signed_in, id, Around { status, errors, ..around }).await,
    }
}

/// Asks for the portal at its own address, as a browser elsewhere would (NAB-03).
pub(super) async fn test(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
) -> Result<Response, PageFailed> {
    let tested = Some(app.looks.of(id).answers_at_its_address(&app.outbound).await);
    portal(&app, &signed_in, id, Around { tested, ..Around::default() }).await
}

/// Removes it when no organization has it.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(portals::remove(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see(PATH, "removed")),
        Outcome::Again(status, errors) => {
            portal(&app, &signed_in, id, Around { status, errors, ..Around::default() }).await
        }
    }
}

/// What else the page of a portal says.
#[derive(Default)]
struct Around {
    status: StatusCode,
    done: Done,
    tested: Option<Result<(), String>>,
    payment_update_url: Option<String>,
    errors: FormErrors,
}

async fn portal(app: &App, signed_in: &SignedIn, id: PortalId, around: Around) -> Result<Response, PageFailed> {
    let Some(row) = app.store.portal(id).await? else { return layout::missing(app, signed_in, "portal") };
    let provider = app.provider().await?;
    let facts = SetupFacts {
        design: &row.design.0,
        has_draft: row.draft.is_some(),
        published: row.published,
        sends_mail: app.config.mail.is_some(),
        has_support: provider.support_phone.is_some() || provider.support_email.is_some(),
        takes_payment: row.payment_update_url.is_some(),
        lets_somebody_in: app.store.lets_somebody_in(id, row.is_default).await?,
    };
    let versions = app.store.portal_versions(id, VERSIONS).await?.into_iter().map(|row| VersionLine {
        version: row.version,
        at: moment(row.published_at),
        by: row.published_by,
        name: row.design.0.display_name,
        colors: format!("{}, {}", row.design.0.primary_color, row.design.0.accent_color),
    });
    let Around { status, done, tested, payment_update_url, errors } = around;
    let shown = PortalPage {
        layout: Layout::load(app, signed_in, Section::Settings).with_note(&done),
        url: app.looks.of(id).url("/"),
        place: place_pattern(app),
        steps: setup(facts),
        organizations: app.store.organizations_with_portal(id, row.is_default).await?,
        versions: versions.collect(),
        tested,
        payment_update_url: payment_update_url.or(row.payment_update_url.clone()).unwrap_or_default(),
        errors,
        row,
    };
    page(status, &shown)
}

fn path(id: PortalId) -> String {
    format!("{PATH}/{id}")
}

/// Where a portal is, with `…` for its prefix.
fn place_pattern(app: &App) -> String {
    let place = app.config.places().portal("…", None);
    format!("{}{}/", place.origin, place.base)
}
