//! A ticket, and what a person may write into the form that makes one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::{
    contact::{self, MAX_NAME},
    ids::DepartmentId,
    plain_line::plain_line,
};

/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 10_000;
/// The longest phone number, in characters.
pub const MAX_PHONE: usize = 64;
/// The longest subject, in characters.
pub const MAX_SUBJECT: usize = 120;

/// How much it hurts, in the person's own judgment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Urgency {
    /// It can wait.
    Low,
    /// It is in the way.
    #[default]
    Normal,
    /// The person cannot work.
    High,
}

/// How far a ticket is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TicketStatus {
    /// Nobody has looked at it.
    New,
    /// The MSP works on it.
    Open,
    /// The end user, or somebody else outside, has to answer first.
    Waiting,
    /// Done, as far as the MSP knows.
    Resolved,
    /// Done for good.
    Closed,
}

impl TicketStatus {
    /// What still needs somebody.
    pub const UNRESOLVED: [Self; 3] = [Self::New, Self::Open, Self::Waiting];

    /// Whether a ticket may go from this status to `next`: nothing becomes new again, and what is closed can only be
    /// opened.
    pub fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::New, Self::New) => true,
            (_, Self::New) => false,
            (Self::Closed, next) => matches!(next, Self::Open | Self::Closed),
            (Self::New | Self::Open | Self::Waiting | Self::Resolved, _) => true,
        }
    }

    /// Where the MSP's reply leads: somebody has looked at a new ticket.
    #[must_use]
    pub fn after_reply(self) -> Self {
        match self {
            Self::New => Self::Open,
            kept @ (Self::Open | Self::Waiting | Self::Resolved | Self::Closed) => kept,
        }
    }

    /// Where an answer from the end user's side leads: somebody has to look at it again.
    #[must_use]
    pub fn after_answer(self) -> Self {
        match self {
            Self::New => Self::New,
            Self::Open | Self::Waiting | Self::Resolved | Self::Closed => Self::Open,
        }
    }

    /// Whether it is done, so that it can be opened again.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed)
    }

    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Open => "Open",
            Self::Waiting => "Waiting",
            Self::Resolved => "Resolved",
            Self::Closed => "Closed",
        }
    }
}

/// By which way a ticket came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TicketSource {
    /// A click on a tray.
    Tray,
    /// The portal, signed in or by the organization's link.
    Portal,
    /// A mail.
    Mail,
    /// A form on the MSP's website.
    Website,
}

/// What was typed, as it was typed. It is shown again when something is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedTicket {
    /// What is wrong.
    pub description: String,
    /// One of the [`Urgency`] names.
    pub urgency: String,
    /// The id of a department, where several are offered.
    pub department: String,
    /// Where the person can be reached.
    pub phone: String,
    /// The name of somebody who is not the one that the form names.
    pub unverified_name: String,
    /// The address of somebody whom the form does not know.
    pub unverified_email: String,
}

impl TypedTicket {
    /// Without the phone number that the form was filled in with, when it is sent by somebody else than `known_phone`'s
    /// owner: nobody typed it.
    #[must_use]
    pub fn without_phone_of_another(self, known_phone: Option<&str>) -> Self {
        let untouched = known_phone.is_some_and(|known| plain_line(known) == plain_line(&self.phone));
        if untouched && !plain_line(&self.unverified_name).is_empty() {
            Self { phone: String::new(), ..self }
        } else {
            self
        }
    }
}

/// What was typed and is fit to become a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// The first line of the description.
    pub subject: String,
    /// What is wrong, with line breaks as `\n`.
    pub description: String,
    /// How much it hurts.
    pub urgency: Urgency,
    /// The department that was chosen; it may be none that is there.
    pub department: Option<DepartmentId>,
    /// Where the person can be reached.
    pub phone: Option<String>,
    /// The name that somebody gave who is not the requester.
    pub unverified_name: Option<String>,
    /// The address that they gave, which nobody has checked.
    pub unverified_email: Option<String>,
}

/// What is wrong with what was typed, one reason for each field at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TypedErrors {
    /// About the description.
    pub description: Option<DescriptionError>,
    /// The phone number is over [`MAX_PHONE`] characters.
    pub phone_too_long: bool,
    /// The name is over [`MAX_NAME`] characters.
    pub name_too_long: bool,
    /// What was typed as an address is none.
    pub email_wrong: bool,
}

/// What is wrong with a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DescriptionError {
    /// Nothing but white space.
    Missing,
    /// Over [`MAX_DESCRIPTION`] characters.
    TooLong,
}

