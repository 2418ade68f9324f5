//! JSON request bodies: at most 256 KB, every fault with a pointer to its field.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use deskbell_protocol::{FieldError, ProblemKind};
use serde::de::DeserializeOwned;

use crate::problems::Refused;

/// The largest JSON body, in bytes.
pub const MAX_JSON_BYTES: usize = 256 * 1024;

/// A request's body, read as JSON.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            Refused::new(
                ProblemKind::Invalid,
                format!("The body could not be read, or has more than {MAX_JSON_BYTES} bytes."),
            )
        })?;
        read(&bytes).map(Self)
    }
}

/// Reads JSON; what is wrong comes with a pointer to its field.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    let reader = &mut serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let pointer =
            if path == "." { String::new() } else { format!("/{}", path.replace(['.', '['], "/").replace(']', "")) };
        let pointer = pointer.replace("//", "/");
        Refused::invalid(vec![FieldError { pointer, detail: error.into_inner().to_string() }])
    })
}
