//! One computer's agent: its folder, its service, its tray, its command line.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, ensure};
use deskbell_protocol::ipc::Status;
use rustix::process::Pid;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{process::Command, sync::watch, time::timeout};

use crate::support::{
    bus::Bus,
    child::{ChildProcess, Log},
    deadline,
    person::{self, InstalledPrograms, Person},
    programs::Programs,
    recorded_browser::RecordedBrowser,
    screen::Screen,
};

/// The installed agent of one computer.
#[derive(Debug)]
pub struct Agent {
    root: PathBuf,
    logs: Option<PathBuf>,
    programs: Programs,
    _folder: Option<TempDir>,
}

/// What a command line said and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Standard output as JSON.
    pub fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("reading as JSON: {self:?}"))
    }
}

impl Agent {
    /// Installs an agent into a new folder, for the server at `server`, with an enrollment token where there is one.
    pub fn install(server: &str, enrollment_token: Option<&str>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making an agent's folder")?;
        let root = folder.path().to_owned();
        let agent = Self { root, logs: None, programs: Programs::built()?.clone(), _folder: Some(folder) };
        agent.use_server(server)?;
        if let Some(token) = enrollment_token {
            agent.give_enrollment_token(token)?;
        }
        Ok(agent)
    }

    /// The agent whose files are under `root` and stay there. Its programs log into files in `logs`.
    pub fn at(root: &Path, logs: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(root).with_context(|| format!("making {}", root.display()))?;
        Ok(Self {
            root: root.to_owned(),
            logs: Some(logs.to_owned()),
            programs: Programs::built()?.clone(),
            _folder: None,
        })
    }

    /// Writes the server's address into the agent's configuration.
    pub fn use_server(&self, server: &str) -> anyhow::Result<()> {
        let path = self.root.join("agent.toml");
        fs::write(&path, format!("server = \"{server}\"\n")).with_context(|| format!("writing {}", path.display()))
    }

