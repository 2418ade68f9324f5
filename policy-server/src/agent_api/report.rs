//! `POST /agent/v1/report` (AGT-08).

use axum::{extract::State, http::StatusCode};
use deskbell_protocol::Report;

use super::{agent::EnrolledAgent, enroll::fact_errors};
use crate::{app::SharedApp, json_body::JsonBody, problems::Refused};

const MAX_SESSIONS: usize = 256;

/// Keeps what an agent tells of its computer and its trays.
pub(super) async fn report(
    State(app): State<SharedApp>,
    EnrolledAgent(asset): EnrolledAgent,
    JsonBody(report): JsonBody<Report>,
) -> Result<StatusCode, Refused> {
    let errors = fact_errors(&report.facts);
    if !errors.is_empty() {
        return Err(Refused::invalid(errors));
    }
    if report.sessions.len() > MAX_SESSIONS {
        return Err(Refused::field("/sessions", format!("must have at most {MAX_SESSIONS} items")));
    }
    app.store.save_report(asset, report.facts, report.sessions, app.now()).await?;
    app.catch_up().await;
    Ok(StatusCode::NO_CONTENT)
}
