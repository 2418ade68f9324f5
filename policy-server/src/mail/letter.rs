//! A mail of the outbox as the mail server gets it. Addresses are parsed and every other text is encoded by lettre, so that
//! nothing that somebody typed ends a header (S13).

use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context as _;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::{
    domain::{
        mail_template::{MailTemplateKey, SECRET_MARK},
        plain_line::plain_line,
    },
    store::Mail,
};

/// From whom mails are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    /// The MSP.
    pub(super) name: &'a str,
    /// `mail.from`.
    pub(super) address: &'a str,
    /// Whom requesters write to, where that is another address.
    pub(super) support: Option<&'a str>,
    /// Where answers to this mail go.
    pub(super) reply: Option<&'a Reply>,
}

/// How an answer to a mail comes back.
#[derive(Debug)]
pub(super) struct Reply {
    /// What stands in the mail's id, so that an answer names it.
    pub(super) tag: String,
    /// The address that answers go to, where there is one for them.
    pub(super) address: Option<String>,
}

/// The mail. Its message id is its own and its date that of its cause, the same at each attempt. Those about one ticket answer one message that nobody
/// ever sent, so that they stand together (RFC 5322 §3.6.4). `secret` is filled in where the mail has its mark.
pub(super) fn letter(mail: &Mail, sender: Sender<'_>, secret: Option<&str>) -> anyhow::Result<Message> {
    let from: Address = sender.address.parse().context("the sender's address")?;
    let to: Address = mail.recipient.parse().context("the recipient's address")?;
    let domain = from.domain().to_owned();
    let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(mail.created_at).unwrap_or_default());
    let mut letter = Message::builder()
        .from(Mailbox::new(Some(plain_line(sender.name)), from))
        .to(Mailbox::new(None, to))
        .subject(plain_line(&mail.subject))
        .date(date)
        .message_id(Some(match sender.reply {
            Some(reply) => format!("<{}.{}@{domain}>", mail.id, reply.tag),
            None => format!("<{}@{domain}>", mail.id),
        }));
    if let Some(address) = sender.reply.and_then(|reply| reply.address.as_deref()) {
        letter = letter.reply_to(Mailbox::new(None, address.parse().context("the address for answers")?));
    } else if let Some(support) =
        sender.support.filter(|_| mail.template.is_some_and(MailTemplateKey::is_for_requesters))
    {
        letter = letter.reply_to(Mailbox::new(None, support.parse().context("the support's address")?));
    }
    if let Some(ticket) = mail.ticket_id {
        let thread = format!("<ticket.{ticket}@{domain}>");
        letter = letter.in_reply_to(thread.clone()).references(thread);
    }
    let filled_in = |text: &str| secret.map_or_else(|| text.to_owned(), |secret| text.replace(SECRET_MARK, secret));
    let text = filled_in(&mail.body);
    let mut letter = match &mail.html {
        // The same boundary at each attempt, so that the mail is the same.
        Some(html) => letter.multipart(
            MultiPart::builder()
                .kind(MultiPartKind::Alternative)
                .boundary(mail.id.to_string())
                .singlepart(SinglePart::plain(text))
                .singlepart(SinglePart::html(filled_in(html))),
        )?,
        None => letter.singlepart(SinglePart::plain(text))?,
    };
    if let Some(language) = mail.language {
        let name = HeaderName::new_from_ascii_str("Content-Language");
        letter.headers_mut().insert_raw(HeaderValue::new(name, language.name().to_owned()));
    }
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
    use crate::domain::{
        contact,
        delivery::DeliveryState,
        ids::{MailId, TicketId},
        language::Language,
    };

    fn mail(recipient: &str, subject: &str, body: &str) -> Mail {
        Mail {
            id: MailId(Uuid::nil()),
            ticket_id: Some(TicketId(Uuid::nil())),
            template: Some(MailTemplateKey::TicketCreated),
            language: Some(Language::Arabic),
            recipient: recipient.into(),
            subject: subject.into(),
            body: body.into(),
            html: Some(format!("<p>{body}</p>")),
            secret: None,
            state: DeliveryState::Waiting,
            attempts: 0,
            queued_at: 0,
            due_at: 0,
            answer: String::new(),
            created_at: 0,
            ended_at: None,
        }
    }

    fn sender<'a>(name: &'a str, support: &'a str) -> Sender<'a> {
        Sender { name, address: "desk@msp.example", support: Some(support), reply: None }
    }

    proptest! {
        /// What is taken as an address of somebody can be mailed: otherwise their mails would wait until they are given up.
        #[test]
        fn every_address_that_is_taken_can_be_mailed(
            local in "[a-z0-9.!#$%&'*+/=?^_`{|}~éж-]{1,70}",
            domain in "[a-z0-9é-]{1,64}(\\.[a-z0-9-]{1,64}){0,3}",
        ) {
            let typed = format!("{local}@{domain}");
            if let Ok(address) = contact::email(&typed) {
                prop_assert!(address.parse::<Address>().is_ok(), "{address}");
            }
        }
    }

    /// The names of a letter's headers; lines that begin with a blank go on with the one before.
    fn header_names(letter: &Message) -> Vec<String> {
        let text = String::from_utf8(letter.formatted()).expect("ASCII");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split_once(':').expect("a header").0.to_owned()).collect()
    }

    const HEADERS: [&str; 12] = [
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Reply-To",
        "In-Reply-To",
        "References",
        "Content-Type",
        "Content-Language",
        "Auto-Submitted",
        "Date",
        "MIME-Version",
    ];

    #[test]
    fn a_recipient_with_a_second_header_is_refused() {
        for bad in ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>", "a"] {
            assert!(letter(&mail(bad, "x", "x"), sender("MSP", "help@msp.example"), None).is_err(), "{bad}");
            assert!(letter(&mail("a@b.example", "x", "x"), sender("MSP", bad), None).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_filled_in_where_its_mark_is_and_nowhere_else() {
        let mail = mail("a@b.example", "Link [secret]", "https://x.example/[secret]");
        let letter = letter(&mail, sender("MSP", "help@msp.example"), Some("s3cret")).expect("a letter");
        let text = String::from_utf8(letter.formatted()).expect("ASCII");
        assert_eq!((text.matches("https://x.example/s3cret").count(), text.matches("[secret]").count()), (2, 1));
    }

    #[test]
    fn a_mail_from_before_there_were_templates_goes_out_as_plain_text() {
        let mail = Mail { template: None, language: None, html: None, ..mail("a@b.example", "x", "as it was") };
        let letter = letter(&mail, sender("MSP", "help@msp.example"), None).expect("a letter");
        let text = String::from_utf8(letter.formatted()).expect("ASCII");
        assert!(
            text.contains("\r\nContent-Type: text/plain; charset=utf-8\r\n") && text.trim_end().ends_with("as it was"),
            "{text}"
        );
        assert!(!text.contains("\r\nReply-To"), "{text}");
    }

    proptest! {
        /// S13: whatever stands in a name or a subject, no header comes out of it.
        #[test]
        fn what_is_typed_makes_no_header(
            subject in "(?s).{0,200}|[a-z]{0,9}\r\nBcc: x@y.example(\r\n)?",
            name in "(?s).{0,80}|MSP\r\nBcc: x@y.example",
            body in "(?s).{0,300}",
        ) {
            let mail = mail("a@b.example", &subject, &body);
            let letter = letter(&mail, sender(&name, "help@msp.example"), None).expect("a letter");
            let mut names = header_names(&letter);
            names.sort();
            let mut expected = HEADERS.map(str::to_owned).to_vec();
            expected.sort();
            prop_assert_eq!(names, expected);
        }
    }
}
