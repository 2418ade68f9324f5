//! Request Tracker 5 through its REST 2.0 interface (<https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html>).
//!
//! A ticket there refers to the one here by a link of the kind `RefersTo`, which is made with it in one transaction and
//! can be searched for: an answer that was lost does not make a second ticket. The token's user needs the rights
//! `SeeQueue`, `CreateTicket` and `ShowTicket` in the queue.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use url::Url;

use super::{
    Connection, ConnectorError,
    outgoing_ticket::{OutgoingFile, OutgoingTicket},
};
use crate::{
    domain::ticket_system::RemoteTicket,
    outbound::{Answer, Question},
};

/// How long RT may take to make a ticket with files.
const TIME_LIMIT: Duration = Duration::from_mins(1);
const WHO: &str = "Request Tracker's REST 2.0";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewTicket<'a> {
    queue: &'a str,
    subject: &'a str,
    content: &'a str,
    content_type: &'static str,
    refers_to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requestor: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<NewAttachment<'a>>,
}

#[derive(Serialize)]
struct NewAttachment<'a> {
    #[serde(rename = "FileName")]
    name: String,
    #[serde(rename = "FileType")]
    media_type: &'a str,
    #[serde(rename = "FileContent")]
    content: &'a str,
}

#[derive(Deserialize)]
struct Found {
    items: Vec<Thing>,
}

#[derive(Deserialize)]
struct Thing {
    /// RT writes some numbers as texts.
    #[serde(deserialize_with = "number")]
    id: u64,
}

/// The first ticket that refers to `link`.
pub(super) async fn find(rt: &Connection<'_>, link: &str) -> Result<Option<RemoteTicket>, ConnectorError> {
    let mut url = address(rt, "tickets")?;
    url.query_pairs_mut().append_pair("query", &format!("RefersTo = '{link}'")).append_pair("orderby", "id");
    let question = Question { url: &url, headers: &headers(rt), body: None, time_limit: TIME_LIMIT };
    let found: Found = read(&rt.outbound.ask(question).await?)?;
    Ok(found.items.into_iter().map(|thing| thing.id).min().map(|id| remote(rt, id)))
}

/// Makes a ticket with its files.
pub(super) async fn make(rt: &Connection<'_>, ticket: &OutgoingTicket) -> Result<RemoteTicket, ConnectorError> {
    let new = NewTicket {
        queue: rt.queue,
        subject: &ticket.subject,
        content: &ticket.text,
        content_type: "text/plain",
        refers_to: &ticket.link,
        requestor: ticket.requester.as_ref().map(|(name, address)| mailbox(name, address)),
        attachments: ticket.files.iter().map(attachment).collect(),
    };
    let body = serde_json::to_string(&new).map_err(|_| ConnectorError::Unreadable(WHO))?;
    let url = address(rt, "ticket")?;
    let question = Question { url: &url, headers: &headers(rt), body: Some(body), time_limit: TIME_LIMIT };
    let made: Thing = read(&rt.outbound.ask(question).await?)?;
    Ok(remote(rt, made.id))
}

fn address(rt: &Connection<'_>, what: &str) -> Result<Url, ConnectorError> {
    format!("{}/REST/2.0/{what}", rt.url).parse().map_err(|_| ConnectorError::Unreadable("addresses"))
}

fn headers(rt: &Connection<'_>) -> [(&'static str, String); 1] {
    [("authorization", format!("token {}", rt.token))]
}

fn read<T: for<'de> Deserialize<'de>>(answer: &Answer) -> Result<T, ConnectorError> {
    let why = match answer.status {
        200 | 201 => return serde_json::from_str(&answer.body).map_err(|_| ConnectorError::Unreadable(WHO)),
        401 => "the token is not accepted",
        403 => "there is no such queue, or the token's user may not make or see tickets in it",
        404 => "there is no Request Tracker 5 with REST 2.0 at this address",
        413 => "the files are too large for the web server there",
        500.. => "Request Tracker, or a proxy before it, cannot work at the moment",
        _ => "Request Tracker does not take the ticket",
    };
    Err(ConnectorError::Status(answer.status, why))
}

fn remote(rt: &Connection<'_>, id: u64) -> RemoteTicket {
    RemoteTicket { number: id.to_string(), url: format!("{}/Ticket/Display.html?id={id}", rt.url) }
}

/// Name and address as RT reads them. What would end the name's quotes or begin an address is left out of it (S13).
fn mailbox(name: &str, address: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control() && !"\"\\<>@".contains(*c)).collect();
    format!("\"{}\" <{address}>", name.trim())
}

/// RT takes no file that is called `0`. It hands names to `MIME::Entity`, which wants bytes, as they come out of JSON:
/// each byte of the name goes there as a character of its own (`RT::REST2::Resource::Ticket`, `create_record`, in RT 5.0.3).
fn attachment(file: &OutgoingFile) -> NewAttachment<'_> {
    let name = if file.name == "0" { "0.bin" } else { &file.name };
    let name = name.bytes().map(char::from).collect();
    NewAttachment { name, media_type: &file.media_type, content: &file.content }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.ok_or_else(|| serde::de::Error::custom("not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_inside_its_quotes() {
        assert_eq!(mailbox("Jane Doe", "jane@x.example"), "\"Jane Doe\" <jane@x.example>");
        assert_eq!(
            mailbox("Doe\" <evil@x.example>, \\\r\n\"", "jane@x.example"),
            "\"Doe evilx.example,\" <jane@x.example>"
        );
    }

    #[test]
    fn an_answer_is_read_or_its_status_is_explained() {
        let answer = |status, body: &str| read::<Thing>(&Answer { status, body: body.into() });
        assert_eq!(answer(201, r#"{"id":"7","type":"ticket"}"#).map(|made| made.id).ok(), Some(7));
        assert_eq!(answer(200, r#"{"id":8}"#).map(|made| made.id).ok(), Some(8));
        let why = |status, body| answer(status, body).map(|made| made.id).expect_err("refused").to_string();
        assert_eq!(why(401, "secret"), "401: the token is not accepted");
        assert_eq!(why(201, "<html>"), "the answer is not one of Request Tracker's REST 2.0");
        assert!(why(502, "").starts_with("502: Request Tracker, or a proxy"));
    }
}
