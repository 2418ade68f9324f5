//! Cutting a stream of bytes into messages of bounded size.

use std::io;

use deskbell_protocol::ipc::MAX_LINE_BYTES;
use serde::{Serialize, de::DeserializeOwned};

/// A line that is still growing.
#[derive(Debug, Default)]
pub struct Line(Vec<u8>);

impl Line {
    /// Takes what belongs to this line from `bytes`, and returns how many that were and the message, if the line is
    /// whole. A line that is too long or no message is an error.
    pub fn take<T: DeserializeOwned>(&mut self, bytes: &[u8]) -> io::Result<(usize, Option<T>)> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let part = &bytes[..end.unwrap_or(bytes.len())];
        if self.0.len() + part.len() > MAX_LINE_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the line is longer than 1 MB"));
        }
        self.0.extend_from_slice(part);
        if end.is_none() {
            return Ok((part.len(), None));
        }
        let line = std::mem::take(&mut self.0);
        let message =
            serde_json::from_slice(&line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok((part.len() + 1, Some(message)))
    }
}

/// `message` as a line.
#[expect(clippy::missing_panics_doc, reason = "messages have text keys only")]
pub fn line(message: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(message).expect("messages have text keys only");
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::ipc::ToService;

    use super::*;

    #[test]
    fn a_message_may_arrive_in_pieces_and_two_at_once() {
        let mut bytes = line(&ToService::Status);
        bytes.extend(line(&ToService::Open { entry: None }));
        let mut growing = Line::default();
        let mut messages: Vec<ToService> = Vec::new();
        for piece in bytes.chunks(7) {
            let mut rest = piece;
            while !rest.is_empty() {
                let (taken, message) = growing.take(rest).expect("messages");
                messages.extend(message);
                rest = &rest[taken..];
            }
        }
        assert_eq!(messages, [ToService::Status, ToService::Open { entry: None }]);
    }

    #[test]
    fn garbage_and_endless_lines_are_errors() {
        assert!(Line::default().take::<ToService>(b"GET / HTTP/1.1\n").is_err());
        let mut endless = Line::default();
        let piece = vec![b'x'; MAX_LINE_BYTES];
        assert!(endless.take::<ToService>(&piece).is_ok());
        assert!(endless.take::<ToService>(b"x").is_err());
    }
}
