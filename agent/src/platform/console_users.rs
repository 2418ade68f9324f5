//! Who is logged on to a Mac's desktops, as its dynamic store says under `State:/Users/ConsoleUser`.

use std::io::Cursor;

use deskbell_protocol::OsUser;
use plist::{Dictionary, Value};

use crate::service::trays::{Session, SessionKind};

/// The root's user id. The log-on screen runs as root.
const ROOT: i64 = 0;

/// The sessions that `plist` tells of, with fast user switching several; absent where it tells of none at all, though
/// somebody is there.
///
/// A session's name is the number of its audit session, which is what the kernel says of a program in it. Where the store
/// keeps that to itself, the name is the user's, so that a program belongs to the session of its user.
pub(super) fn sessions(plist: &[u8]) -> Option<Vec<Session>> {
    let store = Value::from_reader(Cursor::new(plist)).ok()?;
    let listed = store.as_dictionary()?.get("SessionInfo")?.as_array()?;
    Some(listed.iter().filter_map(|listed| session(listed.as_dictionary()?)).collect())
}

fn session(listed: &Dictionary) -> Option<Session> {
    let number = |key: &str| listed.get(key).and_then(Value::as_signed_integer);
    let flag = |key: &str| listed.get(key).and_then(Value::as_boolean).unwrap_or_default();
    let uid = number("kCGSSessionUserIDKey")?;
    let name = listed.get("kCGSSessionUserNameKey").and_then(Value::as_string).unwrap_or_default();
    let name = if name.is_empty() { format!("uid {uid}") } else { name.to_owned() };
    let id = number("kCGSSessionAuditIDKey").map_or_else(|| format!("user {uid}"), |id| id.to_string());
    // Programs of the session may start before the system says that the log-on is done.
    let is_person = uid != ROOT || flag("kCGSessionLoginDoneKey");
    Some(Session {
        id,
        user: OsUser { name, domain: String::new(), id: uid.to_string() },
        kind: if is_person { SessionKind::Person } else { SessionKind::Greeter },
        is_graphical: true,
        is_closing: false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::service::{
        sessions::ClientId,
        trays::{Place, Tray, place, plan},
    };

    /// What the store says of these sessions.
    fn store(sessions: &[&str]) -> Vec<u8> {
        let listed = sessions.iter().map(|session| format!("<dict>{session}</dict>")).collect::<Vec<_>>().concat();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict>
             <key>Name</key><string>jane</string><key>UID</key><integer>501</integer>
             <key>SessionInfo</key><array>{listed}</array></dict></plist>"
        )
        .into()
    }

    const JANE: &str = "<key>kCGSSessionAuditIDKey</key><integer>100008</integer>
        <key>kCGSSessionIDKey</key><integer>257</integer><key>kCGSSessionOnConsoleKey</key><true/>
        <key>kCGSSessionUserIDKey</key><integer>501</integer><key>kCGSSessionUserNameKey</key><string>jane</string>
        <key>kCGSessionLoginDoneKey</key><true/>";
    const JOE: &str = "<key>kCGSSessionAuditIDKey</key><integer>100021</integer>
        <key>kCGSSessionOnConsoleKey</key><false/><key>kCGSSessionUserIDKey</key><integer>502</integer>
        <key>kCGSSessionUserNameKey</key><string>joe</string><key>kCGSessionLoginDoneKey</key><true/>";
    const LOG_ON_SCREEN: &str = "<key>kCGSSessionAuditIDKey</key><integer>100002</integer>
        <key>kCGSSessionUserIDKey</key><integer>0</integer><key>kCGSSessionUserNameKey</key><string>root</string>
        <key>kCGSessionLoginDoneKey</key><false/>";
    /// Of an account that may not know more.
    const JANE_IN_SHORT: &str = "<key>kCGSSessionUserIDKey</key><integer>501</integer>
        <key>kCGSSessionUserNameKey</key><string>jane</string>";

    fn tray(client: u64, sessions: &[Session], named: &str, user: &str) -> Tray {
        let place = place(sessions, Some(named), user, &BTreeSet::new());
        Tray { client: ClientId(client), place, version: "1.0.0".into() }
    }

    /// AGT-01: with fast user switching, each person's session has a tray; the log-on screen needs none.
    #[test]
    fn each_persons_session_on_a_mac_needs_a_tray_and_the_log_on_screen_none() {
        let sessions = sessions(&store(&[JANE, LOG_ON_SCREEN, JOE])).expect("sessions");
        let names: Vec<_> = sessions.iter().map(|session| (session.id.as_str(), session.user.id.as_str())).collect();
        assert_eq!(names, [("100008", "501"), ("100002", "0"), ("100021", "502")]);

        let trays = [tray(1, &sessions, "100008", "501"), tray(2, &sessions, "100008", "501")];
        let plan = plan(&sessions, &trays, "1.0.0");

        assert_eq!(plan.quitting.iter().map(|(client, _)| client.0).collect::<Vec<_>>(), [2]);
        assert_eq!(plan.without_tray, [sessions[2].clone()]);
    }

    #[test]
    fn a_tray_is_in_its_users_session_where_the_store_names_no_audit_session() {
        let sessions = sessions(&store(&[JANE_IN_SHORT])).expect("sessions");
        assert_eq!(tray(1, &sessions, "100008", "501").place, Place::Session("user 501".into()));
        // Somebody who came by ssh has no desktop.
        assert_eq!(tray(2, &sessions, "100044", "502").place, Place::User("502".into()));
    }

    #[test]
    fn a_store_that_tells_of_no_sessions_keeps_no_account() {
        assert_eq!(sessions(b"<plist version=\"1.0\"><dict><key>UID</key><integer>501</integer></dict></plist>"), None);
        assert_eq!(sessions(b""), None);
        assert_eq!(sessions(&store(&[])), Some(Vec::new()));
        assert_eq!(sessions(&store(&["<key>kCGSSessionIDKey</key><integer>257</integer>"])), Some(Vec::new()));
    }
}
