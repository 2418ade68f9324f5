//! Which tickets a list is about.

use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::{
    ids::{AssetId, DepartmentId, OrganizationId, StaffId},
    ticket::TicketStatus,
};

/// How many words of a search count.
const MAX_WORDS: usize = 8;

/// Narrows a list of tickets; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// One of these; all when there is none.
    pub statuses: Vec<TicketStatus>,
    /// Whose it is.
    pub assignee: Option<AssigneeFilter>,
    /// Of this organization.
    pub organization: Option<OrganizationId>,
    /// About this asset.
    pub asset: Option<AssetId>,
    /// For this department.
    pub department: Option<DepartmentId>,
    /// Made then or later.
    pub created_from: Option<UnixMillis>,
    /// Made before then.
    pub created_before: Option<UnixMillis>,
    /// Each in subject or description, or the ticket's number.
    pub words: Vec<String>,
}

/// Whose tickets: `nobody`, or an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub enum AssigneeFilter {
    /// Nobody's.
    Nobody,
    /// This person's.
    Staff(StaffId),
}

impl TryFrom<String> for AssigneeFilter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "nobody" => Ok(Self::Nobody),
            id => id.parse().map(Self::Staff).map_err(|_| "must be an id, or \"nobody\"".into()),
        }
    }
}

/// The words of a search as they are compared: in lower case, the first eight.
pub fn words(search: &str) -> Vec<String> {
    search.split_whitespace().take(MAX_WORDS).map(str::to_lowercase).collect()
}

/// The ticket number that a word of a search can be: `1001` or `#1001`.
pub fn number(word: &str) -> Option<i64> {
    word.strip_prefix('#').unwrap_or(word).parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_be_a_number() {
        assert_eq!(words("  Drucker  BRENNT "), ["drucker", "brennt"]);
        assert_eq!([number("1001"), number("#1001"), number("-1"), number("x1")], [Some(1001), Some(1001), None, None]);
    }
}
