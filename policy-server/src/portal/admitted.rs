//! Who gets the form and sees what was sent with it. Anybody else gets the page in its place (AGT-20).

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};

use super::{
    look::Look,
    looks::Here,
    new_ticket::refused,
    pages::{self, PageFailed},
    visit::{Access, FormVisit, Visit},
};
use crate::app::SharedApp;

/// A browser that gets the form.
pub struct Admitted {
    /// What is around the page.
    pub look: Arc<Look>,
    /// For whom.
    pub visit: Box<FormVisit>,
}

impl FromRequestParts<SharedApp> for Admitted {
    type Rejection = Result<Response, PageFailed>;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Self::Rejection> {
        let Ok(Here(look)) = Here::from_request_parts(parts, app).await;
        let Visit { look, access } = Visit::load(app, &look, &parts.headers).await.map_err(Err)?;
        match access {
            Access::Stranger => Err(pages::tray_only(&look)),
            Access::Ended(_) => Err(pages::again(&look, None)),
            Access::Refused(visit) => Err(refused(look, &visit)),
            Access::Form(visit) => Ok(Self { look, visit }),
        }
    }
}
