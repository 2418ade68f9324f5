//! The menu as a value: what the tray draws, and what the policy builder shows before a save. The same function for
//! both (POL-05).

use serde::{Deserialize, Serialize};

use crate::{
    UnixMillis,
    caption::Caption,
    ids::{EntryId, ItemId},
    policy::{Entry, EntryKind, Policy, is_off},
    shortcut::Shortcut,
    values::Values,
};

/// Everything that a tray shows. Drawn whole; equal menus need no drawing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Menu {
    /// Whether there is an icon at all.
    pub visible: bool,
    /// What the icon is called: the MSP's name.
    pub title: String,
    /// What opens the menu from the keyboard; none while there is no icon (AGT-21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<Shortcut>,
    /// Whether the icon is to be brought into view where nobody chose its place (AGT-08).
    #[serde(default, skip_serializing_if = "is_off")]
    pub keep_in_view: bool,
    /// Top to bottom.
    pub items: Vec<MenuItem>,
}

/// One line of a drawn menu. It carries an id, never a link: what the id means is looked up when it is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum MenuItem {
    /// A line that can be chosen.
    Action {
        /// What was chosen.
        id: ItemId,
        /// What the line says.
        caption: Caption,
    },
    /// Lines one level down.
    Submenu {
        /// What the line says.
        caption: Caption,
        /// The lines inside.
        items: Vec<MenuItem>,
    },
    /// A line to read.
    Information {
        /// What the line says.
        caption: Caption,
    },
    /// A line between groups.
    Separator,
}

/// What the agent knows of its standing with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// No identity yet.
    NotEnrolled,
    /// Enrolled; staff have yet to approve it (AGT-11).
    WaitingForApproval,
    /// Enrolled and known.
    Enrolled,
    /// The server does not know this agent's token (401): the cached menu stays, without the portal.
    Refused,
    /// Staff have retired the asset: no tray.
    Retired,
}

/// What changes a menu beside policy and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuState {
    /// The agent's standing.
    pub agent: AgentState,
    /// Since when the server is away; absent while it answers.
    pub offline_since: Option<UnixMillis>,
    /// The person's language, a BCP 47 tag.
    pub language: String,
    /// Whether there is no icon until the first policy arrives.
    pub hidden_at_first: bool,
}

/// What choosing a menu line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Ask the server for a one-time link to the portal.
    Launch(EntryId),
    /// Open a link that needs no secret.
    OpenUrl(String),
    /// Put a text on the clipboard.
    Copy(String),
}

/// The menu of one session. `policy` is absent until the first one arrived.
pub fn menu(policy: Option<&Policy>, values: &Values, state: &MenuState) -> Menu {
    let hidden = Menu::default();
    let Some(policy) = policy else {
        return match state.agent {
            AgentState::Retired => hidden,
            _ => Menu {
                visible: !state.hidden_at_first,
                title: "Deskbell".into(),
                items: items_at_first(state),
                ..hidden
            },
        };
    };
    match state.agent {
        AgentState::NotEnrolled | AgentState::WaitingForApproval | AgentState::Retired => return hidden,
        AgentState::Enrolled | AgentState::Refused => {}
    }
    let mut items = items(&policy.menu, policy, values, state);
    if let Some(caption) = standing(state) {
        if !items.is_empty() {
            items.push(MenuItem::Separator);
        }
        items.push(MenuItem::Information { caption });
    }
    let visible = !policy.hide_tray;
    let shortcut = policy.shortcut.clone().filter(|_| visible);
    Menu { visible, title: policy.support.name.clone(), shortcut, keep_in_view: policy.keep_in_view, items }
}

/// What choosing `item` does, or nothing when the policy no longer has it.
pub fn action(policy: &Policy, values: &Values, item: &ItemId) -> Option<Action> {
    match item {
        ItemId::SupportPhone => policy.support.phone.as_deref().map(|phone| Action::OpenUrl(tel_link(phone))),
        ItemId::SupportEmail => policy.support.email.as_deref().map(|email| Action::OpenUrl(format!("mailto:{email}"))),
        ItemId::Entry(id) => match &policy.entry(id)?.kind {
            EntryKind::Portal { .. } => Some(Action::Launch(id.clone())),
            EntryKind::Link { url, .. } => Some(Action::OpenUrl(url.expand(values))),
            EntryKind::Copy { text, .. } => Some(Action::Copy(text.expand(values))),
            EntryKind::Submenu { .. } | EntryKind::Separator {} | EntryKind::Information { .. } => None,
        },
    }
}

