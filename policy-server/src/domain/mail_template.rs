//! Mails as templates: a subject and a body with tags such as `{{ticket_number}}`. Parsing may fail and says what would be
//! right; filling in cannot.
//!
//! There are no conditions: a line whose tags are all empty is left out.

mod changes;
mod letter;
mod shipped;
mod tag;

use deskbell_protocol::Fault;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use url::Url;

pub use self::{
    changes::{TemplateChange, template_changes},
    letter::{Letter, Line, Paragraph, Piece},
    tag::MailTag,
};

/// The longest subject of a template, in characters.
pub const MAX_SUBJECT: usize = 200;
/// The longest body of a template, in characters.
pub const MAX_BODY: usize = 20_000;

/// What stands where a one-time secret goes, until the mail is sent.
pub const SECRET_MARK: &str = "[secret]";

/// What a mail is about. A new one is a variant here, a file in `templates/mail/` for each language, and its tags.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MailTemplateKey {
    /// To the address that new tickets are forwarded to.
    TicketForwarded,
    /// To the requester of a new ticket.
    TicketCreated,
    /// To the requester, with a reply.
    TicketComment,
    /// To the requester, when the status turns resolved.
    TicketResolved,
    /// To somebody of the staff: the link with which they set a password.
    StaffLink,
    /// To a portal user: the link with which they come in.
    PortalInvitation,
    /// To a portal user: the password with which they come in, where invitations bring one (NAB-19).
    PortalPassword,
    /// To an end user who signs up: the link that makes them a portal user (ZOH-13).
    PortalSignUp,
    /// To a portal user who is shut out.
    PortalDeactivated,
    /// To a portal user: a link that signs in.
    PortalSignIn,
    /// To a portal user: a link that sets a new password.
    PortalPasswordReset,
    /// To a portal user whose password or address is another (decision C5).
    PortalChanged,
    /// To an organization without portal users: its link (SYN-20, decision C3).
    OrganizationLink,
    /// To whoever sent a ticket: the link that shows how far it is (SYN-25).
    TicketStatus,
}

/// A template as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateText {
    /// In one line.
    pub subject: String,
    /// Paragraphs of plain text.
    pub body: String,
}

/// A template that can be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTemplate {
    subject: Vec<Part>,
    lines: Vec<Vec<Part>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Link(String),
    Tag(MailTag),
}

