//! Assets, their assignments and their timeline.

use std::collections::HashMap;

use deskbell_protocol::{Facts, SessionReport, UnixMillis};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr};

use super::{
    Asset, AssetEvent, Assignment, AuditRecord, Json, Outbox, Page, PageRequest, PortalUser, Store, StoreError, insert,
    outbox::insert_outbox,
    reach::tray_columns,
    replace,
    row::{asset, asset_event, assignment, portal_user},
};
use crate::domain::{
    asset::{AssetState, asset_key},
    ids::{AssetId, EndUserId, FolderId, OrganizationId},
    portal_user::{GroupKey, PortalUserState},
    take_over::serial_key,
    tray_count::TrayCount,
};

/// To whom an asset is assigned.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// The assignment, which is open.
    pub open: Assignment,
    /// Whether its end user is a portal user.
    pub portal_user: Option<PortalUserState>,
    /// In which group.
    pub group: Option<GroupKey>,
}

impl Store {
    /// An asset.
    pub async fn asset(&self, id: AssetId) -> Result<Option<Asset>, StoreError> {
        Ok(asset::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the list of the assets right in a folder, or right below an organization.
    pub async fn assets_in(
        &self,
        organization: OrganizationId,
        folder: Option<FolderId>,
        page: PageRequest,
    ) -> Result<Page<Asset>, StoreError> {
        let select = asset::Entity::find().filter(asset::Column::OrganizationId.eq(organization));
        let select = match folder {
            Some(folder) => select.filter(asset::Column::FolderId.eq(folder)),
            None => select.filter(asset::Column::FolderId.is_null()),
        };
        self.page(select, asset::Column::Id, page, |row| row.id.0).await
    }

    /// The assets in use that are assigned to an end user, by name; at most 200.
    pub async fn assets_of_end_user(&self, id: EndUserId) -> Result<Vec<Asset>, StoreError> {
        let open = assignment::Entity::find()
            .select_only()
            .column(assignment::Column::AssetId)
            .filter(assignment::Column::EndUserId.eq(id))
            .filter(assignment::Column::EndedAt.is_null());
        let select = asset::Entity::find().filter(asset::Column::Id.in_subquery(open.into_query()));
        let select = select.filter(asset::Column::State.eq(AssetState::Enrolled)).order_by_asc(asset::Column::Name);
        Ok(select.order_by_asc(asset::Column::Id).limit(200).all(&self.read).await?)
    }

    /// Changes an asset, while nobody else can; what happened to it, and whom that tells, goes with it.
    pub async fn change_asset<R: From<StoreError> + Send>(
        &self,
        id: AssetId,
        change: impl FnOnce(&mut Asset) -> Result<(Option<AssetEvent>, Outbox, AuditRecord), R> + Send,
    ) -> Result<Option<Asset>, R> {
        let transaction = self.begin().await?;
        let found = asset::Entity::find_by_id(id).lock_exclusive().one(&transaction).await.map_err(StoreError::from)?;
        let Some(mut row) = found else { return Ok(None) };
        let (event, outbox, record) = change(&mut row)?;
        replace(&transaction, row.clone()).await?;
        if let Some(event) = event {
            insert(&transaction, event).await?;
        }
        insert_outbox(&transaction, outbox).await?;
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(row))
    }

    /// Keeps what an agent told of its computer and its trays.
    pub async fn save_report(
        &self,
        id: AssetId,
        facts: Facts,
        sessions: Vec<SessionReport>,
        now: UnixMillis,
    ) -> Result<(), StoreError> {
        let name = self.asset(id).await?.map(|asset| asset.name).unwrap_or_default();
        let mut trays = TrayCount::default();
        trays.extend(&sessions);
        let mut update = asset::Entity::update_many();
        QueryFilter::query(&mut update).values(tray_columns(&trays));
        update
            .col_expr(asset::Column::SearchKey, Expr::value(asset_key(&name, &facts)))
            .col_expr(asset::Column::SerialKey, Expr::value(serial_key(&facts.serial)))
            .col_expr(asset::Column::Facts, Expr::value(Json(facts)))
            .col_expr(asset::Column::Sessions, Expr::value(Json(sessions)))
            .col_expr(asset::Column::ReportedAt, Expr::value(now))
            .filter(asset::Column::Id.eq(id))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// Marks that two computers use an asset's identity since then, or none do.
    pub async fn mark_shared_identity(
        &self,
        id: AssetId,
        since: Option<UnixMillis>,
        event: AssetEvent,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let update = asset::Entity::update_many().col_expr(asset::Column::SharedIdentitySince, Expr::value(since));
        update.filter(asset::Column::Id.eq(id)).exec(&transaction).await?;
        insert(&transaction, event).await?;
        Ok(transaction.commit().await?)
    }

    /// The open assignment of an asset.
    pub async fn open_assignment(&self, asset: AssetId) -> Result<Option<Assignment>, StoreError> {
        let select = assignment::Entity::find().filter(assignment::Column::AssetId.eq(asset));
        Ok(select.filter(assignment::Column::EndedAt.is_null()).one(&self.read).await?)
    }

    /// The open assignments of some assets, each with what its end user is as a portal user.
    pub async fn assigned(&self, assets: &[AssetId]) -> Result<HashMap<AssetId, Assigned>, StoreError> {
        let to_portal_user = assignment::Entity::belongs_to(portal_user::Entity)
            .from(assignment::Column::EndUserId)
            .to(portal_user::Column::EndUserId)
            .into();
        let select = assignment::Entity::find()
            .filter(assignment::Column::AssetId.is_in(assets.iter().copied()))
            .filter(assignment::Column::EndedAt.is_null())
            .join(JoinType::LeftJoin, to_portal_user)
            .select_also(portal_user::Entity);
        let found = select.all(&self.read).await?.into_iter();
        let assigned = |(open, portal_user): (Assignment, Option<PortalUser>)| {
            let (portal_user, group) = portal_user.map(|row| (row.state, row.group_key)).unzip();
            (open.asset_id, Assigned { open, portal_user, group })
        };
        Ok(found.map(assigned).collect())
    }

    /// Every assignment of an asset, the newest first; at most 1,000.
    pub async fn assignments(&self, asset: AssetId) -> Result<Vec<Assignment>, StoreError> {
        let select = assignment::Entity::find().filter(assignment::Column::AssetId.eq(asset));
        Ok(select.order_by_desc(assignment::Column::Id).limit(1000).all(&self.read).await?)
    }

    /// Ends the open assignment, if any, and begins `next`, if any, in one step (invariant 2).
    pub async fn reassign(
        &self,
        asset: AssetId,
        next: Option<Assignment>,
        event: AssetEvent,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        // Two at once on PostgreSQL: the second waits here, and then finds the first one's assignment to end.
        asset::Entity::find_by_id(asset).lock_exclusive().one(&transaction).await?;
        assignment::Entity::update_many()
            .col_expr(assignment::Column::EndedAt, Expr::value(record.at))
            .filter(assignment::Column::AssetId.eq(asset))
            .filter(assignment::Column::EndedAt.is_null())
            .exec(&transaction)
            .await?;
        if let Some(next) = next {
            insert(&transaction, next).await?;
        }
        insert(&transaction, event).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Adds a line to an asset's timeline.
    pub async fn insert_asset_event(&self, event: AssetEvent) -> Result<(), StoreError> {
        insert(&self.write, event).await
    }

    /// The latest lines of an asset's timeline, the newest first.
    pub async fn latest_asset_events(&self, asset: AssetId, limit: u64) -> Result<Vec<AssetEvent>, StoreError> {
        let select = asset_event::Entity::find().filter(asset_event::Column::AssetId.eq(asset));
        Ok(select.order_by_desc(asset_event::Column::Id).limit(limit).all(&self.read).await?)
    }

    /// Part of an asset's timeline.
    pub async fn asset_events(&self, asset: AssetId, page: PageRequest) -> Result<Page<AssetEvent>, StoreError> {
        let select = asset_event::Entity::find().filter(asset_event::Column::AssetId.eq(asset));
        self.page(select, asset_event::Column::Id, page, |row| row.id.0).await
    }
}
