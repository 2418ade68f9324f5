//! The background service: one loop that hands events to the controller and carries out what it says.
//!
//! Decides nothing: that is `controller.rs`. Speaks no HTTP: that is `server_client.rs`.

pub mod controller;
pub mod enrollment;
pub mod icon_cache;
pub mod icons;
pub mod identity;
pub mod instance_lock;
pub mod inventory;
pub mod parking;
pub mod pause;
pub mod policy_cache;
pub mod reporting;
pub mod server_client;
pub mod sessions;
pub mod tray_starts;
pub mod trays;

mod journal;
mod slot;

use std::{
    io,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use deskbell_protocol::{IconHash, LaunchRequest, LaunchResponse, Report, UnixMillis, ipc::ToService};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep},
};
use tracing::{error, info, warn};

use crate::{
    config::{Config, EnrollmentToken, is_encrypted_or_local},
    durable_file,
    ipc::server::Connections,
    paths::Paths,
    platform::{self, Caller, Connection, Listener, Order, Orders},
    service::{
        controller::{Controller, Effect, Event, Loaded},
        identity::{AgentToken, Identity},
        instance_lock::InstanceLock,
        journal::Journal,
        pause::Pause,
        policy_cache::CachedPolicy,
        server_client::{ServerClient, ServerError},
        sessions::ClientId,
        slot::Slot,
    },
};

/// Runs until the system or the administrator ends it.
pub async fn run(paths: Paths) -> anyhow::Result<()> {
    // Before anything else is read or made: on Windows, this closes the folder around it as well.
    if let Err(error) = platform::prepare_state_folder(&paths.state) {
        error!(folder = %paths.state.display(), %error, "The state folder cannot be used; nothing will be remembered");
    }
    let _lock = InstanceLock::take(&paths.lock)?;
    let (sender, mut session_changes) = mpsc::channel(1);
    platform::watch_sessions(move |known| sender.blocking_send(known).is_ok()).context("watching the sessions")?;
    let known = session_changes.recv().await.flatten();
    let mut listener = Listener::bind(&paths.socket)?;
    let mut orders = Orders::listen().context("listening to the system")?;
    let mut service = Service::new(paths);
    let loaded = service.load()?;
    service.handle(Event::SessionsChanged(known));
    service.handle(Event::Loaded(loaded.into()));

    loop {
        let event = tokio::select! {
            event = service.exchange.finished() => event,
            event = service.report.finished() => event,
            event = service.icon.finished() => event,
            event = service.trays.finished() => event,
            Some(Ok(event)) = service.launches.join_next() => event,
            Some(known) = session_changes.recv() => Event::SessionsChanged(known),
            event = service.connections.next() => event,
            accepted = listener.accept() => match service.admit(accepted) {
                Some(event) => event,
                None => continue,
            },
            order = orders.next() => match order {
                Order::End => return Ok(()),
                Order::Reload => match service.load() {
                    Ok(loaded) => Event::Loaded(loaded.into()),
                    Err(error) => {
                        error!("Nothing was read again: {error:#}");
                        continue;
                    }
                },
            },
        };
        if let Event::ClientSaid(_, ToService::Tray { .. }) = event {
            service.connections.drop_ended().into_iter().for_each(|left| service.handle(left));
        }
        service.handle(event);
    }
}

/// The world around the controller.
struct Service {
    paths: Paths,
    fingerprint: String,
    client: Option<ServerClient>,
    /// What to enroll with where there is no file with a token.
    enrollment_token: Option<EnrollmentToken>,
    /// The folder to ask for at enrollment.
    folder: Option<String>,
    controller: Controller,
    journal: Journal,
    connections: Connections,
    exchange: Slot<Event>,
    report: Slot<Event>,
    icon: Slot<Event>,
    trays: Slot<Event>,
    launches: JoinSet<Event>,
}

