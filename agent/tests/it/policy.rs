use deskbell_protocol::{AgentState, Menu};

use crate::{
    policy_server::Request,
    world::{ENROLL, LAUNCH, POLICY, Service, World, ended, enrolled, exit_code, policy, stderr, stdout},
};

/// An enrolled agent with a policy, and the request that it has parked.
fn at_work() -> (World, Service, Request) {
    let world = World::with_token();
    let service = world.serve();
    world.server.next(ENROLL).json(201, &enrolled());
    world.server.next(POLICY).json(200, &policy(false));
    let parked = world.server.next(POLICY);
    (world, service, parked)
}

fn menu_text(world: &World) -> String {
    let output = world.run(&["menu"]);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    stdout(&output)
}

/// AGT-17: `menu` shows the menu of the person who asks, in their language.
#[test]
fn the_menu_of_the_policy_is_on_the_command_line() {
    let (world, _service, parked) = at_work();
    assert_eq!(parked.header("prefer"), Some("wait=50"));
    assert_eq!(parked.header("if-none-match"), Some("\"1\""));
    assert_eq!(menu_text(&world), "Northwind IT\n  Hilfe [portal]\n  Handbook [kb]\n");
    let menu: Menu = serde_json::from_str(&stdout(&world.run(&["menu", "--json"]))).expect("a menu");
    assert!(menu.visible);
}

/// AGT-02: hidden is not stopped.
#[test]
fn a_policy_that_hides_the_tray_arrives_while_parked_and_status_says_so() {
    let (world, _service, parked) = at_work();
    parked.json(200, &policy(true));
    world.status(|status| status.hidden_by_policy == Some(true));
    let output = world.run(&["status"]);
    assert!(stdout(&output).contains("Tray:       hidden by policy\n"), "{}", stdout(&output));
    assert!(menu_text(&world).starts_with("Northwind IT (hidden)\n"));
}

/// AGT-06: started with the server away, the agent has its whole menu and says since when it is offline.
#[test]
fn an_agent_that_starts_offline_has_its_menu() {
    let (world, service, _parked) = at_work();
    service.stop();
    assert!(!world.socket().exists());
    // Port 9 of loopback: nobody listens there.
    world.write("agent.toml", "server = \"http://127.0.0.1:9\"");

    let _service = world.serve();

    let status = world.status(|status| status.offline_since.is_some());
    assert_eq!(status.state, AgentState::Enrolled);
    let menu = menu_text(&world);
    assert!(menu.contains("Hilfe >\n    +1 555 anrufen [@support-phone]"), "{menu}");
    assert!(menu.contains("Handbook [kb]") && menu.contains("Offline seit "), "{menu}");
}

/// AGT-11: unknown, waiting and retired each have their own state in `status`.
#[test]
fn each_refusal_of_the_server_is_a_state_of_its_own() {
    for (code, kind, state, words) in [
        (401, "unauthorized", AgentState::Refused, "refused by the server"),
        (403, "waiting-for-approval", AgentState::WaitingForApproval, "waiting for approval"),
        (410, "asset-retired", AgentState::Retired, "retired"),
    ] {
        let (world, _service, parked) = at_work();
        parked.problem(code, kind);
        world.status(|status| status.state == state);
        let output = world.run(&["status"]);
        assert!(stdout(&output).starts_with(&format!("State:      {words}\n")), "{}", stdout(&output));
    }
}

#[test]
fn a_refused_agent_enrolls_again_with_a_new_token() {
    let (world, _service, parked) = at_work();
    world.write("enrollment-token", "token-9");
    parked.problem(401, "unauthorized");
    let request = world.server.next(ENROLL);
    assert!(request.body.contains("token-9"), "{}", request.body);
    request.json(201, &enrolled());
    world.server.next(POLICY).json(200, &policy(false));
    world.status(|status| status.state == AgentState::Enrolled);
}

