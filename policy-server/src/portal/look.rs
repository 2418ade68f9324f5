//! The MSP's name and colors on every page of a portal.

use std::sync::Arc;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use super::looks::Here;
use crate::{
    app::App,
    domain::{
        ids::OrganizationId,
        portal_color::{self, Rgb},
        portal_design::{ColorMode, PortalDesign},
        portal_place::Place,
        portal_user::GroupPermissions,
    },
    secrets,
    store::{Portal, Provider},
    words::Words,
};

const STYLESHEET: &str = include_str!("../../static/portal.css");
/// The page and the card on it.
const LIGHT_GROUNDS: [&str; 2] = ["#f5f7f9", "#ffffff"];
const DARK_GROUNDS: [&str; 2] = ["#14181d", "#1d232a"];
const LIGHT: &str =
    "color-scheme:light;--page:#f5f7f9;--card:#fff;--text:#1b1f24;--quiet:#57606a;--line:#c4cbd3;--error:#b3261e";
const DARK: &str =
    "color-scheme:dark;--page:#14181d;--card:#1d232a;--text:#e8ecf0;--quiet:#a9b4bf;--line:#46505b;--error:#ffb4ab";

/// What every page shows around its content.
pub struct Look {
    /// The sentences.
    pub words: &'static Words,
    /// The MSP.
    pub provider: Provider,
    /// The portal.
    pub portal: Portal,
    /// Where it is.
    pub place: Place,
    /// What portal users may do, by group.
    pub groups: Arc<GroupPermissions>,
    /// The stylesheet's address, which changes with its content.
    pub stylesheet: String,
    css: String,
}

impl Look {
    /// Of one portal.
    pub fn new(
        words: &'static Words,
        provider: Provider,
        portal: Portal,
        groups: Arc<GroupPermissions>,
        place: Place,
    ) -> Self {
        let css = css(&portal.design.0);
        let hash = &secrets::sha256(css.as_bytes())[..12];
        let stylesheet = format!("{}/static/portal.css?v={hash}", place.base);
        Self { words, provider, portal, place, groups, stylesheet, css }
    }

    /// How it looks.
    pub fn design(&self) -> &PortalDesign {
        &self.portal.design.0
    }

    /// Whether the portal is more than the tray's form (SYN-39).
    pub fn is_open(&self) -> bool {
        self.portal.published && self.portal.access
    }

    /// Whether it is the portal of an organization.
    pub fn is_of(&self, app: &App, organization: OrganizationId) -> bool {
        app.looks.portal_of(organization) == Some(self.portal.id)
    }

    /// A path of this portal, as its pages link to it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.place.base)
    }

    /// The same as an absolute address, as mails have it (invariant 16).
    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.place.origin, self.place.base)
    }

    /// The sentence called `id`, with the MSP's name.
    pub fn say_provider(&self, id: &str) -> String {
        self.words.say1(id, "provider", &self.provider.name)
    }
}

/// `GET /static/portal.css`: the portal's colors, then the fixed rules.
pub async fn stylesheet(Here(look): Here) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, look.css.clone()).into_response()
}

fn css(design: &PortalDesign) -> String {
    let (primary, accent) = (Rgb::of(&design.primary_color), Rgb::of(&design.accent_color));
    let head = format!(":root{{--primary:{};--on-primary:{}}}", primary.hex(), primary.readable().hex());
    let light = format!(":root{{{LIGHT};{}}}", chosen(accent, LIGHT_GROUNDS));
    let dark = format!(":root{{{DARK};{}}}", chosen(accent, DARK_GROUNDS));
    let colors = match design.color_mode {
        ColorMode::System => format!("{light}@media(prefers-color-scheme:dark){{{dark}}}"),
        ColorMode::Light => light,
        ColorMode::Dark => dark,
    };
    format!("{head}{colors}\n{STYLESHEET}")
}

/// The accent as it can be read on these grounds: as a ring or a mark, and as a link.
fn chosen(accent: Rgb, grounds: [&str; 2]) -> String {
    let grounds = grounds.map(Rgb::of);
    let (mark, link) =
        (accent.legible_on(&grounds, portal_color::CONTROL), accent.legible_on(&grounds, portal_color::TEXT));
    format!("--accent:{};--link:{}", mark.hex(), link.hex())
}
