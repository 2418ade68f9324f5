//! The session's D-Bus: whether something on this desktop shows tray icons, and notifications.

use std::{collections::HashMap, time::Duration};

use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, connection, fdo::DBusProxy},
    message::Type,
    names::BusName,
    zvariant::{OwnedValue, Value},
};

use crate::tray::TrayHost;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";
/// How long a program on the bus may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A connection to the session's bus.
#[derive(Debug)]
pub struct SessionBus(Connection);

impl SessionBus {
    /// Connects to the bus that the environment names.
    pub fn connect() -> zbus::Result<Self> {
        connection::Builder::session()?.method_timeout(TIMEOUT).build().map(Self)
    }

    /// What shows tray icons on this desktop at the moment.
    pub fn tray_host(&self) -> TrayHost {
        let question = (WATCHER, "IsStatusNotifierHostRegistered");
        let answer =
            self.0.call_method(Some(WATCHER), WATCHER_PATH, Some("org.freedesktop.DBus.Properties"), "Get", &question);
        let registered = answer.and_then(|answer| Ok(bool::try_from(answer.body().deserialize::<OwnedValue>()?)?));
        match registered {
            Ok(true) => TrayHost::Present,
            Ok(false) => TrayHost::WatcherOnly,
            Err(_) if self.has_watcher() => TrayHost::WatcherOnly,
            Err(_) => TrayHost::Absent,
        }
    }

    /// Says what shows tray icons, at once and whenever it changes, until the bus or the listener is gone.
    pub fn watch_tray_host(&self, mut is_heard: impl FnMut(TrayHost) -> bool) -> zbus::Result<()> {
        let messages = MessageIterator::from(&self.0);
        let bus = DBusProxy::new(&self.0)?;
        let signals = || MatchRule::builder().msg_type(Type::Signal);
        bus.add_match_rule(signals().interface(WATCHER)?.build())?;
        bus.add_match_rule(signals().member("NameOwnerChanged")?.arg(0, WATCHER)?.build())?;
        let mut last = self.tray_host();
        let mut goes_on = is_heard(last);
        for message in messages {
            if !goes_on {
                break;
            }
            if !concerns_tray_host(&message?) {
                continue;
            }
            let host = self.tray_host();
            if host != last {
                last = host;
                goes_on = is_heard(host);
            }
        }
        Ok(())
    }

    /// Shows a notification.
    pub fn notify(&self, title: &str, text: &str) -> zbus::Result<()> {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let actions: &[&str] = &[];
        let hints: HashMap<&str, Value<'_>> = HashMap::new();
        let notification = ("Deskbell", 0_u32, "", title, text, actions, hints, -1_i32);
        let name = "org.freedesktop.Notifications";
        self.0.call_method(Some(name), "/org/freedesktop/Notifications", Some(name), "Notify", &notification).map(drop)
    }

    fn has_watcher(&self) -> bool {
        let name = BusName::try_from(WATCHER);
        name.is_ok_and(|name| DBusProxy::new(&self.0).is_ok_and(|bus| bus.name_has_owner(name).unwrap_or_default()))
    }
}

/// Whether the watcher came or went, or says that a host did.
fn concerns_tray_host(message: &Message) -> bool {
    let header = message.header();
    header.message_type() == Type::Signal
        && header.member().is_some_and(|member| {
            matches!(
                member.as_str(),
                "NameOwnerChanged" | "StatusNotifierHostRegistered" | "StatusNotifierHostUnregistered"
            )
        })
}
