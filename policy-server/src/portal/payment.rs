//! `/my_profile/v2/payment`: where the two mails about a payment lead (decision C8). It shows nothing of anybody, so nobody
//! signs in for it; it is there whether portal access is on or off.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::pages::{self, PageFailed};
use crate::app::SharedApp;

/// Where it is.
pub const PATH: &str = "/my_profile/v2/payment";

/// Leads to where the MSP takes payments, or says whom to ask.
pub async fn show(State(app): State<SharedApp>) -> Result<Response, PageFailed> {
    let look = app.look.get();
    match &look.portal.payment_update_url {
        _ if !look.portal.published => pages::message(&app, StatusCode::FORBIDDEN, "not-published"),
        Some(url) => Ok(([(header::CACHE_CONTROL, "no-store")], Redirect::to(url)).into_response()),
        None => pages::message(&app, StatusCode::OK, "payment"),
    }
}
