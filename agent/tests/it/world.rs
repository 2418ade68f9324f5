//! One computer: a root folder, the programs, and the service that runs on it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use deskbell_agent::ipc::client;
use deskbell_protocol::ipc::{Status, ToClient, ToService};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::policy_server::PolicyServer;

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const ENROLL: &str = "POST /agent/v1/enroll";
pub(crate) const POLICY: &str = "GET /agent/v1/policy";
pub(crate) const LAUNCH: &str = "POST /agent/v1/launch";

/// A computer that knows a policy server.
pub(crate) struct World {
    root: TempDir,
    pub(crate) server: PolicyServer,
}

/// A running service; it ends with the value.
pub(crate) struct Service(Child);

impl World {
    pub(crate) fn new() -> Self {
        Self { root: TempDir::new().expect("a folder"), server: PolicyServer::start() }
    }

    /// A computer whose administrator left address and enrollment token.
    pub(crate) fn with_token() -> Self {
        let world = Self::new();
        world.write("agent.toml", &format!("server = \"{}\"\n", world.server.url()));
        world.write("enrollment-token", "token-1\n");
        world
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path(file), text).expect("written");
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.path("agent.sock")
    }

    /// Runs `deskbell-agent` with `arguments` to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        ended(self.start(arguments, ""))
    }

    /// Starts `deskbell-agent` with `arguments` and `input`.
    pub(crate) fn start(&self, arguments: &[&str], input: &str) -> Child {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        // A program that ends before it reads shows in its exit code.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        child
    }

    /// Starts the service; its log goes to the test's.
    pub(crate) fn serve(&self) -> Service {
        Service(self.command().arg("run").stdin(Stdio::null()).spawn().expect("started"))
    }

    /// The same, with `variable` set in the service's environment.
    pub(crate) fn serve_with(&self, variable: &str, value: &str) -> Service {
        let mut command = self.command();
        command.arg("run").env(variable, value).env("SSL_CERT_DIR", "/nonexistent");
        Service(command.stdin(Stdio::null()).spawn().expect("started"))
    }

    /// What the service says of itself, as soon as `is_expected` is true of it.
    pub(crate) fn status(&self, is_expected: impl Fn(&Status) -> bool) -> Status {
        let mut last = None;
        wait_for(|| {
            if let Ok(ToClient::Status { status }) = client::ask(&self.socket(), &ToService::Status) {
                let fits = is_expected(&status);
                last = Some(status);
                return fits;
            }
            false
        })
        .unwrap_or_else(|()| panic!("this is not the expected status: {last:#?}"));
        *last.expect("a status")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell-agent"));
        command.arg("--root").arg(self.root.path()).env("LANG", "de_DE.UTF-8").env("TZ", "UTC");
        for variable in ["LC_ALL", "LC_MESSAGES", "BROWSER", "DESKBELL_AGENT__SERVER"] {
            command.env_remove(variable);
        }
        command
    }
}

impl Service {
    /// Asks the service to end, and waits until it has.
    pub(crate) fn stop(mut self) {
        let id = i32::try_from(self.0.id()).expect("a process");
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGTERM).expect("told");
        assert!(self.0.wait().expect("ended").success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a program printed that ends within the patience; one that does not is killed.
pub(crate) fn ended(mut child: Child) -> Output {
    if wait_for(|| child.try_wait().expect("a child").is_some()).is_err() {
        child.kill().expect("killed");
        panic!("it did not end within {PATIENCE:?}: {:?}", child.wait_with_output());
    }
    child.wait_with_output().expect("ended")
}

/// Looks again and again, until it is so or patience ends.
pub(crate) fn wait_for(mut is_so: impl FnMut() -> bool) -> Result<(), ()> {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        if Instant::now() > deadline {
            return Err(());
        }
        thread::park_timeout(Duration::from_millis(5));
    }
    Ok(())
}

pub(crate) fn exit_code(output: &Output) -> i32 {
    output.status.code().expect("no signal ended it")
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Who may do what with a file, as `chmod` writes it.
pub(crate) fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).expect("there").permissions()) & 0o777
}

pub(crate) fn enrolled() -> Value {
    json!({"asset_id": "018f0000-0000-7000-8000-000000000001", "agent_token": "agent-token", "state": "enrolled"})
}

pub(crate) fn policy(hide_tray: bool) -> Value {
    json!({
        "policy": {
            "hide_tray": hide_tray,
            "support": {"name": "Northwind IT", "phone": "+1 555", "email": "help@northwind.example"},
            "menu": [
                {"id": "portal", "type": "portal", "label": {"text": "Portal", "translations": {"de": "Hilfe"}}},
                {"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://kb.example/{{asset}}"}
            ]
        },
        "values": {"asset": "PC-042"}
    })
}
