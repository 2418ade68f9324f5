//! A policy while somebody writes it: everything as typed, right or wrong, and the edits that the builder offers. Nothing
//! of it counts before it is saved (POL-06).

mod entry_type;
mod moves;
mod setting;

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use deskbell_protocol::{Entry, EntryId, EntryKind, Fault, Label, TemplateError, TextTemplate};

use super::policy::{MenuMode, MenuPart, PolicyDocument, Settings};

pub use entry_type::EntryType;
pub use setting::{DraftIcons, DraftText, IconShade, SettingState};

/// What a text that cannot be read is replaced by where a menu is shown all the same.
const UNREADABLE: &str = "…";
/// The same for a link.
const UNREADABLE_LINK: &str = "https://unreadable.invalid/";

/// A policy as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyDraft {
    /// Its name.
    pub name: String,
    /// Whether this policy says anything about the tray; else what is above it counts.
    pub sets_tray: bool,
    /// "Hide System Tray" (SYN-34).
    pub hides_tray: bool,
    /// What the tray is called; off: the MSP's own name.
    pub brand_name: DraftText,
    /// The tray's icons; off: Deskbell's own.
    pub icons: DraftIcons,
    /// The tray's keyboard shortcut; off: none.
    pub shortcut: DraftText,
    /// Whether Windows is asked to keep the icon in view.
    pub keep_in_view: SettingState,
    /// How its entries meet the inherited ones.
    pub mode: MenuMode,
    /// Its entries.
    pub entries: Vec<DraftEntry>,
}

/// An entry as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftEntry {
    /// Kept across edits (POL-03).
    pub id: EntryId,
    /// What the line is.
    pub entry_type: EntryType,
    /// What the line says; of a separator nothing.
    pub label: String,
    /// Languages and what the line says in them.
    pub translations: Vec<(String, String)>,
    /// A destination, a link, or a text to copy; see [`EntryType::target`].
    pub target: String,
    /// What is in a submenu.
    pub entries: Vec<DraftEntry>,
}

/// A change of the entries that needs no typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A new entry at the end of a submenu, or of the menu, with an id that no other has.
    Add(EntryType, EntryId, Option<EntryId>),
    /// One place up within its submenu.
    Up(EntryId),
    /// One place down within its submenu.
    Down(EntryId),
    /// Into the submenu above it.
    Into(EntryId),
    /// Out of its submenu, to right below it.
    Out(EntryId),
    /// In front of another entry, wherever that is.
    Before(EntryId, EntryId),
    /// Right below the line of another entry: behind it, or as the first in it when it is a submenu.
    Below(EntryId, EntryId),
    /// Away, with everything in it.
    Remove(EntryId),
    /// No icon of its own for dark desktops.
    RemoveDarkIcon,
}

impl PolicyDraft {
    /// A policy that is new: it hides the tray until somebody unchecks that.
    pub fn new() -> Self {
        Self { sets_tray: true, hides_tray: true, mode: MenuMode::After, ..Self::default() }
    }

    /// A saved policy, to be changed.
    pub fn of(name: &str, document: &PolicyDocument) -> Self {
        Self {
            name: name.to_owned(),
            sets_tray: document.settings.hide_tray.is_some(),
            hides_tray: document.settings.hide_tray.unwrap_or(false),
            brand_name: DraftText::of(document.settings.brand_name.as_ref()),
            icons: DraftIcons::of(document.settings.icons.as_ref()),
            shortcut: DraftText::of(document.settings.shortcut.as_ref()),
            keep_in_view: document.settings.keep_in_view.into(),
            mode: document.menu.mode,
            entries: document.menu.entries.iter().map(DraftEntry::of).collect(),
        }
    }

    /// What was typed as a document, with stand-ins for what cannot be read, and what cannot be read.
    pub fn document(&self) -> (PolicyDocument, Vec<Fault>) {
        let mut faults = Vec::new();
        if self.hides_tray && !self.sets_tray {
            let detail = "is checked, but not set here: check \"Set here\", too, or uncheck it".into();
            faults.push(Fault { pointer: "/settings/hide_tray".into(), detail });
        }
        let settings = Settings {
            hide_tray: self.sets_tray.then_some(self.hides_tray),
            brand_name: self.brand_name.read("/settings/brand_name", &mut faults),
            icons: self.icons.read("/settings/icons", &mut faults),
            shortcut: self.shortcut.read("/settings/shortcut", &mut faults),
            keep_in_view: self.keep_in_view.into(),
        };
        let entries = read_entries(&self.entries, "/menu/entries", &mut faults);
        (PolicyDocument { settings, menu: MenuPart { mode: self.mode, entries } }, faults)
    }

