//! `/console/organizations/{organization}`: one customer, with its end users and what keeps its computers from the form.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
    organizations::{SentOrganization, filled},
    page_script::{self, with_scripts},
    paging::{ON_A_PAGE, Paging},
    portal_user::SentNew,
    readiness::{counts, refusal_sentence},
};
use crate::{
    app::{App, SharedApp},
    changes::{
        end_users::{self, NewEndUser},
        fields::Wish,
        organization_links::{self, LinkChange},
        organizations::{self, OrganizationChange},
        portal_users,
        sites::{self, NewSite},
    },
    client_address::ClientAddress,
    domain::{
        ids::{EndUserId, OrganizationId, PortalId},
        portal_user::PortalUserState,
        reach::Reach,
        role::Permission,
    },
    portal::{
        organization_link::{StaffView, organization_link, view_as},
        pages::{PageFailed, page},
        signed_in::{Coming, SIGN_IN},
    },
    store::{EndUser, MailDomain, Organization, PageRequest, Site, sites::SiteUse},
};

/// Leads to a portal that has a host of its own.
#[derive(Template)]
#[template(path = "console/view_portal.html")]
struct ViewPage {
    layout: Layout,
    organization: String,
    url: String,
}

#[derive(Template)]
#[template(path = "console/organization.html")]
struct OrganizationPage {
    layout: Layout,
    may_work: bool,
    organization: Organization,
    words: String,
    end_users: Vec<EndUser>,
    sites: Vec<SiteLine>,
    mail_domains: Vec<MailDomain>,
    paging: Paging,
    ready: i64,
    not_ready: Vec<(&'static str, i64)>,
    to_enable: u64,
    /// The link with which it comes in; absent: it lets nobody in.
    link: Option<String>,
    has_portal_users: bool,
    /// Each that it could have, by id and name; the first is the one at `public_url`.
    portals: Vec<(PortalId, String)>,
    /// Where its portal users sign in.
    login_url: String,
    typed: SentEndUser,
    typed_site: SentSite,
    typed_portal_user: SentNew,
    /// The states of those end users who are portal users.
    portal_users: HashMap<EndUserId, PortalUserState>,
    errors: FormErrors,
    script: &'static str,
}

/// What was asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    words: String,
    before: Option<Uuid>,
    #[serde(flatten)]
    done: Done,
}

/// A new end user's form.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SentEndUser {
    #[serde(rename = "end_user_name")]
    name: String,
    #[serde(rename = "end_user_email", default)]
    email: String,
    #[serde(rename = "end_user_phone", default)]
    phone: String,
}

/// A site's form, beside others on its page.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SentSite {
    #[serde(rename = "site_name")]
    name: String,
    #[serde(rename = "site_address", default)]
    address: String,
}

/// A site on a line.
struct SiteLine {
    site: Site,
    usage: SiteUse,
}

impl OrganizationPage {
    /// Whether it has this portal.
    fn has_portal(&self, id: &PortalId) -> bool {
        let default = self.portals.first().map(|(id, _)| *id);
        self.organization.portal_id.or(default) == Some(*id)
    }

    /// Where an end user stands with the portal.
    fn standing_of(&self, end_user: &EndUser) -> &'static str {
        self.portal_users.get(&end_user.id).map_or("Not a portal user", |state| state.title())
    }

    /// What the site of an end user is called.
    fn site_of(&self, end_user: &EndUser) -> &str {
        let found = self.sites.iter().find(|line| Some(line.site.id) == end_user.site_id);
        found.map_or("", |line| &line.site.name)
    }
}

/// The organization.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailed> {
    let again = Again { asked, ..Again::default() };
    organization(&app, &signed_in, id, again).await
}

/// Changes its name or address.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(sent): Sent<SentOrganization>,
) -> Result<Response, PageFailed> {
    let change = OrganizationChange {
        name: Some(sent.name),
        email: filled(sent.email).map_or(Wish::Clear, Wish::Set),
        external_id: filled(sent.external_id).map_or(Wish::Clear, Wish::Set),
        portal_id: sent.portal.parse().map_or(Wish::Keep, Wish::Set),
        portal_available: filled(sent.portal).map(|portal| portal != "none"),
    };
    match Outcome::of(organizations::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "saved")),
        Outcome::Again(status, errors) => {
            organization(&app, &signed_in, id, Again { status, errors, ..Again::default() }).await
        }
    }
}

/// Adds an end user.
pub(super) async fn add_end_user(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(typed): Sent<SentEndUser>,
) -> Result<Response, PageFailed> {
    let new = NewEndUser {
        organization_id: id,
        name: typed.name.clone(),
        email: filled(typed.email.clone()),
        phone: filled(typed.phone.clone()),
        site_id: None,
        language: None,
        external_id: None,
        portal_access: None,
    };
    match Outcome::of(end_users::make(&app, &signed_in.actor(), new).await)? {
        Outcome::Done(row) => Ok(see(&format!("/console/end-users/{}", row.id), "added")),
        Outcome::Again(status, errors) => {
            let errors = errors.under("end_user_");
            organization(&app, &signed_in, id, Again { status, typed, errors, ..Again::default() }).await
        }
    }
}

/// Adds a site.
pub(super) async fn add_site(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(typed_site): Sent<SentSite>,
) -> Result<Response, PageFailed> {
    let SentSite { name, address } = typed_site.clone();
    match Outcome::of(sites::make(&app, &signed_in.actor(), NewSite { organization_id: id, name, address }).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "added")),
        Outcome::Again(status, errors) => {
            let errors = errors.under("site_");
            organization(&app, &signed_in, id, Again { status, typed_site, errors, ..Again::default() }).await
        }
    }
}

