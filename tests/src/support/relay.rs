//! The network between a computer and the server: a TCP relay that can be cut, go deaf, or end idle connections.

use std::{future::pending, net::SocketAddr, time::Duration};

use anyhow::Context;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

use crate::support::{deadline, loopback};

/// What an agent's request for a wait looks like on the wire.
const WAIT: &str = "prefer: wait=";

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// As it should be.
    Whole,
    /// A connection on which nothing moves for so long is ended.
    EndsIdle(Duration),
    /// Every connection is ended.
    Cut,
    /// Nothing moves, and nobody is told.
    Deaf,
}

/// A relay that runs until dropped.
#[derive(Debug)]
pub struct Relay {
    /// The port that it listens on.
    pub port: u16,
    state: watch::Sender<State>,
    waits: watch::Receiver<Vec<u64>>,
    relaying: JoinHandle<()>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    network: Network,
    /// How often the connections of that moment were lost.
    losses: u64,
}

impl Relay {
    /// Starts a relay to the server at `target`.
    pub fn start(target: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::from_std(loopback::listener()?).context("listening for the relay")?;
        let port = listener.local_addr()?.port();
        let (state, states) = watch::channel(State { network: Network::Whole, losses: 0 });
        let (seen, waits) = watch::channel(Vec::new());
        let relaying = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(relay(client, target, states.clone(), seen.clone()));
            }
        });
        Ok(Self { port, state, waits, relaying })
    }

    /// Changes the network.
    pub fn set(&self, network: Network) {
        self.state.send_modify(|state| state.network = network);
    }

    /// Loses the connections that there are without a word, as a router does that restarts; new ones are not affected.
    pub fn lose_connections(&self) {
        self.state.send_modify(|state| state.losses += 1);
    }

    /// Waits until the waits that agents have asked for, in seconds, are such that `holds`.
    pub async fn until_waits(&self, within: Duration, holds: impl Fn(&[u64]) -> bool) -> anyhow::Result<Vec<u64>> {
        deadline::until(&mut self.waits.clone(), within, "the agents' waits", |waits| holds(waits)).await
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.relaying.abort();
    }
}

async fn relay(
    mut client: TcpStream,
    target: SocketAddr,
    mut states: watch::Receiver<State>,
    waits: watch::Sender<Vec<u64>>,
) {
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    let (mut asked, mut answered) = ([0; 16 * 1024], [0; 16 * 1024]);
    let losses = states.borrow().losses;
    loop {
        let state = *states.borrow_and_update();
        if state.losses != losses {
            pending::<()>().await;
        }
        let moves = async {
            tokio::select! {
                length = client.read(&mut asked) => {
                    let asked = &asked[..length?];
                    note_waits(asked, &waits);
                    server.write_all(asked).await.map(|()| asked.len())
                }
                length = server.read(&mut answered) => {
                    let answered = &answered[..length?];
                    client.write_all(answered).await.map(|()| answered.len())
                }
            }
        };
        tokio::select! {
            length = moves, if state.network != Network::Deaf => match length {
                Ok(1..) => {}
                Ok(0) | Err(_) => return,
            },
            () = end(state.network) => return,
            changed = states.changed() => match changed {
                Ok(()) => {}
                Err(_) => return,
            },
        }
    }
}

/// Returns when the network ends a connection on which nothing moves.
async fn end(network: Network) {
    match network {
        Network::Cut => {}
        Network::EndsIdle(limit) => sleep(limit).await,
        Network::Whole | Network::Deaf => pending().await,
    }
}

fn note_waits(bytes: &[u8], waits: &watch::Sender<Vec<u64>>) {
    let text = String::from_utf8_lossy(bytes);
    let seconds: Vec<u64> =
        text.split(WAIT).skip(1).filter_map(|rest| rest.split_whitespace().next()?.parse().ok()).collect();
    if !seconds.is_empty() {
        waits.send_modify(|waits| waits.extend(seconds));
    }
}
