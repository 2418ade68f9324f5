//! What happens to portal users: `domain/portal_user` decides, and what it says is stored, mailed and ended in one
//! transaction.

use std::collections::HashSet;

use deskbell_protocol::ProblemKind;
use serde_json::json;

use super::{
    expected::Seen,
    portal_users::{WantedState, portal_user},
    record,
    staff::after,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::{EndUserId, OrganizationId, PortalSessionId, PortalTokenId, PortalUserId},
        mail_template::MailTemplateKey,
        portal_user::{
            GENERATED_PASSWORD_LIFETIME, InvitationBrings, Outcome, PortalMail, PortalPermission, PortalUserEvent,
            PortalUserState, Standing, StepRefusal, TokenPurpose, sign_in_key, step,
        },
        staff::new_password,
    },
    mail::portal_mails::{Addressee, PortalMails},
    passwords,
    portal::look::Look,
    problems::Refused,
    secrets::NewSecret,
    store::{
        EndUser, Mail, Outbox, PortalToken, PortalUser, SignUp, StoreError,
        portal_users::{Effects, Ends},
    },
};

impl From<StepRefusal> for Refused {
    fn from(refusal: StepRefusal) -> Self {
        Self::new(ProblemKind::Conflict, refusal.to_string())
    }
}

/// What is wrong with the address of whoever is to be invited and has none.
pub(super) const NO_ADDRESS: &str = "is missing: an invitation needs a valid e-mail address";

/// Lets somebody into the portal and mails them the link (RES-16). Who has been let in already gets no other mail (RES-22).
pub async fn invite(app: &App, actor: &Actor, id: PortalUserId) -> Result<PortalUser, Refused> {
    invited(app, actor, id, PortalUserEvent::Invite, AuditAction::PortalUserInvited).await
}

/// Mails another link to somebody who has not accepted; the one before is dead (ZOH-26).
pub async fn invite_again(app: &App, actor: &Actor, id: PortalUserId) -> Result<PortalUser, Refused> {
    invited(app, actor, id, PortalUserEvent::InviteAgain, AuditAction::PortalUserInvitedAgain).await
}

/// Lets an end user into the portal, who need not be a portal user yet.
pub async fn invite_end_user(app: &App, actor: &Actor, id: EndUserId) -> Result<PortalUser, Refused> {
    let end_user = super::end_users::end_user(app, id).await?;
    // First, so that nobody becomes a portal user by an invitation that cannot be sent.
    can_invite(app, end_user.organization_id)?;
    if end_user.email.is_none() {
        return Err(no_address());
    }
    group_lets_in(app, app.store.portal_user_of(id).await?.as_ref())?;
    let row = super::portal_users::enable_for_tray(app, actor, id).await?;
    invite(app, actor, row.id).await
}

/// Shuts somebody out at once, or takes that back.
pub async fn set_shut_out(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<PortalUserId>>,
    wanted: WantedState,
) -> Result<PortalUser, Refused> {
    let Seen { id, expected } = seen.into();
    let (mails, to) = letters(app, &portal_user(app, id).await?).await?;
    let (event, action) = match wanted {
        WantedState::Deactivated => (PortalUserEvent::Deactivate, AuditAction::PortalUserDeactivated),
        WantedState::Enabled => (PortalUserEvent::Reactivate, AuditAction::PortalUserReactivated),
    };
    let saved = app.store.step_portal_user(id, |row| {
        expected.check(row)?;
        effects(app, actor, row, event, action, (&mails, &to))
    });
    finished(app, saved.await?)
}

