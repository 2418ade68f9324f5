//! What the firmware and the installation say of the computer.

use std::{fs, path::Path};

/// The maker's words about the computer; empty where there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemProduct {
    /// Serial number.
    pub serial: String,
    /// Maker.
    pub manufacturer: String,
    /// Model.
    pub model: String,
}

/// What a copy of this computer's disk would not have on another computer, and what a new installation on this one
/// would not have: the installation's id and the mainboard's.
pub fn machine_marks() -> Vec<String> {
    let dmi = Path::new("/sys/class/dmi/id");
    [Path::new("/etc/machine-id"), &dmi.join("product_uuid"), &dmi.join("product_serial")].map(line).into()
}

/// What the firmware calls this computer.
pub fn system_product() -> SystemProduct {
    let dmi = Path::new("/sys/class/dmi/id");
    SystemProduct {
        serial: line(&dmi.join("product_serial")),
        manufacturer: line(&dmi.join("sys_vendor")),
        model: line(&dmi.join("product_name")),
    }
}

fn line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.trim().chars().filter(|c| !c.is_control()).take(128).collect()
}
