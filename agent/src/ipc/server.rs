//! The service's end of the socket: all connections at once, none able to hold up another.

use std::{collections::BTreeMap, io};

use deskbell_protocol::ipc::{ToClient, ToService};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    sync::mpsc,
    task::AbortHandle,
};
use tracing::{debug, warn};

use crate::{
    ipc::lines::{Line, line},
    platform::{self, Caller},
    service::{controller::Event, sessions::ClientId},
};

/// The most messages that wait for a client to read them; then it is sent away.
const MAX_WAITING_MESSAGES: usize = 32;
/// The most connections of one user.
const MAX_CONNECTIONS: usize = 32;
/// The most messages of all clients that wait for the service.
const MAX_WAITING_EVENTS: usize = 64;

/// All connections.
#[derive(Debug)]
pub struct Connections {
    clients: BTreeMap<ClientId, Connection>,
    next_id: u64,
    events: mpsc::Receiver<Event>,
    sender: mpsc::Sender<Event>,
}

#[derive(Debug)]
struct Connection {
    user_id: String,
    process: Option<i32>,
    outbox: mpsc::Sender<ToClient>,
    task: AbortHandle,
}

impl Default for Connections {
    fn default() -> Self {
        let (sender, events) = mpsc::channel(MAX_WAITING_EVENTS);
        Self { clients: BTreeMap::new(), next_id: 0, events, sender }
    }
}

impl Connections {
    /// Takes a new connection of `caller`, unless that user has too many.
    pub fn admit(&mut self, stream: impl AsyncRead + AsyncWrite + Send + 'static, caller: Caller) -> Option<Event> {
        let user_id = caller.peer.user.id.clone();
        if self.clients.values().filter(|client| client.user_id == user_id).count() >= MAX_CONNECTIONS {
            warn!(os_user.id = user_id, "A user has too many connections; the newest was closed");
            return None;
        }
        let id = ClientId(self.next_id);
        self.next_id += 1;
        let (outbox, messages) = mpsc::channel(MAX_WAITING_MESSAGES);
        let task = tokio::spawn(serve(id, stream, messages, self.sender.clone())).abort_handle();
        self.clients.insert(id, Connection { user_id, process: caller.process, outbox, task });
        Some(Event::ClientJoined(id, caller.peer))
    }

    /// What a client says or that it left.
    #[expect(clippy::missing_panics_doc, reason = "this struct keeps a sender")]
    pub async fn next(&mut self) -> Event {
        let event = self.events.recv().await.expect("this struct keeps a sender");
        if let Event::ClientLeft(id) = event {
            self.clients.remove(&id);
        }
        event
    }

    /// Drops the connections whose program has ended, though their end was not heard of yet: so a tray that comes back
    /// after a crash does not meet the one that crashed.
    pub fn drop_ended(&mut self) -> Vec<Event> {
        let ended = |client: &mut Connection| client.process.is_some_and(platform::has_ended);
        let gone: Vec<_> = self.clients.extract_if(.., |_, client| ended(client)).collect();
        gone.into_iter()
            .map(|(id, client)| {
                client.task.abort();
                Event::ClientLeft(id)
            })
            .collect()
    }

    /// Queues `message` for `id`. A client that does not read is sent away; then it is `false`.
    pub fn send(&mut self, id: ClientId, message: ToClient) -> bool {
        let Some(client) = self.clients.get(&id) else { return true };
        if client.outbox.try_send(message).is_ok() {
            return true;
        }
        warn!(client = id.0, "A client does not read what it is sent and was disconnected");
        client.task.abort();
        self.clients.remove(&id);
        false
    }
}

/// Carries the messages of one client both ways until it leaves.
async fn serve(
    id: ClientId,
    stream: impl AsyncRead + AsyncWrite,
    mut messages: mpsc::Receiver<ToClient>,
    events: mpsc::Sender<Event>,
) {
    let (reader, mut writer) = tokio::io::split(stream);
    let write = async {
        while let Some(message) = messages.recv().await {
            writer.write_all(&line(&message)).await?;
        }
        Ok(())
    };
    let outcome: io::Result<()> = tokio::select! {
        outcome = read(id, BufReader::new(reader), &events) => outcome,
        outcome = write => outcome,
    };
    if let Err(error) = outcome {
        debug!(client = id.0, %error, "A client was disconnected");
    }
    // Fails when the service ends, which then needs to know nothing.
    let _ = events.send(Event::ClientLeft(id)).await;
}

async fn read(
    id: ClientId,
    mut reader: BufReader<impl AsyncRead + Unpin>,
    events: &mpsc::Sender<Event>,
) -> io::Result<()> {
    let mut growing = Line::default();
    loop {
        let bytes = reader.fill_buf().await?;
        if bytes.is_empty() {
            return Ok(());
        }
        let (taken, message) = growing.take::<ToService>(bytes)?;
        reader.consume(taken);
        if let Some(message) = message {
            // Fails when the service ends.
            let _ = events.send(Event::ClientSaid(id, message)).await;
        }
    }
}