/// Enables all who need it for the tray, without mail (SYN-43, decision C6).
pub(super) async fn enable_all(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(portal_users::enable_all_for_tray(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "enabled")),
        Outcome::Again(status, errors) => {
            organization(&app, &signed_in, id, Again { status, errors, ..Again::default() }).await
        }
    }
}

/// Switches its link off, or on as another one (decision C3).
pub(super) async fn switch_link(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(change): Sent<LinkChange>,
) -> Result<Response, PageFailed> {
    match Outcome::of(organization_links::switch(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "saved")),
        Outcome::Again(status, errors) => {
            organization(&app, &signed_in, id, Again { status, errors, ..Again::default() }).await
        }
    }
}

/// Shows the portal as the organization sees it (SYN-46), or the sign-in where it has portal users (SYN-47).
pub(super) async fn view_portal(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, PageFailed> {
    match app.store.organization(id).await? {
        Some(row) => {
            let look = app.looks.of_organization(row.id);
            let coming = Coming { look, headers, address };
            match view_as(&app, &row, (&signed_in.actor(), signed_in.staff.id), &coming).await? {
                StaffView::Here(response) => Ok(response),
                StaffView::There(url) => {
                    let layout = Layout::load(&app, &signed_in, Section::Organizations);
                    page(StatusCode::OK, &ViewPage { layout, organization: row.name, url })
                }
            }
        }
        None => layout::missing(&app, &signed_in, "organization"),
    }
}

/// Removes it when nothing of it is kept.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(organizations::remove(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see("/console/organizations", "removed")),
        Outcome::Again(status, errors) => {
            organization(&app, &signed_in, id, Again { status, errors, ..Again::default() }).await
        }
    }
}

/// The page again, with what was wrong with a new portal user.
pub(super) async fn again_with_portal_user(
    app: &App,
    signed_in: &SignedIn,
    id: OrganizationId,
    status: StatusCode,
    typed_portal_user: SentNew,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let errors = errors.under("portal_user_");
    organization(app, signed_in, id, Again { status, typed_portal_user, errors, ..Again::default() }).await
}

/// The page again, with what was wrong.
pub(super) async fn with_errors(
    app: &App,
    signed_in: &SignedIn,
    id: OrganizationId,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    organization(app, signed_in, id, Again { status, errors, ..Again::default() }).await
}

/// How the page is shown.
struct Again {
    status: StatusCode,
    asked: Asked,
    typed: SentEndUser,
    typed_site: SentSite,
    typed_portal_user: SentNew,
    errors: FormErrors,
}

impl Default for Again {
    fn default() -> Self {
        let (asked, typed, typed_site) = (Asked::default(), SentEndUser::default(), SentSite::default());
        let typed_portal_user = SentNew::default();
        Self { status: StatusCode::OK, asked, typed, typed_site, typed_portal_user, errors: FormErrors::default() }
    }
}

async fn organization(
    app: &App,
    signed_in: &SignedIn,
    id: OrganizationId,
    Again { status, asked, typed, typed_site, typed_portal_user, errors }: Again,
) -> Result<Response, PageFailed> {
    let Some(organization) = app.store.organization(id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    let part = PageRequest { after: asked.before, limit: ON_A_PAGE };
    let found = app.store.found_end_users(id, &asked.words, part).await?;
    let reached = app.store.reached(&Reach::of(Some(id)), &app.looks.published_for()).await?;
    let (ready, not_ready) = counts(&reached);
    let has_portal_users = app.store.has_portal_users(id).await?;
    let (lets_in, may_work) = (
        organization.portal_available && organization.link_enabled && !has_portal_users,
        signed_in.may(Permission::Work),
    );
    let shown = OrganizationPage {
        portals: app.store.portals().await?.into_iter().map(|row| (row.id, row.name)).collect(),
        login_url: app.looks.of_organization(id).url(SIGN_IN),
        link: (lets_in && may_work).then(|| organization_link(app, &organization)),
        has_portal_users,
        layout: Layout::load(app, signed_in, Section::Organizations).with_note(&asked.done),
        may_work,
        organization,
        paging: Paging::new(&path(id), &[("words", &asked.words)], asked.before.is_some(), found.next),
        words: asked.words,
        portal_users: standings(app, &found.items).await?,
        end_users: found.items,
        sites: site_lines(app, id).await?,
        mail_domains: app.store.mail_domains(id).await?,
        ready,
        not_ready: not_ready.into_iter().map(|(reason, assets)| (refusal_sentence(reason), assets)).collect(),
        to_enable: app.store.count_end_users_to_enable(&Reach::of(Some(id))).await?,
        typed,
        typed_site,
        typed_portal_user,
        errors,
        script: page_script::CHOOSE.address(),
    };
    Ok(with_scripts(page(status, &shown)?))
}

/// The states of those who are portal users.
async fn standings(app: &App, end_users: &[EndUser]) -> Result<HashMap<EndUserId, PortalUserState>, PageFailed> {
    let ids = end_users.iter().map(|row| row.id).collect();
    let rows = app.store.chosen_portal_users(&ids, &HashSet::new()).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.end_user_id?, row.state))).collect())
}

async fn site_lines(app: &App, id: OrganizationId) -> Result<Vec<SiteLine>, PageFailed> {
    let uses = app.store.site_uses(id).await?;
    let sites = app.store.sites_of(id).await?.into_iter();
    Ok(sites.map(|site| SiteLine { usage: uses.get(&site.id).copied().unwrap_or_default(), site }).collect())
}

fn path(id: OrganizationId) -> String {
    format!("/console/organizations/{id}")
}