/// Sets a password for somebody, with which they can come in (RS-14, RS-21). They are told, and signed out everywhere.
pub async fn give_password(
    app: &App,
    actor: &Actor,
    Seen { id, expected }: Seen<PortalUserId>,
    password: &str,
) -> Result<PortalUser, Refused> {
    let before = portal_user(app, id).await?;
    let (hash, (mails, to)) = (hash(&before, password).await?, letters(app, &before).await?);
    let saved = app.store.step_portal_user(id, |row| {
        expected.check(row)?;
        row.password_hash = Some(hash);
        effects(app, actor, row, PortalUserEvent::SetPassword, AuditAction::PortalUserPasswordSet, (&mails, &to))
    });
    finished(app, saved.await?)
}

/// Uses an invitation: from now on, this password opens the portal. Absent: the link was used in between.
pub async fn accept(app: &App, token: &PortalToken, password: &str) -> Result<Option<PortalUser>, Refused> {
    let id = token.portal_user_id;
    let before = portal_user(app, id).await?;
    let hash = hash(&before, password).await?;
    let (mails, to) = letters(app, &before).await?;
    let actor = Actor::PortalUser(id);
    let used = app.store.use_portal_token(token.id, id, app.now(), |row| {
        row.password_hash = Some(hash);
        let (event, action) = (PortalUserEvent::Accept, AuditAction::PortalUserAccepted);
        effects(app, &actor, row, event, action, (&mails, &to))
    });
    used.await
}

/// Sets the password that a link was mailed for, or one's own; `keep` is the session that goes on. They are told.
pub async fn set_own_password(
    app: &App,
    id: PortalUserId,
    password: &str,
    by: PasswordBy<'_>,
) -> Result<Option<PortalUser>, Refused> {
    let before = portal_user(app, id).await?;
    let hash = hash(&before, password).await?;
    let (mails, to) = letters(app, &before).await?;
    let actor = Actor::PortalUser(id);
    let ends = match by {
        PasswordBy::Link(_) => Ends::All,
        PasswordBy::Session(kept) => Ends::Others(kept),
    };
    let change = |row: &mut PortalUser| {
        if row.state != PortalUserState::Active {
            return Err(Refused::from(StepRefusal::Deactivated));
        }
        row.password_hash = Some(hash);
        let record = record(app, &actor, AuditAction::PortalUserPasswordSet, id.0, &json!({}));
        let mail = told(app, (&mails, &to), MailTemplateKey::PortalChanged, row);
        let outbox = Outbox { mails: mail.into_iter().collect(), ..Outbox::default() };
        Ok(Some(Effects { voids_tokens: true, ends, token: None, outbox, record }))
    };
    let saved = match by {
        PasswordBy::Link(token) => app.store.use_portal_token(token.id, id, app.now(), change).await?,
        PasswordBy::Session(_) => app.store.step_portal_user(id, change).await?,
    };
    app.wake_outbox();
    Ok(saved)
}

/// What lets somebody set their own password.
#[derive(Debug, Clone, Copy)]
pub enum PasswordBy<'a> {
    /// A link that was mailed.
    Link(&'a PortalToken),
    /// A session, whose owner has proven the password before.
    Session(PortalSessionId),
}

/// Marks invitations whose time is over, at most `limit`; says how many.
pub async fn lapse(app: &App, limit: u64) -> Result<u64, Refused> {
    let mut lapsed = 0;
    for row in app.store.lapsed_portal_users(app.now(), limit).await? {
        let (mails, to) = letters(app, &row).await?;
        let saved = app.store.step_portal_user(row.id, |row| {
            let (event, action) = (PortalUserEvent::Lapse, AuditAction::PortalUserInvitationLapsed);
            effects(app, &Actor::Clock, row, event, action, (&mails, &to))
        });
        lapsed += u64::from(saved.await?.is_some());
    }
    Ok(lapsed)
}

