//! What the service does, and when: events in, effects out. Reads no clock, opens no file, waits for nothing.
//!
//! At any moment there is one exchange with the server: an enrollment, a policy request, or a pause before the next.
//! Launches and reports travel beside it.

mod exchange;
mod icon;
mod request;

use std::{collections::BTreeMap, time::Duration};

use deskbell_protocol::{
    AgentState, EnrollState, Facts, IconHash, Icons, Menu, MenuState, OsUser, Policy, Report, UnixMillis, Values,
    ipc::{Status, ToClient, ToService},
    launch::{LaunchRequest, LaunchResponse},
    menu,
};

use crate::service::{
    icons::IconStock,
    identity::{AgentToken, Identity},
    parking::Parking,
    pause::Pause,
    policy_cache::CachedPolicy,
    reporting::Reporting,
    server_client::{PolicyReply, ServerError},
    sessions::{ClientId, LaunchLimit, Peer, Sessions},
    tray_starts::TrayStarts,
    trays::Session,
};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The service started, or was told to read its files again.
    Loaded(Box<Loaded>),
    /// The computer's facts were read.
    FactsRead(Facts),
    /// The server made this computer an asset.
    Enrolled(Identity, EnrollState),
    /// It did not.
    EnrollmentFailed(EnrollmentFailure),
    /// The identity is on the disk.
    IdentitySaved,
    /// The identity could not be written; it says why.
    IdentityNotSaved(String),
    /// The policy is on the disk.
    PolicySaved,
    /// The policy could not be written; it says why.
    PolicyNotSaved(String),
    /// A policy request came back after so long.
    PolicyAnswered {
        /// With what.
        reply: Result<PolicyReply, ServerError>,
        /// How long the server was asked to wait.
        parked: Option<Duration>,
        /// How long it took.
        took: Duration,
    },
    /// The pause before the next exchange is over.
    PauseEnded,
    /// The pause before the next report is over.
    ReportDue,
    /// The server took the report, or not.
    ReportAnswered(Result<(), ServerError>),
    /// The server sent an icon, or not.
    IconFetched(IconHash, Result<Vec<u8>, ServerError>),
    /// The pause before the next try to fetch an icon is over.
    IconDue,
    /// The sessions of this computer changed; absent where nobody keeps account of them.
    SessionsChanged(Option<Vec<Session>>),
    /// A tray or a command line connected; the kernel names it.
    ClientJoined(ClientId, Peer),
    /// It said something.
    ClientSaid(ClientId, ToService),
    /// It went away.
    ClientLeft(ClientId),
    /// It is time to start trays.
    TraysDue,
    /// A launch came back. The link has been checked: it is safe to send a browser there.
    LaunchAnswered(ClientId, Result<LaunchResponse, ServerError>),
}

/// What is on the disk.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The configured server.
    pub server: Option<String>,
    /// Whether the tray is hidden until the first policy arrives.
    pub hidden_at_first: bool,
    /// Who this computer is.
    pub identity: Option<Identity>,
    /// The last policy.
    pub policy: Option<CachedPolicy>,
    /// Its icons.
    pub icons: BTreeMap<IconHash, Vec<u8>>,
}

