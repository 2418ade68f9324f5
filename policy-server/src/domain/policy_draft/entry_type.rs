//! The types of entries that the builder offers, each with what a new one says.

use deskbell_protocol::EntryId;

use super::DraftEntry;
use crate::domain::policy::DEFAULT_DESTINATION;

/// A type of entry (AGT-04).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryType {
    /// "Customer Online Portal" (SYN-35).
    Portal,
    /// A link.
    Link,
    /// More entries, one level down.
    Submenu,
    /// A line between groups.
    Separator,
    /// A line to read.
    Information,
    /// Copies a text.
    Copy,
}

/// The field of an entry that is not its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// What the field is called.
    pub title: &'static str,
    /// What belongs there.
    pub hint: &'static str,
    /// Its name in the document.
    pub pointer: &'static str,
}

impl EntryType {
    /// In the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Portal, Self::Link, Self::Submenu, Self::Separator, Self::Information, Self::Copy];

    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Link => "link",
            Self::Submenu => "submenu",
            Self::Separator => "separator",
            Self::Information => "information",
            Self::Copy => "copy",
        }
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entry_type| entry_type.name() == name)
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Portal => "Customer Online Portal",
            Self::Link => "Link",
            Self::Submenu => "Submenu",
            Self::Separator => "Separator",
            Self::Information => "Information",
            Self::Copy => "Copy a text",
        }
    }

    /// The field beside the label, where there is one.
    pub fn target(self) -> Option<Target> {
        match self {
            Self::Portal => Some(Target {
                title: "URL",
                hint: "A path of the portal, or an address on it. Empty: the new-ticket form.",
                pointer: "destination",
            }),
            Self::Link => Some(Target {
                title: "Link",
                hint: "Begins with https://, mailto: or tel:. Variables may follow the host.",
                pointer: "url",
            }),
            Self::Copy => {
                Some(Target { title: "Text to copy", hint: "May have several lines and variables.", pointer: "text" })
            }
            Self::Submenu | Self::Separator | Self::Information => None,
        }
    }

    /// A new entry, filled in where most will want the same.
    pub(super) fn new_entry(self, id: EntryId) -> DraftEntry {
        let (label, target) = match self {
            Self::Portal => ("Customer Online Portal", DEFAULT_DESTINATION),
            Self::Link => ("Website", "https://"),
            Self::Submenu => ("More", ""),
            Self::Separator => ("", ""),
            Self::Information => ("{{asset}}", ""),
            Self::Copy => ("Copy computer details", "{{computer}}\n{{serial}}\n{{os}}"),
        };
        DraftEntry {
            id,
            entry_type: self,
            label: label.into(),
            translations: Vec::new(),
            target: target.into(),
            entries: Vec::new(),
        }
    }
}