/// Mails a link to whoever can sign in with this address: one mail, which names each account (decision C11). Nothing is said
/// of whether there is one (decision C2).
pub async fn mail_link(app: &App, look: &Look, purpose: TokenPurpose, typed: &str) -> Result<(), Refused> {
    let Ok(email) = contact::email(typed) else { return Ok(()) };
    let mut rows = app.store.portal_users_by_email(&sign_in_key(&email)).await?;
    rows.retain(|row| {
        look.groups.may(&row.group_key, PortalPermission::Access) && look.is_of(app, row.organization_id)
    });
    let Some(first) = rows.first() else { return Ok(()) };
    let Some(stored) = first.email.clone() else { return Ok(()) };
    if !app.limits.mails.takes(first.organization_id, app.now()) {
        return Ok(());
    }
    let (mails, mut to) = letters(app, first).await?;
    let mut accounts = Vec::new();
    for row in &rows {
        let organization = app.store.organization(row.organization_id).await?;
        accounts.push(format!("{}, {}", row.sign_in_name, organization.map_or(String::new(), |found| found.name)));
    }
    to.accounts = accounts.join("\n");
    // To the address as it is stored, never as it was typed (S20).
    let (token, mail) = mails.link(app, purpose, first, &stored, &to)?;
    app.store.insert_portal_token(token, Outbox { mails: vec![mail], ..Outbox::default() }).await?;
    app.wake_outbox();
    Ok(())
}

async fn invited(
    app: &App,
    actor: &Actor,
    id: PortalUserId,
    event: PortalUserEvent,
    action: AuditAction,
) -> Result<PortalUser, Refused> {
    let before = portal_user(app, id).await?;
    can_invite(app, before.organization_id)?;
    let look = app.looks.of_organization(before.organization_id);
    let (mails, to) = letters(app, &before).await?;
    let of_end_user = match before.end_user_id {
        Some(id) => app.store.end_user(id).await?.and_then(|found| found.email),
        None => None,
    };
    let generated = match look.portal.invitation_brings {
        InvitationBrings::Link => None,
        InvitationBrings::GeneratedPassword => Some(GeneratedPassword::draw().await?),
    };
    let saved = app.store.step_portal_user(id, |row| {
        group_lets_in(app, Some(row))?;
        if row.email.is_none() {
            row.email_key = of_end_user.as_deref().map(sign_in_key);
            row.email = of_end_user;
        }
        let effects = effects(app, actor, row, event, action, (&mails, &to))?;
        match effects.filter(|effects| effects.token.is_some()) {
            Some(effects) => Ok::<_, Refused>(Some(with_password(app, row, effects, generated, (&mails, &to))?)),
            None => Ok(None),
        }
    });
    finished(app, saved.await?)
}

/// A password for an invitation that brings one: 20 characters, with which nothing else is done (NAB-19).
struct GeneratedPassword {
    text: String,
    hash: String,
}

impl GeneratedPassword {
    async fn draw() -> Result<Self, Refused> {
        let text = NewSecret::draw()?.text.chars().filter(char::is_ascii_alphanumeric).take(20).collect::<String>();
        let hash = passwords::hash(text.clone()).await?;
        Ok(Self { text, hash })
    }
}

/// An invitation with a password in place of its link, where there is one. A password that an earlier one brought is dead.
fn with_password(
    app: &App,
    row: &mut PortalUser,
    effects: Effects,
    generated: Option<GeneratedPassword>,
    (mails, to): (&PortalMails, &Addressee),
) -> Result<Effects, Refused> {
    let Some(GeneratedPassword { text, hash }) = generated else {
        (row.password_hash, row.password_expires_at) = (None, None);
        return Ok(effects);
    };
    let email = row.email.clone().ok_or_else(no_address)?;
    let mail = mails.password(app, row, &email, to, &text)?;
    row.password_hash = Some(hash);
    row.password_expires_at = Some(after(app.now(), GENERATED_PASSWORD_LIFETIME));
    Ok(Effects { token: None, outbox: Outbox { mails: vec![mail], ..Outbox::default() }, ..effects })
}

