//! How small, quiet and quick the agent is: figures of the programs that packages ship, beside a reference from the same
//! run and the number to reach.
//!
//! `cargo bench -p deskbell-tests --bench agent` builds them and, as the reference, a tray icon with the GTK backend
//! (packages `libgtk-3-dev`, `libayatana-appindicator3-dev`, `xvfb`). `-- --idle-minutes 10` measures silence for longer;
//! `-- --wine` measures the memory of the agent for Windows, and nothing else.
//! Nothing here is a test.

#[path = "../../tests/e2e/windows/authority.rs"]
mod authority;
mod built;
mod click;
mod computer;
mod gtk;
mod process;
mod relay;
#[path = "../../../policy-server/benches/figures/table.rs"]
#[expect(dead_code, reason = "the server's figures have more kinds of targets")]
mod table;
mod wine;

use std::time::Duration;

use clap::Parser;

use crate::{computer::Computer, process::Process, table::Row};

/// What cargo gives, and what can be chosen.
#[derive(Debug, Parser)]
struct Arguments {
    /// For how long an idle agent is watched.
    #[arg(long, default_value_t = 2)]
    idle_minutes: u32,
    /// How many clicks are timed, 10 a minute: an agent takes no more.
    #[arg(long, default_value_t = 20)]
    clicks: usize,
    /// Nothing but the memory of the agent for Windows, under Wine. `cargo build-all --target windows` comes before.
    #[arg(long)]
    wine: bool,
    #[arg(long, hide = true)]
    bench: bool,
    #[arg(long, hide = true)]
    list: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    // `cargo test --benches` asks for a list of tests: there are none.
    if arguments.list || !arguments.bench {
        return Ok(());
    }
    if arguments.wine {
        let rows = wine::memory().await?;
        table::head();
        rows.iter().for_each(table::row);
        return Ok(());
    }
    let gtk = gtk::resident().await?;
    let mut computer = Computer::start().await?;
    table::head();
    let clicks = click::times(&mut computer, arguments.clicks).await?;
    for row in memory(&computer, &gtk)?.into_iter().chain(clicks) {
        table::row(&row);
    }
    for row in idle(&computer, arguments.idle_minutes).await? {
        table::row(&row);
    }
    Ok(())
}

fn memory(computer: &Computer, gtk: &process::Memory) -> anyhow::Result<Vec<Row>> {
    let [parent, child] = [computer.tray()?.memory()?, computer.drawing_tray()?.memory()?];
    let service = computer.service()?.memory()?;
    Ok(vec![
        Row::new("tray that draws, resident", child.resident, "MB").beside("GTK backend", gtk.resident).at_most(5.0),
        Row::new("tray that draws, proportional", child.proportional, "MB").beside("GTK backend", gtk.proportional),
        Row::new("its parent, resident", parent.resident, "MB"),
        Row::new("both, proportional", parent.proportional + child.proportional, "MB")
            .beside("GTK backend", gtk.proportional)
            .at_most(5.0),
        Row::new("service over TLS, resident", service.resident, "MB").at_most(9.0),
        Row::new("service over TLS, proportional", service.proportional, "MB"),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
async fn idle(computer: &Computer, minutes: u32) -> anyhow::Result<Vec<Row>> {
    let processes: [Process; 3] = [computer.service()?, computer.tray()?, computer.drawing_tray()?];
    let wake_ups = || processes.iter().map(Process::wake_ups).sum::<anyhow::Result<u64>>();
    let counted = || anyhow::Ok([wake_ups()?, computer.relay.bytes(), computer.relay.exchanges()]);
    let before = counted()?;
    tokio::time::sleep(Duration::from_mins(u64::from(minutes))).await;
    let [woken, bytes, exchanges] = {
        let after = counted()?;
        std::array::from_fn(|n| (after[n] - before[n]) as f64)
    };
    // A new agent asks again after 50 s, then less and less often. All that wakes it is that: how much that comes to once
    // it asks every 15 minutes follows.
    anyhow::ensure!(exchanges > 0.0, "nothing was asked in {minutes} minutes: give it longer");
    let later = |sum: f64| sum / exchanges / 15.0;
    Ok(vec![
        Row::new("idle, wake-ups a minute while N is short", woken / f64::from(minutes), ""),
        Row::new("idle, wake-ups for each time the agent asks", woken / exchanges, ""),
        Row::new("idle, TLS bytes for each time the agent asks", bytes / exchanges, "bytes"),
        Row::new("idle, wake-ups a minute where N is 15 minutes", later(woken), "").at_most(1.0),
        Row::new("idle, TLS bytes a minute where N is 15 minutes", later(bytes), "bytes").at_most(40.0),
    ])
}
