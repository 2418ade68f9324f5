//! The rows of the requirements, and how texts name them.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};

/// Kinds of rows that are named with a hyphen.
const HYPHENATED: [&str; 8] = ["SYN", "RS", "RES", "NAB", "ZOH", "AGT", "POL", "INV"];

/// Kinds of rows that are named without one: decisions, and failures that happened to others.
const PLAIN: [&str; 2] = ["C", "S"];

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Such as `AGT-06`.
    pub id: String,
    /// What it is about.
    pub title: String,
}

/// Reads lines of id, tab, title. Each id stands once.
pub fn rows(text: &str) -> anyhow::Result<Vec<Row>> {
    let mut seen = BTreeSet::new();
    text.lines()
        .map(|line| {
            let (id, title) = line.split_once('\t').with_context(|| format!("no tab in the row {line:?}"))?;
            ensure!(seen.insert(id), "the row {id} stands twice");
            Ok(Row { id: id.to_owned(), title: title.to_owned() })
        })
        .collect()
}

/// The ids that a comment names: `AGT-06`, `C10`, `S19`, `invariant 21`, `invariants 1, 2 and 6`.
pub fn named_in_comment(comment: &str) -> BTreeSet<String> {
    let words = comment.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let mut ids: BTreeSet<_> = words.filter(|word| is_id(word)).map(str::to_owned).collect();
    for (start, word) in comment.match_indices("nvariant") {
        let list = &comment[start + word.len()..];
        ids.extend(leading_numbers(list.strip_prefix('s').unwrap_or(list)).map(|number| format!("INV-{number}")));
    }
    ids
}

/// The numbers at the start of ` 1, 2 and 6: …`.
fn leading_numbers(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let list = rest?.trim_start();
        let end = list.find(|c: char| !c.is_ascii_digit()).unwrap_or(list.len());
        rest = list[end..].strip_prefix(',').or_else(|| list[end..].strip_prefix(" and"));
        (end > 0).then_some(&list[..end])
    })
}

/// The ids that a test's name carries: `agt_06`, `invariant_21`.
pub fn named_in_function(name: &str) -> BTreeSet<String> {
    let words: Vec<_> = name.split('_').collect();
    words
        .windows(2)
        .filter_map(|pair| {
            let kind = if pair[0] == "invariant" { "INV".to_owned() } else { pair[0].to_ascii_uppercase() };
            let id = format!("{kind}-{}", pair[1]);
            is_id(&id).then_some(id)
        })
        .collect()
}

fn is_id(word: &str) -> bool {
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    match word.split_once('-') {
        Some((kind, number)) => HYPHENATED.contains(&kind) && digits(number),
        None => PLAIN.iter().any(|kind| word.strip_prefix(kind).is_some_and(digits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_name_rows_decisions_failures_and_invariants() {
        let ids = named_in_comment("AGT-06, SYN-44 (S19; C6): PC-042 keeps invariants 1, 2 and 21: 60 s. RFC 9457");
        assert_eq!(ids, ["AGT-06", "C6", "INV-1", "INV-2", "INV-21", "S19", "SYN-44"].map(str::to_owned).into());
    }

    #[test]
    fn names_of_tests_carry_rows() {
        let ids = named_in_function("agt_06_the_menu_of_pc_042_keeps_invariant_21");
        assert_eq!(ids, ["AGT-06", "INV-21"].map(str::to_owned).into());
    }

    #[test]
    fn a_row_stands_once() {
        assert!(rows("A\tx\nA\ty").is_err());
        assert!(rows("no tab").is_err());
    }
}
