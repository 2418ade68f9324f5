//! Test functions, found by reading the source line by line: doc comments and attributes above a `fn`.

use std::collections::BTreeSet;

use crate::coverage::row;

/// Where a test shows that something works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Here.
    Linux,
    /// Under Wine: its comment says "under Wine".
    Windows,
    /// Linked and inspected: its comment says "linked for macOS".
    MacOs,
}

/// A test, and the rows that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFunction {
    /// Path below the workspace.
    pub file: String,
    /// The function's name.
    pub name: String,
    /// The ids that its doc comment and name carry.
    pub rows: BTreeSet<String>,
    /// What it runs on.
    pub system: System,
}

impl TestFunction {
    /// File and name, to find it by.
    pub fn place(&self) -> String {
        format!("{}::{}", self.file, self.name)
    }
}

/// Every test function of a file.
pub fn test_functions(file: &str, text: &str) -> Vec<TestFunction> {
    let mut found = Vec::new();
    let mut comment = String::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            comment.push_str(words);
            comment.push('\n');
        } else if line.starts_with("#[") {
            is_test |= ["#[test]", "#[tokio::test"].iter().any(|attribute| line.starts_with(attribute));
        } else {
            if let Some(name) = function_name(line).filter(|_| is_test) {
                found.push(test_function(file, name, &comment));
            }
            comment.clear();
            is_test = false;
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?;
    name.find(['(', '<']).map(|end| &name[..end])
}

fn test_function(file: &str, name: &str, comment: &str) -> TestFunction {
    let mut rows = row::named_in_comment(comment);
    rows.append(&mut row::named_in_function(name));
    let system = if comment.contains("under Wine") {
        System::Windows
    } else if comment.contains("linked for macOS") {
        System::MacOs
    } else {
        System::Linux
    };
    TestFunction { file: file.to_owned(), name: name.to_owned(), rows, system }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, Vec<String>, System)> {
        test_functions("a.rs", source)
            .into_iter()
            .map(|test| (test.name, test.rows.into_iter().collect(), test.system))
            .collect()
    }

    #[test]
    fn only_tests_count() {
        let source = "/// AGT-06: x\nfn no_test() {}\n/// AGT-02: y\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn a_test() {}";
        assert_eq!(found(source), [("a_test".to_owned(), vec!["AGT-02".to_owned()], System::Linux)]);
    }

    #[test]
    fn a_property_inside_proptest_is_a_test() {
        let source = "proptest! {\n    /// S13\n    #[test]\n    fn agt_05_holds(x in any::<u8>()) {}\n}";
        assert_eq!(
            found(source),
            [("agt_05_holds".to_owned(), vec!["AGT-05".to_owned(), "S13".to_owned()], System::Linux)]
        );
    }

    #[test]
    fn a_comment_says_which_system_it_is_about() {
        let source = "/// AGT-15, under Wine.\n#[test]\nfn a() {}\n/// AGT-15, linked for macOS.\n#[test]\nfn b() {}";
        let systems: Vec<_> = found(source).into_iter().map(|(_, _, system)| system).collect();
        assert_eq!(systems, [System::Windows, System::MacOs]);
    }
}
