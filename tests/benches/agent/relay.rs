//! A relay between agent and server that counts what passes, beside what TCP itself needs.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A running relay; it ends with the program.
pub(crate) struct Relay {
    pub(crate) port: u16,
    bytes: Arc<AtomicU64>,
}

impl Relay {
    /// Relays to `port` of loopback.
    pub(crate) async fn start(server: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let relay = Self { port: listener.local_addr()?.port(), bytes: Arc::default() };
        let bytes = Arc::clone(&relay.bytes);
        tokio::spawn(async move {
            while let Ok((agent, _)) = listener.accept().await {
                tokio::spawn(connect(agent, server, Arc::clone(&bytes)));
            }
        });
        Ok(relay)
    }

    /// How many bytes have passed, both ways.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

async fn connect(agent: TcpStream, server: u16, bytes: Arc<AtomicU64>) -> anyhow::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    agent.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ((from_agent, to_agent), (from_server, to_server)) = (agent.into_split(), server.into_split());
    tokio::try_join!(copy(from_agent, to_server, &bytes), copy(from_server, to_agent, &bytes))?;
    Ok(())
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    bytes: &AtomicU64,
) -> anyhow::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(to.shutdown().await?);
        }
        bytes.fetch_add(count as u64, Ordering::Relaxed);
        to.write_all(&buffer[..count]).await?;
    }
}
