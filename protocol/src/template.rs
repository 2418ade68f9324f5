//! Texts and links with variables: parsing may fail, expanding cannot (AGT-05).
//!
//! A variable is written `{{name}}`. In links each value is percent-encoded down to the unreserved characters of
//! RFC 3986, and variables are refused before the path (or the mail address, or the phone number) begins, so that a
//! value can never change a link's scheme or host.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::values::Values;

/// The longest text of a label, a link or a copied text, in bytes.
pub const MAX_TEMPLATE_BYTES: usize = 2048;

/// A name that can stand between `{{` and `}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// The asset's name.
    Asset,
    /// The organization's name.
    Organization,
    /// The assigned end user's name.
    EndUser,
    /// The computer's host name.
    Computer,
    /// The computer's serial number.
    Serial,
    /// Operating system and version.
    Os,
    /// The computer's first address.
    Ip,
    /// The operating system's name of the person at the tray.
    User,
}

impl Variable {
    /// Every variable with its name in templates.
    pub const ALL: [(&'static str, Self); 8] = [
        ("asset", Self::Asset),
        ("organization", Self::Organization),
        ("end_user", Self::EndUser),
        ("computer", Self::Computer),
        ("serial", Self::Serial),
        ("os", Self::Os),
        ("ip", Self::Ip),
        ("user", Self::User),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, variable)| *variable)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, variable)| *variable == self).map_or("", |(name, _)| name)
    }
}

/// Why a text is not a template. The words are for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Over [`MAX_TEMPLATE_BYTES`].
    #[error("is longer than {MAX_TEMPLATE_BYTES} bytes")]
    TooLong,
    /// A line break or another control character.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// `{{` without its `}}`.
    #[error("has a {{{{ without its }}}}")]
    Unclosed,
    /// A name that is no variable.
    #[error("names the unknown variable {{{{{0}}}}}; known are {known}", known = known_variables())]
    UnknownVariable(String),
    /// A link that does not begin with one of the schemes that are safe to open.
    #[error("must begin with https://, mailto: or tel:")]
    Scheme,
    /// A variable where it could change where the link leads.
    #[error("has a variable before the path, where it could change where the link leads")]
    VariableInOrigin,
    /// Not a link even without its variables.
    #[error("is not a valid link")]
    NotALink,
    /// A name and password in front of the host.
    #[error("must not carry a user name or password")]
    Credentials,
}

fn known_variables() -> String {
    Variable::ALL.map(|(name, _)| name).join(", ")
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(Variable),
}

/// A text with variables, of one line: a label, or part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("maxLength" = MAX_TEMPLATE_BYTES)))]
#[serde(try_from = "String", into = "String")]
pub struct TextTemplate(Vec<Part>);

impl TextTemplate {
    /// The text with each variable replaced by its value, as it is.
    pub fn expand(&self, values: &Values) -> String {
        expand(&self.0, |variable| values.value(variable).to_owned())
    }
}

/// A text with variables and line breaks, for copying to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("maxLength" = MAX_TEMPLATE_BYTES)))]
#[serde(try_from = "String", into = "String")]
pub struct CopyTemplate(Vec<Part>);

impl CopyTemplate {
    /// The text with each variable replaced by its value, as it is.
    pub fn expand(&self, values: &Values) -> String {
        expand(&self.0, |variable| values.value(variable).to_owned())
    }
}

/// A link with variables whose scheme and host are fixed: `https`, `mailto` or `tel`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("maxLength" = MAX_TEMPLATE_BYTES)))]
#[serde(try_from = "String", into = "String")]
pub struct UrlTemplate(Vec<Part>);

impl UrlTemplate {
    /// The link with each variable percent-encoded.
    pub fn expand(&self, values: &Values) -> String {
        expand(&self.0, |variable| percent_encode(values.value(variable)))
    }
}

impl FromStr for TextTemplate {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().any(char::is_control) {
            return Err(TemplateError::ControlCharacter);
        }
        parts(text).map(Self)
    }
}

impl FromStr for CopyTemplate {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(TemplateError::ControlCharacter);
        }
        parts(text).map(Self)
    }
}

impl FromStr for UrlTemplate {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().any(char::is_control) {
            return Err(TemplateError::ControlCharacter);
        }
        let parts = parts(text)?;
        let plain = expand(&parts, |_| "x".to_owned());
        let url = Url::parse(&plain).map_err(|_| TemplateError::NotALink)?;
        let fixed = match url.scheme() {
            "https" if !url.username().is_empty() || url.password().is_some() => {
                return Err(TemplateError::Credentials);
            }
            // The host ends at the first / ? # or \ behind the scheme's two slashes.
            "https" => origin_length(text, "https://")?,
            "mailto" => rest_length(text, "mailto:", '?')?,
            "tel" => text.len(),
            _ => return Err(TemplateError::Scheme),
        };
        if text[..fixed].contains("{{") {
            return Err(TemplateError::VariableInOrigin);
        }
        Ok(Self(parts))
    }
}

/// How many bytes of `text` name scheme and host. The scheme must be written out, since browsers repair what we would
/// have to guess.
fn origin_length(text: &str, scheme: &str) -> Result<usize, TemplateError> {
    if !text.to_ascii_lowercase().starts_with(scheme) {
        return Err(TemplateError::Scheme);
    }
    let host = &text[scheme.len()..];
    Ok(scheme.len() + host.find(['/', '?', '#', '\\']).unwrap_or(host.len()))
}

