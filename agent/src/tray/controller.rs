//! What the tray does, and when: events in, effects out. Draws nothing, waits for nothing.

use deskbell_protocol::{
    ItemId, Menu, TrayState,
    ipc::{Failure, QuitReason, ToClient, ToService},
};

use crate::words::Mishap;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What shows tray icons on a desktop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrayHost {
    /// Nothing.
    #[default]
    Absent,
    /// Something collects icons, and nothing shows them.
    WatcherOnly,
    /// There is a place where icons are seen.
    Present,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The tray is connected to the service.
    ServiceFound,
    /// It is no longer.
    ServiceLost,
    /// The service said something.
    Told(ToClient),
    /// The person chose a line of the menu.
    Clicked(ItemId),
    /// The desktop's place for icons came or went.
    TrayHostChanged(TrayHost),
    /// Icon and menu were drawn.
    Drawn,
    /// They were not.
    DrawingFailed,
    /// It is time to try again what could not be drawn.
    DrawingDue,
}

/// What to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Say something to the service.
    Tell(ToService),
    /// Draw the menu, and the icon if there is none; then say [`Event::Drawn`] or [`Event::DrawingFailed`].
    Draw(Menu),
    /// Have no icon at all.
    RemoveIcon,
    /// Open a link in the default browser.
    OpenUrl(String),
    /// Put a text on the clipboard.
    Copy(String),
    /// Tell the person what went wrong, and whom to ask.
    Notify {
        /// What went wrong.
        mishap: Mishap,
        /// The MSP's number.
        phone: Option<String>,
        /// The MSP's address.
        email: Option<String>,
    },
    /// End the program.
    End(QuitReason),
}

/// The tray's memory.
#[derive(Debug)]
pub struct Controller {
    language: String,
    menu: Option<Menu>,
    /// What was drawn last.
    drawn: Option<Menu>,
    /// The icon is there.
    has_icon: bool,
    host: TrayHost,
    is_connected: bool,
    told: Option<TrayState>,
}

impl Controller {
    /// A tray for a person who reads `language` (a BCP 47 tag).
    pub fn new(language: String) -> Self {
        Self {
            language,
            menu: None,
            drawn: None,
            has_icon: false,
            host: TrayHost::Absent,
            is_connected: false,
            told: None,
        }
    }

    /// What the icon is called.
    pub fn title(&self) -> &str {
        self.menu.as_ref().map_or("", |menu| &menu.title)
    }

