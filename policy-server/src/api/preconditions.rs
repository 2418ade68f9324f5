//! `If-Match`: a change is made only to what was read (RFC 9110 §13.1.1).

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
};
use deskbell_protocol::ProblemKind;
use serde_json::json;

use super::description::{Asks, Operation};
use crate::{changes::expected::Expected, problems::Refused};

/// What the request expects to find.
pub(super) struct IfMatch(pub Expected);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let mut sent = parts.headers.get_all(header::IF_MATCH).iter().peekable();
        if sent.peek().is_none() {
            return Ok(Self(Expected::Anything));
        }
        let sent: Option<Vec<_>> = sent.map(|value| HeaderValue::to_str(value).ok()).collect();
        sent.and_then(|sent| expected(&sent.join(","))).map(Self).ok_or_else(|| {
            Refused::new(ProblemKind::Invalid, "If-Match must be the ETag of what was read, with its quotes, or *.")
        })
    }
}

impl Asks for IfMatch {
    fn describe(operation: &mut Operation<'_>) {
        let description = "The `ETag` of what was read: if it says something else by now, nothing is changed.";
        let schema = json!({"type": "string", "pattern": "^(\\*|\"[^\", ]*\")$"});
        let parameter = json!({"name": "If-Match", "in": "header", "description": description, "schema": schema});
        operation.parameters.push(parameter);
        operation.problem(412);
        operation.problem(422);
    }
}

/// Reads a list of entity tags. A weak one names nothing here: If-Match compares strongly.
fn expected(sent: &str) -> Option<Expected> {
    if sent.trim() == "*" {
        return Some(Expected::Anything);
    }
    let mut revisions = Vec::new();
    for tag in sent.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        let (is_weak, quoted) = tag.strip_prefix("W/").map_or((false, tag), |quoted| (true, quoted));
        let revision = quoted.strip_prefix('"')?.strip_suffix('"')?;
        if !is_weak {
            revisions.push(revision.to_owned());
        }
    }
    Some(Expected::OneOf(revisions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_read_and_weak_ones_name_nothing() {
        let one_of = |tags: &[&str]| Some(Expected::OneOf(tags.iter().map(|&tag| tag.to_owned()).collect()));
        assert_eq!(expected("*"), Some(Expected::Anything));
        assert_eq!(expected("\"a\""), one_of(&["a"]));
        assert_eq!(expected("\"a\", W/\"b\",\"c\""), one_of(&["a", "c"]));
        assert_eq!(expected("W/\"a\""), one_of(&[]));
        for bad in ["a", "\"a", "\"a\" \"b\"x", "W/a"] {
            assert_eq!(expected(bad), None, "{bad}");
        }
    }
}
