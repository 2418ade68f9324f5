//! `GET /launch/<code>`: the first browser that comes with a code gets a session and a page without the code in its
//! address (AGT-10).

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    cookies::{asset_cookie, set_asset_cookie},
    look::Look,
    looks::Here,
    pages::{PageFailed, again},
};
use crate::{
    app::{App, SharedApp},
    domain::{ids::AssetSessionId, launch::is_live, policy::DEFAULT_DESTINATION},
    secrets::{self, NewSecret},
    store::{AssetSession, Portal, launches::LaunchCode},
};

/// Uses a code up. Used by another browser, late, forged or unreadable: the same friendly page for all.
pub async fn launch(
    State(app): State<SharedApp>,
    Here(look): Here,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageFailed> {
    let Some(code) = live_code(&app, &code).await? else { return again(&look, None) };
    let before = session_before(&app, &headers, &look.portal).await?;
    if let Some(session) = code.session_id {
        let same_browser = before.is_some_and(|before| before.id == session);
        return if same_browser { Ok(forward(&app, &look, &code, None)) } else { again(&look, None) };
    }
    let secret = NewSecret::draw()?;
    let session = session(&app, &code, &secret, before);
    if !app.store.begin_asset_session(&code.code_hash, session).await? {
        return again(&look, None);
    }
    Ok(forward(&app, &look, &code, set_asset_cookie(&look.portal, &secret.text)))
}

async fn live_code(app: &App, text: &str) -> Result<Option<LaunchCode>, PageFailed> {
    let Some(hash) = secrets::hash(text) else { return Ok(None) };
    let code = app.store.launch_code(&hash).await?;
    Ok(code.filter(|code| is_live(code.expires_at, app.now())))
}

/// The session that this browser already has, ended or not.
async fn session_before(app: &App, headers: &HeaderMap, portal: &Portal) -> Result<Option<AssetSession>, PageFailed> {
    match asset_cookie(headers, portal).as_deref().and_then(secrets::hash) {
        Some(hash) => Ok(app.store.asset_session(&hash).await?),
        None => Ok(None),
    }
}

/// A new session for the code's asset; what the same person typed in an ended one comes along.
fn session(app: &App, code: &LaunchCode, secret: &NewSecret, before: Option<AssetSession>) -> AssetSession {
    let same_person = |before: &AssetSession| before.asset_id == code.asset_id && before.basis() == code.basis();
    AssetSession {
        id: AssetSessionId(app.new_id()),
        token_hash: secret.hash.clone(),
        asset_id: code.asset_id,
        assignment_id: code.assignment_id,
        os_login_id: code.os_login_id,
        entry_id: code.entry_id.clone(),
        os_user: code.os_user.clone(),
        draft: before.filter(same_person).and_then(|before| before.draft),
        created_at: app.now(),
        used_at: app.now(),
    }
}

fn forward(app: &App, look: &Look, code: &LaunchCode, cookie: Option<header::HeaderValue>) -> Response {
    let entry = code.entry_id.parse().ok();
    let destination = entry.and_then(|entry| app.fleet.destination(code.asset_id, &entry));
    let destination = destination.unwrap_or_else(|| DEFAULT_DESTINATION.to_owned());
    let destination = if destination.starts_with('/') { look.at(&destination) } else { destination };
    let headers = [(header::LOCATION, destination), (header::CACHE_CONTROL, "no-store".to_owned())];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
