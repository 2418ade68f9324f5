//! Text of others on one line, as it looks: nothing in it moves or hides what stands around it.

/// `text` without control characters and without those that turn the direction of writing or show nothing; white space
/// is a single blank.
pub fn plain_line(text: &str) -> String {
    let visible: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control() && !is_deceptive(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Bidirectional controls (Unicode Standard Annex 9, section 2) and characters of no width.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_what_is_seen() {
        for (text, plain) in [
            ("  Jane \t Doe\r\n", "Jane Doe"),
            ("evil\u{202e}gpj.exe", "evilgpj.exe"),
            ("a\u{0}b\u{7f}c\u{85}d", "abc d"),
            ("\u{feff}\u{200b}", ""),
            ("Zoë 东京 🙂", "Zoë 东京 🙂"),
        ] {
            assert_eq!(plain_line(text), plain, "{text:?}");
        }
    }
}
