//! `GET /metrics`: numbers for a monitoring system, in Prometheus' text format. No label carries an id.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use crate::{
    api::{Routes, Text},
    app::SharedApp,
    domain::role::Permission::Look,
    fleet::Census,
};

/// What the server has counted since it started.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: Mutex<BTreeMap<(String, u16), Answers>>,
    tickets_made: AtomicU64,
    database_errors: AtomicU64,
}

/// The answers of one route in one status class.
#[derive(Debug, Default, Clone, Copy)]
struct Answers {
    count: u64,
    time: Duration,
}

impl Metrics {
    /// A request to this route was answered.
    pub fn answered(&self, route: &str, status: StatusCode, time: Duration) {
        let route = if route.is_empty() { "none" } else { route };
        let mut all = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = all.entry((route.to_owned(), status.as_u16() / 100)).or_default();
        answers.count += 1;
        answers.time += time;
    }

    /// A ticket was made.
    pub fn ticket_made(&self) {
        self.tickets_made.fetch_add(1, Ordering::Relaxed);
    }

    /// The database failed a request.
    pub fn database_failed(&self) {
        self.database_errors.fetch_add(1, Ordering::Relaxed);
    }

    fn write(&self, text: &mut String, census: &Census, resident_bytes: Option<u64>) -> fmt::Result {
        head(text, "deskbell_parked_agents", "gauge", "Agents that wait for a change of their policy.")?;
        writeln!(text, "deskbell_parked_agents {}", census.parked)?;
        head(text, "deskbell_assets", "gauge", "Assets by their state.")?;
        for (state, count) in &census.assets {
            writeln!(text, "deskbell_assets{{state=\"{}\"}} {count}", <&str>::from(*state))?;
        }
        let name = "deskbell_request_duration_seconds";
        head(text, name, "summary", "Answered requests; those of agents that wait for a change take long.")?;
        for ((route, class), answers) in self.answers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let labels = format!("{{route=\"{route}\",status=\"{class}xx\"}}");
            writeln!(text, "{name}_sum{labels} {}", answers.time.as_secs_f64())?;
            writeln!(text, "{name}_count{labels} {}", answers.count)?;
        }
        head(text, "deskbell_tickets_made_total", "counter", "Tickets made.")?;
        writeln!(text, "deskbell_tickets_made_total {}", self.tickets_made.load(Ordering::Relaxed))?;
        head(text, "deskbell_database_errors_total", "counter", "Requests that failed because the database did.")?;
        writeln!(text, "deskbell_database_errors_total {}", self.database_errors.load(Ordering::Relaxed))?;
        if let Some(bytes) = resident_bytes {
            head(text, "process_resident_memory_bytes", "gauge", "Memory that the server occupies.")?;
            writeln!(text, "process_resident_memory_bytes {bytes}")?;
        }
        Ok(())
    }
}

/// The route, for programs with an API token.
pub(crate) fn guarded() -> Routes {
    Routes::default().about("Metrics", "Numbers.").get(
        "/metrics",
        Look,
        "Show numbers for a monitoring system",
        metrics,
    )
}

async fn metrics(State(app): State<SharedApp>) -> Text {
    let mut text = String::new();
    Text(match app.metrics.write(&mut text, &app.fleet.census(), resident_bytes()) {
        Ok(()) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        Err(fmt::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    })
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) -> fmt::Result {
    writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

/// What Linux says of this process (proc(5)); absent elsewhere.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes: u64 =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
