//! Which words of what somebody types say what it is about.

use std::collections::BTreeSet;

/// How much of a text counts, in characters.
const READ: usize = 2000;
/// How many words count at most: of a long text, the longest ones, which say most.
const MOST_WORDS: usize = 8;
/// Shorter ones say nothing.
const SHORTEST: usize = 3;

/// The telling words of a text, in lower case: none of those that are in any text, which `common` lists.
pub fn telling_words(text: &str, common: &str) -> Vec<String> {
    let common: BTreeSet<_> = common.split_whitespace().map(str::to_lowercase).collect();
    let read: String = text.chars().take(READ).collect();
    let words = read.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= SHORTEST);
    let words: BTreeSet<_> = words.map(str::to_lowercase).filter(|word| !common.contains(word)).collect();
    let mut words: Vec<_> = words.into_iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(MOST_WORDS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_words_that_are_not_in_any_text_count_once_each() {
        let words = telling_words("The VPN, my vpn: it will not CONNECT (größer).", "the not will");
        assert_eq!(words, ["connect", "größer", "vpn"]);
        assert_eq!(telling_words("a bb !?", ""), [""; 0]);
        let many: Vec<_> = (100..200).map(|number| number.to_string()).collect();
        assert_eq!(telling_words(&many.join(" "), "").len(), MOST_WORDS);
        assert_eq!(telling_words(&format!("{}{}", "x ".repeat(READ), "late"), ""), [""; 0]);
    }
}
