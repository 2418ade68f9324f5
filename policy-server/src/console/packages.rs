//! `/console/packages/{sha256}/with-token`: a package of the agent with a token beside it, as a file.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{Outcome, Sent},
    guard::SignedIn,
    layout,
};
use crate::{app::SharedApp, packages::packed::packed, portal::pages::PageFailed};

/// The token, which only the page that showed it knows.
#[derive(Debug, Deserialize)]
pub(super) struct SentToken {
    #[serde(default)]
    enrollment_token: String,
}

/// Gives the file out.
pub(super) async fn with_token(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(sha256): Path<String>,
    Sent(sent): Sent<SentToken>,
) -> Result<Response, PageFailed> {
    match Outcome::of(packed(&app, &sha256, &sent.enrollment_token).await)? {
        Outcome::Done(file) => Ok(file),
        Outcome::Again(status, _) => {
            let text = "The package has changed, or the token no longer counts. Make a new token and try again.";
            layout::message(&app, &signed_in, status, "Nothing to download", text)
        }
    }
}
