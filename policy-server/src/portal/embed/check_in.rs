//! `/embed/check_in`: the form of the MSP's website with which anybody sends a ticket (SYN-25 to SYN-28).
//!
//! What comes without a token of this server, as the form does that is pasted into another page, or by another page than the
//! portal's own, is shown once more on the portal's page, from which it is sent. So no page of somebody else sends tickets by the
//! browsers of its visitors, and a program has to come twice, some seconds apart.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{FromRequest as _, Request, State},
    http::StatusCode,
    response::Response,
};
use deskbell_protocol::OsUser;
use serde::Deserialize;
use uuid::Uuid;

use super::{check_in_organization, form_token, in_frames, message};
use crate::{
    app::{App, SharedApp},
    browser,
    client_address::ClientAddress,
    domain::{
        access::TicketScope,
        attachment::FileSender,
        contact::MAX_NAME,
        ids::{OrganizationId, TicketId},
        plain_line::plain_line,
        postal_address::PostalAddress,
        ticket::{NewTicket, TicketSource, TypedErrors, TypedTicket, new_ticket},
        website::{CheckInFields, FormAge, form_age},
    },
    portal::{
        look::Look,
        looks::Here,
        pages::{PageFailed, page},
        sent_ticket::{Origin, SendError, made},
        signed_in::Coming,
        ticket_fields::TicketFields,
    },
};

/// The hint beside the description.
const HINT: &str = "portal-ticket-description-hint";

/// What was typed and sent along.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    name: String,
    email: String,
    phone: String,
    department: String,
    description: String,
    #[serde(flatten)]
    address: PostalAddress,
    /// A field that nobody sees, and programs fill in.
    homepage: String,
    token: String,
    /// Not empty where the form stands in a frame.
    framed: String,
}

/// The form's fields, with what is wrong beside each.
struct CheckInForm {
    fields: TicketFields,
    address: PostalAddress,
    address_error: Option<String>,
    asks_address: bool,
}

/// The form on a page of the portal, which sends it in one step.
#[derive(Template)]
#[template(path = "portal/embedded_check_in.html")]
struct CheckInPage {
    look: Arc<Look>,
    head: Head,
    form: CheckInForm,
}

/// What stands around the form on such a page.
struct Head {
    framed: bool,
    token: String,
    /// What went wrong as a whole, or what is to be done.
    alert: Option<String>,
}

/// The form as it is pasted into a page.
#[derive(Template)]
#[template(path = "portal/_embedded_check_in.html")]
struct CheckInCode {
    look: Arc<Look>,
    form: CheckInForm,
}

#[derive(Template)]
#[template(path = "portal/embedded_sent.html")]
struct SentPage {
    look: Arc<Look>,
    framed: bool,
    number: String,
}

/// What is wrong with what was typed.
struct Wrong {
    typed: TypedErrors,
    name_missing: bool,
    email_missing: bool,
    address_too_long: bool,
}

/// The code of the form.
pub fn code(look: Arc<Look>) -> Result<String, askama::Error> {
    let form = CheckInForm::new(&look, Sent::default());
    CheckInCode { look, form }.render()
}

/// The form on a page of its own.
pub async fn show(State(app): State<SharedApp>, Here(look): Here) -> Result<Response, PageFailed> {
    empty(&app, &look, false)
}

/// The form for a frame on the MSP's website (SYN-28).
pub async fn show_frame(State(app): State<SharedApp>, Here(look): Here) -> Result<Response, PageFailed> {
    empty(&app, &look, true)
}

/// Makes a ticket of the form, or shows it again.
pub async fn send(State(app): State<SharedApp>, coming: Coming, request: Request) -> Result<Response, PageFailed> {
    let Ok(Form(sent)) = Form::<Sent>::from_request(request, &()).await else {
        return message(&coming.look, StatusCode::PAYLOAD_TOO_LARGE, "too-large", false);
    };
    let framed = !sent.framed.is_empty();
    let Some(organization) = check_in_organization(&app, &coming.look) else {
        return message(&coming.look, StatusCode::NOT_FOUND, "check-in-off", framed);
    };
    match standing(&app, &coming, &sent) {
        Standing::Shown(token) => again(&coming.look, sent, Some(token), StatusCode::OK, "check-in-look-over"),
        Standing::Sent(form) => filled_in(&app, &coming, organization, form, sent).await,
    }
}

/// What is to be done with a form that came.
enum Standing {
    /// It is shown once more, with this token.
    Shown(String),
    /// It is sent, as this one.
    Sent(Uuid),
}

fn standing(app: &App, Coming { look, headers, .. }: &Coming, sent: &Sent) -> Standing {
    let portal = look.portal.id;
    let is_own = browser::is_our_own(&look.place.origin, headers) && sent.homepage.is_empty();
    let token = form_token::read(app, portal, &sent.token).filter(|_| is_own);
    match token.map(|token| (form_age(token.made_at, app.now()), token.form)) {
        Some((FormAge::Good, form)) => Standing::Sent(form),
        // It grows older.
        Some((FormAge::TooYoung, _)) => Standing::Shown(sent.token.clone()),
        Some((FormAge::Over, _)) | None => Standing::Shown(form_token::new(app, portal)),
    }
}

