//! The policy as an agent receives it: settled, with nothing left to inherit.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    icon::Icons,
    ids::EntryId,
    shortcut::Shortcut,
    template::{CopyTemplate, TextTemplate, UrlTemplate},
    values::Values,
};

/// The most entries of an effective menu, submenus and all (POL-07).
pub const MAX_ENTRIES: usize = 256;
/// How deep submenus nest; the top level is 1 (POL-07).
pub const MAX_DEPTH: usize = 4;
/// The longest label, in characters (POL-07).
pub const MAX_LABEL_CHARACTERS: usize = 128;

/// The answer to `GET /agent/v1/policy`. Its `ETag` covers both halves. Here and below, an agent passes over fields that
/// it does not know: its server may be a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyAnswer {
    /// The same for every asset of a node of the policy tree.
    pub policy: Policy,
    /// This asset's alone.
    pub values: Values,
}

/// What is in force for an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// No icon and no shortcut; the service, the launcher and `open` go on (AGT-02).
    pub hide_tray: bool,
    /// Whom to ask when the portal cannot be reached.
    pub support: Support,
    /// The MSP's own icon; absent: Deskbell's (AGT-19).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icons: Option<Icons>,
    /// What opens menu or form from the keyboard (AGT-21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<Shortcut>,
    /// Where Windows puts icons behind a click: beside the clock, unless the person chose otherwise (AGT-08).
    #[serde(default, skip_serializing_if = "is_off")]
    pub keep_in_view: bool,
    /// The menu, top to bottom.
    pub menu: Vec<Entry>,
}

/// The MSP as end users know it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// The name beside the tray's icon.
    pub name: String,
    /// A number that `tel:` can dial, as the MSP wrote it.
    pub phone: Option<String>,
    /// An address that `mailto:` can reach.
    pub email: Option<String>,
}

/// One line of the menu, with an id that it keeps across edits (POL-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Unique within the menu.
    pub id: EntryId,
    /// What the line is.
    #[serde(flatten)]
    pub kind: EntryKind,
}

/// The types of menu entries (AGT-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum EntryKind {
    /// "Customer Online Portal": a one-click, signed-in way into the portal (SYN-35).
    Portal {
        /// What the line says.
        label: Label,
        /// Where it leads: a path of the portal or an address on its origin (SYN-36). Absent: the new-ticket form.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        destination: Option<String>,
    },
    /// A link that needs no secret and works offline.
    Link {
        /// What the line says.
        label: Label,
        /// Where it leads.
        url: UrlTemplate,
    },
    /// More entries, one level down.
    Submenu {
        /// What the line says.
        label: Label,
        /// The entries inside.
        entries: Vec<Entry>,
    },
    /// A line between groups.
    // With braces, since serde lets a unit variant take any field.
    Separator {},
    /// A line to read, not to choose.
    Information {
        /// What the line says.
        label: Label,
    },
    /// Copies a text, such as the computer's details, to the clipboard.
    Copy {
        /// What the line says.
        label: Label,
        /// What is copied.
        text: CopyTemplate,
    },
}

/// Words in the MSP's own language and in as many others as it likes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// For everybody whose language is not in `translations`.
    pub text: TextTemplate,
    /// By BCP 47 tag, such as `de` or `pt-BR`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, TextTemplate>,
}

impl Label {
    /// The words for a person who reads `language` (a BCP 47 tag): the exact tag, else its language without the region
    /// (RFC 4647 §3.4), else the MSP's own.
    pub fn expand(&self, language: &str, values: &Values) -> String {
        let mut tag = language;
        loop {
            if let Some((_, text)) = self.translations.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)) {
                return text.expand(values);
            }
            match tag.rfind('-') {
                Some(end) => tag = &tag[..end],
                None => return self.text.expand(values),
            }
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
pub(crate) fn is_off(setting: &bool) -> bool {
    !setting
}

impl Policy {
    /// What an agent shows before any policy says otherwise: nothing (design: a roll-out is silent).
    pub fn silent() -> Self {
        Self {
            hide_tray: true,
            support: Support::default(),
            icons: None,
            shortcut: None,
            keep_in_view: false,
            menu: Vec::new(),
        }
    }

    /// The entry called `id`, at any depth.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        entries(&self.menu).find(|entry| entry.id == *id)
    }

    /// The first "Customer Online Portal", in reading order: what `deskbell-agent open` and the launcher take (AGT-18).
    pub fn first_portal_entry(&self) -> Option<&Entry> {
        entries(&self.menu).find(|entry| matches!(entry.kind, EntryKind::Portal { .. }))
    }
}

/// All entries in reading order, submenus before what is in them.
pub fn entries(menu: &[Entry]) -> Box<dyn Iterator<Item = &Entry> + '_> {
    Box::new(menu.iter().flat_map(|entry| {
        let inside: Box<dyn Iterator<Item = &Entry>> = match &entry.kind {
            EntryKind::Submenu { entries: inside, .. } => entries(inside),
            EntryKind::Portal { .. }
            | EntryKind::Link { .. }
            | EntryKind::Separator {}
            | EntryKind::Information { .. }
            | EntryKind::Copy { .. } => Box::new(std::iter::empty()),
        };
        std::iter::once(entry).chain(inside)
    }))
}

