//! The MSI under Wine, which is not Windows: its log shows hidden properties at the end, and nobody looks there; a message
//! of a launch condition stands in no log.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use deskbell_installer::{
    contents::{Product, System, contents},
    packages::Format,
};
use deskbell_tests::support::{
    programs::workspace,
    wine_prefix::{self, INSTALLER},
};
use tempfile::TempDir;

use crate::made::{Made, NEW, OLD, run};

const TOKEN: &str = "a-token-that-nobody-must-read";
const SETTINGS: [&str; 2] = ["SERVER_URL=https://help.invalid", "ENROLLMENT_TOKEN=a-token-that-nobody-must-read"];
/// What Wine leaves of Windows Installer's 1603, "the installation failed": exit codes have a byte there.
const FAILED: i32 = 1603 % 256;

/// A Windows of a test's own, gone with this value.
struct Wine {
    folder: TempDir,
}

impl Wine {
    fn new() -> anyhow::Result<Self> {
        let wine = Self { folder: tempfile::tempdir()? };
        wine_prefix::fill(wine.folder.path())?;
        Ok(wine)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("timeout");
        command.args(["120", program]).envs(wine_prefix::environment(self.folder.path()));
        command.env_remove("DISPLAY").current_dir(self.folder.path());
        command
    }

    /// Runs Windows Installer; its exit code and its log.
    fn installer(&self, action: &str, package: &Path, settings: &[&str]) -> anyhow::Result<(i32, String)> {
        fs::copy(package, self.folder.path().join("deskbell.msi"))?;
        let mut msiexec = self.command("wine");
        msiexec.args([INSTALLER, action, "deskbell.msi", "/qn", "/l*v", "log.txt"]).args(settings);
        let status = msiexec.output()?.status;
        let log = String::from_utf8_lossy(&fs::read(self.folder.path().join("log.txt"))?).into_owned();
        Ok((status.code().context("ended by a signal")?, log))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("drive_c").join(path)
    }

    /// Every path with Deskbell's name, and the shortcut.
    fn traces(&self) -> anyhow::Result<Vec<String>> {
        let mut find = Command::new("find");
        find.arg(self.path("")).args(["-ipath", "*deskbell*", "-o", "-name", "Get IT help*"]);
        Ok(run(&mut find)?.lines().map(str::to_owned).collect())
    }

    /// What a key of the registry holds; nothing when there is none.
    fn registry(&self, key: &str) -> anyhow::Result<String> {
        let output = self.command("wine").args(["reg", "query", &format!(r"HKLM\{key}")]).output()?;
        Ok(if output.status.success() { String::from_utf8_lossy(&output.stdout).into_owned() } else { String::new() })
    }

    fn is_running(&self) -> anyhow::Result<bool> {
        let output = self.command("wine").args(["sc", "query", "deskbell-agent"]).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).contains("RUNNING"))
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let _ = self.command("wineserver").arg("-k").output();
    }
}

