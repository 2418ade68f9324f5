//! What the firmware and the installation say of the computer.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::platform::SystemProduct;

const MACHINE_ID: &str = "etc/machine-id";
const FIRMWARE: &str = "sys/class/dmi/id";

/// The folder below which a computer describes itself whose agent keeps its files under `root`: `root`, where that has a
/// machine id of its own as a system's root has, else this system's.
pub fn machine_folder(root: &Path) -> PathBuf {
    if root.join(MACHINE_ID).exists() { root.to_owned() } else { PathBuf::from("/") }
}

/// What a copy of this computer's disk would not have on another computer, and what a new installation on this one
/// would not have: the installation's id and the mainboard's.
pub fn machine_marks(machine: &Path) -> Vec<String> {
    let firmware = machine.join(FIRMWARE);
    let marks = [machine.join(MACHINE_ID), firmware.join("product_uuid"), firmware.join("product_serial")];
    marks.iter().map(|mark| line(mark)).collect()
}

/// What the firmware calls this computer.
pub fn system_product(machine: &Path) -> SystemProduct {
    let firmware = machine.join(FIRMWARE);
    SystemProduct {
        serial: line(&firmware.join("product_serial")),
        manufacturer: line(&firmware.join("sys_vendor")),
        model: line(&firmware.join("product_name")),
    }
}

fn line(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.trim().chars().filter(|c| !c.is_control()).take(128).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_with_a_machine_id_is_a_computer_of_its_own() {
        let root = tempfile::tempdir().expect("a folder");
        assert_eq!(machine_folder(root.path()), Path::new("/"));

        fs::create_dir_all(root.path().join("etc")).expect("a folder");
        fs::write(root.path().join(MACHINE_ID), "0123\n").expect("written");

        assert_eq!(machine_folder(root.path()), root.path());
        assert_eq!(machine_marks(root.path()), ["0123", "", ""]);
    }
}
