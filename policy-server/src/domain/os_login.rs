//! Logins of operating systems: how they are written and compared (decision C10).

use deskbell_protocol::OsUser;

/// The longest log-on name, domain, SID or uid, in characters. Windows allows 256 (`UNLEN`).
pub const MAX_PART: usize = 256;

/// A login as it is compared: without surrounding white space, in lower case, since Windows compares names so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OsLoginKey {
    /// The log-on name.
    pub name: String,
    /// The Windows domain or computer name; empty elsewhere.
    pub domain: String,
    /// The SID or uid; empty: any.
    pub os_id: String,
}

impl OsLoginKey {
    /// The key of what was written.
    pub fn new(name: &str, domain: &str, os_id: &str) -> Self {
        let key = |text: &str| text.trim().to_lowercase();
        Self { name: key(name), domain: key(domain), os_id: key(os_id) }
    }

    /// The keys under which a person may be known, the most exact first: with the account's id, then by name alone.
    pub fn of(user: &OsUser) -> [Self; 2] {
        [Self::new(&user.name, &user.domain, &user.id), Self::new(&user.name, &user.domain, "")]
    }
}

/// A part of a login that may be empty: [`MAX_PART`] characters at most, on one line.
pub fn optional_part(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err("must be a single line".into());
    }
    if text.chars().count() > MAX_PART {
        return Err(format!("must have at most {MAX_PART} characters"));
    }
    Ok(text.to_owned())
}

/// A log-on name.
pub fn name(text: &str) -> Result<String, String> {
    let name = optional_part(text)?;
    if name.is_empty() { Err("must not be empty".into()) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_looked_up_with_the_account_id_first_and_then_by_name() {
        let user = OsUser { name: "Jane ".into(), domain: "CONTOSO".into(), id: "S-1-5-21-7".into() };
        let keys = OsLoginKey::of(&user);
        assert_eq!(keys[0], OsLoginKey::new("jane", "contoso", "s-1-5-21-7"));
        assert_eq!(keys[1], OsLoginKey::new("jane", "contoso", ""));
        assert_ne!(keys[1], OsLoginKey::new("jane", "", ""), "another domain is another person");
    }

    #[test]
    fn parts_are_kept_or_refused_whole() {
        assert_eq!(name(" jane "), Ok("jane".into()));
        assert_eq!(optional_part(" "), Ok(String::new()));
        assert!(name(" ").is_err() && name("a\nb").is_err() && optional_part(&"x".repeat(257)).is_err());
    }
}
