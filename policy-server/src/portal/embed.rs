//! `/embed/*`: forms that stand on the MSP's own website, and their pages on the portal's origin. None of them uses a cookie or
//! a script: they work where browsers block both.

pub mod check_in;
mod form_token;
pub mod login;
pub mod look_up;
pub mod status;

use std::{iter, sync::Arc};

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{
    look::Look,
    pages::{PageFailed, page},
};
use crate::{
    app::App,
    browser,
    domain::{ids::OrganizationId, website::frame_ancestors},
};

/// A page without a form, which can stand in a frame.
#[derive(Template)]
#[template(path = "portal/embedded_message.html")]
struct EmbeddedMessage {
    look: Arc<Look>,
    framed: bool,
    title: String,
    text: String,
}

/// Whose the tickets of this portal's website are; absent: there is no form, or the organization no longer has this portal.
fn check_in_organization(app: &App, look: &Look) -> Option<OrganizationId> {
    let chosen = look.portal.embed_organization_id.filter(|_| look.portal.published);
    chosen.filter(|id| look.is_of(app, *id))
}

/// Whether a form was sent by a page of the portal itself, or of the MSP's website.
fn is_from_website(look: &Look, headers: &HeaderMap) -> bool {
    let mut origins = iter::once(&look.place.origin).chain(&look.portal.embed_origins.0);
    origins.any(|origin| browser::is_our_own(origin, headers))
}

/// A page of one sentence of the catalog, which can stand in a frame.
fn message(look: &Arc<Look>, status: StatusCode, id: &str, framed: bool) -> Result<Response, PageFailed> {
    let (title, text) = (look.words.say(&format!("{id}-title")), look.say_provider(&format!("{id}-text")));
    in_frames(look, page(status, &EmbeddedMessage { look: Arc::clone(look), framed, title, text })?)
}

/// The same page, which the MSP's website may show in a frame, and no other (SYN-28). It has nothing that somebody else's click
/// could be led to: no session stands behind it.
fn in_frames(look: &Look, mut response: Response) -> Result<Response, PageFailed> {
    let ancestors = frame_ancestors(&look.portal.embed_origins.0);
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors {ancestors}; \
         base-uri 'none'"
    );
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy)?);
    Ok(response)
}