/// A ticket from what was typed, or what to say beside each field.
pub fn new_ticket(typed: &TypedTicket) -> Result<NewTicket, TypedErrors> {
    let description = clean(&typed.description);
    let phone = plain_line(&typed.phone);
    let unverified_name = plain_line(&typed.unverified_name);
    let unverified_email = plain_line(&typed.unverified_email);
    let errors = TypedErrors {
        description: match description.chars().count() {
            0 => Some(DescriptionError::Missing),
            1..=MAX_DESCRIPTION => None,
            _ => Some(DescriptionError::TooLong),
        },
        phone_too_long: phone.chars().count() > MAX_PHONE,
        name_too_long: unverified_name.chars().count() > MAX_NAME,
        email_wrong: !unverified_email.is_empty() && contact::email(&unverified_email).is_err(),
    };
    if errors != TypedErrors::default() {
        return Err(errors);
    }
    Ok(NewTicket {
        subject: subject(&description),
        description,
        urgency: typed.urgency.parse().unwrap_or_default(),
        department: typed.department.parse().ok(),
        phone: (!phone.is_empty()).then_some(phone),
        unverified_name: (!unverified_name.is_empty()).then_some(unverified_name),
        unverified_email: (!unverified_email.is_empty()).then_some(unverified_email),
    })
}

/// The text in which a ticket's words are found.
pub fn search_key(subject: &str, description: &str) -> String {
    format!("{subject}\n{description}").to_lowercase()
}

/// Browsers send line breaks as CR LF (HTML, "constructing the entry list"); other control characters have no business
/// in a ticket.
pub(crate) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept: String = text.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect();
    kept.trim().to_owned()
}

fn subject(description: &str) -> String {
    let line = description.lines().next().unwrap_or_default().trim();
    if line.chars().count() <= MAX_SUBJECT {
        return line.to_owned();
    }
    let kept: String = line.chars().take(MAX_SUBJECT - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(description: &str) -> TypedTicket {
        TypedTicket { description: description.to_owned(), ..TypedTicket::default() }
    }

    #[test]
    fn the_first_line_is_the_subject() {
        let ticket = new_ticket(&typed("  Printer is on fire\r\nSince noon.\0 ")).expect("fit");
        assert_eq!(ticket.subject, "Printer is on fire");
        assert_eq!(ticket.description, "Printer is on fire\nSince noon.");
        assert_eq!((ticket.urgency, ticket.phone), (Urgency::Normal, None));
    }

    #[test]
    fn nothing_becomes_new_again_and_what_is_closed_can_only_be_opened() {
        use TicketStatus::{Closed, New, Open, Resolved, Waiting};
        let from = |status: TicketStatus| {
            TicketStatus::VARIANTS.iter().copied().filter(|next| status.may_become(*next)).collect::<Vec<_>>()
        };
        assert_eq!(from(New), [New, Open, Waiting, Resolved, Closed]);
        for status in [Open, Waiting, Resolved] {
            assert_eq!(from(status), [Open, Waiting, Resolved, Closed]);
        }
        assert_eq!(from(Closed), [Open, Closed]);
        assert_eq!(
            TicketStatus::VARIANTS.iter().map(|status| status.after_reply()).collect::<Vec<_>>(),
            [Open, Open, Waiting, Resolved, Closed]
        );
        for status in TicketStatus::VARIANTS {
            assert!(status.may_become(status.after_answer()), "{status:?}");
            assert_eq!(status.after_answer(), if *status == New { New } else { Open }, "{status:?}");
        }
    }

    #[test]
    fn a_long_first_line_is_cut_at_a_character() {
        let ticket = new_ticket(&typed(&"ä".repeat(200))).expect("fit");
        assert_eq!(ticket.subject.chars().count(), MAX_SUBJECT);
        assert!(ticket.subject.ends_with('…'));
    }

    #[test]
    fn what_is_missing_or_too_long_is_said_for_each_field() {
        let errors = new_ticket(&TypedTicket { phone: "1".repeat(65), ..typed(" \r\n ") }).expect_err("unfit");
        assert_eq!(
            errors,
            TypedErrors {
                description: Some(DescriptionError::Missing),
                phone_too_long: true,
                ..TypedErrors::default()
            }
        );
        let errors = new_ticket(&typed(&"x".repeat(MAX_DESCRIPTION + 1))).expect_err("unfit");
        assert_eq!(errors.description, Some(DescriptionError::TooLong));
    }

    #[test]
    fn a_given_name_is_one_plain_line_and_takes_only_a_phone_number_that_was_typed_along() {
        let sam =
            TypedTicket { unverified_name: " Sam\r\nBcc: x\u{202e}y ".into(), phone: "+1 555".into(), ..typed("x") };
        let ticket = new_ticket(&sam.clone().without_phone_of_another(Some("+1 555"))).expect("fit");
        assert_eq!((ticket.unverified_name.as_deref(), ticket.phone), (Some("Sam Bcc: xy"), None));
        let kept = new_ticket(&sam.without_phone_of_another(Some("+1 556"))).expect("fit");
        assert_eq!(kept.phone.as_deref(), Some("+1 555"));
        let jane = TypedTicket { phone: "+1 555".into(), ..typed("x") };
        assert_eq!(jane.clone().without_phone_of_another(Some("+1 555")), jane);
        let long = TypedTicket { unverified_name: "x".repeat(201), ..typed("x") };
        assert!(new_ticket(&long).expect_err("unfit").name_too_long);
    }
}
