//! What the kernel knows of a process.

use std::fs;

use anyhow::Context;
use rustix::process::Pid;

/// A running process.
pub(crate) struct Process(i32);

/// Memory in megabytes.
pub(crate) struct Memory {
    /// All of it.
    pub(crate) resident: f64,
    /// Shared pages divided by who shares them.
    pub(crate) proportional: f64,
    /// What no other process has.
    pub(crate) private: f64,
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
        let private = megabytes("Private_Clean:")? + megabytes("Private_Dirty:")?;
        Ok(Memory { resident: megabytes("Rss:")?, proportional: megabytes("Pss:")?, private })
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
