//! What another program bills an organization (decision C8): listed in the portal, and nothing more.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// The longest number or amount, in characters.
pub const MAX_TEXT: usize = 60;

/// What kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum BillingKind {
    /// What is to be paid.
    Invoice,
    /// What something would cost.
    Estimate,
    /// What is open.
    Statement,
    /// What is given back.
    Credit,
}

impl BillingKind {
    /// As it stands in documents.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A day such as `2026-11-27` (ISO 8601), as it is kept and compared.
pub fn day(text: &str) -> Result<String, String> {
    let day = text.trim().parse::<Date>().map_err(|_| "must be a day, such as 2026-11-27".to_owned())?;
    Ok(day.to_string())
}

/// A number or an amount, such as `RE-2026-17` or `120.00 EUR`.
pub fn short_text(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("must not be empty".into()),
        1..=MAX_TEXT if text.chars().any(char::is_control) => Err("must be a single line".into()),
        1..=MAX_TEXT => Ok(text.to_owned()),
        _ => Err(format!("must have at most {MAX_TEXT} characters")),
    }
}

/// Where a document can be seen: `https` alone.
pub fn link(text: &str) -> Result<String, String> {
    let url = text.trim().parse::<url::Url>().ok();
    let good = url.filter(|url| url.scheme() == "https" && url.has_host() && url.as_str().len() <= 2000);
    good.map(|url| url.to_string()).ok_or_else(|| "must be an https address of at most 2,000 characters".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_texts_and_links_are_what_they_say() {
        assert_eq!(day(" 2026-02-28 "), Ok("2026-02-28".into()));
        assert!(["2026-02-30", "28.2.2026", ""].iter().all(|text| day(text).is_err()));
        assert_eq!(short_text(" 120.00 EUR "), Ok("120.00 EUR".into()));
        assert!(["", "a\nb"].iter().all(|text| short_text(text).is_err()) && short_text(&"x".repeat(61)).is_err());
        assert_eq!(link("https://pay.example/1"), Ok("https://pay.example/1".into()));
        assert!(["http://pay.example", "javascript:alert(1)", "https://", "x"].iter().all(|text| link(text).is_err()));
    }
}
