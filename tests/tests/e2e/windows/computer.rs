//! PC-042 with Windows: enrolled, assigned to Jane, its service running and a tray in its session.

use std::fs;

use anyhow::Context;
use deskbell_protocol::{AgentState, AssetId, TrayState, ipc::Status};
use deskbell_tests::support::{server::TestServer, wine::Wine};
use rustix::process::Pid;

use super::authority::Authority;
use crate::desk::Msp;

pub(super) const POLICIES: &str = r"HKLM\Software\Policies\Deskbell";

pub(super) struct WindowsComputer {
    pub(super) wine: Wine,
    pub(super) msp: Msp,
    pub(super) asset: AssetId,
    pub(super) authority: Authority,
}

impl WindowsComputer {
    /// Installs the service, which enrolls by itself, with what an administrator left for it.
    pub(super) async fn new() -> anyhow::Result<Self> {
        Self::on(Wine::start().await?).await
    }

    /// The same on a Windows that somebody made.
    pub(super) async fn on(wine: Wine) -> anyhow::Result<Self> {
        let authority = Authority::new("localhost")?;
        let msp = Msp::on(TestServer::start_over_tls(&authority.files).await?).await?;
        fs::copy(&authority.files.authority, wine.path(r"C:\authority.pem"))?;
        wine.desk(&["trust", r"C:\authority.pem"]).await?;
        wine.set_value(POLICIES, "server", msp.server.url.as_str()).await?;
        let folder = wine.path(r"C:\ProgramData\Deskbell");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("enrollment-token"), msp.api.make_enrollment_token(msp.organization).await?.token)?;
        wine.install_service().await?;
        wine.start_service().await?;
        let enrolled = until_status(&wine, "the enrollment and the first policy", |status| {
            status.state == AgentState::Enrolled && status.policy_since.is_some()
        })
        .await?;
        let asset = enrolled.asset_id.context("an enrolled computer without an id")?;
        assert!(!folder.join("enrollment-token").exists(), "the token was used and is still there");
        msp.api.rename_asset(asset, "PC-042").await?;
        msp.api.assign(asset, msp.jane).await?;
        Ok(Self { wine, msp, asset, authority })
    }

    /// Waits until the session's tray is reported as `state`.
    pub(super) async fn until_tray(&self, state: TrayState) -> anyhow::Result<()> {
        let is_so = |status: &Status| matches!(status.sessions.as_slice(), [session] if session.tray == state);
        until_status(&self.wine, &format!("a tray that is {state:?}"), is_so).await.map(drop)
    }

    /// Waits until a tray runs that is another than `old`.
    pub(super) async fn until_another_tray(&self, old: Option<Pid>) -> anyhow::Result<()> {
        let another = async || Ok(self.wine.process("deskbell-tray.exe").filter(|new| Some(*new) != old));
        self.wine.until("another tray", another).await.map(drop)
    }

    /// Waits until the lines of the menu's top level are such that `holds`.
    pub(super) async fn until_menu(&self, what: &str, holds: impl Fn(&str) -> bool) -> anyhow::Result<()> {
        let lines = async || {
            let menu = self.wine.menu().await?;
            let text = menu.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
            anyhow::ensure!(holds(&text), "it is {text:?}");
            Ok(Some(()))
        };
        self.wine.until(what, lines).await
    }

    /// How many icons programs have in the task bar: each has a hidden window.
    pub(super) async fn icons(&self) -> anyhow::Result<usize> {
        Ok(self.wine.windows().await?.matches("\ttray_icon_app\t").count())
    }
}

/// Waits until the service's status is such that `holds`.
pub(super) async fn until_status(wine: &Wine, what: &str, holds: impl Fn(&Status) -> bool) -> anyhow::Result<Status> {
    let status = async || {
        let outcome = wine.agent(&["status", "--json"]).await?;
        let status: Status = serde_json::from_str(&outcome.stdout).with_context(|| format!("{outcome:?}"))?;
        anyhow::ensure!(holds(&status), "{status:?}");
        Ok(Some(status))
    };
    wine.until(what, status).await
}
