//! Assets in use, counted by what decides over the form and by where their icons are: for the whole fleet, an organization,
//! or wherever a policy counts. Nothing here looks at single assets; an index has it all.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, IntoIden},
};

use super::{
    EndUser, Store, StoreError,
    row::{asset, assignment, end_user},
};
use crate::domain::{
    asset::AssetState,
    ids::OrganizationId,
    portal_user::PortalUserState,
    reach::{PublishedFor, Reach},
    tray_count::TrayCount,
};

/// The `requester_state` of an asset that is assigned to nobody.
pub(super) const UNASSIGNED: &str = "unassigned";
/// That of one whose end user is no portal user.
pub(super) const NO_PORTAL_USER: &str = "no_portal_user";

/// That of one whose end user is of a group that sends nothing from the tray.
pub(super) const NOT_PERMITTED: &str = "not_permitted";

/// Whether the portal is published, as a column of an answer.
const PUBLISHED: &str = "portal_published";

/// Who would ask from an asset, as far as it decides over the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// Whether it is assigned.
    pub end_user_known: bool,
    /// Whether that end user is a portal user.
    pub portal_user_state: Option<PortalUserState>,
    /// Whether their group lets them send tickets from the tray.
    pub may_send: bool,
}

/// How many assets in use are alike in what decides over the form.
#[derive(Debug, Clone)]
pub struct Reached {
    /// Who would ask from them.
    pub asking: Asking,
    /// Whether their portal is published.
    pub portal_published: bool,
    /// How many.
    pub assets: i64,
    /// Where the icons of their sessions are.
    pub trays: TrayCount,
}

#[derive(FromQueryResult)]
struct Row {
    requester_state: String,
    portal_published: bool,
    assets: i64,
    visible: i64,
    overflow: i64,
    hidden: i64,
    no_tray_host: i64,
    stopped: i64,
}

impl Store {
    /// Counts assets in use.
    pub async fn reached(&self, reach: &Reach, published: &PublishedFor) -> Result<Vec<Reached>, StoreError> {
        let mut select = asset::Entity::find()
            .filter(within(reach))
            .select_only()
            .expr_as(requester_state(), "requester_state")
            .column_as(asset::Column::State.count(), "assets")
            .group_by(requester_state());
        select = match has_published(published) {
            // By its name: bound values would make two expressions of it.
            Some(published) => select.expr_as(published, PUBLISHED).group_by(Expr::col(PUBLISHED)),
            None => select.expr_as(Expr::value(true), PUBLISHED),
        };
        for (column, name) in [
            ("trays_visible", "visible"),
            ("trays_overflow", "overflow"),
            ("trays_hidden", "hidden"),
            ("trays_no_host", "no_tray_host"),
            ("trays_stopped", "stopped"),
        ] {
            select = select.expr_as(of_asset(column).sum(), name);
        }
        let rows = select.into_model::<Row>().all(&self.read).await?;
        Ok(rows.into_iter().map(Reached::from).collect())
    }

    /// The end users of assets in use who are no portal users, in the order of their ids.
    pub async fn end_users_to_enable(&self, reach: &Reach) -> Result<Vec<EndUser>, StoreError> {
        Ok(to_enable(reach).order_by_asc(end_user::Column::Id).all(&self.read).await?)
    }

    /// How many these are.
    pub async fn count_end_users_to_enable(&self, reach: &Reach) -> Result<u64, StoreError> {
        Ok(to_enable(reach).count(&self.read).await?)
    }
}

impl Asking {
    /// By what the asset's row keeps.
    pub(super) fn of(requester_state: &str) -> Self {
        Self {
            end_user_known: requester_state != UNASSIGNED,
            portal_user_state: match requester_state {
                // Whichever it is of those that are not shut out.
                NOT_PERMITTED => Some(PortalUserState::Enabled),
                state => state.parse().ok(),
            },
            may_send: requester_state != NOT_PERMITTED,
        }
    }
}

impl Reached {
    /// Whether all that is missing is that the end user becomes a portal user.
    pub fn needs_enabling(&self) -> bool {
        self.asking.end_user_known && self.asking.portal_user_state.is_none()
    }
}

impl From<Row> for Reached {
    fn from(row: Row) -> Self {
        let count = |sum: i64| u64::try_from(sum).unwrap_or_default();
        Self {
            asking: Asking::of(&row.requester_state),
            portal_published: row.portal_published,
            assets: row.assets,
            trays: TrayCount {
                visible: count(row.visible),
                overflow: count(row.overflow),
                hidden: count(row.hidden),
                no_tray_host: count(row.no_tray_host),
                stopped: count(row.stopped),
            },
        }
    }
}

/// What an asset's row keeps of its sessions beside themselves.
pub(super) fn tray_columns(trays: &TrayCount) -> [(&'static str, Expr); 5] {
    let count = |count: u64| Expr::value(i32::try_from(count).unwrap_or(i32::MAX));
    [
        ("trays_visible", count(trays.visible)),
        ("trays_overflow", count(trays.overflow)),
        ("trays_hidden", count(trays.hidden)),
        ("trays_no_host", count(trays.no_tray_host)),
        ("trays_stopped", count(trays.stopped)),
    ]
}

/// Who would ask from an asset: one of the names above, or the state of the portal user. The database's triggers keep it.
pub(super) fn requester_state() -> Expr {
    of_asset("requester_state")
}

/// Whether the portal is published for an asset's organization; absent: it is for all, which an index of assets answers alone.
pub(super) fn has_published(published: &PublishedFor) -> Option<Expr> {
    let is_one_of = |ids: &[OrganizationId]| asset::Column::OrganizationId.is_in(ids.iter().copied());
    match published {
        PublishedFor::AllBut(others) if others.is_empty() => None,
        PublishedFor::AllBut(others) => Some(is_one_of(others).not()),
        PublishedFor::NoneBut(others) => Some(is_one_of(others)),
    }
}

fn of_asset(column: &'static str) -> Expr {
    Expr::col((asset::Entity, column.into_iden()))
}

fn within(reach: &Reach) -> Condition {
    let all = Condition::all().add(asset::Column::State.eq(AssetState::Enrolled));
    match reach {
        Reach::Everywhere => all,
        Reach::Places { organizations, folders, policy } => all.add(
            Condition::any()
                .add(asset::Column::OrganizationId.is_in(organizations.iter().copied()))
                .add_option((!folders.is_empty()).then(|| asset::Column::FolderId.is_in(folders.iter().copied())))
                .add_option(policy.map(|id| asset::Column::PolicyId.eq(id))),
        ),
    }
}

fn to_enable(reach: &Reach) -> Select<end_user::Entity> {
    let assets = asset::Entity::find().filter(within(reach)).filter(requester_state().eq(NO_PORTAL_USER));
    let assets = assets.select_only().column(asset::Column::Id).into_query();
    let open = assignment::Entity::find().filter(assignment::Column::EndedAt.is_null());
    let open = open.filter(assignment::Column::AssetId.in_subquery(assets));
    let people = open.select_only().column(assignment::Column::EndUserId).into_query();
    end_user::Entity::find().filter(end_user::Column::Id.in_subquery(people))
}
