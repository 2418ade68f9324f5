//! Mail that came in, and what became of it: a ticket or a comment is stored together with the account of its mail.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait as _, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, Func},
};

use super::{
    Attachment, AuditRecord, Comment, EndUser, InboundMail, NewTicketRows, Outbox, Page, PageRequest, Store,
    StoreError, Ticket, alone,
    comments::write_comment,
    insert, oldest_id_at,
    outbox::may_be_answered,
    row::{
        end_user,
        inbound_mail::{Column, Entity},
        mail,
    },
    tickets::insert_within,
};
use crate::domain::{
    delivery::DeliveryState,
    ids::{EndUserId, InboundMailId, MailId, OrganizationId, TicketId},
    inbound_mail::InboundOutcome,
};

/// The account of a mail.
#[derive(Debug, Clone)]
pub enum Account {
    /// It has just come.
    New(InboundMail),
    /// Somebody decided about one that waited.
    Decided(InboundMail, AuditRecord),
}

impl Account {
    /// What is kept of the mail.
    pub fn row(&self) -> &InboundMail {
        let (Self::New(row) | Self::Decided(row, _)) = self;
        row
    }
}

/// A ticket that a mail makes.
pub struct NewMailTicket {
    /// The ticket and what goes with it.
    pub rows: NewTicketRows,
    /// Its requester, where the mail makes them an end user; nobody of the organization may have that address yet.
    pub contact: Option<(EndUser, AuditRecord)>,
    /// The account of the mail; the ticket is filled in.
    pub account: Account,
}

impl Store {
    /// A mail.
    pub async fn inbound_mail(&self, id: InboundMailId) -> Result<Option<InboundMail>, StoreError> {
        Ok(Entity::find_by_id(id).one(&self.read).await?)
    }

    /// The mail with this key, if it came before.
    pub async fn inbound_mail_with_key(&self, key: &str) -> Result<Option<InboundMail>, StoreError> {
        Ok(Entity::find().filter(Column::MessageKey.eq(key)).one(&self.write).await?)
    }

    /// Part of the mails, the newest first: `page.after` is the id that this part is older than.
    pub async fn inbound_mails(
        &self,
        outcome: Option<InboundOutcome>,
        page: PageRequest,
    ) -> Result<Page<InboundMail>, StoreError> {
        let mut select = Entity::find();
        if let Some(outcome) = outcome {
            select = select.filter(Column::Outcome.eq(outcome));
        }
        if let Some(before) = page.after {
            select = select.filter(Column::Id.lt(before));
        }
        let select = select.order_by_desc(Column::Id).limit(page.limit + 1);
        Ok(Page::of(select.all(&self.read).await?, page, |row| row.id.0))
    }

    /// Who has an address, in any organization; at most 20. `key` is in small letters.
    pub async fn end_users_with_address(&self, key: &str) -> Result<Vec<EndUser>, StoreError> {
        let theirs = Func::lower(Expr::col((end_user::Entity, end_user::Column::Email))).eq(key);
        let select = end_user::Entity::find().filter(theirs).order_by_asc(end_user::Column::Id).limit(20);
        Ok(select.all(&self.read).await?)
    }

    /// Accounts for a mail of which neither ticket nor comment comes.
    pub async fn insert_inbound_mail(&self, row: InboundMail) -> Result<(), StoreError> {
        insert(&self.write, row).await
    }

