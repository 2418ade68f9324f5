//! `/portal/<prefix>/…`: a portal that has no host of its own is here; one that has is led to (ZOH-36, decision C12).

use std::convert::Infallible;

use axum::{
    Router,
    extract::Request,
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
use tower::ServiceExt as _;

use super::{looks::BelowPrefix, signed_in::HOME};
use crate::app::App;

/// Where prefixes are.
const BELOW: &str = "/portal/";
/// The home page as other portals of this field call it.
const HOME_PAGE: &str = "/HomePage.do";

/// Answers what no other route does: below a portal's prefix as that portal, with its `pages`; elsewhere that there is no page.
pub async fn answer(app: &App, pages: Router, mut request: Request) -> Result<Response, Infallible> {
    if let Some((prefix, path)) = split(request.uri().path())
        && let Some(look) = app.looks.with_prefix(prefix)
    {
        let path = if path == HOME_PAGE { HOME } else { path };
        let query = request.uri().query().map_or(String::new(), |query| format!("?{query}"));
        let path = format!("{path}{query}");
        if look.place.base.is_empty() {
            return Ok(Redirect::to(&look.url(&path)).into_response());
        }
        if let Ok(uri) = path.parse::<Uri>() {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(BelowPrefix(look.portal.id));
        }
    }
    pages.oneshot(request).await
}

/// A prefix, and the path below it.
fn split(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix(BELOW)?;
    Some(rest.find('/').map_or((rest, "/"), |at| rest.split_at(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_a_prefix_is_a_path_of_the_portal() {
        assert_eq!(split("/portal/acme/my_profile"), Some(("acme", "/my_profile")));
        assert_eq!(split("/portal/acme"), Some(("acme", "/")));
        assert_eq!(split("/portal/acme/"), Some(("acme", "/")));
        assert_eq!(split("/portals/acme/"), None);
    }
}
