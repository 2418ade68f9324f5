//! How a computer becomes an asset, and what `status` says on the way (AGT-11).

use deskbell_protocol::AgentState;
use deskbell_tests::support::{
    agent::Agent,
    deadline::{PATIENT, SOON},
};

use crate::desk::{Msp, PORTAL};

/// AGT-11: a token that nobody gave out, and one that was revoked, each leave a sentence in `status`.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_and_a_revoked_token_get_a_clear_error() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let revoked = msp.api.make_enrollment_token(msp.organization).await?;
    msp.api.revoke_enrollment_token(revoked.id).await?;

    for token in ["nobody-gave-this-out", revoked.token.as_str()] {
        let agent = Agent::install(msp.server.url.as_str(), Some(token))?;
        let service = agent.start_service()?;
        let status = agent.until_status(&service, PATIENT, "an error", |status| status.last_error.is_some()).await?;
        assert_eq!(status.state, AgentState::NotEnrolled);
        let error = status.last_error.unwrap_or_default();
        assert!(error.contains("enrollment token") && error.contains("Ask"), "{token}: {error}");
        assert_eq!(agent.run(&["open", "--print-url"]).await?.code, 3);
    }
    Ok(())
}

/// AGT-11: a computer whose token needs approval waits, and is in use as soon as staff approve it.
#[tokio::test(flavor = "multi_thread")]
async fn a_computer_waits_for_approval_and_starts_with_it() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let token = msp.api.make_enrollment_token_with_approval(msp.organization).await?;
    let agent = Agent::install(msp.server.url.as_str(), Some(&token.token))?;
    let service = agent.start_service()?;
    let waiting = agent
        .until_status(&service, PATIENT, "the wait for approval", |status| {
            status.state == AgentState::WaitingForApproval
        })
        .await?;
    let asset = waiting.asset_id.expect("a computer that waits has an id");

    msp.api.approve_asset(asset).await?;

    agent.until_status(&service, SOON, "the approval", |status| status.state == AgentState::Enrolled).await?;
    Ok(())
}

/// AGT-11, AGT-20: a retired computer has no tray any more, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_retired_computer_loses_its_icon() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;

    msp.api.retire_asset(computer.asset).await?;

    session.host.until(SOON, "no icon", <[_]>::is_empty).await?;
    let retired = |status: &deskbell_protocol::ipc::Status| status.state == AgentState::Retired;
    computer.agent.until_status(&computer.service, SOON, "the retirement", retired).await?;
    Ok(())
}

/// AGT-11: a server that does not know the computer (401) leaves it its menu, without the portal.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_computer_keeps_its_menu_without_the_portal() -> anyhow::Result<()> {
    let mut msp = Msp::new().await?;
    msp.save_menu(crate::desk::menu(&serde_json::json!([
        {"id": "portal", "type": "portal", "label": {"text": PORTAL}},
        {"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://handbook.example/"}
    ])))
    .await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;

    msp.server.stop().await?;
    msp.server.come_back_empty()?;

    session.host.until_menu(PATIENT, "Handbook\n---\n[This computer is not connected to support]").await?;
    assert_eq!(computer.agent.status().await?.state, AgentState::Refused);
    Ok(())
}
