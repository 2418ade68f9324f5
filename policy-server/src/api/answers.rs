//! What requests are answered with, beside plain JSON.

use anyhow::Context as _;
use axum::{
    Extension, Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::description::{Answers, Operation};
use crate::{problems::Refused, store::Revised};

/// Something that was made: 201.
pub(super) struct Made<T>(pub T);

/// Something that is going to happen: 202.
pub(super) struct Accepted<T>(pub T);

/// Something of which there is one at most: 404 while there is none.
pub(super) struct Single<T>(pub T);

/// JSON with a secret that is shown this once. No cache may keep it.
pub(super) struct ShownOnce<T>(pub T);

/// Says beside an answer that it holds a secret, so that nobody keeps it.
#[derive(Debug, Clone, Copy)]
pub(super) struct HoldsSecret;

/// JSON of something that can change, and the name of what it says now.
pub(super) struct Tagged<T> {
    /// Between the quotes of the `ETag`.
    pub tag: String,
    /// The thing itself.
    pub body: T,
}

/// A PNG.
pub(super) struct Png(pub Response);

/// A file as it was sent, under its own name.
pub(super) struct Download(pub Response);

/// A table, as CSV (RFC 4180).
pub(super) struct CsvFile(pub Response);

/// JSON as a file of its own, line by line.
pub(super) struct JsonFile<T> {
    /// The file's name.
    pub name: &'static str,
    /// What is in it.
    pub content: T,
}

/// Plain text.
pub(crate) struct Text(pub Response);

impl<T: IntoResponse> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, self.0).into_response()
    }
}

impl<T: Answers> Answers for Made<T> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        if let Some(mut answer) = operation.answers.remove(&200) {
            answer["description"] = json!("Made.");
            operation.answers.insert(201, answer);
        }
    }
}

impl<T: IntoResponse> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, self.0).into_response()
    }
}

impl<T: Answers> Answers for Accepted<T> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        if let Some(mut answer) = operation.answers.remove(&200) {
            answer["description"] = json!("On its way.");
            operation.answers.insert(202, answer);
        }
    }
}

impl<T: IntoResponse> IntoResponse for Single<T> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<T: Answers> Answers for Single<T> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        operation.problem(404);
    }
}

impl<T: Serialize> IntoResponse for ShownOnce<T> {
    fn into_response(self) -> Response {
        (Extension(HoldsSecret), [(header::CACHE_CONTROL, "no-store")], Json(self.0)).into_response()
    }
}

impl<T: JsonSchema> Answers for ShownOnce<T> {
    fn describe(operation: &mut Operation<'_>) {
        Json::<T>::describe(operation);
        operation.header("Cache-Control", "`no-store`: the secret in this answer is shown this once.");
    }
}

impl<T> Tagged<T> {
    /// A thing as the API shows it.
    pub(super) fn of<R: Revised + Into<T>>(row: R) -> Self {
        Self { tag: row.revision(), body: row.into() }
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.tag)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

impl<T: JsonSchema> Answers for Tagged<T> {
    fn describe(operation: &mut Operation<'_>) {
        Json::<T>::describe(operation);
        operation.header("ETag", "The name of what this says now, for `If-Match`.");
    }
}

impl IntoResponse for Png {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Answers for Png {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer(200, "The picture.", "image/png", &json!({}));
    }
}

impl IntoResponse for CsvFile {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Answers for CsvFile {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer(200, "The table.", "text/csv", &json!({"type": "string"}));
        operation.header("Content-Disposition", "The file's name.");
    }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Answers for Download {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer(200, "The file, as a download of the type that its first bytes say.", "*/*", &json!({}));
    }
}

impl<T: Serialize> IntoResponse for JsonFile<T> {
    fn into_response(self) -> Response {
        let written = serde_json::to_string_pretty(&self.content).context("writing a file");
        let headers: [(HeaderName, String); 2] = [
            (header::CONTENT_TYPE, "application/json".into()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)),
        ];
        match written {
            Ok(text) => (headers, text + "\n").into_response(),
            Err(error) => Refused::Failed(error).into_response(),
        }
    }
}

impl<T: JsonSchema> Answers for JsonFile<T> {
    fn describe(operation: &mut Operation<'_>) {
        Json::<T>::describe(operation);
        operation.header("Content-Disposition", "The file's name.");
    }
}

impl IntoResponse for Text {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Answers for Text {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer(200, "The text.", "text/plain", &json!({"type": "string"}));
    }
}
