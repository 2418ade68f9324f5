//! The languages that portal and mails speak, and which of them somebody gets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How many languages of an `Accept-Language` are looked at; browsers send fewer than ten.
const MAX_RANGES: usize = 32;

/// A language that portal and mails speak.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
    JsonSchema,
)]
pub enum Language {
    /// English, which stands in for what another language lacks.
    #[default]
    #[serde(rename = "en")]
    #[strum(serialize = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    #[strum(serialize = "de")]
    German,
    /// French.
    #[serde(rename = "fr")]
    #[strum(serialize = "fr")]
    French,
    /// Spanish.
    #[serde(rename = "es")]
    #[strum(serialize = "es")]
    Spanish,
    /// Arabic.
    #[serde(rename = "ar")]
    #[strum(serialize = "ar")]
    Arabic,
}

impl Language {
    /// BCP 47 tag.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on staff's pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "German",
            Self::French => "French",
            Self::Spanish => "Spanish",
            Self::Arabic => "Arabic",
        }
    }

    /// As those who speak it call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Arabic => "العربية",
        }
    }

    /// Whether its lines begin on the right.
    pub fn is_right_to_left(self) -> bool {
        match self {
            Self::Arabic => true,
            Self::English | Self::German | Self::French | Self::Spanish => false,
        }
    }

    /// The value of HTML's `dir`.
    pub fn direction(self) -> &'static str {
        if self.is_right_to_left() { "rtl" } else { "ltr" }
    }

    /// Whether somebody who speaks it has read what Deskbell says in it.
    pub fn is_reviewed(self) -> bool {
        match self {
            Self::English => true,
            Self::German | Self::French | Self::Spanish | Self::Arabic => false,
        }
    }

    /// The best one of an `Accept-Language` (RFC 9110, 12.5.4): of the languages named there that we speak, the one of the
    /// greatest weight, the first of equals. English where there is none. What is malformed counts as not there.
    pub fn accepted(header: &str) -> Self {
        let mut best = (0, Self::English);
        for range in header.split(',').take(MAX_RANGES) {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            if let (Some(language), Some(weight)) = (Self::of_tag(tag.trim()), weight_of(weight.trim()))
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The language of a tag such as `de-AT`, by its first part.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::VARIANTS.iter().copied().find(|language| language.name().eq_ignore_ascii_case(primary))
    }
}

/// A weight such as `q=0.8`, in thousandths.
fn weight_of(parameter: &str) -> Option<u16> {
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_browser_gets_the_language_that_it_would_rather_have() {
        for (header, language) in [
            ("", Language::English),
            ("de", Language::German),
            ("DE-at", Language::German),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Language::French),
            ("nl, es;q=0.3", Language::Spanish),
            ("en;q=0.5, ar ; q=0.51", Language::Arabic),
            ("de;q=0.8, fr;q=0.8", Language::German),
            ("de;Q=1.000, fr", Language::German),
            ("de;q=0, fr;q=0.001", Language::French),
            ("de;q=0", Language::English),
            ("nl, ja, *", Language::English),
            ("den, deu, d", Language::English),
            ("de;q=1.5, fr;q=0.1234, es;q=x, ar;level=1, de;q=", Language::English),
            (";;;, , fr", Language::French),
        ] {
            assert_eq!(Language::accepted(header), language, "{header:?}");
        }
    }

    #[test]
    fn a_long_header_is_read_to_a_limit() {
        let far = |before: usize| format!("{}de", "nl,".repeat(before));
        assert_eq!(Language::accepted(&far(MAX_RANGES - 1)), Language::German);
        assert_eq!(Language::accepted(&far(MAX_RANGES)), Language::English);
    }

    #[test]
    fn a_language_is_known_by_its_tag() {
        for language in Language::VARIANTS {
            assert_eq!(language.name().parse(), Ok(*language));
            assert_eq!(serde_json::to_value(language).expect("JSON"), language.name());
            assert_eq!(Language::accepted(language.name()), *language);
        }
    }

    proptest! {
        #[test]
        fn any_header_has_an_answer(header in "(?s)([a-z]{0,3}|de|fr)([-;,= q.0-9]{0,9}|\\PC{0,9}){0,40}") {
            let _ = Language::accepted(&header);
        }
    }
}
