//! Disks that are copied, and computers that are set up anew (AGT-12).

use deskbell_protocol::{AgentState, ipc::Status};
use deskbell_tests::support::{
    agent::{Agent, Service},
    deadline::{PATIENT, SOON},
};

use crate::desk::{Computer, Msp, PORTAL};

const ONE: &str = "0123456789abcdef0123456789abcdef";
const ANOTHER: &str = "fedcba9876543210fedcba9876543210";
const SERIAL: &str = "5CG1234XYZ";

/// A computer of its own, enrolled and assigned to Jane.
async fn original(msp: &Msp) -> anyhow::Result<Computer> {
    let agent = msp.installed_agent().await?;
    agent.describe_machine(ONE, SERIAL)?;
    let computer = msp.enrolled(agent).await?;
    msp.api.assign(computer.asset, msp.jane).await?;
    Ok(computer)
}

async fn until(agent: &Agent, service: &Service, state: AgentState) -> anyhow::Result<Status> {
    agent.until_status(service, PATIENT, "the state", |status| status.state == state).await
}

/// AGT-12: a copied disk in another computer does not act as the one that it was copied from: it has no identity until it
/// is enrolled, then one of its own, and the original goes on unmarked.
#[tokio::test(flavor = "multi_thread")]
async fn a_copied_disk_in_another_computer_enrolls_anew() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = original(&msp).await?;
    let clone = computer.agent.copy()?;
    clone.describe_machine(ANOTHER, "5CG9999XYZ")?;

    let service = clone.start_service()?;
    let status = until(&clone, &service, AgentState::NotEnrolled).await?;
    assert_eq!((status.asset_id, status.policy_since), (None, None));
    assert_eq!(clone.run(&["open", "--print-url"]).await?.code, 3);
    service.stop().await?;

    clone.give_enrollment_token(&msp.api.make_enrollment_token(msp.organization).await?.token)?;
    let service = clone.start_service()?;
    let status = until(&clone, &service, AgentState::Enrolled).await?;
    assert!(status.asset_id.is_some_and(|asset| asset != computer.asset), "{status:?}");
    assert_eq!(msp.api.assets().await?.len(), 2);

    let link = computer.agent.run(&["open", "--print-url"]).await?;
    assert!(link.code == 0 && link.stdout.contains("/launch/"), "{link:?}");
    assert_eq!(msp.api.asset(computer.asset).await?.shared_identity_since, None);
    Ok(())
}

/// AGT-12: two computers that nothing tells apart, such as copies of a virtual machine, use one identity in turn: staff see
/// it at the asset. Restarts of one computer before that are nothing to tell.
#[tokio::test(flavor = "multi_thread")]
async fn two_computers_with_one_identity_are_marked_for_staff() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let mut computer = original(&msp).await?;
    for _ in 0..5 {
        computer.service.kill().await?;
        computer.service = computer.agent.start_service()?;
        until(&computer.agent, &computer.service, AgentState::Enrolled).await?;
        assert_eq!(computer.agent.run(&["open", "--print-url"]).await?.code, 0);
    }
    assert_eq!(msp.api.asset(computer.asset).await?.shared_identity_since, None);

    let clone = computer.agent.copy()?;
    let service = clone.start_service()?;
    let status = until(&clone, &service, AgentState::Enrolled).await?;
    assert_eq!(status.asset_id, Some(computer.asset), "nothing tells the copy apart");
    for _ in 0..4 {
        for agent in [&computer.agent, &clone] {
            assert_eq!(agent.run(&["open", "--print-url"]).await?.code, 0);
        }
    }

    assert!(msp.api.asset(computer.asset).await?.shared_identity_since.is_some());
    let events = msp.api.asset_events(computer.asset).await?;
    assert_eq!(events.iter().filter(|event| event["kind"] == "shared_identity").count(), 1, "{events:?}");
    Ok(())
}

/// AGT-12: a computer that was set up anew is proposed as what it was; confirmed by staff, its tray opens the form for the
/// person it belonged to, and the asset before it is retired.
#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_was_set_up_anew_takes_over_when_staff_confirm_it() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let Computer { agent, service, asset: old } = original(&msp).await?;
    service.stop().await?;
    agent.forget_state()?;
    agent.describe_machine(ANOTHER, SERIAL)?;
    agent.give_enrollment_token(&msp.api.make_enrollment_token_with_approval(msp.organization).await?.token)?;

    let service = agent.start_service()?;
    let waiting = until(&agent, &service, AgentState::WaitingForApproval).await?;
    let new = waiting.asset_id.expect("a computer that waits has an id");
    assert_eq!(msp.api.asset(new).await?.predecessor_id, Some(old));
    msp.api.take_over(new).await?;

    until(&agent, &service, AgentState::Enrolled).await?;
    let computer = Computer { agent, service, asset: new };
    let mut session = computer.session().await?;
    session.host.until_menu(SOON, PORTAL).await?;
    assert!(session.click(&[PORTAL]).await?.contains("/launch/"));
    let (new, old) = (msp.api.asset(new).await?, msp.api.asset(old).await?);
    assert_eq!((new.name.as_str(), new.assignment.map(|assigned| assigned.end_user_id)), ("PC-042", Some(msp.jane)));
    assert_eq!((old.state.as_str(), old.assignment), ("retired", None));
    Ok(())
}
