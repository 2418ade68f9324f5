//! What the firmware says of the computer, through IOKit.

use std::path::{Path, PathBuf};

use sysinfo::Product;

use crate::platform::firmware::plain;
pub use crate::platform::firmware::system_product;

/// The folder below which a computer describes itself. A Mac describes itself in none.
pub fn machine_folder(_root: &Path) -> PathBuf {
    PathBuf::new()
}

/// What a copy of this computer's disk would not have on another computer: `IOPlatformUUID` and the serial number. A new
/// installation has no id of its own.
pub fn machine_marks(_machine: &Path) -> Vec<String> {
    vec![plain(Product::uuid().ok()), plain(Product::serial_number().ok())]
}
