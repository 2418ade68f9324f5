use deskbell_protocol::AgentState;

use crate::world::{ENROLL, POLICY, World, ended, enrolled, exit_code, mode, policy, stderr, stdout, wait_for};

/// AGT-11: an enrollment token is given by file.
#[test]
fn the_service_enrolls_with_the_token_file_and_removes_it() {
    let world = World::with_token();
    let _service = world.serve();

    let request = world.server.next(ENROLL);
    assert!(request.body.contains(r#""enrollment_token":"token-1""#), "{}", request.body);
    request.json(201, &enrolled());
    let request = world.server.next(POLICY);
    assert_eq!(request.header("authorization"), Some("Bearer agent-token"));
    request.json(200, &policy(false));

    world.status(|status| status.state == AgentState::Enrolled && status.policy_since.is_some());
    assert!(!world.path("enrollment-token").exists());
    assert_eq!(mode(&world.path("state")), 0o700);
    assert_eq!(mode(&world.path("state/identity.json")), 0o600);
    assert_eq!(mode(&world.path("state/policy.json")), 0o600);
}

/// AGT-11: a revoked token is a clear reason in `status`, and the agent tries again.
#[test]
fn a_token_that_is_not_taken_is_tried_again_and_the_reason_is_in_status() {
    let world = World::with_token();
    let _service = world.serve();
    world.server.next(ENROLL).problem(401, "enrollment-token-revoked");
    let status = world.status(|status| status.last_error.is_some());
    assert!(status.last_error.expect("a reason").contains("It is enrollment-token-revoked."));

    world.server.next(ENROLL).json(201, &enrolled());
    world.server.next(POLICY).json(200, &policy(false));
    world.status(|status| status.state == AgentState::Enrolled && status.last_error.is_none());
}

/// AGT-11: an enrollment token is given on standard input.
#[test]
fn the_command_enrolls_and_a_running_service_takes_it_up_at_once() {
    let world = World::new();
    let _service = world.serve();
    world.status(|status| status.state == AgentState::NotEnrolled);

    let server = world.server.url();
    let command = world.start(&["enroll", "--server", &server, "--token-file", "-"], "token-2\n");
    let request = world.server.next(ENROLL);
    assert!(request.body.contains("token-2"), "{}", request.body);
    request.json(201, &enrolled());

    let output = ended(command);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output), "This computer is enrolled.\n");
    world.server.next(POLICY).json(200, &policy(false));
    world.status(|status| status.policy_since.is_some());
}

#[test]
fn a_wrong_token_ends_with_5_and_changes_nothing() {
    let world = World::new();
    let server = world.server.url();
    let command = world.start(&["enroll", "--server", &server, "--token-file", "-"], "wrong");
    world.server.next(ENROLL).problem(401, "enrollment-token-unknown");
    let output = ended(command);
    assert_eq!(exit_code(&output), 5);
    assert!(stderr(&output).contains("did not take the enrollment token"), "{}", stderr(&output));
    assert!(!world.path("agent.toml").exists() && !world.path("state/identity.json").exists());
}

#[test]
fn a_server_that_is_away_ends_with_4_and_the_service_enrolls_later() {
    let world = World::new();
    world.write("token", "token-3");
    let token = world.path("token");
    let token = token.to_str().expect("text");
    // Port 9 of loopback: nobody listens there.
    let output = world.run(&["enroll", "--server", "http://127.0.0.1:9", "--token-file", token]);
    assert_eq!(exit_code(&output), 4, "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot be reached"), "{}", stderr(&output));
    assert_eq!(mode(&world.path("enrollment-token")), 0o600);

    world.write("agent.toml", &format!("server = \"{}\"", world.server.url()));
    let _service = world.serve();
    assert!(world.server.next(ENROLL).body.contains("token-3"));
}

#[test]
fn a_server_that_speaks_nonsense_ends_with_1_and_is_named() {
    for nonsense in ["<html>Welcome</html>", "{\"hello\": 1}"] {
        let world = World::new();
        let server = world.server.url();
        let command = world.start(&["enroll", "--server", &server, "--token-file", "-"], "token");
        let content_type = if nonsense.starts_with('<') { "text/html" } else { "application/json" };
        world.server.next(ENROLL).answer(200, &format!("content-type: {content_type}\r\n"), nonsense);
        let output = ended(command);
        assert_eq!(exit_code(&output), 1);
        let words = stderr(&output);
        assert!(words.contains("does not look like a Deskbell server") && words.contains(&server), "{words}");
    }
}