fn rest_length(text: &str, scheme: &str, end: char) -> Result<usize, TemplateError> {
    if !text.to_ascii_lowercase().starts_with(scheme) {
        return Err(TemplateError::Scheme);
    }
    Ok(text.find(end).unwrap_or(text.len()))
}

fn parts(text: &str) -> Result<Vec<Part>, TemplateError> {
    if text.trim().is_empty() {
        return Err(TemplateError::Empty);
    }
    if text.len() > MAX_TEMPLATE_BYTES {
        return Err(TemplateError::TooLong);
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        if start > 0 {
            parts.push(Part::Text(rest[..start].to_owned()));
        }
        let inside = &rest[start + 2..];
        let end = inside.find("}}").ok_or(TemplateError::Unclosed)?;
        let name = inside[..end].trim();
        let variable = Variable::named(name).ok_or_else(|| TemplateError::UnknownVariable(name.to_owned()))?;
        parts.push(Part::Variable(variable));
        rest = &inside[end + 2..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(parts)
}

fn expand(parts: &[Part], value: impl Fn(Variable) -> String) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Variable(variable) => value(*variable),
        })
        .collect()
}

/// Leaves only the unreserved characters of RFC 3986 §2.3 as they are.
fn percent_encode(text: &str) -> String {
    use fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn written(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Variable(variable) => format!("{{{{{}}}}}", variable.name()),
        })
        .collect()
}

/// A template travels and is stored as the text that was written.
macro_rules! travels_as_text {
    ($($template:ident),*) => {$(
        impl TryFrom<String> for $template {
            type Error = TemplateError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$template> for String {
            fn from(template: $template) -> Self {
                template.to_string()
            }
        }

        impl fmt::Display for $template {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&written(&self.0))
            }
        }
    )*};
}

travels_as_text!(TextTemplate, CopyTemplate, UrlTemplate);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> Values {
        Values {
            asset: "PC-042".into(),
            end_user: "Jane & Co <jane>".into(),
            organization: "//evil.example/".into(),
            ..Values::default()
        }
    }

    #[test]
    fn a_label_shows_the_values_as_they_are() {
        let label: TextTemplate = "Help for {{asset}} ({{ end_user }})".parse().expect("a template");
        assert_eq!(label.expand(&values()), "Help for PC-042 (Jane & Co <jane>)");
    }

    /// AGT-05: values are escaped for the place where they stand.
    #[test]
    fn a_link_carries_its_values_percent_encoded() {
        let link: UrlTemplate = "https://kb.example/search?q={{end_user}}#{{asset}}".parse().expect("a link");
        assert_eq!(link.expand(&values()), "https://kb.example/search?q=Jane%20%26%20Co%20%3Cjane%3E#PC-042");
    }

    /// AGT-05: an unknown variable is refused, and named.
    #[test]
    fn an_unknown_variable_is_refused_by_name() {
        let error = "Hello {{password}}".parse::<TextTemplate>().expect_err("unknown");
        assert_eq!(error, TemplateError::UnknownVariable("password".into()));
        assert!(error.to_string().contains("{{password}}"), "{error}");
    }

    #[test]
    fn links_that_could_run_something_or_lead_elsewhere_are_refused() {
        use TemplateError::{Credentials, NotALink, Scheme, VariableInOrigin};
        for (link, error) in [
            ("javascript:alert(1)", Scheme),
            ("file:///etc/passwd", Scheme),
            ("data:text/html,x", Scheme),
            ("http://plain.example/", Scheme),
            ("https:evil.example", Scheme),
            ("{{asset}}://x/", Scheme),
            ("https://", NotALink),
            ("https://{{organization}}/", VariableInOrigin),
            ("https://x.{{organization}}.example/", VariableInOrigin),
            ("https://good.example{{organization}}/", VariableInOrigin),
            ("https://me:secret@good.example/", Credentials),
            ("mailto:{{end_user}}@x.example", VariableInOrigin),
            ("tel:{{asset}}", VariableInOrigin),
        ] {
            assert_eq!(link.parse::<UrlTemplate>(), Err(error), "{link}");
        }
        for good in ["mailto:help@x.example?subject={{asset}}", "tel:+15550100", "https://x.example"] {
            assert!(good.parse::<UrlTemplate>().is_ok(), "{good}");
        }
    }

    proptest! {
        /// AGT-05: whatever a value is, scheme and host of the link stay.
        #[test]
        fn no_value_changes_where_a_link_leads(value in any::<String>(), path in "[/?#][a-z{}]{0,6}") {
            let written = format!("https://kb.example:8443{path}{{{{asset}}}}/{{{{user}}}}");
            if let Ok(link) = written.parse::<UrlTemplate>() {
                let url = Url::parse(&link.expand(&Values { asset: value.clone(), user: value, ..Values::default() })).expect("a link");
                prop_assert_eq!(url.scheme(), "https");
                prop_assert_eq!(url.host_str(), Some("kb.example"));
                prop_assert_eq!(url.port(), Some(8443));
                prop_assert_eq!(url.username(), "");
            }
        }

        #[test]
        fn parsing_never_panics_and_what_parses_is_written_back_the_same(text in any::<String>()) {
            let _ = text.parse::<UrlTemplate>();
            let _ = text.parse::<CopyTemplate>();
            if let Ok(template) = text.parse::<TextTemplate>() {
                prop_assert_eq!(template.to_string().parse::<TextTemplate>(), Ok(template));
            }
        }
    }
}
