//! What can be filled into a mail.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// A tag: `{{name}}` in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum MailTag {
    /// The MSP's name.
    Msp,
    /// Where end users call.
    SupportPhone,
    /// Where end users write.
    SupportEmail,
    /// The ticket's number.
    TicketNumber,
    /// The ticket in one line.
    TicketSubject,
    /// What the requester wrote.
    TicketDescription,
    /// The ticket in the console.
    TicketUrl,
    /// The requester's organization.
    Organization,
    /// Who asks.
    Requester,
    /// Where the requester can be called about this ticket.
    Phone,
    /// The computer's name.
    Asset,
    /// Where the computer stands.
    Site,
    /// What is known of the computer.
    Facts,
    /// The names of the ticket's files.
    Files,
    /// What the MSP answered.
    Comment,
    /// Somebody of the staff.
    StaffName,
    /// The one-time link.
    Link,
    /// The password that works once.
    Password,
    /// For how many hours the link works.
    LinkHours,
    /// For how many days the link works.
    LinkDays,
    /// For how many minutes the link works.
    LinkMinutes,
    /// A portal user.
    Person,
    /// What a portal user types to sign in.
    SignInName,
    /// The accounts that an address has, a line for each (decision C11).
    Accounts,
    /// Where end users sign in (RS-17).
    PortalLoginUrl,
    /// The way into the portal, as a link with words of its own (SYN-03).
    OnlineProfileUrl,
    /// How much, with the currency.
    Amount,
    /// What people call an invoice, an estimate or a statement.
    Number,
    /// Of which day a document is, on which day something happens.
    Date,
    /// Until which day.
    DueDate,
    /// Where a document can be seen.
    DocumentUrl,
    /// The last four digits of a card.
    CardEnding,
    /// What an appointment is about.
    About,
    /// At which time of the day.
    Time,
    /// Where an appointment is.
    Place,
}

impl MailTag {
    /// As it stands between the braces.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands in a template.
    pub fn braced(self) -> String {
        format!("{{{{{}}}}}", self.name())
    }

    /// Whether its value is an address, which is a link in the mail.
    pub fn is_link(self) -> bool {
        matches!(self, Self::TicketUrl | Self::Link | Self::PortalLoginUrl | Self::OnlineProfileUrl | Self::DocumentUrl)
    }

    /// What it stands for.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Msp => "your name",
            Self::SupportPhone => "telephone of your support",
            Self::SupportEmail => "e-mail address of your support",
            Self::TicketNumber => "number of the ticket",
            Self::TicketSubject => "the ticket in one line",
            Self::TicketDescription => "what the requester wrote",
            Self::TicketUrl => "link to the ticket in the console",
            Self::Organization => "the requester’s organization",
            Self::Requester => "name of the requester",
            Self::Phone => "where the requester can be called",
            Self::Asset => "name of the computer",
            Self::Site => "name of the site where the computer stands",
            Self::Facts => "what is known of the computer, a line for each",
            Self::Files => "names of the files",
            Self::Comment => "your reply",
            Self::StaffName => "name of the member of staff",
            Self::Link => "the one-time link",
            Self::Password => "the password that works once",
            Self::LinkHours => "for how many hours the link or the password works",
            Self::LinkDays => "for how many days the link works",
            Self::LinkMinutes => "for how many minutes the link works",
            Self::Person => "name of whom the mail is for",
            Self::SignInName => "what the portal user types to sign in",
            Self::Accounts => "the accounts that this address has, a line for each",
            Self::PortalLoginUrl => "link to the sign-in page of the portal",
            Self::OnlineProfileUrl => "link into the portal, of its own words",
            Self::Amount => "how much, with the currency",
            Self::Number => "number of the document",
            Self::Date => "day of the document, or of the appointment",
            Self::DueDate => "last day to pay, to accept, or of the card",
            Self::DocumentUrl => "link to the document",
            Self::CardEnding => "last four digits of the card",
            Self::About => "what the appointment is about",
            Self::Time => "when the appointment begins",
            Self::Place => "where the appointment is",
        }
    }

    /// What a preview shows. The names are those that RFC 2606 keeps for examples.
    pub fn sample(self) -> &'static str {
        match self {
            Self::Msp => "Harbor IT",
            Self::SupportPhone => "+1 555 0100",
            Self::SupportEmail => "help@harbor-it.example",
            Self::TicketNumber => "1042",
            Self::TicketSubject => "The label printer <Zebra> prints nothing",
            Self::TicketDescription => {
                "The label printer <Zebra> prints nothing\nIt worked on Friday.\n\nThe lamp at its front is red."
            }
            Self::TicketUrl => "https://help.example/console/tickets/0197f0c5-0000-7000-8000-000000000042",
            Self::Organization => "Sunrise Bakery",
            Self::Requester | Self::Person => "Jane Doe",
            Self::Phone => "+1 555 0142",
            Self::Asset => "PC-042",
            Self::Site => "Main Street",
            Self::Facts => "Computer: PC-042\nSerial number: SN-4711\nAddresses: 192.0.2.42",
            Self::Files => "label.png",
            Self::Comment => "We have sent a new print head.\n\nUntil then, please use the printer in the office.",
            Self::StaffName => "Kim Larsen",
            Self::Link => "https://help.example/users/welcome/[secret]",
            Self::Password => "[secret]",
            Self::LinkHours => "72",
            Self::LinkDays => "7",
            Self::LinkMinutes => "15",
            Self::SignInName => "jane@sunrise-bakery.example",
            Self::Accounts => "jane@sunrise-bakery.example, Sunrise Bakery",
            Self::PortalLoginUrl | Self::OnlineProfileUrl => "https://help.example/my_profile/user_login",
            Self::Amount => "120.00 EUR",
            Self::Number => "RE-2026-17",
            Self::Date => "2026-11-27",
            Self::DueDate => "2026-12-11",
            Self::DocumentUrl => "https://billing.example/RE-2026-17",
            Self::CardEnding => "4242",
            Self::About => "New laptops",
            Self::Time => "14:30",
            Self::Place => "1 Main Street",
        }
    }
}
