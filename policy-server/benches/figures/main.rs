//! How fast and how small the server is: figures beside a reference from the same run and the number to reach.
//!
//! `cargo bench -p deskbell-server` needs `wrk` and `nginx` on the path, and takes about two minutes. Nothing here is a
//! test: machines differ, ratios less so.

mod agents;
mod load;
mod nginx;
mod parked;
mod server;
mod table;

use anyhow::Context as _;

use crate::{agents::Fleet, nginx::Nginx, server::Server, table::Row};

/// How many agents enroll and are parked: the server's process and this one may each open 20,000 files.
const AGENTS: usize = 10_000;

fn main() -> anyhow::Result<()> {
    // `cargo test --benches` asks for a list of tests: there are none.
    if std::env::args().any(|argument| argument == "--list") {
        return Ok(());
    }
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(figures())
}

async fn figures() -> anyhow::Result<()> {
    let server = Server::start().await.context("starting the server")?;
    table::head();
    table::row(&Row::new("server, empty, resident", server.resident_bytes()? / 1e6, "MB").at_most(25.0));

    let fleet = Fleet::enroll(&server, AGENTS).await?;
    table::row(&Row::new("enrollments, durable", fleet.enrollments_per_second, "/s").at_least(2_000.0));

    policy_unchanged(&server, &fleet).await?;
    form(&server, &fleet).await?;
    for row in parked::rows(&server, &fleet).await? {
        table::row(&row);
    }
    Ok(())
}

async fn policy_unchanged(server: &Server, fleet: &Fleet) -> anyhow::Result<()> {
    let agent = &fleet.agents[0];
    let etag = agent.etag(server).await?;
    let nginx = Nginx::start(fleet.policy_bytes(server).await?).await?;
    let ours = load::requests_per_second(
        &format!("{}/agent/v1/policy", server.address),
        &[("Host", &server.host), ("Authorization", &format!("Bearer {}", agent.token)), ("If-None-Match", &etag)],
    )?;
    let theirs = load::requests_per_second(&nginx.url, &[("If-None-Match", &nginx.etag)])?;
    table::row(
        &Row::new("policy request, unchanged", ours, "/s").beside("nginx, same file size", theirs).ratio_at_least(1.0),
    );
    Ok(())
}

async fn form(server: &Server, fleet: &Fleet) -> anyhow::Result<()> {
    let visit = fleet.agents[0].visit(server).await?;
    table::row(
        &Row::new("form: page, style and icon, compressed", visit.compressed_bytes, "bytes").at_most(14.0 * 1024.0),
    );
    let headers = [("Host", server.host.as_str()), ("Cookie", visit.cookie.as_str())];
    let renders = load::requests_per_second(&visit.form_address, &headers)?;
    table::row(&Row::new("form: renders", renders, "/s").at_least(15_000.0));
    let submits = load::submits_per_second(&visit.form_address, &headers, &server.origin, &visit.form_for)?;
    table::row(&Row::new("form: submits, durable", submits, "/s").at_least(2_000.0));
    Ok(())
}
