//! `/my_profile/v2/new_ticket`: the form of somebody who is in the portal, for themselves, for a colleague, or for an
//! organization without portal users (NAB-15, NAB-16, ZOH-01).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use deskbell_protocol::OsUser;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    look::Look,
    pages::{self, MessagePage, PageFailed, page},
    paste,
    protected_form::ProtectedForm,
    sent_form::{self, Choices, SentForm},
    sent_ticket::{Origin, SendError, made},
    signed_in::{HOME, SIGN_IN, SignedIn, not_open},
    ticket_fields::TicketFields,
    visit::{Access, Visit},
    visitor::{Head, Visitor},
};
use crate::{
    app::{App, SharedApp},
    attachments::sent_files::FileRule,
    client_address::ClientAddress,
    domain::{
        access::{ComputerScope, TicketScope},
        attachment::{FileSender, FilesError},
        ids::{AssetId, EndUserId, OrganizationId, PortalUserId, SiteId, TicketId},
        plain_line::plain_line,
        portal_user::PortalPermission,
        ticket::{TicketSource, TypedErrors, TypedTicket, Urgency, new_ticket},
    },
    multipart::FormError,
    store::{Asset, EndUser, portal_computers::Computer},
};

/// That a few words are enough.
const HINT: &str = "portal-ticket-description-hint";
/// The most people who can be added to a ticket when it is sent.
const MOST_PEOPLE: usize = 20;

#[derive(Template)]
#[template(path = "portal/portal_ticket.html")]
struct PortalTicketPage {
    look: Arc<Look>,
    head: Head,
    form_id: String,
    form_for: String,
    fields: TicketFields,
    choices: Choices,
    computers: Vec<Computer>,
    /// Whether they may ask for a colleague.
    asks_for_others: bool,
    /// Whether it is known who they are.
    is_known: bool,
    requester_error: Option<String>,
    people_error: Option<String>,
    asset_error: Option<String>,
    /// What went wrong as a whole.
    alert: Option<String>,
    script: &'static str,
}

impl PortalTicketPage {
    fn has_errors(&self) -> bool {
        let errors = [&self.requester_error, &self.people_error, &self.asset_error];
        self.fields.has_errors() || errors.iter().any(|error| error.is_some())
    }
}

/// Which computer is meant from the start.
#[derive(Debug, Default, Deserialize)]
pub struct About {
    asset: Option<AssetId>,
}

/// On whose behalf the visitor writes.
struct Writer {
    organization: OrganizationId,
    portal_user: Option<PortalUserId>,
    end_user: Option<EndUser>,
    is_admin: bool,
    /// The site to whose people they are limited.
    site: Option<SiteId>,
    /// Their own.
    computers: Vec<Computer>,
    /// All that they see; absent: none.
    sees: Option<ComputerScope>,
}

/// What is wrong with what was chosen.
#[derive(Default)]
struct ChoiceErrors {
    requester: Option<String>,
    people: Option<String>,
    asset: Option<String>,
    name: Option<String>,
}

impl Writer {
    async fn of(app: &App, visitor: &Visitor) -> Result<Self, PageFailed> {
        let (row, site) = match visitor {
            Visitor::Link(visit) => {
                let organization = visit.organization.id;
                return Ok(Self {
                    organization,
                    portal_user: None,
                    end_user: None,
                    is_admin: false,
                    site: None,
                    computers: vec![],
                    sees: None,
                });
            }
            Visitor::SignedIn(SignedIn { portal_user, site, .. }) => (portal_user, *site),
        };
        let (end_user, computers) = match row.end_user_id {
            Some(id) => {
                let own = app.store.computers(ComputerScope::EndUser(id), "").await?;
                (app.store.end_user(id).await?, own)
            }
            None => (None, Vec::new()),
        };
        Ok(Self {
            organization: row.organization_id,
            portal_user: Some(row.id),
            // Whoever is the organization itself writes for all of it; whoever is limited to a site and has none, for nobody else.
            is_admin: end_user.is_none() || (row.is_admin && (!row.site_only || site.is_some())),
            end_user,
            site,
            computers,
            sees: visitor.computers(),
        })
    }

