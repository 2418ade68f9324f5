//! How tickets are found by their words among very many: for each block of numbers, which of its tickets have a gram, that is
//! a piece of a word of one to three characters. Grams narrow a search down; the text itself then decides.

use std::collections::HashSet;

use crate::domain::ids::OrganizationId;

/// How many ticket numbers are in a block.
pub const BLOCK: i64 = 64 * 64;

/// The longest gram, in characters.
const LONGEST: usize = 3;
/// How many grams of one word a search asks for.
const ASKED: usize = 4;
const WORDS: usize = 64;
const BITS_BYTES: usize = WORDS * 8;

/// Some tickets of one block, each by its place in the block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places([u64; WORDS]);

/// The block of a ticket number and its place there.
pub fn place(number: i64) -> (i64, u16) {
    (number.div_euclid(BLOCK), u16::try_from(number.rem_euclid(BLOCK)).unwrap_or_default())
}

/// Every gram of a text in lower case.
pub fn grams(key: &str) -> HashSet<&str> {
    let mut grams = HashSet::new();
    for word in key.split_whitespace() {
        let ends: Vec<_> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        for length in 1..=LONGEST {
            grams.extend(ends.windows(length + 1).map(|ends| &word[ends[0]..ends[length]]));
        }
    }
    grams
}

/// Some grams that a text with `word` in it must have: few, from all over the word.
pub fn few_grams(word: &str) -> Vec<&str> {
    let all = all_grams(word);
    let asked = ASKED.min(all.len());
    (0..asked).map(|n| all[n * (all.len() - 1) / (asked - 1).max(1)]).collect()
}

/// All that a text with `word` in it must have, but for shorter ones.
pub fn all_grams(word: &str) -> Vec<&str> {
    let ends: Vec<_> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    let length = LONGEST.min(ends.len() - 1);
    ends.windows(length + 1).map(|ends| &word[ends[0]..ends[length]]).collect()
}

/// What stands for an organization beside the grams: longer than any of them.
pub fn organization_gram(id: OrganizationId) -> String {
    format!("organization {id}")
}

impl Default for Places {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

impl Places {
    /// Every place.
    pub fn all() -> Self {
        Self([u64::MAX; WORDS])
    }

    /// Adds a place.
    pub fn insert(&mut self, place: u16) {
        self.0[usize::from(place) / 64 % WORDS] |= 1 << (place % 64);
    }

    /// Whether a place is among these.
    pub fn contains(&self, place: u16) -> bool {
        self.0[usize::from(place) / 64 % WORDS] & (1 << (place % 64)) != 0
    }

    /// Keeps only what is among `others`, too.
    pub fn keep(&mut self, others: &Self) {
        self.0.iter_mut().zip(others.0).for_each(|(own, other)| *own &= other);
    }

    /// Adds what is among `others`.
    pub fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(others.0).for_each(|(own, other)| *own |= other);
    }

    /// The places in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u16> {
        (0..u16::try_from(BLOCK).unwrap_or_default()).filter(|place| self.contains(*place))
    }

    /// As it is stored: few places one by one, many as bits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let count: u32 = self.0.iter().map(|word| word.count_ones()).sum();
        if count as usize * 2 < BITS_BYTES {
            self.iter().flat_map(u16::to_le_bytes).collect()
        } else {
            self.0.iter().flat_map(|word| word.to_le_bytes()).collect()
        }
    }

    /// What was stored.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut places = Self::default();
        if bytes.len() == BITS_BYTES {
            let words = bytes.as_chunks::<8>().0;
            places.0.iter_mut().zip(words).for_each(|(own, stored)| *own = u64::from_le_bytes(*stored));
        } else {
            bytes.as_chunks::<2>().0.iter().for_each(|stored| places.insert(u16::from_le_bytes(*stored)));
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gram_is_a_piece_of_a_word_and_never_of_two() {
        let mut found: Vec<_> = grams("ärge\n1").into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, ["1", "e", "g", "ge", "r", "rg", "rge", "ä", "är", "ärg"]);
        assert_eq!(grams(" \t"), HashSet::new());
    }

    #[test]
    fn a_long_word_is_asked_for_by_grams_from_all_over_it() {
        assert_eq!(few_grams("netzwerkdrucker"), ["net", "wer", "dru", "ker"]);
        assert_eq!(few_grams("abcd"), ["abc", "bcd"]);
        assert_eq!([few_grams("ab"), few_grams("ß")], [["ab"], ["ß"]]);
    }

    proptest! {
        #[test]
        fn whatever_has_a_word_in_it_has_the_grams_that_are_asked_for(
            before in "\\PC{0,9}", word in "[\\PC&&[^\\s]]{1,12}", after in "\\PC{0,9}",
        ) {
            let text = format!("{before}{word}{after}");
            let grams = grams(&text);
            prop_assert!(all_grams(&word).iter().all(|gram| grams.contains(gram)));
            prop_assert!(few_grams(&word).iter().all(|gram| all_grams(&word).contains(gram)));
        }

        #[test]
        fn places_are_read_as_they_were_written(chosen in prop::collection::btree_set(0..4096_u16, 0..600)) {
            let mut places = Places::default();
            for place in &chosen {
                places.insert(*place);
            }
            let bytes = places.to_bytes();
            prop_assert!(bytes.len() <= 512);
            let read = Places::from_bytes(&bytes);
            prop_assert_eq!(&read, &places);
            prop_assert!(read.iter().eq(chosen.iter().copied()));
        }
    }

    #[test]
    fn places_of_two_words_are_those_of_both() {
        let [mut printers, mut paper] = [Places::default(), Places::default()];
        for (printer, sheet) in [(1, 0), (64, 64), (4095, 4095)] {
            printers.insert(printer);
            paper.insert(sheet);
        }
        let mut both = printers.clone();
        both.keep(&paper);
        printers.add(&paper);
        assert_eq!(both.iter().rev().collect::<Vec<_>>(), [4095, 64]);
        assert_eq!(printers.iter().collect::<Vec<_>>(), [0, 1, 64, 4095]);
        assert_eq!(place(8191), (1, 4095));
    }
}
