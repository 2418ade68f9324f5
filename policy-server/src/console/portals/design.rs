//! `/console/portals/{portal}/design`: how a portal looks and what stands in it. Each button keeps the draft, which end users do
//! not see; one publishes it (RES-09 to RES-15, NAB-04 to NAB-11).

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{FromRequest as _, Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use strum::VariantArray as _;

use super::{path, sent_design::SentDesign};
use crate::{
    app::{App, SharedApp},
    changes::{expected::Expected, portals},
    console::{
        forms::{FormErrors, Outcome, see},
        guard::SignedIn,
        layout::{self, Done, Layout, Section},
    },
    domain::{
        ids::PortalId,
        portal_design::{ColorMode, HomeSection, PortalDesign, PortalMenuEntry},
    },
    json_body::MAX_JSON_BYTES,
    logos::{self, LogoError},
    multipart::{FormError, Parts, boundary},
    portal::{
        home,
        look::{Look, logo as logo_of, stylesheet as stylesheet_of},
        looks::Here,
        pages::{self, PageFailed, page},
    },
    store::{Json, Portal},
};

#[derive(Template)]
#[template(path = "console/portal_design.html")]
struct DesignPage {
    layout: Layout,
    row: Portal,
    design: PortalDesign,
    /// Whether this is the draft, or what is published.
    is_kept: bool,
    /// That the logo's file was larger than it need be (NAB-07).
    was_large: bool,
    errors: FormErrors,
}

impl DesignPage {
    /// The sections that do not stand on the home page yet.
    fn other_sections(&self) -> Vec<HomeSection> {
        let others = HomeSection::VARIANTS.iter().filter(|section| !self.design.home.contains(section));
        others.copied().collect()
    }

    /// What is wrong with a field of an entry.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
    fn fault(&self, at: &usize, field: &str) -> Option<&str> {
        self.errors.of(&format!("menu/{at}/{field}"))
    }

    /// How an entry stands in the form: its type, what it is called, and its id, label, address and text.
    #[expect(clippy::unused_self, reason = "templates ask the page")]
    fn parts<'a>(&self, entry: &'a PortalMenuEntry) -> EntryParts<'a> {
        let plain = |kind, title| EntryParts { kind, title, ..EntryParts::default() };
        match entry {
            PortalMenuEntry::Home => plain("home", "Home"),
            PortalMenuEntry::NewTicket => plain("new_ticket", "New ticket"),
            PortalMenuEntry::Computers => plain("computers", "Computers"),
            PortalMenuEntry::Articles => plain("articles", "Knowledge base"),
            PortalMenuEntry::Billing => plain("billing", "Billing documents"),
            PortalMenuEntry::Community { url } => EntryParts { url: Some(url), ..plain("community", "Community") },
            PortalMenuEntry::Link { label, url } => {
                EntryParts { label: Some(label), url: Some(url), ..plain("link", "Link") }
            }
            PortalMenuEntry::Page { id, label, text } => EntryParts {
                id: id.to_string(),
                label: Some(label),
                text: Some(text),
                ..plain("page", "Page of your own")
            },
        }
    }
}

#[derive(Default)]
struct EntryParts<'a> {
    kind: &'static str,
    title: &'static str,
    id: String,
    label: Option<&'a str>,
    url: Option<&'a str>,
    text: Option<&'a str>,
}

/// The form's fields, and the file that was chosen as a logo.
#[derive(Default)]
struct SentForm {
    pairs: Vec<(String, String)>,
    logo: Option<Vec<u8>>,
    too_large: bool,
}

/// The draft, or what is published where there is none.
pub(in crate::console) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.portal(id).await? else { return layout::missing(&app, &signed_in, "portal") };
    let layout = Layout::load(&app, &signed_in, Section::Settings).with_note(&done);
    let design = drafted(&row);
    let was_large = done.is("large-logo");
    page(StatusCode::OK, &DesignPage { layout, row, design, is_kept: true, was_large, errors: FormErrors::default() })
}

