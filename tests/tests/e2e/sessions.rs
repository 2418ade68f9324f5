//! Several people on one computer, each with a session, and the trays in them.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_protocol::TrayState;
use deskbell_tests::support::{
    browser::{Browser, BrowserOptions},
    bus::Bus,
    child::ChildProcess,
    deadline::{self, PATIENT, SOON},
    person::{InstalledPrograms, Person, need_root},
    recorded_browser::RecordedBrowser,
    tray_host::TrayHost,
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::{
    desk::{Computer, Msp, PORTAL, menu},
    form,
};

const PEOPLE: u32 = 30;
const FIRST_UID: u32 = 61_001;

/// A person's session on a shared computer.
struct Seat {
    person: Person,
    bus: Bus,
    host: TrayHost,
    browser: RecordedBrowser,
    tray: ChildProcess,
}

/// AGT-01, AGT-08: thirty people at once: thirty icons, each with its own language and name; the server sees thirty
/// states and who clicked; a session that ends frees its tray, and a second tray in one ends by itself.
#[tokio::test(flavor = "multi_thread")]
async fn thirty_people_have_thirty_trays_each_in_their_own_language_and_name() -> anyhow::Result<()> {
    need_root()?;
    let msp = Msp::new().await?;
    msp.save_menu(menu(&json!([
        {"id": "portal", "type": "portal", "label": {"text": "Help", "translations": {"de": "Hilfe"}}},
        {"id": "who", "type": "link", "label": {"text": "Me"}, "url": "https://who.example/{{user}}"}
    ])))
    .await?;
    let computer = msp.computer().await?;
    computer.agent.open_to_all()?;
    let programs = InstalledPrograms::copy()?;

    let mut seats = Vec::new();
    for uid in FIRST_UID..FIRST_UID + PEOPLE {
        seats.push(seat(&computer, &programs, Person::new(uid)?).await?);
    }
    for seat in &mut seats {
        let help = if seat.person.uid.is_multiple_of(2) { "Hilfe" } else { "Help" };
        seat.host.until_menu(PATIENT, &format!("{help}\nMe")).await?;
        seat.host.click(&["Me"]).await?;
        let expected = format!("https://who.example/uid%20{}", seat.person.uid);
        assert_eq!(seat.browser.next(SOON).await?, expected);
    }
    let everybody: BTreeSet<_> = seats.iter().map(|seat| seat.person.uid.to_string()).collect();
    let visible = |states: &BTreeMap<String, TrayState>| {
        states.values().all(|state| *state == TrayState::Visible)
            && states.keys().cloned().collect::<BTreeSet<_>>() == everybody
    };
    until_server_sees(&msp, &computer, visible).await?;

    let seat = &mut seats[6];
    seat.host.click(&["Help"]).await?;
    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(&seat.browser.next(SOON).await?).await?;
    form::send(&browser, "From the seventh seat").await?;
    browser.text(".number").await?;
    let tickets = msp.api.tickets().await?;
    let clicked = tickets.first().and_then(|ticket| ticket.os_user.as_ref()).map(|user| user.id.as_str());
    assert_eq!(clicked, Some(seat.person.uid.to_string().as_str()));
    browser.stop().await?;

    let mut second = computer.agent.start_tray_as(&seat.person, &programs, &seat.bus, &seat.browser, "C")?;
    let word = |line: &str| line.contains("has a tray already").then_some(());
    second.line(SOON, "why the second tray ends", word).await?;
    assert_eq!(second.ended().await?, 0);
    assert_eq!(seat.host.shown().len(), 1);

    let gone = seats.swap_remove(0);
    let uid = gone.person.uid.to_string();
    gone.tray.stop().await?;
    gone.host.until(SOON, "no icon", <[_]>::is_empty).await?;
    until_server_sees(&msp, &computer, |states| states.get(&uid) == Some(&TrayState::Stopped)).await
}

/// AGT-01: a tray that crashes is back by itself, without a second icon.
#[tokio::test(flavor = "multi_thread")]
async fn a_tray_that_crashes_is_back_by_itself() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    let (host, tray) = (&session.host, &session.tray);
    let first = host.until_menu(SOON, PORTAL).await?.service;

    kill_process(child_of(tray)?, Signal::KILL)?;

    let is_new = |icons: &[deskbell_tests::support::tray_host::Icon]| matches!(icons, [icon] if icon.service != first);
    host.until(PATIENT, "another icon", is_new).await?;
    let parent = tray.pid().expect("the parent lives");
    kill_process(parent, Signal::KILL)?;
    host.until(SOON, "no icon without the parent", <[_]>::is_empty).await?;
    Ok(())
}

async fn seat(computer: &Computer, programs: &InstalledPrograms, person: Person) -> anyhow::Result<Seat> {
    let bus = Bus::start_for(&person).await?;
    let host = TrayHost::start(bus.address()).await?;
    let browser = RecordedBrowser::new()?;
    browser.open_to_all()?;
    let language = if person.uid.is_multiple_of(2) { "de_DE.UTF-8" } else { "en_US.UTF-8" };
    let tray = computer.agent.start_tray_as(&person, programs, &bus, &browser, language)?;
    Ok(Seat { person, bus, host, browser, tray })
}

/// Waits until what the server knows of the computer's trays, by user id, is such that `holds`, asking again whenever
/// the service says anything.
async fn until_server_sees(
    msp: &Msp,
    computer: &Computer,
    holds: impl Fn(&BTreeMap<String, TrayState>) -> bool,
) -> anyhow::Result<()> {
    let mut last = BTreeMap::new();
    let waiting = async {
        loop {
            let sessions = msp.api.asset(computer.asset).await?.sessions;
            last = sessions.into_iter().map(|session| (session.os_user.id, session.tray)).collect();
            if holds(&last) {
                return anyhow::Ok(());
            }
            tokio::task::yield_now().await;
        }
    };
    match tokio::time::timeout(deadline::PATIENT, waiting).await {
        Ok(seen) => seen,
        Err(_) => anyhow::bail!("the server sees {} trays: {last:?}", last.len()),
    }
}

/// The process that draws.
pub(crate) fn child_of(tray: &ChildProcess) -> anyhow::Result<Pid> {
    let parent = tray.pid().map(|pid| pid.as_raw_nonzero().get()).unwrap_or_default();
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"))?;
    let child = children.split_whitespace().next().and_then(|id| id.parse().ok()).and_then(Pid::from_raw);
    child.ok_or_else(|| anyhow::anyhow!("the tray has no child: {children:?}"))
}
