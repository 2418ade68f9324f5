//! The tray of one session: draws the menus that the service sends, and sends back what was chosen.
//!
//! Holds no secret, opens no network connection, decides nothing beyond what is on this desktop.

pub mod controller;
#[cfg(target_os = "linux")]
pub mod supervision;

mod bell;
mod connection;
mod drawing;
mod event_loop;
mod picture;

use std::{ops::ControlFlow, thread, time::Duration};

use anyhow::Context as _;
use deskbell_protocol::{ItemId, Shortcut, ShortcutState, ipc::QuitReason};
use tracing::{info, warn};

pub use controller::{ColorScheme, Desktop, TrayHost};

use crate::{
    browser,
    ipc::client::Sender,
    paths::Paths,
    platform::{self, DesktopSession, ShortcutEvent, ShortcutGrab},
    tray::{
        controller::{Controller, Effect, Event},
        drawing::Drawing,
        event_loop::{EventLoop, Inputs},
    },
    words::{Mishap, Words},
};

/// The exit code of a tray that wants to be started anew from what is installed now.
pub const RESTART: u8 = 75;

/// How long to wait before trying again what the desktop did not let us do.
const RETRY: Duration = Duration::from_secs(2);

/// What reaches the tray's loop.
enum Input {
    /// Something happened.
    Event(Event),
    /// The service is there, and listens here.
    Service(Sender),
}

/// Runs until the service says to quit, and returns why; absent: the system closed the program.
pub fn run(paths: Paths) -> anyhow::Result<Option<QuitReason>> {
    let event_loop = EventLoop::new()?;
    let (clicks, desktop, service) = (event_loop.inputs(), event_loop.inputs(), event_loop.inputs());
    let mut tray = Tray::new(event_loop.inputs());
    drawing::on_click(move |item: ItemId| {
        // Fails when the loop has ended, which then needs to know nothing.
        let _ = clicks.send(Input::Event(Event::Clicked(item)));
    });
    thread::Builder::new().name("desktop".into()).spawn(move || watch_desktop(&desktop)).context("a thread")?;
    thread::Builder::new()
        .name("service".into())
        .spawn(move || connection::keep(&paths.socket, &service))
        .context("a thread")?;

    let ended = event_loop.run(|input| {
        let event = match input {
            Some(Input::Event(event)) => event,
            Some(Input::Service(service)) => {
                tray.service = Some(service);
                Event::ServiceFound
            }
            None => Event::DrawingDue,
        };
        tray.handle(event)?;
        ControlFlow::Continue(tray.is_drawing_due.then_some(RETRY))
    })?;
    if let Some(reason) = ended {
        info!(?reason, "The service told this tray to end: {}", farewell(reason));
    } else {
        info!("The system closed this tray");
    }
    Ok(ended)
}

/// Says how this desktop is, for as long as the tray runs.
#[expect(clippy::disallowed_methods, reason = "nothing tells when a desktop appears")]
fn watch_desktop(inputs: &Inputs) {
    let mut is_heard = |desktop| inputs.send(Input::Event(Event::DesktopChanged(desktop)));
    loop {
        let watched = DesktopSession::connect().and_then(|session| session.watch(&mut is_heard));
        if let Err(error) = watched {
            info!(%error, "The desktop cannot be asked; trying again");
        }
        if !is_heard(Desktop::default()) {
            return;
        }
        thread::sleep(RETRY);
    }
}

/// The world around the controller.
struct Tray {
    controller: Controller,
    drawing: Drawing,
    is_drawing_due: bool,
    service: Option<Sender>,
    clipboard: Option<arboard::Clipboard>,
    shortcut: Option<ShortcutGrab>,
    inputs: Inputs,
}

impl Tray {
    fn new(inputs: Inputs) -> Self {
        Self {
            controller: Controller::new(platform::language()),
            drawing: Drawing::default(),
            is_drawing_due: false,
            service: None,
            clipboard: None,
            shortcut: None,
            inputs,
        }
    }

