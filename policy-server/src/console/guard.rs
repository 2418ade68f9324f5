//! Who may come to which page. A page can only be added together with what it asks for, and the table that the pages are
//! added to is the one that the tests walk through (S1).

use axum::{
    Extension, Router,
    extract::{FromRequestParts, Request, State},
    handler::Handler,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{layout, sign_in::staff_cookie};
use crate::{
    app::{App, SharedApp},
    browser::is_our_own,
    domain::{
        audit::Actor,
        role::Permission,
        staff::{SessionStep, holds},
    },
    portal::pages::PageFailed,
    secrets,
    store::{Staff, StaffSession},
};

/// A session's last use is written down at most this often.
const TOUCH_EVERY_MILLIS: i64 = 60 * 1000;

/// A page and what it asks of whoever comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardedRoute {
    /// GET or POST.
    pub method: Method,
    /// With `{…}` for what varies.
    pub path: &'static str,
    /// What it asks for.
    pub permission: Permission,
}

/// Guarded pages.
#[derive(Default)]
pub(super) struct Routes(Vec<(GuardedRoute, MethodRouter<SharedApp>)>);

/// Somebody of the staff, signed in, who may come to the page that they asked for.
#[derive(Debug, Clone)]
pub(super) struct SignedIn {
    /// Who.
    pub(super) staff: Staff,
    /// In which session.
    pub(super) session: StaffSession,
}

impl SignedIn {
    /// Who does what this request does.
    pub(super) fn actor(&self) -> Actor {
        Actor::Staff { id: self.staff.id, name: self.staff.name.clone(), role: self.staff.role }
    }

    /// Whether a button for this should be shown.
    pub(super) fn may(&self, permission: Permission) -> bool {
        self.staff.role.may(permission)
    }

    /// Who comes with this request's cookie.
    pub(super) async fn load(app: &App, headers: &HeaderMap, step: SessionStep) -> Result<Option<Self>, PageFailed> {
        let Some(hash) = staff_cookie(headers).as_deref().and_then(secrets::hash) else { return Ok(None) };
        let found = app.store.staff_session(&hash).await?;
        Ok(found.map(|(session, staff)| Self { staff, session }).filter(|Self { session, .. }| {
            session.step == step && holds(session.step, session.created_at, session.used_at, app.now())
        }))
    }
}

impl FromRequestParts<SharedApp> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &SharedApp) -> Result<Self, Response> {
        let guarded = Extension::<Self>::from_request_parts(parts, state).await;
        guarded.map(|Extension(signed_in)| signed_in).map_err(IntoResponse::into_response)
    }
}

impl Routes {
    /// A page to look at.
    pub(super) fn get<H: Handler<T, SharedApp>, T: 'static>(
        self,
        path: &'static str,
        permission: Permission,
        handler: H,
    ) -> Self {
        self.with(Method::GET, path, permission, on(MethodFilter::GET, handler))
    }

    /// A form that changes what the MSP manages.
    pub(super) fn post<H: Handler<T, SharedApp>, T: 'static>(
        self,
        path: &'static str,
        permission: Permission,
        handler: H,
    ) -> Self {
        self.with(Method::POST, path, permission, on(MethodFilter::POST, handler))
    }

    /// A form that changes nothing but the account of whoever sends it.
    pub(super) fn own_post<H: Handler<T, SharedApp>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.post(path, Permission::Look, handler)
    }

    /// What was added.
    pub(super) fn table(self) -> Vec<GuardedRoute> {
        self.0.into_iter().map(|(route, _)| route).collect()
    }

    /// The pages behind their guards.
    pub(super) fn router(self, app: &SharedApp) -> Router<SharedApp> {
        self.0.into_iter().fold(Router::new(), |router, (route, pages)| {
            let guard = from_fn_with_state((app.clone(), route.permission), guard);
            router.route(route.path, pages.layer(guard))
        })
    }

    fn with(
        mut self,
        method: Method,
        path: &'static str,
        permission: Permission,
        pages: MethodRouter<SharedApp>,
    ) -> Self {
        self.0.push((GuardedRoute { method, path, permission }, pages));
        self
    }
}

async fn guard(
    State((app, permission)): State<(SharedApp, Permission)>,
    request: Request,
    next: Next,
) -> Result<Response, PageFailed> {
    let Some(signed_in) = SignedIn::load(&app, request.headers(), SessionStep::SignedIn).await? else {
        return Ok(to_sign_in(&request));
    };
    if !request.method().is_safe() && !is_our_own(&app.origin, request.headers()) {
        return layout::refused(&app, &signed_in, "This form did not come from the console", "Open the page again.");
    }
    if !signed_in.may(permission) {
        let text = format!("Your role, {}, does not allow this. Ask an administrator.", signed_in.staff.role.title());
        return layout::refused(&app, &signed_in, "Not allowed", &text);
    }
    if app.now() - signed_in.session.used_at >= TOUCH_EVERY_MILLIS {
        app.store.touch_staff_session(signed_in.session.id, app.now()).await?;
    }
    let mut request = request;
    request.extensions_mut().insert(signed_in);
    Ok(next.run(request).await)
}

/// A page leads to the sign-in and from there back; a form does not, since what it says would be lost on the way.
fn to_sign_in(request: &Request) -> Response {
    if request.method() != Method::GET {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, "/users/sign_in")]).into_response();
    }
    let asked = request.uri().path_and_query().map_or("/console", |path| path.as_str());
    Redirect::to(&format!("/users/sign_in?next={}", utf8_percent_encode(asked, NON_ALPHANUMERIC))).into_response()
}
