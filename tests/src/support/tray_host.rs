//! A desktop's tray, as far as programs can tell: `org.kde.StatusNotifierWatcher` on a bus, reading every icon and menu
//! and clicking like a person. It draws nothing.

mod watcher;

use std::{collections::HashMap, time::Duration};

use anyhow::{Context, bail};
use futures_util::StreamExt;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};
use zbus::{
    Connection, MatchRule, Message, MessageStream, connection, message,
    zvariant::{OwnedValue, Structure, Value},
};

use self::watcher::Watcher;
use crate::support::{deadline, menu_line::MenuLine};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const ITEM_PATH: &str = "/StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// An icon as it stands in the tray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// Who shows it: a name on the bus, followed by the icon's path where that is not the usual one.
    pub service: String,
    /// What it is called.
    pub title: String,
    /// What stands beside the pointer.
    pub tooltip: String,
    /// `Active`, `Passive` (not shown) or `NeedsAttention`.
    pub status: String,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// Its menu, as the children of a nameless line.
    pub menu: MenuLine,
    menu_path: String,
}

/// One size of an icon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    /// How many bytes of ARGB came; `4 * width * height` when it is whole.
    pub bytes: usize,
    /// Whether anything in it can be seen.
    pub opaque_somewhere: bool,
    /// The pixel in the middle: opacity, red, green, blue.
    pub middle: [u8; 4],
}

impl Icon {
    /// Whether a desktop would show it: active, with a picture.
    pub fn is_shown(&self) -> bool {
        self.status != "Passive" && self.pictures.iter().any(|picture| picture.opaque_somewhere)
    }
}

/// A tray host that runs until dropped or stopped.
#[derive(Debug)]
pub struct TrayHost {
    connection: Connection,
    icons: watch::Receiver<Vec<Icon>>,
    reading: JoinHandle<()>,
}

impl TrayHost {
    /// Starts a tray host on the bus at `address`.
    pub async fn start(address: &str) -> anyhow::Result<Self> {
        let (register, registered) = mpsc::unbounded_channel();
        let connection = connection::Builder::address(address)?
            .serve_at(WATCHER_PATH, Watcher::new(register))?
            .build()
            .await
            .context("connecting to the bus")?;
        let rule = MatchRule::builder().msg_type(message::Type::Signal).build();
        let signals = MessageStream::for_match_rule(rule, &connection, Some(1024)).await?;
        let (sender, icons) = watch::channel(Vec::new());
        let reading = tokio::spawn(read_icons(connection.clone(), signals, registered, sender));
        connection.request_name(WATCHER).await.context("becoming the bus's tray host")?;
        Ok(Self { connection, icons, reading })
    }

    /// Leaves the bus, as a desktop's panel that crashed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.connection.clone().close().await.context("leaving the bus")
    }

    /// Every icon that is registered and shown.
    pub fn shown(&self) -> Vec<Icon> {
        self.icons.borrow().iter().filter(|icon| icon.is_shown()).cloned().collect()
    }

    /// Waits until the shown icons are such that `holds`, and returns them.
    pub async fn until(
        &self,
        within: Duration,
        what: &str,
        mut holds: impl FnMut(&[Icon]) -> bool,
    ) -> anyhow::Result<Vec<Icon>> {
        let shown = |icons: &[Icon]| icons.iter().filter(|icon| icon.is_shown()).cloned().collect::<Vec<_>>();
        deadline::until(&mut self.icons.clone(), within, what, |icons| holds(&shown(icons)))
            .await
            .map(|icons| shown(&icons))
    }

    /// Waits until a program has registered an icon, whatever that looks like.
    pub async fn until_registered(&self, within: Duration) -> anyhow::Result<()> {
        deadline::until(&mut self.icons.clone(), within, "any icon", |icons| !icons.is_empty()).await.map(drop)
    }

    /// Waits until there is exactly one icon and its menu reads `text` (see [`MenuLine::text`]).
    pub async fn until_menu(&self, within: Duration, text: &str) -> anyhow::Result<Icon> {
        let what = format!("one icon with the menu\n{text}");
        let icons = self
            .until(within, &what, |icons| matches!(icons, [icon] if icon.menu.text().trim() == text.trim()))
            .await?;
        icons.into_iter().next().context("the icon went away")
    }

    /// Chooses the line whose labels from the top are `path`, opening each menu on the way as a desktop does.
    pub async fn click(&self, path: &[&str]) -> anyhow::Result<()> {
        let shown = self.shown();
        let [icon] = shown.as_slice() else { bail!("{} icons instead of 1: {shown:#?}", shown.len()) };
        let ids = icon.menu.path(path).with_context(|| format!("no {path:?} in the menu\n{}", icon.menu.text()))?;
        let Some((chosen, opened)) = ids.split_last() else { bail!("an empty path leads nowhere") };
        for id in std::iter::once(&0).chain(opened) {
            self.call_menu(icon, "AboutToShow", &(*id,)).await?;
            self.call_menu(icon, "Event", &(*id, "opened", Value::from(0), 0_u32)).await?;
        }
        self.choose(icon, *chosen).await
    }

    /// Sends the click for the line `id` of `icon`, whatever the menu looks like by now.
    pub async fn choose(&self, icon: &Icon, id: i32) -> anyhow::Result<()> {
        self.call_menu(icon, "Event", &(id, "clicked", Value::from(0), 0_u32)).await
    }

    async fn call_menu<B>(&self, icon: &Icon, method: &str, body: &B) -> anyhow::Result<()>
    where
        B: zbus::export::serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.connection
            .call_method(Some(address(&icon.service).0), icon.menu_path.as_str(), Some(MENU), method, body)
            .await
            .map(drop)
            .with_context(|| format!("calling {method} of the menu of {}", icon.service))
    }
}