    /// Does what follows from `event`; breaks when that is the end.
    fn handle(&mut self, event: Event) -> ControlFlow<QuitReason> {
        for effect in self.controller.handle(event) {
            if let Effect::End(reason) = effect {
                return ControlFlow::Break(reason);
            }
            if let Some(event) = self.carry_out(effect) {
                self.handle(event)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Does what `effect` says, and returns what came of it at once.
    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Tell(message) => {
                if let Some(service) = &mut self.service
                    && let Err(error) = service.send(&message)
                {
                    // The thread that listens notices as well, and connects again.
                    info!(%error, "The service was not told");
                }
            }
            Effect::Draw(menu) => {
                let drawn = self.drawing.draw(&menu);
                self.is_drawing_due = drawn.is_err();
                let Err(error) = drawn else { return Some(Event::Drawn) };
                warn!("The icon was not drawn; trying again: {error:#}");
                return Some(Event::DrawingFailed);
            }
            Effect::UsePicture(picture) => self.drawing.use_picture(picture.as_deref()),
            Effect::BindShortcut(shortcut) => return Some(Event::ShortcutChanged(self.bind(shortcut.as_ref()))),
            Effect::OpenMenu => return (!self.drawing.open_menu()).then_some(Event::MenuNotOpened),
            Effect::KeepInView => {
                if let Err(error) = DesktopSession::connect().and_then(|session| session.keep_in_view()) {
                    warn!(%error, "The icon stays in the overflow");
                }
            }
            Effect::RemoveIcon => {
                self.is_drawing_due = false;
                self.drawing.remove();
            }
            Effect::OpenUrl(url) => {
                if let Err(error) = browser::open(&url) {
                    warn!(%error, "No browser could be started");
                    notify(self.controller.title(), Mishap::Browser, None, None);
                }
            }
            Effect::Copy(text) => {
                if let Err(error) = self.copy(text) {
                    warn!(%error, "The clipboard took nothing");
                    notify(self.controller.title(), Mishap::Clipboard, None, None);
                }
            }
            Effect::Notify { mishap, phone, email } => {
                notify(self.controller.title(), mishap, phone.as_deref(), email.as_deref());
            }
            Effect::End(_) => {}
        }
        None
    }

    /// Has this shortcut and no other, and says what became of it.
    fn bind(&mut self, shortcut: Option<&Shortcut>) -> Option<ShortcutState> {
        self.shortcut = None;
        let inputs = self.inputs.clone();
        let grabbed = ShortcutGrab::take(shortcut?, move |heard| {
            let event = match heard {
                ShortcutEvent::Pressed => Event::ShortcutPressed,
                ShortcutEvent::Lost(state) => Event::ShortcutChanged(Some(state)),
            };
            // Fails when the loop has ended, which then needs to know nothing.
            let _ = inputs.send(Input::Event(event));
        });
        match grabbed {
            Ok(grab) => {
                self.shortcut = Some(grab);
                Some(ShortcutState::Ready)
            }
            Err(state) => Some(state),
        }
    }

    /// The clipboard's content lives as long as the program that offers it, so the connection stays open.
    fn copy(&mut self, text: String) -> Result<(), arboard::Error> {
        let clipboard = match self.clipboard.take() {
            Some(clipboard) => clipboard,
            None => arboard::Clipboard::new()?,
        };
        self.clipboard.insert(clipboard).set_text(text)
    }
}

fn farewell(reason: QuitReason) -> &'static str {
    match reason {
        QuitReason::AnotherTray => "the session has a tray already",
        QuitReason::NoSession => "the session has ended, or is none of a person",
        QuitReason::Outdated => "another version is installed",
    }
}

fn notify(title: &str, mishap: Mishap, phone: Option<&str>, email: Option<&str>) {
    let (title, text) = (title.to_owned(), Words::here().mishap(mishap, phone, email));
    // Windows returns when the person has read it.
    thread::spawn(move || {
        let shown = DesktopSession::connect().and_then(|session| session.notify(&title, &text));
        if let Err(error) = shown {
            warn!(%error, text, "A notification could not be shown");
        }
    });
}
