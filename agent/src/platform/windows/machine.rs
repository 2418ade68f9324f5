//! What the firmware and the installation say of the computer.

use std::path::{Path, PathBuf};

use sysinfo::Product;
use windows_registry::LOCAL_MACHINE;

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

/// The folder below which a computer describes itself. Windows describes itself in none.
pub fn machine_folder(_root: &Path) -> PathBuf {
    PathBuf::new()
}

/// What a copy of this computer's disk would not have on another computer, and what a new installation on this one
/// would not have: the installation's id and the mainboard's.
pub fn machine_marks(_machine: &Path) -> Vec<String> {
    let installation =
        LOCAL_MACHINE.open(r"SOFTWARE\Microsoft\Cryptography").and_then(|key| key.get_string("MachineGuid"));
    vec![plain(installation.ok()), plain(Product::uuid().ok()), plain(Product::serial_number().ok())]
}

/// What the firmware calls this computer.
pub fn system_product(_machine: &Path) -> SystemProduct {
    SystemProduct {
        serial: plain(Product::serial_number().ok()),
        manufacturer: plain(Product::vendor_name().ok()),
        model: plain(Product::name().ok()),
    }
}

fn plain(text: Option<String>) -> String {
    text.unwrap_or_default().trim().chars().filter(|c| !c.is_control()).take(128).collect()
}
