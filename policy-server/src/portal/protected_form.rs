//! Forms that only our own pages can send (S17): the browser must name our origin.

use axum::{
    Form,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use serde::de::DeserializeOwned;

use super::pages;
use crate::app::SharedApp;

/// A form whose `Origin` is ours, unread. Browsers send it with every POST (Fetch, "append a request Origin header");
/// what does not send it is no browser with a session to abuse, and no client of ours.
pub struct ProtectedForm(Request);

impl ProtectedForm {
    /// The request's headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The request, to be read.
    pub fn into_request(self) -> Request {
        self.0
    }
}

impl FromRequest<SharedApp> for ProtectedForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Response> {
        let ours =
            request.headers().get(header::ORIGIN).is_some_and(|origin| origin.as_bytes() == app.origin.as_bytes());
        if ours {
            return Ok(Self(request));
        }
        let page = pages::message(app, StatusCode::FORBIDDEN, "refused-form");
        Err(page.unwrap_or_else(IntoResponse::into_response))
    }
}

/// The fields of such a form, without files.
pub struct ProtectedFields<T>(pub T);

impl<T: DeserializeOwned> FromRequest<SharedApp> for ProtectedFields<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Response> {
        let request = ProtectedForm::from_request(request, app).await?.into_request();
        Form::from_request(request, app).await.map(|Form(fields)| Self(fields)).map_err(IntoResponse::into_response)
    }
}
