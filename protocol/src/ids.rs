//! Names of things that both sides of a wire speak about.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A managed computer, as the server numbers it (`UUIDv7`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AssetId(pub Uuid);

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The header in which an agent names itself in each request that carries its token.
pub const INSTANCE_HEADER: &str = "deskbell-instance";

/// One run of an agent's service, drawn at random when it starts. Two that take turns are two computers with one
/// identity (AGT-12). 16 hexadecimal digits: it travels with each poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InstanceId(pub u64);

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for InstanceId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

/// A menu entry of a policy: 1 to 64 characters of `a-z`, `0-9`, `-` and `_`, unique within an effective menu and kept
/// across edits (POL-03).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[a-z0-9_-]{1,64}$")))]
#[serde(try_from = "String", into = "String")]
pub struct EntryId(String);

/// What makes a text unfit to be an [`EntryId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an entry id has 1 to 64 characters of a-z, 0-9, - and _, not {0:?}")]
pub struct InvalidEntryId(String);

impl EntryId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EntryId {
    type Err = InvalidEntryId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEntryId(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for EntryId {
    type Error = InvalidEntryId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something in a drawn menu that can be chosen. Written as the entry's id, or with a leading `@` for what Deskbell
/// itself adds, which no [`EntryId`] can begin with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub enum ItemId {
    /// An entry of the policy.
    Entry(EntryId),
    /// Call the MSP (offered while the server is away, AGT-06).
    SupportPhone,
    /// Write to the MSP (offered while the server is away, AGT-06).
    SupportEmail,
}

impl FromStr for ItemId {
    type Err = InvalidEntryId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "@support-phone" => Ok(Self::SupportPhone),
            "@support-email" => Ok(Self::SupportEmail),
            entry => entry.parse().map(Self::Entry),
        }
    }
}

impl TryFrom<String> for ItemId {
    type Error = InvalidEntryId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ItemId> for String {
    fn from(id: ItemId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(id) => id.fmt(f),
            Self::SupportPhone => f.write_str("@support-phone"),
            Self::SupportEmail => f.write_str("@support-email"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_id_has_1_to_64_plain_characters() {
        for good in ["help", "a", "get-it_help2", &"x".repeat(64)] {
            assert_eq!(good.parse::<EntryId>().map(String::from), Ok(good.to_owned()));
        }
        for bad in ["", "Help", "a b", "@support-phone", "ü", &"x".repeat(65)] {
            assert!(bad.parse::<EntryId>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn item_ids_of_entries_and_of_deskbell_itself_never_meet() {
        for text in ["help", "@support-phone", "@support-email"] {
            let id: ItemId = text.parse().expect(text);
            assert_eq!(id.to_string(), text);
        }
        assert!("@other".parse::<ItemId>().is_err());
    }
}
