//! What is said about a ticket.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::domain::ticket::{MAX_DESCRIPTION, clean};

/// For whom a comment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CommentKind {
    /// For the end user and the MSP.
    Reply,
    /// For the MSP alone (invariant 9).
    Note,
}

/// What kind of somebody wrote a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AuthorKind {
    /// Somebody of the staff.
    Staff,
    /// A program with an API token.
    Program,
    /// An end user.
    EndUser,
    /// Somebody who was signed in to the portal.
    PortalUser,
}

/// A comment's text as it is kept, or what would be right.
pub fn text(typed: &str) -> Result<String, String> {
    let text = clean(typed);
    match text.chars().count() {
        0 => Err("must not be empty".into()),
        1..=MAX_DESCRIPTION => Ok(text),
        _ => Err(format!("must have at most {MAX_DESCRIPTION} characters")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_has_lines_and_no_other_control_characters() {
        assert_eq!(text(" a\r\n\tb\0 "), Ok("a\n\tb".into()));
        assert!(text(" \r\n").is_err() && text(&"x".repeat(MAX_DESCRIPTION + 1)).is_err());
    }
}
