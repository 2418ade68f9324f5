//! Names, addresses and numbers as people may write them. Each function returns the text as it is kept, or what would be
//! right.

/// The longest name, in characters.
pub const MAX_NAME: usize = 200;
/// The longest id of another program, in characters.
pub const MAX_EXTERNAL_ID: usize = 100;
/// The longest address, in characters.
pub const MAX_ADDRESS: usize = 500;

/// A name of something or somebody: 1 to [`MAX_NAME`] characters on one line.
pub fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("must not be empty".into()),
        1..=MAX_NAME if text.chars().any(char::is_control) => Err("must be a single line".into()),
        1..=MAX_NAME => Ok(text.to_owned()),
        _ => Err(format!("must have at most {MAX_NAME} characters")),
    }
}

/// An e-mail address: `local@domain`, 254 bytes at most and 64 before the `@` (RFC 5321 §4.5.3.1), unquoted (RFC 5322 §3.2.3),
/// nothing that could end a mail header.
pub fn email(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = text.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"<>\"(),:;[]\\".contains(c));
    match text.rsplit_once('@') {
        Some((local, domain))
            if plain
                && text.len() <= 254
                && local.len() <= 64
                && local.split('.').all(|part| !part.is_empty() && !part.contains('@'))
                && is_host(domain) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("must be an e-mail address, such as jane@example.com".into()),
    }
}

/// The domain of addresses, in small letters: a host of two labels at least.
pub fn mail_domain(text: &str) -> Result<String, String> {
    let text = text.trim().trim_start_matches('@');
    if text.len() <= 253 && text.contains('.') && is_host(text) {
        Ok(text.to_lowercase())
    } else {
        Err("must be the domain of e-mail addresses, such as example.com".into())
    }
}

/// A telephone number as people write it: digits, spaces and `+ - . ( ) /`, with at least 3 digits.
pub fn phone(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_digit() || " +-.()/".contains(c));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if plain && digits >= 3 && text.len() <= 40 {
        Ok(text.to_owned())
    } else {
        Err("must be a telephone number, such as +1 555 0100".into())
    }
}

/// A color as `#rrggbb`; nothing else may reach a stylesheet (NAB-09).
pub fn color(text: &str) -> Result<String, String> {
    let hexadecimal =
        text.strip_prefix('#').is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    if hexadecimal { Ok(text.to_ascii_lowercase()) } else { Err("must be a color such as #1f4e79".into()) }
}

/// What another program calls something: 1 to 100 characters on one line.
pub fn external_id(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("must not be empty".into()),
        1..=MAX_EXTERNAL_ID if text.chars().any(char::is_control) => Err("must be a single line".into()),
        1..=MAX_EXTERNAL_ID => Ok(text.to_owned()),
        _ => Err(format!("must have at most {MAX_EXTERNAL_ID} characters")),
    }
}

/// An address as it stands on an envelope, at most [`MAX_ADDRESS`] characters; without blank lines, and perhaps empty.
pub fn address(text: &str) -> Result<String, String> {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let address = lines.join("\n");
    if lines.iter().any(|line| line.chars().any(char::is_control)) {
        return Err("must have no control characters".into());
    }
    match address.chars().count() {
        0..=MAX_ADDRESS => Ok(address),
        _ => Err(format!("must have at most {MAX_ADDRESS} characters")),
    }
}

fn is_host(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_numbers_and_colors_are_kept_or_refused_whole() {
        assert_eq!(email(" jane@example.com "), Ok("jane@example.com".into()));
        for bad in [
            "",
            "jane",
            "@x.example",
            "jane@",
            "a@b@c.example",
            "a b@x.example",
            "a@x.example\r\nBcc: b@x.example",
            "a@-x.example",
            "a..b@x.example",
            ".a@x.example",
            "a.@x.example",
            &format!("{}@x.example", "a".repeat(65)),
            &format!("a@{}.example", "x".repeat(64)),
        ] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
        assert_eq!(phone("+1 (555) 01-00"), Ok("+1 (555) 01-00".into()));
        assert!(phone("call me").is_err() && phone("12").is_err());
        assert_eq!(color("#1F4E79"), Ok("#1f4e79".into()));
        assert!(color("red").is_err() && color("#12345;").is_err());
        assert_eq!(address(" 1 Main Street \r\n\n Springfield\n"), Ok("1 Main Street\nSpringfield".into()));
        assert!(address("a\tb").is_err() && address(&"x".repeat(501)).is_err() && address("").is_ok());
        assert_eq!(external_id(" 4711 "), Ok("4711".into()));
        assert!(external_id(" ").is_err() && external_id("a\nb").is_err() && external_id(&"x".repeat(101)).is_err());
        assert!(name(" \t").is_err() && name("a\nb").is_err() && name(&"x".repeat(201)).is_err());
    }
}
