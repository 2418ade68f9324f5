//! A mail as it came, read as far as it can be: what is malformed is left out, and nothing of it is believed yet.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::body::Bytes;
use mail_parser::{Address, HeaderName, Message, MessageParser, MimeHeaders as _, PartType};

use crate::{
    domain::{
        attachment::{MAX_FILE_BYTES, MAX_FILES},
        authentication_results::{Authenticity, authenticity},
        automatic_mail::Writer,
        mail_address::{AddressFault, address_key, domain_of},
        plain_line::plain_line,
        reply::ReplyTag,
        ticket::clean,
    },
    secrets::Sha256Sum,
};

/// The most addresses that are looked at.
const MOST_RECIPIENTS: usize = 100;
/// The most parts of text that are taken.
const MOST_TEXTS: usize = 20;
/// The most headers of one name that are looked at.
const MOST_HEADERS: usize = 50;
/// The most mails that are attached to a mail, and to each other.
const MOST_WITHIN: usize = 200;
/// The longest line that is kept of a header, in characters.
const LONGEST: usize = 250;

/// A mail.
#[derive(Debug, Default)]
pub(crate) struct InboundMessage {
    /// The same when the same mail comes again.
    pub(crate) key: String,
    /// As its sender called it.
    pub(crate) message_id: String,
    /// From whom it says to be, by name.
    pub(crate) sender_name: String,
    /// The one address that it says to be from; empty where there is none.
    pub(crate) sender: String,
    /// As it is compared.
    pub(crate) sender_key: Option<Result<String, AddressFault>>,
    /// To which addresses, in small letters: first where it was delivered to.
    pub(crate) recipients: Vec<String>,
    /// In one line.
    pub(crate) subject: String,
    /// Plain text; of HTML, what it says.
    pub(crate) text: String,
    /// Names and contents of files, as many and as large as a ticket may have.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Whether there were more files, or larger ones.
    pub(crate) left_out: bool,
    /// The ids of mails that it answers.
    pub(crate) references: Vec<String>,
    /// Who wrote it (RFC 3834).
    pub(crate) writer: Writer,
    /// What it says of a mail that did not arrive (RFC 3464).
    pub(crate) report: Option<Report>,
    results: Vec<String>,
}

/// That a mail did not arrive, or may not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// Whether it never will.
    pub(crate) failed: bool,
    /// What the other mail server said.
    pub(crate) diagnosis: String,
    /// The ids of mails that it may be about.
    pub(crate) message_ids: Vec<String>,
}

impl InboundMessage {
    /// Reads a mail. There is always something to account for, if only its hash.
    pub(crate) fn read(raw: &Bytes) -> Self {
        let parse = || MessageParser::default().parse(&raw[..]).as_ref().map(Self::of);
        // A fault of the parser's would be no reason to lose a mail.
        let read = (!is_too_deep(raw)).then(|| catch_unwind(AssertUnwindSafe(parse)).ok().flatten()).flatten();
        let mut read = read.unwrap_or_default();
        read.key = key(&read, raw);
        read
    }

    /// What our mail server has found of its sender.
    pub(crate) fn authenticity(&self, authserv_id: Option<&str>) -> Authenticity {
        match (authserv_id, &self.sender_key) {
            (Some(id), Some(Ok(key))) => authenticity(self.results.iter().map(String::as_str), id, domain_of(key)),
            _ => Authenticity::Unknown,
        }
    }

    /// What it answers, by the address that it was sent to or by the mails that it names.
    pub(crate) fn reply_tag(&self) -> Option<ReplyTag> {
        let by_address = self.recipients.iter().find_map(|address| ReplyTag::of_address(address));
        by_address.or_else(|| self.references.iter().find_map(|id| ReplyTag::of_message_id(id)))
    }

    fn of(message: &Message<'_>) -> Self {
        let (sender_name, sender) = sender(message).unwrap_or_default();
        let (files, left_out) = files(message);
        Self {
            key: String::new(),
            message_id: line(message.message_id().unwrap_or_default()),
            writer: Writer::of(&sender, message.headers_raw()),
            sender_key: (!sender.is_empty()).then(|| address_key(&sender)),
            sender: line(&sender),
            sender_name: line(&sender_name),
            recipients: recipients(message),
            subject: line(message.subject().unwrap_or_default()),
            text: text(message),
            files,
            left_out,
            references: references(message),
            report: report(message),
            results: raw_headers(message, "Authentication-Results"),
        }
    }
}

