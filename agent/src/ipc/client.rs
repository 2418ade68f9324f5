//! A tray's or a command line's end of the socket. Plain blocking calls, so that a tray carries no runtime.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    path::Path,
};

use deskbell_protocol::ipc::{ToClient, ToService};

use crate::{
    ipc::lines::{Line, line},
    platform::{self, Stream},
};

/// What a client says.
#[derive(Debug)]
pub struct Sender(Stream);

/// What a client hears.
#[derive(Debug)]
pub struct Receiver(BufReader<Stream>);

/// Connects to the service at `socket`.
pub fn connect(socket: &Path) -> io::Result<(Sender, Receiver)> {
    let stream = platform::connect(socket)?;
    Ok((Sender(stream.try_clone()?), Receiver(BufReader::new(stream))))
}

/// Asks one question and returns its answer.
pub fn ask(socket: &Path, question: &ToService) -> io::Result<ToClient> {
    let (mut sender, mut receiver) = connect(socket)?;
    sender.send(question)?;
    receiver.receive()?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

impl Sender {
    /// Says `message`.
    pub fn send(&mut self, message: &ToService) -> io::Result<()> {
        self.0.write_all(&line(message))
    }
}

impl Receiver {
    /// Waits for the next message; `None` when the service has gone.
    pub fn receive(&mut self) -> io::Result<Option<ToClient>> {
        let mut growing = Line::default();
        loop {
            let bytes = self.0.fill_buf()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let (taken, message) = growing.take(bytes)?;
            self.0.consume(taken);
            if message.is_some() {
                return Ok(message);
            }
        }
    }
}