impl MailTemplateKey {
    /// As it stands in addresses and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::TicketForwarded => "New ticket, to you",
            Self::TicketCreated => "New ticket, to the requester",
            Self::TicketComment => "Reply to a ticket",
            Self::TicketResolved => "Ticket resolved",
            Self::StaffLink => "Link for staff",
            Self::PortalInvitation => "Invitation to the portal",
            Self::PortalPassword => "Invitation to the portal, with a password",
            Self::PortalSignUp => "Link to sign up for the portal",
            Self::PortalDeactivated => "Portal access switched off",
            Self::PortalSignIn => "Link to sign in to the portal",
            Self::PortalPasswordReset => "Link to set a new portal password",
            Self::PortalChanged => "Portal account changed",
            Self::OrganizationLink => "Link of an organization",
            Self::TicketStatus => "Link to the state of a ticket",
        }
    }

    /// When it is sent, and to whom.
    pub fn occasion(self) -> &'static str {
        match self {
            Self::TicketForwarded => "Sent to the address that new tickets are forwarded to.",
            Self::TicketCreated => "Sent to the requester of a new ticket.",
            Self::TicketComment => "Sent to the requester with each reply, never with an internal note.",
            Self::TicketResolved => "Sent to the requester when the status turns resolved.",
            Self::StaffLink => "Sent to new staff, and to staff whose password is reset.",
            Self::PortalInvitation => "Sent to a portal user who is invited, or invited again.",
            Self::PortalPassword => "Sent in place of the invitation where it brings a password.",
            Self::PortalSignUp => {
                "Sent to whoever signs up with an address from which they have asked for help before."
            }
            Self::PortalDeactivated => "Sent to a portal user who is deactivated.",
            Self::PortalSignIn => "Sent to whoever asks on the sign-in page for a link in place of the password.",
            Self::PortalPasswordReset => "Sent to whoever asks on the sign-in page for a new password.",
            Self::PortalChanged => {
                "Sent when password, address or rights changed; of an address, to the old and the new one."
            }
            Self::OrganizationLink => {
                "Sent to the address of an organization without portal users, when somebody asks for a link to sign in with it."
            }
            Self::TicketStatus => {
                "Sent to the address of whoever sent a ticket, when it is looked up on your website with its number."
            }
        }
    }

    /// Whether it goes to the end user who asked.
    pub fn is_for_requesters(self) -> bool {
        match self {
            Self::TicketCreated
            | Self::TicketComment
            | Self::TicketResolved
            | Self::PortalInvitation
            | Self::PortalPassword
            | Self::PortalSignUp
            | Self::PortalDeactivated
            | Self::PortalSignIn
            | Self::PortalPasswordReset
            | Self::PortalChanged
            | Self::OrganizationLink
            | Self::TicketStatus => true,
            Self::TicketForwarded | Self::StaffLink => false,
        }
    }

    /// The tags that it can have.
    pub fn tags(self) -> &'static [MailTag] {
        use MailTag::{
            Accounts, Asset, Comment, Facts, Files, Link, LinkDays, LinkHours, LinkMinutes, Msp, Organization,
            Password, Person, Phone, PortalLoginUrl, Requester, SignInName, Site, StaffName, SupportEmail,
            SupportPhone, TicketDescription, TicketNumber, TicketSubject, TicketUrl,
        };
        match self {
            Self::TicketForwarded => &[
                TicketNumber,
                TicketSubject,
                TicketDescription,
                TicketUrl,
                Organization,
                Requester,
                Phone,
                Asset,
                Site,
                Facts,
                Files,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
            Self::TicketCreated => &[
                TicketNumber,
                TicketSubject,
                TicketDescription,
                Requester,
                Organization,
                Asset,
                Files,
                Msp,
                PortalLoginUrl,
                SupportPhone,
                SupportEmail,
            ],
            Self::TicketComment => &[
                Comment,
                TicketNumber,
                TicketSubject,
                TicketDescription,
                Requester,
                Organization,
                Asset,
                Msp,
                PortalLoginUrl,
                SupportPhone,
                SupportEmail,
            ],
            Self::TicketResolved => &[
                TicketNumber,
                TicketSubject,
                TicketDescription,
                Requester,
                Organization,
                Asset,
                Msp,
                PortalLoginUrl,
                SupportPhone,
                SupportEmail,
            ],
            Self::StaffLink => &[Link, LinkHours, StaffName, Msp, SupportPhone, SupportEmail],
            Self::PortalInvitation => {
                &[Link, LinkDays, Person, SignInName, Organization, PortalLoginUrl, Msp, SupportPhone, SupportEmail]
            }
            Self::PortalPassword => &[
                Password,
                LinkHours,
                Person,
                SignInName,
                Organization,
                PortalLoginUrl,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
            Self::PortalSignUp => &[Link, LinkMinutes, PortalLoginUrl, Msp, SupportPhone, SupportEmail],
            Self::PortalDeactivated => &[Person, Organization, Msp, SupportPhone, SupportEmail],
            Self::PortalSignIn => &[Link, LinkMinutes, Accounts, PortalLoginUrl, Msp, SupportPhone, SupportEmail],
            Self::PortalPasswordReset => {
                &[Link, LinkMinutes, Accounts, PortalLoginUrl, Msp, SupportPhone, SupportEmail]
            }
            Self::PortalChanged => &[Person, SignInName, Organization, PortalLoginUrl, Msp, SupportPhone, SupportEmail],
            Self::OrganizationLink => &[Link, Organization, PortalLoginUrl, Msp, SupportPhone, SupportEmail],
            Self::TicketStatus => &[Link, LinkMinutes, TicketNumber, PortalLoginUrl, Msp, SupportPhone, SupportEmail],
        }
    }

    /// What its body is worth nothing without.
    fn needed(self) -> Option<MailTag> {
        match self {
            Self::StaffLink
            | Self::PortalInvitation
            | Self::PortalSignUp
            | Self::PortalSignIn
            | Self::PortalPasswordReset
            | Self::OrganizationLink
            | Self::TicketStatus => Some(MailTag::Link),
            Self::PortalPassword => Some(MailTag::Password),
            Self::TicketForwarded
            | Self::TicketCreated
            | Self::TicketComment
            | Self::TicketResolved
            | Self::PortalDeactivated
            | Self::PortalChanged => None,
        }
    }
}