/// AGT-12: the identity of a cloned disk is not used by the clone.
#[test]
fn an_identity_of_another_machine_is_set_aside_and_the_agent_enrolls_anew() {
    let world = World::with_token();
    std::fs::create_dir(world.path("state")).expect("a folder");
    let identity = r#"{"asset_id":"018f0000-0000-7000-8000-000000000009","agent_token":"old","fingerprint":"other"}"#;
    world.write("state/identity.json", identity);
    let _service = world.serve();
    world.server.next(ENROLL).json(201, &enrolled());
    assert_eq!(world.server.next(POLICY).header("authorization"), Some("Bearer agent-token"));
}

/// A file stands where the state folder belongs, which stops root as well.
#[test]
fn a_state_folder_that_cannot_be_written_spends_no_token_and_says_so() {
    let world = World::with_token();
    world.write("state", "in the way");
    let server = world.server.url();
    let output = world.run(&["enroll", "--server", &server, "--token-file", "/dev/stdin"]);
    assert_eq!(exit_code(&output), 1);

    let _service = world.serve();
    let status = world.status(|status| status.last_error.is_some());
    assert!(status.last_error.expect("a reason").contains("state"));
    assert!(world.path("enrollment-token").exists());
}

/// A folder stands where the policy belongs, which stops root as well.
#[test]
fn a_policy_that_cannot_be_cached_is_in_force_all_the_same() {
    let world = World::with_token();
    std::fs::create_dir_all(world.path("state/policy.json/in the way")).expect("a folder");
    let _service = world.serve();
    world.server.next(ENROLL).json(201, &enrolled());
    world.server.next(POLICY).json(200, &policy(true));
    let status = world.status(|status| status.policy_since.is_some());
    assert_eq!(status.hidden_by_policy, Some(true));
}

#[test]
fn an_identity_that_cannot_be_written_is_written_when_it_can_be() {
    let world = World::with_token();
    std::fs::create_dir_all(world.path("state/identity.json.new/in the way")).expect("a folder");
    let _service = world.serve();
    world.server.next(ENROLL).json(201, &enrolled());
    let parked = world.server.next(POLICY);
    world.status(|status| status.last_error.as_ref().is_some_and(|error| error.contains("could not be saved")));
    assert!(world.path("enrollment-token").exists());

    std::fs::remove_dir_all(world.path("state/identity.json.new")).expect("removed");
    parked.json(200, &policy(false));

    wait_for(|| world.path("state/identity.json").exists()).expect("the identity is saved");
    wait_for(|| !world.path("enrollment-token").exists()).expect("the token is removed");
}

/// What an installer says counts until the first policy arrives, and the folder goes with the enrollment.
#[test]
fn a_folder_is_asked_for_and_a_tray_that_is_not_hidden_shows_how_it_stands_until_the_policy_comes() {
    let world = World::new();
    world.write("agent.toml", "[network]\nproxy = \"http://proxy.example:3128\"\n");
    let server = world.server.url();
    let settings = ["--folder", "Floor 2/Reception", "--hide-tray", "false"];
    let later = [&["enroll", "--later", "--server", &server, "--token-file", "-"][..], &settings].concat();
    assert_eq!(exit_code(&ended(world.start(&later, "token"))), 0);
    let kept = std::fs::read_to_string(world.path("agent.toml")).expect("a configuration");
    assert!(kept.contains("proxy.example") && kept.contains("hide_tray = false"), "{kept}");

    let _service = world.serve();
    let request = world.server.next(ENROLL);
    assert!(request.body.contains(r#""folder":"Floor 2/Reception""#), "{}", request.body);
    let shown = |visible: bool, words: &str| {
        let output = world.run(&["--json", "menu"]);
        let menu: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("a menu");
        menu["visible"] == visible && menu["items"].to_string().contains(words)
    };
    assert!(shown(true, "being_set_up"), "{}", stdout(&world.run(&["menu"])));
    request.json(201, &enrolled());
    world.server.next(POLICY).json(200, &policy(true));
    world.status(|status| status.policy_since.is_some());
    assert!(shown(false, ""), "{}", stdout(&world.run(&["menu"])));
}

/// AGT-11: a token that is configured serves where there is no file with one.
#[test]
fn a_configured_token_enrolls_and_a_file_with_one_goes_before_it() {
    for (file, used) in [(None, "configured"), (Some("from-the-file"), "from-the-file")] {
        let world = World::new();
        let server = world.server.url();
        world.write("agent.toml", &format!("server = \"{server}\"\nenrollment_token = \"configured\"\n"));
        if let Some(token) = file {
            world.write("enrollment-token", token);
        }
        let _service = world.serve();
        let request = world.server.next(ENROLL);
        assert!(request.body.contains(&format!(r#""enrollment_token":"{used}""#)), "{}", request.body);
        request.json(201, &enrolled());
        world.server.next(POLICY).json(200, &policy(false));
        world.status(|status| status.policy_since.is_some());
        assert!(!world.path("enrollment-token").exists());
    }
}
