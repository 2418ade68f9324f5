//! A Windows computer of a test's own: a Wine prefix with a screen, a shell, and the agent as its installer would leave it.
//!
//! Wine has one session and one account. What it lacks is said where a test would need it.

mod task_bar;

use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    process::Command,
    time::{Instant, timeout},
};

use crate::support::{
    agent::Outcome,
    child::{ChildProcess, Log},
    deadline::PATIENT,
    keyboard,
    programs::workspace,
    screen::Screen,
    wine_prefix::{self, compile},
};

/// Where the installer puts the programs.
pub const PROGRAMS: &str = r"C:\Program Files\Deskbell";
/// The test's own program, and what belongs to it.
pub const DESK: &str = r"C:\desk";
const AGAIN: Duration = Duration::from_millis(300);

/// The computer. It is switched off with its owner.
#[derive(Debug)]
pub struct Wine {
    folder: TempDir,
    screen: Screen,
    /// What somebody has open, and the shell.
    running: Vec<ChildProcess>,
}

/// A line of a menu, as the system has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowsItem {
    /// 0 for the menu itself, 1 for a submenu.
    pub depth: usize,
    /// What choosing it sends.
    pub id: u32,
    /// `action`, `information`, `submenu` or `separator`.
    pub kind: String,
    /// What it says; two `&` are one.
    pub text: String,
}

impl Wine {
    /// Sets up a computer on which the agent's programs lie, and nothing runs but the shell.
    pub async fn start() -> anyhow::Result<Self> {
        let mut wine = Self::start_without_shell().await?;
        let size = r"HKCU\Software\Wine\Explorer\Desktops";
        wine.set_value(r"HKCU\Software\Wine\Explorer", "Desktop", "Default").await?;
        wine.set_value(size, "Default", "1024x768").await?;
        wine.start_shell().await?;
        Ok(wine)
    }

    /// The same without the shell. Wine's programs draw into the shell's window on X, and do not outlive it: here they draw nothing.
    pub async fn start_drawing_nothing() -> anyhow::Result<Self> {
        let wine = Self::start_without_shell().await?;
        wine.set_value(r"HKCU\Software\Wine\Drivers", "Graphics", "null").await?;
        Ok(wine)
    }

