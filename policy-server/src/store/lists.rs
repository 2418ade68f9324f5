//! Lists for pages: what stands on a line comes with one question, and the newest comes first.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait, Func, IntoCondition, LikeExpr},
};

use super::{
    Asset, EndUser, Organization, Page, PageRequest, PortalUser, Store, StoreError,
    reach::{Asking, NO_PORTAL_USER, NOT_PERMITTED, UNASSIGNED, has_published, requester_state},
    row::{asset, assignment, end_user, organization, portal_user, site},
};
use crate::domain::{
    asset::AssetState,
    ids::{AssetId, EndUserId, FolderId, OrganizationId, PortalUserId, SiteId},
    portal_user::PortalUserState,
    reach::PublishedFor,
    search::{like_pattern, search_key},
};

/// Which assets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetFilter {
    /// Only of this organization.
    pub organization: Option<OrganizationId>,
    /// Only in this folder itself.
    pub folder: Option<FolderId>,
    /// Only at this site.
    pub site: Option<SiteId>,
    /// Only of this end user.
    pub end_user: Option<EndUserId>,
    /// Only in this state.
    pub state: Option<AssetState>,
    /// Only those in use whose end user cannot open the form, with whom the portal is published for.
    pub not_ready: Option<PublishedFor>,
    /// Only with this in name, serial number or host name.
    pub words: String,
    /// Only with exactly this serial number, in the form in which it is compared.
    pub serial_key: Option<String>,
}

/// Which end users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndUserFilter {
    /// Only of this organization.
    pub organization: Option<OrganizationId>,
    /// Only with exactly this address, whatever its case.
    pub email: Option<String>,
    /// Only with this in name or address.
    pub words: String,
}

/// Which portal users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortalUserFilter {
    /// Only of this organization.
    pub organization: Option<OrganizationId>,
    /// Only of this end user.
    pub end_user: Option<EndUserId>,
    /// Only in this state.
    pub state: Option<PortalUserState>,
    /// Only with this sign-in name, in the form in which it is compared.
    pub sign_in_key: Option<String>,
    /// Only these; empty: any.
    pub only: Vec<PortalUserId>,
}

/// An asset on a line of a list.
#[derive(Debug, Clone, FromQueryResult)]
pub struct AssetLine {
    /// Which one.
    pub id: AssetId,
    /// What staff call it.
    pub name: String,
    /// Its standing.
    pub state: AssetState,
    /// The tray of each session, as told last.
    pub sessions: super::Json<Vec<deskbell_protocol::SessionReport>>,
    /// When the agent reported last.
    pub reported_at: Option<i64>,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What the organization is called.
    pub organization_name: String,
    /// What its site is called.
    pub site_name: Option<String>,
    /// To whom it is assigned.
    pub end_user_id: Option<EndUserId>,
    /// What they are called.
    pub end_user_name: Option<String>,
    requester_state: String,
}

impl AssetLine {
    /// Who would ask from it.
    pub fn asking(&self) -> Asking {
        Asking::of(&self.requester_state)
    }
}

impl Store {
    /// Part of the list of assets.
    pub async fn assets(&self, filter: &AssetFilter, page: PageRequest) -> Result<Page<Asset>, StoreError> {
        let select = asset::Entity::find().filter(matching(filter));
        self.page(select, asset::Column::Id, page, |row| row.id.0).await
    }

    /// Part of the list of organizations with this in their name, or with exactly this name.
    pub async fn organizations_like(
        &self,
        words: &str,
        name: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Organization>, StoreError> {
        let exact = name.map(|name| organization::Column::SearchKey.eq(search_key(&[name])));
        let all = found(organization::Column::SearchKey, words).add_option(exact);
        let select = organization::Entity::find().filter(all);
        self.page(select, organization::Column::Id, page, |row| row.id.0).await
    }

    /// Part of the list of end users.
    pub async fn end_users_like(&self, filter: &EndUserFilter, page: PageRequest) -> Result<Page<EndUser>, StoreError> {
        let email = filter.email.as_deref().and_then(like_pattern).map(|pattern| {
            // The key ends with the address.
            let last = pattern.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).unwrap_or_default();
            let last = LikeExpr::new(format!("% {last}")).escape('\\');
            end_user::Column::SearchKey.like(last).and(end_user::Column::Email.is_not_null())
        });
        let all = found(end_user::Column::SearchKey, &filter.words)
            .add_option(filter.organization.map(|id| end_user::Column::OrganizationId.eq(id)))
            .add_option(email);
        self.page(end_user::Entity::find().filter(all), end_user::Column::Id, page, |row| row.id.0).await
    }

    /// Part of the list of portal users.
    pub async fn portal_users(
        &self,
        filter: &PortalUserFilter,
        page: PageRequest,
    ) -> Result<Page<PortalUser>, StoreError> {
        let select = portal_user::Entity::find().filter(portal_users_like(filter));
        self.page(select, portal_user::Column::Id, page, |row| row.id.0).await
    }

    /// The same, the newest first.
    pub async fn newest_portal_users(
        &self,
        filter: &PortalUserFilter,
        page: PageRequest,
    ) -> Result<Page<PortalUser>, StoreError> {
        let select = portal_user::Entity::find().filter(portal_users_like(filter));
        let found = newest(select, portal_user::Column::Id, page).all(&self.read).await?;
        Ok(Page::of(found, page, |row| row.id.0))
    }

