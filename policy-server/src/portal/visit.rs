//! Who comes with an asset session's cookie, and what they may do: read anew at each request (invariant 6).

use std::sync::Arc;

use axum::http::HeaderMap;
use deskbell_protocol::{Refusal, UnixMillis};
use tracing::warn;

use super::{cookies::asset_cookie, look::Look, pages::PageFailed, standing::standing};
use crate::{
    app::App,
    domain::{
        access::TicketScope,
        launch::{SessionTerms, requester, session_end},
    },
    secrets,
    store::{Asset, AssetSession, EndUser},
};

/// A session's last use is written down at most this often.
const TOUCH_EVERY_MILLIS: UnixMillis = 60 * 1000;

/// Someone's browser at the portal.
pub struct Visit {
    /// What is around the page.
    pub look: Arc<Look>,
    /// What may be shown.
    pub access: Access,
}

/// What a visit may see.
pub enum Access {
    /// No cookie, or one that no session has.
    Stranger,
    /// The session's time or reason is over.
    Ended(Box<AssetSession>),
    /// The session holds, and the form is refused.
    Refused(Box<RefusedVisit>),
    /// The form.
    Form(Box<FormVisit>),
}

/// A session that holds without a right to the form.
pub struct RefusedVisit {
    /// The asset.
    pub asset: Asset,
    /// Who asks, if anything tells.
    pub end_user: Option<EndUser>,
    /// Why.
    pub refusal: Refusal,
}

/// A session that may send tickets for one asset as one end user.
pub struct FormVisit {
    /// The session.
    pub session: AssetSession,
    /// The asset.
    pub asset: Asset,
    /// On whose behalf.
    pub requester: EndUser,
}

impl FormVisit {
    /// Which tickets the session sees: what this person sent from this asset.
    pub fn tickets(&self) -> TicketScope {
        TicketScope::AssetSession { asset: self.asset.id, requester: self.requester.id }
    }
}

impl Visit {
    /// Reads who this is from the request's cookie. A computer is at home in its organization's portal alone.
    pub async fn load(app: &App, look: &Arc<Look>, headers: &HeaderMap) -> Result<Self, PageFailed> {
        let look = Arc::clone(look);
        let found = match asset_cookie(headers, &look.portal).as_deref().and_then(secrets::hash) {
            Some(hash) => app.store.session_and_asset(&hash).await?,
            None => None,
        };
        let found = found.filter(|(_, asset)| look.is_of(app, asset.organization_id));
        let access = match found {
            Some((session, asset)) => access(app, session, asset).await?,
            None => Access::Stranger,
        };
        Ok(Self { look, access })
    }
}

async fn access(app: &App, session: AssetSession, asset: Asset) -> Result<Access, PageFailed> {
    let (standing, end_user) = standing(app, &asset, &session.os_user.0).await?;
    let entry = session.entry_id.parse().ok();
    let terms = SessionTerms {
        basis: session.basis(),
        created_at: session.created_at,
        used_at: session.used_at,
        entry_in_policy: entry.is_some_and(|entry| app.fleet.destination(asset.id, &entry).is_some()),
    };
    if session_end(terms, standing.requester.map(|requester| requester.basis), app.now()).is_some() {
        return Ok(Access::Ended(Box::new(session)));
    }
    if app.now() - session.used_at >= TOUCH_EVERY_MILLIS {
        // The form must come up on a full disk, too.
        if let Err(error) = app.store.touch_asset_session(session.id, app.now()).await {
            warn!(error = ?error, "The last use of a session could not be noted");
        }
    }
    Ok(match (requester(&standing), end_user) {
        (Ok(_), Some(requester)) => Access::Form(Box::new(FormVisit { session, asset, requester })),
        (Ok(_), None) => Access::Refused(Box::new(RefusedVisit { asset, end_user: None, refusal: Refusal::NoEndUser })),
        (Err(refusal), end_user) => Access::Refused(Box::new(RefusedVisit { asset, end_user, refusal })),
    })
}
