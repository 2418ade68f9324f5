//! `deskbell-agent open`: the first portal entry, or another entry of the menu, without a tray (AGT-18).

use std::path::Path;

use deskbell_protocol::{
    EntryId,
    ipc::{Failure, ToClient, ToService},
};
use serde_json::json;

use crate::{
    browser,
    command_line::{ask, ask_for_menu, complaint::Complaint, print, print_json},
    platform::{self, DesktopSession},
    words::{Mishap, Words},
};

pub(super) fn open(socket: &Path, entry: Option<&EntryId>, print_url: bool, json: bool) -> Result<(), Complaint> {
    let outcome = open_entry(socket, entry, print_url, json);
    if let Err(complaint) = &outcome
        && !print_url
        && !json
        && !platform::has_terminal()
    {
        notify(socket, complaint);
    }
    outcome
}

/// Tells a person who has no terminal, since the command came from a launcher. Best effort: there may be no desktop.
fn notify(socket: &Path, complaint: &Complaint) {
    let Some(text) = words_for_people(complaint) else { return };
    let title = ask_for_menu(socket).map(|menu| menu.title).unwrap_or_default();
    let title = if title.is_empty() { "Deskbell" } else { &title };
    if let Err(error) = DesktopSession::connect().and_then(|session| session.notify(title, &text)) {
        eprintln!("deskbell-agent: No notification could be shown ({error}).");
    }
}

/// What a notification says; nothing where a page says it.
fn words_for_people(complaint: &Complaint) -> Option<String> {
    match complaint {
        Complaint::PortalRefused(_) => None,
        Complaint::Failed { words, .. } => Some(words.clone()),
        Complaint::NoBrowser(_) => Some(Words::here().mishap(Mishap::Browser, None, None)),
        _ => Some(Words::here().mishap(Mishap::Failure(Failure::ServerUnreachable), None, None)),
    }
}

fn open_entry(socket: &Path, entry: Option<&EntryId>, print_url: bool, json: bool) -> Result<(), Complaint> {
    let (url, refusal) = match ask(socket, &ToService::Open { entry: entry.cloned() })? {
        ToClient::OpenUrl { url, refusal } => (url, refusal),
        ToClient::Copy { text } => {
            print(&text);
            return Ok(());
        }
        ToClient::Failed { failure, support_phone, support_email } => {
            let mishap = Mishap::Failure(failure);
            let words = Words::here().mishap(mishap, support_phone.as_deref(), support_email.as_deref());
            return Err(Complaint::Failed { failure, words });
        }
        ToClient::ShowMenu { .. } | ToClient::ShowIcon { .. } | ToClient::Status { .. } | ToClient::Quit { .. } => {
            return Err(Complaint::OddAnswer);
        }
    };
    if !print_url {
        browser::open(&url).map_err(|error| Complaint::NoBrowser(error.to_string()))?;
    }
    match (json, print_url) {
        (true, true) => print_json(&json!({"url": url, "refusal": refusal})),
        (true, false) => print_json(&json!({"opened": true, "refusal": refusal})),
        (false, true) => print(&url),
        (false, false) => {}
    }
    refusal.map_or(Ok(()), |refusal| Err(Complaint::PortalRefused(Words::here().refusal(refusal))))
}