/// Why this computer is no asset yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrollmentFailure {
    /// There is no enrollment token.
    #[error("this computer is not enrolled: run deskbell-agent enroll")]
    NoToken,
    /// The files of an enrollment cannot be read or kept.
    #[error("{0}")]
    Files(String),
    /// The server said no, or nothing.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// What to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Enroll with the token in the enrollment token's file. Ends the exchange before it.
    Enroll,
    /// Ask for the policy. Ends the exchange before it.
    RequestPolicy {
        /// Proves who asks.
        token: AgentToken,
        /// The policy that is in force.
        etag: Option<String>,
        /// How long the server may wait for another one.
        wait: Option<Duration>,
    },
    /// Wait, then say [`Event::PauseEnded`]. Ends the exchange before it.
    Pause(Pause),
    /// Have no exchange until the files are loaded again.
    Rest,
    /// Write the identity to the disk, then remove the enrollment token.
    SaveIdentity(Identity),
    /// Write the policy to the disk; it is in force in any case.
    SavePolicy(CachedPolicy),
    /// Fetch an icon.
    FetchIcon(AgentToken, IconHash),
    /// Wait, then say [`Event::IconDue`].
    PauseIcon(Pause),
    /// Write an icon to the disk, and remove those that the policy does not name; it is shown in any case.
    SaveIcon {
        /// What the policy names.
        icons: Icons,
        /// Which of them it is.
        hash: IconHash,
        /// Its content.
        png: Vec<u8>,
    },
    /// Read the computer's facts.
    ReadFacts,
    /// Wait, then say [`Event::ReportDue`].
    PauseReport(Pause),
    /// Send the report.
    SendReport(AgentToken, Report),
    /// Turn a click into a link.
    RequestLaunch(ClientId, AgentToken, LaunchRequest),
    /// Wait, then say [`Event::TraysDue`].
    PauseTrays(Pause),
    /// Start a tray in each of these sessions.
    StartTrays(Vec<String>),
    /// Say something to a tray or a command line.
    Send(ClientId, ToClient),
}

/// The service's memory.
#[derive(Debug, Default)]
pub struct Controller {
    server: Option<String>,
    hidden_at_first: bool,
    identity: Option<Identity>,
    identity_unsaved: bool,
    policy: Option<CachedPolicy>,
    policy_unsaved: bool,
    icons: IconStock,
    facts: Facts,
    standing: Standing,
    sessions: Sessions,
    launches: LaunchLimit,
    reporting: Reporting,
    /// Absent where trays look after themselves.
    tray_starts: Option<TrayStarts>,
}

/// How it stands between this computer and the server.
#[derive(Debug)]
struct Standing {
    state: AgentState,
    offline_since: Option<UnixMillis>,
    last_error: Option<String>,
    failures: u32,
    parking: Parking,
    /// The last exchange succeeded, so that the next one may be parked.
    settled: bool,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            state: AgentState::NotEnrolled,
            offline_since: None,
            last_error: None,
            failures: 0,
            parking: Parking::default(),
            settled: false,
        }
    }
}

impl Controller {
    /// A controller that starts trays where there are none.
    pub fn keeping_trays() -> Self {
        Self { tray_starts: Some(TrayStarts::default()), ..Self::default() }
    }

    /// Takes one event and returns everything that must now happen, in order.
    #[must_use]
    pub fn handle(&mut self, now: UnixMillis, event: Event) -> Vec<Effect> {
        let mut effects = match event {
            Event::Loaded(loaded) => self.loaded(*loaded),
            Event::FactsRead(facts) => {
                self.facts = facts;
                Vec::new()
            }
            Event::Enrolled(identity, state) => self.enrolled(identity, state),
            Event::EnrollmentFailed(failure) => self.enrollment_failed(now, &failure),
            Event::IdentitySaved => {
                self.identity_unsaved = false;
                Vec::new()
            }
            Event::PolicySaved => {
                self.policy_unsaved = false;
                Vec::new()
            }
            Event::IdentityNotSaved(reason) | Event::PolicyNotSaved(reason) => {
                self.standing.last_error = Some(reason);
                Vec::new()
            }
            Event::PolicyAnswered { reply, parked, took } => self.policy_answered(now, reply, parked, took),
            Event::PauseEnded => vec![self.next_exchange()],
            Event::ReportDue => self.report_due(),
            Event::ReportAnswered(Ok(())) => {
                self.reporting.sent();
                Vec::new()
            }
            Event::ReportAnswered(Err(_)) => {
                self.reporting.failed();
                Vec::new()
            }
            Event::IconFetched(hash, outcome) => self.icon_fetched(hash, outcome),
            Event::IconDue => {
                self.icons.waited();
                Vec::new()
            }
            Event::SessionsChanged(known) => {
                self.sessions.set_known(known);
                Vec::new()
            }
            Event::ClientJoined(client, peer) => {
                self.sessions.join(client, peer);
                Vec::new()
            }
            Event::ClientSaid(client, message) => self.client_said(now, client, message),
            Event::ClientLeft(client) => {
                self.sessions.leave(client);
                Vec::new()
            }
            Event::TraysDue => self.start_trays(now),
            Event::LaunchAnswered(client, outcome) => vec![self.launch_answered(client, outcome)],
        };
        effects.extend(self.dismiss());
        effects.extend(self.pause_trays(now));
        effects.extend(self.redraw_icon());
        effects.extend(self.redraw());
        effects.extend(self.pause_report());
        effects.extend(self.fetch_icon());
        effects
    }

