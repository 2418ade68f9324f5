//! Which mails a server answers by itself: those of people (RFC 3834 §2), so that two programs do not answer each other for ever.

use std::time::Duration;

/// How long an address that was answered is not answered again (S11).
pub const ANSWERED_FOR: Duration = Duration::from_mins(10);

/// Headers that only a list or a machine sets.
const OF_LISTS: [&str; 4] = ["list-id", "list-unsubscribe", "list-post", "feedback-id"];
/// Where local parts begin or end that no person reads.
const NOBODY: [&str; 6] = ["mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "bounce"];

/// Whether a mail is from somebody who would read an answer. `return_path` is the envelope's sender, empty for a bounce;
/// `headers` are the mail's, names in whatever case.
pub fn may_be_answered<'a>(return_path: &str, headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> bool {
    let path = return_path.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
    let local = path.split('@').next().unwrap_or_default();
    let is_somebody = !local.is_empty()
        && !NOBODY.iter().any(|nobody| local.starts_with(nobody))
        && !local.starts_with("owner-")
        && !local.ends_with("-request");
    is_somebody && !headers.into_iter().any(|(name, value)| is_automatic(&name.to_lowercase(), &value.to_lowercase()))
}

/// Whether a header says that nobody has typed the mail, or that nobody is to answer it.
fn is_automatic(name: &str, value: &str) -> bool {
    let value = value.split(';').next().unwrap_or_default().trim();
    match name {
        "auto-submitted" => value != "no",
        "precedence" => ["bulk", "junk", "list"].contains(&value),
        "x-auto-response-suppress" => !["", "none"].contains(&value),
        "x-autoreply" | "x-autorespond" | "x-loop" => true,
        _ => OF_LISTS.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SYN-12: a mail that a program has sent is not answered.
    #[test]
    fn people_are_answered_and_programs_and_lists_are_not() {
        let answered = |path: &str, headers: &[(&str, &str)]| may_be_answered(path, headers.iter().copied());
        assert!(answered("<jane@contoso.example>", &[("Subject", "Help"), ("Auto-Submitted", "no")]));
        assert!(answered("jane@contoso.example", &[("Auto-Submitted", "No; x=y"), ("Precedence", "normal")]));
        assert!(answered("jane@contoso.example", &[("X-Auto-Response-Suppress", "None")]));
        for (name, value) in [
            ("Auto-Submitted", "auto-replied"),
            ("AUTO-SUBMITTED", " auto-generated; owner=x"),
            ("Auto-Submitted", "auto-notified"),
            ("Precedence", "Bulk"),
            ("List-Id", "<news.example>"),
            ("List-Unsubscribe", "<https://x.example>"),
            ("X-Auto-Response-Suppress", "OOF, AutoReply"),
            ("X-Autoreply", "yes"),
        ] {
            assert!(!answered("jane@contoso.example", &[(name, value)]), "{name}: {value}");
        }
        for path in
            ["", "<>", "MAILER-DAEMON@x.example", "no-reply@x.example", "owner-news@x.example", "news-request@x"]
        {
            assert!(!answered(path, &[]), "{path}");
        }
    }
}
