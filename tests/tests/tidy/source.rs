//! A Rust file, as far as the rules look into it.

use std::fs;

use deskbell_tests::{coverage::sources, support::programs::workspace};

/// A Rust file of the workspace.
pub(crate) struct Source {
    /// Path below the workspace.
    pub(crate) path: String,
    text: String,
}

/// The Rust files whose paths begin with `folder`.
pub(crate) fn sources_below(folder: &str) -> Vec<Source> {
    let files = sources::rust_files(workspace()).expect("the workspace's files");
    files
        .into_iter()
        .filter(|path| path.starts_with(folder))
        .map(|path| Source { text: fs::read_to_string(workspace().join(&path)).expect("a Rust file"), path })
        .collect()
}

impl Source {
    /// Whether the whole file is for tests: in a package's `tests/`, or in the package of that name.
    pub(crate) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "benches")
    }

    /// How long the file is without the tests at its end.
    pub(crate) fn lines_before_tests(&self) -> usize {
        self.text.lines().take_while(|line| *line != "#[cfg(test)]").count()
    }

    /// Where code, not comments, names one of `words`; a word is not found inside a longer one.
    pub(crate) fn lines_naming(&self, words: &[&str]) -> Vec<String> {
        let code = self.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        code.filter(|(_, line)| words.iter().any(|word| names(line, word)))
            .map(|(number, line)| format!("{}:{}: {}", self.path, number + 1, line.trim()))
            .collect()
    }
}

fn names(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        !before.is_some_and(part_of_name) && (!after.is_some_and(part_of_name) || word.ends_with(['(', '!']))
    })
}
