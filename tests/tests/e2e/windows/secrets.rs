//! What an ordinary user of a Windows computer can find, and what he can change.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    process::Stdio,
};

use anyhow::Context;
use deskbell_protocol::AgentState;
use deskbell_tests::support::{
    http,
    person::need_root,
    wine::{PROGRAMS, Wine},
};
use serde_json::Value;
use tokio::{io::AsyncWriteExt as _, process::Command};

use super::computer::{WindowsComputer, until_status};
use crate::secrets::{NOBODY, first_visit, is_used_up};

const FOLDER: &str = r"C:\ProgramData\Deskbell";
const EVIL: &str = "https://evil.example/";

/// AGT-09, AGT-13, under Wine: of every live token, the disk, the registry, arguments, environments and the service's
/// answers hold none outside of the folder that the service closes, but a launch code in a browser's arguments, which is
/// used up. Neither environment, argument, registry nor file of a person moves the server, and what is managed centrally
/// goes before the file. A folder that another account made is set aside with all that is in it, and made anew, closed.
///
/// Wine opens a closed folder to all when it closes it again, and has one account: what another one reads is not tried.
#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_user_of_windows_finds_no_secret_and_moves_no_server() -> anyhow::Result<()> {
    need_root()?;
    let mut computer = WindowsComputer::on(Wine::start_drawing_nothing().await?).await?;
    no_person_moves_the_server(&computer).await?;
    secrets_are_in_the_closed_folder_alone(&mut computer).await?;

    // The computer is off.
    let folder = computer.wine.path(FOLDER);
    for planted in [folder.as_path(), &folder.join("state"), &folder.join("state/identity.json")] {
        chown(planted, Some(NOBODY), None)?;
    }
    computer.wine.switch_on()?;
    let status = until_status(&computer.wine, "the service", |_| true).await?;
    assert_eq!((status.state, status.asset_id), (AgentState::NotEnrolled, None), "the identity is another account's");
    let closed = fs::metadata(&folder)?.permissions().mode() & 0o007;
    assert!(closed == 0 && !folder.join("agent.toml").exists(), "the folder was not made anew: {closed:o}");
    Ok(())
}

async fn no_person_moves_the_server(computer: &WindowsComputer) -> anyhow::Result<()> {
    let wine = &computer.wine;
    let server = computer.msp.server.url.as_str();
    wine.set_value(r"HKCU\Software\Policies\Deskbell", "server", EVIL).await?;
    wine.set_value(r"HKCU\Environment", "DESKBELL_AGENT__SERVER", EVIL).await?;
    let evil = format!("server = {EVIL:?}\n");
    for file in [r"C:\own\agent.toml", r"C:\own\Deskbell\agent.toml", &format!(r"{PROGRAMS}\agent.toml")] {
        let path = wine.path(file);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        fs::write(path, &evil)?;
    }
    // Wine takes these variables over from nobody who starts it.
    let with_own_environment = format!(
        "@set ProgramData=C:\\own\r\n@set ALLUSERSPROFILE=C:\\own\r\n@set DESKBELL_AGENT__SERVER={EVIL}\r\n\
         @echo %ProgramData%\r\n@\"{PROGRAMS}\\deskbell-agent.exe\" %*\r\n"
    );
    fs::write(wine.path(r"C:\own\ask.bat"), with_own_environment)?;
    let opened = wine.run("cmd", &["/c", r"C:\own\ask.bat", "open", "--print-url"]).await?;
    assert!(opened.stdout.starts_with(&format!("C:\\own\n{server}launch/")), "{opened:?}");
    let doctor = wine.run("cmd", &["/c", r"C:\own\ask.bat", "doctor"]).await?;
    let answers = [format!(r"{FOLDER}\agent.toml"), format!("{server} answers")];
    assert!(answers.iter().all(|answer| doctor.stdout.contains(answer)), "{doctor:?}");
    let elsewhere = wine.agent(&["--root", r"C:\own", "open", "--print-url"]).await?;
    assert!(elsewhere.code == 1 && elsewhere.stdout.is_empty(), "{elsewhere:?}");

    fs::write(wine.path(&format!(r"{FOLDER}\agent.toml")), &evil)?;
    wine.done("sc", &["stop", "deskbell-agent"]).await?;
    wine.start_service().await?;
    let is_there = |status: &deskbell_protocol::ipc::Status| status.policy_since.is_some();
    let status = until_status(wine, "the service", is_there).await?;
    assert_eq!((status.server.as_deref(), status.state), (Some(server), AgentState::Enrolled));
    let opened = wine.agent(&["open", "--print-url"]).await?;
    assert!(opened.code == 0 && opened.stdout.starts_with(server), "{opened:?}");
    Ok(())
}

/// Switches the computer off.
async fn secrets_are_in_the_closed_folder_alone(computer: &mut WindowsComputer) -> anyhow::Result<()> {
    let (wine, msp) = (&computer.wine, &computer.msp);
    let spare = msp.api.make_enrollment_token(msp.organization).await?.token;
    fs::write(wine.path(&format!(r"{FOLDER}\enrollment-token")), &spare)?;
    let identity: Value = serde_json::from_slice(&fs::read(wine.path(&format!(r"{FOLDER}\state\identity.json")))?)?;
    let agent_token = identity["agent_token"].as_str().context("no agent token")?;
    let link = wine.agent(&["open", "--print-url"]).await?.stdout.trim().to_owned();
    let code = link.rsplit('/').next().context("a link without a code")?;
    let person = http::client_trusting(&fs::read(&computer.authority.files.authority)?, "localhost")?;
    let cookie = first_visit(&person, &link).await?;
    let secrets = [&spare, agent_token, msp.api.token(), &cookie, code];

    // A browser shows what it was asked to open for as long as it runs.
    let browser = wine.start_desk(&["stay", &link])?;
    let running = found("/proc/[0-9]*/cmdline /proc/[0-9]*/environ", &secrets).await?;
    assert_eq!(running.iter().map(|(_, secret)| secret.as_str()).collect::<BTreeSet<_>>(), [code].into());
    drop(browser);
    for question in ["status", "menu"] {
        let answer = wine.agent(&[question, "--json"]).await?.stdout;
        assert!(answer.starts_with('{') && !secrets.iter().any(|secret| answer.contains(secret)), "{answer}");
    }
    is_used_up(&person, &link).await?;

    computer.wine.switch_off();
    let disk = computer.wine.folder().display().to_string();
    let kept = found(&format!("-r '{disk}'"), &secrets).await?;
    let at = |path: &str, secret: &str| (format!("{disk}/drive_c/ProgramData/Deskbell/{path}"), secret.to_owned());
    assert_eq!(kept, [at("enrollment-token", &spare), at("state/identity.json", agent_token)].into());
    Ok(())
}

/// Which files of `places` hold which of `secrets`.
async fn found(places: &str, secrets: &[&str]) -> anyhow::Result<BTreeSet<(String, String)>> {
    let mut search = Command::new("sh");
    search.args(["-c", &format!("exec grep -saoHZF -f - {places}")]).kill_on_drop(true);
    let mut searching = search.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("starting the search")?;
    let mut input = searching.stdin.take().context("no standard input")?;
    input.write_all(secrets.join("\n").as_bytes()).await?;
    drop(input);
    let output = searching.wait_with_output().await?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let pair = |line: &str| line.split_once('\0').map(|(file, secret)| (file.to_owned(), secret.to_owned()));
    Ok(lines.lines().filter_map(pair).collect())
}
