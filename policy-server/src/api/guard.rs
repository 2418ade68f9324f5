//! Which program may make which request. A route can only be added together with what it asks for and says of itself; the
//! table that the routes are added to is the one that the description is made of and that the tests walk through (S1).

use std::time::Duration;

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::{Method, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::timeout::TimeoutLayer;

use super::{
    caller::Caller,
    description::{Described, Operation},
    idempotency,
};
use crate::{
    app::SharedApp,
    domain::role::Permission,
    problems::Refused,
    router::{FILES_TIME_LIMIT, TIME_LIMIT},
};

/// A request that programs can make, and what it asks of their token.
#[derive(Debug, Clone)]
pub struct ApiRoute {
    /// By which method.
    pub method: Method,
    /// With `{…}` for what varies.
    pub path: String,
    /// What it asks for.
    pub permission: Permission,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// Its name for programs: module and function.
    pub operation_id: String,
    /// Whether it is there under another name, too.
    pub is_alias: bool,
    /// What it takes and gives.
    pub(crate) describe: fn(&mut Operation<'_>),
    pub(super) time_limit: Duration,
}

/// Guarded requests.
#[derive(Default)]
pub(crate) struct Routes(Vec<Group>);

/// The requests about one kind of thing.
pub(crate) struct Group {
    /// What it is called.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) about: &'static str,
    routes: Vec<(ApiRoute, MethodRouter<SharedApp>)>,
}

impl ApiRoute {
    /// Whether it takes an `Idempotency-Key`: the other methods can be sent again as they are.
    pub(super) fn may_be_sent_again(&self) -> bool {
        self.method == Method::POST && self.permission != Permission::Look
    }
}

impl Group {
    /// What was added.
    pub(super) fn routes(&self) -> impl Iterator<Item = &ApiRoute> {
        self.routes.iter().map(|(route, _)| route)
    }
}

impl Routes {
    /// What follows is about this.
    pub(crate) fn about(mut self, name: &'static str, about: &'static str) -> Self {
        self.0.push(Group { name, about, routes: Vec::new() });
        self
    }

    /// Reads.
    pub(crate) fn get<H: Handler<T, SharedApp> + Described<D>, T: 'static, D>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with::<H, D>(Method::GET, path, permission, summary, on(MethodFilter::GET, handler))
    }

    /// Makes something, or does something to it.
    pub(super) fn post<H: Handler<T, SharedApp> + Described<D>, T: 'static, D>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with::<H, D>(Method::POST, path, permission, summary, on(MethodFilter::POST, handler))
    }

    /// Makes something of what comes with files, which may take long.
    pub(super) fn post_files<H: Handler<T, SharedApp> + Described<D>, T: 'static, D>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        let mut routes = self.post(path, permission, summary, handler);
        if let Some((route, _)) = routes.0.last_mut().and_then(|group| group.routes.last_mut()) {
            route.time_limit = FILES_TIME_LIMIT;
        }
        routes
    }

    /// Puts something in the place of what is there.
    pub(super) fn put<H: Handler<T, SharedApp> + Described<D>, T: 'static, D>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with::<H, D>(Method::PUT, path, permission, summary, on(MethodFilter::PUT, handler))
    }

    /// Changes some fields.
    pub(super) fn patch<H: Handler<T, SharedApp> + Described<D>, T: 'static, D>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with::<H, D>(Method::PATCH, path, permission, summary, on(MethodFilter::PATCH, handler))
    }

    /// Takes something away.
    pub(super) fn delete<H: Handler<T, SharedApp> + Described<D>, T: 'static, D>(
        self,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: H,
    ) -> Self {
        self.with::<H, D>(Method::DELETE, path, permission, summary, on(MethodFilter::DELETE, handler))
    }

    /// Everything below `path` under another name, too (SYN-01).
    pub(super) fn also(mut self, path: &str, name: &str) -> Self {
        for group in &mut self.0 {
            let renamed = group.routes.iter().filter_map(|(route, handler)| {
                let rest = route.path.strip_prefix(path)?;
                let path = (rest.is_empty() || rest.starts_with('/')).then(|| format!("{name}{rest}"))?;
                Some((ApiRoute { path, is_alias: true, ..route.clone() }, handler.clone()))
            });
            let renamed: Vec<_> = renamed.collect();
            group.routes.extend(renamed);
        }
        self
    }

    /// What was added, thing by thing.
    pub(super) fn groups(self) -> Vec<Group> {
        self.0
    }

    /// What was added.
    pub(crate) fn table(self) -> Vec<ApiRoute> {
        self.0.into_iter().flat_map(|group| group.routes).map(|(route, _)| route).collect()
    }

    /// The handlers behind their guards.
    pub(crate) fn router(self, app: &SharedApp) -> Router<SharedApp> {
        self.0.into_iter().flat_map(|group| group.routes).fold(Router::new(), |router, (route, handler)| {
            let guard = from_fn_with_state((app.clone(), route.permission), guard);
            let handler = if route.may_be_sent_again() {
                handler.route_layer(from_fn_with_state(app.clone(), idempotency::once))
            } else {
                handler
            };
            let in_time = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, route.time_limit);
            router.route(&route.path, handler.route_layer(guard).route_layer(in_time))
        })
    }

    fn with<H: Described<D>, D>(
        mut self,
        method: Method,
        path: &str,
        permission: Permission,
        summary: &'static str,
        handler: MethodRouter<SharedApp>,
    ) -> Self {
        let name: Vec<_> = std::any::type_name::<H>().rsplit("::").take(2).collect();
        let route = ApiRoute {
            method,
            path: path.to_owned(),
            permission,
            summary,
            operation_id: name.into_iter().rev().collect::<Vec<_>>().join("_"),
            is_alias: false,
            time_limit: TIME_LIMIT,
            describe: <H as Described<D>>::describe,
        };
        if let Some(group) = self.0.last_mut() {
            group.routes.push((route, handler));
        }
        self
    }
}

/// Lets a request through that carries a token whose role may make it. Nothing of the request is read before.
async fn guard(
    State((app, permission)): State<(SharedApp, Permission)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let (caller, may_work) = Caller::load(&app, request.headers(), permission).await?;
    request.extensions_mut().insert(caller);
    request.extensions_mut().insert(may_work);
    Ok(next.run(request).await)
}
