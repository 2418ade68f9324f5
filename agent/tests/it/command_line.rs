use crate::world::{World, ended, exit_code, stderr, stdout};

#[test]
fn wrong_usage_ends_with_2() {
    let world = World::new();
    for arguments in [
        &["frobnicate"] as &[&str],
        &[],
        &["enroll"],
        &["enroll", "--server", "http://support.example", "--token-file", "-"],
        &["enroll", "--server", "nonsense", "--token-file", "-"],
        &["open", "Not An Id"],
    ] {
        let output = world.run(arguments);
        assert_eq!(exit_code(&output), 2, "{arguments:?}: {}", stderr(&output));
    }
}

/// AGT-13: the agent is not talked into plain http.
#[test]
fn plain_http_to_another_computer_is_refused_in_a_sentence() {
    let world = World::new();
    let output = world.run(&["enroll", "--server", "http://support.example", "--token-file", "-"]);
    assert!(stderr(&output).contains("must begin with https://"), "{}", stderr(&output));
}

#[test]
fn help_names_every_command_and_exit_code() {
    let help = stdout(&World::new().run(&["--help"]));
    for expected in ["run", "enroll", "status", "menu", "open", "doctor", "uninstall-state", "--json", "Exit codes:"] {
        assert!(help.contains(expected), "{expected} is missing from {help}");
    }
}

#[test]
fn without_a_service_the_questions_end_with_1_and_say_what_to_do() {
    let world = World::new();
    for command in ["status", "menu", "open"] {
        let output = world.run(&[command]);
        assert_eq!(exit_code(&output), 1);
        assert!(stderr(&output).contains("No service answers"), "{}", stderr(&output));
    }
}

#[test]
fn open_ends_with_3_on_a_computer_that_is_not_enrolled() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    let output = world.run(&["open", "--print-url"]);
    assert_eq!(exit_code(&output), 3, "{}", stderr(&output));
}

#[test]
fn an_unknown_key_stops_the_service_with_file_and_line() {
    let world = World::new();
    world.write("agent.toml", "\nsevrer = \"https://support.example\"\n");
    let output = world.run(&["run"]);
    assert_eq!(exit_code(&output), 1);
    let words = stderr(&output);
    assert!(words.contains("agent.toml, line 2") && words.contains("sevrer"), "{words}");
}

#[test]
fn a_second_service_on_the_same_files_ends_with_1() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    let output = world.run(&["run"]);
    assert_eq!(exit_code(&output), 1);
    assert!(stderr(&output).contains("runs already"), "{}", stderr(&output));
    world.status(|_| true);
}

#[test]
fn a_root_that_is_too_long_for_a_socket_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("x".repeat(120));
    let program = env!("CARGO_BIN_EXE_deskbell-agent");
    let mut command = std::process::Command::new(program);
    command.arg("--root").arg(&root).arg("run").stderr(std::process::Stdio::piped());
    let output = ended(command.spawn().expect("started"));
    assert_eq!(exit_code(&output), 1);
    assert!(stderr(&output).contains("use a shorter --root"), "{}", stderr(&output));
}

#[test]
fn uninstall_state_removes_everything_but_the_configuration() {
    let world = World::with_token();
    std::fs::create_dir_all(world.path("state")).expect("a folder");
    world.write("state/identity.json", "{}");
    let output = world.run(&["uninstall-state"]);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert!(!world.path("state").exists() && !world.path("enrollment-token").exists());
    assert!(world.path("agent.toml").exists());
}

#[test]
fn uninstall_state_refuses_while_the_service_runs() {
    let world = World::new();
    let _service = world.serve();
    world.status(|_| true);
    let output = world.run(&["uninstall-state"]);
    assert_eq!(exit_code(&output), 1);
    assert!(stderr(&output).contains("Stop it first"), "{}", stderr(&output));
}

/// AGT-17: the doctor has one line for each check and ends with 1 when one found something.
#[test]
fn the_doctor_names_what_is_missing() {
    let world = World::new();
    let output = world.run(&["doctor"]);
    assert_eq!(exit_code(&output), 1);
    let lines = stdout(&output);
    assert!(lines.contains("ok       configuration"), "{lines}");
    assert!(lines.contains("problem  service") && lines.contains("problem  server"), "{lines}");

    let checks: serde_json::Value = serde_json::from_slice(&world.run(&["doctor", "--json"]).stdout).expect("JSON");
    assert!(checks.as_array().is_some_and(|checks| checks.iter().all(|check| check["ok"].is_boolean())));
}
