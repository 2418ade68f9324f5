//! Policies and how they are inherited: MSP → organization → folders → asset, the lower level wins (POL-01 to POL-04).

use std::collections::{BTreeMap, BTreeSet};

use deskbell_protocol::{
    Entry, EntryId, EntryKind, Fault, Icons, Shortcut,
    policy::{MAX_ENTRIES, entries, menu_faults},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{
    contact,
    ids::{AssetId, FolderId, OrganizationId},
    setting::Switch,
};

/// The most entries of one policy (POL-07).
pub const MAX_POLICY_ENTRIES: usize = 64;
/// How deep folders nest below an organization, itself counted (POL-01).
pub const MAX_TREE_DEPTH: usize = 16;
/// Where a portal entry leads that does not say so: the new-ticket form (SYN-36).
pub const DEFAULT_DESTINATION: &str = "/my_profile/v2/asset_new_ticket_form";

/// A place in the tree that a policy can be attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Node {
    /// The MSP, above all organizations.
    Provider,
    /// An organization.
    Organization(OrganizationId),
    /// A folder of an organization, or of another folder.
    Folder(FolderId),
    /// One asset.
    Asset(AssetId),
}

/// What a policy says. Each setting is on, off or not configured (POL-02).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyDocument {
    /// The settings.
    pub settings: Settings,
    /// The menu.
    pub menu: MenuPart,
}

/// The settings of a policy; absent means not configured: what is above counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// "Hide System Tray" (SYN-34).
    pub hide_tray: Option<bool>,
    /// What the tray is called; off: the MSP's own name (AGT-19).
    pub brand_name: Option<Switch<String>>,
    /// The tray's icons; off: Deskbell's own (AGT-19).
    pub icons: Option<Switch<Icons>>,
    /// The tray's keyboard shortcut; off: none (AGT-21).
    pub shortcut: Option<Switch<Shortcut>>,
}

/// A policy's own entries and how they meet the inherited ones (POL-03).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MenuPart {
    /// How they meet.
    pub mode: MenuMode,
    /// The entries; with [`MenuMode::Inherit`] there are none.
    pub entries: Vec<Entry>,
}

/// How a policy's entries meet the inherited ones (POL-03).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MenuMode {
    /// The inherited menu stays as it is.
    #[default]
    Inherit,
    /// Only these entries.
    Replace,
    /// These above the inherited ones.
    Before,
    /// These below the inherited ones.
    After,
}

/// What is in force at a node, and which level says so (POL-04).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Effective {
    /// Whether the tray is hidden.
    pub hide_tray: bool,
    /// The level that says so; absent: nobody, so it is hidden.
    pub hide_tray_from: Option<Node>,
    /// What the tray is called; absent: the MSP's own name.
    pub brand_name: Option<String>,
    /// The level that says so.
    pub brand_name_from: Option<Node>,
    /// The tray's icons; absent: Deskbell's own.
    pub icons: Option<Icons>,
    /// The level that says so.
    pub icons_from: Option<Node>,
    /// The tray's keyboard shortcut.
    pub shortcut: Option<Shortcut>,
    /// The level that says so.
    pub shortcut_from: Option<Node>,
    /// The menu, top to bottom.
    pub menu: Vec<Entry>,
    /// The level of each entry, submenus and all.
    pub menu_from: BTreeMap<EntryId, Node>,
}

impl Effective {
    /// Where the portal entry `id` leads, or nothing when the menu has no such portal entry.
    pub fn destination(&self, id: &EntryId) -> Option<&str> {
        let entry = entries(&self.menu).find(|entry| entry.id == *id)?;
        match &entry.kind {
            EntryKind::Portal { destination, .. } => Some(destination.as_deref().unwrap_or(DEFAULT_DESTINATION)),
            EntryKind::Link { .. }
            | EntryKind::Submenu { .. }
            | EntryKind::Separator {}
            | EntryKind::Information { .. }
            | EntryKind::Copy { .. } => None,
        }
    }
}

