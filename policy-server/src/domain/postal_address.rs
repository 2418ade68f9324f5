//! Where somebody says that they are, as the website's form asks it (SYN-26).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{contact::MAX_NAME, plain_line::plain_line};

/// A postal address, part by part. What was not given is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PostalAddress {
    /// Street and number.
    pub street: String,
    /// City.
    pub city: String,
    /// State or province.
    pub state: String,
    /// Postal code.
    pub zip: String,
    /// Country.
    pub country: String,
}

impl PostalAddress {
    /// Its parts, each under its name.
    pub fn parts(&self) -> [(&'static str, &str); 5] {
        let Self { street, city, state, zip, country } = self;
        [("street", street), ("city", city), ("state", state), ("zip", zip), ("country", country)]
    }

    /// In one line, as staff read it.
    pub fn line(&self) -> String {
        let given = self.parts().into_iter().map(|(_, part)| part).filter(|part| !part.is_empty());
        given.collect::<Vec<_>>().join(", ")
    }

    /// As it is kept, each part a plain line; absent where nothing was given. Wrong: a part is over [`MAX_NAME`] characters.
    pub fn checked(&self) -> Result<Option<Self>, TooLong> {
        let part = |text: &str| {
            let text = plain_line(text);
            if text.chars().count() > MAX_NAME { Err(TooLong) } else { Ok(text) }
        };
        let kept = Self {
            street: part(&self.street)?,
            city: part(&self.city)?,
            state: part(&self.state)?,
            zip: part(&self.zip)?,
            country: part(&self.country)?,
        };
        Ok((kept != Self::default()).then_some(kept))
    }
}

/// A part of an address is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_part_by_part_and_nothing_is_no_address() {
        let typed =
            PostalAddress { street: " 1 Main\r\nStreet ".into(), zip: "12345".into(), ..PostalAddress::default() };
        let kept = typed.checked().expect("short").expect("something");
        assert_eq!(kept.line(), "1 Main Street, 12345");
        assert_eq!(PostalAddress { city: " \t".into(), ..PostalAddress::default() }.checked(), Ok(None));
        let long = PostalAddress { country: "x".repeat(201), ..PostalAddress::default() };
        assert_eq!(long.checked(), Err(TooLong));
    }
}
