//! The one exchange with the server: enroll, ask for the policy, wait, and so on.

use std::time::Duration;

use deskbell_protocol::{AgentState, EnrollState, ProblemKind, UnixMillis};

use super::{Controller, Effect, EnrollmentFailure, Loaded, Standing};
use crate::service::{
    icons::IconStock,
    identity::Identity,
    pause::Pause,
    policy_cache::CachedPolicy,
    server_client::{PolicyReply, ServerError},
};

/// An answer that comes sooner, although the server was asked to wait, comes from something that cannot wait.
const SOON: Duration = Duration::from_secs(1);

impl Controller {
    pub(super) fn loaded(&mut self, loaded: Loaded) -> Vec<Effect> {
        self.server = loaded.server;
        self.hidden_at_first = loaded.hidden_at_first;
        if !self.policy_unsaved {
            self.policy = loaded.policy;
            self.icons = IconStock::of(loaded.icons);
        }
        if !self.identity_unsaved {
            self.identity = loaded.identity;
        }
        self.reporting.forget();
        let state = if self.identity.is_some() { AgentState::Enrolled } else { AgentState::NotEnrolled };
        let last_error = self.server.is_none().then(|| "no server is configured: run deskbell-agent enroll".to_owned());
        self.standing = Standing { state, last_error, ..Standing::default() };
        vec![Effect::ReadFacts, self.next_exchange()]
    }

    pub(super) fn enrolled(&mut self, identity: Identity, state: EnrollState) -> Vec<Effect> {
        let state = match state {
            EnrollState::Enrolled => AgentState::Enrolled,
            EnrollState::WaitingForApproval => AgentState::WaitingForApproval,
        };
        self.standing = Standing { state, parking: self.standing.parking, ..Standing::default() };
        self.identity = Some(identity);
        self.identity_unsaved = true;
        self.reporting.forget();
        if let Some(policy) = &mut self.policy {
            // It stays in force until the server sends this asset's own, whatever that is called.
            policy.etag.clear();
        }
        self.continue_with(self.next_exchange())
    }

    pub(super) fn enrollment_failed(&mut self, now: UnixMillis, failure: &EnrollmentFailure) -> Vec<Effect> {
        let refused = self.standing.state == AgentState::Refused;
        if !refused || *failure != EnrollmentFailure::NoToken {
            self.standing.last_error = Some(failure.to_string());
        }
        if refused {
            return vec![self.request_policy()];
        }
        let EnrollmentFailure::Server(error) = failure else { return vec![self.back_off(None)] };
        if is_away(error) {
            self.standing.offline_since.get_or_insert(now);
        }
        vec![self.back_off(retry_after(error))]
    }

    pub(super) fn policy_answered(
        &mut self,
        now: UnixMillis,
        reply: Result<PolicyReply, ServerError>,
        parked: Option<Duration>,
        took: Duration,
    ) -> Vec<Effect> {
        let hasty = parked.is_some() && took < SOON;
        match reply {
            Ok(PolicyReply::New { answer, etag }) => {
                let policy = CachedPolicy { answer: *answer, etag, since: now };
                self.policy_arrived(policy, hasty)
            }
            Ok(PolicyReply::Unchanged) => {
                if parked.is_some_and(|parked| took >= parked) {
                    self.standing.parking = self.standing.parking.survived();
                }
                self.well(AgentState::Enrolled, hasty)
            }
            Err(error) if parked.is_some() && !hasty && is_cut(&error) => {
                self.standing.parking = self.standing.parking.cut();
                self.standing.settled = false;
                vec![self.next_exchange()]
            }
            Err(error) => self.policy_failed(now, error, hasty),
        }
    }

    fn policy_arrived(&mut self, policy: CachedPolicy, hasty: bool) -> Vec<Effect> {
        let known =
            self.policy.as_ref().is_some_and(|known| known.answer == policy.answer && known.etag == policy.etag);
        if !known {
            self.policy = Some(policy);
            self.icons.renew(self.policy.as_ref().and_then(|policy| policy.answer.policy.icons.as_ref()));
            self.policy_unsaved = true;
        }
        self.well(AgentState::Enrolled, hasty && known)
    }

