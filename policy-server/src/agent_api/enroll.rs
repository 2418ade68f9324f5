//! `POST /agent/v1/enroll` (AGT-11).

use axum::{extract::State, http::StatusCode};
use deskbell_protocol::{EnrollRequest, EnrollResponse, EnrollState, Facts, FieldError, ProblemKind};

use crate::{
    announcements::Audience,
    app::{App, SharedApp},
    domain::{
        asset::{AssetEventKind, AssetState, asset_key},
        contact::MAX_NAME,
        enrollment::admission,
        folder::{FolderPath, folder_below},
        ids::{AssetId, FolderId},
        policy::MAX_TREE_DEPTH,
        take_over::serial_key,
        webhook::WebhookEvent,
    },
    json_body::JsonBody,
    problems::Refused,
    secrets::{self, NewSecret},
    store::{Asset, EnrollmentToken, Json},
};

/// The names of as many folders as nest.
const MAX_FOLDER_NAMES: usize = (MAX_NAME + 1) * MAX_TREE_DEPTH;

/// Makes an asset, unassigned, out of a computer that shows an enrollment token.
pub(super) async fn enroll(
    State(app): State<SharedApp>,
    JsonBody(request): JsonBody<EnrollRequest>,
) -> Result<(StatusCode, axum::Json<EnrollResponse>), Refused> {
    check(&request)?;
    let token = token(&app, &request.enrollment_token).await?;
    let state = admission(token.terms(), app.now()).map_err(refusal)?;
    let folder = place(&app, &token, request.folder.as_deref()).await?;
    let secret = NewSecret::draw()?;
    let mut asset = asset(&app, &token, folder, state, &secret, request);
    let id = asset.id;
    let mut events = vec![app.asset_event(id, AssetEventKind::Enrolled, token.name.clone())];
    if let Some(known) = app.store.asset_with_serial(asset.organization_id, &asset.serial_key).await? {
        asset.predecessor_id = Some(known);
        events.push(app.asset_event(id, AssetEventKind::TakeOverProposed, known.to_string()));
    }
    let outbox = Audience::load(&app).await?.asset(&app, WebhookEvent::AssetEnrolled, &asset);
    if !app.store.enroll(token.id, asset, events, outbox).await? {
        return Err(refusal(ProblemKind::EnrollmentTokenUsedUp));
    }
    app.wake_outbox();
    app.catch_up().await;
    let state = match state {
        AssetState::WaitingForApproval => EnrollState::WaitingForApproval,
        AssetState::Enrolled | AssetState::Retired => EnrollState::Enrolled,
    };
    let asset_id = deskbell_protocol::AssetId(id.0);
    Ok((StatusCode::CREATED, axum::Json(EnrollResponse { asset_id, agent_token: secret.text, state })))
}

async fn token(app: &App, text: &str) -> Result<EnrollmentToken, Refused> {
    let found = match secrets::hash(text) {
        Some(hash) => app.store.enrollment_token_by_hash(&hash).await?,
        None => None,
    };
    found.ok_or_else(|| refusal(ProblemKind::EnrollmentTokenUnknown))
}

/// The folder that the new asset hangs in: the one that is asked for, which must lie below the token's place.
async fn place(app: &App, token: &EnrollmentToken, names: Option<&str>) -> Result<Option<FolderId>, Refused> {
    let Some(names) = names else { return Ok(token.folder_id) };
    let rows = app.store.folders_of(token.organization_id).await?.into_iter();
    let rows: Vec<_> = rows.map(|row| (row.id, row.organization_id, row.parent_id, row.name)).collect();
    let found = folder_below(&FolderPath::with_paths(&rows), token.folder_id, names);
    found.map(Some).ok_or_else(|| {
        Refused::field(
            "/folder",
            format!(
                "names no folder below the enrollment token's place: {names:?}. Give the names from there on, with / \
                 between them"
            ),
        )
    })
}

fn refusal(kind: ProblemKind) -> Refused {
    let why = match kind {
        ProblemKind::EnrollmentTokenRevoked => "This enrollment token was revoked.",
        ProblemKind::EnrollmentTokenExpired => "The time of this enrollment token is over.",
        ProblemKind::EnrollmentTokenUsedUp => "This enrollment token has enrolled as many computers as it may.",
        _ => "This server does not know this enrollment token.",
    };
    Refused::new(kind, format!("{why} Ask your provider for a new one."))
}

fn asset(
    app: &App,
    token: &EnrollmentToken,
    folder_id: Option<FolderId>,
    state: AssetState,
    secret: &NewSecret,
    request: EnrollRequest,
) -> Asset {
    let id = AssetId(app.new_id());
    let serial_key = serial_key(&request.facts.serial);
    let computer = request.facts.computer.trim();
    let name = if computer.is_empty() { format!("Computer {}", &id.to_string()[..8]) } else { computer.to_owned() };
    Asset {
        id,
        organization_id: token.organization_id,
        folder_id,
        search_key: asset_key(&name, &request.facts),
        name,
        state,
        fingerprint: request.fingerprint.to_lowercase(),
        facts: Json(request.facts),
        sessions: Json(Vec::new()),
        agent_token_hash: secret.hash.clone(),
        policy_id: None,
        enrolled_at: app.now(),
        reported_at: None,
        shared_identity_since: None,
        serial_key,
        predecessor_id: None,
        site_id: None,
        external_id: None,
    }
}

fn check(request: &EnrollRequest) -> Result<(), Refused> {
    let mut errors = fact_errors(&request.facts);
    let fingerprint = &request.fingerprint;
    if fingerprint.len() != 64 || !fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        errors.push(FieldError { pointer: "/fingerprint".into(), detail: "must have 64 hexadecimal digits".into() });
    }
    if request.folder.as_ref().is_some_and(|names| names.chars().count() > MAX_FOLDER_NAMES) {
        let detail = format!("must have at most {MAX_FOLDER_NAMES} characters");
        errors.push(FieldError { pointer: "/folder".into(), detail });
    }
    if errors.is_empty() { Ok(()) } else { Err(Refused::invalid(errors)) }
}

/// What is wrong with a computer's facts: texts of more than 200 characters or several lines, more than 8 addresses.
pub(super) fn fact_errors(facts: &Facts) -> Vec<FieldError> {
    let texts = [
        ("computer", &facts.computer),
        ("serial", &facts.serial),
        ("manufacturer", &facts.manufacturer),
        ("model", &facts.model),
        ("os", &facts.os),
        ("architecture", &facts.architecture),
        ("processor", &facts.processor),
        ("agent_version", &facts.agent_version),
    ];
    let addresses = facts.addresses.iter().map(|address| ("addresses", address));
    let unfit = |text: &String| text.chars().count() > MAX_NAME || text.chars().any(char::is_control);
    let mut errors: Vec<_> = texts
        .into_iter()
        .chain(addresses)
        .filter(|(_, text)| unfit(text))
        .map(|(field, _)| FieldError {
            pointer: format!("/facts/{field}"),
            detail: format!("must be a single line of at most {MAX_NAME} characters"),
        })
        .collect();
    if facts.addresses.len() > 8 {
        errors.push(FieldError { pointer: "/facts/addresses".into(), detail: "must have at most 8 items".into() });
    }
    if i64::try_from(facts.memory_bytes).is_err() {
        errors.push(FieldError { pointer: "/facts/memory_bytes".into(), detail: "is no size of a memory".into() });
    }
    errors
}
