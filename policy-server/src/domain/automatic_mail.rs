//! Who wrote a mail, so that two programs do not answer each other for ever (RFC 3834 §2).

use std::time::Duration;

/// How long an address that was answered is not answered again (S11).
pub const ANSWERED_FOR: Duration = Duration::from_mins(10);

/// Headers of what is sent to many.
const OF_LISTS: [&str; 4] = ["list-unsubscribe", "list-post", "feedback-id", "x-loop"];
/// How local parts begin that no person reads.
const NOBODY: [&str; 6] = ["mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "bounce"];

/// Who wrote a mail, by its headers alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Writer {
    /// Somebody who reads an answer.
    #[default]
    Person,
    /// Perhaps somebody, but from an address or to a list where nobody reads an answer: it may become a ticket, and is not
    /// answered.
    Unattended,
    /// A program, by itself: staff look at it first, and it is not answered.
    Program,
}

impl Writer {
    /// Of a mail whose `From` has the address `sender`; `headers` are all of it, names in whatever case.
    pub fn of<'a>(sender: &str, headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut writer = if is_read(sender) { Self::Person } else { Self::Unattended };
        for (name, value) in headers {
            let (name, value) = (name.to_ascii_lowercase(), value.trim().to_ascii_lowercase());
            if is_automatic(&name, &value) {
                return Self::Program;
            }
            if OF_LISTS.contains(&name.as_str()) || name == "return-path" && !is_read(&value) {
                writer = Self::Unattended;
            }
        }
        writer
    }
}

/// Whether a header, in small letters, says that nobody typed the mail (RFC 3834 §5, RFC 2919, and what is in use besides).
fn is_automatic(name: &str, value: &str) -> bool {
    let word = value.split([';', '(', ' ']).next().unwrap_or_default();
    match name {
        "auto-submitted" | "x-autoreply" | "x-autorespond" => word != "no",
        "precedence" => ["bulk", "junk", "list"].contains(&word),
        "x-auto-response-suppress" => !["", "none"].contains(&word),
        "list-id" => true,
        "return-path" => value == "<>",
        _ => false,
    }
}

/// Whether a person may be behind an address.
fn is_read(address: &str) -> bool {
    let address = address.trim_matches(['<', '>', ' ']).to_ascii_lowercase();
    let local = address.split('@').next().unwrap_or_default();
    !NOBODY.iter().any(|nobody| local.starts_with(nobody))
        && !local.starts_with("owner-")
        && !local.ends_with("-request")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SYN-12, RFC 3834: headers and addresses tell a person, what nobody reads, and a program.
    #[test]
    fn people_lists_and_programs_are_told_apart() {
        use Writer::{Person, Program, Unattended};
        for (name, value, writer) in [
            ("Subject", "Re: help", Person),
            ("Auto-Submitted", "no", Person),
            ("Auto-Submitted", "No; x=y", Person),
            ("Auto-Submitted", "no (typed)", Person),
            ("Auto-Submitted", "nobody", Program),
            ("Auto-Submitted", "auto-replied", Program),
            ("AUTO-SUBMITTED", " auto-generated; owner=x", Program),
            ("Auto-Submitted", "auto-generated (rule)", Program),
            ("Auto-Submitted", "auto-notified", Program),
            ("Precedence", "normal", Person),
            ("Precedence", "first-class", Person),
            ("Precedence", "Bulk", Program),
            ("Precedence", "junk", Program),
            ("Precedence", "list", Program),
            ("List-Id", "<news.example>", Program),
            ("List-Unsubscribe", "<https://x.example>", Unattended),
            ("X-Loop", "tickets@x.example", Unattended),
            ("X-Auto-Response-Suppress", "None", Person),
            ("X-Auto-Response-Suppress", "OOF, AutoReply", Program),
            ("X-Autoreply", "yes", Program),
            ("X-Autoreply", "no", Person),
            ("Return-Path", "<>", Program),
            ("Return-Path", "<jane@contoso.example>", Person),
            ("Return-Path", "<MAILER-DAEMON@x.example>", Unattended),
        ] {
            assert_eq!(Writer::of("jane@contoso.example", [(name, value)]), writer, "{name}: {value}");
        }
        for address in
            ["MAILER-DAEMON@x.example", "no-reply@x.example", "owner-news@x.example", "news-request@x.example"]
        {
            assert_eq!(Writer::of(address, []), Unattended, "{address}");
            assert_eq!(Writer::of(address, [("Precedence", "bulk"), ("X-Loop", "x")]), Program, "{address}");
        }
    }
}
