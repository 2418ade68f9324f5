//! Asks for a page again and again, and says how long it took.

use std::time::Instant;

use anyhow::ensure;

use crate::{pages::Page, server::Server};

/// How often each page is asked for.
const ROUNDS: usize = 40;
/// What 95 of 100 answers must keep, in milliseconds.
const NUMBER: f64 = 50.0;

pub(crate) fn head() {
    println!("{:<66} {:>9} {:>9} {:>9}  number to reach", "figure", "p50", "p95", "bytes");
}

/// A figure that has no number to reach.
pub(crate) fn figure(name: &str, figure: f64, unit: &str) {
    println!("{name:<66} {figure:>9.1} {unit}");
}

pub(crate) async fn page(server: &Server<'_>, page: &Page) -> anyhow::Result<()> {
    let mut times = Vec::with_capacity(ROUNDS);
    let mut bytes = 0;
    for round in 0..ROUNDS {
        let path = &page.paths[round % page.paths.len()];
        let begin = Instant::now();
        let answer = server.get(path).send().await?;
        let status = answer.status();
        bytes = bytes.max(answer.bytes().await?.len());
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
        ensure!(status.is_success(), "{path}: {status}");
    }
    times.sort_by(f64::total_cmp);
    let (p50, p95) = (times[ROUNDS / 2], times[ROUNDS * 95 / 100]);
    let verdict = if p95 <= NUMBER { "reached" } else { "NOT reached" };
    println!("{:<66} {p50:>9.1} {p95:>9.1} {bytes:>9}  at most {NUMBER} ms: {verdict}", page.name);
    Ok(())
}
