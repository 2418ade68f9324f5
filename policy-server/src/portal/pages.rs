//! Pages without a form: why something is refused, gone, or failed.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{look::Look, looks::Here, signed_in::HOME};
use crate::requests::{Cause, RequestId};

/// What a page may load and do.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                                           frame-ancestors 'none'; base-uri 'none'";

/// A page handler's failure: the cause goes to the log, the person sees a fixed sentence and the request's id.
#[derive(Debug)]
pub struct PageFailed(anyhow::Error);

impl PageFailed {
    /// A page of its own in place of the fixed sentence.
    pub fn with_page(self, mut page: Response) -> Response {
        page.extensions_mut().insert(Cause(Arc::new(self.0)));
        page
    }
}

impl<E: Into<anyhow::Error>> From<E> for PageFailed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageFailed {
    fn into_response(self) -> Response {
        self.with_page(StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}

/// One heading, one paragraph, and whom to ask.
#[derive(Template)]
#[template(path = "portal/message.html")]
pub struct MessagePage {
    /// What is around the content.
    pub look: Arc<Look>,
    /// The heading.
    pub title: String,
    /// The paragraph.
    pub text: String,
    /// Whether the MSP's phone and e-mail follow.
    pub whom_to_ask: bool,
    /// What was typed into a form that was not sent, to be copied, after the sentence that says what becomes of it.
    pub typed: Option<(&'static str, String)>,
}

/// A rendered page with its status.
pub fn page(status: StatusCode, page: &impl Template) -> Result<Response, PageFailed> {
    let html = page.render()?;
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], html)
        .into_response())
}

/// A page of one sentence of the catalog: `{id}-title` and `{id}-text`.
pub fn message(look: &Arc<Look>, status: StatusCode, id: &str) -> Result<Response, PageFailed> {
    let look = Arc::clone(look);
    let (title, text) = (look.words.say(&format!("{id}-title")), look.say_provider(&format!("{id}-text")));
    page(status, &MessagePage { look, title, text, whom_to_ask: true, typed: None })
}

/// "Open it from the tray again": the answer to used, late, forged and foreign codes and to ended sessions, the same for
/// all of them. `typed` is given back to whoever typed it.
pub fn again(look: &Arc<Look>, typed: Option<String>) -> Result<Response, PageFailed> {
    let look = Arc::clone(look);
    let (title, text) = (look.words.say("again-title"), look.words.say("again-text"));
    let typed = typed.map(|typed| ("again-typed", typed));
    page(StatusCode::GONE, &MessagePage { look, title, text, whom_to_ask: true, typed })
}

/// To the home of the portal where it is open; the tray is the way in to the form (SYN-29).
pub async fn front(Here(look): Here) -> Result<Response, PageFailed> {
    if look.portal.published { Ok(Redirect::to(&look.at(HOME)).into_response()) } else { tray_only(&look) }
}

/// Whoever asks for the form without having clicked.
pub fn tray_only(look: &Arc<Look>) -> Result<Response, PageFailed> {
    message(look, StatusCode::FORBIDDEN, "tray-only")
}

/// Where there is no page.
pub async fn not_found(Here(look): Here) -> Result<Response, PageFailed> {
    absent(&look)
}

/// What does not exist for whoever asks for it.
pub fn absent(look: &Arc<Look>) -> Result<Response, PageFailed> {
    message(look, StatusCode::NOT_FOUND, "not-found")
}

/// A launch link answers no `HEAD`.
pub async fn head_of_a_launch() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// Puts a page where a page handler failed and made none.
pub async fn failed_page(
    Here(look): Here,
    Extension(RequestId(request)): Extension<RequestId>,
    request_parts: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let response = next.run(request_parts).await;
    let Some(cause) = response.extensions().get::<Cause>().cloned() else { return response };
    if response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let values = [("provider", look.provider.name.as_str()), ("request", &request)];
    let (title, text) = (look.words.say("failed-title"), look.words.say_with("failed-text", &values));
    let shown = MessagePage { look, title, text, whom_to_ask: true, typed: None };
    page(StatusCode::INTERNAL_SERVER_ERROR, &shown).map_or(response, |mut page| {
        page.extensions_mut().insert(cause);
        page
    })
}

/// What browsers may do with any page that does not say otherwise: nothing but show it, style it and send its own forms.
pub fn page_headers() -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // "no-referrer" would make browsers send "Origin: null" with our own forms (Fetch, "serializing a request origin").
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ]
}