/// Keeps the draft, and publishes it where that was asked for.
pub(in crate::console) async fn send(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
    request: Request,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.portal(id).await? else { return layout::missing(&app, &signed_in, "portal") };
    let SentForm { pairs, logo, too_large } = match read(&app, request).await {
        Ok(form) => form,
        Err(FormError::Failed(cause)) => return Err(cause.into()),
        Err(FormError::TooLarge | FormError::Unreadable) => return layout::unreadable(&app, &signed_in),
    };
    let SentDesign { mut design, publishes, part } = SentDesign::read(pairs, app.new_id());
    let again = |design, status, errors| {
        let layout = Layout::load(&app, &signed_in, Section::Settings);
        page(status, &DesignPage { layout, row, design, is_kept: false, was_large: false, errors })
    };
    let mut was_large = false;
    let refused = match logo {
        _ if too_large => Some(LogoError::TooLarge.to_string()),
        Some(upload) => match logos::keep(&app, upload.into()).await {
            Ok(kept) => {
                design.logo = Some(kept.name.to_string());
                was_large = kept.was_large;
                None
            }
            Err(LogoError::Failed(cause)) => return Err(cause.into()),
            Err(error) => Some(error.to_string()),
        },
        None => None,
    };
    if let Some(detail) = refused {
        let errors = FormErrors::field("logo", &format!("The file {detail}."));
        return again(design, StatusCode::UNPROCESSABLE_ENTITY, errors);
    }
    let (actor, anything) = (signed_in.actor(), Expected::Anything);
    let saved = portals::save_draft(&app, &actor, anything.clone().of(id), design.clone()).await;
    let saved = match saved {
        Ok(_) if publishes => portals::publish_draft(&app, &actor, anything.of(id)).await,
        saved => saved,
    };
    match Outcome::of(saved)? {
        Outcome::Done(_) if publishes => Ok(see(&path(id), "published")),
        Outcome::Done(_) => {
            let done = if was_large { "large-logo" } else { "drafted" };
            Ok(Redirect::to(&format!("{}/design?done={done}#{part}", path(id))).into_response())
        }
        // Whoever has just added an entry has yet to fill it in.
        Outcome::Again(..) if !part.is_empty() => again(design, StatusCode::OK, FormErrors::default()),
        Outcome::Again(status, errors) => again(design, status, errors),
    }
}

/// Forgets the draft.
pub(in crate::console) async fn drop_draft(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(portals::drop_draft(&app, &signed_in.actor(), Expected::Anything.of(id)).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "saved")),
        Outcome::Again(..) => layout::missing(&app, &signed_in, "portal"),
    }
}

/// Publishes an earlier version again.
pub(in crate::console) async fn restore(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((id, version)): Path<(PortalId, i64)>,
) -> Result<Response, PageFailed> {
    match Outcome::of(portals::roll_back(&app, &signed_in.actor(), Expected::Anything.of(id), version).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "published")),
        Outcome::Again(..) => layout::missing(&app, &signed_in, "version of this portal"),
    }
}

/// The home page with the draft, as a portal user would see it, with nobody behind it (SYN-53).
pub(in crate::console) async fn preview(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
) -> Result<Response, PageFailed> {
    let Some(look) = draft_look(&app, id).await? else { return layout::missing(&app, &signed_in, "portal") };
    let mut response = home::sample(look)?;
    let policy = HeaderValue::from_str(&format!("{}; sandbox", pages::CONTENT_SECURITY_POLICY))?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// The stylesheet of the draft.
pub(in crate::console) async fn stylesheet(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
) -> Result<Response, PageFailed> {
    match draft_look(&app, id).await? {
        Some(look) => Ok(stylesheet_of(Here(look)).await),
        None => layout::missing(&app, &signed_in, "portal"),
    }
}

/// The logo of the draft.
pub(in crate::console) async fn logo(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalId>,
) -> Result<Response, PageFailed> {
    match draft_look(&app, id).await? {
        Some(look) => logo_of(Here(look)).await,
        None => layout::missing(&app, &signed_in, "portal"),
    }
}

fn drafted(row: &Portal) -> PortalDesign {
    row.draft.as_ref().unwrap_or(&row.design).0.clone()
}

async fn draft_look(app: &App, id: PortalId) -> Result<Option<Arc<Look>>, PageFailed> {
    let Some(row) = app.store.portal(id).await? else { return Ok(None) };
    let design = drafted(&row);
    let logo = match &design.logo {
        Some(name) => app.store.icon(&name.parse()?).await?.map(|icon| icon.png.into()),
        None => None,
    };
    let row = Portal { design: Json(design), ..row };
    Ok(Some(Arc::new(app.looks.of(id).with_draft(row, logo, &format!("{}/draft", path(id))))))
}

async fn read(app: &SharedApp, request: Request) -> Result<SentForm, FormError> {
    let Some(boundary) = boundary(request.headers()) else {
        let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
        return form.map(|Form(pairs)| SentForm { pairs, ..SentForm::default() }).map_err(|_| FormError::Unreadable);
    };
    let mut parts = Parts::of(request.into_body(), boundary, MAX_JSON_BYTES);
    let mut sent = SentForm::default();
    while let Some(part) = parts.next().await? {
        let name = part.name();
        match part.file_name() {
            Some(_) if name == "logo_file" => match part.content(logos::MAX_UPLOAD_BYTES).await? {
                // Where no file is chosen, browsers send one without name and content.
                Some(content) if content.is_empty() => {}
                Some(content) => sent.logo = Some(content),
                None => sent.too_large = true,
            },
            Some(_) => drop(part.content(0).await?),
            None => {
                let text = part.text().await?;
                sent.pairs.push((name, text));
            }
        }
    }
    Ok(sent)
}
