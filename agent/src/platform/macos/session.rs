//! The person's session: its language.

use objc2_foundation::NSLocale;

/// The first of the person's languages, as a BCP 47 tag.
pub fn language() -> String {
    NSLocale::preferredLanguages().firstObject().map_or_else(|| "en".to_owned(), |language| language.to_string())
}