    /// The computer that the form is to be about, and whose it is, where that is a colleague's: it is then one to choose.
    async fn prefilled(&mut self, app: &App, asset: Option<AssetId>) -> Result<(Option<AssetId>, String), PageFailed> {
        let Some(id) = asset else { return Ok((None, String::new())) };
        if self.computers.iter().any(|computer| computer.id == id) {
            return Ok((Some(id), String::new()));
        }
        let Some(computer) = self.seen(app, id).await? else { return Ok((None, String::new())) };
        let whose = match computer.end_user_id {
            Some(person) => app.store.end_user(person).await?,
            None => None,
        };
        self.computers.push(computer);
        Ok((Some(id), whose.map(|person| person.email.unwrap_or(person.name)).unwrap_or_default()))
    }

    /// A computer that they see.
    async fn seen(&self, app: &App, id: AssetId) -> Result<Option<Computer>, PageFailed> {
        match self.sees {
            Some(scope) => Ok(app.store.computer(scope, id).await?),
            None => Ok(None),
        }
    }

    /// For whom a form was shown: another account's form is not sent under this one.
    fn form_for(&self) -> String {
        self.portal_user.map_or_else(|| self.organization.to_string(), |id| id.to_string())
    }

    fn files_of(&self) -> FileSender {
        self.portal_user.map_or(FileSender::Link(self.organization), FileSender::PortalUser)
    }
}

