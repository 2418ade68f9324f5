//! Portal users as rows: made, and edited. What happens to them is in `portal_user_steps.rs`.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    end_users::end_user,
    expected::Seen,
    fields::{Fields, Wish},
    organizations::organization,
    portal_user_steps::{give_password, letters, set_shut_out},
    record,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{EndUserId, OrganizationId, PolicyId, PortalUserId},
        language::Language,
        mail_template::MailTemplateKey,
        portal_user::{GroupKey, PortalUserState, sign_in_key},
        reach::Reach,
    },
    problems::Refused,
    store::{
        EndUser, Outbox, PortalUser,
        end_users::NewPortalUserRow,
        portal_users::{Effects, Ends},
    },
};

/// A new portal user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPortalUser {
    /// Whose.
    #[serde(alias = "customer_id")]
    pub organization_id: OrganizationId,
    /// The end user; absent: the organization itself.
    #[serde(alias = "contact_id")]
    pub end_user_id: Option<EndUserId>,
    /// What they type to sign in, which no other has.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub sign_in_name: String,
    /// Where links are mailed to; absent: the end user's address, once they are invited.
    pub email: Option<String>,
    /// In which language an organization itself is mailed; absent: the MSP's. That of an end user is set there.
    pub language: Option<Language>,
    /// What they may do: the key of a group; absent: `limited`, and `admin` for the organization itself.
    pub group: Option<GroupKey>,
    /// Whether they submit and view tickets for themselves; absent: yes.
    pub is_user: Option<bool>,
    /// Whether they do so for everybody of their organization; absent: no.
    pub is_admin: Option<bool>,
    /// Whether, as a portal admin, they do so for the people at their own site alone; absent: no.
    pub site_only: Option<bool>,
}

/// The changes of state that need no invitation.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "WantedPortalUserState")]
#[serde(rename_all = "snake_case")]
pub enum WantedState {
    /// No longer shut out: active for whoever had accepted an invitation, else enabled for the tray.
    Enabled,
    /// Shut out at once: sessions end, links are dead, one mail tells them.
    Deactivated,
}

/// What may change. `state` and `password` are changed each in a request of its own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalUserChange {
    /// The wanted state.
    pub state: Option<WantedState>,
    /// A password with which they can come in; they are told, and signed out everywhere.
    pub password: Option<String>,
    /// The end user; null: the organization itself.
    #[serde(default, alias = "contact_id")]
    pub end_user_id: Wish<EndUserId>,
    /// What they type to sign in.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub sign_in_name: Option<String>,
    /// Where links are mailed to; open links are dead. The old and the new address are told.
    #[serde(default)]
    pub email: Wish<String>,
    /// In which language an organization itself is mailed; null: the MSP's. That of an end user is changed there.
    #[serde(default)]
    pub language: Wish<Language>,
    /// What they may do: the key of a group. They are told.
    pub group: Option<GroupKey>,
    /// Whether they submit and view tickets for themselves; they are told.
    pub is_user: Option<bool>,
    /// Whether they do so for everybody of their organization; they are told.
    pub is_admin: Option<bool>,
    /// Whether, as a portal admin, they do so for the people at their own site alone; they are told.
    pub site_only: Option<bool>,
}

/// Enables an end user for the tray, without mail (decision C6).
pub async fn make(app: &App, actor: &Actor, new: NewPortalUser) -> Result<PortalUser, Refused> {
    let mut fields = Fields::default();
    let sign_in_name = fields.check("/sign_in_name", &new.sign_in_name, contact::name);
    let email = fields.check_optional("/email", new.email, contact::email);
    check_group(app, &mut fields, new.group.as_ref()).await?;
    let (is_user, is_admin) = (new.is_user.unwrap_or(true), new.is_admin.unwrap_or(false));
    check_roles(&mut fields, is_user, is_admin);
    check_language(&mut fields, new.end_user_id, new.language);
    fields.done()?;
    let row = PortalUser {
        sign_in_key: sign_in_key(&sign_in_name),
        sign_in_name,
        email_key: email.as_deref().map(sign_in_key),
        email,
        group_key: new.group.unwrap_or_else(|| GroupKey::of_new(new.end_user_id)),
        is_user,
        is_admin,
        site_only: new.site_only.unwrap_or(false),
        language: new.language,
        ..enabled_row(app, new.organization_id, new.end_user_id)
    };
    let detail = json!({"end_user_id": row.end_user_id, "state": row.state});
    let record = record(app, actor, AuditAction::PortalUserMade, row.id.0, &detail);
    app.store.insert_portal_user(row.clone(), record).await?;
    Ok(row)
}

