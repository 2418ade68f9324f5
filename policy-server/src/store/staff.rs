//! Staff: accounts, sessions, links to set a password, recovery codes.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{
    AuditRecord, Outbox, RecoveryCode, Staff, StaffLink, StaffSession, Store, StoreError, insert,
    outbox::insert_outbox,
    replace,
    row::{link_session, recovery_code, staff, staff_link, staff_session},
};
use crate::domain::{
    ids::{StaffId, StaffLinkId, StaffSessionId},
    role::Role,
    staff::email_key,
};

/// The most staff that a page lists.
const LISTED: u64 = 1000;

impl Store {
    /// Whether anybody works here: without staff, a one-time link makes the first administrator.
    pub async fn has_staff(&self) -> Result<bool, StoreError> {
        Ok(staff::Entity::find().limit(1).one(&self.read).await?.is_some())
    }

    /// Somebody of the staff.
    pub async fn staff(&self, id: StaffId) -> Result<Option<Staff>, StoreError> {
        Ok(staff::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Who has this address.
    pub async fn staff_by_email(&self, email: &str) -> Result<Option<Staff>, StoreError> {
        Ok(staff::Entity::find().filter(staff::Column::EmailKey.eq(email_key(email))).one(&self.read).await?)
    }

    /// All staff, the longest here first; at most 1,000.
    pub async fn all_staff(&self) -> Result<Vec<Staff>, StoreError> {
        Ok(staff::Entity::find().order_by_asc(staff::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Adds somebody with a link to set a password; their address must be free.
    pub async fn insert_staff(
        &self,
        staff: Staff,
        link: StaffLink,
        outbox: Outbox,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        insert(&transaction, staff).await?;
        insert(&transaction, link).await?;
        insert_outbox(&transaction, outbox).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Changes somebody of the staff, while nobody else can. A person who is deactivated loses sessions and links at once.
    /// Nobody who administers would be left: [`StoreError::LastAdministrator`].
    pub async fn change_staff<R: From<StoreError> + Send>(
        &self,
        id: StaffId,
        change: impl FnOnce(&mut Staff) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Staff>, R> {
        let transaction = self.begin().await?;
        // Two administrators who demote each other at once wait here for each other.
        super::alone(&transaction).await.map_err(StoreError::from)?;
        let found = staff::Entity::find_by_id(id).lock_exclusive().one(&transaction).await.map_err(StoreError::from)?;
        let Some(mut row) = found else { return Ok(None) };
        let before = administrators(&transaction).await?;
        let role = row.role;
        let record = change(&mut row)?;
        let now = record.at;
        replace(&transaction, row.clone()).await?;
        if before > 0 && administrators(&transaction).await? == 0 {
            return Err(StoreError::LastAdministrator.into());
        }
        if row.role != role {
            end_views(&transaction, id).await?;
        }
        if row.deactivated_at.is_some() {
            end_sessions(&transaction, id, None).await?;
            use_links(&transaction, Some(id), now).await?;
        }
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(row))
    }

    /// Makes a link the only one of its person that counts.
    pub async fn insert_staff_link(
        &self,
        link: StaffLink,
        outbox: Outbox,
        record: Option<AuditRecord>,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        use_links(&transaction, link.staff_id, link.created_at).await?;
        insert(&transaction, link).await?;
        insert_outbox(&transaction, outbox).await?;
        if let Some(record) = record {
            insert(&transaction, record).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The link with this hash, if it was not used.
    pub async fn staff_link(&self, token_hash: &str) -> Result<Option<StaffLink>, StoreError> {
        let select = staff_link::Entity::find().filter(staff_link::Column::TokenHash.eq(token_hash));
        Ok(select.filter(staff_link::Column::UsedAt.is_null()).one(&self.read).await?)
    }

    /// Uses a link: the row of its person is written anew, or made where the link makes the first administrator; all
    /// sessions end. `false` when the link was used in between, or somebody else came first.
    pub async fn use_staff_link(&self, link: StaffLinkId, row: Staff, record: AuditRecord) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        super::alone(&transaction).await?;
        let used = staff_link::Entity::update_many()
            .col_expr(staff_link::Column::UsedAt, Expr::value(record.at))
            .filter(staff_link::Column::Id.eq(link))
            .filter(staff_link::Column::UsedAt.is_null())
            .exec(&transaction)
            .await?;
        let known = staff::Entity::find_by_id(row.id).one(&transaction).await?.is_some();
        let somebody = staff::Entity::find().limit(1).one(&transaction).await?.is_some();
        if used.rows_affected != 1 || (!known && somebody) {
            return Ok(false);
        }
        let id = row.id;
        if known {
            replace(&transaction, row).await?;
        } else {
            insert(&transaction, row).await?;
        }
        end_sessions(&transaction, id, None).await?;
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Writes somebody's password or second factor anew; their other sessions end.
    pub async fn save_staff_secret(
        &self,
        staff: Staff,
        keep: StaffSessionId,
        codes: Vec<RecoveryCode>,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        let id = staff.id;
        let transaction = self.begin().await?;
        if staff.totp_generation.is_none() || !codes.is_empty() {
            let old = recovery_code::Entity::delete_many().filter(recovery_code::Column::StaffId.eq(id));
            old.exec(&transaction).await?;
        }
        replace(&transaction, staff).await?;
        for code in codes {
            insert(&transaction, code).await?;
        }
        end_sessions(&transaction, id, Some(keep)).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Notes that the code of a time step was used. `false`: this step or a later one was used before (RFC 6238 §5.2).
    pub async fn use_totp_step(&self, id: StaffId, step: i64) -> Result<bool, StoreError> {
        let used = staff::Entity::update_many()
            .col_expr(staff::Column::TotpLastStep, Expr::value(step))
            .filter(staff::Column::Id.eq(id))
            .filter(staff::Column::TotpLastStep.lt(step))
            .exec(&self.write)
            .await?;
        Ok(used.rows_affected == 1)
    }

    /// Uses a recovery code. `false`: there is none with this hash that counts.
    pub async fn use_recovery_code(
        &self,
        id: StaffId,
        code_hash: &str,
        record: AuditRecord,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let used = recovery_code::Entity::update_many()
            .col_expr(recovery_code::Column::UsedAt, Expr::value(record.at))
            .filter(recovery_code::Column::StaffId.eq(id))
            .filter(recovery_code::Column::CodeHash.eq(code_hash))
            .filter(recovery_code::Column::UsedAt.is_null())
            .exec(&transaction)
            .await?;
        if used.rows_affected != 1 {
            return Ok(false);
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// How many recovery codes somebody has left.
    pub async fn recovery_codes_left(&self, id: StaffId) -> Result<u64, StoreError> {
        let select = recovery_code::Entity::find().filter(recovery_code::Column::StaffId.eq(id));
        Ok(select.filter(recovery_code::Column::UsedAt.is_null()).count(&self.read).await?)
    }

    /// The session with this hash and its person, unless they are deactivated.
    pub async fn staff_session(&self, token_hash: &str) -> Result<Option<(StaffSession, Staff)>, StoreError> {
        let select = staff_session::Entity::find().filter(staff_session::Column::TokenHash.eq(token_hash));
        let Some(session) = select.one(&self.read).await? else { return Ok(None) };
        let staff = self.staff(session.staff_id).await?;
        Ok(staff.filter(|staff| staff.deactivated_at.is_none()).map(|staff| (session, staff)))
    }

    /// The sessions of somebody, the newest first; at most 1,000.
    pub async fn staff_sessions(&self, id: StaffId) -> Result<Vec<StaffSession>, StoreError> {
        let select = staff_session::Entity::find().filter(staff_session::Column::StaffId.eq(id));
        Ok(select.order_by_desc(staff_session::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Begins a session in place of another of the same browser, whose secret is then worth nothing (S17). Sessions of
    /// this person that began before `over` are swept away.
    pub async fn begin_staff_session(
        &self,
        session: StaffSession,
        in_place_of: Option<StaffSessionId>,
        over: UnixMillis,
        record: Option<AuditRecord>,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let old = staff_session::Entity::delete_many().filter(staff_session::Column::StaffId.eq(session.staff_id));
        let mut gone = staff_session::Column::CreatedAt.lt(over);
        if let Some(before) = in_place_of {
            gone = gone.or(staff_session::Column::Id.eq(before));
        }
        old.filter(gone).exec(&transaction).await?;
        insert(&transaction, session).await?;
        if let Some(record) = record {
            insert(&transaction, record).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Notes that a session was used.
    pub async fn touch_staff_session(&self, id: StaffSessionId, now: UnixMillis) -> Result<(), StoreError> {
        staff_session::Entity::update_many()
            .col_expr(staff_session::Column::UsedAt, Expr::value(now))
            .filter(staff_session::Column::Id.eq(id))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// Ends a session of somebody. `false`: they have no such session.
    pub async fn end_staff_session(
        &self,
        staff: StaffId,
        id: StaffSessionId,
        record: AuditRecord,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let ended = staff_session::Entity::delete_many()
            .filter(staff_session::Column::StaffId.eq(staff))
            .filter(staff_session::Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        if ended.rows_affected != 1 {
            return Ok(false);
        }
        end_views(&transaction, staff).await?;
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn administrators(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let select = staff::Entity::find().filter(staff::Column::Role.eq(Role::Administrator));
    Ok(select.filter(staff::Column::DeactivatedAt.is_null()).count(db).await?)
}

async fn end_sessions(
    db: &impl ConnectionTrait,
    staff: StaffId,
    but: Option<StaffSessionId>,
) -> Result<(), StoreError> {
    let mut gone = staff_session::Entity::delete_many().filter(staff_session::Column::StaffId.eq(staff));
    if let Some(kept) = but {
        gone = gone.filter(staff_session::Column::Id.ne(kept));
    }
    gone.exec(db).await?;
    end_views(db, staff).await
}

/// Ends what somebody sees of the portal as an organization does (SYN-46).
async fn end_views(db: &impl ConnectionTrait, staff: StaffId) -> Result<(), StoreError> {
    link_session::Entity::delete_many().filter(link_session::Column::StaffId.eq(staff)).exec(db).await?;
    Ok(())
}

async fn use_links(db: &impl ConnectionTrait, staff: Option<StaffId>, now: UnixMillis) -> Result<(), StoreError> {
    let of = match staff {
        Some(id) => staff_link::Column::StaffId.eq(id),
        None => staff_link::Column::StaffId.is_null(),
    };
    staff_link::Entity::update_many()
        .col_expr(staff_link::Column::UsedAt, Expr::value(now))
        .filter(of)
        .filter(staff_link::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}
