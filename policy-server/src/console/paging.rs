//! Long lists in parts: the newest first, each part leading to the older one.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

/// How many lines a part has.
pub(super) const ON_A_PAGE: u64 = 50;

/// The ways to the other parts of a list.
pub(super) struct Paging {
    /// To the first part, from any other.
    pub(super) newest: Option<String>,
    /// To the next part, if there is one.
    pub(super) older: Option<String>,
}

impl Paging {
    /// For the list at `path` with what was asked for.
    pub(super) fn new(path: &str, asked: &[(&str, &str)], is_further: bool, next: Option<Uuid>) -> Self {
        let asked = asked.iter().filter(|(_, value)| !value.is_empty());
        let asked: Vec<_> =
            asked.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
        let link = |more: Option<String>| {
            format!("{path}?{}", asked.iter().cloned().chain(more).collect::<Vec<_>>().join("&"))
        };
        Self {
            newest: is_further.then(|| link(None)),
            older: next.map(|before| link(Some(format!("before={before}")))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_leads_to_the_next_one_with_what_was_asked_for() {
        let paging = Paging::new("/list", &[("words", "a b&c"), ("state", "")], true, Some(Uuid::nil()));
        assert_eq!(paging.newest.as_deref(), Some("/list?words=a%20b%26c"));
        assert_eq!(paging.older.as_deref(), Some("/list?words=a%20b%26c&before=00000000-0000-0000-0000-000000000000"));
    }
}