/// Enables an end user for the tray, without mail (decision C6), under a sign-in name that is free. Somebody who is a
/// portal user stays what they are.
pub async fn enable_for_tray(app: &App, actor: &Actor, id: EndUserId) -> Result<PortalUser, Refused> {
    let end_user = end_user(app, id).await?;
    if app.store.portal_user_of(id).await?.is_none() {
        app.store.insert_portal_users(vec![enabled(app, actor, &end_user)]).await?;
    }
    let made = app.store.portal_user_of(id).await?;
    made.ok_or_else(|| Refused::new(ProblemKind::Conflict, "No sign-in name is free for this end user."))
}

/// Enables every end user of an organization who has an asset in use and is no portal user, all in one step, and says how
/// many were. Those who were deactivated stay so.
pub async fn enable_all_for_tray(app: &App, actor: &Actor, id: OrganizationId) -> Result<usize, Refused> {
    organization(app, id).await?;
    enable_within(app, actor, &Reach::of(Some(id))).await
}

/// Enables every end user with an asset that a policy reaches who is no portal user, and tells how many those were.
pub async fn enable_below_for_tray(app: &App, actor: &Actor, policy: PolicyId) -> Result<usize, Refused> {
    enable_within(app, actor, &app.fleet.reach(policy)).await
}

async fn enable_within(app: &App, actor: &Actor, reach: &Reach) -> Result<usize, Refused> {
    let end_users = app.store.end_users_to_enable(reach).await?;
    let new = end_users.iter().map(|end_user| enabled(app, actor, end_user)).collect();
    Ok(app.store.insert_portal_users(new).await?)
}

/// What an end user becomes: with the address as sign-in name, or with the name and what makes it unique.
fn enabled(app: &App, actor: &Actor, end_user: &EndUser) -> NewPortalUserRow {
    let row = enabled_row(app, end_user.organization_id, Some(end_user.id));
    let unique = format!("{} {}", end_user.name, &end_user.id.0.simple().to_string()[24..]);
    let names = end_user.email.iter().cloned().chain([unique, end_user.id.to_string()]);
    let names = names.filter_map(|name| contact::name(&name).ok());
    let detail = json!({"end_user_id": row.end_user_id, "state": row.state});
    NewPortalUserRow {
        names: names.map(|name| (sign_in_key(&name), name)).collect(),
        record: record(app, actor, AuditAction::PortalUserMade, row.id.0, &detail),
        row,
    }
}

/// Changes a portal user. Edits are silent but for those of address and roles, which tell the old and the new address
/// (decision C5).
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<PortalUserId>>,
    change: PortalUserChange,
) -> Result<PortalUser, Refused> {
    let seen = seen.into();
    if change.edits() && (change.state.is_some() || change.password.is_some()) {
        return Err(Refused::field("/state", "and a password must be changed in a request of their own"));
    }
    match change {
        PortalUserChange { state: Some(state), password: None, .. } => set_shut_out(app, actor, seen, state).await,
        PortalUserChange { state: None, password: Some(password), .. } => {
            give_password(app, actor, seen, &password).await
        }
        PortalUserChange { state: Some(_), password: Some(_), .. } => {
            Err(Refused::field("/password", "must be set in a request of its own"))
        }
        change => edit(app, actor, seen, change).await,
    }
}

impl PortalUserChange {
    fn edits(&self) -> bool {
        self.end_user_id != Wish::Keep
            || self.sign_in_name.is_some()
            || self.email != Wish::Keep
            || self.language != Wish::Keep
            || self.group.is_some()
            || self.is_user.is_some()
            || self.is_admin.is_some()
            || self.site_only.is_some()
    }
}

