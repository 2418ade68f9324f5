//! `/my_profile/link/<...>`: the link with which an organization without portal users comes in (RS-05, decision C3).

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    look::Look,
    pages::{self, PageFailed, page},
    protected_form::ProtectedForm,
    signed_in::{Coming, HOME, SIGN_IN, keep, not_open},
    visitor::{LinkVisit, Visitor},
};
use crate::{
    app::{App, SharedApp},
    browser,
    changes::{record, staff::after},
    client_address::ClientAddress,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        delivery::millis,
        ids::{LinkSessionId, OrganizationId, StaffId},
        portal_user::{SESSION_LIFETIME, sign_in_key},
        website::MAIL_SPACING,
    },
    mail::website_mails,
    secrets::{self, NewSecret},
    store::{AuditRecord, LinkSession, Organization, StoreError, link_sessions::NewLinkSession},
};

/// Where links begin, below the portal's origin.
pub const PATH: &str = "/my_profile/link";
/// Where staff come into a portal that has a host of its own, whose cookies no other host can set.
const VIEW_PATH: &str = "/my_profile/view";
/// How long they have for it.
const VIEW_CODE_LIFETIME: Duration = Duration::from_mins(1);
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
    link_with(app, organization.id, &link_secret(app, organization))
}

/// An organization's link with something in the place of what is secret of it.
pub fn link_with(app: &App, organization: OrganizationId, secret: &str) -> String {
    app.looks.of_organization(organization).url(&format!("{PATH}/{secret}"))
}

/// What is secret of an organization's link.
pub fn link_secret(app: &App, organization: &Organization) -> String {
    token(app, organization)
}

/// What the link ends with.
pub fn token(app: &App, organization: &Organization) -> String {
    let message = message(organization.id, organization.link_generation);
    format!("{}-{}", organization.id.0.simple(), URL_SAFE_NO_PAD.encode(app.key.derive(PURPOSE, &message)))
}

/// Mails the link of an organization without portal users to its address, as it is stored (SYN-20). Nothing is said of whether
/// there is one (decision C2). Where several have this address, it is the link of the one that has been here the longest.
pub async fn mail_link(app: &App, look: &Look, typed: &str) -> anyhow::Result<()> {
    let Ok(email) = contact::email(typed) else { return Ok(()) };
    for organization in app.store.organizations_with_email(&sign_in_key(&email)).await? {
        let Some(stored) = organization.email.as_deref().filter(|_| look.is_of(app, organization.id)) else { continue };
        if organization.portal_available
            && organization.link_enabled
            && !app.store.has_portal_users(organization.id).await?
        {
            let mail = website_mails::organization_link(app, look, &organization, stored).await?;
            if app.store.insert_asked_mail(mail, None, app.now() - millis(MAIL_SPACING)).await? {
                app.wake_outbox();
            }
            break;
        }
    }
    Ok(())
}

/// Leads into the portal. Whoever is there as somebody else is asked first (RS-12); with a portal user the link leads to the
/// sign-in (RS-06).
pub async fn show(
    State(app): State<SharedApp>,
    Path(token): Path<String>,
    coming: Coming,
) -> Result<Response, PageFailed> {
    let look = Arc::clone(&coming.look);
    let organization = match led_to(&app, &look, &token).await? {
        LeadsTo::Organization(organization) => organization,
        LeadsTo::Elsewhere(response) => return Ok(response),
    };
    match Visitor::load(&app, &look, &coming.headers).await? {
        Some(Visitor::Link(visit)) if visit.organization.id == organization.id && visit.session.staff_id.is_none() => {
            Ok(Redirect::to(&look.at(HOME)).into_response())
        }
        Some(visitor) => {
            let (action, before) = (look.at(&format!("{PATH}/{token}")), visitor.name().to_owned());
            page(StatusCode::OK, &SwitchPage { look, action, organization: organization.name, before })
        }
        None => came_by_link(&app, &organization, &coming, None).await,
    }
}

/// Leaves what this browser was in before, and leads into the portal (RS-11).
pub async fn switch(
    State(app): State<SharedApp>,
    Path(token): Path<String>,
    coming: Coming,
    _: ProtectedForm,
) -> Result<Response, PageFailed> {
    match led_to(&app, &coming.look, &token).await? {
        LeadsTo::Organization(organization) => {
            let before = Visitor::load(&app, &coming.look, &coming.headers).await?;
            came_by_link(&app, &organization, &coming, before).await
        }
        LeadsTo::Elsewhere(response) => Ok(response),
    }
}

/// Where somebody of the staff sees the portal as an organization does.
pub enum StaffView {
    /// At the console's host.
    Here(Response),
    /// At this address of the portal's own host: a redirect there would not be followed from a form (CSP3 §6.4.1).
    There(String),
}

/// Shows somebody of the staff the portal as the organization sees it (SYN-46); with portal users it leads to the sign-in
/// (SYN-47).
pub async fn view_as(
    app: &App,
    organization: &Organization,
    (actor, staff): (&Actor, StaffId),
    coming: &Coming,
) -> Result<StaffView, PageFailed> {
    let look = &coming.look;
    if !look.is_open() {
        return not_open(look).map(StaffView::Here);
    }
    let is_elsewhere = look.place.own_host.is_some();
    if !lets_in(app, organization).await? {
        let here = || StaffView::Here(Redirect::to(&look.at(SIGN_IN)).into_response());
        return Ok(if is_elsewhere { StaffView::There(look.url(SIGN_IN)) } else { here() });
    }
    let begun = record(app, actor, AuditAction::PortalViewedAsOrganization, organization.id.0, &json!({}));
    if !is_elsewhere {
        let before = Visitor::load(app, look, &coming.headers).await?;
        return came(app, organization, Some(staff), begun, coming, before).await.map(StaffView::Here);
    }
    let code = NewSecret::draw()?;
    let lets_in = begins(app, organization, (Some(staff), begun), view_hash(&code.text), coming, None).await?;
    let there = if lets_in { format!("{VIEW_PATH}/{}", code.text) } else { SIGN_IN.to_owned() };
    Ok(StaffView::There(look.url(&there)))
}

