//! axe-core: what a page keeps from people who use it without a mouse, without sight, or with little contrast.

use std::fs;

use anyhow::Context;
use serde_json::Value;

use crate::support::{browser::Browser, programs::workspace};

/// Checks pages with axe-core, which `tests/run` installs.
#[derive(Debug)]
pub struct Axe {
    source: String,
}

impl Axe {
    /// Reads it.
    pub fn installed() -> anyhow::Result<Self> {
        let file = workspace().join("target/npm/node_modules/axe-core/axe.min.js");
        let naming = || format!("reading {}: npm install --prefix target/npm axe-core", file.display());
        Ok(Self { source: fs::read_to_string(&file).with_context(naming)? })
    }

    /// What it finds on the browser's page, one line for each rule that is broken; none when all is well.
    pub async fn violations(&self, browser: &Browser) -> anyhow::Result<Vec<String>> {
        browser.evaluate(&self.source).await?;
        let run = "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`))";
        match browser.evaluate(run).await? {
            Value::Array(found) => Ok(found.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect()),
            other => anyhow::bail!("axe-core answered {other}"),
        }
    }
}
