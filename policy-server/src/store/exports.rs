//! What an export says of an organization, read in one go.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Asset, EndUser, Folder, OsLogin, Site, Store, StoreError,
    row::{asset, assignment, end_user, os_login, site},
};
use crate::domain::{
    asset::AssetState,
    ids::{AssetId, EndUserId, OrganizationId},
};

/// What belongs to an organization, the oldest first.
#[derive(Debug)]
pub struct OrganizationContent {
    /// Its sites.
    pub sites: Vec<Site>,
    /// Its folders.
    pub folders: Vec<Folder>,
    /// Its end users.
    pub end_users: Vec<EndUser>,
    /// The logins that stand for them.
    pub logins: Vec<OsLogin>,
    /// Its assets that are not retired, each with the end user it is assigned to.
    pub assets: Vec<(Asset, Option<EndUserId>)>,
}

impl Store {
    /// What belongs to an organization.
    pub async fn organization_content(&self, id: OrganizationId) -> Result<OrganizationContent, StoreError> {
        let sites = site::Entity::find().filter(site::Column::OrganizationId.eq(id));
        let end_users = end_user::Entity::find().filter(end_user::Column::OrganizationId.eq(id));
        let logins = os_login::Entity::find().filter(os_login::Column::OrganizationId.eq(id));
        let assets = asset::Entity::find().filter(asset::Column::OrganizationId.eq(id));
        let assets = assets.filter(asset::Column::State.ne(AssetState::Retired));
        let open = assignment::Entity::find().filter(assignment::Column::OrganizationId.eq(id)).select_only();
        let open = open.columns([assignment::Column::AssetId, assignment::Column::EndUserId]);
        let open = open.filter(assignment::Column::EndedAt.is_null()).into_tuple::<(AssetId, EndUserId)>();
        let owners: HashMap<_, _> = open.all(&self.read).await?.into_iter().collect();
        let assets = assets.order_by_asc(asset::Column::Id).all(&self.read).await?.into_iter();
        Ok(OrganizationContent {
            sites: sites.order_by_asc(site::Column::Id).all(&self.read).await?,
            folders: self.folders_of(id).await?,
            end_users: end_users.order_by_asc(end_user::Column::Id).all(&self.read).await?,
            logins: logins.order_by_asc(os_login::Column::Id).all(&self.read).await?,
            assets: assets.map(|asset| with_owner(asset, &owners)).collect(),
        })
    }
}

fn with_owner(asset: Asset, owners: &HashMap<AssetId, EndUserId>) -> (Asset, Option<EndUserId>) {
    let owner = owners.get(&asset.id).copied();
    (asset, owner)
}
