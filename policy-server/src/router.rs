//! Every route, on one screen. What is below each prefix stands in its module's `routes()`.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, header},
    middleware::{from_fn_with_state, map_response},
    response::Response,
    routing::get,
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer};

use crate::{
    agent_api, api,
    app::SharedApp,
    console, health,
    json_body::MAX_JSON_BYTES,
    metrics, packages, portal,
    portal::{pages, prefix},
    requests,
    routes::{self, Table},
};

/// The longest that a request other than an agent's poll may take.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The longest that a form with files may take: 200 MB in 30 minutes is 1 Mbit/s. A sender that stops is cut off earlier.
pub(crate) const FILES_TIME_LIMIT: Duration = Duration::from_mins(30);

/// The whole server.
pub fn router(app: SharedApp) -> Router {
    let in_time = || TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT);
    let with_files = || TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, FILES_TIME_LIMIT);
    let shown = |pages: Router<SharedApp>, files: Router<SharedApp>| {
        pages
            .layer(CompressionLayer::new())
            .layer(in_time())
            .merge(files.layer(with_files()))
            .layer(from_fn_with_state(app.clone(), pages::failed_page))
            .layer(map_response(with_page_headers))
    };
    let below_prefix = shown(portal::routes().fallback(pages::not_found), portal::file_routes());
    let below_prefix = below_prefix.with_state(SharedApp::clone(&app));
    let pages = shown(
        portal::routes().merge(console::routes(&app)).merge(routes::router(icon_table())),
        portal::file_routes().merge(console::file_routes(&app)).merge(routes::router(package_table())),
    )
    .fallback(async move |State(app): State<SharedApp>, request: Request| {
        prefix::answer(&app, below_prefix.clone(), request).await
    });
    Router::new()
        .nest(agent_api::BASE, agent_api::routes())
        .nest(api::BASE, api::routes(&app))
        .merge(routes::router(health_table()).layer(in_time()))
        .merge(metrics::guarded().router(&app))
        .merge(pages)
        // Together: each call of `layer` would cost every request a box and every agent that waits its memory.
        .layer((
            CatchPanicLayer::new(),
            from_fn_with_state(app.clone(), requests::observe),
            DefaultBodyLimit::max(MAX_JSON_BYTES),
        ))
        .with_state(app)
}

/// Every path of the server beside those that ask for a role: `console::table()` and `api::table()` have these.
pub fn paths() -> Vec<String> {
    let below = [("", portal::table()), (agent_api::BASE, agent_api::table()), ("", console::open_table())];
    let own = [(api::BASE, api::open_table()), ("", health_table()), ("", icon_table()), ("", package_table())];
    let mut paths: Vec<_> = below.into_iter().chain(own).flat_map(|(base, table)| routes::paths(base, table)).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn health_table() -> Table {
    vec![("/healthz", get(health::healthz)), ("/readyz", get(health::readyz))]
}

fn icon_table() -> Table {
    vec![("/static/icon.svg", get(icon))]
}

fn package_table() -> Table {
    vec![("/packages/{sha256}/{file}", get(packages::download))]
}

async fn with_page_headers(mut response: Response) -> Response {
    for (name, value) in pages::page_headers() {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

async fn icon() -> ([(header::HeaderName, &'static str); 2], &'static str) {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_str!("../static/icon.svg"))
}
