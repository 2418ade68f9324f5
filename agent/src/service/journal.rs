//! Log lines about what a user or an administrator would notice: each change once.

use deskbell_protocol::{AgentState, ipc::Status};
use tracing::{info, warn};

/// What was last logged.
#[derive(Debug, Default)]
pub(super) struct Journal {
    last: Option<Status>,
}

impl Journal {
    /// Logs how `status` differs from the one before.
    pub(super) fn note(&mut self, status: Status) {
        let last = self.last.as_ref();
        if last.map(|last| last.state) != Some(status.state) {
            note_state(&status);
        }
        match (last.and_then(|last| last.offline_since), status.offline_since) {
            (None, Some(_)) => {
                let reason = status.last_error.as_deref().unwrap_or_default();
                warn!(reason, "The server is away; the last known policy stays in force");
            }
            (Some(since), None) => info!(since_ms = since, "The server is back"),
            (None, None) | (Some(_), Some(_)) => {}
        }
        if let Some(since) = status.policy_since
            && last.and_then(|last| last.policy_since) != Some(since)
        {
            let hidden = status.hidden_by_policy.unwrap_or_default();
            info!(policy.hides_tray = hidden, policy.since_ms = since, "A policy is in force");
        }
        if let Some(reason) = &status.last_error
            && last.is_some_and(|last| last.state == status.state && last.offline_since == status.offline_since)
            && last.and_then(|last| last.last_error.as_ref()) != Some(reason)
        {
            warn!(reason, "The last exchange with the server failed");
        }
        for session in &status.sessions {
            if !last.is_some_and(|last| last.sessions.contains(session)) {
                let (user, state) = (&session.os_user.id, session.tray);
                info!(os_user.id = user, tray.state = ?state, "The icon of a session is reported as {state:?}");
            }
        }
        self.last = Some(status);
    }
}

fn note_state(status: &Status) {
    let reason = status.last_error.as_deref().unwrap_or_default();
    match status.state {
        AgentState::NotEnrolled => warn!(reason, "This computer is not enrolled"),
        AgentState::WaitingForApproval => info!("This computer waits for approval by staff"),
        AgentState::Enrolled => {
            let asset = status.asset_id.map(|asset| asset.to_string()).unwrap_or_default();
            info!(asset, "This computer is enrolled");
        }
        AgentState::Refused => warn!(reason, "The server refuses this computer"),
        AgentState::Retired => warn!("This computer was retired by staff"),
    }
}
