//! `/console/portals/<portal>/website`: the code of the forms that stand on the MSP's own website (SYN-19), and what they may.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::path;
use crate::{
    app::{App, SharedApp},
    changes::{
        fields::Wish,
        portals::{self, PortalChange},
    },
    console::{
        forms::{FormErrors, Outcome, Sent, see},
        guard::SignedIn,
        languages::Languages,
        layout::{self, Done, Layout, Section},
        organizations::filled,
    },
    domain::{ids::PortalId, language::Language, website::CheckInFields},
    portal::{
        embed::{check_in, login},
        look::Look,
        pages::{PageFailed, page},
    },
    store::Portal,
};

#[derive(Template)]
#[template(path = "console/portal_website.html")]
struct WebsitePage {
    layout: Layout,
    row: Portal,
    typed: SentWebsite,
    /// Of the code.
    languages: Languages,
    generators: [Generator; 3],
    errors: FormErrors,
}

/// The iframe as it is pasted into a page.
#[derive(Template)]
#[template(path = "console/_iframe.html")]
struct FrameCode {
    url: String,
    title: String,
}

/// Something that is pasted into a page of the MSP's website.
struct Generator {
    id: &'static str,
    title: &'static str,
    what: &'static str,
    preview: String,
    code: String,
    /// Whether it does nothing until an organization is chosen.
    asks_organization: bool,
}

/// Which language the code is in, where it is another than the MSP's.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CodeIn {
    language: Option<Language>,
}

/// The form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SentWebsite {
    /// One a line.
    origins: String,
    /// By its name; empty: none.
    organization: String,
    /// Not sent where the box is not ticked.
    address_fields: Option<String>,
}

/// The code, and what is set.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
    Query(done): Query<Done>,
    Query(code_in): Query<CodeIn>,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.portal(id).await? else { return layout::missing(&app, &signed_in, "portal") };
    let layout = Layout::load(&app, &signed_in, Section::Settings).with_note(&done);
    let organization = match row.embed_organization_id {
        Some(id) => app.fleet.organization_name(id),
        None => String::new(),
    };
    let typed = SentWebsite {
        origins: row.embed_origins.0.join("\n"),
        organization,
        address_fields: (row.embed_fields == CheckInFields::WithAddress).then(|| "yes".into()),
    };
    website(&app, (StatusCode::OK, layout), row, typed, code_in, FormErrors::default())
}

/// Sets from where the forms may come, what they ask, and whose their tickets are.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
    Sent(typed): Sent<SentWebsite>,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.portal(id).await? else { return layout::missing(&app, &signed_in, "portal") };
    let again = |status, errors| {
        let layout = Layout::load(&app, &signed_in, Section::Settings);
        website(&app, (status, layout), row, typed.clone(), CodeIn::default(), errors)
    };
    let organization = match filled(typed.organization.clone()) {
        None => Wish::Clear,
        Some(name) => {
            let Some(found) = app.store.organization_named(name.trim()).await? else {
                let errors = FormErrors::field("embed_organization_id", "There is no organization with this name.");
                return again(StatusCode::UNPROCESSABLE_ENTITY, errors);
            };
            Wish::Set(found.id)
        }
    };
    let with_address = typed.address_fields.is_some();
    let origins = typed.origins.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    let change = PortalChange {
        embed_origins: Some(origins.collect()),
        embed_fields: Some(if with_address { CheckInFields::WithAddress } else { CheckInFields::Plain }),
        embed_organization_id: organization,
        ..PortalChange::default()
    };
    match Outcome::of(portals::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&format!("{}/website", path(id)), "saved")),
        Outcome::Again(status, errors) => again(status, errors),
    }
}

fn website(
    app: &App,
    (status, layout): (StatusCode, Layout),
    row: Portal,
    typed: SentWebsite,
    CodeIn { language }: CodeIn,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let language = language.unwrap_or_else(|| app.looks.of_default().provider.default_language);
    let generators = generators(&app.looks.in_language(row.id, language))?;
    page(status, &WebsitePage { layout, row, typed, languages: Languages::one_of(language), generators, errors })
}

/// The code is of what is set, not of what is typed and not saved.
fn generators(look: &Arc<Look>) -> Result<[Generator; 3], askama::Error> {
    let frame = FrameCode { url: look.url("/embed/check_in/frame"), title: look.words.say("new-ticket-title") };
    Ok([
        Generator {
            id: "login",
            title: "Login form",
            what: "Signs portal users in with name and password. With an e-mail address alone, it mails a link to that address.",
            preview: look.url("/embed/login"),
            code: login::code(Arc::clone(look))?,
            asks_organization: false,
        },
        Generator {
            id: "check-in",
            title: "Check-in form",
            what: "Sends a new ticket, and mails how far an earlier one is. It is shown once more on the portal before it is sent.",
            preview: look.url("/embed/check_in"),
            code: check_in::code(Arc::clone(look))?,
            asks_organization: true,
        },
        Generator {
            id: "check-in-frame",
            title: "Check-in form in a frame",
            what: "The same with the portal’s colors, sent in one step; only the origins above may show it.",
            preview: frame.url.clone(),
            code: frame.render()?,
            asks_organization: true,
        },
    ])
}
