//! Who may be asking when somebody clicks, and the sessions that clicks have opened: what a page needs, in two questions.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Iterable, JoinType, QueryFilter, QuerySelect, QueryTrait,
    RelationDef, Select,
    sea_query::{Expr, Keyword, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{
    Asset, AssetSession, EndUser, Store, StoreError, only,
    row::{asset, asset_session, assignment, end_user, os_login, portal_user},
};
use crate::domain::{
    ids::{AssignmentId, OsLoginId},
    launch::{RequesterBasis, Telling},
    os_login::OsLoginKey,
    portal_user::{GroupKey, PortalUserState},
};

/// Somebody on whose behalf a click may be taken.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// How surely.
    pub telling: Telling,
    /// What tells so.
    pub basis: RequesterBasis,
    /// Who.
    pub end_user: EndUser,
    /// Whether that end user is a portal user.
    pub portal_user: Option<PortalUserState>,
    /// In which group.
    pub group: Option<GroupKey>,
}

#[derive(FromQueryResult)]
struct Row {
    basis: Uuid,
    /// Absent: the basis is an assignment.
    os_id_key: Option<String>,
    portal_user: Option<PortalUserState>,
    group: Option<GroupKey>,
    #[sea_orm(nested)]
    end_user: end_user::Model,
}

impl Store {
    /// The session whose cookie has this hash, ended or not, and its asset.
    pub async fn session_and_asset(&self, token_hash: &str) -> Result<Option<(AssetSession, Asset)>, StoreError> {
        let to_asset = asset_session::Entity::belongs_to(asset::Entity)
            .from(asset_session::Column::AssetId)
            .to(asset::Column::Id)
            .into();
        let select = asset_session::Entity::find().filter(asset_session::Column::TokenHash.eq(token_hash));
        let found = select.join(JoinType::InnerJoin, to_asset).select_also(asset::Entity).all(&self.read).await?;
        Ok(only(found).and_then(|(session, asset)| Some((session, asset?))))
    }

    /// Whom a login with one of these keys or the open assignment tells, in no order.
    pub async fn candidates(&self, asset: &Asset, keys: &[OsLoginKey]) -> Result<Vec<Candidate>, StoreError> {
        let mut select = by_login(asset, keys);
        select.union(UnionType::All, by_assignment(asset));
        let rows = Row::find_by_statement(self.read.get_database_backend().build(&select)).all(&self.read).await?;
        Ok(rows.into_iter().map(Candidate::from).collect())
    }
}

impl From<Row> for Candidate {
    fn from(Row { basis, os_id_key, portal_user, group, end_user }: Row) -> Self {
        let (telling, basis) = match os_id_key.as_deref() {
            None => (Telling::Assignment, RequesterBasis::Assignment(AssignmentId(basis))),
            Some("") => (Telling::LogOnName, RequesterBasis::OsLogin(OsLoginId(basis))),
            Some(_) => (Telling::AccountId, RequesterBasis::OsLogin(OsLoginId(basis))),
        };
        Self { telling, basis, end_user, portal_user, group }
    }
}

fn by_login(asset: &Asset, keys: &[OsLoginKey]) -> SelectStatement {
    let known = keys.iter().fold(Condition::any(), |any, key| {
        any.add(
            Condition::all()
                .add(os_login::Column::NameKey.eq(&key.name))
                .add(os_login::Column::DomainKey.eq(&key.domain))
                .add(os_login::Column::OsIdKey.eq(&key.os_id)),
        )
    });
    let to_end_user = os_login::Entity::belongs_to(end_user::Entity)
        .from(os_login::Column::EndUserId)
        .to(end_user::Column::Id)
        .into();
    let select = os_login::Entity::find().select_only().column_as(os_login::Column::Id, "basis");
    let select = select.column_as(os_login::Column::OsIdKey, "os_id_key");
    let select = select.filter(os_login::Column::OrganizationId.eq(asset.organization_id)).filter(known);
    with_end_user(select, to_end_user)
}

fn by_assignment(asset: &Asset) -> SelectStatement {
    let to_end_user = assignment::Entity::belongs_to(end_user::Entity)
        .from(assignment::Column::EndUserId)
        .to(end_user::Column::Id)
        .into();
    let select = assignment::Entity::find().select_only().column_as(assignment::Column::Id, "basis");
    let select = select.expr_as(Expr::Keyword(Keyword::Null), "os_id_key");
    let select = select.filter(assignment::Column::AssetId.eq(asset.id)).filter(assignment::Column::EndedAt.is_null());
    with_end_user(select, to_end_user)
}

fn with_end_user<E: EntityTrait>(select: Select<E>, to_end_user: RelationDef) -> SelectStatement {
    let to_portal_user = end_user::Entity::belongs_to(portal_user::Entity)
        .from(end_user::Column::Id)
        .to(portal_user::Column::EndUserId)
        .into();
    select
        .column_as(portal_user::Column::State, "portal_user")
        .column_as(portal_user::Column::GroupKey, "group")
        .columns(end_user::Column::iter())
        .join(JoinType::InnerJoin, to_end_user)
        .join(JoinType::LeftJoin, to_portal_user)
        .into_query()
}
