//! The rules of the repository that no compiler checks: who may name what, sizes, names, licences, pages made from code.

mod license;
mod source;

use std::{collections::BTreeSet, fs};

use deskbell_tests::{
    coverage::{self, sources},
    support::programs::workspace,
};

use self::source::{Source, sources_below};

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 9] = ["util", "helper", "common", "misc", "shared", "types", "models", "manager", "core"];

/// What reads the world: files, network, clock, environment, processes, randomness, standard streams.
const WORLD: [&str; 22] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::io",
    "SystemTime",
    "Instant",
    "tokio",
    "reqwest",
    "axum",
    "sea_orm",
    "rand",
    "getrandom",
    "new_v4",
    "now_v7",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "tracing",
];

#[test]
fn only_the_store_names_the_database_crate() {
    let named = naming(&["sea_orm", "sea_orm_migration", "sea_query", "sqlx"], &["policy-server/src/store"]);
    assert_eq!(named, [""; 0], "the database belongs to policy-server/src/store");
}

#[test]
fn only_the_two_network_edges_name_the_http_client() {
    let edges = ["agent/src/service/server_client", "policy-server/src/outbound"];
    let elsewhere = without(&edges).into_iter().filter(|source| !source.is_test()).collect::<Vec<_>>();
    assert_eq!(lines_naming(&elsewhere, &["reqwest"]), [""; 0], "reqwest belongs to the network edges");
}

#[test]
fn only_the_mail_edge_names_the_mail_client() {
    let named = naming(&["lettre"], &["policy-server/src/mail"]);
    assert_eq!(named, [""; 0], "mail leaves through policy-server/src/mail");
}

#[test]
fn only_the_tray_names_the_tray_crates() {
    let named = naming(&["tray_icon", "tao", "muda", "ksni"], &["agent/src/tray", "tests/benches/agent/gtk.rs"]);
    assert_eq!(named, [""; 0], "drawing belongs to agent/src/tray; the bench's reference is a program of its own");
}

#[test]
fn the_protocol_and_the_domain_read_nothing_of_the_world() {
    let pure = ["protocol/src", "policy-server/src/domain"];
    let named: Vec<_> = pure.iter().flat_map(|folder| lines_naming(&sources_below(folder), &WORLD)).collect();
    assert_eq!(named, [""; 0], "pure code gets the moment, the text and the id as values");
}

#[test]
fn agent_and_server_know_each_other_only_through_the_protocol() {
    for (package, others) in [
        ("agent", ["deskbell-server", "deskbell-tests"]),
        ("policy-server", ["deskbell-agent", "deskbell-tests"]),
        ("protocol", ["deskbell-agent", "deskbell-server"]),
    ] {
        let manifest = fs::read_to_string(workspace().join(package).join("Cargo.toml")).expect(package);
        for other in others {
            assert!(!manifest.contains(other), "{package}/Cargo.toml names {other}");
        }
    }
}

#[test]
fn a_lint_is_expected_with_a_reason_never_allowed() {
    let everything = sources_below("");
    let allowed = lines_naming(&everything, &["#[allow(", "#![allow("]);
    assert_eq!(allowed, [""; 0], "write #[expect(lint, reason = \"…\")]");
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    for package in sources::packages(workspace()).expect("packages") {
        let manifest = fs::read_to_string(workspace().join(&package).join("Cargo.toml")).expect("a manifest");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{package}/Cargo.toml has lints of its own");
    }
}

#[test]
fn no_file_is_longer_than_600_lines_before_its_tests() {
    let long: Vec<_> = sources_below("")
        .into_iter()
        .filter(|source| !source.is_test() && source.lines_before_tests() > 600)
        .map(|source| format!("{}: {} lines", source.path, source.lines_before_tests()))
        .collect();
    assert_eq!(long, [""; 0], "split these by noun");
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let named: BTreeSet<_> = sources_below("")
        .into_iter()
        .filter(|source| source.path.split(['/', '.']).any(|part| EMPTY_NAMES.contains(&part.trim_end_matches('s'))))
        .map(|source| source.path)
        .collect();
    assert_eq!(named, BTreeSet::new(), "name what is inside");
}

#[test]
fn every_crate_has_a_license_that_deny_toml_allows() {
    let refused = license::refused().expect("reading the licenses");
    assert_eq!(refused, [""; 0], "deny.toml allows none of their licenses");
}

#[test]
fn the_page_of_rows_and_tests_is_up_to_date() {
    let page = coverage::page(workspace()).expect("the page");
    let written = fs::read_to_string(workspace().join(coverage::PAGE)).unwrap_or_default();
    assert!(written == page, "{} is out of date: run `cargo coverage`", coverage::PAGE);
}

/// Lines that name one of `words`, in all packages but below `places`.
fn naming(words: &[&str], places: &[&str]) -> Vec<String> {
    lines_naming(&without(places), words)
}

fn without(places: &[&str]) -> Vec<Source> {
    sources_below("").into_iter().filter(|source| !places.iter().any(|place| source.path.starts_with(place))).collect()
}

/// Lines of `sources` that name one of `words`. This test target, which writes them all out, does not count.
fn lines_naming(sources: &[Source], words: &[&str]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| !source.path.starts_with("tests/tests/tidy/"))
        .flat_map(|source| source.lines_naming(words))
        .collect()
}
