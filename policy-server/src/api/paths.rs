//! What varies in a path. A text that cannot be an id names nothing.

use axum::{extract::FromRequestParts, http::request::Parts};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::description::{Asks, Operation};
use crate::problems::Refused;

/// One part that varies, or a tuple of several.
pub(super) struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(named)| Self(named)).map_err(|_| Refused::not_found("thing"))
    }
}

impl<T: JsonSchema> Asks for Path<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = T::json_schema(&mut operation.schemas.read).to_value();
        let schemas = match schema.get("prefixItems") {
            Some(Value::Array(several)) => several.clone(),
            _ => vec![schema],
        };
        let named = std::mem::take(&mut operation.names).into_iter().zip(schemas);
        operation.parameters.extend(
            named.map(|(name, schema)| json!({"name": name, "in": "path", "required": true, "schema": schema})),
        );
        operation.problem(404);
    }
}