impl Drop for TrayHost {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

/// Reads every icon again whenever any icon says that something changed, or a program leaves the bus.
async fn read_icons(
    connection: Connection,
    mut signals: MessageStream,
    mut registered: mpsc::UnboundedReceiver<String>,
    icons: watch::Sender<Vec<Icon>>,
) {
    let mut services: Vec<String> = Vec::new();
    loop {
        tokio::select! {
            service = registered.recv() => match service {
                Some(service) if !services.contains(&service) => services.push(service),
                Some(_) => {}
                None => return,
            },
            signal = signals.next() => match signal {
                Some(Ok(signal)) if is_about_icons(&signal) => {}
                Some(_) => continue,
                None => return,
            },
        }
        let mut seen = Vec::new();
        for service in &services {
            // An icon that cannot be read has just left the bus.
            if let Ok(icon) = read_icon(&connection, service).await {
                seen.push(icon);
            }
        }
        services.retain(|service| seen.iter().any(|icon| icon.service == *service));
        icons.send_if_modified(|icons| std::mem::replace(icons, seen) != *icons);
    }
}

fn is_about_icons(signal: &Message) -> bool {
    let header = signal.header();
    let interface = header.interface().map_or("", |name| name.as_str());
    let member = header.member().map_or("", |name| name.as_str());
    matches!(
        (interface, member),
        (ITEM | MENU | "org.freedesktop.DBus.Properties", _) | ("org.freedesktop.DBus", "NameOwnerChanged")
    )
}

/// The name on the bus and the path of an icon's service.
fn address(service: &str) -> (&str, &str) {
    service.find('/').map_or((service, ITEM_PATH), |at| service.split_at(at))
}

async fn read_icon(connection: &Connection, service: &str) -> anyhow::Result<Icon> {
    let (name, path) = address(service);
    let reply =
        connection.call_method(Some(name), path, Some("org.freedesktop.DBus.Properties"), "GetAll", &(ITEM,)).await?;
    let properties: HashMap<String, OwnedValue> = reply.body().deserialize()?;
    let text = |name: &str| {
        properties.get(name).and_then(|value| value.downcast_ref::<&str>().ok()).unwrap_or_default().to_owned()
    };
    let menu_path = properties
        .get("Menu")
        .and_then(|value| value.downcast_ref::<zbus::zvariant::ObjectPath<'_>>().ok())
        .context("the icon names no menu")?
        .to_string();
    Ok(Icon {
        service: service.to_owned(),
        title: text("Title"),
        tooltip: properties.get("ToolTip").and_then(|value| tooltip(value)).unwrap_or_default(),
        status: text("Status"),
        pictures: properties.get("IconPixmap").map(|value| pictures(value)).unwrap_or_default(),
        menu: read_menu(connection, name, &menu_path).await?,
        menu_path,
    })
}

async fn read_menu(connection: &Connection, service: &str, path: &str) -> anyhow::Result<MenuLine> {
    let everything: (i32, i32, &[&str]) = (0, -1, &[]);
    let reply = connection.call_method(Some(service), path, Some(MENU), "GetLayout", &everything).await?;
    let body = reply.body();
    let answer: Structure<'_> = body.deserialize()?;
    let [_revision, layout] = answer.fields() else { bail!("a layout answer of {} fields", answer.fields().len()) };
    MenuLine::from_layout(layout)
}

/// `(s a(iiay) s s)`: icon name, pictures, title, description.
fn tooltip(value: &Value<'_>) -> Option<String> {
    let structure = value.downcast_ref::<Structure<'_>>().ok()?;
    let text = |index: usize| structure.fields().get(index)?.downcast_ref::<&str>().ok();
    Some(match (text(2)?, text(3)?) {
        (title, "") => title.to_owned(),
        ("", description) => description.to_owned(),
        (title, description) => format!("{title}\n{description}"),
    })
}

/// `a(iiay)`: width, height, ARGB.
fn pictures(value: &Value<'_>) -> Vec<Picture> {
    let Ok(array) = value.downcast_ref::<zbus::zvariant::Array<'_>>() else { return Vec::new() };
    array.iter().filter_map(picture).collect()
}

fn picture(value: &Value<'_>) -> Option<Picture> {
    let structure = value.downcast_ref::<Structure<'_>>().ok()?;
    let [width, height, pixels] = structure.fields() else { return None };
    let pixels: Vec<u8> = pixels.try_clone().ok()?.try_into().ok()?;
    let (width, height): (i32, i32) = (width.downcast_ref().ok()?, height.downcast_ref().ok()?);
    let middle = usize::try_from(height / 2 * width + width / 2).ok()?;
    Some(Picture {
        width,
        height,
        middle: pixels.chunks_exact(4).nth(middle)?.try_into().ok()?,
        bytes: pixels.len(),
        opaque_somewhere: pixels.chunks_exact(4).any(|pixel| pixel[0] > 0),
    })
}
