//! `/my_profile/v2/asset_new_ticket_form`: the form that knows the computer and the person, and what it sends (SYN-38,
//! SYN-44).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{
    admitted::Admitted,
    look::Look,
    pages::{self, MessagePage, PageFailed, page},
    paste,
    protected_form::ProtectedForm,
    sent_form::{self, SentForm},
    sent_ticket::{Origin, SendError, made},
    ticket_fields::TicketFields,
    visit::{Access, FormVisit, RefusedVisit, Visit},
};
use crate::{
    app::SharedApp,
    attachments::sent_files::FileRule,
    domain::{
        attachment::{FileSender, FilesError},
        ids::TicketId,
        ticket::{TicketSource, TypedErrors, TypedTicket, Urgency, new_ticket},
    },
    multipart::FormError,
};

/// That the computer's details go along.
const HINT: &str = "new-ticket-description-hint";

#[derive(Template)]
#[template(path = "portal/new_ticket.html")]
struct NewTicketPage {
    look: Arc<Look>,
    person: String,
    asset: String,
    form_id: String,
    form_for: String,
    fields: TicketFields,
    other_window: bool,
    not_stored: bool,
    facts: Vec<(String, String)>,
    script: &'static str,
}

/// Shows the form, empty but for what is known.
pub async fn show(Admitted { look, visit }: Admitted) -> Result<Response, PageFailed> {
    let known = visit.requester.phone.clone();
    let fresh = TypedTicket {
        urgency: <&str>::from(Urgency::Normal).into(),
        phone: known.clone().unwrap_or_default(),
        ..TypedTicket::default()
    };
    let typed = visit.session.draft.clone().map_or(fresh, |draft| draft.0);
    let typed = typed.without_phone_of_another(known.as_deref());
    answer(StatusCode::OK, &form_page(look, &visit, Uuid::new_v4(), typed))
}

