//! Who is signed in to the portal, read anew at each request (invariant 15): state, group and end user count from the next
//! request of every live session.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use deskbell_protocol::UnixMillis;

use super::{
    cookies::{portal_cookie, set_portal_cookie},
    look::Look,
    looks::Here,
    pages::{self, PageFailed},
    visitor::{Head, ways},
};
use crate::{
    app::{App, SharedApp},
    browser,
    changes::{record, staff::after},
    client_address::ClientAddress,
    domain::{
        access::{ComputerScope, TicketScope},
        audit::{Actor, AuditAction},
        delivery::millis,
        ids::{PortalSessionId, SiteId},
        portal_user::{PortalPermission, PortalUserState, REMEMBERED_LIFETIME, Roles, SESSION_IDLE, SESSION_LIFETIME},
    },
    secrets::{self, NewSecret},
    store::{AuditRecord, PortalSession, PortalUser},
};

/// Where one signs in.
pub const SIGN_IN: &str = "/my_profile/user_login";
/// Where one comes to afterwards.
pub const HOME: &str = "/my_profile/v2/index";
/// A session's last use is written down at most this often.
const TOUCH_EVERY_MILLIS: UnixMillis = 60 * 1000;

/// A portal user in a session that holds, of a portal that is published, with a group that lets them in.
pub struct SignedIn {
    /// What is around the page.
    pub look: Arc<Look>,
    /// Who.
    pub portal_user: PortalUser,
    /// In which session.
    pub session: PortalSession,
    /// At which site their end user is, where it matters.
    pub site: Option<SiteId>,
}

/// A browser that comes to a portal, and from where.
pub struct Coming {
    /// What is around the pages there.
    pub look: Arc<Look>,
    /// What it sent.
    pub headers: HeaderMap,
    /// From where.
    pub address: ClientAddress,
}

impl SignedIn {
    /// Who comes with this request's cookie. People of an organization come into its portal alone.
    pub async fn load(app: &App, look: &Arc<Look>, headers: &HeaderMap) -> Result<Option<Self>, PageFailed> {
        let look = Arc::clone(look);
        let hash = portal_cookie(headers, &look.portal).as_deref().and_then(secrets::hash);
        let Some(hash) = hash.filter(|_| look.is_open()) else { return Ok(None) };
        let found = app.store.portal_session(&hash).await?;
        let found = found.filter(|(session, owner)| holds(session, app.now()) && can_sign_in(app, &look, owner));
        let Some((session, portal_user)) = found else { return Ok(None) };
        let end_user = match portal_user.end_user_id.filter(|_| portal_user.site_only) {
            Some(id) => app.store.end_user(id).await?,
            None => None,
        };
        let site = end_user.and_then(|row| row.site_id);
        Ok(Some(Self { look, portal_user, session, site }))
    }

    /// Whose tickets their roles reach.
    pub fn tickets(&self) -> TicketScope {
        let PortalUser { id, organization_id, end_user_id, is_user, is_admin, site_only, .. } = self.portal_user;
        let roles = Roles { user: is_user, admin: is_admin, site_only };
        roles.tickets(id, organization_id, end_user_id, self.site)
    }

    /// Whose computers their roles reach.
    pub fn computers(&self) -> ComputerScope {
        let PortalUser { organization_id, end_user_id, is_user, is_admin, site_only, .. } = self.portal_user;
        Roles { user: is_user, admin: is_admin, site_only }.computers(organization_id, end_user_id, self.site)
    }

    /// Whether their group allows this.
    pub fn may(&self, permission: PortalPermission) -> bool {
        self.look.groups.may(&self.portal_user.group_key, permission)
    }

    /// What stands at the head of their pages.
    pub fn head(&self) -> Head {
        let ways = ways(&self.look, true, |permission| self.may(permission));
        Head { person: self.portal_user.sign_in_name.clone(), has_account: true, ways, staff_view: false }
    }

    /// Writes down that the session was used.
    pub async fn touch(&self, app: &App) -> Result<(), PageFailed> {
        if app.now() - self.session.used_at >= TOUCH_EVERY_MILLIS {
            app.store.touch_portal_session(self.session.id, app.now()).await?;
        }
        Ok(())
    }

