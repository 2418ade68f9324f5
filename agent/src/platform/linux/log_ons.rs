//! Who is logged on: the sessions that systemd-logind reports, and which of them a process belongs to.
//!
//! Without logind (a container, another service manager) nobody keeps account; then each user counts as one session.

use std::{collections::HashMap, fs, io, thread, time::Duration};

use deskbell_protocol::OsUser;
use tokio::net::UnixStream;
use tracing::{info, warn};
use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, connection, fdo::DBusProxy},
    message::Type,
    zvariant::{OwnedObjectPath, OwnedValue, Structure},
};

use crate::{
    platform::unix::local_socket::user,
    service::trays::{Session, SessionKind},
};

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const MANAGER_PATH: &str = "/org/freedesktop/login1";
const SESSION: &str = "org.freedesktop.login1.Session";
/// How long logind may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Says which sessions there are, at once and whenever that changes, on a thread of its own, for as long as somebody
/// hears it. Where nobody keeps account it says so once.
pub fn watch_sessions(is_heard: impl Fn(Option<Vec<Session>>) -> bool + Send + 'static) -> io::Result<()> {
    let watch = move || {
        if let Err(error) = watch(&is_heard) {
            info!(%error, "logind does not tell about sessions; each user counts as one");
            is_heard(None);
        }
    };
    thread::Builder::new().name("log-ons".into()).spawn(watch).map(drop)
}

/// The session that the kernel's accounting has the client's process in, as logind arranges it; none for one that the
/// user's service manager started.
pub(in crate::platform) fn session_of(client: &UnixStream) -> Option<String> {
    let id = client.peer_cred().ok()?.pid()?;
    session_in(&fs::read_to_string(format!("/proc/{id}/cgroup")).ok()?)
}

fn watch(is_heard: &impl Fn(Option<Vec<Session>>) -> bool) -> zbus::Result<()> {
    let bus = connection::Builder::system()?.method_timeout(TIMEOUT).build()?;
    let messages = MessageIterator::from(&bus);
    let rule = MatchRule::builder().msg_type(Type::Signal).sender(LOGIND)?.build();
    DBusProxy::new(&bus)?.add_match_rule(rule)?;
    let mut last = sessions(&bus)?;
    let mut goes_on = is_heard(Some(last.clone()));
    for message in messages {
        if !goes_on {
            break;
        }
        if !concerns_sessions(&message?) {
            continue;
        }
        let known = sessions(&bus)?;
        if known != last {
            last.clone_from(&known);
            goes_on = is_heard(Some(known));
        }
    }
    Ok(())
}

fn sessions(bus: &Connection) -> zbus::Result<Vec<Session>> {
    let answer = bus.call_method(Some(LOGIND), MANAGER_PATH, Some(MANAGER), "ListSessions", &())?;
    let listed: Vec<(String, u32, String, String, OwnedObjectPath)> = answer.body().deserialize()?;
    let mut sessions = Vec::new();
    for (id, uid, name, _seat, path) in listed {
        match bus.call_method(Some(LOGIND), &path, Some("org.freedesktop.DBus.Properties"), "GetAll", &(SESSION,)) {
            Ok(answer) => sessions.push(session(id, named(uid, name), &answer.body().deserialize()?)),
            // It has just ended.
            Err(zbus::Error::MethodError(..)) => {}
            Err(error) => {
                warn!(%error, "logind stopped answering");
                return Err(error);
            }
        }
    }
    Ok(sessions)
}

fn named(uid: u32, name: String) -> OsUser {
    if name.is_empty() { user(uid) } else { OsUser { name, domain: String::new(), id: uid.to_string() } }
}

fn session(id: String, user: OsUser, properties: &HashMap<String, OwnedValue>) -> Session {
    let text =
        |name: &str| properties.get(name).and_then(|value| value.downcast_ref::<&str>().ok()).unwrap_or_default();
    let kind = match text("Class") {
        "user" | "user-early" => SessionKind::Person,
        "greeter" | "lock-screen" => SessionKind::Greeter,
        _ => SessionKind::Service,
    };
    let is_graphical = matches!(text("Type"), "x11" | "wayland" | "mir");
    Session { id, user, kind, is_graphical, is_closing: text("State") == "closing" }
}

/// Whether a session came, went, or changed its state.
fn concerns_sessions(message: &Message) -> bool {
    let header = message.header();
    let member = header.member().map_or("", |name| name.as_str());
    match member {
        "SessionNew" | "SessionRemoved" => true,
        "PropertiesChanged" => {
            let body = message.body();
            let changed = body.deserialize::<Structure<'_>>().ok();
            let interface = changed.as_ref().and_then(|changed| changed.fields().first()?.downcast_ref::<&str>().ok());
            interface == Some(SESSION)
        }
        _ => false,
    }
}

/// The last part of a control group that is called `session-….scope`.
fn session_in(cgroup: &str) -> Option<String> {
    let parts = || cgroup.lines().filter_map(|line| line.splitn(3, ':').nth(2)).flat_map(|path| path.split('/'));
    parts().find_map(|part| part.strip_prefix("session-")?.strip_suffix(".scope")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_in_the_session_of_its_scope() {
        for (cgroup, expected) in [
            ("0::/user.slice/user-1000.slice/session-c2.scope\n", Some("c2")),
            ("1:name=systemd:/user.slice/user-1000.slice/session-5.scope\n0::/\n", Some("5")),
            ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.service\n", None),
            ("0::/\n", None),
        ] {
            assert_eq!(session_in(cgroup).as_deref(), expected, "{cgroup}");
        }
    }
}
