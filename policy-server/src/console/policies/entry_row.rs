//! An entry as the builder's form shows it.

use deskbell_protocol::EntryId;

use super::super::forms::FormErrors;
use crate::domain::policy_draft::{DraftEntry, Edit, EntryType};

/// One entry, with what can be done to it.
pub(super) struct EntryRow {
    pub(super) depth: usize,
    pub(super) id: EntryId,
    pub(super) entry_type: EntryType,
    pub(super) label: String,
    /// With an empty one at the end.
    pub(super) translations: Vec<(String, String)>,
    pub(super) target: String,
    /// The submenu that it is in.
    pub(super) within: Option<String>,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    pub(super) follows_submenu: bool,
    /// What has the focus: the name of a button, or "label".
    pub(super) focus: &'static str,
    /// Where it is in the document, without the first slash.
    pointer: String,
}

impl EntryRow {
    /// What the row is called for whoever hears the page.
    pub(super) fn name(&self) -> String {
        if self.entry_type == EntryType::Separator { "separator".into() } else { self.label.clone() }
    }

    /// What is wrong with a field of it.
    pub(super) fn fault<'a>(&self, errors: &'a FormErrors, field: &str) -> Option<&'a str> {
        errors.of(&format!("{}/{field}", self.pointer))
    }

    /// Whether anything is wrong with a translation.
    pub(super) fn has_bad_translation(&self, errors: &FormErrors) -> bool {
        self.translations.iter().any(|(language, _)| self.translation_fault(errors, language).is_some())
    }

    /// What is wrong with a translation.
    pub(super) fn translation_fault<'a>(&self, errors: &'a FormErrors, language: &str) -> Option<&'a str> {
        self.fault(errors, &format!("label/translations/{language}"))
    }
}

/// The rows of a draft, top to bottom; the entry of the last edit has the focus.
pub(super) fn rows(entries: &[DraftEntry], last_edit: Option<&Edit>) -> Vec<EntryRow> {
    let mut rows = Vec::new();
    add_rows(entries, None, "menu/entries", 0, &mut rows);
    if let Some(edit) = last_edit {
        set_focus(&mut rows, edit);
    }
    rows
}

fn add_rows(entries: &[DraftEntry], within: Option<&str>, pointer: &str, depth: usize, rows: &mut Vec<EntryRow>) {
    for (index, entry) in entries.iter().enumerate() {
        let here = format!("{pointer}/{index}");
        rows.push(EntryRow {
            depth,
            id: entry.id.clone(),
            entry_type: entry.entry_type,
            label: entry.label.clone(),
            translations: entry.translations.iter().cloned().chain([Default::default()]).collect(),
            target: entry.target.clone(),
            within: within.map(str::to_owned),
            is_first: index == 0,
            is_last: index + 1 == entries.len(),
            follows_submenu: index > 0 && entries[index - 1].entry_type == EntryType::Submenu,
            focus: "",
            pointer: here.clone(),
        });
        add_rows(&entry.entries, Some(&entry.label), &format!("{here}/entries"), depth + 1, rows);
    }
}

/// The button that was pressed, so that it can be pressed again; where it is gone, one that is there.
fn set_focus(rows: &mut [EntryRow], edit: &Edit) {
    let (id, wanted) = match edit {
        Edit::Add(_, id, _) | Edit::Before(id, _) | Edit::Below(id, _) => (id, "label"),
        Edit::Up(id) => (id, "up"),
        Edit::Down(id) => (id, "down"),
        Edit::Into(id) => (id, "out"),
        Edit::Out(id) => (id, "into"),
        Edit::Remove(_) | Edit::RemoveDarkIcon => return,
    };
    let Some(row) = rows.iter_mut().find(|row| row.id == *id) else { return };
    row.focus = match wanted {
        "label" if row.entry_type == EntryType::Separator => "remove",
        "up" | "down" if row.is_first && row.is_last => "remove",
        "up" if row.is_first => "down",
        "down" if row.is_last => "up",
        "into" if !row.follows_submenu => "remove",
        other => other,
    };
}
