//! What the MSP has written down for end users. Every question names on whose behalf it is asked.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr, LikeExpr},
};

use super::{
    AuditRecord, Page, PageRequest, Store, StoreError, insert, insert_all, replace,
    row::{article, article_organization},
};
use crate::domain::{
    article::{ArticleScope, ArticleVisibility, MOST_ARTICLES},
    ids::{ArticleId, OrganizationId},
    search::escaped,
};

/// What a word in the title says of an article, beside one at the beginning of its text.
const TITLE_WEIGHT: i32 = 3;

/// An article, and who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its row.
    pub row: article::Model,
    /// The organizations that it names, in the order of their ids.
    pub organizations: Vec<OrganizationId>,
}

/// An article as it stands in lists: without its text.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ArticleLine {
    /// Which one.
    pub id: ArticleId,
    /// What it is about.
    pub title: String,
    /// Under what it stands.
    pub section: Option<String>,
    /// In which language it is.
    pub language: Option<String>,
    /// Who reads it.
    pub visibility: ArticleVisibility,
    /// Whether it is a draft no more.
    pub published: bool,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

impl Store {
    /// An article that `scope` reads.
    pub async fn article(&self, scope: ArticleScope, id: ArticleId) -> Result<Option<Article>, StoreError> {
        let found = article::Entity::find_by_id(id).filter(readable(scope)).one(&self.read).await?;
        let Some(row) = found else { return Ok(None) };
        Ok(Some(Article { organizations: organizations_of(&self.read, id).await?, row }))
    }

    /// Those that `scope` reads and that have each of these words, by section and title.
    pub async fn article_lines(&self, scope: ArticleScope, words: &[String]) -> Result<Vec<ArticleLine>, StoreError> {
        let mut select = lines().filter(readable(scope)).limit(MOST_ARTICLES);
        for word in words {
            select = select.filter(article::Column::SearchKey.like(anywhere(word)));
        }
        let mut lines = select.into_model::<ArticleLine>().all(&self.read).await?;
        let lower = |text: &str| text.to_lowercase();
        // What has no section comes last.
        lines.sort_by_cached_key(|line| {
            let section = line.section.as_deref().map(lower);
            (section.is_none(), section, lower(&line.title), line.id)
        });
        Ok(lines)
    }

    /// Those that `scope` reads and that have some of these words in their title or at their beginning, the best first.
    pub async fn suggested_articles(
        &self,
        scope: ArticleScope,
        words: &[String],
        limit: u64,
    ) -> Result<Vec<ArticleLine>, StoreError> {
        let has = |column: article::Column, word: &String| column.like(anywhere(word));
        let said = words.iter().map(|word| has(article::Column::OpeningKey, word));
        let said = said.fold(Condition::any(), Condition::add);
        if said.is_empty() {
            return Ok(Vec::new());
        }
        let points = words.iter().flat_map(|word| {
            let points = |so: Expr, points: i32| Expr::Case(Box::new(CaseStatement::new().case(so, points).finally(0)));
            [
                points(has(article::Column::TitleKey, word), TITLE_WEIGHT),
                points(has(article::Column::OpeningKey, word), 1),
            ]
        });
        let Some(points) = points.reduce(sea_orm::ExprTrait::add) else { return Ok(Vec::new()) };
        let select = lines().filter(readable(scope)).filter(said).order_by(points, Order::Desc);
        let select = select.order_by_asc(article::Column::Id).limit(limit);
        Ok(select.into_model::<ArticleLine>().all(&self.read).await?)
    }

    /// Part of the list of all articles.
    pub async fn articles(&self, page: PageRequest) -> Result<Page<ArticleLine>, StoreError> {
        let mut select = lines();
        if let Some(after) = page.after {
            select = select.filter(article::Column::Id.gt(after));
        }
        let select = select.order_by_asc(article::Column::Id).limit(page.limit + 1);
        Ok(Page::of(select.into_model::<ArticleLine>().all(&self.read).await?, page, |line| line.id.0))
    }

