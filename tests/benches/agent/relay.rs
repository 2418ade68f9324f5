//! A relay between agent and server that counts what passes, beside what TCP itself needs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A running relay; it ends with the program.
pub(crate) struct Relay {
    pub(crate) port: u16,
    counts: Arc<Counts>,
}

/// What has passed.
#[derive(Default)]
struct Counts {
    bytes: AtomicU64,
    /// How often the agent said something after a while of silence.
    exchanges: AtomicU64,
}

/// Longer than any pause within an exchange.
const SILENCE: Duration = Duration::from_secs(5);

impl Relay {
    /// Relays to `port` of loopback.
    pub(crate) async fn start(server: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let relay = Self { port: listener.local_addr()?.port(), counts: Arc::default() };
        let counts = Arc::clone(&relay.counts);
        tokio::spawn(async move {
            while let Ok((agent, _)) = listener.accept().await {
                tokio::spawn(connect(agent, server, Arc::clone(&counts)));
            }
        });
        Ok(relay)
    }

    /// How many bytes have passed, both ways.
    pub(crate) fn bytes(&self) -> u64 {
        self.counts.bytes.load(Ordering::Relaxed)
    }

    /// How often the agent has spoken, each time with whatever belongs together.
    pub(crate) fn exchanges(&self) -> u64 {
        self.counts.exchanges.load(Ordering::Relaxed)
    }
}

async fn connect(agent: TcpStream, server: u16, counts: Arc<Counts>) -> anyhow::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    agent.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ((from_agent, to_agent), (from_server, to_server)) = (agent.into_split(), server.into_split());
    let begun = || _ = counts.exchanges.fetch_add(1, Ordering::Relaxed);
    tokio::try_join!(
        copy(from_agent, to_server, &counts.bytes, begun),
        copy(from_server, to_agent, &counts.bytes, || ())
    )?;
    Ok(())
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    bytes: &AtomicU64,
    begun: impl Fn(),
) -> anyhow::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    let mut last = Instant::now();
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(to.shutdown().await?);
        }
        if last.elapsed() > SILENCE {
            begun();
        }
        last = Instant::now();
        bytes.fetch_add(count as u64, Ordering::Relaxed);
        to.write_all(&buffer[..count]).await?;
    }
}
