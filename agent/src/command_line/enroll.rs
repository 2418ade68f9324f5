//! `deskbell-agent enroll`: asks the server itself, so that its answer is on the screen at once, then tells a running
//! service to read the new files.
//!
//! Nothing is changed when the server says no. When it cannot be reached, address and token are left for the service.

use std::{
    io::{self, Read as _},
    path::Path,
};

use deskbell_protocol::EnrollState;
use serde_json::json;

use crate::{
    command_line::{complaint::Complaint, print, print_json, runtime},
    config::{Config, ServerUrl},
    durable_file,
    paths::Paths,
    platform,
    service::{
        enrollment, identity,
        instance_lock::InstanceLock,
        server_client::{ServerClient, install_tls},
    },
};

const MAX_TOKEN_BYTES: u64 = 4096;

/// What the command line says about the configuration.
pub(super) struct Wanted<'a> {
    pub server: &'a ServerUrl,
    /// Absent: what the file says.
    pub folder: Option<&'a str>,
    /// Absent: what the file says.
    pub hide_tray: Option<bool>,
}

pub(super) fn enroll(paths: &Paths, wanted: &Wanted<'_>, token_file: &Path, json: bool) -> Result<(), Complaint> {
    let server = wanted.server;
    let token = read_token(token_file)?;
    identity::check_can_save(paths).map_err(|error| Complaint::Files(format!("{error:#}")))?;
    install_tls();
    // A file that cannot be read is the service's to complain about; this command replaces its server.
    let Config { folder, network, .. } = Config::load(&paths.config).unwrap_or_default();
    let folder = wanted.folder.map(str::to_owned).or(folder);
    let client = ServerClient::new(server.clone(), network);
    let fingerprint = identity::machine_fingerprint(paths);
    let enrolled = runtime()?.block_on(enrollment::enroll(&client, paths, &token, folder, fingerprint));
    let (identity, state) = match enrolled {
        Ok(enrolled) => enrolled,
        Err(error) => {
            let complaint = Complaint::about_enrollment(server.to_string(), error);
            if matches!(complaint, Complaint::EnrollsLater { .. }) {
                save_for_later(paths, wanted, &token)?;
                tell_service(paths);
            }
            return Err(complaint);
        }
    };
    identity::save(&paths.identity(), &identity).map_err(|error| Complaint::Files(format!("{error:#}")))?;
    save_config(paths, wanted)?;
    durable_file::remove(&paths.enrollment_token).map_err(|error| files(&paths.enrollment_token, &error))?;
    tell_service(paths);
    if json {
        print_json(&json!({"asset_id": identity.asset_id, "state": state, "server": server}));
    } else {
        print(match state {
            EnrollState::Enrolled => "This computer is enrolled.",
            EnrollState::WaitingForApproval => "This computer is enrolled and waits for approval by staff.",
        });
    }
    Ok(())
}

/// Leaves address and token for the service. A computer that is this server's already keeps its identity, so that a
/// deployment tool can run the same installation again.
pub(super) fn enroll_later(paths: &Paths, wanted: &Wanted<'_>, token_file: &Path, json: bool) -> Result<(), Complaint> {
    let server = wanted.server;
    let token = read_token(token_file)?;
    let known = Config::load(&paths.config).is_ok_and(|config| config.server.as_ref() == Some(server));
    let enrolled = known && paths.identity().is_file();
    if !enrolled {
        save_for_later(paths, wanted, &token)?;
        tell_service(paths);
    }
    if json {
        print_json(&json!({"server": server, "enrolled": enrolled}));
    } else if enrolled {
        print("This computer is enrolled already.");
    } else {
        print("The service enrolls this computer as soon as it can.");
    }
    Ok(())
}

fn read_token(file: &Path) -> Result<String, Complaint> {
    let mut token = String::new();
    let read = if file == Path::new("-") {
        io::stdin().take(MAX_TOKEN_BYTES).read_to_string(&mut token)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(MAX_TOKEN_BYTES).read_to_string(&mut token))
    };
    let token = token.trim();
    if read.is_err() || token.is_empty() {
        return Err(Complaint::TokenUnreadable(file.display().to_string()));
    }
    Ok(token.to_owned())
}

fn save_for_later(paths: &Paths, wanted: &Wanted<'_>, token: &str) -> Result<(), Complaint> {
    save_config(paths, wanted)?;
    durable_file::replace_private(&paths.enrollment_token, token.as_bytes())
        .map_err(|error| files(&paths.enrollment_token, &error))
}

/// Leaves a file alone that says all of this already, with the administrator's comments in it.
fn save_config(paths: &Paths, wanted: &Wanted<'_>) -> Result<(), Complaint> {
    let found = Config::load_file(&paths.config);
    let mut config = found.as_ref().map(Config::clone).unwrap_or_default();
    config.server = Some(wanted.server.clone());
    config.folder = wanted.folder.map(str::to_owned).or(config.folder);
    config.hide_tray = wanted.hide_tray.or(config.hide_tray);
    if found.is_ok_and(|found| found == config) {
        return Ok(());
    }
    let text = toml::to_string(&config).map_err(|error| Complaint::Files(error.to_string()))?;
    let folder = paths.config.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| durable_file::replace_public(&paths.config, text.as_bytes()))
        .map_err(|error| files(&paths.config, &error))
}

/// A service that cannot be told reads the files when it starts the next time.
fn tell_service(paths: &Paths) {
    if InstanceLock::is_held(&paths.lock)
        && let Err(error) = platform::tell_service_to_reload(&paths.lock)
    {
        eprintln!("deskbell-agent: The running service was not told ({error}). Restart it.");
    }
}

fn files(path: &Path, error: &io::Error) -> Complaint {
    Complaint::Files(format!("{} cannot be written: {error}", path.display()))
}
