//! The steps of the MSI that no table can express.
//!
//! One gives the server's address and the enrollment token to the agent. Registry, INI files, arguments of programs: whatever a table writes, Windows Installer writes into its log, too.
//!
//! The agent gets the token through a pipe, and what it says about it goes into the installation's log.
//!
//! The other removes what the agent wrote, when the agent goes for good: tables know only what they installed.

#[cfg(windows)]
mod session;

#[cfg(windows)]
use std::{
    io::{ErrorKind, Write as _},
    os::windows::process::CommandExt as _,
    path::Path,
    process::{Command, Stdio},
};

#[cfg(windows)]
use self::session::Session;

/// The action went well.
#[cfg(windows)]
const SUCCESS: u32 = 0;
/// The installation must be rolled back.
#[cfg(windows)]
const INSTALL_FAILURE: u32 = 1603;
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// Windows Installer calls this, as the system's account, with a session whose data is the agent's folder, the server's
/// address, whether the tray is hidden at first, the token and the folder, with bars between them.
#[cfg(windows)]
#[expect(unsafe_code, reason = "Windows Installer finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "system" fn configure(session: u32) -> u32 {
    let session = Session::from(session);
    match session.data().map_err(|error| error.to_string()).and_then(|data| enroll(&data)) {
        Ok(words) => {
            session.log(&words);
            SUCCESS
        }
        Err(words) => {
            session.complain(&words);
            INSTALL_FAILURE
        }
    }
}

/// Windows Installer calls this with a session whose data is the folder that nobody needs any more.
#[cfg(windows)]
#[expect(unsafe_code, reason = "Windows Installer finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "system" fn forget(session: u32) -> u32 {
    let session = Session::from(session);
    match session.data().and_then(std::fs::remove_dir_all) {
        Err(error) if error.kind() != ErrorKind::NotFound => session.log(&format!("Failed to remove data: {error}")),
        _ => {}
    }
    SUCCESS
}

/// Has the agent keep address and token for its service, and returns what it says.
#[cfg(windows)]
fn enroll(data: &str) -> Result<String, String> {
    let parts: Vec<_> = data.splitn(5, '|').collect();
    let [programs, server, hide_tray, token, folder] = parts[..] else {
        return Err("SERVER_URL and ENROLLMENT_TOKEN are needed together.".to_owned());
    };
    let mut agent = Command::new(Path::new(programs).join("deskbell-agent.exe"));
    agent.args(["enroll", "--later", "--server", server, "--token-file", "-"]).creation_flags(CREATE_NO_WINDOW);
    if !hide_tray.is_empty() {
        agent.args(["--hide-tray", if hide_tray == "0" { "false" } else { "true" }]);
    }
    if !folder.is_empty() {
        agent.arg(format!("--folder={folder}"));
    }
    agent.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut run = || {
        let mut running = agent.spawn()?;
        if let Some(mut input) = running.stdin.take() {
            input.write_all(token.as_bytes())?;
        }
        running.wait_with_output()
    };
    let output = run().map_err(|error| format!("deskbell-agent.exe does not start: {error}"))?;
    let words = String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).trim().to_owned();
    if output.status.success() { Ok(words) } else { Err(words) }
}
