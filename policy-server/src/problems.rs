//! Answers of 400 and above from `/agent/v1` and `/api/v1`: problem documents (RFC 9457).

use std::sync::Arc;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use deskbell_protocol::{Fault, FieldError, Problem, ProblemKind};

use crate::{requests::Cause, store::StoreError};

/// What a JSON handler ends with when it does not succeed.
#[derive(Debug)]
pub enum Refused {
    /// The request is at fault; all of it is for the other side.
    Problem(Box<Problem>),
    /// The server is at fault; the cause is for the log.
    Failed(anyhow::Error),
}

impl Refused {
    /// A problem of this kind; `detail` says what happened and what to do.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let (status, title) = meaning(kind);
        let problem =
            Problem { kind, title: title.into(), status: status.as_u16(), detail: detail.into(), errors: Vec::new() };
        Self::Problem(Box::new(problem))
    }

    /// No such thing, or not for whoever asks.
    pub fn not_found(what: &str) -> Self {
        Self::new(ProblemKind::NotFound, format!("There is no such {what}."))
    }

    /// Fields that are wrong, each with its pointer.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let named: Vec<_> = errors.iter().map(|error| format!("{} {}", error.pointer, error.detail)).collect();
        match Self::new(ProblemKind::Invalid, named.join("; ")) {
            Self::Problem(mut problem) => {
                problem.errors = errors;
                Self::Problem(problem)
            }
            failed @ Self::Failed(_) => failed,
        }
    }

    /// One field that is wrong.
    pub fn field(pointer: &str, detail: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { pointer: pointer.into(), detail: detail.into() }])
    }
}

impl From<Vec<Fault>> for Refused {
    fn from(faults: Vec<Fault>) -> Self {
        let errors = faults.into_iter().map(|fault| FieldError { pointer: fault.pointer, detail: fault.detail });
        Self::invalid(errors.collect())
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::new(ProblemKind::Conflict, "Something with this name or key exists already."),
            StoreError::NoSuchReference => {
                Self::new(ProblemKind::Invalid, "An id names something that does not exist in this organization.")
            }
            StoreError::TooManyFiles => {
                Self::new(ProblemKind::TooManyRequests, "This asset has sent its files of this hour.")
            }
            StoreError::LastAdministrator => {
                Self::new(ProblemKind::Conflict, "The last administrator keeps their role and their account.")
            }
            StoreError::Database(_) => Self::Failed(error.into()),
        }
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut failure = None;
        let problem = match self {
            Self::Problem(problem) => *problem,
            Self::Failed(cause) => {
                failure = Some(Cause(Arc::new(cause)));
                let (status, title) = meaning(ProblemKind::Internal);
                let detail = "The server could not do this; nothing was stored. Try again, and look into its log.";
                Problem {
                    kind: ProblemKind::Internal,
                    title: title.into(),
                    status: status.as_u16(),
                    detail: detail.into(),
                    errors: Vec::new(),
                }
            }
        };
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(problem)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(cause) = failure {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

pub(crate) fn meaning(kind: ProblemKind) -> (StatusCode, &'static str) {
    match kind {
        ProblemKind::NotFound => (StatusCode::NOT_FOUND, "Not found"),
        ProblemKind::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Not in this way"),
        ProblemKind::Unauthorized => (StatusCode::UNAUTHORIZED, "A known token is needed"),
        ProblemKind::Forbidden => (StatusCode::FORBIDDEN, "Not allowed"),
        ProblemKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "The request is not acceptable"),
        ProblemKind::Conflict => (StatusCode::CONFLICT, "The request contradicts what is there"),
        ProblemKind::OutOfDate => (StatusCode::PRECONDITION_FAILED, "Somebody else has changed it meanwhile"),
        ProblemKind::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
        ProblemKind::EnrollmentTokenUnknown => (StatusCode::UNAUTHORIZED, "The enrollment token is unknown"),
        ProblemKind::EnrollmentTokenRevoked => (StatusCode::UNAUTHORIZED, "The enrollment token was revoked"),
        ProblemKind::EnrollmentTokenExpired => (StatusCode::UNAUTHORIZED, "The enrollment token has expired"),
        ProblemKind::EnrollmentTokenUsedUp => (StatusCode::UNAUTHORIZED, "The enrollment token is used up"),
        ProblemKind::WaitingForApproval => (StatusCode::FORBIDDEN, "The asset waits for approval"),
        ProblemKind::AssetRetired => (StatusCode::GONE, "The asset is retired"),
        ProblemKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "The server failed"),
    }
}
