//! `/my_profile/v2/billing`: what an organization is billed, for whose group sees that (RS-04).

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    look::Look,
    pages::{self, PageFailed, page},
    visitor::{Head, Visitor},
};
use crate::{app::SharedApp, domain::portal_user::PortalPermission, store::BillingDocument};

#[derive(Template)]
#[template(path = "portal/billing.html")]
struct BillingPage {
    look: Arc<Look>,
    head: Head,
    /// Each with what its kind is called.
    documents: Vec<(String, BillingDocument)>,
}

/// The list.
pub async fn show(State(app): State<SharedApp>, visitor: Visitor) -> Result<Response, PageFailed> {
    if !visitor.may(PortalPermission::ViewBilling) {
        return pages::message(visitor.look(), StatusCode::FORBIDDEN, "no-billing");
    }
    let look = Arc::clone(visitor.look());
    let documents = app.store.newest_billing_documents(visitor.organization()).await?.into_iter();
    let documents = documents.map(|row| (look.words.say(&format!("billing-kind-{}", row.kind.name())), row));
    let documents = documents.collect();
    page(StatusCode::OK, &BillingPage { look, head: visitor.head(), documents })
}
