//! What the MSP has written down for end users (decision C9): who reads it, and what it may say.

pub mod markdown;
pub mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::{ids::OrganizationId, ticket::clean};

/// The most articles that there can be: lists and searches look at all of them.
pub const MOST_ARTICLES: u64 = 1000;
/// The longest title, in characters.
pub const MAX_TITLE: usize = 120;
/// The longest section, in characters.
pub const MAX_SECTION: usize = 60;
/// The longest name of a language, in characters (RFC 5646 §4.4.1).
pub const MAX_LANGUAGE: usize = 35;
/// The longest text, in characters.
pub const MAX_BODY: usize = 100_000;
/// The largest request with an article, in bytes: the longest text, each character a pair of escapes or percent-encoded.
pub const MAX_ARTICLE_BYTES: usize = 12 * MAX_BODY + 64 * 1024;
/// The most organizations that an article can name.
pub const MOST_ORGANIZATIONS: usize = 200;

/// Who reads an article that is published.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ArticleVisibility {
    /// Everybody, without signing in.
    Public,
    /// Whoever is in the portal.
    Portal,
    /// Whoever is in the portal for one of the organizations that the article names.
    Organizations,
}

impl ArticleVisibility {
    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Public => "Everybody, without signing in",
            Self::Portal => "Whoever is in the portal",
            Self::Organizations => "Some organizations",
        }
    }
}

/// On whose behalf articles are read. The store takes it with every question and adds it to the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleScope {
    /// The MSP: all of them, drafts too.
    Msp,
    /// Anybody: those that are public.
    Anybody,
    /// Somebody who is in the portal for an organization.
    Organization(OrganizationId),
}

/// A title: 1 to [`MAX_TITLE`] characters on one line.
pub fn title(text: &str) -> Result<String, String> {
    line(text, MAX_TITLE)
}

/// A section, under which articles stand together: at most [`MAX_SECTION`] characters on one line.
pub fn section(text: &str) -> Result<String, String> {
    line(text, MAX_SECTION)
}

/// A text in Markdown, with line breaks as `\n`.
pub fn body(text: &str) -> Result<String, String> {
    let text = clean(text);
    match text.chars().count() {
        0 => Err("must not be empty".into()),
        1..=MAX_BODY => Ok(text),
        _ => Err("must have at most 100,000 characters".into()),
    }
}

/// A language, such as `de` or `de-CH`: in the form of BCP 47, whether there is such a language or not.
pub fn language(text: &str) -> Result<String, String> {
    let text = text.trim();
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let is_fine = text.len() <= MAX_LANGUAGE
        && (2..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if is_fine { Ok(text.to_owned()) } else { Err("must be a language, such as en or de-CH".into()) }
}

fn line(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("must not be empty".into()),
        length if length > longest => Err(format!("must have at most {longest} characters")),
        _ if text.chars().any(char::is_control) => Err("must be a single line".into()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_lines_texts_are_not_and_languages_are_tags() {
        assert_eq!(title(" Printers "), Ok("Printers".into()));
        assert!(["", "a\nb"].iter().all(|text| title(text).is_err()) && title(&"x".repeat(121)).is_err());
        assert!(section(&"x".repeat(61)).is_err());
        assert_eq!(body("# One\r\n\r\nTwo\0"), Ok("# One\n\nTwo".into()));
        assert!(body(" \r\n").is_err() && body(&"x".repeat(MAX_BODY + 1)).is_err());
        assert_eq!(language(" de-CH"), Ok("de-CH".into()));
        assert!(["", "german?", "d", "german", "x/y", "de-", "de-\"x"].iter().all(|text| language(text).is_err()));
    }
}
