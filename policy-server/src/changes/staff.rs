//! Staff: who works at the MSP.

use std::time::Duration;

use deskbell_protocol::{ProblemKind, UnixMillis};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{expected::Seen, fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{RecoveryCodeId, StaffId, StaffLinkId, StaffSessionId},
        role::Role,
        staff::{LINK_LIFETIME, SessionStep, email_key, holds, new_password},
    },
    mail::staff_links::staff_link,
    passwords,
    problems::Refused,
    second_factor::{self, Authenticator},
    secrets::NewSecret,
    store::{Outbox, RecoveryCode, Staff, StaffLink, StaffSession},
};

/// Somebody who begins to work here.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"name": "Kim Lee", "email": "kim@msp.example", "role": "technician"}]))]
#[serde(deny_unknown_fields)]
pub struct NewStaff {
    /// As others know them.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// Their address, which no other of the staff has; they sign in with it.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// A one-time link, as it is shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// Where it leads.
    pub url: String,
    /// Whether it is mailed to them as well.
    pub mailed: bool,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffChange {
    /// As others know them.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// Whether they are shut out.
    pub deactivated: Option<bool>,
}

/// Adds somebody and gives the link with which they set a password, once. It is mailed to them, too, where mail goes out.
pub async fn make(app: &App, actor: &Actor, new: NewStaff) -> Result<(Staff, NewLink), Refused> {
    let row = new_row(app, &new)?;
    let (link, made, outbox) = link_for(app, &row).await?;
    let detail = json!({"role": row.role, "mailed": made.mailed});
    let record = record(app, actor, AuditAction::StaffMade, row.id.0, &detail);
    app.store.insert_staff(row.clone(), link, outbox, record).await?;
    app.wake_outbox();
    Ok((row, made))
}

/// Changes somebody. Nobody can deactivate the last administrator or take their role.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<StaffId>>,
    change: StaffChange,
) -> Result<Staff, Refused> {
    let Seen { id, expected } = seen.into();
    let saved = app.store.change_staff(id, |row| {
        expected.check(row)?;
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
        }
        if let Some(email) = change.email {
            row.email = fields.check("/email", &email, contact::email);
            row.email_key = email_key(&row.email);
        }
        check_role(&mut fields, change.role);
        fields.done()?;
        let before = row.role;
        row.role = change.role.unwrap_or(before);
        let action = match (change.deactivated, row.deactivated_at) {
            (Some(true), None) => {
                row.deactivated_at = Some(app.now());
                AuditAction::StaffDeactivated
            }
            (Some(false), Some(_)) => {
                row.deactivated_at = None;
                AuditAction::StaffReactivated
            }
            (Some(true), Some(_)) | (Some(false) | None, _) => AuditAction::StaffChanged,
        };
        let detail = json!({"role_before": before, "role_after": row.role});
        Ok::<_, Refused>(record(app, actor, action, id.0, &detail))
    });
    saved.await?.ok_or_else(|| Refused::not_found("account"))
}

/// Some roles are for programs alone.
fn check_role(fields: &mut Fields, role: Option<Role>) {
    if role.is_some_and(|role| !Role::OF_STAFF.contains(&role)) {
        fields.fault("/role", "must be administrator, technician or read_only".into());
    }
}

/// The sessions of somebody that hold, the newest first.
pub async fn sessions(app: &App, id: StaffId) -> Result<Vec<StaffSession>, Refused> {
    staff(app, id).await?;
    let mut sessions = app.store.staff_sessions(id).await?;
    sessions.retain(|row| row.step == SessionStep::SignedIn && holds(row.step, row.created_at, row.used_at, app.now()));
    Ok(sessions)
}

/// Ends a session of somebody.
pub async fn end_session(app: &App, actor: &Actor, id: StaffId, session: StaffSessionId) -> Result<(), Refused> {
    let record = record(app, actor, AuditAction::StaffSessionEnded, id.0, &json!({}));
    if app.store.end_staff_session(id, session, record).await? { Ok(()) } else { Err(Refused::not_found("session")) }
}

/// A link with which somebody sets a new password; the ones before no longer count. It is mailed to them, too, where mail
/// goes out.
pub async fn reset(app: &App, actor: &Actor, id: StaffId) -> Result<NewLink, Refused> {
    let row = staff(app, id).await?;
    if row.deactivated_at.is_some() {
        return Err(Refused::new(ProblemKind::Conflict, "Reactivate this account first."));
    }
    let (link, made, outbox) = link_for(app, &row).await?;
    let record = record(app, actor, AuditAction::StaffLinkMade, id.0, &json!({"mailed": made.mailed}));
    app.store.insert_staff_link(link, outbox, Some(record)).await?;
    app.wake_outbox();
    Ok(made)
}

/// A link that makes the first administrator, as long as nobody works here.
pub async fn first_link(app: &App) -> anyhow::Result<Option<String>> {
    if app.store.has_staff().await? {
        return Ok(None);
    }
    let (link, secret) = link(app, None)?;
    app.store.insert_staff_link(link, Outbox::default(), None).await?;
    Ok(Some(app.welcome_url(&secret)))
}

