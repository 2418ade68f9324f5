//! Who is in the portal: a portal user who signed in, or somebody who came by the link of an organization without any.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{
    articles::ARTICLES,
    computers::COMPUTERS,
    cookies::portal_cookie,
    look::Look,
    looks::Here,
    organization_link::lets_in,
    own_page::PAGES,
    pages::{self, PageFailed},
    signed_in::{HOME, SIGN_IN, SignedIn, not_open},
};
use crate::{
    app::{App, SharedApp},
    browser,
    changes::record,
    domain::{
        access::{ComputerScope, OrganizationView, TicketScope},
        audit::{Actor, AuditAction},
        ids::OrganizationId,
        portal_design::PortalMenuEntry,
        portal_user::PortalPermission,
    },
    secrets,
    store::{AuditRecord, LinkSession, Organization},
};

/// Somebody in the portal, read anew at each request (invariant 15).
pub enum Visitor {
    /// Who signed in.
    SignedIn(SignedIn),
    /// Who came by a link.
    Link(LinkVisit),
}

/// A browser that came by an organization's link, or somebody of the staff who sees what it would see.
pub struct LinkVisit {
    /// What is around the page.
    pub look: Arc<Look>,
    /// Whose.
    pub organization: Organization,
    /// In which session.
    pub session: LinkSession,
}

/// What stands at the head of a visitor's pages.
pub struct Head {
    /// As whom.
    pub person: String,
    /// Whether they have an account of their own (S7).
    pub has_account: bool,
    /// Where they can go.
    pub ways: Vec<Way>,
    /// Whether it is somebody of the staff who looks.
    pub staff_view: bool,
}

impl Visitor {
    /// Who comes with this request's cookie.
    pub async fn load(app: &App, look: &Arc<Look>, headers: &HeaderMap) -> Result<Option<Self>, PageFailed> {
        if let Some(signed_in) = SignedIn::load(app, look, headers).await? {
            return Ok(Some(Self::SignedIn(signed_in)));
        }
        let look = Arc::clone(look);
        let hash = portal_cookie(headers, &look.portal).as_deref().and_then(secrets::hash);
        let Some(hash) = hash.filter(|_| look.is_open() && look.groups.link_may(PortalPermission::Access)) else {
            return Ok(None);
        };
        let Some((session, organization)) = app.store.link_session(&hash).await? else { return Ok(None) };
        let holds = look.is_of(app, organization.id)
            && LinkVisit::holds(&session, app.now())
            && lets_in(app, &organization).await?;
        Ok(holds.then_some(Self::Link(LinkVisit { look, organization, session })))
    }

    /// What is around the page.
    pub fn look(&self) -> &Arc<Look> {
        match self {
            Self::SignedIn(signed_in) => &signed_in.look,
            Self::Link(visit) => &visit.look,
        }
    }

    /// As whom they are here.
    pub fn name(&self) -> &str {
        match self {
            Self::SignedIn(signed_in) => &signed_in.portal_user.sign_in_name,
            Self::Link(visit) => &visit.organization.name,
        }
    }

    /// Of which organization.
    pub fn organization(&self) -> OrganizationId {
        match self {
            Self::SignedIn(signed_in) => signed_in.portal_user.organization_id,
            Self::Link(visit) => visit.organization.id,
        }
    }

    /// What stands at the head of their pages.
    pub fn head(&self) -> Head {
        match self {
            Self::SignedIn(signed_in) => signed_in.head(),
            Self::Link(visit) => Head {
                person: visit.organization.name.clone(),
                has_account: false,
                ways: ways(&visit.look, false, |permission| self.may(permission)),
                staff_view: visit.session.staff_id.is_some(),
            },
        }
    }

    /// Whether their group allows this.
    pub fn may(&self, permission: PortalPermission) -> bool {
        match self {
            Self::SignedIn(signed_in) => signed_in.may(permission),
            Self::Link(visit) => visit.look.groups.link_may(permission),
        }
    }

