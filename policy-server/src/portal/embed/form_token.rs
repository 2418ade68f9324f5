//! What a form is given along: which one it is, and when it was made, signed by the server's key. Nothing of it is stored (S22).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use deskbell_protocol::UnixMillis;
use uuid::Uuid;

use crate::{app::App, domain::ids::PortalId};

/// What the key makes them for.
const PURPOSE: &str = "website form";

/// A form that this server has made.
pub(super) struct FormToken {
    /// Which one: it makes one ticket, however often it is sent (invariant 21).
    pub(super) form: Uuid,
    /// When it was made.
    pub(super) made_at: UnixMillis,
}

/// What a new form of a portal is given along.
pub(super) fn new(app: &App, portal: PortalId) -> String {
    let head = format!("{}.{}", Uuid::new_v4().simple(), app.now());
    let mac = URL_SAFE_NO_PAD.encode(app.key.derive(PURPOSE, &message(portal, &head)));
    format!("{head}.{mac}")
}

/// What a form has brought back, if it was given along here and for this portal.
pub(super) fn read(app: &App, portal: PortalId, sent: &str) -> Option<FormToken> {
    let (head, mac) = sent.rsplit_once('.')?;
    let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
    if !app.key.has_derived(PURPOSE, &message(portal, head), &mac) {
        return None;
    }
    let (form, made_at) = head.split_once('.')?;
    Some(FormToken { form: form.parse().ok()?, made_at: made_at.parse().ok()? })
}

fn message(portal: PortalId, head: &str) -> String {
    format!("{portal} {head}")
}
