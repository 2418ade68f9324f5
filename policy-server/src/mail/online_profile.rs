//! Where the last line of mails leads (SYN-02): into the portal, by the organization's link as long as that lets in, else to
//! the sign-in.

use super::staff_links::PURPOSE;
use crate::{
    app::App,
    domain::{
        ids::{MailId, OrganizationId},
        mail_template::{MailTemplateKey, SECRET_MARK},
    },
    portal::{
        organization_link::{lets_in, link_secret, link_with},
        payment,
        signed_in::SIGN_IN,
    },
    sealed,
    store::Mail,
};

/// The way into the portal that one mail shows.
#[derive(Debug)]
pub struct OnlineProfile {
    /// With a mark in the place of what is secret of it.
    pub url: String,
    /// What is secret of it, sealed for the mail of this id: the outbox has no link that opens something (decision C3).
    secret: Option<(MailId, String)>,
}

impl OnlineProfile {
    /// That of a mail about `key` to somebody of an organization.
    pub async fn of(app: &App, key: MailTemplateKey, organization: OrganizationId) -> anyhow::Result<Self> {
        if key.leads_to_payment() {
            return Ok(Self { url: app.looks.of_organization(organization).url(payment::PATH), secret: None });
        }
        let found = app.store.organization(organization).await?;
        if let Some(row) = found
            && lets_in(app, &row).await?
        {
            let id = MailId(app.new_id());
            let sealed = sealed::seal(&app.key, PURPOSE, id.0, &link_secret(app, &row))?;
            return Ok(Self { url: link_with(app, organization, SECRET_MARK), secret: Some((id, sealed)) });
        }
        Ok(Self { url: app.looks.of_organization(organization).url(SIGN_IN), secret: None })
    }

    /// The mail that shows it; if it does not show it, the mail as it is.
    pub(super) fn shown_in(&self, mail: Mail) -> Mail {
        match &self.secret {
            Some((id, sealed)) if mail.body.contains(&self.url) => {
                Mail { id: *id, secret: Some(sealed.clone()), ..mail }
            }
            Some(_) | None => mail,
        }
    }
}
