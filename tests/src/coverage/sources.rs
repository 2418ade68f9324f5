//! The Rust files of the workspace.

use std::{fs, path::Path};

use anyhow::Context;

/// The folders of the workspace's packages, as `Cargo.toml` names them.
pub fn packages(workspace: &Path) -> anyhow::Result<Vec<String>> {
    let manifest = fs::read_to_string(workspace.join("Cargo.toml")).context("reading Cargo.toml")?;
    let manifest: toml::Table = manifest.parse().context("reading Cargo.toml")?;
    let members = manifest["workspace"]["members"].as_array().context("Cargo.toml has no workspace members")?;
    Ok(members.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
}

/// Every Rust file of the workspace's packages, as a path below `workspace` with slashes, sorted.
pub fn rust_files(workspace: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for package in packages(workspace)? {
        gather(workspace, &package, &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn gather(workspace: &Path, folder: &str, files: &mut Vec<String>) -> anyhow::Result<()> {
    let listing = fs::read_dir(workspace.join(folder)).with_context(|| format!("listing {folder}"))?;
    for entry in listing {
        let entry = entry.with_context(|| format!("listing {folder}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.file_type()?.is_dir() {
            if name != "target" {
                gather(workspace, &path, files)?;
            }
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
