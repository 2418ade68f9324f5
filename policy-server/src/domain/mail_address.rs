//! Addresses of mail that comes in, as they are compared with those that are stored (S20).

use crate::domain::{contact, portal_user::sign_in_key};

/// Why an address is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressFault {
    /// It is no address.
    Malformed,
    /// It has letters of several scripts, or letters that become others when they are made small: it can look like another.
    MixedScript,
}

/// The form in which an address is compared.
pub fn address_key(address: &str) -> Result<String, AddressFault> {
    let address = contact::email(address).map_err(|_| AddressFault::Malformed)?;
    let key = sign_in_key(&address);
    let parts = address.split(['@', '.']);
    if parts.clone().any(is_mixed) || (key.is_ascii() && !address.is_ascii()) {
        return Err(AddressFault::MixedScript);
    }
    Ok(key)
}

/// The domain of an address, in small letters.
pub fn domain_of(key: &str) -> &str {
    key.rsplit('@').next().unwrap_or_default()
}

/// Whether letters of the Latin script stand beside others.
fn is_mixed(part: &str) -> bool {
    let mut letters = part.chars().filter(|c| c.is_alphabetic());
    let is_latin = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    letters.next().is_some_and(|first| letters.any(|other| is_latin(other) != is_latin(first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S20: what only looks like an address, or becomes it when letters are made small, is not that address.
    #[test]
    fn an_address_is_compared_in_small_letters_and_in_one_script() {
        for (address, key) in [
            (" Jane.Doe@Contoso.Example ", Ok("jane.doe@contoso.example")),
            ("zoë@contoso.example", Ok("zoë@contoso.example")),
            ("иван@пример.example", Ok("иван@пример.example")),
            ("jаne@contoso.example", Err(AddressFault::MixedScript)),
            ("jane@cоntoso.example", Err(AddressFault::MixedScript)),
            ("jac\u{212a}@contoso.example", Err(AddressFault::MixedScript)),
            ("jane", Err(AddressFault::Malformed)),
            ("jane@contoso.example\r\nBcc: x@y.example", Err(AddressFault::Malformed)),
        ] {
            assert_eq!(address_key(address), key.map(str::to_owned), "{address}");
        }
        assert_eq!(domain_of("jane@contoso.example"), "contoso.example");
    }
}
