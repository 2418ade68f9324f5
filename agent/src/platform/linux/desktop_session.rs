//! The session's D-Bus: whether something on this desktop shows tray icons, whether it is dark, and notifications.

use std::{collections::HashMap, time::Duration};

use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, connection, fdo::DBusProxy},
    message::Type,
    names::BusName,
    zvariant::{OwnedValue, Value},
};

use crate::tray::{ColorScheme, Desktop, TrayHost};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const APPEARANCE: &str = "org.freedesktop.appearance";
/// How long a program on the bus may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What a program can learn of its desktop, and say to it: here a connection to the session's bus.
#[derive(Debug)]
pub struct DesktopSession(Connection);

impl DesktopSession {
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
            Err(_) if self.has_owner(WATCHER) => TrayHost::WatcherOnly,
            Err(_) => TrayHost::Absent,
        }
    }

    /// Whether the desktop is dark, as its settings portal says; light where there is none. Starts no portal: it would
    /// come with a toolkit.
    pub fn color_scheme(&self) -> ColorScheme {
        if !self.has_owner(PORTAL) {
            return ColorScheme::Light;
        }
        let question = (APPEARANCE, "color-scheme");
        let answer = self.0.call_method(Some(PORTAL), PORTAL_PATH, Some(SETTINGS), "Read", &question);
        let number =
            answer.and_then(|answer| answer.body().deserialize::<OwnedValue>()).ok().and_then(|value| number(&value));
        // 0 is no preference, 2 is light.
        if number == Some(1) { ColorScheme::Dark } else { ColorScheme::Light }
    }

    /// Says how the desktop is, at once and whenever it changes, until the bus or the listener is gone.
    pub fn watch(&self, mut is_heard: impl FnMut(Desktop) -> bool) -> zbus::Result<()> {
        let messages = MessageIterator::from(&self.0);
        let bus = DBusProxy::new(&self.0)?;
        let signals = || MatchRule::builder().msg_type(Type::Signal);
        bus.add_match_rule(signals().interface(WATCHER)?.build())?;
        bus.add_match_rule(signals().member("NameOwnerChanged")?.arg(0, WATCHER)?.build())?;
        bus.add_match_rule(signals().member("NameOwnerChanged")?.arg(0, PORTAL)?.build())?;
        bus.add_match_rule(signals().interface(SETTINGS)?.member("SettingChanged")?.arg(0, APPEARANCE)?.build())?;
        let mut last = self.desktop();
        let mut goes_on = is_heard(last);
        for message in messages {
            if !goes_on {
                break;
            }
            if !concerns_desktop(&message?) {
                continue;
            }
            let desktop = self.desktop();
            if desktop != last {
                last = desktop;
                goes_on = is_heard(desktop);
            }
        }
        Ok(())
    }

    /// Nothing to do: no desktop here keeps icons out of view against a policy's wish.
    pub fn keep_in_view(&self) -> zbus::Result<()> {
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

    fn desktop(&self) -> Desktop {
        Desktop { host: self.tray_host(), scheme: self.color_scheme() }
    }

    fn has_owner(&self, name: &'static str) -> bool {
        let name = BusName::try_from(name);
        name.is_ok_and(|name| DBusProxy::new(&self.0).is_ok_and(|bus| bus.name_has_owner(name).unwrap_or_default()))
    }
}

/// A setting, which `Read` wraps in a variant of its own.
fn number(value: &Value<'_>) -> Option<u32> {
    match value {
        Value::Value(inside) => number(inside),
        Value::U32(number) => Some(*number),
        _ => None,
    }
}

/// Whether watcher or portal came or went, or one of them says that something changed.
fn concerns_desktop(message: &Message) -> bool {
    let header = message.header();
    header.message_type() == Type::Signal
        && header.member().is_some_and(|member| {
            matches!(
                member.as_str(),
                "NameOwnerChanged"
                    | "StatusNotifierHostRegistered"
                    | "StatusNotifierHostUnregistered"
                    | "SettingChanged"
            )
        })
}
