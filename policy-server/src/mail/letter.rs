//! A mail of the outbox as the mail server gets it. Addresses are parsed and every other text is encoded by lettre, so that
//! nothing that somebody typed ends a header (S13).

use anyhow::Context as _;
use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use crate::{domain::plain_line::plain_line, store::Mail};

/// The mail, from `sender_name` at `from`. Its message id is its own, the same at each attempt.
pub(super) fn letter(mail: &Mail, sender_name: &str, from: &str) -> anyhow::Result<Message> {
    let from: Address = from.parse().context("the sender's address")?;
    let to: Address = mail.recipient.parse().context("the recipient's address")?;
    let message_id = format!("<{}@{}>", mail.id, from.domain());
    let mut letter = Message::builder()
        .from(Mailbox::new(Some(plain_line(sender_name)), from))
        .to(Mailbox::new(None, to))
        .subject(plain_line(&mail.subject))
        .message_id(Some(message_id))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())?;
    // So that nobody's absence note answers (RFC 3834 §5).
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    letter.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    Ok(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{delivery::DeliveryState, ids::MailId};

    fn mail(recipient: &str, subject: &str, body: &str) -> Mail {
        Mail {
            id: MailId(Uuid::nil()),
            ticket_id: None,
            recipient: recipient.into(),
            subject: subject.into(),
            body: body.into(),
            state: DeliveryState::Waiting,
            attempts: 0,
            queued_at: 0,
            due_at: 0,
            answer: String::new(),
            created_at: 0,
            ended_at: None,
        }
    }

    /// The names of a letter's headers; lines that begin with a blank go on with the one before.
    fn header_names(letter: &Message) -> Vec<String> {
        let text = String::from_utf8(letter.formatted()).expect("ASCII");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split_once(':').expect("a header").0.to_owned()).collect()
    }

    const HEADERS: [&str; 8] =
        ["From", "To", "Subject", "Message-ID", "Content-Type", "Auto-Submitted", "Date", "Content-Transfer-Encoding"];

    #[test]
    fn a_recipient_with_a_second_header_is_refused() {
        for bad in ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>", "a"] {
            assert!(letter(&mail(bad, "x", "x"), "MSP", "help@msp.example").is_err(), "{bad}");
        }
    }

    proptest! {
        /// S13: whatever stands in a name or a subject, no header comes out of it.
        #[test]
        fn what_is_typed_makes_no_header(
            subject in "(?s).{0,200}|[a-z]{0,9}\r\nBcc: x@y.example(\r\n)?",
            name in "(?s).{0,80}|MSP\r\nBcc: x@y.example",
            body in "(?s).{0,300}",
        ) {
            let letter = letter(&mail("a@b.example", &subject, &body), &name, "help@msp.example").expect("a letter");
            let mut names = header_names(&letter);
            names.sort();
            let mut expected = HEADERS.map(str::to_owned).to_vec();
            expected.sort();
            prop_assert_eq!(names, expected);
        }
    }
}