    /// The languages that any entry has words in, beside the MSP's own.
    pub fn languages(&self) -> Vec<String> {
        let mut languages = BTreeSet::new();
        let mut levels = vec![&self.entries];
        while let Some(level) = levels.pop() {
            for entry in level {
                languages.extend(entry.translations.iter().map(|(language, _)| language.clone()));
                levels.push(&entry.entries);
            }
        }
        languages.into_iter().collect()
    }

    /// Makes an edit. One that makes no sense, such as up from the top, changes nothing.
    pub fn apply(&mut self, edit: Edit) {
        match edit {
            Edit::Add(entry_type, id, submenu) => {
                if self.mode == MenuMode::Inherit {
                    self.mode = MenuMode::After;
                }
                let new = entry_type.new_entry(id);
                match submenu.and_then(|submenu| moves::inside(&mut self.entries, &submenu)) {
                    Some(inside) => inside.push(new),
                    None => self.entries.push(new),
                }
            }
            Edit::Up(id) => moves::up(&mut self.entries, &id),
            Edit::Down(id) => moves::down(&mut self.entries, &id),
            Edit::Into(id) => moves::into(&mut self.entries, &id),
            Edit::Out(id) => moves::out(&mut self.entries, &id),
            Edit::Before(id, other) => moves::before(&mut self.entries, &id, &other),
            Edit::Below(id, other) => moves::below(&mut self.entries, &id, &other),
            Edit::Remove(id) => drop(moves::take(&mut self.entries, &id)),
            Edit::RemoveDarkIcon => self.icons.dark = None,
        }
    }
}

impl DraftEntry {
    fn of(entry: &Entry) -> Self {
        let (entry_type, target, entries) = match &entry.kind {
            EntryKind::Portal { destination, .. } => {
                (EntryType::Portal, destination.clone().unwrap_or_default(), &[][..])
            }
            EntryKind::Link { url, .. } => (EntryType::Link, url.to_string(), &[][..]),
            EntryKind::Submenu { entries, .. } => (EntryType::Submenu, String::new(), &entries[..]),
            EntryKind::Separator {} => (EntryType::Separator, String::new(), &[][..]),
            EntryKind::Information { .. } => (EntryType::Information, String::new(), &[][..]),
            EntryKind::Copy { text, .. } => (EntryType::Copy, text.to_string(), &[][..]),
        };
        let label = entry.kind.label();
        let translations = label.map(|label| &label.translations).into_iter().flatten();
        Self {
            id: entry.id.clone(),
            entry_type,
            label: label.map(|label| label.text.to_string()).unwrap_or_default(),
            translations: translations.map(|(language, text)| (language.clone(), text.to_string())).collect(),
            target,
            entries: entries.iter().map(Self::of).collect(),
        }
    }

    fn read(&self, here: &str, faults: &mut Vec<Fault>) -> Entry {
        let label = self.read_label(here, faults);
        let kind = match self.entry_type {
            EntryType::Portal => {
                EntryKind::Portal { label, destination: (!self.target.is_empty()).then(|| self.target.clone()) }
            }
            EntryType::Link => {
                EntryKind::Link { label, url: read(&self.target, UNREADABLE_LINK, format!("{here}/url"), faults) }
            }
            EntryType::Submenu => {
                EntryKind::Submenu { label, entries: read_entries(&self.entries, &format!("{here}/entries"), faults) }
            }
            EntryType::Separator => EntryKind::Separator {},
            EntryType::Information => EntryKind::Information { label },
            EntryType::Copy => {
                EntryKind::Copy { label, text: read(&self.target, UNREADABLE, format!("{here}/text"), faults) }
            }
        };
        Entry { id: self.id.clone(), kind }
    }

    fn read_label(&self, here: &str, faults: &mut Vec<Fault>) -> Label {
        if self.entry_type == EntryType::Separator {
            return Label { text: stand_in(UNREADABLE), translations: BTreeMap::new() };
        }
        let text = read(&self.label, UNREADABLE, format!("{here}/label/text"), faults);
        let mut translations = BTreeMap::new();
        for (language, words) in &self.translations {
            let pointer = format!("{here}/label/translations/{language}");
            if language.is_empty() || !language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                faults.push(Fault { pointer, detail: "needs a language such as de or pt-BR".into() });
                continue;
            }
            let words: TextTemplate = read(words, UNREADABLE, pointer.clone(), faults);
            if translations.insert(language.clone(), words).is_some() {
                faults.push(Fault { pointer, detail: format!("has the language {language} twice") });
            }
        }
        Label { text, translations }
    }
}

