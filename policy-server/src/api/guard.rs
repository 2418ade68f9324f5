//! Which program may make which request. A route can only be added together with what it asks for, and the table that the
//! routes are added to is the one that the tests walk through (S1).

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};

use super::caller::Caller;
use crate::{app::SharedApp, domain::role::Permission, problems::Refused};

/// A request that programs can make, and what it asks of their token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRoute {
    /// By which method.
    pub method: Method,
    /// With `{…}` for what varies.
    pub path: String,
    /// What it asks for.
    pub permission: Permission,
    /// What it does, in a few words.
    pub summary: &'static str,
}

/// Guarded requests.
#[derive(Default)]
pub(crate) struct Routes(Vec<(ApiRoute, MethodRouter<SharedApp>)>);

impl Routes {
    /// Reads.
    pub(crate) fn get<H: Handler<T, SharedApp>, T: 'static>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with(Method::GET, path, permission, summary, on(MethodFilter::GET, handler))
    }

    /// Makes something, or does something to it.
    pub(super) fn post<H: Handler<T, SharedApp>, T: 'static>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with(Method::POST, path, permission, summary, on(MethodFilter::POST, handler))
    }

    /// Puts something in the place of what is there.
    pub(super) fn put<H: Handler<T, SharedApp>, T: 'static>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with(Method::PUT, path, permission, summary, on(MethodFilter::PUT, handler))
    }

    /// Changes some fields.
    pub(super) fn patch<H: Handler<T, SharedApp>, T: 'static>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with(Method::PATCH, path, permission, summary, on(MethodFilter::PATCH, handler))
    }

    /// Takes something away.
    pub(super) fn delete<H: Handler<T, SharedApp>, T: 'static>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with(Method::DELETE, path, permission, summary, on(MethodFilter::DELETE, handler))
    }

    /// Everything below `path` under another name, too (SYN-01).
    pub(super) fn also(mut self, path: &str, name: &str) -> Self {
        let below = |route: &ApiRoute| {
            let rest = route.path.strip_prefix(path)?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{name}{rest}"))
        };
        let renamed = self.0.iter().filter_map(|(route, handler)| {
            below(route).map(|path| (ApiRoute { path, ..route.clone() }, handler.clone()))
        });
        let renamed: Vec<_> = renamed.collect();
        self.0.extend(renamed);
        self
    }

    /// What was added.
    pub(crate) fn table(self) -> Vec<ApiRoute> {
        self.0.into_iter().map(|(route, _)| route).collect()
    }

    /// The handlers behind their guards.
    pub(crate) fn router(self, app: &SharedApp) -> Router<SharedApp> {
        self.0.into_iter().fold(Router::new(), |router, (route, handler)| {
            let guard = from_fn_with_state((app.clone(), route.permission), guard);
            router.route(&route.path, handler.route_layer(guard))
        })
    }

    fn with(
        mut self,
        method: Method,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: MethodRouter<SharedApp>,
    ) -> Self {
        self.0.push((ApiRoute { method, path: path.to_owned(), permission, summary }, handler));
        self
    }
}

/// Lets a request through that carries a token whose role may make it. Nothing of the request is read before.
async fn guard(
    State((app, permission)): State<(SharedApp, Permission)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let caller = Caller::load(&app, request.headers(), permission).await?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}