    /// Everything that `deskbell-agent status` prints.
    pub fn status(&self) -> Status {
        Status {
            version: VERSION.to_owned(),
            server: self.server.clone(),
            state: self.standing.state,
            asset_id: self.identity.as_ref().map(|identity| identity.asset_id),
            offline_since: self.standing.offline_since,
            last_error: self.standing.last_error.clone(),
            hidden_by_policy: self.policy().map(|policy| policy.hide_tray),
            policy_since: self.policy.as_ref().map(|policy| policy.since),
            sessions: self.sessions.report(),
        }
    }

    fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref().map(|cached| &cached.answer.policy)
    }

    /// The values of one session: this computer's, and who sits at it.
    fn values(&self, user: &OsUser) -> Values {
        let values = self.policy.as_ref().map(|cached| cached.answer.values.clone()).unwrap_or_default();
        Values { user: user.name.clone(), ..values }
    }

    fn menu(&self, language: &str, user: &OsUser) -> Menu {
        let state = MenuState {
            agent: self.standing.state,
            offline_since: self.standing.offline_since,
            language: language.to_owned(),
            hidden_at_first: self.hidden_at_first,
        };
        menu(self.policy(), &self.values(user), &state)
    }

    /// Tells each tray to end that must not go on.
    fn dismiss(&mut self) -> Vec<Effect> {
        let dismissed = self.sessions.dismiss(VERSION);
        dismissed.into_iter().map(|(client, reason)| Effect::Send(client, ToClient::Quit { reason })).collect()
    }

    /// Starts the wait before trays are started, when there is a session without one.
    fn pause_trays(&mut self, now: UnixMillis) -> Option<Effect> {
        let without = self.sessions.without_tray();
        self.tray_starts.as_mut()?.pause(now, &without).map(Effect::PauseTrays)
    }

    fn start_trays(&mut self, now: UnixMillis) -> Vec<Effect> {
        let without = self.sessions.without_tray();
        let due = self.tray_starts.as_mut().map(|starts| starts.take(now, &without)).unwrap_or_default();
        if due.is_empty() { Vec::new() } else { vec![Effect::StartTrays(due)] }
    }

    /// Sends its menu to each tray that shows another one.
    fn redraw(&mut self) -> Vec<Effect> {
        let mut sessions = std::mem::take(&mut self.sessions);
        let changed = sessions.redraw(|language, user| self.menu(language, user));
        self.sessions = sessions;
        changed.into_iter().map(|(client, menu)| Effect::Send(client, ToClient::ShowMenu { menu })).collect()
    }

    fn report(&self) -> Report {
        Report { facts: self.facts.clone(), sessions: self.sessions.report() }
    }

    /// Starts the wait before a report, when there is news and somebody to tell it to.
    fn pause_report(&mut self) -> Option<Effect> {
        if !self.is_heard() {
            return None;
        }
        let report = self.report();
        self.reporting.pause(&report).map(Effect::PauseReport)
    }

    fn report_due(&mut self) -> Vec<Effect> {
        let report = self.report();
        match &self.identity {
            Some(identity) if self.is_heard() => {
                let token = identity.agent_token.clone();
                self.reporting.take(report).map(|report| Effect::SendReport(token, report)).into_iter().collect()
            }
            _ => {
                self.reporting.postpone();
                Vec::new()
            }
        }
    }

    /// Whether the server is there and knows this computer.
    fn is_heard(&self) -> bool {
        self.standing.state == AgentState::Enrolled && self.standing.settled
    }
}

#[cfg(test)]
mod tests;
