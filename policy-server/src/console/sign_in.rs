//! `/users/sign_in`: staff sign in with address and password, then with the code of their authenticator if they have one.
//! Apart from the portal in routes, cookies and tables (SYN-31, invariant 23).

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{forms::Sent, guard::SignedIn, layout::Layout};
use crate::{
    app::{App, SharedApp},
    browser::{self, is_our_own},
    changes::record,
    client_address::ClientAddress,
    domain::{
        audit::{Actor, AuditAction},
        ids::{StaffId, StaffSessionId},
        staff::{SESSION_LIFETIME, SessionStep},
    },
    passwords,
    portal::pages::{PageFailed, page},
    second_factor::{self, Authenticator},
    secrets::NewSecret,
    store::{AuditRecord, Staff, StaffSession},
};

const COOKIE: &str = "__Host-staff";
const TOO_MANY: &str = "Too many wrong tries. Wait a quarter of an hour, or ask an administrator for a new link.";

/// Where to go after the sign-in.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Code {
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage {
    layout: Layout,
    email: String,
    next: String,
    error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "console/sign_in_code.html")]
struct CodePage {
    layout: Layout,
    next: String,
    error: Option<&'static str>,
}

/// The form.
pub(super) async fn show(
    State(app): State<SharedApp>,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, PageFailed> {
    if SignedIn::load(&app, &headers, SessionStep::SignedIn).await?.is_some() {
        return Ok(Redirect::to(place(&next)).into_response());
    }
    let layout = Layout::outside(&app);
    page(StatusCode::OK, &SignInPage { layout, email: String::new(), next, error: None })
}

/// Checks address and password. What is wrong is not told apart (S9).
pub(super) async fn password(
    State(app): State<SharedApp>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Sent(Credentials { email, password, next }): Sent<Credentials>,
) -> Result<Response, PageFailed> {
    let again = async |status, error| {
        let layout = Layout::outside(&app);
        page(status, &SignInPage { layout, email: email.clone(), next: next.clone(), error: Some(error) })
    };
    if !is_our_own(&app.origin, &headers) {
        return again(StatusCode::FORBIDDEN, "This form did not come from the console. Try again here.").await;
    }
    if !app.sign_ins.lets_through(&email, address, app.now()) {
        return again(StatusCode::TOO_MANY_REQUESTS, TOO_MANY).await;
    }
    let found = app.store.staff_by_email(&email).await?.filter(|staff| staff.deactivated_at.is_none());
    let hash = found.as_ref().and_then(|staff| staff.password_hash.clone());
    let right = passwords::is_right(password, hash).await?;
    let Some(staff) = found.filter(|_| right) else {
        app.sign_ins.was_wrong(&email, address, app.now());
        return again(StatusCode::UNPROCESSABLE_ENTITY, "E-mail address or password is wrong.").await;
    };
    let session = Beginning { browser: browser::name(&headers), address: address.to_string(), in_place_of: None };
    if staff.totp_generation.is_some() {
        let cookie = begin(&app, &staff, session, SessionStep::SecondFactor).await?;
        let query = query_of(&next);
        return Ok((cookie, Redirect::to(&format!("/users/sign_in/code{query}"))).into_response());
    }
    app.sign_ins.was_right(&email, address);
    let cookie = begin(&app, &staff, session, SessionStep::SignedIn).await?;
    Ok((cookie, Redirect::to(place(&next))).into_response())
}

/// The form for the code.
pub(super) async fn show_code(
    State(app): State<SharedApp>,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, PageFailed> {
    if SignedIn::load(&app, &headers, SessionStep::SecondFactor).await?.is_none() {
        return Ok(Redirect::to("/users/sign_in").into_response());
    }
    let layout = Layout::outside(&app);
    page(StatusCode::OK, &CodePage { layout, next, error: None })
}

/// Checks the code of the authenticator, or a recovery code.
pub(super) async fn code(
    State(app): State<SharedApp>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Sent(Code { code, next }): Sent<Code>,
) -> Result<Response, PageFailed> {
    let half = SignedIn::load(&app, &headers, SessionStep::SecondFactor).await?;
    let Some(SignedIn { staff, session }) = half.filter(|_| is_our_own(&app.origin, &headers)) else {
        return Ok(Redirect::to("/users/sign_in").into_response());
    };
    let again = async |status, error| {
        let layout = Layout::outside(&app);
        page(status, &CodePage { layout, next: next.clone(), error: Some(error) })
    };
    if !app.sign_ins.lets_through(&staff.email, address, app.now()) {
        return again(StatusCode::TOO_MANY_REQUESTS, TOO_MANY).await;
    }
    if !is_present_code(&app, &staff, &code).await? && !is_recovery_code(&app, &staff, &code).await? {
        app.sign_ins.was_wrong(&staff.email, address, app.now());
        return again(StatusCode::UNPROCESSABLE_ENTITY, "The code is wrong, or was used before.").await;
    }
    app.sign_ins.was_right(&staff.email, address);
    let session = Beginning { browser: session.browser, address: session.address, in_place_of: Some(session.id) };
    let cookie = begin(&app, &staff, session, SessionStep::SignedIn).await?;
    Ok((cookie, Redirect::to(place(&next))).into_response())
}

/// Ends the session that asks for it.
pub(super) async fn sign_out(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    let record = by(&app, &signed_in.staff, AuditAction::StaffSignedOut);
    app.store.end_staff_session(signed_in.staff.id, signed_in.session.id, record).await?;
    let gone = format!("{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/users/sign_in")).into_response())
}

