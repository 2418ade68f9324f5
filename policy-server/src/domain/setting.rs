//! A setting with a value, in three states (POL-02): a value, off (`false`), and not configured (absent or null), for
//! which `Option<Switch<T>>` stands.

use std::{borrow::Cow, fmt, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        Error, MapAccess, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
};

/// What a policy that says something says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Switch<T> {
    /// There is none, whatever is above.
    Off,
    /// This one.
    On(T),
}

impl<T> Switch<T> {
    /// The value, when there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Off => None,
            Self::On(value) => Some(value),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Switch<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("SwitchOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({"anyOf": [value, {"const": false}]})
    }
}

impl<T: Serialize> Serialize for Switch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_bool(false),
            Self::On(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Switch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SwitchVisitor(PhantomData))
    }
}

struct SwitchVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SwitchVisitor<T> {
    type Value = Switch<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, false for none, or null to inherit")
    }

    fn visit_bool<E: Error>(self, is_on: bool) -> Result<Self::Value, E> {
        if is_on { Err(E::custom("true says nothing here: give the value")) } else { Ok(Switch::Off) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        T::deserialize(StrDeserializer::new(text)).map(Switch::On)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Switch::On)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_setting_is_read_as_it_is_written_in_all_three_states() {
        for (json, setting) in [
            (json!(null), None),
            (json!(false), Some(Switch::Off)),
            (json!("Northwind IT"), Some(Switch::On("Northwind IT".to_owned()))),
        ] {
            assert_eq!(serde_json::from_value::<Option<Switch<String>>>(json.clone()).expect("a setting"), setting);
            assert_eq!(serde_json::to_value(&setting).expect("JSON"), json);
        }
        for bad in [json!(true), json!(1), json!([])] {
            assert!(serde_json::from_value::<Option<Switch<Value>>>(bad.clone()).is_err(), "{bad}");
        }
    }
}
