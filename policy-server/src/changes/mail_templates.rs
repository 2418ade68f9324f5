//! Mail templates: the MSP's own words, with every version.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::record;
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        language::Language,
        mail_template::{
            Letter, MailTag, MailTemplate, MailTemplateKey, TemplateChange, TemplateText, template_changes,
        },
    },
    mail::templates::online_profile_label,
    problems::Refused,
    store::{MailTemplateVersion, StoreError},
};

/// Which template, in which language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateId {
    /// What the mail is about.
    pub key: MailTemplateKey,
    /// In which language.
    pub language: Language,
}

/// A template as it is to be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenTemplate {
    /// In one line.
    pub subject: String,
    /// Paragraphs of plain text.
    pub body: String,
    /// The version that it is to replace; absent: whichever there is.
    #[serde(default)]
    pub version: Option<i64>,
    /// Whether one of the two mails about a payment may do without `{{online_profile_url}}`, by which customers give a new card.
    #[serde(default)]
    pub confirm_without_payment_link: bool,
}

/// Whether somebody has agreed to a mail about a payment by which nobody can pay (SYN-18).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentLink {
    /// It must be there.
    Needed,
    /// It may be missing.
    MayBeMissing,
}

/// A template as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateInForce {
    /// Which one.
    pub id: TemplateId,
    /// The last save; 0 when there was none.
    pub version: i64,
    /// Whether it is as Deskbell ships it.
    pub is_shipped: bool,
    /// What it says.
    pub text: TemplateText,
}

impl WrittenTemplate {
    fn text(&self) -> TemplateText {
        TemplateText { subject: self.subject.clone(), body: self.body.clone() }.cleaned()
    }
}

impl PaymentLink {
    /// As it is confirmed by a tick.
    pub fn confirmed(confirmed: bool) -> Self {
        if confirmed { Self::MayBeMissing } else { Self::Needed }
    }

    /// Whether `template` of `key` lacks it; refused where it is needed.
    fn is_missing(self, key: MailTemplateKey, template: &MailTemplate) -> Result<bool, Refused> {
        let is_missing = lacks_link(key, template);
        if is_missing && self == Self::Needed {
            let tag = MailTag::OnlineProfileUrl.braced();
            return Err(Refused::field(
                "/confirm_without_payment_link",
                format!("must be true: without {tag}, customers cannot give a new card when theirs has expired"),
            ));
        }
        Ok(is_missing)
    }
}

impl TemplateId {
    /// From names, such as those of an address.
    pub fn named(template: &str, language: &str) -> Result<Self, Refused> {
        match (template.parse(), language.parse()) {
            (Ok(key), Ok(language)) => Ok(Self { key, language }),
            (Err(_), _) | (_, Err(_)) => Err(Refused::not_found("mail template")),
        }
    }

    /// Every template there is.
    pub fn all() -> impl Iterator<Item = Self> {
        use strum::VariantArray as _;
        let languages = |key: &MailTemplateKey| {
            let key = *key;
            Language::VARIANTS.iter().map(move |language| Self { key, language: *language })
        };
        MailTemplateKey::VARIANTS.iter().flat_map(languages)
    }
}

/// Every template as it is in force.
pub async fn all_in_force(app: &App) -> Result<Vec<TemplateInForce>, Refused> {
    let saved = app.store.mail_templates_in_force().await?;
    let of = |id: TemplateId| saved.iter().find(|row| row.template == id.key && row.language == id.language);
    Ok(TemplateId::all().map(|id| as_in_force(id, of(id))).collect())
}

/// A template as it is in force.
pub async fn in_force(app: &App, id: TemplateId) -> Result<TemplateInForce, Refused> {
    Ok(as_in_force(id, versions(app, id).await?.last()))
}

/// Every save, the first one first.
pub async fn versions(app: &App, id: TemplateId) -> Result<Vec<MailTemplateVersion>, Refused> {
    Ok(app.store.mail_template_versions(id.key, id.language).await?)
}

/// Saves the MSP's own words as the next version.
pub async fn save(app: &App, actor: &Actor, id: TemplateId, written: WrittenTemplate) -> Result<(), Refused> {
    let text = written.text();
    let payment_link = PaymentLink::confirmed(written.confirm_without_payment_link);
    let lacks_payment_link = payment_link.is_missing(id.key, &text.parse(id.key)?)?;
    let before = in_force(app, id).await?;
    if written.version.is_some_and(|version| version != before.version) {
        return Err(out_of_date(before.version));
    }
    let next = NextVersion { version: before.version + 1, text: Some(text), restored: Value::Null, lacks_payment_link };
    put(app, actor, id, next).await
}

