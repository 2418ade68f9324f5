//! Windows draws in a loop of window messages. What arrives waits while a menu is open, so that none changes under the
//! pointer.
//!
//! tao's loop is not used: it would end this program at a log-off or an upgrade without taking the icon away.

use std::{
    ops::ControlFlow,
    sync::mpsc::{self, Receiver, Sender},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use deskbell_protocol::ipc::QuitReason;

use crate::{
    platform::{MessageLoop, Turn, Waker},
    tray::Input,
};

/// The loop, not yet running.
pub(in crate::tray) struct EventLoop {
    inputs: Inputs,
    received: Receiver<Input>,
    messages: MessageLoop,
}

/// A way into the loop, from any thread.
#[derive(Clone)]
pub(in crate::tray) struct Inputs {
    sender: Sender<Input>,
    waker: Waker,
}

impl EventLoop {
    pub(in crate::tray) fn new() -> anyhow::Result<Self> {
        let messages = MessageLoop::new().context("making the message loop")?;
        let (sender, received) = mpsc::channel();
        Ok(Self { inputs: Inputs { sender, waker: messages.waker() }, received, messages })
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
        let mut due: Option<Instant> = None;
        loop {
            let input = self.received.try_recv().ok();
            if input.is_none() {
                let wait = due.map(|due| due.saturating_duration_since(Instant::now()));
                match self.messages.turn(wait).context("waiting for a message")? {
                    Turn::Went => continue,
                    Turn::WaitOver => {}
                    Turn::Closed => return Ok(None),
                }
            }
            match handle(input) {
                ControlFlow::Continue(wait) => due = wait.map(|wait| Instant::now() + wait),
                ControlFlow::Break(reason) => return Ok(Some(reason)),
            }
        }
    }
}

impl Inputs {
    /// Hands `input` to the loop; `false` when that has ended.
    pub(in crate::tray) fn send(&self, input: Input) -> bool {
        self.sender.send(input).is_ok() && self.waker.wake()
    }
}
