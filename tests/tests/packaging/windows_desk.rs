//! The MSI on a Wine computer with a task bar, and a server that can be away.

use std::{ffi::OsStr, fs};

use anyhow::{Context, ensure};
use deskbell_protocol::{AgentState, TrayState, ipc::Status};
use deskbell_tests::support::{
    api::PolicyDraft,
    server::TestServer,
    wine::{PROGRAMS, Wine},
    wine_prefix::INSTALLER,
};
use serde_json::json;

use crate::made::{Made, NEW, OLD};

/// Below somebody's folder, where Wine has everybody's Start menu.
const LAUNCHER: &str = r"AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Get IT help.lnk";

/// AGT-15, AGT-16, AGT-18, under Wine, which has one session: installed while the server is away, the agent enrolls when it
/// is there; an upgrade keeps who the computer is and brings the tray back without a log-off; the Start menu's entry does
/// what the portal's line does; a removal leaves no tray and no file.
#[tokio::test(flavor = "multi_thread")]
async fn under_wine_an_msi_installed_offline_enrolls_later_and_its_upgrade_brings_the_tray_back() -> anyhow::Result<()>
{
    let mut server = TestServer::start().await?;
    let api = server.api.clone();
    api.publish_portal("Harbor IT").await?;
    let organization = api.make_organization("Lindgren Bakery", "office@lindgren-bakery.example").await?;
    let jane = api.make_end_user(organization, "Jane Doe", "jane@lindgren-bakery.example").await?;
    api.make_portal_user(organization, jane, "jane").await?;
    let entries = json!([{"id": "portal", "type": "portal", "label": {"text": "Customer Online Portal"}}]);
    let policy = PolicyDraft { name: "Desks".into(), hide_tray: false, entries: serde_json::from_value(entries)? };
    api.attach_policy(organization, api.make_policy(&policy).await?).await?;
    let token = api.make_enrollment_token(organization).await?.token;
    server.stop().await?;

    let wine = Wine::start().await?;
    fs::remove_dir_all(wine.path(PROGRAMS))?;
    let (old, new) = (Made::windows(OLD)?, Made::windows(NEW)?);
    let settings =
        [format!("SERVER_URL={}", server.url.as_str().trim_end_matches('/')), format!("ENROLLMENT_TOKEN={token}")];
    install(&wine, &old, "/i", &[&settings[0], &settings[1]]).await?;
    until_status(&wine, "an agent that reaches nobody", |status| {
        status.state == AgentState::NotEnrolled && status.last_error.is_some()
    })
    .await?;
    server.come_back()?;
    let enrolled = until_status(&wine, "the enrollment", |status| status.policy_since.is_some()).await?;
    let asset = enrolled.asset_id.context("an enrolled computer without an id")?;
    api.assign(asset, jane).await?;
    let is_visible =
        |status: &Status| matches!(status.sessions.as_slice(), [session] if session.tray == TrayState::Visible);
    until_status(&wine, "the tray", is_visible).await?;
    let first = wine.process("deskbell-tray.exe").context("a tray")?;

    install(&wine, &new, "/i", &[]).await?;
    wine.until("another tray", async || Ok(wine.process("deskbell-tray.exe").filter(|tray| *tray != first))).await?;
    let upgraded = until_status(&wine, "the tray after the upgrade", is_visible).await?;
    assert_eq!(upgraded.asset_id, Some(asset), "the upgrade made another computer of it");
    assert_eq!(api.assets().await?.len(), 1);
    assert_eq!(wine.windows().await?.matches("\ttray_icon_app\t").count(), 1, "icons in the task bar");

    let before = wine.browsed().len();
    let launcher = format!(r"{}\{LAUNCHER}", wine.home()?);
    wine.done("start", &["/wait", &launcher]).await?;
    let link = wine.until("the launcher's link", async || Ok(wine.browsed().get(before).cloned())).await?;
    ensure!(link.contains("/launch/"), "{link}");

    install(&wine, &new, "/x", &[]).await?;
    for program in ["deskbell-tray.exe", "deskbell-agent.exe"] {
        ensure!(wine.process(program).is_none(), "{program} still runs");
    }
    for left in [PROGRAMS, r"C:\ProgramData\Deskbell", &launcher] {
        ensure!(!wine.path(left).exists(), "{left} is still there");
    }
    Ok(())
}

/// Runs Windows Installer with a package, to its end.
async fn install(wine: &Wine, made: &Made, action: &str, settings: &[&str]) -> anyhow::Result<()> {
    let package = made.package("deskbell-agent")?;
    let name = package.file_name().and_then(OsStr::to_str).context("a file name")?;
    fs::copy(package, wine.path(&format!(r"C:\{name}")))?;
    let package = format!(r"C:\{name}");
    let arguments = [&[INSTALLER, action, &package, "/qn", "/l*v", r"C:\log.txt"], settings].concat();
    let outcome = wine.run(arguments[0], &arguments[1..]).await?;
    let log = || fs::read(wine.path(r"C:\log.txt")).map(|log| String::from_utf8_lossy(&log).into_owned());
    ensure!(outcome.code == 0, "{arguments:?}: {outcome:?}\n{}", log()?);
    Ok(())
}

async fn until_status(wine: &Wine, what: &str, holds: impl Fn(&Status) -> bool) -> anyhow::Result<Status> {
    let status = async || {
        let outcome = wine.agent(&["status", "--json"]).await?;
        let status: Status = serde_json::from_str(&outcome.stdout).with_context(|| format!("{outcome:?}"))?;
        ensure!(holds(&status), "{status:?}");
        Ok(Some(status))
    };
    wine.until(what, status).await
}
