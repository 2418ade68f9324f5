//! A person who is logged on: a user id of their own, and programs that run as it. Needs root.

use std::{fmt::Write, fs, os::unix::fs::PermissionsExt, path::Path};

use anyhow::{Context, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use crate::support::programs::Programs;

/// A user id with a folder that it owns.
#[derive(Debug)]
pub struct Person {
    /// The user id.
    pub uid: u32,
    home: TempDir,
}

/// Deskbell's programs for the person's side, where everybody may run them.
#[derive(Debug)]
pub struct InstalledPrograms {
    folder: TempDir,
}

impl InstalledPrograms {
    /// Copies the programs out of the build folder, which may be closed to others.
    pub fn copy() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the programs")?;
        open_to_all(folder.path())?;
        let programs = Programs::built()?;
        for program in [&programs.agent, &programs.tray] {
            let name = program.file_name().context("a program without a name")?;
            let copy = folder.path().join(name);
            fs::copy(program, &copy).with_context(|| format!("copying {}", program.display()))?;
            open_to_all(&copy)?;
        }
        Ok(Self { folder })
    }

    /// Puts programs in their places that differ in nothing but the version that they say they are, which is as long as the
    /// built one's.
    pub fn upgrade(&self, version: &str) -> anyhow::Result<()> {
        for name in ["deskbell-agent", "deskbell-tray"] {
            let (path, new) = (self.path(name), self.folder.path().join("new"));
            let mut bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            ensure!(replace_all(&mut bytes, env!("CARGO_PKG_VERSION"), version), "{name} does not know its version");
            fs::write(&new, bytes).with_context(|| format!("writing {}", new.display()))?;
            open_to_all(&new)?;
            fs::rename(&new, &path).with_context(|| format!("replacing {}", path.display()))?;
        }
        Ok(())
    }

    /// `deskbell-tray` or `deskbell-agent`.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

impl Person {
    /// Logs the person with this user id on.
    pub fn new(uid: u32) -> anyhow::Result<Self> {
        let home = tempfile::tempdir().context("making a home")?;
        std::os::unix::fs::chown(home.path(), Some(uid), Some(uid)).context("giving the home away; are you root?")?;
        Ok(Self { uid, home })
    }

    /// What the person owns.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// `program`, run as this person, with an environment that has nothing of this program's.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(self.identity()).arg(program.as_ref());
        self.settle(&mut command);
        command
    }

    /// The same for a program that asks the user database about the person, who is in it for this program alone.
    pub fn command_with_account(&self, program: &str) -> anyhow::Result<Command> {
        let (uid, home) = (self.uid, self.home().display());
        let mut accounts = fs::read_to_string("/etc/passwd").context("reading the accounts")?;
        if !accounts.contains(&format!(":x:{uid}:")) {
            let _ = writeln!(accounts, "person{uid}:x:{uid}:{uid}::{home}:/bin/sh");
        }
        let file = self.home().join("accounts");
        fs::write(&file, accounts).context("writing the accounts")?;
        open_to_all(&file)?;
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--", "sh", "-c", "mount --bind \"$0\" /etc/passwd && exec setpriv \"$@\""])
            .arg(&file)
            .args(self.identity())
            .arg(program);
        self.settle(&mut command);
        Ok(command)
    }

    /// What makes `setpriv` this person.
    fn identity(&self) -> [String; 5] {
        let uid = self.uid;
        let (user, group) = (format!("--reuid={uid}"), format!("--regid={uid}"));
        [user, group, "--clear-groups".into(), "--no-new-privs".into(), "--".into()]
    }

    fn settle(&self, command: &mut Command) {
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .env("HOME", self.home())
            .current_dir(self.home());
    }

    /// Runs `command` to its end and returns what it printed.
    pub async fn output(&self, command: &mut Command) -> anyhow::Result<String> {
        let output = command.kill_on_drop(true).output().await.with_context(|| format!("running {command:?}"))?;
        ensure!(output.stderr.is_empty() || output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Writes `new` over each `old`, which is as long; `false` when there is none.
fn replace_all(bytes: &mut [u8], old: &str, new: &str) -> bool {
    let places = bytes.windows(old.len()).enumerate().filter(|(_, window)| *window == old.as_bytes());
    let places: Vec<_> = places.map(|(place, _)| place).collect();
    for place in &places {
        bytes[*place..place + old.len()].copy_from_slice(new.as_bytes());
    }
    !places.is_empty()
}

/// Lets everybody enter or run what is at `path`.
pub fn open_to_all(path: &Path) -> anyhow::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).with_context(|| format!("opening {}", path.display()))
}

/// Fails where this program may not act as other users. `tests/run` leaves such tests out there, and says so.
pub fn need_root() -> anyhow::Result<()> {
    ensure!(rustix::process::geteuid().is_root(), "this test acts as other users or mounts, which needs root");
    Ok(())
}
