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
    /// Whether Windows is asked to keep the icon in view, where the person did not choose its place; off: it is not (AGT-08).
    pub keep_in_view: Option<bool>,
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
    /// Whether Windows is asked to keep the icon in view.
    pub keep_in_view: bool,
    /// The level that says so; absent: nobody, so it is not asked.
    pub keep_in_view_from: Option<Node>,
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
        let settings = &document.settings;
        if let Some(hide_tray) = settings.hide_tray {
            (result.hide_tray, result.hide_tray_from) = (hide_tray, Some(node));
        }
        if let Some(keep_in_view) = settings.keep_in_view {
            (result.keep_in_view, result.keep_in_view_from) = (keep_in_view, Some(node));
        }
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

    /// Five levels, from the MSP down.
    fn five() -> [Node; 5] {
        let id = Uuid::from_u128;
        [
            Node::Provider,
            Node::Organization(OrganizationId(id(1))),
            Node::Folder(FolderId(id(2))),
            Node::Folder(FolderId(id(3))),
            Node::Asset(AssetId(id(4))),
        ]
    }

    /// Settings that are all on with a value of the level's own, all off, or not configured.
    fn settings(level: usize, state: Option<bool>) -> Settings {
        let value = |is_on| if is_on { Switch::On(level) } else { Switch::Off };
        let switch = state.map(value);
        let name = |level: &usize| format!("level {level}");
        let icon = |level: &usize| Icons { light: format!("{level:064}").parse().expect("a hash"), dark: None };
        let keys = |level: &usize| format!("Ctrl+F{}", level + 1).parse().expect("a shortcut");
        Settings {
            hide_tray: state,
            brand_name: switch.as_ref().map(|switch| mapped(switch, name)),
            icons: switch.as_ref().map(|switch| mapped(switch, icon)),
            shortcut: switch.as_ref().map(|switch| mapped(switch, keys)),
            keep_in_view: state,
        }
    }

    /// The level of each setting, in the order in which a policy has them.
    fn deciding(result: &Effective) -> [Option<Node>; 5] {
        [
            result.hide_tray_from,
            result.brand_name_from,
            result.icons_from,
            result.shortcut_from,
            result.keep_in_view_from,
        ]
    }

    fn mapped<T>(switch: &Switch<usize>, value: impl Fn(&usize) -> T) -> Switch<T> {
        match switch {
            Switch::Off => Switch::Off,
            Switch::On(level) => Switch::On(value(level)),
        }
    }

    /// POL-02: all settings on five levels, by hand: what they say, and which level decides.
    #[test]
    fn each_setting_is_on_off_or_inherited_on_every_level() {
        let (on, off, none) = (Some(true), Some(false), None);
        for (levels, decides) in [
            ([none, none, none, none, none], None),
            ([on, none, none, none, none], Some((0, true))),
            ([off, none, none, none, none], Some((0, false))),
            ([on, off, none, none, none], Some((1, false))),
            ([off, on, none, none, none], Some((1, true))),
            ([none, on, none, none, none], Some((1, true))),
            ([none, none, on, off, none], Some((3, false))),
            ([none, none, on, none, none], Some((2, true))),
            ([none, on, off, on, none], Some((3, true))),
            ([on, none, none, none, off], Some((4, false))),
            ([off, none, none, none, on], Some((4, true))),
            ([on, on, on, on, on], Some((4, true))),
            ([off, off, off, off, off], Some((4, false))),
        ] {
            let documents = [0, 1, 2, 3, 4]
                .map(|level| PolicyDocument { settings: settings(level, levels[level]), ..PolicyDocument::default() });
            let result = effective(five().into_iter().zip(&documents));
            let from = decides.map(|(level, _)| five()[level]);
            let value = decides.filter(|(_, is_on)| *is_on).map(|(level, _)| level);
            assert_eq!(deciding(&result), [from; 5], "{levels:?}");
            assert_eq!(result.hide_tray, decides.is_none_or(|(_, is_on)| is_on), "{levels:?}");
            assert_eq!(result.keep_in_view, value.is_some(), "{levels:?}");
            assert_eq!(result.brand_name, value.map(|level| format!("level {level}")), "{levels:?}");
            let shortcut = result.shortcut.map(|keys| keys.to_string());
            assert_eq!(shortcut, value.map(|level| format!("Ctrl+F{}", level + 1)), "{levels:?}");
            let icon = result.icons.map(|icons| icons.light.to_string());
            assert_eq!(icon, value.map(|level| format!("{level:064}")), "{levels:?}");
        }
    }

    /// POL-03: three levels and all modes, by hand. The MSP has a and b, the organization m, the asset z.
    #[test]
    fn menus_of_three_levels_meet_as_their_modes_say() {
        use MenuMode::{After, Before, Inherit, Replace};
        for (middle, low, menu) in [
            (Inherit, Inherit, "a b"),
            (Inherit, Replace, "z"),
            (Inherit, Before, "z a b"),
            (Inherit, After, "a b z"),
            (Replace, Inherit, "m"),
            (Replace, Replace, "z"),
            (Replace, Before, "z m"),
            (Replace, After, "m z"),
            (Before, Inherit, "m a b"),
            (Before, Replace, "z"),
            (Before, Before, "z m a b"),
            (Before, After, "m a b z"),
            (After, Inherit, "a b m"),
            (After, Replace, "z"),
            (After, Before, "z a b m"),
            (After, After, "a b m z"),
        ] {
            for top in [Replace, Before, After] {
                let own = |mode, ids: &[&str]| document(None, mode, if mode == Inherit { &[] } else { ids });
                let documents = [own(top, &["a", "b"]), own(middle, &["m"]), own(low, &["z"])];
                let result = effective(nodes().into_iter().zip(&documents));
                assert_eq!(ids(&result.menu).join(" "), menu, "{top:?} {middle:?} {low:?}");
            }
        }
        assert!(
            effective(nodes().into_iter().zip(&[PolicyDocument::default(), PolicyDocument::default()])).menu.is_empty()
        );
    }

    /// POL-03: an inherited submenu loses what a lower level says itself, and goes when nothing is left in it.
    #[test]
    fn an_entry_of_a_lower_level_takes_the_place_of_an_inherited_one_in_a_submenu() {
        let submenu = |id: &str, inside: &[&str]| Entry {
            id: id.parse().expect("an id"),
            kind: EntryKind::Submenu { label: label(id), entries: inside.iter().map(|id| line(id)).collect() },
        };
        let menu = |mode, entries| PolicyDocument { menu: MenuPart { mode, entries }, ..PolicyDocument::default() };
        let top = menu(MenuMode::Replace, vec![submenu("more", &["a", "b"]), submenu("less", &["c"])]);
        let low = menu(MenuMode::After, vec![line("b"), line("c")]);
        let result = effective(nodes().into_iter().zip([&top, &low]));
        assert_eq!(entries(&result.menu).map(|entry| entry.id.as_str()).collect::<Vec<_>>(), ["more", "a", "b", "c"]);
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

    /// What a level says, in a few words: the state of each setting, and the ids of its entries.
    #[derive(Debug, Clone)]
    struct Said {
        states: [Option<bool>; 5],
        mode: MenuMode,
        ids: Vec<&'static str>,
    }

    fn said() -> impl Strategy<Value = Said> {
        let modes = vec![MenuMode::Inherit, MenuMode::Replace, MenuMode::Before, MenuMode::After];
        let ids = proptest::sample::subsequence(vec!["a", "b", "c", "d", "e"], 0..=5).prop_shuffle();
        (any::<[Option<bool>; 5]>(), proptest::sample::select(modes), ids).prop_map(|(states, mode, ids)| {
            let ids = if mode == MenuMode::Inherit { Vec::new() } else { ids };
            Said { states, mode, ids }
        })
    }

    impl Said {
        fn document(&self, level: usize) -> PolicyDocument {
            let [hide_tray, brand_name, icons, shortcut, keep_in_view] = self.states;
            PolicyDocument {
                settings: Settings {
                    hide_tray,
                    brand_name: settings(level, brand_name).brand_name,
                    icons: settings(level, icons).icons,
                    shortcut: settings(level, shortcut).shortcut,
                    keep_in_view,
                },
                ..document(None, self.mode, &self.ids)
            }
        }
    }

    /// A second reading of the rules, from below: who asked last is asked first.
    fn naive_state(levels: &[Said], setting: usize) -> Option<(usize, bool)> {
        let (level, said) = levels.iter().enumerate().next_back()?;
        said.states[setting].map(|state| (level, state)).or_else(|| naive_state(&levels[..level], setting))
    }

    fn naive_menu(levels: &[Said]) -> Vec<(&'static str, usize)> {
        let Some((last, above)) = levels.split_last() else { return Vec::new() };
        let own: Vec<_> = last.ids.iter().map(|id| (*id, above.len())).collect();
        let rest = || naive_menu(above).into_iter().filter(|(id, _)| !last.ids.contains(id));
        match last.mode {
            MenuMode::Inherit => naive_menu(above),
            MenuMode::Replace => own,
            MenuMode::Before => [own, rest().collect()].concat(),
            MenuMode::After => [rest().collect(), own].concat(),
        }
    }

    proptest! {
        /// POL-02, POL-03, POL-04: any settings and menus on up to 16 folders, against a second, naive reading.
        #[test]
        fn what_is_in_force_is_what_a_second_reading_says(levels in proptest::collection::vec(said(), 0..18)) {
            let node = |level: usize| Node::Folder(FolderId(Uuid::from_u128(level as u128)));
            let documents: Vec<_> = levels.iter().enumerate().map(|(level, said)| said.document(level)).collect();
            let result = effective(documents.iter().enumerate().map(|(level, document)| (node(level), document)));

            let naive = [0, 1, 2, 3, 4].map(|setting| naive_state(&levels, setting));
            let value = |setting: usize| naive[setting].filter(|(_, is_on)| *is_on).map(|(level, _)| level);
            prop_assert_eq!(result.hide_tray, naive[0].is_none_or(|(_, hidden)| hidden));
            let on = |level: usize| settings(level, Some(true));
            let from = deciding(&result);
            prop_assert_eq!(result.brand_name, value(1).and_then(|level| on(level).brand_name?.value().cloned()));
            prop_assert_eq!(result.icons, value(2).and_then(|level| on(level).icons?.value().cloned()));
            prop_assert_eq!(result.shortcut, value(3).and_then(|level| on(level).shortcut?.value().cloned()));
            prop_assert_eq!(result.keep_in_view, value(4).is_some());
            prop_assert_eq!(from, naive.map(|decides| decides.map(|(level, _)| node(level))));
            let menu = naive_menu(&levels);
            prop_assert_eq!(ids(&result.menu), menu.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            for (id, level) in menu {
                prop_assert_eq!(result.menu_from.get(&id.parse().expect("an id")), Some(&node(level)));
            }
        }
    }
}