    async fn start_without_shell() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making a Wine prefix")?;
        let screen = Screen::start_with(1024, 768).await?;
        let mut wine = Self { folder, screen, running: Vec::new() };
        wine_prefix::fill(wine.folder.path())?;
        wine.add_files()?;
        wine.running.push(wine.start_desk(&["stay"])?);
        for scheme in ["http", "https", "mailto", "tel"] {
            let class = format!(r"HKCR\{scheme}");
            wine.set_value(&class, "URL Protocol", "").await?;
            wine.set_value(&format!(r"{class}\shell\open\command"), "", &format!("{DESK}\\desk.exe browse \"%1\""))
                .await?;
        }
        Ok(wine)
    }

    /// Puts the built programs and the test's own in their places.
    fn add_files(&self) -> anyhow::Result<()> {
        let built = workspace().join("target/tried/x86_64-pc-windows-gnu");
        let programs = self.path(PROGRAMS);
        fs::create_dir_all(&programs)?;
        for program in ["deskbell-agent.exe", "deskbell-tray.exe"] {
            let (from, to) = (built.join(program), programs.join(program));
            fs::copy(&from, to).with_context(|| {
                format!("{} is not there: run `cargo build-all --quick --target windows`", from.display())
            })?;
        }
        let desk = self.path(DESK);
        fs::create_dir_all(&desk)?;
        compile("menus.c", &desk.join("menus.dll"), &["-shared", "-luser32"])?;
        compile("desk.c", &desk.join("desk.exe"), &["-municode", "-lcrypt32"])
    }

    /// The file that Windows calls `path`.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("drive_c").join(path.trim_start_matches(r"C:\").replace('\\', "/"))
    }

    /// The folder of the one person whom Wine has.
    pub fn home(&self) -> anyhow::Result<String> {
        let mut people =
            fs::read_dir(self.path(r"C:\users"))?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let person = people.find(|name| name != "Public").context("nobody has a folder")?;
        Ok(format!(r"C:\users\{person}"))
    }

    /// Starts the shell, which has the task bar.
    async fn start_shell(&mut self) -> anyhow::Result<()> {
        let mut command = self.command("explorer");
        command.arg("/desktop=Default,1024x768");
        self.running.push(ChildProcess::start("explorer", &mut command, &Log::StandardError)?);
        self.until("a task bar", async || Ok(self.windows().await?.contains("\tShell_TrayWnd\t").then_some(()))).await
    }

    /// Presses keys, written as xdotool does, while the pointer is on the desktop.
    pub async fn press(&self, keys: &str) -> anyhow::Result<()> {
        self.point_at(500, 300).await?;
        keyboard::press(&self.screen, keys).await
    }

    /// Switches the computer off. What it keeps is on its disk from then on, the registry too.
    pub fn switch_off(&mut self) {
        self.running.clear();
        for argument in ["-k", "-w"] {
            let mut server = std::process::Command::new("wineserver");
            // Best effort: what it leaves ends with the prefix.
            let _ = server.arg(argument).env("WINEPREFIX", self.folder.path()).status();
        }
    }

    /// Switches the computer on, as [`Wine::start_drawing_nothing`] left it: what starts by itself does.
    pub fn switch_on(&mut self) -> anyhow::Result<()> {
        self.running.push(self.start_desk(&["stay"])?);
        Ok(())
    }

    /// Switches the computer off and on, and starts the shell.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.switch_off();
        self.start_shell().await?;
        self.switch_on()
    }

    /// Another computer, which has a copy of this one's disk and calls itself `id`. Both are off.
    pub async fn copied(&self, id: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making a Wine prefix")?;
        wine_prefix::copy(self.folder.path(), folder.path())?;
        let path = folder.path().join("system.reg");
        let registry = fs::read_to_string(&path).context("reading the registry")?;
        let name = "\"MachineGuid\"=";
        let old = registry.lines().find(|line| line.starts_with(name)).context("this Windows has no id")?;
        fs::write(&path, registry.replace(old, &format!("{name}\"{id}\"")))?;
        Ok(Self { folder, screen: Screen::start_with(1024, 768).await?, running: Vec::new() })
    }

    /// Where the computer's disk is, and beside it the registry while the computer is off.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a program of Windows to its end. What it prints goes into files: Wine's own processes, which go on, would keep
    /// a pipe open.
    pub async fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<Outcome> {
        let what = || format!("running {program} {}", arguments.join(" "));
        let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let mut command = self.command(program);
        command.args(arguments).stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
        let status = timeout(PATIENT, command.status()).await.with_context(what)??;
        Ok(Outcome { code: status.code().unwrap_or(-1), stdout: printed(&mut stdout)?, stderr: printed(&mut stderr)? })
    }

    /// The same for a program that must succeed; its output.
    pub async fn done(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let outcome = self.run(program, arguments).await?;
        ensure!(outcome.code == 0, "{program} {}: {outcome:?}", arguments.join(" "));
        Ok(outcome.stdout)
    }

    /// Runs `deskbell-agent`.
    pub async fn agent(&self, arguments: &[&str]) -> anyhow::Result<Outcome> {
        self.run(&format!(r"{PROGRAMS}\deskbell-agent.exe"), arguments).await
    }

    /// Runs the test's own program.
    pub async fn desk(&self, arguments: &[&str]) -> anyhow::Result<String> {
        self.done(&format!(r"{DESK}\desk.exe"), arguments).await
    }

    /// Starts the test's own program, which goes on.
    pub fn start_desk(&self, arguments: &[&str]) -> anyhow::Result<ChildProcess> {
        self.start_program(&format!(r"{DESK}\desk.exe"), arguments)
    }

    /// Starts `deskbell-agent`, as a launcher does: without a terminal.
    pub fn start_agent(&self, arguments: &[&str]) -> anyhow::Result<ChildProcess> {
        self.start_program(&format!(r"{PROGRAMS}\deskbell-agent.exe"), arguments)
    }

    /// Starts a program of Windows, which goes on.
    pub fn start_program(&self, program: &str, arguments: &[&str]) -> anyhow::Result<ChildProcess> {
        let name = program.rsplit('\\').next().unwrap_or(program);
        ChildProcess::start(name, self.command(program).args(arguments), &Log::StandardError)
    }

    /// Writes a text into the registry.
    pub async fn set_value(&self, key: &str, name: &str, text: &str) -> anyhow::Result<()> {
        let name: &[&str] = if name.is_empty() { &["/ve"] } else { &["/v", name] };
        self.done("reg", &[&["add", key, "/f", "/d", text], name].concat()).await.map(drop)
    }

    /// Writes a number into the registry.
    pub async fn set_number(&self, key: &str, name: &str, number: u32) -> anyhow::Result<()> {
        let number = number.to_string();
        self.done("reg", &["add", key, "/f", "/v", name, "/t", "REG_DWORD", "/d", &number]).await.map(drop)
    }

    /// What stands in the registry, as `reg` prints it; absent: nothing.
    pub async fn value(&self, key: &str, name: &str) -> anyhow::Result<Option<String>> {
        let outcome = self.run("reg", &["query", key, "/v", name]).await?;
        let line = outcome.stdout.lines().find(|line| line.trim_start().starts_with(name)).map(str::trim);
        Ok(line.and_then(|line| line.rsplit(' ').next()).map(str::to_owned))
    }

    /// Makes the service, as the installer does.
    pub async fn install_service(&self) -> anyhow::Result<()> {
        let program = format!("\"{PROGRAMS}\\deskbell-agent.exe\" run");
        self.done("sc", &["create", "deskbell-agent", "binPath=", &program, "start=", "auto"]).await.map(drop)
    }

    /// Starts the service, as the service manager does. Wine's manager gives a service little time to begin, and says for a
    /// moment that one runs which was killed: so its process has to be there, too.
    pub async fn start_service(&self) -> anyhow::Result<()> {
        self.until("the service to run", async || {
            let started = self.run("sc", &["start", "deskbell-agent"]).await?;
            let state = self.run("sc", &["query", "deskbell-agent"]).await?;
            let runs = state.stdout.contains("RUNNING") && self.process("deskbell-agent.exe").is_some();
            ensure!(runs, "{started:?}, then {state:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Every window of the desktop, with those inside.
    pub async fn windows(&self) -> anyhow::Result<String> {
        self.desk(&["windows"]).await
    }

    /// The tray's menu, read within the running tray.
    pub async fn menu(&self) -> anyhow::Result<Vec<WindowsItem>> {
        let file = self.path(DESK).join("menus.new");
        // It may be there from before.
        let _ = fs::remove_file(&file);
        if self.run(&format!(r"{DESK}\desk.exe"), &["menus"]).await?.code != 0 {
            return Ok(Vec::new());
        }
        let text = fs::read_to_string(&file).unwrap_or_default();
        // Each menu stands there twice, as a bar and as a pop-up, and so does each submenu; the largest is the whole.
        let menus = text.split("menu\n").map(|menu| menu.lines().filter_map(item).collect::<Vec<_>>());
        Ok(menus.max_by_key(Vec::len).unwrap_or_default())
    }

    /// Chooses the line of the tray's menu that says `text`, and returns what the browser was asked to open.
    pub async fn choose(&self, text: &str) -> anyhow::Result<String> {
        let menu = self.menu().await?;
        let line = menu.iter().find(|line| line.text == text).with_context(|| format!("no {text} in {menu:?}"))?;
        let before = self.browsed().len();
        self.desk(&["choose", &line.id.to_string()]).await?;
        self.until("the browser to be asked", async || Ok(self.browsed().get(before).cloned())).await
    }

    /// What the browser was asked to open.
    pub fn browsed(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path(DESK).join("browsed.txt")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Asks again and again until there is an answer.
    #[expect(clippy::disallowed_methods, reason = "Wine tells nobody what happens in it")]
    pub async fn until<T>(
        &self,
        what: &str,
        mut ask: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
    ) -> anyhow::Result<T> {
        let deadline = Instant::now() + PATIENT;
        loop {
            let answer = ask().await;
            if let Ok(Some(found)) = answer {
                return Ok(found);
            }
            if Instant::now() > deadline {
                bail!("waited for {what}; asked last: {:?}; on the desktop:\n{}", answer.err(), self.windows().await?);
            }
            tokio::task::spawn_blocking(|| std::thread::sleep(AGAIN)).await?;
        }
    }

    /// The number of the process that runs `program` on this computer.
    pub fn process(&self, program: &str) -> Option<Pid> {
        let mark = format!("WINEPREFIX={}\0", self.folder.path().display());
        let processes = fs::read_dir("/proc").ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        // Wine starts some programs by another one, which then waits.
        let is_it = |id: &String| {
            let read = |file: &str| fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
            let (bytes, environment) = (read("cmdline"), read("environ"));
            let command = String::from_utf8_lossy(&bytes);
            command.contains(program)
                && !command.starts_with("start.exe")
                && String::from_utf8_lossy(&environment).contains(&mark)
        };
        processes
            .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
            .find(is_it)?
            .parse()
            .ok()
            .and_then(Pid::from_raw)
    }

    /// Kills `program`.
    pub fn kill(&self, program: &str) -> anyhow::Result<()> {
        let id = self.process(program).with_context(|| format!("{program} does not run"))?;
        kill_process(id, Signal::KILL).with_context(|| format!("killing {program}"))
    }

    /// Moves the mouse.
    pub async fn point_at(&self, column: u32, row: u32) -> anyhow::Result<()> {
        let mut mouse = Command::new("xdotool");
        mouse.args(["mousemove", &column.to_string(), &row.to_string()]).env("DISPLAY", self.screen.display());
        ensure!(mouse.status().await.context("running xdotool")?.success(), "xdotool failed");
        Ok(())
    }

    /// Clicks with the mouse.
    pub async fn click(&self, column: u32, row: u32) -> anyhow::Result<()> {
        self.point_at(column, row).await?;
        let mut mouse = Command::new("xdotool");
        mouse.args(["click", "1"]).env("DISPLAY", self.screen.display());
        ensure!(mouse.status().await.context("running xdotool")?.success(), "xdotool clicked nothing");
        Ok(())
    }

    /// Windows' own programs by their path: by their name Wine asks the shell for them, which at times fails.
    fn command(&self, program: &str) -> Command {
        let own = || format!(r"C:\windows\system32\{program}.exe");
        let mut command = Command::new("wine");
        command
            .arg(if program.contains('\\') { program.to_owned() } else { own() })
            .envs(wine_prefix::environment(self.folder.path()))
            .env("DISPLAY", self.screen.display())
            .env_remove("BROWSER")
            .kill_on_drop(true);
        command
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        self.switch_off();
    }
}

fn printed(file: &mut File) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}

fn item(line: &str) -> Option<WindowsItem> {
    let mut parts = line.splitn(4, '\t');
    Some(WindowsItem {
        depth: parts.next()?.parse().ok()?,
        id: parts.next()?.parse().ok()?,
        kind: parts.next()?.to_owned(),
        text: parts.next()?.to_owned(),
    })
}
