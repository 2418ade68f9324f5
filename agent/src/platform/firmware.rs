//! What the firmware calls a computer that does not describe itself in files.

use std::path::Path;

use sysinfo::Product;

use crate::platform::SystemProduct;

/// What the firmware calls this computer.
pub fn system_product(_machine: &Path) -> SystemProduct {
    SystemProduct {
        serial: plain(Product::serial_number().ok()),
        manufacturer: plain(Product::vendor_name().ok()),
        model: plain(Product::name().ok()),
    }
}

/// What fits on one line of `text`.
pub(super) fn plain(text: Option<String>) -> String {
    text.unwrap_or_default().trim().chars().filter(|c| !c.is_control()).take(128).collect()
}
