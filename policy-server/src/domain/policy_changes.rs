//! What differs between two versions of a policy, as people read it (POL-06).

use std::collections::{BTreeMap, BTreeSet};

use deskbell_protocol::{
    Entry, EntryId, EntryKind, IconHash, Icons, Shortcut,
    policy::{Label, entries},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    policy::{MenuMode, PolicyDocument, Settings},
    setting::Switch,
};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PolicyChange {
    /// What it is about.
    pub what: String,
    /// How it was; absent: it was not there.
    pub before: Option<String>,
    /// How it is; absent: it is not there.
    pub after: Option<String>,
}

/// Everything that differs between two versions, each a name and a document.
pub fn policy_changes(before: (&str, &PolicyDocument), after: (&str, &PolicyDocument)) -> Vec<PolicyChange> {
    let mut changes = Changes::default();
    changes.compare("Name", before.0, after.0);
    let (before, after) = (before.1, after.1);
    changes.compare_settings(&before.settings, &after.settings);
    changes.compare("Menu", mode(before.menu.mode), mode(after.menu.mode));
    changes.compare_entries(&before.menu.entries, &after.menu.entries);
    changes.0
}

/// A setting's three states in words (POL-02).
pub fn state(setting: Option<bool>) -> &'static str {
    match setting {
        Some(true) => "on",
        Some(false) => "off",
        None => "not configured",
    }
}

/// The three states of a setting with a value in words.
fn switch<T>(setting: Option<&Switch<T>>, words: impl Fn(&T) -> String) -> String {
    match setting {
        Some(Switch::On(value)) => words(value),
        Some(Switch::Off) => "off".into(),
        None => "not configured".into(),
    }
}

/// The beginnings of the icons' hashes.
pub fn icon_names(icons: &Icons) -> String {
    let short = |hash: &IconHash| hash.to_string().chars().take(12).collect::<String>();
    let dark = icons.dark.as_ref().map(|dark| format!(", dark {}", short(dark)));
    format!("light {}{}", short(&icons.light), dark.unwrap_or_default())
}

/// In words, how a policy's entries meet the inherited ones.
pub fn mode(mode: MenuMode) -> &'static str {
    match mode {
        MenuMode::Inherit => "inherited",
        MenuMode::Replace => "replaces the inherited menu",
        MenuMode::Before => "above the inherited menu",
        MenuMode::After => "below the inherited menu",
    }
}

#[derive(Default)]
struct Changes(Vec<PolicyChange>);

impl Changes {
    fn compare(&mut self, what: impl Into<String>, before: &str, after: &str) {
        self.compare_optional(what, Some(before), Some(after));
    }

    fn compare_optional(&mut self, what: impl Into<String>, before: Option<&str>, after: Option<&str>) {
        if before != after {
            let (before, after) = (before.map(str::to_owned), after.map(str::to_owned));
            self.0.push(PolicyChange { what: what.into(), before, after });
        }
    }

    fn compare_settings(&mut self, before: &Settings, after: &Settings) {
        self.compare("Hide System Tray", state(before.hide_tray), state(after.hide_tray));
        let name = |settings: &Settings| switch(settings.brand_name.as_ref(), String::clone);
        self.compare("Name of the tray", &name(before), &name(after));
        let icons = |settings: &Settings| switch(settings.icons.as_ref(), icon_names);
        self.compare("Icons", &icons(before), &icons(after));
        let shortcut = |settings: &Settings| switch(settings.shortcut.as_ref(), Shortcut::to_string);
        self.compare("Keyboard shortcut", &shortcut(before), &shortcut(after));
        self.compare("Kept in view", state(before.keep_in_view), state(after.keep_in_view));
    }

    fn compare_entries(&mut self, before: &[Entry], after: &[Entry]) {
        let (old, new) = (by_id(before), by_id(after));
        for entry in entries(before).filter(|entry| !new.contains_key(&entry.id)) {
            self.compare_optional("Entry removed", Some(&summary(entry)), None);
        }
        for entry in entries(after) {
            match old.get(&entry.id) {
                None => self.compare_optional("Entry added", None, Some(&summary(entry))),
                Some(was) => self.compare_entry(was, entry),
            }
        }
        let kept =
            new.into_iter().filter(|(id, _)| old.contains_key(id)).map(|(id, entry)| (id, caption(entry))).collect();
        self.compare("Order", &outline(before, &kept), &outline(after, &kept));
    }

    fn compare_entry(&mut self, before: &Entry, after: &Entry) {
        let name = caption(after);
        self.compare(format!("{name}: type"), type_name(before), type_name(after));
        let (old, new) = (before.kind.label(), after.kind.label());
        self.compare_optional(format!("{name}: label"), words(old, None).as_deref(), words(new, None).as_deref());
        let labels = || [old, new].into_iter().flatten();
        let languages: BTreeSet<_> = labels().flat_map(|label| label.translations.keys()).collect();
        for language in languages {
            let (old, new) = (words(old, Some(language)), words(new, Some(language)));
            self.compare_optional(format!("{name}: label in {language}"), old.as_deref(), new.as_deref());
        }
        let (old, new) = (target(before), target(after));
        self.compare_optional(format!("{name}: target"), old.as_deref(), new.as_deref());
    }
}

