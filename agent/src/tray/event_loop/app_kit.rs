//! macOS draws in the main thread's loop of AppKit, here tao's.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use deskbell_protocol::ipc::QuitReason;
use tao::{
    event::{Event, StartCause},
    event_loop::{ControlFlow as Next, EventLoop as TaoLoop, EventLoopBuilder, EventLoopProxy},
    platform::{
        macos::{ActivationPolicy, EventLoopExtMacOS as _},
        run_return::EventLoopExtRunReturn as _,
    },
};

use crate::tray::Input;

/// The loop, not yet running.
pub(in crate::tray) struct EventLoop(TaoLoop<Input>);

/// A way into the loop, from any thread.
#[derive(Clone)]
pub(in crate::tray) struct Inputs(EventLoopProxy<Input>);

impl EventLoop {
    /// A loop of a program that is in no Dock and takes no keyboard from another.
    #[expect(clippy::unnecessary_wraps, reason = "other systems' loops can fail to be made")]
    pub(in crate::tray) fn new() -> anyhow::Result<Self> {
        let mut event_loop = EventLoopBuilder::with_user_event().build();
        event_loop.set_activation_policy(ActivationPolicy::Accessory);
        event_loop.set_activate_ignoring_other_apps(false);
        Ok(Self(event_loop))
    }

    pub(in crate::tray) fn inputs(&self) -> Inputs {
        Inputs(self.0.create_proxy())
    }

    /// Calls `handle` with each input, and with none when the wait that it asked for is over, until it breaks. Absent:
    /// the system closed the program.
    #[expect(clippy::unnecessary_wraps, reason = "other systems' loops can fail")]
    pub(in crate::tray) fn run(
        mut self,
        mut handle: impl FnMut(Option<Input>) -> ControlFlow<QuitReason, Option<Duration>>,
    ) -> anyhow::Result<Option<QuitReason>> {
        let mut ended = None;
        self.0.run_return(|event, _, next| {
            let input = match event {
                _ if ended.is_some() => return,
                Event::NewEvents(StartCause::Init) => {
                    *next = Next::Wait;
                    return;
                }
                Event::NewEvents(StartCause::ResumeTimeReached { .. }) => None,
                Event::UserEvent(input) => Some(input),
                _ => return,
            };
            *next = match handle(input) {
                ControlFlow::Continue(None) => Next::Wait,
                ControlFlow::Continue(Some(wait)) => Next::WaitUntil(Instant::now() + wait),
                ControlFlow::Break(reason) => {
                    ended = Some(reason);
                    Next::Exit
                }
            };
        });
        Ok(ended)
    }
}

impl Inputs {
    /// Hands `input` to the loop; `false` when that has ended.
    pub(in crate::tray) fn send(&self, input: Input) -> bool {
        self.0.send_event(input).is_ok()
    }
}