    /// Puts an enrollment token where the service looks for it.
    pub fn give_enrollment_token(&self, token: &str) -> anyhow::Result<()> {
        let path = self.root.join("enrollment-token");
        let written = fs::write(&path, format!("{token}\n"));
        written
            .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o600)))
            .with_context(|| format!("writing {}", path.display()))
    }

    /// Whether the agent has an identity already.
    pub fn is_enrolled(&self) -> bool {
        self.root.join("state").join("identity.json").exists()
    }

    /// The program `deskbell-agent`.
    pub fn program(&self) -> &Path {
        &self.programs.agent
    }

    /// The folder that `--root` names.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Starts the service.
    pub fn start_service(&self) -> anyhow::Result<Service> {
        let process = ChildProcess::start("service", self.command().arg("run"), &self.log("service"))?;
        Ok(Service { lines: process.lines(), process })
    }

    /// Starts the service through a program that becomes it, such as `env NAME=VALUE`.
    pub fn start_service_through(&self, wrapper: &[&str]) -> anyhow::Result<Service> {
        let (first, rest) = wrapper.split_first().context("no program to start the service through")?;
        let mut command = Command::new(first);
        command.args(rest).arg(&self.programs.agent).arg("--root").arg(&self.root).arg("run").kill_on_drop(true);
        let process = ChildProcess::start("service", &mut command, &self.log("service"))?;
        Ok(Service { lines: process.lines(), process })
    }

    /// Runs other programs than the built ones from here on.
    pub fn use_programs(&mut self, programs: &InstalledPrograms) {
        self.programs.agent = programs.path("deskbell-agent");
        self.programs.tray = programs.path("deskbell-tray");
    }

    /// Makes the folder a computer of its own, which has this machine id and serial number.
    pub fn describe_machine(&self, machine_id: &str, serial: &str) -> anyhow::Result<()> {
        for (file, text) in [("etc/machine-id", machine_id), ("sys/class/dmi/id/product_serial", serial)] {
            let path = self.root.join(file);
            fs::create_dir_all(path.parent().context("a file without a folder")?)?;
            fs::write(&path, format!("{text}\n")).with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(())
    }

    /// A computer whose disk is a copy of this one's.
    pub fn copy(&self) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making an agent's folder")?;
        let root = folder.path().to_owned();
        let copied = std::process::Command::new("cp").arg("-a").arg(self.root.join(".")).arg(&root).status()?;
        ensure!(copied.success(), "copying {}", self.root.display());
        Ok(Self { root, logs: None, programs: self.programs.clone(), _folder: Some(folder) })
    }

    /// Installs the computer's system anew: nothing of the agent's state stays.
    pub fn forget_state(&self) -> anyhow::Result<()> {
        fs::remove_dir_all(self.root.join("state")).context("removing the agent's state")
    }

    /// Starts the tray in the session that this program runs in.
    pub fn start_tray_here(&self) -> anyhow::Result<ChildProcess> {
        ChildProcess::start("tray", &mut self.tray_command(), &self.log("tray"))
    }

    /// Starts the tray of a session of its own: on `bus`, with `browser` as the person's browser.
    pub fn start_tray(&self, bus: &Bus, browser: &RecordedBrowser) -> anyhow::Result<ChildProcess> {
        let mut command = self.session_tray(bus, browser);
        ChildProcess::start("tray", command.env_remove("DISPLAY"), &self.log("tray"))
    }

    /// The same, with a screen whose clipboard the tray can use.
    pub fn start_tray_on(&self, bus: &Bus, browser: &RecordedBrowser, screen: &Screen) -> anyhow::Result<ChildProcess> {
        let mut command = self.session_tray(bus, browser);
        ChildProcess::start("tray", command.env("DISPLAY", screen.display()), &self.log("tray"))
    }

    /// Starts the tray of a person of another user id, who reads `language`.
    pub fn start_tray_as(
        &self,
        person: &Person,
        programs: &InstalledPrograms,
        bus: &Bus,
        browser: &RecordedBrowser,
        language: &str,
    ) -> anyhow::Result<ChildProcess> {
        let mut command = person.command(programs.path("deskbell-tray"));
        command
            .arg("--root")
            .arg(&self.root)
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
            .env("BROWSER", browser.program())
            .env("LANG", language);
        ChildProcess::start("tray", &mut command, &self.log("tray"))
    }

    /// Runs `deskbell-agent` with the words of `arguments` as a desktop's launcher does: in a session, without a
    /// terminal.
    pub fn launcher(&self, arguments: &str, bus: &Bus, browser: &RecordedBrowser) -> anyhow::Result<ChildProcess> {
        let mut command = self.command();
        command
            .args(arguments.split_whitespace())
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
            .env("BROWSER", browser.program());
        ChildProcess::start("launcher", &mut command, &self.log("launcher"))
    }

    /// Opens the folder to everybody, as the system's folders are; what is in it has permissions of its own.
    pub fn open_to_all(&self) -> anyhow::Result<()> {
        person::open_to_all(&self.root)
    }

    fn session_tray(&self, bus: &Bus, browser: &RecordedBrowser) -> Command {
        let mut command = self.tray_command();
        command
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
            .env("BROWSER", browser.program())
            .env("LANG", "en_US.UTF-8")
            .env_remove("LC_ALL")
            .env_remove("LANGUAGE")
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    /// Runs `deskbell-agent` with `arguments` to its end.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<Outcome> {
        let what = || format!("running deskbell-agent {}", arguments.join(" "));
        let output = timeout(deadline::PATIENT, self.command().args(arguments).env_remove("BROWSER").output())
            .await
            .with_context(what)?
            .with_context(what)?;
        Ok(Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// What `deskbell-agent status --json` says.
    pub async fn status(&self) -> anyhow::Result<Status> {
        let outcome = self.run(&["status", "--json"]).await?;
        serde_json::from_str(&outcome.stdout).with_context(|| format!("reading the status: {outcome:?}"))
    }

    /// Waits until the status is such that `holds`, asking again whenever the service says anything in its log.
    pub async fn until_status(
        &self,
        service: &Service,
        within: Duration,
        what: &str,
        holds: impl Fn(&Status) -> bool,
    ) -> anyhow::Result<Status> {
        let mut lines = service.lines.clone();
        let mut seen = None;
        let waiting = async {
            loop {
                lines.mark_unchanged();
                // Until the service listens there is no status.
                seen = self.status().await.ok();
                if let Some(status) = seen.as_ref().filter(|status| holds(status)) {
                    return Ok(status.clone());
                }
                lines.changed().await.context("the service ended")?;
            }
        };
        let ended = timeout(within, waiting).await;
        match ended {
            Ok(status) => status,
            Err(_) => anyhow::bail!("waited {within:?} for {what}; the last status was {seen:#?}"),
        }
    }

    fn tray_command(&self) -> Command {
        let mut command = Command::new(&self.programs.tray);
        command.arg("--root").arg(&self.root);
        command
    }

    fn log(&self, name: &str) -> Log {
        let file = |logs: &PathBuf| Log::File(logs.join(format!("{name}.log")));
        self.logs.as_ref().map_or(Log::StandardError, file)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.programs.agent);
        command.arg("--root").arg(&self.root).env("LANG", "en_US.UTF-8").kill_on_drop(true);
        command
    }
}

/// A running service.
#[derive(Debug)]
pub struct Service {
    process: ChildProcess,
    lines: watch::Receiver<Vec<String>>,
}

impl Service {
    /// Ends the service in order.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.process.stop().await
    }

    /// Kills the service (SIGKILL).
    pub async fn kill(self) -> anyhow::Result<()> {
        self.process.kill().await
    }

    /// The process id, while the service runs.
    pub fn pid(&self) -> Option<Pid> {
        self.process.pid()
    }

    /// Waits until the service ended by itself, and returns its exit code.
    pub async fn ended(&mut self) -> anyhow::Result<i32> {
        self.process.ended().await
    }

    /// Every line of the service's log, growing.
    pub fn lines(&self) -> watch::Receiver<Vec<String>> {
        self.lines.clone()
    }
}