/// Whether so many mails stand one within the other that taking them apart would exhaust the stack.
fn is_too_deep(raw: &[u8]) -> bool {
    let begins = |piece: &[u8]| piece.eq_ignore_ascii_case(b"message/");
    raw.windows(b"message/".len()).filter(|piece| begins(piece)).nth(MOST_WITHIN).is_some()
}

/// Its own id with what it says: whoever takes another's id loses nobody's mail. Without an id, all of it.
fn key(read: &InboundMessage, raw: &Bytes) -> String {
    let mut sum = Sha256Sum::default();
    if read.message_id.is_empty() {
        sum.add(raw);
        return sum.hexadecimal();
    }
    for part in [&read.message_id, &read.sender, &read.subject, &read.text] {
        sum.add(part.as_bytes());
        sum.add(b"\0");
    }
    for (name, content) in &read.files {
        sum.add(name.as_bytes());
        sum.add(content);
    }
    sum.hexadecimal()
}

/// The one sender; none where a header names several, or there are several headers.
fn sender(message: &Message<'_>) -> Option<(String, String)> {
    let mut headers = message.headers().iter().filter(|header| header.name == HeaderName::From);
    let header = headers.next()?;
    if headers.next().is_some() {
        return None;
    }
    let Address::List(list) = header.value.as_address()? else { return None };
    match &list[..] {
        [one] => Some((one.name.as_deref().unwrap_or_default().to_owned(), one.address.as_deref()?.to_owned())),
        _ => None,
    }
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    let delivered = ["X-Original-To", "Delivered-To"].into_iter().flat_map(|name| raw_headers(message, name));
    let delivered = delivered.map(|value| value.trim_matches(['<', '>', ' ']).to_owned());
    let written = message.all_to().chain(message.all_cc()).flat_map(Address::iter);
    let written = written.filter_map(|one| one.address.as_deref().map(str::to_owned));
    let all = delivered.chain(written).take(MOST_RECIPIENTS);
    all.map(|address| line(&address).to_lowercase()).filter(|address| !address.is_empty()).collect()
}

fn text(message: &Message<'_>) -> String {
    let parts = (0..message.text_body_count().min(MOST_TEXTS)).filter_map(|place| message.body_text(place));
    clean(&parts.collect::<Vec<_>>().join("\n"))
}

fn files(message: &Message<'_>) -> (Vec<(String, Vec<u8>)>, bool) {
    let (mut files, mut left_out) = (Vec::new(), message.text_body_count() > MOST_TEXTS);
    for part in message.attachments() {
        let name = match (part.attachment_name(), &part.body) {
            (Some(name), _) => name.to_owned(),
            (None, PartType::Message(_)) => "message.eml".into(),
            (None, PartType::Html(_)) => "text.html".into(),
            (None, _) => "file".into(),
        };
        let content = part.contents();
        if content.is_empty() {
            continue;
        }
        if files.len() >= MAX_FILES || content.len() as u64 > MAX_FILE_BYTES {
            left_out = true;
            continue;
        }
        files.push((name, content.to_vec()));
    }
    (files, left_out)
}

fn references(message: &Message<'_>) -> Vec<String> {
    let all = ["In-Reply-To", "References"].into_iter().flat_map(|name| raw_headers(message, name));
    let ids = all.flat_map(|value| value.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    ids.take(MOST_HEADERS).collect()
}

fn report(message: &Message<'_>) -> Option<Report> {
    let kind = message.content_type()?;
    let is_report = kind.c_type.eq_ignore_ascii_case("multipart")
        && kind.c_subtype.as_deref().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
        && kind.attribute("report-type").is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status"));
    if !is_report {
        return None;
    }
    let mut report = Report { failed: false, diagnosis: String::new(), message_ids: references(message) };
    for part in &message.parts {
        if let PartType::Message(returned) = &part.body {
            report.message_ids.extend(returned.message_id().map(str::to_owned));
        } else if part.is_content_type("message", "delivery-status") {
            let status = String::from_utf8_lossy(part.contents()).into_owned();
            report.failed |= field(&status, "action:").is_some_and(|action| action.eq_ignore_ascii_case("failed"));
            let diagnosis = field(&status, "diagnostic-code:").or_else(|| field(&status, "status:"));
            report.diagnosis = line(diagnosis.unwrap_or_default());
        } else if part.is_content_type("text", "rfc822-headers") {
            let head = String::from_utf8_lossy(part.contents()).into_owned();
            report.message_ids.extend(field(&head, "message-id:").map(str::to_owned));
        }
    }
    report.message_ids.truncate(MOST_HEADERS);
    Some(report)
}

/// The first field of this name in a part that is a list of them.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let value = |line: &'a str| {
        let begins = line.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        begins.then(|| line[name.len()..].trim())
    };
    text.lines().find_map(value)
}

