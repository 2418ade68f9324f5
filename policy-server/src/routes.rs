//! Routes as tables, so that a test can walk through all of them (S1). What asks for a role has tables of its own:
//! `console/guard.rs` and `api/guard.rs`.

use axum::{Router, routing::MethodRouter};

use crate::app::SharedApp;

/// Paths, with `{…}` for what varies, and who answers there.
pub type Table = Vec<(&'static str, MethodRouter<SharedApp>)>;

/// The routes of a table.
pub fn router(table: Table) -> Router<SharedApp> {
    table.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

/// The paths of a table, below `base`.
pub fn paths(base: &str, table: Table) -> impl Iterator<Item = String> {
    table.into_iter().map(move |(path, _)| format!("{base}{path}"))
}
