//! Mails to portal users: the links that let them in, and what is told them of their account.

use super::{outgoing::outgoing, staff_links::PURPOSE, templates::MailTemplates, ticket_mails::provider_value};
use crate::{
    app::App,
    changes::staff::after,
    domain::{
        ids::{PortalTokenId, SignUpId},
        language::Language,
        mail_template::{Letter, MailTag, MailTemplateKey, SECRET_MARK},
        portal_user::{GENERATED_PASSWORD_LIFETIME, SIGN_UP_LIFETIME, TokenPurpose, sign_in_key},
    },
    portal::{look::Look, sign_up::SIGN_UP, signed_in::SIGN_IN},
    sealed,
    secrets::NewSecret,
    store::{Mail, PortalToken, PortalUser, Provider, SignUp},
};

/// What mails to portal users are made of, read before the transaction that they are written in.
pub struct PortalMails {
    provider: Provider,
    templates: MailTemplates,
}

/// To whom a mail is, in words.
#[derive(Debug, Clone, Default)]
pub struct Addressee {
    /// What they are called.
    pub person: String,
    /// What their organization is called.
    pub organization: String,
    /// The language that they have of their own.
    pub language: Option<Language>,
    /// The accounts that their address has, a line for each.
    pub accounts: String,
}

impl PortalMails {
    /// As the store has them.
    pub async fn load(app: &App) -> anyhow::Result<Self> {
        Ok(Self { provider: app.provider().await?, templates: MailTemplates::load(&app.store).await? })
    }

    /// A mail without a link.
    pub fn told(&self, app: &App, key: MailTemplateKey, row: &PortalUser, email: &str, to: &Addressee) -> Mail {
        let letter = self.letter(key, to.language, |tag| self.value(app, row, to, None, tag));
        outgoing(app, key, email, None, &letter)
    }

    /// A new link for `row`, and the mail that brings it to `email`. The outbox has its secret sealed, apart from the text.
    pub fn link(
        &self,
        app: &App,
        purpose: TokenPurpose,
        row: &PortalUser,
        email: &str,
        to: &Addressee,
    ) -> anyhow::Result<(PortalToken, Mail)> {
        let key = match purpose {
            TokenPurpose::Invitation => MailTemplateKey::PortalInvitation,
            TokenPurpose::SignIn => MailTemplateKey::PortalSignIn,
            TokenPurpose::PasswordReset => MailTemplateKey::PortalPasswordReset,
        };
        let secret = NewSecret::draw()?;
        let letter = self.letter(key, to.language, |tag| self.value(app, row, to, Some(purpose), tag));
        let mail = outgoing(app, key, email, None, &letter);
        let sealed = sealed::seal(&app.key, PURPOSE, mail.id.0, &secret.text)?;
        let token = PortalToken {
            id: PortalTokenId(app.new_id()),
            portal_user_id: row.id,
            purpose,
            token_hash: secret.hash,
            created_at: app.now(),
            expires_at: after(app.now(), purpose.lifetime()),
            used_at: None,
        };
        Ok((token, Mail { secret: Some(sealed), ..mail }))
    }

    /// The mail that brings `password` to `email`; the outbox has it sealed, apart from the text.
    pub fn password(
        &self,
        app: &App,
        row: &PortalUser,
        email: &str,
        to: &Addressee,
        password: &str,
    ) -> anyhow::Result<Mail> {
        let mail = self.told(app, MailTemplateKey::PortalPassword, row, email, to);
        let sealed = sealed::seal(&app.key, PURPOSE, mail.id.0, password)?;
        Ok(Mail { secret: Some(sealed), ..mail })
    }

    /// A new link with which the owner of `email` signs up at a portal, and its mail in the language that they have of their own.
    pub fn sign_up(
        &self,
        app: &App,
        look: &Look,
        email: &str,
        language: Option<Language>,
    ) -> anyhow::Result<(SignUp, Mail)> {
        let secret = NewSecret::draw()?;
        let letter = self.letter(MailTemplateKey::PortalSignUp, language, |tag| match tag {
            MailTag::Link => look.url(&format!("{SIGN_UP}/{SECRET_MARK}")),
            MailTag::LinkMinutes => (SIGN_UP_LIFETIME.as_secs() / 60).to_string(),
            MailTag::PortalLoginUrl => look.url(SIGN_IN),
            other => provider_value(&self.provider, other),
        });
        let mail = outgoing(app, MailTemplateKey::PortalSignUp, email, None, &letter);
        let sealed = sealed::seal(&app.key, PURPOSE, mail.id.0, &secret.text)?;
        let sign_up = SignUp {
            id: SignUpId(app.new_id()),
            email_key: sign_in_key(email),
            token_hash: secret.hash,
            created_at: app.now(),
            expires_at: after(app.now(), SIGN_UP_LIFETIME),
            used_at: None,
        };
        Ok((sign_up, Mail { secret: Some(sealed), ..mail }))
    }

    fn letter(&self, key: MailTemplateKey, language: Option<Language>, value: impl Fn(MailTag) -> String) -> Letter {
        self.templates.letter(key, self.provider.mail_language(language), value)
    }

    fn value(
        &self,
        app: &App,
        row: &PortalUser,
        to: &Addressee,
        purpose: Option<TokenPurpose>,
        tag: MailTag,
    ) -> String {
        let look = app.looks.of_organization(row.organization_id);
        let minutes = purpose.map_or(0, |purpose| purpose.lifetime().as_secs() / 60);
        match tag {
            MailTag::Password => SECRET_MARK.to_owned(),
            MailTag::LinkHours => (GENERATED_PASSWORD_LIFETIME.as_secs() / 3600).to_string(),
            MailTag::Person => to.person.clone(),
            MailTag::Organization => to.organization.clone(),
            MailTag::Accounts => to.accounts.clone(),
            MailTag::SignInName => row.sign_in_name.clone(),
            MailTag::PortalLoginUrl => look.url(SIGN_IN),
            MailTag::Link => {
                purpose.map_or(String::new(), |purpose| look.url(&format!("{}/{SECRET_MARK}", purpose.path())))
            }
            MailTag::LinkDays => (minutes / (24 * 60)).to_string(),
            MailTag::LinkMinutes => minutes.to_string(),
            other => provider_value(&self.provider, other),
        }
    }
}
