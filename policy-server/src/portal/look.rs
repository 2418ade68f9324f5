//! The MSP's name and colors on every page of a portal.

use std::{sync::Arc, time::Duration};

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use strum::VariantArray as _;

use super::{
    looks::Here,
    pages::{self, PageFailed},
};
use crate::{
    app::App,
    domain::{
        department::Departments,
        ids::OrganizationId,
        language::Language,
        portal_color::{self, Rgb},
        portal_design::{ColorMode, PortalDesign},
        portal_place::Place,
        portal_user::GroupPermissions,
    },
    outbound::{Outbound, Question},
    secrets,
    store::{Portal, Provider},
    words::Words,
};

/// How long a test of the address may take.
const TEST_LIMIT: Duration = Duration::from_secs(10);
const STYLESHEET: &str = include_str!("../../static/portal.css");
/// The page and the card on it.
const LIGHT_GROUNDS: [&str; 2] = ["#f5f7f9", "#ffffff"];
const DARK_GROUNDS: [&str; 2] = ["#14181d", "#1d232a"];
const LIGHT: &str =
    "color-scheme:light;--page:#f5f7f9;--card:#fff;--text:#1b1f24;--quiet:#57606a;--line:#c4cbd3;--error:#b3261e";
const DARK: &str =
    "color-scheme:dark;--page:#14181d;--card:#1d232a;--text:#e8ecf0;--quiet:#a9b4bf;--line:#46505b;--error:#ffb4ab";

/// What every page shows around its content.
#[derive(Clone)]
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
    /// Whom tickets can be for.
    pub departments: Arc<Departments>,
    /// Below which path stylesheet and logo are.
    files_at: String,
    css: Arc<str>,
    css_name: String,
    logo: Option<Arc<[u8]>>,
}

impl Look {
    /// Of one portal, in English. `logo` is the PNG that its design names.
    pub fn new(
        provider: Provider,
        portal: Portal,
        (groups, departments): (Arc<GroupPermissions>, Arc<Departments>),
        place: Place,
        logo: Option<Arc<[u8]>>,
    ) -> Self {
        let css = css(&portal.design.0);
        let css_name = secrets::sha256(css.as_bytes())[..12].to_owned();
        let files_at = format!("{}/static", place.base);
        Self {
            words: Words::english(),
            provider,
            portal,
            place,
            groups,
            departments,
            files_at,
            css: css.into(),
            css_name,
            logo,
        }
    }

    /// The stylesheet's address, which changes with its content.
    pub fn stylesheet(&self) -> String {
        format!("{}/portal.css?v={}", self.files_at, self.css_name)
    }

    /// The same with another design, whose files are below `files_at`.
    #[must_use]
    pub fn with_draft(&self, portal: Portal, logo: Option<Arc<[u8]>>, files_at: &str) -> Self {
        let mut look = Self::new(
            self.provider.clone(),
            portal,
            (Arc::clone(&self.groups), Arc::clone(&self.departments)),
            self.place.clone(),
            logo,
        );
        files_at.clone_into(&mut look.files_at);
        look
    }

    /// The same in each language.
    pub fn in_languages(self) -> impl Iterator<Item = Self> {
        Language::VARIANTS.iter().map(move |language| Self { words: Words::of(*language), ..self.clone() })
    }

    /// The languages that it can be read in.
    pub fn languages(&self) -> &'static [Language] {
        Language::VARIANTS
    }

    /// Where the logo is, if there is one; its address changes with it.
    pub fn logo_url(&self) -> Option<String> {
        let name = self.design().logo.as_deref().filter(|_| self.logo.is_some())?;
        Some(format!("{}/logo.png?v={}", self.files_at, name.get(..12)?))
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

    /// Whether this very portal answers at its own address, asked from outside; in words for staff what is wrong (NAB-03).
    pub async fn answers_at_its_address(&self, outbound: &Outbound) -> Result<(), String> {
        let url = format!("{}{}", self.place.origin, self.stylesheet());
        let url = url.parse().map_err(|_| format!("{} is no address.", self.place.origin))?;
        let question = Question { url: &url, headers: &[], body: None, time_limit: TEST_LIMIT };
        match outbound.ask(question).await {
            Ok(answer) if answer.status == 200 && answer.body == *self.css => Ok(()),
            Ok(answer) => Err(format!(
                "Something else answers there, with status {}: the name leads to another server, or a proxy does not hand on the \
                 name that was asked for (the Host header).",
                answer.status
            )),
            Err(error) => Err(error.for_staff(url.host_str().unwrap_or_default())),
        }
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
    (headers, look.css.to_string()).into_response()
}

/// `GET /static/logo.png`: the portal's logo (NAB-05).
pub async fn logo(Here(look): Here) -> Result<Response, PageFailed> {
    let Some(logo) = &look.logo else { return pages::absent(&look) };
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, logo.to_vec()).into_response())
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::portal_color::{CONTROL, TEXT, contrast};

    /// The variables of one mode, as a browser would take them: of several, the last.
    fn variables(css: &str) -> HashMap<&str, Rgb> {
        let (head, _) = css.split_once('\n').expect("variables, then rules");
        let pairs = head.split(['{', '}', ';']).filter_map(|line| line.strip_prefix("--")?.split_once(':'));
        pairs
            .map(|(name, value)| (name, Rgb::of(value.replace("#fff", "#ffffff").get(..7).expect("a color"))))
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1000), ..ProptestConfig::default() })]

        /// RES-09, NAB-09, NAB-10: whichever pair of colors is chosen, each text is legible where it stands, and each control, ring
        /// and border is seen (WCAG 2.2, 1.4.3 and 1.4.11).
        #[test]
        fn every_pair_of_colors_is_legible_in_light_and_dark(primary: [u8; 3], accent: [u8; 3]) {
            for color_mode in [ColorMode::Light, ColorMode::Dark] {
                let design = PortalDesign {
                    primary_color: Rgb(primary).hex(),
                    accent_color: Rgb(accent).hex(),
                    color_mode,
                    ..PortalDesign::default()
                };
                let css = css(&design);
                let color = variables(&css);
                prop_assert_eq!(color["primary"], Rgb(primary));
                prop_assert!(contrast(color["on-primary"], color["primary"]) >= TEXT, "the head and buttons");
                for ground in ["page", "card"] {
                    let on = |name: &str| contrast(color[name], color[ground]);
                    for text in ["text", "quiet", "link", "error"] {
                        prop_assert!(on(text) >= TEXT, "{text} on {ground}: {}", color[text].hex());
                    }
                    for control in ["accent", "quiet"] {
                        prop_assert!(on(control) >= CONTROL, "{control} on {ground}: {}", color[control].hex());
                    }
                    prop_assert!(on("primary").max(on("on-primary")) >= CONTROL, "a button or its border on {ground}");
                }
            }
        }
    }

    /// The ring around what has the focus is the accent on page and card, and what is legible on it in the head.
    #[test]
    fn rings_borders_and_texts_have_the_colors_that_are_legible() {
        for rule in [
            "header { background: var(--primary); color: var(--on-primary); }",
            "header a { color: inherit; }",
            "header :focus-visible { outline-color: var(--on-primary); }",
            ":focus-visible { outline: 3px solid var(--accent);",
            "color: var(--on-primary); background: var(--primary); border: 1px solid var(--on-primary);",
        ] {
            assert!(STYLESHEET.contains(rule), "{rule}");
        }
    }
}