/// The values of the headers of this name as they stand there, the topmost first.
fn raw_headers(message: &Message<'_>, name: &str) -> Vec<String> {
    let headers = message.headers_raw().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    headers.take(MOST_HEADERS).map(|(_, value)| value.trim().to_owned()).collect()
}

/// On one line, and no longer than is kept.
fn line(text: &str) -> String {
    plain_line(text).chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> InboundMessage {
        InboundMessage::read(&Bytes::from(text.replace('\n', "\r\n")))
    }

    #[test]
    fn a_mail_is_read_with_its_files() {
        let mail = read(
            "Message-ID: <1@x.example>\nFrom: Jane =?utf-8?q?D=C3=B6e?= <Jane@Contoso.example>\nTo: Help <help@msp.example>\n\
             Delivered-To: desk@msp.example\nSubject: Printer\n on fire\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>It <b>burns</b></p><script>x()</script>\n\
             --b\nContent-Type: image/png; name=\"a.png\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n\
             aGVsbG8=\n--b--\n",
        );
        assert_eq!((mail.sender_name.as_str(), mail.sender.as_str()), ("Jane Döe", "Jane@Contoso.example"));
        assert_eq!(mail.sender_key, Some(Ok("jane@contoso.example".into())));
        assert_eq!(mail.recipients, ["desk@msp.example", "help@msp.example"]);
        assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("Printer on fire", "It burns"));
        assert_eq!(mail.files, [("a.png".to_owned(), b"hello".to_vec())]);
        assert!(mail.writer == Writer::Person && !mail.left_out && mail.report.is_none());
    }

    #[test]
    fn several_senders_are_none() {
        for from in
            ["From: a@x.example, b@x.example", "From: a@x.example\nFrom: b@x.example", "From: g: a@x.example;", "X: y"]
        {
            assert_eq!(read(&format!("{from}\nSubject: x\n\ny\n")).sender, "", "{from}");
        }
    }

    #[test]
    fn a_report_names_the_mail_that_did_not_arrive() {
        let report = read(
            "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n\
             Sorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n\
             Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 nobody\n--b\n\
             Content-Type: message/rfc822\n\nMessage-ID: <m.1@msp.example>\nSubject: x\n\ny\n--b--\n",
        )
        .report
        .expect("a report");
        assert_eq!((report.failed, report.diagnosis.as_str()), (true, "smtp; 550 nobody"));
        assert_eq!(report.message_ids, ["m.1@msp.example"]);
    }

    #[test]
    fn mails_within_mails_are_no_danger() {
        let nested = format!("From: a@x.example\n\n{}", "Content-Type: message/rfc822\n\n".repeat(200_000));
        assert_eq!(read(&nested).sender, "", "it is kept as it is");
        let few = format!("From: a@x.example\n{}x\n", "Content-Type: message/rfc822\n\n".repeat(50));
        assert_eq!(read(&few).sender, "a@x.example");
    }

    #[test]
    fn the_same_mail_has_the_same_key_and_another_has_another() {
        let mail = |id: &str, received: &str, body: &str| {
            read(&format!("Received: {received}\nMessage-ID: {id}\nFrom: a@x.example\n\n{body}\n")).key
        };
        assert_eq!(mail("<1@x>", "here", "a"), mail("<1@x>", "there", "a"));
        assert_ne!(mail("<1@x>", "here", "a"), mail("<1@x>", "here", "b"), "an id that another took");
        assert_ne!(mail("<1@x>", "here", "a"), mail("<2@x>", "here", "a"));
        assert_ne!(read("From: a@x.example\n\na\n").key, read("From: a@x.example\n\nb\n").key);
    }
}
