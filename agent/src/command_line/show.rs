//! `deskbell-agent status` and `deskbell-agent menu`: what the service knows, as text for people or JSON for scripts.

use std::{fmt::Write as _, path::Path};

use deskbell_protocol::{
    AgentState, Menu, MenuItem, SessionReport, ShortcutState, TrayState,
    ipc::{Status, ToClient, ToService},
};

use crate::{
    command_line::{ask, ask_for_menu, complaint::Complaint, print, print_json},
    words::Words,
};

pub(super) fn status(socket: &Path, json: bool) -> Result<(), Complaint> {
    let ToClient::Status { status } = ask(socket, &ToService::Status)? else { return Err(Complaint::OddAnswer) };
    if json {
        print_json(&status);
    } else {
        print(&status_text(&status, &Words::here()));
    }
    Ok(())
}

pub(super) fn menu(socket: &Path, json: bool) -> Result<(), Complaint> {
    let menu = ask_for_menu(socket)?;
    if json {
        print_json(&menu);
    } else {
        print(&menu_text(&menu, &Words::here()));
    }
    Ok(())
}

/// One line for each thing that is known: its name, a colon, what is known.
fn status_text(status: &Status, words: &Words) -> String {
    let mut lines = vec![
        ("State", state(status.state).to_owned()),
        ("Server", status.server.clone().unwrap_or_else(|| "not configured".to_owned())),
    ];
    if let Some(since) = status.offline_since {
        lines.push(("Connection", format!("offline since {}", words.time(since))));
    }
    lines.push(("Tray", tray(status.hidden_by_policy).to_owned()));
    if let Some(since) = status.policy_since {
        lines.push(("Policy", format!("in force since {}", words.time(since))));
    }
    if let Some(asset) = status.asset_id {
        lines.push(("Asset", asset.to_string()));
    }
    if let Some(error) = &status.last_error {
        lines.push(("Last error", error.clone()));
    }
    for session in &status.sessions {
        lines.push(("Session", session_text(session)));
    }
    lines.push(("Version", status.version.clone()));
    lines.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{:<12}{value}", format!("{name}:"));
        text
    })
}

fn state(state: AgentState) -> &'static str {
    match state {
        AgentState::NotEnrolled => "not enrolled",
        AgentState::WaitingForApproval => "waiting for approval",
        AgentState::Enrolled => "enrolled",
        AgentState::Refused => "refused by the server",
        AgentState::Retired => "retired",
    }
}

fn tray(hidden: Option<bool>) -> &'static str {
    match hidden {
        Some(true) => "hidden by policy",
        Some(false) => "shown",
        None => "not shown before the first policy",
    }
}

fn session_text(session: &SessionReport) -> String {
    let text = format!("{}: {}", session.os_user.name, tray_state(session.tray));
    session.shortcut.map_or_else(|| text.clone(), |state| format!("{text}, {}", shortcut_state(state)))
}

fn shortcut_state(state: ShortcutState) -> &'static str {
    match state {
        ShortcutState::Ready => "keyboard shortcut ready",
        ShortcutState::Taken => "keyboard shortcut taken by another program",
        ShortcutState::Unavailable => "keyboard shortcut not available on this desktop",
    }
}

fn tray_state(state: TrayState) -> &'static str {
    match state {
        TrayState::Visible => "icon visible",
        TrayState::Overflow => "icon in the overflow",
        TrayState::Hidden => "icon hidden by policy",
        TrayState::NoTrayHost => "the desktop shows no tray icons",
        TrayState::Stopped => "tray stopped",
    }
}

/// The menu as a tree: two spaces for each level, and behind what can be opened its id in brackets.
fn menu_text(menu: &Menu, words: &Words) -> String {
    let mut text = menu.title.clone();
    if !menu.visible {
        text.push_str(" (hidden)");
    }
    text.push('\n');
    write_items(&menu.items, 1, words, &mut text);
    text
}

fn write_items(items: &[MenuItem], depth: usize, words: &Words, text: &mut String) {
    for item in items {
        let line = match item {
            MenuItem::Action { id, caption } => format!("{} [{id}]", words.caption(caption)),
            MenuItem::Submenu { caption, .. } => format!("{} >", words.caption(caption)),
            MenuItem::Information { caption } => words.caption(caption),
            MenuItem::Separator => "---".to_owned(),
        };
        let _ = writeln!(text, "{}{line}", "  ".repeat(depth));
        if let MenuItem::Submenu { items, .. } = item {
            write_items(items, depth + 1, words, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::{Caption, OsUser, SessionReport};
    use jiff::tz::TimeZone;

    use super::*;

    fn words() -> Words {
        Words::new("en", TimeZone::UTC)
    }

    fn text(text: &str) -> Caption {
        Caption::Text { text: text.to_owned() }
    }

    #[test]
    fn a_menu_is_printed_as_a_tree_with_ids() {
        let phone = MenuItem::Action {
            id: "@support-phone".parse().expect("an item"),
            caption: Caption::CallSupport { phone: "1".into() },
        };
        let items = vec![
            MenuItem::Action { id: "portal".parse().expect("an item"), caption: text("Portal") },
            MenuItem::Separator,
            MenuItem::Submenu { caption: text("More"), items: vec![phone] },
            MenuItem::Information { caption: text("PC-042") },
        ];
        let menu = Menu { title: "Northwind IT".into(), items, ..Menu::default() };
        let expected =
            "Northwind IT (hidden)\n  Portal [portal]\n  ---\n  More >\n    Call 1 [@support-phone]\n  PC-042\n";
        assert_eq!(menu_text(&menu, &words()), expected);
    }

    /// AGT-02, AGT-17: `status` says that the policy hides the tray.
    #[test]
    fn a_status_has_one_line_for_each_thing_that_is_known() {
        let os_user = OsUser { name: "jane".into(), domain: String::new(), id: "1000".into() };
        let status = Status {
            version: "1.0.0".into(),
            server: Some("https://x.example/".into()),
            state: AgentState::Enrolled,
            asset_id: None,
            offline_since: None,
            last_error: None,
            hidden_by_policy: Some(true),
            policy_since: None,
            sessions: vec![SessionReport { os_user, tray: TrayState::Hidden, shortcut: Some(ShortcutState::Taken) }],
        };
        assert_eq!(
            status_text(&status, &words()),
            "State:      enrolled\nServer:     https://x.example/\nTray:       hidden by policy\n\
             Session:    jane: icon hidden by policy, keyboard shortcut taken by another program\nVersion:    1.0.0\n"
        );
    }
}