async fn edit(
    app: &App,
    actor: &Actor,
    Seen { id, expected }: Seen<PortalUserId>,
    change: PortalUserChange,
) -> Result<PortalUser, Refused> {
    let mut fields = Fields::default();
    check_group(app, &mut fields, change.group.as_ref()).await?;
    fields.done()?;
    let (mails, to) = letters(app, &portal_user(app, id).await?).await?;
    let saved = app.store.step_portal_user(id, |row| {
        expected.check(row)?;
        let before = row.clone();
        apply(row, change)?;
        let moved = row.email != before.email;
        if moved && row.state == PortalUserState::Invited {
            // Whoever has read the mail to the former address holds a password that came with it.
            (row.password_hash, row.password_expires_at) = (None, None);
        }
        let told_of = moved
            || (&row.group_key, row.is_user, row.is_admin, row.site_only)
                != (&before.group_key, before.is_user, before.is_admin, before.site_only);
        let mut addresses = if told_of { vec![before.email.clone(), row.email.clone()] } else { Vec::new() };
        addresses.dedup();
        let mails = addresses
            .into_iter()
            .flatten()
            .map(|email| mails.told(app, MailTemplateKey::PortalChanged, row, &email, &to));
        let detail = json!({
            "end_user_before": before.end_user_id, "end_user_after": row.end_user_id,
            "admin_before": before.is_admin, "admin_after": row.is_admin,
            "user_before": before.is_user, "user_after": row.is_user,
            "site_only_before": before.site_only, "site_only_after": row.site_only,
            "group_before": before.group_key, "group_after": row.group_key,
        });
        Ok::<_, Refused>(Some(Effects {
            voids_tokens: moved,
            ends: Ends::Nothing,
            token: None,
            outbox: Outbox { mails: mails.collect(), ..Outbox::default() },
            record: record(app, actor, AuditAction::PortalUserChanged, id.0, &detail),
        }))
    });
    let saved = saved.await?;
    app.wake_outbox();
    saved.ok_or_else(|| Refused::not_found("portal user"))
}

fn apply(row: &mut PortalUser, change: PortalUserChange) -> Result<(), Refused> {
    let mut fields = Fields::default();
    if let Some(name) = change.sign_in_name {
        row.sign_in_name = fields.check("/sign_in_name", &name, contact::name);
        row.sign_in_key = sign_in_key(&row.sign_in_name);
    }
    fields.change_optional("/email", &mut row.email, change.email, contact::email);
    row.email_key = row.email.as_deref().map(sign_in_key);
    change.end_user_id.put(&mut row.end_user_id);
    if let Wish::Set(language) = change.language {
        check_language(&mut fields, row.end_user_id, Some(language));
    }
    change.language.put(&mut row.language);
    row.language = row.language.filter(|_| row.end_user_id.is_none());
    if let Some(group) = change.group {
        row.group_key = group;
    }
    row.is_user = change.is_user.unwrap_or(row.is_user);
    row.is_admin = change.is_admin.unwrap_or(row.is_admin);
    row.site_only = change.site_only.unwrap_or(row.site_only);
    check_roles(&mut fields, row.is_user, row.is_admin);
    fields.done()
}

async fn check_group(app: &App, fields: &mut Fields, key: Option<&GroupKey>) -> Result<(), Refused> {
    if let Some(key) = key
        && app.store.portal_group(key).await?.is_none()
    {
        fields.fault("/group", "is the key of no group".into());
    }
    Ok(())
}

fn check_roles(fields: &mut Fields, is_user: bool, is_admin: bool) {
    if !is_user && !is_admin {
        fields.fault("/is_user", "must be true where is_admin is not: somebody is one or both".into());
    }
}

/// A person has one language, wherever they are mailed from.
fn check_language(fields: &mut Fields, end_user: Option<EndUserId>, language: Option<Language>) {
    if end_user.is_some() && language.is_some() {
        fields.fault("/language", "is that of the end user; set it there".into());
    }
}

/// Somebody who is enabled for the tray, still without a name.
fn enabled_row(app: &App, organization_id: OrganizationId, end_user_id: Option<EndUserId>) -> PortalUser {
    PortalUser {
        id: PortalUserId(app.new_id()),
        organization_id,
        end_user_id,
        sign_in_name: String::new(),
        sign_in_key: String::new(),
        state: PortalUserState::Enabled,
        email: None,
        email_key: None,
        password_hash: None,
        accepted_at: None,
        group_key: GroupKey::of_new(end_user_id),
        password_expires_at: None,
        is_user: true,
        is_admin: false,
        site_only: false,
        language: None,
        created_at: app.now(),
    }
}

/// The portal user with this id.
pub async fn portal_user(app: &App, id: PortalUserId) -> Result<PortalUser, Refused> {
    app.store.portal_user(id).await?.ok_or_else(|| Refused::not_found("portal user"))
}