/// Takes the code that the console gave, once and within a minute, for the cookie of this host.
pub async fn show_view(
    State(app): State<SharedApp>,
    Path(code): Path<String>,
    coming: Coming,
) -> Result<Response, PageFailed> {
    let look = &coming.look;
    if !look.is_open() {
        return not_open(look);
    }
    let begun = match secrets::hash(&code) {
        Some(_) => app.store.link_session(&view_hash(&code)).await?,
        None => None,
    };
    let Some((session, _)) = begun.filter(|(_, organization)| look.is_of(&app, organization.id)) else {
        return pages::message(look, StatusCode::GONE, "link-over");
    };
    let before = Visitor::load(&app, look, &coming.headers).await?;
    let secret = NewSecret::draw()?;
    let since = app.now().saturating_sub(millis(VIEW_CODE_LIFETIME));
    let (hash, left) = (before.as_ref().map(Visitor::token_hash), before.as_ref().map(|visitor| visitor.left(&app)));
    if !app.store.take_staff_view((&session, since), &secret.hash, (hash, left)).await? {
        return pages::message(look, StatusCode::GONE, "link-over");
    }
    Ok(into_portal(look, &secret))
}

/// As what a code stands in the store: as a cookie it opens nothing.
fn view_hash(code: &str) -> String {
    secrets::sha256(format!("staff view {code}").as_bytes())
}

/// Whether an organization's link lets in: it is switched on, and there is no portal user (invariant 4).
pub async fn lets_in(app: &App, organization: &Organization) -> Result<bool, StoreError> {
    Ok(organization.portal_available
        && organization.link_enabled
        && !app.store.has_portal_users(organization.id).await?)
}

enum LeadsTo {
    Organization(Organization),
    Elsewhere(Response),
}

async fn led_to(app: &App, look: &Arc<Look>, sent: &str) -> Result<LeadsTo, PageFailed> {
    if !look.is_open() {
        return not_open(look).map(LeadsTo::Elsewhere);
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
        Some(organization) if app.looks.portal_of(organization.id).is_none() => {
            pages::absent(look).map(LeadsTo::Elsewhere)
        }
        Some(organization) if !look.is_of(app, organization.id) => {
            let there = app.looks.of_organization(organization.id).url(&format!("{PATH}/{sent}"));
            Ok(LeadsTo::Elsewhere(Redirect::to(&there).into_response()))
        }
        Some(organization) if lets_in(app, &organization).await? => Ok(LeadsTo::Organization(organization)),
        Some(_) => Ok(LeadsTo::Elsewhere(Redirect::to(&look.at(SIGN_IN)).into_response())),
        None => pages::message(look, StatusCode::GONE, "link-over").map(LeadsTo::Elsewhere),
    }
}

fn message(id: OrganizationId, generation: i64) -> String {
    format!("{id} {generation}")
}

/// Whoever has the link can come as often as they like, but not so often that it costs the server something (S10).
async fn came_by_link(
    app: &App,
    organization: &Organization,
    coming: &Coming,
    before: Option<Visitor>,
) -> Result<Response, PageFailed> {
    if !app.limits.link_sessions.takes(organization.id, coming.address.0, app.now()) {
        return pages::message(&coming.look, StatusCode::TOO_MANY_REQUESTS, "link-too-many");
    }
    let actor = Actor::OrganizationLink(organization.id);
    let begun = record(app, &actor, AuditAction::OrganizationLinkUsed, organization.id.0, &json!({}));
    came(app, organization, None, begun, coming, before).await
}

async fn came(
    app: &App,
    organization: &Organization,
    staff: Option<StaffId>,
    begun: AuditRecord,
    coming: &Coming,
    before: Option<Visitor>,
) -> Result<Response, PageFailed> {
    let (secret, look) = (NewSecret::draw()?, &coming.look);
    if !begins(app, organization, (staff, begun), secret.hash.clone(), coming, before.as_ref()).await? {
        return Ok(Redirect::to(&look.at(SIGN_IN)).into_response());
    }
    Ok(into_portal(look, &secret))
}

/// Begins a session in the place of the one that the same browser had; `false`: the link lets nobody in.
async fn begins(
    app: &App,
    organization: &Organization,
    (staff_id, begun): (Option<StaffId>, AuditRecord),
    token_hash: String,
    Coming { headers, address: ClientAddress(address), .. }: &Coming,
    before: Option<&Visitor>,
) -> Result<bool, StoreError> {
    let now = app.now();
    let session = LinkSession {
        id: LinkSessionId(app.new_id()),
        organization_id: organization.id,
        staff_id,
        token_hash,
        browser: browser::name(headers),
        address: address.to_string(),
        created_at: now,
    };
    let new = NewLinkSession {
        session,
        before: before.map(Visitor::token_hash),
        left: before.map(|visitor| visitor.left(app)),
        over: now.saturating_sub(millis(SESSION_LIFETIME)),
        begun,
    };
    app.store.begin_link_session(new).await
}

fn into_portal(look: &Look, secret: &NewSecret) -> Response {
    let mut response = Redirect::to(&look.at(HOME)).into_response();
    keep(look, &mut response, &secret.text, SESSION_LIFETIME.as_secs());
    response
}

impl LinkVisit {
    /// Whether a session of it still holds.
    pub(super) fn holds(session: &LinkSession, now: i64) -> bool {
        now < after(session.created_at, SESSION_LIFETIME)
    }
}
