//! The policy's icons: fetched once, kept, shown in every tray (AGT-19).

use deskbell_protocol::{IconHash, Icons, ipc::ToClient};

use super::{Controller, Effect};
use crate::service::{icons::Step, server_client::ServerError};

impl Controller {
    pub(super) fn icon_fetched(&mut self, hash: IconHash, outcome: Result<Vec<u8>, ServerError>) -> Vec<Effect> {
        let Ok(png) = outcome else {
            self.icons.failed();
            return Vec::new();
        };
        self.icons.fetched(hash.clone(), png.clone());
        // The policy may have changed in the meantime.
        let wanted = self.wanted_icons().filter(|icons| icons.hashes().any(|wanted| *wanted == hash));
        wanted.map(|icons| Effect::SaveIcon { icons: icons.clone(), hash, png }).into_iter().collect()
    }

    /// Begins to fetch an icon that is missing, when there is somebody to ask.
    pub(super) fn fetch_icon(&mut self) -> Option<Effect> {
        if !self.is_heard() {
            return None;
        }
        let token = self.identity.as_ref()?.agent_token.clone();
        let icons = self.wanted_icons()?.clone();
        Some(match self.icons.step(&icons)? {
            Step::Fetch(hash) => Effect::FetchIcon(token, hash),
            Step::Pause(pause) => Effect::PauseIcon(pause),
        })
    }

    /// Sends its pictures to each tray that shows others.
    pub(super) fn redraw_icon(&mut self) -> Vec<Effect> {
        let shown = self.wanted_icons().filter(|icons| self.icons.is_complete(icons)).cloned();
        let changed = self.sessions.show_icons(shown.as_ref());
        let pictures = || shown.as_ref().and_then(|icons| self.icons.pictures(icons));
        changed.into_iter().map(|client| Effect::Send(client, ToClient::ShowIcon { pictures: pictures() })).collect()
    }

    pub(super) fn wanted_icons(&self) -> Option<&Icons> {
        self.policy()?.icons.as_ref()
    }
}
