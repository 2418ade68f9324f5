//! `/console/settings/mail/templates`: the words of each mail, for administrators.

mod versions;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use strum::VariantArray as _;

pub(super) use self::versions::{compare, list as list_versions, restore};
use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
    page_script::{MAIL_TEMPLATE, with_scripts},
};
use crate::{
    app::{App, SharedApp},
    changes::mail_templates::{self, TemplateId, TemplateInForce, WrittenTemplate},
    domain::{
        language::Language,
        mail_template::{Letter, MailTag, MailTemplateKey, Piece},
    },
    portal::pages::{PageFailed, page},
};

#[derive(Template)]
#[template(path = "console/mail_templates.html")]
struct TemplatesPage {
    layout: Layout,
    lines: Vec<Line>,
}

/// A mail, in each language.
struct Line {
    key: MailTemplateKey,
    templates: Vec<TemplateInForce>,
}

#[derive(Template)]
#[template(path = "console/mail_template.html")]
struct TemplatePage {
    layout: Layout,
    template: TemplateInForce,
    languages: &'static [Language],
    tags: &'static [MailTag],
    subject: String,
    body: String,
    /// The version that was shown first, which a save replaces.
    version: i64,
    /// Absent while something is wrong.
    sample: Option<Letter>,
    /// Whether somebody has agreed to a mail about a payment without its link.
    confirmed: bool,
    errors: FormErrors,
    script: &'static str,
}

/// What the form's buttons do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Preview,
    Save,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentTemplate {
    subject: String,
    body: String,
    version: i64,
    action: Action,
    /// Not sent where the box is not ticked.
    confirm_without_payment_link: Option<String>,
}

impl SentTemplate {
    fn written(&self) -> WrittenTemplate {
        WrittenTemplate {
            subject: self.subject.clone(),
            body: self.body.clone(),
            version: Some(self.version),
            confirm_without_payment_link: self.confirm_without_payment_link.is_some(),
        }
    }
}

/// Every template.
pub(super) async fn list(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    let lines = match Outcome::of(mail_templates::all_in_force(&app).await)? {
        Outcome::Done(templates) => by_key(templates),
        Outcome::Again(..) => Vec::new(),
    };
    page(StatusCode::OK, &TemplatesPage { layout: Layout::load(&app, &signed_in, Section::Settings), lines })
}

/// A template as it is.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((template, language)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let Ok(id) = TemplateId::named(&template, &language) else {
        return layout::missing(&app, &signed_in, "mail template");
    };
    let layout = Layout::load(&app, &signed_in, Section::Settings).with_note(&done);
    shown(&app, layout, id, None, (StatusCode::OK, FormErrors::default())).await
}

/// Shows how a mail would be, or saves the template.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((template, language)): Path<(String, String)>,
    Sent(sent): Sent<SentTemplate>,
) -> Result<Response, PageFailed> {
    let Ok(id) = TemplateId::named(&template, &language) else {
        return layout::missing(&app, &signed_in, "mail template");
    };
    let layout = Layout::load(&app, &signed_in, Section::Settings);
    if sent.action == Action::Preview {
        return shown(&app, layout, id, Some(sent), (StatusCode::OK, FormErrors::default())).await;
    }
    match Outcome::of(mail_templates::save(&app, &signed_in.actor(), id, sent.written()).await)? {
        Outcome::Done(()) => Ok(see(&address(id), "saved")),
        Outcome::Again(status, errors) => shown(&app, layout, id, Some(sent), (status, errors)).await,
    }
}

/// Goes back to what Deskbell ships.
pub(super) async fn restore_default(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((template, language)): Path<(String, String)>,
) -> Result<Response, PageFailed> {
    let Ok(id) = TemplateId::named(&template, &language) else {
        return layout::missing(&app, &signed_in, "mail template");
    };
    match Outcome::of(mail_templates::restore_default(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(()) => Ok(see(&address(id), "saved")),
        Outcome::Again(status, errors) => {
            let layout = Layout::load(&app, &signed_in, Section::Settings);
            shown(&app, layout, id, None, (status, errors)).await
        }
    }
}

fn by_key(templates: Vec<TemplateInForce>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for template in templates {
        match lines.last_mut().filter(|line| line.key == template.id.key) {
            Some(line) => line.templates.push(template),
            None => lines.push(Line { key: template.id.key, templates: vec![template] }),
        }
    }
    lines
}

fn address(id: TemplateId) -> String {
    format!("/console/settings/mail/templates/{}/{}", id.key.name(), id.language.name())
}

async fn shown(
    app: &App,
    layout: Layout,
    id: TemplateId,
    sent: Option<SentTemplate>,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response, PageFailed> {
    let template = match Outcome::of(mail_templates::in_force(app, id).await)? {
        Outcome::Done(template) => template,
        Outcome::Again(..) => return Err(anyhow::anyhow!("a mail template that has no text").into()),
    };
    let written = sent.as_ref().map_or_else(
        || WrittenTemplate {
            subject: template.text.subject.clone(),
            body: template.text.body.clone(),
            version: Some(template.version),
            confirm_without_payment_link: false,
        },
        SentTemplate::written,
    );
    let (sample, faults) = match Outcome::of(mail_templates::preview(app, id, &written).await)? {
        Outcome::Done(letter) => (Some(letter), FormErrors::default()),
        Outcome::Again(_, faults) => (None, faults),
    };
    let errors = if errors.summary.is_some() { errors } else { faults };
    let shown = TemplatePage {
        layout,
        languages: Language::VARIANTS,
        tags: id.key.tags(),
        version: written.version.unwrap_or(template.version),
        subject: written.subject,
        body: written.body,
        confirmed: written.confirm_without_payment_link,
        template,
        sample,
        errors,
        script: MAIL_TEMPLATE.address(),
    };
    Ok(with_scripts(page(status, &shown)?))
}