/// The secret in the browser's cookie.
pub(super) fn staff_cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// Signs somebody in who has just proven who they are.
pub(super) async fn sign_in(
    app: &App,
    staff: &Staff,
    headers: &HeaderMap,
    ClientAddress(address): ClientAddress,
) -> Result<Response, PageFailed> {
    let session = Beginning { browser: browser::name(headers), address: address.to_string(), in_place_of: None };
    let cookie = begin(app, staff, session, SessionStep::SignedIn).await?;
    Ok((cookie, Redirect::to("/console")).into_response())
}

struct Beginning {
    browser: String,
    address: String,
    in_place_of: Option<StaffSessionId>,
}

async fn begin(
    app: &App,
    staff: &Staff,
    beginning: Beginning,
    step: SessionStep,
) -> Result<[(header::HeaderName, HeaderValue); 1], PageFailed> {
    let secret = NewSecret::draw()?;
    let now = app.now();
    let session = StaffSession {
        id: StaffSessionId(app.new_id()),
        staff_id: staff.id,
        token_hash: secret.hash,
        step,
        browser: beginning.browser,
        address: beginning.address,
        created_at: now,
        used_at: now,
    };
    let record = match step {
        SessionStep::SignedIn => Some(by(app, staff, AuditAction::StaffSignedIn)),
        SessionStep::SecondFactor => None,
    };
    let lifetime = i64::try_from(SESSION_LIFETIME.as_millis()).unwrap_or(i64::MAX);
    app.store.begin_staff_session(session, beginning.in_place_of, now - lifetime, record).await?;
    let age = SESSION_LIFETIME.as_secs();
    let cookie = format!("{COOKIE}={}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax", secret.text);
    Ok([(header::SET_COOKIE, HeaderValue::from_str(&cookie)?)])
}

async fn is_present_code(app: &App, staff: &Staff, code: &str) -> Result<bool, PageFailed> {
    let Some(generation) = staff.totp_generation else { return Ok(false) };
    let authenticator = Authenticator::new(&app.key, staff.id, generation, "Deskbell", &staff.email)?;
    match authenticator.step(code, app.now()) {
        Some(step) => Ok(app.store.use_totp_step(staff.id, step).await?),
        None => Ok(false),
    }
}

async fn is_recovery_code(app: &App, staff: &Staff, code: &str) -> Result<bool, PageFailed> {
    let Some(hash) = second_factor::recovery_code_hash(code) else { return Ok(false) };
    Ok(app.store.use_recovery_code(staff.id, &hash, by(app, staff, AuditAction::StaffRecoveryCodeUsed)).await?)
}

fn by(app: &App, staff: &Staff, action: AuditAction) -> AuditRecord {
    let StaffId(id) = staff.id;
    let actor = Actor::Staff { id: staff.id, name: staff.name.clone(), role: staff.role };
    record(app, &actor, action, id, &json!({}))
}

/// A path of the console, or the overview: a query must not lead elsewhere.
fn place(next: &str) -> &str {
    let plain = next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    let within = next == "/console" || next.starts_with("/console/") || next.starts_with("/console?");
    if plain && within { next } else { "/console" }
}

fn query_of(next: &str) -> String {
    let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
    format!("?next={next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_in_leads_to_the_console_and_nowhere_else() {
        for (next, there) in [
            ("/console/assets?state=new", "/console/assets?state=new"),
            ("https://evil.example/console/", "/console"),
            ("//evil.example", "/console"),
            ("/console/\\evil", "/console"),
            ("/consoles", "/console"),
            ("", "/console"),
        ] {
            assert_eq!(place(next), there, "{next}");
        }
    }
}
