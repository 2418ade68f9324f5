//! What an ordinary user of a computer can find, and what it is good for (AGT-09, AGT-13).

use std::{fs, process::Stdio};

use anyhow::Context;
use deskbell_tests::support::{
    agent::Agent,
    bus::Bus,
    deadline::{PATIENT, SOON},
    http,
    person::{InstalledPrograms, Person, need_root},
    recorded_browser::RecordedBrowser,
    tray_host::TrayHost,
};
use reqwest::Client;
use tokio::{io::AsyncWriteExt, process::Command};

use crate::desk::{Msp, PORTAL};

/// Every account without rights has it.
pub(crate) const NOBODY: u32 = 65_534;

/// AGT-09: of every live token, an ordinary user finds none in files, arguments, environments and the service's
/// answers; the launch code in a browser's arguments is used up and leads to a page without a form.
#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_user_finds_nothing_but_a_launch_code_that_is_used_up() -> anyhow::Result<()> {
    need_root()?;
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    computer.agent.open_to_all()?;
    let spare = msp.api.make_enrollment_token(msp.organization).await?.token;
    computer.agent.give_enrollment_token(&spare)?;
    let (nobody, programs) = (Person::new(NOBODY)?, InstalledPrograms::copy()?);

    let link = session.click(&[PORTAL]).await?;
    let code = link.rsplit('/').next().context("a link without a code")?.to_owned();
    let cookie = first_visit(&http::client()?, &link).await?;
    // A browser shows what it was asked to open for as long as it runs.
    let mut browser = Command::new("sh");
    let _browser =
        browser.args(["-c", "read line", "browser", &link]).stdin(Stdio::piped()).kill_on_drop(true).spawn()?;
    let identity: serde_json::Value =
        serde_json::from_slice(&fs::read(computer.agent.root().join("state/identity.json"))?)?;
    let agent_token = identity["agent_token"].as_str().context("no agent token")?;

    let root = computer.agent.root().display().to_string();
    let places = format!("'{root}' /proc/[0-9]*/cmdline /proc/[0-9]*/environ /proc/[0-9]*/task/*/cmdline");
    let search = format!("exec grep -rsaoFh -f - {places} || true");
    let secrets = [spare.as_str(), agent_token, msp.api.token(), &cookie, &code];
    let mut found = search_as(&nobody, &search, &secrets).await?;
    for question in ["status", "menu"] {
        let mut ask = nobody.command(programs.path("deskbell-agent"));
        let answer = nobody.output(ask.args(["--json", "--root", &root, question])).await?;
        assert!(answer.starts_with('{'), "{question}: {answer}");
        found.extend(secrets.iter().filter(|secret| answer.contains(**secret)).map(ToString::to_string));
    }
    found.sort();
    found.dedup();
    assert_eq!(found, [code.as_str()], "of {} live tokens", secrets.len());

    is_used_up(&http::client()?, &link).await
}

/// AGT-13: neither file nor argument nor environment of an ordinary user changes the server.
#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_user_cannot_change_the_server() -> anyhow::Result<()> {
    need_root()?;
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    computer.agent.open_to_all()?;
    let (nobody, programs) = (Person::new(NOBODY)?, InstalledPrograms::copy()?);
    let before = status_server(&computer.agent).await?;
    let token = nobody.home().join("token");
    fs::write(&token, "stolen\n")?;
    let root = computer.agent.root().display().to_string();

    let mut enroll = nobody.command(programs.path("deskbell-agent"));
    enroll.args(["--root", &root, "enroll", "--server", "https://evil.example", "--token-file"]).arg(&token);
    let refused = enroll.output().await?;
    let words = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(words.contains("as an administrator"), "{words}");
    for file in ["agent.toml", "enrollment-token", "state/identity.json"] {
        let mut write = nobody.command("sh");
        let written = write.args(["-c", &format!("echo x >> '{root}/{file}'")]).output().await?;
        assert!(!written.status.success(), "{file} was written");
    }

    let (bus, browser) = (Bus::start_for(&nobody).await?, RecordedBrowser::new()?);
    let host = TrayHost::start(bus.address()).await?;
    let mut tray = nobody.command(programs.path("deskbell-tray"));
    tray.args(["--root", &root])
        .env("DESKBELL_AGENT__SERVER", "https://evil.example")
        .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
        .env("BROWSER", browser.program());
    let _tray = tray.kill_on_drop(true).spawn().context("starting the tray")?;
    host.until_menu(PATIENT, PORTAL).await?;
    host.until(SOON, "one icon", |icons| icons.len() == 1).await?;
    let open_below = |root: &str| {
        let mut open = nobody.command(programs.path("deskbell-agent"));
        open.args(["--root", root, "open", "--print-url"]).env("DESKBELL_AGENT__SERVER", "https://evil.example");
        open
    };
    let link = nobody.output(&mut open_below(&root)).await?;
    assert!(link.starts_with(msp.server.url.as_str()), "{link}");
    fs::write(nobody.home().join("agent.toml"), "server = \"https://evil.example\"\n")?;
    let own = open_below(&nobody.home().display().to_string()).output().await?;
    assert!(own.status.code() == Some(1) && own.stdout.is_empty(), "{own:?}");
    assert_eq!(status_server(&computer.agent).await?, before);
    Ok(())
}

async fn status_server(agent: &Agent) -> anyhow::Result<Option<String>> {
    Ok(agent.status().await?.server)
}

/// Opens the link as a browser does for the first time, and returns the session's secret.
pub(crate) async fn first_visit(browser: &Client, link: &str) -> anyhow::Result<String> {
    let answer = browser.get(link).send().await?;
    let cookie = answer.headers().get("set-cookie").context("no cookie")?.to_str()?;
    let value = cookie.split([';', '=']).nth(1).context("a cookie without a value")?;
    Ok(value.to_owned())
}

/// The link leads to a page whose main part has no form; that of the language stands below it.
pub(crate) async fn is_used_up(browser: &Client, link: &str) -> anyhow::Result<()> {
    let page = browser.get(link).send().await?;
    assert_eq!(page.status(), 410);
    let page = page.text().await?;
    let (_, main) = page.split_once("<main").context("the page has no main part")?;
    let (main, _) = main.split_once("</main>").context("the main part has no end")?;
    assert!(!main.contains("<form"), "{main}");
    Ok(())
}

/// What the command line `search`, run by `person`, prints of the secrets that it reads from its standard input.
async fn search_as(person: &Person, search: &str, secrets: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut command = person.command("sh");
    let command = command.args(["-c", search]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut searching = command.spawn().context("starting the search")?;
    let mut input = searching.stdin.take().context("no standard input")?;
    input.write_all(secrets.join("\n").as_bytes()).await?;
    drop(input);
    let output = searching.wait_with_output().await?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
