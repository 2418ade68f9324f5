//! Mails that anybody on a website can have sent, and the links that they bring.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};

use super::{
    Mail, Organization, StatusLink, Store, StoreError, alone, insert, oldest_id_at, only,
    row::{mail, organization, status_link},
};
use crate::domain::{ids::StatusLinkId, mail_template::MailTemplateKey};

/// The most organizations of one address that are looked at.
const LISTED: u64 = 50;
/// The mails that anybody can have sent to an address that they type.
const ASKED_FOR: [MailTemplateKey; 2] = [MailTemplateKey::OrganizationLink, MailTemplateKey::TicketStatus];

impl Store {
    /// The organizations with this address, as addresses are compared; the longest here first.
    pub async fn organizations_with_email(&self, email_key: &str) -> Result<Vec<Organization>, StoreError> {
        let theirs = Func::lower(Expr::col(organization::Column::Email)).eq(email_key);
        let select = organization::Entity::find().filter(organization::Column::Email.is_not_null()).filter(theirs);
        Ok(select.order_by_asc(organization::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Queues a mail that anybody can have sent, with the link that it brings, unless its recipient was sent one of these since
    /// `since` (S11). `false`: they were.
    pub async fn insert_asked_mail(
        &self,
        mail: Mail,
        link: Option<StatusLink>,
        since: UnixMillis,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        // Two who ask at once must not both find nothing.
        alone(&transaction).await?;
        let same = Func::lower(Expr::col(mail::Column::Recipient)).eq(mail.recipient.to_lowercase());
        let recent = mail::Entity::find()
            .filter(mail::Column::Id.gte(oldest_id_at(since)))
            .filter(mail::Column::Template.is_in(ASKED_FOR))
            .filter(same);
        if recent.limit(1).one(&transaction).await?.is_some() {
            return Ok(false);
        }
        insert(&transaction, mail).await?;
        if let Some(link) = link {
            insert(&transaction, link).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The link with this hash, if it was not used.
    pub async fn status_link(&self, token_hash: &str) -> Result<Option<StatusLink>, StoreError> {
        let select = status_link::Entity::find().filter(status_link::Column::TokenHash.eq(token_hash));
        Ok(only(select.filter(status_link::Column::UsedAt.is_null()).all(&self.read).await?))
    }

    /// Uses a link up. `false`: it was used in between.
    pub async fn use_status_link(&self, id: StatusLinkId, now: UnixMillis) -> Result<bool, StoreError> {
        let used = status_link::Entity::update_many()
            .col_expr(status_link::Column::UsedAt, Expr::value(now))
            .filter(status_link::Column::Id.eq(id))
            .filter(status_link::Column::UsedAt.is_null())
            .exec(&self.write)
            .await?;
        Ok(used.rows_affected == 1)
    }
}
