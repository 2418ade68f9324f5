//! Errors on the wire: problem documents (RFC 9457).

use serde::{Deserialize, Serialize};

/// The body of every answer of 400 and above from `/agent/v1` and `/api/v1`, as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// What went wrong, for programs.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// The same in a few fixed words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do, for people.
    pub detail: String,
    /// One item for each field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request's body.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// The kinds of problems that a program may want to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ProblemKind {
    /// No such thing, or not for you.
    #[serde(rename = "urn:deskbell:problem:not-found")]
    NotFound,
    /// There is such a thing, but this is no method of it: see `Allow`.
    #[serde(rename = "urn:deskbell:problem:method-not-allowed")]
    MethodNotAllowed,
    /// No token, or one that the server does not know.
    #[serde(rename = "urn:deskbell:problem:unauthorized")]
    Unauthorized,
    /// Known, and not allowed to do this.
    #[serde(rename = "urn:deskbell:problem:forbidden")]
    Forbidden,
    /// Understood, and not acceptable: see `errors`.
    #[serde(rename = "urn:deskbell:problem:invalid")]
    Invalid,
    /// It contradicts what is there.
    #[serde(rename = "urn:deskbell:problem:conflict")]
    Conflict,
    /// It was changed since it was read: see `If-Match`.
    #[serde(rename = "urn:deskbell:problem:out-of-date")]
    OutOfDate,
    /// Too much at once: see `Retry-After`.
    #[serde(rename = "urn:deskbell:problem:too-many-requests")]
    TooManyRequests,
    /// The enrollment token does not exist.
    #[serde(rename = "urn:deskbell:problem:enrollment-token-unknown")]
    EnrollmentTokenUnknown,
    /// The enrollment token was revoked.
    #[serde(rename = "urn:deskbell:problem:enrollment-token-revoked")]
    EnrollmentTokenRevoked,
    /// The enrollment token's time is over.
    #[serde(rename = "urn:deskbell:problem:enrollment-token-expired")]
    EnrollmentTokenExpired,
    /// The enrollment token enrolled as many assets as it may.
    #[serde(rename = "urn:deskbell:problem:enrollment-token-used-up")]
    EnrollmentTokenUsedUp,
    /// Staff have yet to approve this asset.
    #[serde(rename = "urn:deskbell:problem:waiting-for-approval")]
    WaitingForApproval,
    /// Staff have retired this asset.
    #[serde(rename = "urn:deskbell:problem:asset-retired")]
    AssetRetired,
    /// The server failed; the cause is in its log.
    #[serde(rename = "urn:deskbell:problem:internal")]
    Internal,
}
