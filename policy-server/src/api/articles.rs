//! `/api/v1/articles`: what the MSP has written down for end users.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::articles::{self, ArticleChange, NewArticle},
    domain::{
        article::{ArticleVisibility, MAX_ARTICLE_BYTES},
        ids::{ArticleId, OrganizationId},
    },
    json_body::JsonBody,
    problems::Refused,
    store::{Article, ArticleLine},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct ArticleJson {
    id: ArticleId,
    title: String,
    section: Option<String>,
    language: Option<String>,
    /// In Markdown.
    body: String,
    visibility: ArticleVisibility,
    organization_ids: Vec<OrganizationId>,
    published: bool,
    created_at: UnixMillis,
    updated_at: UnixMillis,
}

/// An article without its text, and without whom it names.
#[derive(Serialize, JsonSchema)]
pub(super) struct ArticleLineJson {
    id: ArticleId,
    title: String,
    section: Option<String>,
    language: Option<String>,
    visibility: ArticleVisibility,
    published: bool,
    created_at: UnixMillis,
    updated_at: UnixMillis,
}

impl From<Article> for ArticleJson {
    fn from(Article { row, organizations }: Article) -> Self {
        Self {
            id: row.id,
            title: row.title,
            section: row.section,
            language: row.language,
            body: row.body,
            visibility: row.visibility,
            organization_ids: organizations,
            published: row.published,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<ArticleLine> for ArticleLineJson {
    fn from(line: ArticleLine) -> Self {
        Self {
            id: line.id,
            title: line.title,
            section: line.section,
            language: line.language,
            visibility: line.visibility,
            published: line.published,
            created_at: line.created_at,
            updated_at: line.updated_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<ArticleLineJson>>, Refused> {
    Ok(ListAnswer::new(app.store.articles(list.page()?).await?, ArticleLineJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewArticle, MAX_ARTICLE_BYTES>,
) -> Result<Made<Tagged<ArticleJson>>, Refused> {
    Ok(Made(Tagged::of(articles::make(&app, &actor, new).await?)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<ArticleId>,
) -> Result<Tagged<ArticleJson>, Refused> {
    Ok(Tagged::of(articles::article(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<ArticleId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<ArticleChange, MAX_ARTICLE_BYTES>,
) -> Result<Tagged<ArticleJson>, Refused> {
    Ok(Tagged::of(articles::change(&app, &actor, expected.of(id), change).await?))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<ArticleId>,
    IfMatch(expected): IfMatch,
) -> Result<Json<ArticleJson>, Refused> {
    Ok(Json(articles::remove(&app, &actor, expected.of(id)).await?.into()))
}
