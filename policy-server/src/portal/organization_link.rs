//! `/my_profile/link/<...>`: the link with which an organization without portal users comes in (RS-05, decision C3).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    look::Look,
    pages::{self, PageFailed, page},
    protected_form::ProtectedForm,
    signed_in::{HOME, SIGN_IN, keep, not_open},
    visitor::{LinkVisit, Visitor},
};
use crate::{
    app::{App, SharedApp},
    browser,
    changes::{record, staff::after},
    client_address::ClientAddress,
    domain::{
        audit::{Actor, AuditAction},
        delivery::millis,
        ids::{LinkSessionId, OrganizationId, StaffId},
        portal_user::SESSION_LIFETIME,
    },
    secrets::NewSecret,
    store::{AuditRecord, LinkSession, Organization, link_sessions::NewLinkSession},
};

/// Where links begin, below the portal's origin.
const PATH: &str = "/my_profile/link";
/// What the key makes them for.
const PURPOSE: &str = "organization link";

#[derive(Template)]
#[template(path = "portal/switch.html")]
struct SwitchPage {
    look: Arc<Look>,
    action: String,
    organization: String,
    before: String,
}

/// The link of an organization: its id, and 256 bits that only this server's key makes of it and of the link's generation.
pub fn organization_link(app: &App, organization: &Organization) -> String {
    format!("{}{PATH}/{}", app.origin, token(app, organization.id, organization.link_generation))
}

/// Leads into the portal. Whoever is there as somebody else is asked first (RS-12); with a portal user the link leads to the
/// sign-in (RS-06).
pub async fn show(
    State(app): State<SharedApp>,
    Path(token): Path<String>,
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, PageFailed> {
    let organization = match led_to(&app, &token).await? {
        LeadsTo::Organization(organization) => organization,
        LeadsTo::Elsewhere(response) => return Ok(response),
    };
    match Visitor::load(&app, &headers).await? {
        Some(Visitor::Link(visit)) if visit.organization.id == organization.id && visit.session.staff_id.is_none() => {
            Ok(Redirect::to(HOME).into_response())
        }
        Some(visitor) => {
            let look = app.look.get();
            let (action, before) = (format!("{PATH}/{token}"), visitor.name().to_owned());
            page(StatusCode::OK, &SwitchPage { look, action, organization: organization.name, before })
        }
        None => came_by_link(&app, &organization, address, &headers, None).await,
    }
}

/// Leaves what this browser was in before, and leads into the portal (RS-11).
pub async fn switch(
    State(app): State<SharedApp>,
    Path(token): Path<String>,
    address: ClientAddress,
    form: ProtectedForm,
) -> Result<Response, PageFailed> {
    match led_to(&app, &token).await? {
        LeadsTo::Organization(organization) => {
            let before = Visitor::load(&app, form.headers()).await?;
            came_by_link(&app, &organization, address, form.headers(), before).await
        }
        LeadsTo::Elsewhere(response) => Ok(response),
    }
}

/// Shows somebody of the staff the portal as the organization sees it (SYN-46); with portal users it leads to the sign-in
/// (SYN-47).
pub async fn view_as(
    app: &App,
    organization: &Organization,
    (actor, staff): (&Actor, StaffId),
    address: ClientAddress,
    headers: &HeaderMap,
) -> Result<Response, PageFailed> {
    if !app.look.get().is_open() {
        return not_open(app);
    }
    if !lets_in(app, organization).await? {
        return Ok(Redirect::to(SIGN_IN).into_response());
    }
    let before = Visitor::load(app, headers).await?;
    let begun = record(app, actor, AuditAction::PortalViewedAsOrganization, organization.id.0, &json!({}));
    came(app, organization, Some(staff), begun, address, headers, before).await
}

/// Whether an organization's link lets in: it is switched on, and there is no portal user (invariant 4).
pub async fn lets_in(app: &App, organization: &Organization) -> Result<bool, PageFailed> {
    Ok(organization.link_enabled && !app.store.has_portal_users(organization.id).await?)
}

enum LeadsTo {
    Organization(Organization),
    Elsewhere(Response),
}

async fn led_to(app: &App, sent: &str) -> Result<LeadsTo, PageFailed> {
    if !app.look.get().is_open() {
        return not_open(app).map(LeadsTo::Elsewhere);
    }
    let parts = sent.split_once('-');
    let parts =
        parts.and_then(|(id, mac)| Some((id.parse::<OrganizationId>().ok()?, URL_SAFE_NO_PAD.decode(mac).ok()?)));
    let good = match parts {
        Some((id, mac)) => app.store.organization(id).await?.filter(|organization| {
            app.key.has_derived(PURPOSE, &message(organization.id, organization.link_generation), &mac)
        }),
        None => None,
    };
    match good {
        Some(organization) if lets_in(app, &organization).await? => Ok(LeadsTo::Organization(organization)),
        Some(_) => Ok(LeadsTo::Elsewhere(Redirect::to(SIGN_IN).into_response())),
        None => pages::message(app, StatusCode::GONE, "link-over").map(LeadsTo::Elsewhere),
    }
}

fn token(app: &App, id: OrganizationId, generation: i64) -> String {
    format!("{}-{}", id.0.simple(), URL_SAFE_NO_PAD.encode(app.key.derive(PURPOSE, &message(id, generation))))
}

fn message(id: OrganizationId, generation: i64) -> String {
    format!("{id} {generation}")
}

/// Whoever has the link can come as often as they like, but not so often that it costs the server something (S10).
async fn came_by_link(
    app: &App,
    organization: &Organization,
    address: ClientAddress,
    headers: &HeaderMap,
    before: Option<Visitor>,
) -> Result<Response, PageFailed> {
    if !app.limits.link_sessions.takes(organization.id, address.0, app.now()) {
        return pages::message(app, StatusCode::TOO_MANY_REQUESTS, "link-too-many");
    }
    let actor = Actor::OrganizationLink(organization.id);
    let begun = record(app, &actor, AuditAction::OrganizationLinkUsed, organization.id.0, &json!({}));
    came(app, organization, None, begun, address, headers, before).await
}

async fn came(
    app: &App,
    organization: &Organization,
    staff: Option<StaffId>,
    begun: AuditRecord,
    ClientAddress(address): ClientAddress,
    headers: &HeaderMap,
    before: Option<Visitor>,
) -> Result<Response, PageFailed> {
    let secret = NewSecret::draw()?;
    let now = app.now();
    let session = LinkSession {
        id: LinkSessionId(app.new_id()),
        organization_id: organization.id,
        staff_id: staff,
        token_hash: secret.hash,
        browser: browser::name(headers),
        address: address.to_string(),
        created_at: now,
    };
    let new = NewLinkSession {
        session,
        before: before.as_ref().map(Visitor::token_hash),
        left: before.as_ref().map(|visitor| visitor.left(app)),
        over: now.saturating_sub(millis(SESSION_LIFETIME)),
        begun,
    };
    if !app.store.begin_link_session(new).await? {
        return Ok(Redirect::to(SIGN_IN).into_response());
    }
    let mut response = Redirect::to(HOME).into_response();
    keep(app, &mut response, &secret.text, SESSION_LIFETIME.as_secs());
    Ok(response)
}

impl LinkVisit {
    /// Whether a session of it still holds.
    pub(super) fn holds(session: &LinkSession, now: i64) -> bool {
        now < after(session.created_at, SESSION_LIFETIME)
    }
}
