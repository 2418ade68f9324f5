//! The ticket system that an MSP has besides Deskbell: where it is, and what of a ticket goes there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use url::Url;

use crate::domain::contact::MAX_NAME;

/// The largest file that goes along, in bytes: as much as Request Tracker keeps whole by default.
pub const MAX_FILE_BYTES: u64 = 10_000_000;
/// The most that a ticket's files may have together, in bytes.
pub const MAX_FILES_BYTES: u64 = 20_000_000;
/// The longest address and token.
const MAX_TEXT: usize = 2000;

/// Which program it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TicketSystemKind {
    /// Request Tracker 5.
    RequestTracker,
}

impl TicketSystemKind {
    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::RequestTracker => "Request Tracker 5",
        }
    }
}

/// A ticket over there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteTicket {
    /// What people call it.
    pub number: String,
    /// Where they find it.
    pub url: String,
}

/// A ticket system's address as it is kept, without a slash at its end, or what would be right.
pub fn system_url(text: &str) -> Result<String, String> {
    let plain = |url: &Url| {
        url.scheme() == "https"
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    match text.trim().parse::<Url>() {
        Ok(url) if plain(&url) && url.as_str().len() <= MAX_TEXT => Ok(url.as_str().trim_end_matches('/').to_owned()),
        _ => Err("must be an address that begins with https://, without user, password, ? and #".into()),
    }
}

/// The name of a queue as it is kept, or what would be right.
pub fn queue(text: &str) -> Result<String, String> {
    crate::domain::contact::name(text)
        .map_err(|_| format!("must be the name of a queue, at most {MAX_NAME} characters"))
}

/// A token as it is kept, or what would be right.
pub fn token(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = !text.is_empty() && text.len() <= MAX_TEXT && text.chars().all(|c| c.is_ascii_graphic());
    if plain { Ok(text.to_owned()) } else { Err("must be a token: letters, digits and signs, without blanks".into()) }
}

/// Whether two addresses have one origin: a token that was given for the one may go to the other.
pub fn is_same_place(one: &str, other: &str) -> bool {
    match (one.parse::<Url>(), other.parse::<Url>()) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// For each file whether it goes along, from their sizes: empty ones and those over the limits stay here.
pub fn files_that_go_along(sizes: impl IntoIterator<Item = u64>) -> Vec<bool> {
    let mut together = 0;
    let goes = sizes.into_iter().map(|size| {
        let goes = size > 0 && size <= MAX_FILE_BYTES && together + size <= MAX_FILES_BYTES;
        together += if goes { size } else { 0 };
        goes
    });
    goes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_and_has_no_slash_at_its_end() {
        assert_eq!(system_url(" https://rt.msp.example/ "), Ok("https://rt.msp.example".into()));
        assert_eq!(system_url("https://msp.example/rt/"), Ok("https://msp.example/rt".into()));
        for bad in ["", "http://rt.example", "https://u@rt.example", "https://rt.example/?a=b", "https://rt.example/#a"]
        {
            assert!(system_url(bad).is_err(), "{bad}");
        }
        assert!(token("a b").is_err() && token("").is_err() && token("a\r\nb").is_err());
        assert_eq!(token(" 1-27-ab\n"), Ok("1-27-ab".into()));
    }

    #[test]
    fn a_token_goes_to_its_own_origin_alone() {
        assert!(is_same_place("https://rt.example", "https://rt.example/rt"));
        for other in ["https://rt.example:444", "https://other.example", "", "data:x"] {
            assert!(!is_same_place("https://rt.example", other), "{other}");
        }
    }

    #[test]
    fn files_go_along_as_long_as_there_is_room() {
        let goes = |sizes: &[u64]| files_that_go_along(sizes.iter().copied());
        assert_eq!(goes(&[1, 0, MAX_FILE_BYTES + 1, MAX_FILE_BYTES]), [true, false, false, true]);
        assert_eq!(goes(&[MAX_FILE_BYTES, MAX_FILE_BYTES, 1]), [true, true, false]);
        assert_eq!(goes(&[MAX_FILE_BYTES, MAX_FILE_BYTES - 1, 2, 1]), [true, true, false, true]);
    }
}