/// AGT-11, AGT-16: under Wine. No network is there, nobody is logged on; the token is in no line that Windows would
/// write, too; upgrade and repair keep what the agent wrote, and so does a removal with KEEP=1; a removal leaves no file,
/// key or service.
#[test]
fn under_wine_the_msi_comes_upgrades_repairs_and_goes() -> anyhow::Result<()> {
    let (old, new) = (Made::windows(OLD)?, Made::windows(NEW)?);
    let (old, new) = (old.package("deskbell-agent")?, new.package("deskbell-agent")?);
    let wine = Wine::new()?;

    let settings = [&SETTINGS[..], &["FOLDER=Floor 2/Reception", "HIDE_TRAY=0"]].concat();
    let (code, log) = wine.installer("/i", old, &settings)?;
    ensure!(code == 0, "{code}: {log}");
    let shown = log.lines().filter(|line| line.contains(TOKEN) && !line.starts_with("Property(S): "));
    assert_eq!(shown.collect::<Vec<_>>(), [""; 0]);
    for item in contents(Product::Agent, System::Windows) {
        ensure!(wine.path("Program Files/Deskbell").join(item.path).is_file(), "{} is not there", item.path);
    }
    ensure!(wine.is_running()?, "the service does not run: {log}");
    let run_key = r"Software\Microsoft\Windows\CurrentVersion\Run";
    ensure!(wine.registry(run_key)?.contains("deskbell-tray.exe"), "no tray at log-on");
    let configuration = wine.path("ProgramData/Deskbell/agent.toml");
    let configured = fs::read_to_string(&configuration)?;
    for setting in ["https://help.invalid", "folder = \"Floor 2/Reception\"", "hide_tray = false"] {
        ensure!(configured.contains(setting), "{setting:?} was not given to the agent: {configured}");
    }
    ensure!(wine.traces()?.iter().any(|path| path.ends_with("Get IT help.lnk")), "no way in beside the tray");

    let kept = wine.path("ProgramData/Deskbell/kept");
    fs::write(&kept, "what the agent wrote")?;
    let is_kept = || kept.is_file() && configuration.is_file();
    let (code, log) = wine.installer("/i", new, &[])?;
    ensure!(code == 0 && is_kept(), "{code}, {:?}: {log}", wine.traces()?);
    ensure!(wine.is_running()?, "the service does not run after the upgrade: {log}");

    let (code, _) = wine.installer("/i", old, &[])?;
    assert_eq!(code, FAILED, "an older version was installed over a newer one");
    ensure!(wine.is_running()?, "the refused version ended the service");

    fs::remove_file(wine.path("Program Files/Deskbell/licenses.txt"))?;
    // What `msiexec /fa` does; Wine's takes no package there.
    let (code, log) = wine.installer("/i", new, &["REINSTALL=ALL", "REINSTALLMODE=amus"])?;
    ensure!(code == 0 && wine.path("Program Files/Deskbell/licenses.txt").is_file(), "{code}: {log}");
    ensure!(is_kept(), "the repair lost {:?}", wine.traces()?);

    let (code, log) = wine.installer("/x", new, &["KEEP=1"])?;
    ensure!(code == 0 && is_kept(), "{code}, {:?}: {log}", wine.traces()?);
    let (code, log) = wine.installer("/i", old, &[])?;
    ensure!(code == 0 && is_kept() && wine.is_running()?, "{code}, {:?}: {log}", wine.traces()?);

    let (code, log) = wine.installer("/x", old, &[])?;
    ensure!(code == 0, "{code}: {log}");
    assert_eq!(wine.traces()?, [""; 0], "{log}");
    for key in [run_key, r"Software\Deskbell", r"System\CurrentControlSet\Services\deskbell-agent"] {
        ensure!(!wine.registry(key)?.to_lowercase().contains("deskbell"), "{key} is still there");
    }
    Ok(())
}

#[test]
fn under_wine_wrong_settings_are_refused_and_leave_nothing() -> anyhow::Result<()> {
    let made = Made::windows(OLD)?;
    let package = made.package("deskbell-agent")?;
    let wine = Wine::new()?;
    for wrong in [
        &["SERVER_URL=http://help.invalid", SETTINGS[1]][..],
        &["SERVER_URL=https://help.invalid"],
        &[SETTINGS[1]],
        &["FOLDER=Reception"],
        &[SETTINGS[0], SETTINGS[1], "HIDE_TRAY=yes"],
        // The agent itself looks at this one.
        &["SERVER_URL=https://help.invalid?query", SETTINGS[1]],
    ] {
        let (code, log) = wine.installer("/i", package, wrong)?;
        assert_eq!(code, FAILED, "{wrong:?}: {log}");
        if wrong[0].ends_with("?query") {
            ensure!(log.contains("Deskbell: ") && log.contains("must be a plain address"), "{log}");
        }
        assert_eq!(wine.traces()?, [""; 0], "{wrong:?}: {log}");
    }
    Ok(())
}

/// What Authenticode needs of the file.
#[test]
fn an_msi_can_be_signed_by_other_peoples_tools() -> anyhow::Result<()> {
    let made = Made::small(Format::Msi, &[Product::Agent])?;
    let folder = tempfile::tempdir()?;
    let [key, certificate, signed] = ["key.pem", "certificate.pem", "signed.msi"].map(|name| folder.path().join(name));
    let identity = rcgen::generate_simple_self_signed(["msp.example".to_owned()])?;
    fs::write(&key, identity.signing_key.serialize_pem())?;
    fs::write(&certificate, identity.cert.pem())?;
    let mut sign = Command::new("osslsigncode");
    sign.arg("sign").arg("-certs").arg(&certificate).arg("-key").arg(&key).arg("-in");
    run(sign.arg(made.package("deskbell-agent")?).arg("-out").arg(&signed))?;
    let output =
        Command::new("osslsigncode").arg("verify").arg("-CAfile").arg(&certificate).arg("-in").arg(&signed).output()?;
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let digests: Vec<_> =
        words.lines().filter(|line| line.contains("MsiDigitalSignature") || line.contains("digest")).collect();
    ensure!(digests.iter().any(|line| line.contains("Calculated")), "{words}");
    ensure!(!words.contains("MISMATCH"), "{words}");
    let tables = run(Command::new("msiinfo").arg("tables").arg(&signed))?;
    ensure!(tables.contains("ServiceInstall") && workspace().is_dir(), "{tables}");
    Ok(())
}
