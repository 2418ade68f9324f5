//! Where drawing asks for no loop of its own: a channel.

use std::{
    ops::ControlFlow,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    time::Duration,
};

use anyhow::bail;
use deskbell_protocol::ipc::QuitReason;

use crate::tray::Input;

/// The loop, not yet running.
pub(in crate::tray) struct EventLoop {
    inputs: Inputs,
    received: Receiver<Input>,
}

/// A way into the loop, from any thread.
#[derive(Clone)]
pub(in crate::tray) struct Inputs(Sender<Input>);

impl EventLoop {
    #[expect(clippy::unnecessary_wraps, reason = "other systems' loops can fail to be made")]
    pub(in crate::tray) fn new() -> anyhow::Result<Self> {
        let (sender, received) = mpsc::channel();
        Ok(Self { inputs: Inputs(sender), received })
    }

    pub(in crate::tray) fn inputs(&self) -> Inputs {
        self.inputs.clone()
    }

    /// Calls `handle` with each input, and with none when the wait that it asked for is over, until it breaks. Absent:
    /// the system closed the program.
    pub(in crate::tray) fn run(
        self,
        mut handle: impl FnMut(Option<Input>) -> ControlFlow<QuitReason, Option<Duration>>,
    ) -> anyhow::Result<Option<QuitReason>> {
        let Self { inputs, received } = self;
        drop(inputs);
        let mut wait = None;
        loop {
            let input = match received.recv_timeout(wait.unwrap_or(Duration::MAX)) {
                Ok(input) => Some(input),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => bail!("the tray's threads have ended"),
            };
            match handle(input) {
                ControlFlow::Continue(next) => wait = next,
                ControlFlow::Break(reason) => return Ok(Some(reason)),
            }
        }
    }
}

impl Inputs {
    /// Hands `input` to the loop; `false` when that has ended.
    pub(in crate::tray) fn send(&self, input: Input) -> bool {
        self.0.send(input).is_ok()
    }
}
