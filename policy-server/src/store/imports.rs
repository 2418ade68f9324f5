//! Imports: what there is, read in one go; what comes of it, written in one step; and the files that staff uploaded.

use std::collections::HashMap;

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::{
    AssetEvent, Assignment, AuditRecord, EndUser, ImportFile, Json, Organization, OsLogin, Site, Store, StoreError,
    insert,
    row::{asset, assignment, end_user, folder, import_file, organization, os_login, site},
};
use crate::domain::{
    asset::{AssetState, asset_key},
    folder::FolderPath,
    ids::{AssetId, EndUserId, FolderId, ImportFileId, OrganizationId, SiteId},
    import::{Known, KnownAsset, KnownEndUser, KnownLogin, KnownOrganization, KnownSite, Plan, Totals, Written},
    os_login::OsLoginKey,
    search::search_key,
};

/// How many rows go to the database at once: SQLite takes 32,766 values in a statement.
const AT_ONCE: usize = 500;
/// How many uploaded files are listed.
const LISTED: u64 = 20;

/// What an import writes beside what its plan says.
#[derive(Debug)]
pub struct ImportWrites {
    /// What is made and changed.
    pub plan: Plan,
    /// When.
    pub at: UnixMillis,
    /// The assignments that begin; those before them end.
    pub assignments: Vec<Assignment>,
    /// What happened to assets.
    pub events: Vec<AssetEvent>,
    /// Who did it.
    pub records: Vec<AuditRecord>,
}

impl Store {
    /// What there is, as far as an import has to do with it.
    pub async fn known(&self) -> Result<Known, StoreError> {
        known(&self.read).await
    }

