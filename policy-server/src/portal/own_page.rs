//! `/my_profile/v2/pages/{page}`: a page of the MSP's own, which a portal's design has (RES-12).

use std::sync::Arc;

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};

use super::{
    look::Look,
    pages::{self, PageFailed, page},
    visitor::{Head, Visitor},
};
use crate::domain::article::markdown;

/// Where they are.
pub(super) const PAGES: &str = "/my_profile/v2/pages";

#[derive(Template)]
#[template(path = "portal/own_page.html")]
struct OwnPage {
    look: Arc<Look>,
    head: Head,
    title: String,
    /// The text, as harmless HTML (S16).
    html: String,
}

/// One of them, for whoever is in the portal.
pub(super) async fn show(Path(id): Path<String>, visitor: Visitor) -> Result<Response, PageFailed> {
    let look = Arc::clone(visitor.look());
    let found = id.parse().ok().and_then(|id| look.design().page(id));
    let Some((title, text)) = found else { return pages::absent(&look) };
    let (title, html) = (title.to_owned(), markdown::html(text, |path| look.at(path)));
    page(StatusCode::OK, &OwnPage { head: visitor.head(), title, html, look })
}