    /// How many articles there are.
    pub async fn count_articles(&self) -> Result<u64, StoreError> {
        Ok(article::Entity::find().count(&self.read).await?)
    }

    /// Adds an article.
    pub async fn insert_article(&self, article: Article, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let organizations = named(&article);
        insert(&transaction, article.row).await?;
        insert_all(&transaction, organizations).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Changes an article and who reads it, while nobody else can. Absent: there is no such article.
    pub async fn change_article<R: From<StoreError> + Send>(
        &self,
        id: ArticleId,
        change: impl FnOnce(&mut Article) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Article>, R> {
        let transaction = self.begin().await?;
        let found = article::Entity::find_by_id(id).lock_exclusive().one(&transaction).await;
        let Some(row) = found.map_err(StoreError::from)? else { return Ok(None) };
        let before = organizations_of(&transaction, id).await?;
        let mut changed = Article { row, organizations: before.clone() };
        let record = change(&mut changed)?;
        replace(&transaction, changed.row.clone()).await?;
        if changed.organizations != before {
            let delete = article_organization::Entity::delete_many();
            let delete = delete.filter(article_organization::Column::ArticleId.eq(id));
            delete.exec(&transaction).await.map_err(StoreError::from)?;
            insert_all(&transaction, named(&changed)).await?;
        }
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(changed))
    }

    /// Removes an article, if `check` lets it.
    pub async fn delete_article<R: From<StoreError> + Send>(
        &self,
        id: ArticleId,
        check: impl FnOnce(&Article) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Article>, R> {
        let organizations = organizations_of(&self.write, id).await?;
        let mut removed = None;
        let row = self.delete_recorded::<article::Entity, _, R>(id, |row| {
            let article = Article { row: row.clone(), organizations };
            let record = check(&article)?;
            removed = Some(article);
            Ok(record)
        });
        row.await?;
        Ok(removed)
    }
}

/// Which articles `scope` reads. The only place that decides it.
fn readable(scope: ArticleScope) -> Condition {
    let published = || Condition::all().add(article::Column::Published.eq(true));
    let so = |visibility: ArticleVisibility| article::Column::Visibility.eq(visibility);
    match scope {
        ArticleScope::Msp => Condition::all(),
        ArticleScope::Anybody => published().add(so(ArticleVisibility::Public)),
        ArticleScope::Organization(id) => {
            let theirs = article_organization::Entity::find()
                .select_only()
                .column(article_organization::Column::ArticleId)
                .filter(article_organization::Column::OrganizationId.eq(id));
            let named = Condition::all()
                .add(so(ArticleVisibility::Organizations))
                .add(article::Column::Id.in_subquery(theirs.into_query()));
            let open = Condition::any().add(so(ArticleVisibility::Public)).add(so(ArticleVisibility::Portal));
            published().add(open.add(named))
        }
    }
}

fn lines() -> Select<article::Entity> {
    article::Entity::find().select_only().columns([
        article::Column::Id,
        article::Column::Title,
        article::Column::Section,
        article::Column::Language,
        article::Column::Visibility,
        article::Column::Published,
        article::Column::CreatedAt,
        article::Column::UpdatedAt,
    ])
}

fn anywhere(word: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escaped(word))).escape('\\')
}

fn named(article: &Article) -> Vec<article_organization::Model> {
    let article_id = article.row.id;
    let organizations = article.organizations.iter();
    organizations.map(|&organization_id| article_organization::Model { article_id, organization_id }).collect()
}

async fn organizations_of(db: &impl ConnectionTrait, id: ArticleId) -> Result<Vec<OrganizationId>, StoreError> {
    let select = article_organization::Entity::find().filter(article_organization::Column::ArticleId.eq(id));
    let mut organizations: Vec<_> = select.all(db).await?.into_iter().map(|row| row.organization_id).collect();
    organizations.sort_unstable();
    Ok(organizations)
}
