//! A computer whose disk is full.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use deskbell_protocol::ipc::Status;
use deskbell_tests::support::{
    agent::Service,
    deadline::{PATIENT, SOON},
    person::need_root,
};

use crate::desk::{Computer, Msp, PORTAL, menu};

/// Puts the state onto a disk of its own, fills that to its last byte, and goes on as the agent.
const ON_A_FULL_DISK: &str = "set -e; cd \"$STATE\"; cp -a . ../kept; mount -t tmpfs -o size=64k,mode=700 none \"$STATE\"; \
    cp -a ../kept/. \"$STATE\"; cat /dev/zero > \"$STATE/filler\" 2> /dev/null || true; exec \"$0\" \"$@\"";

/// On a full disk the menu appears, and what the MSP changes is in force; `status` says that it was not kept,
/// nothing half-written is left, and once there is room it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_full_disk_of_the_agent_the_menu_appears_and_status_says_so() -> anyhow::Result<()> {
    need_root()?;
    let msp = Msp::new().await?;
    let Computer { agent, service, asset } = msp.computer().await?;
    service.stop().await?;
    let state = agent.root().join("state");
    let variable = format!("STATE={}", state.display());
    let wrapper = ["env", &variable, "unshare", "--mount", "sh", "-c", ON_A_FULL_DISK];
    let service = agent.start_service_through(&wrapper)?;
    let computer = Computer { agent, service, asset };
    let session = computer.session().await?;
    session.host.until_menu(SOON, PORTAL).await?;

    let entries = serde_json::json!([{"id": "portal", "type": "portal", "label": {"text": "In force"}}]);
    msp.save_menu(menu(&entries)).await?;
    session.host.until_menu(SOON, "In force").await?;
    let Computer { agent, service, .. } = &computer;
    let says = |status: &Status| status.last_error.as_deref().is_some_and(|error| error.contains("was not kept"));
    agent.until_status(service, PATIENT, "the complaint", says).await?;
    let state = seen_by(service, &state)?;
    assert_eq!(names(&state)?, ["filler", "identity.json", "policy.json"], "nothing half-written is left");
    assert!(fs::read_to_string(state.join("policy.json"))?.contains(PORTAL), "the policy before is whole");

    fs::remove_file(state.join("filler"))?;
    let entries = serde_json::json!([{"id": "portal", "type": "portal", "label": {"text": "Kept"}}]);
    msp.save_menu(menu(&entries)).await?;
    let well = |status: &Status| status.last_error.is_none();
    session.host.until_menu(SOON, "Kept").await?;
    agent.until_status(service, PATIENT, "no complaint", well).await?;
    assert!(fs::read_to_string(state.join("policy.json"))?.contains("Kept"));
    Ok(())
}

/// What the service sees at `path`: the disk is mounted for it alone.
fn seen_by(service: &Service, path: &Path) -> anyhow::Result<PathBuf> {
    let pid = service.pid().context("the service has ended")?.as_raw_nonzero();
    Ok(PathBuf::from(format!("/proc/{pid}/root{}", path.display())))
}

fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
