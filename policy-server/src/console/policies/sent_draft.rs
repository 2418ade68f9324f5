//! What the builder's form sends: the whole draft, and the button that was pressed.

use std::collections::HashMap;

use deskbell_protocol::EntryId;
use uuid::Uuid;

use crate::domain::{
    policy::MenuMode,
    policy_draft::{DraftEntry, DraftIcons, DraftText, Edit, EntryType, PolicyDraft, SettingState},
};

/// Submenus nest less deep; whoever sends more has not used the form.
const DEEPEST: usize = 8;

/// The draft and what is around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SentDraft {
    /// The draft.
    pub(super) draft: PolicyDraft,
    /// The version that it began with.
    pub(super) version: i64,
    /// How many assets the page said would change.
    pub(super) promised: usize,
    /// Whose menu is to be shown.
    pub(super) computer: String,
    /// In which language.
    pub(super) language: String,
    /// The submenu that new entries go into; absent: the menu itself.
    pub(super) add_into: Option<EntryId>,
    /// The button.
    pub(super) action: Action,
}

/// What a button asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Action {
    /// The page again, with the draft's menu.
    #[default]
    Preview,
    /// The page again, with a change of the entries.
    Edit(Edit),
    /// A new version.
    Save,
}

type Fields = HashMap<String, Vec<String>>;

impl SentDraft {
    /// Reads the form's fields. A new entry gets an id out of `new_id`.
    pub(super) fn read(pairs: Vec<(String, String)>, new_id: Uuid) -> Self {
        let mut fields = Fields::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value.replace("\r\n", "\n"));
        }
        let draft = PolicyDraft {
            name: first(&fields, "name").to_owned(),
            sets_tray: fields.contains_key("sets_tray"),
            hides_tray: fields.contains_key("hides_tray"),
            brand_name: setting(&fields, "brand_name"),
            icons: DraftIcons {
                state: SettingState::named(first(&fields, "icons_state")),
                light: first(&fields, "icon_light").parse().ok(),
                dark: first(&fields, "icon_dark").parse().ok(),
            },
            shortcut: setting(&fields, "shortcut"),
            keep_in_view: SettingState::named(first(&fields, "keep_in_view_state")),
            mode: mode(first(&fields, "mode")),
            entries: tree(all(&fields, "entry").iter().filter_map(|line| entry(&fields, line))),
        };
        let add_into = first(&fields, "add_into").parse().ok();
        Self {
            draft,
            version: first(&fields, "version").parse().unwrap_or_default(),
            promised: first(&fields, "promised").parse().unwrap_or_default(),
            computer: first(&fields, "computer").trim().to_owned(),
            language: first(&fields, "language").trim().to_owned(),
            action: action(first(&fields, "action"), new_id, add_into.as_ref()).unwrap_or_default(),
            add_into,
        }
    }
}

/// How entries can meet the inherited ones: as it stands in the form, and in words.
pub(super) const MODES: [(MenuMode, &str, &str); 4] = [
    (MenuMode::After, "after", "Stand below the inherited menu"),
    (MenuMode::Before, "before", "Stand above the inherited menu"),
    (MenuMode::Replace, "replace", "Replace the inherited menu"),
    (MenuMode::Inherit, "inherit", "There are none: the inherited menu stays"),
];

fn mode(name: &str) -> MenuMode {
    MODES.into_iter().find(|(_, known, _)| *known == name).map(|(mode, _, _)| mode).unwrap_or_default()
}

fn setting(fields: &Fields, name: &str) -> DraftText {
    let state = SettingState::named(first(fields, &format!("{name}_state")));
    DraftText { state, text: first(fields, name).to_owned() }
}

fn action(text: &str, new_id: Uuid, add_into: Option<&EntryId>) -> Option<Action> {
    let edit = match text.split_once(':') {
        None if text == "save" => return Some(Action::Save),
        None if text == "remove-dark-icon" => Edit::RemoveDarkIcon,
        None => {
            let entry_type = EntryType::named(text.strip_prefix("add-")?)?;
            Edit::Add(entry_type, new_entry_id(entry_type, new_id)?, add_into.cloned())
        }
        Some(("up", id)) => Edit::Up(id.parse().ok()?),
        Some(("down", id)) => Edit::Down(id.parse().ok()?),
        Some(("into", id)) => Edit::Into(id.parse().ok()?),
        Some(("out", id)) => Edit::Out(id.parse().ok()?),
        Some(("remove", id)) => Edit::Remove(id.parse().ok()?),
        Some((place @ ("before" | "below"), ids)) => {
            let (id, other) = ids.split_once(':')?;
            let (id, other) = (id.parse().ok()?, other.parse().ok()?);
            if place == "before" { Edit::Before(id, other) } else { Edit::Below(id, other) }
        }
        Some(_) => return None,
    };
    Some(Action::Edit(edit))
}

/// Such as `portal-5e1f0c8a9b3d`: unlike the ids of other policies, since menus of several meet.
fn new_entry_id(entry_type: EntryType, new_id: Uuid) -> Option<EntryId> {
    let digits = new_id.simple().to_string();
    format!("{}-{}", entry_type.name(), &digits[digits.len() - 12..]).parse().ok()
}

