//! What lists are searched in: a key made here, so that both databases find the same.

/// The form in which a thing is searched for: its texts in lower case, one blank between words.
pub fn search_key(texts: &[&str]) -> String {
    let words = texts.iter().flat_map(|text| text.split_whitespace());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `typed` anywhere in a key; nothing for nothing.
pub fn like_pattern(typed: &str) -> Option<String> {
    let escaped = escaped(&search_key(&[typed]));
    (!escaped.is_empty()).then(|| format!("%{escaped}%"))
}

/// A text in which nothing stands for anything else, for `LIKE … ESCAPE '\'`.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_found_in_the_key_and_stands_for_nothing_else() {
        assert_eq!(search_key(&["PC-042 ", "Größe  X", ""]), "pc-042 größe x");
        assert_eq!(like_pattern(" PC_0%"), Some("%pc\\_0\\%%".into()));
        assert_eq!(like_pattern(" \t"), None);
    }
}
