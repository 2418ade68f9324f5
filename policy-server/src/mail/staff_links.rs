//! The mail that brings a one-time link to somebody of the staff.

use super::{outgoing::outgoing, templates::MailTemplates, ticket_mails::provider_value};
use crate::{
    app::App,
    domain::{
        mail_template::{MailTag, MailTemplateKey, SECRET_MARK},
        staff::LINK_LIFETIME,
    },
    sealed,
    store::{Mail, Staff},
};

/// For what the secret of a mail is sealed.
pub(super) const PURPOSE: &str = "mail-secret";

/// The link whose secret is `secret`, in a mail. The outbox has the secret sealed, apart from the text: neither the
/// database nor the console shows a link that opens an account.
pub async fn staff_link(app: &App, staff: &Staff, secret: &str) -> anyhow::Result<Mail> {
    let (provider, templates) = (app.provider().await?, MailTemplates::load(&app.store).await?);
    let letter = templates.letter(MailTemplateKey::StaffLink, provider.default_language, |tag| match tag {
        MailTag::StaffName => staff.name.clone(),
        MailTag::Link => app.welcome_url(SECRET_MARK),
        MailTag::LinkHours => (LINK_LIFETIME.as_secs() / 3600).to_string(),
        other => provider_value(&provider, other),
    });
    let mail = outgoing(app, MailTemplateKey::StaffLink, &staff.email, None, &letter);
    let secret = sealed::seal(&app.key, PURPOSE, mail.id.0, secret)?;
    Ok(Mail { secret: Some(secret), ..mail })
}
