//! Forms that only our own pages can send (S17): the browser must name our origin.

use std::sync::Arc;

use axum::{
    Form,
    extract::{FromRequest, FromRequestParts as _, Request},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use serde::de::DeserializeOwned;

use super::{look::Look, looks::Here, pages};
use crate::{app::SharedApp, browser};

/// A form whose `Origin` is ours, unread. Browsers send it with every POST (Fetch, "append a request Origin header");
/// what does not send it is no browser with a session to abuse, and no client of ours.
pub struct ProtectedForm {
    /// Of the portal that it was sent to.
    pub look: Arc<Look>,
    request: Request,
}

impl ProtectedForm {
    /// The request's headers.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The request, to be read.
    pub fn into_request(self) -> Request {
        self.request
    }
}

impl FromRequest<SharedApp> for ProtectedForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(Here(look)) = Here::from_request_parts(&mut parts, app).await;
        if browser::is_our_own(&look.place.origin, &parts.headers) {
            return Ok(Self { look, request: Request::from_parts(parts, body) });
        }
        let page = pages::message(&look, StatusCode::FORBIDDEN, "refused-form");
        Err(page.unwrap_or_else(IntoResponse::into_response))
    }
}

/// The fields of such a form, without files.
pub struct ProtectedFields<T>(pub T);

impl<T: DeserializeOwned> FromRequest<SharedApp> for ProtectedFields<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Response> {
        let form = ProtectedForm::from_request(request, app).await?;
        let look = Arc::clone(&form.look);
        let read = Form::from_request(form.into_request(), app).await;
        read.map(|Form(fields)| Self(fields)).map_err(|rejection| {
            let page = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                pages::message(&look, StatusCode::PAYLOAD_TOO_LARGE, "too-large")
            } else {
                pages::message(&look, StatusCode::BAD_REQUEST, "refused-form")
            };
            page.unwrap_or_else(IntoResponse::into_response)
        })
    }
}
