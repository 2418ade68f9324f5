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
    visit::{Access, FormVisit, RefusedVisit, Visit},
};
use crate::{
    announcements::{Audience, TicketFacts},
    app::SharedApp,
    attachments::{
        sent_files::{FileRule, kept},
        upload::ReceivedFile,
    },
    domain::{
        asset::AssetEventKind,
        attachment::{FileSender, FilesError, MAX_FILE_BYTES, MAX_FILES, MAX_FILES_IN_SPAN},
        contact::MAX_NAME,
        ids::{AssetEventId, TicketId},
        ticket::{
            DescriptionError, MAX_DESCRIPTION, MAX_PHONE, NewTicket, TicketSource, TicketStatus, TypedErrors,
            TypedTicket, Urgency, new_ticket, search_key,
        },
    },
    multipart::FormError,
    store::{AssetEvent, Attachment, NewTicketRows, StoreError, Ticket},
};

#[derive(Template)]
#[template(path = "portal/new_ticket.html")]
struct NewTicketPage {
    look: Arc<Look>,
    person: String,
    asset: String,
    form_id: String,
    form_for: String,
    typed: TypedTicket,
    description_error: Option<String>,
    phone_error: Option<String>,
    name_error: Option<String>,
    files_error: Option<String>,
    other_window: bool,
    not_stored: bool,
    facts: Vec<(String, String)>,
    files_limit: String,
    megabytes_limit: String,
    script: &'static str,
}

