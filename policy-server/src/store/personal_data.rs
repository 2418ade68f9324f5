//! What is kept of a person: given as a whole, and replaced for good.

use deskbell_protocol::{OsUser, UnixMillis};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, Func, SimpleExpr},
};

use super::{
    Assignment, AuditRecord, Comment, EndUser, InboundMail, Json, Mail, OsLogin, PortalUser, Store, StoreError, Ticket,
    insert,
    outbox::recipient_hash,
    row::{
        asset_session, assignment, automatic_answer, comment, end_user, inbound_mail, launch_code, mail, os_login,
        portal_session, portal_token, portal_user, sign_up, ticket, ticket_person,
    },
};
use crate::domain::{comment::CommentKind, ids::EndUserId, inbound_mail::InboundOutcome, portal_user::PortalUserState};

/// What somebody is called who was erased.
pub const ERASED: &str = "Erased person";
/// The most of one kind that is given.
const GIVEN: u64 = 10_000;

/// What is kept of a person, but for sessions, files, and what staff say among themselves.
#[derive(Debug)]
pub struct PersonalData {
    /// Who.
    pub end_user: EndUser,
    /// Their account.
    pub portal_user: Option<PortalUser>,
    /// What they are called on computers.
    pub os_logins: Vec<OsLogin>,
    /// Which computers were theirs, and when.
    pub assignments: Vec<Assignment>,
    /// What they asked for.
    pub tickets: Vec<Ticket>,
    /// What was answered, and what they answered.
    pub replies: Vec<Comment>,
    /// What was mailed to their address.
    pub mails: Vec<Mail>,
    /// What came from their address.
    pub inbound_mails: Vec<InboundMail>,
}

impl Store {
    /// What is kept of a person; of each kind the newest 10,000. Mails to an address that somebody else has as well are left out.
    pub async fn personal_data(&self, id: EndUserId) -> Result<Option<PersonalData>, StoreError> {
        let Some(end_user) = self.end_user(id).await? else { return Ok(None) };
        let os_logins = os_login::Entity::find().filter(os_login::Column::EndUserId.eq(id)).limit(GIVEN);
        let assignments = assignment::Entity::find().filter(assignment::Column::EndUserId.eq(id)).limit(GIVEN);
        let theirs = ticket::Column::RequesterId.eq(id).and(ticket::Column::UnverifiedName.is_null());
        let tickets = ticket::Entity::find().filter(theirs.clone()).order_by_desc(ticket::Column::Number).limit(GIVEN);
        let of_tickets = ticket::Entity::find().select_only().column(ticket::Column::Id).filter(theirs);
        let portal_user = self.portal_user_of(id).await?;
        let said = comment::Column::TicketId
            .in_subquery(of_tickets.into_query())
            .or(comment::Column::AuthorId.is_in(portal_user.iter().map(|row| row.id.0)));
        let replies = comment::Entity::find()
            .filter(said)
            .filter(comment::Column::Kind.eq(CommentKind::Reply))
            .order_by_desc(comment::Column::Id)
            .limit(GIVEN);
        let addresses = addresses_of(&self.read, &end_user, portal_user.as_ref()).await?;
        let mails = mail::Entity::find()
            .filter(mailed_to(&addresses))
            .order_by_desc(mail::Column::Id)
            .limit(GIVEN)
            .all(&self.read)
            .await?;
        let inbound_mails = inbound_mail::Entity::find()
            .filter(inbound_mail::Column::SenderKey.is_in(&addresses))
            .order_by_desc(inbound_mail::Column::Id)
            .limit(GIVEN)
            .all(&self.read)
            .await?;
        Ok(Some(PersonalData {
            portal_user,
            os_logins: os_logins.all(&self.read).await?,
            assignments: assignments.all(&self.read).await?,
            tickets: tickets.all(&self.read).await?,
            replies: replies.all(&self.read).await?,
            mails,
            inbound_mails,
            end_user,
        }))
    }

