//! The tray's connection to the service: kept, and made again when the service restarts.

use std::{path::Path, thread, time::Duration};

use tracing::{debug, info};

use crate::{
    ipc::client::{self, Receiver},
    tray::{Input, controller::Event, event_loop::Inputs},
};

const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Connects to the service at `socket` and hands on what it says, for as long as the tray runs.
#[expect(clippy::disallowed_methods, reason = "nothing tells when a service listens again")]
pub(super) fn keep(socket: &Path, inputs: &Inputs) {
    let mut wait = FIRST_WAIT;
    loop {
        match client::connect(socket) {
            Ok((sender, receiver)) => {
                wait = FIRST_WAIT;
                if !inputs.send(Input::Service(sender)) || !listen(receiver, inputs) {
                    return;
                }
            }
            Err(error) => debug!(%error, "The service is not there; trying again"),
        }
        thread::sleep(wait);
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Hands on what the service says until it goes; `false` when the tray ends.
fn listen(mut receiver: Receiver, inputs: &Inputs) -> bool {
    let lost = loop {
        match receiver.receive() {
            Ok(Some(message)) => {
                if !inputs.send(Input::Event(Event::Told(message))) {
                    return false;
                }
            }
            Ok(None) => break "it went away".to_owned(),
            Err(error) => break error.to_string(),
        }
    };
    info!(reason = lost, "The service was lost; trying again");
    inputs.send(Input::Event(Event::ServiceLost))
}
