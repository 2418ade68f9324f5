//! What the form of a portal's design sends: the whole design, and the button that was pressed.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::portal_design::{HomeSection, PortalDesign, PortalMenuEntry};

/// The design, and what to do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SentDesign {
    /// The design, with the button's change made.
    pub(super) design: PortalDesign,
    /// Whether it is to be published.
    pub(super) publishes: bool,
    /// Which part of the page was worked at; empty: all of it is to be kept.
    pub(super) part: &'static str,
}

/// Where something in a list goes.
#[derive(Debug, Clone, Copy)]
enum Move {
    Up,
    Down,
    Out,
}

type Fields = HashMap<String, Vec<String>>;

impl SentDesign {
    /// Reads the form's fields. A new page gets `new_id`.
    pub(super) fn read(pairs: Vec<(String, String)>, new_id: Uuid) -> Self {
        let mut fields = Fields::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value.replace("\r\n", "\n"));
        }
        let optional = |name: &str| Some(first(&fields, name).trim().to_owned()).filter(|value| !value.is_empty());
        let mut design = PortalDesign {
            display_name: first(&fields, "display_name").to_owned(),
            color_mode: first(&fields, "color_mode").parse().unwrap_or_default(),
            primary_color: first(&fields, "primary_color").to_owned(),
            accent_color: first(&fields, "accent_color").to_owned(),
            logo: optional("logo"),
            homepage_url: optional("homepage_url"),
            welcome: first(&fields, "welcome").to_owned(),
            home: all(&fields, "home").iter().filter_map(|name| name.parse().ok()).collect(),
            menu: menu(&fields),
        };
        let action = first(&fields, "action");
        let (verb, place) = action.rsplit_once('-').unwrap_or((action, ""));
        let place = place.parse::<usize>().ok();
        let part = match (verb, place) {
            ("logo-remove", _) | ("logo", None) => {
                design.logo = None;
                "look"
            }
            ("home-up", Some(at)) => moved(&mut design.home, at, Move::Up, "home"),
            ("home-down", Some(at)) => moved(&mut design.home, at, Move::Down, "home"),
            ("home-out", Some(at)) => moved(&mut design.home, at, Move::Out, "home"),
            ("menu-up", Some(at)) => moved(&mut design.menu, at, Move::Up, "menu"),
            ("menu-down", Some(at)) => moved(&mut design.menu, at, Move::Down, "menu"),
            ("menu-out", Some(at)) => moved(&mut design.menu, at, Move::Out, "menu"),
            ("home", None) if action == "home-add" => {
                design.home.extend(first(&fields, "home_new").parse::<HomeSection>().ok());
                "home"
            }
            ("menu", None) if action == "menu-add" => {
                design.menu.extend(entry(first(&fields, "menu_new"), new_id, "", "", ""));
                "menu"
            }
            _ => "",
        };
        Self { design, publishes: action == "publish", part }
    }
}

fn moved<T>(list: &mut Vec<T>, at: usize, to: Move, part: &'static str) -> &'static str {
    match to {
        Move::Up if at > 0 && at < list.len() => list.swap(at, at - 1),
        Move::Down if at + 1 < list.len() => list.swap(at, at + 1),
        Move::Out if at < list.len() => drop(list.remove(at)),
        Move::Up | Move::Down | Move::Out => {}
    }
    part
}

/// The rows of the menu, each with all four fields.
fn menu(fields: &Fields) -> Vec<PortalMenuEntry> {
    let field = |name: &str, at: usize| all(fields, name).get(at).map_or("", String::as_str);
    let rows = all(fields, "menu_type").iter().enumerate();
    rows.filter_map(|(at, kind)| {
        let id = field("menu_id", at).parse().unwrap_or_default();
        entry(kind, id, field("menu_label", at), field("menu_url", at), field("menu_text", at))
    })
    .collect()
}

fn entry(kind: &str, id: Uuid, label: &str, url: &str, text: &str) -> Option<PortalMenuEntry> {
    let (label, url, text) = (label.to_owned(), url.to_owned(), text.to_owned());
    Some(match kind {
        "home" => PortalMenuEntry::Home,
        "new_ticket" => PortalMenuEntry::NewTicket,
        "computers" => PortalMenuEntry::Computers,
        "articles" => PortalMenuEntry::Articles,
        "billing" => PortalMenuEntry::Billing,
        "community" => PortalMenuEntry::Community { url },
        "link" => PortalMenuEntry::Link { label, url },
        "page" => PortalMenuEntry::Page { id, label, text },
        _ => return None,
    })
}

fn first<'a>(fields: &'a Fields, name: &str) -> &'a str {
    all(fields, name).first().map_or("", String::as_str)
}

fn all<'a>(fields: &'a Fields, name: &str) -> &'a [String] {
    fields.get(name).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(action: &str) -> SentDesign {
        let pairs = [
            ("display_name", "Northwind"),
            ("primary_color", "#123456"),
            ("accent_color", "#654321"),
            ("home", "tickets"),
            ("home", "contact"),
            ("menu_type", "home"),
            ("menu_id", ""),
            ("menu_label", ""),
            ("menu_url", ""),
            ("menu_text", ""),
            ("menu_type", "link"),
            ("menu_id", ""),
            ("menu_label", "Shop"),
            ("menu_url", "https://shop.example"),
            ("menu_text", ""),
            ("menu_new", "page"),
            ("home_new", "computers"),
            ("action", action),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        SentDesign::read(pairs.to_vec(), Uuid::from_u128(7))
    }

    #[test]
    fn each_button_makes_its_change_and_no_other() {
        let shop = PortalMenuEntry::Link { label: "Shop".into(), url: "https://shop.example".into() };
        let before = sent("save");
        assert_eq!(before.design.menu, [PortalMenuEntry::Home, shop.clone()]);
        assert!(!before.publishes && sent("publish").publishes);
        assert_eq!(sent("menu-up-1").design.menu, [shop.clone(), PortalMenuEntry::Home]);
        assert_eq!(sent("menu-down-0").design.menu, [shop.clone(), PortalMenuEntry::Home]);
        assert_eq!(sent("menu-out-0").design.menu, [shop]);
        for nothing in ["menu-up-0", "menu-down-1", "menu-out-9", "home-up-9", "nonsense", ""] {
            assert_eq!(sent(nothing).design, before.design, "{nothing}");
        }
        let page = PortalMenuEntry::Page { id: Uuid::from_u128(7), label: String::new(), text: String::new() };
        assert_eq!(sent("menu-add").design.menu.last(), Some(&page));
        assert_eq!(sent("home-up-1").design.home, [HomeSection::Contact, HomeSection::Tickets]);
        assert_eq!(sent("home-add").design.home.last(), Some(&HomeSection::Computers));
    }
}
