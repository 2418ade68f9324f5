//! What crosses a wire between Deskbell's tray, agent service and policy server, and the menu that follows from it.
//!
//! No I/O, no clock, no randomness: everything here is a value or a function of values. How messages travel is the
//! business of the programs at each end.

pub mod caption;
pub mod enroll;
pub mod facts;
pub mod icon;
pub mod ids;
pub mod ipc;
pub mod launch;
pub mod loopback;
pub mod menu;
pub mod policy;
pub mod problem;
pub mod report;
pub mod shortcut;
pub mod template;
pub mod values;

pub use caption::Caption;
pub use enroll::{EnrollRequest, EnrollResponse, EnrollState};
pub use facts::Facts;
pub use icon::{IconHash, Icons};
pub use ids::{AssetId, EntryId, INSTANCE_HEADER, InstanceId, InvalidEntryId, ItemId};
pub use launch::{LaunchRequest, LaunchResponse, Refusal};
pub use loopback::is_loopback;
pub use menu::{Action, AgentState, Menu, MenuItem, MenuState, action, menu, tel_link};
pub use policy::{Entry, EntryKind, Fault, Label, Policy, PolicyAnswer, Support};
pub use problem::{FieldError, Problem, ProblemKind};
pub use report::{OsUser, Report, SessionReport, ShortcutState, TrayState};
pub use shortcut::Shortcut;
pub use template::{CopyTemplate, TemplateError, TextTemplate, UrlTemplate, Variable};
pub use values::Values;

/// A moment: milliseconds since 1970-01-01 00:00 UTC.
pub type UnixMillis = i64;

