//! Forms that only our own pages can send (S17): the browser must name our origin.

use axum::{
    Form,
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use super::pages;
use crate::app::SharedApp;

/// The largest form without files, in bytes: the longest description, each character four bytes, percent-encoded.
pub const MAX_FORM_BYTES: usize = 192 * 1024;

/// A form whose `Origin` is ours. Browsers send it with every POST (Fetch, "append a request Origin header"); what does
/// not send it is no browser with a session to abuse, and no client of ours.
pub struct ProtectedForm<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequest<SharedApp> for ProtectedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Response> {
        let ours =
            request.headers().get(header::ORIGIN).is_some_and(|origin| origin.as_bytes() == app.origin.as_bytes());
        if !ours {
            return Err(sorry(app, StatusCode::FORBIDDEN, "refused-form").await);
        }
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::new(body), app).await.ok();
        let bytes = match bytes {
            Some(bytes) if bytes.len() <= MAX_FORM_BYTES => bytes,
            Some(_) | None => return Err(sorry(app, StatusCode::PAYLOAD_TOO_LARGE, "too-large").await),
        };
        let form = Form::from_request(Request::from_parts(parts, bytes.into()), app).await.ok();
        match form {
            Some(Form(form)) => Ok(Self(form)),
            None => Err(sorry(app, StatusCode::BAD_REQUEST, "refused-form").await),
        }
    }
}

async fn sorry(app: &SharedApp, status: StatusCode, id: &str) -> Response {
    pages::message(app, status, id).await.unwrap_or_else(IntoResponse::into_response)
}
