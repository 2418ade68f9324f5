//! Load by `wrk`: one thread, 32 connections, five seconds, and not one answer that was no success.

use std::process::Command;

use anyhow::{Context as _, ensure};
use tempfile::NamedTempFile;

/// Answers per second to a GET.
pub(crate) fn requests_per_second(url: &str, headers: &[(&str, &str)]) -> anyhow::Result<f64> {
    wrk(url, headers, None)
}

/// Tickets per second, each from a form of its own.
pub(crate) fn submits_per_second(
    url: &str,
    headers: &[(&str, &str)],
    origin: &str,
    form_for: &str,
) -> anyhow::Result<f64> {
    let script = NamedTempFile::new()?;
    let lua = format!(
        "local n = 0\n\
         wrk.method = \"POST\"\n\
         wrk.headers[\"Content-Type\"] = \"application/x-www-form-urlencoded\"\n\
         wrk.headers[\"Origin\"] = \"{origin}\"\n\
         request = function()\n\
           n = n + 1\n\
           local id = string.format(\"{:08x}-0000-4000-8000-%012x\", n)\n\
           return wrk.format(nil, nil, nil, \"form_id=\" .. id .. \"&form_for={form_for}&urgency=normal&phone=&description=Printer+on+fire\")\n\
         end\n",
        std::process::id()
    );
    std::fs::write(script.path(), lua)?;
    wrk(url, headers, Some(&script))
}

fn wrk(url: &str, headers: &[(&str, &str)], script: Option<&NamedTempFile>) -> anyhow::Result<f64> {
    let mut command = Command::new("wrk");
    command.args(["-t1", "-c32", "-d5s"]);
    for (name, value) in headers {
        command.arg("-H").arg(format!("{name}: {value}"));
    }
    if let Some(script) = script {
        command.arg("-s").arg(script.path());
    }
    let output = command.arg(url).output().context("running wrk; it is in the package of that name")?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(!text.contains("Non-2xx or 3xx"), "some answers were no success:\n{text}");
    let line = text.lines().find_map(|line| line.strip_prefix("Requests/sec:")).with_context(|| text.clone())?;
    Ok(line.trim().parse()?)
}
