//! What the firmware and the installation say of the computer.

use std::path::{Path, PathBuf};

use sysinfo::Product;
use windows_registry::LOCAL_MACHINE;

use crate::platform::firmware::plain;
pub use crate::platform::firmware::system_product;

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
