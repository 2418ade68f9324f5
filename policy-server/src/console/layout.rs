//! What stands around every page of the console.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{guard::SignedIn, stylesheet};
use crate::{
    app::{App, SharedApp},
    domain::{role::Permission, staff::SessionStep},
    portal::pages::{PageFailed, page},
};

/// Head, navigation and notes of a page.
pub(super) struct Layout {
    /// The MSP.
    pub(super) provider: String,
    /// Who is signed in; on the pages of the sign-in nobody.
    pub(super) signed_in: Option<SignedIn>,
    /// Which entry of the navigation is marked.
    pub(super) here: Section,
    /// The stylesheet's address.
    pub(super) stylesheet: &'static str,
    /// What was just done.
    pub(super) note: Option<&'static str>,
}

/// The entries of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Assets,
    Organizations,
    Policies,
    Tickets,
    Articles,
    Settings,
    Account,
    Nowhere,
}

/// The part of a query that names what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// Whether this was done.
    pub(super) fn is(&self, done: &str) -> bool {
        self.done == done
    }

    /// The note, from a fixed list: a query cannot put words on a page.
    pub(super) fn note(&self) -> Option<&'static str> {
        match self.done.as_str() {
            "saved" => Some("Saved."),
            "drafted" => Some("The draft is kept. End users do not see it yet."),
            "published" => Some("Published. End users see it with their next page."),
            "added" => Some("Added."),
            "queued" => Some("It is sent again."),
            "replied" => Some("Your reply is kept."),
            "noted" => Some("Your note is kept."),
            "password" => Some("Your password is changed. Your other sessions have ended."),
            "enabled" => Some("Enabled for the tray. No mail was sent."),
            "removed" => Some("Removed."),
            "revoked" => Some("Revoked."),
            "ended" => Some("The session has ended."),
            "imported" => Some("Imported."),
            "second-factor-removed" => Some("The second factor is removed. Your other sessions have ended."),
            _ => None,
        }
    }
}

impl Layout {
    /// Around a page for somebody who is signed in.
    pub(super) fn load(app: &App, signed_in: &SignedIn, here: Section) -> Self {
        let provider = app.looks.of_default().provider.name.clone();
        let signed_in = Some(signed_in.clone());
        Self { provider, signed_in, here, stylesheet: stylesheet::address(), note: None }
    }

    /// Around a page of the sign-in.
    pub(super) fn outside(app: &App) -> Self {
        let provider = app.looks.of_default().provider.name.clone();
        Self { provider, signed_in: None, here: Section::Nowhere, stylesheet: stylesheet::address(), note: None }
    }

    /// With a note of what was just done.
    pub(super) fn with_note(self, done: &Done) -> Self {
        Self { note: done.note(), ..self }
    }

    /// Whether what only administrators can do should be shown.
    pub(super) fn may_administer(&self) -> bool {
        self.signed_in.as_ref().is_some_and(|signed_in| signed_in.may(Permission::Administer))
    }

    /// Whether the navigation's entry of this name is marked.
    pub(super) fn is(&self, here: &str) -> bool {
        let name = match self.here {
            Section::Overview => "overview",
            Section::Assets => "assets",
            Section::Organizations => "organizations",
            Section::Policies => "policies",
            Section::Tickets => "tickets",
            Section::Articles => "articles",
            Section::Settings => "settings",
            Section::Account => "account",
            Section::Nowhere => "",
        };
        name == here
    }
}

#[derive(Template)]
#[template(path = "console/message.html")]
struct MessagePage {
    layout: Layout,
    title: String,
    text: String,
}

/// A page that says why not.
pub(super) fn refused(app: &App, signed_in: &SignedIn, title: &str, text: &str) -> Result<Response, PageFailed> {
    message(app, signed_in, StatusCode::FORBIDDEN, title, text)
}

/// A page for a form that does not say enough.
pub(super) fn nothing_done(app: &App, signed_in: &SignedIn, text: &str) -> Result<Response, PageFailed> {
    message(app, signed_in, StatusCode::UNPROCESSABLE_ENTITY, "Nothing was done", text)
}

/// A page for what does not exist.
pub(super) fn missing(app: &App, signed_in: &SignedIn, what: &str) -> Result<Response, PageFailed> {
    let text = format!("There is no such {what}. It may have been removed.");
    message(app, signed_in, StatusCode::NOT_FOUND, "Not found", &text)
}

/// A page for a form that was cut off, or that is larger than any form.
pub(super) fn unreadable(app: &App, signed_in: &SignedIn) -> Result<Response, PageFailed> {
    let text = "It was cut off on its way, or is larger than a form may be. Go back and send it again.";
    message(app, signed_in, StatusCode::BAD_REQUEST, "This form could not be read", text)
}

/// Where the console has no page. Whoever is not signed in does not learn that.
pub(super) async fn not_found(State(app): State<SharedApp>, headers: HeaderMap) -> Result<Response, PageFailed> {
    match SignedIn::load(&app, &headers, SessionStep::SignedIn).await? {
        Some(signed_in) => missing(&app, &signed_in, "page"),
        None => Ok(Redirect::to("/users/sign_in").into_response()),
    }
}

/// A page that says one thing.
pub(super) fn message(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    title: &str,
    text: &str,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Nowhere);
    page(status, &MessagePage { layout, title: title.into(), text: text.into() })
}

/// An answer that no cache keeps and no `Referer` tells of: for pages with a secret in their address or content.
pub(super) fn secret(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}
