//! The policy server inside the test's own process, with a clock that the test sets.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use deskbell_server::{
    clock::{Clock as _, ManualClock},
    config::Config,
};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use url::Url;

use crate::support::{
    api::Api,
    deadline, loopback,
    relay::Relay,
    server_process::{ServerFolder, TlsFiles},
};

/// A server with data of its own. Ends with its owner.
pub struct TestServer {
    /// Where it can be reached.
    pub url: Url,
    /// Its API, with a token that the server's command line made.
    pub api: Api,
    port: u16,
    folder: ServerFolder,
    clock: Arc<ManualClock>,
    running: Option<Running>,
    data: TempDir,
}

struct Running {
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl TestServer {
    /// Starts a server on a free port of loopback. Its clock shows this moment and stands still.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = loopback::listener()?;
        let port = listener.local_addr().context("asking for the port")?.port();
        Self::start_on(listener, port).await
    }

    /// Starts a server that agents and browsers reach through a relay, and [`TestServer::api`] beside it.
    pub async fn start_behind_relay() -> anyhow::Result<(Self, Relay)> {
        let listener = loopback::listener()?;
        let address = listener.local_addr().context("asking for the address")?;
        let relay = Relay::start(address)?;
        let mut server = Self::start_on(listener, relay.port).await?;
        let (base, host) = (format!("http://{address}").parse()?, format!("localhost:{}", relay.port));
        server.api = Api::beside(&base, &host, server.api.token())?;
        Ok((server, relay))
    }

    /// Starts a server that speaks TLS.
    pub async fn start_over_tls(tls: &TlsFiles) -> anyhow::Result<Self> {
        let listener = loopback::listener()?;
        let port = listener.local_addr().context("asking for the port")?.port();
        Self::start_in(listener, port, |folder| folder.with_tls(tls), Some(tls)).await
    }

    /// Starts a server that sends its mail by `smtp`.
    pub async fn start_mailing(smtp: &str) -> anyhow::Result<Self> {
        let listener = loopback::listener()?;
        let port = listener.local_addr().context("asking for the port")?.port();
        Self::start_in(listener, port, |folder| folder.with_mail(smtp), None).await
    }

    async fn start_on(listener: std::net::TcpListener, public_port: u16) -> anyhow::Result<Self> {
        Self::start_in(listener, public_port, Ok, None).await
    }

    /// Starts a server on `listener` that is known by `public_port`.
    #[expect(clippy::disallowed_methods, reason = "where the World begins, somebody has to look at a clock")]
    async fn start_in(
        listener: std::net::TcpListener,
        public_port: u16,
        configure: impl FnOnce(ServerFolder) -> anyhow::Result<ServerFolder>,
        tls: Option<&TlsFiles>,
    ) -> anyhow::Result<Self> {
        let port = listener.local_addr().context("asking for the port")?.port();
        let data = tempfile::tempdir().context("making the server's folder")?;
        let folder = configure(ServerFolder::write(data.path(), public_port, &[format!("127.0.0.1:{port}")])?)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).context("reading the clock")?;
        let clock = Arc::new(ManualClock::at(i64::try_from(now.as_millis())?));
        let token = folder.make_api_token("test").await?;
        let api = match tls {
            Some(tls) => Api::over_tls(&folder.url, &token, &std::fs::read(&tls.authority)?)?,
            None => Api::new(&folder.url, &token)?,
        };
        let mut server = Self { url: folder.url.clone(), api, port, folder, clock, running: None, data };
        server.run(listener)?;
        Ok(server)
    }

    /// What the server's clock shows, in milliseconds since 1970.
    pub fn now(&self) -> u64 {
        u64::try_from(self.clock.now()).unwrap_or_default()
    }

    /// The server's data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Lets time pass for the server.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Ends the server; its port answers no more.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let running = self.running.take().context("the server is not running")?;
        // Fails only when the server has ended by itself, which its task tells.
        let _ = running.shutdown.send(());
        let ended = timeout(deadline::PATIENT, running.task).await.context("the server does not end")?;
        ended.context("the server panicked")?
    }

    /// Starts the server again, on the same port with the same data.
    pub fn come_back(&mut self) -> anyhow::Result<()> {
        self.run(loopback::listener_on(self.port)?)
    }

    /// Starts a server on the same port that knows nothing of what was before.
    pub fn come_back_empty(&mut self) -> anyhow::Result<()> {
        self.data = tempfile::tempdir().context("making the server's folder")?;
        self.folder = ServerFolder::write(self.data.path(), self.port, &[format!("127.0.0.1:{}", self.port)])?;
        self.come_back()
    }

    fn run(&mut self, listener: std::net::TcpListener) -> anyhow::Result<()> {
        let config = configuration(&self.folder.configuration())?;
        let (shutdown, stopped) = oneshot::channel::<()>();
        let stopped = async {
            // A test that ends takes the sender along, which is a reason to stop as well.
            let _ = stopped.await;
        };
        let served = deskbell_server::serve(config, self.clock.clone(), vec![listener], stopped);
        self.running = Some(Running { shutdown, task: tokio::spawn(served) });
        Ok(())
    }
}

fn configuration(path: &Path) -> anyhow::Result<Config> {
    Config::load(Some(path), std::iter::empty())
}