/// What there is to say before anybody said what the menu has.
fn items_at_first(state: &MenuState) -> Vec<MenuItem> {
    let begun = match state.agent {
        AgentState::WaitingForApproval => Caption::WaitingForApproval,
        _ => Caption::BeingSetUp,
    };
    [Some(begun), standing(state)].into_iter().flatten().map(|caption| MenuItem::Information { caption }).collect()
}

fn standing(state: &MenuState) -> Option<Caption> {
    match (state.agent, state.offline_since) {
        (AgentState::Refused, _) => Some(Caption::Refused),
        (_, Some(since)) => Some(Caption::Offline { since }),
        (_, None) => None,
    }
}

fn items(entries: &[Entry], policy: &Policy, values: &Values, state: &MenuState) -> Vec<MenuItem> {
    entries.iter().filter_map(|entry| item(entry, policy, values, state)).collect()
}

fn item(entry: &Entry, policy: &Policy, values: &Values, state: &MenuState) -> Option<MenuItem> {
    let caption = entry.kind.label().map(|label| Caption::Text { text: label.expand(&state.language, values) });
    match (&entry.kind, caption) {
        (EntryKind::Portal { .. }, Some(caption)) => portal_item(entry, caption, policy, state),
        (EntryKind::Link { .. } | EntryKind::Copy { .. }, Some(caption)) => {
            Some(MenuItem::Action { id: ItemId::Entry(entry.id.clone()), caption })
        }
        (EntryKind::Submenu { entries, .. }, Some(caption)) => {
            Some(MenuItem::Submenu { caption, items: items(entries, policy, values, state) })
        }
        (EntryKind::Information { .. }, Some(caption)) => Some(MenuItem::Information { caption }),
        (EntryKind::Separator {}, _) | (_, None) => Some(MenuItem::Separator),
    }
}

/// The portal's line: a click while the server answers, the MSP's phone and e-mail while it does not (AGT-06), nothing
/// while this agent is refused.
fn portal_item(entry: &Entry, caption: Caption, policy: &Policy, state: &MenuState) -> Option<MenuItem> {
    match (state.agent, state.offline_since) {
        (AgentState::Refused, _) => None,
        (_, None) => Some(MenuItem::Action { id: ItemId::Entry(entry.id.clone()), caption }),
        (_, Some(_)) => {
            let phone = policy
                .support
                .phone
                .clone()
                .map(|phone| MenuItem::Action { id: ItemId::SupportPhone, caption: Caption::CallSupport { phone } });
            let email = policy
                .support
                .email
                .clone()
                .map(|email| MenuItem::Action { id: ItemId::SupportEmail, caption: Caption::WriteToSupport { email } });
            let items: Vec<_> = phone.into_iter().chain(email).collect();
            Some(if items.is_empty() {
                MenuItem::Information { caption }
            } else {
                MenuItem::Submenu { caption, items }
            })
        }
    }
}