    /// Writes what `decide` makes of what there is; nothing where it gives no writes. Until then nobody else changes any
    /// of it.
    pub async fn import<T>(
        &self,
        decide: impl FnOnce(Known) -> (Option<ImportWrites>, T) + Send,
    ) -> Result<T, StoreError> {
        let transaction = self.begin().await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            // Assets more strictly than the others: whoever reassigns one locks its row before it writes an assignment.
            let lock = "LOCK TABLE organization, site, end_user, os_login IN SHARE ROW EXCLUSIVE MODE; \
                        LOCK TABLE asset IN EXCLUSIVE MODE; LOCK TABLE assignment IN SHARE ROW EXCLUSIVE MODE";
            transaction.execute_unprepared(lock).await?;
        }
        let (writes, answer) = decide(known(&transaction).await?);
        if let Some(writes) = writes {
            write(&transaction, writes).await?;
            transaction.commit().await?;
        }
        Ok(answer)
    }

    /// Keeps an uploaded file; those that were uploaded before `kept_since` and not imported are forgotten.
    pub async fn keep_import_file(&self, file: ImportFile, kept_since: UnixMillis) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let old = import_file::Entity::delete_many().filter(import_file::Column::ImportedAt.is_null());
        old.filter(import_file::Column::CreatedAt.lt(kept_since)).exec(&transaction).await?;
        insert(&transaction, file).await?;
        Ok(transaction.commit().await?)
    }

    /// An uploaded file.
    pub async fn import_file(&self, id: ImportFileId) -> Result<Option<ImportFile>, StoreError> {
        Ok(import_file::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// The files that were imported last, the newest first, without their content.
    pub async fn imported_files(&self) -> Result<Vec<ImportFile>, StoreError> {
        let select = import_file::Entity::find().filter(import_file::Column::ImportedAt.is_not_null());
        Ok(select.order_by_desc(import_file::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Notes that a file was imported; its content is not kept.
    pub async fn note_imported(&self, id: ImportFileId, totals: Totals, at: UnixMillis) -> Result<(), StoreError> {
        let update = import_file::Entity::update_many()
            .col_expr(import_file::Column::Content, Expr::value(Vec::<u8>::new()))
            .col_expr(import_file::Column::Totals, Expr::value(Json(totals)))
            .col_expr(import_file::Column::ImportedAt, Expr::value(at));
        update.filter(import_file::Column::Id.eq(id)).exec(&self.write).await?;
        Ok(())
    }

    /// Forgets a file that was not imported.
    pub async fn forget_import_file(&self, id: ImportFileId) -> Result<(), StoreError> {
        let delete = import_file::Entity::delete_many().filter(import_file::Column::Id.eq(id));
        delete.filter(import_file::Column::ImportedAt.is_null()).exec(&self.write).await?;
        Ok(())
    }
}

async fn known(db: &impl ConnectionTrait) -> Result<Known, StoreError> {
    let organizations = organization::Entity::find().order_by_asc(organization::Column::Id).all(db).await?.into_iter();
    let sites = site::Entity::find().all(db).await?.into_iter();
    let end_users = end_user::Entity::find().order_by_asc(end_user::Column::Id).all(db).await?.into_iter();
    let logins = os_login::Entity::find().all(db).await?.into_iter();
    let folders = folder::Entity::find().all(db).await?.into_iter();
    let folders: Vec<_> = folders.map(|row| (row.id, row.organization_id, row.parent_id, row.name)).collect();
    Ok(Known {
        organizations: organizations.map(KnownOrganization::from).collect(),
        sites: sites.map(KnownSite::from).collect(),
        folders: FolderPath::with_paths(&folders),
        end_users: end_users.map(KnownEndUser::from).collect(),
        logins: logins.map(KnownLogin::from).collect(),
        assets: known_assets(db).await?,
    })
}

type AssetColumns = (AssetId, OrganizationId, Option<SiteId>, Option<FolderId>, Option<String>, String, String);

async fn known_assets(db: &impl ConnectionTrait) -> Result<Vec<KnownAsset>, StoreError> {
    let open = assignment::Entity::find().filter(assignment::Column::EndedAt.is_null()).select_only();
    let open = open.columns([assignment::Column::AssetId, assignment::Column::EndUserId]);
    let assigned: HashMap<_, _> = open.into_tuple::<(AssetId, EndUserId)>().all(db).await?.into_iter().collect();
    let select = asset::Entity::find().filter(asset::Column::State.ne(AssetState::Retired)).select_only().columns([
        asset::Column::Id,
        asset::Column::OrganizationId,
        asset::Column::SiteId,
        asset::Column::FolderId,
        asset::Column::ExternalId,
        asset::Column::Name,
        asset::Column::SerialKey,
    ]);
    let rows = select.order_by_asc(asset::Column::Id).into_tuple::<AssetColumns>().all(db).await?.into_iter();
    let known = rows.map(|(id, organization, site, folder, external_id, name, serial_key)| {
        let end_user = assigned.get(&id).copied();
        KnownAsset { id, organization, site, folder, external_id, name, serial_key, end_user }
    });
    Ok(known.collect())
}

/// What is changed goes before what is made, so that a name that somebody gives up is free.
async fn write(db: &impl ConnectionTrait, writes: ImportWrites) -> Result<(), StoreError> {
    let ImportWrites { plan, at, assignments, events, records } = writes;
    let (changed, made) = parted(plan.organizations);
    for known in changed {
        change_organization(db, known).await?;
    }
    insert_all(db, made.into_iter().map(|known| organization_row(known, at))).await?;
    let (changed, made) = parted(plan.sites);
    for known in changed {
        let update = site::Entity::update_many().col_expr(site::Column::Address, Expr::value(known.address));
        update.filter(site::Column::Id.eq(known.id)).exec(db).await?;
    }
    insert_all(db, made.into_iter().map(|known| site_row(known, at))).await?;
    let (changed, made) = parted(plan.end_users);
    for known in changed {
        change_end_user(db, known).await?;
    }
    insert_all(db, made.into_iter().map(|known| end_user_row(known, at))).await?;
    insert_all(db, plan.logins.into_iter().map(|login| os_login_row(login.now, at))).await?;
    for asset in plan.assets {
        change_asset(db, asset).await?;
    }
    begin(db, assignments, at).await?;
    insert_all(db, events).await?;
    insert_all(db, records).await
}

/// What is changed, and what is made.
fn parted<T>(written: Vec<Written<T>>) -> (Vec<T>, Vec<T>) {
    let (changed, made): (Vec<_>, Vec<_>) = written.into_iter().partition(|each| each.before.is_some());
    let now = |written: Vec<Written<T>>| written.into_iter().map(|each| each.now).collect();
    (now(changed), now(made))
}

async fn change_organization(db: &impl ConnectionTrait, known: KnownOrganization) -> Result<(), StoreError> {
    organization::Entity::update_many()
        .col_expr(organization::Column::SearchKey, Expr::value(search_key(&[&known.name])))
        .col_expr(organization::Column::Name, Expr::value(known.name))
        .col_expr(organization::Column::Email, Expr::value(known.email))
        .col_expr(organization::Column::ExternalId, Expr::value(known.external_id))
        .filter(organization::Column::Id.eq(known.id))
        .exec(db)
        .await?;
    Ok(())
}

async fn change_end_user(db: &impl ConnectionTrait, known: KnownEndUser) -> Result<(), StoreError> {
    end_user::Entity::update_many()
        .col_expr(end_user::Column::SearchKey, Expr::value(end_user_key(&known)))
        .col_expr(end_user::Column::Name, Expr::value(known.name))
        .col_expr(end_user::Column::Email, Expr::value(known.email))
        .col_expr(end_user::Column::Phone, Expr::value(known.phone))
        .col_expr(end_user::Column::SiteId, Expr::value(known.site))
        .col_expr(end_user::Column::Language, Expr::value(known.language))
        .col_expr(end_user::Column::ExternalId, Expr::value(known.external_id))
        .filter(end_user::Column::Id.eq(known.id))
        .exec(db)
        .await?;
    Ok(())
}

async fn change_asset(db: &impl ConnectionTrait, asset: Written<KnownAsset>) -> Result<(), StoreError> {
    if !asset.is_changed_itself() {
        return Ok(());
    }
    let Written { before, now } = asset;
    let mut update = asset::Entity::update_many()
        .col_expr(asset::Column::FolderId, Expr::value(now.folder))
        .col_expr(asset::Column::SiteId, Expr::value(now.site))
        .col_expr(asset::Column::ExternalId, Expr::value(now.external_id));
    if before.is_none_or(|before| before.name != now.name)
        && let Some(row) = asset::Entity::find_by_id(now.id).one(db).await?
    {
        update = update
            .col_expr(asset::Column::SearchKey, Expr::value(asset_key(&now.name, &row.facts.0)))
            .col_expr(asset::Column::Name, Expr::value(now.name));
    }
    update.filter(asset::Column::Id.eq(now.id)).exec(db).await?;
    Ok(())
}

/// Begins assignments; those before them end (invariant 2).
async fn begin(db: &impl ConnectionTrait, next: Vec<Assignment>, at: UnixMillis) -> Result<(), StoreError> {
    for part in next.chunks(AT_ONCE) {
        assignment::Entity::update_many()
            .col_expr(assignment::Column::EndedAt, Expr::value(at))
            .filter(assignment::Column::AssetId.is_in(part.iter().map(|next| next.asset_id)))
            .filter(assignment::Column::EndedAt.is_null())
            .exec(db)
            .await?;
    }
    insert_all(db, next).await
}

async fn insert_all<A, M>(db: &impl ConnectionTrait, rows: impl IntoIterator<Item = M>) -> Result<(), StoreError>
where
    A: ActiveModelTrait,
    M: IntoActiveModel<A>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let part: Vec<A> = rows.by_ref().take(AT_ONCE).collect();
        if part.is_empty() {
            return Ok(());
        }
        <A::Entity as EntityTrait>::insert_many(part).exec_without_returning(db).await?;
    }
}

fn organization_row(known: KnownOrganization, at: UnixMillis) -> Organization {
    Organization {
        id: known.id,
        search_key: search_key(&[&known.name]),
        name: known.name,
        email: known.email,
        policy_id: None,
        external_id: known.external_id,
        portal_id: None,
        portal_available: true,
        link_enabled: true,
        link_generation: 1,
        created_at: at,
    }
}

fn site_row(known: KnownSite, at: UnixMillis) -> Site {
    Site {
        id: known.id,
        organization_id: known.organization,
        name_key: search_key(&[&known.name]),
        name: known.name,
        address: known.address,
        created_at: at,
    }
}

fn end_user_row(known: KnownEndUser, at: UnixMillis) -> EndUser {
    EndUser {
        id: known.id,
        organization_id: known.organization,
        search_key: end_user_key(&known),
        name: known.name,
        email: known.email,
        phone: known.phone,
        site_id: known.site,
        language: known.language,
        external_id: known.external_id,
        created_at: at,
    }
}

fn end_user_key(known: &KnownEndUser) -> String {
    search_key(&[&known.name, known.email.as_deref().unwrap_or_default()])
}

fn os_login_row(known: KnownLogin, at: UnixMillis) -> OsLogin {
    let key = OsLoginKey::new(&known.name, &known.domain, &known.os_id);
    OsLogin {
        id: known.id,
        organization_id: known.organization,
        end_user_id: known.end_user,
        name: known.name,
        domain: known.domain,
        os_id: known.os_id,
        name_key: key.name,
        domain_key: key.domain,
        os_id_key: key.os_id,
        created_at: at,
    }
}

impl From<Organization> for KnownOrganization {
    fn from(row: Organization) -> Self {
        Self { id: row.id, external_id: row.external_id, name: row.name, email: row.email }
    }
}

impl From<Site> for KnownSite {
    fn from(row: Site) -> Self {
        Self { id: row.id, organization: row.organization_id, name: row.name, address: row.address }
    }
}

impl From<EndUser> for KnownEndUser {
    fn from(row: EndUser) -> Self {
        Self {
            id: row.id,
            organization: row.organization_id,
            site: row.site_id,
            external_id: row.external_id,
            name: row.name,
            email: row.email,
            phone: row.phone,
            language: row.language,
        }
    }
}

impl From<OsLogin> for KnownLogin {
    fn from(row: OsLogin) -> Self {
        Self {
            id: row.id,
            organization: row.organization_id,
            end_user: row.end_user_id,
            name: row.name,
            domain: row.domain,
            os_id: row.os_id,
        }
    }
}