async fn filled_in(
    app: &SharedApp,
    Coming { look, address: ClientAddress(from), .. }: &Coming,
    organization: OrganizationId,
    form: Uuid,
    sent: Sent,
) -> Result<Response, PageFailed> {
    let (new, address) = match checked(look, &sent) {
        Ok(checked) => checked,
        Err(wrong) => return with_errors(look, sent, &wrong),
    };
    let framed = !sent.framed.is_empty();
    if let Some(ticket) = app.store.ticket_of_form(organization, None, form).await? {
        return number(look, framed, ticket.number);
    }
    if !app.website_limits.let_through(look.portal.id, &sent.email, *from, app.now()) {
        return again(look, sent, None, StatusCode::TOO_MANY_REQUESTS, "check-in-too-many");
    }
    let origin = Origin {
        organization,
        asset: None,
        requester: None,
        portal_user: None,
        os_user: OsUser::default(),
        source: TicketSource::Website,
        files_of: FileSender::Link(organization),
        confidential: false,
        address,
        people: Vec::new(),
        draft: None,
    };
    match made(app, origin, form, new, Vec::new()).await {
        Ok(ticket) => number(look, framed, number_of(app, ticket).await?),
        Err(SendError::Failed(failed)) => {
            Ok(failed.with_page(again(look, sent, None, StatusCode::INTERNAL_SERVER_ERROR, "error-not-stored")?))
        }
        Err(SendError::TooManyFiles) => Err(anyhow::anyhow!("a form without files had too many").into()),
    }
}

/// What was typed, as it becomes a ticket; name and address are asked for, since nothing else says who writes.
fn checked(look: &Look, sent: &Sent) -> Result<(NewTicket, Option<PostalAddress>), Wrong> {
    let typed = typed(sent);
    let asks_address = look.portal.embed_fields == CheckInFields::WithAddress;
    let address = if asks_address { sent.address.checked() } else { Ok(None) };
    let (name_missing, email_missing) = (plain_line(&sent.name).is_empty(), plain_line(&sent.email).is_empty());
    match (new_ticket(&typed), address) {
        (Ok(new), Ok(address)) if !name_missing && !email_missing => Ok((new, address)),
        (new, address) => Err(Wrong {
            typed: new.err().unwrap_or_default(),
            name_missing,
            email_missing,
            address_too_long: address.is_err(),
        }),
    }
}

async fn number_of(app: &App, ticket: TicketId) -> Result<i64, PageFailed> {
    Ok(app.store.ticket(TicketScope::StatusLink(ticket), ticket).await?.map_or(0, |ticket| ticket.number))
}

fn number(look: &Arc<Look>, framed: bool, number: i64) -> Result<Response, PageFailed> {
    let shown = SentPage { look: Arc::clone(look), framed, number: number.to_string() };
    in_frames(look, page(StatusCode::OK, &shown)?)
}

fn empty(app: &App, look: &Arc<Look>, framed: bool) -> Result<Response, PageFailed> {
    if check_in_organization(app, look).is_none() {
        return message(look, StatusCode::NOT_FOUND, "check-in-off", framed);
    }
    let token = form_token::new(app, look.portal.id);
    form_page(look, StatusCode::OK, Head { framed, token, alert: None }, CheckInForm::new(look, Sent::default()))
}

/// The form with what was typed and a sentence above it; without a new token it keeps the one that it came with.
fn again(
    look: &Arc<Look>,
    sent: Sent,
    token: Option<String>,
    status: StatusCode,
    alert: &str,
) -> Result<Response, PageFailed> {
    let token = token.unwrap_or_else(|| sent.token.clone());
    let head = Head { framed: !sent.framed.is_empty(), token, alert: Some(look.say_provider(alert)) };
    form_page(look, status, head, CheckInForm::new(look, sent))
}

fn with_errors(look: &Arc<Look>, sent: Sent, wrong: &Wrong) -> Result<Response, PageFailed> {
    let (framed, token) = (!sent.framed.is_empty(), sent.token.clone());
    let mut form = CheckInForm::new(look, sent);
    form.fields = form.fields.with_errors(look, wrong.typed, None, false);
    let missing = |is_missing: bool, id: &str| is_missing.then(|| look.words.say(id));
    form.fields.name_error = missing(wrong.name_missing, "error-name-missing").or(form.fields.name_error);
    form.fields.email_error = missing(wrong.email_missing, "error-email").or(form.fields.email_error);
    form.address_error =
        wrong.address_too_long.then(|| look.words.say1("error-too-long", "limit", &MAX_NAME.to_string()));
    let head = Head { framed, token, alert: Some(look.words.say("error-summary")) };
    form_page(look, StatusCode::UNPROCESSABLE_ENTITY, head, form)
}

fn form_page(look: &Arc<Look>, status: StatusCode, head: Head, form: CheckInForm) -> Result<Response, PageFailed> {
    in_frames(look, page(status, &CheckInPage { look: Arc::clone(look), head, form })?)
}

fn typed(sent: &Sent) -> TypedTicket {
    TypedTicket {
        description: sent.description.clone(),
        urgency: String::new(),
        department: sent.department.clone(),
        phone: sent.phone.clone(),
        unverified_name: sent.name.clone(),
        unverified_email: sent.email.clone(),
    }
}

impl CheckInForm {
    fn new(look: &Look, sent: Sent) -> Self {
        Self {
            fields: TicketFields::new(look, typed(&sent), HINT),
            address: sent.address,
            address_error: None,
            asks_address: look.portal.embed_fields == CheckInFields::WithAddress,
        }
    }
}
