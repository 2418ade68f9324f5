//! Files of tickets. They are seen by whoever sees the ticket (invariant 7, S4).

use std::collections::HashSet;

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::{
    Attachment, Store, StoreError,
    row::{attachment, ticket},
};
use crate::domain::{
    access::TicketScope,
    attachment::FILES_SPAN,
    ids::{AssetId, AttachmentId, TicketId},
};

impl Store {
    /// The files of a ticket in their order; none when `scope` does not see the ticket.
    pub async fn attachments(&self, scope: TicketScope, id: TicketId) -> Result<Vec<Attachment>, StoreError> {
        if self.ticket(scope, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let select = attachment::Entity::find().filter(attachment::Column::TicketId.eq(id));
        Ok(select.order_by_asc(attachment::Column::Position).all(&self.read).await?)
    }

    /// A file, if `scope` sees its ticket.
    pub async fn attachment(&self, scope: TicketScope, id: AttachmentId) -> Result<Option<Attachment>, StoreError> {
        let Some(row) = attachment::Entity::find_by_id(id).one(&self.read).await? else { return Ok(None) };
        Ok(self.ticket(scope, row.ticket_id).await?.map(|_| row))
    }

    /// Those of the contents with these hashes that a ticket names.
    pub async fn attachment_contents_among(&self, hashes: &[String]) -> Result<HashSet<String>, StoreError> {
        let select = attachment::Entity::find().select_only().column(attachment::Column::Sha256).distinct();
        let named = select.filter(attachment::Column::Sha256.is_in(hashes)).into_tuple::<String>();
        Ok(named.all(&self.read).await?.into_iter().collect())
    }

    /// How many files an asset has sent within the hour before `now`.
    pub async fn files_of_hour(&self, asset: AssetId, now: UnixMillis) -> Result<u64, StoreError> {
        files_of_hour(&self.read, asset, now).await
    }
}

/// The same, inside a transaction.
pub(super) async fn files_of_hour(
    db: &impl ConnectionTrait,
    asset: AssetId,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let span = UnixMillis::try_from(FILES_SPAN.as_millis()).unwrap_or(UnixMillis::MAX);
    let recent = ticket::Entity::find()
        .select_only()
        .column(ticket::Column::Id)
        .filter(ticket::Column::AssetId.eq(asset))
        .filter(ticket::Column::CreatedAt.gt(now.saturating_sub(span)));
    let select = attachment::Entity::find().filter(attachment::Column::TicketId.in_subquery(recent.into_query()));
    Ok(select.count(db).await?)
}
