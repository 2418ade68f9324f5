//! `/my_profile/v2/articles` and below: what the MSP has written down, as far as whoever comes may read it (ZOH-03).

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    article_reader::ArticleReader,
    look::Look,
    pages::{self, PageFailed, page},
    signed_in::SIGN_IN,
    visitor::Head,
};
use crate::{
    app::SharedApp,
    console::times::day,
    domain::{
        article::{markdown, words::telling_words},
        ids::ArticleId,
        plain_line::plain_line,
        ticket_filter::words,
    },
    store::{ArticleLine, ArticleRow},
};

/// Where the list is.
pub(super) const ARTICLES: &str = "/my_profile/v2/articles";
/// How many articles a page lists.
const ON_A_PAGE: usize = 50;
/// How many are suggested.
const SUGGESTED: u64 = 3;
/// The longest search, in characters.
const MAX_SEARCH: usize = 200;

#[derive(Template)]
#[template(path = "portal/articles.html")]
struct ArticlesPage {
    look: Arc<Look>,
    head: Option<Head>,
    search: String,
    /// By section; empty: those that are in none.
    sections: Vec<(String, Vec<ArticleLine>)>,
    /// The number of the next page.
    next: Option<usize>,
}

#[derive(Template)]
#[template(path = "portal/article.html")]
struct ArticlePage {
    look: Arc<Look>,
    head: Option<Head>,
    article: ArticleRow,
    /// The text, as harmless HTML.
    html: String,
    changed: String,
}

/// What is searched for, and which part of it is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
}

/// What somebody types.
#[derive(Debug, Deserialize)]
pub(super) struct Typing {
    #[serde(default)]
    text: String,
    /// Into which form.
    #[serde(default)]
    form: String,
}

#[derive(Serialize)]
struct Suggestions {
    items: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Suggestion {
    title: String,
    url: String,
}

/// The list, and what a search finds.
pub(super) async fn list(
    State(app): State<SharedApp>,
    Query(Search { q, page: number }): Query<Search>,
    reader: ArticleReader,
) -> Result<Response, PageFailed> {
    let search: String = plain_line(&q).chars().take(MAX_SEARCH).collect();
    let found = app.store.article_lines(reader.scope(), &words(&search)).await?;
    let first = number.saturating_mul(ON_A_PAGE);
    let next = (found.len() > first.saturating_add(ON_A_PAGE)).then(|| number + 1);
    let lines = found.into_iter().skip(first).take(ON_A_PAGE);
    let sections = by_section(lines);
    page(StatusCode::OK, &ArticlesPage { look: reader.look, head: reader.head, search, sections, next })
}

/// One of them. Whoever nothing is known of may sign in; for anybody else, what they do not read is not there.
pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    reader: ArticleReader,
) -> Result<Response, PageFailed> {
    let mut found = None;
    if let Ok(id) = id.parse::<ArticleId>() {
        // What the tray's form suggests can be read, whoever else is in this browser's portal.
        for scope in [reader.scope(), reader.tray_scope()] {
            found = match found {
                None => app.store.article(scope, id).await?,
                found => found,
            };
        }
    }
    let Some(article) = found else {
        return if reader.is_stranger() {
            Ok(Redirect::to(&reader.look.at(SIGN_IN)).into_response())
        } else {
            pages::absent(&reader.look)
        };
    };
    let shown = ArticlePage {
        html: markdown::html(&article.row.body, |path| reader.look.at(path)),
        changed: reader.look.words.day(&day(article.row.updated_at)),
        article: article.row,
        look: reader.look,
        head: reader.head,
    };
    page(StatusCode::OK, &shown)
}

/// What may help whoever types this into a form.
pub(super) async fn suggest(
    State(app): State<SharedApp>,
    Query(Typing { text, form }): Query<Typing>,
    reader: ArticleReader,
) -> Result<Response, PageFailed> {
    let scope = if form == "tray" { reader.tray_scope() } else { reader.scope() };
    let words = telling_words(&text, &reader.look.words.say("articles-common-words"));
    let found = app.store.suggested_articles(scope, &words, SUGGESTED).await?.into_iter();
    let items =
        found.map(|line| Suggestion { url: reader.look.at(&format!("{ARTICLES}/{}", line.id)), title: line.title });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Suggestions { items: items.collect() })).into_response())
}

fn by_section(lines: impl Iterator<Item = ArticleLine>) -> Vec<(String, Vec<ArticleLine>)> {
    let mut sections: Vec<(String, Vec<ArticleLine>)> = Vec::new();
    for line in lines {
        let name = line.section.clone().unwrap_or_default();
        match sections.last_mut() {
            Some((last, lines)) if last.to_lowercase() == name.to_lowercase() => lines.push(line),
            _ => sections.push((name, vec![line])),
        }
    }
    sections
}
