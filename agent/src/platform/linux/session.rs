//! The person's session: its language, from the environment that it was started with.

/// The person's language as a BCP 47 tag: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
pub fn language() -> String {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    tag(&set.into_iter().find(|locale| !locale.is_empty()).unwrap_or_default())
}

/// A POSIX locale such as `de_AT.UTF-8@euro` as a tag; `C` and `POSIX` mean English.
fn tag(locale: &str) -> String {
    let plain = locale.split(['.', '@']).next().unwrap_or_default();
    let is_tag = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if plain.is_empty() || plain == "C" || plain == "POSIX" || !is_tag(plain) || plain.len() > 35 {
        return "en".to_owned();
    }
    plain.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_becomes_a_language_tag() {
        for (locale, expected) in [
            ("de_AT.UTF-8", "de-AT"),
            ("pt_BR", "pt-BR"),
            ("fr@euro", "fr"),
            ("C", "en"),
            ("C.UTF-8", "en"),
            ("POSIX", "en"),
            ("", "en"),
            ("../../etc", "en"),
        ] {
            assert_eq!(tag(locale), expected, "{locale}");
        }
    }
}
