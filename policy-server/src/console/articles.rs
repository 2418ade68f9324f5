//! `/console/articles`: what the MSP writes down for end users (ZOH-03).

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use strum::VariantArray as _;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::{Routes, SignedIn},
    layout::{self, Done, Layout, Section},
};
use crate::{
    app::{App, SharedApp},
    changes::{
        articles::{self, ArticleChange, NewArticle},
        expected::Expected,
        fields::Wish,
    },
    domain::{
        article::{ArticleScope, ArticleVisibility, MAX_ARTICLE_BYTES, MOST_ORGANIZATIONS, markdown},
        ids::{ArticleId, OrganizationId},
        role::Permission::{Look, Work},
        ticket_filter::words,
    },
    portal::pages::{PageFailed, page},
    store::{Article, ArticleLine, Revised as _},
};

const PATH: &str = "/console/articles";
/// How many articles a page lists.
const ON_A_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "console/articles.html")]
struct ArticlesPage {
    layout: Layout,
    may_work: bool,
    search: String,
    lines: Vec<ArticleLine>,
    /// The number of the next page.
    next: Option<usize>,
}

#[derive(Template)]
#[template(path = "console/article.html")]
struct ArticlePage {
    layout: Layout,
    may_work: bool,
    /// The article, if there is one.
    id: Option<ArticleId>,
    typed: SentArticle,
    visibilities: &'static [ArticleVisibility],
    /// What the text looks like.
    html: String,
    errors: FormErrors,
}

/// What is searched for, and which part of it is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    words: String,
    #[serde(default)]
    page: usize,
    #[serde(flatten)]
    done: Done,
}

/// What the form's buttons do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    #[default]
    Preview,
    Save,
}

/// An article as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SentArticle {
    title: String,
    section: String,
    language: String,
    body: String,
    visibility: Option<ArticleVisibility>,
    /// Names, one a line.
    organization_ids: String,
    published: Option<String>,
    /// What was seen of the article.
    revision: String,
    action: Action,
}

impl SentArticle {
    fn of(app: &App, article: Article) -> Self {
        let revision = article.revision();
        let Article { row, organizations } = article;
        let names: Vec<_> = organizations.iter().map(|id| app.fleet.organization_name(*id)).collect();
        Self {
            title: row.title,
            section: row.section.unwrap_or_default(),
            language: row.language.unwrap_or_default(),
            body: row.body,
            visibility: Some(row.visibility),
            organization_ids: names.join("\n"),
            published: row.published.then(|| "yes".into()),
            revision,
            action: Action::Preview,
        }
    }

    fn visibility(&self) -> ArticleVisibility {
        self.visibility.unwrap_or(ArticleVisibility::Portal)
    }

    /// The organizations that it names, or what is wrong with them.
    async fn organizations(&self, app: &App) -> Result<Result<Vec<OrganizationId>, FormErrors>, PageFailed> {
        let mut ids = Vec::new();
        let lines = self.organization_ids.lines().map(str::trim).filter(|name| !name.is_empty());
        for name in lines.take(MOST_ORGANIZATIONS + 1) {
            if let Some(found) = app.store.organization_named(name).await? {
                ids.push(found.id);
            } else {
                let detail = format!("No organization is called {name}.");
                return Ok(Err(FormErrors::field("organization_ids", &detail)));
            }
        }
        Ok(Ok(ids))
    }

    fn into_new(self, organization_ids: Vec<OrganizationId>) -> NewArticle {
        let some = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        NewArticle {
            visibility: self.visibility(),
            title: self.title,
            section: some(self.section),
            language: some(self.language),
            body: self.body,
            organization_ids,
            published: self.published.is_some(),
        }
    }

    fn change(self, organization_ids: Vec<OrganizationId>) -> ArticleChange {
        let NewArticle { title, section, language, body, visibility, organization_ids, published } =
            self.into_new(organization_ids);
        ArticleChange {
            title: Some(title),
            section: section.map_or(Wish::Clear, Wish::Set),
            language: language.map_or(Wish::Clear, Wish::Set),
            body: Some(body),
            visibility: Some(visibility),
            organization_ids: Some(organization_ids),
            published: Some(published),
        }
    }
}