impl TemplateText {
    /// As it is kept: line breaks as `\n`, and no other control characters in the body.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        let body = self.body.replace("\r\n", "\n");
        let body: String = body.chars().filter(|c| !c.is_control() || "\n\t".contains(*c)).collect();
        Self { subject: self.subject.trim().to_owned(), body: body.trim_end().to_owned() }
    }

    /// Reads it as a template of `key`, or says what is wrong with which field.
    pub fn parse(&self, key: MailTemplateKey) -> Result<MailTemplate, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut wrong = |pointer: &str, detail: String| faults.push(Fault { pointer: pointer.into(), detail });
        for (pointer, text, limit) in [("/subject", &self.subject, MAX_SUBJECT), ("/body", &self.body, MAX_BODY)] {
            if text.trim().is_empty() {
                wrong(pointer, "must not be empty".into());
            } else if text.chars().count() > limit {
                wrong(pointer, format!("must have at most {limit} characters"));
            } else if let Err(detail) = known_tags(key, text) {
                wrong(pointer, detail);
            }
        }
        if self.subject.chars().any(char::is_control) {
            wrong("/subject", "must be a single line".into());
        }
        let subject = parts(&self.subject);
        if let Some(Part::Tag(tag)) = subject.iter().find(|part| matches!(part, Part::Tag(tag) if tag.is_link())) {
            wrong("/subject", format!("must not have {}, which is a link", tag.braced()));
        }
        let lines: Vec<_> = self.body.lines().map(parts).collect();
        if let Some(tag) = key.needed().filter(|tag| !lines.iter().flatten().any(|part| *part == Part::Tag(*tag))) {
            wrong("/body", format!("must have {}", tag.braced()));
        }
        if faults.is_empty() { Ok(MailTemplate { subject, lines }) } else { Err(faults) }
    }
}

impl MailTemplate {
    /// The mail, with a value for each tag.
    pub fn fill(&self, value: impl Fn(MailTag) -> String) -> Letter {
        let subject: String = self.subject.iter().map(|part| part.text(&value)).collect();
        let lines = self.lines.iter().filter(|line| !is_left_out(line, &value));
        Letter::new(&subject, lines.flat_map(|line| filled(line, &value)))
    }
}

impl Part {
    fn text(&self, value: impl Fn(MailTag) -> String) -> String {
        match self {
            Self::Text(text) | Self::Link(text) => text.clone(),
            Self::Tag(tag) => value(*tag),
        }
    }
}