impl Service {
    fn new(paths: Paths) -> Self {
        Self {
            fingerprint: identity::machine_fingerprint(&paths),
            paths,
            client: None,
            enrollment_token: None,
            folder: None,
            controller: platform::TRAY_STARTER.map_or_else(Controller::default, |_| Controller::keeping_trays()),
            journal: Journal::default(),
            connections: Connections::default(),
            exchange: Slot::default(),
            report: Slot::default(),
            icon: Slot::default(),
            trays: Slot::default(),
            launches: JoinSet::new(),
        }
    }

    /// Reads what is on the disk.
    fn load(&mut self) -> anyhow::Result<Loaded> {
        let Config { server, enrollment_token, folder, hide_tray, network } =
            Config::load_with_environment(&self.paths.config)?;
        let identity = identity::load(&self.paths, &self.fingerprint)?;
        let policy = policy_cache::load(&self.paths.policy());
        let wanted = policy.as_ref().and_then(|policy| policy.answer.policy.icons.as_ref());
        let icons = wanted.map(|icons| icon_cache::load(&self.paths.icons(), icons)).unwrap_or_default();
        self.client = server.clone().map(|server| ServerClient::new(server, network));
        self.enrollment_token = enrollment_token;
        self.folder = folder;
        let hidden_at_first = hide_tray.unwrap_or(true);
        Ok(Loaded { server: server.map(|server| server.to_string()), hidden_at_first, identity, policy, icons })
    }

    fn admit(&mut self, accepted: io::Result<(Connection, Caller)>) -> Option<Event> {
        match accepted {
            Ok((stream, caller)) => self.connections.admit(stream, caller),
            Err(error) => {
                warn!(%error, "A connection to the socket failed");
                None
            }
        }
    }

    fn handle(&mut self, event: Event) {
        let mut effects = self.controller.handle(now(), event).into_iter();
        let mut follow_ups = Vec::new();
        for effect in effects.by_ref() {
            follow_ups.extend(self.carry_out(effect));
        }
        self.journal.note(self.controller.status());
        for event in follow_ups {
            self.handle(event);
        }
    }

