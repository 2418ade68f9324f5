//! Lists page with cursors: `?limit=` (1 to 200, else 50) and `?cursor=`, the `next_cursor` of the page before.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use deskbell_protocol::ProblemKind;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    problems::Refused,
    store::{Page, PageRequest},
};

const DEFAULT_LIMIT: u64 = 50;
const MAX_LIMIT: u64 = 200;

/// A query string; unknown keys are refused.
pub(super) struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Self(asked)).map_err(|error| Refused::new(ProblemKind::Invalid, error.body_text()))
    }
}

/// The part of a list that is wanted, checked.
pub(super) fn page_request(limit: Option<u64>, cursor: Option<Uuid>) -> Result<PageRequest, Refused> {
    match limit.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(PageRequest { after: cursor, limit }),
        _ => Err(Refused::new(ProblemKind::Invalid, format!("limit must be 1 to {MAX_LIMIT}"))),
    }
}

/// The query of a list without filters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlainList {
    limit: Option<u64>,
    cursor: Option<Uuid>,
}

impl PlainList {
    /// The part that is wanted.
    pub(super) fn page(&self) -> Result<PageRequest, Refused> {
        page_request(self.limit, self.cursor)
    }
}

/// The query of a list that can be narrowed to an organization.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationList {
    /// Only of this one.
    pub organization_id: Option<crate::domain::ids::OrganizationId>,
    limit: Option<u64>,
    cursor: Option<Uuid>,
}

impl OrganizationList {
    /// The part that is wanted.
    pub(super) fn page(&self) -> Result<PageRequest, Refused> {
        page_request(self.limit, self.cursor)
    }
}

/// A part of a list, as JSON.
#[derive(Debug, Serialize)]
pub(super) struct ListAnswer<T> {
    items: Vec<T>,
    next_cursor: Option<Uuid>,
}

impl<T> ListAnswer<T> {
    /// A page of rows, each as the API shows it.
    pub(super) fn new<R>(page: Page<R>, show: impl FnMut(R) -> T) -> axum::Json<Self> {
        axum::Json(Self { items: page.items.into_iter().map(show).collect(), next_cursor: page.next })
    }
}