fn read_entries(entries: &[DraftEntry], pointer: &str, faults: &mut Vec<Fault>) -> Vec<Entry> {
    entries.iter().enumerate().map(|(index, entry)| entry.read(&format!("{pointer}/{index}"), faults)).collect()
}

fn read<T: FromStr<Err = TemplateError>>(
    text: &str,
    instead: &'static str,
    pointer: String,
    faults: &mut Vec<Fault>,
) -> T {
    text.parse().unwrap_or_else(|error: TemplateError| {
        faults.push(Fault { pointer, detail: error.to_string() });
        stand_in(instead)
    })
}

fn stand_in<T: FromStr<Err = TemplateError>>(text: &'static str) -> T {
    text.parse().expect("the stand-ins are readable")
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::policy::entries;
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> EntryId {
        text.parse().expect("an id")
    }

    fn draft(edits: impl IntoIterator<Item = Edit>) -> PolicyDraft {
        let mut draft = PolicyDraft { name: "Standard".into(), ..PolicyDraft::new() };
        for edit in edits {
            draft.apply(edit);
        }
        draft
    }

    fn ids(draft: &PolicyDraft) -> Vec<String> {
        entries(&draft.document().0.menu.entries).map(|entry| entry.id.to_string()).collect()
    }

    fn every_type() -> PolicyDraft {
        draft(EntryType::ALL.map(|entry_type| Edit::Add(entry_type, id(entry_type.name()), None)))
    }

    #[test]
    fn a_new_entry_of_each_type_can_be_saved_with_few_words() {
        let mut draft = every_type();
        draft.apply(Edit::Into(id("separator")));
        for entry in &mut draft.entries {
            if entry.entry_type == EntryType::Link {
                entry.target.push_str("example.com/");
            }
        }
        let (document, unreadable) = draft.document();
        assert_eq!(unreadable, []);
        assert_eq!(crate::domain::policy::faults(&document, &[]), []);
    }

    #[test]
    fn the_first_own_entry_ends_the_plain_inheritance_that_has_none() {
        let mut draft = PolicyDraft { mode: MenuMode::Inherit, ..PolicyDraft::new() };
        draft.apply(Edit::Add(EntryType::Portal, id("a"), None));
        assert_eq!(draft.mode, MenuMode::After);
    }

    #[test]
    fn the_tray_is_on_off_or_not_configured() {
        for (sets_tray, hides_tray, hide_tray, faults) in [
            (true, true, Some(true), 0),
            (true, false, Some(false), 0),
            (false, false, None, 0),
            (false, true, None, 1),
        ] {
            let (document, found) = PolicyDraft { sets_tray, hides_tray, ..PolicyDraft::new() }.document();
            assert_eq!((document.settings.hide_tray, found.len()), (hide_tray, faults), "{sets_tray} {hides_tray}");
        }
    }

    /// One message per fault, each with the pointer of its field.
    #[test]
    fn what_cannot_be_read_is_named_field_by_field() {
        let mut draft = every_type();
        for entry in &mut draft.entries {
            entry.label = "{{nobody}}".into();
            entry.target = "javascript:alert(1) {{".into();
        }
        draft.entries[0].translations = vec![("de".into(), String::new()), ("d e".into(), "x".into())];
        let pointers: Vec<_> = draft.document().1.into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(
            pointers,
            [
                "/menu/entries/0/label/text",
                "/menu/entries/0/label/translations/de",
                "/menu/entries/0/label/translations/d e",
                "/menu/entries/1/label/text",
                "/menu/entries/1/url",
                "/menu/entries/2/label/text",
                "/menu/entries/4/label/text",
                "/menu/entries/5/label/text",
                "/menu/entries/5/text",
            ]
        );
    }

    #[test]
    fn entries_move_within_their_level_and_between_levels() {
        let add = |entry_type, name| Edit::Add(entry_type, id(name), None);
        let start = || {
            draft([
                add(EntryType::Link, "a"),
                add(EntryType::Submenu, "more"),
                add(EntryType::Link, "b"),
                add(EntryType::Link, "c"),
            ])
        };
        for (edits, order) in [
            (vec![Edit::Up(id("b"))], "a b more c"),
            (vec![Edit::Up(id("a"))], "a more b c"),
            (vec![Edit::Down(id("c"))], "a more b c"),
            (vec![Edit::Down(id("a"))], "more a b c"),
            (vec![Edit::Into(id("b"))], "a more(b) c"),
            (vec![Edit::Into(id("a"))], "a more b c"),
            (vec![Edit::Into(id("b")), Edit::Into(id("c"))], "a more(b c)"),
            (vec![Edit::Into(id("b")), Edit::Into(id("c")), Edit::Up(id("c"))], "a more(c b)"),
            (vec![Edit::Into(id("b")), Edit::Out(id("b"))], "a more b c"),
            (vec![Edit::Into(id("b")), Edit::Remove(id("more"))], "a c"),
            (vec![Edit::Before(id("c"), id("a"))], "c a more b"),
            (vec![Edit::Into(id("b")), Edit::Before(id("a"), id("b"))], "more(a b) c"),
            (vec![Edit::Into(id("b")), Edit::Before(id("more"), id("b"))], "a more(b) c"),
            (vec![Edit::Before(id("a"), id("a"))], "a more b c"),
            (vec![Edit::Below(id("a"), id("c"))], "more b c a"),
            (vec![Edit::Into(id("b")), Edit::Below(id("c"), id("more"))], "a more(c b)"),
            (vec![Edit::Into(id("b")), Edit::Below(id("more"), id("b"))], "a more(b) c"),
            (vec![Edit::Add(EntryType::Link, id("d"), Some(id("more")))], "a more(d) b c"),
            (vec![Edit::Add(EntryType::Link, id("d"), Some(id("a")))], "a more b c d"),
        ] {
            let mut draft = start();
            for edit in edits.clone() {
                draft.apply(edit);
            }
            assert_eq!(outline(&draft.entries), order, "{edits:?}");
        }
    }

    fn outline(entries: &[DraftEntry]) -> String {
        let outlines = entries.iter().map(|entry| match &entry.entries[..] {
            [] => entry.id.to_string(),
            inside => format!("{}({})", entry.id, outline(inside)),
        });
        outlines.collect::<Vec<_>>().join(" ")
    }

    fn edit() -> impl Strategy<Value = Edit> {
        let any_id = || (0..8_u8).prop_map(|number| id(&format!("e{number}")));
        prop_oneof![
            any_id().prop_map(Edit::Up),
            any_id().prop_map(Edit::Down),
            any_id().prop_map(Edit::Into),
            any_id().prop_map(Edit::Out),
            (any_id(), any_id()).prop_map(|(moved, other)| Edit::Before(moved, other)),
            (any_id(), any_id()).prop_map(|(moved, other)| Edit::Below(moved, other)),
        ]
    }

    proptest! {
        /// Whatever is moved where: nothing is lost, nothing is doubled, ids stay (POL-03).
        #[test]
        fn moving_keeps_every_entry(moves in proptest::collection::vec(edit(), 0..40)) {
            let types = [EntryType::Submenu, EntryType::Portal, EntryType::Link, EntryType::Submenu];
            let new = types.into_iter().cycle().take(8).enumerate();
            let mut draft = draft(new.map(|(number, entry_type)| Edit::Add(entry_type, id(&format!("e{number}")), None)));
            let mut before = ids(&draft);
            before.sort();
            for edit in moves {
                draft.apply(edit);
                let mut after = ids(&draft);
                after.sort();
                prop_assert_eq!(&after, &before);
            }
        }

        /// A saved policy that is opened and saved as it is stays the same, entry by entry.
        #[test]
        fn a_document_comes_out_as_it_went_in(
            hide_tray in any::<Option<bool>>(),
            keep_in_view in any::<Option<bool>>(),
            destinations in proptest::collection::vec(any::<bool>(), 1..5),
            words in "[a-z]{1,9}",
        ) {
            let mut draft = every_type();
            draft.apply(Edit::Into(id("separator")));
            draft.entries.retain(|entry| entry.entry_type != EntryType::Link);
            for (number, destination) in destinations.into_iter().enumerate() {
                let mut portal = EntryType::Portal.new_entry(id(&format!("portal-{number}")));
                portal.target = if destination { format!("/{words}") } else { String::new() };
                portal.translations = vec![("de".into(), words.clone())];
                draft.entries.push(portal);
            }
            let (mut document, unreadable) = draft.document();
            prop_assert_eq!(unreadable, []);
            (document.settings.hide_tray, document.settings.keep_in_view) = (hide_tray, keep_in_view);
            let again = PolicyDraft::of("Standard", &document).document();
            prop_assert_eq!(again, (document, Vec::new()));
        }
    }
}