/// A link that dials `phone`: without its visual separators, which RFC 3966 §5.1.1 leaves out of comparison.
pub fn tel_link(phone: &str) -> String {
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        serde_json::from_str(
            r#"{
              "hide_tray": false,
              "support": {"name": "Northwind IT", "phone": "+1 (555) 0100", "email": "help@northwind.example"},
              "menu": [
                {"id": "about", "type": "information", "label": {"text": "{{asset}}"}},
                {"id": "line", "type": "separator"},
                {"id": "portal", "type": "portal", "label": {"text": "Customer Online Portal"}},
                {"id": "more", "type": "submenu", "label": {"text": "More"}, "entries": [
                  {"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://kb.example/{{asset}}"},
                  {"id": "copy", "type": "copy", "label": {"text": "Copy details"}, "text": "{{asset}}\n{{user}}"}
                ]}
              ]
            }"#,
        )
        .expect("a policy")
    }

    fn values() -> Values {
        Values { asset: "PC-042".into(), user: "jane".into(), ..Values::default() }
    }

    fn online() -> MenuState {
        MenuState { agent: AgentState::Enrolled, offline_since: None, language: "en".into(), hidden_at_first: true }
    }

    #[test]
    fn the_menu_of_an_enrolled_agent() {
        insta::assert_json_snapshot!(menu(Some(&policy()), &values(), &online()));
    }

    /// AGT-06: offline, the menu says since when, and the portal's line offers phone and e-mail.
    #[test]
    fn offline_the_portal_line_offers_phone_and_email() {
        let state = MenuState { offline_since: Some(1_700_000_000_000), ..online() };
        insta::assert_json_snapshot!(menu(Some(&policy()), &values(), &state));
    }

    #[test]
    fn without_phone_and_email_the_offline_portal_line_is_only_read() {
        let mut policy = policy();
        policy.support = crate::Support::default();
        let state = MenuState { offline_since: Some(0), ..online() };

        let menu = menu(Some(&policy), &values(), &state);

        assert!(
            matches!(&menu.items[2], MenuItem::Information { caption: Caption::Text { text } } if text == "Customer Online Portal")
        );
    }

    #[test]
    fn a_refused_agent_keeps_its_menu_without_the_portal() {
        let state = MenuState { agent: AgentState::Refused, ..online() };
        let menu = menu(Some(&policy()), &values(), &state);
        let json = serde_json::to_string(&menu).expect("serializes");
        assert!(!json.contains("Customer Online Portal") && json.contains("Handbook"), "{json}");
        assert_eq!(menu.items.last(), Some(&MenuItem::Information { caption: Caption::Refused }));
    }

    #[test]
    fn nothing_shows_before_the_first_policy_while_waiting_and_after_retirement() {
        assert!(!menu(None, &values(), &online()).visible);
        for agent in [AgentState::NotEnrolled, AgentState::WaitingForApproval, AgentState::Retired] {
            assert!(!menu(Some(&policy()), &values(), &MenuState { agent, ..online() }).visible, "{agent:?}");
        }
    }

    /// An installer may have the icon shown before the first policy; it says how far this computer is.
    #[test]
    fn at_first_a_tray_that_is_not_hidden_says_how_it_stands() {
        let at_first = |agent, offline_since| {
            let menu = menu(None, &values(), &MenuState { agent, offline_since, hidden_at_first: false, ..online() });
            let captions = menu.items.into_iter().map(|item| match item {
                MenuItem::Information { caption } => caption,
                other => panic!("{other:?} is no information"),
            });
            (menu.visible, captions.collect::<Vec<_>>())
        };
        for (agent, offline_since, captions) in [
            (AgentState::NotEnrolled, None, vec![Caption::BeingSetUp]),
            (AgentState::NotEnrolled, Some(7), vec![Caption::BeingSetUp, Caption::Offline { since: 7 }]),
            (AgentState::WaitingForApproval, None, vec![Caption::WaitingForApproval]),
            (AgentState::Enrolled, None, vec![Caption::BeingSetUp]),
            (AgentState::Refused, None, vec![Caption::BeingSetUp, Caption::Refused]),
        ] {
            assert_eq!(at_first(agent, offline_since), (true, captions), "{agent:?}");
        }
        assert_eq!(at_first(AgentState::Retired, None), (false, Vec::new()));
        let waiting = MenuState { agent: AgentState::WaitingForApproval, hidden_at_first: false, ..online() };
        assert!(!menu(Some(&policy()), &values(), &waiting).visible, "the policy counts once it was there");
    }

    /// AGT-02: hidden means no icon; the entries stay for the launcher and `open`.
    #[test]
    fn a_hidden_tray_has_a_menu_all_the_same() {
        let menu = menu(Some(&Policy { hide_tray: true, ..policy() }), &values(), &online());
        assert!(!menu.visible && !menu.items.is_empty());
    }

    /// AGT-21: the shortcut goes with the icon.
    #[test]
    fn a_hidden_tray_has_no_shortcut() {
        let shortcut: Shortcut = "Ctrl+F12".parse().expect("a shortcut");
        let shown = Policy { shortcut: Some(shortcut.clone()), ..policy() };
        assert_eq!(menu(Some(&shown), &values(), &online()).shortcut, Some(shortcut));
        assert_eq!(menu(Some(&Policy { hide_tray: true, ..shown }), &values(), &online()).shortcut, None);
    }

    #[test]
    fn each_line_does_what_its_entry_says() {
        for (item, expected) in [
            ("portal", Some(Action::Launch("portal".parse().expect("an id")))),
            ("kb", Some(Action::OpenUrl("https://kb.example/PC-042".into()))),
            ("copy", Some(Action::Copy("PC-042\njane".into()))),
            ("@support-phone", Some(Action::OpenUrl("tel:+15550100".into()))),
            ("@support-email", Some(Action::OpenUrl("mailto:help@northwind.example".into()))),
            ("about", None),
            ("gone", None),
        ] {
            assert_eq!(action(&policy(), &values(), &item.parse().expect("an item")), expected, "{item}");
        }
    }
}
