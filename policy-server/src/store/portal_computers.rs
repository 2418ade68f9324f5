//! The computers that somebody in the portal sees.

use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait as _, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, IntoCondition, LikeExpr},
};

use super::{
    Store, StoreError,
    row::{asset, assignment, end_user},
};
use crate::domain::{
    access::ComputerScope,
    asset::AssetState,
    ids::{AssetId, EndUserId},
    search::like_pattern,
};

/// The most computers that are listed.
const LISTED: u64 = 200;

/// A computer in use.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Computer {
    /// Which one.
    pub id: AssetId,
    /// What it is called.
    pub name: String,
    /// To whom it is assigned.
    pub end_user_id: Option<EndUserId>,
    /// What they are called.
    pub end_user_name: Option<String>,
}

impl Store {
    /// The computers that `scope` sees and that `words` find, by name; at most 200.
    pub async fn computers(&self, scope: ComputerScope, words: &str) -> Result<Vec<Computer>, StoreError> {
        let mut select = computers(scope);
        if let Some(pattern) = like_pattern(words) {
            select = select.filter(asset::Column::SearchKey.like(LikeExpr::new(pattern).escape('\\')));
        }
        let select = select.order_by_asc(asset::Column::Name).order_by_asc(asset::Column::Id).limit(LISTED);
        let mut computers = select.into_model::<Computer>().all(&self.read).await?;
        computers.sort_by_cached_key(|computer| (computer.name.to_lowercase(), computer.id));
        Ok(computers)
    }

    /// One of them.
    pub async fn computer(&self, scope: ComputerScope, id: AssetId) -> Result<Option<Computer>, StoreError> {
        let select = computers(scope).filter(asset::Column::Id.eq(id));
        Ok(select.into_model::<Computer>().one(&self.read).await?)
    }
}

fn computers(scope: ComputerScope) -> Select<asset::Entity> {
    let open = asset::Entity::belongs_to(assignment::Entity)
        .from(asset::Column::Id)
        .to(assignment::Column::AssetId)
        .on_condition(|_, open| Expr::col((open, assignment::Column::EndedAt)).is_null().into_condition());
    let person =
        assignment::Entity::belongs_to(end_user::Entity).from(assignment::Column::EndUserId).to(end_user::Column::Id);
    let select = asset::Entity::find()
        .join(JoinType::LeftJoin, open.into())
        .join(JoinType::LeftJoin, person.into())
        .filter(asset::Column::State.eq(AssetState::Enrolled))
        .select_only()
        .columns([asset::Column::Id, asset::Column::Name])
        .column_as(assignment::Column::EndUserId, "end_user_id")
        .column_as(end_user::Column::Name, "end_user_name");
    match scope {
        ComputerScope::EndUser(id) => select.filter(assignment::Column::EndUserId.eq(id)),
        ComputerScope::Site(id) => select.filter(end_user::Column::SiteId.eq(id)),
        ComputerScope::Organization(id) => select.filter(asset::Column::OrganizationId.eq(id)),
    }
}