#[cfg(test)]
mod wire {
    //! One snapshot of each message, so that a change of the wire is seen in review. Each is read back, and refused
    //! with a field that nobody knows, but for the policy: an agent may be older than its server.

    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Value, json};

    use crate::{ipc::*, *};

    fn check<T: Serialize + DeserializeOwned>(name: &str, json: Value) {
        check_written::<T>(name, &json);
        let mut stranger = json;
        stranger["stranger"] = json!(1);
        assert!(serde_json::from_value::<T>(stranger).is_err(), "{name} takes a field that nobody knows");
    }

    fn check_written<T: Serialize + DeserializeOwned>(name: &str, json: &Value) {
        let message: T = serde_json::from_value(json.clone()).expect(name);
        let written = serde_json::to_value(&message).expect(name);
        insta::assert_json_snapshot!(name, written);
        assert_eq!(written, *json, "{name} is not written as it was read");
    }

    fn facts() -> Value {
        json!({
            "computer": "pc-042", "serial": "SN1", "manufacturer": "ACME", "model": "One", "os": "Debian GNU/Linux 12",
            "architecture": "x86_64", "processor": "CPU", "memory_bytes": 8_589_934_592_u64,
            "addresses": ["192.0.2.7"], "agent_version": "0.1.0"
        })
    }

    const ID: &str = "0192f0c1-2345-7000-8000-000000000001";

    #[test]
    fn agent_and_server() {
        check::<EnrollRequest>(
            "enroll_request",
            json!({"enrollment_token": "t", "fingerprint": "00", "facts": facts(), "folder": "Floor 2/Reception"}),
        );
        check::<EnrollResponse>(
            "enroll_response",
            json!({"asset_id": ID, "agent_token": "t", "state": "waiting_for_approval"}),
        );
        check_written::<PolicyAnswer>(
            "policy_answer",
            &json!({
                "policy": {
                    "hide_tray": false,
                    "icons": {"light": "a1".repeat(32), "dark": "b2".repeat(32)},
                    "shortcut": "Ctrl+F12",
                    "keep_in_view": true,
                    "support": {"name": "Northwind IT", "phone": "+15550100", "email": null},
                    "menu": [
                        {"id": "portal", "type": "portal", "label": {"text": "Portal", "translations": {"de": "Portal"}}},
                        {"id": "home", "type": "portal", "label": {"text": "Home"}, "destination": "/my_profile/v2/index"},
                        {"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://kb.example/{{asset}}"},
                        {"id": "line", "type": "separator"},
                        {"id": "more", "type": "submenu", "label": {"text": "More"}, "entries": [
                            {"id": "info", "type": "information", "label": {"text": "{{computer}}"}},
                            {"id": "copy", "type": "copy", "label": {"text": "Copy"}, "text": "{{serial}}\n{{os}}"}
                        ]}
                    ]
                },
                "values": {
                    "asset": "PC-042", "organization": "Contoso", "end_user": "Jane Doe", "computer": "pc-042",
                    "serial": "SN1", "os": "Debian", "ip": "192.0.2.7"
                }
            }),
        );
        check::<Report>(
            "report",
            json!({"facts": facts(), "sessions": [
                {"os_user": {"name": "jane", "id": "1000"}, "tray": "visible", "shortcut": "taken"},
                {"os_user": {"name": "joe", "domain": "CONTOSO", "id": "S-1-5-21"}, "tray": "no_tray_host"}
            ]}),
        );
        check::<LaunchRequest>("launch_request", json!({"entry": "portal", "os_user": {"name": "jane", "id": "1000"}}));
        check::<LaunchResponse>(
            "launch_response",
            json!({"url": "https://portal.example/launch/x", "refusal": "no_end_user"}),
        );
    }

    /// A later server says more than this agent knows: what it knows stays in force.
    #[test]
    fn an_agent_takes_a_policy_with_fields_that_it_does_not_know() {
        let policy = json!({
            "later": 1, "values": {"asset": "PC-042", "later": 1},
            "policy": {"hide_tray": true, "later": {}, "menu": [], "support": {"name": "Northwind IT", "later": 1}}
        });
        let answer: PolicyAnswer = serde_json::from_value(policy).expect("a policy");
        assert!(answer.policy.hide_tray && answer.values.asset == "PC-042");
    }

    #[test]
    fn tray_and_service() {
        check::<ToService>("tray", json!({"type": "tray", "language": "de-AT", "version": "0.1.0"}));
        check::<ToClient>("quit", json!({"type": "quit", "reason": "another_tray"}));
        check::<ToService>("tray_state", json!({"type": "tray_state", "state": "hidden"}));
        check::<ToService>("shortcut_state", json!({"type": "shortcut_state", "state": "unavailable"}));
        check::<ToService>("clicked", json!({"type": "clicked", "item": "portal"}));
        check::<ToService>("open", json!({"type": "open", "entry": "portal"}));
        check::<ToClient>(
            "show_menu",
            json!({"type": "show_menu", "menu": {"visible": true, "title": "Northwind IT", "shortcut": "Ctrl+F12", "keep_in_view": true, "items": [
                {"type": "action", "id": "portal", "caption": {"kind": "text", "text": "Portal"}},
                {"type": "submenu", "caption": {"kind": "text", "text": "More"}, "items": [
                    {"type": "action", "id": "@support-phone", "caption": {"kind": "call_support", "phone": "1"}},
                    {"type": "action", "id": "@support-email", "caption": {"kind": "write_to_support", "email": "a@b.example"}}
                ]},
                {"type": "separator"},
                {"type": "information", "caption": {"kind": "offline", "since": 0}},
                {"type": "information", "caption": {"kind": "refused"}}
            ]}}),
        );
        check::<ToClient>(
            "show_icon",
            json!({"type": "show_icon", "pictures": {"light": "iVBORw0KGgo=", "dark": null}}),
        );
        check::<ToClient>(
            "open_url",
            json!({"type": "open_url", "url": "https://x.example/", "refusal": "deactivated"}),
        );
        check::<ToClient>("copy", json!({"type": "copy", "text": "x"}));
        check::<ToClient>(
            "failed",
            json!({"type": "failed", "failure": "server_unreachable", "support_phone": "1", "support_email": null}),
        );
        check::<ToClient>(
            "status",
            json!({"type": "status", "status": {
                "version": "0.1.0", "server": "https://x.example/", "state": "enrolled", "asset_id": ID,
                "offline_since": null, "last_error": null, "hidden_by_policy": true, "policy_since": 0,
                "sessions": [{"os_user": {"name": "jane", "id": "1000"}, "tray": "hidden", "shortcut": "ready"}]
            }}),
        );
    }
}