    /// Does what `effect` says, and returns what came of it at once.
    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Enroll => self.begin_enrollment(),
            Effect::RequestPolicy { token, etag, wait } => self.begin_policy_request(token, etag, wait),
            Effect::Pause(pause) => self.exchange.put(async move {
                wait(pause).await;
                Event::PauseEnded
            }),
            Effect::Rest => self.exchange.clear(),
            Effect::SaveIdentity(identity) => return Some(self.save_identity(&identity)),
            Effect::SavePolicy(policy) => return Some(self.save_policy(&policy)),
            Effect::FetchIcon(token, hash) => self.begin_icon(token, hash),
            Effect::PauseIcon(pause) => self.icon.put(async move {
                wait(pause).await;
                Event::IconDue
            }),
            Effect::SaveIcon { icons, hash, png } => {
                if let Err(error) = icon_cache::save(&self.paths.icons(), &icons, &hash, &png) {
                    warn!("The icon is shown but was not kept for the next start: {error:#}");
                }
            }
            Effect::ReadFacts => return Some(Event::FactsRead(inventory::facts(&self.paths.machine))),
            Effect::PauseReport(pause) => self.report.put(async move {
                wait(pause).await;
                Event::ReportDue
            }),
            Effect::SendReport(token, report) => self.begin_report(token, report),
            Effect::RequestLaunch(client, token, request) => self.begin_launch(client, token, request),
            Effect::PauseTrays(pause) => self.trays.put(async move {
                wait(pause).await;
                Event::TraysDue
            }),
            Effect::StartTrays(sessions) => sessions.iter().for_each(|session| start_tray(session)),
            Effect::Send(client, message) => {
                if !self.connections.send(client, message) {
                    return Some(Event::ClientLeft(client));
                }
            }
        }
        None
    }

    fn begin_enrollment(&mut self) {
        let Some(client) = self.client.clone() else { return };
        let (paths, fingerprint) = (self.paths.clone(), self.fingerprint.clone());
        let (token, folder) = (self.enrollment_token.clone(), self.folder.clone());
        self.exchange.put(async move {
            match enrollment::enroll_with_kept_token(&client, &paths, token, folder, fingerprint).await {
                Ok((identity, state)) => Event::Enrolled(identity, state),
                Err(failure) => Event::EnrollmentFailed(failure),
            }
        });
    }

    fn begin_policy_request(&mut self, token: AgentToken, etag: Option<String>, parked: Option<Duration>) {
        let Some(client) = self.client.clone() else { return };
        self.exchange.put(async move {
            let start = Instant::now();
            let reply = client.policy(&token, etag.as_deref(), parked).await;
            Event::PolicyAnswered { reply, parked, took: start.elapsed() }
        });
    }

    fn begin_icon(&mut self, token: AgentToken, hash: IconHash) {
        let Some(client) = self.client.clone() else { return };
        self.icon.put(async move {
            let outcome = client.icon(&token, &hash).await;
            if let Err(error) = &outcome {
                warn!(%error, "The policy's icon was not fetched; trying again");
            }
            Event::IconFetched(hash, outcome)
        });
    }

    fn begin_report(&mut self, token: AgentToken, report: Report) {
        let Some(client) = self.client.clone() else { return };
        self.report.put(async move { Event::ReportAnswered(client.report(&token, &report).await) });
    }

    fn begin_launch(&mut self, from: ClientId, token: AgentToken, request: LaunchRequest) {
        let Some(client) = self.client.clone() else { return };
        self.launches.spawn(async move {
            let launch = client.launch(&token, &request).await;
            Event::LaunchAnswered(from, launch.and_then(checked))
        });
    }

    fn save_policy(&self, policy: &CachedPolicy) -> Event {
        let Err(error) = policy_cache::save(&self.paths.policy(), policy) else { return Event::PolicySaved };
        warn!("The policy is in force but was not kept for the next start: {error:#}");
        Event::PolicyNotSaved(format!("the policy is in force but was not kept for the next start: {error:#}"))
    }

    /// The identity first, then the token that it was bought with: a crash in between costs nothing.
    fn save_identity(&self, identity: &Identity) -> Event {
        let saved = platform::prepare_state_folder(&self.paths.state)
            .context("preparing the state folder")
            .and_then(|()| identity::save(&self.paths.identity(), identity));
        if let Err(error) = saved {
            error!("The identity could not be saved; trying again with the next answer of the server: {error:#}");
            return Event::IdentityNotSaved(format!("the identity could not be saved: {error:#}"));
        }
        if let Err(error) = durable_file::remove(&self.paths.enrollment_token) {
            warn!(%error, "The enrollment token was used and could not be removed");
        }
        Event::IdentitySaved
    }
}

/// A launch, if its link is one that a browser may be sent to (AGT-13).
fn checked(launch: LaunchResponse) -> Result<LaunchResponse, ServerError> {
    if is_encrypted_or_local(&launch.url) {
        return Ok(launch);
    }
    error!(scheme = launch.url.scheme(), "The server's launch link is not https and was not opened");
    Err(ServerError::Unreadable("the launch link is not https".to_owned()))
}

fn start_tray(session: &str) {
    match platform::TRAY_STARTER.map(|start| start(session)) {
        Some(Ok(())) => info!(session, "A tray was started in a session that had none"),
        Some(Err(error)) => warn!(session, %error, "A tray could not be started; trying again"),
        None => {}
    }
}

async fn wait(pause: Pause) {
    sleep(pause.length(fastrand::f64())).await;
}

#[expect(clippy::disallowed_methods, reason = "this is the edge where the clock is read")]
fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis::try_from(since.as_millis()).unwrap_or(UnixMillis::MAX)
}
