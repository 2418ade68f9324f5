//! Who is connected: the trays of this computer's sessions, what each was shown, and who has clicked how often.

use std::collections::{BTreeMap, HashMap, VecDeque};

use deskbell_protocol::{Icons, Menu, OsUser, SessionReport, ShortcutState, TrayState, UnixMillis, ipc::QuitReason};

use crate::service::trays::{self, Place, Session};

/// The most sessions that are reported.
const MAX_REPORTED: usize = 256;
/// The longest language tag that is of use.
const MAX_LANGUAGE_CHARACTERS: usize = 35;
/// The most launches of one user within [`LAUNCH_WINDOW_MILLIS`].
const MAX_LAUNCHES: usize = 10;
const LAUNCH_WINDOW_MILLIS: i64 = 60_000;

/// A connection of a tray or a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

/// Who is at the other end of a connection, as the kernel tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The person.
    pub user: OsUser,
    /// The name of the session that the program runs in, where there is one.
    pub session: Option<String>,
}

/// All connections, and the sessions whose tray has ended.
#[derive(Debug, Default)]
pub struct Sessions {
    /// Absent where nobody keeps account of them.
    known: Option<Vec<Session>>,
    clients: BTreeMap<ClientId, Client>,
    /// Whose tray has ended, where nobody knows whether the session has.
    stopped: Vec<OsUser>,
    /// The sessions that have no tray, where somebody knows.
    without_tray: Vec<Session>,
}

#[derive(Debug)]
struct Client {
    peer: Peer,
    tray: Option<Tray>,
}

#[derive(Debug)]
struct Tray {
    place: Place,
    version: String,
    language: String,
    state: Option<TrayState>,
    shortcut: Option<ShortcutState>,
    shown: Option<Menu>,
    shown_icons: Option<Icons>,
}

impl Sessions {
    /// These are the sessions from here on. A tray that came before its own was told of is in it now.
    pub fn set_known(&mut self, known: Option<Vec<Session>>) {
        let sessions = known.as_deref().unwrap_or_default();
        for Client { peer, tray } in self.clients.values_mut() {
            let is_own =
                |session: &&Session| peer.session.as_ref() == Some(&session.id) && peer.user.id == session.user.id;
            if let Some(Tray { place: place @ Place::User(_), .. }) = tray
                && let Some(session) = sessions.iter().find(is_own)
            {
                *place = Place::Session(session.id.clone());
            }
        }
        self.known = known;
    }

    /// Somebody connected.
    pub fn join(&mut self, client: ClientId, peer: Peer) {
        self.clients.insert(client, Client { peer, tray: None });
    }

    /// The connection is a tray's.
    pub fn begin_tray(&mut self, client: ClientId, language: &str, version: String) {
        let taken = self.trays().map(|(_, tray)| tray.place.clone()).collect();
        let Some(joined) = self.clients.get_mut(&client) else { return };
        let known = self.known.as_deref().unwrap_or_default();
        let place = trays::place(known, joined.peer.session.as_deref(), &joined.peer.user.id, &taken);
        let language = language.chars().take(MAX_LANGUAGE_CHARACTERS).collect();
        joined.tray =
            Some(Tray { place, version, language, state: None, shortcut: None, shown: None, shown_icons: None });
        self.stopped.retain(|user| *user != joined.peer.user);
    }

    /// Takes its role from each tray that must end beside a service of `version`, and returns them.
    pub fn dismiss(&mut self, version: &str) -> Vec<(ClientId, QuitReason)> {
        let trays: Vec<_> = self
            .trays()
            .map(|(client, tray)| trays::Tray { client, place: tray.place.clone(), version: tray.version.clone() })
            .collect();
        let plan = trays::plan(self.known.as_deref().unwrap_or_default(), &trays, version);
        for (client, _) in &plan.quitting {
            if let Some(client) = self.clients.get_mut(client) {
                client.tray = None;
            }
        }
        self.without_tray = plan.without_tray;
        plan.quitting
    }

    /// A tray told where its icon is.
    pub fn set_state(&mut self, client: ClientId, state: TrayState) {
        if let Some(tray) = self.clients.get_mut(&client).and_then(|client| client.tray.as_mut()) {
            tray.state = Some(state);
        }
    }

    /// A tray told what became of the keyboard shortcut.
    pub fn set_shortcut(&mut self, client: ClientId, state: Option<ShortcutState>) {
        if let Some(tray) = self.clients.get_mut(&client).and_then(|client| client.tray.as_mut()) {
            tray.shortcut = state;
        }
    }

