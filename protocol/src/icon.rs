//! The MSP's own icon, named by what it is: the SHA-256 of its PNG.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Width and height of every icon, in pixels. Trays draw 16 to 32 (Windows), 18 to 36 (macOS) or 22 to 48 (Linux) and
/// scale this down.
pub const ICON_PIXELS: u32 = 64;
/// The most that an icon's PNG has, in bytes: 64 × 64 pixels that do not compress, twice.
pub const MAX_ICON_BYTES: usize = 32 * 1024;

/// The icons of a policy (AGT-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Icons {
    /// For light desktops, and for dark ones where `dark` is absent.
    pub light: IconHash,
    /// For dark desktops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark: Option<IconHash>,
}

impl Icons {
    /// The names of all of them.
    pub fn hashes(&self) -> impl Iterator<Item = &IconHash> {
        std::iter::once(&self.light).chain(&self.dark)
    }
}

/// SHA-256 of an icon's PNG: 64 lowercase hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
#[serde(try_from = "String", into = "String")]
pub struct IconHash(String);

/// A text that cannot be an [`IconHash`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an icon is named by the 64 hexadecimal digits that its upload was answered with")]
pub struct InvalidIconHash;

impl IconHash {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IconHash {
    type Err = InvalidIconHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 64 && text.bytes().all(is_digit) { Ok(Self(text.to_owned())) } else { Err(InvalidIconHash) }
    }
}

impl TryFrom<String> for IconHash {
    type Error = InvalidIconHash;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IconHash> for String {
    fn from(hash: IconHash) -> Self {
        hash.0
    }
}

impl fmt::Display for IconHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name becomes part of a path: nothing else than digits gets through.
    #[test]
    fn an_icon_is_named_by_64_lowercase_hexadecimal_digits() {
        assert!("0123456789abcdef".repeat(4).parse::<IconHash>().is_ok());
        for bad in ["", "ab", &"A".repeat(64), &"a".repeat(65), &format!("../{}", "a".repeat(61)), &"ü".repeat(32)] {
            assert_eq!(bad.parse::<IconHash>(), Err(InvalidIconHash), "{bad:?}");
        }
    }
}
