//! Requirement rows and the tests that check them, as a page: `docs/coverage.md`.
//!
//! A test belongs to a row when its doc comment or its name carries the row's id. Whether it passes is for `cargo test`.

pub mod row;
pub mod sources;
pub mod test_function;

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use anyhow::{Context, ensure};

use self::{
    row::Row,
    test_function::{System, TestFunction},
};

/// Where the page is, below the workspace.
pub const PAGE: &str = "docs/coverage.md";

/// The rows, below the workspace.
const ROWS: &str = "tests/rows.txt";

/// Writes the page for the workspace in `workspace`. A test that names a row which does not exist is an error.
pub fn page(workspace: &Path) -> anyhow::Result<String> {
    let rows = fs::read_to_string(workspace.join(ROWS)).with_context(|| format!("reading {ROWS}"))?;
    let rows = row::rows(&rows)?;
    let mut tests = Vec::new();
    for file in sources::rust_files(workspace)? {
        let text = fs::read_to_string(workspace.join(&file)).with_context(|| format!("reading {file}"))?;
        tests.extend(test_function::test_functions(&file, &text));
    }
    let known: BTreeSet<_> = rows.iter().map(|row| row.id.as_str()).collect();
    let unknown: Vec<_> = tests
        .iter()
        .flat_map(|test| test.rows.iter().filter(|id| !known.contains(id.as_str())).map(move |id| (test, id)))
        .map(|(test, id)| format!("{} names {id}", test.place()))
        .collect();
    ensure!(unknown.is_empty(), "not in {ROWS}: {}", unknown.join("; "));
    Ok(written(&rows, &tests))
}

fn written(rows: &[Row], tests: &[TestFunction]) -> String {
    let of = |row: &Row, system: System| -> Vec<String> {
        tests
            .iter()
            .filter(|test| test.system == system && test.rows.contains(&row.id))
            .map(|test| format!("`{}`", test.place()))
            .collect()
    };
    let covered = |system| rows.iter().filter(|row| !of(row, system).is_empty()).count();
    let mut page = format!(
        "# Coverage\n\n\
         Made from the tests by `cargo coverage`; `cargo coverage --check` fails when it is out of date. Of {} rows, {} have a \
         test that runs on Linux, {} one that runs under Wine, {} one that inspects what is linked for macOS.\n\n\
         Wine has one session and one account: on Windows, AGT-01 is tried as the logic of sessions alone, which is the same code on every \
         system and stands in the column of Linux, and AGT-09 as where secrets lie, not as what a second account can read.\n\n\
         | row | what | Linux | Windows | macOS |\n| --- | --- | --- | --- | --- |\n",
        rows.len(),
        covered(System::Linux),
        covered(System::Windows),
        covered(System::MacOs),
    );
    for row in rows {
        let cell = |system, none: &str| match of(row, system) {
            tests if tests.is_empty() => none.to_owned(),
            tests => tests.join("<br>"),
        };
        let (linux, windows, macos) =
            (cell(System::Linux, "no test yet"), cell(System::Windows, "not run"), cell(System::MacOs, "not run"));
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| {} | {} | {linux} | {windows} | {macos} |", row.id, row.title);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_stands_with_its_tests_by_system() {
        let row = |id: &str| Row { id: id.into(), title: format!("what {id} is") };
        let test = |name: &str, system| TestFunction {
            file: "a.rs".into(),
            name: name.into(),
            rows: ["AGT-02".to_owned()].into(),
            system,
        };

        let page = written(&[row("AGT-02"), row("C1")], &[test("x", System::Linux), test("y", System::Windows)]);

        assert!(page.contains("Of 2 rows, 1 have"), "{page}");
        assert!(page.contains("| AGT-02 | what AGT-02 is | `a.rs::x` | `a.rs::y` | not run |"), "{page}");
        assert!(page.contains("| C1 | what C1 is | no test yet | not run | not run |"), "{page}");
    }
}
