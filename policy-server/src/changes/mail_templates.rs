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
        mail_template::{Letter, MailTag, MailTemplateKey, TemplateChange, TemplateText, template_changes},
    },
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
    text.parse(id.key)?;
    let before = in_force(app, id).await?;
    if written.version.is_some_and(|version| version != before.version) {
        return Err(out_of_date(before.version));
    }
    put(app, actor, id, before.version + 1, Some(text), &Value::Null).await
}

/// Makes what Deskbell ships the next version.
pub async fn restore_default(app: &App, actor: &Actor, id: TemplateId) -> Result<(), Refused> {
    let before = in_force(app, id).await?;
    if before.is_shipped {
        return Ok(());
    }
    put(app, actor, id, before.version + 1, None, &json!("default")).await
}

/// Makes an earlier version the next one; 0 is what Deskbell ships.
pub async fn restore(app: &App, actor: &Actor, id: TemplateId, version: i64) -> Result<(), Refused> {
    if version == 0 {
        return restore_default(app, actor, id).await;
    }
    let saves = versions(app, id).await?;
    let earlier = saves.iter().find(|row| row.version == version).ok_or_else(no_such_version)?;
    let text = earlier.subject.is_some().then(|| earlier.text());
    if let Some(text) = &text {
        text.parse(id.key)?;
    }
    put(app, actor, id, saves.last().map_or(0, |last| last.version) + 1, text, &json!(version)).await
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
    Ok(template.fill(id.language, |tag| match tag {
        MailTag::Msp => provider.name.clone(),
        MailTag::SupportPhone => provider.support_phone.clone().unwrap_or_default(),
        MailTag::SupportEmail => provider.support_email.clone().unwrap_or_default(),
        other => other.sample().to_owned(),
    }))
}

fn as_in_force(id: TemplateId, saved: Option<&MailTemplateVersion>) -> TemplateInForce {
    TemplateInForce {
        id,
        version: saved.map_or(0, |row| row.version),
        is_shipped: saved.is_none_or(|row| row.subject.is_none()),
        text: saved.map_or_else(|| id.key.shipped(id.language), MailTemplateVersion::text),
    }
}

async fn put(
    app: &App,
    actor: &Actor,
    id: TemplateId,
    version: i64,
    text: Option<TemplateText>,
    restored: &Value,
) -> Result<(), Refused> {
    let TemplateId { key, language } = id;
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
    let detail = json!({"template": key, "language": language, "version": version, "restored": restored});
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