/// What is in force below `levels`, which run from the MSP down. With nothing set, the tray is hidden and the menu empty
/// (POL-01). An entry of a lower level takes the place of an inherited one with the same id; past [`MAX_ENTRIES`] the
/// last entries are left out.
pub fn effective<'a>(levels: impl IntoIterator<Item = (Node, &'a PolicyDocument)>) -> Effective {
    let mut result = Effective { hide_tray: true, ..Effective::default() };
    for (node, document) in levels {
        if let Some(hide_tray) = document.settings.hide_tray {
            result.hide_tray = hide_tray;
            result.hide_tray_from = Some(node);
        }
        let settings = &document.settings;
        settle(settings.brand_name.as_ref(), node, &mut result.brand_name, &mut result.brand_name_from);
        settle(settings.icons.as_ref(), node, &mut result.icons, &mut result.icons_from);
        settle(settings.shortcut.as_ref(), node, &mut result.shortcut, &mut result.shortcut_from);
        let own = &document.menu.entries;
        let own_ids: BTreeSet<_> = entries(own).map(|entry| entry.id.clone()).collect();
        let inherited = without(&result.menu, &own_ids);
        result.menu = match document.menu.mode {
            MenuMode::Inherit => continue,
            MenuMode::Replace => own.clone(),
            MenuMode::Before => own.iter().cloned().chain(inherited).collect(),
            MenuMode::After => inherited.into_iter().chain(own.iter().cloned()).collect(),
        };
        result.menu_from.extend(own_ids.into_iter().map(|id| (id, node)));
    }
    while entries(&result.menu).count() > MAX_ENTRIES {
        result.menu.pop();
    }
    let shown: BTreeSet<_> = entries(&result.menu).map(|entry| entry.id.clone()).collect();
    result.menu_from.retain(|id, _| shown.contains(id));
    result
}

fn settle<T: Clone>(setting: Option<&Switch<T>>, node: Node, value: &mut Option<T>, from: &mut Option<Node>) {
    if let Some(setting) = setting {
        *value = setting.value().cloned();
        *from = Some(node);
    }
}

fn without(menu: &[Entry], ids: &BTreeSet<EntryId>) -> Vec<Entry> {
    let kept = menu.iter().filter(|entry| !ids.contains(&entry.id));
    kept.filter_map(|entry| match &entry.kind {
        EntryKind::Submenu { label, entries } => {
            let entries = without(entries, ids);
            let kind = EntryKind::Submenu { label: label.clone(), entries };
            let empty = matches!(&kind, EntryKind::Submenu { entries, .. } if entries.is_empty());
            (!empty).then(|| Entry { id: entry.id.clone(), kind })
        }
        EntryKind::Portal { .. }
        | EntryKind::Link { .. }
        | EntryKind::Separator {}
        | EntryKind::Information { .. }
        | EntryKind::Copy { .. } => Some(entry.clone()),
    })
    .collect()
}

/// Everything that keeps a policy from being saved (POL-07), with JSON pointers from the document on. `origins` are the
/// origins of published portals, such as `https://portal.example`.
pub fn faults(document: &PolicyDocument, origins: &[String]) -> Vec<Fault> {
    let menu = &document.menu;
    let mut faults: Vec<_> = menu_faults(&menu.entries, MAX_POLICY_ENTRIES)
        .into_iter()
        .map(|fault| Fault { pointer: format!("/menu/entries{}", fault.pointer), detail: fault.detail })
        .collect();
    if menu.mode == MenuMode::Inherit && !menu.entries.is_empty() {
        let detail = "with the mode inherit there are no own entries; take before, after or replace".into();
        faults.push(Fault { pointer: "/menu/mode".into(), detail });
    }
    destination_faults(&menu.entries, "/menu/entries", origins, &mut faults);
    if let Some(Switch::On(name)) = &document.settings.brand_name
        && let Err(detail) = contact::name(name)
    {
        faults.push(Fault { pointer: "/settings/brand_name".into(), detail });
    }
    faults
}

