//! What the tray does, and when: events in, effects out. Draws nothing, waits for nothing.

use deskbell_protocol::{
    ItemId, Menu, Shortcut, ShortcutState, TrayState,
    ipc::{Failure, Pictures, QuitReason, ToClient, ToService},
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
    /// There is, and this program's icon is behind a click there.
    Overflow,
}

/// Whether a desktop is light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorScheme {
    /// Light, or nobody says.
    #[default]
    Light,
    /// Dark.
    Dark,
}

/// What a tray knows of its desktop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Desktop {
    /// What shows tray icons.
    pub host: TrayHost,
    /// Which picture is legible there.
    pub scheme: ColorScheme,
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
    /// The desktop's place for icons came or went, or its colors changed.
    DesktopChanged(Desktop),
    /// The person pressed the keyboard shortcut.
    ShortcutPressed,
    /// A program cannot open the menu here.
    MenuNotOpened,
    /// This became of the keyboard shortcut.
    ShortcutChanged(Option<ShortcutState>),
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
    /// Have this picture, a PNG in base64, as the icon's; absent: Deskbell's own.
    UsePicture(Option<String>),
    /// Have this keyboard shortcut and no other; then say [`Event::ShortcutChanged`].
    BindShortcut(Option<Shortcut>),
    /// Bring the icon out of the overflow, unless the person chose its place.
    KeepInView,
    /// Open the menu; where a program cannot do that, say [`Event::MenuNotOpened`].
    OpenMenu,
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
    desktop: Desktop,
    pictures: Option<Pictures>,
    /// The one that is in use.
    picture: Option<String>,
    /// The one that is bound.
    shortcut: Option<Shortcut>,
    shortcut_state: Option<ShortcutState>,
    /// The policy wants the icon in view and it is in the overflow; [`Effect::KeepInView`] was asked for.
    is_wanted_in_view: bool,
    is_connected: bool,
    told: Option<TrayState>,
    told_shortcut: Option<ShortcutState>,
}