    /// A record of what they did with their own account.
    pub fn record(&self, app: &App, action: AuditAction) -> AuditRecord {
        by(app, &self.portal_user, action)
    }
}

impl FromRequestParts<SharedApp> for Coming {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Self::Rejection> {
        let Ok(Here(look)) = Here::from_request_parts(parts, app).await;
        let address = ClientAddress::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        Ok(Self { look, headers: parts.headers.clone(), address })
    }
}

impl FromRequestParts<SharedApp> for SignedIn {
    type Rejection = Result<Response, PageFailed>;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Self::Rejection> {
        let Ok(Here(look)) = Here::from_request_parts(parts, app).await;
        if !look.is_open() {
            return Err(not_open(&look));
        }
        let Some(signed_in) = Self::load(app, &look, &parts.headers).await.map_err(Err)? else {
            return Err(Ok(Redirect::to(&look.at(SIGN_IN)).into_response()));
        };
        if parts.method != Method::GET && !browser::is_our_own(&look.place.origin, &parts.headers) {
            return Err(pages::message(&look, StatusCode::FORBIDDEN, "refused-form"));
        }
        signed_in.touch(app).await.map_err(Err)?;
        Ok(signed_in)
    }
}

/// The page of a portal that is not published, or no more than the tray's form (SYN-39).
pub fn not_open(look: &Arc<Look>) -> Result<Response, PageFailed> {
    let why = if look.portal.published { "tray-form-only" } else { "not-published" };
    pages::message(look, StatusCode::FORBIDDEN, why)
}

/// Whether somebody may sign in here: active, of a group that lets them in (decision C6), and of an organization that has this
/// portal.
pub fn can_sign_in(app: &App, look: &Look, portal_user: &PortalUser) -> bool {
    portal_user.state == PortalUserState::Active
        && look.groups.may(&portal_user.group_key, PortalPermission::Access)
        && look.is_of(app, portal_user.organization_id)
}

/// Begins a session of somebody who has just proven who they are, and leads to the portal's home. The session that this
/// browser had before is over, whoever's it was (S17). `None`: they can no longer sign in.
pub async fn sign_in(
    app: &App,
    portal_user: &PortalUser,
    Coming { look, headers, address: ClientAddress(address) }: &Coming,
    remembered: bool,
) -> Result<Option<Response>, PageFailed> {
    let before = portal_cookie(headers, &look.portal).as_deref().and_then(secrets::hash);
    let secret = NewSecret::draw()?;
    let now = app.now();
    let session = PortalSession {
        id: PortalSessionId(app.new_id()),
        portal_user_id: portal_user.id,
        token_hash: secret.hash,
        browser: browser::name(headers),
        address: address.to_string(),
        remembered,
        created_at: now,
        used_at: now,
    };
    let over = now.saturating_sub(millis(REMEMBERED_LIFETIME));
    let record = by(app, portal_user, AuditAction::PortalUserSignedIn);
    if !app.store.begin_portal_session(session, before.as_deref(), over, record).await? {
        return Ok(None);
    }
    let mut response = Redirect::to(&look.at(HOME)).into_response();
    let lifetime = if remembered { REMEMBERED_LIFETIME } else { SESSION_LIFETIME };
    keep(look, &mut response, &secret.text, lifetime.as_secs());
    Ok(Some(response))
}

/// Back to the sign-in page, with the cookie gone.
pub fn leave(look: &Look) -> Response {
    let mut response = Redirect::to(&look.at(SIGN_IN)).into_response();
    keep(look, &mut response, "", 0);
    response
}

/// Whether a session still holds.
pub fn holds(session: &PortalSession, now: UnixMillis) -> bool {
    if session.remembered {
        now < after(session.created_at, REMEMBERED_LIFETIME)
    } else {
        now < after(session.created_at, SESSION_LIFETIME) && now < after(session.used_at, SESSION_IDLE)
    }
}

/// Has the browser keep a secret for so many seconds.
pub fn keep(look: &Look, response: &mut Response, secret: &str, age: u64) {
    if let Some(cookie) = set_portal_cookie(&look.portal, secret, age) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

fn by(app: &App, portal_user: &PortalUser, action: AuditAction) -> AuditRecord {
    let actor = Actor::PortalUser(portal_user.id);
    record(app, &actor, action, portal_user.id.0, &serde_json::json!({}))
}
