//! Who reads articles: whoever is in the portal, whoever came from a tray, and everybody else what is public.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};

use super::{
    look::Look,
    looks::Here,
    pages::PageFailed,
    signed_in::not_open,
    visit::{Access, Visit},
    visitor::{Head, Visitor},
};
use crate::{
    app::{App, SharedApp},
    domain::{article::ArticleScope, portal_user::PortalPermission},
};

/// A browser at a portal that is open, read anew at each request.
pub(super) struct ArticleReader {
    /// What is around the page.
    pub(super) look: Arc<Look>,
    /// What stands at its head, where they are in the portal.
    pub(super) head: Option<Head>,
    /// What they read as whoever is in the portal.
    visitor: Option<ArticleScope>,
    /// What they read as whoever a tray says they are.
    tray: Option<ArticleScope>,
}

impl ArticleReader {
    /// On whose behalf they read.
    pub(super) fn scope(&self) -> ArticleScope {
        self.visitor.or(self.tray).unwrap_or(ArticleScope::Anybody)
    }

    /// The same for whoever has the tray's form before them.
    pub(super) fn tray_scope(&self) -> ArticleScope {
        self.tray.unwrap_or(ArticleScope::Anybody)
    }

    /// Whether nothing tells who they are.
    pub(super) fn is_stranger(&self) -> bool {
        self.visitor.is_none() && self.tray.is_none()
    }
}

impl FromRequestParts<SharedApp> for ArticleReader {
    type Rejection = Result<Response, PageFailed>;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Self::Rejection> {
        let Ok(Here(look)) = Here::from_request_parts(parts, app).await;
        if !look.is_open() {
            return Err(not_open(&look));
        }
        let visitor = Visitor::load(app, &look, &parts.headers).await.map_err(Err)?;
        if let Some(Visitor::SignedIn(signed_in)) = &visitor {
            signed_in.touch(app).await.map_err(Err)?;
        }
        let Visit { look, access } = Visit::load(app, &look, &parts.headers).await.map_err(Err)?;
        let tray = tray_scope(app, &look, &access).await.map_err(Err)?;
        let head = visitor.as_ref().map(Visitor::head);
        let visitor = visitor.map(|visitor| {
            let reads = visitor.may(PortalPermission::ViewArticles);
            if reads { ArticleScope::Organization(visitor.organization()) } else { ArticleScope::Anybody }
        });
        Ok(Self { look, head, visitor, tray })
    }
}

async fn tray_scope(app: &App, look: &Look, access: &Access) -> Result<Option<ArticleScope>, PageFailed> {
    let Access::Form(visit) = access else { return Ok(None) };
    let account = app.store.portal_user_of(visit.requester.id).await?;
    let reads = account.is_some_and(|account| look.groups.may(&account.group_key, PortalPermission::ViewArticles));
    let organization = ArticleScope::Organization(visit.requester.organization_id);
    Ok(Some(if reads { organization } else { ArticleScope::Anybody }))
}
