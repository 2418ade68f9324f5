//! A small Debian in a folder, on which packages are installed by the system's own tools.
//!
//! No service manager runs there: that a package needs none is part of what is tested. Being root is needed.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, ensure};
use deskbell_tests::support::programs::workspace;
use tempfile::TempDir;

use crate::made::run;

/// The folder, removed with this value.
pub(crate) struct Root {
    folder: TempDir,
}

impl Root {
    /// A copy of the Debian that `tests/run` has put below `target/`.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let original = workspace().join("target/packaging/debian");
        ensure!(original.join("complete").is_file(), "{} is not there: run tests/run", original.display());
        let folder = tempfile::tempdir_in(workspace().join("target/packaging"))?;
        run(Command::new("cp").args(["--archive", "--reflink=auto"]).arg(original.join(".")).arg(folder.path()))?;
        let root = Self { folder };
        root.write("/etc/hosts", "127.0.0.1 localhost\n")?;
        root.write("/etc/machine-id", "8c1f4a52e7a94d6f9d3b0f6f2a4c7e10\n")?;
        Ok(root)
    }

    /// Where `path` of the small system is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path.trim_start_matches('/'))
    }

    /// What a program does there.
    pub(crate) fn output(&self, program: &str, arguments: &[&str]) -> anyhow::Result<Output> {
        self.command(&[], program, arguments).output().with_context(|| format!("running {program}"))
    }

    /// A program there that can reach nothing, not even this computer.
    pub(crate) fn without_network(&self, program: &str, arguments: &[&str]) -> Command {
        self.command(&["--net"], program, arguments)
    }

    /// A program there, apart from this system's in what `apart` names, too. It ends with whoever starts it.
    pub(crate) fn command(&self, apart: &[&str], program: &str, arguments: &[&str]) -> Command {
        let enter = "mount -t proc proc \"$0/proc\" && exec chroot \"$0\" \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child"]).args(apart);
        command.args(["sh", "-c", enter]).arg(self.folder.path());
        command.arg(program).args(arguments).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    }

    /// What a program that must succeed prints there.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.output(program, arguments)?;
        let words = words(&output);
        ensure!(output.status.success(), "{program} {arguments:?}: {}\n{words}", output.status);
        Ok(words)
    }

    /// Puts a package there, and returns its path as seen from there.
    pub(crate) fn bring(&self, package: &Path) -> anyhow::Result<String> {
        let name = package.file_name().and_then(OsStr::to_str).context("a file name")?;
        fs::copy(package, self.path("/tmp").join(name))?;
        Ok(format!("/tmp/{name}"))
    }

    /// Writes a file of the computer's own, which no package brought.
    pub(crate) fn write(&self, path: &str, text: &str) -> anyhow::Result<()> {
        let path = self.path(path);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    }

    /// Writes a program that is not there, as a script.
    pub(crate) fn program(&self, path: &str, script: &str) -> anyhow::Result<()> {
        self.write(path, &format!("#!/bin/sh\n{script}\n"))?;
        Ok(fs::set_permissions(self.path(path), fs::Permissions::from_mode(0o755))?)
    }

    /// Permissions, user and group of what is at `path`.
    pub(crate) fn access(&self, path: &str) -> anyhow::Result<(u32, u32, u32)> {
        let metadata = fs::metadata(self.path(path)).with_context(|| format!("looking at {path}"))?;
        Ok((metadata.permissions().mode() & 0o7777, metadata.uid(), metadata.gid()))
    }

    /// Whether the service starts with the computer.
    pub(crate) fn is_enabled(&self, service: &str) -> bool {
        self.path("/etc/systemd/system/multi-user.target.wants").join(service).symlink_metadata().is_ok()
    }

    /// Every path with Deskbell's name in it, less what was brought.
    pub(crate) fn traces(&self) -> anyhow::Result<Vec<String>> {
        let mut find = Command::new("find");
        find.arg(self.folder.path()).args([
            "-path",
            "*/tmp",
            "-prune",
            "-o",
            "-iname",
            "*deskbell*",
            "-printf",
            "/%P\n",
        ]);
        Ok(run(&mut find)?.lines().map(str::to_owned).collect())
    }
}

/// What a program said, to whomever.
pub(crate) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}
