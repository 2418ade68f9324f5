//! What trays and command lines want.

use deskbell_protocol::{
    Action, AgentState, EntryId, ItemId, LaunchRequest, LaunchResponse, Policy, ProblemKind, UnixMillis, action,
    ipc::{Failure, ToClient, ToService},
};

use super::{Controller, Effect};
use crate::service::{server_client::ServerError, sessions::ClientId};

impl Controller {
    pub(super) fn client_said(&mut self, now: UnixMillis, client: ClientId, message: ToService) -> Vec<Effect> {
        match message {
            ToService::Tray { language, version } => {
                self.sessions.begin_tray(client, &language, version);
                Vec::new()
            }
            ToService::TrayState { state } => {
                self.sessions.set_state(client, state);
                Vec::new()
            }
            ToService::ShortcutState { state } => {
                self.sessions.set_shortcut(client, state);
                Vec::new()
            }
            // An entry that is gone by now does nothing: the tray draws the menu without it.
            ToService::Clicked { item } => self.choose(now, client, &item).into_iter().collect(),
            ToService::Status => vec![Effect::Send(client, ToClient::Status { status: Box::new(self.status()) })],
            ToService::Menu { language } => {
                let menu = self.sessions.user(client).map(|user| self.menu(&language, user));
                menu.map(|menu| Effect::Send(client, ToClient::ShowMenu { menu })).into_iter().collect()
            }
            ToService::Open { entry } => vec![self.open(now, client, entry)],
        }
    }

    pub(super) fn launch_answered(&self, client: ClientId, outcome: Result<LaunchResponse, ServerError>) -> Effect {
        match outcome {
            Ok(launch) => Effect::Send(client, ToClient::OpenUrl { url: launch.url.into(), refusal: launch.refusal }),
            Err(error) => self.fail(client, failure(&error)),
        }
    }

    fn open(&mut self, now: UnixMillis, client: ClientId, entry: Option<EntryId>) -> Effect {
        if let Some(failure) = self.barrier() {
            return self.fail(client, failure);
        }
        let entry = entry.or_else(|| self.policy()?.first_portal_entry().map(|entry| entry.id.clone()));
        let effect = entry.and_then(|entry| self.choose(now, client, &ItemId::Entry(entry)));
        effect.unwrap_or_else(|| self.fail(client, Failure::NoSuchEntry))
    }

    fn choose(&mut self, now: UnixMillis, client: ClientId, item: &ItemId) -> Option<Effect> {
        let user = self.sessions.user(client)?.clone();
        match action(self.policy()?, &self.values(&user), item)? {
            Action::OpenUrl(url) => Some(Effect::Send(client, ToClient::OpenUrl { url, refusal: None })),
            Action::Copy(text) => Some(Effect::Send(client, ToClient::Copy { text })),
            Action::Launch(entry) => {
                if let Some(failure) = self.barrier() {
                    return Some(self.fail(client, failure));
                }
                let token = self.identity.as_ref()?.agent_token.clone();
                if !self.launches.admit(&user, now) {
                    return Some(self.fail(client, Failure::TooMany));
                }
                Some(Effect::RequestLaunch(client, token, LaunchRequest { entry, os_user: user }))
            }
        }
    }

    /// Why this computer may not ask for a launch at all.
    fn barrier(&self) -> Option<Failure> {
        match self.standing.state {
            AgentState::NotEnrolled | AgentState::WaitingForApproval => Some(Failure::NotEnrolled),
            AgentState::Refused => Some(Failure::Refused),
            AgentState::Retired => Some(Failure::Retired),
            AgentState::Enrolled => None,
        }
    }

    fn fail(&self, client: ClientId, failure: Failure) -> Effect {
        let support = self.policy().map(|policy: &Policy| &policy.support);
        let support_phone = support.and_then(|support| support.phone.clone());
        let support_email = support.and_then(|support| support.email.clone());
        Effect::Send(client, ToClient::Failed { failure, support_phone, support_email })
    }
}

/// What an error of the server means to the person who clicked.
fn failure(error: &ServerError) -> Failure {
    match error {
        ServerError::Refused { kind: ProblemKind::NotFound, .. } => Failure::NoSuchEntry,
        ServerError::Refused { kind: ProblemKind::WaitingForApproval, .. } => Failure::NotEnrolled,
        ServerError::Refused { kind: ProblemKind::AssetRetired, .. } => Failure::Retired,
        ServerError::Refused { kind: ProblemKind::Unauthorized, .. } => Failure::Refused,
        ServerError::Busy { status: 429, .. } => Failure::TooMany,
        ServerError::Refused { .. }
        | ServerError::Busy { .. }
        | ServerError::Unreachable(_)
        | ServerError::Unreadable(_)
        | ServerError::NotDeskbell(_) => Failure::ServerUnreachable,
    }
}
