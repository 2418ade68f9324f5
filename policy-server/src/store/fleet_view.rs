//! What the fleet keeps in memory, read in one go.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, Select, sea_query::Expr,
};

use super::{
    Asset, EndUser, Folder, Organization, Policy, Provider, Store, StoreError,
    row::{asset, assignment, end_user, folder, organization, policy, provider},
};
use crate::domain::ids::{AssetId, EndUserId};

/// How many assets are asked for at once.
const AT_ONCE: usize = 500;

/// The policy tree, without its assets.
#[derive(Debug, Clone)]
pub struct TreeRows {
    /// The root.
    pub provider: Option<Provider>,
    /// Below the root.
    pub organizations: Vec<Organization>,
    /// Below organizations.
    pub folders: Vec<Folder>,
    /// Every policy.
    pub policies: Vec<Policy>,
}

/// An asset and the name of the end user it is assigned to.
#[derive(Debug, Clone)]
pub struct AssetRow {
    /// The asset.
    pub asset: Asset,
    /// The end user's name.
    pub end_user: Option<String>,
}

#[derive(FromQueryResult)]
struct Assigned {
    asset_id: AssetId,
    end_user_id: EndUserId,
}

impl Store {
    /// The whole policy tree.
    pub async fn tree(&self) -> Result<TreeRows, StoreError> {
        Ok(TreeRows {
            provider: provider::Entity::find().one(&self.write).await?,
            organizations: organization::Entity::find().all(&self.write).await?,
            folders: folder::Entity::find().all(&self.write).await?,
            policies: policy::Entity::find().all(&self.write).await?,
        })
    }

    /// Every asset.
    pub async fn fleet_assets(&self) -> Result<Vec<AssetRow>, StoreError> {
        let names = end_user::Entity::find().all(&self.write).await?;
        let names: HashMap<_, _> = names.into_iter().map(|end_user| (end_user.id, end_user.name)).collect();
        let open = assignment::Entity::find().filter(assignment::Column::EndedAt.is_null()).select_only();
        let open = open.columns([assignment::Column::AssetId, assignment::Column::EndUserId]);
        let open = open.into_model::<Assigned>().all(&self.write).await?;
        let mut assigned: HashMap<_, _> =
            open.into_iter().filter_map(|row| Some((row.asset_id, names.get(&row.end_user_id)?.clone()))).collect();
        let assets = asset::Entity::find().all(&self.write).await?;
        Ok(assets.into_iter().map(|asset| AssetRow { end_user: assigned.remove(&asset.id), asset }).collect())
    }

    /// Some assets.
    pub async fn fleet_assets_among(&self, ids: &[AssetId]) -> Result<Vec<AssetRow>, StoreError> {
        let mut rows = Vec::with_capacity(ids.len());
        for part in ids.chunks(AT_ONCE) {
            let select = with_end_user(asset::Entity::find().filter(asset::Column::Id.is_in(part.iter().copied())));
            let found = select.select_also(end_user::Entity).all(&self.read).await?.into_iter();
            rows.extend(found.map(AssetRow::from));
        }
        Ok(rows)
    }

    /// One asset.
    pub async fn fleet_asset(&self, id: AssetId) -> Result<Option<AssetRow>, StoreError> {
        let select = with_end_user(asset::Entity::find_by_id(id));
        let found = select.select_also(end_user::Entity).one(&self.read).await?;
        Ok(found.map(AssetRow::from))
    }
}

/// With the end user of the open assignment.
fn with_end_user(select: Select<asset::Entity>) -> Select<asset::Entity> {
    let open = asset::Entity::belongs_to(assignment::Entity)
        .from(asset::Column::Id)
        .to(assignment::Column::AssetId)
        .on_condition(|_, assignment| Expr::col((assignment, assignment::Column::EndedAt)).is_null().into())
        .into();
    let assigned = assignment::Entity::belongs_to(end_user::Entity)
        .from(assignment::Column::EndUserId)
        .to(end_user::Column::Id)
        .into();
    select.join(JoinType::LeftJoin, open).join(JoinType::LeftJoin, assigned)
}

impl From<(Asset, Option<EndUser>)> for AssetRow {
    fn from((asset, end_user): (Asset, Option<EndUser>)) -> Self {
        Self { asset, end_user: end_user.map(|end_user| end_user.name) }
    }
}
