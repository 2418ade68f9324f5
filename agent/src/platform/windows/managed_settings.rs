//! Settings that are managed centrally: what group policies and device management write into the registry.

use std::{collections::BTreeMap, io};

use windows_registry::{Key, LOCAL_MACHINE};

use crate::config::managed::REGISTRY_KEY;

/// What is managed, by key.
pub fn managed_settings() -> io::Result<BTreeMap<String, String>> {
    let Ok(key) = LOCAL_MACHINE.open(REGISTRY_KEY) else { return Ok(BTreeMap::new()) };
    let mut settings = BTreeMap::new();
    read(&key, "", &mut settings)?;
    for table in key.keys()? {
        read(&key.open(&table)?, &format!("{table}."), &mut settings)?;
    }
    Ok(settings)
}

/// A value that is no text is read as an empty one, and refused as such.
fn read(key: &Key, prefix: &str, settings: &mut BTreeMap<String, String>) -> io::Result<()> {
    for (name, value) in key.values()? {
        settings.insert(format!("{prefix}{name}"), String::try_from(value).unwrap_or_default());
    }
    Ok(())
}
