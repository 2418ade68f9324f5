//! `GET /agent/v1/policy`: answered at once when it differs from what the agent has, else when it changes or the agent's
//! patience ends. Touches no database.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use super::agent::{KnownAgent, retired, waiting};
use crate::{app::SharedApp, fleet::Answer, problems::Refused};

/// The longest a request is kept waiting, whatever it asks for.
const MAX_WAIT: Duration = Duration::from_mins(30);

/// What a poll asks for. The request's headers themselves would be kept in memory for as long as an agent waits.
pub(super) struct Poll {
    /// The `ETag` of what the agent has.
    known: Option<String>,
    /// How long it would wait for something else.
    patience: Duration,
}

impl<S: Sync> FromRequestParts<S> for Poll {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { known: known_etag(&parts.headers), patience: patience(&parts.headers) })
    }
}

/// Answers a poll. `If-None-Match` names what the agent has, `Prefer: wait=N` (RFC 7240 §4.3) how long it would wait.
pub(super) async fn policy(
    State(app): State<SharedApp>,
    KnownAgent(asset): KnownAgent,
    poll: Poll,
) -> Result<Response, Refused> {
    let mut answers = app.fleet.answers(asset).ok_or_else(retired)?;
    // A wait of no time would be one of the timer's whole millisecond.
    if !poll.patience.is_zero() {
        let news = answers.wait_for(|answer| match answer.as_ref() {
            Answer::Policy { etag, .. } => poll.known.as_ref() != Some(etag),
            Answer::Waiting => false,
            Answer::Retired => true,
        });
        // News or none: what counts is the answer that is there then.
        tokio::time::timeout(poll.patience, news).await.ok();
    }
    let answer = Arc::clone(&answers.borrow());
    match answer.as_ref() {
        Answer::Policy { etag, .. } if poll.known.as_ref() == Some(etag) => {
            Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, format!("\"{etag}\""))]).into_response())
        }
        Answer::Policy { etag, policy, values } => {
            let body = format!("{{\"policy\":{},\"values\":{values}}}", policy.json);
            let headers =
                [(header::CONTENT_TYPE, "application/json".to_owned()), (header::ETAG, format!("\"{etag}\""))];
            Ok((headers, body).into_response())
        }
        Answer::Waiting => Err(waiting()),
        Answer::Retired => Err(retired()),
    }
}

fn known_etag(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    Some(value.trim().trim_start_matches("W/").trim_matches('"').to_owned())
}

fn patience(headers: &HeaderMap) -> Duration {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let seconds = preferences
        .flat_map(|value| value.split([',', ';']))
        .find_map(|preference| preference.trim().strip_prefix("wait=")?.trim_matches('"').parse().ok());
    Duration::from_secs(seconds.unwrap_or(0)).min(MAX_WAIT)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn patience_is_what_is_asked_for_up_to_half_an_hour() {
        for (value, seconds) in
            [("wait=50", 50), ("respond-async, wait=\"7\"", 7), ("wait=99999", 1800), ("wait=x", 0), ("", 0)]
        {
            let headers = HeaderMap::from_iter([("prefer".parse().expect("a name"), HeaderValue::from_static(value))]);
            assert_eq!(patience(&headers), Duration::from_secs(seconds), "{value}");
        }
    }
}
