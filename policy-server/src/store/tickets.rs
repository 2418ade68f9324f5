//! Tickets. Every question about them names its scope (invariant 7).

use std::sync::Arc;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, ExprTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    AssetEvent, Attachment, AuditRecord, EndUser, Outbox, Store, StoreError, Ticket, TicketPerson,
    attachments::files_of_hour,
    begin, insert, insert_all, only,
    outbox::insert_outbox,
    replace,
    row::{asset_session, end_user, number_sequence, ticket, ticket_person},
};
use crate::domain::{
    access::{OrganizationView, TicketScope},
    attachment::{self, FileSender},
    ids::{AssetId, AssetSessionId, EndUserId, OrganizationId, TicketId},
    ticket::TicketStatus,
};

impl Store {
    /// A ticket, if `scope` sees it.
    pub async fn ticket(&self, scope: TicketScope, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        Ok(ticket::Entity::find_by_id(id).filter(visible(scope)).one(&self.read).await?)
    }

    /// The ticket with this number, if `scope` sees it.
    pub async fn ticket_with_number(&self, scope: TicketScope, number: i64) -> Result<Option<Ticket>, StoreError> {
        let select = ticket::Entity::find().filter(ticket::Column::Number.eq(number)).filter(visible(scope));
        Ok(only(select.all(&self.read).await?))
    }

    /// Those of these tickets that `scope` sees, in no order.
    pub async fn tickets_among(&self, scope: TicketScope, ids: &[TicketId]) -> Result<Vec<Ticket>, StoreError> {
        let select = ticket::Entity::find().filter(visible(scope));
        Ok(select.filter(ticket::Column::Id.is_in(ids.iter().copied())).all(&self.read).await?)
    }

    /// How many tickets nobody has looked at; one more than `limit` where there are more.
    pub async fn count_new_tickets(&self, scope: TicketScope, limit: u64) -> Result<u64, StoreError> {
        let select = ticket::Entity::find().filter(visible(scope)).filter(ticket::Column::Status.eq(TicketStatus::New));
        Ok(select.select_only().column(ticket::Column::Number).limit(limit + 1).count(&self.read).await?)
    }

    /// Changes a ticket that `scope` sees, while nobody else can; whom that tells goes with it. Without a record, there was
    /// nothing to change.
    pub async fn change_ticket<R: From<StoreError> + Send>(
        &self,
        scope: TicketScope,
        id: TicketId,
        change: impl FnOnce(&mut Ticket) -> Result<Option<(Outbox, AuditRecord)>, R> + Send,
    ) -> Result<Option<Ticket>, R> {
        let transaction = self.begin().await?;
        let select = ticket::Entity::find_by_id(id).filter(visible(scope)).lock_exclusive();
        let found = select.one(&transaction).await.map_err(StoreError::from)?;
        let Some(mut row) = found else { return Ok(None) };
        if let Some((outbox, record)) = change(&mut row)? {
            replace(&transaction, row.clone()).await?;
            insert_outbox(&transaction, outbox).await?;
            insert(&transaction, record).await?;
            transaction.commit().await.map_err(StoreError::from)?;
        }
        Ok(Some(row))
    }

    /// The ticket that a form of an organization has made, about an asset or about none.
    pub async fn ticket_of_form(
        &self,
        organization: OrganizationId,
        asset: Option<AssetId>,
        form: Uuid,
    ) -> Result<Option<Ticket>, StoreError> {
        ticket_of_form(&self.read, (organization, asset, form)).await
    }

    /// Makes the ticket of a form with its files and the next number, or finds the one that this form has made before
    /// (invariant 21).
    pub async fn insert_ticket(&self, new: NewTicketRows) -> Result<TicketId, StoreError> {
        let of_form = (new.ticket.organization_id, new.ticket.asset_id, new.ticket.form_id);
        match self.new_tickets.write(new).await {
            Err(StoreError::Taken) => {
                let made = ticket_of_form(&self.write, of_form).await?;
                made.map(|made| made.id).ok_or(StoreError::Taken)
            }
            made => made,
        }
    }
}

