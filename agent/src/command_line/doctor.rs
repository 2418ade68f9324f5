//! `deskbell-agent doctor`: checks what the agent needs, each with what to do about it.

use deskbell_protocol::{
    AgentState,
    ipc::{Status, ToClient, ToService},
};
use serde::Serialize;

use crate::{
    command_line::{ask, complaint::Complaint, print, print_json, runtime},
    config::{Config, Network, ServerUrl},
    paths::Paths,
    platform::DesktopSession,
    service::server_client::{ServerClient, install_tls},
    tray::TrayHost,
};

/// One line of the doctor's.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

impl Check {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: true, detail: detail.into() }
    }

    fn problem(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: false, detail: detail.into() }
    }
}

pub(super) fn doctor(paths: &Paths, json: bool) -> Result<(), Complaint> {
    let config = Config::load(&paths.config);
    let status = match ask(&paths.socket, &ToService::Status) {
        Ok(ToClient::Status { status }) => Ok(*status),
        Ok(_) => Err(Complaint::OddAnswer),
        Err(complaint) => Err(complaint),
    };
    // The service's environment may name another server than the file.
    let in_use = status.as_ref().ok().and_then(|status| status.server.as_ref()?.parse().ok());
    let server = in_use.or_else(|| config.as_ref().ok()?.server.clone());
    let network = config.as_ref().map(|config| config.network.clone()).unwrap_or_default();
    let mut checks = vec![
        match &config {
            Ok(_) => Check::ok("configuration", paths.config.display().to_string()),
            Err(error) => Check::problem("configuration", format!("{error}. Correct the file.")),
        },
        service(&status),
    ];
    checks.extend(status.as_ref().ok().map(standing));
    checks.push(reachable(server, network)?);
    checks.extend(tray_host());
    let problems = checks.iter().filter(|check| !check.ok).count();
    if json {
        print_json(&checks);
    } else {
        let line = |check: &Check| {
            let verdict = if check.ok { "ok" } else { "problem" };
            format!("{verdict:<8} {:<14} {}\n", check.name, check.detail)
        };
        print(&checks.iter().map(line).collect::<String>());
    }
    if problems == 0 { Ok(()) } else { Err(Complaint::Unhealthy(problems)) }
}

fn service(status: &Result<Status, Complaint>) -> Check {
    match status {
        Ok(status) => Check::ok("service", format!("running, version {}", status.version)),
        Err(complaint) => Check::problem("service", complaint.to_string()),
    }
}

fn standing(status: &Status) -> Check {
    const NAME: &str = "identity";
    match status.state {
        AgentState::Enrolled => Check::ok(NAME, "enrolled"),
        AgentState::NotEnrolled => {
            Check::problem(NAME, "not enrolled. Run `deskbell-agent enroll` with a token of your MSP.")
        }
        AgentState::WaitingForApproval => {
            Check::problem(NAME, "waiting for approval. Staff approve this computer on the server.")
        }
        AgentState::Refused => {
            Check::problem(NAME, "the server does not know this computer. Enroll again with a new token.")
        }
        AgentState::Retired => Check::problem(NAME, "retired by staff. Enroll again if that was a mistake."),
    }
}

fn reachable(server: Option<ServerUrl>, network: Network) -> Result<Check, Complaint> {
    const NAME: &str = "server";
    let Some(server) = server else {
        return Ok(Check::problem(NAME, "none is configured. Run `deskbell-agent enroll`."));
    };
    install_tls();
    let client = ServerClient::new(server.clone(), network);
    Ok(match runtime()?.block_on(client.health()) {
        Ok(()) => Check::ok(NAME, format!("{server} answers")),
        Err(error) => {
            Check::problem(NAME, format!("{server}: {error}. Check address, network, proxy and certificate."))
        }
    })
}

fn tray_host() -> Vec<Check> {
    const NAME: &str = "tray host";
    match DesktopSession::connect() {
        Err(error) => {
            let detail = format!("none ({error}). Run this inside a desktop session to check its tray.");
            vec![Check::problem("desktop", detail)]
        }
        Ok(session) => {
            let host = match session.tray_host() {
                TrayHost::Present => Check::ok(NAME, "the desktop shows tray icons"),
                TrayHost::Overflow => Check::ok(NAME, "the icon is in the overflow of the task bar"),
                TrayHost::WatcherOnly | TrayHost::Absent => Check::problem(
                    NAME,
                    "the desktop shows no tray icons. Add a tray to its panel (GNOME: the AppIndicator extension).",
                ),
            };
            vec![Check::ok("desktop", "connected"), host]
        }
    }
}
