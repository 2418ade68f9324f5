//! What became of a ticket, and who in the portal said what about it.

use std::collections::HashMap;

use deskbell_protocol::UnixMillis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Comment, Store, StoreError,
    row::{audit_record, portal_user},
};
use crate::domain::{
    access::TicketScope,
    audit::AuditAction,
    comment::AuthorKind,
    ids::{EndUserId, PortalUserId, TicketId},
    ticket::TicketStatus,
};

/// The most records of a ticket that are read.
const READ: u64 = 1000;

/// The part of a record that tells of the status.
#[derive(Deserialize)]
struct Turned {
    status: Option<TicketStatus>,
}

impl Store {
    /// When the status of a ticket that `scope` sees turned, and to what; the first is "new".
    pub async fn ticket_turns(
        &self,
        scope: TicketScope,
        id: TicketId,
    ) -> Result<Vec<(UnixMillis, TicketStatus)>, StoreError> {
        let Some(ticket) = self.ticket(scope, id).await? else { return Ok(Vec::new()) };
        let told = [AuditAction::TicketChanged, AuditAction::TicketCommented];
        let records = audit_record::Entity::find()
            .filter(audit_record::Column::SubjectId.eq(id.0))
            .filter(audit_record::Column::Action.is_in(told))
            .order_by_asc(audit_record::Column::Id)
            .limit(READ)
            .all(&self.read)
            .await?;
        let mut turns = vec![(ticket.created_at, TicketStatus::New)];
        for record in records {
            let status = serde_json::from_str::<Turned>(&record.detail).ok().and_then(|turned| turned.status);
            if let Some(status) = status.filter(|status| turns.last().is_none_or(|(_, last)| last != status)) {
                turns.push((record.at, status));
            }
        }
        Ok(turns)
    }

    /// What those of the organization are called who wrote some of these comments, in the portal or by mail: the end user, or the
    /// account's name.
    pub async fn answerer_names(&self, comments: &[Comment]) -> Result<HashMap<Uuid, String>, StoreError> {
        let authors = comments.iter().filter(|comment| comment.author_kind == AuthorKind::PortalUser);
        let ids: Vec<_> = authors.map(|comment| PortalUserId(comment.author_id)).collect();
        let by_mail = comments.iter().filter(|comment| comment.author_kind == AuthorKind::EndUser);
        let by_mail: Vec<_> = by_mail.map(|comment| EndUserId(comment.author_id)).collect();
        if ids.is_empty() && by_mail.is_empty() {
            return Ok(HashMap::new());
        }
        let accounts = portal_user::Entity::find().filter(portal_user::Column::Id.is_in(ids)).all(&self.read).await?;
        let people: Vec<_> = accounts.iter().filter_map(|account| account.end_user_id).chain(by_mail).collect();
        let people = self.chosen_end_users(&people).await?;
        let name_of = |id| people.iter().find(|person| person.id == id).map(|person| person.name.clone());
        let names = accounts.into_iter().map(|account| {
            let name = account.end_user_id.and_then(name_of);
            (account.id.0, name.unwrap_or(account.sign_in_name))
        });
        let names: HashMap<_, _> = names.collect();
        Ok(people.iter().map(|person| (person.id.0, person.name.clone())).chain(names).collect())
    }
}