    /// Replaces what is kept of a person, for good: names, addresses, account, logins, sessions, mails to an address that
    /// nobody else has, and what programs were answered, which may tell of them. What they asked for stays, without them. `false`: there is no such end user.
    pub async fn erase_person(&self, id: EndUserId, now: UnixMillis, record: AuditRecord) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let found = end_user::Entity::find_by_id(id).lock_exclusive().one(&transaction).await?;
        let Some(person) = found else { return Ok(false) };
        let account =
            portal_user::Entity::find().filter(portal_user::Column::EndUserId.eq(id)).one(&transaction).await?;
        let addresses = addresses_of(&transaction, &person, account.as_ref()).await?;
        mail::Entity::delete_many().filter(mailed_to(&addresses)).exec(&transaction).await?;
        let answered = addresses.iter().map(|address| recipient_hash(address));
        let answered = automatic_answer::Column::RecipientHash.is_in(answered);
        automatic_answer::Entity::delete_many().filter(answered).exec(&transaction).await?;
        forget_inbound_mails(&transaction, &addresses).await?;
        sign_up::Entity::delete_many().filter(sign_up::Column::EmailKey.is_in(&addresses)).exec(&transaction).await?;
        let assignments = || {
            let theirs = assignment::Entity::find().filter(assignment::Column::EndUserId.eq(id));
            theirs.select_only().column(assignment::Column::Id).into_query()
        };
        let logins = || {
            let theirs = os_login::Entity::find().filter(os_login::Column::EndUserId.eq(id));
            theirs.select_only().column(os_login::Column::Id).into_query()
        };
        let by_click = launch_code::Column::AssignmentId.in_subquery(assignments());
        let by_click = by_click.or(launch_code::Column::OsLoginId.in_subquery(logins()));
        launch_code::Entity::delete_many().filter(by_click).exec(&transaction).await?;
        let sessions = asset_session::Column::AssignmentId.in_subquery(assignments());
        let sessions = sessions.or(asset_session::Column::OsLoginId.in_subquery(logins()));
        asset_session::Entity::delete_many().filter(sessions).exec(&transaction).await?;
        os_login::Entity::delete_many().filter(os_login::Column::EndUserId.eq(id)).exec(&transaction).await?;
        assignment::Entity::update_many()
            .col_expr(assignment::Column::EndedAt, Expr::value(now))
            .filter(assignment::Column::EndUserId.eq(id))
            .filter(assignment::Column::EndedAt.is_null())
            .exec(&transaction)
            .await?;
        ticket_person::Entity::delete_many().filter(ticket_person::Column::EndUserId.eq(id)).exec(&transaction).await?;
        ticket::Entity::update_many()
            .col_expr(ticket::Column::Phone, Expr::value(Option::<String>::None))
            .col_expr(ticket::Column::Address, Expr::value(Option::<String>::None))
            .col_expr(ticket::Column::OsUser, Expr::value(Json(OsUser::default())))
            .filter(
                ticket::Column::RequesterId.eq(id).or(ticket::Column::SenderId.is_in(account.iter().map(|row| row.id))),
            )
            .exec(&transaction)
            .await?;
        ticket::Entity::update_many()
            .col_expr(ticket::Column::UnverifiedName, Expr::value(ERASED))
            .col_expr(ticket::Column::UnverifiedEmail, Expr::value(Option::<String>::None))
            .col_expr(ticket::Column::Phone, Expr::value(Option::<String>::None))
            .col_expr(ticket::Column::Address, Expr::value(Option::<String>::None))
            .filter(Func::lower(Expr::col((ticket::Entity, ticket::Column::UnverifiedEmail))).is_in(&addresses))
            .exec(&transaction)
            .await?;
        if let Some(account) = account {
            let (sessions, tokens) = (portal_session::Column::PortalUserId, portal_token::Column::PortalUserId);
            portal_session::Entity::delete_many().filter(sessions.eq(account.id)).exec(&transaction).await?;
            portal_token::Entity::delete_many().filter(tokens.eq(account.id)).exec(&transaction).await?;
            let nothing = || Expr::value(Option::<String>::None);
            let name = format!("erased {}", account.id);
            portal_user::Entity::update_many()
                .col_expr(portal_user::Column::SignInName, Expr::value(name.clone()))
                .col_expr(portal_user::Column::SignInKey, Expr::value(name))
                .col_expr(portal_user::Column::Email, nothing())
                .col_expr(portal_user::Column::EmailKey, nothing())
                .col_expr(portal_user::Column::PasswordHash, nothing())
                .col_expr(portal_user::Column::State, Expr::value(PortalUserState::Deactivated))
                .filter(portal_user::Column::Id.eq(account.id))
                .exec(&transaction)
                .await?;
        }
        let erased = EndUser {
            name: ERASED.into(),
            search_key: ERASED.to_lowercase(),
            email: None,
            phone: None,
            site_id: None,
            language: None,
            external_id: None,
            ..person
        };
        super::replace(&transaction, erased).await?;
        insert(&transaction, record).await?;
        super::idempotency::forget_answers(&transaction).await?;
        transaction.commit().await?;
        if self.write.get_database_backend() == DbBackend::Sqlite {
            // Pages as they were stand in the log until it is written anew. Somebody who reads delays that to the next time.
            self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(true)
    }
}

