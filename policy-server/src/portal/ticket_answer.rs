//! What somebody with an account does with a ticket that they see: answers it with files, closes it, opens it again (ZOH-01).

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use deskbell_protocol::ProblemKind;
use uuid::Uuid;

use super::{
    look::Look,
    pages::{self, PageFailed},
    portal_ticket::not_sent,
    protected_form::ProtectedForm,
    sent_form::{self, SentForm},
    signed_in::{SignedIn, not_open},
    ticket_fields::files_error,
    ticket_page::{AnswerForm, TICKETS, may_answer, shown},
    visitor::Visitor,
};
use crate::{
    app::{App, SharedApp},
    attachments::sent_files::{FileRule, SentFiles},
    changes::ticket_answers::{self, NewAnswer},
    domain::{
        attachment::{FileSender, FilesError},
        ids::TicketId,
        portal_user::PortalPermission,
        ticket::MAX_DESCRIPTION,
    },
    multipart::FormError,
    problems::Refused,
};

/// Answers. Who sends it, and that they see the ticket, is known before the form is read.
pub(super) async fn send(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    form: ProtectedForm,
) -> Result<Response, PageFailed> {
    let look = Arc::clone(&form.look);
    if !look.is_open() {
        return not_open(&look);
    }
    let visitor = Visitor::load(&app, &look, form.headers()).await?.filter(may_answer);
    let scope = visitor.as_ref().and_then(Visitor::tickets);
    let ticket = match (scope, id.parse::<TicketId>()) {
        (Some(scope), Ok(id)) => app.store.ticket(scope, id).await?,
        (_, _) => None,
    };
    let rule = match (&visitor, &ticket) {
        (Some(Visitor::SignedIn(signed_in)), Some(_)) => {
            FileRule::Receive { app: &app, sender: FileSender::Author(signed_in.portal_user.id.0) }
        }
        (_, _) => FileRule::Forget,
    };
    let form = match sent_form::read(form.into_request(), rule).await {
        Ok(form) => form,
        Err(FormError::TooLarge) => return pages::message(&look, StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        Err(FormError::Unreadable) => return pages::message(&look, StatusCode::BAD_REQUEST, "refused-form"),
        Err(FormError::Failed(cause)) => return Err(cause.into()),
    };
    match (visitor, ticket) {
        (Some(visitor), Some(ticket)) => answered(&app, &visitor, ticket.id, form).await,
        (Some(_), None) if scope.is_some() => pages::absent(&look),
        (_, _) => not_sent(look, form.typed.description),
    }
}

/// Closes it.
pub(super) async fn close(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, PageFailed> {
    turned(&app, &id, &signed_in, Turn::Close).await
}

/// Opens it again.
pub(super) async fn reopen(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, PageFailed> {
    turned(&app, &id, &signed_in, Turn::Reopen).await
}

#[derive(Clone, Copy)]
enum Turn {
    Close,
    Reopen,
}

async fn turned(app: &App, id: &str, signed_in: &SignedIn, turn: Turn) -> Result<Response, PageFailed> {
    let look = &signed_in.look;
    if !signed_in.may(PortalPermission::ViewTickets) || !signed_in.may(PortalPermission::ReplyToTickets) {
        return pages::message(look, StatusCode::FORBIDDEN, "no-access");
    }
    let Ok(id) = id.parse() else { return pages::absent(look) };
    let (by, scope) = (&signed_in.portal_user, signed_in.tickets());
    let done = match turn {
        Turn::Close => ticket_answers::close(app, by, scope, id).await,
        Turn::Reopen => ticket_answers::reopen(app, by, scope, id).await,
    };
    match done {
        Ok(()) => Ok(back_to(look, id)),
        Err(Refused::Problem(_)) => pages::absent(look),
        Err(Refused::Failed(cause)) => Err(cause.into()),
    }
}

async fn answered(app: &App, visitor: &Visitor, id: TicketId, sent: SentForm) -> Result<Response, PageFailed> {
    let (Visitor::SignedIn(signed_in), look) = (visitor, visitor.look()) else {
        return not_sent(Arc::clone(visitor.look()), sent.typed.description);
    };
    let SentForm { form_id, typed, files, .. } = sent;
    let form_id = form_id.parse().unwrap_or_else(|_| Uuid::new_v4());
    let (text, chosen, refused_files) = (typed.description, files.chosen, files.error.clone());
    let form = AnswerForm { form_id: form_id.to_string(), text: text.clone(), ..AnswerForm::default() };
    let text_error = text_error(look, &text);
    if text_error.is_some() || refused_files.is_some() {
        let files_error = files_error(look, refused_files, chosen);
        let form = AnswerForm { text_error, files_error, ..form };
        return shown(app, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let files = SentFiles { error: None, ..files };
    let new = NewAnswer { form_id, text, files };
    let by = &signed_in.portal_user;
    match ticket_answers::answer(app, by, signed_in.tickets(), id, new).await {
        Ok(()) => Ok(back_to(look, id)),
        Err(Refused::Problem(problem)) if problem.kind == ProblemKind::TooManyRequests => {
            let files_error = files_error(look, Some(FilesError::TooManyThisHour), chosen);
            shown(app, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, AnswerForm { files_error, ..form }).await
        }
        Err(Refused::Problem(_)) => pages::absent(look),
        Err(Refused::Failed(cause)) => {
            // A full disk must not cost what somebody wrote.
            let (alert, files_error) = (Some(look.say_provider("error-not-stored")), files_error(look, None, chosen));
            let form = AnswerForm { files_error, alert, ..form };
            let again = shown(app, visitor, id, StatusCode::INTERNAL_SERVER_ERROR, form).await?;
            Ok(PageFailed::from(cause).with_page(again))
        }
    }
}

fn text_error(look: &Look, text: &str) -> Option<String> {
    match text.trim().chars().count() {
        0 => Some(look.words.say("error-answer-missing")),
        1..=MAX_DESCRIPTION => None,
        _ => Some(look.words.say1("error-too-long", "limit", &MAX_DESCRIPTION.to_string())),
    }
}

fn back_to(look: &Look, id: TicketId) -> Response {
    Redirect::to(&look.at(&format!("{TICKETS}/{id}"))).into_response()
}