#[test]
fn a_page_of_something_else_retires_nothing() {
    for code in [410, 200] {
        let (world, _service, parked) = at_work();
        parked.answer(code, "content-type: text/html\r\n", "<html>Log on to the hotel's network</html>");
        let status = world.status(|status| status.last_error.is_some());
        assert_eq!(status.state, AgentState::Enrolled);
        assert!(status.offline_since.is_some());
        assert!(status.last_error.expect("a reason").contains("does not look like a Deskbell server"));
    }
}

#[test]
fn a_policy_of_more_than_1_mb_and_a_redirect_leave_the_last_policy_in_force() {
    let (world, _service, parked) = at_work();
    let body = format!("\"{}\"", "x".repeat(1024 * 1024));
    parked.answer(200, "content-type: application/json\r\n", &body);
    let status = world.status(|status| status.last_error.is_some());
    assert!(status.last_error.expect("a reason").contains("larger than 1024 KB"));
    world.server.next(POLICY).answer(302, "location: https://elsewhere.example/\r\n", "");
    world.status(|status| status.last_error.as_ref().is_some_and(|error| error.contains("does not look like")));
    assert!(menu_text(&world).contains("Handbook [kb]"));
}

#[test]
fn a_cut_request_is_asked_again_at_once_without_waiting() {
    let (world, _service, parked) = at_work();
    std::thread::park_timeout(std::time::Duration::from_millis(1100));
    parked.cut();
    let probe = world.server.next(POLICY);
    assert_eq!(probe.header("prefer"), None);
    assert_eq!(world.status(|_| true).offline_since, None);
    probe.answer(304, "", "");
    assert_eq!(world.server.next(POLICY).header("prefer"), Some("wait=25"));
}

/// AGT-10, AGT-18: `open` makes a launch for the person who runs it, and takes the first portal entry.
#[test]
fn open_prints_the_link_of_a_launch() {
    let (world, _service, _parked) = at_work();
    let command = world.start(&["open", "--print-url"], "");
    let request = world.server.next(LAUNCH);
    let launch: serde_json::Value = serde_json::from_str(&request.body).expect("a launch");
    assert_eq!(launch["entry"], "portal");
    assert_eq!(launch["os_user"]["id"], nix::unistd::Uid::current().to_string());
    request.json(200, &serde_json::json!({"url": "http://localhost:1/launch/x"}));
    let output = ended(command);
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (0, "http://localhost:1/launch/x\n"));
}

/// AGT-20: the refusal's page is opened, and the reason said.
#[test]
fn open_says_why_the_portal_refuses_and_ends_with_5() {
    let (world, _service, _parked) = at_work();
    let command = world.start(&["open", "--print-url"], "");
    let answer = serde_json::json!({"url": "https://portal.example/launch/x", "refusal": "no_end_user"});
    world.server.next(LAUNCH).json(200, &answer);
    let output = ended(command);
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (5, "https://portal.example/launch/x\n"));
    assert!(stderr(&output).contains("Diesem Computer ist noch niemand zugeordnet."), "{}", stderr(&output));
}

/// AGT-13: no answer of a server moves a browser off https.
#[test]
fn a_launch_link_that_is_not_https_is_not_opened() {
    let (world, _service, _parked) = at_work();
    let command = world.start(&["open", "--print-url"], "");
    world.server.next(LAUNCH).json(200, &serde_json::json!({"url": "http://portal.example/launch/x"}));
    let output = ended(command);
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (4, ""));
}

#[test]
fn an_entry_that_the_policy_does_not_have_is_refused_and_a_link_is_printed() {
    let (world, _service, _parked) = at_work();
    let output = world.run(&["open", "gone", "--print-url"]);
    assert_eq!(exit_code(&output), 5);
    assert!(stderr(&output).contains("help@northwind.example"), "{}", stderr(&output));
    let output = world.run(&["open", "kb", "--print-url"]);
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (0, "https://kb.example/PC-042\n"));
}
