//! What the kernel knows of a process.

use std::fs;

use anyhow::Context;
use rustix::process::Pid;

/// Where the system's libraries are, Wine's among them.
const SYSTEM_FILES: &str = " /usr/";

/// A running process.
pub(crate) struct Process(i32);

/// Memory in megabytes.
pub(crate) struct Memory {
    /// All of it.
    pub(crate) resident: f64,
    /// Shared pages divided by who shares them.
    pub(crate) proportional: f64,
    /// Of all of it, what is no library of the system.
    pub(crate) own: f64,
}

impl Process {
    pub(crate) fn new(pid: Option<Pid>) -> anyhow::Result<Self> {
        Ok(Self(pid.context("the process has ended")?.as_raw_nonzero().get()))
    }

    /// The first process that this one started.
    pub(crate) fn child(&self) -> anyhow::Result<Self> {
        let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.0))?;
        let first = children.split_whitespace().next().context("no child")?;
        Ok(Self(first.parse()?))
    }

    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.0))?;
        let megabytes = |name: &str| -> anyhow::Result<f64> {
            Ok(number(&text, name).with_context(|| format!("no {name} in smaps_rollup"))? * 1024.0 / 1e6)
        };
        Ok(Memory { resident: megabytes("Rss:")?, proportional: megabytes("Pss:")?, own: self.own()? * 1024.0 / 1e6 })
    }

    /// Kilobytes that are in memory of the program's file, heap and stacks.
    fn own(&self) -> anyhow::Result<f64> {
        let (mut sum, mut is_library) = (0.0, false);
        for line in fs::read_to_string(format!("/proc/{}/smaps", self.0))?.lines() {
            // A mapping begins with its addresses; its file, if it has one, is the last word.
            if line.split_once(' ').is_some_and(|(addresses, _)| addresses.contains('-')) {
                is_library = line.contains(SYSTEM_FILES);
            } else if !is_library {
                sum += number(line, "Rss:").unwrap_or_default();
            }
        }
        Ok(sum)
    }

    /// How often a thread of it went to sleep, which is how often one woke up.
    pub(crate) fn wake_ups(&self) -> anyhow::Result<u64> {
        let mut sum = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.0))? {
            let status = fs::read_to_string(thread?.path().join("status"))?;
            let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            sum += line.context("no voluntary_ctxt_switches")?.trim().parse::<u64>()?;
        }
        Ok(sum)
    }
}

fn number(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