/// An entry and how deep it stands, of a line such as `1:link:link-5e1f0c8a9b3d`.
fn entry(fields: &Fields, line: &str) -> Option<(usize, DraftEntry)> {
    let [depth, entry_type, id]: [&str; 3] = line.splitn(3, ':').collect::<Vec<_>>().try_into().ok()?;
    let translations = all(fields, &format!("language-{id}")).iter().zip(all(fields, &format!("words-{id}")));
    let translations = translations.map(|(language, words)| (language.trim().to_owned(), words.clone()));
    let entry = DraftEntry {
        id: id.parse().ok()?,
        entry_type: EntryType::named(entry_type)?,
        label: first(fields, &format!("label-{id}")).to_owned(),
        translations: translations.filter(|(language, words)| !(language.is_empty() && words.is_empty())).collect(),
        target: first(fields, &format!("target-{id}")).to_owned(),
        entries: Vec::new(),
    };
    Some((depth.parse().ok()?, entry))
}

fn tree(lines: impl Iterator<Item = (usize, DraftEntry)>) -> Vec<DraftEntry> {
    let mut top = Vec::new();
    for (depth, entry) in lines {
        let mut level: &mut Vec<DraftEntry> = &mut top;
        for _ in 0..depth.min(DEEPEST) {
            if level.last().is_none_or(|last| last.entry_type != EntryType::Submenu) {
                break;
            }
            let last = level.len() - 1;
            level = &mut level[last].entries;
        }
        level.push(entry);
    }
    top
}

fn all<'a>(fields: &'a Fields, name: &str) -> &'a [String] {
    fields.get(name).map_or(&[], Vec::as_slice)
}

fn first<'a>(fields: &'a Fields, name: &str) -> &'a str {
    all(fields, name).first().map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> SentDraft {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        SentDraft::read(pairs.collect(), Uuid::from_u128(0x0123_4567_89ab))
    }

    #[test]
    fn the_form_comes_back_as_a_draft() {
        let sent = read(&[
            ("name", "Standard"),
            ("version", "3"),
            ("promised", "12"),
            ("sets_tray", "yes"),
            ("brand_name_state", "on"),
            ("brand_name", "Contoso Desk"),
            ("icons_state", "off"),
            ("icon_light", "nonsense"),
            ("shortcut", "Ctrl+F12"),
            ("keep_in_view_state", "on"),
            ("mode", "replace"),
            ("entry", "0:submenu:more"),
            ("label-more", "More"),
            ("entry", "1:copy:details"),
            ("label-details", "Copy"),
            ("language-details", "de"),
            ("words-details", "Kopieren"),
            ("language-details", ""),
            ("words-details", ""),
            ("target-details", "{{asset}}\r\n{{user}}"),
            ("entry", "0:separator:line"),
            ("action", "save"),
        ]);
        assert_eq!((sent.version, sent.promised, sent.action), (3, 12, Action::Save));
        let PolicyDraft { name, sets_tray, hides_tray, brand_name, icons, shortcut, keep_in_view, mode, entries } =
            sent.draft;
        assert_eq!((brand_name.state, brand_name.text.as_str()), (SettingState::On, "Contoso Desk"));
        assert_eq!(icons, DraftIcons { state: SettingState::Off, ..DraftIcons::default() });
        assert_eq!((shortcut.state, shortcut.text.as_str()), (SettingState::Inherit, "Ctrl+F12"));
        assert_eq!(keep_in_view, SettingState::On);
        assert_eq!((name.as_str(), sets_tray, hides_tray, mode), ("Standard", true, false, MenuMode::Replace));
        let [more, line] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!(
            (line.entry_type, &more.entries[0].translations),
            (EntryType::Separator, &vec![("de".to_owned(), "Kopieren".to_owned())],)
        );
        assert_eq!(more.entries[0].target, "{{asset}}\n{{user}}");
    }

    #[test]
    fn each_button_says_what_it_does() {
        let id = || "a".parse().expect("an id");
        let new = "link-0123456789ab".parse().expect("an id");
        for (value, action) in [
            ("save", Action::Save),
            ("preview", Action::Preview),
            ("", Action::Preview),
            ("add-link", Action::Edit(Edit::Add(EntryType::Link, new, None))),
            ("up:a", Action::Edit(Edit::Up(id()))),
            ("down:a", Action::Edit(Edit::Down(id()))),
            ("into:a", Action::Edit(Edit::Into(id()))),
            ("out:a", Action::Edit(Edit::Out(id()))),
            ("remove:a", Action::Edit(Edit::Remove(id()))),
            ("before:a:a", Action::Edit(Edit::Before(id(), id()))),
            ("below:a:a", Action::Edit(Edit::Below(id(), id()))),
            ("remove-dark-icon", Action::Edit(Edit::RemoveDarkIcon)),
            ("add-nothing", Action::Preview),
            ("up:NO ID", Action::Preview),
        ] {
            assert_eq!(read(&[("action", value)]).action, action, "{value}");
        }
    }

    /// Neither a level that does not exist nor one without end.
    #[test]
    fn entries_stand_where_there_is_a_submenu_for_them() {
        let mut pairs = vec![("entry".to_owned(), "7:link:first".to_owned())];
        pairs.extend((0..1000).map(|depth| ("entry".to_owned(), format!("{depth}:submenu:s{depth}"))));
        let mut level = &SentDraft::read(pairs, Uuid::nil()).draft.entries;
        let mut depth = 0;
        while let Some(last) = level.last() {
            (level, depth) = (&last.entries, depth + 1);
        }
        assert_eq!(depth, DEEPEST + 1);
    }
}