impl NewTicketPage {
    fn has_errors(&self) -> bool {
        [&self.description_error, &self.phone_error, &self.name_error, &self.files_error].iter().any(|e| e.is_some())
    }
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
    let Visit { look, access } = Visit::load(&app, form.headers()).await?;
    let rule = match &access {
        Access::Stranger | Access::Ended(_) | Access::Refused(_) => FileRule::Forget,
        Access::Form(visit) => FileRule::Receive { app: &app, sender: FileSender::Asset(visit.asset.id) },
    };
    let form = match sent_form::read(form.into_request(), rule).await {
        Ok(form) => form,
        Err(FormError::TooLarge) => return pages::message(&app, StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        Err(FormError::Unreadable) => return pages::message(&app, StatusCode::BAD_REQUEST, "refused-form"),
        Err(FormError::Failed(cause)) => return Err(cause.into()),
    };
    match access {
        Access::Stranger => pages::again(&app, Some(form.typed.description)),
        Access::Ended(session) => {
            app.store.save_draft(session.id, form.typed.clone()).await?;
            pages::again(&app, Some(form.typed.description))
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
    let SentForm { form_id, form_for: shown_for, typed, files } = form;
    let form_id = form_id.parse().unwrap_or_else(|_| Uuid::new_v4());
    let typed = typed.without_phone_of_another(visit.requester.phone.as_deref());
    if shown_for != form_for(visit) {
        let shown = form_page(look, visit, form_id, typed);
        let files_error = files.chosen.then(|| shown.look.words.say("error-files-choose-again"));
        return answer(StatusCode::CONFLICT, &NewTicketPage { other_window: true, files_error, ..shown });
    }
    let errors = match (new_ticket(&typed), files.error) {
        (Ok(new), None) => match sent(app, visit, form_id, new, files.received).await {
            Err(SendError::TooManyFiles) => (TypedErrors::default(), Some(FilesError::TooManyThisHour)),
            Err(SendError::Failed(failed)) => {
                let shown = form_page(look, visit, form_id, typed);
                return not_stored(NewTicketPage { not_stored: true, ..shown }, files.chosen, failed);
            }
            Ok(sent) => return Ok(sent),
        },
        (typed, files) => (typed.err().unwrap_or_default(), files),
    };
    let shown = with_errors(form_page(look, visit, form_id, typed), errors.0, errors.1, files.chosen);
    answer(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Why a form that is filled in well makes no ticket.
enum SendError {
    TooManyFiles,
    Failed(PageFailed),
}

impl<E: Into<anyhow::Error>> From<E> for SendError {
    fn from(error: E) -> Self {
        Self::Failed(error.into().into())
    }
}

async fn sent(
    app: &SharedApp,
    visit: &FormVisit,
    form_id: Uuid,
    new: NewTicket,
    files: Vec<(String, ReceivedFile)>,
) -> Result<Response, SendError> {
    let FormVisit { session, asset, requester } = visit;
    // The files of a form that was sent before have nowhere to be kept.
    if !files.is_empty()
        && let Some(made) = app.store.ticket_of_form(asset.id, form_id).await?
    {
        return Ok(to_receipt(made.id));
    }
    let event = AssetEvent {
        id: AssetEventId(app.new_id()),
        asset_id: asset.id,
        kind: AssetEventKind::TicketCreated,
        detail: String::new(),
        at: app.now(),
    };
    let ticket = Ticket {
        id: TicketId(app.new_id()),
        number: 0,
        organization_id: asset.organization_id,
        asset_id: asset.id,
        requester_id: requester.id,
        form_id,
        source: TicketSource::Tray,
        search_key: search_key(&new.subject, &new.description),
        subject: new.subject,
        description: new.description,
        urgency: new.urgency,
        phone: new.phone,
        unverified_name: new.unverified_name,
        status: TicketStatus::New,
        assignee_id: None,
        facts: asset.facts.clone(),
        os_user: session.os_user.clone(),
        created_at: app.now(),
        updated_at: app.now(),
    };
    let new_id = ticket.id;
    let attachments = kept(app, ticket.id, None, files).await?;
    let (audience, organization) = (Audience::load(app).await?, app.fleet.organization_name(asset.organization_id));
    let site = audience.site_name(app, asset).await?;
    let (about_app, asset_name, person) = (Arc::clone(app), asset.name.clone(), requester.clone());
    let announce = move |ticket: &Ticket, attachments: &[Attachment]| {
        let about =
            TicketFacts { ticket, organization: &organization, asset: &asset_name, site: &site, requester: &person };
        audience.ticket_created(&about_app, &about, attachments)
    };
    let draft = session.draft.as_ref().map(|_| session.id);
    let new = NewTicketRows { ticket, event, draft, attachments, announce: Arc::new(announce) };
    match app.store.insert_ticket(new).await {
        Ok(id) => {
            if id == new_id {
                app.metrics.ticket_made();
                app.wake_outbox();
            }
            Ok(to_receipt(id))
        }
        Err(StoreError::TooManyFiles) => Err(SendError::TooManyFiles),
        Err(error) => Err(error.into()),
    }
}

fn to_receipt(ticket: TicketId) -> Response {
    let location = format!("/my_profile/v2/asset_ticket/{ticket}");
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
        typed: TypedTicket::default(),
        description_error: None,
        phone_error: None,
        name_error: None,
        files_error: None,
        other_window: false,
        not_stored: false,
        files_limit: MAX_FILES.to_string(),
        megabytes_limit: (MAX_FILE_BYTES >> 20).to_string(),
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
        facts: facts(&look, visit),
        typed,
        description_error: None,
        phone_error: None,
        name_error: None,
        files_error: None,
        other_window: false,
        not_stored: false,
        files_limit: MAX_FILES.to_string(),
        megabytes_limit: (MAX_FILE_BYTES >> 20).to_string(),
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
    let words = page.look.words;
    let too_long = |limit: usize| words.say1("error-too-long", "limit", &limit.to_string());
    let description_error = errors.description.map(|error| match error {
        DescriptionError::Missing => words.say("error-description-missing"),
        DescriptionError::TooLong => too_long(MAX_DESCRIPTION),
    });
    let phone_error = errors.phone_too_long.then(|| too_long(MAX_PHONE));
    let name_error = errors.name_too_long.then(|| too_long(MAX_NAME));
    let refused = files.map(|error| match error {
        FilesError::TooMany => words.say1("error-files-too-many", "limit", &MAX_FILES.to_string()),
        FilesError::TooLarge(name) => {
            let megabytes = (MAX_FILE_BYTES >> 20).to_string();
            words.say_with("error-file-too-large", &[("name", &name), ("megabytes", &megabytes)])
        }
        FilesError::TooManyThisHour => words.say1("error-files-hour", "limit", &MAX_FILES_IN_SPAN.to_string()),
    });
    // Browsers fill no file field: what was chosen is gone with the page.
    let again = files_chosen.then(|| words.say("error-files-choose-again"));
    let files_error = [refused, again].into_iter().flatten().reduce(|all, more| format!("{all} {more}"));
    NewTicketPage { description_error, phone_error, name_error, files_error, ..page }
}

/// The facts that go along, with their names; those that are not known are left out.
fn facts(look: &Look, visit: &FormVisit) -> Vec<(String, String)> {
    let facts = &visit.asset.facts.0;
    let words = look.words;
    let gigabytes = facts.memory_bytes.div_ceil(1 << 30).to_string();
    let memory = if facts.memory_bytes == 0 {
        String::new()
    } else {
        words.say1("fact-memory-gigabytes", "gigabytes", &gigabytes)
    };
    let rows = [
        ("fact-computer", facts.computer.clone()),
        ("fact-serial", facts.serial.clone()),
        ("fact-model", format!("{} {}", facts.manufacturer, facts.model).trim().to_owned()),
        ("fact-os", facts.os.clone()),
        ("fact-processor", facts.processor.clone()),
        ("fact-memory", memory),
        ("fact-addresses", facts.addresses.join(", ")),
        ("fact-user", visit.session.os_user.0.name.clone()),
    ];
    rows.into_iter().filter(|(_, value)| !value.is_empty()).map(|(id, value)| (words.say(id), value)).collect()
}
