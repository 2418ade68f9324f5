//! Icon and menu on the screen. With `bell.rs` the only file that knows how that is done.

use std::cell::OnceCell;

use anyhow::Context as _;
use deskbell_protocol::{Caption, ItemId, Menu, MenuItem, icon::ICON_PIXELS};
use tray_icon::{
    Icon, TrayIcon, TrayIconBuilder,
    menu::{self, IsMenuItem, MenuEvent, PredefinedMenuItem, Submenu},
};

use tracing::warn;

use crate::{
    tray::{bell::bell, picture},
    words::Words,
};

/// Width and height of Deskbell's own picture.
const BELL_PIXELS: usize = 32;

/// Linux's hosts show the title as the tooltip's first line, and need no second one. On macOS a title would stand in the menu
/// bar, and Windows has none.
const NAME_IS_TITLE: bool = cfg!(target_os = "linux");

/// The icon with its menu, if there is one at the moment.
#[derive(Default)]
pub(super) struct Drawing {
    icon: Option<TrayIcon>,
    #[cfg(windows)]
    menu: menu::Menu,
    /// The MSP's own.
    picture: Option<Icon>,
    words: OnceCell<Words>,
}

/// Calls `clicked` whenever a line of the menu is chosen.
pub(super) fn on_click(clicked: impl Fn(ItemId) + Send + Sync + 'static) {
    MenuEvent::set_event_handler(Some(move |event: MenuEvent| {
        if let Ok(item) = event.id.0.parse() {
            clicked(item);
        }
    }));
}

impl Drawing {
    /// Shows `menu` on the icon, which comes with it if there is none.
    pub(super) fn draw(&mut self, menu: &Menu) -> anyhow::Result<()> {
        let items = menu::Menu::new();
        for item in &menu.items {
            items.append(self.item(item)?.as_ref()).context("adding a line")?;
        }
        #[cfg(windows)]
        self.menu.clone_from(&items);
        if let Some(icon) = &self.icon {
            icon.set_menu(Some(Box::new(items)));
            if NAME_IS_TITLE {
                icon.set_title(Some(&menu.title));
                return Ok(());
            }
            return icon.set_tooltip(Some(&menu.title)).context("naming the icon");
        }
        let builder = TrayIconBuilder::new().with_id("deskbell").with_icon(self.shown()?).with_menu(Box::new(items));
        let named = if NAME_IS_TITLE { builder.with_title(&menu.title) } else { builder.with_tooltip(&menu.title) };
        let icon = named.build().context("showing the icon")?;
        if cfg!(target_os = "macos") {
            self.show_picture(&icon)?;
        }
        self.icon = Some(icon);
        Ok(())
    }

    /// Shows `png` (in base64) in the icon's place from here on; Deskbell's own where there is none, or none that can be
    /// drawn.
    pub(super) fn use_picture(&mut self, png: Option<&str>) {
        self.picture = png.and_then(|png| {
            let drawn = decoded(png);
            drawn.inspect_err(|error| warn!("The policy's icon cannot be drawn: {error:#}")).ok()
        });
        if let Some(icon) = &self.icon
            && let Err(error) = self.show_picture(icon)
        {
            warn!("The icon was not changed: {error:#}");
        }
    }

    /// Opens the menu at the icon, or at the pointer where nobody knows where the icon is, and returns when it is closed;
    /// `false` where a program cannot open it.
    #[cfg(windows)]
    #[expect(unsafe_code, reason = "the menu belongs to a window, which is named by its handle")]
    pub(super) fn open_menu(&self) -> bool {
        use tray_icon::menu::ContextMenu as _;

        let Some(icon) = &self.icon else { return false };
        if icon.rect().is_some() {
            icon.show_menu();
        } else {
            // SAFETY: the window is the icon's, which is there.
            unsafe { self.menu.show_context_menu_for_hwnd(icon.window_handle() as isize, None) };
        }
        true
    }

    /// A panel opens its menus itself.
    #[cfg(not(windows))]
    #[expect(clippy::unused_self, reason = "other systems have a menu to open")]
    pub(super) fn open_menu(&self) -> bool {
        false
    }

    /// Takes the icon off the screen.
    pub(super) fn remove(&mut self) {
        self.icon = None;
    }

    fn show_picture(&self, icon: &TrayIcon) -> anyhow::Result<()> {
        // Its shape is drawn in the menu bar's color; an MSP's own picture keeps its colors.
        #[cfg(target_os = "macos")]
        if self.picture.is_none() {
            return Ok(icon.set_icon_templated(Some(self.shown()?))?);
        }
        Ok(icon.set_icon(Some(self.shown()?))?)
    }

    fn shown(&self) -> anyhow::Result<Icon> {
        if let Some(picture) = &self.picture {
            return Ok(picture.clone());
        }
        let size = u32::try_from(BELL_PIXELS).context("the icon's size")?;
        Icon::from_rgba(bell(BELL_PIXELS), size, size).context("making the icon")
    }

    fn item(&self, item: &MenuItem) -> anyhow::Result<Box<dyn IsMenuItem>> {
        Ok(match item {
            MenuItem::Action { id, caption } => {
                Box::new(menu::MenuItem::with_id(id.to_string(), self.text(caption), true, None))
            }
            MenuItem::Information { caption } => Box::new(menu::MenuItem::new(self.text(caption), false, None)),
            MenuItem::Separator => Box::new(PredefinedMenuItem::separator()),
            MenuItem::Submenu { caption, items } => {
                let submenu = Submenu::new(self.text(caption), true);
                for item in items {
                    submenu.append(self.item(item)?.as_ref()).context("adding a line")?;
                }
                Box::new(submenu)
            }
        })
    }

    fn text(&self, caption: &Caption) -> String {
        match caption {
            Caption::Text { text } => verbatim(text),
            other => verbatim(&self.words.get_or_init(Words::here).caption(other)),
        }
    }
}

fn decoded(png: &str) -> anyhow::Result<Icon> {
    Icon::from_rgba(picture::pixels(png)?, ICON_PIXELS, ICON_PIXELS).context("making the icon")
}

/// Menus take a single `&` for the mark of a keyboard shortcut.
fn verbatim(text: &str) -> String {
    text.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ampersand_is_shown_as_it_is() {
        assert_eq!(verbatim("Smith & Sons_2"), "Smith && Sons_2");
    }
}
