//! Settings that are managed centrally: what a configuration profile brings.

use std::{collections::BTreeMap, fs, io};

use crate::platform::managed_preferences::settings;

/// Where the system keeps what profiles say to the whole computer about the domain `org.deskbell.agent`.
const MANAGED_PREFERENCES: &str = "/Library/Managed Preferences/org.deskbell.agent.plist";

/// What is managed, by key.
pub fn managed_settings() -> io::Result<BTreeMap<String, String>> {
    match fs::read(MANAGED_PREFERENCES) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        plist => settings(&plist?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
    }
}
