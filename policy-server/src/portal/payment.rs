//! `/my_profile/v2/payment`: where the two mails about a payment lead (decision C8). It shows nothing of anybody, so nobody
//! signs in for it; it is there whether portal access is on or off.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    looks::Here,
    pages::{self, PageFailed},
};

/// Where it is.
pub const PATH: &str = "/my_profile/v2/payment";

/// Leads to where the MSP takes payments, or says whom to ask.
pub async fn show(Here(look): Here) -> Result<Response, PageFailed> {
    match &look.portal.payment_update_url {
        _ if !look.portal.published => pages::message(&look, StatusCode::FORBIDDEN, "not-published"),
        Some(url) => Ok(([(header::CACHE_CONTROL, "no-store")], Redirect::to(url)).into_response()),
        None => pages::message(&look, StatusCode::OK, "payment"),
    }
}
