//! The templates in force: the MSP's own, and what Deskbell ships.

use tracing::warn;

use crate::{
    domain::{
        language::Language,
        mail_template::{Letter, MailTag, MailTemplateKey},
    },
    store::{MailTemplateVersion, Store, StoreError},
    words::Words,
};

/// Every template in force.
#[derive(Debug, Default)]
pub struct MailTemplates(Vec<MailTemplateVersion>);

impl MailTemplates {
    /// As the store has them.
    pub async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(store.mail_templates_in_force().await?))
    }

    /// A mail in this language. The MSP's own template may be of a time when there were other tags: then the mail is as Deskbell ships it,
    /// since one that does not come at all is worse.
    pub(crate) fn letter(&self, key: MailTemplateKey, language: Language, value: impl Fn(MailTag) -> String) -> Letter {
        let own = self.0.iter().find(|row| row.template == key && row.language == language);
        let own = own.and_then(|row| {
            let parsed = row.text().parse(key);
            parsed.inspect_err(|_| warn!("The mail template {} cannot be used any more", key.name())).ok()
        });
        let template = own
            .unwrap_or_else(|| key.shipped(language).parse(key).expect("a test parses each template that is shipped"));
        template.fill(language, &online_profile_label(key, language), value)
    }
}

/// What the link into the portal reads in a mail (SYN-16).
pub(crate) fn online_profile_label(key: MailTemplateKey, language: Language) -> String {
    key.online_profile().map_or_else(String::new, |sentence| Words::of(language).say(sentence))
}
