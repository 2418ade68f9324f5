//! Files of tickets. They are seen by whoever sees the ticket (invariant 7, S4).

use std::collections::HashSet;

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, sea_query::Expr,
};

use super::{
    Attachment, Store, StoreError,
    row::{attachment, comment, inbound_mail, ticket},
    ticket_lists::id_at,
};
use crate::domain::{
    access::TicketScope,
    attachment::{FILES_SPAN, FileSender},
    comment::CommentKind,
    ids::{AttachmentId, TicketId},
    ticket::TicketSource,
};

impl Store {
    /// The files of a ticket and its comments in their order; none when `scope` does not see the ticket.
    pub async fn attachments(&self, scope: TicketScope, id: TicketId) -> Result<Vec<Attachment>, StoreError> {
        if self.ticket(scope, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let select = attachment::Entity::find().filter(attachment::Column::TicketId.eq(id)).filter(visible(scope));
        Ok(select.order_by_asc(attachment::Column::Position).all(&self.read).await?)
    }

    /// A file, if `scope` sees its ticket and its comment.
    pub async fn attachment(&self, scope: TicketScope, id: AttachmentId) -> Result<Option<Attachment>, StoreError> {
        let select = attachment::Entity::find_by_id(id).filter(visible(scope));
        let Some(row) = select.one(&self.read).await? else { return Ok(None) };
        Ok(self.ticket(scope, row.ticket_id).await?.map(|_| row))
    }

    /// Those of the contents with these hashes that a ticket names, or a mail that came in.
    pub async fn attachment_contents_among(&self, hashes: &[String]) -> Result<HashSet<String>, StoreError> {
        let select = attachment::Entity::find().select_only().column(attachment::Column::Sha256).distinct();
        let files = select.filter(attachment::Column::Sha256.is_in(hashes)).into_tuple::<String>();
        let select = inbound_mail::Entity::find().select_only().column(inbound_mail::Column::RawSha256).distinct();
        let mails = select.filter(inbound_mail::Column::RawSha256.is_in(hashes)).into_tuple::<String>();
        let (files, mails) = (files.all(&self.read).await?, mails.all(&self.read).await?);
        Ok(files.into_iter().chain(mails).collect())
    }

    /// How many files somebody has sent within the hour before `now`.
    pub async fn files_of_hour(&self, sender: FileSender, now: UnixMillis) -> Result<u64, StoreError> {
        files_of_hour(&self.read, sender, now).await
    }
}

/// The same, inside a transaction.
pub(super) async fn files_of_hour(
    db: &impl ConnectionTrait,
    sender: FileSender,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let span = UnixMillis::try_from(FILES_SPAN.as_millis()).unwrap_or(UnixMillis::MAX);
    let since = now.saturating_sub(span);
    let select = match sender {
        FileSender::Asset(asset) => {
            let recent = ticket::Entity::find()
                .select_only()
                .column(ticket::Column::Id)
                .filter(ticket::Column::AssetId.eq(asset))
                .filter(ticket::Column::CreatedAt.gt(since));
            attachment::Entity::find()
                .filter(attachment::Column::TicketId.in_subquery(recent.into_query()))
                .filter(attachment::Column::CommentId.is_null())
        }
        // Ids begin with their moment (RFC 9562 §5.7), so that the last hour's tickets stand together.
        FileSender::PortalUser(sender) => of_tickets(ticket::Column::SenderId.eq(sender), since),
        FileSender::Link(organization) => {
            let by_link = ticket::Column::SenderId.is_null().and(ticket::Column::AssetId.is_null());
            let by_link = by_link.and(ticket::Column::Source.eq(TicketSource::Portal));
            of_tickets(by_link.and(ticket::Column::OrganizationId.eq(organization)), since)
        }
        FileSender::Mail(requester) => of_tickets(
            ticket::Column::RequesterId.eq(requester).and(ticket::Column::Source.eq(TicketSource::Mail)),
            since,
        ),
        FileSender::Author(author) => {
            let recent = comment::Entity::find()
                .select_only()
                .column(comment::Column::Id)
                .filter(comment::Column::AuthorId.eq(author))
                .filter(comment::Column::CreatedAt.gt(since));
            attachment::Entity::find().filter(attachment::Column::CommentId.in_subquery(recent.into_query()))
        }
    };
    Ok(select.count(db).await?)
}

fn of_tickets(so: Expr, since: UnixMillis) -> Select<attachment::Entity> {
    let recent = ticket::Entity::find()
        .select_only()
        .column(ticket::Column::Id)
        .filter(so)
        .filter(ticket::Column::Id.gte(id_at(since)))
        .filter(ticket::Column::CreatedAt.gt(since));
    attachment::Entity::find()
        .filter(attachment::Column::TicketId.in_subquery(recent.into_query()))
        .filter(attachment::Column::CommentId.is_null())
}

/// Which files of a ticket that `scope` sees it sees, too: of a note among the staff only who sees notes (invariant 9).
fn visible(scope: TicketScope) -> Condition {
    if scope.sees_notes() {
        return Condition::all();
    }
    let its_own =
        Expr::col((comment::Entity, comment::Column::Id)).equals((attachment::Entity, attachment::Column::CommentId));
    let reply = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(its_own)
        .filter(comment::Column::Kind.eq(CommentKind::Reply));
    Condition::any().add(attachment::Column::CommentId.is_null()).add(Expr::exists(reply.into_query()))
}