/// Shows the form, empty but for what is known.
pub async fn show(
    State(app): State<SharedApp>,
    Query(about): Query<About>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, PageFailed> {
    if !visitor.may(PortalPermission::CreateTicket) {
        return pages::message(visitor.look(), StatusCode::FORBIDDEN, "no-sending");
    }
    let mut writer = Writer::of(&app, &visitor).await?;
    let asset = match about.asset {
        Some(asset) => Some(asset),
        None => clicked(&app, visitor.look(), &headers, &writer).await?,
    };
    let (asset, requester) = writer.prefilled(&app, asset).await?;
    let typed = TypedTicket {
        urgency: <&str>::from(Urgency::Normal).into(),
        phone: writer.end_user.as_ref().and_then(|person| person.phone.clone()).unwrap_or_default(),
        ..TypedTicket::default()
    };
    let choices =
        Choices { asset: asset.map(|id| id.to_string()).unwrap_or_default(), requester, ..Choices::default() };
    answer(StatusCode::OK, &form_page(&visitor, writer, Uuid::new_v4(), typed, choices))
}

/// The computer from whose tray this browser came, where its person is the one who is signed in (SYN-40).
async fn clicked(
    app: &App,
    look: &Arc<Look>,
    headers: &HeaderMap,
    writer: &Writer,
) -> Result<Option<AssetId>, PageFailed> {
    let Access::Form(visit) = Visit::load(app, look, headers).await?.access else { return Ok(None) };
    Ok((writer.end_user.as_ref().map(|person| person.id) == Some(visit.requester.id)).then_some(visit.asset.id))
}

/// Makes a ticket out of the form, or shows it again with what was typed. Who sends it is known before it is read.
pub async fn send(
    State(app): State<SharedApp>,
    address: ClientAddress,
    form: ProtectedForm,
) -> Result<Response, PageFailed> {
    let look = Arc::clone(&form.look);
    if !look.is_open() {
        return not_open(&look);
    }
    let visitor = Visitor::load(&app, &look, form.headers()).await?;
    let visitor = visitor.filter(|visitor| visitor.may(PortalPermission::CreateTicket) && !visitor.head().staff_view);
    let writer = match &visitor {
        Some(visitor) => Some(Writer::of(&app, visitor).await?),
        None => None,
    };
    let rule = match &writer {
        Some(writer) => FileRule::Receive { app: &app, sender: writer.files_of() },
        None => FileRule::Forget,
    };
    let form = match sent_form::read(form.into_request(), rule).await {
        Ok(form) => form,
        Err(FormError::TooLarge) => return pages::message(&look, StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        Err(FormError::Unreadable) => return pages::message(&look, StatusCode::BAD_REQUEST, "refused-form"),
        Err(FormError::Failed(cause)) => return Err(cause.into()),
    };
    match (visitor, writer) {
        (Some(visitor), Some(writer)) => filled_in(&app, &visitor, writer, form, address).await,
        _ => not_sent(look, form.typed.description),
    }
}

async fn filled_in(
    app: &SharedApp,
    visitor: &Visitor,
    writer: Writer,
    form: SentForm,
    address: ClientAddress,
) -> Result<Response, PageFailed> {
    let SentForm { form_id, form_for, typed, choices, files } = form;
    let form_id = form_id.parse().unwrap_or_else(|_| Uuid::new_v4());
    let look = visitor.look();
    if form_for != writer.form_for() {
        let mut shown = form_page(visitor, writer, form_id, typed, choices);
        shown.alert = Some(look.words.say("portal-ticket-other-window"));
        shown.fields.files_error = files.chosen.then(|| look.words.say("error-files-choose-again"));
        return answer(StatusCode::CONFLICT, &shown);
    }
    let (origin, wrong) = chosen(app, look, &writer, &typed, &choices).await?;
    let errors = match (new_ticket(&typed), files.error, origin) {
        (Ok(_), None, Some(origin)) if !may_send(app, visitor, &origin, form_id, address).await? => {
            let mut shown = form_page(visitor, writer, form_id, typed, choices);
            shown.alert = Some(look.say_provider("error-sent-too-often"));
            shown.fields = shown.fields.with_errors(look, TypedErrors::default(), None, files.chosen);
            return answer(StatusCode::TOO_MANY_REQUESTS, &shown);
        }
        (Ok(new), None, Some(origin)) => match made(app, origin, form_id, new, files.received).await {
            Ok(ticket) => return sent(app, visitor, ticket).await,
            Err(SendError::TooManyFiles) => (TypedErrors::default(), Some(FilesError::TooManyThisHour)),
            Err(SendError::Failed(failed)) => {
                let mut shown = form_page(visitor, writer, form_id, typed, choices);
                shown.alert = Some(look.say_provider("error-not-stored"));
                shown.fields = shown.fields.with_errors(look, TypedErrors::default(), None, files.chosen);
                return Ok(failed.with_page(answer(StatusCode::INTERNAL_SERVER_ERROR, &shown)?));
            }
        },
        (typed, files, _) => (typed.err().unwrap_or_default(), files),
    };
    let mut shown = form_page(visitor, writer, form_id, typed, choices);
    shown.fields = shown.fields.with_errors(look, errors.0, errors.1, files.chosen);
    shown.fields.name_error = shown.fields.name_error.or(wrong.name);
    shown = PortalTicketPage {
        requester_error: wrong.requester,
        people_error: wrong.people,
        asset_error: wrong.asset,
        ..shown
    };
    answer(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Whether one more ticket may come by the link (S10). A form that made one already is no other.
async fn may_send(
    app: &App,
    visitor: &Visitor,
    origin: &Origin,
    form_id: Uuid,
    ClientAddress(address): ClientAddress,
) -> Result<bool, PageFailed> {
    let Visitor::Link(visit) = visitor else { return Ok(true) };
    let organization = visit.organization.id;
    let asset = origin.asset.as_ref().map(|asset| asset.id);
    Ok(app.limits.link_tickets.takes(organization, address, app.now())
        || app.store.ticket_of_form(organization, asset, form_id).await?.is_some())
}

/// What was chosen, checked against what the writer may choose; absent: something of it is wrong.
async fn chosen(
    app: &App,
    look: &Look,
    writer: &Writer,
    typed: &TypedTicket,
    choices: &Choices,
) -> Result<(Option<Origin>, ChoiceErrors), PageFailed> {
    let mut wrong = ChoiceErrors::default();
    let words = look.words;
    let mut requester = writer.end_user.clone();
    let for_whom = plain_line(&choices.requester);
    if !for_whom.is_empty() {
        if writer.portal_user.is_none() || !writer.is_admin {
            wrong.requester = Some(words.say("error-only-for-yourself"));
        } else {
            match colleague(app, look, writer, &for_whom, writer.site).await? {
                Ok(person) => requester = Some(person),
                Err(error) => wrong.requester = Some(error),
            }
        }
    }
    let mut people: Vec<EndUserId> = Vec::new();
    let names: Vec<_> = choices.people.lines().map(plain_line).filter(|name| !name.is_empty()).collect();
    if names.len() > MOST_PEOPLE || (!names.is_empty() && writer.portal_user.is_none()) {
        wrong.people = Some(words.say1("error-too-many-people", "limit", &MOST_PEOPLE.to_string()));
    } else {
        for name in names {
            match colleague(app, look, writer, &name, None).await? {
                Ok(person) if people.contains(&person.id) => {}
                Ok(person) => people.push(person.id),
                Err(error) => wrong.people = Some(error),
            }
        }
    }
    let asset = match choices.asset.as_str() {
        "" => None,
        id => {
            let found = match id.parse() {
                Ok(id) => about(app, writer, requester.as_ref(), id).await?,
                Err(_) => None,
            };
            if found.is_none() {
                wrong.asset = Some(words.say("error-not-their-computer"));
            }
            found
        }
    };
    if writer.portal_user.is_none() && plain_line(&typed.unverified_name).is_empty() {
        wrong.name = Some(words.say("error-name-missing"));
    }
    if writer.portal_user.is_some() && !(typed.unverified_name.is_empty() && typed.unverified_email.is_empty()) {
        wrong.name = Some(words.say("error-only-for-yourself"));
    }
    let is_fine = wrong.requester.is_none() && wrong.people.is_none() && wrong.asset.is_none() && wrong.name.is_none();
    let origin = is_fine.then(|| Origin {
        organization: writer.organization,
        asset,
        requester,
        portal_user: writer.portal_user,
        os_user: OsUser::default(),
        source: TicketSource::Portal,
        files_of: writer.files_of(),
        confidential: choices.confidential && writer.portal_user.is_some(),
        address: None,
        people,
        draft: None,
    });
    Ok((origin, wrong))
}

/// A computer that a ticket can be about: the requester's, or one that nobody has and whoever writes sees.
async fn about(
    app: &App,
    writer: &Writer,
    requester: Option<&EndUser>,
    id: AssetId,
) -> Result<Option<Asset>, PageFailed> {
    let theirs = match requester {
        Some(person) => app.store.computer(ComputerScope::EndUser(person.id), id).await?,
        None => None,
    };
    let free = writer.seen(app, id).await?.filter(|computer| computer.end_user_id.is_none());
    match theirs.or(free) {
        Some(computer) => Ok(app.store.asset(computer.id).await?),
        None => Ok(None),
    }
}

/// The one person of the writer's organization with this address or name, at `site` where that matters, or what to say. Who
/// works there is not to be found out by trying names (S9): those that nobody has are counted, before they are looked for.
async fn colleague(
    app: &App,
    look: &Look,
    writer: &Writer,
    typed: &str,
    site: Option<SiteId>,
) -> Result<Result<EndUser, String>, PageFailed> {
    let Some(asks) = writer.portal_user.filter(|asks| app.limits.unknown_names.takes(*asks, app.now())) else {
        return Ok(Err(look.words.say("error-too-many-names")));
    };
    let mut found = app.store.end_users_called(writer.organization, typed).await?;
    found.retain(|person| site.is_none_or(|site| person.site_id == Some(site)));
    if !found.is_empty() {
        app.limits.unknown_names.gives_back(&asks);
    }
    Ok(match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(look.words.say1("error-nobody-called", "name", typed)),
        _ => Err(look.words.say1("error-several-called", "name", typed)),
    })
}

async fn sent(app: &App, visitor: &Visitor, ticket: TicketId) -> Result<Response, PageFailed> {
    let location = match visitor.tickets() {
        Some(scope) if app.store.ticket(scope, ticket).await?.is_some() => format!("/my_profile/v2/tickets/{ticket}"),
        _ => {
            let number = app.store.ticket(TicketScope::Staff, ticket).await?.map_or(0, |ticket| ticket.number);
            format!("{HOME}?sent={number}")
        }
    };
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, visitor.look().at(&location))]).into_response())
}

