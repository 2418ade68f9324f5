//! JSON request bodies: at most 256 KB where nothing else is said, every fault with a pointer to its field.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request},
};
use deskbell_protocol::{FieldError, ProblemKind};
use serde::de::DeserializeOwned;

use crate::problems::Refused;

/// The largest JSON body, in bytes.
pub const MAX_JSON_BYTES: usize = 256 * 1024;

/// A request's body of at most so many bytes, read as JSON.
pub struct JsonBody<T, const MOST: usize = MAX_JSON_BYTES>(pub T);

impl<S: Send + Sync, T: DeserializeOwned, const MOST: usize> FromRequest<S> for JsonBody<T, MOST> {
    type Rejection = Refused;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refused> {
        DefaultBodyLimit::max(MOST).apply(&mut request);
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            Refused::new(ProblemKind::Invalid, format!("The body could not be read, or has more than {MOST} bytes."))
        })?;
        parse(&bytes).map(Self)
    }
}

/// Reads JSON, a fault with a pointer to its field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    let reader = &mut serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let pointer =
            if path == "." { String::new() } else { format!("/{}", path.replace(['.', '['], "/").replace(']', "")) };
        let pointer = pointer.replace("//", "/");
        Refused::invalid(vec![FieldError { pointer, detail: error.into_inner().to_string() }])
    })
}
