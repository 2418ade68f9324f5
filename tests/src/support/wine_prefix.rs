//! Wine's Windows as it is before anything is installed.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use anyhow::{Context, ensure};

use crate::support::programs::workspace;

/// Wine's Windows Installer, from a place where it finds the tests' `msiexec` beside itself.
pub const INSTALLER: &str = r"C:\installer\installer.exe";
static MAKING: Mutex<()> = Mutex::new(());

/// Makes a Wine prefix in an empty folder, with what Windows has and Wine 8 lacks: the library with random numbers, and an
/// installer ([`INSTALLER`]) whose upgrades say that they are some.
///
/// Wine takes half a minute to make one of 700 MB. It does so once for every version of it, in `target/wine`.
pub fn fill(prefix: &Path) -> anyhow::Result<()> {
    copy(&template()?, prefix)?;
    let drive = prefix.join("drive_c");
    let system = drive.join("windows/system32");
    compile("bcryptprimitives.c", &system.join("bcryptprimitives.dll"), &["-shared", "-ladvapi32"])?;
    let folder = drive.join("installer");
    fs::create_dir(&folder)?;
    let program = fs::read(system.join("msiexec.exe")).context("reading Wine's msiexec.exe")?;
    fs::write(folder.join("installer.exe"), without_mark(program)?)?;
    compile("msiexec.c", &folder.join("msiexec.exe"), &["-municode", "-mwindows"])
}

/// Copies a prefix that nothing runs in to an empty folder.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    run(Command::new("cp").args(["-a", "-T"]).arg(from).arg(to)).map(drop)
}

fn template() -> anyhow::Result<PathBuf> {
    let _turn = MAKING.lock().ok().context("making it failed before")?;
    let version = run(Command::new("wine").arg("--version"))?;
    let built = workspace().join("target/wine");
    let template = built.join(format!("prefix-of-{}", version.trim()));
    if !template.is_dir() {
        fs::create_dir_all(&built)?;
        let new = tempfile::tempdir_in(&built)?;
        let of_new = |program: &str, argument: &str| {
            let mut command = Command::new("timeout");
            command.args(["180", program, argument]).env_remove("DISPLAY");
            run(command.envs(environment(new.path())))
        };
        of_new("wineboot", "-i")?;
        of_new("wineserver", "-w")?;
        fs::rename(new.keep(), &template)?;
    }
    Ok(template)
}

/// What a program of Wine needs to be told to use `prefix`, and to be silent.
pub fn environment(prefix: &Path) -> [(&'static str, &OsStr); 4] {
    [
        ("WINEPREFIX", prefix.as_os_str()),
        ("WINEARCH", OsStr::new("win64")),
        ("WINEDEBUG", OsStr::new("-all")),
        ("WINEDLLOVERRIDES", OsStr::new("mscoree=;mshtml=;winemenubuilder.exe=")),
    ]
}

/// One of Wine's own programs as one that is not: by its mark, Wine looks for it among its own, and by its name.
fn without_mark(mut program: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let mark = b"Wine builtin DLL";
    let place = program.windows(mark.len()).position(|bytes| bytes == mark).context("not one of Wine's programs")?;
    program[place..place + mark.len()].fill(0);
    Ok(program)
}

/// Builds one of the tests' own programs for Windows, from tests/windows.
pub fn compile(source: &str, to: &Path, options: &[&str]) -> anyhow::Result<()> {
    let mut compiler = Command::new("x86_64-w64-mingw32-gcc");
    compiler.arg("-O1").arg("-o").arg(to).arg(workspace().join("tests/windows").join(source)).args(options);
    run(&mut compiler).map(drop)
}

fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