    /// Accounts for a mail that says that one of ours did not arrive, and notes that there.
    pub async fn insert_bounce(&self, row: InboundMail, id: MailId, answer: String) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let at = row.received_at;
        insert(&transaction, row).await?;
        mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(DeliveryState::Bounced))
            .col_expr(mail::Column::Answer, Expr::value(answer))
            .col_expr(mail::Column::EndedAt, Expr::value(Some(at)))
            .filter(mail::Column::Id.eq(id))
            .filter(mail::Column::State.eq(DeliveryState::Delivered))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Makes the ticket of a mail with its account, and its contact where there is a new one. [`StoreError::Taken`]: the mail,
    /// or its contact, was there already.
    pub async fn insert_mail_ticket(&self, new: NewMailTicket) -> Result<TicketId, StoreError> {
        let NewMailTicket { rows, contact, account } = new;
        let transaction = self.begin().await?;
        // One mail after the other, so that two of a new sender make one contact.
        alone(&transaction).await?;
        if let Some((person, record)) = contact {
            if has_address(&transaction, &person).await? {
                return Err(StoreError::Taken);
            }
            if let Some(email) = person.email.as_deref().filter(|_| account.row().invite_end_user_id.is_some()) {
                // The invitation is the answer: the next mail within ten minutes gets none.
                may_be_answered(&transaction, email, person.created_at).await?;
            }
            insert(&transaction, person).await?;
            insert(&transaction, record).await?;
        }
        let id = rows.ticket.id;
        insert_within(&transaction, vec![rows]).await?;
        write_account(&transaction, account).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Adds the comment of a mail with its account to a ticket, which then has `ticket`'s status.
    pub async fn insert_mail_comment(
        &self,
        ticket: &Ticket,
        comment: Comment,
        attachments: Vec<Attachment>,
        announce: impl FnOnce(&[Attachment]) -> Outbox + Send,
        (record, account): (AuditRecord, Account),
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        write_comment(&transaction, ticket, comment, attachments, announce).await?;
        insert(&transaction, record).await?;
        write_account(&transaction, account).await?;
        Ok(transaction.commit().await?)
    }

    /// Notes what was decided about a mail that waited. [`StoreError::Taken`]: somebody else was first.
    pub async fn decide_inbound_mail(&self, row: InboundMail, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        write_account(&transaction, Account::Decided(row, record)).await?;
        Ok(transaction.commit().await?)
    }

    /// Mails whose new contacts are still to be invited.
    pub async fn uninvited_contacts(&self) -> Result<Vec<(InboundMailId, EndUserId)>, StoreError> {
        let select = Entity::find().filter(Column::InviteEndUserId.is_not_null()).limit(100);
        let rows = select.all(&self.write).await?.into_iter();
        Ok(rows.filter_map(|row| Some((row.id, row.invite_end_user_id?))).collect())
    }

    /// Notes that there is nobody left to invite.
    pub async fn contact_was_invited(&self, id: InboundMailId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::InviteEndUserId, Expr::value(Option::<uuid::Uuid>::None))
            .filter(Column::Id.eq(id))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// Deletes mails that came before `before`, those that wait or the others, at most `limit` of them; says how many.
    pub async fn delete_inbound_mails(&self, waiting: bool, before: UnixMillis, limit: u64) -> Result<u64, StoreError> {
        let outcome = Column::Outcome;
        let which =
            if waiting { outcome.eq(InboundOutcome::Quarantined) } else { outcome.ne(InboundOutcome::Quarantined) };
        let some = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(which)
            .filter(Column::Id.lt(oldest_id_at(before)))
            .order_by_asc(Column::Id)
            .limit(limit)
            .into_query();
        let deleted = Entity::delete_many().filter(Column::Id.in_subquery(some)).exec(&self.write).await?;
        Ok(deleted.rows_affected)
    }
}

async fn write_account(db: &impl ConnectionTrait, account: Account) -> Result<(), StoreError> {
    let (row, record) = match account {
        Account::New(row) => return insert(db, row).await,
        Account::Decided(row, record) => (row, record),
    };
    let decided = Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(row.outcome))
        .col_expr(Column::Reason, Expr::value(row.reason))
        .col_expr(Column::Text, Expr::value(row.text))
        .col_expr(Column::RawSha256, Expr::value(row.raw_sha256))
        .col_expr(Column::TicketId, Expr::value(row.ticket_id))
        .col_expr(Column::CommentId, Expr::value(row.comment_id))
        .col_expr(Column::DecidedAt, Expr::value(row.decided_at))
        .filter(Column::Id.eq(row.id))
        .filter(Column::Outcome.eq(InboundOutcome::Quarantined))
        .exec(db)
        .await?;
    if decided.rows_affected != 1 {
        return Err(StoreError::Taken);
    }
    insert(db, record).await
}

async fn has_address(db: &impl ConnectionTrait, person: &EndUser) -> Result<bool, StoreError> {
    let Some(email) = &person.email else { return Ok(false) };
    let same = Func::lower(Expr::col((end_user::Entity, end_user::Column::Email))).eq(email.to_lowercase());
    let of_organization: OrganizationId = person.organization_id;
    let select = end_user::Entity::find().filter(end_user::Column::OrganizationId.eq(of_organization)).filter(same);
    Ok(select.count(db).await? > 0)
}