fn by_id(menu: &[Entry]) -> BTreeMap<&EntryId, &Entry> {
    entries(menu).map(|entry| (&entry.id, entry)).collect()
}

fn summary(entry: &Entry) -> String {
    let what = format!("{} ({})", caption(entry), type_name(entry));
    target(entry).map_or(what.clone(), |target| format!("{what}: {target}"))
}

/// The entries that both versions have, in order and with what is in them, by today's names: a new label is no new order.
fn outline(menu: &[Entry], names: &BTreeMap<&EntryId, String>) -> String {
    let lines = menu.iter().filter_map(|entry| {
        let inside = match &entry.kind {
            EntryKind::Submenu { entries, .. } => outline(entries, names),
            EntryKind::Portal { .. }
            | EntryKind::Link { .. }
            | EntryKind::Separator {}
            | EntryKind::Information { .. }
            | EntryKind::Copy { .. } => String::new(),
        };
        match (names.get(&entry.id), inside.is_empty()) {
            (None, true) => None,
            (None, false) => Some(inside),
            (Some(name), true) => Some(name.clone()),
            (Some(name), false) => Some(format!("{name} ({inside})")),
        }
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn caption(entry: &Entry) -> String {
    entry.kind.label().map_or("—".into(), |label| label.text.to_string())
}

fn type_name(entry: &Entry) -> &'static str {
    match entry.kind {
        EntryKind::Portal { .. } => "Customer Online Portal",
        EntryKind::Link { .. } => "link",
        EntryKind::Submenu { .. } => "submenu",
        EntryKind::Separator {} => "separator",
        EntryKind::Information { .. } => "information",
        EntryKind::Copy { .. } => "copy a text",
    }
}

fn words(label: Option<&Label>, language: Option<&String>) -> Option<String> {
    let label = label?;
    match language {
        None => Some(label.text.to_string()),
        Some(language) => label.translations.get(language).map(ToString::to_string),
    }
}

fn target(entry: &Entry) -> Option<String> {
    match &entry.kind {
        EntryKind::Portal { destination, .. } => {
            Some(destination.clone().unwrap_or_else(|| "the new-ticket form".into()))
        }
        EntryKind::Link { url, .. } => Some(url.to_string()),
        EntryKind::Copy { text, .. } => Some(text.to_string()),
        EntryKind::Submenu { .. } | EntryKind::Separator {} | EntryKind::Information { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document(hide_tray: Option<bool>, mode: &str, entries: &Value) -> PolicyDocument {
        let document = json!({"settings": {"hide_tray": hide_tray}, "menu": {"mode": mode, "entries": entries}});
        serde_json::from_value(document).expect("a document")
    }

    fn lines(changes: &[PolicyChange]) -> Vec<String> {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".into());
        changes.iter().map(|c| format!("{} | {} | {}", c.what, text(&c.before), text(&c.after))).collect()
    }

    #[test]
    fn each_difference_is_told_once_and_equal_versions_have_none() {
        let before = document(
            Some(true),
            "replace",
            &json!([
                {"id": "portal", "type": "portal", "label": {"text": "Help"}},
                {"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://kb.example/"},
                {"id": "more", "type": "submenu", "label": {"text": "More"}, "entries": [
                    {"id": "pc", "type": "information", "label": {"text": "{{asset}}"}}
                ]},
                {"id": "old", "type": "separator"}
            ]),
        );
        let after = document(
            None,
            "after",
            &json!([
                {"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://wiki.example/"},
                {"id": "portal", "type": "portal", "label": {"text": "Get help", "translations": {"de": "Hilfe"}}},
                {"id": "more", "type": "submenu", "label": {"text": "More"}, "entries": [
                    {"id": "new", "type": "link", "label": {"text": "News"}, "url": "https://news.example/"}
                ]},
                {"id": "pc", "type": "information", "label": {"text": "{{asset}}"}}
            ]),
        );
        assert_eq!(policy_changes(("A", &before), ("A", &before)), []);
        assert_eq!(
            lines(&policy_changes(("A", &before), ("B", &after))),
            [
                "Name | A | B",
                "Hide System Tray | on | not configured",
                "Menu | replaces the inherited menu | below the inherited menu",
                "Entry removed | — (separator) | -",
                "Handbook: target | https://kb.example/ | https://wiki.example/",
                "Get help: label | Help | Get help",
                "Get help: label in de | - | Hilfe",
                "Entry added | - | News (link): https://news.example/",
                "Order | Get help, Handbook, More ({{asset}}) | Handbook, Get help, More, {{asset}}",
            ]
        );
    }
}
