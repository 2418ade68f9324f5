//! `/my_profile/v2/asset_new_ticket_form`: the form that knows the computer and the person, and what it sends (SYN-38,
//! SYN-44).

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    look::Look,
    pages::{self, MessagePage, PageFailed, page},
    protected_form::ProtectedForm,
    visit::{Access, FormVisit, RefusedVisit, Visit},
};
use crate::{
    app::{App, SharedApp},
    domain::{
        asset::AssetEventKind,
        ids::{AssetEventId, TicketId},
        ticket::{
            DescriptionError, MAX_DESCRIPTION, MAX_PHONE, NewTicket, TicketSource, TicketStatus, TypedErrors,
            TypedTicket, Urgency, new_ticket,
        },
    },
    store::{AssetEvent, Ticket},
};

/// The form as it comes back. What it says about asset and person is only compared: both are the session's.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SentForm {
    form_id: String,
    form_for: String,
    description: String,
    urgency: String,
    phone: String,
}

#[derive(Template)]
#[template(path = "portal/new_ticket.html")]
struct NewTicketPage {
    look: Look,
    person: String,
    asset: String,
    form_id: String,
    form_for: String,
    typed: TypedTicket,
    description_error: Option<String>,
    phone_error: Option<String>,
    other_window: bool,
    facts: Vec<(String, String)>,
}

/// Shows the form, empty but for what is known.
pub async fn show(State(app): State<SharedApp>, headers: HeaderMap) -> Result<Response, PageFailed> {
    let Visit { look, access } = Visit::load(&app, &headers).await?;
    match access {
        Access::Stranger => pages::tray_only(State(app)).await,
        Access::Ended(_) => pages::again(&app, None).await,
        Access::Refused(visit) => refused(look, &visit),
        Access::Form(visit) => {
            let fresh = TypedTicket {
                urgency: <&str>::from(Urgency::Normal).into(),
                phone: visit.requester.phone.clone().unwrap_or_default(),
                ..TypedTicket::default()
            };
            let typed = visit.session.draft.clone().map_or(fresh, |draft| draft.0);
            let shown = form_page(look, &visit, Uuid::new_v4(), typed);
            page(StatusCode::OK, &shown)
        }
    }
}

/// Makes a ticket out of the form, or shows it again with what was typed.
pub async fn send(
    State(app): State<SharedApp>,
    headers: HeaderMap,
    ProtectedForm(form): ProtectedForm<SentForm>,
) -> Result<Response, PageFailed> {
    let Visit { look, access } = Visit::load(&app, &headers).await?;
    let typed = TypedTicket { description: form.description, urgency: form.urgency, phone: form.phone };
    match access {
        Access::Stranger => pages::again(&app, Some(typed.description)).await,
        Access::Ended(session) => {
            app.store.save_draft(session.id, typed.clone()).await?;
            pages::again(&app, Some(typed.description)).await
        }
        Access::Refused(visit) => refused(look, &visit),
        Access::Form(visit) => {
            let form_id = form.form_id.parse().unwrap_or_else(|_| Uuid::new_v4());
            if form.form_for != form_for(&visit) {
                let shown = NewTicketPage { other_window: true, ..form_page(look, &visit, form_id, typed) };
                return page(StatusCode::CONFLICT, &shown);
            }
            match new_ticket(&typed) {
                Ok(new) => Ok(sent(&app, *visit, form_id, new).await?),
                Err(errors) => page(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    &with_errors(form_page(look, &visit, form_id, typed), errors),
                ),
            }
        }
    }
}

async fn sent(app: &App, visit: FormVisit, form_id: Uuid, new: NewTicket) -> Result<Response, PageFailed> {
    let FormVisit { session, asset, requester } = visit;
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
        subject: new.subject,
        description: new.description,
        urgency: new.urgency,
        phone: new.phone,
        status: TicketStatus::New,
        facts: asset.facts,
        os_user: session.os_user,
        created_at: app.now(),
    };
    let new_id = ticket.id;
    let id = app.store.insert_ticket(ticket, event, session.id).await?;
    if id == new_id {
        app.metrics.ticket_made();
    }
    let location = format!("/my_profile/v2/asset_ticket/{id}");
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// The page in place of a form that is refused (AGT-20).
pub fn refused(look: Look, visit: &RefusedVisit) -> Result<Response, PageFailed> {
    let person = visit.end_user.as_ref().map_or("", |end_user| &end_user.name);
    let values = [("asset", visit.asset.name.as_str()), ("person", person), ("provider", &look.provider.name)];
    let text = look.words.say_with(&format!("refusal-{}", visit.refusal.as_str()), &values);
    let title = look.words.say("sorry-title");
    page(StatusCode::FORBIDDEN, &MessagePage { look, title, text, whom_to_ask: true, typed: None })
}

/// For whom a form was shown. When the browser has since been opened for somebody else, the form is not sent but shown
/// again under the new name.
fn form_for(visit: &FormVisit) -> String {
    format!("{}.{}", visit.asset.id, visit.requester.id)
}

fn form_page(look: Look, visit: &FormVisit, form_id: Uuid, typed: TypedTicket) -> NewTicketPage {
    NewTicketPage {
        person: visit.requester.name.clone(),
        asset: visit.asset.name.clone(),
        form_id: form_id.to_string(),
        form_for: form_for(visit),
        facts: facts(&look, visit),
        typed,
        description_error: None,
        phone_error: None,
        other_window: false,
        look,
    }
}

fn with_errors(page: NewTicketPage, errors: TypedErrors) -> NewTicketPage {
    let words = page.look.words;
    let description_error = errors.description.map(|error| match error {
        DescriptionError::Missing => words.say("error-description-missing"),
        DescriptionError::TooLong => words.say1("error-description-too-long", "limit", &MAX_DESCRIPTION.to_string()),
    });
    let phone_error =
        errors.phone_too_long.then(|| words.say1("error-phone-too-long", "limit", &MAX_PHONE.to_string()));
    NewTicketPage { description_error, phone_error, ..page }
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