/// What was typed is given back to whoever is no longer in the portal.
pub(super) fn not_sent(look: Arc<Look>, typed: String) -> Result<Response, PageFailed> {
    if typed.is_empty() {
        return Ok(Redirect::to(&look.at(SIGN_IN)).into_response());
    }
    let (title, text) = (look.words.say("not-sent-title"), look.words.say("not-sent-text"));
    page(
        StatusCode::FORBIDDEN,
        &MessagePage { look, title, text, whom_to_ask: false, typed: Some(("not-sent-typed", typed)) },
    )
}

fn form_page(
    visitor: &Visitor,
    writer: Writer,
    form_id: Uuid,
    typed: TypedTicket,
    choices: Choices,
) -> PortalTicketPage {
    PortalTicketPage {
        look: Arc::clone(visitor.look()),
        head: visitor.head(),
        form_id: form_id.to_string(),
        form_for: writer.form_for(),
        fields: TicketFields::new(visitor.look(), typed, HINT),
        choices,
        asks_for_others: writer.portal_user.is_some() && writer.is_admin,
        is_known: writer.portal_user.is_some(),
        computers: writer.computers,
        requester_error: None,
        people_error: None,
        asset_error: None,
        alert: None,
        script: paste::SCRIPT,
    }
}

/// The form, with the one script that it may run.
fn answer(status: StatusCode, shown: &PortalTicketPage) -> Result<Response, PageFailed> {
    let mut response = page(status, shown)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, paste::content_security_policy());
    Ok(response)
}