/// One thing wrong with a menu, and where: a JSON pointer (RFC 6901) from the menu on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Such as `/2/label/text`.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// Everything that keeps `menu` from being saved (POL-07); empty when it is good. `max_entries` counts all levels.
pub fn menu_faults(menu: &[Entry], max_entries: usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    let count = entries(menu).count();
    if count > max_entries {
        faults.push(Fault {
            pointer: String::new(),
            detail: format!("has {count} entries; at most {max_entries} are shown"),
        });
    }
    let mut seen = BTreeSet::new();
    level_faults(menu, "", 1, &mut seen, &mut faults);
    faults
}

fn level_faults<'a>(
    menu: &'a [Entry],
    pointer: &str,
    depth: usize,
    seen: &mut BTreeSet<&'a EntryId>,
    faults: &mut Vec<Fault>,
) {
    if depth > MAX_DEPTH {
        faults.push(Fault {
            pointer: pointer.to_owned(),
            detail: format!("is nested more than {MAX_DEPTH} levels deep"),
        });
        return;
    }
    for (index, entry) in menu.iter().enumerate() {
        let here = format!("{pointer}/{index}");
        if !seen.insert(&entry.id) {
            faults.push(Fault {
                pointer: format!("{here}/id"),
                detail: format!("{} is the id of another entry", entry.id),
            });
        }
        if let Some(label) = entry.kind.label() {
            label_faults(label, &here, faults);
        }
        match &entry.kind {
            EntryKind::Submenu { entries, .. } if entries.is_empty() => {
                faults.push(Fault {
                    pointer: format!("{here}/entries"),
                    detail: "a submenu needs at least one entry".into(),
                });
            }
            EntryKind::Submenu { entries, .. } => {
                level_faults(entries, &format!("{here}/entries"), depth + 1, seen, faults);
            }
            EntryKind::Portal { .. }
            | EntryKind::Link { .. }
            | EntryKind::Separator {}
            | EntryKind::Information { .. }
            | EntryKind::Copy { .. } => {}
        }
    }
}

fn label_faults(label: &Label, here: &str, faults: &mut Vec<Fault>) {
    let translated = label.translations.iter().map(|(tag, text)| (format!("{here}/label/translations/{tag}"), text));
    for (pointer, text) in std::iter::once((format!("{here}/label/text"), &label.text)).chain(translated) {
        let length = text.to_string().chars().count();
        if length > MAX_LABEL_CHARACTERS {
            let detail = format!("has {length} characters; at most {MAX_LABEL_CHARACTERS} fit on a menu line");
            faults.push(Fault { pointer, detail });
        }
    }
}

impl EntryKind {
    /// What the line says, for every type but the separator.
    pub fn label(&self) -> Option<&Label> {
        match self {
            Self::Portal { label, .. }
            | Self::Link { label, .. }
            | Self::Submenu { label, .. }
            | Self::Information { label }
            | Self::Copy { label, .. } => Some(label),
            Self::Separator {} => None,
        }
    }
}

impl From<TextTemplate> for Label {
    fn from(text: TextTemplate) -> Self {
        Self { text, translations: BTreeMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn information(id: &str, text: &str) -> Entry {
        let label = text.parse::<TextTemplate>().expect("a label").into();
        Entry { id: id.parse().expect("an id"), kind: EntryKind::Information { label } }
    }

    fn submenu(id: &str, entries: Vec<Entry>) -> Entry {
        let label = "More".parse::<TextTemplate>().expect("a label").into();
        Entry { id: id.parse().expect("an id"), kind: EntryKind::Submenu { label, entries } }
    }

    #[test]
    fn a_label_is_shown_in_the_nearest_language() {
        let label = Label {
            text: "Help".parse().expect("a label"),
            translations: [("de", "Hilfe"), ("pt-BR", "Ajuda")]
                .map(|(tag, text)| (tag.to_owned(), text.parse().expect("a label")))
                .into(),
        };
        for (language, words) in [("de-AT", "Hilfe"), ("DE", "Hilfe"), ("pt-BR", "Ajuda"), ("pt", "Help"), ("", "Help")]
        {
            assert_eq!(label.expand(language, &Values::default()), words, "{language}");
        }
    }

    /// POL-07: each fault has its own message beside its field.
    #[test]
    fn every_fault_of_a_menu_is_named_with_its_place() {
        let deep =
            submenu("d1", vec![submenu("d2", vec![submenu("d3", vec![submenu("d4", vec![information("d5", "x")])])])]);
        let menu = [information("a", &"x".repeat(129)), information("a", "again"), submenu("empty", vec![]), deep];

        let pointers: Vec<_> = menu_faults(&menu, 4).into_iter().map(|fault| fault.pointer).collect();

        assert_eq!(pointers, ["", "/0/label/text", "/1/id", "/2/entries", "/3/entries/0/entries/0/entries/0/entries"]);
    }

    #[test]
    fn an_entry_is_found_at_any_depth() {
        let policy = Policy { menu: vec![submenu("more", vec![information("inside", "x")])], ..Policy::silent() };
        assert!(policy.entry(&"inside".parse().expect("an id")).is_some());
        assert!(policy.entry(&"absent".parse().expect("an id")).is_none());
    }
}
