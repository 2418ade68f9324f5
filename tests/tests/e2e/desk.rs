//! Jane Doe's desk: an MSP with one organization, one person, one policy, and her computer PC-042.

use anyhow::Context;
use deskbell_protocol::{AgentState, AssetId, Entry};
use deskbell_tests::support::{
    agent::{Agent, Service},
    api::{Api, PolicyDraft},
    bus::Bus,
    child::ChildProcess,
    deadline::{PATIENT, SOON},
    recorded_browser::RecordedBrowser,
    server::TestServer,
    tray_host::TrayHost,
};
use serde_json::json;
use uuid::Uuid;

/// What the portal's line says.
pub(crate) const PORTAL: &str = "Customer Online Portal";

/// The MSP's number, as the tray shows it.
pub(crate) const PHONE: &str = "+1 555 0100";

/// An MSP with one organization, in which Jane is a portal user, and a policy.
pub(crate) struct Msp {
    pub(crate) server: TestServer,
    pub(crate) api: Api,
    pub(crate) organization: Uuid,
    pub(crate) jane: Uuid,
    pub(crate) policy: Uuid,
}

/// The computer that stands on the desk: enrolled, assigned to Jane, its service running.
pub(crate) struct Computer {
    pub(crate) agent: Agent,
    pub(crate) service: Service,
    pub(crate) asset: AssetId,
}

/// The session on that computer: a tray host, a tray, a browser that records what it is asked to open.
pub(crate) struct Session {
    pub(crate) bus: Bus,
    pub(crate) host: TrayHost,
    pub(crate) browser: RecordedBrowser,
    pub(crate) tray: ChildProcess,
}

impl Msp {
    /// Sets everything up over the API.
    pub(crate) async fn new() -> anyhow::Result<Self> {
        Self::on(TestServer::start().await?).await
    }

    /// The same on a server that runs already.
    pub(crate) async fn on(server: TestServer) -> anyhow::Result<Self> {
        let api = server.api.clone();
        api.set_provider("Harbor IT", PHONE, "help@harbor-it.example").await?;
        api.publish_portal("Harbor IT").await?;
        let organization = api.make_organization("Lindgren Bakery", "office@lindgren-bakery.example").await?;
        let jane = api.make_end_user(organization, "Jane Doe", "jane@lindgren-bakery.example").await?;
        api.make_portal_user(organization, jane, "jane").await?;
        let policy = api.make_policy(&shown(portal_only())).await?;
        api.attach_policy(organization, policy).await?;
        Ok(Self { server, api, organization, jane, policy })
    }

    /// Saves the policy with another menu.
    pub(crate) async fn save_menu(&self, entries: Vec<Entry>) -> anyhow::Result<()> {
        self.api.save_policy(self.policy, &shown(entries)).await
    }

    /// An agent with an enrollment token, not yet started.
    pub(crate) async fn installed_agent(&self) -> anyhow::Result<Agent> {
        let token = self.api.make_enrollment_token(self.organization).await?;
        Agent::install(self.server.url.as_str(), Some(&token.token))
    }

    /// Enrolls a computer that nobody is assigned to.
    pub(crate) async fn spare_computer(&self) -> anyhow::Result<Computer> {
        self.enrolled(self.installed_agent().await?).await
    }

    /// Starts the agent's service, and waits until it is enrolled.
    pub(crate) async fn enrolled(&self, agent: Agent) -> anyhow::Result<Computer> {
        let service = agent.start_service()?;
        self.once_enrolled(agent, service).await
    }

    /// Waits until the agent is enrolled.
    pub(crate) async fn once_enrolled(&self, agent: Agent, service: Service) -> anyhow::Result<Computer> {
        let enrolled = agent
            .until_status(&service, PATIENT, "the enrollment and the first policy", |status| {
                status.state == AgentState::Enrolled && status.policy_since.is_some()
            })
            .await?;
        let asset = enrolled.asset_id.context("an enrolled computer without an id")?;
        self.api.rename_asset(asset, "PC-042").await?;
        Ok(Computer { agent, service, asset })
    }

    /// Enrolls a computer and assigns it to Jane.
    pub(crate) async fn computer(&self) -> anyhow::Result<Computer> {
        let computer = self.spare_computer().await?;
        self.api.assign(computer.asset, self.jane).await?;
        Ok(computer)
    }
}

impl Computer {
    /// Starts a session with a tray host and a tray, and waits for the icon.
    pub(crate) async fn session(&self) -> anyhow::Result<Session> {
        let bus = Bus::start().await?;
        let host = TrayHost::start(bus.address()).await?;
        let browser = RecordedBrowser::new()?;
        let tray = self.agent.start_tray(&bus, &browser)?;
        host.until(SOON, "one icon with a menu", |icons| matches!(icons, [icon] if !icon.menu.lines.is_empty()))
            .await?;
        Ok(Session { bus, host, browser, tray })
    }
}

impl Session {
    /// Chooses a line of the menu, and returns what the browser is asked to open.
    pub(crate) async fn click(&mut self, path: &[&str]) -> anyhow::Result<String> {
        self.host.click(path).await?;
        self.browser.next(SOON).await
    }
}

/// A policy that shows the tray.
pub(crate) fn shown(entries: Vec<Entry>) -> PolicyDraft {
    PolicyDraft { name: "Desks".into(), hide_tray: false, entries }
}

/// A menu with nothing but the portal.
pub(crate) fn portal_only() -> Vec<Entry> {
    menu(&json!([{"id": "portal", "type": "portal", "label": {"text": PORTAL}}]))
}

/// A menu, as the API takes it.
pub(crate) fn menu(entries: &serde_json::Value) -> Vec<Entry> {
    serde_json::from_value(entries.clone()).expect("a menu that is written in a test")
}