    /// Takes one event and returns everything that must now happen, in order.
    #[must_use]
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = match event {
            Event::ServiceFound => {
                self.is_connected = true;
                self.told = None;
                vec![Effect::Tell(ToService::Tray { language: self.language.clone(), version: VERSION.to_owned() })]
            }
            Event::ServiceLost => {
                self.is_connected = false;
                Vec::new()
            }
            Event::Told(message) => self.told(message),
            Event::Clicked(item) if self.is_connected => vec![Effect::Tell(ToService::Clicked { item })],
            Event::Clicked(_) => {
                vec![Effect::Notify { mishap: Mishap::Failure(Failure::ServerUnreachable), phone: None, email: None }]
            }
            Event::TrayHostChanged(host) => {
                self.host = host;
                Vec::new()
            }
            Event::Drawn => {
                self.has_icon = true;
                Vec::new()
            }
            Event::DrawingFailed => {
                self.has_icon = false;
                Vec::new()
            }
            Event::DrawingDue => {
                self.drawn = None;
                Vec::new()
            }
        };
        match self.draw() {
            // What to tell follows from how it goes.
            Some(draw @ Effect::Draw(_)) => effects.push(draw),
            removal => {
                effects.extend(removal);
                effects.extend(self.tell_state());
            }
        }
        effects
    }

    fn told(&mut self, message: ToClient) -> Vec<Effect> {
        match message {
            ToClient::ShowMenu { menu } => {
                self.menu = Some(menu);
                Vec::new()
            }
            ToClient::OpenUrl { url, .. } => vec![Effect::OpenUrl(url)],
            ToClient::Copy { text } => vec![Effect::Copy(text)],
            ToClient::Failed { failure, support_phone, support_email } => {
                vec![Effect::Notify { mishap: Mishap::Failure(failure), phone: support_phone, email: support_email }]
            }
            // The answer to a question that trays do not ask.
            ToClient::Status { .. } => Vec::new(),
            ToClient::Quit { reason } => vec![Effect::RemoveIcon, Effect::End(reason)],
        }
    }

    /// Brings the screen to what it must show. An icon exists only while something collects icons: one that waited for
    /// it could miss its arrival.
    fn draw(&mut self) -> Option<Effect> {
        let wanted = self.menu.as_ref().filter(|menu| menu.visible && self.host != TrayHost::Absent);
        if self.drawn.as_ref() == wanted {
            return None;
        }
        self.drawn = wanted.cloned();
        self.has_icon &= wanted.is_some();
        Some(wanted.cloned().map_or(Effect::RemoveIcon, Effect::Draw))
    }

    fn tell_state(&mut self) -> Option<Effect> {
        let state = match (self.menu.as_ref()?.visible, self.host) {
            (false, _) => TrayState::Hidden,
            (true, TrayHost::Present) if self.has_icon => TrayState::Visible,
            (true, TrayHost::Present | TrayHost::WatcherOnly | TrayHost::Absent) => TrayState::NoTrayHost,
        };
        if !self.is_connected || self.told == Some(state) {
            return None;
        }
        self.told = Some(state);
        Some(Effect::Tell(ToService::TrayState { state }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu(visible: bool, title: &str) -> Menu {
        Menu { visible, title: title.to_owned(), items: Vec::new() }
    }

    fn show(menu: Menu) -> Event {
        Event::Told(ToClient::ShowMenu { menu })
    }

    fn told(state: TrayState) -> Effect {
        Effect::Tell(ToService::TrayState { state })
    }

    fn begin() -> Effect {
        Effect::Tell(ToService::Tray { language: "de-AT".into(), version: VERSION.into() })
    }

    /// A tray on a desktop with a tray host, connected to the service, that shows a menu.
    fn drawn() -> Controller {
        let mut tray = Controller::new("de-AT".into());
        for event in
            [Event::TrayHostChanged(TrayHost::Present), Event::ServiceFound, show(menu(true, "a")), Event::Drawn]
        {
            let _ = tray.handle(event);
        }
        tray
    }

    #[test]
    fn a_tray_begins_by_telling_its_language() {
        let mut tray = Controller::new("de-AT".into());
        assert_eq!(tray.handle(Event::ServiceFound), [begin()]);
    }

    #[test]
    fn a_new_menu_is_drawn_and_an_equal_one_is_not() {
        let mut tray = drawn();
        assert_eq!(tray.handle(show(menu(true, "b"))), [Effect::Draw(menu(true, "b"))]);
        assert_eq!(tray.handle(show(menu(true, "b"))), []);
    }

    /// AGT-02: hidden by policy means no icon, and the service is told; shown again, the icon is back.
    #[test]
    fn a_hidden_tray_has_no_icon_until_it_is_shown_again() {
        let mut tray = drawn();
        assert_eq!(tray.handle(show(menu(false, "a"))), [Effect::RemoveIcon, told(TrayState::Hidden)]);
        assert_eq!(tray.handle(show(menu(true, "a"))), [Effect::Draw(menu(true, "a"))]);
        assert_eq!(tray.handle(Event::Drawn), [told(TrayState::Visible)]);
    }

    /// AGT-07, AGT-08: the icon comes when the desktop's place for icons does, and comes back with it.
    #[test]
    fn the_icon_follows_the_tray_host_and_the_service_knows() {
        let mut tray = Controller::new("en".into());
        let _ = tray.handle(Event::ServiceFound);
        assert_eq!(tray.handle(show(menu(true, "a"))), [told(TrayState::NoTrayHost)]);
        for _ in 0..3 {
            let came = tray.handle(Event::TrayHostChanged(TrayHost::Present));
            assert_eq!(came, [Effect::Draw(menu(true, "a"))]);
            assert_eq!(tray.handle(Event::Drawn), [told(TrayState::Visible)]);
            let went = tray.handle(Event::TrayHostChanged(TrayHost::Absent));
            assert_eq!(went, [Effect::RemoveIcon, told(TrayState::NoTrayHost)]);
        }
    }

    #[test]
    fn an_icon_that_nobody_shows_is_reported_as_such() {
        let mut tray = drawn();
        assert_eq!(tray.handle(Event::TrayHostChanged(TrayHost::WatcherOnly)), [told(TrayState::NoTrayHost)]);
    }

    #[test]
    fn a_failed_drawing_is_repeated_and_no_icon_is_reported_until_there_is_one() {
        let mut tray = drawn();
        assert_eq!(tray.handle(show(menu(true, "b"))), [Effect::Draw(menu(true, "b"))]);
        assert_eq!(tray.handle(Event::DrawingFailed), [told(TrayState::NoTrayHost)]);
        assert_eq!(tray.handle(Event::DrawingDue), [Effect::Draw(menu(true, "b"))]);
        assert_eq!(tray.handle(Event::DrawingFailed), []);
        assert_eq!(tray.handle(Event::DrawingDue), [Effect::Draw(menu(true, "b"))]);
        assert_eq!(tray.handle(Event::Drawn), [told(TrayState::Visible)]);
    }

    #[test]
    fn the_icon_stays_while_the_service_restarts_and_the_state_is_told_again() {
        let mut tray = drawn();
        assert_eq!(tray.handle(Event::ServiceLost), []);
        let found = tray.handle(Event::ServiceFound);
        assert_eq!(found, [begin(), told(TrayState::Visible)]);
    }

    #[test]
    fn a_click_is_told_to_the_service_by_id_only() {
        let item: ItemId = "portal".parse().expect("an item");
        assert_eq!(drawn().handle(Event::Clicked(item.clone())), [Effect::Tell(ToService::Clicked { item })]);
    }

    #[test]
    fn a_click_without_a_service_is_answered_by_a_notification() {
        let mut tray = drawn();
        let _ = tray.handle(Event::ServiceLost);
        let effects = tray.handle(Event::Clicked("portal".parse().expect("an item")));
        assert!(matches!(effects.as_slice(), [Effect::Notify { .. }]), "{effects:?}");
    }

    #[test]
    fn what_the_service_says_is_done() {
        let mut tray = drawn();
        let open = ToClient::OpenUrl { url: "https://x.example/".into(), refusal: None };
        assert_eq!(tray.handle(Event::Told(open)), [Effect::OpenUrl("https://x.example/".into())]);
        let copy = ToClient::Copy { text: "PC-042".into() };
        assert_eq!(tray.handle(Event::Told(copy)), [Effect::Copy("PC-042".into())]);
        let failed =
            ToClient::Failed { failure: Failure::TooMany, support_phone: Some("1".into()), support_email: None };
        let mishap = Mishap::Failure(Failure::TooMany);
        assert_eq!(tray.handle(Event::Told(failed)), [Effect::Notify { mishap, phone: Some("1".into()), email: None }]);
        let reason = QuitReason::AnotherTray;
        assert_eq!(tray.handle(Event::Told(ToClient::Quit { reason })), [Effect::RemoveIcon, Effect::End(reason)]);
    }
}
