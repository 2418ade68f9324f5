//! A computer that enrolls again, recognized by its serial number (AGT-12).

use crate::domain::asset::AssetState;

/// What makers write where no serial number is, in upper case.
const PLACEHOLDERS: [&str; 13] = [
    "TO BE FILLED BY O.E.M.",
    "SYSTEM SERIAL NUMBER",
    "CHASSIS SERIAL NUMBER",
    "DEFAULT STRING",
    "NOT APPLICABLE",
    "NOT AVAILABLE",
    "NOT SPECIFIED",
    "SERIAL NUMBER",
    "0123456789",
    "123456789",
    "UNKNOWN",
    "INVALID",
    "NONE",
];

/// The shortest that tells computers apart.
const MIN_CHARACTERS: usize = 4;

/// A serial number as it is compared; empty for one that tells nothing.
pub fn serial_key(serial: &str) -> String {
    let key = serial.trim().to_uppercase();
    let first = key.chars().next();
    let says_nothing = key.chars().count() < MIN_CHARACTERS
        || key.chars().all(|character| Some(character) == first)
        || PLACEHOLDERS.contains(&key.as_str());
    if says_nothing { String::new() } else { key }
}

/// Why an asset cannot take over from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Nothing proposes it.
    NotProposed,
    /// The new one is out of use.
    Retired,
    /// The old one is: there is nothing to take over from.
    PredecessorRetired,
}

/// Whether an asset in the state `new` may take over from its proposed predecessor in the state `old`. Staff who confirm
/// it approve the computer as well, so the new one may still wait.
pub fn check(new: AssetState, old: AssetState) -> Result<(), Obstacle> {
    match (new, old) {
        (AssetState::Retired, _) => Err(Obstacle::Retired),
        (_, AssetState::Retired) => Err(Obstacle::PredecessorRetired),
        (
            AssetState::WaitingForApproval | AssetState::Enrolled,
            AssetState::WaitingForApproval | AssetState::Enrolled,
        ) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_compared_without_case_and_surrounding_space() {
        assert_eq!(serial_key(" 5cg1234xyz "), serial_key("5CG1234XYZ"));
        assert_ne!(serial_key("5CG1234XYZ"), serial_key("5CG1234XYA"));
    }

    #[test]
    fn what_makers_write_in_place_of_a_serial_number_tells_nothing() {
        for placeholder in
            ["", "0", "N/A", "0000000000", "........", "Default string", "To be filled by O.E.M.", "none"]
        {
            assert_eq!(serial_key(placeholder), "", "{placeholder}");
        }
    }

    #[test]
    fn only_two_assets_in_use_can_change_places() {
        use AssetState::{Enrolled, Retired, WaitingForApproval};
        for new in [WaitingForApproval, Enrolled] {
            assert_eq!(check(new, Enrolled), Ok(()));
            assert_eq!(check(new, Retired), Err(Obstacle::PredecessorRetired));
        }
        assert_eq!(check(Retired, Enrolled), Err(Obstacle::Retired));
    }
}
