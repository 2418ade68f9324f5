//! `/console/settings/provider`: the MSP as end users know it, for administrators.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    languages::Languages,
    layout::{Done, Layout, Section},
    organizations::filled,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        expected::Expected,
        fields::Wish,
        provider::{self, ProviderChange},
    },
    domain::{audit::Actor, language::Language},
    portal::pages::{PageFailed, page},
    problems::Refused,
};

#[derive(Template)]
#[template(path = "console/provider.html")]
struct ProviderPage {
    layout: Layout,
    typed: SentProvider,
    errors: FormErrors,
}

impl ProviderPage {
    fn languages(&self) -> Languages {
        Languages::one_of(self.typed.default_language.unwrap_or_default())
    }
}

/// The form.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SentProvider {
    name: String,
    #[serde(default)]
    support_phone: String,
    #[serde(default)]
    support_email: String,
    default_language: Option<Language>,
}

/// What is set.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let provider = app.provider().await?;
    let layout = Layout::load(&app, &signed_in, Section::Settings).with_note(&done);
    let typed = SentProvider {
        name: provider.name,
        support_phone: provider.support_phone.unwrap_or_default(),
        support_email: provider.support_email.unwrap_or_default(),
        default_language: Some(provider.default_language),
    };
    page(StatusCode::OK, &ProviderPage { layout, typed, errors: FormErrors::default() })
}

/// Sets it.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(typed): Sent<SentProvider>,
) -> Result<Response, PageFailed> {
    match Outcome::of(save(&app, &signed_in.actor(), typed.clone()).await)? {
        Outcome::Done(()) => Ok(see("/console/settings/provider", "saved")),
        Outcome::Again(status, errors) => {
            let layout = Layout::load(&app, &signed_in, Section::Settings);
            page(status, &ProviderPage { layout, typed, errors })
        }
    }
}

async fn save(app: &App, actor: &Actor, sent: SentProvider) -> Result<(), Refused> {
    let provider = ProviderChange {
        name: Some(sent.name),
        support_phone: filled(sent.support_phone).map_or(Wish::Clear, Wish::Set),
        support_email: filled(sent.support_email).map_or(Wish::Clear, Wish::Set),
        default_language: sent.default_language,
    };
    provider::change(app, actor, &Expected::Anything, provider).await?;
    Ok(())
}