    /// Part of the list of assets, the newest first.
    pub async fn asset_lines(&self, filter: &AssetFilter, page: PageRequest) -> Result<Page<AssetLine>, StoreError> {
        let of_organization = asset::Entity::belongs_to(organization::Entity)
            .from(asset::Column::OrganizationId)
            .to(organization::Column::Id)
            .into();
        let at_site = asset::Entity::belongs_to(site::Entity).from(asset::Column::SiteId).to(site::Column::Id).into();
        let part = newest(asset::Entity::find().filter(matching(filter)), asset::Column::Id, page);
        let part = part.select_only().column(asset::Column::Id);
        let select = with_people(asset::Entity::find())
            .filter(asset::Column::Id.in_subquery(part.into_query()))
            .join(JoinType::InnerJoin, of_organization)
            .join(JoinType::LeftJoin, at_site)
            .select_only()
            .columns([
                asset::Column::Id,
                asset::Column::Name,
                asset::Column::State,
                asset::Column::Sessions,
                asset::Column::ReportedAt,
                asset::Column::OrganizationId,
            ])
            .column_as(organization::Column::Name, "organization_name")
            .column_as(site::Column::Name, "site_name")
            .column_as(assignment::Column::EndUserId, "end_user_id")
            .column_as(end_user::Column::Name, "end_user_name")
            .expr_as(requester_state(), "requester_state");
        let select = select.order_by_desc(asset::Column::Id);
        Ok(Page::of(select.into_model().all(&self.read).await?, page, |line: &AssetLine| line.id.0))
    }

    /// Part of the list of organizations, the newest first.
    pub async fn found_organizations(&self, words: &str, page: PageRequest) -> Result<Page<Organization>, StoreError> {
        let select = organization::Entity::find().filter(found(organization::Column::SearchKey, words));
        let select = newest(select, organization::Column::Id, page);
        Ok(Page::of(select.all(&self.read).await?, page, |row| row.id.0))
    }

    /// Part of the list of an organization's end users, the newest first.
    pub async fn found_end_users(
        &self,
        organization: OrganizationId,
        words: &str,
        page: PageRequest,
    ) -> Result<Page<EndUser>, StoreError> {
        let select = end_user::Entity::find().filter(found(end_user::Column::SearchKey, words));
        let select = select.filter(end_user::Column::OrganizationId.eq(organization));
        let select = newest(select, end_user::Column::Id, page);
        Ok(Page::of(select.all(&self.read).await?, page, |row| row.id.0))
    }
}

/// With the open assignment and its end user.
fn with_people(select: Select<asset::Entity>) -> Select<asset::Entity> {
    let open = asset::Entity::belongs_to(assignment::Entity)
        .from(asset::Column::Id)
        .to(assignment::Column::AssetId)
        .on_condition(|_, open| Expr::col((open, assignment::Column::EndedAt)).is_null().into_condition());
    let end_user =
        assignment::Entity::belongs_to(end_user::Entity).from(assignment::Column::EndUserId).to(end_user::Column::Id);
    select.join(JoinType::LeftJoin, open.into()).join(JoinType::LeftJoin, end_user.into())
}

fn matching(filter: &AssetFilter) -> Condition {
    let mut all = Condition::all().add(found(asset::Column::SearchKey, &filter.words));
    all = all.add_option(filter.organization.map(|id| asset::Column::OrganizationId.eq(id)));
    all = all.add_option(filter.site.map(|id| asset::Column::SiteId.eq(id)));
    all = all.add_option(filter.folder.map(|id| asset::Column::FolderId.eq(id)));
    all = all.add_option(filter.state.map(|state| kept_from_indexes(asset::Column::State).eq(state)));
    all = all.add_option(filter.serial_key.as_ref().map(|key| asset::Column::SerialKey.eq(key)));
    if let Some(end_user) = filter.end_user {
        let open = assignment::Entity::find().filter(assignment::Column::EndUserId.eq(end_user));
        let open = open.filter(assignment::Column::EndedAt.is_null()).select_only();
        all = all.add(asset::Column::Id.in_subquery(open.column(assignment::Column::AssetId).into_query()));
    }
    if let Some(published) = &filter.not_ready {
        let deactivated: &str = PortalUserState::Deactivated.into();
        let cannot = requester_state().is_in([UNASSIGNED, NO_PORTAL_USER, NOT_PERMITTED, deactivated]);
        let cannot = match has_published(published) {
            Some(published) => cannot.or(published.not()),
            None => cannot,
        };
        all = all.add(asset::Column::State.eq(AssetState::Enrolled)).add(cannot);
    }
    all
}

/// A column that is compared row by row: SQLite prefers an index that begins with it, and then has to sort all that are
/// in use.
fn kept_from_indexes(column: asset::Column) -> Expr {
    Func::coalesce([column.into_expr(), Expr::value("")]).into()
}

fn portal_users_like(filter: &PortalUserFilter) -> Condition {
    let only = (!filter.only.is_empty()).then(|| portal_user::Column::Id.is_in(filter.only.iter().copied()));
    Condition::all()
        .add_option(filter.organization.map(|id| portal_user::Column::OrganizationId.eq(id)))
        .add_option(filter.end_user.map(|id| portal_user::Column::EndUserId.eq(id)))
        .add_option(filter.state.map(|state| portal_user::Column::State.eq(state)))
        .add_option(filter.sign_in_key.as_ref().map(|key| portal_user::Column::SignInKey.eq(key)))
        .add_option(only)
}

fn found(key: impl ColumnTrait, words: &str) -> Condition {
    let pattern = like_pattern(words).map(|pattern| LikeExpr::new(pattern).escape('\\'));
    Condition::all().add_option(pattern.map(|pattern| key.like(pattern)))
}

fn newest<E: EntityTrait>(select: Select<E>, id: E::Column, page: PageRequest) -> Select<E> {
    let select = match page.after {
        Some(before) => select.filter(id.lt(before)),
        None => select,
    };
    select.order_by_desc(id).limit(page.limit + 1)
}