impl Controller {
    /// A tray for a person who reads `language` (a BCP 47 tag).
    pub fn new(language: String) -> Self {
        Self {
            language,
            menu: None,
            drawn: None,
            has_icon: false,
            desktop: Desktop::default(),
            pictures: None,
            picture: None,
            shortcut: None,
            shortcut_state: None,
            is_wanted_in_view: false,
            is_connected: false,
            told: None,
            told_shortcut: None,
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
                (self.told, self.told_shortcut) = (None, None);
                vec![Effect::Tell(ToService::Tray { language: self.language.clone(), version: VERSION.to_owned() })]
            }
            Event::ServiceLost => {
                self.is_connected = false;
                Vec::new()
            }
            Event::Told(message) => self.told(message),
            Event::Clicked(item) if self.is_connected => vec![Effect::Tell(ToService::Clicked { item })],
            Event::ShortcutPressed => vec![Effect::OpenMenu],
            // The form is what can be had without a menu.
            Event::MenuNotOpened if self.is_connected => vec![Effect::Tell(ToService::Open { entry: None })],
            Event::Clicked(_) | Event::MenuNotOpened => {
                vec![Effect::Notify { mishap: Mishap::Failure(Failure::ServerUnreachable), phone: None, email: None }]
            }
            Event::ShortcutChanged(state) => {
                self.shortcut_state = state;
                Vec::new()
            }
            Event::DesktopChanged(desktop) => {
                self.desktop = desktop;
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
        effects.extend(self.choose_picture());
        effects.extend(self.bind_shortcut());
        effects.extend(self.tell_shortcut());
        match self.draw() {
            // What to tell follows from how it goes.
            Some(draw @ Effect::Draw(_)) => effects.push(draw),
            removal => {
                effects.extend(removal);
                effects.extend(self.keep_in_view());
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
            ToClient::ShowIcon { pictures } => {
                self.pictures = pictures;
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

    /// Takes the picture that is legible on this desktop.
    fn choose_picture(&mut self) -> Option<Effect> {
        let wanted = self.pictures.as_ref().map(|pictures| match (self.desktop.scheme, &pictures.dark) {
            (ColorScheme::Dark, Some(dark)) => dark,
            (ColorScheme::Dark, None) | (ColorScheme::Light, _) => &pictures.light,
        });
        if self.picture.as_ref() == wanted {
            return None;
        }
        self.picture = wanted.cloned();
        Some(Effect::UsePicture(self.picture.clone()))
    }

    fn bind_shortcut(&mut self) -> Option<Effect> {
        let wanted = self.menu.as_ref().and_then(|menu| menu.shortcut.as_ref());
        if self.shortcut.as_ref() == wanted {
            return None;
        }
        self.shortcut = wanted.cloned();
        Some(Effect::BindShortcut(self.shortcut.clone()))
    }

    fn tell_shortcut(&mut self) -> Option<Effect> {
        if !self.is_connected || self.told_shortcut == self.shortcut_state {
            return None;
        }
        self.told_shortcut = self.shortcut_state;
        Some(Effect::Tell(ToService::ShortcutState { state: self.shortcut_state }))
    }

    /// Brings the screen to what it must show. An icon exists only while something collects icons: one that waited for
    /// it could miss its arrival.
    fn draw(&mut self) -> Option<Effect> {
        let wanted = self.menu.as_ref().filter(|menu| menu.visible && self.desktop.host != TrayHost::Absent);
        if self.drawn.as_ref() == wanted {
            return None;
        }
        self.drawn = wanted.cloned();
        self.has_icon &= wanted.is_some();
        Some(wanted.cloned().map_or(Effect::RemoveIcon, Effect::Draw))
    }

    /// Asks once for each time that the icon is found behind a click: what the person then does with it stays.
    fn keep_in_view(&mut self) -> Option<Effect> {
        let is_wanted = self.menu.as_ref().is_some_and(|menu| menu.visible && menu.keep_in_view);
        let was_due = self.is_wanted_in_view;
        self.is_wanted_in_view = is_wanted && self.has_icon && self.desktop.host == TrayHost::Overflow;
        (self.is_wanted_in_view && !was_due).then_some(Effect::KeepInView)
    }

    fn tell_state(&mut self) -> Option<Effect> {
        let state = match (self.menu.as_ref()?.visible, self.desktop.host) {
            (false, _) => TrayState::Hidden,
            (true, TrayHost::Present) if self.has_icon => TrayState::Visible,
            (true, TrayHost::Overflow) if self.has_icon => TrayState::Overflow,
            (true, TrayHost::Present | TrayHost::Overflow | TrayHost::WatcherOnly | TrayHost::Absent) => {
                TrayState::NoTrayHost
            }
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
        Menu { visible, title: title.to_owned(), ..Menu::default() }
    }

    fn on(host: TrayHost) -> Event {
        Event::DesktopChanged(Desktop { host, scheme: ColorScheme::Light })
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
        for event in [on(TrayHost::Present), Event::ServiceFound, show(menu(true, "a")), Event::Drawn] {
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
            let came = tray.handle(on(TrayHost::Present));
            assert_eq!(came, [Effect::Draw(menu(true, "a"))]);
            assert_eq!(tray.handle(Event::Drawn), [told(TrayState::Visible)]);
            let went = tray.handle(on(TrayHost::Absent));
            assert_eq!(went, [Effect::RemoveIcon, told(TrayState::NoTrayHost)]);
        }
    }

    /// AGT-08: asked for by the policy, the icon is brought into view when it is found behind a click; not again and again.
    #[test]
    fn an_icon_in_the_overflow_is_brought_into_view_where_the_policy_says_so() {
        let kept = |visible| Menu { keep_in_view: true, ..menu(visible, "a") };
        let mut tray = drawn();
        assert_eq!(tray.handle(on(TrayHost::Overflow)), [told(TrayState::Overflow)], "the policy does not say so");
        assert_eq!(tray.handle(show(kept(true))), [Effect::Draw(kept(true))]);
        assert_eq!(tray.handle(Event::Drawn), [Effect::KeepInView]);
        assert_eq!(tray.handle(on(TrayHost::Overflow)), []);
        assert_eq!(tray.handle(on(TrayHost::Present)), [told(TrayState::Visible)]);
        assert_eq!(tray.handle(on(TrayHost::Overflow)), [Effect::KeepInView, told(TrayState::Overflow)]);
        assert_eq!(tray.handle(show(kept(false))), [Effect::RemoveIcon, told(TrayState::Hidden)]);
    }

    #[test]
    fn an_icon_that_nobody_shows_is_reported_as_such() {
        let mut tray = drawn();
        assert_eq!(tray.handle(on(TrayHost::WatcherOnly)), [told(TrayState::NoTrayHost)]);
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

    /// AGT-19: the picture that is legible on this desktop, and the other one as soon as that changes.
    #[test]
    fn the_picture_follows_the_desktops_colors() {
        let mut tray = drawn();
        let colors = |scheme| Event::DesktopChanged(Desktop { host: TrayHost::Present, scheme });
        let show = |dark: Option<&str>| {
            let pictures = Pictures { light: "light".into(), dark: dark.map(str::to_owned) };
            Event::Told(ToClient::ShowIcon { pictures: Some(pictures) })
        };
        let used = |picture: &str| Effect::UsePicture(Some(picture.into()));
        assert_eq!(tray.handle(show(Some("dark"))), [used("light")]);
        assert_eq!(tray.handle(colors(ColorScheme::Dark)), [used("dark")]);
        assert_eq!(tray.handle(show(Some("dark"))), []);
        assert_eq!(tray.handle(show(None)), [used("light")]);
        assert_eq!(tray.handle(Event::Told(ToClient::ShowIcon { pictures: None })), [Effect::UsePicture(None)]);
    }

    /// AGT-21: bound while the menu has it, told to the service; pressed it opens the menu, or else what `open` opens.
    #[test]
    fn the_shortcut_is_bound_as_the_menu_says_and_opens_menu_or_form() {
        let mut tray = drawn();
        let shortcut: Shortcut = "Ctrl+F12".parse().expect("a shortcut");
        let with_shortcut = Menu { shortcut: Some(shortcut.clone()), ..menu(true, "a") };
        let state = |state| Effect::Tell(ToService::ShortcutState { state });
        let effects = tray.handle(show(with_shortcut.clone()));
        assert_eq!(effects, [Effect::BindShortcut(Some(shortcut)), Effect::Draw(with_shortcut)]);
        let taken = Some(ShortcutState::Taken);
        assert_eq!(tray.handle(Event::ShortcutChanged(taken)), [state(taken)]);
        assert_eq!(tray.handle(Event::ShortcutPressed), [Effect::OpenMenu]);
        assert_eq!(tray.handle(Event::MenuNotOpened), [Effect::Tell(ToService::Open { entry: None })]);

        let _ = tray.handle(Event::ServiceLost);
        assert_eq!(tray.handle(Event::ShortcutPressed), [Effect::OpenMenu]);
        assert!(matches!(tray.handle(Event::MenuNotOpened).as_slice(), [Effect::Notify { .. }]));
        assert!(tray.handle(Event::ServiceFound).contains(&state(taken)));

        let effects = tray.handle(show(menu(false, "a")));
        assert!(effects.contains(&Effect::BindShortcut(None)), "{effects:?}");
        assert_eq!(tray.handle(Event::ShortcutChanged(None)), [state(None)]);
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
