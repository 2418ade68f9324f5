//! A computer whose clock jumps.

use std::{fs, path::PathBuf};

use anyhow::Context;
use deskbell_protocol::{UnixMillis, ipc::Status};
use deskbell_tests::support::deadline::{PATIENT, SOON};

use crate::desk::{Computer, Msp, menu};

const HOUR: UnixMillis = 60 * 60 * 1000;

/// A clock that jumps a day forward and then two back delays nothing: a changed menu arrives at once, and a click
/// opens the form. (The wall clock alone jumps, as when it is set: what the agent waits by goes on.)
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_a_day_either_way_delays_nothing() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let folder = tempfile::tempdir().context("making a folder for the clock")?;
    let clock = folder.path().join("clock");
    fs::write(&clock, "+0\n")?;
    let (library, file) = (format!("LD_PRELOAD={}", library()?.display()), clock.display());
    let file = format!("FAKETIME_TIMESTAMP_FILE={file}");
    let wrapper = ["env", &library, &file, "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"];
    let agent = msp.installed_agent().await?;
    let service = agent.start_service_through(&[&wrapper[..], &["DONT_FAKE_MONOTONIC=1"]].concat())?;
    let computer = msp.once_enrolled(agent, service).await?;
    msp.api.assign(computer.asset, msp.jane).await?;
    let mut session = computer.session().await?;
    let start = policy_since(&computer.agent.status().await?)?;

    for (jump, hours) in [("+1d", 24), ("-1d", -24)] {
        fs::write(&clock, format!("{jump}\n"))?;
        let entries = serde_json::json!([{"id": "portal", "type": "portal", "label": {"text": jump}}]);
        msp.save_menu(menu(&entries)).await?;
        session.host.until_menu(SOON, jump).await?;
        assert!(session.click(&[jump]).await?.contains("/launch/"));
        let Computer { agent, service, .. } = &computer;
        let status = agent.until_status(service, PATIENT, "no complaint", |status| status.last_error.is_none()).await?;
        let jumped = policy_since(&status)? - start;
        assert!((jumped - hours * HOUR).abs() < HOUR, "the clock jumped by {jumped} ms, not by {hours} h");
    }
    Ok(())
}

fn policy_since(status: &Status) -> anyhow::Result<UnixMillis> {
    status.policy_since.context("no policy")
}

/// Where Debian's package libfaketime has its library.
fn library() -> anyhow::Result<PathBuf> {
    let folders = fs::read_dir("/usr/lib").context("reading /usr/lib")?.filter_map(Result::ok);
    let mut libraries = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    libraries.find(|library| library.exists()).context("libfaketime is not installed")
}
