//! `/api/v1/mail-templates`: the words of mails, for administrators.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    lists::{Asked, ListAnswer},
    paths::Path,
};
use crate::{
    app::{App, SharedApp},
    changes::mail_templates::{self, PaymentLink, TemplateId, TemplateInForce, WrittenTemplate},
    domain::{
        language::Language,
        mail_template::{MailTemplateKey, TemplateChange, TemplateText},
    },
    json_body::JsonBody,
    mail::outgoing::html,
    problems::Refused,
    store::{MailTemplateVersion, Page},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct TemplateJson {
    template: MailTemplateKey,
    language: Language,
    version: i64,
    /// Whether it is as Deskbell ships it.
    is_default: bool,
    subject: String,
    body: String,
    tags: Vec<TagJson>,
}

#[derive(Serialize, JsonSchema)]
struct TagJson {
    name: &'static str,
    meaning: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MailPreview")]
pub(super) struct PreviewJson {
    subject: String,
    text: String,
    html: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MailTemplateVersion")]
pub(super) struct VersionJson {
    version: i64,
    is_default: bool,
    subject: String,
    body: String,
    saved_at: UnixMillis,
    saved_by: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Compared {
    from: i64,
    to: i64,
}

/// What has to be agreed to.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    /// Whether one of the two mails about a payment may do without `{{online_profile_url}}`, by which customers give a new card.
    #[serde(default)]
    confirm_without_payment_link: bool,
}

impl From<TemplateInForce> for TemplateJson {
    fn from(in_force: TemplateInForce) -> Self {
        let TemplateInForce { id, version, is_shipped, text: TemplateText { subject, body } } = in_force;
        let tags = id.key.tags().iter().map(|tag| TagJson { name: tag.name(), meaning: tag.meaning() }).collect();
        Self { template: id.key, language: id.language, version, is_default: is_shipped, subject, body, tags }
    }
}

impl From<MailTemplateVersion> for VersionJson {
    fn from(row: MailTemplateVersion) -> Self {
        let TemplateText { subject, body } = row.text();
        let is_default = row.subject.is_none();
        Self { version: row.version, is_default, subject, body, saved_at: row.saved_at, saved_by: row.saved_by }
    }
}

/// Every template as it is in force.
pub(super) async fn list(State(app): State<SharedApp>) -> Result<Json<ListAnswer<TemplateJson>>, Refused> {
    let items = mail_templates::all_in_force(&app).await?;
    Ok(ListAnswer::new(Page { items, next: None }, TemplateJson::from))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path((template, language)): Path<(String, String)>,
) -> Result<Json<TemplateJson>, Refused> {
    shown(&app, TemplateId::named(&template, &language)?).await
}

/// Saves the MSP's own words. With a version, only that one is replaced.
pub(super) async fn save(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((template, language)): Path<(String, String)>,
    JsonBody(written): JsonBody<WrittenTemplate>,
) -> Result<Json<TemplateJson>, Refused> {
    let id = TemplateId::named(&template, &language)?;
    mail_templates::save(&app, &actor, id, written).await?;
    shown(&app, id).await
}

pub(super) async fn restore_default(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((template, language)): Path<(String, String)>,
) -> Result<Json<TemplateJson>, Refused> {
    let id = TemplateId::named(&template, &language)?;
    mail_templates::restore_default(&app, &actor, id).await?;
    shown(&app, id).await
}

/// What a mail would be, about a sample.
pub(super) async fn preview(
    State(app): State<SharedApp>,
    Path((template, language)): Path<(String, String)>,
    JsonBody(written): JsonBody<WrittenTemplate>,
) -> Result<Json<PreviewJson>, Refused> {
    let letter = mail_templates::preview(&app, TemplateId::named(&template, &language)?, &written).await?;
    Ok(Json(PreviewJson { text: letter.text(), html: html(&letter), subject: letter.subject }))
}

/// Every save, the first one first.
pub(super) async fn versions(
    State(app): State<SharedApp>,
    Path((template, language)): Path<(String, String)>,
) -> Result<Json<ListAnswer<VersionJson>>, Refused> {
    let items = mail_templates::versions(&app, TemplateId::named(&template, &language)?).await?;
    Ok(ListAnswer::new(Page { items, next: None }, VersionJson::from))
}

/// Makes an earlier version the next one; 0 is what Deskbell ships.
pub(super) async fn restore(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((template, language, version)): Path<(String, String, i64)>,
    Asked(confirmation): Asked<Confirmation>,
) -> Result<Json<TemplateJson>, Refused> {
    let id = TemplateId::named(&template, &language)?;
    let payment_link = PaymentLink::confirmed(confirmation.confirm_without_payment_link);
    mail_templates::restore(&app, &actor, id, version, payment_link).await?;
    shown(&app, id).await
}

/// What differs between two versions.
pub(super) async fn compare(
    State(app): State<SharedApp>,
    Path((template, language)): Path<(String, String)>,
    Asked(Compared { from, to }): Asked<Compared>,
) -> Result<Json<ListAnswer<TemplateChange>>, Refused> {
    let items = mail_templates::compare(&app, TemplateId::named(&template, &language)?, from, to).await?;
    Ok(ListAnswer::new(Page { items, next: None }, |change| change))
}

async fn shown(app: &App, id: TemplateId) -> Result<Json<TemplateJson>, Refused> {
    Ok(Json(mail_templates::in_force(app, id).await?.into()))
}
