//! How long the pages and lists of a large MSP take: 2,000 organizations, 100,000 assets, a million tickets, on SQLite and
//! on PostgreSQL, beside the 50 ms within which 95 of 100 answers must be there.
//!
//! `cargo bench -p deskbell-server --bench scale` needs `sqlite3`, `psql` and a PostgreSQL server's programs, and 8 GB of disk.
//! With `-- --folder DIR` the data is kept there and used again; `--prepare` makes it and measures nothing; `--only postgres`
//! leaves the other database out.

mod data;
mod database;
mod measure;
mod pages;
mod server;
mod sink;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;

use crate::{database::Kind, server::Server};

#[derive(Parser)]
struct Arguments {
    /// Where the data is kept.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Make the data, measure nothing.
    #[arg(long)]
    prepare: bool,
    /// On this database alone.
    #[arg(long)]
    only: Option<Kind>,
    /// How many tickets there are.
    #[arg(long, default_value_t = 1_000_000)]
    tickets: u64,
    /// Of `cargo test --benches`, which asks for a list of tests: there are none.
    #[arg(long, hide = true)]
    list: bool,
    /// Of `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.list || !arguments.bench {
        return Ok(());
    }
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(all(&arguments))
}

async fn all(arguments: &Arguments) -> anyhow::Result<()> {
    let temporary = tempfile::tempdir()?;
    let folder = arguments.folder.clone().unwrap_or_else(|| temporary.path().to_owned());
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if arguments.only.is_some_and(|only| only != kind) {
            continue;
        }
        let database = database::Database::open(kind, &folder.join(kind.name())).context("opening the database")?;
        if !database.is_filled() {
            server::migrate(&database)?;
            data::fill(&database, arguments.tickets)?;
            let mut server = Server::start(&database).await?;
            server.finish_data().await?;
            server.stop()?;
            database.note_filled()?;
        }
        if !arguments.prepare {
            on(&database).await?;
        }
    }
    Ok(())
}

async fn on(database: &database::Database) -> anyhow::Result<()> {
    println!("\n{}", database.kind.name());
    measure::head();
    let server = Server::start(database).await?;
    measure::figure("start until ready", server.started_ms, "ms");
    measure::figure("resident after the start", server.resident_mb()?, "MB");
    for page in pages::pages(&server).await? {
        measure::page(&server, &page).await?;
    }
    measure::figure("a policy at the top saved", server.save_policy_ms().await?, "ms");
    measure::figure("resident at the end", server.resident_mb()?, "MB");
    server.stop()
}
