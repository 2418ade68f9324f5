//! The licenses of every crate in `Cargo.lock`, held against the list in `deny.toml`, as `cargo deny check licenses`
//! does. Written out because building cargo-deny takes longer than every other check of the repository.

use std::{collections::BTreeSet, fs, process::Command};

use anyhow::{Context, ensure};
use deskbell_tests::support::programs::workspace;
use serde::Deserialize;

/// Crates without an allowed license, with what they carry.
pub(crate) fn refused() -> anyhow::Result<Vec<String>> {
    let rules = fs::read_to_string(workspace().join("deny.toml")).context("reading deny.toml")?;
    let rules: Rules = toml::from_str(&rules).context("reading deny.toml")?;
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(workspace())
        .output()
        .context("running cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("reading what cargo says")?;
    ensure!(metadata.packages.len() > 100, "cargo names only {} packages", metadata.packages.len());
    Ok(metadata
        .packages
        .into_iter()
        .map(|package| (package.license.unwrap_or_default(), package.name))
        .filter(|(license, name)| !satisfied(license, &rules.licenses.allowed_for(name)))
        .map(|(license, name)| format!("{name}: {license}"))
        .collect())
}

/// The part of `deny.toml` that is held against the crates.
#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
    exceptions: Vec<Exception>,
}

/// What one crate may carry besides.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    license: Option<String>,
}

impl Licenses {
    fn allowed_for(&self, name: &str) -> BTreeSet<String> {
        let besides = self.exceptions.iter().filter(|exception| exception.name == name);
        self.allow.iter().chain(besides.flat_map(|exception| &exception.allow)).cloned().collect()
    }
}

/// Whether an SPDX expression can be met with what is allowed.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    // Crates from before SPDX expressions separate a choice by a slash.
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = expression.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest, allowed) && rest.is_empty()
}

fn any_of(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(words, allowed);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        met |= all_of(words, allowed);
    }
    met
}

fn all_of(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, allowed);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let met = any_of(words, allowed);
            *words = words.strip_prefix(&[")"]).unwrap_or(words);
            met
        }
        [license, "WITH", exception, rest @ ..] => {
            *words = rest;
            allowed.contains(&format!("{license} WITH {exception}"))
        }
        [license, rest @ ..] => {
            *words = rest;
            allowed.contains(*license)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_when_what_is_allowed_is_enough() {
        let allowed = ["MIT", "Apache-2.0"].map(str::to_owned).into();
        for (expression, met) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT/Unlicense", true),
            ("GPL-2.0-only OR Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception", false),
            ("MIT AND ISC", false),
            ("(MIT OR ISC) AND Apache-2.0", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", false),
            ("", false),
        ] {
            assert_eq!(satisfied(expression, &allowed), met, "{expression}");
        }
    }
}