/// Uses a link: sets the password of its person, or makes the first administrator. A link that was used in between is
/// not found. The second factor of somebody whose password is reset is gone: whoever lost the one may have lost both.
pub async fn use_link(app: &App, link: &StaffLink, new: &NewStaff, password: &str) -> Result<Staff, Refused> {
    let row = match link.staff_id {
        Some(id) => staff(app, id).await?,
        None => new_row(app, &NewStaff { role: Role::Administrator, ..new.clone() })?,
    };
    let password = new_password(password, &row.email).map_err(|detail| Refused::field("/password", detail))?;
    let row = Staff { password_hash: Some(passwords::hash(password).await?), totp_generation: None, ..row };
    let actor = Actor::Staff { id: row.id, name: row.name.clone(), role: row.role };
    let record = record(app, &actor, AuditAction::StaffPasswordSet, row.id.0, &json!({}));
    if app.store.use_staff_link(link.id, row.clone(), record).await? {
        Ok(row)
    } else {
        Err(Refused::not_found("link"))
    }
}

/// Changes one's own password; the other sessions end (S17).
pub async fn change_password(
    app: &App,
    row: Staff,
    session: StaffSessionId,
    old: String,
    new: &str,
) -> Result<(), Refused> {
    if !passwords::is_right(old, row.password_hash.clone()).await? {
        return Err(Refused::field("/old_password", "is not your password"));
    }
    let new = new_password(new, &row.email).map_err(|detail| Refused::field("/password", detail))?;
    let actor = Actor::Staff { id: row.id, name: row.name.clone(), role: row.role };
    let record = record(app, &actor, AuditAction::StaffPasswordSet, row.id.0, &json!({}));
    let row = Staff { password_hash: Some(passwords::hash(new).await?), ..row };
    Ok(app.store.save_staff_secret(row, session, Vec::new(), record).await?)
}

/// The authenticator that somebody would set up next.
pub async fn next_authenticator(app: &App, row: &Staff) -> Result<(Authenticator, i64), Refused> {
    let generation = row.totp_generation.unwrap_or(row.totp_last_step) + 1;
    let provider = app.provider().await?;
    Ok((Authenticator::new(&app.key, row.id, generation, &provider.name, &row.email)?, generation))
}

/// Sets up one's own second factor, proven by its present code, and gives the recovery codes, once.
pub async fn set_second_factor(
    app: &App,
    row: Staff,
    session: StaffSessionId,
    code: &str,
) -> Result<Vec<String>, Refused> {
    let (authenticator, generation) = next_authenticator(app, &row).await?;
    let Some(step) = authenticator.step(code, app.now()) else {
        return Err(Refused::field("/code", "is not the present code of the new authenticator"));
    };
    let codes = second_factor::new_recovery_codes()?;
    let rows = codes.iter().filter_map(|code| {
        let code_hash = second_factor::recovery_code_hash(code)?;
        Some(RecoveryCode { id: RecoveryCodeId(app.new_id()), staff_id: row.id, code_hash, used_at: None })
    });
    let actor = Actor::Staff { id: row.id, name: row.name.clone(), role: row.role };
    let record = record(app, &actor, AuditAction::StaffSecondFactorSet, row.id.0, &json!({}));
    let rows = rows.collect();
    let row = Staff { totp_generation: Some(generation), totp_last_step: step, ..row };
    app.store.save_staff_secret(row, session, rows, record).await?;
    Ok(codes)
}

/// Takes one's own second factor away.
pub async fn remove_second_factor(
    app: &App,
    row: Staff,
    session: StaffSessionId,
    password: String,
) -> Result<(), Refused> {
    if !passwords::is_right(password, row.password_hash.clone()).await? {
        return Err(Refused::field("/password", "is not your password"));
    }
    let actor = Actor::Staff { id: row.id, name: row.name.clone(), role: row.role };
    let record = record(app, &actor, AuditAction::StaffSecondFactorRemoved, row.id.0, &json!({}));
    let row = Staff { totp_generation: None, ..row };
    Ok(app.store.save_staff_secret(row, session, Vec::new(), record).await?)
}

/// Somebody of the staff.
pub async fn staff(app: &App, id: StaffId) -> Result<Staff, Refused> {
    app.store.staff(id).await?.ok_or_else(|| Refused::not_found("account"))
}

/// From now on by `lifetime`.
pub fn after(now: UnixMillis, lifetime: Duration) -> UnixMillis {
    now.saturating_add(UnixMillis::try_from(lifetime.as_millis()).unwrap_or(UnixMillis::MAX))
}

fn new_row(app: &App, new: &NewStaff) -> Result<Staff, Refused> {
    let mut fields = Fields::default();
    let name = fields.check("/name", &new.name, contact::name);
    let email = fields.check("/email", &new.email, contact::email);
    check_role(&mut fields, Some(new.role));
    fields.done()?;
    Ok(Staff {
        id: StaffId(app.new_id()),
        name,
        email_key: email_key(&email),
        email,
        role: new.role,
        password_hash: None,
        totp_generation: None,
        totp_last_step: 0,
        deactivated_at: None,
        created_at: app.now(),
    })
}

fn link(app: &App, staff_id: Option<StaffId>) -> anyhow::Result<(StaffLink, String)> {
    let secret = NewSecret::draw()?;
    let link = StaffLink {
        id: StaffLinkId(app.new_id()),
        staff_id,
        token_hash: secret.hash,
        expires_at: after(app.now(), LINK_LIFETIME),
        used_at: None,
        created_at: app.now(),
    };
    Ok((link, secret.text))
}

/// The link's row, the link, and the mail that brings it.
async fn link_for(app: &App, row: &Staff) -> anyhow::Result<(StaffLink, NewLink, Outbox)> {
    let (link, secret) = link(app, Some(row.id))?;
    let mails = match &app.config.mail {
        Some(_) => vec![staff_link(app, row, &secret).await?],
        None => Vec::new(),
    };
    let made = NewLink { url: app.welcome_url(&secret), mailed: !mails.is_empty() };
    Ok((link, made, Outbox { mails, ..Outbox::default() }))
}
