//! A menu as a tray host sees it over `com.canonical.dbusmenu`.

use std::collections::HashMap;

use anyhow::Context;
use zbus::zvariant::{OwnedValue, Structure, Value};

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLine {
    /// What `Event` calls it. Valid until the layout changes.
    pub id: i32,
    /// What a person reads, without mnemonics.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// A line between groups.
    pub separator: bool,
    /// Whether it opens a further menu.
    pub submenu: bool,
    /// The lines of that menu.
    pub lines: Vec<MenuLine>,
}

impl MenuLine {
    /// Reads a layout item, a `(ia{sv}av)`, and all below it.
    pub fn from_layout(layout: &Value<'_>) -> anyhow::Result<Self> {
        let structure = layout.downcast_ref::<Structure<'_>>().context("reading a menu item")?;
        let [id, properties, children] = structure.fields() else {
            anyhow::bail!("a menu item has {} fields instead of 3", structure.fields().len());
        };
        let properties: HashMap<String, OwnedValue> =
            properties.try_clone()?.try_into().context("reading a menu item's properties")?;
        let children: Vec<OwnedValue> = children.try_clone()?.try_into().context("reading a menu item's children")?;
        let text = |name: &str| properties.get(name).and_then(|value| value.downcast_ref::<&str>().ok());
        Ok(Self {
            id: id.downcast_ref().context("reading a menu item's id")?,
            label: without_mnemonics(text("label").unwrap_or_default()),
            enabled: properties.get("enabled").and_then(|value| value.downcast_ref().ok()).unwrap_or(true),
            separator: text("type") == Some("separator"),
            submenu: text("children-display") == Some("submenu"),
            lines: children.iter().map(|child| Self::from_layout(child)).collect::<anyhow::Result<_>>()?,
        })
    }

    /// The menu below this line as text: one line each, two spaces per level; `---` for a separator, brackets around
    /// what cannot be chosen, ` >` behind what opens a menu.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| line.text_at(0)).collect()
    }

    /// The ids from the menu's top to the line whose labels are `path`, such as `["More", "Handbook"]`.
    pub fn path(&self, path: &[&str]) -> Option<Vec<i32>> {
        let (label, rest) = path.split_first()?;
        let line = self.lines.iter().find(|line| line.label == *label)?;
        let mut ids = vec![line.id];
        if !rest.is_empty() {
            ids.extend(line.path(rest)?);
        }
        Some(ids)
    }

    fn text_at(&self, level: usize) -> String {
        let line = match self {
            Self { separator: true, .. } => "---".to_owned(),
            Self { submenu: true, label, .. } => format!("{label} >"),
            Self { enabled: false, label, .. } => format!("[{label}]"),
            Self { label, .. } => label.clone(),
        };
        let below: String = self.lines.iter().map(|line| line.text_at(level + 1)).collect();
        format!("{:indent$}{line}\n{below}", "", indent = 2 * level)
    }
}

/// `_` marks a mnemonic, `__` is an underscore.
fn without_mnemonics(label: &str) -> String {
    label.split("__").map(|part| part.replace('_', "")).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: i32, label: &str) -> MenuLine {
        MenuLine { id, label: label.into(), enabled: true, separator: false, submenu: false, lines: Vec::new() }
    }

    #[test]
    fn a_label_is_read_as_a_person_reads_it() {
        for (written, read) in [("_File", "File"), ("a__b", "a_b"), ("x___y", "x_y"), ("PC-042", "PC-042")] {
            assert_eq!(without_mnemonics(written), read, "{written}");
        }
    }

    #[test]
    fn a_menu_is_written_line_by_line_and_searched_by_labels() {
        let more = MenuLine { submenu: true, lines: vec![line(3, "Handbook")], ..line(2, "More") };
        let about = MenuLine { enabled: false, ..line(4, "PC-042") };
        let separator = MenuLine { separator: true, ..line(5, "") };
        let menu = MenuLine { lines: vec![line(1, "Portal"), separator, more, about], ..line(0, "") };

        assert_eq!(menu.text(), "Portal\n---\nMore >\n  Handbook\n[PC-042]\n");
        assert_eq!(menu.path(&["More", "Handbook"]), Some(vec![2, 3]));
        assert_eq!(menu.path(&["More", "Absent"]), None);
    }
}
