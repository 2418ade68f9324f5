//! Disks that are copied.

use std::fs;

use deskbell_protocol::AgentState;
use deskbell_tests::support::wine::Wine;

use super::computer::{WindowsComputer, until_status};

const ANOTHER: &str = "fedcba98-7654-3210-fedc-ba9876543210";

/// AGT-12, under Wine: a copy of the whole disk in a computer that Windows gave another id has no identity until it is
/// enrolled, then one of its own; the original goes on unmarked. Wine sees the same mainboard in both.
#[tokio::test(flavor = "multi_thread")]
async fn windows_a_copied_disk_in_another_computer_enrolls_anew() -> anyhow::Result<()> {
    let mut computer = WindowsComputer::on(Wine::start_drawing_nothing().await?).await?;
    computer.wine.switch_off();
    let mut clone = computer.wine.copied(ANOTHER).await?;

    clone.switch_on()?;
    let status = until_status(&clone, "the service", |_| true).await?;
    assert_eq!((status.state, status.asset_id, status.policy_since), (AgentState::NotEnrolled, None, None));
    let opened = clone.agent(&["open", "--print-url"]).await?;
    assert!(opened.code == 3 && opened.stdout.is_empty(), "{opened:?}");
    clone.done("sc", &["stop", "deskbell-agent"]).await?;
    let token = computer.msp.api.make_enrollment_token(computer.msp.organization).await?.token;
    fs::write(clone.path(r"C:\ProgramData\Deskbell\enrollment-token"), token)?;
    clone.start_service().await?;
    let status = until_status(&clone, "another asset", |status| status.state == AgentState::Enrolled).await?;
    assert!(status.asset_id.is_some_and(|asset| asset != computer.asset), "{status:?}");
    assert_eq!(computer.msp.api.assets().await?.len(), 2);
    clone.switch_off();

    computer.wine.switch_on()?;
    let status = until_status(&computer.wine, "the service", |status| status.policy_since.is_some()).await?;
    assert_eq!((status.state, status.asset_id), (AgentState::Enrolled, Some(computer.asset)));
    let opened = computer.wine.agent(&["open", "--print-url"]).await?;
    assert!(opened.code == 0 && opened.stdout.contains("/launch/"), "{opened:?}");
    assert_eq!(computer.msp.api.asset(computer.asset).await?.shared_identity_since, None);
    Ok(())
}
