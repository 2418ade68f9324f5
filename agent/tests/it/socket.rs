use std::{
    io::{ErrorKind, Read as _, Write as _},
    os::unix::net::UnixStream,
};

use deskbell_agent::ipc::client;
use deskbell_protocol::{
    ItemId,
    ipc::{QuitReason, ToClient, ToService},
};

use crate::world::{ENROLL, LAUNCH, PATIENCE, POLICY, World, enrolled, mode, policy, wait_for};

fn show(message: Option<ToClient>) -> deskbell_protocol::Menu {
    match message {
        Some(ToClient::ShowMenu { menu }) => menu,
        other => panic!("not a menu: {other:?}"),
    }
}

fn tray(language: &str) -> ToService {
    ToService::Tray { language: language.into(), version: env!("CARGO_PKG_VERSION").into() }
}

/// AGT-03: a saved policy reaches the tray at once, in its own language.
#[test]
fn the_tray_has_the_new_menu_in_its_language() {
    let world = World::with_token();
    let _service = world.serve();
    world.server.next(ENROLL).json(201, &enrolled());
    let first = world.server.next(POLICY);
    let (mut sender, mut receiver) = client::connect(&world.socket()).expect("connected");
    sender.send(&tray("de-AT")).expect("sent");
    assert!(!show(receiver.receive().expect("a message")).visible);

    first.json(200, &policy(false));

    let menu = show(receiver.receive().expect("a message"));
    assert!(menu.visible && serde_json::to_string(&menu).expect("serializes").contains("Hilfe"));
}

/// AGT-01: the second tray of a session is told to end, and so is one of another version.
#[test]
fn a_second_tray_and_one_of_another_version_are_told_to_end() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    let (mut first, mut first_hears) = client::connect(&world.socket()).expect("connected");
    first.send(&tray("en")).expect("sent");
    show(first_hears.receive().expect("a message"));
    let old = ToService::Tray { language: "en".into(), version: "0.0.1".into() };
    for (message, reason) in [(tray("en"), QuitReason::AnotherTray), (old, QuitReason::Outdated)] {
        let (mut sender, mut receiver) = client::connect(&world.socket()).expect("connected");
        sender.send(&message).expect("sent");
        assert_eq!(receiver.receive().expect("a message"), Some(ToClient::Quit { reason }));
    }
    first.send(&ToService::Status).expect("sent");
    assert!(matches!(first_hears.receive(), Ok(Some(ToClient::Status { .. }))));
}

/// One user may hold 32 connections; the next is closed at once, and closing one makes room.
#[test]
fn the_thirty_third_connection_of_a_user_is_closed() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    let ask = || client::ask(&world.socket(), &ToService::Status);
    wait_for(|| ask().is_ok()).expect("an answer");
    let mut held = Vec::new();
    // The questions above may not have left yet.
    wait_for(|| {
        let (mut sender, mut receiver) = client::connect(&world.socket()).expect("connected");
        if sender.send(&ToService::Status).is_ok() && matches!(receiver.receive(), Ok(Some(_))) {
            held.push((sender, receiver));
        }
        held.len() == 32
    })
    .expect("32 connections");

    assert!(ask().is_err(), "the thirty-third was admitted");
    held.pop();
    wait_for(|| ask().is_ok()).expect("no room was made");
}

#[test]
fn a_click_on_a_tray_is_answered_on_that_tray_while_others_go_on() {
    let world = World::with_token();
    let _service = world.serve();
    world.server.next(ENROLL).json(201, &enrolled());
    world.server.next(POLICY).json(200, &policy(false));
    world.status(|status| status.policy_since.is_some());
    let (mut sender, mut receiver) = client::connect(&world.socket()).expect("connected");
    sender.send(&tray("en")).expect("sent");
    let _ = show(receiver.receive().expect("a message"));
    let item: ItemId = "portal".parse().expect("an item");
    sender.send(&ToService::Clicked { item }).expect("sent");

    let _parked = world.server.next(POLICY);
    let launch = world.server.next(LAUNCH);
    world.status(|_| true);
    launch.json(200, &serde_json::json!({"url": "https://portal.example/launch/x"}));

    let url = "https://portal.example/launch/x".to_owned();
    assert_eq!(receiver.receive().expect("a message"), Some(ToClient::OpenUrl { url, refusal: None }));
}

#[test]
fn garbage_and_endless_lines_end_their_own_connection_only() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    let (mut sender, mut receiver) = client::connect(&world.socket()).expect("connected");

    for garbage in [b"GET / HTTP/1.1\r\n\r\n".to_vec(), vec![b'x'; 2 * 1024 * 1024], vec![0xff, b'\n']] {
        let mut stream = UnixStream::connect(world.socket()).expect("connected");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        // The service may hang up before it has read everything.
        let _ = stream.write_all(&garbage);
        let is_closed = match stream.read(&mut [0; 16]) {
            Ok(read) => read == 0,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        };
        assert!(is_closed, "the connection is still open");
    }

    sender.send(&ToService::Status).expect("sent");
    assert!(matches!(receiver.receive(), Ok(Some(ToClient::Status { .. }))));
}

/// A tray that never reads is sent away; the service and the others go on.
#[test]
fn a_client_that_does_not_read_holds_up_nobody() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    let (mut deaf, _unread) = client::connect(&world.socket()).expect("connected");
    let mut sent = 0;
    while sent < 100_000 && deaf.send(&ToService::Status).is_ok() {
        sent += 1;
    }
    assert!(sent < 100_000, "the deaf client was never sent away");
    world.status(|_| true);
}

#[test]
fn the_socket_is_for_everybody() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    assert_eq!(mode(&world.socket()), 0o666);
}