/// These pages.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get(PATH, Look, list)
        .get("/console/articles/new", Work, new)
        .post(PATH, Work, make)
        .get("/console/articles/{article}", Look, show)
        .post("/console/articles/{article}", Work, change)
        .post("/console/articles/{article}/remove", Work, remove)
}

/// All of them, drafts too.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(Search { words: search, page: number, done }): Query<Search>,
) -> Result<Response, PageFailed> {
    let found = app.store.article_lines(ArticleScope::Msp, &words(&search)).await?;
    let first = number.saturating_mul(ON_A_PAGE);
    let next = (found.len() > first.saturating_add(ON_A_PAGE)).then(|| number + 1);
    let lines = found.into_iter().skip(first).take(ON_A_PAGE).collect();
    let layout = Layout::load(&app, &signed_in, Section::Articles).with_note(&done);
    page(StatusCode::OK, &ArticlesPage { layout, may_work: signed_in.may(Work), search, lines, next })
}

/// An empty form.
pub(super) async fn new(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Articles);
    shown(layout, &signed_in, None, SentArticle::default(), (StatusCode::OK, FormErrors::default()))
}

/// Shows what it will look like, or makes it.
pub(super) async fn make(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<SentArticle, MAX_ARTICLE_BYTES>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Articles);
    let (status, errors) = match (sent.action, sent.organizations(&app).await?) {
        (Action::Preview, _) => (StatusCode::OK, FormErrors::default()),
        (Action::Save, Err(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        (Action::Save, Ok(ids)) => {
            let made = articles::make(&app, &signed_in.actor(), sent.clone().into_new(ids)).await;
            match Outcome::of(made)? {
                Outcome::Done(article) => return Ok(see(&format!("{PATH}/{}", article.row.id), "added")),
                Outcome::Again(status, errors) => (status, errors),
            }
        }
    };
    shown(layout, &signed_in, None, sent, (status, errors))
}

/// One of them.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let Some(article) = article(&app, &id).await? else { return layout::missing(&app, &signed_in, "article") };
    let layout = Layout::load(&app, &signed_in, Section::Articles).with_note(&done);
    let (id, typed) = (article.row.id, SentArticle::of(&app, article));
    shown(layout, &signed_in, Some(id), typed, (StatusCode::OK, FormErrors::default()))
}

/// Shows what it will look like, or saves it.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Sent(sent): Sent<SentArticle, MAX_ARTICLE_BYTES>,
) -> Result<Response, PageFailed> {
    let Some(article) = article(&app, &id).await? else { return layout::missing(&app, &signed_in, "article") };
    let (id, layout) = (article.row.id, Layout::load(&app, &signed_in, Section::Articles));
    let (status, errors) = match (sent.action, sent.organizations(&app).await?) {
        (Action::Preview, _) => (StatusCode::OK, FormErrors::default()),
        (Action::Save, Err(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        (Action::Save, Ok(ids)) => {
            let seen = Expected::OneOf(vec![sent.revision.clone()]).of(id);
            let saved = articles::change(&app, &signed_in.actor(), seen, sent.clone().change(ids)).await;
            match Outcome::of(saved)? {
                Outcome::Done(_) => return Ok(see(&format!("{PATH}/{id}"), "saved")),
                Outcome::Again(status, errors) => (status, errors),
            }
        }
    };
    shown(layout, &signed_in, Some(id), sent, (status, errors))
}

/// Removes it.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageFailed> {
    let Some(article) = article(&app, &id).await? else { return layout::missing(&app, &signed_in, "article") };
    match Outcome::of(articles::remove(&app, &signed_in.actor(), article.row.id).await)? {
        Outcome::Done(_) => Ok(see(PATH, "removed")),
        Outcome::Again(..) => layout::missing(&app, &signed_in, "article"),
    }
}

async fn article(app: &App, id: &str) -> Result<Option<Article>, PageFailed> {
    match id.parse() {
        Ok(id) => Ok(app.store.article(ArticleScope::Msp, id).await?),
        Err(_) => Ok(None),
    }
}

fn shown(
    layout: Layout,
    signed_in: &SignedIn,
    id: Option<ArticleId>,
    typed: SentArticle,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response, PageFailed> {
    let html = markdown::html(&typed.body, str::to_owned);
    let visibilities = ArticleVisibility::VARIANTS;
    page(status, &ArticlePage { layout, may_work: signed_in.may(Work), id, typed, visibilities, html, errors })
}
