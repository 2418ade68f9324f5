//! What other programs have mailed to customers: which facts each of these mails takes (decision C8).

use jiff::civil::Time;

use super::{
    billing, contact,
    mail_template::{MailTag, MailTemplateKey},
};

/// The facts of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventFacts {
    /// Those without which it says nothing.
    pub needed: &'static [MailTag],
    /// Those that it can have besides.
    pub possible: &'static [MailTag],
    /// Whether it is about a ticket.
    pub has_ticket: bool,
}

/// The facts of the mails that other programs have sent; absent for every other mail.
pub fn event_facts(key: MailTemplateKey) -> Option<EventFacts> {
    use MailTag::{About, Amount, CardEnding, Date, DocumentUrl, DueDate, Number, Place, Time};
    let (needed, possible): (&[MailTag], &[MailTag]) = match key {
        MailTemplateKey::CreditCardExpired => (&[], &[CardEnding, DueDate]),
        MailTemplateKey::RecurringChargeFailed => (&[Amount], &[Number, Date, CardEnding]),
        MailTemplateKey::Estimate | MailTemplateKey::PaidInvoice | MailTemplateKey::UnpaidInvoice => {
            (&[Number, Amount], &[Date, DueDate, DocumentUrl])
        }
        MailTemplateKey::Statement => (&[Amount, Date], &[Number, DueDate, DocumentUrl]),
        MailTemplateKey::NonTicketAppointment | MailTemplateKey::TicketAppointment => (&[Date, Time], &[About, Place]),
        MailTemplateKey::TicketForwarded
        | MailTemplateKey::TicketAnswered
        | MailTemplateKey::TicketCreated
        | MailTemplateKey::TicketAutoresponder
        | MailTemplateKey::TicketComment
        | MailTemplateKey::TicketResolved
        | MailTemplateKey::StaffLink
        | MailTemplateKey::PortalInvitation
        | MailTemplateKey::PortalPassword
        | MailTemplateKey::PortalSignUp
        | MailTemplateKey::PortalDeactivated
        | MailTemplateKey::PortalSignIn
        | MailTemplateKey::PortalPasswordReset
        | MailTemplateKey::PortalChanged
        | MailTemplateKey::OrganizationLink
        | MailTemplateKey::TicketStatus => return None,
    };
    Some(EventFacts { needed, possible, has_ticket: key == MailTemplateKey::TicketAppointment })
}

/// A fact as it stands in the mail, or what would be right.
pub fn fact(tag: MailTag, text: &str) -> Result<String, String> {
    match tag {
        MailTag::Date | MailTag::DueDate => billing::day(text),
        MailTag::DocumentUrl => billing::link(text),
        MailTag::CardEnding => card_ending(text),
        MailTag::Time => time(text),
        MailTag::About | MailTag::Place => contact::name(text),
        _ => billing::short_text(text),
    }
}

/// The last four digits of a card: never more of it.
fn card_ending(text: &str) -> Result<String, String> {
    let text = text.trim();
    let good = text.len() == 4 && text.bytes().all(|digit| digit.is_ascii_digit());
    if good { Ok(text.to_owned()) } else { Err("must be the last four digits of the card".into()) }
}

/// A time of the day such as `14:30`.
fn time(text: &str) -> Result<String, String> {
    let time = text.trim().parse::<Time>().map_err(|_| "must be a time of the day, such as 14:30".to_owned())?;
    Ok(format!("{:02}:{:02}", time.hour(), time.minute()))
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn each_fact_has_a_tag_in_the_mails_that_take_it() {
        let events: Vec<_> =
            MailTemplateKey::VARIANTS.iter().filter_map(|key| Some((key, event_facts(*key)?))).collect();
        assert_eq!(events.len(), 8);
        for (key, facts) in events {
            let all = facts.needed.iter().chain(facts.possible);
            assert!(all.clone().all(|tag| key.tags().contains(tag)), "{key:?}");
            assert!(all.count() > 0 && key.tags().contains(&MailTag::TicketNumber) == facts.has_ticket, "{key:?}");
        }
    }

    #[test]
    fn facts_are_kept_or_refused_whole() {
        assert_eq!(fact(MailTag::CardEnding, " 4242 "), Ok("4242".into()));
        assert!(["4242 4242", "424", "42é"].iter().all(|text| fact(MailTag::CardEnding, text).is_err()));
        assert_eq!(fact(MailTag::Time, "09:05"), Ok("09:05".into()));
        assert!(["25:00", "2 pm", ""].iter().all(|text| fact(MailTag::Time, text).is_err()));
        assert!(
            fact(MailTag::DocumentUrl, "http://billing.example").is_err() && fact(MailTag::Place, "a\r\nb").is_err()
        );
        assert!(fact(MailTag::Amount, "a\nb").is_err() && fact(MailTag::DueDate, "soon").is_err());
    }
}
