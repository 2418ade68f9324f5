//! Which sessions need a tray, and which trays must go: a pure function of what the platform reports (AGT-01).
//!
//! Starts and ends nothing. Whether a session is locked, in the foreground or remote plays no part: its tray stays.

use std::collections::BTreeSet;

use deskbell_protocol::{OsUser, ipc::QuitReason};

use crate::service::sessions::ClientId;

/// A session, as the system's log-on service reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name, such as `c2`. Unique while it lasts.
    pub id: String,
    /// Whose it is.
    pub user: OsUser,
    /// Who is in it.
    pub kind: SessionKind,
    /// It has a desktop.
    pub is_graphical: bool,
    /// Its end has begun.
    pub is_closing: bool,
}

/// Who is in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A person.
    Person,
    /// Nobody yet: the log-on screen.
    Greeter,
    /// A program: a service, a timer, the user's service manager.
    Service,
}

/// Where a tray runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the session of that name.
    Session(String),
    /// In one that nobody keeps account of: then each user, by id, has one.
    User(String),
}

/// A tray that is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tray {
    /// Its connection.
    pub client: ClientId,
    /// Where it runs.
    pub place: Place,
    /// What it was built as.
    pub version: String,
}

/// What follows from sessions and trays.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The trays that must end.
    pub quitting: Vec<(ClientId, QuitReason)>,
    /// The sessions that need a tray and have none.
    pub without_tray: Vec<Session>,
}

/// Where a tray of the user `user_id` runs whose process is in the session called `named`. A process of the user's
/// service manager is in none: it belongs to the first of the user's desktops that is not in `taken`.
pub fn place(sessions: &[Session], named: Option<&str>, user_id: &str, taken: &BTreeSet<Place>) -> Place {
    let own = || sessions.iter().filter(|session| session.user.id == user_id && session.kind == SessionKind::Person);
    let of = |session: &Session| Place::Session(session.id.clone());
    let desktops = || own().filter(|session| session.is_graphical && !session.is_closing);
    own()
        .find(|session| named == Some(session.id.as_str()))
        .or_else(|| desktops().find(|session| !taken.contains(&of(session))))
        .or_else(|| desktops().next())
        .map_or_else(|| Place::User(user_id.to_owned()), of)
}

/// The plan for `trays`, in the order in which they came, beside a service of `version`.
pub fn plan(sessions: &[Session], trays: &[Tray], version: &str) -> Plan {
    let mut quitting = Vec::new();
    let mut taken = BTreeSet::new();
    for tray in trays {
        let reason = if tray.version != version {
            Some(QuitReason::Outdated)
        } else if !may_have_tray(sessions, &tray.place) {
            Some(QuitReason::NoSession)
        } else if !taken.insert(&tray.place) {
            Some(QuitReason::AnotherTray)
        } else {
            None
        };
        quitting.extend(reason.map(|reason| (tray.client, reason)));
    }
    let has_tray = |session: &Session| taken.contains(&Place::Session(session.id.clone()));
    let without_tray = sessions.iter().filter(|session| needs_tray(session) && !has_tray(session));
    Plan { quitting, without_tray: without_tray.cloned().collect() }
}

fn needs_tray(session: &Session) -> bool {
    session.kind == SessionKind::Person && session.is_graphical && !session.is_closing
}

/// A desktop that was started from a text console counts as no desktop to the system, and its tray may stay.
fn may_have_tray(sessions: &[Session], place: &Place) -> bool {
    match place {
        Place::User(_) => true,
        Place::Session(id) => sessions
            .iter()
            .any(|session| session.id == *id && session.kind == SessionKind::Person && !session.is_closing),
    }
}

#[cfg(test)]
mod tests;