/// Makes a ticket out of the form, or shows it again with what was typed. Who sends it is known before it is read, so
/// that files are received from nobody without a right to the form.
pub async fn send(State(app): State<SharedApp>, form: ProtectedForm) -> Result<Response, PageFailed> {
    let Visit { look, access } = Visit::load(&app, &form.look, form.headers()).await?;
    let rule = match &access {
        Access::Stranger | Access::Ended(_) | Access::Refused(_) => FileRule::Forget,
        Access::Form(visit) => FileRule::Receive { app: &app, sender: FileSender::Asset(visit.asset.id) },
    };
    let form = match sent_form::read(form.into_request(), rule).await {
        Ok(form) => form,
        Err(FormError::TooLarge) => return pages::message(&look, StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        Err(FormError::Unreadable) => return pages::message(&look, StatusCode::BAD_REQUEST, "refused-form"),
        Err(FormError::Failed(cause)) => return Err(cause.into()),
    };
    match access {
        Access::Stranger => pages::again(&look, Some(form.typed.description)),
        Access::Ended(session) => {
            app.store.save_draft(session.id, form.typed.clone()).await?;
            pages::again(&look, Some(form.typed.description))
        }
        Access::Refused(visit) => refused(look, &visit),
        Access::Form(visit) => filled_in(&app, look, &visit, form).await,
    }
}

async fn filled_in(
    app: &SharedApp,
    look: Arc<Look>,
    visit: &FormVisit,
    form: SentForm,
) -> Result<Response, PageFailed> {
    let SentForm { form_id, form_for: shown_for, typed, files, .. } = form;
    let form_id = form_id.parse().unwrap_or_else(|_| Uuid::new_v4());
    let typed = typed.without_phone_of_another(visit.requester.phone.as_deref());
    if shown_for != form_for(visit) {
        let mut shown = form_page(look, visit, form_id, typed);
        shown.other_window = true;
        shown.fields.files_error = files.chosen.then(|| shown.look.words.say("error-files-choose-again"));
        return answer(StatusCode::CONFLICT, &shown);
    }
    let errors = match (new_ticket(&typed), files.error) {
        (Ok(new), None) => match made(app, origin(visit), form_id, new, files.received).await {
            Err(SendError::TooManyFiles) => (TypedErrors::default(), Some(FilesError::TooManyThisHour)),
            Err(SendError::Failed(failed)) => {
                let shown = form_page(look, visit, form_id, typed);
                return not_stored(NewTicketPage { not_stored: true, ..shown }, files.chosen, failed);
            }
            Ok(ticket) => return Ok(to_receipt(&look, ticket)),
        },
        (typed, files) => (typed.err().unwrap_or_default(), files),
    };
    let shown = with_errors(form_page(look, visit, form_id, typed), errors.0, errors.1, files.chosen);
    answer(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn origin(FormVisit { session, asset, requester }: &FormVisit) -> Origin {
    Origin {
        organization: asset.organization_id,
        asset: Some(asset.clone()),
        requester: Some(requester.clone()),
        portal_user: None,
        os_user: session.os_user.0.clone(),
        source: TicketSource::Tray,
        files_of: FileSender::Asset(asset.id),
        confidential: false,
        address: None,
        people: Vec::new(),
        draft: session.draft.as_ref().map(|_| session.id),
    }
}

fn to_receipt(look: &Look, ticket: TicketId) -> Response {
    let location = look.at(&format!("/my_profile/v2/asset_ticket/{ticket}"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The form, with the one script that it may run.
fn answer(status: StatusCode, shown: &NewTicketPage) -> Result<Response, PageFailed> {
    let mut response = page(status, shown)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, paste::content_security_policy());
    Ok(response)
}

/// The form with what was typed, which the server could not store: a full disk must not cost what somebody wrote.
fn not_stored(shown: NewTicketPage, files_chosen: bool, failed: PageFailed) -> Result<Response, PageFailed> {
    let shown = with_errors(shown, TypedErrors::default(), None, files_chosen);
    Ok(failed.with_page(answer(StatusCode::INTERNAL_SERVER_ERROR, &shown)?))
}

/// The page in place of a form that is refused (AGT-20).
pub fn refused(look: Arc<Look>, visit: &RefusedVisit) -> Result<Response, PageFailed> {
    let person = visit.end_user.as_ref().map_or("", |end_user| &end_user.name);
    let values = [("asset", visit.asset.name.as_str()), ("person", person), ("provider", &look.provider.name)];
    let text = look.words.say_with(&format!("refusal-{}", visit.refusal.as_str()), &values);
    let title = look.words.say("sorry-title");
    page(StatusCode::FORBIDDEN, &MessagePage { look, title, text, whom_to_ask: true, typed: None })
}

/// The form as `person` would see it at `asset`, with no session behind it: a sandbox keeps it from being sent (SYN-53).
pub fn sample(look: Arc<Look>, person: &str, asset: &str) -> Result<Response, PageFailed> {
    let shown = NewTicketPage {
        person: person.to_owned(),
        asset: asset.to_owned(),
        form_id: String::new(),
        form_for: String::new(),
        facts: vec![(look.words.say("fact-computer"), asset.to_owned())],
        fields: TicketFields::new(&look, TypedTicket::default(), HINT),
        other_window: false,
        not_stored: false,
        script: "",
        look,
    };
    let mut response = page(StatusCode::OK, &shown)?;
    let policy = HeaderValue::from_str(&format!("{}; sandbox", pages::CONTENT_SECURITY_POLICY))?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// For whom a form was shown. When the browser has since been opened for somebody else, the form is not sent but shown
/// again under the new name.
fn form_for(visit: &FormVisit) -> String {
    format!("{}.{}", visit.asset.id, visit.requester.id)
}

fn form_page(look: Arc<Look>, visit: &FormVisit, form_id: Uuid, typed: TypedTicket) -> NewTicketPage {
    NewTicketPage {
        person: visit.requester.name.clone(),
        asset: visit.asset.name.clone(),
        form_id: form_id.to_string(),
        form_for: form_for(visit),
        facts: look.words.facts(&visit.asset.facts.0, &visit.session.os_user.0),
        fields: TicketFields::new(&look, typed, HINT),
        other_window: false,
        not_stored: false,
        script: paste::SCRIPT,
        look,
    }
}

fn with_errors(
    page: NewTicketPage,
    errors: TypedErrors,
    files: Option<FilesError>,
    files_chosen: bool,
) -> NewTicketPage {
    NewTicketPage { fields: page.fields.with_errors(&page.look, errors, files, files_chosen), ..page }
}
