//! How a portal looks and what stands in it, as it is drafted, published and rolled back (RES-05 to RES-15).

use deskbell_protocol::Fault;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use url::Url;
use uuid::Uuid;

use super::{
    contact::{self, MAX_NAME},
    portal_user::PortalPermission,
};

/// The most entries of a menu.
pub const MAX_MENU: usize = 20;
/// The longest text of a page of one's own, in characters.
pub const MAX_PAGE: usize = 20_000;
/// The longest welcome, in characters.
pub const MAX_WELCOME: usize = 500;
/// The longest address of a link, in bytes.
const MAX_URL: usize = 2_000;

/// All of it. One that is saved has no faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PortalDesign {
    /// The name at the top left of each page (NAB-04).
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub display_name: String,
    /// Light, dark, or as the reader's system is (RES-07).
    pub color_mode: ColorMode,
    /// The color of the page's head and of the main button, `#rrggbb` (NAB-09).
    pub primary_color: String,
    /// The color of links and of what can be chosen, `#rrggbb`; made lighter or darker where it could not be read (NAB-10).
    pub accent_color: String,
    /// The name of the logo that `POST /portals/{id}/logo` has answered with (NAB-05).
    pub logo: Option<String>,
    /// Where the name at the top leads: the MSP's own site, http or https (NAB-08).
    pub homepage_url: Option<String>,
    /// What stands at the top of the home page, perhaps nothing.
    #[schemars(length(max = MAX_WELCOME))]
    pub welcome: String,
    /// What stands on the home page, in this order (RES-10).
    pub home: Vec<HomeSection>,
    /// What stands in the menu, in this order (RES-11 to RES-13).
    #[schemars(length(max = MAX_MENU))]
    pub menu: Vec<PortalMenuEntry>,
}

/// Whether pages are light or dark.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ColorMode {
    /// As the reader's system is.
    #[default]
    System,
    /// Light for everybody.
    Light,
    /// Dark for everybody.
    Dark,
}

/// A part of the home page. Whoever may not do what it is for does not see it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HomeSection {
    /// A button that leads to the new-ticket form.
    NewTicket,
    /// The tickets.
    Tickets,
    /// One's computers.
    Computers,
    /// The newest articles.
    Articles,
    /// The MSP's phone and e-mail.
    Contact,
}

/// An entry of the portal's menu. Whoever may not see what it leads to does not see it; taking it out protects nothing (RES-13,
/// invariant 19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum PortalMenuEntry {
    /// The home page.
    Home,
    /// The new-ticket form.
    NewTicket,
    /// The computers.
    Computers,
    /// The knowledge base.
    Articles,
    /// Billing documents.
    Billing,
    /// The MSP's community, http or https (ZOH-02, decision C9).
    Community {
        /// Where it is.
        url: String,
    },
    /// Any other page, http or https.
    Link {
        /// What it is called.
        label: String,
        /// Where it is.
        url: String,
    },
    /// A page of the MSP's own, in the portal.
    Page {
        /// Which one; kept across edits, since addresses name it.
        id: Uuid,
        /// What it is called.
        label: String,
        /// What stands there, as Markdown.
        text: String,
    },
}

impl Default for PortalDesign {
    fn default() -> Self {
        Self {
            display_name: "IT support".into(),
            color_mode: ColorMode::System,
            primary_color: "#1f4e79".into(),
            accent_color: "#1f6feb".into(),
            logo: None,
            homepage_url: None,
            welcome: String::new(),
            home: vec![HomeSection::Tickets],
            menu: vec![
                PortalMenuEntry::Home,
                PortalMenuEntry::NewTicket,
                PortalMenuEntry::Articles,
                PortalMenuEntry::Computers,
                PortalMenuEntry::Billing,
            ],
        }
    }
}

impl HomeSection {
    /// As it stands in documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on staff's pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::NewTicket => "Button for a new ticket",
            Self::Tickets => "Tickets",
            Self::Computers => "Computers",
            Self::Articles => "Newest articles",
            Self::Contact => "How you are reached",
        }
    }
}

impl PortalMenuEntry {
    /// What one must be allowed in order to see it.
    pub fn permission(&self) -> PortalPermission {
        match self {
            Self::Home | Self::Community { .. } | Self::Link { .. } | Self::Page { .. } => PortalPermission::Access,
            Self::NewTicket => PortalPermission::CreateTicket,
            Self::Computers => PortalPermission::ViewTickets,
            Self::Articles => PortalPermission::Access,
            Self::Billing => PortalPermission::ViewBilling,
        }
    }
}

impl PortalDesign {
    /// The same as it is kept, or each fault of it with a JSON pointer.
    pub fn checked(self) -> Result<Self, Vec<Fault>> {
        let mut checks = Checks::default();
        let design = Self {
            display_name: checks.take("/display_name", contact::name(&self.display_name)),
            primary_color: checks.take("/primary_color", contact::color(&self.primary_color)),
            accent_color: checks.take("/accent_color", contact::color(&self.accent_color)),
            logo: self.logo.map(|name| checks.take("/logo", logo_name(&name))),
            homepage_url: self.homepage_url.map(|url| checks.take("/homepage_url", web_url(&url))),
            welcome: checks.take("/welcome", text(&self.welcome, MAX_WELCOME)),
            home: checks.take("/home", without_repetitions(self.home)),
            menu: checks.menu(self.menu),
            color_mode: self.color_mode,
        };
        if checks.0.is_empty() { Ok(design) } else { Err(checks.0) }
    }