/// Uses the password of an invitation up, which `row` was read with, and gives what an invitation's link would have: the secret
/// with which a password of their own is set. Absent: it was used in between.
pub async fn use_generated_password(app: &App, before: &PortalUser) -> Result<Option<String>, Refused> {
    let secret = NewSecret::draw()?;
    let actor = Actor::PortalUser(before.id);
    let saved = app.store.step_portal_user(before.id, |row| {
        let is_same = row.password_hash == before.password_hash && row.state == PortalUserState::Invited;
        let (true, Some(expires_at)) = (is_same, row.password_expires_at) else {
            return Err(Refused::from(StepRefusal::Lapsed));
        };
        (row.password_hash, row.password_expires_at) = (None, None);
        let token = PortalToken {
            id: PortalTokenId(app.new_id()),
            portal_user_id: row.id,
            purpose: TokenPurpose::Invitation,
            token_hash: secret.hash.clone(),
            created_at: app.now(),
            expires_at,
            used_at: None,
        };
        let record = record(app, &actor, AuditAction::PortalUserSignedIn, row.id.0, &json!({"password": "generated"}));
        Ok::<_, Refused>(Some(Effects {
            voids_tokens: true,
            ends: Ends::Nothing,
            token: Some(token),
            outbox: Outbox::default(),
            record,
        }))
    });
    match saved.await {
        Ok(saved) => Ok(saved.map(|_| secret.text)),
        Err(Refused::Problem(_)) => Ok(None),
        Err(failed) => Err(failed),
    }
}

/// Makes an end user whose address has asked for help before a portal user, by a link that they were mailed (invariant 13).
/// Absent: the link was used in between, or they are shut out.
pub async fn sign_up(
    app: &App,
    link: &SignUp,
    end_user: EndUserId,
    password: &str,
) -> Result<Option<PortalUser>, Refused> {
    let person = super::end_users::end_user(app, end_user).await?;
    let address = person.email.unwrap_or_default();
    let password = new_password(password, &address).map_err(|detail| Refused::field("/password", detail))?;
    let hash = passwords::hash(password).await?;
    group_lets_in(app, app.store.portal_user_of(end_user).await?.as_ref())?;
    if !app.store.use_sign_up(link.id, app.now()).await? {
        return Ok(None);
    }
    let row = super::portal_users::enable_for_tray(app, &Actor::Clock, end_user).await?;
    let (mails, to) = letters(app, &row).await?;
    let actor = Actor::PortalUser(row.id);
    let saved = app.store.step_portal_user(row.id, |row| {
        row.password_hash = Some(hash);
        row.email_key = Some(sign_in_key(&address));
        row.email = Some(address);
        effects(app, &actor, row, PortalUserEvent::SignUp, AuditAction::PortalUserSignedUp, (&mails, &to))
    });
    finished(app, saved.await?).map(Some)
}

/// Those of some end users whose group would let them in.
pub async fn who_can_come_in(app: &App, mut people: Vec<EndUser>) -> Result<Vec<EndUser>, StoreError> {
    let ids = people.iter().map(|person| person.id).collect();
    let accounts = app.store.chosen_portal_users(&ids, &HashSet::new()).await?;
    people.retain(|person| {
        let account = accounts.iter().find(|account| account.end_user_id == Some(person.id));
        group_lets_in(app, account).is_ok()
    });
    Ok(people)
}

/// Refuses whoever could not come in for their group. Absent: an end user who is no portal user yet, and whose group does.
pub(super) fn group_lets_in(app: &App, portal_user: Option<&PortalUser>) -> Result<(), Refused> {
    if portal_user.is_none_or(|row| app.looks.of_default().groups.may(&row.group_key, PortalPermission::Access)) {
        return Ok(());
    }
    let detail = "The group of this portal user lets nobody sign in; give them another one first.";
    Err(Refused::new(ProblemKind::Conflict, detail))
}