/// Makes what Deskbell ships the next version.
pub async fn restore_default(app: &App, actor: &Actor, id: TemplateId) -> Result<(), Refused> {
    let before = in_force(app, id).await?;
    if before.is_shipped {
        return Ok(());
    }
    let version = before.version + 1;
    put(app, actor, id, NextVersion { version, text: None, restored: json!("default"), lacks_payment_link: false })
        .await
}

/// Makes an earlier version the next one; 0 is what Deskbell ships.
pub async fn restore(
    app: &App,
    actor: &Actor,
    id: TemplateId,
    version: i64,
    payment_link: PaymentLink,
) -> Result<(), Refused> {
    if version == 0 {
        return restore_default(app, actor, id).await;
    }
    let saves = versions(app, id).await?;
    let earlier = saves.iter().find(|row| row.version == version).ok_or_else(no_such_version)?;
    let text = earlier.subject.is_some().then(|| earlier.text());
    let lacks_payment_link = match &text {
        Some(text) => payment_link.is_missing(id.key, &text.parse(id.key)?)?,
        None => false,
    };
    let restored = json!(version);
    let version = saves.last().map_or(0, |last| last.version) + 1;
    put(app, actor, id, NextVersion { version, text, restored, lacks_payment_link }).await
}

/// What differs between two versions; 0 is what Deskbell ships.
pub async fn compare(app: &App, id: TemplateId, from: i64, to: i64) -> Result<Vec<TemplateChange>, Refused> {
    let saves = versions(app, id).await?;
    let text = |version: i64| match version {
        0 => Ok(id.key.shipped(id.language)),
        _ => saves.iter().find(|row| row.version == version).map(MailTemplateVersion::text).ok_or_else(no_such_version),
    };
    Ok(template_changes(&text(from)?, &text(to)?))
}

/// A mail as it would be, about a sample.
pub async fn preview(app: &App, id: TemplateId, written: &WrittenTemplate) -> Result<Letter, Refused> {
    let provider = app.provider().await?;
    let template = written.text().parse(id.key)?;
    Ok(template.fill(id.language, &online_profile_label(id.key, id.language), |tag| match tag {
        MailTag::Msp => provider.name.clone(),
        MailTag::SupportPhone => provider.support_phone.clone().unwrap_or_default(),
        MailTag::SupportEmail => provider.support_email.clone().unwrap_or_default(),
        other => other.sample().to_owned(),
    }))
}

/// Whether by this template customers could not give a new card, though it is for that.
pub fn lacks_payment_link(key: MailTemplateKey, text: &TemplateText) -> bool {
    text.parse(key).is_ok_and(|template| lacks_link(key, &template))
}

fn lacks_link(key: MailTemplateKey, template: &MailTemplate) -> bool {
    key.leads_to_payment() && !template.has(MailTag::OnlineProfileUrl)
}

fn as_in_force(id: TemplateId, saved: Option<&MailTemplateVersion>) -> TemplateInForce {
    TemplateInForce {
        id,
        version: saved.map_or(0, |row| row.version),
        is_shipped: saved.is_none_or(|row| row.subject.is_none()),
        text: saved.map_or_else(|| id.key.shipped(id.language), MailTemplateVersion::text),
    }
}

/// What is saved next.
struct NextVersion {
    version: i64,
    /// Absent: as Deskbell ships it.
    text: Option<TemplateText>,
    /// Of what it is a restoration.
    restored: Value,
    lacks_payment_link: bool,
}

async fn put(app: &App, actor: &Actor, id: TemplateId, next: NextVersion) -> Result<(), Refused> {
    let TemplateId { key, language } = id;
    let NextVersion { version, text, restored, lacks_payment_link } = next;
    let (subject, body) = text.map(|text| (text.subject, text.body)).unzip();
    let row = MailTemplateVersion {
        template: key,
        language,
        version,
        subject,
        body,
        saved_at: app.now(),
        saved_by: actor.name().to_owned(),
        superseded_at: None,
    };
    let mut detail = json!({"template": key, "language": language, "version": version, "restored": restored});
    if lacks_payment_link {
        detail["without_payment_link"] = json!(true);
    }
    let record = record(app, actor, AuditAction::MailTemplateSaved, None, &detail);
    match app.store.save_mail_template(row, record).await {
        Err(StoreError::Taken) => Err(out_of_date(version)),
        saved => Ok(saved?),
    }
}

fn out_of_date(version: i64) -> Refused {
    let detail = format!("Somebody else saved version {version} meanwhile. Look at it before you save yours.");
    Refused::new(ProblemKind::OutOfDate, detail)
}

fn no_such_version() -> Refused {
    Refused::not_found("version of this mail template")
}