/// Whether every tag says so, or which do not.
fn known_tags(key: MailTemplateKey, text: &str) -> Result<(), String> {
    let mut unknown = Vec::new();
    for name in names(text)? {
        let known = name.parse::<MailTag>().is_ok_and(|tag| key.tags().contains(&tag));
        let named = format!("{{{{{name}}}}}");
        if !known && !unknown.contains(&named) {
            unknown.push(named);
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let known: Vec<_> = key.tags().iter().map(|tag| tag.braced()).collect();
    let (noun, unknown) = (if unknown.len() == 1 { "tag" } else { "tags" }, unknown.join(", "));
    Err(format!("has the unknown {noun} {unknown}; this mail has {}", known.join(", ")))
}

/// What stands between `{{` and `}}`.
fn names(text: &str) -> Result<Vec<&str>, String> {
    let mut names = Vec::new();
    for piece in text.split("{{").skip(1) {
        let (name, _) = piece.split_once("}}").ok_or("has a {{ without its }}")?;
        names.push(name.trim());
    }
    Ok(names)
}

/// A line that was checked, or one that is not going to be used.
fn parts(line: &str) -> Vec<Part> {
    let mut pieces = line.split("{{");
    let mut parts = literal(pieces.next().unwrap_or_default(), pieces.clone().next().is_some());
    while let Some(piece) = pieces.next() {
        let (name, rest) = piece.split_once("}}").unwrap_or((piece, ""));
        parts.extend(name.trim().parse().ok().map(Part::Tag));
        parts.extend(literal(rest, pieces.clone().next().is_some()));
    }
    parts
}

/// Text in which `https://` addresses are links. One that goes on with a tag stays text: nobody knows yet where it leads.
fn literal(text: &str, tag_follows: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("https://") {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(from.len());
        let (address, after) = from.split_at(from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).len());
        let goes_on = after.is_empty() && tag_follows;
        parts.push(Part::Text(before.to_owned()));
        let is_link = !goes_on && address.parse::<Url>().is_ok_and(|url| url.has_host());
        parts.push(if is_link { Part::Link(address.to_owned()) } else { Part::Text(address.to_owned()) });
        rest = after;
    }
    parts.push(Part::Text(rest.to_owned()));
    parts.retain(|part| *part != Part::Text(String::new()));
    parts
}

fn is_left_out(line: &[Part], value: impl Fn(MailTag) -> String) -> bool {
    let mut values = line.iter().filter_map(|part| match part {
        Part::Tag(tag) => Some(value(*tag)),
        Part::Text(_) | Part::Link(_) => None,
    });
    values.next().is_some_and(|first| first.trim().is_empty() && values.all(|value| value.trim().is_empty()))
}

/// A line with its values, which may have line breaks of their own.
fn filled(line: &[Part], value: impl Fn(MailTag) -> String) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let mut push = |piece: Piece| {
        if let Some(last) = lines.last_mut() {
            last.0.push(piece);
        }
    };
    for part in line {
        match part {
            Part::Text(text) => push(Piece::Text(text.clone())),
            Part::Link(address) => push(Piece::Link(address.clone())),
            Part::Tag(tag) if tag.is_link() => push(Piece::Link(value(*tag))),
            Part::Tag(tag) => push(Piece::Text(value(*tag))),
        }
    }
    lines.into_iter().flat_map(Line::broken).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::language::Language;

    fn text(subject: &str, body: &str) -> TemplateText {
        TemplateText { subject: subject.into(), body: body.into() }
    }

    fn filled_in(key: MailTemplateKey, body: &str, value: impl Fn(MailTag) -> String) -> Letter {
        text("x", body).parse(key).expect("a template").fill(value)
    }

    #[test]
    fn what_is_shipped_can_be_filled_in_and_uses_every_language() {
        for key in MailTemplateKey::VARIANTS {
            let english = key.shipped(Language::English);
            for language in Language::VARIANTS {
                let shipped = key.shipped(*language);
                assert_eq!(shipped.cleaned(), shipped, "{key:?}");
                let letter = shipped.parse(*key).unwrap_or_else(|faults| panic!("{key:?}: {faults:?}"));
                let letter = letter.fill(|tag| tag.sample().to_owned());
                assert!(!letter.subject.contains("{{") && !letter.text().contains("{{"), "{key:?}");
                assert_eq!(tags(&shipped.subject), tags(&english.subject), "{key:?} {language:?}");
                assert_eq!(tags(&shipped.body), tags(&english.body), "{key:?} {language:?}");
                assert!(*language == Language::English || shipped.body != english.body, "{key:?} {language:?}");
            }
        }
    }

    /// The tags of a text, as often as they are there.
    fn tags(text: &str) -> Vec<&str> {
        let mut tags = names(text).expect("a template");
        tags.sort_unstable();
        tags
    }

    #[test]
    fn a_line_whose_tags_are_all_empty_is_left_out() {
        let body = "Hello {{requester}},\n\nTelephone: {{phone}}\nBoth: {{phone}} {{asset}}\nNone";
        let value = |tag| if tag == MailTag::Asset { "PC-042".to_owned() } else { String::new() };
        let letter = filled_in(MailTemplateKey::TicketForwarded, body, value);
        assert_eq!(letter.text(), "Both:  PC-042\nNone\n");
    }

    #[test]
    fn a_value_with_lines_and_paragraphs_keeps_them_and_is_no_link() {
        let value = |_| "one\ntwo https://evil.example/\n\n\n\nthree".to_owned();
        let letter = filled_in(MailTemplateKey::TicketCreated, "> {{ticket_description}} <", value);
        assert_eq!(letter.text(), "> one\ntwo https://evil.example/\n\nthree <\n");
        assert_eq!(letter.paragraphs.len(), 2);
        let pieces = letter.paragraphs.iter().flat_map(|paragraph| &paragraph.0).flat_map(|line| &line.0);
        assert!(pieces.into_iter().all(|piece| matches!(piece, Piece::Text(_))));
    }

    #[test]
    fn an_address_in_the_template_is_a_link_unless_a_tag_goes_on_with_it() {
        let links = |body: &str| {
            let letter = filled_in(MailTemplateKey::TicketForwarded, body, |tag| format!("https://x.example/{tag:?}"));
            let pieces = letter.paragraphs.into_iter().flat_map(|paragraph| paragraph.0).flat_map(|line| line.0);
            let links = pieces.filter_map(|piece| match piece {
                Piece::Link(address) => Some(address),
                Piece::Text(_) => None,
            });
            links.collect::<Vec<_>>()
        };
        assert_eq!(
            links("See https://a.example/b?c=d. (https://e.example)"),
            ["https://a.example/b?c=d", "https://e.example"]
        );
        assert_eq!(links("https://a.example/{{ticket_number}}"), [""; 0]);
        assert_eq!(links("https://, http://a.example, javascript:x"), [""; 0]);
        assert_eq!(links("{{ticket_url}}"), ["https://x.example/TicketUrl"]);
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_field_with_the_tags_that_there_are() {
        let faults = |subject: &str, body: &str| {
            let faults = text(subject, body).parse(MailTemplateKey::StaffLink).expect_err("faults");
            faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect::<Vec<_>>()
        };
        assert_eq!(
            faults("{{lnik}} {{comment}} {{lnik}}", "{{link}}"),
            ["/subject has the unknown tags {{lnik}}, {{comment}}; this mail has {{link}}, {{link_hours}}, \
             {{staff_name}}, {{msp}}, {{support_phone}}, {{support_email}}"]
        );
        assert_eq!(
            faults("a\r\nBcc: x@y.example", "{{link"),
            ["/body has a {{ without its }}", "/subject must be a single line"]
        );
        assert_eq!(
            faults("{{link}}", " \n"),
            ["/body must not be empty", "/subject must not have {{link}}, which is a link", "/body must have {{link}}"]
        );
        assert_eq!(faults(&"x".repeat(201), "{{link}}"), ["/subject must have at most 200 characters"]);
    }

    proptest! {
        /// S13: whatever is written and filled in, the subject is one line, and parsing never fails over it.
        #[test]
        fn a_subject_is_one_line_whatever_is_filled_in(
            subject in "(?s).{0,60}|[a-z]{0,5}\\{\\{ ?(requester|msp|x) ?\\}\\}[a-z ]{0,5}",
            value in "(?s).{0,60}|[a-z]{0,9}\r\nBcc: x@y.example(\r\n)?",
        ) {
            if let Ok(template) = text(&subject, "x").parse(MailTemplateKey::TicketCreated) {
                let letter = template.fill(|_| value.clone());
                prop_assert!(!letter.subject.chars().any(char::is_control), "{:?}", letter.subject);
            }
        }

        /// Filling in loses no word of a value and makes no empty paragraph.
        #[test]
        fn a_value_arrives_word_by_word(value in "[a-z<>& \n\t]{0,80}") {
            let letter = filled_in(MailTemplateKey::TicketComment, "{{comment}}", |_| value.clone());
            let text = letter.text();
            prop_assert_eq!(text.split_whitespace().collect::<Vec<_>>(), value.split_whitespace().collect::<Vec<_>>());
            prop_assert!(letter.paragraphs.iter().all(|paragraph| !paragraph.0.is_empty()));
        }
    }
}