/// Whether an invitation would arrive and open something (RES-23).
pub(super) fn can_invite(app: &App, organization: OrganizationId) -> Result<(), Refused> {
    if app.config.mail.is_none() {
        let detail = "No mail server is configured, so no invitation can be sent. Set mail.smtp and mail.from first.";
        return Err(Refused::new(ProblemKind::Conflict, detail));
    }
    if app.looks.portal_of(organization).is_none() {
        let detail = "This organization has no portal, so an invitation would open nothing. Make the portal available to it first.";
        return Err(Refused::new(ProblemKind::Conflict, detail));
    }
    if !app.looks.of_organization(organization).is_open() {
        let detail = "The portal is not published, so an invitation would open nothing. Publish it first, and switch portal \
                      access on.";
        return Err(Refused::new(ProblemKind::Conflict, detail));
    }
    Ok(())
}

fn no_address() -> Refused {
    Refused::field("/email", NO_ADDRESS)
}

/// What `event` makes of `row`, and all that goes with it. Nothing to do: no effects.
fn effects(
    app: &App,
    actor: &Actor,
    row: &mut PortalUser,
    event: PortalUserEvent,
    action: AuditAction,
    (mails, to): (&PortalMails, &Addressee),
) -> Result<Option<Effects>, Refused> {
    let before = Standing { state: row.state, accepted: row.accepted_at.is_some() };
    let outcome = step(Some(before), event)?;
    let Outcome { standing, mail, voids_tokens, ends_sessions } = outcome;
    if standing == before && mail.is_none() && !voids_tokens {
        return Ok(None);
    }
    row.state = standing.state;
    if standing.state == PortalUserState::Active {
        row.password_expires_at = None;
    }
    if standing.accepted && row.accepted_at.is_none() {
        row.accepted_at = Some(app.now());
    }
    let (token, mail) = match mail {
        Some(PortalMail::Invitation) => {
            let email = row.email.clone().ok_or_else(no_address)?;
            let (token, mail) = mails.link(app, TokenPurpose::Invitation, row, &email, to)?;
            (Some(token), Some(mail))
        }
        Some(PortalMail::Deactivation) => (None, told(app, (mails, to), MailTemplateKey::PortalDeactivated, row)),
        Some(PortalMail::Changed) => (None, told(app, (mails, to), MailTemplateKey::PortalChanged, row)),
        None => (None, None),
    };
    let detail = json!({"before": before.state, "after": row.state});
    Ok(Some(Effects {
        voids_tokens,
        ends: if ends_sessions { Ends::All } else { Ends::Nothing },
        token,
        outbox: Outbox { mails: mail.into_iter().collect(), ..Outbox::default() },
        record: record(app, actor, action, row.id.0, &detail),
    }))
}

/// A mail to somebody who has an address.
fn told(app: &App, (mails, to): (&PortalMails, &Addressee), key: MailTemplateKey, row: &PortalUser) -> Option<Mail> {
    row.email.as_deref().map(|email| mails.told(app, key, row, email, to))
}

pub(super) async fn letters(app: &App, row: &PortalUser) -> Result<(PortalMails, Addressee), Refused> {
    let organization = app.store.organization(row.organization_id).await?.map_or(String::new(), |found| found.name);
    let end_user = match row.end_user_id {
        Some(id) => app.store.end_user(id).await?,
        None => None,
    };
    let (person, language) = match end_user {
        Some(found) => (found.name, found.language),
        None => (organization.clone(), row.language),
    };
    Ok((PortalMails::load(app).await?, Addressee { person, organization, language, accounts: String::new() }))
}

async fn hash(row: &PortalUser, password: &str) -> Result<String, Refused> {
    let own = row.email.as_deref().unwrap_or(&row.sign_in_name);
    let password = new_password(password, own).map_err(|detail| Refused::field("/password", detail))?;
    Ok(passwords::hash(password).await?)
}

fn finished(app: &App, saved: Option<PortalUser>) -> Result<PortalUser, Refused> {
    app.wake_outbox();
    saved.ok_or_else(|| Refused::not_found("portal user"))
}
