//! `deskbell-agent uninstall-state`: what an uninstallation with purge removes.

use std::{fs, io};

use serde_json::json;

use crate::{
    command_line::{complaint::Complaint, print, print_json},
    durable_file,
    paths::Paths,
    service::instance_lock::InstanceLock,
};

pub(super) fn uninstall_state(paths: &Paths, json: bool) -> Result<(), Complaint> {
    if InstanceLock::is_held(&paths.lock) {
        return Err(Complaint::ServiceRuns);
    }
    let folder = match fs::remove_dir_all(&paths.state) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err((&paths.state, error)),
        _ => Ok(()),
    };
    let files = [&paths.enrollment_token, &paths.socket, &paths.lock]
        .into_iter()
        .map(|file| durable_file::remove(file).map_err(|error| (file, error)));
    for outcome in std::iter::once(folder).chain(files) {
        outcome.map_err(|(path, error)| Complaint::Files(format!("{} cannot be removed: {error}", path.display())))?;
    }
    if json {
        print_json(&json!({"removed": true}));
    } else {
        print("This computer's identity and policy are removed; the configuration is still there.");
    }
    Ok(())
}