    fn policy_failed(&mut self, now: UnixMillis, error: ServerError, hasty: bool) -> Vec<Effect> {
        match error {
            ServerError::Refused { kind: ProblemKind::WaitingForApproval, .. } => {
                self.well(AgentState::WaitingForApproval, hasty)
            }
            ServerError::Refused { kind: ProblemKind::AssetRetired, detail } => {
                self.unwell(AgentState::Retired, detail);
                vec![Effect::Pause(Pause::dormant())]
            }
            ServerError::Refused { kind: ProblemKind::Unauthorized, detail } => {
                if self.standing.state != AgentState::Refused {
                    self.unwell(AgentState::Refused, detail);
                    return vec![self.next_exchange()];
                }
                self.standing.offline_since = None;
                vec![self.back_off(None)]
            }
            error => {
                if is_away(&error) {
                    self.standing.offline_since.get_or_insert(now);
                }
                self.standing.last_error = Some(error.to_string());
                vec![self.back_off(retry_after(&error))]
            }
        }
    }

    /// The server is there and all is well: ask it to wait for the next policy.
    fn well(&mut self, state: AgentState, hasty: bool) -> Vec<Effect> {
        let failures = if hasty { self.standing.failures } else { 0 };
        self.standing =
            Standing { state, failures, parking: self.standing.parking, settled: true, ..Standing::default() };
        let next = if hasty {
            let pause = self.back_off(None);
            self.standing.settled = true;
            pause
        } else {
            self.request_policy()
        };
        let mut effects = vec![Effect::ReadFacts];
        effects.extend(self.continue_with(next));
        effects
    }

    /// The server is there and will not have this computer.
    fn unwell(&mut self, state: AgentState, detail: String) {
        let standing =
            Standing { state, last_error: Some(detail), failures: self.standing.failures, ..Standing::default() };
        self.standing = standing;
    }

    pub(super) fn next_exchange(&self) -> Effect {
        match (&self.server, self.standing.state) {
            (None, _) => Effect::Rest,
            (Some(_), AgentState::NotEnrolled | AgentState::Refused) => Effect::Enroll,
            (Some(_), AgentState::WaitingForApproval | AgentState::Enrolled | AgentState::Retired) => {
                self.request_policy()
            }
        }
    }

    fn request_policy(&self) -> Effect {
        let Some(identity) = &self.identity else { return Effect::Enroll };
        Effect::RequestPolicy {
            token: identity.agent_token.clone(),
            etag: self.policy.as_ref().map(|policy| policy.etag.clone()).filter(|etag| !etag.is_empty()),
            wait: self.standing.settled.then(|| self.standing.parking.wait()),
        }
    }

    fn back_off(&mut self, retry_after: Option<Duration>) -> Effect {
        self.standing.failures = self.standing.failures.saturating_add(1);
        self.standing.settled = false;
        Effect::Pause(Pause::after_failures(self.standing.failures, retry_after))
    }

    /// `next`, after another attempt at saving what is not on the disk.
    fn continue_with(&self, next: Effect) -> Vec<Effect> {
        let identity = self.identity.clone().filter(|_| self.identity_unsaved).map(Effect::SaveIdentity);
        let policy = self.policy.clone().filter(|_| self.policy_unsaved).map(Effect::SavePolicy);
        [identity, policy, Some(next)].into_iter().flatten().collect()
    }
}

/// Whether a waiting request ended because the path to the server does not bear such a wait.
fn is_cut(error: &ServerError) -> bool {
    matches!(error, ServerError::Unreachable(_) | ServerError::Busy { status: 504, .. })
}

/// Whether a click would find nobody at home.
fn is_away(error: &ServerError) -> bool {
    match error {
        ServerError::Unreachable(_) | ServerError::NotDeskbell(_) => true,
        ServerError::Busy { status, .. } => *status != 429,
        ServerError::Refused { .. } | ServerError::Unreadable(_) => false,
    }
}

fn retry_after(error: &ServerError) -> Option<Duration> {
    match error {
        ServerError::Busy { retry_after, .. } => *retry_after,
        ServerError::Unreachable(_)
        | ServerError::Refused { .. }
        | ServerError::Unreadable(_)
        | ServerError::NotDeskbell(_) => None,
    }
}
