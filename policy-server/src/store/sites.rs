//! Sites: where organizations are.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    AuditRecord, Page, PageRequest, Site, Store, StoreError, insert,
    row::{asset, end_user, site},
};
use crate::domain::ids::{OrganizationId, SiteId};

/// The most sites of an organization that are listed at once.
const LISTED: u64 = 1000;

/// What came of removing a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteRemoval {
    /// It is gone.
    Removed,
    /// There is none.
    Missing,
    /// End users or assets are there.
    InUse,
}

/// How much is at a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SiteUse {
    /// How many end users.
    pub end_users: i64,
    /// How many assets, retired ones too.
    pub assets: i64,
}

impl Store {
    /// A site.
    pub async fn site(&self, id: SiteId) -> Result<Option<Site>, StoreError> {
        Ok(site::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the list of sites.
    pub async fn sites(
        &self,
        organization: Option<OrganizationId>,
        page: PageRequest,
    ) -> Result<Page<Site>, StoreError> {
        let mut select = site::Entity::find();
        if let Some(organization) = organization {
            select = select.filter(site::Column::OrganizationId.eq(organization));
        }
        self.page(select, site::Column::Id, page, |row| row.id.0).await
    }

    /// The sites of an organization by name; at most 1,000.
    pub async fn sites_of(&self, organization: OrganizationId) -> Result<Vec<Site>, StoreError> {
        let select = site::Entity::find().filter(site::Column::OrganizationId.eq(organization)).limit(LISTED);
        let mut sites = select.order_by_asc(site::Column::Id).all(&self.read).await?;
        sites.sort_by(|one, other| one.name_key.cmp(&other.name_key));
        Ok(sites)
    }

    /// How much is at each site of an organization; a site where nothing is does not come up.
    pub async fn site_uses(&self, organization: OrganizationId) -> Result<HashMap<SiteId, SiteUse>, StoreError> {
        let mut uses: HashMap<SiteId, SiteUse> = HashMap::new();
        let people = end_user::Entity::find().filter(end_user::Column::OrganizationId.eq(organization));
        let people = people.filter(end_user::Column::SiteId.is_not_null()).select_only();
        let people = people.column(end_user::Column::SiteId).column_as(end_user::Column::Id.count(), "people");
        let people = people.group_by(end_user::Column::SiteId).into_tuple::<(SiteId, i64)>();
        for (site, count) in people.all(&self.read).await? {
            uses.entry(site).or_default().end_users = count;
        }
        let assets = asset::Entity::find().filter(asset::Column::OrganizationId.eq(organization));
        let assets = assets.filter(asset::Column::SiteId.is_not_null()).select_only();
        let assets = assets.column(asset::Column::SiteId).column_as(asset::Column::Id.count(), "assets");
        let assets = assets.group_by(asset::Column::SiteId).into_tuple::<(SiteId, i64)>();
        for (site, count) in assets.all(&self.read).await? {
            uses.entry(site).or_default().assets = count;
        }
        Ok(uses)
    }

    /// Makes a site; no other of its organization may have its name.
    pub async fn insert_site(&self, site: Site, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(site, record).await
    }

    /// Changes a site, while nobody else can.
    pub async fn change_site<R: From<StoreError> + Send>(
        &self,
        id: SiteId,
        change: impl FnOnce(&mut Site) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Site>, R> {
        self.change_recorded::<site::Entity, _, _>(id, change).await
    }

    /// Deletes a site where nothing is.
    pub async fn delete_site(&self, id: SiteId, record: AuditRecord) -> Result<SiteRemoval, StoreError> {
        let transaction = self.begin().await?;
        match site::Entity::delete_by_id(id).exec(&transaction).await.map_err(StoreError::from) {
            Ok(deleted) if deleted.rows_affected == 1 => {}
            Ok(_) => return Ok(SiteRemoval::Missing),
            Err(StoreError::NoSuchReference) => return Ok(SiteRemoval::InUse),
            Err(error) => return Err(error),
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(SiteRemoval::Removed)
    }
}
