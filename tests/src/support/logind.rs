//! systemd-logind, as far as the agent can tell: `org.freedesktop.login1` on a bus, whose sessions a test begins and ends.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use zbus::{Connection, ObjectServer, connection, object_server::InterfaceRef, zvariant::OwnedObjectPath};

use crate::support::bus::Bus;

const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";

/// A session: id, user id, user name, seat, object.
type Listed = (String, u32, String, String, OwnedObjectPath);

/// A log-on service that runs until dropped.
#[derive(Debug)]
pub struct Logind {
    connection: Connection,
    sessions: Arc<Mutex<Vec<Listed>>>,
}

impl Logind {
    /// Starts a log-on service on `bus`, with no session.
    pub async fn start(bus: &Bus) -> anyhow::Result<Self> {
        let sessions = Arc::default();
        let connection = connection::Builder::address(bus.address())?
            .serve_at(PATH, Manager { sessions: Arc::clone(&sessions) })?
            .name("org.freedesktop.login1")?
            .build()
            .await
            .context("becoming the bus's log-on service")?;
        Ok(Self { connection, sessions })
    }

    /// Begins a session of the user of this program: `class` such as `user` or `greeter`, `kind` such as `x11` or `tty`.
    pub async fn begin(&self, id: &str, class: &str, kind: &str) -> anyhow::Result<()> {
        let session = Session { class: class.into(), kind: kind.into(), state: "active".into(), locked: false };
        let path = path(id)?;
        self.server().at(&path, session).await.context("beginning a session")?;
        let uid = rustix::process::getuid().as_raw();
        self.list(|sessions| sessions.push((id.into(), uid, String::new(), "seat0".into(), path.clone())));
        self.tell("SessionNew", id, &path).await
    }

    /// Ends a session for good.
    pub async fn end(&self, id: &str) -> anyhow::Result<()> {
        let path = path(id)?;
        self.list(|sessions| sessions.retain(|(listed, ..)| listed != id));
        self.server().remove::<Session, _>(&path).await.context("ending a session")?;
        self.tell("SessionRemoved", id, &path).await
    }

    /// Moves a session to another state: `active`, `online` (in the background) or `closing`.
    pub async fn set_state(&self, id: &str, state: &str) -> anyhow::Result<()> {
        let session = self.session(id).await?;
        let mut interface = session.get_mut().await;
        state.clone_into(&mut interface.state);
        interface.state_changed(session.signal_emitter()).await.context("telling it")
    }

    /// Locks a session's screen.
    pub async fn lock(&self, id: &str) -> anyhow::Result<()> {
        let session = self.session(id).await?;
        let mut interface = session.get_mut().await;
        interface.locked = true;
        interface.locked_hint_changed(session.signal_emitter()).await.context("telling it")
    }

    fn list(&self, change: impl FnOnce(&mut Vec<Listed>)) {
        change(&mut self.sessions.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn server(&self) -> &ObjectServer {
        self.connection.object_server()
    }

    async fn tell(&self, signal: &str, id: &str, path: &OwnedObjectPath) -> anyhow::Result<()> {
        let body = (id, path);
        let told = self.connection.emit_signal(None::<&str>, PATH, MANAGER, signal, &body).await;
        told.with_context(|| format!("telling {signal}"))
    }

    async fn session(&self, id: &str) -> anyhow::Result<InterfaceRef<Session>> {
        self.server().interface(path(id)?).await.context("finding the session")
    }
}

fn path(id: &str) -> anyhow::Result<OwnedObjectPath> {
    OwnedObjectPath::try_from(format!("{PATH}/session/{id}")).context("naming a session")
}

struct Manager {
    sessions: Arc<Mutex<Vec<Listed>>>,
}

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    fn list_sessions(&self) -> Vec<Listed> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Session {
    class: String,
    kind: String,
    state: String,
    locked: bool,
}

#[zbus::interface(name = "org.freedesktop.login1.Session")]
impl Session {
    #[zbus(property)]
    fn class(&self) -> &str {
        &self.class
    }

    #[zbus(property, name = "Type")]
    fn kind(&self) -> &str {
        &self.kind
    }

    #[zbus(property)]
    fn state(&self) -> &str {
        &self.state
    }

    #[zbus(property)]
    fn active(&self) -> bool {
        self.state == "active"
    }

    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.locked
    }
}
