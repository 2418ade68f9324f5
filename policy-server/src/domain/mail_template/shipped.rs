//! What Deskbell ships: a file for each template and language, in `templates/mail/`.

use super::{MailTemplateKey, TemplateText};
use crate::domain::language::Language;

/// One template's files, by language.
macro_rules! files {
    ($name:literal) => {
        |language| match language {
            Language::English => include_str!(concat!("../../../templates/mail/en/", $name, ".txt")),
            Language::German => include_str!(concat!("../../../templates/mail/de/", $name, ".txt")),
            Language::French => include_str!(concat!("../../../templates/mail/fr/", $name, ".txt")),
            Language::Spanish => include_str!(concat!("../../../templates/mail/es/", $name, ".txt")),
            Language::Arabic => include_str!(concat!("../../../templates/mail/ar/", $name, ".txt")),
        }
    };
}

impl MailTemplateKey {
    /// What Deskbell ships.
    pub fn shipped(self, language: Language) -> TemplateText {
        let file: fn(Language) -> &'static str = match self {
            Self::TicketForwarded => files!("ticket_forwarded"),
            Self::TicketAnswered => files!("ticket_answered"),
            Self::TicketCreated => files!("ticket_created"),
            Self::TicketAutoresponder => files!("ticket_autoresponder"),
            Self::TicketComment => files!("ticket_comment"),
            Self::TicketResolved => files!("ticket_resolved"),
            Self::StaffLink => files!("staff_link"),
            Self::PortalInvitation => files!("portal_invitation"),
            Self::PortalPassword => files!("portal_password"),
            Self::PortalSignUp => files!("portal_sign_up"),
            Self::PortalDeactivated => files!("portal_deactivated"),
            Self::PortalSignIn => files!("portal_sign_in"),
            Self::PortalPasswordReset => files!("portal_password_reset"),
            Self::PortalChanged => files!("portal_changed"),
            Self::CreditCardExpired => files!("credit_card_expired"),
            Self::RecurringChargeFailed => files!("recurring_charge_failed"),
            Self::Estimate => files!("estimate"),
            Self::Statement => files!("statement"),
            Self::PaidInvoice => files!("paid_invoice"),
            Self::UnpaidInvoice => files!("unpaid_invoice"),
            Self::NonTicketAppointment => files!("non_ticket_appointment"),
            Self::TicketAppointment => files!("ticket_appointment"),
            Self::OrganizationLink => files!("organization_link"),
            Self::TicketStatus => files!("ticket_status"),
        };
        let file = file(language);
        let (subject, body) = file.split_once("\n\n").unwrap_or((file, ""));
        let subject = subject.strip_prefix("Subject: ").unwrap_or(subject);
        TemplateText { subject: subject.to_owned(), body: body.trim_end().to_owned() }
    }
}
