use deskbell_agent::ipc::client::{self, Receiver, Sender};
use deskbell_protocol::ipc::{ToClient, ToService};
use serde_json::json;

use crate::{
    policy_server::Request,
    world::{ENROLL, POLICY, Service, World, enrolled, policy, wait_for},
};

/// SHA-256 of `abc` (FIPS 180-4), which stands for a picture here.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A computer whose policy names the icon, with the requests for the icon and for the next policy.
fn asking() -> (World, Service, Request, Request) {
    let world = World::with_token();
    let service = world.serve();
    world.server.next(ENROLL).json(201, &enrolled());
    let mut with_icon = policy(false);
    with_icon["policy"]["icons"] = json!({"light": ABC});
    world.server.next(POLICY).json(200, &with_icon);
    let (one, other) = (world.server.any(), world.server.any());
    let (icon, parked) = if one.line == POLICY { (other, one) } else { (one, other) };
    assert_eq!((icon.line.as_str(), parked.line.as_str()), (format!("GET /agent/v1/icons/{ABC}").as_str(), POLICY));
    assert_eq!(icon.header("authorization"), Some("Bearer agent-token"));
    (world, service, icon, parked)
}

fn tray(world: &World) -> (Sender, Receiver) {
    let (mut sender, receiver) = client::connect(&world.socket()).expect("connected");
    let version = env!("CARGO_PKG_VERSION").into();
    sender.send(&ToService::Tray { language: "en".into(), version }).expect("sent");
    (sender, receiver)
}

fn picture(message: Option<ToClient>) -> Option<String> {
    match message {
        Some(ToClient::ShowIcon { pictures }) => pictures.map(|pictures| pictures.light),
        other => panic!("no icon: {other:?}"),
    }
}

/// AGT-19: fetched with the agent's token, handed to the trays, kept for a start with the server away.
#[test]
fn the_policys_icon_is_handed_to_the_trays_and_kept() {
    let (world, service, icon, _parked) = asking();
    icon.answer(200, "content-type: image/png\r\n", "abc");
    let kept = world.path("state/icons").join(ABC);
    wait_for(|| kept.exists()).expect("kept");
    let (_sender, mut receiver) = tray(&world);
    assert_eq!(picture(receiver.receive().expect("a message")).as_deref(), Some("YWJj"));
    service.stop();

    // Port 9 of loopback: nobody listens there.
    world.write("agent.toml", "server = \"http://127.0.0.1:9\"");
    let _service = world.serve();
    world.status(|_| true);
    let (_sender, mut receiver) = tray(&world);
    assert_eq!(picture(receiver.receive().expect("a message")).as_deref(), Some("YWJj"));
}

/// AGT-19: what is not the icon that the policy names is neither shown nor kept, and asked for again.
#[test]
fn another_file_than_the_named_one_is_not_shown_and_the_icon_is_asked_for_again() {
    let (world, _service, icon, _parked) = asking();
    let (_sender, mut receiver) = tray(&world);
    assert!(matches!(receiver.receive(), Ok(Some(ToClient::ShowMenu { .. }))));

    icon.answer(200, "content-type: image/png\r\n", "abd");
    let again = world.server.any();
    again.answer(200, "content-type: image/png\r\n", &"x".repeat(32 * 1024 + 1));
    let again = world.server.any();
    again.problem(404, "not-found");
    assert!(!world.path("state/icons").exists());
    world.server.any().answer(200, "content-type: image/png\r\n", "abc");

    assert_eq!(picture(receiver.receive().expect("a message")).as_deref(), Some("YWJj"));
}