    /// A connection ended.
    pub fn leave(&mut self, client: ClientId) {
        let Some(left) = self.clients.remove(&client) else { return };
        let has_another = self.clients.values().any(|other| other.tray.is_some() && other.peer.user == left.peer.user);
        // A session that somebody knows is in `without_tray` for as long as it lasts.
        if left.tray.is_some_and(|tray| matches!(tray.place, Place::User(_))) && !has_another {
            self.stopped.push(left.peer.user);
        }
    }

    /// Whose connection it is.
    pub fn user(&self, client: ClientId) -> Option<&OsUser> {
        self.clients.get(&client).map(|client| &client.peer.user)
    }

    /// Draws each tray's menu with `menu` (from language and user) and returns those that differ from what is shown.
    pub fn redraw(&mut self, menu: impl Fn(&str, &OsUser) -> Menu) -> Vec<(ClientId, Menu)> {
        let mut changed = Vec::new();
        for (id, client) in &mut self.clients {
            let Some(tray) = &mut client.tray else { continue };
            let menu = menu(&tray.language, &client.peer.user);
            if tray.shown.as_ref() != Some(&menu) {
                tray.shown = Some(menu.clone());
                changed.push((*id, menu));
            }
        }
        changed
    }

    /// Takes down that each tray shows `icons`, and returns those that showed others.
    pub fn show_icons(&mut self, icons: Option<&Icons>) -> Vec<ClientId> {
        let mut changed = Vec::new();
        for (id, client) in &mut self.clients {
            let Some(tray) = &mut client.tray else { continue };
            if tray.shown_icons.as_ref() != icons {
                tray.shown_icons = icons.cloned();
                changed.push(*id);
            }
        }
        changed
    }

    /// Where each session's icon is.
    pub fn report(&self) -> Vec<SessionReport> {
        let live = self.clients.values().filter_map(|client| {
            let tray = client.tray.as_ref()?;
            Some(SessionReport { os_user: client.peer.user.clone(), tray: tray.state?, shortcut: tray.shortcut })
        });
        let stopped = self.stopped.iter().chain(self.without_tray.iter().map(|session| &session.user));
        let stopped =
            stopped.map(|user| SessionReport { os_user: user.clone(), tray: TrayState::Stopped, shortcut: None });
        live.chain(stopped).take(MAX_REPORTED).collect()
    }

    /// The names of the sessions that have no tray and need one.
    pub fn without_tray(&self) -> Vec<String> {
        self.without_tray.iter().map(|session| session.id.clone()).collect()
    }

    /// The trays in the order in which they came.
    fn trays(&self) -> impl Iterator<Item = (ClientId, &Tray)> {
        self.clients.iter().filter_map(|(id, client)| Some((*id, client.tray.as_ref()?)))
    }
}

/// Counts the launches of each user.
#[derive(Debug, Default)]
pub struct LaunchLimit {
    launches: HashMap<OsUser, VecDeque<UnixMillis>>,
}