    /// Whose tickets they see; nobody's where their group lets them see none.
    pub fn tickets(&self) -> Option<TicketScope> {
        if !self.may(PortalPermission::ViewTickets) {
            return None;
        }
        match self {
            Self::SignedIn(signed_in) => Some(signed_in.tickets()),
            Self::Link(visit) => Some(TicketScope::Organization(OrganizationView {
                organization: visit.organization.id,
                portal_user: None,
                end_user: None,
                site: None,
            })),
        }
    }

    /// Whose tickets they see as their own, where they see others' as well.
    pub fn own_tickets(&self) -> Option<TicketScope> {
        let Self::SignedIn(signed_in) = self else { return None };
        let own = signed_in.portal_user.end_user_id.map(TicketScope::EndUser);
        own.filter(|own| self.tickets().is_some_and(|all| all != *own))
    }

    /// Whose computers they see; whoever came by a link sees none.
    pub fn computers(&self) -> Option<ComputerScope> {
        match self {
            Self::SignedIn(signed_in) => Some(signed_in.computers()),
            Self::Link(_) => None,
        }
    }

    /// The hash of their cookie.
    pub fn token_hash(&self) -> &str {
        match self {
            Self::SignedIn(signed_in) => &signed_in.session.token_hash,
            Self::Link(visit) => &visit.session.token_hash,
        }
    }

    /// A record that they have left.
    pub fn left(&self, app: &App) -> AuditRecord {
        match self {
            Self::SignedIn(signed_in) => signed_in.record(app, AuditAction::PortalUserSignedOut),
            Self::Link(visit) => {
                let id = visit.organization.id;
                let (actor, staff) = (Actor::OrganizationLink(id), visit.session.staff_id);
                record(app, &actor, AuditAction::OrganizationLinkLeft, id.0, &json!({"staff_id": staff}))
            }
        }
    }
}

/// An entry of the portal's menu, as somebody sees it.
pub struct Way {
    /// Where it leads.
    pub address: String,
    /// What it is called.
    pub label: String,
}

/// What stands in the menu of whoever may do some things, as the MSP has put it together (RES-11 to RES-13).
pub fn ways(look: &Look, has_account: bool, may: impl Fn(PortalPermission) -> bool) -> Vec<Way> {
    let entries = look.design().menu.iter().filter(|entry| may(entry.permission()));
    let entries = entries.filter(|entry| has_account || !matches!(entry, PortalMenuEntry::Computers));
    let own = |path: &str, sentence: &str| (look.at(path), look.words.say(sentence));
    let shown = entries.map(|entry| match entry {
        PortalMenuEntry::Home => own(HOME, "home-title"),
        PortalMenuEntry::NewTicket => own("/my_profile/v2/new_ticket", "new-ticket-title"),
        PortalMenuEntry::Computers => own(COMPUTERS, "computers-title"),
        PortalMenuEntry::Articles => own(ARTICLES, "articles-title"),
        PortalMenuEntry::Billing => own("/my_profile/v2/billing", "billing-title"),
        PortalMenuEntry::Community { url } => (url.clone(), look.words.say("community-title")),
        PortalMenuEntry::Link { label, url } => (url.clone(), label.clone()),
        PortalMenuEntry::Page { id, label, .. } => (look.at(&format!("{PAGES}/{id}")), label.clone()),
    });
    shown.map(|(address, label)| Way { address, label }).collect()
}

impl FromRequestParts<SharedApp> for Visitor {
    type Rejection = Result<Response, PageFailed>;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Self::Rejection> {
        let Ok(Here(look)) = Here::from_request_parts(parts, app).await;
        if !look.is_open() {
            return Err(not_open(&look));
        }
        let Some(visitor) = Self::load(app, &look, &parts.headers).await.map_err(Err)? else {
            return Err(Ok(Redirect::to(&look.at(SIGN_IN)).into_response()));
        };
        if parts.method != Method::GET && !browser::is_our_own(&look.place.origin, &parts.headers) {
            return Err(pages::message(&look, StatusCode::FORBIDDEN, "refused-form"));
        }
        if let Self::SignedIn(signed_in) = &visitor {
            signed_in.touch(app).await.map_err(Err)?;
        }
        Ok(visitor)
    }
}
