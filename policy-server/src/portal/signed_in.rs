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
    pages::{self, PageFailed},
};
use crate::{
    app::{App, SharedApp},
    browser,
    changes::{record, staff::after},
    client_address::ClientAddress,
    domain::{
        access::TicketScope,
        audit::{Actor, AuditAction},
        ids::PortalSessionId,
        portal_user::{PortalPermission, PortalUserState, Roles, SESSION_IDLE, SESSION_LIFETIME},
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
}

impl SignedIn {
    /// Who comes with this request's cookie.
    pub async fn load(app: &App, headers: &HeaderMap) -> Result<Option<Self>, PageFailed> {
        let look = app.look.get();
        let hash = portal_cookie(headers, &look.portal).as_deref().and_then(secrets::hash);
        let Some(hash) = hash.filter(|_| look.portal.published) else { return Ok(None) };
        let found = app.store.portal_session(&hash).await?;
        let found = found.filter(|(session, owner)| holds(session, app.now()) && can_sign_in(owner));
        Ok(found.map(|(session, portal_user)| Self { look, portal_user, session }))
    }

    /// Whose tickets they see; nobody's where their group lets them see none.
    pub fn tickets(&self) -> Option<TicketScope> {
        let PortalUser { permission_group, organization_id, end_user_id, is_user, is_admin, .. } = self.portal_user;
        let roles = Roles { user: is_user, admin: is_admin };
        permission_group.may(PortalPermission::ViewTickets).then(|| roles.tickets(organization_id, end_user_id))
    }

    /// A record of what they did with their own account.
    pub fn record(&self, app: &App, action: AuditAction) -> AuditRecord {
        by(app, &self.portal_user, action)
    }
}

impl FromRequestParts<SharedApp> for SignedIn {
    type Rejection = Result<Response, PageFailed>;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Self::Rejection> {
        if !app.look.get().portal.published {
            return Err(not_published(app));
        }
        let Some(signed_in) = Self::load(app, &parts.headers).await.map_err(Err)? else {
            return Err(Ok(Redirect::to(SIGN_IN).into_response()));
        };
        if parts.method != Method::GET && !browser::is_our_own(app, &parts.headers) {
            return Err(pages::message(app, StatusCode::FORBIDDEN, "refused-form"));
        }
        if app.now() - signed_in.session.used_at >= TOUCH_EVERY_MILLIS {
            let touched = app.store.touch_portal_session(signed_in.session.id, app.now()).await;
            touched.map_err(|error| Err(error.into()))?;
        }
        Ok(signed_in)
    }
}

/// The page of a portal that is not open yet.
pub fn not_published(app: &App) -> Result<Response, PageFailed> {
    pages::message(app, StatusCode::FORBIDDEN, "not-published")
}

/// Whether somebody may sign in: active, and of a group that lets them in (decision C6).
pub fn can_sign_in(portal_user: &PortalUser) -> bool {
    portal_user.state == PortalUserState::Active && portal_user.permission_group.may(PortalPermission::Access)
}

/// Begins a session of somebody who has just proven who they are, and leads to the portal's home. The session that this
/// browser had before is over, whoever's it was (S17). `None`: they can no longer sign in.
pub async fn sign_in(
    app: &App,
    portal_user: &PortalUser,
    headers: &HeaderMap,
    ClientAddress(address): ClientAddress,
) -> Result<Option<Response>, PageFailed> {
    let before = SignedIn::load(app, headers).await?.map(|signed_in| signed_in.session.id);
    let secret = NewSecret::draw()?;
    let now = app.now();
    let session = PortalSession {
        id: PortalSessionId(app.new_id()),
        portal_user_id: portal_user.id,
        token_hash: secret.hash,
        browser: browser::name(headers),
        address: address.to_string(),
        created_at: now,
        used_at: now,
    };
    let over = 2 * now - after(now, SESSION_LIFETIME);
    let record = by(app, portal_user, AuditAction::PortalUserSignedIn);
    if !app.store.begin_portal_session(session, before, over, record).await? {
        return Ok(None);
    }
    let mut response = Redirect::to(HOME).into_response();
    keep(app, &mut response, &secret.text, SESSION_LIFETIME.as_secs());
    Ok(Some(response))
}

/// Back to the sign-in page, with the cookie gone.
pub fn leave(app: &App) -> Response {
    let mut response = Redirect::to(SIGN_IN).into_response();
    keep(app, &mut response, "", 0);
    response
}

/// Whether a session still holds.
pub fn holds(session: &PortalSession, now: UnixMillis) -> bool {
    now < after(session.created_at, SESSION_LIFETIME) && now < after(session.used_at, SESSION_IDLE)
}

fn keep(app: &App, response: &mut Response, secret: &str, age: u64) {
    if let Some(cookie) = set_portal_cookie(&app.look.get().portal, secret, age) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

fn by(app: &App, portal_user: &PortalUser, action: AuditAction) -> AuditRecord {
    let actor = Actor::PortalUser(portal_user.id);
    record(app, &actor, action, portal_user.id.0, &serde_json::json!({}))
}
