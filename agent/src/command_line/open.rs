//! `deskbell-agent open`: the first portal entry, or another entry of the menu, without a tray (AGT-18).

use std::path::Path;

use deskbell_protocol::{
    EntryId,
    ipc::{ToClient, ToService},
};
use serde_json::json;

use crate::{
    browser,
    command_line::{ask, complaint::Complaint, print, print_json},
    words::{Mishap, Words},
};

pub(super) fn open(socket: &Path, entry: Option<&EntryId>, print_url: bool, json: bool) -> Result<(), Complaint> {
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
        ToClient::ShowMenu { .. } | ToClient::Status { .. } | ToClient::Quit { .. } => {
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
