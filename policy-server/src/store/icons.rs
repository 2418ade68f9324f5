//! Icons that policies name.

use deskbell_protocol::IconHash;
use sea_orm::{EntityTrait, IntoActiveModel, PaginatorTrait, sea_query::OnConflict};

use super::{Icon, Store, StoreError, row::icon};

impl Store {
    /// An icon.
    pub async fn icon(&self, hash: &IconHash) -> Result<Option<Icon>, StoreError> {
        Ok(icon::Entity::find_by_id(hash.as_str()).one(&self.read).await?)
    }

    /// Whether there is such an icon.
    pub async fn has_icon(&self, hash: &IconHash) -> Result<bool, StoreError> {
        Ok(icon::Entity::find_by_id(hash.as_str()).count(&self.read).await? > 0)
    }

    /// Keeps an icon; the same one again changes nothing.
    pub async fn keep_icon(&self, icon: Icon) -> Result<(), StoreError> {
        let once = OnConflict::column(icon::Column::Sha256).do_nothing().to_owned();
        let insert = icon::Entity::insert(icon.into_active_model()).on_conflict(once);
        insert.exec_without_returning(&self.write).await?;
        Ok(())
    }
}