impl Store {
    /// Who else may see a ticket that `scope` sees, in the order of their names.
    pub async fn ticket_people(&self, scope: TicketScope, id: TicketId) -> Result<Vec<EndUser>, StoreError> {
        if self.ticket(scope, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let added = ticket_person::Entity::find()
            .select_only()
            .column(ticket_person::Column::EndUserId)
            .filter(ticket_person::Column::TicketId.eq(id));
        let people = end_user::Entity::find().filter(end_user::Column::Id.in_subquery(added.into_query()));
        Ok(people.order_by_asc(end_user::Column::Name).order_by_asc(end_user::Column::Id).all(&self.read).await?)
    }

    /// Lets somebody of its organization see a ticket. `false`: they could before.
    pub async fn add_ticket_person(&self, person: TicketPerson, record: AuditRecord) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let there = ticket_person::Entity::find_by_id((person.ticket_id, person.end_user_id));
        if there.one(&transaction).await?.is_some() {
            return Ok(false);
        }
        match insert(&transaction, person).await {
            Err(StoreError::Taken) => return Ok(false),
            added => added?,
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes that back. `false`: they could not see it by that.
    pub async fn remove_ticket_person(
        &self,
        ticket: TicketId,
        end_user: EndUserId,
        record: AuditRecord,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let removed = ticket_person::Entity::delete_by_id((ticket, end_user)).exec(&transaction).await?;
        if removed.rows_affected != 1 {
            return Ok(false);
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// What goes out with a ticket, once it has a number.
type Announce = Arc<dyn Fn(&Ticket, &[Attachment]) -> Outbox + Send + Sync>;

/// A new ticket and what is stored with it. Number and the event's detail are filled in.
#[derive(Clone)]
pub struct NewTicketRows {
    /// The ticket.
    pub ticket: Ticket,
    /// Its line in the asset's timeline, where it is about one.
    pub event: Option<AssetEvent>,
    /// Who else may see it.
    pub people: Vec<EndUserId>,
    /// Who sends its files.
    pub sender: FileSender,
    /// The session that is done with its draft.
    pub draft: Option<AssetSessionId>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// What goes out with it.
    pub announce: Announce,
}

/// Makes tickets in one transaction.
pub(super) async fn insert_together(
    db: DatabaseConnection,
    new: Vec<NewTicketRows>,
) -> Result<Vec<TicketId>, StoreError> {
    let transaction = begin(&db).await?;
    let ids = insert_within(&transaction, new).await?;
    transaction.commit().await?;
    Ok(ids)
}

/// The same within a transaction.
pub(super) async fn insert_within(
    transaction: &DatabaseTransaction,
    new: Vec<NewTicketRows>,
) -> Result<Vec<TicketId>, StoreError> {
    // Taking the numbers first makes two sends of one form wait for each other, on PostgreSQL too.
    let last = next_numbers(transaction, "ticket", new.len()).await?;
    let first = last + 1 - i64::try_from(new.len()).unwrap_or(i64::MAX);
    let (mut tickets, mut events, mut drafts, mut outbox) = (vec![], vec![], vec![], Outbox::default());
    let (mut files, mut people) = (Vec::new(), Vec::new());
    for (number, mut one) in (first..).zip(new) {
        one.ticket.number = number;
        outbox.extend([(one.announce)(&one.ticket, &one.attachments)]);
        if !one.attachments.is_empty() {
            files.push((one.sender, one.ticket.created_at, one.attachments));
        }
        let (ticket_id, added_at) = (one.ticket.id, one.ticket.created_at);
        people.extend(one.people.iter().map(|&end_user_id| TicketPerson { ticket_id, end_user_id, added_at }));
        events.extend(one.event.map(|event| AssetEvent { detail: number.to_string(), ..event }));
        tickets.push(one.ticket);
        drafts.extend(one.draft);
    }
    let ids = tickets.iter().map(|ticket| ticket.id).collect();
    insert_all(transaction, tickets).await?;
    insert_all(transaction, people).await?;
    for (sender, now, attachments) in files {
        let sent = files_of_hour(transaction, sender, now).await?;
        if !attachment::within_hour(sent, attachments.len()) {
            return Err(StoreError::TooManyFiles);
        }
        insert_all(transaction, attachments).await?;
    }
    insert_outbox(transaction, outbox).await?;
    insert_all(transaction, events).await?;
    if !drafts.is_empty() {
        asset_session::Entity::update_many()
            .col_expr(asset_session::Column::Draft, Expr::value(Option::<String>::None))
            .filter(asset_session::Column::Id.is_in(drafts))
            .exec(transaction)
            .await?;
    }
    Ok(ids)
}

/// Which tickets `scope` sees. The only place that decides it.
pub(super) fn visible(scope: TicketScope) -> Condition {
    match scope {
        TicketScope::Automation | TicketScope::Staff => Condition::all(),
        TicketScope::StatusLink(id) => Condition::all().add(ticket::Column::Id.eq(id)),
        TicketScope::AssetSession { asset, requester } => {
            Condition::all().add(ticket::Column::AssetId.eq(asset)).add(ticket::Column::RequesterId.eq(requester))
        }
        TicketScope::EndUser(end_user) => Condition::any().add(asked(end_user)).add(was_added(end_user)),
        TicketScope::Organization(OrganizationView { organization, portal_user, end_user, site }) => {
            let open_to_them = Condition::any()
                .add(ticket::Column::Confidential.eq(false))
                .add_option(portal_user.map(|id| ticket::Column::SenderId.eq(id)))
                .add_option(end_user.map(asked))
                .add_option(end_user.map(was_added));
            let at_site = site.map(|site| {
                let people = end_user::Entity::find().select_only().column(end_user::Column::Id);
                let people = people.filter(end_user::Column::SiteId.eq(site)).into_query();
                let theirs = Condition::any().add(ticket::Column::RequesterId.in_subquery(people));
                theirs
                    .add_option(portal_user.map(|id| ticket::Column::SenderId.eq(id)))
                    .add_option(end_user.map(was_added))
            });
            let all = Condition::all().add(ticket::Column::OrganizationId.eq(organization));
            all.add(open_to_them).add_option(at_site)
        }
    }
}

fn asked(end_user: EndUserId) -> Condition {
    Condition::all().add(ticket::Column::RequesterId.eq(end_user)).add(ticket::Column::UnverifiedName.is_null())
}

fn was_added(end_user: EndUserId) -> Condition {
    let added = ticket_person::Entity::find()
        .select_only()
        .column(ticket_person::Column::TicketId)
        .filter(ticket_person::Column::EndUserId.eq(end_user));
    Condition::all().add(ticket::Column::Id.in_subquery(added.into_query()))
}

async fn ticket_of_form(
    db: &impl ConnectionTrait,
    (organization, asset, form): (OrganizationId, Option<AssetId>, Uuid),
) -> Result<Option<Ticket>, StoreError> {
    let about = match asset {
        Some(asset) => ticket::Column::AssetId.eq(asset),
        None => ticket::Column::AssetId.is_null(),
    };
    let select = ticket::Entity::find().filter(ticket::Column::OrganizationId.eq(organization)).filter(about);
    Ok(select.filter(ticket::Column::FormId.eq(form)).one(db).await?)
}

/// Takes the next `count` numbers of a sequence, and gives the last of them.
async fn next_numbers(db: &impl ConnectionTrait, sequence: &str, count: usize) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let rows = number_sequence::Entity::update_many()
        .col_expr(number_sequence::Column::Last, Expr::col(number_sequence::Column::Last).add(count))
        .filter(number_sequence::Column::Name.eq(sequence))
        .exec_with_returning(db)
        .await?;
    rows.first().map(|row| row.last).ok_or_else(|| {
        StoreError::Database(sea_orm::DbErr::RecordNotFound(format!("number_sequence has no row {sequence}")))
    })
}