impl LaunchLimit {
    /// Whether `user` may launch at `now`; if so, it counts.
    pub fn admit(&mut self, user: &OsUser, now: UnixMillis) -> bool {
        // A clock that was set back must not lock anybody out for longer than the window.
        let is_recent = |at: &UnixMillis| (now - at).abs() < LAUNCH_WINDOW_MILLIS;
        self.launches.retain(|_, times| times.iter().any(is_recent));
        let times = self.launches.entry(user.clone()).or_default();
        times.retain(is_recent);
        let admitted = times.len() < MAX_LAUNCHES;
        if admitted {
            times.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::trays::SessionKind;

    const VERSION: &str = "1.0.0";

    fn user(name: &str) -> OsUser {
        OsUser { name: name.to_owned(), domain: String::new(), id: name.to_owned() }
    }

    fn peer(name: &str) -> Peer {
        Peer { user: user(name), session: None }
    }

    fn menu(title: &str) -> Menu {
        Menu { visible: true, title: title.to_owned(), ..Menu::default() }
    }

    fn two_trays() -> Sessions {
        let mut sessions = Sessions::default();
        for (id, name, language) in [(1, "jane", "de"), (2, "joe", "fr")] {
            sessions.join(ClientId(id), peer(name));
            sessions.begin_tray(ClientId(id), language, VERSION.into());
        }
        sessions
    }

    /// AGT-01: each tray is drawn for its own language and user.
    #[test]
    fn each_tray_has_its_own_menu_and_an_equal_one_is_not_drawn_again() {
        let mut sessions = two_trays();
        let drawn = sessions.redraw(|language, user| menu(&format!("{language} {}", user.name)));
        assert_eq!(drawn, [(ClientId(1), menu("de jane")), (ClientId(2), menu("fr joe"))]);

        let changed = sessions.redraw(|language, _| menu(if language == "de" { "new" } else { "fr joe" }));
        assert_eq!(changed, [(ClientId(1), menu("new"))]);
    }

    #[test]
    fn a_command_line_is_no_session() {
        let mut sessions = Sessions::default();
        sessions.join(ClientId(1), peer("jane"));
        assert_eq!(sessions.redraw(|_, _| menu("x")), []);
        sessions.leave(ClientId(1));
        assert_eq!(sessions.report(), []);
    }

    #[test]
    fn a_session_is_reported_as_its_tray_says_and_stopped_when_it_ends() {
        let mut sessions = two_trays();
        sessions.set_state(ClientId(1), TrayState::Visible);
        sessions.leave(ClientId(2));
        let report = |sessions: &Sessions| {
            sessions.report().into_iter().map(|session| (session.os_user.name, session.tray)).collect::<Vec<_>>()
        };
        assert_eq!(report(&sessions), [("jane".into(), TrayState::Visible), ("joe".into(), TrayState::Stopped)]);

        sessions.join(ClientId(3), peer("joe"));
        sessions.begin_tray(ClientId(3), "fr", VERSION.into());
        sessions.set_state(ClientId(3), TrayState::NoTrayHost);
        assert_eq!(report(&sessions), [("jane".into(), TrayState::Visible), ("joe".into(), TrayState::NoTrayHost)]);
    }

    /// AGT-01: a session that the system keeps account of is named while it has no tray, and gone when it ends.
    #[test]
    fn a_known_session_without_a_tray_is_named_until_it_ends() {
        let session = |name: &str| Session {
            id: format!("c-{name}"),
            user: user(name),
            kind: SessionKind::Person,
            is_graphical: true,
            is_closing: false,
        };
        let mut sessions = Sessions::default();
        sessions.set_known(Some(vec![session("jane"), session("joe")]));
        sessions.join(ClientId(1), peer("jane"));
        sessions.begin_tray(ClientId(1), "de", VERSION.into());
        sessions.set_state(ClientId(1), TrayState::Visible);
        assert_eq!(sessions.dismiss(VERSION), []);
        let seen = |user: &OsUser, tray| SessionReport { os_user: user.clone(), tray, shortcut: None };
        let stopped = seen(&user("joe"), TrayState::Stopped);
        assert_eq!(sessions.report(), [seen(&user("jane"), TrayState::Visible), stopped.clone()]);

        sessions.set_known(Some(vec![session("joe")]));
        assert_eq!(sessions.dismiss(VERSION), [(ClientId(1), QuitReason::NoSession)]);
        assert_eq!(sessions.report(), [stopped]);
    }

    /// macOS starts a session's programs while it tells of the session.
    #[test]
    fn a_tray_that_came_before_its_session_was_told_of_is_in_it_afterwards() {
        let session = |id: &str, name: &str| Session {
            id: id.to_owned(),
            user: user(name),
            kind: SessionKind::Person,
            is_graphical: true,
            is_closing: false,
        };
        let mut sessions = Sessions::default();
        sessions.set_known(Some(vec![session("1", "joe")]));
        for (client, name, id) in [(1, "jane", "2"), (2, "ann", "1")] {
            sessions.join(ClientId(client), Peer { session: Some(id.to_owned()), ..peer(name) });
            sessions.begin_tray(ClientId(client), "de", VERSION.into());
        }

        sessions.set_known(Some(vec![session("1", "joe"), session("2", "jane")]));

        assert_eq!(sessions.dismiss(VERSION), []);
        assert_eq!(sessions.without_tray(), ["1"]);
    }

    /// AGT-01: a second tray of a session is told to end, and the first goes on.
    #[test]
    fn a_second_tray_of_a_session_is_told_to_end() {
        let mut sessions = two_trays();
        sessions.join(ClientId(3), peer("jane"));
        sessions.begin_tray(ClientId(3), "de", VERSION.into());
        assert_eq!(sessions.dismiss(VERSION), [(ClientId(3), QuitReason::AnotherTray)]);
        assert_eq!(sessions.redraw(|_, _| menu("x")).len(), 2);
    }

    #[test]
    fn the_eleventh_launch_within_a_minute_is_too_many_for_that_user_only() {
        let mut limit = LaunchLimit::default();
        let admitted = (0..11).map(|second| limit.admit(&user("jane"), second * 1000)).filter(|admitted| *admitted);
        assert_eq!(admitted.count(), 10);
        assert!(limit.admit(&user("joe"), 11_000));
        assert!(limit.admit(&user("jane"), 60_001));
        assert!(!limit.admit(&user("jane"), 60_002));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let mut limit = LaunchLimit::default();
        for _ in 0..10 {
            limit.admit(&user("jane"), 10_000_000);
        }
        assert!(limit.admit(&user("jane"), 0));
    }
}