/// The addresses of a person, in small letters, but for those that somebody else has as well: mails to these are not theirs
/// alone.
async fn addresses_of(
    db: &impl ConnectionTrait,
    person: &EndUser,
    account: Option<&PortalUser>,
) -> Result<Vec<String>, StoreError> {
    let all = person.email.iter().chain(account.and_then(|row| row.email.as_ref()));
    let mut own: Vec<String> = Vec::new();
    for email in all.map(|email| email.to_lowercase()) {
        let same = Func::lower(Expr::col((end_user::Entity, end_user::Column::Email))).eq(&email);
        let people = end_user::Entity::find().filter(same).filter(end_user::Column::Id.ne(person.id));
        let mut accounts = portal_user::Entity::find().filter(portal_user::Column::EmailKey.eq(&email));
        if let Some(account) = account {
            accounts = accounts.filter(portal_user::Column::Id.ne(account.id));
        }
        let shared = people.limit(1).one(db).await?.is_some() || accounts.limit(1).one(db).await?.is_some();
        if !shared {
            own.push(email);
        }
    }
    Ok(own)
}

/// What became of mails from these addresses stays; from whom they were and what they said does not. Their files go when
/// the server tidies up.
async fn forget_inbound_mails(db: &impl ConnectionTrait, addresses: &[String]) -> Result<(), StoreError> {
    use inbound_mail::Column;
    let nothing = || Expr::value(Option::<String>::None);
    let mut update = inbound_mail::Entity::update_many()
        .col_expr(Column::Text, nothing())
        .col_expr(Column::RawSha256, nothing())
        .col_expr(Column::InviteEndUserId, Expr::value(Option::<uuid::Uuid>::None));
    for column in [Column::Sender, Column::SenderKey, Column::SenderName, Column::Subject, Column::MessageId] {
        update = update.col_expr(column, Expr::value(""));
    }
    let waited = Expr::col(Column::Outcome).eq(InboundOutcome::Quarantined);
    let outcome = Expr::case(waited, InboundOutcome::Discarded).finally(Expr::col(Column::Outcome));
    update.col_expr(Column::Outcome, outcome.into()).filter(Column::SenderKey.is_in(addresses)).exec(db).await?;
    Ok(())
}

fn mailed_to(addresses: &[String]) -> SimpleExpr {
    Func::lower(Expr::col((mail::Entity, mail::Column::Recipient))).is_in(addresses)
}