fn destination_faults(menu: &[Entry], pointer: &str, origins: &[String], faults: &mut Vec<Fault>) {
    for (index, entry) in menu.iter().enumerate() {
        match &entry.kind {
            EntryKind::Portal { destination: Some(destination), .. } if !leads_to_a_portal(destination, origins) => {
                let detail =
                    "must be a path of the portal or an address on its origin; for anything else, use a link entry";
                faults.push(Fault { pointer: format!("{pointer}/{index}/destination"), detail: detail.into() });
            }
            EntryKind::Submenu { entries, .. } => {
                destination_faults(entries, &format!("{pointer}/{index}/entries"), origins, faults);
            }
            EntryKind::Portal { .. }
            | EntryKind::Link { .. }
            | EntryKind::Separator {}
            | EntryKind::Information { .. }
            | EntryKind::Copy { .. } => {}
        }
    }
}

/// A browser reads `//host`, `/\host` and control characters as it likes, so none of them is a path here.
fn leads_to_a_portal(destination: &str, origins: &[String]) -> bool {
    let path = origins.iter().find_map(|origin| destination.strip_prefix(origin.as_str())).unwrap_or(destination);
    let plain = path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    plain && path.len() <= 512 && path.starts_with('/') && !path.starts_with("//")
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::{Label, TextTemplate};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn label(text: &str) -> Label {
        text.parse::<TextTemplate>().expect("a label").into()
    }

    fn line(id: &str) -> Entry {
        Entry { id: id.parse().expect("an id"), kind: EntryKind::Information { label: label(id) } }
    }

    fn portal(destination: &str) -> Entry {
        let kind = EntryKind::Portal { label: label("Portal"), destination: Some(destination.to_owned()) };
        Entry { id: "portal".parse().expect("an id"), kind }
    }

    fn document(hide_tray: Option<bool>, mode: MenuMode, ids: &[&str]) -> PolicyDocument {
        let entries = ids.iter().map(|id| line(id)).collect();
        PolicyDocument { settings: Settings { hide_tray, ..Settings::default() }, menu: MenuPart { mode, entries } }
    }

    fn nodes() -> [Node; 3] {
        let id = Uuid::from_u128(1);
        [Node::Provider, Node::Organization(OrganizationId(id)), Node::Asset(AssetId(id))]
    }

    fn ids(menu: &[Entry]) -> Vec<&str> {
        menu.iter().map(|entry| entry.id.as_str()).collect()
    }

    #[test]
    fn with_nothing_set_the_tray_is_hidden_and_the_menu_empty() {
        let nothing = effective([]);
        assert!(nothing.hide_tray && nothing.menu.is_empty() && nothing.hide_tray_from.is_none());
    }

    /// POL-02, POL-03: three levels, all modes, all states, by hand.
    #[test]
    fn the_lower_level_wins_and_menus_meet_as_their_mode_says() {
        use MenuMode::{After, Before, Inherit, Replace};
        let [msp, organization, asset] = nodes();
        for (middle_mode, middle_hides, low_mode, low_hides, menu, hidden, hidden_from) in [
            (Inherit, None, Inherit, None, vec!["a", "b"], false, msp),
            (Inherit, Some(true), Inherit, None, vec!["a", "b"], true, organization),
            (Inherit, Some(true), Inherit, Some(false), vec!["a", "b"], false, asset),
            (Before, None, Inherit, Some(true), vec!["m", "a", "b"], true, asset),
            (Before, None, After, None, vec!["m", "a", "b", "z"], false, msp),
            (After, None, Before, None, vec!["z", "a", "b", "m"], false, msp),
            (Replace, None, After, None, vec!["m", "z"], false, msp),
            (After, None, Replace, None, vec!["z"], false, msp),
        ] {
            let middle = document(middle_hides, middle_mode, if middle_mode == Inherit { &[] } else { &["m"] });
            let low = document(low_hides, low_mode, if low_mode == Inherit { &[] } else { &["z"] });
            let top = document(Some(false), Replace, &["a", "b"]);

            let result = effective([(msp, &top), (organization, &middle), (asset, &low)]);

            assert_eq!(ids(&result.menu), menu, "{middle_mode:?} {low_mode:?}");
            assert_eq!((result.hide_tray, result.hide_tray_from), (hidden, Some(hidden_from)));
        }
    }

    /// POL-02: a value, off and not configured, on three levels.
    #[test]
    fn a_setting_with_a_value_can_be_given_taken_away_and_inherited() {
        let [msp, organization, asset] = nodes();
        let named = |name: &str| Some(Switch::On(name.to_owned()));
        for (levels, name, from) in [
            ([None, None, None], None, None),
            ([named("a"), None, None], Some("a"), Some(msp)),
            ([named("a"), named("b"), None], Some("b"), Some(organization)),
            ([named("a"), Some(Switch::Off), None], None, Some(organization)),
            ([named("a"), Some(Switch::Off), named("c")], Some("c"), Some(asset)),
        ] {
            let documents = levels.map(|brand_name| PolicyDocument {
                settings: Settings { brand_name, ..Settings::default() },
                ..PolicyDocument::default()
            });
            let result = effective(nodes().into_iter().zip(&documents));
            assert_eq!((result.brand_name.as_deref(), result.brand_name_from), (name, from));
        }
    }

    /// POL-04: each value names its level.
    #[test]
    fn each_entry_names_the_level_that_it_comes_from() {
        let [msp, organization, asset] = nodes();
        let top = document(None, MenuMode::Replace, &["a", "b"]);
        let low = document(None, MenuMode::After, &["b", "c"]);
        let result = effective([(msp, &top), (organization, &PolicyDocument::default()), (asset, &low)]);
        assert_eq!(ids(&result.menu), ["a", "b", "c"]);
        let from: Vec<_> = result.menu_from.iter().map(|(id, node)| (id.as_str(), *node)).collect();
        assert_eq!(from, [("a", msp), ("b", asset), ("c", asset)]);
    }

    #[test]
    fn an_effective_menu_has_at_most_256_entries() {
        let ids: Vec<_> = (0..8).map(|level| (0..60).map(|n| format!("e{level}-{n}")).collect::<Vec<_>>()).collect();
        let documents: Vec<_> = ids
            .iter()
            .map(|ids| document(None, MenuMode::After, &ids.iter().map(String::as_str).collect::<Vec<_>>()))
            .collect();
        let result = effective(documents.iter().map(|document| (Node::Provider, document)));
        assert_eq!(entries(&result.menu).count(), MAX_ENTRIES);
    }

    /// SYN-36: a path, or an address on the portal's own origin; anything else is refused with "use a link entry".
    #[test]
    fn a_portal_entry_leads_only_to_the_portal() {
        let origins = ["https://portal.example".to_owned()];
        let faults_of = |destination: &str| {
            let menu = MenuPart { mode: MenuMode::Replace, entries: vec![portal(destination)] };
            faults(&PolicyDocument { menu, ..PolicyDocument::default() }, &origins)
        };
        for good in ["/my_profile/v2/index", "https://portal.example/my_profile", DEFAULT_DESTINATION] {
            assert_eq!(faults_of(good), [], "{good}");
        }
        for bad in [
            "https://evil.example/",
            "https://portal.example.evil.example/",
            "https://portal.example@evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "https://portal.example//evil.example",
            "javascript:alert(1)",
            "",
            "my_profile",
            "/a\nb",
            "https://portal.example",
        ] {
            let faults = faults_of(bad);
            assert_eq!(faults.len(), 1, "{bad:?} was taken");
            assert_eq!(faults[0].pointer, "/menu/entries/0/destination");
            assert!(faults[0].detail.contains("use a link entry"));
        }
    }

    proptest! {
        /// POL-02: against a second, naive reading: walk up from the lowest level until one says something.
        #[test]
        fn a_setting_is_what_the_nearest_level_says(levels in proptest::collection::vec(any::<Option<bool>>(), 0..16)) {
            let documents: Vec<_> = levels.iter().map(|hide| document(*hide, MenuMode::Inherit, &[])).collect();
            let result = effective(documents.iter().map(|document| (Node::Provider, document)));
            let naive = levels.iter().rev().flatten().next().copied().unwrap_or(true);
            prop_assert_eq!(result.hide_tray, naive);
        }
    }
}
