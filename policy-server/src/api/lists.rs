//! Lists page with cursors: `?limit=` (1 to 200, else 50) and `?cursor=`, the `next_cursor` of the page before.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

use super::description::{Asks, Operation};
use crate::{
    problems::Refused,
    store::{Page, PageRequest},
};

const DEFAULT_LIMIT: u64 = 50;
pub(super) const MAX_LIMIT: u64 = 200;

/// A query string; unknown keys are refused.
pub(super) struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Self(asked)).map_err(|error| Refused::new(ProblemKind::Invalid, error.body_text()))
    }
}

impl<T: JsonSchema> Asks for Asked<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = T::json_schema(&mut operation.schemas.read).to_value();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let mut field = field.clone();
            let description = field.as_object_mut().and_then(|field| field.remove("description"));
            without_null(&mut field);
            operation.parameters.push(json!({
                "name": name,
                "in": "query",
                "description": description.unwrap_or_default(),
                "required": required.iter().any(|required| required == name),
                "schema": field,
            }));
        }
        operation.problem(422);
    }
}

/// What may be left out of a query is not null where it is there.
fn without_null(schema: &mut Value) {
    if let Some(Value::Array(names)) = schema.get_mut("type") {
        names.retain(|name| name != "null");
        if let [name] = names.as_slice() {
            schema["type"] = name.clone();
        }
    }
    if let Some(Value::Array(alternatives)) = schema.get_mut("anyOf") {
        alternatives.retain(|alternative| alternative["type"] != "null");
        if let [alternative] = alternatives.as_slice() {
            *schema = alternative.clone();
        }
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlainList {
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

impl PlainList {
    /// The part that is wanted.
    pub(super) fn page(&self) -> Result<PageRequest, Refused> {
        page_request(self.limit, self.cursor)
    }
}

/// The query of a list that can be narrowed to an organization.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationList {
    /// Only of this one.
    #[serde(alias = "customer_id")]
    pub organization_id: Option<crate::domain::ids::OrganizationId>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

impl OrganizationList {
    /// The part that is wanted.
    pub(super) fn page(&self) -> Result<PageRequest, Refused> {
        page_request(self.limit, self.cursor)
    }
}

/// A part of a list, as JSON.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}")]
pub(super) struct ListAnswer<T> {
    /// The items of this page: fewer than asked for on the last one, and where a search read as much as one answer may.
    items: Vec<T>,
    /// The `cursor` of the next page; null: this is the last.
    next_cursor: Option<Uuid>,
}

impl<T> ListAnswer<T> {
    /// A page of rows, each as the API shows it.
    pub(super) fn new<R>(page: Page<R>, show: impl FnMut(R) -> T) -> axum::Json<Self> {
        axum::Json(Self { items: page.items.into_iter().map(show).collect(), next_cursor: page.next })
    }
}
