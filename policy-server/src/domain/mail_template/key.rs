//! What mails are about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::MailTag;

/// What a mail is about. A new one is a variant here, a file in `templates/mail/` for each language, and its tags.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MailTemplateKey {
    /// To the address that new tickets are forwarded to.
    TicketForwarded,
    /// To the same address, when somebody answers in the portal or by mail.
    TicketAnswered,
    /// To the requester of a new ticket.
    TicketCreated,
    /// To the requester of a ticket that came by mail.
    TicketAutoresponder,
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
    /// To a customer whose card can be charged no more. Like those below, a billing system or a calendar has it sent
    /// (decision C8).
    CreditCardExpired,
    /// To a customer whose payment did not go through.
    RecurringChargeFailed,
    /// To a customer, with what something would cost.
    Estimate,
    /// To a customer, with what is open.
    Statement,
    /// To a customer, with what was paid.
    PaidInvoice,
    /// To a customer, with what is to be paid.
    UnpaidInvoice,
    /// To a customer: an appointment.
    NonTicketAppointment,
    /// To a customer: an appointment about a ticket.
    TicketAppointment,
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
            Self::TicketAnswered => "Answer of an end user, to you",
            Self::TicketCreated => "Ticket Created",
            Self::TicketAutoresponder => "Ticket Autoresponder",
            Self::TicketComment => "Ticket Comment",
            Self::TicketResolved => "Ticket Resolved",
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
            Self::CreditCardExpired => "Credit Card Expired",
            Self::RecurringChargeFailed => "Recurring Charge Failed",
            Self::Estimate => "Estimate",
            Self::Statement => "Statement",
            Self::PaidInvoice => "Paid Invoice",
            Self::UnpaidInvoice => "Unpaid Invoice",
            Self::NonTicketAppointment => "Non-Ticket Appointment",
            Self::TicketAppointment => "Ticket Appointment",
        }
    }

    /// When it is sent, and to whom.
    pub fn occasion(self) -> &'static str {
        match self {
            Self::TicketForwarded => "Sent to the address that new tickets are forwarded to.",
            Self::TicketAnswered => {
                "Sent to the address that new tickets are forwarded to, when an end user answers in the portal or by mail."
            }
            Self::TicketCreated => "Sent to the requester of a new ticket.",
            Self::TicketAutoresponder => {
                "Sent to the requester of a ticket that came by mail, once in ten minutes at most, and never to a program."
            }
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
            Self::CreditCardExpired
            | Self::RecurringChargeFailed
            | Self::Estimate
            | Self::Statement
            | Self::PaidInvoice
            | Self::UnpaidInvoice => "Sent when your billing system says so, by POST /api/v1/events.",
            Self::NonTicketAppointment | Self::TicketAppointment => {
                "Sent when your calendar says so, by POST /api/v1/events."
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
            | Self::TicketStatus
            | Self::TicketAutoresponder
            | Self::CreditCardExpired
            | Self::RecurringChargeFailed
            | Self::Estimate
            | Self::Statement
            | Self::PaidInvoice
            | Self::UnpaidInvoice
            | Self::NonTicketAppointment
            | Self::TicketAppointment => true,
            Self::TicketForwarded | Self::TicketAnswered | Self::StaffLink => false,
        }
    }

    /// The sentence that its link to the portal reads (SYN-16): in those of Syncro's that lead there by default.
    pub fn online_profile(self) -> Option<&'static str> {
        match self {
            Self::CreditCardExpired | Self::RecurringChargeFailed => Some("mail-online-profile-payment"),
            Self::TicketCreated
            | Self::TicketAutoresponder
            | Self::TicketComment
            | Self::TicketResolved
            | Self::Estimate
            | Self::Statement
            | Self::PaidInvoice
            | Self::UnpaidInvoice
            | Self::NonTicketAppointment
            | Self::TicketAppointment => Some("mail-online-profile"),
            Self::TicketForwarded
            | Self::TicketAnswered
            | Self::StaffLink
            | Self::PortalInvitation
            | Self::PortalPassword
            | Self::PortalSignUp
            | Self::PortalDeactivated
            | Self::PortalSignIn
            | Self::PortalPasswordReset
            | Self::PortalChanged
            | Self::OrganizationLink
            | Self::TicketStatus => None,
        }
    }

    /// Whether its link to the portal is how a customer pays again (SYN-18).
    pub fn leads_to_payment(self) -> bool {
        matches!(self, Self::CreditCardExpired | Self::RecurringChargeFailed)
    }

    /// Whether whoever can send a mail can have it sent: then a recipient gets one in ten minutes at most (S11).
    pub fn is_automatic_answer(self) -> bool {
        self == Self::TicketAutoresponder
    }

    /// The tags that it can have.
    #[expect(clippy::too_many_lines, reason = "one table")]
    pub fn tags(self) -> &'static [MailTag] {
        use MailTag::{
            About, Accounts, Amount, Asset, CardEnding, Comment, Date, DocumentUrl, DueDate, Facts, Files, Link,
            LinkDays, LinkHours, LinkMinutes, Msp, Number, OnlineProfileUrl, Organization, Password, Person, Phone,
            Place, PortalLoginUrl, Requester, SignInName, Site, StaffName, SupportEmail, SupportPhone,
            TicketDescription, TicketNumber, TicketSubject, TicketUrl, Time,
        };
        match self {
            Self::TicketAnswered => &[
                Comment,
                Person,
                Files,
                TicketNumber,
                TicketSubject,
                TicketUrl,
                Organization,
                Requester,
                Asset,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
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
            Self::TicketCreated | Self::TicketAutoresponder => &[
                TicketNumber,
                TicketSubject,
                TicketDescription,
                Requester,
                Organization,
                Asset,
                Files,
                Msp,
                OnlineProfileUrl,
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
                OnlineProfileUrl,
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
                OnlineProfileUrl,
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
            Self::CreditCardExpired => &[
                CardEnding,
                DueDate,
                Person,
                Organization,
                OnlineProfileUrl,
                PortalLoginUrl,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
            Self::RecurringChargeFailed => &[
                Amount,
                Number,
                Date,
                CardEnding,
                Person,
                Organization,
                OnlineProfileUrl,
                PortalLoginUrl,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
            Self::Estimate | Self::Statement | Self::PaidInvoice | Self::UnpaidInvoice => &[
                Number,
                Amount,
                Date,
                DueDate,
                DocumentUrl,
                Person,
                Organization,
                OnlineProfileUrl,
                PortalLoginUrl,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
            Self::NonTicketAppointment => &[
                About,
                Date,
                Time,
                Place,
                Person,
                Organization,
                OnlineProfileUrl,
                PortalLoginUrl,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
            Self::TicketAppointment => &[
                TicketNumber,
                TicketSubject,
                About,
                Date,
                Time,
                Place,
                Person,
                Organization,
                OnlineProfileUrl,
                PortalLoginUrl,
                Msp,
                SupportPhone,
                SupportEmail,
            ],
        }
    }

    /// What its body is worth nothing without.
    pub(super) fn needed(self) -> Option<MailTag> {
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
            | Self::TicketAnswered
            | Self::TicketCreated
            | Self::TicketComment
            | Self::TicketResolved
            | Self::PortalDeactivated
            | Self::PortalChanged
            | Self::TicketAutoresponder
            | Self::CreditCardExpired
            | Self::RecurringChargeFailed
            | Self::Estimate
            | Self::Statement
            | Self::PaidInvoice
            | Self::UnpaidInvoice
            | Self::NonTicketAppointment
            | Self::TicketAppointment => None,
        }
    }
}
