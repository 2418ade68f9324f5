//! Sessions that logind reports, and the trays in them (AGT-01).

use deskbell_protocol::{TrayState, ipc::Status};
use deskbell_tests::support::{
    bus::Bus,
    child::ChildProcess,
    deadline::{PATIENT, SOON},
    logind::Logind,
    person::InstalledPrograms,
    recorded_browser::RecordedBrowser,
    tray_host::TrayHost,
};

use crate::desk::{Computer, Msp, PORTAL, menu};

use TrayState::{Stopped, Visible};

/// A computer whose system bus has a log-on service.
pub(crate) struct LoggedOn {
    pub(crate) msp: Msp,
    pub(crate) computer: Computer,
    pub(crate) logind: Logind,
    pub(crate) system_bus: Bus,
}

impl LoggedOn {
    /// Starts everything, with Deskbell's programs from `programs` where they are not the built ones.
    pub(crate) async fn new(programs: Option<&InstalledPrograms>) -> anyhow::Result<Self> {
        let (msp, system_bus) = (Msp::new().await?, Bus::start().await?);
        let logind = Logind::start(&system_bus).await?;
        let mut agent = msp.installed_agent().await?;
        if let Some(programs) = programs {
            agent.use_programs(programs);
        }
        let service = agent.start_service_through(&["env", &system_bus_variable(&system_bus)])?;
        let computer = msp.once_enrolled(agent, service).await?;
        msp.api.assign(computer.asset, msp.jane).await?;
        Ok(Self { msp, computer, logind, system_bus })
    }

    /// Waits until `status` names exactly these states of trays.
    pub(crate) async fn until(&self, mut states: Vec<TrayState>) -> anyhow::Result<()> {
        states.sort_by_key(|state| *state as u8);
        let same = |status: &Status| {
            let mut seen: Vec<_> = status.sessions.iter().map(|session| session.tray).collect();
            seen.sort_by_key(|state| *state as u8);
            seen == states
        };
        let Computer { agent, service, .. } = &self.computer;
        agent.until_status(service, PATIENT, &format!("trays that are {states:?}"), same).await.map(drop)
    }
}

/// What makes a service take `bus` for the system's.
pub(crate) fn system_bus_variable(bus: &Bus) -> String {
    format!("DBUS_SYSTEM_BUS_ADDRESS={}", bus.address())
}

/// A desktop with a tray in it.
pub(crate) struct Desktop {
    pub(crate) host: TrayHost,
    pub(crate) tray: ChildProcess,
    _bus: Bus,
    _browser: RecordedBrowser,
}

impl Desktop {
    pub(crate) async fn start(computer: &Computer) -> anyhow::Result<Self> {
        let (bus, browser) = (Bus::start().await?, RecordedBrowser::new()?);
        let host = TrayHost::start(bus.address()).await?;
        let tray = computer.agent.start_tray(&bus, &browser)?;
        host.until_menu(PATIENT, PORTAL).await?;
        Ok(Self { host, tray, _bus: bus, _browser: browser })
    }
}

/// AGT-01: sessions begin, lock, are switched away from and end: each desktop is missed until it has its tray, a greeter and
/// a text console are not, a locked or switched-away session keeps its tray, and one that ends takes its tray with it.
#[tokio::test(flavor = "multi_thread")]
async fn trays_follow_the_sessions_that_logind_reports() -> anyhow::Result<()> {
    let world = LoggedOn::new(None).await?;
    let (logind, computer) = (&world.logind, &world.computer);
    logind.begin("g1", "greeter", "wayland").await?;
    logind.begin("t1", "user", "tty").await?;
    logind.begin("c1", "user", "x11").await?;
    world.until(vec![Stopped]).await?;
    let mut first = Desktop::start(computer).await?;
    world.until(vec![Visible]).await?;

    logind.begin("c2", "user", "wayland").await?;
    world.until(vec![Visible, Stopped]).await?;
    let second = Desktop::start(computer).await?;
    world.until(vec![Visible, Visible]).await?;

    logind.lock("c1").await?;
    logind.set_state("c1", "online").await?;
    let entries = serde_json::json!([{"id": "portal", "type": "portal", "label": {"text": "While locked"}}]);
    world.msp.save_menu(menu(&entries)).await?;
    for desktop in [&first, &second] {
        desktop.host.until_menu(SOON, "While locked").await?;
    }

    logind.set_state("c1", "closing").await?;
    assert_eq!(first.tray.ended().await?, 0, "the tray of a session that ends was told to end");
    logind.end("c1").await?;
    world.until(vec![Visible]).await?;
    assert_eq!(second.host.shown().len(), 1);

    logind.end("c2").await?;
    second.host.until(SOON, "no icon", <[_]>::is_empty).await?;
    world.until(Vec::new()).await
}
