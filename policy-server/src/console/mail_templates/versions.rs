//! `…/versions`: who saved what and when, what differs, and any version again.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    super::{
        forms::{FormErrors, Outcome, Sent, see},
        guard::SignedIn,
        layout::{self, Done, Layout, Section},
        times::moment,
    },
    address,
};
use crate::{
    app::{App, SharedApp},
    changes::mail_templates::{self, PaymentLink, TemplateId, lacks_payment_link},
    domain::mail_template::{MailTag, TemplateChange, template_changes},
    portal::pages::{PageFailed, page},
    store::MailTemplateVersion,
};

#[derive(Template)]
#[template(path = "console/mail_template_versions.html")]
struct VersionsPage {
    layout: Layout,
    id: TemplateId,
    lines: Vec<VersionLine>,
    errors: FormErrors,
}

struct VersionLine {
    version: i64,
    is_shipped: bool,
    at: String,
    by: String,
    changes: Vec<TemplateChange>,
    is_in_force: bool,
    /// Whether it has to be confirmed before it counts again.
    lacks_payment_link: bool,
}

/// What is ticked beside a version.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Confirmation {
    /// Not sent where the box is not ticked.
    confirm_without_payment_link: Option<String>,
}

#[derive(Template)]
#[template(path = "console/mail_template_comparison.html")]
struct ComparisonPage {
    layout: Layout,
    id: TemplateId,
    from: i64,
    to: i64,
    changes: Vec<TemplateChange>,
}

/// Two versions.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Compared {
    from: i64,
    to: i64,
}

/// Every version, the newest first.
pub(in crate::console) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((template, language)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    match TemplateId::named(&template, &language) {
        Ok(id) => versions(&app, &signed_in, id, &done, (StatusCode::OK, FormErrors::default())).await,
        Err(_) => layout::missing(&app, &signed_in, "mail template"),
    }
}

/// What differs between two.
pub(in crate::console) async fn compare(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((template, language)): Path<(String, String)>,
    Query(Compared { from, to }): Query<Compared>,
) -> Result<Response, PageFailed> {
    let Ok(id) = TemplateId::named(&template, &language) else {
        return layout::missing(&app, &signed_in, "mail template");
    };
    match Outcome::of(mail_templates::compare(&app, id, from, to).await)? {
        Outcome::Done(changes) => {
            let layout = Layout::load(&app, &signed_in, Section::Settings);
            page(StatusCode::OK, &ComparisonPage { layout, id, from, to, changes })
        }
        Outcome::Again(..) => layout::missing(&app, &signed_in, "version"),
    }
}

/// Makes an earlier version the next one.
pub(in crate::console) async fn restore(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((template, language, version)): Path<(String, String, i64)>,
    Sent(confirmation): Sent<Confirmation>,
) -> Result<Response, PageFailed> {
    let Ok(id) = TemplateId::named(&template, &language) else {
        return layout::missing(&app, &signed_in, "mail template");
    };
    let payment_link = PaymentLink::confirmed(confirmation.confirm_without_payment_link.is_some());
    match Outcome::of(mail_templates::restore(&app, &signed_in.actor(), id, version, payment_link).await)? {
        Outcome::Done(()) => Ok(see(&format!("{}/versions", address(id)), "saved")),
        Outcome::Again(status, errors) => versions(&app, &signed_in, id, &Done::default(), (status, errors)).await,
    }
}

async fn versions(
    app: &App,
    signed_in: &SignedIn,
    id: TemplateId,
    done: &Done,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response, PageFailed> {
    let saves = app.store.mail_template_versions(id.key, id.language).await?;
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    page(status, &VersionsPage { layout, id, lines: lines(&saves, id), errors })
}

/// The newest first, each with what it changed of the one before; the first one follows what Deskbell ships.
fn lines(saves: &[MailTemplateVersion], id: TemplateId) -> Vec<VersionLine> {
    let mut before = id.key.shipped(id.language);
    let mut lines = Vec::with_capacity(saves.len() + 1);
    lines.push(VersionLine {
        version: 0,
        is_shipped: true,
        at: String::new(),
        by: String::new(),
        changes: Vec::new(),
        is_in_force: saves.is_empty(),
        lacks_payment_link: false,
    });
    for save in saves {
        let text = save.text();
        lines.push(VersionLine {
            version: save.version,
            is_shipped: save.subject.is_none(),
            at: moment(save.saved_at),
            by: save.saved_by.clone(),
            changes: template_changes(&before, &text),
            is_in_force: save.superseded_at.is_none(),
            lacks_payment_link: lacks_payment_link(id.key, &text),
        });
        before = text;
    }
    lines.reverse();
    lines
}
