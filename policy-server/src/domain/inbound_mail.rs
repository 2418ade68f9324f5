//! Mail that comes in: what becomes of it, and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What became of a mail.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InboundOutcome {
    /// A new ticket.
    Ticket,
    /// A comment to a ticket.
    Comment,
    /// Somebody of the staff has to look.
    Quarantined,
    /// Nothing, and nobody has to look.
    Refused,
    /// A note that a mail of ours did not arrive.
    Bounce,
    /// Somebody of the staff looked, and nothing came of it.
    Discarded,
}

/// Why a mail is neither ticket nor comment, or not all of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InboundReason {
    /// It has no sender, several, or one whose address nobody can have.
    NoSender,
    /// The sender's address mixes scripts, so that it may look like another (S20).
    MixedScript,
    /// Our mail server has not found that it comes from where it says.
    NotAuthenticated,
    /// Its sender is no end user, and no organization claims the domain.
    UnknownSender,
    /// Its sender is an end user of several organizations.
    SeveralOrganizations,
    /// Several end users of an organization have the sender's address.
    SeveralEndUsers,
    /// Its sender's portal user is deactivated.
    Deactivated,
    /// A program sent it: an absence note, a list, a notification (RFC 3834).
    Automatic,
    /// It answers a ticket, and its sender is not whom the answer was asked from.
    NotTheirTicket,
    /// It says that a mail did not arrive, and means none of ours.
    UnknownBounce,
    /// It comes from one of our own addresses.
    OwnAddress,
    /// It is a ticket or a comment; files or part of the text did not fit and are in the message alone.
    LeftOut,
}

impl InboundOutcome {
    /// As it stands in forms.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ticket => "Ticket",
            Self::Comment => "Comment",
            Self::Quarantined => "Quarantined",
            Self::Refused => "Refused",
            Self::Bounce => "Bounce",
            Self::Discarded => "Discarded",
        }
    }
}

impl InboundReason {
    /// For the MSP's staff.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoSender => "It has no sender whose address could be read.",
            Self::MixedScript => "The sender’s address mixes scripts and may only look like one that you know.",
            Self::NotAuthenticated => "Your mail server has not found that it comes from where it says.",
            Self::UnknownSender => "The sender is no end user, and no organization claims the mail domain.",
            Self::SeveralOrganizations => "The sender is an end user of several organizations. Choose one.",
            Self::SeveralEndUsers => "Several end users of the organization have this address.",
            Self::Deactivated => "The sender’s portal user is deactivated.",
            Self::Automatic => "A program sent it, such as an absence note or a mailing list.",
            Self::NotTheirTicket => "It answers a ticket, but its sender was not asked.",
            Self::UnknownBounce => "It says that a mail did not arrive, but means none of ours.",
            Self::OwnAddress => "It comes from one of your own addresses.",
            Self::LeftOut => "Some of it did not fit: files, or the end of the text. The whole message is kept.",
        }
    }
}
