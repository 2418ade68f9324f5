//! The keyboard shortcut that a policy sets, written as `Ctrl+F12` (AGT-21).

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

const LAST_FUNCTION_KEY: u8 = 24;

/// A key that is pressed while others are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("examples" = ["Ctrl+F12"])))]
#[serde(try_from = "String", into = "String")]
pub struct Shortcut {
    modifiers: BTreeSet<Modifier>,
    key: Key,
}

/// A key that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modifier {
    /// Ctrl, or Control on macOS.
    Ctrl,
    /// Alt, or Option on macOS.
    Alt,
    /// Shift.
    Shift,
    /// The key with the system's sign: Windows, Command, Super.
    Super,
}

/// The key that is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// F1 to F24.
    Function(u8),
    /// A to Z, 0 to 9.
    Character(char),
}

/// A text that is no shortcut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a shortcut is written as Ctrl+F12: Ctrl, Alt or Super, perhaps with Shift, each once, then one of A to Z, 0 to 9, \
     F1 to F24"
)]
pub struct InvalidShortcut;

impl Shortcut {
    /// What is held, in the order in which it is written.
    pub fn modifiers(&self) -> impl Iterator<Item = Modifier> {
        self.modifiers.iter().copied()
    }

    /// What is pressed.
    pub fn key(&self) -> Key {
        self.key
    }
}

impl FromStr for Shortcut {
    type Err = InvalidShortcut;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (held, key) = text.rsplit_once('+').ok_or(InvalidShortcut)?;
        let mut modifiers = BTreeSet::new();
        for name in held.split('+') {
            if !modifiers.insert(name.parse()?) {
                return Err(InvalidShortcut);
            }
        }
        // With Shift alone, typing would set it off.
        if modifiers.iter().all(|modifier| *modifier == Modifier::Shift) {
            return Err(InvalidShortcut);
        }
        Ok(Self { modifiers, key: key.parse()? })
    }
}

impl FromStr for Modifier {
    type Err = InvalidShortcut;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "Ctrl" => Ok(Self::Ctrl),
            "Alt" => Ok(Self::Alt),
            "Shift" => Ok(Self::Shift),
            "Super" => Ok(Self::Super),
            _ => Err(InvalidShortcut),
        }
    }
}

impl FromStr for Key {
    type Err = InvalidShortcut;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match *text.as_bytes() {
            [character @ (b'A'..=b'Z' | b'0'..=b'9')] => Ok(Self::Character(char::from(character))),
            [b'F', b'1'..=b'9', ..] => text[1..]
                .parse()
                .ok()
                .filter(|number| *number <= LAST_FUNCTION_KEY)
                .map(Self::Function)
                .ok_or(InvalidShortcut),
            _ => Err(InvalidShortcut),
        }
    }
}

impl TryFrom<String> for Shortcut {
    type Error = InvalidShortcut;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Shortcut> for String {
    fn from(shortcut: Shortcut) -> Self {
        shortcut.to_string()
    }
}

impl fmt::Display for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for modifier in &self.modifiers {
            write!(f, "{modifier:?}+")?;
        }
        match self.key {
            Key::Function(number) => write!(f, "F{number}"),
            Key::Character(character) => write!(f, "{character}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcut_is_read_strictly_and_written_in_one_order() {
        for (text, written) in [
            ("Ctrl+F12", "Ctrl+F12"),
            ("Shift+Ctrl+H", "Ctrl+Shift+H"),
            ("Super+Alt+0", "Alt+Super+0"),
            ("Ctrl+F24", "Ctrl+F24"),
        ] {
            assert_eq!(text.parse::<Shortcut>().map(|shortcut| shortcut.to_string()), Ok(written.to_owned()));
        }
    }

    #[test]
    fn anything_else_is_no_shortcut() {
        for bad in [
            "",
            "F12",
            "+F12",
            "Ctrl",
            "Ctrl+",
            "Ctrl++",
            "Ctrl+Ctrl+F1",
            "ctrl+F12",
            "CTRL+F12",
            "Control+F12",
            "Ctrl + F12",
            "Ctrl+f12",
            "Ctrl+h",
            "Ctrl+F0",
            "Ctrl+F01",
            "Ctrl+F25",
            "Ctrl+F1x",
            "Shift+H",
            "Ctrl+Space",
            "Ctrl+Ä",
            "Ctrl+H ",
            "Ctrl+F+1",
        ] {
            assert_eq!(bad.parse::<Shortcut>(), Err(InvalidShortcut), "{bad:?}");
        }
    }
}