    /// A page of one's own.
    pub fn page(&self, wanted: Uuid) -> Option<(&str, &str)> {
        self.menu.iter().find_map(|entry| match entry {
            PortalMenuEntry::Page { id, label, text } if *id == wanted => Some((label.as_str(), text.as_str())),
            _ => None,
        })
    }
}

#[derive(Default)]
struct Checks(Vec<Fault>);

impl Checks {
    fn take<T: Default>(&mut self, pointer: &str, checked: Result<T, String>) -> T {
        checked.unwrap_or_else(|detail| {
            self.0.push(Fault { pointer: pointer.to_owned(), detail });
            T::default()
        })
    }

    fn menu(&mut self, menu: Vec<PortalMenuEntry>) -> Vec<PortalMenuEntry> {
        if menu.len() > MAX_MENU {
            let detail = format!("must have at most {MAX_MENU} entries");
            self.0.push(Fault { pointer: "/menu".into(), detail });
        }
        let mut ids = Vec::new();
        let mut checked = Vec::new();
        for (place, entry) in menu.into_iter().enumerate() {
            let at = |field: &str| format!("/menu/{place}/{field}");
            checked.push(match entry {
                PortalMenuEntry::Community { url } => {
                    PortalMenuEntry::Community { url: self.take(&at("url"), web_url(&url)) }
                }
                PortalMenuEntry::Link { label, url } => PortalMenuEntry::Link {
                    label: self.take(&at("label"), contact::name(&label)),
                    url: self.take(&at("url"), web_url(&url)),
                },
                PortalMenuEntry::Page { id, label, text: written } => {
                    if ids.contains(&id) {
                        self.0.push(Fault { pointer: at("id"), detail: "must be another one for each page".into() });
                    }
                    ids.push(id);
                    PortalMenuEntry::Page {
                        id,
                        label: self.take(&at("label"), contact::name(&label)),
                        text: self.take(&at("text"), text(&written, MAX_PAGE)),
                    }
                }
                plain @ (PortalMenuEntry::Home
                | PortalMenuEntry::NewTicket
                | PortalMenuEntry::Computers
                | PortalMenuEntry::Articles
                | PortalMenuEntry::Billing) => plain,
            });
        }
        checked
    }
}

/// An address of the web: http or https with a host, nothing that a page could not link to.
pub fn web_url(text: &str) -> Result<String, String> {
    let wrong = || "must be an address such as https://www.example.com".to_owned();
    let url: Url = text.trim().parse().map_err(|_| wrong())?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    if plain && url.as_str().len() <= MAX_URL { Ok(url.into()) } else { Err(wrong()) }
}

fn text(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err("must have no control characters".into());
    }
    if text.chars().count() > longest { Err(format!("must have at most {longest} characters")) } else { Ok(text) }
}

fn logo_name(name: &str) -> Result<String, String> {
    let good = name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if good { Ok(name.to_owned()) } else { Err("must be the name of an uploaded logo".into()) }
}

fn without_repetitions(home: Vec<HomeSection>) -> Result<Vec<HomeSection>, String> {
    let repeated = home.iter().enumerate().any(|(place, section)| home[..place].contains(section));
    if repeated { Err("must name each section once".into()) } else { Ok(home) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(design: PortalDesign) -> Vec<String> {
        let faults = design.checked().expect_err("faults");
        faults.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn what_deskbell_begins_with_has_no_fault() {
        assert_eq!(PortalDesign::default().checked(), Ok(PortalDesign::default()));
    }

    /// NAB-08, NAB-09, NAB-10: http and https alone; nothing but a color reaches the stylesheet.
    #[test]
    fn each_fault_is_told_at_its_place() {
        let link = |url: &str| PortalMenuEntry::Link { label: "Shop".into(), url: url.into() };
        let page = |id| PortalMenuEntry::Page { id, label: "Hours".into(), text: "9 to 5".into() };
        let design = PortalDesign {
            display_name: " ".into(),
            primary_color: "red;}body{display:none".into(),
            accent_color: "#12".into(),
            logo: Some("../secret".into()),
            homepage_url: Some("javascript:alert(1)".into()),
            welcome: "x".repeat(MAX_WELCOME + 1),
            home: vec![HomeSection::Tickets, HomeSection::Tickets],
            menu: vec![
                link("https://shop.example"),
                link("data:text/html,x"),
                PortalMenuEntry::Community { url: "https://user:secret@community.example".into() },
                page(Uuid::nil()),
                page(Uuid::nil()),
            ],
            ..PortalDesign::default()
        };
        let expected = [
            "/display_name",
            "/primary_color",
            "/accent_color",
            "/logo",
            "/homepage_url",
            "/welcome",
            "/home",
            "/menu/1/url",
            "/menu/2/url",
            "/menu/4/id",
        ];
        assert_eq!(faults_of(design), expected);
        let many = PortalDesign { menu: vec![PortalMenuEntry::Home; MAX_MENU + 1], ..PortalDesign::default() };
        assert_eq!(faults_of(many), ["/menu"]);
    }

    #[test]
    fn what_was_kept_before_there_was_more_is_read_with_what_deskbell_begins_with() {
        let kept = r##"{"display_name": "Northwind", "primary_color": "#123456", "accent_color": "#654321"}"##;
        let design: PortalDesign = serde_json::from_str(kept).expect("readable");
        assert_eq!((design.display_name.as_str(), design.home), ("Northwind", vec![HomeSection::Tickets]));
        let text = serde_json::to_string(&PortalMenuEntry::Community { url: "https://c.example".into() });
        assert_eq!(text.expect("JSON"), r#"{"type":"community","url":"https://c.example"}"#);
    }
}
