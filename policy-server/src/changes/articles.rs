//! Articles: what the MSP has written down for end users (decision C9).

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{Fields, Wish},
    record,
};
use crate::{
    app::App,
    domain::{
        article::{
            self, ArticleScope, ArticleVisibility, MAX_BODY, MAX_SECTION, MAX_TITLE, MOST_ARTICLES, MOST_ORGANIZATIONS,
            markdown,
        },
        audit::{Actor, AuditAction},
        ids::{ArticleId, OrganizationId},
        search::search_key,
    },
    problems::Refused,
    store::{Article, ArticleRow},
};

/// How much of a text is its beginning, in characters.
const OPENING: usize = 2000;

/// A new article.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{
    "title": "Printing from home", "section": "Printers", "body": "1. Connect to the VPN.\n2. Print.", "visibility": "portal",
    "published": true,
}]))]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// What it is about.
    #[schemars(length(min = 1, max = MAX_TITLE))]
    pub title: String,
    /// Under what it stands in lists.
    #[schemars(length(min = 1, max = MAX_SECTION))]
    pub section: Option<String>,
    /// In which language it is, such as `de`.
    pub language: Option<String>,
    /// What it says, in Markdown: no HTML, no pictures.
    #[schemars(length(min = 1, max = MAX_BODY))]
    pub body: String,
    /// Who reads it.
    pub visibility: ArticleVisibility,
    /// Which organizations, where only some read it.
    #[serde(default, alias = "customer_ids")]
    #[schemars(length(max = MOST_ORGANIZATIONS))]
    pub organization_ids: Vec<OrganizationId>,
    /// Whether it is a draft no more.
    #[serde(default)]
    pub published: bool,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"published": true}]))]
#[serde(deny_unknown_fields)]
pub struct ArticleChange {
    /// What it is about.
    #[schemars(length(min = 1, max = MAX_TITLE))]
    pub title: Option<String>,
    /// Under what it stands in lists.
    #[serde(default)]
    pub section: Wish<String>,
    /// In which language it is, such as `de`.
    #[serde(default)]
    pub language: Wish<String>,
    /// What it says, in Markdown: no HTML, no pictures.
    #[schemars(length(min = 1, max = MAX_BODY))]
    pub body: Option<String>,
    /// Who reads it.
    pub visibility: Option<ArticleVisibility>,
    /// Which organizations, where only some read it.
    #[serde(alias = "customer_ids")]
    #[schemars(length(max = MOST_ORGANIZATIONS))]
    pub organization_ids: Option<Vec<OrganizationId>>,
    /// Whether it is a draft no more.
    pub published: Option<bool>,
}

/// Makes an article.
pub async fn make(app: &App, actor: &Actor, new: NewArticle) -> Result<Article, Refused> {
    let now = app.now();
    let row = ArticleRow {
        id: ArticleId(app.new_id()),
        title: String::new(),
        section: None,
        language: None,
        body: String::new(),
        visibility: new.visibility,
        published: new.published,
        title_key: String::new(),
        opening_key: String::new(),
        search_key: String::new(),
        created_at: now,
        updated_at: now,
    };
    let mut article = Article { row, organizations: Vec::new() };
    let said = ArticleChange {
        title: Some(new.title),
        section: new.section.map_or(Wish::Keep, Wish::Set),
        language: new.language.map_or(Wish::Keep, Wish::Set),
        body: Some(new.body),
        organization_ids: Some(new.organization_ids),
        ..ArticleChange::default()
    };
    put(said, &mut article)?;
    if app.store.count_articles().await? >= MOST_ARTICLES {
        return Err(Refused::new(
            ProblemKind::Conflict,
            format!("There are {MOST_ARTICLES} articles, the most that can be. Remove one that nobody needs."),
        ));
    }
    known(app, &article.organizations).await?;
    let record = record(app, actor, AuditAction::ArticleMade, article.row.id.0, &detail(&article));
    app.store.insert_article(article.clone(), record).await?;
    Ok(article)
}

/// Changes an article.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<ArticleId>>,
    change: ArticleChange,
) -> Result<Article, Refused> {
    let Seen { id, expected } = seen.into();
    known(app, change.organization_ids.as_deref().unwrap_or_default()).await?;
    let saved = app.store.change_article(id, |article| {
        expected.check(article)?;
        put(change, article)?;
        article.row.updated_at = app.now();
        Ok::<_, Refused>(record(app, actor, AuditAction::ArticleChanged, id.0, &detail(article)))
    });
    saved.await?.ok_or_else(|| Refused::not_found("article"))
}

/// Removes an article, and answers with what it was.
pub async fn remove(app: &App, actor: &Actor, seen: impl Into<Seen<ArticleId>>) -> Result<Article, Refused> {
    let Seen { id, expected } = seen.into();
    let removed = app.store.delete_article(id, |article| {
        expected.check(article)?;
        Ok::<_, Refused>(record(app, actor, AuditAction::ArticleRemoved, id.0, &json!({"title": article.row.title})))
    });
    removed.await?.ok_or_else(|| Refused::not_found("article"))
}

/// The article with this id.
pub async fn article(app: &App, id: ArticleId) -> Result<Article, Refused> {
    app.store.article(ArticleScope::Msp, id).await?.ok_or_else(|| Refused::not_found("article"))
}

fn put(change: ArticleChange, Article { row, organizations }: &mut Article) -> Result<(), Refused> {
    let mut fields = Fields::default();
    if let Some(title) = change.title {
        row.title = fields.check("/title", &title, article::title);
    }
    fields.change_optional("/section", &mut row.section, change.section, article::section);
    fields.change_optional("/language", &mut row.language, change.language, article::language);
    if let Some(body) = change.body {
        row.body = fields.check("/body", &body, article::body);
    }
    if let Some(mut ids) = change.organization_ids {
        ids.sort_unstable();
        ids.dedup();
        *organizations = ids;
    }
    row.visibility = change.visibility.unwrap_or(row.visibility);
    row.published = change.published.unwrap_or(row.published);
    match (row.visibility, organizations.len()) {
        (ArticleVisibility::Organizations, 0) if row.published => {
            fields.fault("/organization_ids", "must name an organization, or nobody reads it".into());
        }
        (_, count) if count > MOST_ORGANIZATIONS => {
            fields.fault("/organization_ids", format!("must be at most {MOST_ORGANIZATIONS}"));
        }
        (ArticleVisibility::Public | ArticleVisibility::Portal, 1..) => {
            fields.fault("/organization_ids", "is for articles that only some organizations read".into());
        }
        _ => {}
    }
    fields.done()?;
    let text = markdown::text(&row.body);
    let opening: String = text.chars().take(OPENING).collect();
    row.title_key = search_key(&[&row.title]);
    row.opening_key = search_key(&[&row.title, &opening]);
    row.search_key = search_key(&[&row.title, row.section.as_deref().unwrap_or_default(), &text]);
    Ok(())
}

async fn known(app: &App, organizations: &[OrganizationId]) -> Result<(), Refused> {
    for id in organizations.iter().take(MOST_ORGANIZATIONS) {
        if app.store.organization(*id).await?.is_none() {
            return Err(Refused::field("/organization_ids", "names no organization"));
        }
    }
    Ok(())
}

fn detail(Article { row, organizations }: &Article) -> serde_json::Value {
    json!({"visibility": row.visibility, "organization_ids": organizations, "published": row.published})
}
