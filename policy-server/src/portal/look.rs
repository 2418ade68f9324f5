//! The MSP's name and colors on every page.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use tokio::sync::Mutex;

use crate::{
    app::SharedApp,
    domain::{
        department::{DepartmentFacts, Departments},
        portal_user::GroupPermissions,
    },
    secrets,
    store::{Portal, Provider, Store},
    words::Words,
};

const STYLESHEET: &str = include_str!("../../static/portal.css");

/// What every page shows around its content.
pub struct Look {
    /// The sentences.
    pub words: &'static Words,
    /// The MSP.
    pub provider: Provider,
    /// The portal at `public_url`.
    pub portal: Portal,
    /// What portal users may do, by group.
    pub groups: GroupPermissions,
    /// Whom tickets can be for.
    pub departments: Departments,
    /// The stylesheet's address, which changes with its content.
    pub stylesheet: String,
    css: String,
}

/// The look in force, in memory: pages ask the database nothing for it.
pub struct CurrentLook {
    look: RwLock<Arc<Look>>,
    reloading: Mutex<()>,
}

impl Look {
    /// Whether the portal is more than the tray's form (SYN-39).
    pub fn is_open(&self) -> bool {
        self.portal.published && self.portal.access
    }

    /// The sentence called `id`, with the MSP's name.
    pub fn say_provider(&self, id: &str) -> String {
        self.words.say1(id, "provider", &self.provider.name)
    }

    async fn read(store: &Store) -> anyhow::Result<Self> {
        let provider = store.provider().await?.context("the table provider has no row")?;
        let portal = store.default_portal().await?.context("the table portal has no row")?;
        let css = css(&portal);
        let stylesheet = format!("/static/portal.css?v={}", &secrets::sha256(css.as_bytes())[..12]);
        let groups = store.portal_groups().await?.into_iter().map(|group| (group.key, group.permissions.0)).collect();
        let departments = departments(store).await?;
        Ok(Self { words: Words::english(), provider, portal, groups, departments, stylesheet, css })
    }
}

/// The departments that tickets can be sent to.
async fn departments(store: &Store) -> anyhow::Result<Departments> {
    let active = store.departments().await?.into_iter().filter(|row| row.active);
    let facts = active.map(|row| DepartmentFacts {
        id: row.id,
        name: row.name,
        is_default: row.is_default,
        auto_invite: row.auto_invite,
        address_key: row.address_key,
    });
    Ok(Departments(facts.collect()))
}

impl CurrentLook {
    /// The look that the store holds.
    pub async fn load(store: &Store) -> anyhow::Result<Self> {
        Ok(Self { look: RwLock::new(Arc::new(Look::read(store).await?)), reloading: Mutex::default() })
    }

    /// The look of the portal at `public_url`.
    pub fn get(&self) -> Arc<Look> {
        Arc::clone(&self.look.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the store again, after a change of the MSP or of the portal. One at a time, so that the last reload shows the
    /// last write.
    pub async fn reload(&self, store: &Store) -> anyhow::Result<()> {
        let _one_at_a_time = self.reloading.lock().await;
        let look = Arc::new(Look::read(store).await?);
        *self.look.write().unwrap_or_else(PoisonError::into_inner) = look;
        Ok(())
    }
}

/// `GET /static/portal.css`: the portal's colors, then the fixed rules.
pub async fn stylesheet(State(app): State<SharedApp>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, app.look.get().css.clone()).into_response()
}

fn css(portal: &Portal) -> String {
    let (primary, accent) = (&portal.primary_color, &portal.accent_color);
    let (on_primary, on_accent) = (readable_on(primary), readable_on(accent));
    format!(
        ":root{{--primary:{primary};--on-primary:{on_primary};--accent:{accent};--on-accent:{on_accent}}}\n{STYLESHEET}"
    )
}

/// Black or white, whichever has the greater contrast on `color` (WCAG 2.2, contrast ratio): at least 4.58 for any color.
fn readable_on(color: &str) -> &'static str {
    let channel = |range: std::ops::Range<usize>| {
        let value = color.get(range).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * channel(1..3) + 0.7152 * channel(3..5) + 0.0722 * channel(5..7);
    if (luminance + 0.05) * (luminance + 0.05) > 0.05 * 1.05 { "#000000" } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_a_color_is_black_or_white_whichever_is_easier_to_read() {
        for (color, text) in
            [("#ffffff", "#000000"), ("#000000", "#ffffff"), ("#1f4e79", "#ffffff"), ("#ffd400", "#000000")]
        {
            assert_eq!(readable_on(color), text, "{color}");
        }
    }
}
