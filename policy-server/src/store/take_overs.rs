//! A computer that enrolled again takes the place of its asset (AGT-12).

use deskbell_protocol::UnixMillis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{
    Asset, AssetEvent, Assignment, AuditRecord, Outbox, Store, StoreError, insert,
    outbox::insert_outbox,
    replace,
    row::{asset, assignment, ticket},
};
use crate::domain::{
    asset::{AssetEventKind, AssetState, asset_key},
    ids::{AssetEventId, AssetId, AssignmentId, EndUserId, OrganizationId},
    take_over::{Obstacle, check},
};

impl Store {
    /// The newest asset of an organization with this serial key that is not retired; none for the empty key.
    pub async fn asset_with_serial(
        &self,
        organization: OrganizationId,
        serial_key: &str,
    ) -> Result<Option<AssetId>, StoreError> {
        if serial_key.is_empty() {
            return Ok(None);
        }
        let select = asset::Entity::find()
            .filter(asset::Column::OrganizationId.eq(organization))
            .filter(asset::Column::SerialKey.eq(serial_key))
            .filter(asset::Column::State.ne(AssetState::Retired));
        let newest = select.select_only().column(asset::Column::Id).order_by_desc(asset::Column::Id);
        Ok(newest.into_tuple::<AssetId>().one(&self.read).await?)
    }

    /// Puts an asset in the place of its predecessor, in one step: name, folder, site, policy, external id and tickets become
    /// its own, the end user too unless it has one, and the predecessor is retired, of which `told` makes what leaves the
    /// house.
    pub async fn take_over(
        &self,
        id: AssetId,
        record: AuditRecord,
        new_id: impl Fn() -> Uuid,
        told: impl FnOnce(&Asset) -> Outbox,
    ) -> Result<Result<AssetId, Obstacle>, StoreError> {
        let now = record.at;
        let transaction = self.begin().await?;
        let Some((new, old)) = pair(&transaction, id).await? else { return Ok(Err(Obstacle::NotProposed)) };
        if let Err(obstacle) = check(new.state, old.state) {
            return Ok(Err(obstacle));
        }
        let (from, waited) = (old.id, new.state == AssetState::WaitingForApproval);
        let moved = move_assignment(&transaction, &new, from, now, AssignmentId(new_id())).await?;
        ticket::Entity::update_many()
            .col_expr(ticket::Column::AssetId, Expr::value(id))
            .filter(ticket::Column::AssetId.eq(from))
            .exec(&transaction)
            .await?;
        let successor = successor(new, &old);
        let old = Asset { state: AssetState::Retired, predecessor_id: None, ..old };
        insert_outbox(&transaction, told(&old)).await?;
        // Retired first: the external id is unique among the others.
        replace(&transaction, old).await?;
        replace(&transaction, successor).await?;
        let events = [
            Some((from, AssetEventKind::TakenOver, id.to_string())),
            Some((from, AssetEventKind::Retired, String::new())),
            Some((id, AssetEventKind::TookOver, from.to_string())),
            waited.then(|| (id, AssetEventKind::Approved, String::new())),
            moved.map(|end_user| (id, AssetEventKind::Assigned, end_user.to_string())),
        ];
        for (asset_id, kind, detail) in events.into_iter().flatten() {
            insert(&transaction, AssetEvent { id: AssetEventId(new_id()), asset_id, kind, detail, at: now }).await?;
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(Ok(from))
    }
}

/// The asset and its predecessor, kept from other transactions.
async fn pair(db: &impl ConnectionTrait, id: AssetId) -> Result<Option<(Asset, Asset)>, StoreError> {
    let predecessor = asset::Entity::find_by_id(id).one(db).await?.and_then(|new| new.predecessor_id);
    let Some(predecessor) = predecessor else { return Ok(None) };
    // Always the older one first, so that two at once wait for each other.
    let Some(old) = asset::Entity::find_by_id(predecessor).lock_exclusive().one(db).await? else { return Ok(None) };
    let new = asset::Entity::find_by_id(id).lock_exclusive().one(db).await?;
    Ok(new.filter(|new| new.predecessor_id == Some(predecessor)).map(|new| (new, old)))
}

fn successor(new: Asset, old: &Asset) -> Asset {
    Asset {
        name: old.name.clone(),
        search_key: asset_key(&old.name, &new.facts.0),
        folder_id: old.folder_id,
        policy_id: old.policy_id,
        site_id: old.site_id,
        external_id: new.external_id.or_else(|| old.external_id.clone()),
        state: AssetState::Enrolled,
        predecessor_id: None,
        ..new
    }
}

/// Ends the assignment of the asset `from`, and begins it at `new`, unless that is assigned already; the end user of what
/// was begun.
async fn move_assignment(
    db: &impl ConnectionTrait,
    new: &Asset,
    from: AssetId,
    now: UnixMillis,
    id: AssignmentId,
) -> Result<Option<EndUserId>, StoreError> {
    let Some(ended) = open_assignment(db, from).await? else { return Ok(None) };
    let (organization_id, end_user_id) = (ended.organization_id, ended.end_user_id);
    replace(db, Assignment { ended_at: Some(now), ..ended }).await?;
    if open_assignment(db, new.id).await?.is_some() {
        return Ok(None);
    }
    let begun = Assignment { id, organization_id, asset_id: new.id, end_user_id, started_at: now, ended_at: None };
    insert(db, begun).await?;
    Ok(Some(end_user_id))
}

async fn open_assignment(db: &impl ConnectionTrait, asset: AssetId) -> Result<Option<Assignment>, StoreError> {
    let select = assignment::Entity::find().filter(assignment::Column::AssetId.eq(asset));
    Ok(select.filter(assignment::Column::EndedAt.is_null()).one(db).await?)
}
