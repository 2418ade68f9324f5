//! Settings with a value while they are written: one of three states, and what was typed or uploaded for one of them (POL-02).

use std::{fmt::Display, str::FromStr};

use deskbell_protocol::{Fault, IconHash, Icons};

use crate::domain::setting::Switch;

/// What a policy says of a setting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SettingState {
    /// Nothing: what is above counts.
    #[default]
    Inherit,
    /// There is none, whatever is above.
    Off,
    /// What is in the field.
    On,
}

/// A setting that is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftText {
    /// What is chosen.
    pub state: SettingState,
    /// What is typed, whatever is chosen.
    pub text: String,
}

/// The icons, which are uploaded one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftIcons {
    /// What is chosen.
    pub state: SettingState,
    /// For light desktops, and for dark ones where there is no other.
    pub light: Option<IconHash>,
    /// For dark desktops.
    pub dark: Option<IconHash>,
}

/// Which of the two icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IconShade {
    /// The one for light desktops.
    Light,
    /// The one for dark desktops.
    Dark,
}

impl SettingState {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Inherit, Self::Off, Self::On];

    /// As it stands in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inherit => "inherit",
            Self::Off => "off",
            Self::On => "on",
        }
    }

    /// The state of this name; nothing is chosen without one.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or_default()
    }

    fn of<T>(setting: Option<&Switch<T>>) -> Self {
        match setting {
            None => Self::Inherit,
            Some(Switch::Off) => Self::Off,
            Some(Switch::On(_)) => Self::On,
        }
    }
}

impl From<Option<bool>> for SettingState {
    fn from(setting: Option<bool>) -> Self {
        match setting {
            None => Self::Inherit,
            Some(false) => Self::Off,
            Some(true) => Self::On,
        }
    }
}

impl From<SettingState> for Option<bool> {
    fn from(state: SettingState) -> Self {
        match state {
            SettingState::Inherit => None,
            SettingState::Off => Some(false),
            SettingState::On => Some(true),
        }
    }
}

impl DraftText {
    pub(super) fn of<T: Display>(setting: Option<&Switch<T>>) -> Self {
        let text = setting.and_then(Switch::value).map(ToString::to_string);
        Self { state: SettingState::of(setting), text: text.unwrap_or_default() }
    }

    /// As it stands in a document; what cannot be read is as if nothing was said.
    pub(super) fn read<T: FromStr<Err: Display>>(&self, pointer: &str, faults: &mut Vec<Fault>) -> Option<Switch<T>> {
        let mut fault = |detail: String| faults.push(Fault { pointer: pointer.into(), detail });
        match self.state {
            SettingState::On => match self.text.trim().parse() {
                Ok(value) => Some(Switch::On(value)),
                Err(error) => {
                    fault(error.to_string());
                    None
                }
            },
            SettingState::Off | SettingState::Inherit => {
                if !self.text.trim().is_empty() {
                    fault("is filled in, but another choice is made above: choose it, or empty it".into());
                }
                (self.state == SettingState::Off).then_some(Switch::Off)
            }
        }
    }
}

impl DraftIcons {
    pub(super) fn of(setting: Option<&Switch<Icons>>) -> Self {
        let icons = setting.and_then(Switch::value).cloned();
        let (light, dark) = icons.map(|Icons { light, dark }| (light, dark)).unzip();
        Self { state: SettingState::of(setting), light, dark: dark.flatten() }
    }

    /// One of the two.
    pub fn icon(&self, shade: IconShade) -> Option<&IconHash> {
        match shade {
            IconShade::Light => self.light.as_ref(),
            IconShade::Dark => self.dark.as_ref(),
        }
    }

    /// Takes an upload: whoever sends one wants icons of their own.
    pub fn take(&mut self, shade: IconShade, icon: IconHash) {
        self.state = SettingState::On;
        match shade {
            IconShade::Light => self.light = Some(icon),
            IconShade::Dark => self.dark = Some(icon),
        }
    }

    /// As they stand in a document.
    pub(super) fn read(&self, pointer: &str, faults: &mut Vec<Fault>) -> Option<Switch<Icons>> {
        match (self.state, &self.light) {
            (SettingState::Inherit, _) => None,
            (SettingState::Off, _) => Some(Switch::Off),
            (SettingState::On, Some(light)) => {
                Some(Switch::On(Icons { light: light.clone(), dark: self.dark.clone() }))
            }
            (SettingState::On, None) => {
                faults.push(Fault { pointer: format!("{pointer}/light"), detail: "is missing: choose a PNG".into() });
                None
            }
        }
    }
}

impl IconShade {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shade| shade.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::Shortcut;

    use super::*;

    /// POL-02: each of the three states comes out as it went in.
    #[test]
    fn a_setting_has_three_states_and_what_is_typed_for_another_one_is_not_dropped_unseen() {
        use SettingState::{Inherit, Off, On};
        for (state, text, setting, faults) in [
            (Inherit, "", None, 0),
            (Off, " ", Some(Switch::Off), 0),
            (On, " Ctrl+F12 ", Some(Switch::On("Ctrl+F12")), 0),
            (Inherit, "Ctrl+F12", None, 1),
            (Off, "Ctrl+F12", Some(Switch::Off), 1),
            (On, "F12", None, 1),
            (On, "", None, 1),
        ] {
            let mut found = Vec::new();
            let read = DraftText { state, text: text.into() }.read::<Shortcut>("/settings/shortcut", &mut found);
            let expected = setting.map(|setting| match setting {
                Switch::On(text) => Switch::On(text.parse().expect("a shortcut")),
                Switch::Off => Switch::Off,
            });
            assert_eq!((&read, found.len()), (&expected, faults), "{state:?} {text:?}");
            if faults == 0 {
                assert_eq!(DraftText::of(read.as_ref()), DraftText { state, text: text.trim().into() });
            }
        }
    }

    #[test]
    fn own_icons_need_one_for_light_desktops() {
        let icon = |digit: &str| digit.repeat(64).parse::<IconHash>().expect("a hash");
        let mut draft = DraftIcons::default();
        let mut faults = Vec::new();
        assert_eq!(draft.read("/settings/icons", &mut faults), None);
        draft.take(IconShade::Dark, icon("a"));
        assert_eq!((draft.read("/settings/icons", &mut faults), faults.len()), (None, 1));
        assert_eq!(faults[0].pointer, "/settings/icons/light");
        draft.take(IconShade::Light, icon("b"));
        let read = draft.read("/settings/icons", &mut faults);
        assert_eq!(read, Some(Switch::On(Icons { light: icon("b"), dark: Some(icon("a")) })));
        assert_eq!(DraftIcons::of(read.as_ref()), draft);
        draft.state = SettingState::Off;
        assert_eq!((draft.read("/settings/icons", &mut faults), faults.len()), (Some(Switch::Off), 1));
    }
}
