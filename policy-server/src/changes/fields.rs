//! Fields of requests: checked one by one, so that an answer names each that is wrong.

use std::borrow::Cow;

use deskbell_protocol::FieldError;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use crate::problems::Refused;

/// Collects what is wrong with a request.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// `value` as `parse` keeps it; when it is refused, `fallback`, which no one sees, since [`Self::done`] then fails.
    pub fn check(&mut self, pointer: &str, value: &str, parse: impl Fn(&str) -> Result<String, String>) -> String {
        parse(value).unwrap_or_else(|detail| {
            self.0.push(FieldError { pointer: pointer.into(), detail });
            String::new()
        })
    }

    /// A field that was found wrong elsewhere.
    pub fn fault(&mut self, pointer: &str, detail: String) {
        self.0.push(FieldError { pointer: pointer.into(), detail });
    }

    /// The same as [`Self::check`] for a field that may be absent.
    pub fn check_optional(
        &mut self,
        pointer: &str,
        value: Option<String>,
        parse: impl Fn(&str) -> Result<String, String>,
    ) -> Option<String> {
        value.map(|value| self.check(pointer, &value, parse))
    }

    /// Makes the wished change of a field that may be absent.
    pub fn change_optional(
        &mut self,
        pointer: &str,
        field: &mut Option<String>,
        wish: Wish<String>,
        parse: impl Fn(&str) -> Result<String, String>,
    ) {
        match wish {
            Wish::Keep => {}
            Wish::Clear => *field = None,
            Wish::Set(value) => *field = Some(self.check(pointer, &value, parse)),
        }
    }

    /// Fails when anything was wrong.
    pub fn done(self) -> Result<(), Refused> {
        if self.0.is_empty() { Ok(()) } else { Err(Refused::invalid(self.0)) }
    }
}

/// What a PATCH wishes for a field that can be taken away (RFC 7396). With `#[serde(default)]`, an absent field is kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Wish<T> {
    /// Absent.
    #[default]
    Keep,
    /// Null.
    Clear,
    /// A value.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Wish<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

impl<T> Wish<T> {
    /// Makes the wished change of a field that needs no check.
    pub fn put(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }
}

/// As JSON, it is the value or null.
impl<T: JsonSchema> JsonSchema for Wish<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

/// The body of the requests that attach a policy to a node of the tree, or take it away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachPolicy {
    /// Which policy; null takes it away.
    pub policy_id: Option<crate::domain::ids::PolicyId>,
}

impl AttachPolicy {
    /// The policy's id, if it exists.
    pub async fn checked(&self, app: &crate::app::App) -> Result<Option<crate::domain::ids::PolicyId>, Refused> {
        if let Some(id) = self.policy_id
            && app.store.policy(id).await?.is_none()
        {
            return Err(Refused::field("/policy_id", "names no policy"));
        }
        Ok(self.policy_id)
    }
}
